//! Typesets and signs papers with a sandbox key: `sign FONTS KEYS OUT_DIR FILE.json…`
//!
//! Writes `OUT_DIR/FILE.pdf` and `OUT_DIR/root.pem`, the certificate to trust.

use std::path::{Path, PathBuf};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(fonts), Some(keys), Some(out)) = (arguments.next(), arguments.next(), arguments.next()) else {
        return Err("usage: sign FONTS KEYS OUT_DIR FILE.json…".into());
    };
    let papers = documents::Papers::open(Path::new(&fonts))?;
    let from: jiff::Timestamp = "2026-01-01T00:00:00+08:00".parse()?;
    let store = documents::KeyStore::open_or_create(Path::new(&keys), from, 10)?;
    let signer = store.signer("demo", "广东省清河市青石区人民法院", from, 10)?;
    std::fs::write(Path::new(&out).join("root.pem"), store.root_pem()?)?;
    let at: jiff::Timestamp = "2026-05-20T16:00:00+08:00".parse()?;
    for file in arguments.map(PathBuf::from) {
        let paper: documents::Paper = serde_json::from_str(&std::fs::read_to_string(&file)?)?;
        let signed = documents::issue(&papers, &paper, &signer, at)?;
        let name = Path::new(&out).join(file.with_extension("pdf").file_name().unwrap_or_default());
        std::fs::write(&name, &signed)?;
        for check in documents::check_signatures(&signed, &[store.root()?])? {
            println!("{}: {check:?}", name.display());
        }
    }
    Ok(())
}

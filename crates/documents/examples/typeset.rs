//! Typesets papers given as JSON: `typeset FONTS OUT_DIR drawn|ink|signature FILE.json…`
//!
//! Each file holds `{"paper": "summons", "data": {…}}`; writes `OUT_DIR/FILE.pdf`.

use std::path::{Path, PathBuf};
use std::time::Instant;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(fonts), Some(out), Some(seal)) = (arguments.next(), arguments.next(), arguments.next()) else {
        return Err("usage: typeset FONTS OUT_DIR drawn|ink|signature FILE.json…".into());
    };
    let seal = match seal.as_str() {
        "drawn" => documents::Seal::Drawn,
        "ink" => documents::Seal::Ink,
        "signature" => documents::Seal::Signature,
        other => return Err(format!("unknown kind of seal '{other}'").into()),
    };
    let start = Instant::now();
    let papers = documents::Papers::open(Path::new(&fonts))?;
    eprintln!("fonts opened in {:?}", start.elapsed());
    let mut failed = 0;
    for file in arguments.map(PathBuf::from) {
        let start = Instant::now();
        let paper: documents::Paper = serde_json::from_str(&std::fs::read_to_string(&file)?).map_err(|e| format!("{}: {e}", file.display()))?;
        match documents::render(&papers, &paper, seal) {
            Ok(done) => {
                let name = Path::new(&out).join(file.with_extension("pdf").file_name().unwrap_or_default());
                std::fs::write(&name, &done.pdf)?;
                println!("{} {} pages {} bytes {:?} {:?}", name.display(), done.pages, done.pdf.len(), done.seal, start.elapsed());
            }
            Err(error) => {
                failed += 1;
                println!("{}: {error}", file.display());
            }
        }
    }
    if failed > 0 { Err(format!("{failed} papers failed").into()) } else { Ok(()) }
}

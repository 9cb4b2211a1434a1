//! Writes the pages of the design, rebuilt from the components, into a directory that any static server
//! can serve: `cargo run --release -p ui --example gallery -- DIR`. `tests/browser` walks them.
//!
//! Every person, address, number and event is invented; one case runs through all pages.

mod case;
mod filing;
mod judge;
mod papers;
mod states;
mod workbench;

use std::path::Path;
use std::{env, fs, io};

use maud::Markup;
use ui::Mode;

/// A page in a mode.
type Draw = fn(Mode) -> Markup;

const PAGES: &[(&str, Draw)] = &[
    ("home", case::home),
    ("case", case::case),
    ("receipt", case::receipt),
    ("interview", filing::interview),
    ("interview-error", filing::interview_error),
    ("backfill", filing::backfill),
    ("form", filing::every_field),
    ("paper", papers::paper),
    ("verify", papers::verify),
    ("verify-fail", papers::verify_fail),
    ("verify-start", papers::verify_start),
    ("queue", workbench::queue),
    ("reader", workbench::reader),
    ("reader-compare", workbench::reader_compare),
    ("draft", judge::draft),
    ("day", judge::day),
    ("m-judge", judge::phone),
    ("states", states::states),
];

fn main() -> io::Result<()> {
    let dir = env::args().nth(1).unwrap_or_else(|| "target/gallery".to_owned());
    let dir = Path::new(&dir);
    fs::create_dir_all(dir.join("assets"))?;
    for asset in ui::assets() {
        fs::write(dir.join(asset.path.trim_start_matches('/')), asset.bytes)?;
    }
    let elder = Mode { elder: true, high_contrast: false };
    let high = Mode { elder: false, high_contrast: true };
    for (name, draw) in PAGES {
        fs::write(dir.join(format!("{name}.html")), draw(Mode::default()).0)?;
        fs::write(dir.join(format!("{name}.elder.html")), draw(elder).0)?;
        fs::write(dir.join(format!("{name}.high.html")), draw(high).0)?;
    }
    fs::write(dir.join("complaint.svg"), include_str!("complaint.svg"))?;
    fs::write(dir.join("slip.svg"), include_str!("slip.svg"))?;
    for page in 39..=46 {
        fs::write(dir.join(format!("thumb-{page}.svg")), workbench::thumb_picture(page))?;
    }
    fs::write(dir.join("csp.txt"), ui::CONTENT_SECURITY_POLICY)?;
    println!("{} pages in {}", PAGES.len(), dir.display());
    Ok(())
}

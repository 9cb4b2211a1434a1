//! The typesetter refuses whatever would change a paper silently.

use std::path::PathBuf;

use serde_json::json;
use typeset::{Error, Options, Seal, Templates, Typesetter};

fn fonts() -> PathBuf {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../.tools");
    let tools = std::env::var_os("XIEZHI_TOOLS").map_or_else(|| PathBuf::from(root), PathBuf::from);
    tools.join("fonts")
}

fn open() -> Typesetter {
    Typesetter::open(&fonts()).expect("fonts; run scripts/fonts")
}

/// A page with a date, as PDF/A wants, and the body.
fn page(body: &str) -> Templates {
    let source = format!(
        "#set document(date: datetime(year: 2026, month: 3, day: 2))\n\
         #set text(font: \"Noto Serif CJK SC\")\n#let d = json(\"data.json\")\n{body}"
    );
    Templates::new([("page.typ", source.as_str())]).expect("template")
}

fn typeset(body: &str, data: serde_json::Value) -> Result<typeset::Typeset, Error> {
    open().typeset("page.typ", &page(body), &data, Options::seal(Seal::Drawn))
}

fn messages(result: Result<typeset::Typeset, Error>) -> String {
    result.expect_err("must be refused").to_string()
}

#[test]
fn same_data_gives_same_bytes_and_other_data_others() {
    let one = typeset("#d.name", json!({"name": "陈堃"})).expect("typeset");
    let two = typeset("#d.name", json!({"name": "陈堃"})).expect("typeset");
    let three = typeset("#d.name", json!({"name": "陈喆"})).expect("typeset");
    assert_eq!(one.pdf, two.pdf);
    assert_ne!(one.pdf, three.pdf);
    let text = String::from_utf8_lossy(&one.pdf);
    assert!(text.contains("pdfaid:part>2<") && text.contains("pdfaid:conformance>B<"), "PDF/A-2b is declared");
}

#[test]
fn unknown_font_family_is_an_error_with_its_place() {
    let said = messages(typeset("#text(font: \"SimSun\")[中]", json!({})));
    assert!(said.contains("unknown font family") && said.contains("page.typ:4"), "{said}");
}

#[test]
fn character_without_glyph_is_an_error() {
    match typeset("#d.name", json!({"name": "王\u{e000}\u{f8ff}"})) {
        Err(Error::MissingGlyph { characters, .. }) => assert_eq!(characters, ['\u{e000}', '\u{f8ff}']),
        other => panic!("{other:?}"),
    }
}

#[test]
fn rare_name_characters_are_printed() {
    let done = typeset("#d.name", json!({"name": "喆赟堃㛃䶮𬱖　\u{200b}"})).expect("typeset");
    assert_eq!(done.pages, 1);
}

#[test]
fn neither_clock_nor_packages_nor_other_files() {
    for (body, why) in [
        ("#datetime.today().display()", "unable to get the current date"),
        ("#import \"@preview/cetz:0.3.0\"", "access"),
        ("#json(\"other.json\")", "not found"),
        ("#read(\"/etc/passwd\")", "not found"),
    ] {
        let said = messages(typeset(body, json!({})));
        assert!(said.to_lowercase().contains(why), "{body}: {said}");
    }
}

#[test]
fn names_are_plain_file_names() {
    for name in ["", "../a.typ", "/a.typ", "a/b.typ", ".a", "起诉状.typ"] {
        assert!(matches!(Templates::new([(name, "")]), Err(Error::Name { .. })), "{name}");
    }
}

#[test]
fn labelled_places_are_reported() {
    let body = "#set page(width: 300pt, height: 200pt, margin: 0pt)\n\
                #place(dx: 100pt, dy: 50pt)[#metadata(\"x\") <here>]\n#pagebreak()\n第二页";
    let done = typeset(body, json!({})).expect("typeset");
    assert_eq!(done.pages, 2);
    let mark = &done.marks[0];
    assert_eq!((mark.label.as_str(), mark.page), ("here", 1));
    assert!((mark.x - 100.0).abs() < 0.01 && (mark.y - 50.0).abs() < 0.01, "{mark:?}");
}

#[test]
fn a_drawing_holds_paths_and_no_text() {
    let body = "#set page(width: 60pt, height: 60pt, margin: 0pt)\n#place(circle(radius: 20pt, stroke: 1pt))法院";
    let drawing = open().draw("page.typ", &page(body), &json!({})).expect("draw");
    assert_eq!((drawing.width, drawing.height), (60.0, 60.0));
    assert_eq!(drawing.strokes.len(), 3, "a circle and two letters");
    let (pdf, svg) = (drawing.to_pdf(), drawing.to_svg());
    assert!(pdf.contains(" c\n") && !pdf.contains("Tj"), "curves, no text operators");
    assert!(svg.contains("<path") && !svg.contains("法"));
}

#[test]
fn a_directory_without_fonts_says_what_to_do() {
    let empty = std::env::temp_dir().join(format!("typeset-no-fonts-{}", std::process::id()));
    std::fs::create_dir_all(&empty).expect("directory");
    let said = Typesetter::open(&empty).err().map(|e| e.to_string()).unwrap_or_default();
    std::fs::remove_dir(&empty).expect("remove");
    assert!(said.contains("scripts/fonts"), "{said}");
}

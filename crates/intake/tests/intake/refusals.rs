//! What bad input gets: a typed refusal that says what to do, from `open` itself and through the worker.
use crate::worker;
use image::{GrayImage, ImageFormat, Luma};
use intake::worker::Client;
use intake::{Error, Format, Limits, Refusal, engine, open, preview, upright};
use proptest::prelude::*;
use std::io::{Cursor, Write};

fn picture(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    GrayImage::from_fn(width, height, |x, y| Luma([((x * 7 + y * 13) % 251) as u8])).write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// A square PNG of a few kilobytes that takes side × side bytes once it is decoded.
fn white(side: u32) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    GrayImage::from_pixel(side, side, Luma([255])).write_to(&mut bytes, ImageFormat::Png).unwrap();
    bytes.into_inner()
}

fn package(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in entries {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(content).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A PDF of empty pages, with what `trailer` adds to its trailer.
fn pdf(pages: usize, side: u32, trailer: &str) -> Vec<u8> {
    let mut objects = vec!["<< /Type /Catalog /Pages 2 0 R >>".to_owned()];
    let kids: Vec<String> = (0..pages).map(|i| format!("{} 0 R", i + 3)).collect();
    objects.push(format!("<< /Type /Pages /Count {pages} /Kids [{}] >>", kids.join(" ")));
    objects.extend((0..pages).map(|_| format!("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {side} {side}] >>")));
    let mut out = String::from("%PDF-1.4\n");
    let mut offsets = Vec::new();
    for (i, object) in objects.iter().enumerate() {
        offsets.push(out.len());
        out.push_str(&format!("{} 0 obj\n{object}\nendobj\n", i + 1));
    }
    let xref = out.len();
    out.push_str(&format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1));
    offsets.iter().for_each(|at| out.push_str(&format!("{at:010} 00000 n \n")));
    out.push_str(&format!("trailer\n<< /Size {} /Root 1 0 R {trailer} >>\nstartxref\n{xref}\n%%EOF\n", objects.len() + 1));
    out.into_bytes()
}

fn refused(bytes: &[u8], name: &str) -> Refusal {
    open(bytes, name, &Limits::default()).expect_err("a refusal")
}

const ENCRYPT: &str = "/Encrypt << /Filter /Standard /V 1 /R 2 /O (00000000000000000000000000000000) /U (00000000000000000000000000000000) /P -44 >>";

#[test]
fn an_encrypted_pdf_is_refused_with_what_to_do() {
    let refusal = refused(&pdf(1, 500, ENCRYPT), "起诉状.pdf");
    assert_eq!(refusal, Refusal::Encrypted);
    assert!(refusal.zh().contains("去掉密码"));
    assert!(open(&pdf(1, 500, ""), "起诉状.pdf", &Limits::default()).is_ok(), "the same file without a password is taken");
}

#[test]
fn a_truncated_picture_is_refused() {
    for (format, name) in [(ImageFormat::Jpeg, "a.jpg"), (ImageFormat::Png, "a.png")] {
        let whole = picture(400, 300, format);
        assert!(open(&whole, name, &Limits::default()).is_ok());
        for keep in [whole.len() / 2, whole.len() - 9] {
            assert!(matches!(refused(&whole[..keep], name), Refusal::Damaged { .. }), "{name} cut to {keep}");
        }
    }
}

#[test]
fn a_png_with_a_changed_byte_is_damaged() {
    let whole = picture(64, 64, ImageFormat::Png);
    assert_eq!(open(&whole, "a.png", &Limits::default()).map(|opened| opened.pages), Ok(1));
    for at in (8..whole.len()).step_by(7) {
        let mut changed = whole.clone();
        changed[at] ^= 1;
        assert!(open(&changed, "a.png", &Limits::default()).is_err(), "byte {at}");
    }
    assert!(matches!(refused(&whole[..whole.len() - 6], "a.png"), Refusal::Damaged { .. }));
}

#[test]
fn too_many_pixels_pages_and_bytes_are_refused() {
    for width in [16_001, 20_000] {
        let wide = refused(&picture(width, 3, ImageFormat::Png), "a.png");
        assert_eq!(wide, Refusal::TooManyPixels { page: 1, width: width.into(), height: 3 });
    }
    assert!(matches!(refused(&pdf(51, 500, ""), "a.pdf"), Refusal::TooManyPages { pages: 51, limit: 50 }));
    assert!(matches!(refused(&pdf(1, 14_000, ""), "a.pdf"), Refusal::TooManyPixels { .. }));
    let large = vec![0xFF; (20 << 20) + 1];
    assert!(matches!(refused(&large, "a.jpg"), Refusal::TooLarge { .. }));
    assert_eq!(refused(&[], "a.jpg"), Refusal::Empty);
}

#[test]
fn a_bomb_is_not_unpacked() {
    let zeros = vec![b' '; 30 << 20];
    assert!(matches!(refused(&package(&[("word/document.xml", &zeros)]), "a.docx"), Refusal::Bomb { .. }));
    assert!(matches!(refused(&package(&[("word/document.xml", b"<w/>"), ("word/media/1.bin", &zeros)]), "a.docx"), Refusal::Bomb { .. }));
    let mut lying = package(&[("word/document.xml", &zeros)]);
    let size = (zeros.len() as u32).to_le_bytes();
    while let Some(at) = lying.windows(4).position(|w| w == size) {
        lying[at..at + 4].copy_from_slice(&100u32.to_le_bytes());
    }
    assert!(matches!(refused(&lying, "a.docx"), Refusal::Bomb { .. } | Refusal::Damaged { .. }));
}

#[test]
fn the_name_decides_nothing() {
    let opened = open(&picture(40, 30, ImageFormat::Png), "身份证.jpg", &Limits::default()).unwrap();
    assert_eq!((opened.format, opened.misnamed), (Format::Png, true));
    assert!(matches!(refused(b"MZ\x90\x00 an executable program", "起诉状.pdf"), Refusal::UnknownType { .. }));
    assert!(matches!(refused(&package(&[("a.txt", b"x")]), "a.docx"), Refusal::UnsupportedType { found } if found == "ZIP"));
    let mut compound = vec![0xD0, 0xCF, 0x11, 0xE0];
    assert!(matches!(refused(&compound, "a.docx"), Refusal::UnsupportedType { .. }));
    compound.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
    assert_eq!(refused(&compound, "a.docx"), Refusal::Encrypted);
}

#[test]
fn a_page_of_a_pdf_is_drawn() {
    let two = pdf(2, 300, "");
    let png = preview(&two, 2, 151).expect("poppler draws it");
    let drawn = image::load_from_memory_with_format(&png, ImageFormat::Png).expect("a PNG");
    assert_eq!((drawn.width(), drawn.height()), (151, 151));
    let jpeg = upright(&two, "a.pdf", 1, 0, &Limits::default()).expect("drawn, set upright");
    let drawn = image::load_from_memory_with_format(&jpeg, ImageFormat::Jpeg).expect("a JPEG");
    // 300 points at 200 dots an inch.
    assert!(drawn.width().abs_diff(833) <= 2, "{}", drawn.width());
    assert!(preview(&two, 3, 151).is_err(), "there is no third page");
}

#[test]
fn a_word_document_gives_its_paragraphs() {
    let body = "<?xml version=\"1.0\"?><w:document><w:body><w:p><w:r><w:t>民事起诉状</w:t></w:r></w:p><w:p><w:r><w:t>原告：周桂兰，女，</w:t></w:r><w:r><w:t>甲&amp;乙</w:t></w:r><w:del><w:r><w:delText>删</w:delText></w:r></w:del></w:p></w:body></w:document>";
    let file = intake::read(&package(&[("word/document.xml", body.as_bytes())]), "a.docx", engine::named(engine::USUAL).unwrap(), &Limits::default())
        .unwrap();
    assert_eq!(file.pages[0].text, "民事起诉状\n原告：周桂兰，女，甲&乙");
}

#[test]
fn the_worker_says_the_same_and_is_held_to_its_caps() {
    let whole = picture(400, 300, ImageFormat::Jpeg);
    assert_eq!(worker().open(&whole, "a.jpg").unwrap().pages, 1);
    assert!(matches!(worker().open(&whole[..900], "a.jpg"), Err(Error::Refused(Refusal::Damaged { .. }))));
    let hurried = Client { limits: Limits { open_seconds: 0, ..Limits::default() }, ..worker() };
    assert!(matches!(hurried.open(&whole, "a.jpg"), Err(Error::Refused(Refusal::TooSlow { seconds: 0 }))));
    let poor = Client { limits: Limits { memory_bytes: 60 << 20, ..Limits::default() }, ..worker() };
    let stopped = poor.upright(&white(9_000), "a.png", 1, 0);
    assert!(matches!(stopped, Err(Error::Refused(Refusal::ReaderStopped { .. }))), "{stopped:?}");
    assert!(worker().upright(&whole, "a.jpg", 1, 90).unwrap().starts_with(&[0xFF, 0xD8]), "after all of it, a sound one is read");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn no_bytes_make_it_fall(head in 0usize..7, tail in proptest::collection::vec(any::<u8>(), 0..400)) {
        let heads: [&[u8]; 7] = [b"", b"\xFF\xD8\xFF\xE0", b"\x89PNG\r\n\x1A\n", b"II*\0\x08\0\0\0", b"%PDF-1.4\n", b"PK\x03\x04", b"MM\0*"];
        let bytes = [heads[head], &tail].concat();
        prop_assert!(open(&bytes, "x", &Limits::default()).is_err());
    }

    #[test]
    fn a_sound_file_with_a_changed_byte_never_makes_it_fall(at in 0usize..600, to in any::<u8>(), format in 0usize..3) {
        let mut bytes = match format { 0 => picture(40, 30, ImageFormat::Png), 1 => picture(40, 30, ImageFormat::Jpeg), _ => pdf(2, 300, "") };
        let at = at % bytes.len();
        bytes[at] = to;
        let _ = open(&bytes, "x", &Limits::default());
    }
}

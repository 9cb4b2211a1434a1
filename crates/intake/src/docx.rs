//! DOCX: the text of a Word document, read without unpacking more than the limits.
use crate::open::{Format, damaged};
use crate::{Limits, Refusal};
use quick_xml::events::Event;
use std::io::{Cursor, Read};
use zip::ZipArchive;

const BODY: &str = "word/document.xml";
const MEGABYTE: u64 = 1 << 20;

/// Which package a ZIP is.
pub(crate) fn sniff(bytes: &[u8]) -> Result<Format, Refusal> {
    let archive = ZipArchive::new(Cursor::new(bytes)).map_err(damaged)?;
    let has = |name: &str| archive.file_names().flatten().any(|n| n == name);
    if has(BODY) {
        return Ok(Format::Docx);
    }
    let found = if has("OFD.xml") {
        "OFD"
    } else if has("xl/workbook.xml") {
        "XLSX"
    } else if has("ppt/presentation.xml") {
        "PPTX"
    } else {
        "ZIP"
    };
    Err(Refusal::UnsupportedType { found: found.into() })
}

/// An OLE compound file: a Word document with a password, or one of the old formats.
pub(crate) fn sniff_compound(bytes: &[u8]) -> Result<Format, Refusal> {
    let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    if bytes.windows(name.len()).any(|w| w == name) {
        return Err(Refusal::Encrypted);
    }
    Err(Refusal::UnsupportedType { found: "DOC（旧版 Word）".into() })
}

/// Sizes and packing of every entry; what the directory claims is checked against what comes out when read.
pub(crate) fn check(bytes: &[u8], limits: &Limits) -> Result<u32, Refusal> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(damaged)?;
    let mut total = 0u64;
    if archive.len() > 5000 {
        return Err(Refusal::Bomb { packed: bytes.len() as u64, unpacked: archive.len() as u64 });
    }
    for i in 0..archive.len() {
        let entry = archive.by_index_raw(i).map_err(damaged)?;
        if entry.encrypted() {
            return Err(Refusal::Encrypted);
        }
        total = total.saturating_add(entry.size());
        let bomb = entry.size() > MEGABYTE && entry.size() / entry.compressed_size().max(1) > limits.ratio;
        if bomb || total > limits.unpacked_bytes {
            return Err(Refusal::Bomb { packed: entry.compressed_size(), unpacked: total });
        }
    }
    // Read whole once: what cannot be read here cannot be read later, in the file or the archive.
    paragraphs(bytes, limits).map(|_| 1)
}

fn body(bytes: &[u8], limits: &Limits) -> Result<Vec<u8>, Refusal> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(damaged)?;
    let entry = archive.by_name(BODY).map_err(damaged)?;
    let packed = entry.compressed_size();
    let cap = limits.unpacked_bytes.min(packed.saturating_mul(limits.ratio).max(MEGABYTE));
    let mut body = Vec::new();
    entry.take(cap + 1).read_to_end(&mut body).map_err(damaged)?;
    if body.len() as u64 > cap {
        return Err(Refusal::Bomb { packed, unpacked: body.len() as u64 });
    }
    Ok(body)
}

/// The document's paragraphs, table cells included, in the order they stand; deleted revisions are left out.
///
/// # Errors
/// [`Refusal::Damaged`] where the XML is broken, [`Refusal::Bomb`] where it unpacks without end.
pub fn paragraphs(bytes: &[u8], limits: &Limits) -> Result<Vec<String>, Refusal> {
    let body = body(bytes, limits)?;
    let mut reader = quick_xml::Reader::from_reader(body.as_slice());
    let mut paragraphs = Vec::new();
    let (mut text, mut in_text) = (String::new(), false);
    loop {
        match reader.read_event().map_err(damaged)? {
            Event::Eof => break,
            Event::Start(tag) => in_text = tag.local_name().as_ref() == b"t",
            Event::Empty(tag) if matches!(tag.local_name().as_ref(), b"tab") => text.push('\u{3000}'),
            Event::Empty(tag) if matches!(tag.local_name().as_ref(), b"br") => flush(&mut text, &mut paragraphs),
            Event::Text(t) if in_text => text.push_str(&t.decode().map_err(damaged)?),
            Event::GeneralRef(r) if in_text => text.push_str(&entity(&r)?),
            // Word writes none; what it declares would be unfolded without end.
            Event::DocType(_) => return Err(damaged("a document type")),
            Event::End(tag) => {
                in_text = false;
                if tag.local_name().as_ref() == b"p" {
                    flush(&mut text, &mut paragraphs);
                }
            }
            _ => {}
        }
    }
    Ok(paragraphs)
}

fn flush(text: &mut String, paragraphs: &mut Vec<String>) {
    let paragraph = crate::text::tidy(text);
    if !paragraph.is_empty() {
        paragraphs.push(paragraph);
    }
    text.clear();
}

fn entity(reference: &quick_xml::events::BytesRef<'_>) -> Result<String, Refusal> {
    if let Some(c) = reference.resolve_char_ref().map_err(damaged)? {
        return Ok(c.to_string());
    }
    let name = reference.decode().map_err(damaged)?;
    quick_xml::escape::resolve_predefined_entity(&name).map(str::to_owned).ok_or_else(|| damaged(format!("entity {name}")))
}

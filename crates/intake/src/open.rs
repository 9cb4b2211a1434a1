//! What an upload is, by its content and never by its name alone, and whether it is taken.
use crate::{Limits, Refusal, docx, pdf};
use image::ImageReader;
use serde::{Deserialize, Serialize};
use std::io::Cursor;

/// A type of file that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    Jpeg,
    Png,
    Tiff,
    Pdf,
    Docx,
}

impl Format {
    /// The media type to store and to serve the original with.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Tiff => "image/tiff",
            Self::Pdf => "application/pdf",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        }
    }

    fn extensions(self) -> &'static [&'static str] {
        match self {
            Self::Jpeg => &["jpg", "jpeg"],
            Self::Png => &["png"],
            Self::Tiff => &["tif", "tiff"],
            Self::Pdf => &["pdf"],
            Self::Docx => &["docx"],
        }
    }
}

/// An upload that was looked into and can be read. The bytes themselves stay with the caller, as they came.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Opened {
    pub format: Format,
    /// Number of pages; a DOCX counts as one, its pages are made when it is set.
    pub pages: u32,
    /// Whether the name's ending says another type than the content is.
    pub misnamed: bool,
}

/// Looks into an upload: type, size, pages, pixels, packing, encryption. Decodes no picture.
///
/// # Errors
/// A [`Refusal`] with what to do.
pub fn open(bytes: &[u8], declared: &str, limits: &Limits) -> Result<Opened, Refusal> {
    if bytes.is_empty() {
        return Err(Refusal::Empty);
    }
    if bytes.len() as u64 > limits.file_bytes {
        return Err(Refusal::TooLarge { bytes: bytes.len() as u64, limit: limits.file_bytes });
    }
    let format = sniff(bytes, declared)?;
    let pages = match format {
        Format::Jpeg => jpeg(bytes, limits)?,
        Format::Png => png(bytes, limits)?,
        Format::Tiff => tiff(bytes, limits)?,
        Format::Pdf => pdf::check(bytes, limits)?,
        Format::Docx => docx::check(bytes, limits)?,
    };
    let ending = declared.rsplit_once('.').map(|(_, e)| e.to_ascii_lowercase());
    let misnamed = ending.is_some_and(|e| !format.extensions().contains(&e.as_str()));
    Ok(Opened { format, pages, misnamed })
}

fn sniff(bytes: &[u8], declared: &str) -> Result<Format, Refusal> {
    let unsupported = |found: &str| Err(Refusal::UnsupportedType { found: found.into() });
    // A PDF may carry up to 1024 bytes before its header (ISO 32000-1, annex H).
    let head = &bytes[..bytes.len().min(1024)];
    match bytes {
        [0xFF, 0xD8, 0xFF, ..] => Ok(Format::Jpeg),
        [0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => Ok(Format::Png),
        [b'I', b'I', 42, 0, ..] | [b'M', b'M', 0, 42, ..] => Ok(Format::Tiff),
        [b'P', b'K', 3, 4, ..] => docx::sniff(bytes),
        [0xD0, 0xCF, 0x11, 0xE0, ..] => docx::sniff_compound(bytes),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => unsupported("WEBP"),
        [b'G', b'I', b'F', b'8', ..] => unsupported("GIF"),
        [b'B', b'M', ..] if declared.to_ascii_lowercase().ends_with(".bmp") => unsupported("BMP"),
        [_, _, _, _, b'f', b't', b'y', b'p', b'h', b'e' | b'm', ..] => unsupported("HEIC"),
        [b'R', b'a', b'r', b'!', ..] | [b'7', b'z', 0xBC, 0xAF, ..] => unsupported("RAR、7Z"),
        _ if head.windows(5).any(|w| w == b"%PDF-") => Ok(Format::Pdf),
        _ => Err(Refusal::UnknownType { declared: declared.chars().take(80).collect() }),
    }
}

/// Refuses a page of more pixels than the limits.
pub(crate) fn pixels(page: u32, width: u64, height: u64, limits: &Limits) -> Result<(), Refusal> {
    let side = u64::from(limits.side_pixels);
    if width > side || height > side || width.saturating_mul(height) > limits.page_pixels {
        return Err(Refusal::TooManyPixels { page, width, height });
    }
    if width == 0 || height == 0 {
        return Err(damaged("a picture without pixels"));
    }
    Ok(())
}

pub(crate) fn damaged(what: impl ToString) -> Refusal {
    Refusal::Damaged { what: what.to_string() }
}

fn dimensions(bytes: &[u8]) -> Result<(u32, u32), Refusal> {
    ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(damaged)?.into_dimensions().map_err(damaged)
}

fn jpeg(bytes: &[u8], limits: &Limits) -> Result<u32, Refusal> {
    let (w, h) = dimensions(bytes)?;
    pixels(1, w.into(), h.into(), limits)?;
    // Decoders fill what is missing with grey; a page half missing must not be taken for whole.
    if jpeg_ends(bytes) { Ok(1) } else { Err(damaged("JPEG without its end")) }
}

/// Whether the end-of-image marker follows the first scan. An embedded preview lies before it.
fn jpeg_ends(bytes: &[u8]) -> bool {
    let mut at = 2;
    while let Some(&[0xFF, marker, high, low]) = bytes.get(at..at + 4) {
        let length = usize::from(u16::from_be_bytes([high, low]));
        at += 2 + length.max(2);
        if marker == 0xDA {
            return bytes.get(at..).is_some_and(|scan| scan.windows(2).any(|w| w == [0xFF, 0xD9]));
        }
    }
    false
}

fn png(bytes: &[u8], limits: &Limits) -> Result<u32, Refusal> {
    let (w, h) = dimensions(bytes)?;
    pixels(1, w.into(), h.into(), limits)?;
    // Every chunk bears a checksum: length, name, data, CRC.
    let mut at = 8;
    while let Some(head) = bytes.get(at..at + 8) {
        let length = u32::from_be_bytes([head[0], head[1], head[2], head[3]]) as usize;
        let (from, to) = (at + 4, at.saturating_add(8).saturating_add(length));
        let sum = bytes.get(to..to.saturating_add(4)).and_then(|sum| sum.try_into().ok()).map(u32::from_be_bytes);
        if sum != bytes.get(from..to).map(crc32fast::hash) || sum.is_none() {
            return Err(damaged("PNG with a wrong checksum"));
        }
        if &head[4..] == b"IEND" {
            return Ok(1);
        }
        at = to + 4;
    }
    Err(damaged("PNG without its end"))
}

fn tiff(bytes: &[u8], limits: &Limits) -> Result<u32, Refusal> {
    let mut decoder = ::tiff::decoder::Decoder::new(Cursor::new(bytes)).map_err(damaged)?;
    let mut pages = 0u32;
    loop {
        let (w, h) = decoder.dimensions().map_err(damaged)?;
        pages += 1;
        pixels(pages, w.into(), h.into(), limits)?;
        if pages > limits.pages {
            return Err(Refusal::TooManyPages { pages: pages.into(), limit: limits.pages.into() });
        }
        if !decoder.more_images() {
            return Ok(pages);
        }
        decoder.next_image().map_err(damaged)?;
    }
}

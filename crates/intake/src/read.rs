//! Reading a file page by page: decode, care, engine, lines, kind, fields.
use crate::care::{self, quarter_turn};
use crate::engine::{OcrEngine, Word};
use crate::open::{Format, damaged, open, pixels};
use crate::report::{Document, File, Line, Page, Rect};
use crate::{Error, Limits, Refusal, docx, fields, kind, layout, pdf, split, text};
use image::{DynamicImage, GrayImage, ImageDecoder, ImageReader};
use std::io::Cursor;
use std::time::Instant;

/// Reads one file in this process. The product calls it in a worker under caps (`worker`).
///
/// # Errors
/// [`Error::Refused`] for what is not taken, anything else where the machine fails.
pub fn read(bytes: &[u8], name: &str, engine: &dyn OcrEngine, limits: &Limits) -> Result<File, Error> {
    let opened = open(bytes, name, limits)?;
    let mut pages = Vec::new();
    match opened.format {
        Format::Jpeg | Format::Png => pages.push(picture(1, &decode(bytes, limits)?, engine)?),
        Format::Tiff => {
            for n in 1..=opened.pages {
                pages.push(picture(n, &tiff_page(bytes, n)?, engine)?);
            }
        }
        Format::Pdf => pdf::pages(bytes, limits, |n, page| {
            pages.push(match page {
                pdf::Page::Text { width, height, lines } => finish(n, width, height, 0, lines, Instant::now()),
                pdf::Page::Picture(image) => picture(n, &image, engine)?,
            });
            Ok(())
        })?,
        Format::Docx => pages.push(document(&docx::paragraphs(bytes, limits)?)),
    }
    let documents = split::documents(&mut pages);
    for document in &documents {
        fill(&mut pages[document.first as usize - 1..document.last as usize], document);
    }
    Ok(File { file: name.to_owned(), documents, pages, refusal: None })
}

/// A picture as the camera meant it: decoded under a memory limit, turned as its EXIF says.
fn decode(bytes: &[u8], limits: &Limits) -> Result<DynamicImage, Error> {
    let mut caps = image::Limits::default();
    caps.max_image_width = Some(limits.side_pixels);
    caps.max_image_height = Some(limits.side_pixels);
    caps.max_alloc = Some(limits.page_pixels * 8);
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(damaged)?;
    reader.limits(caps);
    let mut decoder = reader.into_decoder().map_err(damaged)?;
    let orientation = decoder.orientation().map_err(damaged)?;
    let mut image = DynamicImage::from_decoder(decoder).map_err(damaged)?;
    image.apply_orientation(orientation);
    Ok(image)
}

fn tiff_page(bytes: &[u8], n: u32) -> Result<DynamicImage, Error> {
    use tiff::ColorType;
    use tiff::decoder::{Decoder, DecodingResult};
    let mut decoder = Decoder::new(Cursor::new(bytes)).map_err(damaged)?;
    decoder.seek_to_image(n as usize - 1).map_err(damaged)?;
    let (w, h) = decoder.dimensions().map_err(damaged)?;
    pixels(n, w.into(), h.into(), &Limits::default())?;
    let colour = decoder.colortype().map_err(damaged)?;
    let DecodingResult::U8(data) = decoder.read_image().map_err(damaged)? else { return Err(damaged("TIFF with more than 8 bits a sample").into()) };
    let image = match colour {
        ColorType::Gray(8) => GrayImage::from_raw(w, h, data).map(DynamicImage::from),
        ColorType::Gray(1) => bilevel(w, h, &data).map(DynamicImage::from),
        ColorType::RGB(8) => image::RgbImage::from_raw(w, h, data).map(DynamicImage::from),
        ColorType::RGBA(8) => image::RgbaImage::from_raw(w, h, data).map(DynamicImage::from),
        _ => None,
    };
    image.ok_or_else(|| damaged(format!("TIFF colour {colour:?}")).into())
}

/// Eight pixels a byte, each row padded to a byte, 1 is white.
fn bilevel(w: u32, h: u32, data: &[u8]) -> Option<GrayImage> {
    let row = w.div_ceil(8) as usize;
    if data.len() < row * h as usize {
        return None;
    }
    Some(GrayImage::from_fn(w, h, |x, y| {
        let bit = data[y as usize * row + x as usize / 8] >> (7 - x % 8) & 1;
        image::Luma([bit * 255])
    }))
}

/// Widest piece of a page that a telephone gets, in pixels.
const PIECE: u32 = 480;
/// A reading that is trusted this much needs no other turn of the page to be tried.
const TRUSTED: f32 = 0.72;
/// At or below this a page may lie in any of the four turns.
const LOST: f32 = 0.5;

/// Reads a page that came as a picture.
fn picture(n: u32, image: &DynamicImage, engine: &dyn OcrEngine) -> Result<Page, Error> {
    let start = Instant::now();
    let (level, found) = care::prepare(image);
    let (turn, words) = upright_words(&level, found.sideways, engine)?;
    let (w, h) = if turn % 180 == 0 { level.dimensions() } else { (level.height(), level.width()) };
    Ok(finish(n, w, h, turn, text::lines(&words), start))
}

/// The turn in which a level page reads best, and its words. The axis of the lines and mostly also which end is up are seen, so
/// that most pages are read once; elsewhere a few lines, read in each turn, say where to begin or whether to begin again.
fn upright_words(level: &GrayImage, sideways: bool, engine: &dyn OcrEngine) -> Result<(u32, Vec<Word>), Error> {
    let glimpse = |turn| Ok::<f32, Error>(trust(&engine.read(&band(&quarter_turn(level, turn)))?));
    let seen = if sideways { 270 } else { 0 };
    let page = quarter_turn(level, seen);
    let (first, page) = match care::upended(&page) {
        true => ((seen + 180) % 360, quarter_turn(&page, 180)),
        false if sideways && glimpse(90)? > LOST => (90, quarter_turn(&page, 180)),
        false => (seen, page),
    };
    let words = writing(&page, engine)?;
    let sure = trust(&words);
    if sure > TRUSTED {
        return Ok((first, words));
    }
    // A page of few lines may show its axis falsely.
    let others: &[u32] = if sure > LOST { &[180] } else { &[180, 90, 270] };
    let mut best = (0.0, first);
    for turn in others.iter().map(|by| (first + by) % 360) {
        let seen = glimpse(turn)?;
        if seen > best.0 {
            best = (seen, turn);
        }
        if seen > TRUSTED {
            break;
        }
    }
    // The lines themselves may be hard to read: like is held against like.
    if best.1 == first || best.0 <= TRUSTED && best.0 <= glimpse(first)? {
        return Ok((first, words));
    }
    let again = writing(&quarter_turn(level, best.1), engine)?;
    Ok(if trust(&again) > sure { (best.1, again) } else { (first, words) })
}

/// A few lines of a page: the band across it with the most ink.
fn band(page: &GrayImage) -> GrayImage {
    let height = (page.height() / 8).max(240).min(page.height());
    let rows: Vec<usize> = page.rows().map(|row| row.filter(|p| p.0[0] < 128).count()).collect();
    let mut ink: usize = rows[..height as usize].iter().sum();
    let mut best = (ink, 0);
    for top in 1..=rows.len() - height as usize {
        ink = ink + rows[top + height as usize - 1] - rows[top - 1];
        if ink > best.0 {
            best = (ink, top);
        }
    }
    image::imageops::crop_imm(page, 0, best.1 as u32, page.width(), height).to_image()
}

/// The words of an upright page in reading order.
fn writing(upright: &GrayImage, engine: &dyn OcrEngine) -> Result<Vec<Word>, Error> {
    let layout = layout::layout(upright);
    if layout.blocks.is_empty() {
        return engine.read(&layout.clean);
    }
    let (tall, tops) = layout::stack(&layout);
    Ok(layout::unstack(&layout, &tops, engine.read(&tall)?))
}

/// The upright page as a grey JPEG, in whose pixels the boxes of its [`Page`] are. `rotation` is the page's.
///
/// # Errors
/// As [`read`]; [`Refusal::Damaged`] where there is no such page.
pub fn upright(bytes: &[u8], name: &str, page: u32, rotation: u32, limits: &Limits) -> Result<Vec<u8>, Error> {
    let opened = open(bytes, name, limits)?;
    if page == 0 || page > opened.pages {
        return Err(damaged(format!("page {page} of {}", opened.pages)).into());
    }
    let picture = match opened.format {
        Format::Jpeg | Format::Png => decode(bytes, limits)?,
        Format::Tiff => tiff_page(bytes, page)?,
        Format::Pdf => pdf::picture(bytes, page)?,
        Format::Docx => return Err(Refusal::UnsupportedType { found: "DOCX".into() }.into()),
    };
    // A page with its own text was never levelled: its boxes are those of the page as it is.
    let upright = if opened.format == Format::Pdf && pdf::written(bytes, page)? {
        picture.to_luma8()
    } else {
        quarter_turn(&care::prepare(&picture).0, rotation)
    };
    jpeg(&upright, 75)
}

fn jpeg(picture: &GrayImage, quality: u8) -> Result<Vec<u8>, Error> {
    let mut jpeg = Vec::new();
    image::codecs::jpeg::JpegEncoder::new_with_quality(&mut jpeg, quality).encode_image(picture).map_err(|e| Error::Protocol(e.to_string()))?;
    Ok(jpeg)
}

/// A piece `[x, y, width, height]` of what [`upright`] gave, at most [`PIECE`] pixels wide: a telephone shows one line of a page
/// without loading the page. The bytes are our own, so no worker is needed.
///
/// # Errors
/// [`Error::Protocol`] where they are not, or the piece lies outside of them.
pub fn piece(upright: &[u8], [x, y, width, height]: [u32; 4]) -> Result<Vec<u8>, Error> {
    let page = image::load_from_memory_with_format(upright, image::ImageFormat::Jpeg).map_err(|e| Error::Protocol(e.to_string()))?.to_luma8();
    if width == 0 || height == 0 || x >= page.width() || y >= page.height() {
        return Err(Error::Protocol(format!("a piece outside of the page: {x},{y},{width},{height}")));
    }
    let cut = image::imageops::crop_imm(&page, x, y, width.min(page.width() - x), height.min(page.height() - y)).to_image();
    if cut.width() <= PIECE {
        return jpeg(&cut, 35);
    }
    let height = (cut.height() * PIECE / cut.width()).max(1);
    jpeg(&image::imageops::resize(&cut, PIECE, height, image::imageops::FilterType::Triangle), 35)
}

/// Mean confidence over the characters of a reading.
fn trust(words: &[Word]) -> f32 {
    let (sum, count) = words.iter().fold((0.0, 0.0), |(sum, count), w| {
        let n = w.text.chars().count() as f32;
        (sum + n * w.confidence, count + n)
    });
    if count < 1.0 { 0.0 } else { sum / count }
}

fn finish(n: u32, width: u32, height: u32, rotation: u32, lines: Vec<Line>, start: Instant) -> Page {
    let text = lines.iter().map(|l| l.text.as_str()).collect::<Vec<_>>().join("\n");
    let kind = kind::classify(&text, &lines);
    Page { n, width, height, rotation, kind, text, lines, fields: Vec::new(), seconds: start.elapsed().as_secs_f64() }
}

/// The fields of a document, each with the page on which it begins.
fn fill(pages: &mut [Page], document: &Document) {
    let lines: Vec<&[Line]> = pages.iter().map(|p| p.lines.as_slice()).collect();
    let found = fields::document_fields(document.kind, &lines);
    for (page, fields) in pages.iter_mut().zip(found) {
        page.fields = fields;
    }
}

/// A document without pages of its own: its paragraphs as lines, without boxes' meaning.
fn document(paragraphs: &[String]) -> Page {
    let lines = paragraphs.iter().map(|p| Line { text: p.clone(), rect: Rect::default(), confidence: 1.0 }).collect();
    finish(1, 0, 0, 0, lines, Instant::now())
}

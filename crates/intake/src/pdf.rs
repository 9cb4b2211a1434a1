//! PDF: pages, sizes and encryption by hayro-syntax; pages as pictures, and the text of born-digital ones, by poppler.
use crate::amount::half;
use crate::open::{damaged, pixels};
use crate::report::{Line, Rect};
use crate::{Error, Limits, Refusal};
use hayro_syntax::{LoadPdfError, Pdf};
use image::{DynamicImage, RgbImage};
use quick_xml::events::{BytesStart, Event};
use std::io::Write;
use std::process::{Command, Stdio};

/// Resolution that pages are rendered at, dots per inch.
const DPI: f32 = 200.0;

/// Pages of a PDF, or why it is not taken.
pub(crate) fn check(bytes: &[u8], limits: &Limits) -> Result<u32, Refusal> {
    let pdf = load(bytes)?;
    let pages = pdf.pages().len();
    if pages == 0 {
        return Err(damaged("no pages"));
    }
    if pages as u64 > u64::from(limits.pages) {
        return Err(Refusal::TooManyPages { pages: pages as u64, limit: limits.pages.into() });
    }
    for (n, page) in pdf.pages().iter().enumerate() {
        let (w, h) = page.render_dimensions();
        let scale = DPI / 72.0;
        pixels(n as u32 + 1, (w * scale) as u64, (h * scale) as u64, limits)?;
    }
    Ok(pages as u32)
}

fn load(bytes: &[u8]) -> Result<Pdf, Refusal> {
    // Every encrypted file is refused, those that open without a password too: their makers forbade what we would do.
    if bytes.windows(8).any(|w| w == b"/Encrypt") {
        return Err(Refusal::Encrypted);
    }
    Pdf::new(bytes.to_vec()).map_err(|error| match error {
        LoadPdfError::Decryption(_) => Refusal::Encrypted,
        LoadPdfError::Invalid => damaged("not a readable PDF"),
    })
}

/// One page of a PDF.
pub(crate) enum Page {
    /// Born digital: its own text, on a page of this many pixels.
    Text { width: u32, height: u32, lines: Vec<Line> },
    /// A picture to be read.
    Picture(DynamicImage),
}

/// Gives each page in turn to `each`.
pub(crate) fn pages(bytes: &[u8], limits: &Limits, mut each: impl FnMut(u32, Page) -> Result<(), Error>) -> Result<(), Error> {
    let count = check(bytes, limits)?;
    for n in 1..=count {
        let page = match text(bytes, n)? {
            Some(page) => page,
            None => Page::Picture(render(bytes, n)?),
        };
        each(n, page)?;
    }
    Ok(())
}

/// One page drawn as a picture.
pub(crate) fn picture(bytes: &[u8], n: u32) -> Result<DynamicImage, Error> {
    load(bytes)?;
    render(bytes, n)
}

/// Whether a page was born digital.
pub(crate) fn written(bytes: &[u8], n: u32) -> Result<bool, Error> {
    Ok(text(bytes, n)?.is_some())
}

fn render(bytes: &[u8], n: u32) -> Result<DynamicImage, Error> {
    let n = n.to_string();
    let ppm = poppler("pdftoppm", &["-r", &DPI.to_string(), "-f", &n, "-l", &n, "-"], bytes)?;
    let (width, height, pixels) = netpbm(&ppm, "P6").ok_or_else(|| damaged("a page cannot be drawn"))?;
    let picture = RgbImage::from_raw(width, height, pixels.to_vec()).ok_or_else(|| damaged("a page cannot be drawn"))?;
    Ok(picture.into())
}

/// Width, height and samples of a binary picture as `pdftoppm` writes it: `P6` in colour, `P5` in grey.
pub(crate) fn netpbm<'b>(bytes: &'b [u8], magic: &str) -> Option<(u32, u32, &'b [u8])> {
    let mut at = 0;
    let mut token = || {
        let start = at + bytes.get(at..)?.iter().position(|b| !b.is_ascii_whitespace())?;
        let end = start + bytes[start..].iter().position(u8::is_ascii_whitespace)?;
        at = end + 1;
        std::str::from_utf8(&bytes[start..end]).ok()
    };
    if token()? != magic {
        return None;
    }
    let (w, h, max): (u32, u32, u32) = (token()?.parse().ok()?, token()?.parse().ok()?, token()?.parse().ok()?);
    (max == 255).then_some(())?;
    Some((w, h, bytes.get(at..)?))
}

/// The text of a page that was born digital; `None` where it is a picture of a page.
fn text(bytes: &[u8], n: u32) -> Result<Option<Page>, Error> {
    let n = n.to_string();
    let Ok(images) = poppler("pdfimages", &["-list", "-f", &n, "-l", &n, "-"], bytes) else { return Ok(None) };
    let Ok(xml) = poppler("pdftotext", &["-bbox-layout", "-f", &n, "-l", &n, "-", "-"], bytes) else { return Ok(None) };
    let Some((width, height, lines)) = layout(&xml) else { return Ok(None) };
    let written: usize = lines.iter().map(|l| l.text.chars().count()).sum();
    // A picture over half of the page means a scan, whose hidden text may be anybody's.
    let covered = largest_image(&String::from_utf8_lossy(&images)) > 0.5 * f64::from(width) * f64::from(height) / f64::from(DPI * DPI);
    Ok((written >= 20 && !covered).then_some(Page::Text { width, height, lines }))
}

/// Area of the largest picture of a page in square inches, from `pdfimages -list`.
fn largest_image(list: &str) -> f64 {
    list.lines()
        .skip(2)
        .filter_map(|row| {
            let cells: Vec<f64> = row.split_whitespace().map(|c| c.parse().unwrap_or(0.0)).collect();
            let (w, h, x, y) = (*cells.get(3)?, *cells.get(4)?, *cells.get(12)?, *cells.get(13)?);
            (x > 0.0 && y > 0.0).then_some(w / x * (h / y))
        })
        .fold(0.0, f64::max)
}

/// Page size and lines in pixels at [`DPI`], from `pdftotext -bbox-layout`.
fn layout(xml: &[u8]) -> Option<(u32, u32, Vec<Line>)> {
    let mut reader = quick_xml::Reader::from_reader(xml);
    let (mut size, mut lines, mut words, mut rect, mut in_word) = (None, Vec::<Line>::new(), String::new(), None, false);
    loop {
        match reader.read_event().ok()? {
            Event::Eof => break,
            Event::Start(tag) => match tag.local_name().as_ref() {
                b"page" => size = Some((number(&tag, b"width")?, number(&tag, b"height")?)),
                b"line" => rect = Some(bounds(&tag)?),
                b"word" => in_word = true,
                _ => {}
            },
            Event::Text(t) if in_word => words.push_str(&t.decode().ok()?),
            Event::GeneralRef(r) if in_word => match r.resolve_char_ref().ok()? {
                Some(c) => words.push(c),
                None => words.push_str(quick_xml::escape::resolve_predefined_entity(&r.decode().ok()?)?),
            },
            Event::End(tag) if tag.local_name().as_ref() == b"word" => {
                in_word = false;
                words.push(' ');
            }
            Event::End(tag) if tag.local_name().as_ref() == b"line" => {
                let text = crate::text::tidy(&words.chars().map(|c| if half(c) == ' ' { ' ' } else { c }).collect::<String>());
                if let (Some(rect), false) = (rect.take(), text.is_empty()) {
                    lines.push(Line { text, rect, confidence: 1.0 });
                }
                words.clear();
            }
            _ => {}
        }
    }
    let (width, height) = size?;
    lines.sort_by_key(|l| (l.rect.y + l.rect.h / 2, l.rect.x));
    Some((dots(width), dots(height), lines))
}

fn number(tag: &BytesStart<'_>, name: &[u8]) -> Option<f32> {
    let attribute = tag.attributes().flatten().find(|a| a.key.as_ref() == name)?;
    std::str::from_utf8(&attribute.value).ok()?.parse().ok()
}

fn bounds(tag: &BytesStart<'_>) -> Option<Rect> {
    let (x, y) = (dots(number(tag, b"xMin")?), dots(number(tag, b"yMin")?));
    Some(Rect { x, y, w: dots(number(tag, b"xMax")?).saturating_sub(x), h: dots(number(tag, b"yMax")?).saturating_sub(y) })
}

fn dots(points: f32) -> u32 {
    (points * DPI / 72.0).round().max(0.0) as u32
}

/// Runs one of poppler's programs on the file given to its standard input.
pub(crate) fn poppler(program: &'static str, args: &[&str], bytes: &[u8]) -> Result<Vec<u8>, Error> {
    let mut child = Command::new(program)
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|source| Error::Program { program, source })?;
    let mut stdin = child.stdin.take().ok_or_else(|| Error::Protocol("no stdin".into()))?;
    std::thread::scope(|scope| {
        // Poppler may end early on what it cannot read; that its input then breaks off is no error of ours.
        scope.spawn(move || drop(stdin.write_all(bytes)));
        let out = child.wait_with_output().map_err(Error::io(program))?;
        if out.status.success() { Ok(out.stdout) } else { Err(Error::Failed { program, message: format!("{}", out.status) }) }
    })
}

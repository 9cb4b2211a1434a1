//! 预览 Pages of a paper of our own as pictures: the same in every browser, also where none shows a PDF inside a page.

use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_syntax::Pdf;
use png::{BitDepth, ColorType, Compression, Encoder, Filter};

use crate::Error;

/// Widest picture, in pixels: an A4 page at twice the width of the widest pane.
const WIDEST: u16 = 1600;

/// Page `n` (from 1) of a PDF made here, as a grey PNG `width` pixels wide; `None` past its last page. Sixteen greys: letters
/// keep their soft edges, and the file a third of its size. Foreign bytes go through `intake`'s worker instead.
///
/// # Errors
/// [`Error::Pdf`] when the PDF cannot be read or drawn.
pub fn picture(pdf: &[u8], n: usize, width: u16) -> Result<Option<Vec<u8>>, Error> {
    let pdf = Pdf::new(pdf.to_vec()).map_err(|e| Error::Pdf(format!("{e:?}")))?;
    let Some(page) = n.checked_sub(1).and_then(|at| pdf.pages().get(at)) else { return Ok(None) };
    let scale = f32::from(width.clamp(1, WIDEST)) / page.render_dimensions().0;
    let settings =
        hayro::RenderSettings { x_scale: scale, y_scale: scale, bg_color: hayro::vello_cpu::color::palette::css::WHITE, ..Default::default() };
    let drawn = hayro::render(page, &hayro::RenderCache::new(), &InterpreterSettings::default(), &settings);
    let greys: Vec<u8> = drawn.data().iter().map(|pixel| sixteen(pixel.r, pixel.g, pixel.b)).collect();
    let grey = packed(&greys, drawn.width().into());
    encoded(&grey, drawn.width().into(), drawn.height().into()).map(Some).map_err(|e| Error::Pdf(e.to_string()))
}

fn encoded(grey: &[u8], width: u32, height: u32) -> Result<Vec<u8>, png::EncodingError> {
    let mut png = Vec::new();
    let mut encoder = Encoder::new(&mut png, width, height);
    encoder.set_color(ColorType::Grayscale);
    encoder.set_depth(BitDepth::Four);
    encoder.set_compression(Compression::High);
    encoder.set_filter(Filter::NoFilter);
    encoder.write_header()?.write_image_data(grey)?;
    Ok(png)
}

/// Two greys a byte, each line begun anew.
fn packed(greys: &[u8], width: usize) -> Vec<u8> {
    let bytes = |line: &[u8]| line.chunks(2).map(|two| two[0] << 4 | two.get(1).unwrap_or(&0)).collect::<Vec<_>>();
    greys.chunks(width).flat_map(bytes).collect()
}

/// The nearest of sixteen greys, black 0 to white 15.
fn sixteen(r: u8, g: u8, b: u8) -> u8 {
    let grey = (u32::from(r) * 299 + u32::from(g) * 587 + u32::from(b) * 114) / 1000;
    u8::try_from((grey + 8) / 17).unwrap_or(15)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_and_black_stay_themselves() {
        assert_eq!((sixteen(255, 255, 255), sixteen(0, 0, 0), sixteen(126, 130, 128)), (15, 0, 8));
    }

    #[test]
    fn a_line_of_an_odd_width_ends_with_half_a_byte() {
        let greys = [1, 2, 15, 4, 5, 0];
        let bytes = packed(&greys, 3);
        assert_eq!(bytes, [0x12, 0xf0, 0x45, 0x00]);
        let png = encoded(&bytes, 3, 2).expect("encoded");
        let mut reader = png::Decoder::new(std::io::Cursor::new(png)).read_info().expect("a PNG");
        let mut lines = vec![0; 4];
        let frame = reader.next_frame(&mut lines).expect("a picture");
        assert_eq!((frame.width, frame.height, &lines[..]), (3, 2, &bytes[..]));
    }
}

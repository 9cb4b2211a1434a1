//! 预览 Pages of a paper of our own as pictures: the same in every browser, also where none shows a PDF inside a page.

use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_syntax::Pdf;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, ImageEncoder};

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
    let grey: Vec<u8> = drawn.data().iter().map(|pixel| sixteen(pixel.r, pixel.g, pixel.b)).collect();
    let mut png = Vec::new();
    PngEncoder::new_with_quality(&mut png, CompressionType::Best, FilterType::NoFilter)
        .write_image(&grey, drawn.width().into(), drawn.height().into(), ExtendedColorType::L8)
        .map_err(|e| Error::Pdf(e.to_string()))?;
    Ok(Some(png))
}

/// The nearest of sixteen greys.
fn sixteen(r: u8, g: u8, b: u8) -> u8 {
    let grey = (u32::from(r) * 299 + u32::from(g) * 587 + u32::from(b) * 114) / 1000;
    u8::try_from((grey + 8) / 17 * 17).unwrap_or(u8::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_and_black_stay_themselves() {
        assert_eq!((sixteen(255, 255, 255), sixteen(0, 0, 0), sixteen(126, 130, 128)), (255, 0, 136));
    }
}

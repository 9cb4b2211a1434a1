//! 预览 Pages of a paper of our own as pictures: the same in every browser, also where none shows a PDF inside a page.
use crate::pdf::{netpbm, poppler};
use crate::{Error, Refusal};
use png::{BitDepth, ColorType, Compression, Encoder, Filter};

/// Widest picture, in pixels: an A4 page at twice the width of the widest pane.
const WIDEST: u16 = 1600;

/// Page `n` (from 1) of a PDF made here, which has that page, as a grey PNG `width` pixels wide. Sixteen greys: letters keep
/// their soft edges, and the file a third of its size. Foreign bytes go through the worker instead.
///
/// # Errors
/// [`Error::Program`] and [`Error::Failed`] of poppler.
pub fn preview(pdf: &[u8], n: usize, width: u16) -> Result<Vec<u8>, Error> {
    let (n, width) = (n.to_string(), width.clamp(1, WIDEST).to_string());
    let pgm = poppler("pdftoppm", &["-gray", "-scale-to-x", &width, "-scale-to-y", "-1", "-f", &n, "-l", &n, "-"], pdf)?;
    let undrawn = || Refusal::Damaged { what: "a page cannot be drawn".into() };
    let (width, height, grey) = netpbm(&pgm, "P5").filter(|(width, ..)| *width > 0).ok_or_else(undrawn)?;
    let greys: Vec<u8> = grey.iter().map(|grey| sixteen(*grey)).collect();
    let line = usize::try_from(width).map_err(|_| undrawn())?;
    encoded(&packed(&greys, line), width, height).map_err(|error| Error::Protocol(error.to_string()))
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
fn sixteen(grey: u8) -> u8 {
    u8::try_from((u16::from(grey) + 8) / 17).unwrap_or(15)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_and_black_stay_themselves() {
        assert_eq!((sixteen(255), sixteen(0), sixteen(128)), (15, 0, 8));
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

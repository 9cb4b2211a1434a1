//! 核验码 The mark on a paper by which anyone can find and check it.

use qrcode::{Color, EcLevel, QrCode};

use crate::Error;
use crate::papers::VerifyMark;

/// The verification mark of a paper.
///
/// `text` is what the QR code says (an address, or any text to find the paper by); `digest` is what
/// the typed code is taken from: its first six bytes, so at least six are needed. A paper cannot
/// hold the digest of its own bytes; take that of its data.
///
/// # Errors
/// [`Error::Mark`] when the text does not fit a QR code or the digest is too short.
pub fn verify_mark(text: &str, digest: &[u8]) -> Result<VerifyMark, Error> {
    let Some(head) = digest.get(..6) else {
        return Err(Error::Mark(format!("digest of {} bytes is too short", digest.len())));
    };
    let code: Vec<String> = head.chunks(2).map(hex::encode_upper).collect();
    Ok(VerifyMark { code: code.join("-"), matrix: qr_matrix(text)? })
}

/// A QR code (error correction M) as rows of `1` and `0`, without the quiet zone.
///
/// # Errors
/// [`Error::Mark`] when the text does not fit.
pub fn qr_matrix(text: &str) -> Result<Vec<String>, Error> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).map_err(|e| Error::Mark(e.to_string()))?;
    let rows = code.to_colors();
    Ok(rows.chunks(code.width()).map(|row| row.iter().map(|c| if *c == Color::Dark { '1' } else { '0' }).collect()).collect())
}

//! 电子签章 Signing papers (PAdES B-B) and checking signatures.

use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};
use lopdf::{Document, Object, Stream};
use sha2::{Digest, Sha256};
use typeset::Seal;
use x509_cert::certificate::Certificate;

use crate::ca::{Signer, common_name, issued_by};
use crate::papers::Paper;
use crate::pdf::{Field, ROOM, prepare};
use crate::render::{Papers, SealPlace, render};
use crate::{Error, cms_signature};

/// Opacity of the seal, as the templates draw it.
const SEAL_OPACITY: f32 = 0.88;

/// The look of a visible signature: paths at a place, without fonts.
#[derive(Clone, Debug)]
pub struct Appearance {
    place: SealPlace,
    width: f64,
    height: f64,
    /// Flate-compressed operators.
    content: Vec<u8>,
}

impl Appearance {
    /// The seal of `court` with its middle at `place`.
    ///
    /// # Errors
    /// [`Error::Typeset`] when the court's name has a character without a glyph.
    pub fn seal(papers: &Papers, court: &str, place: SealPlace) -> Result<Self, Error> {
        let seal = papers.seal(court)?;
        Ok(Self { place, width: f64::from(seal.drawing.width), height: f64::from(seal.drawing.height), content: seal.operators.clone() })
    }
}

/// Compressed PDF operators of a drawing, with the seal's opacity.
pub(crate) fn operators(drawing: &typeset::Drawing) -> Result<Vec<u8>, Error> {
    let text = format!("/g gs\n{}", drawing.to_pdf());
    let mut stream = Stream::new(lopdf::Dictionary::new(), text.into_bytes());
    stream.compress()?;
    if stream.dict.get(b"Filter").is_err() {
        return Err(Error::Pdf("seal did not compress".to_owned()));
    }
    Ok(stream.content)
}

/// Typesets a paper and signs it, with the seal as the look of the signature where the paper bears
/// one (R-TYP-04); a paper without seal gets an invisible signature.
///
/// # Errors
/// As [`render`] and [`sign`]; [`Error::NoSealPlace`] when a sealed paper's template names none.
pub fn issue(papers: &Papers, paper: &Paper, signer: &Signer, at: Timestamp) -> Result<Vec<u8>, Error> {
    let rendered = render(papers, paper, Seal::Signature)?;
    let appearance = match (paper.sealing_court(), rendered.seal) {
        (Some(court), Some(place)) => Some(Appearance::seal(papers, court, place)?),
        (Some(_), None) => return Err(Error::NoSealPlace { paper: paper.title() }),
        (None, _) => None,
    };
    sign(&rendered.pdf, signer, at, appearance.as_ref())
}

/// Signs a PDF by an incremental update: the bytes before it stay as they are, earlier signatures
/// stay valid, PDF/A-2b is kept.
///
/// # Errors
/// [`Error::Pdf`] for a PDF that cannot be read or is encrypted.
pub fn sign(pdf: &[u8], signer: &Signer, at: Timestamp, appearance: Option<&Appearance>) -> Result<Vec<u8>, Error> {
    let time = pdf_time(at);
    let mut field = Field { page: 1, rect: [0.0; 4], appearance: None, name: signer.name(), time: &time };
    if let Some(a) = appearance {
        let (x, y) = (a.place.x - a.width / 2.0, a.place.y - a.height / 2.0);
        field.page = u32::try_from(a.place.page).map_err(|e| Error::Pdf(e.to_string()))?;
        field.rect = [x, y, x + a.width, y + a.height];
        field.appearance = Some((a.width, a.height, &a.content, SEAL_OPACITY));
    }
    let mut prepared = prepare(pdf, &field)?;
    let digest = Sha256::new().chain_update(&prepared.bytes[..prepared.open]).chain_update(&prepared.bytes[prepared.close..]).finalize();
    let signature = cms_signature::create(signer, &digest)?;
    if signature.len() > ROOM {
        return Err(Error::Pdf(format!("signature of {} bytes does not fit", signature.len())));
    }
    let digits = hex::encode(&signature);
    prepared.bytes[prepared.open + 1..prepared.open + 1 + digits.len()].copy_from_slice(digits.as_bytes());
    Ok(prepared.bytes)
}

/// Beijing time as PDF writes it.
fn pdf_time(at: Timestamp) -> String {
    let local = at.to_zoned_datetime(TimeZone::fixed(Offset::constant(8)));
    format!("{}+08'00'", local.strftime("D:%Y%m%d%H%M%S"))
}

/// What is to be said of a signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Content unchanged, signature right, certificate issued by a trusted root.
    Valid,
    /// Content unchanged and signature right, but nobody we trust vouches for the certificate.
    Untrusted(String),
    /// Content or signature was changed.
    Broken(String),
}

/// One signature of a PDF.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignatureCheck {
    /// Common name of the certificate, empty when it cannot be read.
    pub signer: String,
    /// Time stated in the signature.
    pub at: Option<Timestamp>,
    /// Whether it covers the file to its end; if not, something was appended after it.
    pub whole_file: bool,
    pub verdict: Verdict,
}

/// Checks every signature of a PDF against trusted roots, with our own code alone.
///
/// # Errors
/// [`Error::Pdf`] when the file cannot be read as PDF.
pub fn check_signatures(pdf: &[u8], trusted: &[Certificate]) -> Result<Vec<SignatureCheck>, Error> {
    let document = Document::load_mem(pdf)?;
    let mut checks = Vec::new();
    let Ok(form) = document.catalog()?.get(b"AcroForm") else { return Ok(checks) };
    let (_, form) = document.dereference(form)?;
    let (_, fields) = document.dereference(form.as_dict()?.get(b"Fields")?)?;
    for field in fields.as_array()? {
        let (_, field) = document.dereference(field)?;
        let Ok(value) = field.as_dict()?.get(b"V") else { continue };
        let (_, value) = document.dereference(value)?;
        if let Ok(dictionary) = value.as_dict()
            && dictionary.get(b"Type").and_then(Object::as_name).is_ok_and(|n| n == b"Sig")
        {
            checks.push(check_one(pdf, dictionary, trusted));
        }
    }
    Ok(checks)
}

fn check_one(pdf: &[u8], dictionary: &lopdf::Dictionary, trusted: &[Certificate]) -> SignatureCheck {
    let time = dictionary.get(b"M").and_then(Object::as_str).ok();
    let at = time.and_then(|t| parse_pdf_time(&String::from_utf8_lossy(t)));
    let mut check = SignatureCheck { signer: String::new(), at, whole_file: false, verdict: Verdict::Valid };
    let parts = match signed_parts(pdf, dictionary) {
        Ok(parts) => parts,
        Err(reason) => {
            check.verdict = Verdict::Broken(reason);
            return check;
        }
    };
    check.whole_file = parts.end == pdf.len();
    match cms_signature::verify(&parts.signature, &parts.digest) {
        Err(reason) => check.verdict = Verdict::Broken(reason),
        Ok(certificate) => {
            check.signer = common_name(&certificate);
            let at = at.unwrap_or(Timestamp::UNIX_EPOCH); // no time: no certificate was valid then
            let reasons: Vec<String> = trusted.iter().filter_map(|root| issued_by(&certificate, root, at).err()).collect();
            if reasons.len() == trusted.len() {
                let reason = reasons.first().cloned().unwrap_or_else(|| "no root is trusted".to_owned());
                check.verdict = Verdict::Untrusted(reason);
            }
        }
    }
    check
}

struct Parts {
    digest: Vec<u8>,
    signature: Vec<u8>,
    /// Offset at which the signed bytes end.
    end: usize,
}

/// The two signed stretches and the signature between them. The hole must be exactly the contents:
/// a wider one could hide other bytes.
fn signed_parts(pdf: &[u8], dictionary: &lopdf::Dictionary) -> Result<Parts, String> {
    let range = dictionary.get(b"ByteRange").and_then(Object::as_array).map_err(|e| e.to_string())?;
    let numbers: Vec<usize> = range.iter().filter_map(|n| n.as_i64().ok().and_then(|n| usize::try_from(n).ok())).collect();
    let [0, open, close, rest] = numbers[..] else {
        return Err("byte range is not two stretches from the start".to_owned());
    };
    let end = close.checked_add(rest).filter(|end| *end <= pdf.len() && open < close);
    let Some(end) = end else { return Err("byte range leaves the file".to_owned()) };
    let hole = pdf[open..close].strip_prefix(b"<").and_then(|h| h.strip_suffix(b">")).ok_or("the gap is not the signature")?;
    let padded = hex::decode(hole).map_err(|_| "the gap is not the signature")?;
    let length = der_length(&padded).ok_or("signature cannot be read")?;
    if padded[length..].iter().any(|b| *b != 0) {
        return Err("bytes hidden after the signature".to_owned());
    }
    let digest = Sha256::new().chain_update(&pdf[..open]).chain_update(&pdf[close..end]).finalize();
    Ok(Parts { digest: digest.to_vec(), signature: padded[..length].to_vec(), end })
}

/// Whole length of the DER value at the start.
fn der_length(bytes: &[u8]) -> Option<usize> {
    let first = usize::from(*bytes.get(1)?);
    let length = if first < 0x80 {
        2 + first
    } else {
        let count = first & 0x7f;
        let digits = bytes.get(2..2 + count).filter(|_| count <= 4)?;
        2 + count + digits.iter().fold(0, |n, b| n << 8 | usize::from(*b))
    };
    (length <= bytes.len()).then_some(length)
}

/// `D:YYYYMMDDHHmmSS` with `Z` or `+HH'mm'`.
fn parse_pdf_time(text: &str) -> Option<Timestamp> {
    let text = text.strip_prefix("D:")?;
    let civil = jiff::civil::DateTime::strptime("%Y%m%d%H%M%S", text.get(..14)?).ok()?;
    let zone = text.get(14..)?;
    let sign = match zone.chars().next()? {
        'Z' => return civil.to_zoned_datetime(TimeZone::UTC).ok().map(|z| z.timestamp()),
        '+' => 1,
        '-' => -1,
        _ => return None,
    };
    let hours: i32 = zone.get(1..3)?.parse().ok()?;
    let minutes: i32 = zone.get(4..6)?.parse().ok()?;
    let offset = Offset::from_seconds(sign * (hours * 3600 + minutes * 60)).ok()?;
    civil.to_zoned_datetime(TimeZone::fixed(offset)).ok().map(|z| z.timestamp())
}

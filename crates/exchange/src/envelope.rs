//! 信封: what crosses between zones: sealed for the peer, signed by the sender, named by an id.
//!
//! Form: a CBOR array of two byte strings.
//! 1. header: a CBOR array `[3, id (16 bytes), from, to, kind, created (milliseconds since 1970), nonce (12 bytes)]`
//! 2. sealed body: AES-256-GCM over the CBOR array `[signature, payload, [[digest, bytes] …]]`, with the header as associated
//!    data, under HKDF-SHA-256(X25519(own secret, peer's public), salt = id, info = label ‖ from ‖ 0 ‖ to)
//!
//! The signature is Ed25519 over label ‖ SHA-256 of the header ‖ SHA-256 of the payload ‖ the SHA-256 digest of each file.
//!
//! The key differs for each id, so that a random nonce never meets another under the same key but by re-sealing one id.
//! The seal already tells a stranger's envelope from the peer's; the signature says for good that the peer wrote it. It lies
//! inside of the seal: outside, whoever reads the wire could try guesses of the content against it. It names files by the
//! digests that both sides have anyway: megabytes are hashed once on each side and copied as little as can be.
use crate::{Error, Keys};
use aes_gcm::{
    Aes256Gcm, KeyInit, Nonce, Tag,
    aead::{AeadInOut, inout::InOutBuf},
};
use ed25519_dalek::{Signature, Signer};
use hkdf::Hkdf;
use jiff::Timestamp;
use minicbor::{Decoder, Encoder};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

const VERSION: u64 = 3;
const LABEL: &[u8] = b"xiezhi-exchange-3";
/// Bytes of the seal behind the sealed body.
const TAG: usize = 16;
/// What the payload and files of one envelope come to at most.
pub const MOST: u64 = 64 << 20;
/// Room for the frame around them.
const FRAME: u64 = 1 << 20;
const MOST_FILES: usize = 4096;
const MOST_KIND: usize = 100;

/// A file that travels inside of an envelope, under its SHA-256 digest.
#[derive(Clone, PartialEq, Eq)]
pub struct File {
    pub digest: [u8; 32],
    pub bytes: Vec<u8>,
}

impl std::fmt::Debug for File {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "File({}, {} bytes)", hex::encode(self.digest), self.bytes.len())
    }
}

impl File {
    /// Names these bytes by their digest.
    pub fn of(bytes: Vec<u8>) -> Self {
        Self { digest: Sha256::digest(&bytes).into(), bytes }
    }
}

/// What is to be sealed.
#[derive(Debug, Clone)]
pub struct Letter<'a> {
    /// Names the envelope for ever: whoever delivers it twice delivers it once.
    pub id: Uuid,
    /// The sender's clock.
    pub created: Timestamp,
    /// What the payload is, as both zones agreed.
    pub kind: &'a str,
    pub payload: &'a [u8],
    pub files: &'a [File],
}

/// An envelope that was opened: authentic, for this zone, whole. Not yet scanned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    pub id: Uuid,
    pub from: String,
    pub kind: String,
    pub created: Timestamp,
    pub payload: Vec<u8>,
    pub files: Vec<File>,
}

/// A kind of envelope that a zone takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kind {
    pub name: &'static str,
    /// Bytes of payload at most.
    pub payload: u64,
    /// Files at most.
    pub files: usize,
}

struct Header<'a> {
    id: Uuid,
    from: &'a str,
    to: &'a str,
    kind: &'a str,
    created: Timestamp,
    nonce: [u8; 12],
}

/// Seals a letter for the peer.
pub fn seal(keys: &Keys, letter: &Letter<'_>) -> Result<Vec<u8>, Error> {
    let size = letter.files.iter().fold(letter.payload.len() as u64, |sum, file| sum + file.bytes.len() as u64);
    if size > MOST {
        return Err(Error::TooLarge { size, most: MOST });
    }
    if letter.files.len() > MOST_FILES {
        return Err(Error::Files { found: letter.files.len(), most: MOST_FILES });
    }
    if letter.kind.is_empty() || letter.kind.len() > MOST_KIND {
        return Err(Error::UnknownKind(letter.kind.to_owned()));
    }
    let mut nonce = [0; 12];
    crate::random(&mut nonce)?;
    let (from, to) = (keys.own.zone(), keys.peer.zone());
    let header = Header { id: letter.id, from, to, kind: letter.kind, created: letter.created, nonce };
    let head = header.encoded();
    let digests = letter.files.iter().map(|file| file.digest);
    let signature = keys.own.sign.sign(&signed(&head, letter.payload, digests)).to_bytes();

    // Everything is written once, where it leaves; the body is sealed in its place.
    let body = body_size(letter);
    let mut out = Vec::with_capacity(frame_size(head.len(), body + TAG));
    let mut cbor = Encoder::new(&mut out);
    plain(cbor.array(2).and_then(|cbor| cbor.bytes(&head)).and_then(|cbor| cbor.bytes_len((body + TAG) as u64)));
    let start = cbor.writer().len();
    plain(cbor.array(3).and_then(|cbor| cbor.bytes(&signature)).and_then(|cbor| cbor.bytes(letter.payload)));
    plain(cbor.array(letter.files.len() as u64));
    for file in letter.files {
        plain(cbor.array(2).and_then(|cbor| cbor.bytes(&file.digest)).and_then(|cbor| cbor.bytes(&file.bytes)));
    }
    assert_eq!(out.len() - start, body, "the announced length of the body");
    let tag = cipher(keys, &header)?.encrypt_inout_detached(&Nonce::from(nonce), &head, InOutBuf::from(&mut out[start..]));
    out.extend_from_slice(&tag.map_err(|_| Error::Seal)?);
    Ok(out)
}

/// Opens an envelope of the peer. Nothing of it is looked at beyond the frame before the seal has opened, and nothing is given
/// out before the signature has verified; every file is then what its digest names.
pub fn open(keys: &Keys, bytes: &[u8]) -> Result<Opened, Error> {
    let most = MOST + FRAME;
    if bytes.len() as u64 > most {
        return Err(Error::TooLarge { size: bytes.len() as u64, most });
    }
    let mut cbor = Decoder::new(bytes);
    array(&mut cbor, 2)?;
    let (head, sealed) = (byte_string(&mut cbor)?, byte_string(&mut cbor)?);
    end(&cbor)?;
    // The frame is all that neither seal nor signature covers: it has one form.
    if bytes.len() != frame_size(head.len(), sealed.len()) {
        return Err(Error::Malformed("frame in its shortest form"));
    }
    let header = Header::decoded(head)?;
    // Who and for whom is told apart from a broken signature, since the remedy is another: a wrong key file, a wrong route.
    if header.to != keys.own.zone() {
        return Err(Error::WrongAddressee { to: header.to.to_owned(), own: keys.own.zone().to_owned() });
    }
    if header.from != keys.peer.zone() {
        return Err(Error::WrongSender { from: header.from.to_owned(), peer: keys.peer.zone().to_owned() });
    }
    let (sealed, tag) = sealed.split_last_chunk::<TAG>().ok_or(Error::Seal)?;
    let mut body = sealed.to_vec();
    let opened = cipher(keys, &header)?.decrypt_inout_detached(&Nonce::from(header.nonce), head, InOutBuf::from(&mut body[..]), &Tag::from(*tag));
    opened.map_err(|_| Error::Seal)?;

    let mut cbor = Decoder::new(&body);
    array(&mut cbor, 3)?;
    let signature = Signature::from_slice(byte_string(&mut cbor)?).map_err(|_| Error::Malformed("signature of 64 bytes"))?;
    let payload = byte_string(&mut cbor)?;
    let count = cbor.array().map_err(malformed)?.ok_or(Error::Malformed("list of files"))?;
    let mut files = vec![];
    for _ in 0..count {
        array(&mut cbor, 2)?;
        let digest: [u8; 32] = byte_string(&mut cbor)?.try_into().map_err(|_| Error::Malformed("digest of 32 bytes"))?;
        let bytes = byte_string(&mut cbor)?;
        if <[u8; 32]>::from(Sha256::digest(bytes)) != digest {
            return Err(Error::FileDigest(hex::encode(digest)));
        }
        files.push(File { digest, bytes: bytes.to_vec() });
        if files.len() > MOST_FILES {
            return Err(Error::Files { found: files.len(), most: MOST_FILES });
        }
    }
    end(&cbor)?;
    let signed = signed(head, payload, files.iter().map(|file| file.digest));
    keys.peer.sign.verify_strict(&signed, &signature).map_err(|_| Error::Signature)?;
    let Header { id, from, kind, created, .. } = header;
    Ok(Opened { id, from: from.to_owned(), kind: kind.to_owned(), created, payload: payload.to_vec(), files })
}

/// The check on the way in: a declared kind within its limits, and each file once.
pub fn scan(opened: &Opened, kinds: &[Kind]) -> Result<(), Error> {
    let Some(kind) = kinds.iter().find(|kind| kind.name == opened.kind) else {
        return Err(Error::UnknownKind(opened.kind.clone()));
    };
    if opened.payload.len() as u64 > kind.payload {
        return Err(Error::TooLarge { size: opened.payload.len() as u64, most: kind.payload });
    }
    let mut digests: Vec<_> = opened.files.iter().map(|file| file.digest).collect();
    digests.sort_unstable();
    digests.dedup();
    if opened.files.len() > kind.files || digests.len() != opened.files.len() {
        return Err(Error::Files { found: opened.files.len(), most: kind.files });
    }
    Ok(())
}

fn cipher(keys: &Keys, header: &Header<'_>) -> Result<Aes256Gcm, Error> {
    let shared = keys.own.agree(&keys.peer)?;
    let mut key = [0; 32];
    let info = [LABEL, header.from.as_bytes(), &[0], header.to.as_bytes()].concat();
    let derived = Hkdf::<Sha256>::new(Some(header.id.as_bytes()), &shared).expand(&info, &mut key);
    derived.map_err(|_| Error::Seal)?;
    Ok(Aes256Gcm::new(&key.into()))
}

fn signed(head: &[u8], payload: &[u8], files: impl Iterator<Item = [u8; 32]>) -> Vec<u8> {
    let mut words = [LABEL, &Sha256::digest(head), &Sha256::digest(payload)].concat();
    words.extend(files.flatten());
    words
}

impl<'a> Header<'a> {
    fn encoded(&self) -> Vec<u8> {
        let mut bytes = vec![];
        let mut cbor = Encoder::new(&mut bytes);
        let written = cbor.array(7).and_then(|cbor| cbor.u64(VERSION)).and_then(|cbor| cbor.bytes(self.id.as_bytes()));
        let written = written.and_then(|cbor| cbor.str(self.from)).and_then(|cbor| cbor.str(self.to)).and_then(|cbor| cbor.str(self.kind));
        plain(written.and_then(|cbor| cbor.i64(self.created.as_millisecond())).and_then(|cbor| cbor.bytes(&self.nonce)));
        bytes
    }

    fn decoded(bytes: &'a [u8]) -> Result<Self, Error> {
        let mut cbor = Decoder::new(bytes);
        let fields = cbor.array().map_err(|_| Error::Malformed("header"))?;
        match cbor.u64().map_err(|_| Error::Malformed("version"))? {
            VERSION if fields == Some(7) => {}
            VERSION => return Err(Error::Malformed("header of seven")),
            other => return Err(Error::Version(other)),
        }
        let id = Uuid::from_slice(byte_string(&mut cbor)?).map_err(|_| Error::Malformed("id of 16 bytes"))?;
        let mut text = || cbor.str().ok().filter(|text| text.len() <= MOST_KIND).ok_or(Error::Malformed("text in the header"));
        let (from, to, kind) = (text()?, text()?, text()?);
        let created = cbor.i64().ok().and_then(|ms| Timestamp::from_millisecond(ms).ok()).ok_or(Error::Malformed("time"))?;
        let nonce = byte_string(&mut cbor)?.try_into().map_err(|_| Error::Malformed("nonce of 12 bytes"))?;
        end(&cbor)?;
        Ok(Self { id, from, to, kind, created, nonce })
    }
}

/// Bytes of a byte string of this length.
fn string_size(length: usize) -> usize {
    minicbor::len(length as u64) + length
}

/// Bytes of an envelope around a header and a sealed body of these lengths.
fn frame_size(head: usize, sealed: usize) -> usize {
    1 + string_size(head) + string_size(sealed)
}

/// Bytes of the body of a letter.
fn body_size(letter: &Letter<'_>) -> usize {
    let file = |file: &File| 1 + string_size(file.digest.len()) + string_size(file.bytes.len());
    let files = minicbor::len(letter.files.len() as u64) + letter.files.iter().map(file).sum::<usize>();
    1 + string_size(Signature::BYTE_SIZE) + string_size(letter.payload.len()) + files
}

/// Writing into memory does not fail.
pub(crate) fn plain<T>(written: Result<T, minicbor::encode::Error<std::convert::Infallible>>) {
    written.expect("plain arrays, numbers, texts and bytes into memory");
}

/// An array of so many and no more.
pub(crate) fn array(cbor: &mut Decoder<'_>, length: u64) -> Result<(), Error> {
    match cbor.array().map_err(malformed)? {
        Some(found) if found == length => Ok(()),
        _ => Err(Error::Malformed("length of an array")),
    }
}

pub(crate) fn byte_string<'b>(cbor: &mut Decoder<'b>) -> Result<&'b [u8], Error> {
    cbor.bytes().map_err(|_| Error::Malformed("byte string"))
}

/// Nothing stands behind what was read.
pub(crate) fn end(cbor: &Decoder<'_>) -> Result<(), Error> {
    if cbor.position() == cbor.input().len() { Ok(()) } else { Err(Error::Malformed("bytes behind the end")) }
}

fn malformed(_: minicbor::decode::Error) -> Error {
    Error::Malformed("CBOR")
}

//! 信封: what crosses between zones: sealed for the peer, signed by the sender, named by an id.
//!
//! Form: a CBOR array of three byte strings.
//! 1. header: a CBOR array `[2, id (16 bytes), from, to, kind, created (milliseconds since 1970), nonce (12 bytes)]`
//! 2. sealed body: AES-256-GCM over the CBOR array `[payload, [[digest, bytes] …]]`, with the header as associated data,
//!    under HKDF-SHA-256(X25519(own secret, peer's public), salt = id, info = label ‖ from ‖ 0 ‖ to)
//! 3. signature: Ed25519 over label ‖ SHA-256 of the header ‖ SHA-256 of the sealed body: Ed25519 itself goes over what it
//!    signs twice with a hash that is far slower on files of megabytes
//!
//! The key differs for each id, so that a random nonce never meets another under the same key but by re-sealing one id.
use crate::{Error, Keys};
use aes_gcm::{
    Aes256Gcm, KeyInit, Nonce,
    aead::{Aead, Payload},
};
use ciborium::Value;
use ed25519_dalek::{Signature, Signer};
use hkdf::Hkdf;
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

const VERSION: u64 = 2;
const LABEL: &[u8] = b"xiezhi-exchange-2";
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

struct Header {
    id: Uuid,
    from: String,
    to: String,
    kind: String,
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
    let (from, to) = (keys.own.zone().to_owned(), keys.peer.zone().to_owned());
    let header = Header { id: letter.id, from, to, kind: letter.kind.to_owned(), created: letter.created, nonce };
    let head = encode(&header.to_value());
    let files = letter.files.iter().map(|file| Value::Array(vec![Value::Bytes(file.digest.to_vec()), Value::Bytes(file.bytes.clone())]));
    let body = encode(&Value::Array(vec![Value::Bytes(letter.payload.to_vec()), Value::Array(files.collect())]));
    let cipher = cipher(keys, &header)?;
    let sealed = cipher.encrypt(&Nonce::from(nonce), Payload { msg: &body, aad: &head }).map_err(|_| Error::Seal)?;
    let signature = keys.own.sign.sign(&signed(&head, &sealed)).to_bytes().to_vec();
    Ok(encode(&Value::Array(vec![Value::Bytes(head), Value::Bytes(sealed), Value::Bytes(signature)])))
}

/// Opens an envelope of the peer. Nothing of it is looked at beyond the frame before the signature has verified.
pub fn open(keys: &Keys, bytes: &[u8]) -> Result<Opened, Error> {
    let most = MOST + FRAME;
    if bytes.len() as u64 > most {
        return Err(Error::TooLarge { size: bytes.len() as u64, most });
    }
    let [head, sealed, signature] = array(decode(bytes)?)?;
    let (head, sealed) = (byte_string(head)?, byte_string(sealed)?);
    let signature = Signature::from_slice(&byte_string(signature)?).map_err(|_| Error::Malformed("signature of 64 bytes"))?;
    let header = Header::from_value(decode(&head)?)?;
    // Who and for whom is told apart from a broken signature, since the remedy is another: a wrong key file, a wrong route.
    if header.to != keys.own.zone() {
        return Err(Error::WrongAddressee { to: header.to, own: keys.own.zone().to_owned() });
    }
    if header.from != keys.peer.zone() {
        return Err(Error::WrongSender { from: header.from, peer: keys.peer.zone().to_owned() });
    }
    keys.peer.sign.verify_strict(&signed(&head, &sealed), &signature).map_err(|_| Error::Signature)?;
    let cipher = cipher(keys, &header)?;
    let nonce = Nonce::from(header.nonce);
    let body = cipher.decrypt(&nonce, Payload { msg: &sealed, aad: &head }).map_err(|_| Error::Seal)?;
    let [payload, files] = array(decode(&body)?)?;
    let Value::Array(files) = files else { return Err(Error::Malformed("list of files")) };
    let files = files.into_iter().map(file).collect::<Result<_, _>>()?;
    let Header { id, from, kind, created, .. } = header;
    Ok(Opened { id, from, kind, created, payload: byte_string(payload)?, files })
}

/// The check on the way in: a declared kind within its limits, and every file is what its digest names, once.
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
    let wrong = opened.files.iter().find(|file| <[u8; 32]>::from(Sha256::digest(&file.bytes)) != file.digest);
    wrong.map_or(Ok(()), |file| Err(Error::FileDigest(hex::encode(file.digest))))
}

fn cipher(keys: &Keys, header: &Header) -> Result<Aes256Gcm, Error> {
    let shared = keys.own.agree(&keys.peer)?;
    let mut key = [0; 32];
    let info = [LABEL, header.from.as_bytes(), &[0], header.to.as_bytes()].concat();
    let derived = Hkdf::<Sha256>::new(Some(header.id.as_bytes()), &shared).expand(&info, &mut key);
    derived.map_err(|_| Error::Seal)?;
    Ok(Aes256Gcm::new(&key.into()))
}

fn signed(head: &[u8], sealed: &[u8]) -> Vec<u8> {
    [LABEL, &Sha256::digest(head), &Sha256::digest(sealed)].concat()
}

impl Header {
    fn to_value(&self) -> Value {
        Value::Array(vec![
            Value::from(VERSION),
            Value::Bytes(self.id.as_bytes().to_vec()),
            Value::from(self.from.as_str()),
            Value::from(self.to.as_str()),
            Value::from(self.kind.as_str()),
            Value::from(self.created.as_millisecond()),
            Value::Bytes(self.nonce.to_vec()),
        ])
    }

    fn from_value(value: Value) -> Result<Self, Error> {
        let Value::Array(fields) = value else { return Err(Error::Malformed("header")) };
        let number = |value: &Value| value.as_integer().and_then(|integer| i64::try_from(integer).ok());
        let version = fields.first().and_then(number).and_then(|version| u64::try_from(version).ok());
        match version.ok_or(Error::Malformed("version"))? {
            VERSION => {}
            other => return Err(Error::Version(other)),
        }
        let [_, id, from, to, kind, created, nonce] = <[Value; 7]>::try_from(fields).map_err(|_| Error::Malformed("header of seven"))?;
        let text = |value: Value| value.into_text().ok().filter(|text| text.len() <= MOST_KIND).ok_or(Error::Malformed("text in the header"));
        let created = number(&created).and_then(|ms| Timestamp::from_millisecond(ms).ok()).ok_or(Error::Malformed("time"))?;
        let id = Uuid::from_slice(&byte_string(id)?).map_err(|_| Error::Malformed("id of 16 bytes"))?;
        let nonce = byte_string(nonce)?.try_into().map_err(|_| Error::Malformed("nonce of 12 bytes"))?;
        Ok(Self { id, from: text(from)?, to: text(to)?, kind: text(kind)?, created, nonce })
    }
}

fn file(value: Value) -> Result<File, Error> {
    let [digest, bytes] = array(value)?;
    let digest = byte_string(digest)?.try_into().map_err(|_| Error::Malformed("digest of 32 bytes"))?;
    Ok(File { digest, bytes: byte_string(bytes)? })
}

pub(crate) fn encode(value: &Value) -> Vec<u8> {
    let mut bytes = Vec::new();
    ciborium::into_writer(value, &mut bytes).expect("a value of plain arrays, numbers, texts and bytes into memory");
    bytes
}

/// One CBOR item and nothing behind it.
pub(crate) fn decode(mut bytes: &[u8]) -> Result<Value, Error> {
    let value = ciborium::de::from_reader_with_recursion_limit(&mut bytes, 8).map_err(|_| Error::Malformed("CBOR"))?;
    if bytes.is_empty() { Ok(value) } else { Err(Error::Malformed("bytes behind the end")) }
}

pub(crate) fn array<const N: usize>(value: Value) -> Result<[Value; N], Error> {
    let fields = value.into_array().map_err(|_| Error::Malformed("array"))?;
    fields.try_into().map_err(|_| Error::Malformed("length of an array"))
}

pub(crate) fn byte_string(value: Value) -> Result<Vec<u8>, Error> {
    value.into_bytes().map_err(|_| Error::Malformed("byte string"))
}

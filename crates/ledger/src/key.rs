//! 密钥 (keys) and their texts, as C2SP signed notes write them: `name+id+base64(type || public key)`.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::Signer as _;
use sha2::Digest;
use sm2::dsa::signature::Verifier as _;

use crate::{Error, Result, Suite};

/// The signer's identity that SM2 mixes into every digest when nobody agreed on another (GM/T 0009).
pub const DEFAULT_SM2_ID: &str = "1234567812345678";

const ED25519_NOTE: &[u8] = &[0x01];
const ED25519_COSIGN: &[u8] = &[0x04];
// C2SP keeps 0xff for types without a number, followed by a longer name. The NUL ends the name, so that neither is a prefix.
const SM2_NOTE: &[u8] = b"\xffsm2-sm3/note/v1\0";
const SM2_COSIGN: &[u8] = b"\xffsm2-sm3/cosign/v1\0";

/// What a key signs, fixed in its text so that one use cannot be passed off as the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// The text of a note as it stands.
    Note,
    /// A checkpoint that was checked for consistency, with the time of checking (C2SP tlog-cosignature).
    Cosign,
}

#[derive(Clone)]
enum Public {
    Intl(ed25519_dalek::VerifyingKey),
    Sm(Box<sm2::dsa::VerifyingKey>),
}

/// Public key with the name that stands in signature lines.
#[derive(Clone)]
pub struct VerifyingKey {
    name: String,
    id: [u8; 4],
    purpose: Purpose,
    public: Public,
}

impl VerifyingKey {
    fn new(name: &str, purpose: Purpose, public: Public) -> Result<Self> {
        check_name(name)?;
        let mut key = Self { name: name.to_owned(), id: [0; 4], purpose, public };
        // SHA-256 in both suites: the specification's rule. The id only finds the key; it proves nothing.
        let digest = sha2::Sha256::new().chain_update(name).chain_update("\n").chain_update(key.encoded()).finalize();
        key.id.copy_from_slice(&digest[..4]);
        Ok(key)
    }

    /// Reads the text form; the id must be the one that follows from name and key.
    pub fn parse(text: &str) -> Result<Self> {
        let mut parts = text.splitn(3, '+');
        let (Some(name), Some(id), Some(encoded)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(Error::Key("not of the form name+id+key".into()));
        };
        let bytes = STANDARD.decode(encoded).map_err(|_| Error::Key(format!("{name}: not base64")))?;
        let (suite, purpose, rest) = split_type(&bytes).ok_or_else(|| Error::Key(format!("{name}: unknown type")))?;
        let wrong = || Error::Key(format!("{name}: not a point of the curve"));
        let public = match suite {
            Suite::Intl => {
                let key: [u8; 32] = rest.try_into().map_err(|_| wrong())?;
                let key = ed25519_dalek::VerifyingKey::from_bytes(&key).map_err(|_| wrong())?;
                if key.is_weak() {
                    return Err(wrong());
                }
                Public::Intl(key)
            }
            Suite::Sm => {
                let (id, point) = split_sm2_id(rest).ok_or_else(wrong)?;
                if point.len() != 65 || point[0] != 4 {
                    return Err(wrong());
                }
                Public::Sm(Box::new(sm2::dsa::VerifyingKey::from_sec1_bytes(id, point).map_err(|_| wrong())?))
            }
        };
        let key = Self::new(name, purpose, public)?;
        if hex::encode(key.id) != id {
            return Err(Error::Key(format!("{name}: id {id} does not belong to this key")));
        }
        Ok(key)
    }

    /// Name in signature lines; for a log's key its origin.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Four bytes that, with the name, find the key of a signature.
    #[must_use]
    pub fn id(&self) -> [u8; 4] {
        self.id
    }

    /// Suite of this key.
    #[must_use]
    pub fn suite(&self) -> Suite {
        match self.public {
            Public::Intl(_) => Suite::Intl,
            Public::Sm(_) => Suite::Sm,
        }
    }

    /// What this key signs.
    #[must_use]
    pub fn purpose(&self) -> Purpose {
        self.purpose
    }

    /// Checks a signature over a note's text. For a cosignature the answer is its time in seconds since 1970.
    pub fn verify(&self, text: &str, signature: &[u8]) -> Result<Option<u64>> {
        let (time, signature) = match self.purpose {
            Purpose::Note => (None, signature),
            Purpose::Cosign => {
                let (time, rest) = signature.split_first_chunk::<8>().ok_or_else(|| self.bad())?;
                (Some(u64::from_be_bytes(*time)), rest)
            }
        };
        let message = message(text, time);
        match &self.public {
            Public::Intl(key) => {
                let signature = ed25519_dalek::Signature::from_slice(signature).map_err(|_| self.bad())?;
                // Strict: one message, one key, one form of the signature.
                key.verify_strict(message.as_bytes(), &signature).map_err(|_| self.bad())?;
            }
            Public::Sm(key) => {
                let signature = sm2::dsa::Signature::from_slice(signature).map_err(|_| self.bad())?;
                key.verify(message.as_bytes(), &signature).map_err(|_| self.bad())?;
            }
        }
        Ok(time)
    }

    fn bad(&self) -> Error {
        Error::Signature(format!("the signature of {} does not verify", self.name))
    }

    fn encoded(&self) -> Vec<u8> {
        let mut out = key_type(self.suite(), self.purpose).to_vec();
        match &self.public {
            Public::Intl(key) => out.extend_from_slice(key.as_bytes()),
            Public::Sm(key) => {
                push_sm2_id(&mut out, key.distid());
                out.extend_from_slice(&key.to_sec1_bytes());
            }
        }
        out
    }
}

impl fmt::Display for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}+{}+{}", self.name, hex::encode(self.id), STANDARD.encode(self.encoded()))
    }
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl PartialEq for VerifyingKey {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name && self.encoded() == other.encoded()
    }
}

#[derive(Clone)]
enum Secret {
    Intl(Box<ed25519_dalek::SigningKey>),
    Sm(Box<sm2::dsa::SigningKey>),
}

/// Secret key. Its `Debug` shows the public half only.
#[derive(Clone)]
pub struct SigningKey {
    secret: Secret,
    public: VerifyingKey,
}

impl SigningKey {
    /// A new key from the operating system's randomness, SM2 with [`DEFAULT_SM2_ID`].
    pub fn generate(suite: Suite, name: &str, purpose: Purpose) -> Result<Self> {
        loop {
            let mut seed = [0; 32];
            getrandom::fill(&mut seed).map_err(Error::Random)?;
            match Self::from_seed(suite, name, purpose, DEFAULT_SM2_ID, &seed) {
                // Out of range as an SM2 scalar: one in four thousand million; draw again.
                Err(Error::Key(_)) if suite == Suite::Sm && check_name(name).is_ok() => {}
                done => return done,
            }
        }
    }

    /// The key that belongs to 32 secret bytes: Ed25519's seed, or SM2's scalar (1 to n-2) under the identity `sm2_id`
    /// (1 to 64 printable ASCII characters; not used by Ed25519).
    pub fn from_seed(suite: Suite, name: &str, purpose: Purpose, sm2_id: &str, seed: &[u8; 32]) -> Result<Self> {
        let (secret, public) = match suite {
            Suite::Intl => {
                let key = ed25519_dalek::SigningKey::from_bytes(seed);
                let public = Public::Intl(key.verifying_key());
                (Secret::Intl(Box::new(key)), public)
            }
            Suite::Sm => {
                check_sm2_id(sm2_id)?;
                let key = sm2::dsa::SigningKey::from_slice(sm2_id, seed).map_err(|_| Error::Key(format!("{name}: not an SM2 scalar")))?;
                // n-1 is a scalar, but 1+d has then no inverse and nothing can be signed.
                key.try_sign(b"").map_err(|_: sm2::dsa::signature::Error| Error::Key(format!("{name}: not an SM2 key")))?;
                let public = Public::Sm(Box::new(key.verifying_key().clone()));
                (Secret::Sm(Box::new(key)), public)
            }
        };
        Ok(Self { secret, public: VerifyingKey::new(name, purpose, public)? })
    }

    /// Reads `PRIVATE+KEY+name+id+base64(type || secret)`.
    pub fn parse(text: &str) -> Result<Self> {
        let broken = || Error::Key("not a secret key's text".into());
        let rest = text.strip_prefix("PRIVATE+KEY+").ok_or_else(broken)?;
        let mut parts = rest.splitn(3, '+');
        let (Some(name), Some(id), Some(encoded)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(broken());
        };
        let bytes = STANDARD.decode(encoded).map_err(|_| broken())?;
        let (suite, purpose, rest) = split_type(&bytes).ok_or_else(broken)?;
        let (sm2_id, seed) = match suite {
            Suite::Intl => (DEFAULT_SM2_ID, rest),
            Suite::Sm => split_sm2_id(rest).ok_or_else(broken)?,
        };
        let key = Self::from_seed(suite, name, purpose, sm2_id, seed.try_into().map_err(|_| broken())?)?;
        if hex::encode(key.public.id) != id {
            return Err(Error::Key(format!("{name}: id {id} does not belong to this key")));
        }
        Ok(key)
    }

    /// The secret's text. It belongs in a file that only the owner reads.
    #[must_use]
    pub fn to_secret_text(&self) -> String {
        let mut bytes = key_type(self.public.suite(), self.public.purpose).to_vec();
        match &self.secret {
            Secret::Intl(key) => bytes.extend_from_slice(key.as_bytes()),
            Secret::Sm(key) => {
                push_sm2_id(&mut bytes, key.distid());
                bytes.extend_from_slice(&key.to_bytes());
            }
        }
        format!("PRIVATE+KEY+{}+{}+{}", self.public.name, hex::encode(self.public.id), STANDARD.encode(bytes))
    }

    /// The public half.
    #[must_use]
    pub fn verifying_key(&self) -> &VerifyingKey {
        &self.public
    }

    /// Suite of this key.
    #[must_use]
    pub fn suite(&self) -> Suite {
        self.public.suite()
    }

    /// Signs a note's text. Refused for a cosigning key, which must say when it looked ([`SigningKey::cosign`]).
    pub fn sign(&self, text: &str) -> Result<Vec<u8>> {
        match self.public.purpose {
            Purpose::Note => self.sign_message(&message(text, None)),
            Purpose::Cosign => Err(Error::Key(format!("{}: cosigns checkpoints only", self.public.name))),
        }
    }

    /// Cosigns a checkpoint's text as of `time`, seconds since 1970. Whoever calls this has checked consistency.
    pub fn cosign(&self, text: &str, time: u64) -> Result<Vec<u8>> {
        match self.public.purpose {
            Purpose::Note => Err(Error::Key(format!("{}: not a cosigning key", self.public.name))),
            Purpose::Cosign => {
                let mut out = time.to_be_bytes().to_vec();
                out.extend(self.sign_message(&message(text, Some(time)))?);
                Ok(out)
            }
        }
    }

    // Both signatures are deterministic (RFC 8032; RFC 6979 with SM3), so signing needs no randomness and golden files stay.
    fn sign_message(&self, message: &str) -> Result<Vec<u8>> {
        match &self.secret {
            Secret::Intl(key) => Ok(key.sign(message.as_bytes()).to_bytes().to_vec()),
            Secret::Sm(key) => key
                .try_sign(message.as_bytes())
                .map(|signature| signature.to_vec())
                .map_err(|_| Error::Signature(format!("{}: SM2 could not sign", self.public.name))),
        }
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({})", self.public)
    }
}

fn message(text: &str, time: Option<u64>) -> String {
    match time {
        None => text.to_owned(),
        Some(time) => format!("cosignature/v1\ntime {time}\n{text}"),
    }
}

/// A key name may hold anything but spaces, plus signs and control characters.
pub(crate) fn check_name(name: &str) -> Result<()> {
    let bad = |c: char| c.is_whitespace() || c.is_control() || c == '+';
    if name.is_empty() || name.len() > 255 || name.contains(bad) {
        return Err(Error::Key(format!("{name:?} cannot be a key name")));
    }
    Ok(())
}

fn check_sm2_id(id: &str) -> Result<()> {
    if (1..=64).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_graphic()) {
        return Ok(());
    }
    Err(Error::Key(format!("{id:?} cannot be an SM2 identity")))
}

fn key_type(suite: Suite, purpose: Purpose) -> &'static [u8] {
    match (suite, purpose) {
        (Suite::Intl, Purpose::Note) => ED25519_NOTE,
        (Suite::Intl, Purpose::Cosign) => ED25519_COSIGN,
        (Suite::Sm, Purpose::Note) => SM2_NOTE,
        (Suite::Sm, Purpose::Cosign) => SM2_COSIGN,
    }
}

fn split_type(bytes: &[u8]) -> Option<(Suite, Purpose, &[u8])> {
    [Suite::Intl, Suite::Sm]
        .into_iter()
        .flat_map(|suite| [(suite, Purpose::Note), (suite, Purpose::Cosign)])
        .find_map(|(suite, purpose)| Some((suite, purpose, bytes.strip_prefix(key_type(suite, purpose))?)))
}

/// One length byte and the identity; length zero stands for [`DEFAULT_SM2_ID`], which has no other form.
fn push_sm2_id(out: &mut Vec<u8>, id: &str) {
    let id = if id == DEFAULT_SM2_ID { "" } else { id };
    out.push(u8::try_from(id.len()).expect("identities are checked to be at most 64 bytes"));
    out.extend_from_slice(id.as_bytes());
}

fn split_sm2_id(bytes: &[u8]) -> Option<(&str, &[u8])> {
    let (len, rest) = bytes.split_first()?;
    if *len == 0 {
        return Some((DEFAULT_SM2_ID, rest));
    }
    let (id, rest) = rest.split_at_checked(usize::from(*len))?;
    let id = std::str::from_utf8(id).ok()?;
    (id != DEFAULT_SM2_ID && check_sm2_id(id).is_ok()).then_some((id, rest))
}

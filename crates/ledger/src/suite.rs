//! 密码套件 (suites): which hash builds the tree and which signature goes with it (R-LED-07).

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::Digest;

use crate::{Error, Result};

/// A pair of hash and signature. A tree, its checkpoints and its receipts stay within one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Suite {
    /// 国密: SM3 (GB/T 32905) and SM2 (GB/T 32918.2).
    Sm,
    /// SHA-256 and Ed25519, byte for byte what C2SP's tlog specifications say.
    Intl,
}

impl Suite {
    /// Digest of the parts, one after the other.
    #[must_use]
    pub fn hash(self, parts: &[&[u8]]) -> Hash {
        match self {
            Self::Sm => {
                let mut hasher = sm3::Sm3::new();
                parts.iter().for_each(|part| hasher.update(part));
                Hash(hasher.finalize().into())
            }
            Self::Intl => {
                let mut hasher = sha2::Sha256::new();
                parts.iter().for_each(|part| hasher.update(part));
                Hash(hasher.finalize().into())
            }
        }
    }

    /// Name of the hash as people know it.
    #[must_use]
    pub fn hash_name(self) -> &'static str {
        match self {
            Self::Sm => "SM3",
            Self::Intl => "SHA-256",
        }
    }

    /// Name of the signature as people know it.
    #[must_use]
    pub fn signature_name(self) -> &'static str {
        match self {
            Self::Sm => "SM2",
            Self::Intl => "Ed25519",
        }
    }
}

/// 摘要 (digest): 32 bytes of SM3 or SHA-256; which of the two, the context says.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Hash(pub [u8; 32]);

impl Hash {
    /// Standard base64 with padding, as checkpoints and proofs write it.
    #[must_use]
    pub fn to_base64(self) -> String {
        STANDARD.encode(self.0)
    }

    /// Lower-case hexadecimal, as records and file digests write it.
    #[must_use]
    pub fn to_hex(self) -> String {
        hex::encode(self.0)
    }

    /// Reads the one base64 form.
    pub fn from_base64(text: &str) -> Result<Self> {
        let mut bytes = [0; 32];
        match STANDARD.decode_slice(text, &mut bytes) {
            Ok(32) if text.len() == 44 => Ok(Self(bytes)),
            _ => Err(Error::Note("digest is not 32 bytes of base64".into())),
        }
    }

    /// Reads lower-case hexadecimal only, so that every digest has one text.
    pub fn from_hex(text: &str) -> Result<Self> {
        let mut bytes = [0; 32];
        let lower = text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        if !lower || hex::decode_to_slice(text, &mut bytes).is_err() {
            return Err(Error::Record("digest is not 64 lower-case hexadecimal digits".into()));
        }
        Ok(Self(bytes))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_hex())
    }
}

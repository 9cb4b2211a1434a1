//! 签名文本 (signed notes) as C2SP signed-note defines them: text, a blank line, signature lines.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::key::check_name;
use crate::{Error, Result, SigningKey, VerifyingKey};

/// Signature lines a note may carry; the specification asks verifiers to take at least this many.
pub const MAX_SIGNATURES: usize = 16;

/// One signature line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// Name of the key.
    pub name: String,
    /// The key's id.
    pub id: [u8; 4],
    /// What the key made of the text.
    pub bytes: Vec<u8>,
}

/// Text with signatures. Reading one checks its form; only [`Note::open`] says that a known key stands behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    text: String,
    signatures: Vec<Signature>,
}

impl Note {
    /// An unsigned note. The text ends in a newline and holds no other control character.
    pub fn new(text: &str) -> Result<Self> {
        let bad = |c: char| c < ' ' && c != '\n';
        if !text.ends_with('\n') || text.contains(bad) {
            return Err(Error::Note("text must end in a newline and hold no control characters".into()));
        }
        Ok(Self { text: text.to_owned(), signatures: Vec::new() })
    }

    /// Reads a signed note with 1 to [`MAX_SIGNATURES`] signatures, each key at most once.
    pub fn parse(note: &str) -> Result<Self> {
        let cut = note.rfind("\n\n").ok_or_else(|| Error::Note("no blank line before the signatures".into()))?;
        let mut parsed = Self::new(&note[..=cut])?;
        let lines = note[cut + 2..].strip_suffix('\n').ok_or_else(|| Error::Note("no newline at the end".into()))?;
        for line in lines.split('\n') {
            parsed.push(Signature::parse(line)?)?;
        }
        Ok(parsed)
    }

    fn push(&mut self, signature: Signature) -> Result<()> {
        if self.signatures.len() == MAX_SIGNATURES {
            return Err(Error::Note(format!("more than {MAX_SIGNATURES} signatures")));
        }
        if self.signatures.iter().any(|s| s.name == signature.name && s.id == signature.id) {
            return Err(Error::Note(format!("{} signed twice", signature.name)));
        }
        self.signatures.push(signature);
        Ok(())
    }

    /// Adds the signature of a note key.
    pub fn sign(mut self, key: &SigningKey) -> Result<Self> {
        let bytes = key.sign(&self.text)?;
        self.push(Signature::by(key.verifying_key(), bytes))?;
        Ok(self)
    }

    /// Adds a cosignature as of `time`, seconds since 1970.
    pub fn cosign(mut self, key: &SigningKey, time: u64) -> Result<Self> {
        let bytes = key.cosign(&self.text, time)?;
        self.push(Signature::by(key.verifying_key(), bytes))?;
        Ok(self)
    }

    /// The text, with its last newline.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The signature lines in their order.
    #[must_use]
    pub fn signatures(&self) -> &[Signature] {
        &self.signatures
    }

    /// The specification's rule for verifiers: unknown keys are passed over, a known key whose signature is wrong
    /// refuses the note, and one known key at least must have signed. Returns the keys that did, in the given order.
    pub fn open<'k>(&self, keys: &[&'k VerifyingKey]) -> Result<Vec<&'k VerifyingKey>> {
        let mut held = Vec::new();
        for key in keys {
            if let Some(signature) = self.signatures.iter().find(|s| s.is_by(key)) {
                key.verify(&self.text, &signature.bytes)?;
                held.push(*key);
            }
        }
        if held.is_empty() {
            return Err(Error::Signature("no signature by a known key".into()));
        }
        Ok(held)
    }
}

impl std::fmt::Display for Note {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "{}", self.text)?;
        self.signatures.iter().try_for_each(|signature| writeln!(f, "{}", signature.line()))
    }
}

impl Signature {
    fn by(key: &VerifyingKey, bytes: Vec<u8>) -> Self {
        Self { name: key.name().to_owned(), id: key.id(), bytes }
    }

    /// Whether name and id are this key's.
    #[must_use]
    pub fn is_by(&self, key: &VerifyingKey) -> bool {
        self.name == key.name() && self.id == key.id()
    }

    /// Reads `— name base64(id || signature)`.
    pub fn parse(line: &str) -> Result<Self> {
        let broken = || Error::Note("not a signature line".into());
        let (name, encoded) = line.strip_prefix("— ").and_then(|rest| rest.split_once(' ')).ok_or_else(broken)?;
        check_name(name).map_err(|_| broken())?;
        let bytes = STANDARD.decode(encoded).map_err(|_| broken())?;
        let (id, bytes) = bytes.split_first_chunk::<4>().ok_or_else(broken)?;
        if bytes.is_empty() {
            return Err(broken());
        }
        Ok(Self { name: name.to_owned(), id: *id, bytes: bytes.to_vec() })
    }

    /// The line without its newline.
    #[must_use]
    pub fn line(&self) -> String {
        let mut bytes = self.id.to_vec();
        bytes.extend_from_slice(&self.bytes);
        format!("— {} {}", self.name, STANDARD.encode(bytes))
    }
}

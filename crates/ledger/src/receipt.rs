//! 回执 (receipt): one text file in two states. Signed at submission; completed with the log's proof. The first part
//! stays byte for byte what it was. Format: `docs/ledger-format.md`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::log::Proof;
use crate::record::{check_text, commitment, from_canonical, to_canonical};
use crate::tree::{leaf_hash, verify_inclusion};
use crate::{Checkpoint, Error, Hash, Kind, Note, Record, Result, Salt, SigningKey, Stamp, Suite};

/// First line of every receipt.
pub const HEADER: &str = "xiezhi-receipt/v1";
/// Longest receipt that is read, in bytes.
pub const MAX_BYTES: usize = 128 * 1024;
/// Signatures on the first part.
pub const MAX_SIGNERS: usize = 4;
const MAX_FILES: usize = 500;
const MAX_FACTS: usize = 64;
/// JSON numbers are exact up to here.
const MAX_NUMBER: u64 = (1 << 53) - 1;

/// A file that the receipt is about. Fields in the order of their names (RFC 8785).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileDigest {
    /// Length in bytes.
    pub bytes: u64,
    /// Name as the person gave it.
    pub name: String,
    /// Pages, where they were counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pages: Option<u32>,
    /// SHA-256 in lower-case hexadecimal.
    pub sha256: String,
    /// SM3 beside it, where 国密 is asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sm3: Option<String>,
}

/// What is certified. Fields in the order of their names (RFC 8785).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Content {
    /// The legal time: when it was received or served (strict RFC 3339).
    pub at: String,
    /// Code of the court.
    pub court: String,
    /// Other facts, name to value, for people.
    pub facts: BTreeMap<String, String>,
    /// The files.
    pub files: Vec<FileDigest>,
    /// What it is a receipt of.
    pub kind: Kind,
    /// Number of the receipt.
    pub no: String,
    /// Title for people.
    pub title: String,
    /// Version of this format: 1.
    pub v: u32,
}

impl Content {
    /// Empty content of a kind; files and facts are added by the caller.
    #[must_use]
    pub fn new(kind: Kind, no: &str, title: &str, court: &str, at: &Stamp) -> Self {
        Self {
            at: at.to_string(),
            court: court.to_owned(),
            facts: BTreeMap::new(),
            files: Vec::new(),
            kind,
            no: no.to_owned(),
            title: title.to_owned(),
            v: 1,
        }
    }

    fn check(&self) -> Result<()> {
        if self.v != 1 {
            return Err(Error::Receipt(format!("version {} is not known", self.v)));
        }
        Stamp::parse(&self.at)?;
        check_text("court", &self.court, 64)?;
        check_text("no", &self.no, 64)?;
        check_text("title", &self.title, 300)?;
        if self.files.len() > MAX_FILES || self.facts.len() > MAX_FACTS {
            return Err(Error::Receipt(format!("more than {MAX_FILES} files or {MAX_FACTS} facts")));
        }
        for file in &self.files {
            check_text("file name", &file.name, 255)?;
            Hash::from_hex(&file.sha256)?;
            file.sm3.as_deref().map(Hash::from_hex).transpose()?;
            if file.bytes > MAX_NUMBER {
                return Err(Error::Receipt("file length out of range".into()));
            }
        }
        for (name, value) in &self.facts {
            check_text("name of a fact", name, 64)?;
            check_text("fact", value, 1000)?;
            // RFC 8785 sorts by UTF-16; up to U+FFFF without surrogates that is the order of UTF-8 as well.
            if name.chars().any(|c| c > '\u{ffff}') {
                return Err(Error::Receipt("name of a fact outside the basic plane".into()));
            }
        }
        Ok(())
    }
}

/// Where a receipt stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// 已提交: signed, not yet under a checkpoint.
    Submitted,
    /// 已上链: completed with the log's proof.
    Logged,
}

/// The second part of a completed receipt.
#[derive(Clone, Debug)]
pub(crate) struct Logged {
    pub salt: Salt,
    pub record: Record,
    pub suite: Suite,
    pub index: u64,
    pub path: Vec<Hash>,
    pub note: Note,
    pub checkpoint: Checkpoint,
}

/// A receipt as read. Reading checks the form only; [`Receipt::verify`] says whether it holds.
#[derive(Clone, Debug)]
pub struct Receipt {
    part: String,
    content: Content,
    note: Note,
    logged: Option<Logged>,
}

impl Receipt {
    /// 签发: signs content. The commit that stores this text is the legal time.
    pub fn issue(content: Content, key: &SigningKey) -> Result<Self> {
        content.check()?;
        let note = Note::new(&format!("{HEADER}\n{}\n", to_canonical(&content)))?.sign(key)?;
        let part = note.to_string();
        if part.len() > MAX_BYTES {
            return Err(Error::Receipt(format!("longer than {MAX_BYTES} bytes")));
        }
        Ok(Self { part, content, note, logged: None })
    }

    /// The record to be logged for this receipt.
    pub fn record(&self, suite: Suite, salt: &Salt) -> Result<Record> {
        let at = Stamp::parse(&self.content.at)?;
        Record::commit(suite, self.content.kind, &at, &self.content.court, salt, self.part.as_bytes())
    }

    /// Appends the log's proof. Refused if salt, record and proof do not belong to this receipt.
    pub fn complete(&self, salt: &Salt, record: &Record, proof: &Proof) -> Result<Self> {
        let note = Note::parse(&proof.checkpoint)?;
        let logged = Logged {
            salt: *salt,
            record: record.clone(),
            suite: proof.suite,
            index: proof.index,
            path: proof.path.clone(),
            checkpoint: Checkpoint::parse(note.text())?,
            note,
        };
        if self.record(proof.suite, salt)? != *record {
            return Err(Error::Receipt("the record is not of this receipt".into()));
        }
        logged.check_inclusion()?;
        Ok(Self { logged: Some(logged), ..self.clone() })
    }

    /// Reads a receipt. Strict: every byte has its place, nothing may follow.
    pub fn parse(text: &str) -> Result<Self> {
        if text.len() > MAX_BYTES {
            return Err(broken("too long"));
        }
        let body = text.strip_prefix(HEADER).and_then(|rest| rest.strip_prefix('\n'));
        let (json, after) = body.ok_or_else(|| broken("not a receipt"))?.split_once("\n\n").ok_or_else(|| broken("no signature"))?;
        let content: Content = from_canonical(json).map_err(|what| Error::Receipt(format!("content: {what}")))?;
        content.check().map_err(|error| Error::Receipt(format!("content: {error}")))?;
        let start = text.len() - after.len();
        let (part, rest) = match after.find("\n\n") {
            None => (text, None),
            Some(at) => (&text[..=start + at], Some(&after[at + 2..])),
        };
        let note = Note::parse(part)?;
        if note.signatures().len() > MAX_SIGNERS {
            return Err(broken("too many signatures"));
        }
        let logged = rest.map(Logged::parse).transpose()?;
        let receipt = Self { part: part.to_owned(), content, note, logged };
        // Whatever was read writes itself again exactly so: there is no second text of the same receipt.
        if receipt.to_text() != text {
            return Err(broken("not in its one form"));
        }
        Ok(receipt)
    }

    /// The file's text.
    #[must_use]
    pub fn to_text(&self) -> String {
        match &self.logged {
            None => self.part.clone(),
            Some(logged) => format!("{}\n{}", self.part, logged.to_text()),
        }
    }

    /// What the signer certified.
    #[must_use]
    pub fn content(&self) -> &Content {
        &self.content
    }

    /// The first part with its signatures, which the record commits to.
    #[must_use]
    pub fn signed_part(&self) -> &str {
        &self.part
    }

    /// Where it stands.
    #[must_use]
    pub fn state(&self) -> State {
        if self.logged.is_some() { State::Logged } else { State::Submitted }
    }

    pub(crate) fn note(&self) -> &Note {
        &self.note
    }

    pub(crate) fn logged(&self) -> Option<&Logged> {
        self.logged.as_ref()
    }
}

impl Logged {
    fn parse(text: &str) -> Result<Self> {
        let (head, checkpoint) = text.split_once("\n\n").ok_or_else(|| broken("no checkpoint"))?;
        let mut lines = head.split('\n');
        let mut field = |name: &str| {
            let line = lines.next().and_then(|line| line.strip_prefix(name)).and_then(|rest| rest.strip_prefix(' '));
            line.ok_or_else(|| broken(&format!("no {name}")))
        };
        let salt = Salt::from_base64(field("salt")?)?;
        let record = Record::parse(field("record")?)?;
        let header = lines.next().ok_or_else(|| broken("no proof"))?;
        let suite = [Suite::Sm, Suite::Intl].into_iter().find(|suite| Checkpoint::proof_header(*suite) == header);
        let suite = suite.ok_or_else(|| broken("proof of an unknown kind"))?;
        let index = lines.next().and_then(|line| line.strip_prefix("index ")).and_then(|n| n.parse().ok());
        let index = index.ok_or_else(|| broken("no index"))?;
        let path = lines.map(Hash::from_base64).collect::<Result<Vec<_>>>()?;
        if path.len() > 63 {
            return Err(broken("proof too long"));
        }
        let note = Note::parse(checkpoint)?;
        let checkpoint = Checkpoint::parse(note.text())?;
        Ok(Self { salt, record, suite, index, path, note, checkpoint })
    }

    fn to_text(&self) -> String {
        let mut text = format!(
            "salt {}\nrecord {}\n{}\nindex {}\n",
            self.salt.to_base64(),
            self.record.to_line(),
            Checkpoint::proof_header(self.suite),
            self.index
        );
        for hash in &self.path {
            text.push_str(&hash.to_base64());
            text.push('\n');
        }
        format!("{text}\n{}", self.note)
    }

    /// Hash of the record as a leaf of the tree.
    pub fn leaf(&self) -> Hash {
        leaf_hash(self.suite, self.record.to_line().as_bytes())
    }

    /// What the record must say if it is of this receipt.
    pub fn commitment(&self, part: &str) -> Hash {
        commitment(self.suite, &self.salt, part.as_bytes())
    }

    pub fn check_inclusion(&self) -> Result<()> {
        let Checkpoint { size, root, .. } = &self.checkpoint;
        Ok(verify_inclusion(self.suite, self.index, *size, &self.leaf(), &self.path, root)?)
    }
}

fn broken(what: &str) -> Error {
    Error::Receipt(what.to_owned())
}

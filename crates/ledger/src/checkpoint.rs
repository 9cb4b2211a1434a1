//! 检查点 (checkpoint): signed head of a log, as C2SP tlog-checkpoint writes it.

use crate::{Error, Hash, Note, Result, SigningKey, Stamp, Suite, VerifyingKey};

/// The parts of a head. One extension line tells the time; other lines of other logs are kept as they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// Identity of the log and its epoch.
    pub origin: String,
    /// How many entries.
    pub size: u64,
    /// Root over them.
    pub root: Hash,
    /// Lines after the third, without their newlines.
    pub extensions: Vec<String>,
}

impl Checkpoint {
    /// Head of a log at a time, which stands in the extension line `time …`.
    #[must_use]
    pub fn new(origin: &str, size: u64, root: Hash, time: &Stamp) -> Self {
        Self { origin: origin.to_owned(), size, root, extensions: vec![format!("time {time}")] }
    }

    /// Reads the text of a note.
    pub fn parse(text: &str) -> Result<Self> {
        let broken = |what: &str| Error::Checkpoint(what.to_owned());
        let body = text.strip_suffix('\n').ok_or_else(|| broken("no newline at the end"))?;
        let mut lines = body.split('\n');
        let (Some(origin), Some(size), Some(root)) = (lines.next(), lines.next(), lines.next()) else {
            return Err(broken("fewer than three lines"));
        };
        let canonical = size.bytes().all(|b| b.is_ascii_digit()) && (size == "0" || !size.starts_with('0'));
        let number = size.parse().ok().filter(|_| canonical).ok_or_else(|| broken("not a tree size"))?;
        let extensions: Vec<_> = lines.map(str::to_owned).collect();
        if origin.is_empty() || extensions.iter().any(String::is_empty) {
            return Err(broken("empty line"));
        }
        let root = Hash::from_base64(root).map_err(|_| broken("not a root hash"))?;
        Ok(Self { origin: origin.to_owned(), size: number, root, extensions })
    }

    /// Text to be signed.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = format!("{}\n{}\n{}\n", self.origin, self.size, self.root.to_base64());
        for line in &self.extensions {
            text.push_str(line);
            text.push('\n');
        }
        text
    }

    /// Time of the head, where the log tells it.
    pub fn time(&self) -> Result<Option<Stamp>> {
        let mut times = self.extensions.iter().filter_map(|line| line.strip_prefix("time "));
        match (times.next(), times.next()) {
            (None, _) => Ok(None),
            (Some(time), None) => Stamp::parse(time).map(Some),
            (Some(_), Some(_)) => Err(Error::Checkpoint("two times".into())),
        }
    }

    /// Which epoch of which log: the name without `/epoch/N`, and N (0 for the first).
    pub fn epoch(&self) -> Result<(&str, u64)> {
        let Some((base, epoch)) = self.origin.rsplit_once("/epoch/") else {
            return Ok((&self.origin, 0));
        };
        let number = epoch.parse::<u64>().ok().filter(|n| *n > 0 && n.to_string() == epoch);
        number.map(|n| (base, n)).ok_or_else(|| Error::Checkpoint(format!("{} names no epoch", self.origin)))
    }

    /// The signed note.
    pub fn sign(&self, key: &SigningKey) -> Result<Note> {
        Note::new(&self.text())?.sign(key)
    }

    /// Reads a note that `key`, named like the log, has signed. Cosignatures by others are passed over.
    pub fn open(note: &str, key: &VerifyingKey) -> Result<Self> {
        let note = Note::parse(note)?;
        note.open(&[key])?;
        let checkpoint = Self::parse(note.text())?;
        if checkpoint.epoch()?.0 != key.name() {
            return Err(Error::Checkpoint(format!("{} is not a log of {}", checkpoint.origin, key.name())));
        }
        Ok(checkpoint)
    }

    /// The first line of an inclusion proof in a suite (C2SP tlog-proof for SHA-256).
    #[must_use]
    pub fn proof_header(suite: Suite) -> &'static str {
        match suite {
            Suite::Sm => "xiezhi/tlog-proof-sm3@v1",
            Suite::Intl => "c2sp.org/tlog-proof@v1",
        }
    }
}

//! 恢复 (restore): going on from a backup without rewriting history unseen (invariant 2).

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::{Log, lock};
use crate::fs::Fs;
use crate::{Checkpoint, Error, Result, SigningKey, Stamp};

/// A head as an epoch's first entry names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Head {
    /// Origin with its epoch.
    pub origin: String,
    /// Root in base64.
    pub root: String,
    /// Number of entries.
    pub size: u64,
}

/// The entry that opens a new epoch. Fields in the order of their names, so that the text is canonical JSON (RFC 8785).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Epoch {
    /// When the copy was restored.
    pub at: String,
    /// Number of the new epoch: seconds since 1970, so that restoring one copy twice gives two epochs, not a fork.
    pub epoch: u64,
    /// Always `epoch`.
    pub kind: String,
    /// The newest checkpoint known to have been published, where it is newer than the copy: entries from
    /// `previous.size` up to `newest.size` are not in this epoch unless logged again. Their receipts hold by themselves.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub newest: Option<Head>,
    /// The checkpoint that the copy held; this epoch's tree begins with its tree.
    pub previous: Head,
    /// Why, for people.
    pub reason: String,
    /// Version of this format: 1.
    pub v: u32,
}

impl From<&Checkpoint> for Head {
    fn from(head: &Checkpoint) -> Self {
        Self { origin: head.origin.clone(), root: head.root.to_base64(), size: head.size }
    }
}

impl Log {
    /// Opens a restored copy as a new epoch: the same entries, then an [`Epoch`] entry, under the origin
    /// `name/epoch/N`. `newest` is the newest checkpoint that anyone still has; ask database, witnesses and mirrors
    /// first, for what is not named here is lost unseen. The old origin is never signed again.
    pub fn restore_epoch(dir: &Path, key: SigningKey, newest: Option<&str>, reason: &str, now: &Stamp) -> Result<Self> {
        Self::restore_epoch_on(lock(dir)?, key, newest, reason, now)
    }

    /// [`Log::restore_epoch`] on any file system.
    pub fn restore_epoch_on(fs: Box<dyn Fs>, key: SigningKey, newest: Option<&str>, reason: &str, now: &Stamp) -> Result<Self> {
        let mut log = Self::open_on(fs, key, None)?;
        let newest = newest.map(|note| Checkpoint::open(note, log.key.verifying_key())).transpose()?;
        let (name, last) = log.head.epoch()?;
        let last = newest.as_ref().map_or(Ok(last), |newest| newest.epoch().map(|(_, n)| n.max(last)))?;
        let number = u64::try_from(now.unix()).ok().filter(|n| *n > last);
        let number = number.ok_or_else(|| Error::Time(format!("{now} is not after epoch {last}")))?;
        let origin = format!("{name}/epoch/{number}");
        let entry = Epoch {
            at: now.to_string(),
            epoch: number,
            kind: "epoch".into(),
            newest: newest.as_ref().filter(|newest| **newest != log.head).map(Head::from),
            previous: Head::from(&log.head),
            reason: reason.to_owned(),
            v: 1,
        };
        let entry = serde_json::to_vec(&entry).map_err(|error| Error::Record(error.to_string()))?;
        log.append_as(&origin, &[entry], now)?;
        Ok(log)
    }
}

use crate::tree::ProofError;
use crate::verify::Verdict;

/// The crate's result.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What can go wrong, saying what failed on what. [`Error::advice`] is the part for people.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A key's text or bytes are not a key of a known suite.
    #[error("key: {0}")]
    Key(String),
    /// The operating system gave no randomness.
    #[error("no randomness from the operating system: {0}")]
    Random(getrandom::Error),
    /// A point in time that is not strict RFC 3339.
    #[error("time {0:?} is not RFC 3339 with seconds and an offset")]
    Time(String),
    /// Text that is not a signed note.
    #[error("signed note: {0}")]
    Note(String),
    /// A signature that does not verify, or none by a known key.
    #[error("signature: {0}")]
    Signature(String),
    /// A note whose text is not a checkpoint.
    #[error("checkpoint: {0}")]
    Checkpoint(String),
    /// A Merkle proof that proves nothing.
    #[error("proof: {0}")]
    Proof(#[from] ProofError),
    /// A record or its parts are not canonical or not known.
    #[error("record: {0}")]
    Record(String),
    /// A receipt that cannot be read; said before any signature is looked at.
    #[error("receipt: {0}")]
    Receipt(String),
    /// A receipt that was read and does not hold; the verdict says which check failed.
    #[error("receipt {} does not hold", .0.no)]
    Refused(Box<Verdict>),
    /// A line of the trust file.
    #[error("trust file, line {line}: {what}")]
    Trust {
        /// Line number from one.
        line: usize,
        /// What is wrong with it.
        what: String,
    },
    /// The log's directory could not be read or written.
    #[error("log: {op} {path}: {source}")]
    Io {
        /// What was tried.
        op: &'static str,
        /// Path inside the log.
        path: String,
        /// The system's own error.
        source: std::io::Error,
    },
    /// No log in this directory. Opening never creates one: an unmounted disk must not start a second history.
    #[error("log: no checkpoint in this directory")]
    NoLog,
    /// A log is already there.
    #[error("log: the directory already holds a log")]
    Exists,
    /// Another process has the log open for writing.
    #[error("log: another writer holds the lock")]
    Locked,
    /// Tiles and checkpoint disagree. Nothing is repaired silently.
    #[error("log: corrupt: {0}")]
    Corrupt(String),
    /// The directory is older than a checkpoint that is known to have been published: a restored backup.
    /// Only [`crate::Log::restore_epoch`] may go on from here (invariant 2).
    #[error("log: directory stands at {here}, but a checkpoint of size {known} was published")]
    RolledBack {
        /// Size of the tree on disk.
        here: u64,
        /// Size of the known checkpoint.
        known: u64,
    },
    /// An earlier write failed half-way; only reopening finds out what reached the disk.
    #[error("log: an earlier write failed; reopen the log")]
    Poisoned,
    /// An entry longer than a bundle can hold.
    #[error("log: entry of {0} bytes, at most 65535")]
    EntryTooLong(usize),
    /// An index at or past the end.
    #[error("log: no entry {index} in a log of {size}")]
    NoEntry {
        /// What was asked for.
        index: u64,
        /// How many there are.
        size: u64,
    },
}

impl Error {
    /// What to tell a person: what is wrong and what to do.
    #[must_use]
    pub fn advice(&self) -> String {
        match self {
            Self::Receipt(what) => {
                format!("回执文件无法识别({what})。请重新下载回执原件，不要经编辑、转换或者复制粘贴。")
            }
            Self::Trust { line, what } => {
                format!("信任名单第{line}行有误({what})。请向法院重新索取信任名单文件。")
            }
            Self::Refused(verdict) => verdict.summary(),
            Self::Io { path, .. } => {
                format!("文件“{path}”无法读写，请检查该文件是否存在、磁盘是否已满。")
            }
            Self::Key(_)
            | Self::Random(_)
            | Self::Time(_)
            | Self::Note(_)
            | Self::Signature(_)
            | Self::Checkpoint(_)
            | Self::Proof(_)
            | Self::Record(_)
            | Self::NoLog
            | Self::Exists
            | Self::Locked
            | Self::Corrupt(_)
            | Self::RolledBack { .. }
            | Self::Poisoned
            | Self::EntryTooLong(_)
            | Self::NoEntry { .. } => {
                format!("司法链处理失败({self})。请将本提示转交系统管理人员。")
            }
        }
    }
}

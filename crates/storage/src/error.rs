//! What can go wrong between the program and its data.
use crate::Digest;
use uuid::Uuid;

/// An error of the store. Cloneable, because one failed commit is the answer to every member of its group.
///
/// These texts are for the record and for engineers; the zones put them into words for people.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The address is neither `sqlite:PATH` nor `postgres://…`.
    #[error("not a store address (sqlite:PATH or postgres://…): {0}")]
    Address(String),
    /// The store could not be opened or reached. Holds no password.
    #[error("cannot open the {engine} store: {reason}")]
    Open { engine: &'static str, reason: String },
    /// A migration did not run; nothing of it was kept.
    #[error("migration {name}: {reason}")]
    Migration { name: String, reason: String },
    /// A migration that ran before has another text now. Write a new one instead.
    #[error("migration {name} was applied with another text; add a new migration instead of editing it")]
    MigrationChanged { name: String },
    /// A statement failed; nothing of its write is kept.
    #[error("{reason} (in: {sql})")]
    Statement { sql: String, code: Option<String>, reason: String },
    /// A unique or primary key exists already.
    #[error("exists already: {reason} (in: {sql})")]
    Unique { sql: String, reason: String },
    /// A statement of this write failed before, but the closure went on; its work was undone.
    #[error("an earlier statement of this write failed; nothing of it was kept")]
    Aborted,
    /// `query_one` found no row or several.
    #[error("{found} rows where one was expected (in: {sql})")]
    RowCount { sql: String, found: usize },
    /// A column is not there or not of the wanted kind.
    #[error("column {index}: wanted {wanted}, found {found}")]
    Column { index: usize, wanted: &'static str, found: &'static str },
    /// A number that a BIGINT cannot hold.
    #[error("{0} is beyond what a BIGINT holds")]
    TooLarge(u64),
    /// A text with the character U+0000, which PostgreSQL cannot hold.
    #[error("a text holds the character U+0000")]
    NulInText,
    /// The commit failed: nothing of the whole group was kept.
    #[error("commit failed, nothing was kept: {reason}")]
    Commit { reason: String },
    /// The connection was lost while committing: whether the write was kept is not known. Ask with the idempotency key.
    #[error("connection lost while committing; whether the write was kept is unknown: {reason}")]
    CommitUnknown { reason: String },
    /// The connection was lost and could not be had again.
    #[error("connection to the store lost: {reason}")]
    Lost { reason: String },
    /// The write collided with others again and again.
    #[error("gave up after {tries} collisions with other writes: {reason}")]
    Contention { tries: u32, reason: String },
    /// The closure panicked; its work was undone.
    #[error("panic inside a store closure: {0}")]
    Panicked(String),
    /// The store is shutting down.
    #[error("the store is closed")]
    Closed,
    /// What was asked for does not exist on this engine.
    #[error("not on this engine: {0}")]
    Unsupported(&'static str),
    /// Backup or other work on files failed.
    #[error("{what}: {reason}")]
    File { what: String, reason: String },

    /// The stream has moved on since it was read (409 on pages).
    #[error("stale: version {expected} expected, {actual} found")]
    Stale { expected: u64, actual: u64 },
    /// A stored event does not follow from the one before.
    #[error("stream {stream} is damaged at event {seq}")]
    ChainBroken { stream: Uuid, seq: u64 },
    /// A body or payload is not JSON.
    #[error("{what} is not JSON: {reason}")]
    NotJson { what: &'static str, reason: String },
    /// No content with this digest.
    #[error("no content {0}")]
    NoBlob(Digest),
    /// The stored bytes are not what the digest names.
    #[error("content {0} is damaged")]
    BlobDamaged(Digest),
    /// Not a digest: 64 hexadecimal digits are needed.
    #[error("not a SHA-256 digest: {0}")]
    NotDigest(String),
    /// Sealed bytes that do not open: another key, another place, or damaged.
    #[error("what is sealed for {0} does not open")]
    Sealed(String),
    /// No such upload in this court.
    #[error("no upload {0}")]
    NoUpload(Uuid),
    /// A chunk that leaves a gap; send again from `received`.
    #[error("upload {id}: chunk at {offset}, but {received} bytes were received")]
    UploadGap { id: Uuid, offset: u64, received: u64 },
    /// More or fewer bytes than were declared.
    #[error("upload {id}: {declared} bytes declared, {received} received")]
    UploadSize { id: Uuid, declared: u64, received: u64 },
    /// A chunk sent again with other bytes, or to an upload that is finished.
    #[error("upload {id}: other bytes at {offset} than before")]
    UploadDiffers { id: Uuid, offset: u64 },
    /// Another worker has this job now, or it is done.
    #[error("job {kind}/{key} is no longer ours")]
    JobLost { kind: String, key: String },
    /// No such row in outbox or inbox.
    #[error("no envelope {0}")]
    NoEnvelope(Uuid),
    /// Only a demo clock can be moved.
    #[error("the clock can be moved in demo mode alone")]
    NotDemo,
    /// The clock moves forward alone.
    #[error("the clock stands at {now} and moves forward alone, not to {to}")]
    Backwards { now: jiff::Timestamp, to: jiff::Timestamp },
}

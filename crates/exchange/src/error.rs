//! What can go wrong between a zone and the world.
use uuid::Uuid;

/// An error of the exchange. Texts are for the record; the zones put them into words for people.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The machine has no randomness to give.
    #[error("no randomness: {0}")]
    Random(String),
    /// A key file is missing, readable for others, or not a key file.
    #[error("key file {path}: {reason}")]
    KeyFile { path: String, reason: String },
    /// A key with which nothing can be sealed.
    #[error("the public key of {0} is not usable")]
    WeakKey(String),
    /// Not an envelope of this version.
    #[error("not an envelope: {0}")]
    Malformed(&'static str),
    /// An envelope of a version this program does not know.
    #[error("envelope version {0} is not known here")]
    Version(u64),
    /// More than an envelope carries.
    #[error("{size} bytes, {most} allowed")]
    TooLarge { size: u64, most: u64 },
    /// Sealed for another zone.
    #[error("addressed to {to}, not to {own}")]
    WrongAddressee { to: String, own: String },
    /// Sent by another zone than the peer.
    #[error("from {from}, not from {peer}")]
    WrongSender { from: String, peer: String },
    /// The signature is not the peer's over these bytes.
    #[error("signature does not verify")]
    Signature,
    /// The seal does not open: another key, or changed bytes.
    #[error("seal does not open")]
    Seal,
    /// A kind that this zone does not take.
    #[error("kind {0} is not taken here")]
    UnknownKind(String),
    /// A file is not what its digest names.
    #[error("file {0} does not match its digest")]
    FileDigest(String),
    /// The same file twice, or more files than the kind carries.
    #[error("{found} files, {most} allowed, each once")]
    Files { found: usize, most: usize },

    /// The other side could not be reached or asks to come again: try later.
    #[error("{peer} not reached: {reason}")]
    Unreached { peer: String, reason: String },
    /// The other side cannot take this envelope, now or later.
    #[error("{peer} rejects the envelope (status {status}): {reason}")]
    Rejected { peer: String, status: u16, reason: String },
    /// The acknowledgement names another envelope.
    #[error("acknowledgement for {found}, {wanted} was sent")]
    WrongAck { wanted: Uuid, found: Uuid },

    /// A configuration that would send secrets in the clear, or is incomplete.
    #[error("configuration of {what}: {reason}")]
    Configuration { what: &'static str, reason: String },
    /// A provider answered in a way that was not agreed on.
    #[error("{provider} answered what was not agreed: {reason}")]
    Answer { provider: &'static str, reason: String },
    /// Not something that a carrier or provider takes; says what it must be.
    #[error("not {0}")]
    Message(&'static str),
    /// A provider's signature over a notice does not verify.
    #[error("notice of {0} is not authentic")]
    Notice(&'static str),
}

impl Error {
    /// May the same succeed later without anyone changing anything?
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Unreached { .. } | Self::Random(_))
    }
}

//! 司法链 (judicial ledger): a log of salted commitments that nobody can rewrite unseen, receipts that anybody checks
//! without asking the court, and the verifier that does so.
//!
//! The crate knows no case, no person, no network and no database. Time comes in as a [`Stamp`], randomness from the
//! operating system, keys from the caller. Formats: `docs/ledger-format.md`.
//!
//! - [`suite`], [`key`]: SM3 + SM2 beside SHA-256 + Ed25519 (R-LED-07).
//! - [`note`], [`checkpoint`], [`tree`]: signed notes, heads of the log, Merkle proofs, all without I/O.
//! - [`log`]: the single-writer tiled log over a directory.
//! - [`record`], [`receipt`], [`trust`]: what is logged, what a person keeps, whom a verifier believes.

pub mod checkpoint;
mod error;
pub mod fs;
pub mod key;
pub mod log;
pub mod note;
pub mod receipt;
pub mod record;
mod report;
mod stamp;
pub mod suite;
pub mod tree;
pub mod trust;
mod verify;

pub use checkpoint::Checkpoint;
pub use error::{Error, Result};
pub use key::{Purpose, SigningKey, VerifyingKey};
pub use log::{Log, Proof};
pub use note::Note;
pub use receipt::{Content, FileDigest, Receipt, State};
pub use record::{Kind, Record, Salt};
pub use stamp::Stamp;
pub use suite::{Hash, Suite};
pub use trust::{Role, Trust};
pub use verify::{Check, Digests, Integrity, Provenance, TAG_MANIFEST_FACT, Verdict};

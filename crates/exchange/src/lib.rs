//! 数据交换: the one bridge between the zones. Envelopes are sealed and signed here, carried over, and acknowledged. It is also the
//! gateway to companies and agencies outside: [`messenger`], [`identity`], [`payment`], each with a sandbox that says what it is.
//!
//! Architecture Invariant: no SQL and no pages here. The zones keep their own outbox and inbox rows.
pub mod bridge;
pub mod envelope;
mod error;
mod http;
pub mod identity;
pub mod keys;
pub mod message;
pub mod messenger;
pub mod payment;
pub mod provider;

pub use bridge::{Ack, Bridge, Busy, Outcome, Peer, Receiver};
pub use envelope::{File, Kind, Letter, Opened, open, scan, seal};
pub use error::Error;
pub use keys::{Keys, Public, Secret};

/// Random bytes from the system.
pub(crate) fn random(bytes: &mut [u8]) -> Result<(), Error> {
    getrandom::fill(bytes).map_err(|error| Error::Random(error.to_string()))
}

/// Kinds that a court zone takes from the portal.
pub const TO_COURT: &[Kind] = &[Kind { name: "to-court", payload: 16 << 20, files: 100 }];
/// Kinds that the portal takes from a court zone.
pub const TO_PORTAL: &[Kind] = &[Kind { name: "to-portal", payload: 16 << 20, files: 100 }];

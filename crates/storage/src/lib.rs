//! 存储: transactions, event streams, contents, jobs and envelopes' rows over SQLite or PostgreSQL.
//!
//! Way of the data: a zone gives a closure to [`Db::write`]; a thread that owns a connection runs it together with whatever
//! else waits, commits once, and only then answers. Closures call the modules here and the zone's own SQL on the same [`Tx`].
//!
//! Architecture Invariant: nothing here knows what a case is. Bodies and payloads are text and bytes.
pub mod blobs;
pub mod clock;
pub mod counters;
pub mod drill;
pub mod events;
pub mod inbox;
pub mod jobs;
pub mod outbox;
pub mod schema;
pub mod sealed;
pub mod secret;
pub mod uploads;

mod backup;
mod db;
mod digest;
mod error;
mod group;
mod lanes;
mod migrate;
mod postgres;
mod queue;
mod room;
mod session;
mod sqlite;
mod tx;
mod value;

pub use clock::Clock;
pub use db::Db;
pub use digest::{Content, Digest};
pub use error::Error;
pub use lanes::in_lanes;
pub use migrate::Migration;
pub use room::{Held, Room};
pub use tx::Tx;
pub use value::{Row, Value};

/// The two engines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// Text that must be JSON, checked before it is kept.
pub(crate) fn json(what: &'static str, text: &str) -> Result<(), Error> {
    let read = serde_json::from_str::<serde::de::IgnoredAny>(text);
    read.map(drop).map_err(|error| Error::NotJson { what, reason: error.to_string() })
}

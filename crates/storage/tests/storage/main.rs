//! What the store promises, on both engines: one binary, linked once.
#![expect(clippy::unwrap_in_result, reason = "a test falls where it stands")]
mod common;
mod kill;
mod modules;
mod transactions;

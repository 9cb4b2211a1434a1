//! The portal on real tables, looked at from outside: one binary, linked once.
#![expect(clippy::unwrap_in_result, reason = "a test falls where it stands")]
mod account;
mod bench;
mod pages;
mod parties;
mod photo;
mod web;

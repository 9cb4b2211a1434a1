//! The court zone on real tables, looked at from outside: one binary, linked once.
#![expect(clippy::unwrap_in_result, reason = "a test falls where it stands")]
mod archive;
mod bench;
mod damage;
mod late;
mod matter;
mod parties;
mod service;
mod trial;
mod way;

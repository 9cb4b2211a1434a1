//! The workbench through its router, over a court zone on real tables: one binary, linked once.
#![expect(clippy::unwrap_in_result, reason = "a test falls where it stands")]
mod acts;
mod administration;
mod common;
mod matrix;
mod messages;
mod pages;
mod payments;
mod sign_in;
mod trial;
mod uploads;

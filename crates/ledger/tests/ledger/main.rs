//! Log, receipts and their verifier: one binary, linked once.
mod cli;
mod crash;
mod golden;
mod log;
mod receipt;
mod vectors;

use ledger::{Purpose, Role, SigningKey, Stamp, Suite, Trust};

/// A key that is the same in every run.
fn key(suite: Suite, name: &str, purpose: Purpose, seed: u8) -> SigningKey {
    SigningKey::from_seed(suite, name, purpose, "1234567812345678", &[seed; 32]).unwrap()
}

/// The time of most of what happens here.
fn at() -> Stamp {
    Stamp::parse("2026-03-02T09:15:00+08:00").unwrap()
}

/// Keys that are trusted in these roles.
fn trust(pairs: &[(Role, &SigningKey)]) -> Trust {
    let mut trust = Trust::default();
    pairs.iter().for_each(|(role, key)| trust.add(*role, key.verifying_key().clone()).unwrap());
    trust
}

//! Envelopes between the zones; carriers, authorities and providers against servers on loopback: one binary, linked once.
#![expect(clippy::unwrap_in_result, reason = "a test falls where it stands")]
mod closed_mail;
mod envelope;
mod providers;

//! Carriers, authorities and providers against servers on loopback: one binary, linked once.
mod closed_mail;
mod providers;

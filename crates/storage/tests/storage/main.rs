//! What the store promises, on both engines: one binary, linked once.
mod common;
mod kill;
mod modules;
mod transactions;

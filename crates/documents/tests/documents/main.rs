//! Papers from their samples to signed files: one binary, linked once.
mod common;
mod papers;
mod signatures;

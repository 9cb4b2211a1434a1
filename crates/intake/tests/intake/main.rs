//! Uploads as they come in, read and refused: one binary, linked once.
mod engine;
mod loan;
mod refusals;

use intake::Limits;
use intake::worker::Client;

/// Workers of the built binary, under the product's limits.
fn worker() -> Client {
    Client { exe: env!("CARGO_BIN_EXE_intake-worker").into(), limits: Limits::default() }
}

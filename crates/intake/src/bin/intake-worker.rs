//! The worker alone, for this crate's own tests; the product's binary calls the same `main`.
fn main() -> std::process::ExitCode {
    match intake::worker::main(std::io::stdin().lock(), std::io::stdout().lock()) {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            std::process::ExitCode::FAILURE
        }
    }
}

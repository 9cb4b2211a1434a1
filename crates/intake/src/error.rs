//! What can fail here that is not the upload's fault.

/// A refusal of the upload, or a failure of the machine or the set-up.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The upload is not taken.
    #[error(transparent)]
    Refused(#[from] crate::Refusal),
    /// No engine has this name.
    #[error("no engine is called {0}")]
    Engine(String),
    /// A program that set-up installs is missing or would not start.
    #[error("cannot run {program}: {source}; run scripts/tesseract")]
    Program { program: &'static str, source: std::io::Error },
    /// A program ended with an error.
    #[error("{program} failed: {message}")]
    Failed { program: &'static str, message: String },
    /// Reading or writing on this machine.
    #[error("{what}: {source}")]
    Io { what: String, source: std::io::Error },
    /// What the worker and its client say to each other could not be read.
    #[error("worker protocol: {0}")]
    Protocol(String),
}

impl Error {
    pub(crate) fn io(what: impl Into<String>) -> impl FnOnce(std::io::Error) -> Self {
        let what = what.into();
        move |source| Self::Io { what, source }
    }
}

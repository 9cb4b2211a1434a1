//! 文书 Court papers: typed data, templates, seals and signatures. See README.md.
//!
//! ```no_run
//! # fn example(paper: documents::Paper, signer: documents::Signer, at: jiff::Timestamp) -> Result<(), documents::Error> {
//! let papers = documents::Papers::open(".tools/fonts".as_ref())?;
//! let draft = documents::render(&papers, &paper, documents::Seal::Drawn)?;
//! let served = documents::issue(&papers, &paper, &signer, at)?;
//! # Ok(()) }
//! ```

pub mod ca;
mod cms_signature;
pub mod defects;
mod join;
pub mod papers;
mod pdf;
mod render;
mod sign;
mod templates;
mod verify;

use std::io;
use std::path::PathBuf;

pub use ca::{KeyStore, Signer};
pub use join::{join, page_count};
pub use papers::{Paper, VerifyMark};
pub use render::{Papers, Rendered, SealPlace, render};
pub use sign::{Appearance, SignatureCheck, Verdict, check_signatures, issue, sign};
pub use typeset::{Drawing, Seal};
pub use verify::{qr_matrix, verify_mark};

/// What can go wrong. Papers are made by machines: the messages are for engineers.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Typeset(#[from] typeset::Error),
    #[error("font family '{0}' is missing; run scripts/fonts")]
    Font(String),
    #[error("paper data: {0}")]
    Data(#[from] serde_json::Error),
    #[error("verification mark: {0}")]
    Mark(String),
    #[error("{paper} names no place for the seal")]
    NoSealPlace { paper: &'static str },
    /// The PDF cannot be signed as it is.
    #[error("PDF: {0}")]
    Pdf(String),
    #[error("key or certificate: {0}")]
    Key(String),
    #[error("cannot read or write {}: {source}", path.display())]
    File { path: PathBuf, source: io::Error },
}

impl From<lopdf::Error> for Error {
    fn from(e: lopdf::Error) -> Self {
        Self::Pdf(e.to_string())
    }
}

impl From<der::Error> for Error {
    fn from(e: der::Error) -> Self {
        Self::Key(e.to_string())
    }
}

//! 扫描识别: photographs, scans, PDF and DOCX into upright pages with text, boxes, kind and field candidates.
//!
//! Way of the data: [`open()`] says what an upload is or refuses it; a worker process under caps (`worker`) decodes it page by
//! page, [`care`] sets each page level and evenly lit, the engine reads it, [`classify`] names its kind and [`fields()`] proposes
//! values. Everything here is a proposal with its source box; a person confirms it. The received bytes are never changed.
pub mod amount;
pub mod care;
mod check;
mod docx;
pub mod engine;
mod error;
mod fields;
mod flow;
mod ink;
mod kind;
mod layout;
mod limits;
mod ocr;
mod open;
mod pdf;
mod preview;
mod read;
mod refusal;
pub mod report;
mod split;
pub mod tesseract;
pub mod text;
pub mod worker;

pub use engine::OcrEngine;
pub use error::Error;
pub use fields::{document_fields, fields};
pub use kind::{Kind, classify};
pub use limits::Limits;
pub use ocr::ocr;
pub use open::{Format, Opened, open};
pub use preview::preview;
pub use read::{piece, read, upright};
pub use refusal::Refusal;
pub use report::{Document, Field, File, Guess, Line, Page, Rect, Report};

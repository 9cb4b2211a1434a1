//! 文字识别引擎: what reads the writing on a page. A page is set level and lit first (`care`) and its blocks are found
//! (`layout`), so that an engine sees nothing but clean lines; what it says is words with boxes and confidences.
use crate::report::Rect;
use crate::{Error, tesseract};
use image::GrayImage;
use std::fmt;

/// One word as an engine saw it.
#[derive(Debug, Clone, PartialEq)]
pub struct Word {
    pub text: String,
    pub rect: Rect,
    /// 0 to 1.
    pub confidence: f32,
    /// Number of the line that the engine put the word into, counted over the page.
    pub line: u32,
}

/// An engine for the writing on pages.
pub trait OcrEngine: Send + Sync + fmt::Debug {
    /// The name by which a job asks for it.
    fn name(&self) -> &'static str;

    /// The words of one level grey image of text lines, in reading order.
    ///
    /// # Errors
    /// Where the engine is missing or fails; a page without writing is no error.
    fn read(&self, image: &GrayImage) -> Result<Vec<Word>, Error>;
}

/// The engine that the product asks for.
pub const USUAL: &str = tesseract::PROGRAM;

/// Every engine that a worker knows.
const ENGINES: [&dyn OcrEngine; 1] = [&tesseract::Tesseract];

/// The engine with this name.
///
/// # Errors
/// [`Error::Engine`] where this program has none of that name.
pub fn named(name: &str) -> Result<&'static dyn OcrEngine, Error> {
    ENGINES.into_iter().find(|engine| engine.name() == name).ok_or_else(|| Error::Engine(name.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_engine_is_found_by_its_name_alone() {
        assert_eq!(named(USUAL).expect("the usual one").name(), USUAL);
        assert!(matches!(named("crystal ball"), Err(Error::Engine(name)) if name == "crystal ball"));
    }
}

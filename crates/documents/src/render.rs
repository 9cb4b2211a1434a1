//! From typed data to PDF/A.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, RwLock};

use serde_json::json;
use typeset::{Drawing, Options, Seal, Templates, Typesetter};

use crate::papers::Paper;
use crate::{Error, templates};

/// Families that the templates name (`court.typ`); a missing one would change the look of a paper.
const FAMILIES: [&str; 8] =
    ["FandolFang R", "FandolKai", "Noto Serif CJK SC", "Noto Sans CJK SC", "Liberation Serif", "Liberation Mono", "HanaMinA", "HanaMinB"];

/// Typesetter, templates and the drawn seals. Clones share everything.
#[derive(Clone)]
pub struct Papers(Arc<Inner>);

struct Inner {
    typesetter: Typesetter,
    templates: Templates,
    /// Drawn seal of each court, made at first use.
    seals: RwLock<HashMap<String, Arc<CourtSeal>>>,
}

/// A court's seal as paths and as SVG.
pub(crate) struct CourtSeal {
    pub(crate) drawing: Drawing,
    pub(crate) svg: String,
    /// Compressed PDF operators for the appearance of a signature.
    pub(crate) operators: Vec<u8>,
}

/// Where the middle of the seal goes, in pt from the **lower** left corner of the page, as PDF
/// counts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SealPlace {
    /// Page, from 1.
    pub page: usize,
    pub x: f64,
    pub y: f64,
}

/// A typeset paper, not signed.
#[derive(Clone, Debug)]
pub struct Rendered {
    /// PDF/A-2b; the same data always gives the same bytes.
    pub pdf: Vec<u8>,
    pub pages: usize,
    /// Where the seal goes; none on a paper without one, and none when it is drawn already.
    pub seal: Option<SealPlace>,
}

impl Papers {
    /// Opens the fonts (the directory that `scripts/fonts` fills) and the embedded templates.
    ///
    /// # Errors
    /// [`Error::Font`] when a family that the papers need is missing.
    pub fn open(fonts: &Path) -> Result<Self, Error> {
        Self::with_templates(fonts, templates::embedded()?)
    }

    /// The same with other templates, for example the embedded ones and a court's own.
    ///
    /// # Errors
    /// As [`Papers::open`].
    pub fn with_templates(fonts: &Path, templates: Templates) -> Result<Self, Error> {
        let typesetter = Typesetter::open(fonts)?;
        for family in FAMILIES {
            if !typesetter.has_family(family) {
                return Err(Error::Font(family.to_owned()));
            }
        }
        Ok(Self(Arc::new(Inner { typesetter, templates, seals: RwLock::default() })))
    }

    /// File names and sources of the embedded templates.
    pub fn embedded_templates() -> &'static [(&'static str, &'static str)] {
        &templates::EMBEDDED
    }

    /// The seal of `court`, drawn once and kept.
    pub(crate) fn seal(&self, court: &str) -> Result<Arc<CourtSeal>, Error> {
        let known = self.0.seals.read().unwrap_or_else(|e| e.into_inner()).get(court).cloned();
        if let Some(seal) = known {
            return Ok(seal);
        }
        let data = json!({ "court": court });
        let drawing = self.0.typesetter.draw("seal.typ", &self.0.templates, &data)?;
        let seal = Arc::new(CourtSeal { svg: drawing.to_svg(), operators: crate::sign::operators(&drawing)?, drawing });
        self.0.seals.write().unwrap_or_else(|e| e.into_inner()).insert(court.to_owned(), Arc::clone(&seal));
        Ok(seal)
    }
}

/// Typesets a paper.
///
/// `seal` says what becomes of the seal's place: [`Seal::Drawn`] for drafts and samples,
/// [`Seal::Draft`] for what nobody signed yet, [`Seal::Ink`] for a print to be sealed by hand, [`Seal::Signature`] before signing.
///
/// # Errors
/// [`Error::Typeset`] when the data does not fit the template (fee shares that do not add up
/// included) or a character has no glyph.
pub fn render(papers: &Papers, paper: &Paper, seal: Seal) -> Result<Rendered, Error> {
    let data = match serde_json::to_value(paper)? {
        serde_json::Value::Object(mut fields) => fields.remove("data").unwrap_or_default(),
        other => other,
    };
    let drawn = match (seal, paper.sealing_court()) {
        (Seal::Signature, Some(court)) => Some(papers.seal(court)?),
        (Seal::Signature | Seal::Drawn | Seal::Ink | Seal::Draft, _) => None,
    };
    let svg = drawn.as_ref().map(|seal| ("seal.svg", seal.svg.as_bytes()));
    let options = Options { seal, files: svg.as_slice() };
    let inner = &papers.0;
    let done = inner.typesetter.typeset(paper.template(), &inner.templates, &data, options)?;
    let seal = done.marks.iter().find(|mark| mark.label == "seal").and_then(|mark| {
        let height = done.heights.get(mark.page - 1)?;
        Some(SealPlace { page: mark.page, x: mark.x, y: height - mark.y })
    });
    Ok(Rendered { pdf: done.pdf, pages: done.pages, seal })
}

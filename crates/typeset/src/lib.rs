//! 排版 Document data and templates to PDF/A-2b through Typst.
//!
//! The only crate that names Typst; it knows nothing of cases. See README.md.

mod drawing;
mod fonts;
mod glyphs;
mod world;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use typst::diag::{Severity, SourceDiagnostic};
use typst::foundations::{Bytes, Dict, IntoValue, Smart};
use typst::introspection::Introspector;
use typst::layout::Abs;
use typst::syntax::DiagSpanKind;
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

pub use drawing::{Colour, Drawing, Step, Stroke};
pub use world::{DATA, Templates};

use fonts::Fonts;
use world::PaperWorld;

/// Papers typeset between two rounds of forgetting what the compiler remembers.
const FORGET_EVERY: u64 = 16;
/// Rounds that a remembered result survives without being used again.
const FORGET_AFTER: usize = 4;

/// What can go wrong; the text is for engineers, papers are made by machines.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("cannot read fonts at {}: {source}; run scripts/fonts", path.display())]
    Fonts { path: PathBuf, source: io::Error },
    #[error("no font files in {}; run scripts/fonts", path.display())]
    NoFonts { path: PathBuf },
    #[error("{} is not a font that can be read", path.display())]
    BadFont { path: PathBuf },
    #[error("'{name}' is no plain file name")]
    Name { name: String },
    #[error("template '{name}' is not in the set")]
    NoTemplate { name: String },
    #[error("data cannot be written as JSON: {0}")]
    Data(#[from] serde_json::Error),
    /// A template failed, or only warned: an unknown font family is a mere warning for Typst, and
    /// the paper would come out in another face.
    #[error("{template}: {}", messages.join("; "))]
    Typst { template: String, messages: Vec<String> },
    #[error("{template}: no glyph in any font for {characters:?}; the paper would show boxes or gaps")]
    MissingGlyph { template: String, characters: Vec<char> },
}

/// How the place of the seal is treated; templates read it as `sys.inputs.sealed`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Seal {
    /// `yes`: the seal is drawn into the page (drafts, samples).
    Drawn,
    /// `no`: the place stays empty for an ink seal on the printed paper.
    Ink,
    /// `draft`: no place for a seal, and 草稿 across every page: what nobody signed yet.
    Draft,
    /// `signature`: the place stays empty for the appearance of a digital signature.
    Signature,
}

impl Seal {
    const ALL: [Self; 4] = [Self::Drawn, Self::Ink, Self::Signature, Self::Draft];

    fn input(self) -> &'static str {
        match self {
            Self::Drawn => "yes",
            Self::Ink => "no",
            Self::Draft => "draft",
            Self::Signature => "signature",
        }
    }
}

/// What a paper is typeset with besides its data.
#[derive(Clone, Copy, Debug)]
pub struct Options<'a> {
    pub seal: Seal,
    /// Pictures that the template reads by name, for example an SVG.
    pub files: &'a [(&'a str, &'a [u8])],
}

impl Options<'_> {
    /// A paper with this seal and no pictures.
    pub fn seal(seal: Seal) -> Self {
        Self { seal, files: &[] }
    }
}

/// A place that the template named with a label, in pt from the upper left corner of the page.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    pub label: String,
    /// Page, from 1.
    pub page: usize,
    pub x: f64,
    pub y: f64,
}

/// A typeset paper.
#[derive(Clone, Debug)]
pub struct Typeset {
    /// PDF/A-2b; the same template, data and options always give the same bytes.
    pub pdf: Vec<u8>,
    pub pages: usize,
    /// Height of the pages in pt, one each.
    pub heights: Vec<f64>,
    /// The labelled places, in reading order.
    pub marks: Vec<Mark>,
}

/// The typesetter: fonts and compiler. Cloning is cheap and shares everything.
#[derive(Clone)]
pub struct Typesetter(Arc<Shared>);

struct Shared {
    fonts: Fonts,
    libraries: [LazyHash<Library>; 4],
    drawn: glyphs::Drawn,
    count: AtomicU64,
    pdf: PdfStandards,
}

impl Typesetter {
    /// Opens the fonts of one directory (see `scripts/fonts`); no other font is ever used.
    ///
    /// # Errors
    /// [`Error::Fonts`], [`Error::NoFonts`], [`Error::BadFont`].
    pub fn open(fonts: &Path) -> Result<Self, Error> {
        let libraries = Seal::ALL.map(|seal| {
            let mut inputs = Dict::new();
            inputs.insert("sealed".into(), seal.input().into_value());
            LazyHash::new(Library::builder().with_inputs(inputs).build())
        });
        let pdf = PdfStandards::new(&[PdfStandard::A_2b])
            .map_err(|e| Error::Typst { template: "PDF/A-2b".to_owned(), messages: vec![e.message().to_string()] })?;
        Ok(Self(Arc::new(Shared { fonts: Fonts::open(fonts)?, libraries, drawn: glyphs::Drawn::default(), count: AtomicU64::new(0), pdf })))
    }

    /// Whether a font family of this name is there.
    pub fn has_family(&self, family: &str) -> bool {
        self.0.fonts.book.contains_family(&family.to_lowercase())
    }

    /// Typesets `template` of `templates` with `data`, which the template reads as `data.json`.
    ///
    /// # Errors
    /// [`Error::Typst`] for any error **or warning** of the template, [`Error::MissingGlyph`] when a
    /// character would not be printed.
    pub fn typeset(&self, template: &str, templates: &Templates, data: &serde_json::Value, options: Options<'_>) -> Result<Typeset, Error> {
        let json = serde_json::to_vec(data)?;
        let ident = format!("{template}\n{}\n{}", options.seal.input(), String::from_utf8_lossy(&json));
        let document = self.layout(template, templates, json, options)?;
        let pdf_options = PdfOptions {
            ident: Smart::Custom(ident),
            creator: Smart::Custom(Some("Xiezhi".to_owned())),
            standards: self.0.pdf.clone(),
            ..PdfOptions::default()
        };
        let pdf = typst_pdf::pdf(&document, &pdf_options).map_err(|errors| failed(template, errors.iter(), None))?;
        self.forget();
        Ok(Typeset {
            pdf,
            pages: document.pages().len(),
            heights: document.pages().iter().map(|p| p.frame.height().to_pt()).collect(),
            marks: marks(&document),
        })
    }

    /// The first page of `template` as paths, letters as outlines.
    ///
    /// # Errors
    /// As [`Typesetter::typeset`].
    pub fn draw(&self, template: &str, templates: &Templates, data: &serde_json::Value) -> Result<Drawing, Error> {
        let json = serde_json::to_vec(data)?;
        let document = self.layout(template, templates, json, Options::seal(Seal::Drawn))?;
        document
            .pages()
            .first()
            .map(|page| Drawing::new(&page.frame))
            .ok_or_else(|| Error::Typst { template: template.to_owned(), messages: vec!["no page".to_owned()] })
    }

    fn layout(&self, template: &str, templates: &Templates, json: Vec<u8>, options: Options<'_>) -> Result<PagedDocument, Error> {
        let main = templates.get(template).ok_or_else(|| Error::NoTemplate { name: template.to_owned() })?.id();
        let mut files = vec![(world::file_id(DATA)?, Bytes::new(json))];
        for (name, bytes) in options.files {
            files.push((world::file_id(name)?, Bytes::new(bytes.to_vec())));
        }
        let library = match options.seal {
            Seal::Drawn => &self.0.libraries[0],
            Seal::Ink => &self.0.libraries[1],
            Seal::Signature => &self.0.libraries[2],
            Seal::Draft => &self.0.libraries[3],
        };
        let world = PaperWorld { library, fonts: &self.0.fonts, templates, main, files };
        let compiled = typst::compile::<PagedDocument>(&world);
        let document = compiled.output.map_err(|errors| failed(template, errors.iter(), Some(&world)))?;
        if !compiled.warnings.is_empty() {
            return Err(failed(template, compiled.warnings.iter(), Some(&world)));
        }
        let characters = self.0.drawn.missing(document.pages().iter().map(|page| &page.frame));
        if !characters.is_empty() {
            return Err(Error::MissingGlyph { template: template.to_owned(), characters });
        }
        Ok(document)
    }

    /// Keeps the memory of the compiler bounded: results of templates and fonts stay, those of one
    /// paper's data go.
    fn forget(&self) {
        if self.0.count.fetch_add(1, Ordering::Relaxed) % FORGET_EVERY == FORGET_EVERY - 1 {
            typst::comemo::evict(FORGET_AFTER);
        }
    }
}

/// Labelled places of the document.
fn marks(document: &PagedDocument) -> Vec<Mark> {
    let introspector = document.introspector();
    let mut found = Vec::new();
    for content in introspector.query_labelled() {
        let (Some(label), Some(location)) = (content.label(), content.location()) else { continue };
        let Some(position) = introspector.position(location) else { continue };
        let pt = |v: Abs| v.to_pt();
        found.push(Mark { label: label.resolve().as_str().to_owned(), page: position.page.get(), x: pt(position.point.x), y: pt(position.point.y) });
    }
    found
}

fn failed<'a>(template: &str, diagnostics: impl Iterator<Item = &'a SourceDiagnostic>, world: Option<&PaperWorld<'_>>) -> Error {
    let messages = diagnostics
        .map(|d| {
            let kind = match d.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
            };
            let place = world.and_then(|w| place(d, w)).unwrap_or_default();
            let hints: String = d.hints.iter().map(|h| format!(" ({})", h.v)).collect();
            format!("{place}{kind}: {}{hints}", d.message)
        })
        .collect();
    Error::Typst { template: template.to_owned(), messages }
}

/// `file:line: ` of a diagnostic, when it points into a template.
fn place(diagnostic: &SourceDiagnostic, world: &PaperWorld<'_>) -> Option<String> {
    let (id, range) = match diagnostic.span.get() {
        DiagSpanKind::Detached => return None,
        DiagSpanKind::Number { id, num, sub_range } => (id, world.source(id).ok()?.range(num, sub_range)?),
        DiagSpanKind::Range { id, range } => (id, range),
    };
    let name = id.get().vpath().get_without_slash().to_owned();
    let line = world.source(id).ok().and_then(|s| s.lines().byte_to_line(range.start));
    Some(match line {
        Some(line) => format!("{name}:{}: ", line + 1),
        None => format!("{name}: "),
    })
}

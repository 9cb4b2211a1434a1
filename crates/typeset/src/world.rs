//! What Typst may see of the outside: the fonts of one directory, the templates, the data of one
//! paper. No network, no packages, no clock.

use std::collections::BTreeMap;

use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, World};

use crate::Error;
use crate::fonts::Fonts;

/// The name under which a template reads its data: `#let d = json("data.json")`.
pub const DATA: &str = "data.json";

/// A set of templates that may import each other by file name, parsed once.
#[derive(Clone, Debug, Default)]
pub struct Templates {
    sources: BTreeMap<String, Source>,
}

impl Templates {
    /// Parses `(file name, source text)` pairs; a later pair replaces an earlier one of the same
    /// name, so that a court's own template can stand in for the common one.
    ///
    /// # Errors
    /// [`Error::Name`] when a name is no plain file name.
    pub fn new<'a>(sources: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self, Error> {
        let mut set = Self::default();
        for (name, text) in sources {
            set.sources.insert(name.to_owned(), Source::new(file_id(name)?, text.to_owned()));
        }
        Ok(set)
    }

    /// The names of all templates of the set, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.sources.keys().map(String::as_str)
    }

    pub(crate) fn get(&self, name: &str) -> Option<&Source> {
        self.sources.get(name)
    }
}

/// Typst's number of a file of the project. Numbers are never given back (there are 65,535), so
/// only plain names are taken: a name made from data would use them up.
pub(crate) fn file_id(name: &str) -> Result<FileId, Error> {
    let plain = !name.is_empty()
        && name.len() <= 64
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
        && !name.starts_with('.');
    if !plain {
        return Err(Error::Name { name: name.to_owned() });
    }
    let path = VirtualPath::new(name).map_err(|_| Error::Name { name: name.to_owned() })?;
    Ok(RootedPath::new(VirtualRoot::Project, path).intern())
}

/// The world of one paper.
pub(crate) struct PaperWorld<'a> {
    pub(crate) library: &'a LazyHash<Library>,
    pub(crate) fonts: &'a Fonts,
    pub(crate) templates: &'a Templates,
    pub(crate) main: FileId,
    /// `data.json` and the pictures given with it.
    pub(crate) files: Vec<(FileId, Bytes)>,
}

impl World for PaperWorld<'_> {
    fn library(&self) -> &LazyHash<Library> {
        self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.fonts.book
    }

    fn main(&self) -> FileId {
        self.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        let path = id.get();
        match path.root() {
            VirtualRoot::Package(_) => Err(FileError::AccessDenied),
            VirtualRoot::Project => {
                let name = path.vpath().get_without_slash();
                self.templates.get(name).cloned().ok_or_else(|| FileError::NotFound(name.into()))
            }
        }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if matches!(id.get().root(), VirtualRoot::Package(_)) {
            return Err(FileError::AccessDenied);
        }
        match self.files.iter().find(|(known, _)| *known == id) {
            Some((_, bytes)) => Ok(bytes.clone()),
            None => Err(FileError::NotFound(id.get().vpath().get_without_slash().into())),
        }
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.font(index)
    }

    /// Never the clock: a paper's date is part of its data, and the same data gives the same bytes.
    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}

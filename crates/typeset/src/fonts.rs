//! The fonts of one directory: described once when it is opened, read from disk at first use.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use typst::foundations::Bytes;
use typst::text::{Font, FontBook, FontInfo};
use typst::utils::LazyHash;

use crate::Error;

/// One font file. Its bytes are kept from the first use on: a paper without rare characters never
/// loads the fallback faces, which are the largest files.
struct File {
    path: PathBuf,
    bytes: OnceLock<Bytes>,
}

/// One face inside a file (a `.ttc` holds several).
struct Face {
    file: usize,
    index: u32,
    font: OnceLock<Option<Font>>,
}

/// All faces of a directory.
pub(crate) struct Fonts {
    pub(crate) book: LazyHash<FontBook>,
    files: Vec<File>,
    faces: Vec<Face>,
}

impl Fonts {
    /// Reads the description of every `.ttf`, `.otf`, `.ttc`, `.otc` file in `directory`, in the
    /// order of their names, so that the choice of a face never depends on the file system.
    pub(crate) fn open(directory: &Path) -> Result<Self, Error> {
        let unreadable = |source| Error::Fonts { path: directory.to_owned(), source };
        let mut paths = Vec::new();
        for entry in fs::read_dir(directory).map_err(unreadable)? {
            let path = entry.map_err(unreadable)?.path();
            let extension = path.extension().and_then(|e| e.to_str()).unwrap_or("").to_ascii_lowercase();
            if matches!(extension.as_str(), "ttf" | "otf" | "ttc" | "otc") {
                paths.push(path);
            }
        }
        if paths.is_empty() {
            return Err(Error::NoFonts { path: directory.to_owned() });
        }
        paths.sort();
        let (mut book, mut files, mut faces) = (FontBook::new(), Vec::new(), Vec::new());
        for path in paths {
            let data = fs::read(&path).map_err(|source| Error::Fonts { path: path.clone(), source })?;
            let count = ttf_parser::fonts_in_collection(&data).unwrap_or(1);
            for index in 0..count {
                let Some(info) = FontInfo::new(&data, index) else {
                    return Err(Error::BadFont { path });
                };
                book.push(info);
                faces.push(Face { file: files.len(), index, font: OnceLock::new() });
            }
            files.push(File { path, bytes: OnceLock::new() });
        }
        Ok(Self { book: LazyHash::new(book), files, faces })
    }

    /// The face with this number in the book; `None` when its file has gone since it was described.
    pub(crate) fn font(&self, number: usize) -> Option<Font> {
        let face = self.faces.get(number)?;
        face.font
            .get_or_init(|| {
                let file = &self.files[face.file];
                let bytes = match file.bytes.get() {
                    Some(bytes) => bytes.clone(),
                    None => {
                        let read = Bytes::new(fs::read(&file.path).ok()?);
                        file.bytes.get_or_init(|| read).clone()
                    }
                };
                Font::new(bytes, face.index)
            })
            .clone()
    }
}

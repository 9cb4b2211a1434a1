//! Many files at once, as `xiezhi ocr` asks for them.
use crate::Error;
use crate::report::{File, Report};
use crate::worker::Client;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Endings of the files that are taken out of a directory; a file named itself is opened whatever its ending.
const ENDINGS: [&str; 7] = ["jpg", "jpeg", "png", "tif", "tiff", "pdf", "docx"];

/// Reads files, and the readable files in directories, `workers` at a time. A file that is not taken stands in the report with
/// its refusal; the order is that of `paths`, in a directory that of names.
///
/// # Errors
/// Where a path cannot be read or the machine fails; no upload's fault.
pub fn ocr(paths: &[PathBuf], client: &Client, engine: &str, workers: usize) -> Result<Report, Error> {
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() { files.extend(inside(path)?) } else { files.push(path.clone()) }
    }
    let (next, results) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..workers.clamp(1, files.len().max(1)) {
            scope.spawn(|| {
                while let Some((i, path)) = Some(next.fetch_add(1, Ordering::Relaxed)).and_then(|i| Some((i, files.get(i)?))) {
                    let read = one(path, client, engine);
                    results.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push((i, read));
                }
            });
        }
    });
    let mut results = results.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    results.sort_by_key(|(i, _)| *i);
    Ok(Report { files: results.into_iter().map(|(_, read)| read).collect::<Result<_, _>>()? })
}

fn inside(dir: &Path) -> Result<Vec<PathBuf>, Error> {
    let what = || dir.display().to_string();
    let mut files = Vec::new();
    for entry in std::fs::read_dir(dir).map_err(Error::io(what()))? {
        let path = entry.map_err(Error::io(what()))?.path();
        let ending = path.extension().and_then(|e| e.to_str()).map(str::to_ascii_lowercase);
        if ending.is_some_and(|e| ENDINGS.contains(&e.as_str())) {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn one(path: &Path, client: &Client, engine: &str) -> Result<File, Error> {
    let name = path.display().to_string();
    let bytes = std::fs::read(path).map_err(Error::io(&name))?;
    match client.read(&bytes, &name, engine) {
        Err(Error::Refused(refusal)) => Ok(File { file: name, documents: Vec::new(), pages: Vec::new(), refusal: Some(refusal.into()) }),
        other => other,
    }
}

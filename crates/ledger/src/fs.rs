//! What the log asks of a file system. Two implementations: [`Disk`], and the tests' disk that stops between writes
//! and forgets what was not synced.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Paths are relative to the log's directory, with `/`; the empty path is the directory itself.
pub trait Fs: Send {
    /// The whole file, or nothing if it is not there.
    fn read(&self, path: &str) -> io::Result<Option<Vec<u8>>>;
    /// Writes files, replacing their content, and returns once the content of all is durable. Their names are durable
    /// only after [`Fs::sync_dir`] of the directories.
    fn write_durable(&self, files: &[(String, Vec<u8>)]) -> io::Result<()>;
    /// Makes the content of a file durable that an earlier process may have left unsynced.
    fn sync_file(&self, path: &str) -> io::Result<()>;
    /// Makes one directory; its parent exists. Fine if it is already there.
    fn create_dir(&self, path: &str) -> io::Result<()>;
    /// Makes the names in a directory durable.
    fn sync_dir(&self, path: &str) -> io::Result<()>;
    /// Gives a file another name, replacing what had it, at one stroke.
    fn rename(&self, from: &str, to: &str) -> io::Result<()>;
    /// Removes a file.
    fn remove_file(&self, path: &str) -> io::Result<()>;
    /// Removes a directory and what is in it; fine if it is not there.
    fn remove_dir_all(&self, path: &str) -> io::Result<()>;
}

/// A directory of the operating system, locked against a second writer while this value lives.
#[derive(Debug)]
pub struct Disk {
    root: PathBuf,
    _lock: File,
}

/// Files held open at a time between writing and syncing.
const OPEN_FILES: usize = 256;

impl Disk {
    /// Takes the directory and its lock; nothing if another process has it.
    pub fn lock(root: &Path) -> io::Result<Option<Self>> {
        let lock = OpenOptions::new().create(true).truncate(false).write(true).open(root.join("lock"))?;
        match lock.try_lock() {
            Ok(()) => Ok(Some(Self { root: root.to_owned(), _lock: lock })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }
}

impl Fs for Disk {
    fn read(&self, path: &str) -> io::Result<Option<Vec<u8>>> {
        match fs::read(self.root.join(path)) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn write_durable(&self, files: &[(String, Vec<u8>)]) -> io::Result<()> {
        // All written before the first is synced: one flush of the disk's journal then serves many.
        for chunk in files.chunks(OPEN_FILES) {
            let mut open = Vec::with_capacity(chunk.len());
            for (path, bytes) in chunk {
                let mut file = File::create(self.root.join(path))?;
                file.write_all(bytes)?;
                open.push(file);
            }
            open.iter().try_for_each(File::sync_all)?;
        }
        Ok(())
    }

    fn sync_file(&self, path: &str) -> io::Result<()> {
        File::open(self.root.join(path))?.sync_all()
    }

    fn create_dir(&self, path: &str) -> io::Result<()> {
        match fs::create_dir(self.root.join(path)) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            done => done,
        }
    }

    fn sync_dir(&self, path: &str) -> io::Result<()> {
        File::open(self.root.join(path))?.sync_all()
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        fs::rename(self.root.join(from), self.root.join(to))
    }

    fn remove_file(&self, path: &str) -> io::Result<()> {
        fs::remove_file(self.root.join(path))
    }

    fn remove_dir_all(&self, path: &str) -> io::Result<()> {
        match fs::remove_dir_all(self.root.join(path)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            done => done,
        }
    }
}

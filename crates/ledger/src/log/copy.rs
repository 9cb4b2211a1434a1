//! 副本 (copy) of a log whose writer goes on meanwhile, for a backup (invariant 2).

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use super::edge::{TILE, bundle_path, tile_path};
use super::{CHECKPOINT, Log, io};
use crate::{Checkpoint, Error, Result, VerifyingKey};

impl Log {
    /// Copies the log of a directory into another, as of the checkpoint that stands there now; the size of its tree. No lock
    /// is taken. The checkpoint is read first: what its tree needs was durable before it, and is never written over. Only a
    /// partial tile may vanish, and then the full one, of which it was the beginning, is there.
    pub fn copy(from: &Path, to: &Path, key: &VerifyingKey) -> Result<u64> {
        let note = match fs::read_to_string(from.join(CHECKPOINT)) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Err(Error::NoLog),
            read => read.map_err(io("read", CHECKPOINT))?,
        };
        let size = Checkpoint::open(&note, key)?.size;
        fs::create_dir_all(to).map_err(io("create", &to.display().to_string()))?;
        let mut filled = size;
        for level in 0.. {
            if filled == 0 {
                break;
            }
            let (full, width) = (filled / TILE as u64, filled % TILE as u64);
            let take = |path: &dyn Fn(u64) -> String| -> Result<()> {
                (0..full).try_for_each(|tile| whole(from, to, &path(tile)))?;
                if width == 0 { Ok(()) } else { partial(from, to, &path(full), width) }
            };
            take(&|tile| tile_path(level, tile))?;
            if level == 0 {
                take(&bundle_path)?;
            }
            filled = full;
        }
        fs::write(to.join(CHECKPOINT), note).map_err(io("write", CHECKPOINT))?;
        Ok(size)
    }
}

fn whole(from: &Path, to: &Path, path: &str) -> Result<()> {
    place(to, path)?;
    fs::copy(from.join(path), to.join(path)).map(drop).map_err(io("copy", path))
}

fn partial(from: &Path, to: &Path, path: &str, width: u64) -> Result<()> {
    let part = format!("{path}.p/{width}");
    place(to, &part)?;
    match fs::copy(from.join(&part), to.join(&part)) {
        Err(error) if error.kind() == ErrorKind::NotFound => whole(from, to, path),
        copied => copied.map(drop).map_err(io("copy", &part)),
    }
}

fn place(to: &Path, path: &str) -> Result<()> {
    let target = to.join(path);
    let dir = target.parent().unwrap_or(to);
    fs::create_dir_all(dir).map_err(io("create", path))
}

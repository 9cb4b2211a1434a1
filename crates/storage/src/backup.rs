//! 备份: an online copy of a SQLite store.
use crate::Error;
use rusqlite::{
    Connection, OpenFlags,
    backup::{Backup, StepResult},
};
use std::{fs::File, path::Path, time::Duration};

/// Copies all pages in one step: one state of the store, and writers are not held up (write-ahead log).
pub(crate) fn copy(from: &Path, to: &Path) -> Result<(), Error> {
    let part = to.with_added_extension("part");
    copy_to(from, &part).map_err(|reason| Error::File { what: format!("backup to {}", to.display()), reason })?;
    let finish = || -> std::io::Result<()> {
        std::fs::rename(&part, to)?;
        let directory = to.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        File::open(directory)?.sync_all()
    };
    finish().map_err(|error| Error::File { what: format!("backup to {}", to.display()), reason: error.to_string() })
}

fn copy_to(from: &Path, part: &Path) -> Result<(), String> {
    if part.exists() {
        std::fs::remove_file(part).map_err(|error| error.to_string())?;
    }
    crate::sqlite::create_private(part).map_err(|error| error.to_string())?;
    let copy = || -> rusqlite::Result<()> {
        let source = Connection::open_with_flags(from, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
        source.busy_timeout(Duration::from_secs(20))?;
        let mut target = Connection::open_with_flags(part, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
        target.execute_batch("PRAGMA synchronous = FULL")?;
        {
            let backup = Backup::new(&source, &mut target)?;
            while backup.step(-1)? != StepResult::Done {
                std::thread::sleep(Duration::from_millis(20));
            }
        }
        // The copy carries the source's mode; one file alone is what can be moved and kept.
        target.query_row("PRAGMA journal_mode = DELETE", [], |_| Ok(()))?;
        target.query_row("PRAGMA quick_check", [], |row| row.get::<_, String>(0)).and_then(|found| match found.as_str() {
            "ok" => Ok(()),
            _ => Err(rusqlite::Error::InvalidQuery),
        })
    };
    copy().map_err(|error| error.to_string())?;
    File::open(part).and_then(|file| file.sync_all()).map_err(|error| error.to_string())
}

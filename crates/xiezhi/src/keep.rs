//! 维护: checks, copies and restores of a data directory. None of these commands needs the server to stop, but restore.
use crate::installation::Installation;
use crate::serve::{Options, crossing_file};
use anyhow::{Context, Result, bail};
use jiff::Timestamp;
use serde_json::{Value, json};
use std::fs::{self, File};
use std::io::{Read, Seek, Write};
use std::path::{Path, PathBuf};
use storage::{Digest, Engine};
use zip::write::SimpleFileOptions;

/// The list of a copy's files with their digests, last in the copy.
const LIST: &str = "backup.json";

/// Folds the events of every case and compares with the tables that the pages read; ids of cases that differ.
pub fn replay(installation: &Installation, options: &Options) -> Result<(usize, Vec<String>)> {
    let db = installation.court_db(options.court_db.as_deref())?;
    let (count, wrong) = court::check_replay(&db, &installation.settings.courts)?;
    Ok((count, wrong.iter().map(ToString::to_string).collect()))
}

/// Copies everything into one file, as of one moment of the bridge; bytes written. The file holds secret keys: mode 600.
pub fn backup(installation: &Installation, file: &Path, options: &Options) -> Result<u64> {
    let dir = tempdir_beside(file)?;
    let done = copy(installation, &dir, file, options);
    fs::remove_dir_all(&dir).with_context(|| dir.display().to_string())?;
    done
}

fn copy(installation: &Installation, dir: &Path, file: &Path, options: &Options) -> Result<u64> {
    let (court, portal) = (installation.court_db(options.court_db.as_deref())?, installation.portal_db(options.portal_db.as_deref())?);
    if court.engine() == Engine::Postgres || portal.engine() == Engine::Postgres {
        bail!("a store lies in PostgreSQL; copy it with pg_basebackup or pg_dump, and the data directory with it");
    }
    // Nothing crosses the bridge while the two copies are made: what one zone holds as sent the other holds as received.
    let locks = [crossing_file(&installation.dir, "court")?, crossing_file(&installation.dir, "portal")?];
    for lock in &locks {
        lock.lock()?;
    }
    court.backup(&dir.join("court.db"))?;
    portal.backup(&dir.join("portal.db"))?;
    drop(locks);
    // The log only grows, so that a later copy of it holds all that the tables name.
    let mut files = vec![("court/court.db".to_owned(), dir.join("court.db")), ("portal/portal.db".to_owned(), dir.join("portal.db"))];
    collect(&installation.dir, &installation.dir, &mut files)?;
    let part = file.with_added_extension("part");
    let written = pack(&part, &files)?;
    fs::rename(&part, file).with_context(|| file.display().to_string())?;
    Ok(written)
}

/// Everything else of the data directory: settings, keys, seals, log.
fn collect(root: &Path, dir: &Path, files: &mut Vec<(String, PathBuf)>) -> Result<()> {
    let mut entries: Vec<_> = fs::read_dir(dir).with_context(|| dir.display().to_string())?.collect::<Result<_, _>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        let name = path.strip_prefix(root).context("a path outside of the data directory")?.to_string_lossy().into_owned();
        if path.is_dir() {
            // What the scenario wrote is no part of the installation.
            if name != "scenario" {
                collect(root, &path, files)?;
            }
        } else if belongs(&name) {
            files.push((name, path));
        }
    }
    Ok(())
}

/// Tables are copied by the store itself; locks and unfinished files are of the running process.
fn belongs(name: &str) -> bool {
    let file = name.rsplit('/').next().unwrap_or(name);
    !file.contains(".db") && !file.ends_with("lock") && !file.ends_with(".part")
}

fn pack(part: &Path, files: &[(String, PathBuf)]) -> Result<u64> {
    let out = private_file(part)?;
    let mut archive = zip::ZipWriter::new(out);
    let form = SimpleFileOptions::default().large_file(true).unix_permissions(0o600);
    let mut list = Vec::new();
    for (name, path) in files {
        let bytes = fs::read(path).with_context(|| path.display().to_string())?;
        archive.start_file(name.as_str(), form)?;
        archive.write_all(&bytes)?;
        list.push(json!({"name": name, "bytes": bytes.len(), "sha256": Digest::of(&bytes).to_string()}));
    }
    archive.start_file(LIST, form)?;
    archive.write_all(serde_json::to_string_pretty(&json!({"version": 1, "made": Timestamp::now(), "files": list}))?.as_bytes())?;
    let mut out = archive.finish()?;
    out.sync_all()?;
    Ok(out.stream_position()?)
}

fn private_file(path: &Path) -> Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    if path.exists() {
        fs::remove_file(path).with_context(|| path.display().to_string())?;
    }
    File::options().write(true).create_new(true).mode(0o600).open(path).with_context(|| path.display().to_string())
}

fn tempdir_beside(file: &Path) -> Result<PathBuf> {
    let dir = file.with_added_extension("making");
    if dir.exists() {
        fs::remove_dir_all(&dir).with_context(|| dir.display().to_string())?;
    }
    fs::create_dir_all(&dir).with_context(|| dir.display().to_string())?;
    Ok(dir)
}

/// Lays a copy out in an empty directory and opens a new epoch of the log that names the old one, so that what was
/// logged after the copy is never mistaken for what comes now. Number of files laid out.
pub fn restore(file: &Path, dir: &Path) -> Result<usize> {
    if dir.exists() && fs::read_dir(dir).with_context(|| dir.display().to_string())?.next().is_some() {
        bail!("{} is not empty; restore into a new directory", dir.display());
    }
    let mut archive = zip::ZipArchive::new(File::open(file).with_context(|| file.display().to_string())?)
        .with_context(|| format!("{} is no backup", file.display()))?;
    let mut text = String::new();
    archive.by_name(LIST).context("the backup has no list of its files")?.read_to_string(&mut text)?;
    let list: Value = serde_json::from_str(&text)?;
    let files = list["files"].as_array().context("the backup's list")?;
    for entry in files {
        let name = entry["name"].as_str().context("the backup's list")?;
        let mut inside = archive.by_name(name).with_context(|| format!("{name} is missing from the backup"))?;
        let target = dir.join(inside.enclosed_name().with_context(|| format!("{name} leads out of the directory"))?);
        let mut bytes = Vec::new();
        inside.read_to_end(&mut bytes)?;
        if entry["sha256"].as_str() != Some(&Digest::of(&bytes).to_string()) {
            bail!("{name} in the backup is damaged; nothing was restored that can be used, take another copy");
        }
        fs::create_dir_all(target.parent().context("a file without a directory")?)?;
        let mut out = private_file(&target)?;
        out.write_all(&bytes)?;
        out.sync_all()?;
    }
    let installation = Installation::open(dir)?;
    let known = court::stamp(installation.log_time()?)?;
    ledger::Log::restore_epoch(&dir.join("court/log"), installation.log_key()?, None, "restored from a backup", &known)?;
    Ok(files.len())
}

//! 维护: checks, copies and restores of a data directory. None of these commands needs the server to stop, but restore.
use crate::installation::Installation;
use crate::serve::{Options, crossing_file};
use anyhow::{Context, Result, bail};
use jiff::Timestamp;
use serde_json::{Value, json};
use std::fs::{self, File};
use std::io::{Read, Seek, Write};
use std::path::{Path, PathBuf};
use storage::{Db, Digest, Engine};
use uuid::Uuid;
use zip::write::SimpleFileOptions;

/// The list of a copy's files with their digests, last in the copy.
const LIST: &str = "backup.json";
/// Where the log lies in a data directory.
const LOG: &str = "court/log";

/// What a replay found.
pub struct Replayed {
    pub cases: usize,
    /// Views of the portal that were compared; none where its tables lie elsewhere or envelopes are under way.
    pub views: Option<usize>,
    /// Tables that differ, each with its case.
    pub differ: Vec<String>,
}

/// Folds the events of every case and compares with the tables that the pages read, the portal's among them.
pub fn replay(installation: &Installation, options: &Options) -> Result<Replayed> {
    let db = installation.court_db(options.court_db.as_deref())?;
    let courts = &installation.settings.courts;
    let (cases, mut differ) = court::check_replay(&db, courts)?;
    let mut views = None;
    if installation.has_portal(options.portal_db.as_deref()) {
        let _still = hold_bridge(installation)?;
        let portal = installation.portal_db(options.portal_db.as_deref())?;
        let shown = portal.read_blocking(portal::store::cases::all_views)?;
        let shown = shown.into_iter().map(|(view, at)| court::Shown { view, at }).collect();
        if let Some((count, wrong)) = court::check_views(&db, courts, &installation.law(), shown)? {
            views = Some(count);
            differ.extend(wrong);
        }
    }
    Ok(Replayed { cases, views, differ: differ.iter().map(ToString::to_string).collect() })
}

/// What was counted, and what is owed and not under way, lost, done twice or not received.
#[derive(Default)]
pub struct Accounted {
    /// Papers that somebody is owed.
    pub papers: usize,
    /// Files of the court's cases.
    pub files: usize,
    /// Submissions that the portal gave a receipt for; none where its tables lie elsewhere.
    pub submissions: Option<usize>,
    pub counted: court::Counted,
    /// A line for each thing that is wrong.
    pub wrong: Vec<String>,
}

impl Accounted {
    /// A line for each thing that a check found, or for the check that could not be made.
    fn note<T: serde::Serialize, E: std::fmt::Display>(&mut self, what: &str, found: Result<&[T], &E>) -> Result<()> {
        match found {
            Ok(found) => {
                for one in found {
                    self.wrong.push(format!("{what}: {}", serde_json::to_string(one)?));
                }
            }
            Err(error) => self.wrong.push(format!("{what}: not looked at: {error}")),
        }
        Ok(())
    }
}

/// Accounts for every paper, file, number and submission: each from two tables that do not know of each other. A server may go
/// on meanwhile; all checks are made, so that one damage does not hide another.
pub fn account(installation: &Installation, options: &Options) -> Result<Accounted> {
    let db = installation.court_db(options.court_db.as_deref())?;
    let courts = &installation.settings.courts;
    let mut done = Accounted::default();
    let owed = court::check_owed(&db, courts);
    done.note("forgotten", owed.as_ref().map(|(_, found)| found.as_slice()))?;
    let kept = court::check_files(&db, courts);
    done.note("lost", kept.as_ref().map(|(_, found)| found.as_slice()))?;
    let once = court::check_once(&db, courts);
    done.note("twice", once.as_ref().map(|(_, found)| found.as_slice()))?;
    done.papers = owed.map_or(0, |(papers, _)| papers);
    done.files = kept.map_or(0, |(files, _)| files);
    done.counted = once.map(|(counted, _)| counted).unwrap_or_default();
    if installation.has_portal(options.portal_db.as_deref()) {
        let portal = installation.portal_db(options.portal_db.as_deref())?;
        let whole = portal::check_whole(&portal);
        done.note("missing", whole.as_ref().map(|whole| whole.missing.as_slice()))?;
        if let Ok(whole) = whole {
            done.submissions = Some(whole.submissions);
            crossed(&mut done, &db, courts, &portal, &whole.across)?;
        }
    }
    Ok(done)
}

/// What is across the court has taken, and where nothing is under way it has answered.
fn crossed(done: &mut Accounted, db: &Db, courts: &[String], portal: &Db, across: &[portal::Across]) -> Result<()> {
    let number = |id: Uuid| across.iter().find(|one| one.submission == id).map_or_else(|| id.to_string(), |one| one.receipt_no.clone());
    for id in court::check_taken(db, across.iter().map(|one| one.submission).collect())? {
        done.wrong.push(format!("missing: submission {} at the court", number(id)));
    }
    let open = across.iter().filter(|one| !one.answered).map(|one| one.submission).collect();
    let waits = portal.read_blocking(|tx| storage::outbox::waiting(tx, portal::store::ZONE, 1))?;
    if waits.is_empty() && court::at_rest(db, courts)? {
        // What was answered meanwhile is here by now.
        for id in portal::still_unanswered(portal, open)? {
            done.wrong.push(format!("missing: the court's answer to submission {}", number(id)));
        }
    }
    Ok(())
}

/// Nothing crosses the bridge while these are held: what one zone holds as sent the other holds as received.
fn hold_bridge(installation: &Installation) -> Result<[File; 2]> {
    let locks = [crossing_file(&installation.dir, "court")?, crossing_file(&installation.dir, "portal")?];
    for lock in &locks {
        lock.lock()?;
    }
    Ok(locks)
}

/// Copies everything into one file, as of one moment of the bridge; bytes written. The file holds secret keys: mode 600.
pub fn backup(installation: &Installation, file: &Path, options: &Options) -> Result<u64> {
    if file.exists() {
        bail!("{} is there already; an earlier backup is not written over: name another file, or move it away", file.display());
    }
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
    let locks = hold_bridge(installation)?;
    court.backup(&dir.join("court.db"))?;
    portal.backup(&dir.join("portal.db"))?;
    drop(locks);
    // The log only grows, so that a later copy of it holds all that the tables name. Its writer goes on: it is copied as of
    // one checkpoint of it.
    ledger::Log::copy(&installation.dir.join(LOG), &dir.join("log"), installation.log_key()?.verifying_key())?;
    let mut files = vec![("court/court.db".to_owned(), dir.join("court.db")), ("portal/portal.db".to_owned(), dir.join("portal.db"))];
    collect("", &installation.dir, &mut files)?;
    collect(LOG, &dir.join("log"), &mut files)?;
    let part = file.with_added_extension("part");
    let written = pack(&part, &files)?;
    fs::rename(&part, file).with_context(|| file.display().to_string())?;
    Ok(written)
}

/// Are these the tables that the log in the data directory belongs to? Its entries are records of theirs, but for the last ones where
/// a backup was taken while the log went on: tables without any are another installation's, or empty.
pub fn log_matches(db: &Db, courts: &[String], log: u64) -> Result<()> {
    let courts = courts.to_vec();
    let records =
        db.read_blocking(move |tx| courts.iter().map(|court| Ok(court::store::record_counts(tx, court)?.0)).sum::<Result<u64, court::Error>>())?;
    if records == 0 && log > 0 {
        bail!(
            "the log holds {log} records, the tables none: they are not the tables of this data directory; name the right ones, or restore a backup"
        );
    }
    Ok(())
}

/// Everything below a directory, named as it lies in the installation: settings, keys, seals, and the log's copy.
fn collect(under: &str, dir: &Path, files: &mut Vec<(String, PathBuf)>) -> Result<()> {
    let mut entries: Vec<_> = fs::read_dir(dir).with_context(|| dir.display().to_string())?.collect::<Result<_, _>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().into_owned();
        let name = if under.is_empty() { name } else { format!("{under}/{name}") };
        if path.is_dir() {
            // The log is copied by its own room; what the scenario wrote is no part of the installation.
            if name != "scenario" && name != LOG {
                collect(&name, &path, files)?;
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
/// logged after the copy is never mistaken for what comes now. Number of files laid out. The directory has its name only
/// when all of it is there and on the disk: killed on the way, this leaves `DIR.restoring`, which the next try clears away.
pub fn restore(file: &Path, dir: &Path) -> Result<usize> {
    if dir.exists() && fs::read_dir(dir).with_context(|| dir.display().to_string())?.next().is_some() {
        bail!("{} is not empty; restore into a new directory", dir.display());
    }
    let part = dir.with_added_extension("restoring");
    if part.exists() {
        fs::remove_dir_all(&part).with_context(|| part.display().to_string())?;
    }
    let laid_out = lay_out(file, &part).and_then(|files| {
        let installation = Installation::open(&part)?;
        let now = court::stamp(installation.log_time()?)?;
        ledger::Log::restore_epoch(&part.join(LOG), installation.log_key()?, None, "restored from a backup", &now)?;
        Ok(files)
    });
    let files = match laid_out {
        Ok(files) => files,
        Err(error) => {
            // What is half there helps nobody; the reason is the error.
            let _ = fs::remove_dir_all(&part);
            return Err(error);
        }
    };
    settle(&part)?;
    if dir.exists() {
        fs::remove_dir(dir).with_context(|| dir.display().to_string())?;
    }
    fs::rename(&part, dir).with_context(|| dir.display().to_string())?;
    File::open(parent(dir))?.sync_all()?;
    Ok(files)
}

fn parent(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Names of files are on the disk when their directories are.
fn settle(dir: &Path) -> Result<()> {
    for entry in fs::read_dir(dir).with_context(|| dir.display().to_string())? {
        let path = entry?.path();
        if path.is_dir() {
            settle(&path)?;
        }
    }
    File::open(dir)?.sync_all().with_context(|| dir.display().to_string())
}

/// The files of a copy, each as its list says.
fn lay_out(file: &Path, dir: &Path) -> Result<usize> {
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
        inside.read_to_end(&mut bytes).with_context(|| format!("{name} in the backup is damaged; take another copy"))?;
        if entry["sha256"].as_str() != Some(&Digest::of(&bytes).to_string()) {
            bail!("{name} in the backup is damaged; nothing was restored, take another copy");
        }
        fs::create_dir_all(parent(&target))?;
        let mut out = private_file(&target)?;
        out.write_all(&bytes)?;
        out.sync_all()?;
    }
    Ok(files.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::installation::Settings;
    use std::sync::atomic::{AtomicBool, Ordering};

    const COURT: &str = "粤4001";

    fn house(dir: &Path) -> Installation {
        let begin: Timestamp = "2026-03-02T01:00:00Z".parse().expect("a time");
        Installation::create(&dir.join("house"), Settings::demo(begin, 1, 3)).expect("an installation")
    }

    /// Appends to the log and then names it in the tables, as the workers do, until it is told to end.
    fn work(installation: &Installation, done: &AtomicBool) {
        let (db, mut log) = (installation.court_db(None).expect("tables"), installation.log().expect("the log"));
        let now = court::stamp(Timestamp::now()).expect("a stamp");
        for n in 0.. {
            if done.load(Ordering::SeqCst) {
                return;
            }
            log.append(&[format!("entry {n}")], &now).expect("appended");
            let size = log.size().to_string();
            db.write_blocking(move |tx| court::store::put_setting(tx, COURT, "logged", &size)).expect("named");
        }
    }

    #[test]
    fn a_copy_made_while_the_writers_go_on_holds_in_its_log_all_that_its_tables_name() {
        let dir = tempfile::tempdir().expect("a directory");
        let installation = house(dir.path());
        let done = AtomicBool::new(false);
        std::thread::scope(|scope| {
            scope.spawn(|| work(&installation, &done));
            let mut last = 0;
            for n in 0..4 {
                let (file, to) = (dir.path().join(format!("{n}.zip")), dir.path().join(format!("restored-{n}")));
                backup(&installation, &file, &Options::default()).expect("copied");
                restore(&file, &to).expect("laid out");
                let restored = Installation::open(&to).expect("an installation");
                let db = restored.court_db(None).expect("tables");
                let named = db.read_blocking(|tx| court::store::setting(tx, COURT, "logged")).expect("read");
                let named: u64 = named.map_or(0, |size| size.parse().expect("a size"));
                let log = restored.log().expect("opens");
                assert!(log.audit().expect("holds") > named, "what the tables name is in the log, and the epoch after it");
                assert!(log.checkpoint().lines().next().expect("an origin").contains("/epoch/"), "{}", log.checkpoint());
                assert!(named >= last, "a later copy holds more");
                last = named;
            }
            done.store(true, Ordering::SeqCst);
            assert!(last > 0, "the writer was at work");
        });
    }

    #[test]
    fn a_damaged_copy_leaves_nothing_behind() {
        let dir = tempfile::tempdir().expect("a directory");
        let installation = house(dir.path());
        let (file, to) = (dir.path().join("copy.zip"), dir.path().join("restored"));
        backup(&installation, &file, &Options::default()).expect("copied");
        let mut bytes = fs::read(&file).expect("the copy");
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        fs::write(dir.path().join("damaged.zip"), &bytes).expect("written");
        assert!(restore(&dir.path().join("damaged.zip"), &to).is_err());
        assert!(!to.exists() && !dir.path().join("restored.restoring").exists());
        // What a try left that was killed is cleared away by the next.
        fs::create_dir_all(dir.path().join("restored.restoring/court")).expect("left");
        restore(&file, &to).expect("laid out");
        assert!(!dir.path().join("restored.restoring").exists());
        assert!(restore(&file, &to).is_err(), "never over an installation");
    }
}

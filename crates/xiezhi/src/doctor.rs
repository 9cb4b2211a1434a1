//! 体检: looks whether an installation can work, and says of each thing that is wrong what to do.
use crate::installation::{self, Installation, Zone};
use crate::serve::Options;
use crate::{keep, mail, tls};
use anyhow::{Context, Result, anyhow, bail, ensure};
use jiff::{SignedDuration, Timestamp};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Free KiB under which a disk is nearly full, and per cent used.
const DISK_LEAST: u64 = 2 << 20;
const DISK_MOST: u64 = 95;
/// The log's newest checkpoint may lie so much ahead of the machine's clock.
const AHEAD: SignedDuration = SignedDuration::from_mins(5);
/// Files that nobody but the house reads end so.
const SECRETS: &[&str] = &["key", "password", "secret"];

/// One thing that was looked at.
#[derive(Debug, serde::Serialize)]
pub struct Finding {
    pub what: String,
    pub good: bool,
    /// What was found, and if it is bad, what to do.
    pub says: String,
}

#[derive(Default)]
struct Findings(Vec<Finding>);

impl Findings {
    fn note(&mut self, what: &str, found: Result<String>) {
        let (good, says) = match found {
            Ok(says) => (true, says),
            Err(error) => (false, format!("{error:#}")),
        };
        self.0.push(Finding { what: what.to_owned(), good, says });
    }
}

/// Looks at settings, keys, tables, log, fonts, programs, certificates, messengers, disk and clock.
pub fn look(dir: &Path, options: &Options) -> Vec<Finding> {
    let mut findings = Findings::default();
    let installation = match Installation::open(dir) {
        Ok(installation) => installation,
        Err(error) => {
            findings.note("data directory", Err(error));
            return findings.0;
        }
    };
    let mode = if installation.settings.demo { "demo, with sandboxes" } else { "no demo, no sandbox is reachable" };
    findings.note("data directory", Ok(format!("{}: {mode}; courts {}", dir.display(), installation.settings.courts.join(" "))));
    machine(&mut findings, &installation, options);
    keys(&mut findings, &installation);
    ways(&mut findings, &installation);
    tables(&mut findings, &installation, options);
    findings.0
}

/// What the machine has to bring.
fn machine(findings: &mut Findings, installation: &Installation, options: &Options) {
    findings.note("fonts", fonts(options));
    findings.note("tesseract", tesseract());
    findings.note("disk", disk(&installation.dir));
}

fn fonts(options: &Options) -> Result<String> {
    let dir = installation::fonts(options.fonts.as_deref())?;
    documents::Papers::open(&dir).with_context(|| dir.display().to_string())?;
    Ok(dir.display().to_string())
}

fn tesseract() -> Result<String> {
    let out = Command::new("tesseract").arg("--list-langs").output().map_err(|error| anyhow!("{error}; run scripts/tesseract"))?;
    ensure!(String::from_utf8_lossy(&out.stdout).contains("chi_sim"), "the language chi_sim is missing; run scripts/tesseract");
    Ok("chi_sim is there".into())
}

fn disk(dir: &Path) -> Result<String> {
    let out = Command::new("df").arg("-Pk").arg(dir).output().context("df")?;
    room(&String::from_utf8_lossy(&out.stdout))
}

/// Reads what `df -Pk` prints of one file system.
fn room(printed: &str) -> Result<String> {
    let line = printed.lines().nth(1).context("df says nothing")?;
    // The mount point may hold blanks; the capacity is the one cell that is per cent.
    let cells: Vec<&str> = line.split_whitespace().collect();
    let per_cent = |cell: &&str| cell.strip_suffix('%').and_then(|cell| cell.parse::<u64>().ok());
    let place = cells.iter().position(|cell| per_cent(cell).is_some()).with_context(|| line.to_owned())?;
    let used = per_cent(&cells[place]).with_context(|| line.to_owned())?;
    let free: u64 = place.checked_sub(1).and_then(|before| cells[before].parse().ok()).with_context(|| line.to_owned())?;
    ensure!(
        free >= DISK_LEAST && used < DISK_MOST,
        "{used} % used, {} MiB free: the disk is nearly full; make room before filings are refused",
        free >> 10
    );
    Ok(format!("{used} % used, {} MiB free", free >> 10))
}

/// Keys of the bridge, of receipts, log and seals, and that nobody else reads them.
fn keys(findings: &mut Findings, installation: &Installation) {
    let bridge = installation.bridge("court", "portal").and_then(|_| installation.bridge("portal", "court"));
    findings.note("bridge keys", bridge.map(|_| "readable".into()));
    findings.note("trust.keys", installation.trust().map(|trust| format!("{} keys", trust.keys().count())));
    findings.note("seals", installation.seals(Timestamp::now()).map(|seals| format!("{} courts", seals.len())));
    findings.note("key files", private(installation));
}

fn private(installation: &Installation) -> Result<String> {
    let mut files = Vec::new();
    secrets_in(&installation.dir, &mut files)?;
    let zones = [&installation.settings.portal, &installation.settings.court];
    files.extend(zones.iter().filter_map(|zone| zone.tls.as_ref()).map(|files| files.key.clone()).filter(|key| key.exists()));
    let mut open = Vec::new();
    for file in &files {
        let mode = fs::metadata(file).with_context(|| file.display().to_string())?.permissions().mode();
        if mode & 0o077 != 0 {
            open.push(file.display().to_string());
        }
    }
    ensure!(open.is_empty(), "others can read {}; chmod 600, and consider the key known", open.join(", "));
    Ok(format!("{} files, private", files.len()))
}

fn secrets_in(dir: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(dir).with_context(|| dir.display().to_string())? {
        let path = entry?.path();
        if path.is_dir() {
            secrets_in(&path, files)?;
        } else if path.extension().is_some_and(|extension| SECRETS.iter().any(|secret| extension == *secret)) {
            files.push(path);
        }
    }
    Ok(())
}

/// Certificates and messengers of each zone.
fn ways(findings: &mut Findings, installation: &Installation) {
    for (name, zone) in [("portal", &installation.settings.portal), ("court", &installation.settings.court)] {
        findings.note(&format!("{name} TLS"), certificate(zone));
        let way = mail::carriers(installation, name, zone).and_then(|carrier| mail::answers(zone).map(|()| carrier.name().to_owned()));
        findings.note(&format!("{name} messages"), way);
    }
}

fn certificate(zone: &Zone) -> Result<String> {
    let Some(files) = &zone.tls else { return Ok(format!("{} is left to the proxy before {}", zone.url, zone.listen)) };
    let now = Timestamp::now();
    let certified = tls::load(files, &zone.url, now)?;
    let days = certified.days_left(now);
    ensure!(days >= tls::RENEW_BEFORE, "TLS certificate {} expires in {days} days, on {}; renew it", files.cert.display(), certified.until);
    Ok(format!("until {}, {days} days", certified.until))
}

/// Both stores, what they hold, and the log.
fn tables(findings: &mut Findings, installation: &Installation, options: &Options) {
    let stores = [
        ("court tables", installation.court_db(options.court_db.as_deref())),
        ("portal tables", installation.portal_db(options.portal_db.as_deref())),
    ];
    for (what, db) in stores {
        findings.note(what, db.map(|db| format!("{:?} answers", db.engine())));
    }
    let replay = keep::replay(installation, options).and_then(|replayed| match replayed.differ.as_slice() {
        [] => Ok(format!("{}, replay equal", replayed.cases)),
        differ => bail!("replay differs: {}; restore from a backup", differ.join(", ")),
    });
    findings.note("cases", replay);
    let accounted = keep::account(installation, options).and_then(|accounted| match accounted.wrong.as_slice() {
        [] => Ok(format!("{} papers, {} files: nothing forgotten, lost or done twice", accounted.papers, accounted.files)),
        wrong => {
            bail!("{}; what is forgotten lies with a clerk or is tried again from “任务”, what is lost is restored from a backup", wrong.join("; "))
        }
    });
    findings.note("accounts", accounted);
    findings.note("background work", background(installation, options));
    findings.note("administration", administration(installation, options));
    // A server that runs holds the log; then its audit and its clock are the server's.
    match installation.hold("court") {
        Ok(_held) => match installation.log() {
            Ok(log) => {
                if !installation.settings.demo {
                    findings.note("clock", clock(&log));
                }
                let tables = installation.court_db(options.court_db.as_deref());
                let own = tables.and_then(|db| keep::log_matches(&db, &installation.settings.courts, log.size()));
                let audited = log.audit().map(|records| format!("{records} records, all hashes hold")).map_err(Into::into);
                findings.note("log", own.and(audited));
            }
            Err(error) => findings.note("log", Err(error)),
        },
        Err(_) => findings.note("log", Ok("a server holds it".into())),
    }
}

/// Tries after which a job will hardly succeed by itself.
const MANY_TRIES: u64 = 3;

/// Work that does not get done: what waits behind it is owed to somebody.
fn background(installation: &Installation, options: &Options) -> Result<String> {
    let (db, courts) = (installation.court_db(options.court_db.as_deref())?, installation.settings.courts.clone());
    let failing = db.read_blocking(move |tx| {
        let mut failing = vec![];
        for court in &courts {
            failing.extend(storage::jobs::failing(tx, court, MANY_TRIES, 100)?);
        }
        Ok::<_, storage::Error>(failing)
    })?;
    let said = failing.iter().take(3).map(|job| format!("{} {}: {}", job.kind, job.key, job.last_error.as_deref().unwrap_or("no reason")));
    let said = said.collect::<Vec<_>>().join("; ");
    ensure!(failing.is_empty(), "{} jobs fail again and again: {said}; mend what they name, then try them again from “待办”", failing.len());
    Ok("nothing fails".into())
}

fn administration(installation: &Installation, options: &Options) -> Result<String> {
    let db = installation.court_db(options.court_db.as_deref())?;
    let acts = court::administration::check_record(&db, &installation.settings.courts).context("the record of the administration was changed")?;
    Ok(format!("{acts} acts on record, chain holds"))
}

/// A clock that went backwards would date acts before what is on record already.
fn clock(log: &ledger::Log) -> Result<String> {
    let now = Timestamp::now();
    let Some(newest) = log.head().time()? else { return Ok(format!("{now}; the log has no time yet")) };
    let newest = Timestamp::from_second(newest.unix())?;
    ensure!(
        newest <= now.saturating_add(AHEAD)?,
        "the machine says {now}, the log's newest checkpoint is of {newest}: set the clock right before serving"
    );
    Ok(now.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disk_that_is_nearly_full_is_said() {
        let df = |blocks: &str| format!("Filesystem     1024-blocks      Used Available Capacity Mounted on\n/dev/vda1 {blocks} /srv/court data\n");
        assert!(room(&df("103081248 40000000 63081248      39%")).is_ok());
        for full in ["103081248 101000000 1000000 60%", "103081248 99000000 4081248 96%"] {
            let said = room(&df(full)).expect_err("nearly full").to_string();
            assert!(said.contains("nearly full") && said.contains("MiB free"), "{said}");
        }
        assert!(room("").is_err());
    }
}

//! The checks of the scenario can fail: each is given something that is missing or changed, and turns red by name.
//!
//! The scenario runs once through the built binary; each damage is done to a copy of what it left.
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use storage::Db;

const COURT: &str = "粤4001";

/// What the scenario needs on this machine, or a loud word that it could not run.
fn ready() -> bool {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../.tools");
    let fonts = std::env::var_os("XIEZHI_TOOLS").map_or_else(|| PathBuf::from(root), PathBuf::from).join("fonts");
    let papers = fonts.join("FandolFang-Regular.otf").exists();
    let reader = Command::new("pdftotext").arg("-v").output().is_ok();
    if papers && reader && intake::tesseract::installed() {
        return true;
    }
    eprintln!("SKIPPED: fonts, pdftotext or tesseract are missing (scripts/fonts, scripts/tesseract); that checks fail was not tested");
    false
}

fn xiezhi(data: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xiezhi"));
    command.args(["scenario", "--data"]).arg(data).args(arguments).output().expect("xiezhi runs")
}

/// A copy of the scenario's directory with one damage; what the check then says, and that it is red.
fn red(told: &Path, name: &str, damage: impl FnOnce(&Path)) -> String {
    let copy = told.with_file_name(name);
    let copied = Command::new("cp").arg("-a").arg(told).arg(&copy).status().expect("cp");
    assert!(copied.success());
    damage(&copy);
    let checked = xiezhi(&copy, &["--check"]);
    let said = String::from_utf8_lossy(&checked.stderr).into_owned();
    assert!(!checked.status.success(), "{name}: the check passed: {}", String::from_utf8_lossy(&checked.stdout));
    said
}

/// Deletes rows of the court's tables.
fn delete(data: &Path, sql: &'static str) {
    let url = format!("sqlite:{}", data.join("house/court/court.db").display());
    let db = Db::open(&url, &[court::store::MIGRATIONS]).expect("the court's tables");
    let gone = db.write_blocking(move |tx| tx.execute(sql, &[COURT.into()])).expect("deleted");
    assert_eq!(gone, 1, "{sql}");
}

/// Receipts of the papers that came to inboxes.
fn receipts(data: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = fs::read_dir(data).expect("a directory").map(|entry| entry.expect("an entry").path()).collect();
    found.retain(|path| path.extension().is_some_and(|extension| extension == "receipt") && path.with_extension("pdf").exists());
    found.sort();
    found
}

fn without_middle_byte(path: &Path) {
    let mut bytes = fs::read(path).expect("a file");
    bytes.remove(bytes.len() / 2);
    fs::write(path, bytes).expect("written");
}

#[test]
fn each_check_of_the_scenario_turns_red() {
    if !ready() {
        return;
    }
    let dir = tempfile::tempdir().expect("a directory");
    let told = dir.path().join("told");
    let first = xiezhi(&told, &[]);
    assert!(first.status.success(), "{}{}", String::from_utf8_lossy(&first.stdout), String::from_utf8_lossy(&first.stderr));
    let again = xiezhi(&told, &["--check"]);
    assert!(again.status.success(), "undamaged it holds: {}", String::from_utf8_lossy(&again.stderr));

    // One outbox job: the envelope in which a served paper went out.
    let said = red(&told, "outbox", |data| {
        delete(data, "DELETE FROM outbox WHERE court = $1 AND id = (SELECT envelope FROM deliveries ORDER BY envelope LIMIT 1)");
    });
    assert!(said.contains("forgotten") && said.contains("envelope to the recipient's inbox"), "{said}");

    // One event: the chain of digests breaks.
    let said = red(&told, "event", |data| delete(data, "DELETE FROM events WHERE court = $1 AND seq = 9"));
    assert!(said.contains("event") || said.contains("chain"), "{said}");

    // One page of a file: its bytes are gone from the store.
    let said = red(&told, "page", |data| {
        delete(data, "DELETE FROM blob_chunks WHERE court = $1 AND digest = (SELECT sha256 FROM papers ORDER BY id LIMIT 1) AND start = 0");
    });
    assert!(said.contains("lost"), "{said}");

    // One byte of a receipt, and one byte of a paper.
    for (name, extension) in [("receipt", "receipt"), ("paper", "pdf")] {
        let said = red(&told, name, |data| without_middle_byte(&receipts(data)[0].with_extension(extension)));
        assert!(said.contains(".receipt"), "{said}");
    }

    // One page of the archive package.
    let said = red(&told, "archive", |data| {
        let manifest = fs::read_to_string(data.join("archive/manifest-sha256.txt")).expect("a manifest");
        let (_, path) = manifest.lines().next().and_then(|line| line.split_once("  ")).expect("a line");
        fs::remove_file(data.join("archive").join(path)).expect("removed");
    });
    assert!(said.contains("of the package"), "{said}");

    // One node of the log.
    let said = red(&told, "log", |data| {
        let tile = tiles(&data.join("house/court/log")).pop().expect("a tile");
        without_middle_byte(&tile);
    });
    assert!(!said.is_empty());
}

/// Files of the log's tiles, in order.
fn tiles(log: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![log.join("tile")];
    while let Some(dir) = open.pop() {
        for entry in fs::read_dir(&dir).expect("a directory of the log") {
            let path = entry.expect("an entry").path();
            if path.is_dir() { open.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    found
}

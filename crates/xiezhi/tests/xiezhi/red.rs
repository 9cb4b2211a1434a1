//! The checks of the scenario can fail: each is given something that is missing or changed, and turns red by name.
//!
//! The scenario runs once through the built binary; each damage is done to a copy of what it left.
use crate::house::{over, ready_to_tell, stderr, tiles};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use storage::Db;

const COURT: &str = "粤4001";

/// A copy of the scenario's directory with one damage; what the check then says, and that it is red.
fn red(told: &Path, name: &str, damage: impl FnOnce(&Path)) -> String {
    let copy = told.with_file_name(name);
    let copied = Command::new("cp").arg("-a").arg(told).arg(&copy).status().expect("cp");
    assert!(copied.success());
    damage(&copy);
    let checked = over(&copy, &["scenario", "--check"]);
    let said = stderr(&checked);
    assert!(!checked.status.success(), "{name}: the check passed: {}", String::from_utf8_lossy(&checked.stdout));
    fs::remove_dir_all(&copy).expect("cleared");
    said
}

/// One statement on the court's tables that changes one row.
fn court(data: &Path, sql: &'static str) {
    let url = format!("sqlite:{}", data.join("house/court/court.db").display());
    let db = Db::open(&url, &[court::store::MIGRATIONS]).expect("the court's tables");
    let changed = db.write_blocking(move |tx| tx.execute(sql, &[COURT.into()])).expect("changed");
    assert_eq!(changed, 1, "{sql}");
}

/// One statement on the portal's tables that changes one row.
fn portal(data: &Path, sql: &'static str) {
    let url = format!("sqlite:{}", data.join("house/portal/portal.db").display());
    let db = Db::open(&url, &[portal::store::MIGRATIONS]).expect("the portal's tables");
    assert_eq!(db.write_blocking(move |tx| tx.execute(sql, &[])).expect("changed"), 1, "{sql}");
}

/// The case goes back to where a paper had just become owed; the job that was to typeset it is gone.
fn without_its_job(data: &Path) {
    const LATER: &str = "DELETE FROM events WHERE court = $1 AND stream = $2 AND seq > $3";
    let url = format!("sqlite:{}", data.join("house/court/court.db").display());
    let db = Db::open(&url, &[court::store::MIGRATIONS]).expect("the court's tables");
    let set_back = db.write_blocking(|tx| {
        let id = court::store::case_ids(tx, COURT)?[0];
        let events = storage::events::load(tx, COURT, id.0, 0)?;
        let owes = events.iter().find(|event| event.kind == "certificate_issued").expect("the certificate was issued").seq;
        tx.execute(LATER, &[COURT.into(), id.0.into(), owes.into()])?;
        let case = court::replay(tx, COURT, id, None)?;
        court::store::put_case(tx, &case, &[])
    });
    set_back.expect("set back");
}

/// Receipts of the papers that were kept.
fn receipts(data: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = fs::read_dir(data).expect("a directory").map(|entry| entry.expect("an entry").path()).collect();
    found.retain(|path| path.extension().is_some_and(|extension| extension == "receipt") && path.with_extension("pdf").exists());
    found.sort();
    found
}

fn with_middle_byte_changed(path: &Path) {
    let mut bytes = fs::read(path).expect("a file");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(path, bytes).expect("written");
}

/// What is damaged, the word by which its check names it, and how.
type Damage = (&'static str, &'static str, fn(&Path));

/// Every damage to a copy of what was told, with the word by which its check names it.
const DAMAGES: &[Damage] = &[
    ("outbox", "envelope to the recipient's inbox", |data| {
        court(data, "DELETE FROM outbox WHERE court = $1 AND id = (SELECT envelope FROM deliveries ORDER BY envelope LIMIT 1)");
    }),
    ("job", "job to typeset it", without_its_job),
    ("event", "event", |data| court(data, "DELETE FROM events WHERE court = $1 AND seq = 9")),
    ("page", "lost:", |data| {
        court(data, "DELETE FROM blob_chunks WHERE court = $1 AND digest = (SELECT sha256 FROM papers ORDER BY id LIMIT 1) AND start = 0");
    }),
    ("receipt", ".receipt", |data| with_middle_byte_changed(&receipts(data)[0])),
    ("paper", ".receipt", |data| with_middle_byte_changed(&receipts(data)[0].with_extension("pdf"))),
    ("archive-file", "of the package", |data| {
        let manifest = fs::read_to_string(data.join("archive/manifest-sha256.txt")).expect("a manifest");
        let (_, path) = manifest.lines().next().and_then(|line| line.split_once("  ")).expect("a line");
        fs::remove_file(data.join("archive").join(path)).expect("removed");
    }),
    ("archive-more", "Payload-Oxum", |data| fs::write(data.join("archive/data/more.pdf"), "more").expect("written")),
    ("archive-receipt", "data/receipts", |data| {
        let receipts = fs::read_dir(data.join("archive/data/receipts")).expect("receipts");
        with_middle_byte_changed(&receipts.map(|entry| entry.expect("an entry").path()).next().expect("a receipt"));
    }),
    ("log", "log", |data| with_middle_byte_changed(&tiles(&data.join("house/court/log")).pop().expect("a tile"))),
    ("record", "the tables name", |data| {
        court(data, "DELETE FROM records WHERE court = $1 AND id = (SELECT id FROM records WHERE position = 3)");
    }),
    ("row", "replay differs: parties", |data| court(data, "DELETE FROM parties WHERE court = $1 AND side = 'defendant'")),
    ("list", "replay differs: cases", |data| court(data, "UPDATE cases SET title = '' WHERE court = $1")),
    ("link", "replay differs: links", |data| {
        court(data, "DELETE FROM accounts_linked WHERE court = $1 AND party = (SELECT person FROM parties WHERE side = 'defendant')")
    }),
    ("twice", "twice:", |data| {
        court(
            data,
            "INSERT INTO deliveries (court, envelope, case_id, paper) \
            SELECT court, '00000000-0000-7000-8000-000000000000', case_id, paper FROM deliveries WHERE court = $1 ORDER BY envelope LIMIT 1",
        );
    }),
    ("view", "replay differs: views", |data| {
        portal(data, "DELETE FROM views WHERE account = (SELECT account FROM views ORDER BY account LIMIT 1)");
    }),
    ("submission", "envelope to the court", |data| {
        portal(data, "DELETE FROM outbox WHERE id = (SELECT id FROM submissions ORDER BY at LIMIT 1)");
    }),
    ("submitted-file", "file that was handed in", |data| {
        portal(
            data,
            "DELETE FROM blob_chunks WHERE start = 0 AND digest = (SELECT json_extract(files, '$[0].sha256') FROM submissions ORDER BY at LIMIT 1)",
        );
    }),
    ("taken", "at the court", |data| {
        let sql = "DELETE FROM inbox WHERE court <> $1 AND id = (SELECT submission FROM requests WHERE receipt_no <> '' ORDER BY receipt_no LIMIT 1)";
        court(data, sql);
    }),
    ("answered", "the court's answer", |data| {
        portal(data, "UPDATE submissions SET state = 'awaiting' WHERE id = (SELECT id FROM submissions ORDER BY at LIMIT 1)");
    }),
    ("inbox", "file of a paper", |data| {
        portal(data, "DELETE FROM blob_chunks WHERE start = 0 AND digest = (SELECT json_extract(paper, '$.sha256') FROM papers ORDER BY id LIMIT 1)");
    }),
    ("inbox-row", "paper that was announced", |data| {
        portal(
            data,
            "DELETE FROM papers WHERE id = (SELECT substr(text, instr(text, '/paper/') + 7, 36) FROM messages WHERE instr(text, '/paper/') > 0 LIMIT 1)",
        );
    }),
    ("message", "message to the telephone", |data| {
        portal(data, "DELETE FROM messages WHERE id = (SELECT id FROM messages WHERE text LIKE '%/paper/%' ORDER BY created, id LIMIT 1)");
    }),
];

#[test]
fn each_check_of_the_scenario_turns_red() {
    if !ready_to_tell("that checks fail was not tested") {
        return;
    }
    let dir = tempfile::tempdir().expect("a directory");
    let told = dir.path().join("told");
    let first = over(&told, &["scenario"]);
    assert!(first.status.success(), "{}{}", String::from_utf8_lossy(&first.stdout), stderr(&first));
    let again = over(&told, &["scenario", "--check"]);
    assert!(again.status.success(), "undamaged it holds: {}", stderr(&again));
    let mut passed = vec![];
    for (name, word, damage) in DAMAGES {
        let said = red(&told, name, damage);
        if !said.contains(word) {
            passed.push(format!("{name}: “{word}” is not said in: {said}"));
        }
    }
    assert!(passed.is_empty(), "{}", passed.join("\n"));
}

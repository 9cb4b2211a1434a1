//! `xiezhi draw --check`: the record that the portal gives is drawn again by the built program, and a changed one is refused.
use jiff::civil::date;
use procedure::draw::again::{RULE, Record};
use procedure::draw::{Seed, digest_of_filing, draw};
use procedure::trial::{Candidate, Tribunal, TribunalForm};
use procedure::{Office, PersonId};
use std::path::Path;
use std::process::{Command, Output};
use uuid::Uuid;

fn record() -> Record {
    let candidate = |n: u128, office| Candidate { person: PersonId(Uuid::from_u128(n)), name: format!("人员{n}"), office, load: 0 };
    let roster: Vec<_> = (1..=7).map(|n| candidate(n, if n < 6 { Office::Judge } else { Office::Clerk })).collect();
    let files = vec!["ab".repeat(32)];
    let receipt_no = "4001-2026-0302-00001".to_owned();
    let seed = Seed { checkpoint: "log.example\n17\nAAAA".into(), filing: digest_of_filing(&receipt_no, files.iter().map(String::as_str)) };
    let of = |label, office, n| {
        let ids: Vec<_> = roster.iter().filter(|one| one.office == office).map(|one| one.person).collect();
        let drawn = draw(&seed, label, &ids, n);
        drawn.iter().filter_map(|id| roster.iter().find(|one| one.person == *id)).cloned().collect::<Vec<_>>()
    };
    let (judges, clerk) = (of("judge", Office::Judge, 3), of("clerk", Office::Clerk, 1).remove(0));
    let tribunal = Tribunal { form: TribunalForm::Panel, seed, roster, excluded: vec![], judges, clerk, on: date(2026, 3, 12) };
    Record { rule: RULE.into(), number: None, receipt_no, files, names: vec!["周桂兰".into()], redraws: vec![], tribunal }
}

fn check(dir: &Path, record: &Record) -> Output {
    let file = dir.join("分案抽取记录.json");
    std::fs::write(&file, serde_json::to_vec_pretty(record).expect("JSON")).expect("written");
    let mut command = Command::new(env!("CARGO_BIN_EXE_xiezhi"));
    command.arg("draw").arg("--check").arg(&file).arg("--json").output().expect("runs")
}

#[test]
fn r_tri_06_the_program_draws_the_same_and_refuses_a_changed_record() {
    let dir = tempfile::tempdir().expect("a directory");
    let mut record = record();
    let good = check(dir.path(), &record);
    let told: serde_json::Value = serde_json::from_slice(&good.stdout).expect("JSON");
    assert!(good.status.success() && told["holds"] == true, "{told}");
    let seats: Vec<_> = told["rounds"][0]["tickets"].as_array().expect("tickets").iter().filter(|line| !line["seat"].is_null()).collect();
    assert_eq!(seats.len(), 3, "{told}");
    assert_eq!(seats[0]["person"], serde_json::json!(record.tribunal.judges[0].person), "the first presides");
    record.tribunal.judges.swap(0, 1);
    let bad = check(dir.path(), &record);
    assert_eq!(bad.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&bad.stdout).contains("与记录不同"));
    std::fs::write(dir.path().join("分案抽取记录.json"), "{}").expect("written");
    let none =
        Command::new(env!("CARGO_BIN_EXE_xiezhi")).arg("draw").arg("--check").arg(dir.path().join("分案抽取记录.json")).output().expect("runs");
    assert_eq!(none.status.code(), Some(2));
}

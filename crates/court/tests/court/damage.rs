//! The court's checks of itself can fail: each damage shows by its name.
use crate::bench::{Bench, COURT};
use court::Error;
use exchange::message::ToPortal;
use procedure::{CaseId, PersonId};
use std::collections::BTreeMap;

/// Runs a statement on the rows of the court; how many it touched.
fn run(bench: &Bench, sql: &'static str) -> u64 {
    bench.court.db().write_blocking(move |tx| Ok::<_, Error>(tx.execute(sql, &[COURT.into()])?)).expect("run")
}

/// Replay compares every table that queues, lists, periods and clashes read: damage in one shows by its name.
pub fn each_damaged_table_is_named(bench: &Bench) {
    const DAMAGES: &[(&str, &str)] = &[
        ("cases", "UPDATE cases SET stage = 'decided' WHERE court = $1"),
        ("cases", "UPDATE cases SET title = '' WHERE court = $1"),
        ("cases", "UPDATE cases SET number = NULL WHERE court = $1"),
        ("cases", "UPDATE cases SET judge = NULL WHERE court = $1"),
        ("cases", "UPDATE cases SET state = replace(state, '周桂兰', '周桂芳') WHERE court = $1"),
        ("cases", "DELETE FROM cases WHERE court = $1"),
        ("parties", "UPDATE parties SET fingerprint = '' WHERE court = $1 AND side = 'defendant'"),
        ("parties", "DELETE FROM parties WHERE court = $1"),
        ("clocks", "UPDATE clocks SET last_day = '2099-01-01' WHERE court = $1"),
        ("clocks", "DELETE FROM clocks WHERE court = $1"),
        ("hearings", "UPDATE hearings SET courtroom = '第一法庭' WHERE court = $1"),
        ("hearings", "DELETE FROM hearings WHERE court = $1"),
        ("case_staff", "DELETE FROM case_staff WHERE court = $1 AND office = 'judge'"),
        ("post_out", "INSERT INTO post_out (court, case_id, person, sent) SELECT court, case_id, person, 0 FROM parties WHERE court = $1"),
    ];
    let differs = || bench.court.check_replay().expect("replays").1;
    let case = bench.case();
    for (table, damage) in DAMAGES {
        assert!(run(bench, damage) > 0, "{damage}");
        assert_eq!(differs(), [court::Differs { case: case.id, table }], "{damage}");
        let whole = case.clone();
        bench.court.db().write_blocking(move |tx| court::store::put_case(tx, &whole, &[])).expect("mended");
        assert_eq!(differs(), [], "{damage}");
    }
    // What is no fold alone: issued papers and links.
    const PAPERS: [&str; 2] =
        ["UPDATE papers SET sha256 = sha256 || '0' WHERE court = $1", "UPDATE papers SET sha256 = substr(sha256, 1, 64) WHERE court = $1"];
    run(bench, PAPERS[0]);
    assert_eq!(differs(), [court::Differs { case: case.id, table: "papers" }]);
    run(bench, PAPERS[1]);
    run(bench, "DELETE FROM accounts_linked WHERE court = $1");
    assert_eq!(differs(), [court::Differs { case: case.id, table: "links" }]);
    bench.link(bench.plaintiff);
    bench.link(bench.defendant);
    assert_eq!(differs(), []);
}

/// The newest view of everybody is what the court would show; one that is another, missing or a stranger's is not.
pub fn each_wrong_view_is_seen(bench: &Bench) {
    let mut shown: BTreeMap<PersonId, court::Shown> = BTreeMap::new();
    for (message, _) in bench.got.borrow().iter() {
        if let ToPortal::View(view) = message {
            shown.insert(view.account, court::Shown { view: (**view).clone(), at: bench.court.now() });
        }
    }
    let shown: Vec<_> = shown.into_values().collect();
    let check = |shown| court::check_views(bench.court.db(), &[COURT.to_owned()], bench.court.law(), shown).expect("compared");
    assert_eq!(check(shown.clone()), Some((2, vec![])));
    let wrong = Some((2, vec![court::Differs { case: bench.case, table: "views" }]));
    assert_eq!(check(shown[1..].to_vec()), wrong, "one is missing");
    let mut other = shown.clone();
    other[0].view.items.pop();
    assert_eq!(check(other), wrong, "an item is hidden");
    let mut stranger = shown.clone();
    stranger.push(stranger[0].clone());
    stranger[2].view.account = PersonId::new();
    assert_eq!(check(stranger), wrong, "shown to a stranger");
}

/// Whatever happened a second time is counted: events, numbers, payments, envelopes, submissions, records.
pub fn each_second_time_is_counted(bench: &Bench) {
    const DAMAGES: &[(&str, &str, &str)] = &[
        (
            "out in 2 envelopes",
            "INSERT INTO deliveries (court, envelope, case_id, paper) SELECT court, '00000000-0000-7000-8000-000000000000', case_id, paper \
            FROM deliveries WHERE court = $1 ORDER BY envelope LIMIT 1",
            "DELETE FROM deliveries WHERE court = $1 AND envelope = '00000000-0000-7000-8000-000000000000'",
        ),
        (
            "submission with receipt",
            "INSERT INTO requests (court, submission, case_id, account, receipt_no, receipt, answer) \
            SELECT court, person, case_id, person, 'R-1', '', '{}' FROM parties WHERE court = $1",
            "DELETE FROM requests WHERE court = $1 AND receipt_no = 'R-1'",
        ),
        (
            "not 1 to 2",
            "UPDATE counters SET value = 2 WHERE court = $1 AND key LIKE '民初/%'",
            "UPDATE counters SET value = 1 WHERE court = $1 AND key LIKE '民初/%'",
        ),
        (
            "records stand at",
            "INSERT INTO records (court, id, no, receipt, salt, created, position) \
            SELECT court, 'twice', no, receipt, salt, created, position FROM records WHERE court = $1 AND position = 0",
            "DELETE FROM records WHERE court = $1 AND id = 'twice'",
        ),
    ];
    let check = || court::check_once(bench.court.db(), &[COURT.to_owned()]).expect("counted");
    let (counted, twice) = check();
    assert!(twice.is_empty() && counted.papers > 0 && counted.payments == 1 && counted.records > 0, "{counted:?} {twice:?}");
    for (word, damage, mend) in DAMAGES {
        assert!(run(bench, damage) > 0, "{damage}");
        let twice = check().1;
        assert!(twice.len() == 1 && twice[0].what.contains(word), "{word}: {twice:?}");
        assert!(run(bench, mend) > 0, "{mend}");
    }
    // The same events once more, in another case and at the end of their own.
    let (id, other) = (bench.case, CaseId::new());
    let again = move |into: CaseId, kinds: &'static [&'static str]| {
        bench.court.db().write_blocking(move |tx| {
            let all = storage::events::load(tx, COURT, id.0, 0)?;
            let chosen = all.iter().filter(|stored| kinds.contains(&stored.kind.as_str()));
            let new: Vec<_> = chosen
                .map(|one| storage::events::NewEvent { kind: one.kind.clone(), body: one.body.clone(), at: one.at, actor: one.actor.clone() })
                .collect();
            let version = storage::events::version(tx, COURT, into.0)?;
            storage::events::append(tx, COURT, into.0, version, &new)?;
            Ok::<_, Error>(new.len())
        })
    };
    assert_eq!(again(other, &["filing_submitted", "filing_accepted", "fee_paid"]).expect("appended"), 3);
    let said = |word: &str| check().1.iter().any(|twice| twice.what.contains(word));
    assert!(said("receipt 4001-2026-0302-00001: 2 times") && said("payment P-1: 2 times") && said("the numbers [1, 1]"), "{:?}", check().1);
    assert_eq!(again(id, &["judgment_given", "fee_paid"]).expect("appended"), 2);
    assert!(said("event judgment_given: 2 times") && said("event fee_paid P-1: 2 times"), "{:?}", check().1);
}

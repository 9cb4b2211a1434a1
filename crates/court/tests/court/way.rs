//! The way of a filing through the court zone, over the sealed bridge, on real tables, with real papers: received,
//! returned once, corrected, accepted, notices sealed and served, everything in the ledger and provable offline.
use crate::bench::{Bench, COURT, Place, REGISTRY, Setting, card, material, on_each, to_be_corrected};
use court::{Error, staff};
use exchange::message::{Card, Outcome, Request};
use procedure::case::{Channel, MaterialKind, ServiceState, Statement};
use procedure::step::{SubmitCorrection, SubmitFiling};
use procedure::{Command, Fen, Office, Paper, Refusal, Stage};
use std::collections::BTreeMap;
use storage::{Clock, Db};

/// The machine's own clock, which nobody moves.
const TODAY: Setting = Setting { clock: |_| Clock::system(), ..REGISTRY };

const COMPLAINT: &str = "民事起诉状……";

/// One file is complaint and evidence.
fn statement(filing: &SubmitFiling) -> Statement {
    let materials = vec![material(MaterialKind::Complaint, "民事起诉状", COMPLAINT), material(MaterialKind::Evidence, "借条", COMPLAINT)];
    Statement { materials, ..filing.statement.clone() }
}

#[test]
fn a_filing_is_returned_corrected_accepted_served_and_provable() {
    for bench in on_each(TODAY) {
        // What was served, and that it was, is in the log and verifies offline (R-SVC-50).
        walk(&bench);
    }
}

fn walk(bench: &Bench) {
    let number = "4001-2026-0302-00001";
    let receipt = bench.receipt(ledger::Kind::FilingReceipt, number, "提交立案材料", &[("案由", "民间借贷纠纷")]);
    let filing = bench.filing();
    let filing = SubmitFiling { statement: statement(&filing), ..filing };
    let (parties, corrected) = (filing.parties.clone(), statement(&filing));
    let ask = |command, defendants_address: &str, expected_version, files: &[&str]| {
        let defendant = Card { address: defendants_address.into(), ..card(bench.defendant, "陈志远") };
        let cards = vec![card(bench.plaintiff, "周桂兰"), defendant];
        let (receipt_no, receipt) = (number.into(), receipt.clone());
        bench.ask(Request { expected_version, receipt_no, receipt, cards, ..bench.request(bench.plaintiff, command) }, files)
    };

    // Received; the acknowledged receipt goes into the ledger and comes back complete.
    let outcome = ask(Command::SubmitFiling(filing), "清河市青石区青石路一带", None, &[COMPLAINT]);
    assert!(matches!(outcome, Outcome::Done { version: 1, .. }), "{outcome:?}");

    // Returned once, with a sealed notice in the plaintiff's inbox; its period runs from the service.
    bench.carry_out(&bench.filing_clerk, to_be_corrected());
    let now = bench.case();
    assert_eq!(now.stage, Stage::Returned);
    assert!(matches!(now.papers[0].service, ServiceState::Served { .. }), "{:?}", now.papers[0]);
    assert!(now.clock("R-FIL-12").is_some(), "the days begin with the service");

    // A correction that names the file again without sending it: the court has it.
    let correction = Command::SubmitCorrection(SubmitCorrection { parties, statement: corrected, channel: Channel::Online });
    let exact = "清河市青石区青石路27号2栋301";
    assert!(matches!(ask(correction.clone(), exact, Some(1), &[]), Outcome::Stale { .. }), "a stale page changes nothing");
    assert!(matches!(ask(correction, exact, Some(now.version), &[]), Outcome::Done { .. }));
    let again = bench.try_act(&bench.filing_clerk, to_be_corrected());
    assert!(matches!(again, Err(Error::Refused(Refusal::AskedBefore { .. }))), "corrections are asked for once");

    // Accepted: number, fee, papers. The plaintiff consented to e-service, the defendant did not.
    bench.accepted();
    let now = bench.case();
    assert_eq!(
        now.number.as_deref(),
        Some("(2026)粤4001民初1号").filter(|_| procedure::step::day_of(bench.court.now()).year() == 2026),
        "a gap-free number"
    );
    assert_eq!(now.fee.as_ref().map(|fee| fee.due), Some(Fen(190_500)));
    for paper in &now.papers {
        let electronic = matches!(paper.service, ServiceState::Served { .. });
        assert_eq!(electronic, paper.to == bench.plaintiff, "{:?} to {} is {:?}", paper.paper, paper.to, paper.service);
    }
    let tasks = bench.tasks(Office::FilingClerk, "post");
    assert_eq!(tasks.len(), 1, "one packet for the post: {tasks:?}");

    // Everything that was served verifies offline, against a trust file alone; a flipped byte does not.
    let completed: BTreeMap<_, _> = bench.receipts().into_iter().collect();
    assert!(completed.contains_key(number), "the filing's receipt is complete");
    let (mut served, mut proven) = (0, 0);
    for (released, pdf) in bench.papers() {
        let text = completed.get(&format!("P-{}", released.id.0.simple())).expect("every served paper is in the ledger");
        let receipt = ledger::Receipt::parse(text).expect("a receipt");
        let verdict = receipt.verify(&bench.trust, Some(&pdf)).expect("holds");
        assert_eq!(verdict.state, ledger::State::Logged, "under a checkpoint");
        let mut broken = pdf.clone();
        broken[500] ^= 1;
        assert!(receipt.verify(&bench.trust, Some(&broken)).is_err(), "a changed paper does not hold");
        *(if released.proof_of.is_some() { &mut proven } else { &mut served }) += 1;
    }
    assert_eq!(served, 4, "correction, acceptance, fee and evidence notices");
    assert_eq!(proven, served, "each with its certificate");

    // Replay: the events alone give the tables that the pages read.
    let (count, wrong) = bench.court.check_replay().expect("replays");
    assert_eq!((count, wrong), (1, vec![]));
    // And the check can fail.
    let case = bench.case;
    bench
        .court
        .db()
        .write_blocking(move |tx| {
            let mut case = court::store::case(tx, COURT, case)?;
            case.receipt_no.push('x');
            court::store::put_case(tx, &case, &[])
        })
        .expect("tampered with");
    assert_eq!(bench.court.check_replay().expect("replays").1, vec![court::Differs { case, table: "cases" }]);
    assert!(now.papers.iter().any(|paper| paper.paper == Paper::JoinSheet));
}

#[test]
fn every_statement_is_understood_by_each_engine() {
    for place in Place::each() {
        let db = Db::open(&place.url, &[court::store::MIGRATIONS]).expect("a store");
        db.read_blocking(|tx| {
            court::store::STATEMENTS
                .iter()
                .chain(staff::STATEMENTS)
                .chain(court::store::proofs::STATEMENTS)
                .chain(court::store::messages::STATEMENTS)
                .chain(court::store::codes::STATEMENTS)
                .chain(court::store::administration::STATEMENTS)
                .chain(court::store::counter::STATEMENTS)
                .chain(court::store::persons::STATEMENTS)
                .try_for_each(|sql| tx.prepare(sql))
        })
        .expect("prepared");
    }
}

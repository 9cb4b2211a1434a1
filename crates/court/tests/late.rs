//! What comes late, early, twice or at the counter: clocks that run out lie with a named office, the portal's clock may be
//! another than the court's, one envelope's error is its own, and whoever hands something in gets a receipt.
mod bench;

use bench::{Bench, COURT, accept, accepted, card, filed, filed_and_accepted, fonts, set_up, stores};
use jiff::civil::date;
use jiff::{Span, ToSpan};
use procedure::case::{Actor, Channel, PaymentMethod, Remark, ServiceState};
use procedure::step::comment_on_evidence::ItemOpinion;
use procedure::step::*;
use procedure::trial::{Stand, TribunalForm};
use procedure::{Command, Fen, Office, Paper, PersonId};
use std::path::Path;

/// Runs a story on a fresh court, on each engine.
fn on_each(story: impl Fn(&Bench)) {
    let Some(fonts) = fonts() else { return };
    let dir = tempfile::tempdir().expect("a directory");
    for (n, url) in stores(dir.path()).into_iter().enumerate() {
        let dir: &Path = &dir.path().join(n.to_string());
        std::fs::create_dir_all(dir).expect("a directory");
        story(&set_up(dir, &url, &fonts));
    }
}

fn tick(bench: &Bench, day: jiff::civil::Date) {
    bench.forward(day);
    bench.court.tick().expect("looked");
}

fn has(bench: &Bench, office: Office, kind: &str) -> bool {
    bench.tasks(office).iter().any(|known| known == kind)
}

fn services(bench: &Bench, to: PersonId) -> Vec<ServiceState> {
    bench.case().papers.into_iter().filter(|paper| paper.to == to).map(|paper| paper.service).collect()
}

#[test]
fn r_svc_12_what_the_portal_stamped_before_midnight_and_the_court_sent_after_it_was_served_when_it_was_sent() {
    on_each(|bench| {
        filed(bench);
        accept(bench);
        bench.settle_behind(11.hours());
        let served = services(bench, bench.plaintiff);
        assert_eq!(served.len(), 3);
        for service in &served {
            assert!(matches!(service, ServiceState::Served { on, .. } if *on == date(2026, 3, 2)), "{service:?}");
        }
    });
}

#[test]
fn one_envelopes_error_stops_no_other_and_is_tried_again() {
    on_each(|bench| {
        filed(bench);
        accept(bench);
        while bench.court.work().expect("workers run") > 0 {}
        // The first paper in the outbox is made one of a case that cannot be read.
        const MOVE: &str = "UPDATE deliveries SET case_id = $2 WHERE court = $1 AND envelope = $3";
        const UNREADABLE: &str = "UPDATE cases SET state = '{' WHERE court = $1 AND id = $2";
        let (case, other) = (bench.case, procedure::CaseId::new());
        let envelope = bench
            .court
            .db()
            .write_blocking(move |tx| {
                let (envelope, _) = court::store::deliveries(tx, COURT, case)?[0];
                let mut copy = court::store::case(tx, COURT, case)?;
                copy.id = other;
                // Its people are in no vault.
                copy.parties.clear();
                (copy.number, copy.receipt_no) = (None, "broken".into());
                court::store::put_case(tx, &copy, &[])?;
                tx.execute(UNREADABLE, &[COURT.into(), other.0.into()])?;
                tx.execute(MOVE, &[COURT.into(), other.0.into(), envelope.into()])?;
                Ok::<_, court::Error>(envelope)
            })
            .expect("broken");
        let count = |bench: &Bench| services(bench, bench.plaintiff).iter().filter(|one| matches!(one, ServiceState::Served { .. })).count();
        assert!(bench.deliver(Span::new()) > 0);
        assert_eq!(count(bench), 2, "the others arrived");
        let mend = move |tx: &mut storage::Tx| Ok::<_, court::Error>(tx.execute(MOVE, &[COURT.into(), case.0.into(), envelope.into()])?);
        bench.court.db().write_blocking(mend).expect("mended");
        bench.forward(date(2026, 3, 3));
        assert!(bench.deliver(Span::new()) > 0, "tried again");
        assert_eq!(count(bench), 3);
    });
}

#[test]
fn r_fee_15_after_relief_is_refused_the_days_run_again_and_their_end_lies_with_the_judge() {
    on_each(|bench| {
        filed(bench);
        accepted(bench);
        bench.act(&bench.filing_clerk, Command::AssignTribunal(AssignTribunal { form: TribunalForm::Sole }));
        let judge = bench.officer(Office::Judge);
        bench.forward(date(2026, 3, 5));
        let relief = RequestFeeRelief { reason: "领取低保。".into() };
        bench.act(&Actor::citizen(bench.plaintiff), Command::RequestFeeRelief(relief));
        tick(bench, date(2026, 3, 10));
        assert!(has(bench, Office::Judge, "relief") && !has(bench, Office::Judge, "fee_over"), "nothing is late while it waits");
        bench.act(&judge, Command::DecideFeeRelief(DecideFeeRelief { granted: false, due: Fen(0) }));
        bench.settle();
        assert_eq!(bench.case().served_on(Paper::FeeNotice, bench.plaintiff), Some(date(2026, 3, 10)), "a new notice");
        tick(bench, date(2026, 3, 17));
        assert!(!has(bench, Office::Judge, "fee_over"), "the last day is a day of the period");
        tick(bench, date(2026, 3, 18));
        assert!(has(bench, Office::Judge, "fee_over"));
        let pay = PayFee { amount: Fen(190_500), method: PaymentMethod::Online, reference: "P-1".into() };
        bench.act(&Actor::platform(COURT), Command::PayFee(pay));
        assert!(!has(bench, Office::Judge, "fee_over"));
        assert_eq!(bench.court.check_replay().expect("replays"), (1, vec![]));
    });
}

#[test]
fn r_fil_21_and_r_lim_02_a_packet_that_was_not_sent_and_a_trial_that_is_overdue_lie_with_somebody() {
    on_each(|bench| {
        filed(bench);
        accepted(bench);
        tick(bench, date(2026, 3, 9));
        assert!(!has(bench, Office::FilingClerk, "first_packet_over"), "five days, and the last is a Saturday");
        tick(bench, date(2026, 3, 10));
        assert!(has(bench, Office::FilingClerk, "first_packet_over"));
        bench.post(bench.defendant, date(2026, 3, 11), date(2026, 3, 13));
        assert!(!has(bench, Office::FilingClerk, "first_packet_over"), "told late, but told");
        bench.act(&bench.filing_clerk, Command::AssignTribunal(AssignTribunal { form: TribunalForm::Sole }));
        tick(bench, date(2026, 6, 2));
        assert!(!has(bench, Office::Judge, "trial_over"));
        tick(bench, date(2026, 6, 3));
        assert!(has(bench, Office::Judge, "trial_over"));
    });
}

#[test]
fn r_fil_07_and_10_what_is_handed_in_at_the_counter_gets_the_courts_receipt() {
    on_each(|bench| {
        filed(bench);
        let remark = Remark {
            field: "defendant.address".into(),
            label: "被告住所".into(),
            page: Some(1),
            remark: "请写明门牌号。".into(),
            rule: "R-FIL-04".into(),
        };
        bench.act(&bench.filing_clerk, Command::ReturnForCorrection(ReturnForCorrection { remarks: vec![remark], days: 7 }));
        bench.settle();
        let counter = |person| Actor { for_person: Some(person), ..bench.filing_clerk.clone() };
        let case = bench.case();
        let statement = case.statement.clone().expect("filed");
        let correction = SubmitCorrection { parties: case.parties.clone(), statement, channel: Channel::Counter };
        let cards = vec![card(bench.plaintiff, "周桂兰"), card(bench.defendant, "陈志远")];
        bench.try_with(&counter(bench.plaintiff), Command::SubmitCorrection(correction), cards, &[]).expect("corrected");
        accepted(bench);
        let opinion = ItemOpinion {
            item: bench.case().evidence[0].material.id,
            authenticity: Stand::Accepted,
            legality: Stand::Accepted,
            relevance: Stand::Accepted,
            text: String::new(),
        };
        bench.act(&counter(bench.defendant), Command::CommentOnEvidence(CommentOnEvidence { opinions: vec![opinion.clone()] }));
        bench.settle();
        let logged = bench.logged();
        for letter in ["C", "O"] {
            let prefix = format!("{letter}-{}", bench.case.0.simple());
            assert_eq!(logged.iter().filter(|no| no.starts_with(&prefix)).count(), 1, "{prefix}: {logged:?}");
        }
    });
}

#[test]
fn r_fil_07_online_the_portals_receipt_is_the_only_one() {
    on_each(|bench| {
        filed_and_accepted(bench);
        let opinion = ItemOpinion {
            item: bench.case().evidence[0].material.id,
            authenticity: Stand::Accepted,
            legality: Stand::Accepted,
            relevance: Stand::Accepted,
            text: String::new(),
        };
        bench.act(&Actor::citizen(bench.defendant), Command::CommentOnEvidence(CommentOnEvidence { opinions: vec![opinion] }));
        bench.settle();
        assert!(!bench.logged().iter().any(|no| no.starts_with("O-")));
    });
}

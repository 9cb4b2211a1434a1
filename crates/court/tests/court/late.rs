//! What comes late, early, twice or at the counter: clocks that run out lie with a named office, the portal's clock may be
//! another than the court's, one envelope's error is its own, and whoever hands something in gets a receipt.
use crate::bench::{Bench, CHAMBER, COURT, on_each, opinion, to_be_corrected};
use jiff::ToSpan;
use jiff::civil::date;
use procedure::case::{Actor, Channel, PaymentMethod, ServiceState};
use procedure::step::{AssignTribunal, DecideFeeRelief, PayFee, RequestFeeRelief, SubmitCorrection};
use procedure::trial::{Stand, TribunalForm};
use procedure::{Command, Fen, Office, Paper, PersonId};

fn services(bench: &Bench, to: PersonId) -> Vec<ServiceState> {
    bench.papers_to(to).into_iter().map(|paper| paper.service).collect()
}

#[test]
fn r_svc_12_what_the_portal_stamped_before_midnight_and_the_court_sent_after_it_was_served_when_it_was_sent() {
    for bench in on_each(CHAMBER) {
        bench.filed();
        bench.accept();
        bench.settle_with(&|_, now| Ok(now.checked_sub(11.hours()).expect("a time")));
        let served = services(&bench, bench.plaintiff);
        assert_eq!(served.len(), 3);
        for service in &served {
            assert!(matches!(service, ServiceState::Served { on, .. } if *on == date(2026, 3, 2)), "{service:?}");
        }
    }
}

#[test]
fn one_envelopes_error_stops_no_other_and_is_tried_again() {
    for bench in on_each(CHAMBER) {
        bench.filed();
        bench.accept();
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
        assert!(bench.deliver(&|_, now| Ok(now)) > 0);
        assert_eq!(count(&bench), 2, "the others arrived");
        let mend = move |tx: &mut storage::Tx| Ok::<_, court::Error>(tx.execute(MOVE, &[COURT.into(), case.0.into(), envelope.into()])?);
        bench.court.db().write_blocking(mend).expect("mended");
        bench.forward(date(2026, 3, 3));
        assert!(bench.deliver(&|_, now| Ok(now)) > 0, "tried again");
        assert_eq!(count(&bench), 3);
    }
}

#[test]
fn r_fee_15_after_relief_is_refused_the_days_run_again_and_their_end_lies_with_the_judge() {
    for bench in on_each(CHAMBER) {
        bench.filed();
        bench.accepted();
        bench.act(&bench.filing_clerk, Command::AssignTribunal(AssignTribunal { form: TribunalForm::Sole }));
        let judge = bench.officer(Office::Judge);
        bench.forward(date(2026, 3, 5));
        let relief = RequestFeeRelief { reason: "领取低保。".into() };
        bench.act(&Actor::citizen(bench.plaintiff), Command::RequestFeeRelief(relief));
        bench.tick(date(2026, 3, 10));
        assert!(bench.has(Office::Judge, "relief") && !bench.has(Office::Judge, "fee_over"), "nothing is late while it waits");
        bench.carry_out(&judge, Command::DecideFeeRelief(DecideFeeRelief { granted: false, due: Fen(0) }));
        assert_eq!(bench.case().served_on(Paper::FeeNotice, bench.plaintiff), Some(date(2026, 3, 10)), "a new notice");
        bench.tick(date(2026, 3, 17));
        assert!(!bench.has(Office::Judge, "fee_over"), "the last day is a day of the period");
        bench.tick(date(2026, 3, 18));
        assert!(bench.has(Office::Judge, "fee_over"));
        let pay = PayFee { amount: Fen(190_500), method: PaymentMethod::Online, reference: "P-1".into() };
        bench.act(&Actor::platform(COURT), Command::PayFee(pay));
        assert!(!bench.has(Office::Judge, "fee_over"));
        assert_eq!(bench.court.check_replay().expect("replays"), (1, vec![]));
    }
}

#[test]
fn r_fil_21_and_r_lim_02_a_packet_that_was_not_sent_and_a_trial_that_is_overdue_lie_with_somebody() {
    for bench in on_each(CHAMBER) {
        bench.filed();
        bench.accepted();
        bench.tick(date(2026, 3, 9));
        assert!(!bench.has(Office::FilingClerk, "first_packet_over"), "five days, and the last is a Saturday");
        bench.tick(date(2026, 3, 10));
        assert!(bench.has(Office::FilingClerk, "first_packet_over"));
        bench.forward(date(2026, 3, 11));
        bench.post(bench.defendant, date(2026, 3, 13));
        assert!(!bench.has(Office::FilingClerk, "first_packet_over"), "told late, but told");
        bench.act(&bench.filing_clerk, Command::AssignTribunal(AssignTribunal { form: TribunalForm::Sole }));
        bench.tick(date(2026, 6, 2));
        assert!(!bench.has(Office::Judge, "trial_over"));
        bench.tick(date(2026, 6, 3));
        assert!(bench.has(Office::Judge, "trial_over"));
        const LOST: &str = "DELETE FROM tasks WHERE court = $1 AND kind = 'trial_over'";
        let forgotten = || bench.forgotten().into_iter().map(|one| one.missing).filter(|missing| missing.starts_with("task")).collect::<Vec<_>>();
        assert_eq!(forgotten(), [""; 0]);
        bench.court.db().write_blocking(|tx| Ok::<_, court::Error>(tx.execute(LOST, &[COURT.into()])?)).expect("deleted");
        assert_eq!(forgotten(), ["task after a last day that went by"]);
    }
}

#[test]
fn r_fil_07_and_10_what_is_handed_in_at_the_counter_gets_the_courts_receipt() {
    for bench in on_each(CHAMBER) {
        bench.filed();
        bench.carry_out(&bench.filing_clerk, to_be_corrected());
        let case = bench.case();
        let statement = case.statement.clone().expect("filed");
        let correction = SubmitCorrection { parties: case.parties.clone(), statement, channel: Channel::Counter };
        bench.try_with(&bench.counter(bench.plaintiff), Command::SubmitCorrection(correction), bench.cards(), &[]).expect("corrected");
        bench.accepted();
        let accepted = opinion(bench.case().evidence[0].material.id, Stand::Accepted, "");
        bench.carry_out(&bench.counter(bench.defendant), accepted);
        let logged = bench.receipts();
        for letter in ["C", "O"] {
            let prefix = format!("{letter}-{}", bench.case.0.simple());
            assert_eq!(logged.iter().filter(|(no, _)| no.starts_with(&prefix)).count(), 1, "{prefix}: {logged:?}");
        }
    }
}

#[test]
fn r_fil_07_online_the_portals_receipt_is_the_only_one() {
    for bench in on_each(CHAMBER) {
        bench.filed_and_accepted();
        let accepted = opinion(bench.case().evidence[0].material.id, Stand::Accepted, "");
        bench.carry_out(&Actor::citizen(bench.defendant), accepted);
        assert!(!bench.receipts().iter().any(|(no, _)| no.starts_with("O-")));
    }
}

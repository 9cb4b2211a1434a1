//! Fees: the account that a notice prints, and money that came in and was not due.
use crate::common::{Bench, Browser, COURT, fee_account, on_both, on_both_as};
use axum::http::StatusCode;
use exchange::message::{Outcome, Paid, ToCourt, ToPortal};
use procedure::{CaseId, Fen, PersonId};
use serde_json::json;
use uuid::Uuid;

/// Typed data of every paper, as JSON.
fn papers(bench: &Bench) -> String {
    let rows = bench.court.db().read_blocking(|tx| tx.query("SELECT facts FROM papers ORDER BY id", &[])).expect("papers");
    rows.iter().map(|row| row.text(0).expect("facts")).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_fee_notice_prints_the_courts_own_account_and_the_sandboxs_in_a_demo_alone() {
    for demo in [true, false] {
        on_both_as(demo, |bench| {
            let clerk = bench.sign_in("xu");
            clerk.accepts();
            let papers = papers(bench);
            let own = fee_account();
            assert_eq!(papers.contains("沙箱"), demo);
            assert_eq!([own.payee, own.bank, own.number].iter().filter(|words| papers.contains(words.as_str())).count() == 3, !demo, "{papers}");
        });
    }
}

/// The provider told the portal that money came in.
fn paid(case: &str, fen: i64, reference: &str) -> Paid {
    Paid {
        submission: Uuid::now_v7(),
        court: COURT.into(),
        case: CaseId::parse(case).expect("a case"),
        account: PersonId::new(),
        amount: Fen(fen),
        reference: reference.into(),
        at: "2026-03-02T03:00:00Z".parse().expect("a time"),
    }
}

/// The answers to submissions among what goes to the portal.
fn answers(bench: &Bench) -> Vec<(Uuid, Outcome)> {
    let sent = bench.sent().into_iter();
    sent.filter_map(|message| match message {
        ToPortal::Answered { submission, outcome, .. } => Some((submission, outcome)),
        ToPortal::View(_)
        | ToPortal::Left { .. }
        | ToPortal::Paper(_)
        | ToPortal::Item(_)
        | ToPortal::Receipts { .. }
        | ToPortal::CardSeen(_)
        | ToPortal::Clock { .. } => None,
    })
    .collect()
}

fn refused(outcome: &Outcome) -> &str {
    match outcome {
        Outcome::Refused { zh, .. } => zh,
        Outcome::Done { .. } | Outcome::Stale { .. } => panic!("{outcome:?}"),
    }
}

#[test]
fn r_fee_15_money_that_was_not_due_is_on_record_until_a_clerk_gave_it_back() {
    on_both(|bench| {
        let clerk = bench.sign_in("xu");
        let case = clerk.accepts();
        // Paid at the bank; then the first plaintiff's order, which still was open, and a second plaintiff's come in.
        clerk.does(&case, json!({"step": "pay_fee", "amount": 190_500, "method": "bank_slip", "reference": "回单 7788"}));
        bench.settle();
        let (first, second, short) = (paid(&case, 190_500, "P-1"), paid(&case, 190_500, "P-2"), paid(&case, 1, "P-3"));
        for told in [&first, &second, &short] {
            bench.tell(&ToCourt::Paid(told.clone()));
            let given = answers(bench);
            let [(submission, outcome)] = &given[..] else { panic!("{given:?}") };
            assert_eq!(*submission, told.submission);
            assert!(refused(outcome).contains("由工作人员退还"), "{outcome:?}");
        }
        // The provider tells of the first one again, in another message: nothing more comes of it.
        bench.tell(&ToCourt::Paid(Paid { submission: Uuid::now_v7(), ..first.clone() }));
        answers(bench);
        let tasks = |clerk: &Browser<'_>| {
            let all = clerk.data("/api/tasks");
            all["tasks"].as_array().expect("tasks").iter().filter(|task| task["kind"] == "return_payment").cloned().collect::<Vec<_>>()
        };
        assert_eq!(tasks(&clerk).len(), 3);
        let path = tasks(&clerk)[0]["address"].as_str().expect("an address").to_owned();
        assert_eq!(path, format!("/payment/{}", first.submission));
        assert!(clerk.get("/tasks").text().contains("登记退款") && clerk.get(&path).text().contains("P-1"));
        assert_eq!(bench.sign_in("gu").get(&path).status, StatusCode::NOT_FOUND, "another court's");
        let empty = clerk.post(&path, &[("no", ""), ("code", &bench.code("xu"))]);
        assert!(empty.status == StatusCode::UNPROCESSABLE_ENTITY && empty.text().contains("no-err"), "{}", empty.text());
        let unsigned = clerk.post(&path, &[("no", "TK-1"), ("code", "000000")]);
        assert!(unsigned.status == StatusCode::UNPROCESSABLE_ENTITY && unsigned.text().contains("code-err"), "{}", unsigned.text());
        let done = clerk.post(&path, &[("no", "TK-1"), ("code", &bench.code("xu"))]);
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text());
        let given = answers(bench);
        assert!(given.len() == 1 && refused(&given[0].1).contains("TK-1"), "the payer is told: {given:?}");
        assert_eq!(tasks(&clerk).len(), 2);
        let again = clerk.post(&path, &[("no", "TK-2"), ("code", &bench.code("xu"))]);
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(clerk.get(&path).text().contains("TK-1") && clerk.get(&path).text().contains("许知行"));
    });
}

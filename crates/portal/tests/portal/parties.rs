//! Who acts, for whom, and on which page: what the portal refuses to take for an act, and what it asks again.
use crate::bench::{Bench, COURT, KEY, PICTURE, STRANGER, fill, on_each, sample};
use axum::http::StatusCode;
use exchange::message::{Outcome, ToCourt, ToPortal, ViewAgent};
use exchange::{File, Opened};
use procedure::{CaseId, Command, PaperId, PersonId};

/// A defendant's form to join his case.
fn join_form() -> [(&'static str, &'static str); 8] {
    [
        ("court", COURT),
        ("code", "ABCD-2345"),
        ("channel.service", "online"),
        ("channel.answer", "online"),
        ("channel.evidence_exchange", "online"),
        ("channel.hearing", "counter"),
        ("address", "清河市青石区青石路27号2栋301"),
        ("consent", "yes"),
    ]
}

#[test]
fn r_svc_10_a_paper_for_an_inbox_that_nobody_has_is_refused_and_nothing_is_kept() {
    on_each(async |bench: Bench| {
        let browser = bench.plaintiff().await;
        let known = bench.account(&browser).await;
        let pdf = b"%PDF-1.7 a paper".to_vec();
        let deliver = |to: PersonId, id: uuid::Uuid| {
            let paper = sample::paper(&bench, to, CaseId::new(), PaperId::new(), &pdf);
            let opened = Opened {
                id,
                from: "court".into(),
                kind: "to-portal".into(),
                created: jiff::Timestamp::now(),
                payload: serde_json::to_vec(&ToPortal::Paper(Box::new(paper))).expect("JSON"),
                files: vec![File::of(pdf.clone())],
            };
            tokio::task::block_in_place(|| bench.portal.handle(opened)).expect("answered").outcome
        };
        let id = uuid::Uuid::now_v7();
        for _ in 0..2 {
            let outcome = deliver(PersonId::new(), id);
            assert!(matches!(&outcome, exchange::Outcome::Refused { reason } if reason.contains("no account")), "{outcome:?}");
        }
        assert!(matches!(deliver(known, uuid::Uuid::now_v7()), exchange::Outcome::Done), "an inbox with its owner");
    });
}

#[test]
fn what_cannot_be_read_in_the_outbox_keeps_nothing_else_from_going() {
    on_each(async |bench: Bench| {
        let browser = bench.stranger().await;
        // Damaged; sealed for another place; sealed as it should be, with a file that is none.
        let label = b"{\"case\":null,\"files\":[\"no digest\"]}\n{}";
        let now = bench.portal.now();
        let rows = [1, 2, 3].map(uuid::Uuid::from_u128);
        let seal = |id: uuid::Uuid| storage::sealed::seal(&KEY, &format!("outbox/{id}"), label).expect("sealed");
        let bodies = [b"damaged".to_vec(), seal(rows[0]), seal(rows[2])];
        let put = bench.portal.db().write(move |tx| {
            let mut put = rows.iter().zip(&bodies);
            put.try_for_each(|(id, body)| storage::outbox::put(tx, "portal", *id, "court", body, now).map(drop))
        });
        put.await.expect("kept");
        browser.post("/join", &join_form()).await.location();
        assert_eq!(bench.sent().len(), 1, "the one that can be read went");
        let waiting = bench.portal.db().read(|tx| storage::outbox::waiting(tx, "portal", 10)).await.expect("read");
        let left: Vec<_> = waiting.iter().map(|row| (row.id, row.attempts, row.last_error.is_some())).collect();
        assert_eq!(left, rows.map(|id| (id, 1, true)), "the others wait and say why");
    });
}

#[test]
fn r_idc_22_a_refused_join_is_tried_again_with_the_same_code() {
    on_each(async |bench: Bench| {
        let browser = bench.stranger().await;
        let form = join_form();
        let joins = |sent: Vec<ToCourt>| -> Vec<exchange::message::Join> {
            sent.into_iter().filter_map(|message| if let ToCourt::Join(join) = message { Some(*join) } else { None }).collect()
        };
        let first = browser.post("/join", &form).await.location();
        assert_eq!(browser.post("/join", &form).await.location(), first, "one attempt while the court has not answered");
        let sent = joins(bench.sent());
        assert_eq!(sent.len(), 1);
        assert_eq!(sent[0].card.address, "清河市青石区青石路27号2栋301");
        let outcome = Outcome::Refused { zh: "在线参加的期限已经届满。".into(), field: None };
        bench.tell(&ToPortal::Answered { submission: sent[0].submission, account: sent[0].card.person, outcome }, vec![]);
        let second = browser.post("/join", &form).await.location();
        assert_ne!(second, first, "another attempt, with a receipt of its own");
        let again = joins(bench.sent());
        assert_eq!(again.len(), 1, "it reaches the court");
        bench.answer(again[0].submission, again[0].card.person, CaseId::new());
        assert_eq!(browser.post("/join", &form).await.location(), second, "done once is done");
        // An agent comes with the number of the case and chooses nothing for his principal.
        browser.post("/join", &[("court", COURT), ("code", "（2026）粤4001民初1号"), ("consent", "yes")]).await.location();
        assert_eq!(joins(bench.sent())[0].case_number.as_deref(), Some("(2026)粤4001民初1号"));
    });
}

#[test]
fn r_idc_11_who_lacks_the_power_reads_which_and_what_to_do() {
    on_each(async |bench: Bench| {
        let browser = bench.plaintiff().await;
        let (id, case) = (bench.account(&browser).await, CaseId::new());
        let mut view = sample::view(&bench, id, case, PaperId::new());
        view.steps.retain(|step| step != "file_appeal");
        let zh = "提起上诉需要委托人特别授权“提起上诉”。请补交写明这一项的授权委托书，或者由当事人本人办理。";
        view.barred = vec![("file_appeal".into(), zh.into())];
        bench.show(view);
        browser.good(&format!("/case/{case}")).await.says(zh);
        let key = [("key", "0123456789abcdef"), ("requests", "撤销一审判决"), ("reasons", "事实不清")];
        let refused = browser.upload(&format!("/case/{case}/appeal"), &key, &[]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        refused.says("特别授权“提起上诉”");
    });
}

#[test]
fn a_page_that_the_case_overtook_is_409_and_shows_both() {
    on_each(async |bench: Bench| {
        let browser = bench.plaintiff().await;
        let (id, case) = (bench.account(&browser).await, CaseId::new());
        let mut view = sample::view(&bench, id, case, PaperId::new());
        bench.show(view.clone());
        let page = browser.good(&format!("/case/{case}/choices")).await;
        let version = page.hidden("version");
        (view.version, view.moved) = (25, 24);
        bench.show(view.clone());
        let form = |version: &str, key: &'static str| {
            [
                ("version", version.to_owned()),
                ("key", key.to_owned()),
                ("channel.answer", "online".to_owned()),
                ("address", "清河市新居路1号".to_owned()),
            ]
        };
        let post = async |version: &str, key: &'static str| {
            let fields = form(version, key);
            let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            browser.post(&format!("/case/{case}/choices"), &fields).await
        };
        let stale = post(&version, "0123456789abcdef").await;
        assert_eq!(stale.status, StatusCode::CONFLICT);
        stale.says("案件有了新的进展");
        stale.says("法院立案");
        stale.says("清河市新居路1号");
        assert!(bench.sent().is_empty(), "nothing went to the court");
        assert!(post("25", "0123456789abcdef").await.location().starts_with("/receipt/"), "seen and sent again");
        let sent = bench.sent();
        let ToCourt::Act(request) = &sent[0] else { panic!("an act") };
        assert_eq!((request.expected_version, request.cards.len()), (Some(25), 1));
    });
}

#[test]
fn r_idc_10_a_party_names_an_agent_and_ends_his_authority() {
    on_each(async |bench: Bench| {
        let browser = bench.plaintiff().await;
        let (id, case) = (bench.account(&browser).await, CaseId::new());
        let mut view = sample::view(&bench, id, case, PaperId::new());
        view.steps.extend(["appoint_agent".to_owned(), "revoke_agent".to_owned()]);
        view.agents = vec![ViewAgent { person: PersonId::new(), name: "方知远".into(), powers: "一般授权".into() }];
        bench.show(view.clone());
        let path = format!("/case/{case}/agents");
        browser.good(&path).await.says("方知远");
        let fields = [("key", "0123456789abcdef"), ("name", "沈知白"), ("number", "110"), ("matters", "代理本案一审诉讼"), ("powers", "settle")];
        let file: &[(&str, &str, &[u8])] = &[("files", "授权委托书.txt", "委托……".as_bytes())];
        let refused = browser.upload(&path, &fields, file).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        refused.says("id=\"number-err\"");
        let mut right = fields;
        right[2].1 = STRANGER.2;
        assert!(browser.upload(&path, &right, &[("files", "授权委托书.png", PICTURE)]).await.location().starts_with("/receipt/"));
        let sent = bench.sent();
        let ToCourt::Act(request) = &sent[0] else { panic!("an act") };
        let Command::AppointAgent(appoint) = &request.command else { panic!("an agent") };
        assert_eq!((appoint.name.as_str(), appoint.powers.len(), appoint.materials.len()), ("沈知白", 1, 1));
        assert_eq!((request.cards[0].person, request.cards[0].number.as_str()), (appoint.person, STRANGER.2));
        let agent = view.agents[0].person.to_string();
        browser.post(&format!("{path}/revoke"), &[("key", "fedcba9876543210"), ("agent", agent.as_str())]).await.location();
        assert!(matches!(&bench.sent()[0], ToCourt::Act(request) if matches!(request.command, Command::RevokeAgent(_))));
    });
}

#[test]
fn r_fil_15_a_second_filing_of_the_same_suit_is_asked_about_before_it_goes() {
    on_each(async |bench: Bench| {
        let browser = bench.plaintiff().await;
        let first = fill(&browser).await;
        assert!(browser.submit(&first, &[]).await.location().starts_with("/receipt/"));
        let second = fill(&browser).await;
        let asked = browser.submit(&second, &[]).await;
        assert_eq!(asked.status, StatusCode::UNPROCESSABLE_ENTITY);
        asked.says("不能重复起诉");
        asked.says("name=\"again\"");
        assert!(browser.submit(&second, &[("again", "yes")]).await.location().starts_with("/receipt/"), "another matter after all");
    });
}

//! Who a person is, and what reaches him: authorities, the face step, codes, mailboxes, messages that do not go out.
use crate::bench::{Bench, Browser, COURT, PASSWORD, PLAINTIFF, Recorder, STRANGER, fill, on_each, on_each_made, sample, stores};
use axum::http::StatusCode;
use exchange::Error;
use exchange::identity::{Claim, IdentityAuthority, Refused, Verdict};
use exchange::message::{CardSeen, CardVerdict, Outcome, ToCourt, ToPortal};
use exchange::messenger::Messenger;
use jiff::{SignedDuration, Timestamp};
use portal::Portal;
use std::sync::{Arc, Mutex};

/// Runs a story on every store with a portal that is no demo, whose messages a test carrier takes.
fn on_each_real(story: impl AsyncFn(Bench, Arc<Recorder>)) {
    let real = |url: &str| {
        let carrier = Arc::new(Recorder::default());
        let kept = carrier.clone();
        (Bench::with(url, false, |config| config.messenger = kept), carrier)
    };
    on_each_made(real, async |(bench, carrier): (Bench, Arc<Recorder>)| story(bench, carrier).await);
}

fn code_in(text: &str) -> String {
    text.split_once("验证码 ").map(|(_, rest)| rest.chars().take(6).collect()).unwrap_or_else(|| panic!("no code in {text}"))
}

/// An account, signed in, by the code that the carrier took.
async fn opened(bench: &Bench, carrier: &Recorder, phone: &str) -> Browser {
    let browser = bench.browser();
    let page = browser.post("/register", &[("phone", phone)]).await;
    bench.carry();
    let code = code_in(carrier.texts(phone).last().expect("a message"));
    let (ticket, phone) = (page.hidden("ticket"), phone.to_owned());
    let fields = [("ticket", ticket.as_str()), ("phone", &phone), ("code", &code), ("password", PASSWORD)];
    assert_eq!(browser.post("/register/code", &fields).await.location(), "/account");
    browser
}

fn kept_texts(portal: &Portal) -> Vec<String> {
    let rows = tokio::task::block_in_place(|| portal.db().read_blocking(portal::store::messages::last)).expect("messages");
    rows.into_iter().map(|message| message.text).collect()
}

#[test]
fn a_code_that_is_out_leaves_nothing_but_its_digest() {
    on_each_real(async |bench, carrier| {
        opened(&bench, &carrier, PLAINTIFF.0).await;
        assert_eq!(kept_texts(&bench.portal), [""], "the text of a code is blank once it is out");
    });
}

#[test]
fn sixty_four_mailboxes_that_take_nothing_stop_no_code() {
    on_each_real(async |bench, carrier| {
        let browser = opened(&bench, &carrier, PLAINTIFF.0).await;
        drop(browser);
        let now = Timestamp::now();
        for n in 0..64 {
            let to = format!("nobody{n}@example.cn");
            carrier.away.lock().expect("whole").push(to.clone());
            put_notice(&bench, &to, now).await;
        }
        let before = carrier.carried.lock().expect("whole").len();
        let page = bench.browser().post("/reset", &[("phone", PLAINTIFF.0)]).await;
        assert_eq!(page.status, StatusCode::OK);
        // The worker of the codes: its first message is the code.
        assert_eq!(tokio::task::block_in_place(|| bench.portal.send_message(true)).expect("sent"), 1);
        assert!(carrier.carried.lock().expect("whole")[before].text.contains("重设密码"));
        bench.carry();
        let tried = carrier.carried.lock().expect("whole").len() - before - 1;
        assert_eq!(tried, 64, "each was tried once, and its next try is not due");
        bench.carry();
        assert_eq!(carrier.carried.lock().expect("whole").len() - before - 1, 64);
        // When the next try comes, it is the same message to whoever carries it.
        make_due(&bench).await;
        bench.carry();
        let tries = carrier.messages("nobody7@example.cn");
        assert_eq!((tries.len(), tries[0].id, tries[0].created), (2, tries[1].id, tries[1].created));
    });
}

async fn put_notice(bench: &Bench, to: &str, now: Timestamp) {
    use portal::store::messages::{Channel, What, put};
    let to = to.to_owned();
    let account = bench.portal.db().read(|tx| portal::store::accounts::by_phone(tx, PLAINTIFF.0)).await.expect("a store").expect("an account").id;
    bench.portal.db().write(move |tx| put(tx, Channel::Email, &to, "提醒", What::Notice { account }, now)).await.expect("kept");
}

/// As if the pauses between tries had passed.
async fn make_due(bench: &Bench) {
    let done = bench.portal.db().write(|tx| tx.execute("UPDATE messages SET next_try = 0 WHERE state = 'waiting'", &[]));
    done.await.expect("updated");
}

#[test]
fn a_notice_that_is_given_up_is_seen_by_the_person() {
    on_each_real(async |bench, carrier| {
        let browser = opened(&bench, &carrier, PLAINTIFF.0).await;
        carrier.away.lock().expect("whole").push("nobody@example.cn".into());
        put_notice(&bench, "nobody@example.cn", Timestamp::now()).await;
        for _ in 0..40 {
            bench.carry();
            make_due(&bench).await;
        }
        assert_eq!(carrier.messages("nobody@example.cn").len(), 30, "given up after thirty tries");
        browser.good("/account").await.says("有提醒没有发出去");
    });
}

#[test]
fn r_idc_01_one_identity_number_is_one_name() {
    on_each(async |bench: Bench| {
        bench.browser().sign_up(PLAINTIFF.0, PLAINTIFF.1, PLAINTIFF.2).await;
        // The same person with another telephone.
        bench.browser().sign_up("19905550177", PLAINTIFF.1, PLAINTIFF.2).await;
        let other = bench.browser();
        other.open_account("19905550178").await;
        let refused = other.post("/account", &[("name", "赵无名"), ("number", PLAINTIFF.2), ("face", "yes")]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        refused.says("姓名与身份证号不一致");
        let page = other.good("/account").await.text();
        assert!(!page.contains("已实名认证"), "nothing was noted");
    });
}

#[test]
fn guesses_are_capped_over_all_codes_not_five_a_minute_for_ever() {
    on_each(async |bench: Bench| {
        let owner = bench.plaintiff().await;
        let thief = bench.browser();
        let mut asked = thief.post("/reset", &[("phone", PLAINTIFF.0)]).await;
        for round in 0..2 {
            let ticket = asked.hidden("ticket");
            for _ in 0..5 {
                let guess = [("ticket", ticket.as_str()), ("phone", PLAINTIFF.0), ("code", "00000x"), ("password", "new-password")];
                thief.post("/reset/code", &guess).await.says("验证码不对");
            }
            // A minute later the thief asks for the next one.
            let sent = bench.portal.db().write(|tx| tx.execute("UPDATE codes SET sent = sent - 120000000", &[]));
            sent.await.expect("updated");
            asked = thief.post("/reset", &[("phone", PLAINTIFF.0)]).await;
            if round == 0 {
                assert_eq!(asked.status, StatusCode::OK);
            }
        }
        assert_eq!(asked.status, StatusCode::UNPROCESSABLE_ENTITY);
        asked.says("24 小时内");
        // Nothing else of the account rests.
        owner.good("/account").await.says("已实名认证");
    });
}

#[test]
fn a_mailbox_gets_notices_when_a_code_has_confirmed_it_and_they_say_no_names() {
    on_each_real(async |bench, carrier| {
        let browser = opened(&bench, &carrier, PLAINTIFF.0).await;
        // Papers come to a confirmed account alone.
        browser.post("/account", &[("name", PLAINTIFF.1), ("number", PLAINTIFF.2)]).await;
        let account = bench.session(&browser).await;
        let seen = CardSeen {
            check: uuid::Uuid::now_v7(),
            court: COURT.into(),
            court_name: "清河市青石区人民法院".into(),
            clerk: "许知行".into(),
            reference: account.reference,
            name: PLAINTIFF.1.into(),
            number: PLAINTIFF.2.into(),
            at: Timestamp::now(),
        };
        bench.tell(&ToPortal::CardSeen(seen), vec![]);
        let wrong = browser.post("/account/email", &[("email", "zhou")]).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        let page = browser.post("/account/email", &[("email", "zhou@example.cn")]).await;
        bench.carry();
        let account = bench.session(&browser).await;
        assert_eq!(account.email, "", "not confirmed yet");
        let code = code_in(&carrier.texts("zhou@example.cn")[0]);
        let ticket = page.hidden("ticket");
        let mistyped = browser.post("/account/email/code", &[("ticket", &ticket), ("phone", "zhou@example.cn"), ("code", "x")]).await;
        assert_eq!(mistyped.status, StatusCode::UNPROCESSABLE_ENTITY);
        browser.post("/account/email/code", &[("ticket", &ticket), ("phone", "zhou@example.cn"), ("code", &code)]).await.location();
        browser.good("/account").await.says("zhou@example.cn");
        let (case, paper) = (procedure::CaseId::new(), procedure::PaperId::new());
        let pdf = b"%PDF-1.7 a paper".to_vec();
        bench.serve(sample::paper(&bench, account.id, case, paper, &pdf), pdf);
        bench.carry();
        for to in [PLAINTIFF.0, "zhou@example.cn"] {
            let text = carrier.texts(to).pop().expect("a notice");
            assert!(text.contains(&format!("/paper/{paper}")), "{text}");
            assert!(!text.contains("交纳诉讼费用通知书") && !text.contains("青石区"), "{text}");
        }
        browser.post("/account/email", &[("email", "")]).await.location();
        assert!(!browser.good("/account").await.text().contains("zhou@example.cn"));
    });
}

#[test]
fn outside_of_a_demo_no_sandbox_stands_in() {
    let dir = tempfile::tempdir().expect("a directory");
    for url in stores(dir.path()) {
        for sandbox in ["messages", "names", "money"] {
            let made = std::panic::catch_unwind(|| {
                Bench::with(&url, false, |config| match sandbox {
                    "messages" => config.messenger = Arc::new(exchange::messenger::Sandbox::default()) as Arc<dyn Messenger>,
                    "names" => config.authority = Arc::new(exchange::identity::Sandbox::new(None)),
                    _ => config.payment = Some(Arc::new(exchange::payment::Sandbox::new("http://127.0.0.1/pay"))),
                })
            });
            assert!(made.is_err(), "a portal with a sandbox for {sandbox} and no demo starts");
        }
    }
}

/// An authority that answers what it was told to.
#[derive(Debug, Default)]
struct Scripted {
    answers: Mutex<Vec<Result<Verdict, Error>>>,
    asked: Mutex<Vec<Claim>>,
}

impl IdentityAuthority for Scripted {
    fn name(&self) -> &'static str {
        "身份认证"
    }

    fn confirm(&self, claim: &Claim) -> Result<Verdict, Error> {
        self.asked.lock().expect("whole").push(claim.clone());
        self.answers.lock().expect("whole").remove(0)
    }
}

#[test]
fn r_idc_01_an_authority_refuses_sends_to_the_face_step_and_confirms() {
    let made = |url: &str| {
        let (authority, carrier) = (Arc::new(Scripted::default()), Arc::new(Recorder::default()));
        *authority.answers.lock().expect("whole") = vec![
            Err(Error::Unreached { peer: "身份认证".into(), reason: "no answer".into() }),
            Ok(Verdict::Refused(Refused::Mismatch)),
            Ok(Verdict::Face { url: "https://face.example/1".into() }),
            Ok(Verdict::Confirmed { reference: "A-1".into() }),
        ];
        let (own, messages) = (authority.clone(), carrier.clone());
        let bench = Bench::with(url, false, |config| {
            config.authority = own;
            config.messenger = messages;
        });
        (bench, authority, carrier)
    };
    on_each_made(made, async |(bench, authority, carrier): (Bench, Arc<Scripted>, Arc<Recorder>)| {
        let browser = opened(&bench, &carrier, PLAINTIFF.0).await;
        let claim = [("name", PLAINTIFF.1), ("number", PLAINTIFF.2), ("face", "yes")];
        let away = browser.post("/account", &claim).await;
        assert_eq!(away.status, StatusCode::UNPROCESSABLE_ENTITY);
        away.says("认证机构暂时没有回应");
        browser.post("/account", &claim).await.says("姓名与身份证号不一致");
        browser.post("/account", &claim).await.location();
        browser.good("/account").await.says("https://face.example/1");
        browser.post("/account/face", &[("done", "yes")]).await.location();
        let page = browser.good("/account").await;
        page.says("已实名认证");
        page.says("A-1");
        assert!(!page.text().contains("演示"), "a real authority");
        let asked = authority.asked.lock().expect("whole");
        assert!(asked.iter().all(|claim| claim.id == asked[0].id), "the same claim is the same check");
    });
}

#[test]
fn r_idc_06_who_declines_the_face_step_is_confirmed_by_a_clerk_who_saw_the_card() {
    on_each(async |bench: Bench| {
        let browser = bench.browser();
        let phone = STRANGER.0;
        sign_up_without_face(&browser, phone).await;
        let account = bench.session(&browser).await;
        let shown = format!("{}-{}", &account.reference[..4], &account.reference[4..]);
        let page = browser.good("/account").await;
        page.says(&shown);
        page.says("清河市青石区人民法院");
        let seen = |reference: &str, name: &str| CardSeen {
            check: uuid::Uuid::now_v7(),
            court: COURT.into(),
            court_name: "清河市青石区人民法院".into(),
            clerk: "许知行".into(),
            reference: reference.into(),
            name: name.into(),
            number: STRANGER.2.into(),
            at: Timestamp::now() - SignedDuration::from_secs(5),
        };
        for (told, verdict) in [
            (seen("23456789", STRANGER.1), CardVerdict::Unknown),
            (seen(&account.reference, "陈志强"), CardVerdict::Mismatch),
            (seen(&account.reference, STRANGER.1), CardVerdict::Confirmed),
            (seen(&account.reference, STRANGER.1), CardVerdict::Confirmed),
        ] {
            bench.tell(&ToPortal::CardSeen(told.clone()), vec![]);
            let sent = bench.sent();
            let [ToCourt::CardChecked { check, verdict: found, .. }] = &sent[..] else { panic!("{sent:?}") };
            assert_eq!((*check, *found), (told.check, verdict));
        }
        let page = browser.good("/account").await;
        page.says("已由清河市青石区人民法院窗口核对（工作人员 许知行）");
        assert!(!page.text().contains("name=\"number\""), "nothing is left to register");
        // Now he may act.
        let draft = browser.post("/file", &[("cause", "108.3"), ("as", "self")]).await.location();
        assert!(draft.starts_with("/file/"));
    });
}

async fn sign_up_without_face(browser: &Browser, phone: &str) {
    let page = browser.post("/register", &[("phone", phone)]).await;
    let found = browser.json(&format!("/sandbox/phone?phone={phone}")).await;
    let code = code_in(found["messages"][0]["text"].as_str().expect("text"));
    let ticket = page.hidden("ticket");
    browser.post("/register/code", &[("ticket", &ticket), ("phone", phone), ("code", &code), ("password", PASSWORD)]).await.location();
    assert_eq!(browser.post("/account", &[("name", STRANGER.1), ("number", STRANGER.2)]).await.location(), "/account");
}

#[test]
fn texts_to_telephones_say_a_receipt_number_and_nothing_else() {
    on_each(async |bench: Bench| {
        let browser = bench.plaintiff().await;
        let draft = fill(&browser).await;
        browser.submit(&draft, &[]).await.location();
        let sent = bench.sent();
        let ToCourt::Act(request) = &sent[0] else { panic!("an act") };
        let outcome = Outcome::Refused { zh: "同一纠纷已经立案，不能重复起诉。".into(), field: None };
        bench.tell(&ToPortal::Answered { submission: request.submission, account: request.account, outcome }, vec![]);
        let found = browser.json(&format!("/sandbox/phone?phone={}", PLAINTIFF.0)).await;
        let text = found["messages"].as_array().expect("messages").last().expect("one")["text"].as_str().expect("text").to_owned();
        assert!(text.contains(&request.receipt_no) && text.contains("/receipt/"), "{text}");
        for words in ["周桂兰", "陈志远", "民间借贷", "重复起诉"] {
            assert!(!text.contains(words), "{text}");
        }
    });
}

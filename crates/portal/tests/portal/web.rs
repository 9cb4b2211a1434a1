//! The pages through the router, on SQLite and PostgreSQL: the way of a filing, and everything that must not happen on it.
use crate::bench::{Bench, Browser, PASSWORD, PICTURE, PLAINTIFF, another_picture, fill, main_of, on_each, on_each_made, sample};
use axum::http::{Method, StatusCode, header};
use exchange::message::{Outcome, ToCourt, ToPortal};
use procedure::case::{Channel, MaterialKind, Scope};
use procedure::{CaseId, Command, PaperId};

#[test]
fn a_filing_is_typed_priced_signed_and_submitted_once() {
    on_each(async |bench: Bench| {
        let browser = bench.plaintiff().await;
        let draft = fill(&browser).await;
        let review = browser.good(&format!("/file/{draft}/review")).await;
        // 150000 元: 50 + (100000-10000)×2.5% + 50000×2% = 3300 (R-FEE-01).
        for words in ["3300.00 元", "怎么算的", "偿还周桂兰借款本金150000元", "送达地址确认书", "清河市青石区人民法院"]
        {
            review.says(words);
        }
        let version = review.hidden("version");
        let unsigned = browser.post(&format!("/file/{draft}/submit"), &[("version", &version)]).await;
        assert_eq!(unsigned.status, StatusCode::UNPROCESSABLE_ENTITY);
        unsigned.says("请核对以后勾选签名");
        let signed: &[(&str, &str)] = &[("version", &version), ("truth", "yes"), ("sign", "yes")];
        let first = browser.post(&format!("/file/{draft}/submit"), signed).await.location();
        let second = browser.post(&format!("/file/{draft}/submit"), signed).await.location();
        assert_eq!(first, second, "one submission, one receipt");
        let receipt = browser.good(&first).await;
        receipt.says("已提交，待法院接收");
        let text = browser.good(&format!("{first}/file")).await.text();
        let parsed = ledger::Receipt::parse(&text).expect("a receipt");
        assert_eq!(parsed.content().files.len(), 4, "complaint, identity, evidence, service address");
        let sent = bench.sent();
        assert_eq!(sent.len(), 1, "one message to the court");
        let ToCourt::Act(request) = &sent[0] else { panic!("an act") };
        let Command::SubmitFiling(filing) = &request.command else { panic!("a filing") };
        assert_eq!(filing.choices.iter().find(|choice| choice.scope == Scope::Service).map(|choice| choice.channel), Some(Channel::Online));
        assert!(filing.statement.materials.iter().any(|material| material.kind == MaterialKind::ServiceAddress));
        assert_eq!(browser.json("/api/cases").await["submissions"].as_array().map(Vec::len), Some(1));
        // The court's answer shows on the receipt; the draft leads there from now on.
        bench.answer(request.submission, request.account, request.case);
        browser.good(&first).await.says("法院已接收");
        assert_eq!(browser.get(&format!("/file/{draft}/review")).await.location(), first);
        assert_eq!(browser.json(&format!("/api/submission/{}", request.submission)).await["state"], "done");
        verify(&browser, &text).await;
    });
}

async fn verify(browser: &Browser, receipt: &str) {
    let good = browser.upload("/verify", &[], &[("receipt", "a.receipt", receipt.as_bytes()), ("file", "借条.png", &another_picture())]).await;
    good.says("核验通过");
    let other = browser.upload("/verify", &[], &[("receipt", "a.receipt", receipt.as_bytes()), ("file", "x.png", b"other bytes")]).await;
    other.says("核验不通过");
    let forged = receipt.replacen("周桂兰", "周桂蓝", 1);
    browser.upload("/verify", &[], &[("receipt", "a.receipt", forged.as_bytes())]).await.says("核验不通过");
    let broken = browser.upload("/verify", &[], &[("receipt", "a.receipt", b"no receipt")]).await;
    assert_eq!(broken.status, StatusCode::UNPROCESSABLE_ENTITY);
    broken.says("回执文件无法识别");
}

#[test]
fn a_refusal_of_the_court_can_be_mended_without_typing_again() {
    on_each(async |bench: Bench| {
        let browser = bench.plaintiff().await;
        let draft = fill(&browser).await;
        let receipt = browser.submit(&draft, &[]).await.location();
        let sent = bench.sent();
        let ToCourt::Act(request) = &sent[0] else { panic!("an act") };
        let outcome = Outcome::Refused { zh: "同一纠纷已经立案，不能重复起诉。".into(), field: None };
        bench.tell(&ToPortal::Answered { submission: request.submission, account: request.account, outcome }, vec![]);
        let page = browser.good(&receipt).await;
        page.says("法院没有接收");
        page.says("不能重复起诉");
        let again = browser.post(&format!("{receipt}/again"), &[]).await.location();
        assert!(!again.contains(&draft) && again.ends_with("/review"), "{again}");
        browser.good(&again).await.says("偿还周桂兰借款本金150000元");
    });
}

#[test]
fn what_is_typed_is_kept_with_its_errors_beside_the_fields() {
    on_each(async |bench: Bench| {
        let browser = bench.plaintiff().await;
        let draft = browser.begin("self").await;
        let path = |page: &str| format!("/file/{draft}/{page}");
        // One's own name stands there already.
        browser.good(&path("plaintiff")).await.says("value=\"周桂兰\"");
        let refused = browser.post(&path("defendant"), &[("defendants.0.kind", "person"), ("defendants.0.name", "<陈>")]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        refused.says("id=\"defendants.0.domicile-err\"");
        refused.says("value=\"&lt;陈&gt;\"");
        browser.good(&path("defendant")).await.says("value=\"&lt;陈&gt;\"");
        // Another entry, an organisation, one less; nothing typed is lost.
        let typed: &[(&str, &str)] = &[("defendants.0.kind", "person"), ("defendants.0.name", "甲")];
        let with = |more: (&'static str, &'static str)| [typed, &[more]].concat();
        browser.post(&path("defendant"), &with(("add", "defendants"))).await.location();
        browser.good(&path("defendant")).await.says("defendants.1.name");
        browser.post(&path("defendant"), &with(("switch", "defendants.0.organisation"))).await.location();
        browser.good(&path("defendant")).await.says("defendants.0.credit_code");
        // Half-typed text is kept without being an answer.
        let kept = browser.post(&format!("{}/save", path("loan_amount")), &[("principal", "十五万"), ("version", "1")]).await;
        assert_eq!(kept.status, StatusCode::NO_CONTENT);
        browser.good(&path("loan_amount")).await.says("value=\"十五万\"");
        assert_eq!(browser.post(&path("loan_amount"), &[("principal", "15"), ("go", "later")]).await.location(), "/drafts");
        browser.good("/drafts").await.says("接着填");
        for (fields, words) in [
            (&[("loan_date", "1900-01-01"), ("due", "none")][..], "年不对"),
            (&[("loan_date", "2099-01-01"), ("due", "none")][..], "年不对"),
            (&[("loan_date", "2024-03-15"), ("due", "fixed"), ("due_date", "2023-03-15")][..], "早于借款日期"),
        ] {
            let refused = browser.post(&path("loan_dates"), fields).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
            refused.says(words);
        }
    });
}

#[test]
fn two_devices_never_overwrite_each_other_unseen() {
    on_each(async |bench: Bench| {
        let (phone, desk) = (bench.plaintiff().await, bench.browser());
        desk.sign_in(PLAINTIFF.0, &[]).await.location();
        let draft = phone.begin("self").await;
        let path = format!("/file/{draft}/guarantee");
        let (seen_there, seen_here) = (desk.good(&path).await.hidden("version"), phone.good(&path).await.hidden("version"));
        phone.post(&path, &[("version", &seen_here), ("guarantee", "none")]).await.location();
        // One's own Back button is no conflict, the other device's page is.
        phone.post(&path, &[("version", &seen_here), ("guarantee", "none")]).await.location();
        let stale = desk.post(&path, &[("version", &seen_there), ("guarantee", "surety")]).await;
        assert_eq!(stale.status, StatusCode::CONFLICT);
        stale.says("另一台设备上改过");
        let newer = stale.hidden("version");
        desk.post(&path, &[("version", &newer), ("guarantee", "surety")]).await.location();
        let submitted = phone.post(&format!("/file/{draft}/submit"), &[("version", &seen_here), ("truth", "yes"), ("sign", "yes")]).await;
        assert_eq!(submitted.status, StatusCode::CONFLICT, "{}", main_of(&submitted.text()));
    });
}

#[test]
fn another_persons_things_are_not_there() {
    on_each(async |bench: Bench| {
        let (owner, stranger) = (bench.plaintiff().await, bench.stranger().await);
        let draft = fill(&owner).await;
        let version = owner.good(&format!("/file/{draft}/review")).await.hidden("version");
        let receipt = owner.submit(&draft, &[]).await.location();
        let id = owner.json("/api/cases").await["submissions"][0]["id"].as_str().expect("an id").to_owned();
        let unknown = uuid::Uuid::now_v7();
        for (path, other) in [
            (format!("/file/{draft}/review"), format!("/file/{unknown}/review")),
            (receipt.clone(), "/receipt/4001-2026-0101-00001".into()),
            (format!("{receipt}/file"), "/receipt/4001-2026-0101-00001/file".into()),
            (format!("/api/submission/{id}"), format!("/api/submission/{unknown}")),
            (format!("/case/{unknown}"), format!("/case/{}", uuid::Uuid::now_v7())),
            (format!("/paper/{unknown}"), format!("/paper/{}", uuid::Uuid::now_v7())),
        ] {
            let (theirs, none) = (stranger.get(&path).await, stranger.get(&other).await);
            assert_eq!((theirs.status, none.status), (StatusCode::NOT_FOUND, StatusCode::NOT_FOUND), "{path}");
            assert_eq!(main_of(&theirs.text()), main_of(&none.text()), "another's and no one's look the same: {path}");
        }
        let posted = stranger.post(&format!("/file/{draft}/guarantee"), &[("guarantee", "none")]).await;
        assert_eq!(posted.status, StatusCode::NOT_FOUND);
        let handed = stranger.upload(&format!("/file/{draft}/files"), &[("kind", "evidence")], &[("files", "a.png", PICTURE)]).await;
        assert_eq!(handed.status, StatusCode::NOT_FOUND);
        let pressed = stranger.post(&format!("/file/{draft}/submit"), &[("version", &version), ("truth", "yes"), ("sign", "yes")]).await;
        assert_eq!(pressed.status, StatusCode::NOT_FOUND);
    });
}

#[test]
fn forms_of_others_are_forbidden() {
    on_each(async |bench: Bench| {
        let browser = bench.plaintiff().await;
        let other = bench.browser();
        let stolen = other.csrf().await;
        for fields in [&[("cause", "108.3")][..], &[("csrf", "00"), ("cause", "108.3")], &[("csrf", &stolen), ("cause", "108.3")]] {
            assert_eq!(browser.bare("/file", fields).await.status, StatusCode::FORBIDDEN, "{fields:?}");
        }
        for path in ["/login", "/register", "/reset", "/logout", "/account", "/join"] {
            assert_eq!(browser.bare(path, &[("phone", "19905550101")]).await.status, StatusCode::FORBIDDEN, "{path}");
        }
        let token = browser.csrf().await;
        let request = axum::http::Request::post("/file")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "cross-site")
            .body(axum::body::Body::from(format!("csrf={token}&cause=108.3")))
            .expect("a request");
        assert_eq!(browser.send(request).await.status, StatusCode::FORBIDDEN, "a browser that says where the form came from");
        assert_eq!(browser.json("/api/cases").await["submissions"].as_array().map(Vec::len), Some(0));
    });
}

#[test]
fn the_sandbox_is_reached_in_a_demo_alone() {
    let real = |url: &str| Bench::new(url, false);
    on_each_made(real, async |bench: Bench| {
        let browser = bench.browser();
        let home = browser.good("/").await;
        assert!(!home.text().contains("演示"), "a real installation is not marked as a demo");
        let sandbox = browser.get("/sandbox/phone").await;
        assert_eq!(browser.get(&format!("/sandbox/pay/{}", uuid::Uuid::now_v7())).await.status, StatusCode::NOT_FOUND);
        assert_eq!(sandbox.status, StatusCode::NOT_FOUND);
        assert_eq!(main_of(&sandbox.text()), main_of(&browser.get("/nothing").await.text()));
    });
}

#[test]
fn a_session_that_ended_loses_nothing() {
    on_each(async |bench: Bench| {
        let browser = bench.plaintiff().await;
        let draft = browser.begin("self").await;
        browser.forget_session();
        let path = format!("/file/{draft}/loan_amount");
        assert_eq!(browser.get(&path).await.status, StatusCode::UNAUTHORIZED);
        let asked = browser.bare(&path, &[("csrf", "old"), ("principal", "123456.78"), ("version", "1")]).await;
        assert_eq!(asked.status, StatusCode::UNAUTHORIZED);
        asked.says("登录已经过期");
        assert_eq!(asked.hidden("next"), path);
        let (next, kept) = (asked.hidden("next"), asked.hidden("kept"));
        let back = browser.sign_in(PLAINTIFF.0, &[("next", &next), ("kept", &kept)]).await.location();
        assert_eq!(back, path);
        browser.good(&back).await.says("value=\"123456.78\"");
        assert_eq!(browser.json("/api/cases").await["cases"].as_array().map(Vec::len), Some(0));
        let nobody = bench.browser();
        assert_eq!(nobody.get("/api/cases").await.status, StatusCode::UNAUTHORIZED);
    });
}

#[test]
fn what_was_typed_for_a_step_outlives_the_session_until_it_is_handed_in() {
    on_each(async |bench: Bench| {
        let browser = bench.plaintiff().await;
        let (case, session) = (CaseId::new(), browser.session());
        bench.show(sample::view(&bench, bench.account(&browser).await, case, PaperId::new()));
        let page = |name: &str| format!("/case/{case}/{name}");
        // A form with a file, sent when the session has ended.
        browser.forget_session();
        let pressed = [("csrf", "old"), ("key", "0123456789"), ("text", "现金三万元没有收到。")];
        let asked = browser.upload(&page("answer"), &pressed, &[("files", "答辩状.png", PICTURE)]).await;
        assert_eq!(asked.status, StatusCode::UNAUTHORIZED, "{}", main_of(&asked.text()));
        asked.says("登录以后还在");
        let (next, kept) = (asked.hidden("next"), asked.hidden("kept"));
        let back = browser.sign_in(PLAINTIFF.0, &[("next", &next), ("kept", &kept)]).await.location();
        assert_eq!(back, page("answer"));
        browser.good(&back).await.says("现金三万元没有收到。</textarea>");
        // Half-typed text of every step stands on another device too, and in nobody else's case.
        let other = bench.stranger().await;
        for (name, field, words) in [
            ("evidence", "purpose", "只收到十二万元"),
            ("opinions", "opinion.0.text", "与本案无关"),
            ("record", "correction", "第二行漏记"),
            ("appeal", "reasons", "事实没有查清"),
            ("relief", "reason", "低保"),
        ] {
            let save = format!("{}/save", page(name));
            assert_eq!(browser.post(&save, &[(field, words), ("sign", "yes")]).await.status, StatusCode::NO_CONTENT, "{name}");
            browser.good(&page(name)).await.says(words);
            assert_eq!(other.post(&save, &[(field, words)]).await.status, StatusCode::NOT_FOUND, "{name}");
        }
        assert!(!browser.good(&page("record")).await.text().contains("checked"), "nobody signs by what was kept");
        assert_eq!(browser.post(&format!("{}/save", page("fee")), &[("pay", "yes")]).await.status, StatusCode::NOT_FOUND);
        // Handed in, it is not offered again.
        browser.post(&page("relief"), &[("key", "0123456789"), ("reason", "低保，每月 600 元。")]).await.location();
        assert!(!browser.good(&page("relief")).await.text().contains("低保</textarea>"));
        assert_ne!(browser.session(), session);
    });
}

#[test]
fn r_tri_06_a_party_downloads_the_draw_and_draws_again() {
    on_each(async |bench: Bench| {
        let browser = bench.plaintiff().await;
        let (case, account) = (CaseId::new(), bench.account(&browser).await);
        let mut view = sample::view(&bench, account, case, PaperId::new());
        bench.show(view.clone());
        browser.good(&format!("/case/{case}")).await.says("按公开的规则重新抽取，结果相同");
        let page = browser.good(&format!("/case/{case}/draw")).await;
        for words in ["结果与记录一致", "在办案件明显多于他人", "签号", "不能说明", "xiezhi draw --check"] {
            page.says(words);
        }
        let record = browser.good(&format!("/case/{case}/draw/record")).await.json();
        let record: procedure::draw::again::Record = serde_json::from_value(record).expect("a record");
        assert_eq!(procedure::draw::again::again(&record).differs, Vec::<String>::new());
        // Another judge than the one drawn: the page says so itself.
        view.version += 1;
        let tribunal = view.tribunal.as_mut().expect("drawn");
        let drawn = tribunal.judges[0].person;
        tribunal.judges[0] = tribunal.roster.iter().find(|one| one.person != drawn).expect("another").clone();
        bench.show(view);
        browser.good(&format!("/case/{case}")).await.says("结果与记录不同");
        browser.good(&format!("/case/{case}/draw")).await.says("重新抽取的法官与记录不同");
        let other = bench.stranger().await;
        assert_eq!(other.get(&format!("/case/{case}/draw/record")).await.status, StatusCode::NOT_FOUND);
    });
}

#[test]
fn wrong_passwords_and_codes_are_counted() {
    on_each(async |bench: Bench| {
        let browser = bench.plaintiff().await;
        let thief = bench.browser();
        for turn in 0..5 {
            let refused = thief.post("/login", &[("phone", PLAINTIFF.0), ("password", "wrong-password")]).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "turn {turn}");
            refused.says("手机号或者密码不对");
        }
        let resting = thief.post("/login", &[("phone", PLAINTIFF.0), ("password", PASSWORD)]).await;
        assert_eq!(resting.status, StatusCode::UNPROCESSABLE_ENTITY);
        resting.says("密码输错次数太多");
        let unknown = thief.post("/login", &[("phone", "19905559999"), ("password", "wrong-password")]).await;
        unknown.says("手机号或者密码不对");
        let page = thief.post("/reset", &[("phone", PLAINTIFF.0)]).await;
        let ticket = page.hidden("ticket");
        let guess: &[(&str, &str)] = &[("ticket", &ticket), ("phone", PLAINTIFF.0), ("code", "000000x"), ("password", "new-password")];
        for _ in 0..5 {
            thief.post("/reset/code", guess).await.says("验证码不对");
        }
        thief.post("/reset/code", guess).await.says("请重新获取");
        for number in ["449900195504090021", "44990019550409002", ""] {
            let refused = bench.browser();
            let page = refused.post("/register", &[("phone", "19905550303")]).await;
            if page.status != StatusCode::OK {
                page.says("验证码刚刚发过，请等");
                continue;
            }
            assert_eq!(
                browser.post("/account", &[("name", "周桂兰"), ("number", number), ("face", "yes")]).await.status,
                StatusCode::UNPROCESSABLE_ENTITY
            );
        }
    });
}

#[test]
fn bad_uploads_are_refused_in_words() {
    on_each(async |bench: Bench| {
        let browser = bench.plaintiff().await;
        let draft = browser.begin("self").await;
        let path = format!("/file/{draft}/files");
        for (name, bytes, words) in [
            ("run.exe", &b"MZ\x90\0not a picture at all, whatever its name says"[..], "无法识别这个文件的类型"),
            ("empty.png", b"", "空的"),
            ("cut.png", &PICTURE[..30], "损坏"),
        ] {
            let refused = browser.upload(&path, &[("kind", "evidence")], &[("files", name, bytes)]).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}: {}", main_of(&refused.text()));
            refused.says(words);
        }
        let heavy = vec![0_u8; 60 << 20];
        assert_eq!(browser.upload(&path, &[("kind", "evidence")], &[("files", "heavy.png", &heavy)]).await.status, StatusCode::PAYLOAD_TOO_LARGE);
        let long = "很".repeat(400_000);
        assert_eq!(browser.post(&format!("/file/{draft}/loan_amount/save"), &[("purpose", &long)]).await.status, StatusCode::PAYLOAD_TOO_LARGE);
        // The same file twice is one file; the bytes come back as they were sent.
        browser.upload(&path, &[("kind", "evidence"), ("name", "借条")], &[("files", "a.png", PICTURE)]).await.location();
        browser.upload(&path, &[("kind", "evidence")], &[("files", "b.png", PICTURE)]).await.location();
        let page = browser.good(&format!("/file/{draft}/evidence")).await;
        page.says("已经上传 1 份");
        let text = page.text();
        let link = text
            .split("href=\"")
            .filter_map(|rest| rest.split_once('"'))
            .map(|(link, _)| link)
            .find(|link| link.contains("/files/"))
            .expect("a link")
            .to_owned();
        assert_eq!(browser.good(&link).await.bytes, PICTURE);
        browser.post(&link, &[("do", "remove")]).await.location();
        assert!(!browser.good(&format!("/file/{draft}/evidence")).await.text().contains("已经上传"));
    });
}

#[test]
fn an_upload_goes_on_where_it_broke_off() {
    on_each(async |bench: Bench| {
        let browser = bench.plaintiff().await;
        let draft = browser.begin("self").await;
        let size = PICTURE.len().to_string();
        let begun = browser.post("/uploads", &[("name", "借条.png"), ("size", &size)]).await;
        assert_eq!(begun.status, StatusCode::CREATED);
        let id = begun.json()["id"].as_str().expect("an id").to_owned();
        let token = browser.csrf().await;
        let put = async |offset: usize, piece: &[u8], token: &str| {
            let request = axum::http::Request::put(format!("/uploads/{id}?offset={offset}"))
                .header("x-csrf-token", token)
                .body(axum::body::Body::from(piece.to_vec()));
            browser.send(request.expect("a request")).await
        };
        assert_eq!(put(0, &PICTURE[..20], "wrong").await.status, StatusCode::FORBIDDEN);
        assert_eq!(put(0, &PICTURE[..20], &token).await.json()["offset"], 20);
        let gap = put(40, &PICTURE[40..], &token).await;
        assert_eq!((gap.status, gap.json()["offset"].as_u64()), (StatusCode::CONFLICT, Some(20)));
        assert_eq!(browser.json(&format!("/uploads/{id}")).await["offset"], 20);
        let early = browser.post(&format!("/file/{draft}/files"), &[("kind", "evidence"), ("files_upload", &id)]).await;
        assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY);
        early.says("还没有传完");
        assert_eq!(put(20, &PICTURE[20..], &token).await.json()["offset"], PICTURE.len());
        browser.post(&format!("/file/{draft}/files"), &[("kind", "evidence"), ("files_upload", &id)]).await.location();
        browser.good(&format!("/file/{draft}/evidence")).await.says("已经上传 1 份");
        let stranger = bench.stranger().await;
        assert_eq!(stranger.get(&format!("/uploads/{id}")).await.status, StatusCode::NOT_FOUND);
        let huge = browser.post("/uploads", &[("name", "a.pdf"), ("size", "99999999999")]).await;
        assert_eq!(huge.status, StatusCode::UNPROCESSABLE_ENTITY);
        huge.says("超过了");
    });
}

#[test]
fn modes_are_kept_and_methods_are_held() {
    on_each(async |bench: Bench| {
        let browser = bench.browser();
        let changed = browser.get("/guide/access?mode=elder").await;
        assert_eq!((changed.status, changed.location().as_str()), (StatusCode::SEE_OTHER, "/guide/access"));
        browser.good("/").await.says("data-mode=\"elder\"");
        assert_eq!(browser.get("//evil.example/?mode=normal").await.location(), "/evil.example/");
        assert_eq!(browser.method(Method::DELETE, "/").await.status, StatusCode::METHOD_NOT_ALLOWED);
        let unknown = browser.get("/case/not-an-id").await;
        assert_eq!(unknown.status, StatusCode::NOT_FOUND);
        unknown.says("没有找到这个页面");
        assert_eq!(browser.json("/api/nothing").await["error"], "没有找到这个页面");
    });
}

//! Every page that can be looked at: one heading, the language, nothing inline, light enough for a phone, nobody else's.
use crate::bench::{Bench, Browser, PICTURE, PLAINTIFF, fill, main_of, on_each, sample};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use procedure::{CaseId, PaperId};

/// First view of a page over the air, bytes.
const WEIGHT: usize = 60_000;

async fn look(browser: &Browser, path: &str) {
    let page = browser.get(path).await;
    let text = page.text();
    assert!(matches!(page.status, StatusCode::OK | StatusCode::NOT_FOUND | StatusCode::UNAUTHORIZED), "{path}: {}", page.status);
    assert!(page.headers[header::CONTENT_TYPE].to_str().expect("text").starts_with("text/html"), "{path}");
    assert_eq!(text.matches("<h1").count(), 1, "{path} has one heading: {}", main_of(&text));
    assert!(text.contains("<html lang=\"zh-CN\"") && text.contains("<title>"), "{path}");
    for forbidden in [" style=", "<style", " onclick=", " onsubmit=", "javascript:", "<script>"] {
        assert!(!text.contains(forbidden), "{path} holds {forbidden}");
    }
    let policy = page.headers[header::CONTENT_SECURITY_POLICY].to_str().expect("text");
    assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{path}: {policy}");
    assert_eq!(page.headers[header::CACHE_CONTROL], "no-store", "{path}");
    duplicates(path, &text);
    weight(browser, path, &text).await;
}

/// Ids are unique, or labels lead astray.
fn duplicates(path: &str, text: &str) {
    let mut ids: Vec<&str> = text.split(" id=\"").skip(1).filter_map(|rest| rest.split_once('"')).map(|(id, _)| id).collect();
    ids.sort_unstable();
    for pair in ids.windows(2) {
        assert_ne!(pair[0], pair[1], "{path} has an id twice");
    }
    for label in text.split(" for=\"").skip(1).filter_map(|rest| rest.split_once('"')).map(|(id, _)| id) {
        assert!(ids.contains(&label), "{path}: a label for {label}, which is not there");
    }
    for named in text.split(" aria-labelledby=\"").skip(1).filter_map(|rest| rest.split_once('"')).map(|(id, _)| id) {
        assert!(ids.contains(&named), "{path}: labelled by {named}, which is not there");
    }
}

/// The page with its style and scripts, packed as a browser gets them.
async fn weight(browser: &Browser, path: &str, text: &str) {
    let links = text.split('"').filter(|part| part.starts_with("/assets/")).map(|part| part.split('#').next().expect("a path").to_owned());
    let mut all: Vec<String> = links.chain([path.to_owned()]).collect();
    all.sort_unstable();
    all.dedup();
    let mut total = 0;
    for path in all {
        let request = Request::get(&path).header(header::ACCEPT_ENCODING, "gzip").body(Body::empty()).expect("a request");
        let answer = browser.send(request).await;
        assert_eq!(answer.headers.get(header::CONTENT_ENCODING).map(|value| value.as_bytes()), Some(&b"gzip"[..]), "{path} is packed");
        total += answer.bytes.len();
    }
    assert!(total <= WEIGHT, "{path} weighs {total} bytes");
}

#[test]
fn every_page_is_whole_light_and_obeys_the_policy() {
    on_each(async |bench: Bench| {
        let nobody = bench.browser();
        for path in [
            "/",
            "/login",
            "/register",
            "/reset",
            "/verify",
            "/sandbox/phone",
            "/guide/counter",
            "/guide/privacy",
            "/guide/access",
            "/guide/languages",
            "/nothing",
            "/cases",
        ] {
            look(&nobody, path).await;
        }
        let browser = bench.plaintiff().await;
        for path in ["/", "/account", "/reads", "/file", "/file?q=%E5%80%9F%E9%92%B1", "/file?q=zzz", "/drafts", "/cases", "/papers", "/join"] {
            look(&browser, path).await;
        }
        let draft = fill(&browser).await;
        let pages = "court plaintiff defendant loan_form loan_amount loan_dates loan_interest guarantee delivery delivered repaid demand claims evidence channels review";
        for page in pages.split(' ') {
            look(&browser, &format!("/file/{draft}/{page}")).await;
        }
        look(&browser, "/drafts").await;
        let receipt = browser.submit(&draft, &[]).await.location();
        look(&browser, &receipt).await;
        let agent = browser.begin("agent").await;
        look(&browser, &format!("/file/{agent}/agent")).await;
        let (case, paper) = (CaseId::new(), PaperId::new());
        let id = bench.account(&browser).await;
        let pdf = b"%PDF-1.7 a paper of the court".to_vec();
        bench.show(sample::view(&bench, id, case, paper));
        bench.serve(sample::paper(&bench, id, case, paper, &pdf), pdf.clone());
        for path in ["/", "/cases", "/papers"] {
            look(&browser, path).await;
        }
        for page in [
            "",
            "/draw",
            "/choices",
            "/fee",
            "/relief",
            "/correction",
            "/answer",
            "/evidence",
            "/opinions",
            "/record",
            "/appeal",
            "/agents",
            "/insist",
        ] {
            look(&browser, &format!("/case/{case}{page}")).await;
        }
        look(&browser, &format!("/paper/{paper}")).await;
        look(&browser, &format!("/paper/{paper}/copy")).await;
        look(&browser, &format!("/verify?paper={paper}")).await;
        served(&bench, &browser, case, paper, &pdf).await;
    });
}

/// A served paper: opening is on record and told to the court once, bytes and receipt are whole, nobody else sees it.
async fn served(bench: &Bench, browser: &Browser, case: CaseId, paper: PaperId, pdf: &[u8]) {
    browser.good(&format!("/paper/{paper}")).await.says("您本人打开");
    let opened = bench.sent().into_iter().filter(|message| serde_json::to_value(message).expect("JSON")["command"]["step"] == "open_paper").count();
    assert_eq!(opened, 1, "opened three times, told once");
    browser.good("/reads").await.says("打开《交纳诉讼费用通知书》");
    assert_eq!(browser.good(&format!("/paper/{paper}/file")).await.bytes, pdf);
    let receipt = browser.good(&format!("/paper/{paper}/receipt")).await.text();
    assert!(ledger::Receipt::parse(&receipt).is_ok());
    // The court's key is not on this portal's list: an unknown key fails, whatever it signed.
    browser.upload("/verify", &[], &[("receipt", "a.receipt", receipt.as_bytes()), ("file", "a.pdf", pdf)]).await.says("不在信任名单中");
    let listed = browser.json("/api/papers").await;
    assert_eq!(listed["papers"][0]["id"], paper.to_string());
    let stranger = bench.stranger().await;
    for path in [
        format!("/paper/{paper}"),
        format!("/paper/{paper}/file"),
        format!("/paper/{paper}/receipt"),
        format!("/case/{case}"),
        format!("/case/{case}/fee"),
        format!("/api/case/{case}"),
    ] {
        assert_eq!(stranger.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    // An item whose bytes never were here is listed and not given; the attempt is on record.
    assert_eq!(browser.get(&format!("/case/{case}/file/1")).await.status, StatusCode::NOT_FOUND);
    browser.good("/reads").await.says("拒绝");
}

#[test]
fn steps_in_a_case_hand_in_once_and_say_what_is_missing() {
    on_each(async |bench: Bench| {
        let browser = bench.plaintiff().await;
        let (case, paper) = (CaseId::new(), PaperId::new());
        let id = bench.account(&browser).await;
        let view = sample::view(&bench, id, case, paper);
        let theirs = view.evidence[1].item.to_string();
        let theirs = theirs.as_str();
        bench.show(view);
        bench.sent();
        for (page, fields, words) in [
            ("relief", &[("reason", "穷")][..], "请写明交费有困难的原因"),
            ("relief", &[("reason", "低保户，去年重病住院，没有收入")][..], ""),
            ("choices", &[][..], "请至少选择一个环节"),
            ("choices", &[("channel.service", "counter")][..], ""),
            ("answer", &[("text", " ")][..], "请写答辩意见"),
            ("answer", &[("text", "借款属实。")][..], ""),
            ("evidence", &[("purpose", "已经还款")][..], "请选择要提交的证据"),
            ("opinions", &[][..], "请至少对一份证据发表意见"),
            ("opinions", &[("opinion.0.item", theirs), ("opinion.0.authenticity", "accepted")][..], "合法性认可还是不认可"),
            (
                "opinions",
                &[
                    ("opinion.0.item", theirs),
                    ("opinion.0.authenticity", "disputed"),
                    ("opinion.0.legality", "accepted"),
                    ("opinion.0.relevance", "accepted"),
                ][..],
                "请写明理由",
            ),
            (
                "opinions",
                &[
                    ("opinion.0.item", theirs),
                    ("opinion.0.authenticity", "accepted"),
                    ("opinion.0.legality", "accepted"),
                    ("opinion.0.relevance", "accepted"),
                ][..],
                "",
            ),
            ("record", &[("hearing", "1")][..], "勾选签名"),
            ("record", &[("hearing", "1"), ("sign", "yes")][..], "还没有的，先点"),
            ("record", &[("hearing", "1"), ("sign", "yes"), ("sign_code", "12 34"), ("correction", "第二行漏记了利息")][..], "6 位验证码"),
            ("record", &[("hearing", "1"), ("sign", "yes"), ("sign_code", "123 456"), ("correction", "第二行漏记了利息")][..], ""),
            ("appeal", &[("requests", "改判")][..], "请写明上诉的事实和理由"),
            ("appeal", &[("requests", "改判"), ("reasons", "事实不清")][..], ""),
        ] {
            let path = format!("/case/{case}/{page}");
            let key = browser.good(&path).await.hidden("key");
            let all: Vec<(&str, &str)> = [("key", key.as_str())].into_iter().chain(fields.iter().copied()).collect();
            let (first, second) = (browser.post(&path, &all).await, browser.post(&path, &all).await);
            if words.is_empty() {
                assert_eq!(first.location(), second.location(), "{page}: one press, one receipt");
                assert_eq!(bench.sent().len(), 1, "{page}: one message");
                browser.good(&first.location()).await.says("已提交，待法院接收");
            } else {
                assert_eq!(first.status, StatusCode::UNPROCESSABLE_ENTITY, "{page} {fields:?}: {}", main_of(&first.text()));
                first.says(words);
                assert_eq!(bench.sent().len(), 0, "{page}: nothing half done");
            }
        }
        asks_for_a_code(&bench, &browser, case).await;
        handed_in(&bench, &browser, case).await;
        pays(&bench, &browser, case).await;
    });
}

/// R-IDC-02: the code comes from the court; asking for it keeps what was typed and ticked.
async fn asks_for_a_code(bench: &Bench, browser: &Browser, case: CaseId) {
    let path = format!("/case/{case}/record");
    let key = browser.good(&path).await.hidden("key");
    let asked = [("key", key.as_str()), ("hearing", "1"), ("sign", "yes"), ("correction", "第三行"), ("go", "code")];
    let page = browser.post(&path, &asked).await;
    assert_eq!(page.status, StatusCode::OK);
    page.says("法院正在把验证码发到您留给法院的手机");
    page.says("第三行");
    let sent = bench.sent();
    let [exchange::message::ToCourt::Code(wanted)] = &sent[..] else { panic!("{sent:?}") };
    assert_eq!((wanted.case, wanted.step.as_str()), (case, "confirm_record"));
    let text = page.text();
    let (sign, code) = (text.find("签名确认笔录").expect("a button"), text.find(r#"name="go""#).expect("a button"));
    assert!(sign < code, "Enter presses the first button");
    assert!(text.contains("checked"), "the tick stays");
}

/// R-FEE-15: an order at the provider's page, however often the button is pressed, is one payment and one message to the court.
async fn pays(bench: &Bench, browser: &Browser, case: CaseId) {
    let path = format!("/case/{case}/fee");
    browser.good(&path).await.says("不会扣任何钱");
    let shop = browser.post(&path, &[("pay", "yes")]).await.location();
    assert_eq!(shop, browser.post(&path, &[("pay", "yes")]).await.location(), "one order while it waits");
    browser.good(&shop).await.says("模拟支付");
    look(browser, &shop).await;
    let stranger = bench.browser();
    stranger.sign_up("19905550909", "陈志远", "449900198111020035").await;
    assert_eq!(stranger.post(&shop, &[("confirm", "yes")]).await.status, StatusCode::NOT_FOUND);
    let (first, second) = (browser.post(&shop, &[("confirm", "yes")]).await, browser.post(&shop, &[("confirm", "yes")]).await);
    assert_eq!(first.location(), second.location());
    let sent = bench.sent();
    let [exchange::message::ToCourt::Paid(paid)] = &sent[..] else { panic!("{sent:?}") };
    assert!(paid.reference.starts_with("sandbox/"), "the provider's own number: {}", paid.reference);
    browser.good(&first.location()).await.says("交纳案件受理费");
    browser.good(&path).await.says("正在等法院登记");
    let again = browser.post(&path, &[("pay", "yes")]).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    again.says("不用再付");
    // The court did not take it: that is said, and nothing of it stands in the text message.
    let outcome = exchange::message::Outcome::Refused { zh: "本案没有应交的费用。".into(), field: None };
    bench.tell(&exchange::message::ToPortal::Answered { submission: paid.submission, account: paid.account, outcome }, vec![]);
    browser.good(&path).await.says("由工作人员退还");
    let told = browser.json(&format!("/sandbox/phone?phone={}", PLAINTIFF.0)).await;
    let text = told["messages"].as_array().expect("messages").last().expect("a message")["text"].as_str().expect("text").to_owned();
    assert!(text.contains("/receipt/") && !text.contains("周桂兰") && !text.contains("费用") && !text.contains("受理费"), "{text}");
}

/// Evidence with its file: the receipt lists it, the bytes are there for the one who handed it in.
async fn handed_in(bench: &Bench, browser: &Browser, case: CaseId) {
    let path = format!("/case/{case}/evidence");
    let key = browser.good(&path).await.hidden("key");
    let fields = [("key", key.as_str()), ("name", "收款记录"), ("purpose", "只收到 12 万元")];
    let first = browser.upload(&path, &fields, &[("files", "a.png", PICTURE)]).await.location();
    assert_eq!(first, browser.upload(&path, &fields, &[("files", "a.png", PICTURE)]).await.location());
    let text = browser.good(&format!("{first}/file")).await.text();
    assert_eq!(ledger::Receipt::parse(&text).expect("a receipt").content().files[0].name, "收款记录");
    assert_eq!(bench.sent().len(), 1);
    let nameless = browser.upload(&path, &[("key", "another-key-1"), ("name", "x")], &[("files", "a.png", PICTURE)]).await;
    assert_eq!(nameless.status, StatusCode::UNPROCESSABLE_ENTITY);
    nameless.says("请写明这份证据证明什么");
}

/// What the portal handed over to the court as steps.
fn steps(bench: &Bench) -> Vec<serde_json::Value> {
    let sent = bench.sent().into_iter().map(|message| serde_json::to_value(message).expect("JSON")["command"].clone());
    sent.filter(|command| command["step"] != "open_paper").collect()
}

#[test]
fn r_svc_10_paper_on_request_reaches_the_court() {
    on_each(async |bench: Bench| {
        let browser = bench.plaintiff().await;
        let (case, paper, id) = (CaseId::new(), PaperId::new(), bench.account(&browser).await);
        bench.show(sample::view(&bench, id, case, paper));
        let pdf = b"%PDF-1.7 a paper of the court".to_vec();
        bench.serve(sample::paper(&bench, id, case, paper, &pdf), pdf);
        steps(&bench);
        browser.good(&format!("/paper/{paper}")).await.says(&format!("/paper/{paper}/copy"));
        let page = browser.good(&format!("/paper/{paper}/copy")).await;
        let key = page.hidden("key");
        let open = browser.post(&format!("/paper/{paper}/copy"), &[("key", &key)]).await;
        open.says("请选择邮寄还是到法院领取");
        for _ in 0..2 {
            browser.post(&format!("/paper/{paper}/copy"), &[("key", &key), ("how", "post")]).await.location();
        }
        let asked = steps(&bench);
        assert_eq!(asked.len(), 1, "pressed twice, asked once: {asked:?}");
        assert_eq!((asked[0]["step"].as_str(), asked[0]["how"].as_str()), (Some("request_paper_copy"), Some("post")));
        assert_eq!(asked[0]["id"], paper.to_string());
    });
}

#[test]
fn r_fil_12_who_insists_tells_the_court() {
    on_each(async |bench: Bench| {
        let browser = bench.plaintiff().await;
        let (case, id) = (CaseId::new(), bench.account(&browser).await);
        bench.show(sample::view(&bench, id, case, PaperId::new()));
        steps(&bench);
        let key = browser.good(&format!("/case/{case}/insist")).await.hidden("key");
        browser.post(&format!("/case/{case}/insist"), &[("key", &key), ("reason", " ")]).await.says("请写明为什么坚持起诉");
        browser.post(&format!("/case/{case}/insist"), &[("key", &key), ("reason", "住所已经写明。")]).await.location();
        assert_eq!(steps(&bench), [serde_json::json!({"step": "insist_on_filing", "reason": "住所已经写明。"})]);
    });
}

#[test]
fn r_rdg_03_an_item_is_opened_once_the_court_released_it_and_a_posted_paper_has_no_page() {
    on_each(async |bench: Bench| {
        let browser = bench.plaintiff().await;
        let (case, paper, id) = (CaseId::new(), PaperId::new(), bench.account(&browser).await);
        let bytes = b"the opponent's note".to_vec();
        let digest = storage::Digest::of(&bytes).to_string();
        let mut view = sample::view(&bench, id, case, paper);
        (view.items[1].sha256, view.items[1].media) = (digest.clone(), "text/plain".into());
        view.papers[0].state = "邮寄送达，已送达".into();
        bench.show(view.clone());
        let page = browser.good(&format!("/case/{case}")).await;
        page.says("邮寄送达，已送达");
        assert!(!page.text().contains(&format!("/paper/{paper}")), "nothing came into the inbox: no link");
        assert_eq!(browser.get(&format!("/case/{case}/file/2")).await.status, StatusCode::NOT_FOUND, "not released yet");

        let item = exchange::message::ReleasedItem { case, account: id, name: "借条".into(), sha256: digest.clone(), media: "text/plain".into() };
        bench.tell(&exchange::message::ToPortal::Item(Box::new(item)), vec![bytes.clone()]);
        browser.good(&format!("/case/{case}")).await.says(&format!("/case/{case}/file/2"));
        assert_eq!(browser.good(&format!("/case/{case}/file/2")).await.bytes, bytes);
        browser.good("/reads").await.says("借条");
        let stranger = bench.stranger().await;
        assert_eq!(stranger.get(&format!("/case/{case}/file/2")).await.status, StatusCode::NOT_FOUND);

        // A paper that came by post is read as an item, once that is released.
        view.version += 1;
        view.papers[0].sha256 = Some(digest);
        bench.show(view);
        let text = browser.good(&format!("/case/{case}")).await.text();
        assert!(text.matches(&format!("/case/{case}/file/2")).count() >= 2 && !text.contains(&format!("/paper/{paper}")), "{}", main_of(&text));
    });
}

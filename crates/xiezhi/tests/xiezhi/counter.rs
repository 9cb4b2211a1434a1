//! Both zones over the sealed bridge, through both routers: who declines the face step is confirmed at the counter, and what
//! a clerk hands in there is looked into by the worker of the product's own binary.
use crate::house;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use court::staff::{self, NewMember};
use court::{Court, Vault};
use exchange::Keys;
use jiff::Timestamp;
use portal::Portal;
use procedure::{Law, Office, PersonId};
use serde_json::{Value, json};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use storage::{Clock, Db};
use tower::ServiceExt;

const COURT: &str = "粤4001";
const PHONE: &str = "19905550202";
const NAME: &str = "陈志远";
const NUMBER: &str = "449900198111020035";
const TOTP: [u8; 20] = [3; 20];

fn fonts() -> Option<PathBuf> {
    let found = house::fonts_found();
    if found.is_none() {
        eprintln!("SKIPPED: the fonts of the papers are missing (scripts/fonts); the counter was not tested");
    }
    found
}

/// Both zones, each over tables of its own.
struct House {
    court: Court,
    portal: Portal,
    runtime: tokio::runtime::Runtime,
}

impl House {
    fn new(dir: &Path, fonts: &Path) -> Self {
        let (a, b) = (exchange::Secret::generate("court").expect("keys"), exchange::Secret::generate("portal").expect("keys"));
        let (of_court, of_portal) = (Keys { peer: b.public(), own: a.clone() }, Keys { peer: a.public(), own: b });
        let intake = intake::worker::Client { exe: env!("CARGO_BIN_EXE_xiezhi").into(), limits: intake::Limits::default() };
        Self {
            court: court_zone(dir, fonts, of_court, intake.clone()),
            portal: portal_zone(dir, of_portal, intake),
            runtime: tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime"),
        }
    }

    /// Lets envelopes cross until nothing waits.
    fn settle(&self) {
        for _ in 0..50 {
            let done = self.court.work().expect("workers run");
            let there =
                self.court.deliver(&|_, bytes| self.portal.receive_sealed(bytes).map(|taken| taken.at).map_err(|error| error.to_string().into()));
            let back = self.portal.deliver(&|_, bytes| self.court.receive_sealed(bytes).map(drop).map_err(|error| (error.to_string(), true)));
            if done + there.expect("delivered") + back.expect("delivered") == 0 {
                return;
            }
        }
        panic!("the zones never come to rest");
    }

    fn visitor(&self, router: Router) -> Visitor<'_> {
        Visitor { house: self, router, cookies: RefCell::default() }
    }

    /// A fresh code of the clerk; the zone takes each once.
    fn code(&self) -> String {
        let last = self.court.db().read_blocking(|tx| tx.query_one("SELECT last_step FROM staff WHERE login = $1", &["xu".into()]));
        let last = last.and_then(|row| row.int(0)).expect("a clerk");
        storage::secret::totp(&TOTP, storage::secret::totp_step(Clock::real_now()).max(last + 1))
    }
}

fn court_zone(dir: &Path, fonts: &Path, bridge: Keys, intake: intake::worker::Client) -> Court {
    let day: Timestamp = "2026-03-02T02:00:00Z".parse().expect("a time");
    let key = |name: &str| ledger::SigningKey::generate(ledger::Suite::Sm, name, ledger::Purpose::Note).expect("a key");
    std::fs::create_dir_all(dir.join("log")).expect("a directory");
    let log = ledger::Log::create(&dir.join("log"), key("log.test"), &court::stamp(day).expect("a stamp")).expect("a log");
    let db = Db::open(&format!("sqlite:{}", dir.join("court.db").display()), &[court::store::MIGRATIONS]).expect("a store");
    let entered = db.write_blocking(|tx| {
        let id = PersonId(uuid::Uuid::from_u128(1));
        let member =
            NewMember {
                id, login: "xu", name: "许知行", office: Office::FilingClerk, division: "立案庭", password: "石榴花开-2026", totp: &TOTP
            };
        staff::enter(tx, COURT, &member)
    });
    entered.expect("a clerk");
    Court::new(court::Config {
        clock: Clock::demo_from(&db, day).expect("a clock"),
        db,
        law: Law::demo(),
        courts: vec![COURT.into()],
        demo: true,
        bridge,
        vault: Vault::new([7; 32]),
        receipt_key: key("court.test"),
        log: Mutex::new(log),
        papers: documents::Papers::open(fonts).expect("the fonts of the papers"),
        seals: BTreeMap::new(),
        portal_url: "http://127.0.0.1:8080".into(),
        messenger: std::sync::Arc::new(exchange::messenger::Sandbox::default()),
        fee_accounts: BTreeMap::new(),
        intake: Some(intake),
    })
}

fn portal_zone(dir: &Path, bridge: Keys, intake: intake::worker::Client) -> Portal {
    let receipt_key = ledger::SigningKey::generate(ledger::Suite::Sm, "portal.test", ledger::Purpose::Note).expect("a key");
    let db = Db::open(&format!("sqlite:{}", dir.join("portal.db").display()), &[portal::store::MIGRATIONS]).expect("a store");
    let config = portal::Config {
        db,
        clock: Clock::system(),
        law: Law::demo(),
        key: [7; 32],
        bridge,
        receipt_key,
        trust: ledger::Trust::default(),
        courts: vec![COURT.into()],
        messenger: Arc::new(exchange::messenger::Sandbox::default()),
        authority: Arc::new(exchange::identity::Sandbox::new(None)),
        payment: None,
        intake: Some(intake),
        demo: true,
        secure: false,
        court_phone: None,
        public_url: "http://127.0.0.1:8080".into(),
    };
    Portal::new(config).expect("a sound configuration")
}

/// A browser at one of the two routers.
struct Visitor<'a> {
    house: &'a House,
    router: Router,
    cookies: RefCell<BTreeMap<String, String>>,
}

struct Answer {
    status: StatusCode,
    text: String,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }
}

impl Visitor<'_> {
    fn send(&self, request: axum::http::request::Builder, body: Vec<u8>) -> Answer {
        let cookies = self.cookies.borrow().iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ");
        let request = request.header(header::COOKIE, cookies).body(Body::from(body)).expect("a request");
        self.house.runtime.block_on(async {
            let response = self.router.clone().oneshot(request).await.expect("an answer");
            for cookie in response.headers().get_all(header::SET_COOKIE) {
                let (name, rest) = cookie.to_str().expect("text").split_once('=').expect("a cookie");
                self.cookies.borrow_mut().insert(name.to_owned(), rest.split(';').next().expect("a value").to_owned());
            }
            let status = response.status();
            let bytes = to_bytes(response.into_body(), usize::MAX).await.expect("a body").to_vec();
            Answer { status, text: String::from_utf8_lossy(&bytes).into_owned() }
        })
    }

    fn page(&self, path: &str) -> String {
        let answer = self.send(Request::get(path), vec![]);
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
        answer.text
    }

    fn json(&self, path: &str) -> Value {
        self.send(Request::get(path).header(header::ACCEPT, "application/json"), vec![]).json()
    }

    fn post(&self, path: &str, csrf: &str, fields: &[(&str, &str)]) -> Answer {
        let one = |text: &str| text.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
        let all = std::iter::once(("csrf", csrf)).chain(fields.iter().copied());
        let body = all.map(|(name, value)| format!("{}={}", one(name), one(value))).collect::<Vec<_>>().join("&");
        self.send(Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded"), body.into_bytes())
    }

    fn upload(&self, path: &str, csrf: &str, file: (&str, &[u8])) -> Answer {
        let mut body = format!("--xyz\r\ncontent-disposition: form-data; name=\"csrf\"\r\n\r\n{csrf}\r\n").into_bytes();
        body.extend(b"--xyz\r\ncontent-disposition: form-data; name=\"confirmed\"\r\n\r\nyes\r\n");
        body.extend(format!("--xyz\r\ncontent-disposition: form-data; name=\"complaint\"; filename=\"{}\"\r\n\r\n", file.0).as_bytes());
        body.extend(file.1);
        body.extend(b"\r\n--xyz--\r\n");
        self.send(Request::post(path).header(header::CONTENT_TYPE, "multipart/form-data; boundary=xyz"), body)
    }
}

/// The value of a hidden field.
fn hidden(page: &str, name: &str) -> String {
    let rest = page.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap_or_else(|| panic!("no {name}: {page}"));
    rest.split('"').next().expect("a closing mark").to_owned()
}

/// An account that was opened without the face step: it waits for a clerk.
fn sign_up<'a>(house: &'a House) -> (Visitor<'a>, String) {
    let person = house.visitor(house.portal.router());
    let csrf = |person: &Visitor<'_>| person.json("/api/csrf")["csrf"].as_str().expect("a token").to_owned();
    let page = person.post("/register", &csrf(&person), &[("phone", PHONE)]).text;
    let told = person.json(&format!("/sandbox/phone?phone={PHONE}"));
    let code: String = told["messages"][0]["text"].as_str().expect("a text").chars().filter(char::is_ascii_digit).take(6).collect();
    let fields = [("ticket", hidden(&page, "ticket")), ("phone", PHONE.into()), ("code", code), ("password", "correct-horse-8".into())];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(person.post("/register/code", &csrf(&person), &fields).status, StatusCode::SEE_OTHER);
    let registered = person.post("/account", &csrf(&person), &[("name", NAME), ("number", NUMBER)]);
    assert_eq!(registered.status, StatusCode::SEE_OTHER, "{}", registered.text);
    let page = person.page("/account");
    assert!(page.contains("等窗口核对身份证") && page.contains("清河市青石区人民法院，广东省清河市青石区明法路1号"), "{page}");
    let reference = page.split("class=\"figure\">").nth(1).and_then(|rest| rest.split('<').next()).expect("a reference").to_owned();
    (person, reference)
}

fn clerk(house: &House) -> (Visitor<'_>, String) {
    let clerk = house.visitor(workbench::router(house.court.clone(), workbench::Options { secure: false }));
    let body = json!({"login": "xu", "password": "石榴花开-2026", "code": house.code()}).to_string();
    let signed_in = clerk.send(Request::post("/api/login").header(header::CONTENT_TYPE, "application/json"), body.into_bytes());
    let csrf = signed_in.json()["csrf"].as_str().expect("csrf").to_owned();
    (clerk, csrf)
}

#[test]
fn r_idc_06_who_declines_the_face_step_is_confirmed_at_the_counter() {
    let Some(fonts) = fonts() else { return };
    let dir = tempfile::tempdir().expect("a directory");
    let house = House::new(dir.path(), &fonts);
    let (person, reference) = sign_up(&house);
    let (clerk, csrf) = clerk(&house);
    assert!(clerk.page("/counter").contains("/counter/identity"));
    let confirm = |name: &str, number: &str, seen: &str, code: &str| {
        clerk.post("/counter/identity", &csrf, &[("reference", &reference), ("name", name), ("number", number), ("seen", seen), ("code", code)])
    };
    for (answer, field) in [
        (confirm(NAME, NUMBER, "", &house.code()), "seen-err"),
        (confirm(NAME, "449900198111020036", "yes", &house.code()), "number-err"),
        (confirm(NAME, NUMBER, "yes", "000000"), "code-err"),
    ] {
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text);
        assert!(answer.text.contains(field) && answer.text.contains(NAME), "{field}: {}", answer.text);
    }
    // Another card than the account's: nobody is confirmed, and the clerk sees why.
    assert_eq!(confirm("陈志高", NUMBER, "yes", &house.code()).status, StatusCode::SEE_OTHER);
    house.settle();
    assert!(clerk.page("/counter/identity").contains("不符"));
    assert!(person.page("/account").contains("等窗口核对身份证"));
    assert_eq!(confirm(NAME, NUMBER, "yes", &house.code()).status, StatusCode::SEE_OTHER);
    assert!(clerk.page("/counter/identity").contains("正在告知在线平台"));
    house.settle();
    let page = person.page("/account");
    assert!(page.contains("已由清河市青石区人民法院窗口核对（工作人员 许知行）"), "{page}");
    let seen = clerk.json("/counter/identity");
    let last = &seen["checks"][0];
    assert_eq!(
        (last["name"].as_str(), last["clerk"].as_str(), last["verdict"].as_str()),
        (Some(NAME), Some("许知行"), Some("confirmed")),
        "both names"
    );
}

#[test]
fn the_counters_uploads_go_through_the_worker_of_this_binary() {
    let Some(fonts) = fonts() else { return };
    let dir = tempfile::tempdir().expect("a directory");
    let house = House::new(dir.path(), &fonts);
    let (clerk, csrf) = clerk(&house);
    for (file, words) in [(("起诉状.pdf", &b"%PDF-1.4 cut"[..]), "损坏"), (("a.exe", b"MZ\x90\0 a program"), "无法识别这个文件的类型")]
    {
        let refused = clerk.upload("/counter/filing", &csrf, file);
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
        assert!(refused.text.contains(words) && refused.text.contains("complaint-err"), "{}", refused.text);
    }
}

//! A court zone on real tables behind its own router, and a browser that keeps cookies: what every test here begins with.
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use court::staff::{self, NewMember};
use court::{Config, Court, Vault};
use jiff::Timestamp;
use procedure::{Law, Office, PersonId};
use serde_json::{Value, json};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use storage::{Clock, Db};
use tower::ServiceExt;

/// The court of most of the staff, and another that must not see its cases.
pub const COURT: &str = "粤4001";
pub const OTHER: &str = "粤4002";
pub const PASSWORD: &str = "石榴花开-2026";
/// A telephone to which messages go.
pub const PHONE: &str = "13900000001";

/// The fonts of the papers, or a loud word that the test could not run.
pub fn fonts() -> Option<PathBuf> {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../.tools");
    let fonts = std::env::var_os("XIEZHI_TOOLS").map_or_else(|| PathBuf::from(root), PathBuf::from).join("fonts");
    if fonts.join("FandolFang-Regular.otf").exists() {
        return Some(fonts);
    }
    eprintln!("SKIPPED: the fonts of the papers are missing (scripts/fonts); the workbench was not tested");
    None
}

/// Where the tables lie in this run: SQLite, and PostgreSQL where the checks started one.
fn stores(dir: &Path) -> Vec<String> {
    let mut urls = vec![format!("sqlite:{}", dir.join("court.db").display())];
    match std::env::var("XIEZHI_TEST_POSTGRES") {
        Ok(server) => {
            let name = format!("bench_{}", uuid::Uuid::now_v7().simple());
            let mut client = postgres::Client::connect(&server, postgres::NoTls).expect("PostgreSQL answers");
            client.batch_execute(&format!("CREATE DATABASE {name}")).expect("a database of its own");
            let base = server.rsplit_once('/').expect("a URL with a database").0;
            urls.push(format!("{base}/{name}"));
        }
        Err(_) => eprintln!("SKIPPED: XIEZHI_TEST_POSTGRES is not set; the workbench was not tested on PostgreSQL"),
    }
    urls
}

/// Runs a test on both engines, each with a demo court of its own.
pub fn on_both(test: impl Fn(&Bench)) {
    on_both_as(true, test);
}

/// [`on_both`], as a demo or not.
pub fn on_both_as(demo: bool, test: impl Fn(&Bench)) {
    let Some(fonts) = fonts() else { return };
    let dir = tempfile::tempdir().expect("a directory");
    for (n, url) in stores(dir.path()).into_iter().enumerate() {
        let own = dir.path().join(n.to_string());
        std::fs::create_dir_all(&own).expect("a directory");
        test(&Bench::new(&own, &url, &fonts, demo));
    }
}

/// A zone with its router.
pub struct Bench {
    pub court: Court,
    pub router: Router,
    /// What the court zone's messages went to.
    pub carrier: Arc<Carrier>,
    runtime: tokio::runtime::Runtime,
    /// Keys of the portal's side of the bridge.
    keys: exchange::Keys,
}

/// A carrier that takes what it is given, unless it is told to fail.
#[derive(Debug, Default)]
pub struct Carrier {
    pub fails: Mutex<Option<exchange::Error>>,
    pub taken: Mutex<Vec<exchange::messenger::Message>>,
}

impl exchange::messenger::Messenger for Carrier {
    fn name(&self) -> &'static str {
        "试验短信"
    }
    fn takes(&self, _: &exchange::messenger::Address) -> bool {
        true
    }
    fn send(&self, message: &exchange::messenger::Message) -> Result<exchange::messenger::Sent, exchange::Error> {
        if let Some(error) = self.fails.lock().expect("whole").clone() {
            return Err(error);
        }
        let mut taken = self.taken.lock().expect("whole");
        taken.push(message.clone());
        Ok(exchange::messenger::Sent { reference: taken.len().to_string() })
    }
}

/// Where a court that is no demo takes fees.
pub fn fee_account() -> court::FeeAccount {
    court::FeeAccount {
        payee: "清河市青石区人民法院诉讼费专户".into(), bank: "清河农商银行青石支行".into(), number: "8010 2200 4001".into()
    }
}

/// Login, name, office, division, court.
pub const STAFF: [(&str, &str, Office, &str, &str); 6] = [
    ("xu", "许知行", Office::FilingClerk, "立案庭", COURT),
    ("lin", "林若谷", Office::Judge, "民事审判庭", COURT),
    ("he", "何书宁", Office::Clerk, "民事审判庭", COURT),
    ("gu", "顾言", Office::FilingClerk, "立案庭", OTHER),
    ("su", "苏明", Office::Judge, "民事审判庭", OTHER),
    ("wen", "温以恒", Office::SystemAdministrator, "系统管理", COURT),
];

impl Bench {
    pub fn new(dir: &Path, url: &str, fonts: &Path, demo: bool) -> Self {
        let (own, peer) = (exchange::Secret::generate("court").expect("keys"), exchange::Secret::generate("portal").expect("keys"));
        let keys = exchange::Keys { peer: own.public(), own: peer };
        let bridge = exchange::Keys { peer: keys.own.public(), own };
        let day: Timestamp = "2026-03-02T02:00:00Z".parse().expect("a time");
        let store = documents::KeyStore::open_or_create(&dir.join("ca"), day, 10).expect("a sandbox CA");
        let key = |name: &str| ledger::SigningKey::generate(ledger::Suite::Sm, name, ledger::Purpose::Note).expect("a key");
        std::fs::create_dir_all(dir.join("log")).expect("a directory");
        let log = ledger::Log::create(&dir.join("log"), key("log.test"), &court::stamp(day).expect("a stamp")).expect("a log");
        let db = Db::open(url, &[court::store::MIGRATIONS]).expect("a store");
        db.write_blocking(|tx| {
            for (n, (login, name, office, division, court)) in (1..).zip(STAFF) {
                let id = PersonId(uuid::Uuid::from_u128(n));
                let totp = [u8::try_from(n).expect("few"); 20];
                let member = NewMember { id, login, name, office, division, password: PASSWORD, totp: &totp };
                staff::enter(tx, court, &member)?;
            }
            Ok::<_, court::Error>(())
        })
        .expect("staff");
        let clock = if demo { Clock::demo_from(&db, day).expect("a clock") } else { Clock::system() };
        let seals = [COURT, OTHER].map(|code| {
            let signer = store.signer(&code.replace('粤', "yue"), &format!("{code}人民法院"), day, 10).expect("a seal");
            (code.to_owned(), signer)
        });
        let carrier = Arc::<Carrier>::default();
        let court = Court::new(Config {
            db,
            clock,
            law: Law::demo(),
            courts: vec![COURT.into(), OTHER.into()],
            demo,
            bridge,
            vault: Vault::new([7; 32]),
            receipt_key: key("court.test"),
            log: Mutex::new(log),
            papers: documents::Papers::open(fonts).expect("the fonts of the papers"),
            seals: BTreeMap::from(seals),
            portal_url: "http://127.0.0.1:8080".into(),
            messenger: carrier.clone(),
            fee_accounts: [COURT, OTHER].map(|code| (code.to_owned(), fee_account())).into(),
            intake: None,
        });
        let router = workbench::router(court.clone(), workbench::Options { secure: false });
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
        Self { court, router, carrier, runtime, keys }
    }

    /// A fresh code of a member; the zone takes each once.
    pub fn code(&self, login: &str) -> String {
        let n = STAFF.iter().position(|(known, ..)| *known == login).expect("known") + 1;
        let secret = [u8::try_from(n).expect("few"); 20];
        let step = storage::secret::totp_step(Clock::real_now());
        if self.last_step(login) > step {
            // More codes than half minutes went by: the member waited for the next.
            let name = login.to_owned();
            let waited = move |tx: &mut storage::Tx| {
                tx.execute("UPDATE staff SET last_step = $2 WHERE login = $1", &[name.as_str().into(), (step - 1).into()])
            };
            self.court.db().write_blocking(waited).expect("waited");
        }
        storage::secret::totp(&secret, step.max(self.last_step(login) + 1))
    }

    fn last_step(&self, login: &str) -> i64 {
        let (login, court) = (login.to_owned(), self.court.clone());
        let row = court.db().read_blocking(move |tx| tx.query_one("SELECT last_step FROM staff WHERE login = $1", &[login.as_str().into()]));
        row.and_then(|row| row.int(0)).expect("a member")
    }

    /// Sends a request through the router.
    pub fn send(&self, request: Request<Body>) -> Answer {
        self.runtime.block_on(async {
            let response = self.router.clone().oneshot(request).await.expect("infallible");
            let (status, headers) = (response.status(), response.headers().clone());
            let bytes = to_bytes(response.into_body(), usize::MAX).await.expect("a body").to_vec();
            Answer { status, headers, bytes }
        })
    }

    /// Lets the workers run until nothing is left; the portal takes everything.
    pub fn settle(&self) {
        for _ in 0..50 {
            let done = self.court.work().expect("workers run");
            let (court, keys) = (&self.court, &self.keys);
            let across = court.deliver(&|_, bytes| {
                exchange::open(keys, bytes).map_err(|error| error.to_string())?;
                Ok(court.now())
            });
            if done == 0 && across.expect("delivered") == 0 {
                return;
            }
        }
        panic!("the workers never come to rest");
    }

    /// An envelope of the portal, taken twice: the second time nothing happens.
    pub fn tell(&self, message: &exchange::message::ToCourt) {
        let payload = serde_json::to_vec(message).expect("JSON");
        let letter = exchange::Letter { id: uuid::Uuid::now_v7(), created: self.court.now(), kind: "to-court", payload: &payload, files: &[] };
        let bytes = exchange::seal(&self.keys, &letter).expect("sealed");
        assert!(self.court.receive_sealed(&bytes).expect("taken").fresh && !self.court.receive_sealed(&bytes).expect("known").fresh);
    }

    /// What goes to the portal, in order.
    pub fn sent(&self) -> Vec<exchange::message::ToPortal> {
        let got = Mutex::new(vec![]);
        let across = self.court.deliver(&|_, bytes| {
            let opened = exchange::open(&self.keys, bytes).map_err(|error| error.to_string())?;
            got.lock().expect("whole").push(serde_json::from_slice(&opened.payload).map_err(|error| error.to_string())?);
            Ok(self.court.now())
        });
        across.expect("delivered");
        got.into_inner().expect("whole")
    }

    /// What is answered to a sign-in.
    pub fn login(&self, login: &str, password: &str, code: &str) -> Answer {
        self.send(json_request("POST", "/api/login", "", "", &json!({"login": login, "password": password, "code": code})))
    }

    /// A browser without a session.
    pub fn nobody(&self) -> Browser<'_> {
        Browser { bench: self, login: "xu", cookie: String::new(), csrf: RefCell::default() }
    }

    /// Somebody signed in.
    pub fn sign_in(&self, login: &'static str) -> Browser<'_> {
        let mut browser = Browser { login, ..self.nobody() };
        let answer = self.login(login, PASSWORD, &self.code(login));
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        browser.cookie = answer.cookie();
        *browser.csrf.borrow_mut() = answer.json()["csrf"].as_str().expect("csrf").to_owned();
        browser
    }
}

/// What came back.
pub struct Answer {
    pub status: StatusCode,
    pub headers: axum::http::HeaderMap,
    pub bytes: Vec<u8>,
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }
    pub fn location(&self) -> String {
        self.headers.get(header::LOCATION).map(|value| value.to_str().expect("ascii").to_owned()).unwrap_or_default()
    }
    /// The session's cookie as a browser sends it back.
    pub fn cookie(&self) -> String {
        let set = self.headers.get(header::SET_COOKIE).expect("a cookie").to_str().expect("ascii");
        set.split(';').next().expect("a pair").to_owned()
    }
}

pub fn json_request(method: &str, path: &str, cookie: &str, csrf: &str, body: &Value) -> Request<Body> {
    Request::builder()
        .method(method)
        .uri(path)
        .header(header::ACCEPT, "application/json")
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::COOKIE, cookie)
        .header("x-csrf-token", csrf)
        .body(Body::from(body.to_string()))
        .expect("a request")
}

/// A session with its cookie.
pub struct Browser<'a> {
    pub bench: &'a Bench,
    pub login: &'static str,
    pub cookie: String,
    pub csrf: RefCell<String>,
}

impl Browser<'_> {
    pub fn get(&self, path: &str) -> Answer {
        let request = Request::builder().uri(path).header(header::COOKIE, &self.cookie).body(Body::empty()).expect("a request");
        self.bench.send(request)
    }

    pub fn data(&self, path: &str) -> Value {
        let request = Request::builder().uri(path).header(header::COOKIE, &self.cookie).header(header::ACCEPT, "application/json");
        let answer = self.bench.send(request.body(Body::empty()).expect("a request"));
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text());
        answer.json()
    }

    /// A case as the API shows it.
    pub fn case(&self, case: &str) -> Value {
        self.data(&format!("/api/case/{case}"))
    }

    pub fn post_json(&self, path: &str, body: &Value) -> Answer {
        let csrf = self.csrf.borrow().clone();
        self.bench.send(json_request("POST", path, &self.cookie, &csrf, body))
    }

    /// Posts a form with the session's token.
    pub fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let csrf = self.csrf.borrow().clone();
        let mut all = vec![("csrf", csrf.as_str())];
        all.extend(fields);
        self.post_raw(path, &all)
    }

    /// Posts a form of a case with the version that its file has now.
    pub fn submit(&self, case: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
        let version = self.case(case)["version"].to_string();
        let mut all = vec![("version", version.as_str())];
        all.extend(fields);
        self.post(&format!("/case/{case}{path}"), &all)
    }

    /// Posts a form as it is.
    pub fn post_raw(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = fields.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value))).collect::<Vec<_>>().join("&");
        let request = Request::builder()
            .method("POST")
            .uri(path)
            .header(header::COOKIE, &self.cookie)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(body))
            .expect("a request");
        self.bench.send(request)
    }

    /// Posts a form with files: input, name, bytes.
    pub fn upload(&self, path: &str, fields: &[(&str, &str)], files: &[(&str, &str, &[u8])]) -> Answer {
        let csrf = self.csrf.borrow().clone();
        let mut body = vec![];
        for (name, value) in std::iter::once(&("csrf", csrf.as_str())).chain(fields) {
            body.extend_from_slice(format!("--xyz\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").as_bytes());
        }
        for (field, name, bytes) in files {
            let head =
                format!("--xyz\r\ncontent-disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\ncontent-type: application/pdf\r\n\r\n");
            body.extend_from_slice(head.as_bytes());
            body.extend_from_slice(bytes);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(b"--xyz--\r\n");
        let request = Request::builder().method("POST").uri(path).header(header::COOKIE, &self.cookie);
        let request = request.header(header::CONTENT_TYPE, "multipart/form-data; boundary=xyz").body(Body::from(body));
        self.bench.send(request.expect("a request"))
    }

    pub fn act(&self, case: &str, command: Value, expected: Option<u64>, code: &str) -> Answer {
        self.post_json(&format!("/api/case/{case}/act"), &json!({"command": command, "expected": expected, "code": code}))
    }

    /// Takes a step with a fresh code; it must go well.
    pub fn does(&self, case: &str, command: Value) -> Value {
        let answer = self.act(case, command.clone(), None, &self.bench.code(self.login));
        assert_eq!(answer.status, StatusCode::OK, "{command}: {}", answer.text());
        answer.json()
    }

    /// A body with a fresh code: what is entered at the counter stands under the clerk's signature.
    pub fn signed(&self, mut body: Value) -> Value {
        body["code"] = json!(self.bench.code(self.login));
        body
    }

    /// A filing entered at the counter: its case.
    pub fn files(&self, change: &[(&str, &str)]) -> String {
        let answer = self.post_json("/api/counter/filing", &self.signed(filing(change)));
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        text(&answer.json()["case"])
    }

    /// A filing that was entered and accepted, with all that follows from it: its case.
    pub fn accepts(&self) -> String {
        let case = self.files(&[]);
        self.does(&case, accepting());
        self.bench.settle();
        case
    }
}

pub fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

fn encoded(text: &str) -> String {
    text.bytes().map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

/// The fields of a filing at the counter, with some of them changed.
pub fn filing(change: &[(&str, &str)]) -> Value {
    let mut body = json!({
        "plaintiff.name": "周桂兰", "plaintiff.number": "11010519491231002X", "plaintiff.address": "广东省清河市云海区听涛路3号",
        "plaintiff.phone": "13800138000",
        "defendant.name": "陈志远", "defendant.number": "440524188001010014", "defendant.address": "广东省清河市青石区桐荫路88号",
        "cause": "108.3", "claims": "判令被告偿还借款本金150000元。\n判令被告支付利息25500元。", "amount": "175500",
        "facts": "2024年3月15日，原告出借150000元给被告陈志远，至今未还。", "reasons": "被告应当还款。",
        "service": "counter", "confirmed": "yes",
        "files": [
            {"field": "complaint", "name": "民事起诉状.txt", "text": "民事起诉状……"},
            {"field": "identity", "name": "身份证.txt", "text": "居民身份证"},
            {"field": "evidence", "name": "借条.txt", "text": "今借到周桂兰人民币壹拾伍万元整"},
            {"field": "service_address", "name": "送达地址确认书.txt", "text": "确认送达地址"},
        ],
    });
    for (name, value) in change {
        body[*name] = json!(value);
    }
    body
}

/// The findings that a clerk gives when all is well.
pub fn accepting() -> Value {
    let findings: Vec<_> =
        ["materials", "parties", "jurisdiction", "duplicates"].iter().map(|check| json!({"check": check, "holds": true})).collect();
    json!({"step": "accept_filing", "procedure": "simple", "findings": findings})
}

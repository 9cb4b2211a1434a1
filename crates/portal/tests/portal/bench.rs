//! A portal on real tables with a browser without scripts, and the court's side of the bridge played by the test.
pub mod sample;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use exchange::message::{Outcome, Released, ToCourt, ToPortal, View};
use exchange::messenger::{Address, Message, Messenger, Sent};
use exchange::{File, Opened};
use exchange::{identity, payment};
use jiff::Timestamp;
use portal::{Account, Config, Portal};
use procedure::{CaseId, Law, PersonId};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex};
use storage::{Clock, Db};
use tower::ServiceExt;

pub const COURT: &str = "粤4001";
pub const PASSWORD: &str = "correct-horse-8";

/// Under which the portal of these tests keeps what it seals.
pub const KEY: [u8; 32] = [7; 32];

/// Stores of this run: SQLite, and PostgreSQL where the checks started one.
pub fn stores(dir: &Path) -> Vec<String> {
    let mut urls = vec![format!("sqlite:{}", dir.join("portal.db").display())];
    match std::env::var("XIEZHI_TEST_POSTGRES") {
        Ok(server) => {
            let name = format!("portal_{}", uuid::Uuid::now_v7().simple());
            let mut client = postgres::Client::connect(&server, postgres::NoTls).expect("PostgreSQL answers");
            client.batch_execute(&format!("CREATE DATABASE {name}")).expect("a database of its own");
            let base = server.rsplit_once('/').expect("a URL with a database").0;
            urls.push(format!("{base}/{name}"));
        }
        Err(_) => eprintln!("SKIPPED: XIEZHI_TEST_POSTGRES is not set; the portal was not tested on PostgreSQL"),
    }
    urls
}

/// Runs a story on every store with a demo's portal.
pub fn on_each(story: impl AsyncFn(Bench)) {
    on_each_made(|url: &str| Bench::new(url, true), story);
}

/// Runs a story on every store with what is made over it, each in a runtime of its own.
pub fn on_each_made<T>(make: impl Fn(&str) -> T, story: impl AsyncFn(T)) {
    let dir = tempfile::tempdir().expect("a directory");
    for url in stores(dir.path()) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
        let made = make(&url);
        runtime.block_on(story(made));
    }
}

pub struct Bench {
    pub portal: Portal,
    pub router: Router,
    court: exchange::Keys,
}

/// A carrier that remembers what it carried, and takes nothing for some addresses.
#[derive(Debug, Default)]
pub struct Recorder {
    pub carried: Mutex<Vec<Message>>,
    /// Addresses that cannot be reached for now.
    pub away: Mutex<Vec<String>>,
}

impl Messenger for Recorder {
    fn name(&self) -> &'static str {
        "test carrier"
    }

    fn takes(&self, _: &Address) -> bool {
        true
    }

    fn send(&self, message: &Message) -> Result<Sent, exchange::Error> {
        self.carried.lock().expect("whole").push(message.clone());
        let (Address::Phone(to) | Address::Email(to)) = &message.to;
        if self.away.lock().expect("whole").contains(to) {
            return Err(exchange::Error::Unreached { peer: "test carrier".into(), reason: "no answer".into() });
        }
        Ok(Sent { reference: message.id.to_string() })
    }
}

impl Recorder {
    /// Texts carried to an address, oldest first, each try.
    pub fn texts(&self, to: &str) -> Vec<String> {
        self.messages(to).into_iter().map(|message| message.text).collect()
    }

    /// Messages carried to an address, each try.
    pub fn messages(&self, wanted: &str) -> Vec<Message> {
        let all = self.carried.lock().expect("whole");
        all.iter().filter(|message| matches!(&message.to, Address::Phone(to) | Address::Email(to) if to == wanted)).cloned().collect()
    }
}

impl Bench {
    pub fn new(url: &str, demo: bool) -> Self {
        Self::with(url, demo, |_| ())
    }

    /// [`Bench::new`] with another configuration.
    pub fn with(url: &str, demo: bool, change: impl FnOnce(&mut Config)) -> Self {
        let (own, peer) = (exchange::Secret::generate("portal").expect("keys"), exchange::Secret::generate("court").expect("keys"));
        let court = exchange::Keys { peer: own.public(), own: peer };
        let bridge = exchange::Keys { peer: court.own.public(), own };
        let receipt_key = ledger::SigningKey::generate(ledger::Suite::Sm, "portal.test", ledger::Purpose::Note).expect("a key");
        let mut trust = ledger::Trust::default();
        trust.add(ledger::Role::Portal, receipt_key.verifying_key().clone()).expect("trusted");
        let messenger: Arc<dyn Messenger> = if demo { Arc::new(exchange::messenger::Sandbox::default()) } else { Arc::new(Recorder::default()) };
        let authority: Arc<dyn identity::IdentityAuthority> = if demo { Arc::new(identity::Sandbox::new(None)) } else { Arc::new(identity::Counter) };
        let mut config = Config {
            db: Db::open(url, &[portal::store::MIGRATIONS]).expect("a store"),
            clock: Clock::system(),
            law: Law::demo(),
            key: KEY,
            bridge,
            receipt_key,
            trust,
            courts: ["粤4001", "粤4002", "粤4003"].map(str::to_owned).to_vec(),
            messenger,
            authority,
            payment: demo.then(|| Arc::new(payment::Sandbox::new("http://127.0.0.1:8080/sandbox/pay")) as Arc<dyn payment::PaymentProvider>),
            intake: None,
            demo,
            secure: false,
            court_phone: None,
            public_url: "http://127.0.0.1:8080".into(),
        };
        change(&mut config);
        let portal = Portal::new(config).expect("a sound configuration");
        Self { router: portal.router(), portal, court }
    }

    /// Lets both workers of messages run until nothing is due.
    pub fn carry(&self) {
        tokio::task::block_in_place(|| while self.portal.send_message(true).expect("sent") + self.portal.send_message(false).expect("sent") > 0 {});
    }

    pub fn browser(&self) -> Browser {
        Browser { router: self.router.clone(), cookies: RefCell::default() }
    }

    /// The plaintiff, signed in under her real name.
    pub async fn plaintiff(&self) -> Browser {
        let browser = self.browser();
        browser.sign_up(PLAINTIFF.0, PLAINTIFF.1, PLAINTIFF.2).await;
        browser
    }

    /// Somebody else, signed in under his.
    pub async fn stranger(&self) -> Browser {
        let browser = self.browser();
        browser.sign_up(STRANGER.0, STRANGER.1, STRANGER.2).await;
        browser
    }

    /// What the portal sent to the court since the last look.
    pub fn sent(&self) -> Vec<ToCourt> {
        let (got, keys) = (Mutex::new(vec![]), &self.court);
        self.portal
            .deliver(&|_, bytes| {
                let opened = exchange::open(keys, bytes).expect("sealed for the court");
                got.lock().expect("no panic").push(serde_json::from_slice(&opened.payload).expect("a message"));
                Ok(())
            })
            .expect("delivered");
        got.into_inner().expect("no panic")
    }

    /// A message from the court.
    pub fn tell(&self, message: &ToPortal, files: Vec<Vec<u8>>) {
        let opened = Opened {
            id: uuid::Uuid::now_v7(),
            from: "court".into(),
            kind: "to-portal".into(),
            created: Timestamp::now(),
            payload: serde_json::to_vec(message).expect("JSON"),
            files: files.into_iter().map(File::of).collect(),
        };
        tokio::task::block_in_place(|| self.portal.receive(opened)).expect("taken");
    }

    pub fn answer(&self, submission: uuid::Uuid, account: PersonId, case: CaseId) {
        self.tell(&ToPortal::Answered { submission, account, outcome: Outcome::Done { case, version: 1 } }, vec![]);
    }

    /// The account whose session a browser holds.
    pub async fn session(&self, browser: &Browser) -> Account {
        self.portal.session(&browser.session()).await.expect("a store").expect("a session")
    }

    /// Whose session a browser holds.
    pub async fn account(&self, browser: &Browser) -> PersonId {
        self.session(browser).await.id
    }

    pub fn show(&self, view: View) {
        self.tell(&ToPortal::View(Box::new(view)), vec![]);
    }

    pub fn serve(&self, paper: Released, bytes: Vec<u8>) {
        self.tell(&ToPortal::Paper(Box::new(paper)), vec![bytes]);
    }
}

/// An answer as it came.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub bytes: Vec<u8>,
    pub path: String,
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.bytes).unwrap_or_else(|_| panic!("JSON at {}: {} {}", self.path, self.status, self.text()))
    }

    pub fn location(&self) -> String {
        let status = self.status;
        let to = self.headers.get(header::LOCATION).and_then(|value| value.to_str().ok());
        to.unwrap_or_else(|| panic!("a redirect from {}, not {status}: {}", self.path, main_of(&self.text()))).to_owned()
    }

    /// The value of a hidden field.
    pub fn hidden(&self, name: &str) -> String {
        let text = self.text();
        let at = text.find(&format!("name=\"{name}\" value=\"")).unwrap_or_else(|| panic!("no field {name} at {}: {}", self.path, main_of(&text)));
        let rest = &text[at + name.len() + 15..];
        rest[..rest.find('"').expect("a closing mark")].replace("&quot;", "\"").replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">")
    }

    pub fn says(&self, words: &str) {
        assert!(self.text().contains(words), "{} does not say {words}: {}", self.path, main_of(&self.text()));
    }
}

/// The content of a page, for messages.
pub fn main_of(text: &str) -> String {
    text.split_once("<main").map_or(text, |(_, main)| main).split_once("</main>").map_or(text, |(main, _)| main).chars().take(3000).collect()
}

pub struct Browser {
    router: Router,
    cookies: RefCell<BTreeMap<String, String>>,
}

impl Browser {
    pub async fn send(&self, request: Request<Body>) -> Answer {
        let path = request.uri().to_string();
        let (mut parts, body) = request.into_parts();
        let cookies = self.cookies.borrow().iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ");
        if !cookies.is_empty() {
            parts.headers.insert(header::COOKIE, cookies.parse().expect("a cookie"));
        }
        let response = self.router.clone().oneshot(Request::from_parts(parts, body)).await.expect("an answer");
        let (parts, body) = response.into_parts();
        for cookie in parts.headers.get_all(header::SET_COOKIE) {
            let cookie = cookie.to_str().expect("text");
            assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
            let (name, rest) = cookie.split_once('=').expect("a cookie");
            self.cookies.borrow_mut().insert(name.to_owned(), rest.split(';').next().expect("a value").to_owned());
        }
        let bytes = to_bytes(body, usize::MAX).await.expect("a body").to_vec();
        Answer { status: parts.status, headers: parts.headers, bytes, path }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).expect("a request")).await
    }

    pub async fn good(&self, path: &str) -> Answer {
        let answer = self.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", main_of(&answer.text()));
        answer
    }

    pub async fn json(&self, path: &str) -> serde_json::Value {
        let request = Request::get(path).header(header::ACCEPT, "application/json").body(Body::empty()).expect("a request");
        self.send(request).await.json()
    }

    /// A form as it is, without a token.
    pub async fn bare(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let request = Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded").body(Body::from(encoded(fields)));
        self.send(request.expect("a request")).await
    }

    pub async fn csrf(&self) -> String {
        self.json("/api/csrf").await["csrf"].as_str().expect("a token").to_owned()
    }

    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let token = self.csrf().await;
        let mut all = vec![("csrf", token.as_str())];
        all.extend_from_slice(fields);
        self.bare(path, &all).await
    }

    pub async fn upload(&self, path: &str, fields: &[(&str, &str)], files: &[(&str, &str, &[u8])]) -> Answer {
        let token = self.csrf().await;
        let mut body = vec![];
        for (name, value) in std::iter::once(&("csrf", token.as_str())).chain(fields) {
            body.extend_from_slice(format!("--xyz\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").as_bytes());
        }
        for (field, name, bytes) in files {
            body.extend_from_slice(
                format!(
                    "--xyz\r\ncontent-disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\ncontent-type: application/octet-stream\r\n\r\n"
                )
                .as_bytes(),
            );
            body.extend_from_slice(bytes);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(b"--xyz--\r\n");
        let request = Request::post(path).header(header::CONTENT_TYPE, "multipart/form-data; boundary=xyz").body(Body::from(body));
        self.send(request.expect("a request")).await
    }

    pub async fn method(&self, method: Method, path: &str) -> Answer {
        self.send(Request::builder().method(method).uri(path).body(Body::empty()).expect("a request")).await
    }

    /// The session's token.
    pub fn session(&self) -> String {
        self.cookies.borrow().get("session").expect("a session").clone()
    }

    pub fn forget_session(&self) {
        self.cookies.borrow_mut().insert("session".into(), "0".repeat(64));
    }

    async fn code(&self, phone: &str) -> String {
        let found = self.json(&format!("/sandbox/phone?phone={phone}")).await;
        let newest = found["messages"].as_array().and_then(|list| list.last()).expect("a message")["text"].as_str().expect("text").to_owned();
        newest.chars().skip_while(|c| !c.is_ascii_digit()).take(6).collect()
    }

    /// Opens an account under the real name.
    pub async fn sign_up(&self, phone: &str, name: &str, number: &str) {
        self.open_account(phone).await;
        assert_eq!(self.post("/account", &[("name", name), ("number", number), ("face", "yes")]).await.location(), "/account");
        self.good("/account").await.says("已实名认证");
    }

    /// Opens an account and signs in; nobody has a name yet.
    pub async fn open_account(&self, phone: &str) {
        let page = self.post("/register", &[("phone", phone)]).await;
        assert_eq!(page.status, StatusCode::OK, "{}", main_of(&page.text()));
        let code = self.code(phone).await;
        let fields = [("ticket", page.hidden("ticket")), ("phone", phone.into()), ("code", code), ("password", PASSWORD.into())];
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        assert_eq!(self.post("/register/code", &fields).await.location(), "/account");
    }

    /// Signs in on another device.
    pub async fn sign_in(&self, phone: &str, more: &[(&str, &str)]) -> Answer {
        let mut fields = vec![("phone", phone), ("password", PASSWORD)];
        fields.extend_from_slice(more);
        let page = self.post("/login", &fields).await;
        assert_eq!(page.status, StatusCode::OK, "{}", main_of(&page.text()));
        let code = self.code(phone).await;
        let (ticket, next) = (page.hidden("ticket"), page.hidden("next"));
        let mut fields = vec![("ticket", ticket.as_str()), ("phone", phone), ("code", code.as_str()), ("next", next.as_str())];
        let kept = more.iter().any(|(name, _)| *name == "kept").then(|| page.hidden("kept"));
        fields.extend(kept.iter().map(|kept| ("kept", kept.as_str())));
        self.post("/login/code", &fields).await
    }

    /// Begins a filing for oneself (`self`) or as an agent; the draft's id.
    pub async fn begin(&self, filer: &str) -> String {
        self.post("/file", &[("cause", "108.3"), ("as", filer)]).await.location().split('/').nth(2).expect("an id").to_owned()
    }

    /// Signs a draft that is filled in, and hands it in.
    pub async fn submit(&self, draft: &str, more: &[(&str, &str)]) -> Answer {
        let version = self.good(&format!("/file/{draft}/review")).await.hidden("version");
        let signed = [("version", version.as_str()), ("truth", "yes"), ("sign", "yes")];
        self.post(&format!("/file/{draft}/submit"), &[&signed, more].concat()).await
    }
}

fn encoded(fields: &[(&str, &str)]) -> String {
    let one = |text: &str| {
        text.bytes().map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect::<String>()
    };
    fields.iter().map(|(name, value)| format!("{}={}", one(name), one(value))).collect::<Vec<_>>().join("&")
}

/// The plaintiff of the stories.
pub const PLAINTIFF: (&str, &str, &str) = ("19905550101", "周桂兰", "449900195504090022");
/// Somebody else.
pub const STRANGER: (&str, &str, &str) = ("19905550202", "陈志远", "449900198111020035");

/// A picture that intake takes: two grey pixels as PNG.
pub const PICTURE: &[u8] = &[
    0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x48, 0x44, 0x52, 0x00, 0x00, 0x00, 0x02, 0x00, 0x00, 0x00, 0x01,
    0x08, 0x00, 0x00, 0x00, 0x00, 0xd1, 0x49, 0x20, 0x56, 0x00, 0x00, 0x00, 0x0b, 0x49, 0x44, 0x41, 0x54, 0x78, 0x9c, 0x63, 0x68, 0x68, 0x00, 0x00,
    0x01, 0x83, 0x01, 0x01, 0x18, 0x35, 0x22, 0x15, 0x00, 0x00, 0x00, 0x00, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82,
];

/// Page by page what the plaintiff answers.
pub const ANSWERS: &[(&str, &[(&str, &str)])] = &[
    ("court", &[("court", "later")]),
    (
        "plaintiff",
        &[
            ("plaintiffs.0.kind", "person"),
            ("plaintiffs.0.name", "周桂兰"),
            ("plaintiffs.0.id_number", "449900195504090022"),
            ("plaintiffs.0.ethnicity", "汉族"),
            ("plaintiffs.0.domicile", "广东省清河市青石区云溪路6号3栋502"),
            ("plaintiffs.0.phone", "19905550101"),
        ],
    ),
    (
        "defendant",
        &[("defendants.0.kind", "person"), ("defendants.0.name", "陈志远"), ("defendants.0.domicile", "广东省清河市青石区榆海街道青石路18号")],
    ),
    ("loan_form", &[("loan_form", "note")]),
    ("loan_amount", &[("principal", "150000"), ("paper_differs", "same")]),
    ("loan_dates", &[("loan_date", "2024-03-15"), ("due", "fixed"), ("due_date", "2025-03-14")]),
    ("loan_interest", &[("interest", "none"), ("overdue_agreed", "none")]),
    ("guarantee", &[("guarantee", "none")]),
    ("delivery", &[("delivery", "bank"), ("delivery", "cash"), ("delivery_bank", "120000"), ("delivery_cash", "30000")]),
    ("delivered", &[("delivered_on", "2024-03-15")]),
    ("repaid", &[("repaid", "no")]),
    ("demand", &[("demanded", "no")]),
    ("claims", &[("claims", "principal")]),
];

/// The page of ways and addresses.
pub const CHANNELS: &[(&str, &str)] =
    &[("channel.service", "online"), ("channel.evidence_exchange", "online"), ("address", "广东省清河市青石区云溪路6号3栋502"), ("consent", "yes")];

/// Fills in a whole filing and stands before its review; the draft's id.
pub async fn fill(browser: &Browser) -> String {
    let draft = browser.begin("self").await;
    for (page, fields) in ANSWERS {
        let path = format!("/file/{draft}/{page}");
        browser.good(&path).await;
        let next = browser.post(&path, fields).await;
        assert_eq!(next.status, StatusCode::SEE_OTHER, "{page}: {}", main_of(&next.text()));
    }
    for (kind, name, bytes) in [("identity", "身份证.png", PICTURE.to_vec()), ("evidence", "借条.png", another_picture())] {
        let sent = browser.upload(&format!("/file/{draft}/evidence"), &[("kind", kind), ("go", "stay")], &[("files", name, &bytes)]).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{name}: {}", main_of(&sent.text()));
    }
    let sent = browser.upload(&format!("/file/{draft}/evidence"), &[("kind", "evidence"), ("go", "next")], &[]).await;
    assert_eq!(sent.location(), format!("/file/{draft}/channels"));
    assert_eq!(browser.post(&format!("/file/{draft}/channels"), CHANNELS).await.location(), format!("/file/{draft}/review"));
    // The proposals are complete now: the plaintiff's own court comes with its reason.
    browser.good(&format!("/file/{draft}/court")).await.says("建议：");
    browser.post(&format!("/file/{draft}/court"), &[("court", COURT)]).await.location();
    draft
}

/// The same picture in another file.
pub fn another_picture() -> Vec<u8> {
    numbered_picture(0)
}

/// The same picture in as many files as are wanted.
pub fn numbered_picture(n: u8) -> Vec<u8> {
    let mut bytes = PICTURE.to_vec();
    // A text chunk in front of the last one.
    let chunk = png_chunk(b"tEXt", &[b'a', 0, b'b', b'0' + n / 10, b'0' + n % 10]);
    let end = bytes.len() - 12;
    bytes.splice(end..end, chunk);
    bytes
}

fn png_chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let mut chunk = u32::try_from(data.len()).expect("short").to_be_bytes().to_vec();
    chunk.extend_from_slice(kind);
    chunk.extend_from_slice(data);
    let crc = crc32(&chunk[4..]);
    chunk.extend_from_slice(&crc.to_be_bytes());
    chunk
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes
        .iter()
        .fold(u32::MAX, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 }))
}

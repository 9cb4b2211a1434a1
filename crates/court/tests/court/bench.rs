//! A court with its people on real tables and a case of two parties; the portal's side of the bridge is played by the test.
mod bridge;
mod case;

pub use case::{TEXTS, card, material, opinion, to_be_corrected};

use court::staff::{self, Member, NewMember};
use court::{Config, Court, Vault};
use exchange::message::ToPortal;
use exchange::{File, Keys, Secret};
use jiff::Timestamp;
use jiff::civil::{Date, date};
use procedure::case::Actor;
use procedure::{CaseId, Law, Office, PersonId};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use storage::{Clock, Db};
use tempfile::TempDir;
use uuid::Uuid;

pub const COURT: &str = "粤4001";

/// Login, name and office.
type Person = (&'static str, &'static str, Office);

/// Who takes filings in; he is in every court.
pub const XU: Person = ("xu", "许知行", Office::FilingClerk);

/// The court that a test wants.
#[derive(Clone, Copy)]
pub struct Setting {
    pub division: &'static str,
    /// The filing clerk first.
    pub people: &'static [Person],
    pub clock: fn(&Db) -> Clock,
}

/// The filing clerk alone, and a clock that begins at ten in the morning of 2 March 2026 and may be moved forward.
pub const REGISTRY: Setting = Setting { division: "立案庭", people: &[XU], clock: |db| Clock::demo_from(db, at(START)).expect("a clock") };

/// With those who hear cases.
pub const CHAMBER: Setting = Setting {
    division: "民事审判一庭",
    people: &[
        XU,
        ("lin", "林正言", Office::Judge),
        ("fang", "方明理", Office::Judge),
        ("shen", "沈秉文", Office::Judge),
        ("tang", "唐书宁", Office::Clerk),
        ("qiu", "邱若谷", Office::Clerk),
        ("pei", "裴鸿渐", Office::President),
    ],
    ..REGISTRY
};

const START: Date = date(2026, 3, 2);

/// Ten in the morning.
fn at(day: Date) -> Timestamp {
    jiff::tz::Offset::constant(8).to_timestamp(day.at(10, 0, 0, 0)).expect("a day of the calendar")
}

/// The fonts of the papers, or a loud word that the test could not run.
fn fonts() -> Option<PathBuf> {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../.tools");
    let fonts = std::env::var_os("XIEZHI_TOOLS").map_or_else(|| PathBuf::from(root), PathBuf::from).join("fonts");
    if fonts.join("FandolFang-Regular.otf").exists() {
        return Some(fonts);
    }
    eprintln!("SKIPPED: the fonts of the papers are missing (scripts/fonts); the court was not tested");
    None
}

/// A store of its own, and a directory for what lies beside it.
pub struct Place {
    pub url: String,
    dir: TempDir,
}

impl Place {
    fn sqlite() -> Self {
        let dir = tempfile::tempdir().expect("a directory");
        Self { url: format!("sqlite:{}", dir.path().join("court.db").display()), dir }
    }

    /// None where the checks started no PostgreSQL.
    fn postgres() -> Option<Self> {
        let Ok(server) = std::env::var("XIEZHI_TEST_POSTGRES") else {
            eprintln!("SKIPPED: XIEZHI_TEST_POSTGRES is not set; the court was not tested on PostgreSQL");
            return None;
        };
        let name = format!("court_{}", Uuid::now_v7().simple());
        let mut client = postgres::Client::connect(&server, postgres::NoTls).expect("PostgreSQL answers");
        client.batch_execute(&format!("CREATE DATABASE {name}")).expect("a database of its own");
        let base = server.rsplit_once('/').expect("a URL with a database").0;
        Some(Self { url: format!("{base}/{name}"), dir: tempfile::tempdir().expect("a directory") })
    }

    /// SQLite, and PostgreSQL where the checks started one.
    pub fn each() -> impl Iterator<Item = Self> {
        std::iter::once(Self::sqlite()).chain(Self::postgres())
    }
}

/// A message to the portal, with its files.
type Came = (ToPortal, Vec<File>);

/// A court on a store of its own, with a case of two parties.
pub struct Bench {
    pub court: Court,
    /// Both of the portal: its keys of the bridge, and what signs its receipts.
    keys: Keys,
    portal_key: ledger::SigningKey,
    /// Whose signatures hold.
    pub trust: ledger::Trust,
    /// In the order of [`Setting::people`].
    pub people: Vec<Member>,
    pub filing_clerk: Actor,
    pub case: CaseId,
    pub plaintiff: PersonId,
    pub defendant: PersonId,
    /// All that came over the bridge.
    pub got: RefCell<Vec<Came>>,
    pub dir: TempDir,
}

/// A bench on each engine, one after the other; none where the fonts are missing.
pub fn on_each(setting: Setting) -> impl Iterator<Item = Bench> {
    fonts().into_iter().flat_map(move |fonts| Place::each().map(move |place| Bench::open(setting, place, &fonts)))
}

/// A bench on SQLite alone; none where the fonts are missing.
pub fn on_sqlite(setting: Setting) -> Option<Bench> {
    fonts().map(|fonts| Bench::open(setting, Place::sqlite(), &fonts))
}

impl Bench {
    fn open(setting: Setting, place: Place, fonts: &Path) -> Self {
        let (own, peer) = (Secret::generate("court").expect("keys"), Secret::generate("portal").expect("keys"));
        let keys = Keys { peer: own.public(), own: peer };
        let bridge = Keys { peer: keys.own.public(), own };
        let (dir, start) = (place.dir.path(), at(START));
        let certificates = documents::KeyStore::open_or_create(&dir.join("ca"), start, 10).expect("a sandbox CA");
        let signer = certificates.signer("yue4001", "广东省清河市青石区人民法院", start, 10).expect("a seal");
        let key = |name: &str| ledger::SigningKey::generate(ledger::Suite::Sm, name, ledger::Purpose::Note).expect("a key");
        let (receipt_key, log_key, portal_key) = (key("court.test"), key("log.test"), key("portal.test"));
        let mut trust = ledger::Trust::default();
        for (role, key) in [(ledger::Role::Court, &receipt_key), (ledger::Role::Log, &log_key), (ledger::Role::Portal, &portal_key)] {
            trust.add(role, key.verifying_key().clone()).expect("trusted");
        }
        std::fs::create_dir_all(dir.join("log")).expect("a directory");
        let log = ledger::Log::create(&dir.join("log"), log_key, &court::stamp(start).expect("a stamp")).expect("a log");
        let db = Db::open(&place.url, &[court::store::MIGRATIONS]).expect("a store");
        let clock = (setting.clock)(&db);
        let people = enter(&db, setting);
        let court = Court::new(Config {
            db,
            clock,
            law: Law::demo(),
            courts: vec![COURT.into()],
            demo: true,
            bridge,
            vault: Vault::new([7; 32]),
            receipt_key,
            log: Mutex::new(log),
            papers: documents::Papers::open(fonts).expect("the fonts of the papers"),
            seals: BTreeMap::from([(COURT.to_owned(), signer)]),
            portal_url: "http://127.0.0.1:8080".into(),
            messenger: Arc::new(exchange::messenger::Sandbox::default()),
            fee_accounts: BTreeMap::new(),
            intake: None,
        });
        Self {
            court,
            keys,
            portal_key,
            trust,
            filing_clerk: people[0].actor(),
            people,
            case: CaseId::new(),
            plaintiff: PersonId::new(),
            defendant: PersonId::new(),
            got: RefCell::default(),
            dir: place.dir,
        }
    }

    pub fn forward(&self, day: Date) {
        self.court.clock().advance_blocking(at(day), "test").expect("forward");
    }

    /// Goes forward, and looks which clocks ran out.
    pub fn tick(&self, day: Date) {
        self.forward(day);
        self.court.tick().expect("looked");
    }
}

/// Enters the people of a court.
fn enter(db: &Db, Setting { division, people, .. }: Setting) -> Vec<Member> {
    let member = |(_, name, office): &Person| Member {
        court: COURT.into(),
        id: PersonId::new(),
        name: (*name).into(),
        office: *office,
        division: division.into(),
    };
    let members: Vec<_> = people.iter().map(member).collect();
    let entered = members.clone();
    db.write_blocking(move |tx| {
        people.iter().zip(&entered).try_for_each(|((login, name, office), Member { id, .. })| {
            let new = NewMember { id: *id, login, name, office: *office, division, password: "p", totp: &[1; 20] };
            staff::enter(tx, COURT, &new)
        })
    })
    .expect("people");
    members
}

/// The store answers from a thread of its own: no runtime is needed to wait for it.
pub fn wait<T>(answer: impl Future<Output = T>) -> T {
    let (mut answer, mut context) = (std::pin::pin!(answer), Context::from_waker(Waker::noop()));
    loop {
        if let Poll::Ready(value) = answer.as_mut().poll(&mut context) {
            return value;
        }
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
}

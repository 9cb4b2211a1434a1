//! A court with its people on real tables, and a case of two parties; the portal's side of the bridge is played by the test.
#![allow(dead_code, unused_imports, reason = "each test uses its share")]
use court::staff::{self, NewMember};
use court::store::persons::{self, Link};
use court::{Act, Config, Court, Error, Vault};
use exchange::message::{Card, ToPortal, View};
use exchange::{Keys, Secret};
use jiff::civil::{Date, date, time};
use jiff::{Span, Timestamp};
use procedure::case::{Actor, Channel, Check, Material, MaterialKind, Method, Party, PaymentMethod, Procedure, Scope, ServiceState, Side, Statement};
use procedure::step::accept_filing::Finding;
use procedure::step::comment_on_evidence::ItemOpinion;
use procedure::step::*;
use procedure::trial::{Attendance, FeeShare, JudgmentText, Presence, Stand, TribunalForm};
use procedure::{CaseId, Command, Event, Fen, ItemId, Law, Office, Paper, PersonId, Refusal, Stage};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use storage::{Clock, Db};

pub const COURT: &str = "粤4001";

pub fn fonts() -> Option<PathBuf> {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../.tools");
    let fonts = std::env::var_os("XIEZHI_TOOLS").map_or_else(|| PathBuf::from(root), PathBuf::from).join("fonts");
    if fonts.join("FandolFang-Regular.otf").exists() {
        return Some(fonts);
    }
    eprintln!("SKIPPED: the fonts of the papers are missing (scripts/fonts); the way of a trial was not tested");
    None
}

/// SQLite, and PostgreSQL where the checks started one.
pub fn stores(dir: &Path) -> Vec<String> {
    let mut urls = vec![format!("sqlite:{}", dir.join("court.db").display())];
    match std::env::var("XIEZHI_TEST_POSTGRES") {
        Ok(server) => {
            let name = format!("trial_{}", uuid::Uuid::now_v7().simple());
            let mut client = postgres::Client::connect(&server, postgres::NoTls).expect("PostgreSQL answers");
            client.batch_execute(&format!("CREATE DATABASE {name}")).expect("a database of its own");
            urls.push(format!("{}/{name}", server.rsplit_once('/').expect("a URL with a database").0));
        }
        Err(_) => eprintln!("SKIPPED: XIEZHI_TEST_POSTGRES is not set; the trial was not tested on PostgreSQL"),
    }
    urls
}

/// A court with its people, and a case of two parties.
pub struct Bench {
    pub court: Court,
    pub keys: Keys,
    pub filing_clerk: Actor,
    pub case: CaseId,
    pub plaintiff: PersonId,
    pub defendant: PersonId,
    pub got: RefCell<Vec<ToPortal>>,
}

pub fn set_up(dir: &Path, url: &str, fonts: &Path) -> Bench {
    let (own, peer) = (Secret::generate("court").expect("keys"), Secret::generate("portal").expect("keys"));
    let keys = Keys { peer: own.public(), own: peer };
    let bridge = Keys { peer: keys.own.public(), own };
    let db = Db::open(url, &[court::store::MIGRATIONS]).expect("a store");
    let clock = Clock::demo_from(&db, at(date(2026, 3, 2))).expect("a clock");
    let day = clock.now();
    let certificates = documents::KeyStore::open_or_create(&dir.join("ca"), day, 10).expect("a sandbox CA");
    let signer = certificates.signer("yue4001", "广东省清河市青石区人民法院", day, 10).expect("a seal");
    let key = |name: &str| ledger::SigningKey::generate(ledger::Suite::Sm, name, ledger::Purpose::Note).expect("a key");
    std::fs::create_dir_all(dir.join("log")).expect("a directory");
    let log = ledger::Log::create(&dir.join("log"), key("log.test"), &court::stamp(day).expect("a stamp")).expect("a log");
    let members = [
        ("xu", "许知行", Office::FilingClerk),
        ("lin", "林正言", Office::Judge),
        ("fang", "方明理", Office::Judge),
        ("shen", "沈秉文", Office::Judge),
        ("tang", "唐书宁", Office::Clerk),
        ("qiu", "邱若谷", Office::Clerk),
    ]
    .map(|(login, name, office)| (PersonId::new(), login, name, office));
    db.write_blocking(move |tx| {
        for (id, login, name, office) in members {
            let member = NewMember { id, login, name, office, division: "民事审判一庭", password: "p", totp: &[1; 20] };
            staff::enter(tx, COURT, &member)?;
        }
        Ok::<_, Error>(())
    })
    .expect("people");
    let court = Court::new(Config {
        db,
        clock,
        law: Law::demo(),
        courts: vec![COURT.into()],
        demo: true,
        bridge,
        vault: Vault::new([7; 32]),
        receipt_key: key("court.test"),
        log: Mutex::new(log),
        papers: documents::Papers::open(fonts).expect("the fonts of the papers"),
        seals: BTreeMap::from([(COURT.to_owned(), signer)]),
        portal_url: "http://127.0.0.1:8080".into(),
        messenger: std::sync::Arc::new(exchange::messenger::Sandbox::default()),
        fee_accounts: BTreeMap::new(),
        intake: None,
    });
    Bench {
        court,
        keys,
        filing_clerk: Actor::staff(members[0].0, Office::FilingClerk, COURT),
        case: CaseId::new(),
        plaintiff: PersonId::new(),
        defendant: PersonId::new(),
        got: RefCell::default(),
    }
}

/// Ten in the morning.
pub fn at(day: Date) -> Timestamp {
    jiff::tz::Offset::constant(8).to_timestamp(day.at(10, 0, 0, 0)).expect("a day of the calendar")
}

pub fn digest(bytes: &[u8]) -> String {
    storage::Digest::of(bytes).to_string()
}

pub fn material(kind: MaterialKind, name: &str, bytes: &[u8]) -> Material {
    Material {
        id: ItemId::new(),
        kind,
        name: name.into(),
        pages: 1,
        bytes: bytes.len() as u64,
        sha256: digest(bytes),
        media: "text/plain".into(),
        purpose: (kind == MaterialKind::Evidence).then(|| "证明借款事实".into()),
    }
}

impl Bench {
    pub fn forward(&self, day: Date) {
        self.court.clock().advance_blocking(at(day), "test").expect("forward");
    }

    pub fn try_with(&self, by: &Actor, command: Command, cards: Vec<Card>, files: &[&[u8]]) -> Result<Vec<Event>, Error> {
        let files = files.iter().map(|bytes| (digest(bytes), bytes.to_vec())).collect();
        let (by, at) = (by.clone(), self.court.now());
        self.court.act_blocking(Act { court: COURT.into(), case: self.case, by, command, expected: None, at, cards, files }).map(|acted| acted.events)
    }

    pub fn act(&self, by: &Actor, command: Command) -> Vec<Event> {
        let name = command.step().name;
        self.try_with(by, command, vec![], &[]).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    pub fn refused(&self, by: &Actor, command: Command) -> Refusal {
        match self.try_with(by, command, vec![], &[]) {
            Err(Error::Refused(refusal)) => refusal,
            Err(error) => panic!("{error}"),
            Ok(events) => panic!("done: {events:?}"),
        }
    }

    /// Lets the workers run until nothing is left; the portal's clock is the court's.
    pub fn settle(&self) {
        self.settle_behind(Span::new());
    }

    /// As [`Bench::settle`], with a portal whose clock is behind the court's.
    pub fn settle_behind(&self, behind: Span) {
        for _ in 0..80 {
            let done = self.court.work().expect("workers run");
            let across = self.deliver(behind);
            if done == 0 && across == 0 {
                return;
            }
        }
        panic!("the workers never come to rest");
    }

    /// One round over the bridge; how many envelopes got across.
    pub fn deliver(&self, behind: Span) -> usize {
        let (came, court, keys) = (Mutex::new(vec![]), &self.court, &self.keys);
        let across = court
            .deliver(&|_, bytes| {
                let opened = exchange::open(keys, bytes).map_err(|error| error.to_string())?;
                came.lock().expect("no panic").push(serde_json::from_slice(&opened.payload).map_err(|error| error.to_string())?);
                Ok(court.now().checked_sub(behind).expect("a time"))
            })
            .expect("delivered");
        self.got.borrow_mut().extend(came.into_inner().expect("no panic"));
        across
    }

    /// Numbers of all receipts that came back complete from the ledger.
    pub fn logged(&self) -> Vec<String> {
        let got = self.got.borrow();
        let receipts = got.iter().filter_map(|message| match message {
            ToPortal::Receipts { receipts } => Some(receipts.iter().map(|(no, _)| no.clone())),
            ToPortal::Answered { .. }
            | ToPortal::View(_)
            | ToPortal::Left { .. }
            | ToPortal::Paper(_)
            | ToPortal::Item(_)
            | ToPortal::CardSeen(_)
            | ToPortal::Clock { .. } => None,
        });
        receipts.flatten().collect()
    }

    pub fn case(&self) -> procedure::Case {
        let id = self.case;
        self.court.db().read_blocking(move |tx| court::store::case(tx, COURT, id)).expect("a case")
    }

    pub fn view(&self, party: PersonId) -> View {
        let (zone, id) = (self.court.clone(), self.case);
        self.court.db().read_blocking(move |tx| court::view(tx, &zone, COURT, id, party, party)).expect("a view")
    }

    pub fn officer(&self, office: Office) -> Actor {
        Actor::staff(self.case().officer(office).expect("assigned").0, office, COURT)
    }

    /// Everything sealed that waits for the post goes out and arrives on a day.
    pub fn post(&self, to: PersonId, sent: Date, arrived: Date) {
        let papers: Vec<_> =
            self.case().papers.iter().filter(|paper| paper.to == to && paper.service == ServiceState::Issued).map(|paper| paper.id).collect();
        self.forward(sent);
        self.act(
            &self.filing_clerk,
            Command::SendPaper(SendPaper { papers: papers.clone(), method: procedure::case::Method::Postal, reference: String::new() }),
        );
        self.forward(arrived);
        self.act(&self.filing_clerk, Command::RecordService(RecordService { papers, on: arrived, rule: "R-SVC-01".into() }));
        self.settle();
    }

    pub fn tasks(&self, office: Office) -> Vec<String> {
        let tasks = self.court.db().read_blocking(move |tx| court::store::tasks(tx, COURT, office)).expect("tasks");
        tasks.into_iter().map(|task| task.kind).collect()
    }
}

/// Filed by interview, accepted in the simple procedure, paid; the first packet went by post, and the defendant joined.
pub fn filed_and_accepted(bench: &Bench) {
    filed(bench);
    accepted(bench);
    let pay = PayFee { amount: Fen(190_500), method: PaymentMethod::Online, reference: "P-1".into() };
    bench.act(&Actor::platform(COURT), Command::PayFee(pay));
    bench.post(bench.defendant, date(2026, 3, 3), date(2026, 3, 6));
    assert!(bench.case().clock("R-FIL-21").is_none(), "the first packet left in time");
    let online = [Scope::Service, Scope::Answer, Scope::EvidenceExchange].map(|scope| (scope, Channel::Online));
    let join = JoinCase { choices: online.to_vec(), text: "2026-1".into() };
    bench.forward(date(2026, 3, 9));
    let (id, defendant) = (bench.case, bench.defendant);
    let link = Link { account: defendant, party: defendant, agent: None };
    bench.court.db().write_blocking(move |tx| persons::link(tx, COURT, id, link)).expect("linked");
    let confirmed = Card { person: defendant, service_address: "清河市青石区青石路27号".into(), ..Card::default() };
    bench.try_with(&Actor::citizen(defendant), Command::JoinCase(join), vec![confirmed], &[]).expect("joined");
    bench.settle();
}

/// Particulars as a person hands them in.
pub fn card(person: PersonId, name: &str) -> Card {
    Card {
        person,
        name: name.into(),
        number: "11010119900307803X".into(),
        phone: "19905550101".into(),
        address: "清河市青石区云溪路6号".into(),
        sex: "女".into(),
        ethnicity: "汉族".into(),
        ..Card::default()
    }
}

/// 周桂兰 sues 陈志远; she consents to electronic service.
pub fn filed(bench: &Bench) {
    let party = |person, side, name: &str| Party { person, side, name: name.into(), organisation: false, digest: String::new() };
    let (complaint, identity, iou) = ("民事起诉状……", "身份证……", "借条……");
    let choice =
        |scope| procedure::case::Choice { person: bench.plaintiff, scope, channel: Channel::Online, text: "2026-1".into(), at: bench.court.now() };
    let filing = SubmitFiling {
        receipt_no: "4001-2026-0302-00001".into(),
        parties: vec![party(bench.plaintiff, Side::Plaintiff, "周桂兰"), party(bench.defendant, Side::Defendant, "陈志远")],
        agents: vec![],
        statement: Statement {
            cause: "108.3".into(),
            cause_name: "民间借贷纠纷".into(),
            claims: vec!["判令被告偿还借款本金150000元。".into(), "判令被告支付利息25500元。".into()],
            amount: Fen(17_550_000),
            facts: "2024年3月15日，原告出借150000元给被告，至今未还。".into(),
            reasons: "借款合同合法有效，被告应当按约还款。".into(),
            answers: BTreeMap::new(),
            materials: vec![
                material(MaterialKind::Complaint, "民事起诉状", complaint.as_bytes()),
                material(MaterialKind::Identity, "身份证", identity.as_bytes()),
                material(MaterialKind::Evidence, "借条", iou.as_bytes()),
            ],
        },
        channel: Channel::Online,
        choices: [Scope::Filing, Scope::Service].map(choice).to_vec(),
    };
    let files = [complaint.as_bytes(), identity.as_bytes(), iou.as_bytes()];
    let cards = vec![card(bench.plaintiff, "周桂兰"), card(bench.defendant, "陈志远")];
    bench.try_with(&Actor::citizen(bench.plaintiff), Command::SubmitFiling(filing), cards, &files).expect("received");
    bench.settle();
}

/// Accepted in the simple procedure; the workers did nothing yet.
pub fn accept(bench: &Bench) {
    let findings = Check::ALL.map(|check| Finding { check, holds: true, note: String::new() }).to_vec();
    bench.act(&bench.filing_clerk, Command::AcceptFiling(AcceptFiling { procedure: Procedure::Simple, findings, undecided: false }));
}

pub fn accepted(bench: &Bench) {
    accept(bench);
    bench.settle();
    assert!(bench.case().checkpoint.lines().count() >= 3, "the head of the log stands in the acceptance: {:?}", bench.case().checkpoint);
    assert!(bench.tasks(Office::FilingClerk).contains(&"assign".to_owned()));
}

//! The way of a filing through the court zone, over the sealed bridge, on real tables, with real papers: received,
//! returned once, corrected, accepted, notices sealed and served, everything in the ledger and provable offline.
use court::staff::{self, NewMember};
use court::{Act, Config, Court, Error, Vault};
use exchange::message::{Card, Outcome, Request, ToCourt, ToPortal};
use exchange::{File, Keys, Letter, Secret};
use jiff::Timestamp;
use procedure::case::{Actor, Channel, Check, Choice, Material, MaterialKind, Party, Procedure, Remark, Scope, ServiceState, Side, Stage, Statement};
use procedure::step::accept_filing::Finding;
use procedure::step::{AcceptFiling, ReturnForCorrection, SubmitCorrection, SubmitFiling};
use procedure::{CaseId, Command, Fen, ItemId, Law, Office, Paper, PersonId, Refusal};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Mutex;
use storage::{Clock, Db};

const COURT: &str = "粤4001";

/// The fonts of the papers, or a loud word that the test could not run.
fn fonts() -> Option<PathBuf> {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../.tools");
    let fonts = std::env::var_os("XIEZHI_TOOLS").map_or_else(|| PathBuf::from(root), PathBuf::from).join("fonts");
    if fonts.join("FandolFang-Regular.otf").exists() {
        return Some(fonts);
    }
    eprintln!("SKIPPED: the fonts of the papers are missing (scripts/fonts); the way of a filing was not tested");
    None
}

/// Where the zones' tables lie in this run: SQLite, and PostgreSQL where the checks started one.
fn stores(dir: &std::path::Path) -> Vec<String> {
    let mut urls = vec![format!("sqlite:{}", dir.join("court.db").display())];
    match std::env::var("XIEZHI_TEST_POSTGRES") {
        Ok(server) => {
            let name = format!("court_{}", uuid::Uuid::now_v7().simple());
            let mut client = postgres::Client::connect(&server, postgres::NoTls).expect("PostgreSQL answers");
            client.batch_execute(&format!("CREATE DATABASE {name}")).expect("a database of its own");
            let base = server.rsplit_once('/').expect("a URL with a database").0;
            urls.push(format!("{base}/{name}"));
        }
        Err(_) => eprintln!("SKIPPED: XIEZHI_TEST_POSTGRES is not set; the way was not tested on PostgreSQL"),
    }
    urls
}

/// A court zone with the portal's side of the bridge played by the test.
struct Bench {
    court: Court,
    /// The portal's keys.
    keys: Keys,
    portal_key: ledger::SigningKey,
    trust: ledger::Trust,
    clerk: Actor,
    /// What came over the bridge, with its files.
    got: RefCell<Vec<(ToPortal, Vec<File>)>>,
    day: Timestamp,
}

fn set_up(dir: &std::path::Path, url: &str, fonts: &std::path::Path) -> Bench {
    let (own, peer) = (Secret::generate("court").expect("keys"), Secret::generate("portal").expect("keys"));
    let keys = Keys { peer: own.public(), own: peer };
    let bridge = Keys { peer: keys.own.public(), own };
    let day: Timestamp = "2026-03-02T02:00:00Z".parse().expect("a time");
    let store = documents::KeyStore::open_or_create(&dir.join("ca"), day, 10).expect("a sandbox CA");
    let signer = store.signer("yue4001", "广东省清河市青石区人民法院", day, 10).expect("a seal");
    let suite = ledger::Suite::Sm;
    let key = |name: &str| ledger::SigningKey::generate(suite, name, ledger::Purpose::Note).expect("a key");
    let (receipt_key, log_key, portal_key) = (key("court.test"), key("log.test"), key("portal.test"));
    let mut trust = ledger::Trust::default();
    trust.add(ledger::Role::Court, receipt_key.verifying_key().clone()).expect("trusted");
    trust.add(ledger::Role::Log, log_key.verifying_key().clone()).expect("trusted");
    trust.add(ledger::Role::Portal, portal_key.verifying_key().clone()).expect("trusted");
    let stamp = court::stamp(day).expect("a stamp");
    std::fs::create_dir_all(dir.join("log")).expect("a directory");
    let log = ledger::Log::create(&dir.join("log"), log_key, &stamp).expect("a log");
    let db = Db::open(url, &[court::store::MIGRATIONS]).expect("a store");
    let clerk = PersonId::new();
    db.write_blocking(move |tx| {
        let member =
            NewMember {
                id: clerk, login: "xu", name: "许知行", office: Office::FilingClerk, division: "立案庭", password: "p", totp: &[1; 20]
            };
        staff::enter(tx, COURT, &member)
    })
    .expect("a clerk");
    let court = Court::new(Config {
        db,
        clock: Clock::system(),
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
        messenger: std::sync::Arc::new(exchange::messenger::Sandbox::default()),
        fee_accounts: BTreeMap::new(),
        intake: None,
    });
    Bench { court, keys, portal_key, trust, clerk: Actor::staff(clerk, Office::FilingClerk, COURT), got: RefCell::default(), day }
}

impl Bench {
    /// Sends a message as the portal does, twice: the second time nothing happens.
    fn send(&self, message: &ToCourt, files: &[File]) {
        let payload = serde_json::to_vec(message).expect("JSON");
        let letter = Letter { id: uuid::Uuid::now_v7(), created: self.day, kind: "to-court", payload: &payload, files };
        let bytes = exchange::seal(&self.keys, &letter).expect("sealed");
        let first = self.court.receive_sealed(&bytes).expect("taken");
        let again = self.court.receive_sealed(&bytes).expect("known");
        assert!(first.fresh && !again.fresh, "one envelope, one effect");
    }

    /// Lets the workers run until nothing is left, and takes what comes over the bridge.
    fn settle(&self) {
        for _ in 0..50 {
            let done = self.court.work().expect("workers run");
            let (came, court, keys) = (Mutex::new(vec![]), &self.court, &self.keys);
            let across = court
                .deliver(&|_, bytes| {
                    let opened = exchange::open(keys, bytes).map_err(|error| error.to_string())?;
                    let message = serde_json::from_slice(&opened.payload).map_err(|error| error.to_string())?;
                    came.lock().expect("no panic").push((message, opened.files));
                    Ok(court.now())
                })
                .expect("delivered");
            self.got.borrow_mut().extend(came.into_inner().expect("no panic"));
            if done == 0 && across == 0 {
                return;
            }
        }
        panic!("the workers never come to rest");
    }

    fn last_outcome(&self) -> Outcome {
        let got = self.got.borrow();
        let answers = got.iter().rev().find_map(|(message, _)| match message {
            ToPortal::Answered { outcome, .. } => Some(outcome.clone()),
            ToPortal::View(_)
            | ToPortal::Paper(_)
            | ToPortal::Item(_)
            | ToPortal::Receipts { .. }
            | ToPortal::CardSeen(_)
            | ToPortal::Clock { .. }
            | ToPortal::Left { .. } => None,
        });
        answers.expect("an answer")
    }

    fn act(&self, case: CaseId, command: Command) -> Result<court::Acted, Error> {
        let act =
            Act { court: COURT.into(), case, by: self.clerk.clone(), command, expected: None, at: self.court.now(), cards: vec![], files: vec![] };
        self.court.act_blocking(act)
    }
}

fn card(person: PersonId, name: &str, address: &str) -> Card {
    Card {
        person,
        name: name.into(),
        number: "11010119900307803X".into(),
        address: address.into(),
        sex: "女".into(),
        ethnicity: "汉族".into(),
        ..Card::default()
    }
}

fn statement(file: &File) -> Statement {
    let material = |kind, name: &str| Material {
        id: ItemId::new(),
        kind,
        name: name.into(),
        pages: 1,
        bytes: file.bytes.len() as u64,
        sha256: file.digest.iter().map(|byte| format!("{byte:02x}")).collect(),
        media: "text/plain".into(),
        purpose: None,
    };
    Statement {
        cause: "108.3".into(),
        cause_name: "民间借贷纠纷".into(),
        claims: vec!["判令被告偿还借款本金150000元。".into(), "判令被告支付利息25500元。".into()],
        amount: Fen(17_550_000),
        facts: "2024年3月15日，原告出借150000元给被告，约定2025年3月14日前还清，至今未还。".into(),
        reasons: "借款合同合法有效，被告应当按约还款。".into(),
        answers: BTreeMap::new(),
        materials: vec![material(MaterialKind::Complaint, "民事起诉状"), material(MaterialKind::Evidence, "借条")],
    }
}

#[test]
fn a_filing_is_returned_corrected_accepted_served_and_provable() {
    let Some(fonts) = fonts() else { return };
    let dir = tempfile::tempdir().expect("a directory");
    for (n, url) in stores(dir.path()).into_iter().enumerate() {
        walk(&dir.path().join(n.to_string()), &url, &fonts);
    }
}

fn walk(dir: &std::path::Path, url: &str, fonts: &std::path::Path) {
    std::fs::create_dir_all(dir).expect("a directory");
    let zone = set_up(dir, url, fonts);
    let (account, defendant, case) = (PersonId::new(), PersonId::new(), CaseId::new());
    let file = File::of("民事起诉状……".as_bytes().to_vec());
    let party = |person, side, name: &str| Party { person, side, name: name.into(), organisation: false, digest: String::new() };
    let parties = vec![party(account, Side::Plaintiff, "周桂兰"), party(defendant, Side::Defendant, "陈志远")];
    let at = zone.court.now();
    let choices = [Scope::Filing, Scope::Service].map(|scope| Choice { person: account, scope, channel: Channel::Online, text: "2026-1".into(), at });
    let mut content =
        ledger::Content::new(ledger::Kind::FilingReceipt, "4001-2026-0302-00001", "提交立案材料", COURT, &court::stamp(at).expect("a stamp"));
    content.facts.insert("案由".into(), "民间借贷纠纷".into());
    let receipt = ledger::Receipt::issue(content, &zone.portal_key).expect("a receipt").to_text();
    let filing = SubmitFiling {
        receipt_no: "4001-2026-0302-00001".into(),
        parties: parties.clone(),
        agents: vec![],
        statement: statement(&file),
        channel: Channel::Online,
        choices: choices.to_vec(),
    };
    let request = |command, cards, expected_version| {
        ToCourt::Act(Box::new(Request {
            submission: uuid::Uuid::now_v7(),
            court: COURT.into(),
            case,
            account,
            command,
            expected_version,
            at,
            receipt_no: "4001-2026-0302-00001".into(),
            receipt: receipt.clone(),
            cards,
            for_person: None,
            code: String::new(),
        }))
    };
    let cards = || vec![card(account, "周桂兰", "清河市青石区云溪路6号"), card(defendant, "陈志远", "清河市青石区青石路一带")];

    // Received; the acknowledged receipt goes into the ledger and comes back complete.
    zone.send(&request(Command::SubmitFiling(filing), cards(), None), &[file.clone()]);
    zone.settle();
    assert!(matches!(zone.last_outcome(), Outcome::Done { version: 1, .. }), "{:?}", zone.last_outcome());

    // Returned once, with a sealed notice in the plaintiff's inbox; its period runs from the service.
    let remark = Remark {
        field: "defendant.address".into(),
        label: "被告住所".into(),
        page: Some(1),
        remark: "请写明门牌号。".into(),
        rule: "R-FIL-04".into(),
    };
    zone.act(case, Command::ReturnForCorrection(ReturnForCorrection { remarks: vec![remark.clone()], days: 7 })).expect("returned");
    zone.settle();
    let now = stored(&zone, case);
    assert_eq!(now.stage, Stage::Returned);
    assert!(matches!(now.papers[0].service, ServiceState::Served { .. }), "{:?}", now.papers[0]);
    assert!(now.clock("R-FIL-12").is_some(), "the days begin with the service");

    // A correction that names the file again without sending it: the court has it.
    let correction = SubmitCorrection { parties, statement: statement(&file), channel: Channel::Online };
    let corrected = vec![card(account, "周桂兰", "清河市青石区云溪路6号"), card(defendant, "陈志远", "清河市青石区青石路27号2栋301")];
    zone.send(&request(Command::SubmitCorrection(correction.clone()), corrected.clone(), Some(1)), &[]);
    zone.settle();
    assert!(matches!(zone.last_outcome(), Outcome::Stale { .. }), "a stale page changes nothing");
    zone.send(&request(Command::SubmitCorrection(correction), corrected, Some(now.version)), &[]);
    zone.settle();
    assert!(matches!(zone.last_outcome(), Outcome::Done { .. }));
    let again = zone.act(case, Command::ReturnForCorrection(ReturnForCorrection { remarks: vec![remark], days: 7 }));
    assert!(matches!(again, Err(Error::Refused(Refusal::AskedBefore { .. }))), "corrections are asked for once");

    // Accepted: number, fee, papers. The plaintiff consented to e-service, the defendant did not.
    let findings = Check::ALL.map(|check| Finding { check, holds: true, note: String::new() }).to_vec();
    zone.act(case, Command::AcceptFiling(AcceptFiling { procedure: Procedure::Simple, findings, undecided: false })).expect("accepted");
    zone.settle();
    let now = stored(&zone, case);
    assert_eq!(
        now.number.as_deref(),
        Some("(2026)粤4001民初1号").filter(|_| procedure::step::day_of(zone.court.now()).year() == 2026),
        "a gap-free number"
    );
    assert_eq!(now.fee.as_ref().map(|fee| fee.due), Some(Fen(190_500)));
    for paper in &now.papers {
        let electronic = matches!(paper.service, ServiceState::Served { .. });
        assert_eq!(electronic, paper.to == account, "{:?} to {} is {:?}", paper.paper, paper.to, paper.service);
    }
    let tasks = zone.court.db().read_blocking(|tx| court::store::tasks(tx, COURT, Office::FilingClerk)).expect("tasks");
    assert_eq!(tasks.iter().filter(|task| task.kind == "post").count(), 1, "one packet for the post: {tasks:?}");

    // Everything that was served verifies offline, against a trust file alone; a flipped byte does not.
    let got = zone.got.borrow();
    let completed: BTreeMap<_, _> = got
        .iter()
        .filter_map(|(message, _)| match message {
            ToPortal::Receipts { receipts } => Some(receipts.clone()),
            ToPortal::Answered { .. }
            | ToPortal::View(_)
            | ToPortal::Paper(_)
            | ToPortal::Item(_)
            | ToPortal::CardSeen(_)
            | ToPortal::Clock { .. }
            | ToPortal::Left { .. } => None,
        })
        .flatten()
        .collect();
    assert!(completed.contains_key("4001-2026-0302-00001"), "the filing's receipt is complete");
    let (mut served, mut proven) = (0, 0);
    for (message, files) in got.iter() {
        let ToPortal::Paper(released) = message else { continue };
        let text = completed.get(&format!("P-{}", released.id.0.simple())).expect("every served paper is in the ledger");
        let receipt = ledger::Receipt::parse(text).expect("a receipt");
        let verdict = receipt.verify(&zone.trust, Some(&files[0].bytes)).expect("holds");
        assert_eq!(verdict.state, ledger::State::Logged, "under a checkpoint");
        let mut broken = files[0].bytes.clone();
        broken[500] ^= 1;
        assert!(receipt.verify(&zone.trust, Some(&broken)).is_err(), "a changed paper does not hold");
        *(if released.proof_of.is_some() { &mut proven } else { &mut served }) += 1;
    }
    assert_eq!(served, 4, "correction, acceptance, fee and evidence notices");
    assert_eq!(proven, served, "each with its certificate");
    drop(got);

    // Replay: the events alone give the tables that the pages read.
    let (count, wrong) = zone.court.check_replay().expect("replays");
    assert_eq!((count, wrong), (1, vec![]));
    // And the check can fail.
    zone.court
        .db()
        .write_blocking(move |tx| {
            let mut case = court::store::case(tx, COURT, case)?;
            case.receipt_no.push('x');
            court::store::put_case(tx, &case, &[])
        })
        .expect("tampered with");
    assert_eq!(zone.court.check_replay().expect("replays").1, vec![court::Differs { case, table: "cases" }]);
    assert!(now.papers.iter().any(|paper| paper.paper == Paper::JoinSheet));
}

/// The case as its tables hold it.
fn stored(zone: &Bench, case: CaseId) -> procedure::Case {
    zone.court.db().read_blocking(move |tx| court::store::case(tx, COURT, case)).expect("a case")
}

#[test]
fn every_statement_is_understood_by_each_engine() {
    let dir = tempfile::tempdir().expect("a directory");
    for url in stores(dir.path()) {
        let db = Db::open(&url, &[court::store::MIGRATIONS]).expect("a store");
        db.read_blocking(|tx| {
            court::store::STATEMENTS
                .iter()
                .chain(staff::STATEMENTS)
                .chain(court::store::proofs::STATEMENTS)
                .chain(court::store::messages::STATEMENTS)
                .chain(court::store::codes::STATEMENTS)
                .chain(court::store::administration::STATEMENTS)
                .chain(court::store::counter::STATEMENTS)
                .chain(court::store::persons::STATEMENTS)
                .try_for_each(|sql| tx.prepare(sql))
        })
        .expect("prepared");
    }
}

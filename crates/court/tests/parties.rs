//! Who stands in a case and for whom he acts, over the bridge: agents with their powers, joining, confirmed addresses, what a
//! refusal leaves (nothing), and particulars that belong to one case.
use court::staff::{self, NewMember};
use court::store::persons;
use court::{Act, Config, Court, Error, Vault};
use exchange::message::{Card, Join, Outcome, Request, ToCourt, ToPortal};
use exchange::{File, Keys, Letter, Secret};
use jiff::Timestamp;
use procedure::case::{
    Actor, Agent, Channel, Check, Choice, Material, MaterialKind, Method, Party, Power, Procedure, Scope, ServiceState, Side, Statement,
};
use procedure::step::accept_filing::Finding;
use procedure::step::*;
use procedure::{CaseId, Command, Fen, ItemId, Law, Office, Paper, PersonId, Stage};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use storage::{Clock, Db};

const COURT: &str = "粤4001";
/// Numbers of identity of the people here.
const PLAINTIFF: (&str, &str) = ("周桂兰", "11010519491231002X");
const DEFENDANT: (&str, &str) = ("陈志远", "440524188001010014");
const AGENT: (&str, &str) = ("沈知白", "11010119900307803X");
const POWER: &str = "授权委托书……";

fn fonts() -> Option<PathBuf> {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../.tools");
    let fonts = std::env::var_os("XIEZHI_TOOLS").map_or_else(|| PathBuf::from(root), PathBuf::from).join("fonts");
    if fonts.join("FandolFang-Regular.otf").exists() {
        return Some(fonts);
    }
    eprintln!("SKIPPED: the fonts of the papers are missing (scripts/fonts); parties and agents were not tested");
    None
}

/// SQLite, and PostgreSQL where the checks started one.
fn stores(dir: &Path) -> Vec<String> {
    let mut urls = vec![format!("sqlite:{}", dir.join("court.db").display())];
    match std::env::var("XIEZHI_TEST_POSTGRES") {
        Ok(server) => {
            let name = format!("parties_{}", uuid::Uuid::now_v7().simple());
            let mut client = postgres::Client::connect(&server, postgres::NoTls).expect("PostgreSQL answers");
            client.batch_execute(&format!("CREATE DATABASE {name}")).expect("a database of its own");
            urls.push(format!("{}/{name}", server.rsplit_once('/').expect("a URL with a database").0));
        }
        Err(_) => eprintln!("SKIPPED: XIEZHI_TEST_POSTGRES is not set; parties were not tested on PostgreSQL"),
    }
    urls
}

fn on_each(test: impl Fn(&Bench)) {
    let Some(fonts) = fonts() else { return };
    let dir = tempfile::tempdir().expect("a directory");
    for (n, url) in stores(dir.path()).into_iter().enumerate() {
        let own = dir.path().join(n.to_string());
        std::fs::create_dir_all(&own).expect("a directory");
        test(&set_up(&own, &url, &fonts));
    }
}

/// A court zone with the portal's side of the bridge played by the test.
struct Bench {
    court: Court,
    keys: Keys,
    clerk: Actor,
    got: Mutex<Vec<ToPortal>>,
}

fn set_up(dir: &Path, url: &str, fonts: &Path) -> Bench {
    let (own, peer) = (Secret::generate("court").expect("keys"), Secret::generate("portal").expect("keys"));
    let keys = Keys { peer: own.public(), own: peer };
    let bridge = Keys { peer: keys.own.public(), own };
    let day: Timestamp = "2026-03-02T02:00:00Z".parse().expect("a time");
    let store = documents::KeyStore::open_or_create(&dir.join("ca"), day, 10).expect("a sandbox CA");
    let signer = store.signer("yue4001", "广东省清河市青石区人民法院", day, 10).expect("a seal");
    let key = |name: &str| ledger::SigningKey::generate(ledger::Suite::Sm, name, ledger::Purpose::Note).expect("a key");
    std::fs::create_dir_all(dir.join("log")).expect("a directory");
    let log = ledger::Log::create(&dir.join("log"), key("log.test"), &court::stamp(day).expect("a stamp")).expect("a log");
    let db = Db::open(url, &[court::store::MIGRATIONS]).expect("a store");
    let clock = Clock::demo_from(&db, day).expect("a clock");
    let id = PersonId::new();
    db.write_blocking(move |tx| {
        let office = Office::FilingClerk;
        staff::enter(tx, COURT, &NewMember { id, login: "xu", name: "许知行", office, division: "立案庭", password: "p", totp: &[1; 20] })
    })
    .expect("a clerk");
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
    Bench { court, keys, clerk: Actor::staff(id, Office::FilingClerk, COURT), got: Mutex::default() }
}

/// What an account asks of the court.
struct Asked {
    account: PersonId,
    command: Command,
    seen: Option<u64>,
    cards: Vec<Card>,
    files: Vec<File>,
    for_person: Option<PersonId>,
}

impl Asked {
    fn by(account: PersonId, command: Command) -> Self {
        Self { account, command, seen: None, cards: vec![], files: vec![], for_person: None }
    }
}

impl Bench {
    fn send(&self, message: &ToCourt, files: &[File]) -> Outcome {
        let payload = serde_json::to_vec(message).expect("JSON");
        let letter = Letter { id: uuid::Uuid::now_v7(), created: self.court.now(), kind: "to-court", payload: &payload, files };
        self.court.receive_sealed(&exchange::seal(&self.keys, &letter).expect("sealed")).expect("taken");
        self.settle();
        let got = self.got.lock().expect("unpoisoned");
        let answer = got.iter().rev().find_map(|message| if let ToPortal::Answered { outcome, .. } = message { Some(outcome.clone()) } else { None });
        answer.expect("an answer")
    }

    fn ask(&self, case: CaseId, asked: Asked) -> Outcome {
        let Asked { account, command, seen, cards, files, for_person } = asked;
        let request = Request {
            submission: uuid::Uuid::now_v7(),
            court: COURT.into(),
            case,
            account,
            command,
            expected_version: seen,
            at: self.court.now(),
            receipt_no: "4001-2026-0302-00001".into(),
            receipt: String::new(),
            cards,
            for_person,
            code: String::new(),
        };
        self.send(&ToCourt::Act(Box::new(request)), &files)
    }

    fn joins(&self, code: &str, case_number: Option<&str>, account: PersonId, (name, number): (&str, &str), choices: &[(Scope, Channel)]) -> Outcome {
        let card = Card {
            person: account,
            name: name.into(),
            number: number.into(),
            phone: "13900139000".into(),
            address: "清河市青石区青石路27号2栋301".into(),
            account: Some(account),
            ..Card::default()
        };
        let join = Join {
            submission: uuid::Uuid::now_v7(),
            court: COURT.into(),
            code: code.into(),
            case_number: case_number.map(str::to_owned),
            card,
            at: self.court.now(),
            choices: choices.to_vec(),
            text: "2026-1".into(),
        };
        self.send(&ToCourt::Join(join), &[])
    }

    fn settle(&self) {
        for _ in 0..60 {
            let done = self.court.work().expect("workers run");
            let across = self.court.deliver(&|_, bytes| {
                let opened = exchange::open(&self.keys, bytes).map_err(|error| error.to_string())?;
                self.got.lock().expect("unpoisoned").push(serde_json::from_slice(&opened.payload).map_err(|error| error.to_string())?);
                Ok(self.court.now())
            });
            if done == 0 && across.expect("delivered") == 0 {
                return;
            }
        }
        panic!("the workers never come to rest");
    }

    fn case(&self, id: CaseId) -> procedure::Case {
        self.court.db().read_blocking(move |tx| court::store::case(tx, COURT, id)).expect("a case")
    }

    /// Names of the items of the file, as a party sees it.
    fn items(&self, id: CaseId, party: PersonId) -> Vec<String> {
        let zone = self.court.clone();
        let view = self.court.db().read_blocking(move |tx| court::view(tx, &zone, COURT, id, party, party)).expect("a view");
        view.items.into_iter().map(|item| item.name).collect()
    }

    fn card(&self, id: CaseId, person: PersonId) -> Card {
        let vault = Vault::new([7; 32]);
        self.court.db().read_blocking(move |tx| vault.card(tx, COURT, id, person)).expect("particulars")
    }

    /// By the clerk, for himself or for a person at the counter.
    fn clerk(&self, case: CaseId, for_person: Option<PersonId>, command: Command) -> Result<court::Acted, Error> {
        let by = Actor { for_person, ..self.clerk.clone() };
        let act = Act { court: COURT.into(), case, by, command, expected: None, at: self.court.now(), cards: vec![], files: vec![] };
        let acted = self.court.act_blocking(act);
        self.settle();
        acted
    }

    /// Who wrote the last event of a case.
    fn last_actor(&self, id: CaseId) -> Actor {
        let stored = self.court.db().read_blocking(move |tx| Ok::<_, Error>(storage::events::load(tx, COURT, id.0, 0)?)).expect("events");
        serde_json::from_str(&stored.last().expect("an event").actor).expect("an actor")
    }

    /// The code on a party's join sheet.
    fn code(&self, id: CaseId, to: PersonId) -> String {
        let paper = self.case(id).papers.iter().find(|paper| paper.paper == Paper::JoinSheet && paper.to == to).expect("a sheet").id;
        let row = self.court.db().read_blocking(move |tx| court::store::paper(tx, COURT, paper)).expect("read").expect("typeset");
        let facts: serde_json::Value = serde_json::from_str(&row.facts).expect("JSON");
        find(&facts, "code").expect("a code")
    }

    fn papers_to(&self, account: PersonId) -> usize {
        let of = |message: &&ToPortal| matches!(message, ToPortal::Paper(paper) if paper.account == account && paper.proof_of.is_none());
        self.got.lock().expect("unpoisoned").iter().filter(of).count()
    }
}

/// The first text under this name, however deep.
fn find(value: &serde_json::Value, name: &str) -> Option<String> {
    match value {
        serde_json::Value::Object(fields) => {
            fields.get(name).and_then(|found| found.as_str().map(str::to_owned)).or_else(|| fields.values().find_map(|inner| find(inner, name)))
        }
        serde_json::Value::Array(items) => items.iter().find_map(|inner| find(inner, name)),
        serde_json::Value::Null | serde_json::Value::Bool(_) | serde_json::Value::Number(_) | serde_json::Value::String(_) => None,
    }
}

fn card(person: PersonId, (name, number): (&str, &str), address: &str) -> Card {
    Card {
        person, name: name.into(), number: number.into(), address: address.into(), sex: "女".into(), ethnicity: "汉族".into(), ..Card::default()
    }
}

fn file(text: &str) -> File {
    File::of(text.as_bytes().to_vec())
}

fn material(kind: MaterialKind, name: &str, text: &str) -> Material {
    let sha256 = storage::Digest::of(text.as_bytes()).to_string();
    Material { id: ItemId::new(), kind, name: name.into(), pages: 1, bytes: text.len() as u64, sha256, media: "text/plain".into(), purpose: None }
}

/// A filing by the plaintiff's own account, or by an agent's for one or two plaintiffs.
fn filing(bench: &Bench, plaintiffs: &[PersonId], defendant: PersonId, agents: Vec<Agent>, channel: Channel) -> SubmitFiling {
    let party = |person, side, name: &str| Party { person, side, name: name.into(), organisation: false, digest: String::new() };
    let at = bench.court.now();
    let way = |person: &PersonId| Choice { person: *person, scope: Scope::Service, channel, text: "2026-1".into(), at };
    let mut materials = vec![material(MaterialKind::Complaint, "民事起诉状", "民事起诉状……")];
    if !agents.is_empty() {
        materials.push(material(MaterialKind::PowerOfAttorney, "授权委托书", POWER));
    }
    let named = plaintiffs.iter().zip([PLAINTIFF.0, "周秀兰"]).map(|(person, name)| party(*person, Side::Plaintiff, name));
    SubmitFiling {
        receipt_no: format!("4001-2026-0302-{}", &defendant.0.simple().to_string()[20..]),
        parties: named.chain([party(defendant, Side::Defendant, DEFENDANT.0)]).collect(),
        agents,
        statement: Statement {
            cause: "108.3".into(),
            cause_name: "民间借贷纠纷".into(),
            claims: vec!["判令被告偿还借款本金150000元。".into()],
            amount: Fen(15_000_000),
            facts: "2024年3月15日，原告出借150000元给被告，至今未还。".into(),
            reasons: "被告应当按约还款。".into(),
            answers: BTreeMap::new(),
            materials,
        },
        channel,
        choices: plaintiffs.iter().map(way).collect(),
    }
}

fn accept(bench: &Bench, case: CaseId) {
    let findings = Check::ALL.map(|check| Finding { check, holds: true, note: String::new() }).to_vec();
    bench.clerk(case, None, Command::AcceptFiling(AcceptFiling { procedure: Procedure::Simple, findings, undecided: false })).expect("accepted");
}

/// Filed online by the plaintiff herself, and accepted.
fn accepted(bench: &Bench) -> (CaseId, PersonId, PersonId) {
    let (case, plaintiff, defendant) = (CaseId::new(), PersonId::new(), PersonId::new());
    let command = Command::SubmitFiling(filing(bench, &[plaintiff], defendant, vec![], Channel::Online));
    let cards = vec![card(plaintiff, PLAINTIFF, "清河市云海区听涛路3号"), card(defendant, DEFENDANT, "清河市青石区桐荫路88号")];
    let outcome = bench.ask(case, Asked { cards, files: vec![file("民事起诉状……")], ..Asked::by(plaintiff, command) });
    assert!(matches!(outcome, Outcome::Done { .. }), "{outcome:?}");
    accept(bench, case);
    (case, plaintiff, defendant)
}

fn service(channel: Channel) -> Command {
    Command::ChooseChannel(ChooseChannel { choices: vec![(Scope::Service, channel)], text: "2026-1".into() })
}

#[test]
fn r_idc_11_an_agent_acts_as_himself_for_the_principal_he_names_and_with_his_powers_alone() {
    on_each(|bench| {
        let (case, agent, first, second, defendant) = (CaseId::new(), PersonId::new(), PersonId::new(), PersonId::new(), PersonId::new());
        let of = |of, powers| Agent { person: agent, name: AGENT.0.into(), of, powers, matters: String::new() };
        let agents = vec![of(first, vec![]), of(second, vec![Power::Appeal])];
        let command = Command::SubmitFiling(filing(bench, &[first, second], defendant, agents, Channel::Online));
        let cards = [first, second].map(|person| card(person, PLAINTIFF, "清河市云海区听涛路3号")).into_iter().chain([card(
            defendant,
            DEFENDANT,
            "清河市青石区桐荫路88号",
        )]);
        let files = vec![file("民事起诉状……"), file(POWER)];
        let outcome = bench.ask(case, Asked { cards: cards.collect(), files, ..Asked::by(agent, command) });
        assert!(matches!(outcome, Outcome::Done { .. }), "{outcome:?}");
        accept(bench, case);
        // Papers of both principals reach his inbox: one account stands for several (R-SVC-03).
        let served = bench.case(case).papers.iter().filter(|paper| matches!(paper.service, ServiceState::Served { .. })).count();
        assert_eq!((bench.papers_to(agent), served), (6, 6), "three notices for each of the two");

        // The record names the agent, and for whom.
        let choose = Command::ChooseChannel(ChooseChannel { choices: vec![(Scope::Answer, Channel::Online)], text: "2026-1".into() });
        bench.ask(case, Asked { for_person: Some(second), ..Asked::by(agent, choose) });
        assert_eq!(bench.last_actor(case), Actor::agent(agent, second));
        let now = bench.case(case);
        assert_eq!((now.channel_of(first, Scope::Answer), now.channel_of(second, Scope::Answer)), (Channel::Counter, Channel::Online));

        // Each act asks for its own power; nothing is done in the principal's name that the agent may not do in his own.
        decided(bench, case);
        let appeal = || Command::FileAppeal(FileAppeal { requests: "撤销一审判决".into(), reasons: "事实不清".into(), materials: vec![] });
        let refused = bench.ask(case, Asked { for_person: Some(first), ..Asked::by(agent, appeal()) });
        assert!(matches!(&refused, Outcome::Refused { zh, .. } if zh.contains("特别授权")), "{refused:?}");
        assert!(bench.case(case).appeals.is_empty());
        let outcome = bench.ask(case, Asked { for_person: Some(second), ..Asked::by(agent, appeal()) });
        assert!(matches!(outcome, Outcome::Done { .. }), "{outcome:?}");
        assert_eq!(bench.case(case).appeals[0].by, second);
    });
}

/// As if decided, with an appeal period that runs for each party: what comes between is another test's.
fn decided(bench: &Bench, id: CaseId) {
    let today = procedure::step::day_of(bench.court.now());
    bench
        .court
        .db()
        .write_blocking(move |tx| {
            let mut case = court::store::case(tx, COURT, id)?;
            case.stage = Stage::Decided;
            let clock = Law::demo().clock("R-APL-01", today);
            for party in case.parties.clone() {
                case.clocks.push(procedure::case::RunningClock {
                    anchor: format!("appeal/{}", party.person),
                    of: Some(party.person),
                    clock: clock.clone(),
                    state: procedure::case::ClockState::Running,
                });
            }
            court::store::put_case(tx, &case, &[])
        })
        .expect("decided");
}

#[test]
fn r_idc_12_an_agent_named_later_joins_by_his_identity_and_leaves_with_his_authority() {
    on_each(|bench| {
        let (case, plaintiff, _) = accepted(bench);
        let (person, account) = (PersonId::new(), PersonId::new());
        let power = material(MaterialKind::PowerOfAttorney, "授权委托书", POWER);
        let appoint = AppointAgent { person, name: AGENT.0.into(), matters: "代理本案一审".into(), powers: vec![], materials: vec![power] };
        let cards = vec![card(person, AGENT, "")];
        let outcome = bench.ask(case, Asked { cards, files: vec![file(POWER)], ..Asked::by(plaintiff, Command::AppointAgent(appoint)) });
        assert!(matches!(outcome, Outcome::Done { .. }), "{outcome:?}");
        let number = bench.case(case).number.expect("accepted");
        let wrong = bench.joins("", Some(&number), account, (AGENT.0, PLAINTIFF.1), &[]);
        assert!(matches!(wrong, Outcome::Refused { .. }), "another's number of identity");
        let outcome = bench.joins("", Some(&number), account, AGENT, &[]);
        assert!(matches!(outcome, Outcome::Done { .. }), "{outcome:?}");
        let view = |account| {
            let got = bench.got.lock().expect("unpoisoned");
            got.iter()
                .rev()
                .find_map(|message| if let ToPortal::View(view) = message { (view.account == account).then(|| view.clone()) } else { None })
        };
        let shown = view(account).expect("the agent sees the case");
        assert_eq!((shown.party, shown.role.as_str(), shown.principals.len()), (plaintiff, "委托诉讼代理人", 1));

        let hearing = Command::ChooseChannel(ChooseChannel { choices: vec![(Scope::Answer, Channel::Online)], text: "2026-1".into() });
        bench.ask(case, Asked::by(account, hearing.clone()));
        assert_eq!(bench.last_actor(case), Actor::agent(person, plaintiff), "himself, for her");
        bench.ask(case, Asked::by(plaintiff, Command::RevokeAgent(RevokeAgent { agent: person })));
        let gone = bench.ask(case, Asked::by(account, hearing));
        assert!(matches!(gone, Outcome::Refused { .. }), "{gone:?}");
        let left = |message: &ToPortal| matches!(message, ToPortal::Left { account: who, .. } if *who == account);
        assert!(bench.got.lock().expect("unpoisoned").iter().any(left), "his view of the case goes");
        let items: Vec<String> = bench.items(case, plaintiff);
        assert!(items.iter().any(|held| held.contains("授权委托书")), "the power of attorney stays in the file");
        let tasks = bench.court.db().read_blocking(|tx| court::store::tasks(tx, COURT, Office::FilingClerk)).expect("tasks");
        assert_eq!(tasks.iter().filter(|task| task.kind == "agent").count(), 2, "the other side is told: {tasks:?}");
        assert!(bench.court.check_replay().expect("replays").1.is_empty());
    });
}

#[test]
fn r_svc_11_the_defendants_address_is_confirmed_by_joining_and_a_refusal_leaves_nothing() {
    on_each(|bench| {
        let (case, _, defendant) = accepted(bench);
        let (code, account) = (bench.code(case, defendant), PersonId::new());
        post(bench, case, defendant);
        let before = bench.case(case);
        // Too late: neither a link nor a used code stays, so that the counter can still help him.
        let day = bench.court.now();
        bench.court.clock().advance_blocking("2026-03-20T02:00:00Z".parse().expect("a time"), "test").expect("forward");
        let late = bench.joins(&code, None, account, DEFENDANT, &[(Scope::Service, Channel::Online)]);
        assert!(matches!(&late, Outcome::Refused { zh, .. } if zh.contains("期限")), "{late:?}, {day}");
        let links = bench.court.db().read_blocking(move |tx| persons::links(tx, COURT, case)).expect("links");
        assert!(links.iter().all(|link| link.account != account), "no link: {links:?}");
        assert_eq!(bench.case(case), before, "nothing happened");
        let digest = storage::secret::token_digest(&code.replace('-', ""));
        let used = bench.court.db().read_blocking(move |tx| court::store::join_code(tx, COURT, &digest)).expect("read").expect("known");
        assert_eq!(used.2, None, "the code was not used");

        // He consents at the counter, on record (R-IDC-23); without an account the papers still go by post (R-SVC-10).
        let join = |channel| {
            Command::JoinCase(JoinCase { choices: vec![(Scope::Answer, Channel::Online), (Scope::Service, channel)], text: "2026-1".into() })
        };
        assert!(matches!(bench.clerk(case, Some(defendant), join(Channel::Online)), Err(Error::Refused(_))), "no inbox");
        bench.clerk(case, Some(defendant), join(Channel::Counter)).expect("consented");
        // Then his account comes to the case with the code, and its address is confirmed.
        let outcome = bench.joins(&code, None, account, DEFENDANT, &[(Scope::Service, Channel::Online)]);
        assert!(matches!(outcome, Outcome::Done { .. }), "{outcome:?}");
        let now = bench.case(case);
        let confirmation = now.confirmations.last().expect("confirmed");
        assert!(confirmation.electronic && now.party(defendant).is_some_and(|party| party.digest == confirmation.digest));
        let card = bench.card(case, defendant);
        assert_eq!((card.postal(), card.address.as_str()), ("清河市青石区青石路27号2栋301", "清河市青石区桐荫路88号"));
        assert_eq!(card.phone, "13900139000");
        assert!(bench.items(case, defendant).iter().any(|item| item.contains("送达地址确认书")), "an item of the file");
        let sha256 = confirmation.material.sha256.clone();
        let form = bench.court.db().read_blocking(move |tx| Ok::<_, Error>(storage::blobs::get(tx, COURT, &sha256.parse()?)?)).expect("kept");
        assert!(String::from_utf8(form).expect("text").contains("同意电子送达"));
        let again = bench.joins(&code, None, account, DEFENDANT, &[]);
        assert!(matches!(&again, Outcome::Refused { zh, .. } if zh.contains("已经加入")), "{again:?}");
        assert!(bench.court.check_replay().expect("replays").1.is_empty());
    });
}

/// The defendant's packet goes out by post and arrives the same day.
fn post(bench: &Bench, case: CaseId, to: PersonId) {
    let papers: Vec<_> =
        bench.case(case).papers.iter().filter(|paper| paper.to == to && paper.service == ServiceState::Issued).map(|paper| paper.id).collect();
    let send = SendPaper { papers: papers.clone(), method: Method::Postal, reference: String::new() };
    bench.clerk(case, None, Command::SendPaper(send)).expect("sent");
    let on = procedure::step::day_of(bench.court.now());
    bench.clerk(case, None, Command::RecordService(RecordService { papers, on, rule: "R-SVC-01".into() })).expect("served");
}

#[test]
fn particulars_belong_to_one_case_and_nobody_changes_anothers() {
    on_each(|bench| {
        let (first, plaintiff, defendant) = accepted(bench);
        // The same account files again and gives another address: the first case keeps its own.
        let second = CaseId::new();
        let command = Command::SubmitFiling(filing(bench, &[plaintiff], PersonId::new(), vec![], Channel::Online));
        let SubmitFiling { parties, .. } = if let Command::SubmitFiling(filing) = &command { filing.clone() } else { panic!("a filing") };
        let cards = vec![card(plaintiff, PLAINTIFF, "清河市青石区新居路1号"), card(parties[1].person, DEFENDANT, "某地")];
        let outcome = bench.ask(second, Asked { cards, files: vec![file("民事起诉状……")], ..Asked::by(plaintiff, command) });
        assert!(matches!(outcome, Outcome::Done { .. }), "{outcome:?}");
        let digest = |case| bench.case(case).party(plaintiff).expect("a party").digest.clone();
        assert_eq!(bench.card(first, plaintiff).address, "清河市云海区听涛路3号");
        assert_eq!(bench.card(second, plaintiff).address, "清河市青石区新居路1号");
        assert_ne!(digest(first), digest(second));
        // Particulars that come with another step, for somebody else, are not taken.
        let forged = Asked { cards: vec![card(defendant, DEFENDANT, "原告写的地址")], ..Asked::by(plaintiff, service(Channel::Counter)) };
        bench.ask(first, forged);
        assert_eq!(bench.card(first, defendant).address, "清河市青石区桐荫路88号");
    });
}

#[test]
fn a_partys_page_is_stale_when_another_moved_the_case_and_not_when_papers_went_out() {
    on_each(|bench| {
        let (case, plaintiff, defendant) = accepted(bench);
        let seen = bench.case(case).version;
        post(bench, case, defendant);
        assert!(bench.case(case).version > seen, "letters went out and arrived");
        let outcome = bench.ask(case, Asked { seen: Some(seen), ..Asked::by(plaintiff, service(Channel::Counter)) });
        assert!(matches!(outcome, Outcome::Done { .. }), "{outcome:?}");
        let seen = bench.case(case).version;
        let join = JoinCase { choices: vec![(Scope::Answer, Channel::Online)], text: "2026-1".into() };
        bench.clerk(case, Some(defendant), Command::JoinCase(join)).expect("joined");
        let stale = bench.ask(case, Asked { seen: Some(seen), ..Asked::by(plaintiff, service(Channel::Online)) });
        assert!(matches!(stale, Outcome::Stale { .. }), "{stale:?}");
    });
}

#[test]
fn r_idc_22_who_filed_at_the_counter_links_an_account_later_and_is_then_served_electronically() {
    on_each(|bench| {
        let (case, plaintiff, defendant, account) = (CaseId::new(), PersonId::new(), PersonId::new(), PersonId::new());
        let by = Actor { for_person: Some(plaintiff), ..bench.clerk.clone() };
        let command = Command::SubmitFiling(filing(bench, &[plaintiff], defendant, vec![], Channel::Counter));
        let cards = vec![card(plaintiff, PLAINTIFF, "清河市云海区听涛路3号"), card(defendant, DEFENDANT, "清河市青石区桐荫路88号")];
        let text = "民事起诉状……";
        let files = vec![(storage::Digest::of(text.as_bytes()).to_string(), text.as_bytes().to_vec())];
        let act = Act { court: COURT.into(), case, by, command, expected: None, at: bench.court.now(), cards, files };
        bench.court.act_blocking(act).expect("entered");
        accept(bench, case);
        let links = |id| bench.court.db().read_blocking(move |tx| persons::links(tx, COURT, id)).expect("links");
        assert!(links(case).is_empty(), "nobody's inbox is made up");
        assert_eq!(bench.papers_to(plaintiff), 0);
        let outcome = bench.joins(&bench.code(case, plaintiff), None, account, PLAINTIFF, &[(Scope::Service, Channel::Online)]);
        assert!(matches!(outcome, Outcome::Done { .. }), "{outcome:?}");
        assert!(bench.papers_to(account) > 0, "what waited for the post goes into the inbox");
        let (_, forgotten) = court::check_owed(bench.court.db(), &[COURT.to_owned()]).expect("compared");
        assert!(forgotten.is_empty(), "{forgotten:?}");
    });
}

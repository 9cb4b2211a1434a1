//! The way from acceptance to archive through the court zone, on real tables with real papers: first packet by post, joining,
//! answer, evidence and opinions, the draw, the hearing and its record, judgment, effect, closing, archive.
use court::staff::{self, NewMember};
use court::{Act, Config, Court, Error, Vault};
use exchange::message::{Card, ToPortal, View};
use exchange::{Keys, Secret};
use jiff::Timestamp;
use jiff::civil::{Date, date, time};
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

const COURT: &str = "粤4001";

fn fonts() -> Option<PathBuf> {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../.tools");
    let fonts = std::env::var_os("XIEZHI_TOOLS").map_or_else(|| PathBuf::from(root), PathBuf::from).join("fonts");
    if fonts.join("FandolFang-Regular.otf").exists() {
        return Some(fonts);
    }
    eprintln!("SKIPPED: the fonts of the papers are missing (scripts/fonts); the way of a trial was not tested");
    None
}

/// SQLite, and PostgreSQL where the checks started one.
fn stores(dir: &Path) -> Vec<String> {
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
struct Bench {
    court: Court,
    keys: Keys,
    filing_clerk: Actor,
    case: CaseId,
    plaintiff: PersonId,
    defendant: PersonId,
    got: RefCell<Vec<ToPortal>>,
}

fn set_up(dir: &Path, url: &str, fonts: &Path) -> Bench {
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
fn at(day: Date) -> Timestamp {
    jiff::tz::Offset::constant(8).to_timestamp(day.at(10, 0, 0, 0)).expect("a day of the calendar")
}

fn digest(bytes: &[u8]) -> String {
    storage::Digest::of(bytes).to_string()
}

fn material(kind: MaterialKind, name: &str, bytes: &[u8]) -> Material {
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
    fn forward(&self, day: Date) {
        self.court.clock().advance_blocking(at(day), "test").expect("forward");
    }

    fn try_with(&self, by: &Actor, command: Command, cards: Vec<Card>, files: &[&[u8]]) -> Result<Vec<Event>, Error> {
        let files = files.iter().map(|bytes| (digest(bytes), bytes.to_vec())).collect();
        let (by, at) = (by.clone(), self.court.now());
        self.court.act_blocking(Act { court: COURT.into(), case: self.case, by, command, expected: None, at, cards, files }).map(|acted| acted.events)
    }

    fn act(&self, by: &Actor, command: Command) -> Vec<Event> {
        let name = command.step().name;
        self.try_with(by, command, vec![], &[]).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    fn refused(&self, by: &Actor, command: Command) -> Refusal {
        match self.try_with(by, command, vec![], &[]) {
            Err(Error::Refused(refusal)) => refusal,
            Err(error) => panic!("{error}"),
            Ok(events) => panic!("done: {events:?}"),
        }
    }

    /// Lets the workers run until nothing is left.
    fn settle(&self) {
        for _ in 0..80 {
            let done = self.court.work().expect("workers run");
            let (came, court, keys) = (Mutex::new(vec![]), &self.court, &self.keys);
            let across = court
                .deliver(&|_, bytes| {
                    let opened = exchange::open(keys, bytes).map_err(|error| error.to_string())?;
                    came.lock().expect("no panic").push(serde_json::from_slice(&opened.payload).map_err(|error| error.to_string())?);
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

    fn case(&self) -> procedure::Case {
        let id = self.case;
        self.court.db().read_blocking(move |tx| court::store::case(tx, COURT, id)).expect("a case")
    }

    fn view(&self, party: PersonId) -> View {
        let (zone, id) = (self.court.clone(), self.case);
        self.court.db().read_blocking(move |tx| court::view(tx, &zone, COURT, id, party, party)).expect("a view")
    }

    fn officer(&self, office: Office) -> Actor {
        Actor::staff(self.case().officer(office).expect("assigned").0, office, COURT)
    }

    /// Everything sealed that waits for the post goes out and arrives on a day.
    fn post(&self, to: PersonId, sent: Date, arrived: Date) {
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

    fn tasks(&self, office: Office) -> Vec<String> {
        let tasks = self.court.db().read_blocking(move |tx| court::store::tasks(tx, COURT, office)).expect("tasks");
        tasks.into_iter().map(|task| task.kind).collect()
    }
}

#[test]
fn a_case_goes_from_acceptance_to_the_archive() {
    let Some(fonts) = fonts() else { return };
    let dir = tempfile::tempdir().expect("a directory");
    for (n, url) in stores(dir.path()).into_iter().enumerate() {
        let dir = dir.path().join(n.to_string());
        std::fs::create_dir_all(&dir).expect("a directory");
        let bench = set_up(&dir, &url, &fonts);
        filed_and_accepted(&bench);
        answered_and_commented(&bench);
        assigned_and_heard(&bench);
        judged_and_served(&bench);
        closed_and_archived(&bench);
    }
}

#[test]
fn r_idc_23_who_never_consented_or_withdrew_gets_nothing_electronically_and_who_consents_does() {
    let Some(fonts) = fonts() else { return };
    let dir = tempfile::tempdir().expect("a directory");
    for (n, url) in stores(dir.path()).into_iter().enumerate() {
        let dir = dir.path().join(n.to_string());
        std::fs::create_dir_all(&dir).expect("a directory");
        let bench = set_up(&dir, &url, &fonts);
        filed_and_accepted(&bench);
        let sent_to = |person| {
            let got = bench.got.borrow();
            let papers = got.iter().filter(|message| matches!(message, ToPortal::Paper(paper) if paper.account == person));
            papers.count()
        };
        // All of the first packet went by post, before he joined; the plaintiff's papers went into her inbox.
        assert_eq!(sent_to(bench.defendant), 0, "nothing electronically before consent");
        assert!(sent_to(bench.plaintiff) > 0);

        // Joined and consenting: the notice of the tribunal reaches both inboxes.
        bench.act(&bench.filing_clerk, Command::AssignTribunal(AssignTribunal { form: TribunalForm::Sole }));
        bench.settle();
        let with_consent = sent_to(bench.defendant);
        assert!(with_consent > 0, "who consents is served electronically");
        let method = |paper, to| {
            let case = bench.case();
            let found = case.papers.iter().find(|one| one.paper == paper && one.to == to).map(|one| one.service.clone());
            found.unwrap_or_else(|| panic!("{paper:?} is not owed"))
        };

        // He withdraws: from then on the post, and not one envelope.
        let withdraw = ChooseChannel { choices: vec![(Scope::Service, Channel::Counter)], text: "2026-1".into() };
        bench.act(&Actor::citizen(bench.defendant), Command::ChooseChannel(withdraw));
        let summons =
            ScheduleHearing { date: date(2026, 4, 8), time: time(9, 30, 0, 0), courtroom: "第三法庭".into(), minutes: 120, public: true };
        bench.act(&bench.officer(Office::Clerk), Command::ScheduleHearing(summons));
        bench.settle();
        assert!(matches!(method(Paper::Summons, bench.plaintiff), ServiceState::Served { method: Method::Electronic, .. }));
        assert_eq!(method(Paper::Summons, bench.defendant), ServiceState::Issued, "sealed, and waiting for the post");
        assert_eq!(sent_to(bench.defendant), with_consent, "nothing electronically after the withdrawal");
        let (id, defendant) = (bench.case, bench.defendant);
        let post = bench.court.db().read_blocking(move |tx| court::store::post_tasks(tx, COURT, id)).expect("tasks");
        assert_eq!(post.iter().filter(|(_, to)| *to == defendant).count(), 1, "the clerk has it to post: {post:?}");
        bench.post(bench.defendant, date(2026, 3, 10), date(2026, 3, 13));
        assert!(
            matches!(method(Paper::Summons, bench.defendant), ServiceState::Served { method: Method::Postal, on, .. } if on == date(2026, 3, 13))
        );
        let (owed, forgotten) = court::check_owed(bench.court.db(), &[COURT.to_owned()]).expect("compared");
        assert!(owed > 0 && forgotten.is_empty(), "{forgotten:?}");

        // And back again: the choice can be changed at any time (R-IDC-23).
        let again = ChooseChannel { choices: vec![(Scope::Service, Channel::Online)], text: "2026-1".into() };
        bench.act(&Actor::citizen(bench.defendant), Command::ChooseChannel(again));
        bench.forward(date(2026, 4, 1));
        let reason = "被告申请延期，理由正当。".into();
        let later = PostponeHearing { date: date(2026, 4, 15), time: time(9, 30, 0, 0), courtroom: "第三法庭".into(), reason };
        bench.act(&bench.officer(Office::Judge), Command::PostponeHearing(later));
        bench.settle();
        assert!(sent_to(bench.defendant) > with_consent, "consent given again holds again");
        a_lost_job_is_seen(&bench);
    }
}

/// Owed is found from the events, under way from the jobs: a job that is gone shows.
fn a_lost_job_is_seen(bench: &Bench) {
    let evidence = material(MaterialKind::Evidence, "还款记录", "还款记录……".as_bytes());
    let handed_in = Command::SubmitEvidence(SubmitEvidence { materials: vec![evidence], reason: String::new() });
    bench.try_with(&Actor::citizen(bench.defendant), handed_in, vec![], &["还款记录……".as_bytes()]).expect("handed in");
    let looked = || court::check_owed(bench.court.db(), &[COURT.to_owned()]).expect("compared").1;
    assert_eq!(looked(), [], "its receipt is to be typeset");
    const GONE: &str = "DELETE FROM jobs WHERE court = $1 AND kind = 'typeset' AND state <> 'done'";
    bench.court.db().write_blocking(|tx| Ok::<_, Error>(tx.execute(GONE, &[COURT.into()])?)).expect("deleted");
    let forgotten = looked();
    assert_eq!(forgotten.iter().map(|one| one.missing).collect::<Vec<_>>(), ["job to typeset it"], "{forgotten:?}");
}

fn filed_and_accepted(bench: &Bench) {
    let party = |person, side, name: &str| Party { person, side, name: name.into(), organisation: false, digest: String::new() };
    let card = |person, name: &str| Card {
        person,
        name: name.into(),
        number: "11010119900307803X".into(),
        address: "清河市青石区云溪路6号".into(),
        sex: "女".into(),
        ethnicity: "汉族".into(),
        ..Card::default()
    };
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
    let findings = Check::ALL.map(|check| Finding { check, holds: true, note: String::new() }).to_vec();
    bench.act(&bench.filing_clerk, Command::AcceptFiling(AcceptFiling { procedure: Procedure::Simple, findings, undecided: false }));
    bench.settle();
    assert!(bench.case().checkpoint.lines().count() >= 3, "the head of the log stands in the acceptance: {:?}", bench.case().checkpoint);
    assert!(bench.tasks(Office::FilingClerk).contains(&"assign".to_owned()));
    let pay = PayFee { amount: Fen(190_500), method: PaymentMethod::Online, reference: "P-1".into() };
    bench.act(&Actor::platform(COURT), Command::PayFee(pay));
    bench.post(bench.defendant, date(2026, 3, 3), date(2026, 3, 6));
    assert!(bench.case().clock("R-FIL-21").is_none(), "the first packet left in time");
    let join = JoinCase { choices: Scope::ALL.iter().map(|scope| (*scope, Channel::Online)).collect(), text: "2026-1".into() };
    bench.forward(date(2026, 3, 9));
    let (id, defendant) = (bench.case, bench.defendant);
    bench.court.db().write_blocking(move |tx| court::store::link(tx, COURT, id, defendant, defendant)).expect("linked");
    bench.act(&Actor::citizen(bench.defendant), Command::JoinCase(join));
    bench.settle();
}

fn answered_and_commented(bench: &Bench) {
    let (plaintiff, defendant) = (Actor::citizen(bench.plaintiff), Actor::citizen(bench.defendant));
    let view = bench.view(bench.defendant);
    assert!(view.steps.iter().any(|step| step == "submit_answer"), "{:?}", view.steps);
    assert!(view.duties.iter().any(|duty| duty.yours && duty.step.as_deref() == Some("submit_answer") && duty.until == Some(date(2026, 3, 23))));
    assert!(!bench.view(bench.plaintiff).steps.iter().any(|step| step == "submit_answer"));
    bench.forward(date(2026, 3, 16));
    let paper = "答辩状……".as_bytes();
    let answer = SubmitAnswer {
        text: "借款属实，已经还了两万元。".into(), materials: vec![material(MaterialKind::Answer, "民事答辩状", paper)]
    };
    let missing = bench.try_with(&defendant, Command::SubmitAnswer(answer.clone()), vec![], &[]);
    assert!(matches!(missing, Err(Error::FileMissing(_))), "no event names a file that is not there");
    bench.try_with(&defendant, Command::SubmitAnswer(answer), vec![], &[paper]).expect("answered");
    let proof = "转账凭证……".as_bytes();
    let evidence = SubmitEvidence { materials: vec![material(MaterialKind::Evidence, "转账凭证", proof)], reason: String::new() };
    bench.try_with(&defendant, Command::SubmitEvidence(evidence), vec![], &[proof]).expect("handed in");
    bench.settle();
    let case = bench.case();
    for (paper, to) in [(Paper::AnswerCopy, bench.plaintiff), (Paper::EvidenceReceipt, bench.defendant)] {
        assert_eq!(case.served_on(paper, to), Some(date(2026, 3, 16)), "{paper:?} is typeset, sealed and served");
    }
    let opinion = |item, authenticity, text: &str| {
        let opinion = ItemOpinion { item, authenticity, legality: Stand::Accepted, relevance: Stand::Accepted, text: text.into() };
        Command::CommentOnEvidence(CommentOnEvidence { opinions: vec![opinion] })
    };
    let (iou, transfer) = (case.evidence[0].material.id, case.evidence[1].material.id);
    let waits = |person| bench.view(person).evidence.iter().map(|item| item.waits).collect::<Vec<_>>();
    assert_eq!((waits(bench.plaintiff), waits(bench.defendant)), (vec![false, true], vec![true, false]));
    bench.act(&defendant, opinion(iou, Stand::Accepted, ""));
    bench.act(&plaintiff, opinion(transfer, Stand::Disputed, "这笔钱是另一笔货款。"));
    assert_eq!((waits(bench.plaintiff), waits(bench.defendant)), (vec![false, false], vec![false, false]));
    let view = bench.view(bench.defendant);
    let theirs = &view.evidence[1].opinions[0];
    assert_eq!((theirs.by.as_str(), theirs.yours, theirs.authenticity), ("周桂兰", false, Stand::Disputed));
    bench.settle();
}

fn assigned_and_heard(bench: &Bench) {
    let events = bench.act(&bench.filing_clerk, Command::AssignTribunal(AssignTribunal { form: TribunalForm::Sole }));
    let Event::TribunalAssigned { tribunal, .. } = &events[0] else { panic!("a tribunal") };
    assert_eq!((tribunal.roster.len(), tribunal.judges.len()), (5, 1));
    let judges: Vec<_> = tribunal.roster.iter().filter(|one| one.office == Office::Judge).map(|one| one.person).collect();
    assert_eq!(procedure::draw::draw(&tribunal.seed, "judge", &judges, 1), [tribunal.judges[0].person], "drawn again from the event");
    assert_eq!(bench.view(bench.plaintiff).tribunal.as_ref(), Some(&**tribunal), "the parties can draw again too");
    bench.settle();
    assert!(!bench.tasks(Office::FilingClerk).contains(&"assign".to_owned()));
    assert!(bench.case().clock("R-TRI-05").is_none(), "both notices left at once");
    let (judge, clerk) = (bench.officer(Office::Judge), bench.officer(Office::Clerk));
    let schedule =
        |hour| ScheduleHearing { date: date(2026, 4, 8), time: time(hour, 30, 0, 0), courtroom: "第三法庭".into(), minutes: 120, public: true };
    bench.act(&clerk, Command::ScheduleHearing(schedule(9)));
    bench.settle();
    assert_eq!(bench.refused(&clerk, Command::ScheduleHearing(schedule(14))), Refusal::HearingPending { number: 1 });
    let id = bench.case;
    let booked = bench.court.db().read_blocking(move |tx| court::store::trial::bookings(tx, COURT, date(2026, 4, 8))).expect("bookings");
    assert!(booked.len() == 1 && booked[0].case == id && booked[0].staff.contains(&judge.person), "{booked:?}");
    assert!(bench.view(bench.defendant).duties.iter().any(|duty| duty.what == "参加开庭" && duty.until == Some(date(2026, 4, 8))));

    bench.forward(date(2026, 4, 8));
    let line = |person, presence| Attendance { person, presence, with: vec![] };
    let attendance = vec![line(bench.plaintiff, Presence::InPerson), line(bench.defendant, Presence::InPerson)];
    bench.act(&judge, Command::OpenHearing(OpenHearing { attendance }));
    bench.act(&clerk, Command::KeepRecord(KeepRecord { text: "审判员：现在开庭。".into() }));
    let text = "审判员：现在开庭。\n原告：请求判令被告还款。\n被告：已经还了两万元。";
    bench.act(&clerk, Command::KeepRecord(KeepRecord { text: text.into() }));
    let open = bench.view(bench.plaintiff);
    assert!(
        open.hearings[0].record.is_none() && !serde_json::to_string(&open).expect("JSON").contains("请求判令被告还款。"),
        "an open record is internal"
    );
    bench.act(&clerk, Command::CloseRecord(CloseRecord {}));
    let closed = bench.view(bench.plaintiff);
    let record = closed.hearings[0].record.as_ref().expect("to sign");
    assert!(record.waits && record.text == text && closed.steps.iter().any(|step| step == "confirm_record"));
    bench.act(&Actor::citizen(bench.plaintiff), Command::ConfirmRecord(ConfirmRecord::default()));
    let mut counter = clerk.clone();
    counter.for_person = Some(bench.defendant);
    bench.act(&counter, Command::ConfirmRecord(ConfirmRecord::default()));
    assert!(bench.tasks(Office::Clerk).contains(&"record".to_owned()));
    bench.act(&judge, Command::ConfirmRecord(ConfirmRecord::default()));
    bench.settle();
    assert!(!bench.tasks(Office::Clerk).contains(&"record".to_owned()) && bench.tasks(Office::Judge).contains(&"judgment".to_owned()));
    let case = bench.case();
    let kept = case.papers.iter().find(|paper| paper.paper == Paper::HearingRecord).expect("a paper for the file");
    assert!(kept.service == ServiceState::Issued && kept.to == PersonId::default(), "{kept:?}");
    assert_eq!((bench.view(bench.plaintiff).trips, bench.view(bench.defendant).trips), (1, 1), "the sitting and signing there is one trip");
}

fn judged_and_served(bench: &Bench) {
    let (judge, clerk) = (bench.officer(Office::Judge), bench.officer(Office::Clerk));
    bench.forward(date(2026, 4, 20));
    let secret = "合议后认定的理由";
    let text = JudgmentText {
        evidence: "双方对借条没有异议，本院予以确认。".into(),
        facts: "2024年3月15日，原告出借150000元给被告，被告已还20000元。".into(),
        reasons: format!("借款合同合法有效。{secret}。"),
        basis: "《中华人民共和国民法典》第六百七十五条".into(),
        orders: vec!["被告陈志远于本判决生效之日起十日内偿还原告周桂兰借款本金130000元；".into(), "驳回原告周桂兰的其他诉讼请求。".into()],
        fee: vec![FeeShare { person: bench.defendant, amount: Fen(190_500) }],
    };
    bench.act(&judge, Command::DraftJudgment(DraftJudgment { text, findings: vec![] }));
    bench.act(&judge, Command::SignJudgment(SignJudgment { version: Some(1) }));
    for person in [bench.plaintiff, bench.defendant] {
        let view = bench.view(person);
        let json = serde_json::to_string(&view).expect("JSON");
        assert!(view.judgment.is_none() && !json.contains(secret) && !json.contains("签署"), "nothing of a draft is in a view");
    }
    assert!(bench.tasks(Office::Clerk).contains(&"countersign".to_owned()));
    bench.act(&clerk, Command::SignJudgment(SignJudgment::default()));
    bench.settle();
    let case = bench.case();
    for person in [bench.plaintiff, bench.defendant] {
        assert_eq!(case.served_on(Paper::CivilJudgment, person), Some(date(2026, 4, 20)));
        let view = bench.view(person);
        let judgment = view.judgment.as_ref().expect("given");
        assert_eq!((judgment.served_on, judgment.appeal_until), (Some(date(2026, 4, 20)), Some(date(2026, 5, 6))), "5 May is a holiday");
        assert!(view.steps.iter().any(|step| step == "file_appeal"));
    }
    let early = bench.refused(&clerk, Command::IssueEffectCertificate(IssueEffectCertificate { to: bench.plaintiff }));
    assert!(matches!(early, Refusal::NotEffectiveYet { .. }));
    bench.forward(date(2026, 5, 6));
    bench.court.tick().expect("looked");
    assert_eq!(bench.case().stage, Stage::Decided, "the last day is a day of the period");
    bench.forward(date(2026, 5, 7));
    bench.court.tick().expect("looked");
    assert_eq!((bench.case().stage, bench.case().effective_on), (Stage::Effective, Some(date(2026, 5, 7))));
    bench.act(&Actor::citizen(bench.plaintiff), Command::RequestEffectCertificate(RequestEffectCertificate {}));
    assert!(bench.tasks(Office::Clerk).contains(&"certificate".to_owned()));
    bench.act(&clerk, Command::IssueEffectCertificate(IssueEffectCertificate { to: bench.plaintiff }));
    bench.settle();
    assert_eq!(bench.case().served_on(Paper::EffectivenessCertificate, bench.plaintiff), Some(date(2026, 5, 7)));
}

fn closed_and_archived(bench: &Bench) {
    let clerk = bench.officer(Office::Clerk);
    let events = bench.act(&clerk, Command::CloseCase(CloseCase {}));
    let Event::CaseClosed { closing, .. } = &events[0] else { panic!("a closing") };
    assert_eq!((closing.on, closing.volumes.len()), (date(2026, 4, 20), 1));
    let view = bench.view(bench.plaintiff);
    assert_eq!((&closing.volumes[0].root, closing.volumes[0].items as usize), (&view.root, view.items.len()), "filed = shown");
    assert!(bench.tasks(Office::Clerk).contains(&"archive".to_owned()));
    let archive = |package: String| {
        Command::ArchiveCase(ArchiveCase { package, bytes: 4, tag_manifest: "cd".repeat(32), volumes: vec![], term: "长期（60年）".into() })
    };
    let nowhere = bench.try_with(&clerk, archive("ab".repeat(32)), vec![], &[]);
    assert!(matches!(nowhere, Err(Error::FileMissing(_))), "a package that the court does not hold is none");
    let package = bench.court.archive_package(COURT, bench.case).expect("packed");
    assert!(package.is_complete(), "{:?}", package.findings);
    bench.act(&clerk, Command::ArchiveCase(package.command()));
    assert_eq!(bench.case().archiving.as_ref().map(|archiving| archiving.volumes.len()), Some(2), "正卷 and 副卷");
    bench.settle();
    assert_eq!(bench.case().stage, Stage::Archived);
    assert!(!bench.tasks(Office::Clerk).contains(&"archive".to_owned()));

    // The ledger holds a record of each kind, complete; replay is equal; nothing is left undone.
    let case = bench.case;
    let kinds: Vec<String> = ["E", "T", "R", "V1", "M"].iter().map(|letter| format!("{letter}-{}", case.0.simple())).collect();
    let got = bench.got.borrow();
    let complete: BTreeMap<_, _> = got
        .iter()
        .filter_map(|message| match message {
            ToPortal::Receipts { receipts } => Some(receipts.clone()),
            ToPortal::Answered { .. } | ToPortal::View(_) | ToPortal::Paper(_) | ToPortal::Clock { .. } => None,
        })
        .flatten()
        .collect();
    for prefix in kinds {
        assert!(complete.keys().any(|no| no.starts_with(&prefix)), "{prefix}: {:?}", complete.keys());
    }
    drop(got);
    assert_eq!(bench.court.check_replay().expect("replays"), (1, vec![]));
    let case = bench.case();
    let owed: Vec<_> = case.papers.iter().filter(|paper| paper.service == ServiceState::Owed).map(|paper| paper.paper).collect();
    assert_eq!(owed, [], "everything owed was made");
}

#[test]
fn every_statement_of_the_trial_is_understood_by_each_engine() {
    let dir = tempfile::tempdir().expect("a directory");
    for url in stores(dir.path()) {
        let db = Db::open(&url, &[court::store::MIGRATIONS]).expect("a store");
        db.read_blocking(|tx| court::store::trial::STATEMENTS.iter().try_for_each(|sql| tx.prepare(sql))).expect("prepared");
    }
}

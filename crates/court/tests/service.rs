//! What service and review ask of people, on real tables with real papers: failed and unopened services, paper on request,
//! undecided filings, filings given back and refused, jobs put aside, items released to who may read them.
use court::staff::{self, Member, NewMember};
use court::{Act, Config, Court, Error, Undelivered, Vault};
use exchange::message::{Card, ToPortal};
use exchange::{Keys, Secret};
use jiff::Timestamp;
use jiff::civil::{Date, date};
use procedure::case::{
    Actor, Channel, Check, Choice, Collect, Material, MaterialKind, Method, Party, Procedure, Remark, Scope, ServiceState, Side, Statement,
};
use procedure::step::accept_filing::Finding;
use procedure::step::refuse_filing::Ground;
use procedure::step::*;
use procedure::{CaseId, Command, Event, Fen, ItemId, Law, Office, Paper, PaperId, PersonId, Stage};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use storage::{Clock, Db, jobs};

const COURT: &str = "粤4001";
const FILES: [(MaterialKind, &str, &str); 3] = [
    (MaterialKind::Complaint, "民事起诉状", "民事起诉状……"),
    (MaterialKind::Evidence, "借条", "借条……"),
    (MaterialKind::Identity, "居民身份证", "居民身份证……"),
];

fn fonts() -> Option<PathBuf> {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../.tools");
    let fonts = std::env::var_os("XIEZHI_TOOLS").map_or_else(|| PathBuf::from(root), PathBuf::from).join("fonts");
    if fonts.join("FandolFang-Regular.otf").exists() {
        return Some(fonts);
    }
    eprintln!("SKIPPED: the fonts of the papers are missing (scripts/fonts); service was not tested");
    None
}

/// A court with a case of two parties; what the portal answers is the test's own.
struct Bench {
    court: Court,
    keys: Keys,
    clerk: Member,
    case: CaseId,
    plaintiff: PersonId,
    defendant: PersonId,
    got: Mutex<Vec<ToPortal>>,
    _dir: tempfile::TempDir,
}

fn at(day: Date) -> Timestamp {
    jiff::tz::Offset::constant(8).to_timestamp(day.at(10, 0, 0, 0)).expect("a day of the calendar")
}

fn open(dir: &Path, fonts: &Path) -> (Court, Keys) {
    let (own, peer) = (Secret::generate("court").expect("keys"), Secret::generate("portal").expect("keys"));
    let keys = Keys { peer: own.public(), own: peer };
    let bridge = Keys { peer: keys.own.public(), own };
    let db = Db::open(&format!("sqlite:{}", dir.join("court.db").display()), &[court::store::MIGRATIONS]).expect("a store");
    let clock = Clock::demo_from(&db, at(date(2026, 3, 2))).expect("a clock");
    let day = clock.now();
    let certificates = documents::KeyStore::open_or_create(&dir.join("ca"), day, 10).expect("a sandbox CA");
    let signer = certificates.signer("yue4001", "广东省清河市青石区人民法院", day, 10).expect("a seal");
    let key = |name: &str| ledger::SigningKey::generate(ledger::Suite::Sm, name, ledger::Purpose::Note).expect("a key");
    std::fs::create_dir_all(dir.join("log")).expect("a directory");
    let log = ledger::Log::create(&dir.join("log"), key("log.test"), &court::stamp(day).expect("a stamp")).expect("a log");
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
    (court, keys)
}

/// A court with its people.
fn set_up() -> Option<Bench> {
    let fonts = fonts()?;
    let dir = tempfile::tempdir().expect("a directory");
    let (court, keys) = open(dir.path(), &fonts);
    let people = [("xu", "许知行", Office::FilingClerk), ("lin", "林正言", Office::Judge), ("tang", "唐书宁", Office::Clerk)];
    let people = people.map(|(login, name, office)| (PersonId::new(), login, name, office));
    let enter = move |tx: &mut storage::Tx| {
        for (id, login, name, office) in people {
            let member = NewMember { id, login, name, office, division: "立案庭", password: "p", totp: &[1; 20] };
            staff::enter(tx, COURT, &member)?;
        }
        Ok::<_, Error>(())
    };
    court.db().write_blocking(enter).expect("people");
    let clerk = Member { court: COURT.into(), id: people[0].0, name: "许知行".into(), office: Office::FilingClerk, division: "立案庭".into() };
    let (case, plaintiff, defendant) = (CaseId::new(), PersonId::new(), PersonId::new());
    Some(Bench { court, keys, clerk, case, plaintiff, defendant, got: Mutex::default(), _dir: dir })
}

impl Bench {
    fn forward(&self, day: Date) {
        self.court.clock().advance_blocking(at(day), "test").expect("forward");
    }

    fn try_with(&self, by: &Actor, command: Command, cards: Vec<Card>) -> Result<Vec<Event>, Error> {
        let files = FILES.iter().map(|(_, _, text)| (storage::Digest::of(text.as_bytes()).to_string(), text.as_bytes().to_vec())).collect();
        let (by, at) = (by.clone(), self.court.now());
        self.court.act_blocking(Act { court: COURT.into(), case: self.case, by, command, expected: None, at, cards, files }).map(|acted| acted.events)
    }

    fn act(&self, by: &Actor, command: Command) -> Vec<Event> {
        let name = command.step().name;
        self.try_with(by, command, vec![]).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    fn as_clerk(&self, command: Command) -> Vec<Event> {
        self.act(&self.clerk.actor(), command)
    }

    /// Files online, with consent to electronic service.
    fn filed(&self) {
        let party = |person, side, name: &str| Party { person, side, name: name.into(), organisation: false, digest: String::new() };
        let material = |(kind, name, text): (MaterialKind, &str, &str)| Material {
            id: ItemId::new(),
            kind,
            name: name.into(),
            pages: 1,
            bytes: text.len() as u64,
            sha256: storage::Digest::of(text.as_bytes()).to_string(),
            media: "text/plain".into(),
            purpose: (kind == MaterialKind::Evidence).then(|| "证明借款事实".into()),
        };
        let online = |scope| Choice { person: self.plaintiff, scope, channel: Channel::Online, text: "2026-1".into(), at: self.court.now() };
        let filing = SubmitFiling {
            receipt_no: "4001-2026-0302-00001".into(),
            parties: vec![party(self.plaintiff, Side::Plaintiff, "周桂兰"), party(self.defendant, Side::Defendant, "陈志远")],
            agents: vec![],
            statement: Statement {
                cause: "108.3".into(),
                cause_name: "民间借贷纠纷".into(),
                claims: vec!["判令被告偿还借款本金150000元。".into()],
                amount: Fen(15_000_000),
                facts: "2024年3月15日，原告出借150000元给被告，至今未还。".into(),
                reasons: "借款合同合法有效，被告应当按约还款。".into(),
                answers: BTreeMap::new(),
                materials: FILES.map(material).to_vec(),
            },
            channel: Channel::Online,
            choices: vec![online(Scope::Filing), online(Scope::Service)],
        };
        let card = |person, name: &str| Card {
            person,
            name: name.into(),
            number: "11010119900307803X".into(),
            address: "清河市青石区青石路27号".into(),
            sex: "女".into(),
            ethnicity: "汉族".into(),
            ..Card::default()
        };
        let cards = vec![card(self.plaintiff, "周桂兰"), card(self.defendant, "陈志远")];
        self.try_with(&Actor::citizen(self.plaintiff), Command::SubmitFiling(filing), cards).expect("filed");
    }

    fn accepted(&self) {
        self.filed();
        let findings = Check::ALL.map(|check| Finding { check, holds: true, note: String::new() }).to_vec();
        self.as_clerk(Command::AcceptFiling(AcceptFiling { procedure: Procedure::Simple, findings, undecided: false }));
    }

    fn returned(&self) {
        self.filed();
        let remark = Remark {
            field: "defendant.address".into(),
            label: "被告住所".into(),
            page: Some(1),
            remark: "请写明门牌号。".into(),
            rule: "R-FIL-04".into(),
        };
        self.as_clerk(Command::ReturnForCorrection(ReturnForCorrection { remarks: vec![remark], days: 7 }));
        self.settle();
    }

    /// Lets the workers run until nothing is left; `answer` is what the portal says of an envelope that carries a paper.
    fn settle_with(&self, answer: &(dyn Fn() -> Result<(), Undelivered> + Sync)) {
        for _ in 0..80 {
            let done = self.court.work().expect("workers run");
            let (keys, got, now) = (&self.keys, &self.got, self.court.now());
            let take = |_, bytes: &[u8]| {
                let opened = exchange::open(keys, bytes).map_err(|error| error.to_string())?;
                let message: ToPortal = serde_json::from_slice(&opened.payload).map_err(|error| error.to_string())?;
                if matches!(&message, ToPortal::Paper(paper) if paper.proof_of.is_none()) {
                    answer()?;
                }
                got.lock().expect("no panic").push(message);
                Ok(now)
            };
            if done == 0 && self.court.deliver(&take).expect("delivered") == 0 {
                return;
            }
        }
        panic!("the workers never come to rest");
    }

    fn settle(&self) {
        self.settle_with(&|| Ok(()));
    }

    fn case(&self) -> procedure::Case {
        let id = self.case;
        self.court.db().read_blocking(move |tx| court::store::case(tx, COURT, id)).expect("a case")
    }

    fn papers_to(&self, person: PersonId) -> Vec<procedure::case::IssuedPaper> {
        self.case().papers.into_iter().filter(|paper| paper.to == person).collect()
    }

    fn tasks(&self, kind: &str) -> Vec<court::store::Task> {
        let tasks = self.court.db().read_blocking(|tx| court::store::tasks(tx, COURT, Office::FilingClerk)).expect("tasks");
        tasks.into_iter().filter(|task| task.kind == kind).collect()
    }

    fn forgotten(&self) -> Vec<court::Forgotten> {
        court::check_owed(self.court.db(), &[COURT.to_owned()]).expect("compared").1
    }
}

/// A future that waits for nothing but the store's own thread.
fn wait<T>(future: impl Future<Output = T>) -> T {
    let mut future = std::pin::pin!(future);
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    loop {
        if let std::task::Poll::Ready(value) = future.as_mut().poll(&mut context) {
            return value;
        }
        std::thread::yield_now();
    }
}

#[test]
fn r_svc_18_a_refused_envelope_is_a_failed_service_and_the_post_ends_the_clerks_task() {
    let Some(bench) = set_up() else { return };
    bench.accepted();
    bench.settle_with(&|| Err(Undelivered { reason: "no such account".into(), for_good: true }));
    let papers = bench.papers_to(bench.plaintiff);
    assert!(papers.iter().all(|paper| matches!(paper.service, ServiceState::Failed { method: Method::Electronic, .. })), "{papers:?}");
    let tasks = bench.tasks("undelivered");
    assert_eq!(tasks.len(), papers.len());
    assert!(tasks.iter().all(|task| task.title.contains("未能电子送达周桂兰，改为邮寄")), "{tasks:?}");
    let about: court::desk::Papers = serde_json::from_str(&tasks[0].payload).expect("papers");
    assert_eq!(about.to, bench.plaintiff, "the task leads to the packet of its recipient");
    assert_eq!(bench.forgotten(), [], "every failed service has its task");

    let ids = papers.iter().map(|paper| paper.id).collect();
    bench.as_clerk(Command::SendPaper(SendPaper { papers: ids, method: Method::Postal, reference: "EMS 1".into() }));
    assert!(bench.tasks("undelivered").is_empty(), "sent another way, the task is done");
    assert_eq!(bench.forgotten(), []);
}

#[test]
fn r_svc_18_a_portal_out_of_reach_fails_a_service_after_so_many_tries_and_not_before() {
    let Some(bench) = set_up() else { return };
    bench.returned_unreached();
    let tries = bench.court.law().policy.electronic_tries;
    let state = || bench.papers_to(bench.plaintiff)[0].service.clone();
    for n in 1..tries {
        assert!(matches!(state(), ServiceState::Sent { .. }), "after {n} tries it is on its way");
        bench.try_again();
    }
    assert!(matches!(state(), ServiceState::Failed { .. }), "after {tries} tries it goes another way");
    assert_eq!(bench.tasks("undelivered").len(), 1);
    bench.try_again();
    assert_eq!(bench.tasks("undelivered").len(), 1, "given up, it is not tried again");
}

impl Bench {
    fn returned_unreached(&self) {
        self.filed();
        let remark =
            Remark { field: "claims".into(), label: "诉讼请求".into(), page: None, remark: "请写明。".into(), rule: "R-FIL-12".into() };
        self.as_clerk(Command::ReturnForCorrection(ReturnForCorrection { remarks: vec![remark], days: 7 }));
        self.settle_with(&|| Err("no route".to_owned().into()));
    }

    /// A day on, when every pause is over.
    fn try_again(&self) {
        let later = self.court.now().saturating_add(jiff::SignedDuration::from_hours(9)).expect("a time");
        self.court.clock().advance_blocking(later, "test").expect("forward");
        self.settle_with(&|| Err("no route".to_owned().into()));
    }
}

#[test]
fn r_svc_18_papers_that_nobody_opens_become_a_reminder_and_opening_ends_it() {
    let Some(bench) = set_up() else { return };
    bench.accepted();
    bench.settle();
    bench.forward(date(2026, 3, 5));
    bench.court.tick().expect("ticks");
    assert!(bench.tasks("unopened").is_empty(), "three days are given");
    bench.forward(date(2026, 3, 6));
    bench.court.tick().expect("ticks");
    bench.court.tick().expect("ticks");
    let tasks = bench.tasks("unopened");
    assert_eq!(tasks.len(), 1, "one for what one person got on one day: {tasks:?}");
    assert!(tasks[0].title.contains("周桂兰超过 3 日没有打开"), "{}", tasks[0].title);
    let papers = bench.papers_to(bench.plaintiff);
    assert!(papers.iter().all(|paper| matches!(paper.service, ServiceState::Served { .. })), "the service stands (R-SVC-12)");
    for (n, paper) in papers.iter().enumerate() {
        assert_eq!(bench.tasks("unopened").len(), 1, "{n} opened");
        bench.act(&Actor::citizen(bench.plaintiff), Command::OpenPaper(OpenPaper { id: paper.id }));
    }
    assert!(bench.tasks("unopened").is_empty(), "everything was opened");
    bench.court.tick().expect("ticks");
    assert!(bench.tasks("unopened").is_empty());
}

#[test]
fn r_svc_18_a_reminder_that_a_clerk_ended_does_not_come_back() {
    let Some(bench) = set_up() else { return };
    bench.accepted();
    bench.settle();
    bench.forward(date(2026, 3, 6));
    bench.court.tick().expect("ticks");
    let id = bench.tasks("unopened")[0].id.clone();
    assert!(wait(bench.court.close_task(&bench.clerk, id)).expect("closed"));
    bench.forward(date(2026, 3, 9));
    bench.court.tick().expect("ticks");
    assert!(bench.tasks("unopened").is_empty());
}

#[test]
fn r_svc_10_paper_on_request_is_a_clerks_task() {
    let Some(bench) = set_up() else { return };
    bench.accepted();
    bench.settle();
    let paper = bench.papers_to(bench.plaintiff)[0].clone();
    let ask = Command::RequestPaperCopy(RequestPaperCopy { id: paper.id, how: Collect::Collect });
    bench.act(&Actor::citizen(bench.plaintiff), ask);
    let tasks = bench.tasks("paper_copy");
    assert_eq!(tasks.len(), 1);
    assert_eq!(tasks[0].title, format!("周桂兰索要纸质的{}：到法院领取", paper.paper.zh()));
    assert!(wait(bench.court.close_task(&bench.clerk, tasks[0].id.clone())).expect("closed"), "done when the clerk says so");
    assert!(bench.tasks("paper_copy").is_empty());
}

#[test]
fn a_recipient_has_one_packet_for_the_post_whatever_is_sealed_later() {
    let Some(bench) = set_up() else { return };
    bench.accepted();
    bench.settle();
    let to_defendant = || bench.tasks("post").into_iter().filter(|task| task.payload.contains(&bench.defendant.to_string())).count();
    assert_eq!(to_defendant(), 1);
    bench.as_clerk(Command::AssignTribunal(AssignTribunal { form: procedure::trial::TribunalForm::Sole }));
    bench.settle();
    assert!(bench.papers_to(bench.defendant).iter().any(|paper| paper.paper == Paper::PanelNotice && paper.service == ServiceState::Issued));
    assert_eq!(to_defendant(), 1, "the notice goes into the packet that lies there");
}

#[test]
fn r_fil_10_an_undecided_filing_is_taken_up_anew_every_day_and_says_how_late_it_is() {
    let Some(bench) = set_up() else { return };
    bench.filed();
    bench.forward(date(2026, 3, 9));
    bench.court.tick().expect("ticks");
    assert_eq!(bench.tasks("undecided").len(), 1);
    assert!(bench.tasks("undecided")[0].title.contains("今天届满"));
    bench.forward(date(2026, 3, 12));
    bench.court.tick().expect("ticks");
    bench.court.tick().expect("ticks");
    let tasks = bench.tasks("undecided");
    assert_eq!(tasks.len(), 1, "the day's own in the place of the last: {tasks:?}");
    assert!(tasks[0].title.contains("审查期限已过 3 日") && tasks[0].id.ends_with("2026-03-12"), "{tasks:?}");
}

#[test]
fn r_fil_12_a_filing_not_mended_is_given_back_and_who_insists_gets_a_ruling() {
    let Some(bench) = set_up() else { return };
    bench.returned();
    bench.forward(date(2026, 3, 10));
    bench.court.tick().expect("ticks");
    assert_eq!(bench.tasks("correction_over").len(), 1);
    bench.as_clerk(Command::GiveBackFiling(GiveBackFiling { reason: "没有补正被告住所。".into() }));
    bench.settle();
    assert!(bench.tasks("correction_over").is_empty());
    let notice = bench.papers_to(bench.plaintiff).into_iter().find(|paper| paper.paper == Paper::GivenBackNotice).expect("owed");
    assert!(matches!(notice.service, ServiceState::Served { .. }), "the plaintiff is told: {notice:?}");

    bench.act(&Actor::citizen(bench.plaintiff), Command::InsistOnFiling(InsistOnFiling { reason: "住所已经写明。".into() }));
    assert_eq!(bench.tasks("insisted").len(), 1);
    let ruling =
        Command::RefuseFiling(RefuseFiling { ground: Ground::NotCorrected, reasons: "被告住所不明，不能与他人区别。".into() });
    let draft = bench.court.preview(&bench.clerk, bench.case, &ruling).expect("typeset").expect("a ruling");
    assert!(draft.starts_with(b"%PDF"));
    assert_eq!(bench.case().stage, Stage::GivenBack, "a preview stores nothing");
    bench.as_clerk(ruling);
    bench.settle();
    assert!(bench.tasks("insisted").is_empty());
    let case = bench.case();
    assert_eq!((case.stage, case.number.as_deref()), (Stage::Refused, Some("(2026)粤4001民初1号")), "the first number of the register");
    let ruling = case.papers.iter().find(|paper| paper.paper == Paper::RefusalRuling).expect("owed");
    assert!(matches!(ruling.service, ServiceState::Served { .. }));
    assert!(case.clocks.iter().any(|clock| clock.clock.rule == "R-APL-01b"), "ten days to appeal from the service");
    let appeal = FileAppeal { requests: "撤销裁定，指令立案。".into(), reasons: "被告明确。".into(), materials: vec![] };
    bench.act(&Actor::citizen(bench.plaintiff), Command::FileAppeal(appeal));
    assert_eq!(bench.tasks("appeal").len(), 1, "with the filing clerk: the case has no clerk");
    assert_eq!(bench.court.check_replay().expect("replays").1, vec![]);
}

/// Makes every job of a kind that waits fail until it is put aside.
fn bury(bench: &Bench, kind: &'static str) {
    for _ in 0..jobs::ATTEMPTS {
        let now = bench.court.now();
        let fail = move |tx: &mut storage::Tx| {
            for job in jobs::due(tx, now, 100)? {
                if job.kind == kind {
                    jobs::failed(tx, &job, "a font is missing", now)?;
                } else {
                    jobs::done(tx, &job)?;
                }
            }
            Ok::<_, Error>(())
        };
        bench.court.db().write_blocking(fail).expect("failed");
    }
}

#[test]
fn a_job_put_aside_is_told_to_a_clerk_and_is_not_under_way() {
    let Some(bench) = set_up() else { return };
    bench.filed();
    bench.settle();
    let remark = Remark { field: "claims".into(), label: "诉讼请求".into(), page: None, remark: "请写明。".into(), rule: "R-FIL-12".into() };
    bench.as_clerk(Command::ReturnForCorrection(ReturnForCorrection { remarks: vec![remark], days: 7 }));
    assert_eq!(bench.forgotten(), [], "its job waits");
    bury(&bench, "typeset");
    assert_eq!(bench.forgotten().iter().map(|one| one.missing).collect::<Vec<_>>(), ["job to typeset it"], "dead is not under way");
    bench.court.tick().expect("ticks");
    bench.court.tick().expect("ticks");
    let tasks = bench.tasks("dead_job");
    assert_eq!(tasks.len(), 1, "told once: {tasks:?}");
    assert!(tasks[0].title.starts_with("生成文书没有成功") && tasks[0].detail.contains("a font is missing"), "{tasks:?}");

    let id = tasks[0].id.clone();
    assert!(wait(bench.court.retry_job(&bench.clerk, id.clone())).expect("tried again"));
    assert!(bench.tasks("dead_job").is_empty());
    assert!(!wait(bench.court.retry_job(&bench.clerk, id)).expect("known"), "a task that is done is none");
    bench.settle();
    assert_eq!(bench.forgotten(), []);
    assert!(matches!(bench.papers_to(bench.plaintiff)[0].service, ServiceState::Served { .. }));
}

#[test]
fn a_job_of_the_whole_court_that_was_put_aside_is_told_too() {
    let Some(bench) = set_up() else { return };
    bench.accepted();
    bench.settle();
    let now = bench.court.now();
    bench.court.db().write_blocking(move |tx| Ok::<_, Error>(jobs::enqueue(tx, COURT, "ledger", "never", "{}", now)?)).expect("asked for");
    bury(&bench, "ledger");
    bench.court.tick().expect("ticks");
    let tasks = bench.tasks("dead_job");
    assert_eq!((tasks.len(), tasks[0].case_number.as_str()), (1, ""), "of no case, and shown: {tasks:?}");
}

/// Items that came over for an account: name and digest.
fn released(bench: &Bench, account: PersonId) -> Vec<String> {
    let got = bench.got.lock().expect("no panic");
    let items = got.iter().filter_map(|message| match message {
        ToPortal::Item(item) if item.account == account => Some(item.name.clone()),
        ToPortal::Item(_)
        | ToPortal::Answered { .. }
        | ToPortal::View(_)
        | ToPortal::Paper(_)
        | ToPortal::Receipts { .. }
        | ToPortal::CardSeen(_)
        | ToPortal::Left { .. }
        | ToPortal::Clock { .. } => None,
    });
    items.collect()
}

#[test]
fn r_rdg_03_who_joined_reads_complaint_and_evidence_online_once_and_nothing_private() {
    let Some(bench) = set_up() else { return };
    bench.accepted();
    bench.settle();
    let papers: Vec<PaperId> = bench.papers_to(bench.defendant).iter().map(|paper| paper.id).collect();
    bench.as_clerk(Command::SendPaper(SendPaper { papers: papers.clone(), method: Method::Postal, reference: String::new() }));
    let on = date(2026, 3, 4);
    bench.forward(on);
    bench.as_clerk(Command::RecordService(RecordService { papers, on, rule: "R-SVC-01".into() }));
    bench.settle();
    assert_eq!(released(&bench, bench.defendant), Vec::<String>::new(), "who did not join gets nothing");

    let (id, defendant) = (bench.case, bench.defendant);
    let link = court::store::persons::Link { account: defendant, party: defendant, agent: None };
    bench.court.db().write_blocking(move |tx| court::store::persons::link(tx, COURT, id, link)).expect("linked");
    let join = JoinCase { choices: vec![(Scope::EvidenceExchange, Channel::Online)], text: "2026-1".into() };
    bench.act(&Actor::citizen(defendant), Command::JoinCase(join));
    bench.settle();
    let items = released(&bench, defendant);
    assert!(items.iter().any(|name| name == "民事起诉状") && items.iter().any(|name| name.contains("借条")), "{items:?}");
    assert!(items.iter().any(|name| name.contains("应诉通知书（陈志远）")), "his own papers, which came by post: {items:?}");
    assert!(!items.iter().any(|name| name.contains("身份证") || name.contains("（周桂兰）")), "nothing private, nobody else's papers: {items:?}");

    bench.act(&Actor::citizen(defendant), Command::SubmitAnswer(SubmitAnswer { text: "借款属实。".into(), materials: vec![] }));
    bench.settle();
    let again = released(&bench, defendant);
    let unique: std::collections::BTreeSet<_> = again.iter().collect();
    assert_eq!(unique.len(), again.len(), "each item once: {again:?}");
    let reads = wait(bench.court.reads_of(&bench.clerk, bench.case)).expect("reads");
    assert!(reads.iter().any(|read| read.granted && read.reader == "陈志远" && read.what.contains("民事起诉状")), "who got what is on record");
}

#[test]
fn r_svc_14_the_proofs_of_service_are_listed_and_open() {
    let Some(bench) = set_up() else { return };
    bench.accepted();
    bench.settle();
    let file = wait(bench.court.file(&bench.clerk, bench.case, None, "案件")).expect("read").expect("his");
    let served = bench.papers_to(bench.plaintiff);
    assert!(!file.proofs.is_empty());
    for paper in &served {
        let proof = file.proofs.iter().find(|proof| proof.papers.contains(&paper.id)).expect("each service has its proof");
        let (title, bytes, receipt) = wait(bench.court.proof_of(&bench.clerk, bench.case, proof.id)).expect("read").expect("there");
        assert_eq!(title, "电子送达凭证");
        assert!(bytes.starts_with(b"%PDF") && receipt.is_some());
    }
    let stranger = Member { court: "粤4002".into(), ..bench.clerk.clone() };
    assert!(wait(bench.court.proof_of(&stranger, bench.case, file.proofs[0].id)).expect("read").is_none());
}

#[test]
fn r_fee_15_the_ruling_lies_drafted_and_is_issued_as_the_judge_wrote_it() {
    let Some(bench) = set_up() else { return };
    bench.accepted();
    bench.settle();
    bench.as_clerk(Command::AssignTribunal(AssignTribunal { form: procedure::trial::TribunalForm::Sole }));
    bench.settle();
    bench.forward(date(2026, 3, 11));
    let case = bench.case();
    let (id, _) = case.officer(Office::Judge).expect("assigned");
    let judge = Member { court: COURT.into(), id, name: "林正言".into(), office: Office::Judge, division: String::new() };
    let drafted = bench.court.withdrawal_draft(COURT, bench.case).expect("drafted");
    assert!(drafted.facts.contains("预交案件受理费1650元") && drafted.facts.contains("2026年3月9日届满"), "{}", drafted.facts);
    let preview = bench.court.preview(&judge, bench.case, &Command::DeemSuitWithdrawn(DeemSuitWithdrawn::default()));
    assert!(preview.expect("typeset").expect("a ruling").starts_with(b"%PDF"));
    let facts = format!("{}本院另行电话催交，原告仍未交纳。", drafted.facts);
    bench.act(&judge.actor(), Command::DeemSuitWithdrawn(DeemSuitWithdrawn { facts: facts.clone(), basis: String::new() }));
    bench.settle();
    let ruling = bench.case().papers.into_iter().find(|paper| paper.paper == Paper::DeemedWithdrawalRuling).expect("owed");
    let row = bench.court.db().read_blocking(move |tx| court::store::paper(tx, COURT, ruling.id)).expect("read").expect("issued");
    assert!(row.facts.contains("本院另行电话催交") && row.facts.contains("第二百一十三条"), "his words, and the provisions as drafted");
}

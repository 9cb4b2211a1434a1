//! One case to the archive: service with its proofs, record, judgment from the file with the origin of each piece, the check
//! of the draft, effect, closing, and the package that stranger's tools can check.
use court::staff::{self, NewMember};
use court::{Act, Config, Court, Vault};
use exchange::message::{Card, Request, ToCourt, ToPortal};
use exchange::{File, Keys, Secret};
use jiff::Timestamp;
use jiff::civil::{Date, date, time};
use procedure::case::{
    Actor, Channel, Check, Choice, Material, MaterialKind, Method, Party, PaymentMethod, Procedure, Scope, ServiceState, Side, Statement,
};
use procedure::step::accept_filing::Finding;
use procedure::step::comment_on_evidence::ItemOpinion;
use procedure::step::{
    AcceptFiling, ArchiveCase, AssignTribunal, CloseCase, CloseRecord, CommentOnEvidence, ConfirmRecord, CorrectService, DraftJudgment,
    IssueEffectCertificate, KeepRecord, OpenHearing, PayFee, RecordEffect, RecordService, RequestEffectCertificate, ScheduleHearing, SendPaper,
    SignJudgment, SubmitAnswer, SubmitEvidence, SubmitFiling,
};
use procedure::trial::{Attendance, FeeShare, JudgmentText, Level, Presence, Stand, TribunalForm};
use procedure::{Case, CaseId, Command, Fen, ItemId, Law, Office, Paper, PersonId, Stage};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command as Process;
use std::sync::Mutex;
use storage::{Clock, Db};

const COURT: &str = "粤4001";

fn fonts() -> Option<PathBuf> {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../.tools");
    let fonts = std::env::var_os("XIEZHI_TOOLS").map_or_else(|| PathBuf::from(root), PathBuf::from).join("fonts");
    if fonts.join("FandolFang-Regular.otf").exists() {
        return Some(fonts);
    }
    eprintln!("SKIPPED: the fonts of the papers are missing (scripts/fonts); the archive was not tested");
    None
}

struct Bench {
    court: Court,
    keys: Keys,
    /// Signs the portal's receipts.
    portal_key: ledger::SigningKey,
    trust: ledger::Trust,
    filing_clerk: Actor,
    /// Papers that reached an inbox, and receipts as the ledger completed them.
    inbox: RefCell<Vec<(exchange::message::Released, Vec<u8>)>>,
    completed: RefCell<BTreeMap<String, String>>,
    case: CaseId,
}

fn set_up(dir: &Path, fonts: &Path) -> Bench {
    let (own, peer) = (Secret::generate("court").expect("keys"), Secret::generate("portal").expect("keys"));
    let keys = Keys { peer: own.public(), own: peer };
    let bridge = Keys { peer: keys.own.public(), own };
    let start: Timestamp = "2026-03-02T02:00:00Z".parse().expect("a time");
    let store = documents::KeyStore::open_or_create(&dir.join("ca"), start, 10).expect("a sandbox CA");
    let signer = store.signer("yue4001", "广东省清河市青石区人民法院", start, 10).expect("a seal");
    let key = |name: &str| ledger::SigningKey::generate(ledger::Suite::Sm, name, ledger::Purpose::Note).expect("a key");
    let (receipt_key, log_key, portal_key) = (key("court.test"), key("log.test"), key("portal.test"));
    let mut trust = ledger::Trust::default();
    trust.add(ledger::Role::Court, receipt_key.verifying_key().clone()).expect("trusted");
    trust.add(ledger::Role::Portal, portal_key.verifying_key().clone()).expect("trusted");
    trust.add(ledger::Role::Log, log_key.verifying_key().clone()).expect("trusted");
    std::fs::create_dir_all(dir.join("log")).expect("a directory");
    let log = ledger::Log::create(&dir.join("log"), log_key, &court::stamp(start).expect("a stamp")).expect("a log");
    let db = Db::open(&format!("sqlite:{}", dir.join("court.db").display()), &[court::store::MIGRATIONS]).expect("a store");
    let clock = Clock::demo_from(&db, start).expect("a clock");
    let people = [("xu", "许知行", Office::FilingClerk), ("gu", "顾云舒", Office::Judge), ("jing", "许静", Office::Clerk)];
    let ids: Vec<_> = people.iter().map(|_| PersonId::new()).collect();
    let members: Vec<_> = people.into_iter().zip(ids.clone()).collect();
    db.write_blocking(move |tx| {
        members.iter().try_for_each(|((login, name, office), id)| {
            let member = NewMember { id: *id, login, name, office: *office, division: "民一庭", password: "p", totp: &[1; 20] };
            staff::enter(tx, COURT, &member)
        })
    })
    .expect("staff");
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
        messenger: std::sync::Arc::new(exchange::messenger::Sandbox::default()),
        fee_accounts: BTreeMap::new(),
        intake: None,
    });
    let filing_clerk = Actor::staff(ids[0], Office::FilingClerk, COURT);
    Bench { court, keys, portal_key, trust, filing_clerk, inbox: RefCell::default(), completed: RefCell::default(), case: CaseId::new() }
}

impl Bench {
    fn stored(&self) -> Case {
        let id = self.case;
        self.court.db().read_blocking(move |tx| court::store::case(tx, COURT, id)).expect("a case")
    }

    fn act_with(&self, by: &Actor, command: Command, cards: Vec<Card>, files: Vec<(String, Vec<u8>)>) -> court::Acted {
        let at = self.court.now();
        let act = Act { court: COURT.into(), case: self.case, by: by.clone(), command, expected: None, at, cards, files };
        let acted = self.court.act_blocking(act).unwrap_or_else(|error| panic!("{}", error.zh()));
        self.settle();
        acted
    }

    fn act(&self, by: &Actor, command: Command) -> court::Acted {
        self.act_with(by, command, vec![], vec![])
    }

    /// An act of which the workers have not heard yet.
    fn act_now(&self, by: &Actor, command: Command) -> Result<court::Acted, court::Error> {
        let at = self.court.now();
        self.court.act_blocking(Act {
            court: COURT.into(),
            case: self.case,
            by: by.clone(),
            command,
            expected: None,
            at,
            cards: vec![],
            files: vec![],
        })
    }

    /// A submission over the portal, with the portal's receipt under this number.
    fn submit(&self, account: PersonId, number: &str, command: Command, files: Vec<File>) {
        let at = self.court.now();
        let stamp = court::stamp(at).expect("a stamp");
        let content = ledger::Content::new(ledger::Kind::Submission, number, "提交证据", COURT, &stamp);
        let receipt = ledger::Receipt::issue(content, &self.portal_key).expect("a receipt").to_text();
        let request = ToCourt::Act(Box::new(Request {
            submission: uuid::Uuid::now_v7(),
            court: COURT.into(),
            case: self.case,
            account,
            command,
            expected_version: None,
            at,
            receipt_no: number.into(),
            receipt,
            cards: vec![],
            for_person: None,
            code: String::new(),
        }));
        let payload = serde_json::to_vec(&request).expect("JSON");
        let letter = exchange::Letter { id: uuid::Uuid::now_v7(), created: at, kind: "to-court", payload: &payload, files: &files };
        let sealed = exchange::seal(&self.keys, &letter).expect("sealed");
        assert!(self.court.receive_sealed(&sealed).expect("taken").fresh);
        self.settle();
    }

    /// What stands in the way of the archive.
    fn missing(&self) -> Vec<String> {
        let (findings, _) = self.court.archive_check(COURT, self.case).expect("checked");
        findings.into_iter().filter(|finding| finding.weight == casefile::complete::Weight::Missing).map(|finding| finding.text).collect()
    }

    fn settle(&self) {
        for _ in 0..80 {
            let done = self.court.work().expect("workers run");
            let (came, court, keys) = (Mutex::new(vec![]), &self.court, &self.keys);
            let across = court.deliver(&|_, bytes| {
                let opened = exchange::open(keys, bytes).map_err(|error| error.to_string())?;
                let message: ToPortal = serde_json::from_slice(&opened.payload).map_err(|error| error.to_string())?;
                came.lock().expect("no panic").push((message, opened.files));
                Ok(court.now())
            });
            for (message, files) in came.into_inner().expect("no panic") {
                match message {
                    ToPortal::Paper(released) => self.inbox.borrow_mut().push((*released, files[0].bytes.clone())),
                    ToPortal::Receipts { receipts } => self.completed.borrow_mut().extend(receipts),
                    ToPortal::Answered { .. }
                    | ToPortal::View(_)
                    | ToPortal::Item(_)
                    | ToPortal::CardSeen(_)
                    | ToPortal::Clock { .. }
                    | ToPortal::Left { .. } => {}
                }
            }
            if done == 0 && across.expect("delivered") == 0 {
                return;
            }
        }
        panic!("the workers never come to rest");
    }

    fn go_to(&self, day: Date) {
        let at = jiff::tz::Offset::constant(8).to_timestamp(day.at(9, 30, 0, 0));
        self.court.clock().advance_blocking(at.expect("a time"), "test").expect("moved");
        self.settle();
    }

    fn officer(&self, office: Office) -> Actor {
        let (person, _) = self.stored().officer(office).map(|(person, name)| (person, name.to_owned())).expect("assigned");
        Actor::staff(person, office, COURT)
    }

    /// Everything that waits for the defendant goes out by post and is signed for on that day.
    fn post(&self, to: PersonId, on: Date) {
        let waits = |case: &Case| {
            let own = case.papers.iter().filter(|paper| paper.to == to && paper.service == ServiceState::Issued);
            own.map(|paper| paper.id).collect::<Vec<_>>()
        };
        let papers = waits(&self.stored());
        self.act(&self.filing_clerk, Command::SendPaper(SendPaper { papers: papers.clone(), method: Method::Postal, reference: String::new() }));
        self.go_to(on);
        self.act(&self.filing_clerk, Command::RecordService(RecordService { papers, on, rule: "R-SVC-01".into() }));
    }
}

fn card(person: PersonId, name: &str) -> Card {
    Card {
        person,
        name: name.into(),
        number: "11010119900307803X".into(),
        address: "广东省清河市青石区云溪路6号".into(),
        sex: "女".into(),
        ethnicity: "汉族".into(),
        birth: Some(date(1990, 3, 7)),
        phone: "13800138000".into(),
        ..Card::default()
    }
}

fn material(kind: MaterialKind, name: &str, file: &(String, Vec<u8>)) -> Material {
    Material {
        id: ItemId::new(),
        kind,
        name: name.into(),
        pages: 1,
        bytes: file.1.len() as u64,
        sha256: file.0.clone(),
        media: "text/plain".into(),
        purpose: Some("借款事实".into()),
    }
}

fn file(text: &str) -> (String, Vec<u8>) {
    let file = File::of(text.as_bytes().to_vec());
    (file.digest.iter().map(|byte| format!("{byte:02x}")).collect(), file.bytes)
}

/// From the counter to the acceptance: the plaintiff wants electronic service, the defendant was not asked yet.
fn accepted(zone: &Bench, plaintiff: PersonId, defendant: PersonId) {
    let files = [file("民事起诉状……"), file("身份证……"), file("借条……")];
    let party = |person, side, name: &str| Party { person, side, name: name.into(), organisation: false, digest: String::new() };
    let choice = |scope| Choice { person: plaintiff, scope, channel: Channel::Online, text: "2026-1".into(), at: zone.court.now() };
    let filing = SubmitFiling {
        receipt_no: "4001-2026-0302-00001".into(),
        parties: vec![party(plaintiff, Side::Plaintiff, "周桂兰"), party(defendant, Side::Defendant, "陈志远")],
        agents: vec![],
        statement: Statement {
            cause: "108.3".into(),
            cause_name: "民间借贷纠纷".into(),
            claims: vec!["判令被告偿还借款本金150000元。".into(), "判令被告支付利息25500元。".into(), "案件受理费由被告负担。".into()],
            amount: Fen(17_550_000),
            facts: "2024年3月15日，原告出借150000元给被告，约定2025年3月14日前还清，至今未还。".into(),
            reasons: "借款合同合法有效，被告应当按约还款。".into(),
            answers: BTreeMap::new(),
            materials: vec![
                material(MaterialKind::Complaint, "民事起诉状", &files[0]),
                material(MaterialKind::Identity, "原告身份证明", &files[1]),
                material(MaterialKind::Evidence, "借条", &files[2]),
            ],
        },
        channel: Channel::Online,
        choices: [Scope::Filing, Scope::Service].map(choice).to_vec(),
    };
    let cards = vec![card(plaintiff, "周桂兰"), card(defendant, "陈志远")];
    zone.act_with(&Actor::citizen(plaintiff), Command::SubmitFiling(filing), cards, files.to_vec());
    let findings = Check::ALL.map(|check| Finding { check, holds: true, note: String::new() }).to_vec();
    zone.act(&zone.filing_clerk, Command::AcceptFiling(AcceptFiling { procedure: Procedure::Simple, findings, undecided: false }));
}

/// From the first packet to the record that everybody signed.
fn heard(zone: &Bench, plaintiff: PersonId, defendant: PersonId) {
    zone.post(defendant, date(2026, 3, 6));
    let slip = file("转账凭证……");
    let evidence = material(MaterialKind::Evidence, "转账凭证", &slip);
    let handed_in = Command::SubmitEvidence(SubmitEvidence { materials: vec![evidence], reason: String::new() });
    zone.submit(plaintiff, "4001-2026-0306-00002", handed_in, vec![File::of(slip.1)]);
    let counter = |person| Actor { for_person: Some(person), ..zone.filing_clerk.clone() };
    zone.act(&counter(defendant), Command::SubmitAnswer(SubmitAnswer { text: "借款属实，利息过高。".into(), materials: vec![] }));
    let fee = zone.stored().fee.expect("a fee").due;
    zone.act(&zone.filing_clerk, Command::PayFee(PayFee { amount: fee, method: PaymentMethod::BankSlip, reference: "BS-1".into() }));
    let item = zone.stored().evidence[0].material.id;
    let opinion = ItemOpinion { item, authenticity: Stand::Accepted, legality: Stand::Accepted, relevance: Stand::Accepted, text: String::new() };
    zone.act(&counter(defendant), Command::CommentOnEvidence(CommentOnEvidence { opinions: vec![opinion] }));
    zone.act(&zone.filing_clerk, Command::AssignTribunal(AssignTribunal { form: TribunalForm::Sole }));
    zone.post(defendant, date(2026, 3, 10));
    let (judge, clerk) = (zone.officer(Office::Judge), zone.officer(Office::Clerk));
    let hearing = ScheduleHearing { date: date(2026, 4, 15), time: time(9, 30, 0, 0), courtroom: "第三法庭".into(), minutes: 120, public: true };
    zone.act(&clerk, Command::ScheduleHearing(hearing));
    zone.post(defendant, date(2026, 3, 20));
    zone.go_to(date(2026, 4, 15));
    let here = |person| Attendance { person, presence: Presence::InPerson, with: vec![] };
    zone.act(&judge, Command::OpenHearing(OpenHearing { attendance: vec![here(plaintiff), here(defendant)] }));
    let text =
        "审判员：现在开庭。\n原告：请求判令被告偿还借款本金150000元，支付利息25500元。\n被告：借款属实，利息过高。\n审判员：择期宣判，现在休庭。";
    zone.act(&clerk, Command::KeepRecord(KeepRecord { text: text.into() }));
    zone.act(&clerk, Command::CloseRecord(CloseRecord {}));
    zone.act(&counter(plaintiff), Command::ConfirmRecord(ConfirmRecord::default()));
    zone.act(&counter(defendant), Command::ConfirmRecord(ConfirmRecord { refused: "认为记录不全".into(), ..ConfirmRecord::default() }));
    zone.act(&judge, Command::ConfirmRecord(ConfirmRecord::default()));
}

fn text(defendant: PersonId, fee: Fen) -> JudgmentText {
    JudgmentText {
        evidence: "原告提交的借条形式完整，本院予以采信。".into(),
        facts: "2024年3月15日，周桂兰向陈志远出借150000元，约定2025年3月14日前还清，利息25500元，陈志远至今未还。".into(),
        reasons: "双方之间的借款合同合法有效。陈志远到期未还，应当偿还本金150000元，支付利息25500元。".into(),
        basis: "《中华人民共和国民法典》第六百七十五条、第六百七十六条，《中华人民共和国民事诉讼法》第六十七条第一款".into(),
        orders: vec![
            "被告陈志远于本判决生效之日起十日内偿还原告周桂兰借款本金150000元".into(),
            "被告陈志远于本判决生效之日起十日内支付原告周桂兰利息25500元".into(),
        ],
        fee: vec![FeeShare { person: defendant, amount: fee }],
    }
}

#[test]
fn a_case_is_judged_from_its_file_and_archived_as_a_package_that_others_can_check() {
    let Some(fonts) = fonts() else { return };
    let dir = tempfile::tempdir().expect("a directory");
    let zone = set_up(dir.path(), &fonts);
    let (plaintiff, defendant) = (PersonId::new(), PersonId::new());
    accepted(&zone, plaintiff, defendant);
    proofs_come_with_the_services(&zone, plaintiff);
    heard(&zone, plaintiff, defendant);
    drafted(&zone, defendant);

    // In effect after both periods of appeal; a certificate on request.
    let (judge, clerk) = (zone.officer(Office::Judge), zone.officer(Office::Clerk));
    zone.act(&judge, Command::SignJudgment(SignJudgment { version: None }));
    zone.act(&clerk, Command::SignJudgment(SignJudgment { version: None }));
    zone.post(defendant, date(2026, 4, 20));
    assert_eq!(zone.missing(), ["案件还没有结案，请先结案。"]);
    zone.go_to(date(2026, 5, 8));
    zone.court.tick().expect("the clocks are seen");
    zone.settle();
    if zone.stored().stage == Stage::Decided {
        zone.act(&Actor::platform(COURT), Command::RecordEffect(RecordEffect {}));
    }
    assert_eq!(zone.stored().effective_on, Some(date(2026, 5, 7)), "the fifteenth day, 5 May, is a holiday: the last day is the 6th");
    assert!(matches!(zone.court.archive_package(COURT, zone.case), Err(court::Error::Refused(procedure::Refusal::NotClosed))), "no date is invented");
    zone.act_now(&clerk, Command::CloseCase(CloseCase {})).expect("closed");
    let open = zone.missing();
    assert!(open.len() == 2 && open.iter().all(|text| text.contains("还没有上链")), "nothing is packed before it is logged: {open:#?}");
    zone.settle();
    // The certificate comes into the file after the closing, and says so.
    zone.act(&Actor::citizen(plaintiff), Command::RequestEffectCertificate(RequestEffectCertificate {}));
    zone.act(&zone.filing_clerk, Command::IssueEffectCertificate(IssueEffectCertificate { to: plaintiff }));

    let (all, logged) = zone.court.db().read_blocking(|tx| court::store::record_counts(tx, COURT)).expect("counted");
    assert_eq!(all, logged, "nothing waits for the ledger");
    let archive = || Command::ArchiveCase(ArchiveCase::default());
    let unbuilt = zone.act_now(&clerk, archive());
    assert!(matches!(unbuilt, Err(court::Error::Refused(procedure::Refusal::NotPacked))), "the zone archives what it built itself");
    let package = zone.court.archive_package(COURT, zone.case).expect("packed");
    assert!(package.is_complete(), "{:#?}", package.findings);
    zone.act(&clerk, archive());
    let archived = zone.stored().archiving.expect("archived");
    assert_eq!((&archived.package, &archived.tag_manifest, &archived.volumes), (&package.sha256, &package.tag_manifest, &package.volumes));
    assert_eq!(zone.stored().stage, Stage::Archived);
    assert_eq!(zone.court.archived(COURT, zone.case).expect("read").as_ref(), Some(&package.zip), "kept byte for byte");
    checked(&zone, &package, dir.path());
    // What was kept can be read again: the same package is made of it.
    let (count, wrong) = zone.court.check_replay().expect("replays");
    assert_eq!((count, wrong), (1, vec![]));
}

/// R-SVC-14: the plaintiff's notices come with sealed certificates that verify offline and start no period.
fn proofs_come_with_the_services(zone: &Bench, plaintiff: PersonId) {
    let case = zone.stored();
    let own = case.papers.iter().filter(|paper| paper.to == plaintiff).count();
    let inbox = zone.inbox.borrow();
    let certificates: Vec<_> = inbox.iter().filter(|(released, _)| released.proof_of.is_some()).collect();
    assert_eq!(certificates.len(), own, "one for each paper served electronically");
    for (released, bytes) in &certificates {
        assert_eq!((released.name.as_str(), released.clock.is_none()), ("电子送达凭证", true));
        assert!(case.paper(released.id).is_none(), "it is no paper of the case");
        let number = format!("P-{}", released.id.0.simple());
        let completed = zone.completed.borrow();
        let receipt = ledger::Receipt::parse(completed.get(&number).expect("in the ledger")).expect("a receipt");
        let verdict = receipt.verify(&zone.trust, Some(bytes)).expect("holds");
        assert_eq!(verdict.state, ledger::State::Logged);
    }
    let ids: std::collections::BTreeSet<_> = certificates.iter().map(|(released, _)| released.id).collect();
    assert_eq!(ids.len(), own, "each has an id of its own");
}

/// The draft: pieces with their origin, defects that point, and a sound text that passes.
fn drafted(zone: &Bench, defendant: PersonId) {
    let judge = zone.officer(Office::Judge);
    let empty = zone.court.draft(COURT, zone.case, None).expect("assembled");
    let of = |part| empty.pieces.iter().find(|piece| piece.part == part).unwrap_or_else(|| panic!("{part:?} is missing")).clone();
    assert!(matches!(of(court::draft::Part::Course).origin, court::draft::Origin::Hearing { number: 1 }));
    assert!(
        of(court::draft::Part::Course).text.contains("依法适用简易程序，于2026年4月15日公开开庭进行了审理。原告周桂兰、被告陈志远到庭参加诉讼。")
    );
    assert!(matches!(of(court::draft::Part::Answers).origin, court::draft::Origin::Answer { by } if by == defendant));
    assert!(of(court::draft::Part::Answers).text.contains("陈志远辩称，借款属实，利息过高。"));
    assert!(of(court::draft::Part::Appeal).text.contains("广东省清河市中级人民法院"));
    assert!(empty.findings().iter().any(|finding| finding.rule == "R-CHK-53" && finding.level == Level::Error), "no orders yet");
    assert!(zone.court.draft_pdf(&empty).expect("typeset").starts_with(b"%PDF"));

    let fee = zone.stored().fee.expect("a fee").due;
    let sound = text(defendant, fee);
    let mut wrong = sound.clone();
    wrong.orders[1] = "被告陈志远支付原告周桂兰利息25510元".into();
    let rules: Vec<_> = zone.court.draft(COURT, zone.case, Some(&wrong)).expect("assembled").defects.into_iter().map(|defect| defect.rule).collect();
    assert!(["R-CHK-33", "R-CHK-54"].iter().all(|rule| rules.iter().any(|other| other == rule)), "{rules:?}");
    let draft = zone.court.draft(COURT, zone.case, Some(&sound)).expect("assembled");
    assert_eq!(draft.defects, vec![], "a sound judgment");
    // Whoever calls, the zone looks itself: a draft with errors is kept with them and cannot be signed.
    zone.act(&judge, Command::DraftJudgment(DraftJudgment { text: wrong }));
    let kept = zone.stored().judgment.expect("kept").findings;
    assert!(kept.iter().any(|finding| finding.rule == "R-CHK-33" && finding.level == Level::Error), "{kept:?}");
    let refused = zone.act_now(&judge, Command::SignJudgment(SignJudgment { version: None }));
    assert!(matches!(refused, Err(court::Error::Refused(procedure::Refusal::Defects { .. }))), "{refused:?}");
    zone.act(&judge, Command::DraftJudgment(DraftJudgment { text: sound }));
    assert_eq!(zone.stored().judgment.expect("kept").findings, vec![]);
}

/// The package: our own check, what changes is found, every receipt holds, and a BagIt tool of others agrees.
fn checked(zone: &Bench, package: &court::archive::Package, dir: &Path) {
    let verdict = |files: &[(String, Vec<u8>)]| {
        let mut validator = casefile::bag_check::Validator::default();
        files.iter().for_each(|(path, bytes)| validator.file(path, bytes));
        validator.finish()
    };
    let whole = verdict(&package.files);
    assert_eq!(whole.problems, vec![]);
    assert_eq!(whole.tag_manifest.as_ref(), Some(&package.tag_manifest), "what the ledger keeps covers it all");
    let mut changed = package.files.clone();
    changed[3].1[10] ^= 1;
    assert!(!verdict(&changed).holds(), "a changed byte is found");
    let names: Vec<_> = package.files.iter().map(|(path, _)| path.as_str()).collect();
    for wanted in [
        "data/main/000-1-卷宗封面.pdf",
        "data/main/000-2-卷内文书目录.pdf",
        "data/main/001-民事起诉状.txt",
        "data/main/999-备考表.pdf",
        "data/events.jsonl",
    ] {
        assert!(names.contains(&wanted), "{wanted}: {names:#?}");
    }
    let internal: Vec<_> = names.iter().filter(|name| name.starts_with("data/internal/")).collect();
    assert!(internal.iter().any(|name| name.contains("原本")) && internal.iter().any(|name| name.contains("第2稿")), "{internal:?}");
    assert!(!names.iter().any(|name| name.starts_with("data/main/") && (name.contains("原本") || name.contains("稿"))), "sealed by construction");
    signed(zone);
    rooted(zone, package);
    // Receipts of the package prove its papers offline.
    let bytes_of = |sha256: &str| package.files.iter().find(|(_, bytes)| storage::Digest::of(bytes).to_string() == sha256).map(|(_, bytes)| bytes);
    let mut proven = 0;
    for (path, bytes) in package.files.iter().filter(|(path, _)| path.ends_with(".receipt")) {
        let receipt = ledger::Receipt::parse(std::str::from_utf8(bytes).expect("text")).expect("a receipt");
        let file = receipt.content().files.first().and_then(|file| bytes_of(&file.sha256));
        let verdict = receipt.verify(&zone.trust, file.map(Vec::as_slice)).unwrap_or_else(|error| panic!("{path}: {error}"));
        assert_eq!(verdict.state, ledger::State::Logged, "{path}");
        proven += usize::from(file.is_some());
    }
    assert!(proven >= 15, "papers and certificates: {proven}");
    let archive = dir.join("archive");
    package.unpack(&archive).expect("unpacked");
    look_at(&archive);
    for (program, arguments) in [
        ("bagit.py", vec!["--validate".to_owned(), archive.display().to_string()]),
        ("python3", vec![concat!(env!("CARGO_MANIFEST_DIR"), "/tests/second_bag_check.py").to_owned(), archive.display().to_string()]),
    ] {
        match Process::new(program).args(&arguments).output() {
            Ok(done) => {
                assert!(done.status.success(), "{program}: {}{}", String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr))
            }
            Err(_) => eprintln!("SKIPPED: {program} is not installed; the package was not checked by it"),
        }
    }
}

/// R-FIA-05: the roots that were logged at the closing are found again from the package alone, and those of the package.
fn rooted(zone: &Bench, package: &court::archive::Package) {
    let text = |path: &str| {
        let found = package.files.iter().find(|(name, _)| name.starts_with(path)).unwrap_or_else(|| panic!("{path} is missing"));
        String::from_utf8(found.1.clone()).expect("text")
    };
    let listed: serde_json::Value = serde_json::from_str(&text("data/items.json")).expect("JSON");
    for (place, volume) in listed["volumes"].as_array().expect("volumes").iter().enumerate() {
        let items: Vec<_> = volume["items"].as_array().expect("items").iter().map(|placed| &placed["item"]).collect();
        let root = |later: bool| {
            let counted = items.iter().filter(|item| later || item["later"] == false);
            let side = |item: &serde_json::Value, name: &str| item[name].as_str().expect("a text").to_owned();
            let sides: Vec<_> = counted.map(|item| (side(item, "title"), item["pages"].as_u64().expect("pages"), side(item, "sha256"))).collect();
            casefile::root(sides.iter().map(|(title, pages, sha256)| (title.as_str(), u32::try_from(*pages).expect("pages"), sha256.as_str())))
        };
        let receipt = ledger::Receipt::parse(&text(&format!("data/receipts/V{}-", place + 1))).expect("a receipt");
        assert_eq!((receipt.state(), receipt.content().facts["根摘要"].as_str()), (ledger::State::Logged, root(false).as_str()), "at the closing");
        assert_eq!(receipt.content().facts["卷"], volume["name"], "正卷 and 副卷");
        assert_eq!(package.volumes[place].root, root(true), "as packed");
        let later: Vec<_> = items.iter().filter(|item| item["later"] == true).map(|item| item["title"].as_str().expect("a title")).collect();
        let expected = if place == 0 { vec!["电子送达凭证（周桂兰：生效证明）", "生效证明（周桂兰）"] } else { vec![] };
        assert_eq!(later, expected, "R-ARC-07: what came later says so");
    }
    let internal = |no: &str| no.starts_with("V2-") || no.starts_with("W2-");
    assert!(!zone.completed.borrow().keys().any(|no| internal(no)), "what the internal volume holds is not told outside");
    assert!(zone.completed.borrow().keys().any(|no| no.starts_with("W1-")), "the archive's own root is logged too");
    // What was said and chosen online stands in the catalogue, and the portal's receipt beside it.
    let titles = listed["volumes"][0]["items"].to_string();
    for wanted in ["质证意见（被告陈志远）", "诉讼方式选择书（周桂兰）", "案件受理费交纳凭证"] {
        assert!(titles.contains(wanted), "{wanted}: {titles}");
    }
    assert!(text("data/receipts/4001-2026-0306-00002").contains("提交证据"));
}

/// R-TRI-33: the record names who signed, who refused, and who entered it.
fn signed(zone: &Bench) {
    let id = zone.stored().papers.iter().find(|paper| paper.paper == Paper::HearingRecord).expect("a record").id;
    let row = zone.court.db().read_blocking(move |tx| court::store::paper(tx, COURT, id)).expect("read").expect("kept");
    let documents::Paper::HearingRecord(record) = serde_json::from_str(&row.facts).expect("a paper") else { panic!("a record") };
    let marks: Vec<_> = record.signatures.iter().map(|line| format!("{}：{}", line.who, line.mark)).collect();
    assert_eq!(marks[0], "原告周桂兰：2026年4月15日在书面笔录上签名，许知行登记");
    assert_eq!(marks[1], "被告陈志远：拒绝签名：认为记录不全（许知行记明）");
    assert!(marks[2].starts_with("审判员顾云舒：2026年4月15日") && marks[2].ends_with("在办案平台确认签名"), "{}", marks[2]);
}

/// Keeps the package for people to look at, where they ask for it.
fn look_at(archive: &Path) {
    if let Some(target) = std::env::var_os("XIEZHI_KEEP_ARCHIVE") {
        let done = Process::new("cp").arg("-r").arg(archive).arg(target).status().expect("cp runs");
        assert!(done.success());
    }
}

/// R-SVC-01, R-DDL-10: a service entered by a clerk gets its return, and a corrected date gets another.
#[test]
fn a_service_by_post_has_a_return_and_a_correction_has_its_own() {
    let Some(fonts) = fonts() else { return };
    let dir = tempfile::tempdir().expect("a directory");
    let zone = set_up(dir.path(), &fonts);
    let (plaintiff, defendant) = (PersonId::new(), PersonId::new());
    accepted(&zone, plaintiff, defendant);
    zone.post(defendant, date(2026, 3, 6));
    let of_defendant: Vec<_> = zone.stored().papers.iter().filter(|paper| paper.to == defendant).map(|paper| paper.id).collect();
    let proofs = || {
        let case = zone.case;
        let all = zone.court.db().read_blocking(move |tx| court::store::proofs::proofs(tx, COURT, case)).expect("read");
        all.into_iter().filter(|(_, papers)| papers.iter().all(|paper| of_defendant.contains(paper))).collect::<Vec<_>>()
    };
    let first = proofs();
    assert_eq!(first.len(), 1, "one return for the whole packet");
    assert_eq!(first[0].1.len(), of_defendant.len());
    let facts = |id| zone.court.db().read_blocking(move |tx| court::store::paper(tx, COURT, id)).expect("read").expect("kept").facts;
    let typed: documents::Paper = serde_json::from_str(&facts(first[0].0)).expect("a paper");
    let documents::Paper::ServiceReturn(form) = typed else { panic!("a return of service") };
    let result = form.result.expect("what the clerk entered");
    assert_eq!((result.on, result.clerk.as_str(), form.how.as_str()), (date(2026, 3, 6), "许知行", "邮寄送达"));
    zone.go_to(date(2026, 3, 9));
    let correct = CorrectService { papers: of_defendant.clone(), on: date(2026, 3, 5), reason: "回执日期看错".into() };
    zone.act(&zone.filing_clerk, Command::CorrectService(correct));
    let both = proofs();
    assert_eq!(both.len(), 2, "the first stays on record");
    let second = both.iter().find(|(id, _)| *id != first[0].0).expect("another");
    assert!(facts(second.0).contains("更正（回执日期看错）"));
    assert!(zone.inbox.borrow().iter().all(|(released, _)| released.account == plaintiff), "nothing electronic to who did not consent");
    assert!(zone.stored().papers.iter().all(|paper| paper.paper != Paper::CivilJudgment));
}

//! One case in each of its early stages, for the tests of the steps.
#![allow(non_snake_case, reason = "people read as constants; their ids are not const")]
use super::*;
use crate::case::*;
use crate::{CaseId, Fen, Office, Paper, PersonId};
use jiff::civil::{Date, date};
use std::collections::BTreeMap;
use uuid::Uuid;

fn person(n: u128) -> PersonId {
    PersonId(Uuid::from_u128(n))
}
pub fn PLAINTIFF() -> Actor {
    Actor::citizen(person(1))
}
pub fn DEFENDANT() -> Actor {
    Actor::citizen(person(2))
}
pub fn OTHER() -> Actor {
    Actor::citizen(person(3))
}
pub fn CLERK() -> Actor {
    Actor::staff(person(11), Office::FilingClerk, "粤4001")
}
pub fn OTHER_COURT_CLERK() -> Actor {
    Actor::staff(person(12), Office::FilingClerk, "粤4002")
}
pub fn JUDGE() -> Actor {
    Actor::staff(person(13), Office::Judge, "粤4001")
}
pub fn PRESIDENT() -> Actor {
    Actor::staff(person(17), Office::President, "粤4001")
}
pub fn PLATFORM() -> Actor {
    Actor::platform("粤4001")
}

pub fn law() -> &'static Law {
    static LAW: std::sync::OnceLock<Law> = std::sync::OnceLock::new();
    LAW.get_or_init(Law::demo)
}

pub fn new_case() -> Case {
    Case::new(CaseId(Uuid::from_u128(100)), "粤4001")
}

pub fn filing() -> SubmitFiling {
    let party = |id, side, name: &str| Party { person: person(id), side, name: name.into(), organisation: false, digest: "00".into() };
    let at = noon(date(2026, 3, 2));
    let online = |scope| Choice { person: person(1), scope, channel: Channel::Online, text: "2026-1".into(), at };
    SubmitFiling {
        receipt_no: "4001-2026-0302-00001".into(),
        kind: crate::kind::CaseKind::CivilFirst,
        parties: vec![party(1, Side::Plaintiff, "周桂兰"), party(2, Side::Defendant, "陈志远")],
        agents: vec![],
        statement: Statement {
            cause: "108.3".into(),
            cause_name: "民间借贷纠纷".into(),
            claims: vec!["判令被告偿还借款本金150000元".into(), "判令被告支付利息25500元".into()],
            amount: Fen(17_550_000),
            facts: "2024年3月15日出借150000元，至今未还。".into(),
            reasons: "借款合同合法有效。".into(),
            answers: BTreeMap::new(),
            materials: vec![exhibit("借条")],
        },
        channel: Channel::Online,
        choices: vec![online(Scope::Filing), online(Scope::Service)],
    }
}

pub fn returning(days: i64) -> Command {
    let remark =
        Remark {
            field: "defendant.address".into(), label: "被告住所".into(), page: Some(1), remark: "请写明门牌号".into(), rule: "R-FIL-04".into()
        };
    Command::ReturnForCorrection(ReturnForCorrection { remarks: vec![remark], days })
}

pub fn correcting() -> Command {
    let SubmitFiling { parties, statement, channel, .. } = filing();
    Command::SubmitCorrection(SubmitCorrection { parties, statement, channel })
}

pub fn accepting() -> Command {
    let findings = Check::ALL.map(|check| accept_filing::Finding { check, holds: true, note: String::new() }).to_vec();
    Command::AcceptFiling(AcceptFiling { procedure: Procedure::Simple, findings, undecided: false })
}

pub fn noon(day: Date) -> Timestamp {
    jiff::tz::Offset::constant(8).to_timestamp(day.at(12, 0, 0, 0)).expect("a day of the calendar")
}

/// Head of a log as the acceptance found it.
pub const CHECKPOINT: &str = "log.example/粤4001\n17\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";

/// Four judges and two clerks of the court.
pub fn roster() -> Vec<Candidate> {
    let one = |n, name: &str, office| Candidate { person: person(n), name: name.into(), office, load: 3 };
    let judges = [(13, "林若谷"), (14, "方明理"), (15, "沈秉文"), (16, "高以安")].map(|(n, name)| one(n, name, Office::Judge));
    let clerks = [(21, "唐书宁"), (22, "邱若水")].map(|(n, name)| one(n, name, Office::Clerk));
    judges.into_iter().chain(clerks).collect()
}

/// Another case sits in the third courtroom from half past nine to eleven.
pub fn booking() -> Booking {
    Booking {
        case: CaseId(Uuid::from_u128(101)),
        date: date(2026, 4, 13),
        start: jiff::civil::time(9, 30, 0, 0),
        minutes: 90,
        courtroom: "第三法庭".into(),
        staff: vec![person(99)],
        title: "甲 诉 乙".into(),
    }
}

/// The package that the zone built.
pub fn package() -> crate::trial::Package {
    crate::trial::Package {
        sha256: "ab".repeat(32), bytes: 5, tag_manifest: "cd".repeat(32), volumes: vec![volume()], term: "长期（60年）".into()
    }
}

fn volume() -> Volume {
    Volume { name: "正卷".into(), items: 9, pages: 31, root: "cd".repeat(32) }
}

/// What the court's tables say at noon of that day.
pub fn facts_on(day: Date) -> Facts {
    let number = crate::caseno::CaseNumber { year: day.year(), court: "粤4001".into(), special: None, kind: "民初".into(), serial: 1 };
    let material = Material { kind: MaterialKind::ServiceAddress, purpose: None, ..exhibit("送达地址确认书") };
    let confirmation = Confirmation {
        person: DEFENDANT().person,
        text: "2026-1".into(),
        electronic: true,
        channel: Channel::Online,
        at: noon(day),
        digest: "11".repeat(32),
        material,
    };
    Facts {
        next_number: Some(number),
        next_entry: Some(1),
        checkpoint: CHECKPOINT.into(),
        roster: roster(),
        bookings: vec![booking()],
        volumes: vec![volume()],
        package: Some(package()),
        confirmation: Some(confirmation),
        ..Facts::at(noon(day))
    }
}

thread_local! {
    /// Every event of this test, in order.
    pub static TOLD: std::cell::RefCell<Vec<Event>> = const { std::cell::RefCell::new(Vec::new()) };
}

/// Takes the step at noon of that day.
pub fn act_on(case: &mut Case, command: Command, by: &Actor, day: Date) -> Result<Vec<Event>, Refusal> {
    let mut facts = facts_on(day);
    facts.next_number = facts.next_number.map(|number| crate::caseno::CaseNumber { kind: case.kind.code().into(), ..number });
    let events = decide(case, &command, by, law(), &facts)?;
    events.iter().for_each(|event| case.apply(event));
    TOLD.with_borrow_mut(|told| told.extend(events.iter().cloned()));
    Ok(events)
}

/// Takes the step on the day of the filing, or the day after for the court.
pub fn act(case: &mut Case, command: Command, by: &Actor) -> Result<Vec<Event>, Refusal> {
    let day = if case.stage == Stage::New { date(2026, 3, 2) } else { date(2026, 3, 3) };
    act_on(case, command, by, day)
}

pub fn submitted() -> Case {
    let mut case = new_case();
    act(&mut case, Command::SubmitFiling(filing()), &PLAINTIFF()).expect("received");
    case
}

pub fn returned() -> Case {
    let mut case = submitted();
    act(&mut case, returning(7), &CLERK()).expect("returned");
    case
}

pub fn corrected() -> Case {
    let mut case = returned();
    act(&mut case, correcting(), &PLAINTIFF()).expect("corrected");
    case
}

pub fn giving_back() -> Command {
    Command::GiveBackFiling(GiveBackFiling { reason: "没有补正被告住所。".into() })
}

pub fn insisting() -> Command {
    Command::InsistOnFiling(InsistOnFiling { reason: "被告住所已经写明。".into() })
}

pub fn refusing(ground: refuse_filing::Ground) -> Command {
    Command::RefuseFiling(RefuseFiling { ground, reasons: "起诉不符合法定条件。".into() })
}

/// The notice was served on 7 March, the days ended on the 16th, nothing came.
pub fn given_back() -> Case {
    let mut case = returned();
    served(&mut case, Paper::CorrectionNotice, PLAINTIFF().person, date(2026, 3, 7));
    act_on(&mut case, giving_back(), &CLERK(), date(2026, 3, 17)).expect("given back");
    case
}

/// Given back, insisted on, ruled on.
pub fn refused() -> Case {
    let mut case = given_back();
    act_on(&mut case, insisting(), &PLAINTIFF(), date(2026, 3, 18)).expect("insisted");
    act_on(&mut case, refusing(refuse_filing::Ground::NotCorrected), &CLERK(), date(2026, 3, 19)).expect("refused");
    case
}

pub fn accepted() -> Case {
    let mut case = submitted();
    act(&mut case, accepting(), &CLERK()).expect("accepted");
    case
}

/// Every owed paper typeset and sealed.
pub fn issue_all(case: &mut Case) {
    let owed: Vec<_> = case.papers.iter().filter(|paper| paper.service == ServiceState::Owed).map(|paper| paper.id).collect();
    for id in owed {
        act(case, Command::IssuePaper(IssuePaper { id, sha256: "ab".repeat(32), pages: 1 }), &PLATFORM()).expect("issued");
    }
}

pub fn send_all(case: &mut Case, to: PersonId, method: Method, day: Date) {
    let papers = case.papers.iter().filter(|paper| paper.to == to).map(|paper| paper.id).collect();
    let by = if method == Method::Electronic { PLATFORM() } else { CLERK() };
    act_on(case, Command::SendPaper(SendPaper { papers, method, reference: String::new() }), &by, day).expect("sent");
}

/// Issues, sends and serves one paper on a day; of several of a kind, the first that is not served yet.
pub fn served(case: &mut Case, paper: Paper, to: PersonId, day: Date) -> PaperId {
    issue_all(case);
    let waits = |found: &&IssuedPaper| found.paper == paper && found.to == to && !matches!(found.service, ServiceState::Served { .. });
    let id = case.papers.iter().find(waits).expect("owed").id;
    act_on(case, Command::SendPaper(SendPaper { papers: vec![id], method: Method::Direct, reference: String::new() }), &CLERK(), day).expect("sent");
    let record = Command::RecordService(RecordService { papers: vec![id], on: day, rule: "R-SVC-01".into(), proof: String::new() });
    act_on(case, record, &CLERK(), day).expect("served");
    id
}

/// In force, the fee paid, every paper issued, closed on 20 May.
pub fn closed() -> Case {
    let mut case = paid(effective());
    issue_all(&mut case);
    let clerk = clerk_of(&case);
    act_on(&mut case, Command::CloseCase(CloseCase {}), &clerk, date(2026, 5, 20)).expect("closed");
    case
}

pub fn archived() -> Case {
    let mut case = closed();
    let clerk = clerk_of(&case);
    act_on(&mut case, Command::ArchiveCase(ArchiveCase { term: String::new() }), &clerk, date(2026, 5, 20)).expect("archived");
    case
}

/// A piece of evidence.
pub fn exhibit(name: &str) -> Material {
    Material {
        id: crate::ItemId(Uuid::new_v5(&Uuid::NAMESPACE_OID, name.as_bytes())),
        kind: MaterialKind::Evidence,
        name: name.into(),
        pages: 1,
        bytes: 1000,
        sha256: "ef".repeat(32),
        media: "image/jpeg".into(),
        purpose: Some("证明借款事实".into()),
    }
}

pub fn evidence(names: &[&str]) -> Command {
    Command::SubmitEvidence(SubmitEvidence { materials: names.iter().map(|name| exhibit(name)).collect(), reason: String::new(), posted_on: None })
}

pub fn answering() -> Command {
    Command::SubmitAnswer(SubmitAnswer { text: "借款属实，已经还了两万元。".into(), materials: vec![], posted_on: None })
}

/// Accepted, and the defendant got his packet on 6 March and joined.
pub fn joined() -> Case {
    let mut case = accepted();
    for paper in [Paper::ComplaintCopy, Paper::JoinSheet] {
        served(&mut case, paper, DEFENDANT().person, date(2026, 3, 6));
    }
    let join = Command::JoinCase(JoinCase { choices: vec![(Scope::Service, Channel::Online)], text: "2026-1".into() });
    act_on(&mut case, join, &DEFENDANT(), date(2026, 3, 9)).expect("joined");
    case
}

/// Joined, and a sole judge drawn.
pub fn assigned() -> Case {
    let mut case = joined();
    let assign = Command::AssignTribunal(AssignTribunal { form: crate::trial::TribunalForm::Sole });
    act_on(&mut case, assign, &CLERK(), date(2026, 3, 10)).expect("assigned");
    case
}

/// A sitting on 8 April at half past nine.
pub fn scheduled() -> Case {
    let mut case = assigned();
    let schedule = ScheduleHearing {
        date: date(2026, 4, 8),
        time: jiff::civil::time(9, 30, 0, 0),
        courtroom: "第三法庭".into(),
        minutes: 120,
        public: true,
        waived: false,
    };
    act_on(&mut case, Command::ScheduleHearing(schedule), &judge_of(&assigned()), date(2026, 3, 25)).expect("scheduled");
    case
}

/// The presiding or sole judge of the case.
pub fn judge_of(case: &Case) -> Actor {
    Actor::staff(case.officer(Office::Judge).expect("assigned").0, Office::Judge, "粤4001")
}

/// The clerk of the case.
pub fn clerk_of(case: &Case) -> Actor {
    Actor::staff(case.officer(Office::Clerk).expect("assigned").0, Office::Clerk, "粤4001")
}

/// Opened on its day: the plaintiff came, the defendant is online.
pub fn opened() -> Case {
    let mut case = scheduled();
    let line = |by: Actor, presence| crate::trial::Attendance { person: by.person, presence, with: vec![] };
    use crate::trial::Presence::{InPerson, Online};
    let open = OpenHearing { attendance: vec![line(PLAINTIFF(), InPerson), line(DEFENDANT(), Online)] };
    let judge = judge_of(&case);
    act_on(&mut case, Command::OpenHearing(open), &judge, date(2026, 4, 8)).expect("opened");
    case
}

/// The record written and closed on the day of the hearing.
pub fn recorded() -> Case {
    let mut case = opened();
    let clerk = clerk_of(&case);
    let keep = KeepRecord { text: "审判员：现在开庭。\n原告：请求判令被告还款。\n被告：已经还了两万元。".into() };
    act_on(&mut case, Command::KeepRecord(keep), &clerk, date(2026, 4, 8)).expect("saved");
    act_on(&mut case, Command::CloseRecord(CloseRecord {}), &clerk, date(2026, 4, 8)).expect("closed");
    case
}

/// Everybody signed the record.
pub fn confirmed() -> Case {
    let mut case = recorded();
    for signer in [PLAINTIFF(), DEFENDANT(), judge_of(&case)] {
        act_on(&mut case, Command::ConfirmRecord(ConfirmRecord::default()), &signer, date(2026, 4, 9)).expect("signed");
    }
    case
}

/// A judgment without defects: the defendant pays and bears the fee.
pub fn judgment() -> DraftJudgment {
    let text = crate::trial::JudgmentText {
        evidence: "双方对借条的真实性没有异议，本院予以确认。".into(),
        facts: "2024年3月15日，原告出借150000元给被告，被告已还20000元。".into(),
        reasons: "借款合同合法有效，被告应当按约还款。".into(),
        basis: "《中华人民共和国民法典》第六百七十五条".into(),
        orders: vec!["被告陈志远于本判决生效之日起十日内偿还原告周桂兰借款本金130000元；".into(), "驳回原告周桂兰的其他诉讼请求。".into()],
        fee: vec![crate::trial::FeeShare { person: DEFENDANT().person, amount: Fen(190_500) }],
    };
    DraftJudgment { text }
}

/// Given on 20 April.
pub fn given() -> Case {
    let mut case = confirmed();
    let (judge, clerk) = (judge_of(&case), clerk_of(&case));
    act_on(&mut case, Command::DraftJudgment(judgment()), &judge, date(2026, 4, 20)).expect("drafted");
    for signer in [judge, clerk] {
        act_on(&mut case, Command::SignJudgment(SignJudgment { version: Some(1) }), &signer, date(2026, 4, 20)).expect("signed");
    }
    case
}

/// Served on the plaintiff on 21 April, on the defendant on 23 April.
pub fn judgment_served() -> Case {
    let mut case = given();
    served(&mut case, Paper::CivilJudgment, PLAINTIFF().person, date(2026, 4, 21));
    served(&mut case, Paper::CivilJudgment, DEFENDANT().person, date(2026, 4, 23));
    case
}

pub fn expire(case: &mut Case, of: PersonId, day: Date) -> Vec<Event> {
    act_on(case, Command::ExpireClock(ExpireClock { anchor: format!("appeal/{of}") }), &PLATFORM(), day).expect("recorded")
}

/// Nobody appealed.
pub fn effective() -> Case {
    let mut case = judgment_served();
    expire(&mut case, PLAINTIFF().person, date(2026, 5, 7));
    expire(&mut case, DEFENDANT().person, date(2026, 5, 9));
    case
}

/// The fee came in, on 24 April.
pub fn paid(mut case: Case) -> Case {
    let pay = PayFee { amount: Fen(190_500), method: PaymentMethod::BankSlip, reference: "P-1".into() };
    act_on(&mut case, Command::PayFee(pay), &PLATFORM(), date(2026, 4, 24)).expect("paid");
    case
}

/// As if assigned: the judge of the fixture holds the case.
pub fn give_to_judge(case: &mut Case) {
    case.staff.push((JUDGE().person, Office::Judge, "林若谷".into()));
}

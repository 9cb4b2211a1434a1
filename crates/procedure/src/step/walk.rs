//! Random walks: whatever anybody tries in any order on any day, the rules answer and never panic, and the case only grows.
use super::fixture::*;
use super::*;
use crate::anchor::Anchor;
use crate::case::*;
use crate::matter::preservation_tests::{before_suit, frozen, preserved};
use crate::matter::{Fields, Kind};
use crate::paper::Owed;
use crate::trial::*;
use crate::{Fen, ItemId, Office, Paper};
use jiff::civil::{Date, date, time};
use proptest::prelude::*;
use serde_json::Value;
use std::collections::BTreeMap;

/// Who tries: everybody there is, and clerks for somebody.
fn actors(case: &Case) -> Vec<Actor> {
    let for_person = |mut clerk: Actor, person: Actor| {
        clerk.for_person = Some(person.person);
        clerk
    };
    let mut actors = vec![PLAINTIFF(), DEFENDANT(), OTHER(), CLERK(), OTHER_COURT_CLERK(), JUDGE(), PRESIDENT(), PLATFORM()];
    actors.extend([for_person(CLERK(), PLAINTIFF()), for_person(CLERK(), DEFENDANT()), for_person(CLERK(), OTHER())]);
    for (person, office, _) in &case.staff {
        let own = Actor::staff(*person, *office, "粤4001");
        actors.extend([own.clone(), for_person(own.clone(), DEFENDANT()), for_person(own, PLAINTIFF())]);
    }
    actors
}

/// The `n`-th thing one could try, made from what the case holds and from numbers.
fn command(case: &Case, n: usize, a: usize, b: usize) -> Command {
    let day = date(2026, 3, 1).saturating_add(jiff::Span::new().days(i64::try_from(b % 150).expect("small")));
    let papers: Vec<_> = case.papers.iter().skip(a % 5).take(1 + b % 4).map(|paper| paper.id).collect();
    let paper = papers.first().copied().unwrap_or_default();
    let text = ["", " ", "还了两万元。", "××"][a % 4].to_owned();
    let item = case.evidence.get(a % 4).map_or_else(ItemId::default, |evidence| evidence.material.id);
    let stand = |n: usize| if n.is_multiple_of(2) { Stand::Accepted } else { Stand::Disputed };
    let channel = if a.is_multiple_of(2) { Channel::Online } else { Channel::Counter };
    let person = case.parties.get(b % 3).map_or(OTHER().person, |party| party.person);
    let presence = [Presence::InPerson, Presence::Online, Presence::ByAgent, Presence::Absent][b % 4];
    let anchor = case.clocks.get(a % 12).map_or_else(String::new, |clock| clock.anchor.clone());
    match n {
        0 => Command::SubmitFiling(filing()),
        1 => returning(i64::try_from(a % 40).expect("small")),
        2 => correcting(),
        3 => accepting(),
        4 => Command::ChooseChannel(ChooseChannel { choices: vec![(Scope::ALL[b % 5], channel)], text: "2026-1".into() }),
        5 => Command::JoinCase(JoinCase { choices: vec![(Scope::Service, channel)], text: "2026-1".into() }),
        6 => Command::IssuePaper(IssuePaper { id: paper, sha256: "ab".repeat(32), pages: 1 }),
        7 => Command::SendPaper(SendPaper { papers, method: [Method::Electronic, Method::Direct, Method::Postal][a % 3], reference: String::new() }),
        8 => Command::OpenPaper(OpenPaper { id: paper }),
        9 => Command::RecordService(RecordService { papers, on: day, rule: "R-SVC-01".into(), proof: String::new() }),
        10 => Command::RecordServiceFailure(RecordServiceFailure { papers, reason: text }),
        11 => Command::CorrectService(CorrectService { papers, on: day, reason: text }),
        12 => Command::PayFee(PayFee { amount: Fen(190_500), method: PaymentMethod::Online, reference: text }),
        13 => Command::RequestFeeRelief(RequestFeeRelief { reason: text }),
        14 => Command::DeemSuitWithdrawn(DeemSuitWithdrawn { facts: text.clone(), basis: text }),
        15 => Command::ExpireClock(ExpireClock { anchor }),
        16 => Command::SubmitAnswer(SubmitAnswer { text, materials: vec![], posted_on: None }),
        17 => evidence(&[["收条", "转账凭证", "", "对账单"][b % 4]]),
        18 => Command::CommentOnEvidence(CommentOnEvidence {
            opinions: vec![comment_on_evidence::ItemOpinion { item, authenticity: stand(a), legality: stand(b), relevance: stand(a + b), text }],
        }),
        19 => Command::AssignTribunal(AssignTribunal { form: if a.is_multiple_of(3) { TribunalForm::Panel } else { TribunalForm::Sole } }),
        20 => Command::ScheduleHearing(ScheduleHearing {
            date: day,
            time: time(9, 30, 0, 0),
            courtroom: "第三法庭".into(),
            minutes: u32::try_from(a % 300).expect("small"),
            public: true,
            waived: false,
        }),
        21 => Command::PostponeHearing(PostponeHearing { date: day, time: time(14, 0, 0, 0), courtroom: text.clone(), reason: text }),
        22 => Command::OpenHearing(OpenHearing {
            attendance: case.parties.iter().map(|party| Attendance { person: party.person, presence, with: vec![] }).collect(),
        }),
        23 => Command::KeepRecord(KeepRecord { text }),
        24 => Command::CloseRecord(CloseRecord {}),
        25 => Command::ConfirmRecord(ConfirmRecord { hearing: None, correction: String::new(), refused: text }),
        26 => Command::DraftJudgment(if a.is_multiple_of(4) { DraftJudgment { text: JudgmentText::default() } } else { judgment() }),
        27 => Command::SignJudgment(SignJudgment { version: None }),
        28 => Command::FileAppeal(FileAppeal { requests: text.clone(), reasons: text, materials: vec![], posted_on: None }),
        29 => Command::RecordEffect(RecordEffect {}),
        30 => Command::RequestEffectCertificate(RequestEffectCertificate {}),
        31 => Command::IssueEffectCertificate(IssueEffectCertificate { to: person }),
        32 => Command::CloseCase(CloseCase {}),
        33 => Command::ArchiveCase(ArchiveCase { term: text }),
        34 => {
            let kind = if a.is_multiple_of(2) { MaterialKind::PowerOfAttorney } else { MaterialKind::Other };
            let materials = vec![Material { kind, purpose: None, ..exhibit("授权委托书") }];
            Command::AppointAgent(AppointAgent {
                person: OTHER().person, name: format!("代理人{}", b % 3), matters: text, powers: vec![], materials
            })
        }
        35 => Command::RevokeAgent(RevokeAgent { agent: case.agents.first().map_or(person, |agent| agent.person) }),
        36 => Command::GiveBackFiling(GiveBackFiling { reason: text }),
        37 => Command::InsistOnFiling(InsistOnFiling { reason: text }),
        38 => refusing(if a.is_multiple_of(2) { refuse_filing::Ground::NotCorrected } else { refuse_filing::Ground::NoCompetence }),
        39 => Command::RequestPaperCopy(RequestPaperCopy { id: paper, how: Collect::Post }),
        42 => Command::AnnounceService(AnnounceService { papers, place: Place::Network, reason: text, missing: b.is_multiple_of(2) }),
        40 => Command::RaiseMatter(RaiseMatter { matter: kind(a), fields: filled(case, a, b), materials: vec![], posted_on: None }),
        41 => Command::DecideMatter(DecideMatter { matter: kind(a), number: None, fields: filled(case, a, b) }),
        _ => Command::DecideFeeRelief(DecideFeeRelief { granted: true, due: Fen(0) }),
    }
}

fn kind(a: usize) -> Kind {
    Kind::ALL[a % Kind::ALL.len()]
}

/// Every field that a matter could ask for, each with a value that is sometimes wrong.
fn filled(case: &Case, a: usize, b: usize) -> Fields {
    let pick = |words: &[&str], n: usize| Value::from(words[n % words.len()]);
    let person = case.staff.get(b % 3).map(|(person, ..)| *person).or(case.parties.get(b % 2).map(|party| party.person));
    let paper = case.papers.get(b % 20).map(|paper| paper.id.to_string());
    Fields(BTreeMap::from([
        ("person".to_owned(), Value::from(person.map(|person| person.to_string()))),
        ("paper".to_owned(), Value::from(paper)),
        ("ground".to_owned(), pick(&["kin", "other", "death", "plaintiff", "duplicate", "missing", "security", "withdrawn", ""], b)),
        ("measure".to_owned(), pick(&["fine", "detention", "1"], b)),
        ("target".to_owned(), pick(&["property", "act", "evidence"], b)),
        ("urgent".to_owned(), pick(&["yes", "no"], a)),
        ("clues".to_owned(), "账户".into()),
        ("security".to_owned(), pick(&["insurer", "none"], b)),
        ("security_amount".to_owned(), Value::from(15_000_000)),
        ("waiver".to_owned(), pick(&["given", "livelihood"], a)),
        ("order".to_owned(), "封存账簿。".into()),
        ("property".to_owned(), pick(&["deposit", "movable", "immovable"], a)),
        ("what".to_owned(), "账户".into()),
        ("queued".to_owned(), pick(&["no", "yes"], b)),
        ("on".to_owned(), pick(&["2026-03-06", "2026-04-10"], b)),
        ("until".to_owned(), pick(&["2027-03-06", "2028-03-06"], a)),
        ("number".to_owned(), "(2026)粤4001民初9号".into()),
        ("outcome".to_owned(), pick(&["granted", "refused", "upheld", "maintained", "revoked", ""], b)),
        ("court".to_owned(), pick(&["粤4002", "", "没有的法院"], b)),
        ("claims".to_owned(), "判令被告偿还借款".into()),
        ("amount".to_owned(), Value::from(i64::try_from(b * 99_999).expect("small"))),
        ("days".to_owned(), Value::from(i64::try_from(b % 20).expect("small"))),
        ("months".to_owned(), Value::from(i64::try_from(b % 3).expect("small"))),
        ("holder".to_owned(), "某银行".into()),
        ("evidence".to_owned(), "流水".into()),
        ("wrong".to_owned(), "甲".into()),
        ("right".to_owned(), "乙".into()),
        ("reasons".to_owned(), pick(&["经审查属实。", ""], a)),
    ]))
}

/// A case at one of its stages, so that a walk gets far.
fn start(n: usize) -> Case {
    match n % 11 {
        0 => new_case(),
        1 => submitted(),
        2 => joined(),
        3 => scheduled(),
        4 => recorded(),
        5 => confirmed(),
        6 => judgment_served(),
        7 => given_back(),
        8 => frozen(),
        9 => before_suit(15_000_000),
        _ => effective(),
    }
}

/// Nothing of a case is ever taken back: what must hold between any two versions.
fn grew(before: &Case, after: &Case, events: &[Event]) {
    assert_eq!(after.version, before.version + events.len() as u64, "each event is one version");
    assert!(after.papers.len() >= before.papers.len() && after.evidence.len() >= before.evidence.len() || before.stage == Stage::Submitted);
    let ids: std::collections::BTreeSet<_> = after.papers.iter().map(|paper| paper.id).collect();
    assert_eq!(ids.len(), after.papers.len(), "no two papers share an id");
    let owed: Vec<&Owed> = events.iter().flat_map(Event::owed).collect();
    for paper in &owed {
        assert!(after.paper(paper.id).is_some(), "what an event owes, the case holds");
        assert_eq!(paper.paper.is_kept(), after.party(paper.to).is_none(), "owed to a party, or kept");
    }
    // Whom a preservation before the suit is directed against hears nothing before it was carried out (R-PRV-03).
    let told = after.papers.iter().any(|paper| after.party(paper.to).is_some_and(|party| party.side == Side::Defendant));
    assert!(!after.kind.before_suit() || !after.measures.is_empty() || !told, "told too early");
    let running = after.clocks.iter().filter(|clock| clock.state == ClockState::Running);
    let anchors: Vec<_> = running.map(|clock| &clock.anchor).collect();
    assert_eq!(anchors.iter().collect::<std::collections::BTreeSet<_>>().len(), anchors.len(), "one running clock an anchor: {anchors:?}");
    assert!(after.effective_on.is_none() || after.appeals.is_empty(), "no effect beside an appeal");
    assert!(
        after
            .judgment
            .as_ref()
            .is_none_or(|judgment| judgment.given_on.is_none() || judgment.signatures.iter().any(|one| one.office == Office::Clerk))
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn no_order_of_steps_breaks_a_case(begin in 0_usize..11, tries in prop::collection::vec((0_usize..44, 0_usize..40, 0_usize..200, 0_usize..200, 0_i64..4), 1..60)) {
        let mut case = start(begin);
        let mut day: Date = date(2026, 3, 2);
        for (n, who, a, b, later) in tries {
            day = day.saturating_add(jiff::Span::new().days(later));
            let actors = actors(&case);
            let by = &actors[who % actors.len()];
            let command = command(&case, n, a, b);
            let before = case.clone();
            match act_on(&mut case, command.clone(), by, day) {
                Ok(events) => {
                    grew(&before, &case, &events);
                    // What is stored is what was decided: through JSON and back it is the same.
                    for event in &events {
                        let text = serde_json::to_string(event).expect("JSON");
                        prop_assert_eq!(&serde_json::from_str::<Event>(&text).expect("read"), event);
                    }
                    prop_assert!(permit(&before, command.step(), by).is_ok());
                }
                Err(refusal) => {
                    prop_assert_eq!(&before, &case, "a refusal changes nothing");
                    prop_assert!(!refusal.zh().is_empty() && !refusal.zh().contains("××"));
                }
            }
        }
        let text = serde_json::to_string(&case).expect("JSON");
        prop_assert_eq!(serde_json::from_str::<Case>(&text).expect("read"), case);
    }
}

/// The events of a whole case, told by hand, fold to the case itself.
#[test]
fn folding_the_events_gives_the_case() {
    let mut case = new_case();
    let mut events = act(&mut case, Command::SubmitFiling(filing()), &PLAINTIFF()).expect("received");
    events.extend(act(&mut case, accepting(), &CLERK()).expect("accepted"));
    events.extend(
        act_on(&mut case, Command::AssignTribunal(AssignTribunal { form: TribunalForm::Sole }), &CLERK(), date(2026, 3, 4)).expect("assigned"),
    );
    let mut folded = new_case();
    events.iter().for_each(|event| folded.apply(event));
    assert_eq!(folded, case);
    assert_eq!(folded.version, 3);
}

/// Takes a step of the walk at a case of its own.
fn one(case: &mut Case, (n, a, b): (usize, usize, usize), by: &Actor, day: Date) -> Result<Vec<Event>, Refusal> {
    let command = command(case, n, a, b);
    act_on(case, command, by, day)
}

/// An event of every kind there is. `XIEZHI_FREEZE=tests/events-2.json` writes them as a new edition of samples, when events
/// got new fields; editions that are there are never edited (`tests/frozen.rs` reads them all).
#[test]
fn there_is_a_sample_of_every_kind_of_event() {
    let pay = Command::PayFee(PayFee { amount: Fen(190_500), method: PaymentMethod::Online, reference: "P-1".into() });
    let relief = |granted| Command::DecideFeeRelief(DecideFeeRelief { granted, due: Fen(0) });
    corrected();
    let mut case = returned();
    served(&mut case, Paper::CorrectionNotice, PLAINTIFF().person, date(2026, 3, 3));
    let mut case = joined();
    served(&mut case, Paper::EvidenceNotice, DEFENDANT().person, date(2026, 3, 6));
    case.procedure = Some(Procedure::Ordinary);
    act_on(&mut case, Command::AssignTribunal(AssignTribunal { form: TribunalForm::Panel }), &CLERK(), date(2026, 3, 10)).expect("assigned");
    let judge = judge_of(&case);
    one(&mut case, (20, 30, 37), &judge, date(2026, 3, 26)).expect("scheduled");
    refused();
    let mut case = effective();
    let (clerk, judge) = (clerk_of(&case), judge_of(&case));
    issue_all(&mut case);
    act_on(&mut case, Command::RequestEffectCertificate(RequestEffectCertificate {}), &PLAINTIFF(), date(2026, 5, 12)).expect("asked");
    act_on(&mut case, Command::IssueEffectCertificate(IssueEffectCertificate { to: PLAINTIFF().person }), &clerk, date(2026, 5, 12)).expect("issued");
    issue_all(&mut case);
    act_on(&mut case, pay.clone(), &PLATFORM(), date(2026, 5, 12)).expect("paid");
    one(&mut case, (32, 0, 0), &clerk, date(2026, 5, 12)).expect("closed");
    one(&mut case, (33, 2, 0), &clerk, date(2026, 5, 12)).expect("archived");
    let mut case = judgment_served();
    one(&mut case, (28, 2, 0), &DEFENDANT(), date(2026, 5, 4)).expect("appealed");
    let mut case = scheduled();
    act_on(&mut case, answering(), &DEFENDANT(), date(2026, 3, 12)).expect("answered");
    act_on(&mut case, evidence(&["收条"]), &DEFENDANT(), date(2026, 3, 12)).expect("handed in");
    one(&mut case, (18, 0, 0), &DEFENDANT(), date(2026, 3, 12)).expect("commented");
    one(&mut case, (4, 0, 1), &DEFENDANT(), date(2026, 3, 12)).expect("chosen");
    one(&mut case, (21, 2, 50), &judge, date(2026, 3, 26)).expect("postponed");
    one(&mut case, (34, 2, 0), &DEFENDANT(), date(2026, 3, 26)).expect("agent named");
    one(&mut case, (35, 0, 0), &DEFENDANT(), date(2026, 3, 26)).expect("authority ended");
    let mut case = accepted();
    give_to_judge(&mut case);
    let fee = served(&mut case, Paper::FeeNotice, PLAINTIFF().person, date(2026, 3, 4));
    act_on(&mut case, Command::OpenPaper(OpenPaper { id: fee }), &PLAINTIFF(), date(2026, 3, 4)).expect("opened");
    let copy = RequestPaperCopy { id: fee, how: Collect::Collect };
    act_on(&mut case, Command::RequestPaperCopy(copy), &PLAINTIFF(), date(2026, 3, 5)).expect("asked");
    one(&mut case, (13, 2, 0), &PLAINTIFF(), date(2026, 3, 5)).expect("asked");
    act_on(&mut case, relief(false), &JUDGE(), date(2026, 3, 6)).expect("decided");
    act_on(&mut case.clone(), pay, &PLATFORM(), date(2026, 3, 6)).expect("paid");
    let correct = CorrectService { papers: vec![fee], on: date(2026, 3, 5), reason: "看错".into() };
    act_on(&mut case, Command::CorrectService(correct), &CLERK(), date(2026, 3, 6)).expect("corrected");
    let id = case.papers.iter().find(|paper| paper.paper == Paper::JoinSheet).expect("owed").id;
    act_on(
        &mut case,
        Command::SendPaper(SendPaper { papers: vec![id], method: Method::Postal, reference: String::new() }),
        &CLERK(),
        date(2026, 3, 6),
    )
    .expect("sent");
    let failure = RecordServiceFailure { papers: vec![id], reason: "查无此人".into() };
    act_on(&mut case, Command::RecordServiceFailure(failure), &CLERK(), date(2026, 3, 9)).expect("failed");
    let mut unreachable = case.clone();
    unreachable.procedure = Some(Procedure::Ordinary);
    let announce = AnnounceService { papers: vec![id], place: Place::Network, reason: "查无此人".into(), missing: true };
    act_on(&mut unreachable, Command::AnnounceService(announce), &CLERK(), date(2026, 3, 10)).expect("announced");
    served(&mut case, Paper::FeeNotice, PLAINTIFF().person, date(2026, 3, 9));
    act_on(&mut case, Command::DeemSuitWithdrawn(DeemSuitWithdrawn::default()), &JUDGE(), date(2026, 3, 17)).expect("ruled");
    let mut case = assigned();
    let objection = serde_json::from_value(serde_json::json!({"reasons": "应由云海区法院管辖。"})).expect("fields");
    let object = RaiseMatter { matter: Kind::JurisdictionObjection, fields: objection, materials: vec![], posted_on: None };
    act_on(&mut case, Command::RaiseMatter(object), &DEFENDANT(), date(2026, 3, 12)).expect("objected");
    let fields = serde_json::from_value(serde_json::json!({"outcome": "refused", "reasons": "有管辖权。"})).expect("fields");
    let rule = DecideMatter { matter: Kind::JurisdictionObjection, number: None, fields };
    let judge = judge_of(&case);
    act_on(&mut case, Command::DecideMatter(rule), &judge, date(2026, 3, 13)).expect("ruled");
    served(&mut case, Paper::MatterRuling, DEFENDANT().person, date(2026, 3, 16));
    let mut case = assigned();
    let judge = judge_of(&case);
    let person = serde_json::json!({"person": judge.person, "ground": "kin", "reasons": "是原告的堂兄。"});
    let ask = RaiseMatter { matter: Kind::Recusal, fields: serde_json::from_value(person).expect("fields"), materials: vec![], posted_on: None };
    act_on(&mut case, Command::RaiseMatter(ask), &DEFENDANT(), date(2026, 3, 12)).expect("asked");
    let fields = serde_json::from_value(serde_json::json!({"outcome": "granted", "reasons": "属实。"})).expect("fields");
    act_on(&mut case, Command::DecideMatter(DecideMatter { matter: Kind::Recusal, number: None, fields }), &PRESIDENT(), date(2026, 3, 13))
        .expect("decided");

    preserved();
    let told = TOLD.take();
    let kinds: std::collections::BTreeSet<&str> = told.iter().map(Event::kind).collect();
    let source = include_str!("../event.rs");
    let named = source.lines().filter_map(|line| line.trim().strip_prefix("Self::")?.split_once("=> \"")?.1.strip_suffix("\","));
    assert_eq!(kinds, named.collect(), "a kind of event without a sample");
    let text = serde_json::to_string(&told).expect("JSON");
    let anchors = text.split("\"anchor\":\"").skip(1).map(|rest| rest.split('"').next().and_then(Anchor::of).expect("a known anchor"));
    let anchors: std::collections::BTreeSet<_> = anchors.collect();
    assert_eq!(anchors, Anchor::ALL.into(), "a clock that no step starts");
    if let Some(path) = std::env::var_os("XIEZHI_FREEZE") {
        let first = told.iter().enumerate().filter(|(place, event)| told[..*place].iter().all(|other| other.kind() != event.kind()));
        let samples: Vec<_> = first.map(|(_, event)| event).collect();
        std::fs::write(path, serde_json::to_string_pretty(&samples).expect("JSON") + "\n").expect("written");
    }
}

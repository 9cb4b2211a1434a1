use super::*;
use crate::case::{ClockState, Procedure};
use crate::step::fixture::{
    DEFENDANT, OTHER, PLAINTIFF, PRESIDENT, act_on, assigned, clerk_of, evidence, given, joined, judge_of, law, opened, paid, scheduled, served,
};
use crate::step::{AppointAgent, DecideMatter, FileAppeal, RaiseMatter};
use crate::{Actor, Command, Event, Office, Refusal, Stage};
use jiff::civil::date;
use serde_json::json;

fn fields(values: Value) -> Fields {
    serde_json::from_value(values).expect("fields")
}

pub(super) fn raise(matter: Kind, values: Value) -> Command {
    Command::RaiseMatter(RaiseMatter { matter, fields: fields(values), materials: vec![], posted_on: None })
}

pub(super) fn decide(matter: Kind, values: Value) -> Command {
    Command::DecideMatter(DecideMatter { matter, number: None, fields: fields(values) })
}

pub(super) fn because(outcome: &str) -> Value {
    json!({"outcome": outcome, "reasons": "经审查属实。"})
}

pub(super) fn decided_in(events: &[Event]) -> &Decided {
    let found = events.iter().find_map(|event| if let Event::MatterDecided(decided) = event { Some(decided) } else { None });
    found.expect("decided")
}

pub(super) fn orders(events: &[Event]) -> Vec<&str> {
    decided_in(events).text.orders.iter().map(String::as_str).collect()
}

pub(super) fn wrong_field(result: Result<Vec<Event>, Refusal>) -> String {
    match result {
        Err(Refusal::FieldInvalid { field, .. }) => field,
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_matter_is_whole() {
    let mut names = std::collections::BTreeSet::new();
    for kind in Kind::ALL {
        let matter = kind.matter();
        assert_eq!(matter.kind, *kind, "{kind:?}");
        assert!(names.insert(matter.raise.name) && names.insert(matter.decide.name), "{kind:?}: a name of its own");
        assert_eq!(of_step(matter.raise.name), Some((*kind, Part::Raise)));
        assert_eq!(of_step(matter.decide.name), Some((*kind, Part::Decide)));
        assert!(!matter.raise.rules.is_empty() && !matter.decide.rules.is_empty(), "{kind:?}: by which rule");
        assert!(!matter.decide.papers.is_empty(), "{kind:?}: a decision is a paper");
        let parties = matter.raise.who.iter().any(|who| PARTIES.contains(who));
        assert_eq!(parties, !matter.raise.counter.is_empty() && !matter.raise.guide.is_empty(), "{kind:?}: parties are told how");
        assert!(matter.within.rule(&Fields::default()).is_none_or(|rule| law().deadlines.get(rule).is_some()), "{kind:?}");
    }
    let raised = Kind::ALL.iter().filter(|kind| !kind.matter().raise.who.is_empty()).count();
    assert_eq!(
        crate::STEPS.iter().filter(|step| names.contains(step.name)).count(),
        Kind::ALL.len() + raised,
        "every one that somebody takes is a step"
    );
}

#[test]
fn r_tri_10_a_judge_whose_recusal_is_asked_for_stands_aside_until_the_president_decides() {
    let mut case = assigned();
    let judge = judge_of(&case);
    let ask = || raise(Kind::Recusal, json!({"person": judge.person, "ground": "kin", "reasons": "是原告的堂兄。"}));
    act_on(&mut case, ask(), &DEFENDANT(), date(2026, 3, 12)).expect("asked");
    assert!(case.paused(judge.person));
    assert_eq!(case.clock("R-TRI-10").expect("three days").clock.last_day, date(2026, 3, 16), "15 March is a Sunday");
    assert_eq!(act_on(&mut case, ask(), &DEFENDANT(), date(2026, 3, 12)), Err(Refusal::RaisedBefore { matter: "回避申请".into() }));
    let suspend = decide(Kind::Suspension, json!({"outcome": "granted", "ground": "other", "reasons": "等待另案。"}));
    let aside = act_on(&mut case, suspend, &judge, date(2026, 3, 12));
    assert!(matches!(aside, Err(Refusal::Paused { .. })), "{aside:?}");
    let own = act_on(&mut case, decide(Kind::Recusal, because("refused")), &judge, date(2026, 3, 13));
    assert!(matches!(own, Err(Refusal::Paused { .. })), "{own:?}");
    let events = act_on(&mut case, decide(Kind::Recusal, because("granted")), &PRESIDENT(), date(2026, 3, 13)).expect("granted");
    let Effect::Replaced { person, by, .. } = &decided_in(&events).effects[0] else { panic!("replaced") };
    assert_eq!(*person, judge.person);
    assert_ne!(by.person, judge.person);
    assert_eq!((judge_of(&case).person, case.judges().count()), (by.person, 1), "somebody else has the seat");
    assert_eq!(case.tribunal.as_ref().expect("drawn").judges[0].person, judge.person, "the first draw stays what anybody can draw again");
    assert!(!case.paused(judge.person));
    assert_eq!(act_on(&mut case, decide(Kind::Suspension, because("refused")), &judge, date(2026, 3, 13)), Err(Refusal::NoSuchCase));
    assert!(decided_in(&events).papers.iter().all(|owed| owed.paper == Paper::MatterDecision));
    assert_eq!(case.clocks.iter().find(|clock| clock.clock.rule == "R-TRI-10").map(|clock| clock.state), Some(ClockState::Met));
}

#[test]
fn r_tri_10_on_a_clerk_the_presiding_judge_decides_and_refused_he_acts_again() {
    let mut case = assigned();
    let clerk = clerk_of(&case);
    let ask = raise(Kind::Recusal, json!({"person": clerk.person, "ground": "relation", "reasons": "与原告同住。"}));
    act_on(&mut case, ask, &DEFENDANT(), date(2026, 3, 12)).expect("asked");
    let above = act_on(&mut case, decide(Kind::Recusal, because("refused")), &PRESIDENT(), date(2026, 3, 13));
    assert_eq!(wrong_field(above), "outcome");
    let judge = judge_of(&case);
    act_on(&mut case, decide(Kind::Recusal, because("refused")), &judge, date(2026, 3, 13)).expect("refused");
    assert!(!case.paused(clerk.person) && clerk_of(&case) == clerk);
    let stranger = raise(Kind::Recusal, json!({"person": OTHER().person, "ground": "kin", "reasons": "？"}));
    assert_eq!(wrong_field(act_on(&mut case, stranger, &DEFENDANT(), date(2026, 3, 12))), "person");
}

#[test]
fn r_jur_08_an_objection_within_the_time_to_answer_and_by_a_defendant_alone() {
    let mut case = assigned();
    let object = || raise(Kind::JurisdictionObjection, json!({"court": "清河市云海区人民法院", "reasons": "合同约定由云海区法院管辖。"}));
    assert_eq!(act_on(&mut case.clone(), object(), &PLAINTIFF(), date(2026, 3, 20)), Err(Refusal::NotYours { step: "提出管辖权异议".into() }));
    assert_eq!(wrong_field(act_on(&mut case.clone(), object(), &DEFENDANT(), date(2026, 3, 24))), "reasons", "over on 23 March");
    act_on(&mut case, object(), &DEFENDANT(), date(2026, 3, 20)).expect("in time");
    assert_eq!(case.exclusions[0].to, None, "it does not count from now on (R-LIM-31)");
    let judge = judge_of(&case);
    let events = act_on(&mut case, decide(Kind::JurisdictionObjection, because("refused")), &judge, date(2026, 3, 30)).expect("ruled");
    assert_eq!(case.exclusions[0].to, Some(date(2026, 3, 30)));
    assert!(decided_in(&events).text.tail[0].contains("案件受理费100元，由被告陈志远负担"), "R-FEE-06: {:?}", decided_in(&events).text.tail);
    served(&mut case, Paper::MatterRuling, DEFENDANT().person, date(2026, 4, 1));
    assert_eq!(case.clock("R-APL-01b").expect("ten days").clock.last_day, date(2026, 4, 13), "11 April is a Saturday");
}

#[test]
fn r_trf_01_an_objection_that_is_upheld_names_the_court() {
    let mut case = assigned();
    act_on(&mut case, raise(Kind::JurisdictionObjection, json!({"reasons": "应由云海区法院管辖。"})), &DEFENDANT(), date(2026, 3, 20))
        .expect("raised");
    let judge = judge_of(&case);
    let uphold = |court: &str| decide(Kind::JurisdictionObjection, json!({"outcome": "upheld", "court": court, "reasons": "异议成立。"}));
    for court in ["", "没有的法院", "粤4001"] {
        assert_eq!(wrong_field(act_on(&mut case.clone(), uphold(court), &judge, date(2026, 3, 30))), "court", "{court}");
    }
    let events = act_on(&mut case, uphold("粤4002"), &judge, date(2026, 3, 30)).expect("upheld");
    assert_eq!(orders(&events), ["被告陈志远对管辖权提出的异议成立，本案移送广东省清河市云海区人民法院处理。"]);
}

#[test]
fn r_fee_11_a_suit_that_is_taken_back_costs_half_and_ends() {
    let mut case = paid(assigned());
    act_on(&mut case, raise(Kind::Withdrawal, json!({"reasons": "双方已经和解。"})), &PLAINTIFF(), date(2026, 3, 20)).expect("asked");
    let judge = judge_of(&case);
    let events = act_on(&mut case, decide(Kind::Withdrawal, because("granted")), &judge, date(2026, 3, 23)).expect("granted");
    assert_eq!(orders(&events), ["准许原告周桂兰撤回起诉。"]);
    assert_eq!(decided_in(&events).text.tail, ["案件受理费减半收取1905元，由原告周桂兰负担1905元。"]);
    assert_eq!((case.stage, case.ended_by), (Stage::Withdrawn, Some(1)));
    assert!(case.clocks.iter().all(|clock| clock.state != ClockState::Running), "nothing is waited for");
    let early = act_on(&mut case, Command::CloseCase(crate::step::CloseCase {}), &judge, date(2026, 3, 24));
    assert!(matches!(early, Err(Refusal::NotServedOn { .. })), "{early:?}");
}

#[test]
fn r_idc_11_an_agent_takes_a_suit_back_only_with_the_power_to_waive() {
    let mut case = assigned();
    let appoint = AppointAgent {
        person: OTHER().person,
        name: "郑谨言".into(),
        matters: "本案一审".into(),
        powers: vec![],
        materials: vec![Material {
            kind: crate::case::MaterialKind::PowerOfAttorney, purpose: None, ..crate::step::fixture::exhibit("授权委托书")
        }],
    };
    act_on(&mut case, Command::AppointAgent(appoint), &PLAINTIFF(), date(2026, 3, 11)).expect("named");
    let agent = Actor::agent(OTHER().person, PLAINTIFF().person);
    let take_back = raise(Kind::Withdrawal, json!({"reasons": "和解。"}));
    assert!(matches!(act_on(&mut case, take_back, &agent, date(2026, 3, 12)), Err(Refusal::PowerMissing { .. })));
    let order = raise(Kind::InvestigationOrder, json!({"holder": "某银行", "evidence": "流水", "reasons": "不能自行收集。"}));
    act_on(&mut case, order, &agent, date(2026, 3, 12)).expect("an agent's to ask for (R-EVD-10)");
    let judge = judge_of(&case);
    let events = act_on(&mut case, decide(Kind::InvestigationOrder, because("granted")), &judge, date(2026, 3, 13)).expect("issued");
    assert_eq!(orders(&events)[1], "本令有效期至2026年3月30日，由代理律师郑谨言本人使用，不得转交他人。");
    assert_eq!(decided_in(&events).papers.len(), 1, "his party's alone");
}

#[test]
fn r_fee_16_more_claimed_is_paid_for_and_less_goes_back_and_r_evd_03_the_period_for_evidence_is_new() {
    let changed = |amount: i64| {
        let mut case = paid(assigned());
        let ask = json!({"claims": "判令被告偿还借款本金\n判令被告支付利息", "amount": amount, "reasons": "重新计算利息。"});
        act_on(&mut case, raise(Kind::ChangeOfClaims, ask), &PLAINTIFF(), date(2026, 3, 20)).expect("asked");
        let judge = judge_of(&case);
        let events = act_on(&mut case, decide(Kind::ChangeOfClaims, because("granted")), &judge, date(2026, 3, 23)).expect("granted");
        (case, events)
    };
    let (case, events) = changed(20_000_000);
    let fee = case.fee.as_ref().expect("assessed");
    assert_eq!((fee.due, fee.received(), fee.still_due()), (Fen(215_000), Fen(190_500), Fen(24_500)));
    assert!(orders(&events)[1].contains("补交245元"), "{:?}", orders(&events));
    assert!(decided_in(&events).papers.iter().any(|owed| owed.paper == Paper::FeeNotice && owed.to == PLAINTIFF().person), "with a notice");
    assert_eq!(case.statement.as_ref().map(|statement| (statement.amount, statement.claims.len())), Some((Fen(20_000_000), 2)));
    let period = case.clocks.iter().rfind(|clock| clock.anchor == format!("evidence/{}", DEFENDANT().person)).expect("anew");
    assert_eq!(period.clock.first_day, date(2026, 3, 24));
    let (case, events) = changed(10_000_000);
    let fee = case.fee.as_ref().expect("assessed");
    assert_eq!((fee.due, fee.still_due(), fee.to_refund()), (Fen(115_000), Fen::ZERO, Fen(75_500)));
    assert!(orders(&events)[1].contains("退还原告周桂兰"), "{:?}", orders(&events));
}

#[test]
fn r_fee_17_the_rest_is_paid_after_conversion_and_r_prc_04_the_limit_counts_from_the_first_filing() {
    let mut case = paid(assigned());
    let judge = judge_of(&case);
    let convert = || decide(Kind::Conversion, json!({"outcome": "granted", "ground": "missing", "reasons": "多次邮寄退回。"}));
    let late = act_on(&mut case.clone(), convert(), &judge, date(2026, 6, 4));
    assert_eq!(wrong_field(late), "outcome", "the simple procedure's limit ended on 3 June");
    let events = act_on(&mut case, convert(), &judge, date(2026, 4, 20)).expect("converted");
    assert_eq!(orders(&events)[1], "原告应当自收到补交通知次日起七日内补交案件受理费1905元。");
    assert_eq!((case.procedure, case.fee.as_ref().expect("assessed").still_due()), (Some(Procedure::Ordinary), Fen(190_500)));
    let trial = case.clocks.iter().rfind(|clock| clock.anchor == "trial").expect("runs");
    assert_eq!((trial.clock.rule.as_str(), trial.clock.last_day), ("R-LIM-01", date(2026, 9, 3)));
    assert!(matches!(act_on(&mut case, convert(), &judge, date(2026, 4, 21)), Err(Refusal::FieldInvalid { .. })), "once");
    let notice = served(&mut case, Paper::FeeNotice, PLAINTIFF().person, date(2026, 4, 22));
    assert!(case.papers.iter().any(|paper| paper.id == notice));
    let unpaid = Command::DeemSuitWithdrawn(crate::step::DeemSuitWithdrawn::default());
    let running = act_on(&mut case, unpaid, &judge, date(2026, 4, 23));
    assert!(matches!(running, Err(Refusal::FeePeriodRunning { .. })), "{running:?}");
}

#[test]
fn r_tri_35_a_suspended_suit_stands_still_and_goes_on_where_it_stood() {
    let mut case = scheduled();
    let judge = judge_of(&case);
    let suspend = decide(Kind::Suspension, json!({"outcome": "granted", "ground": "death", "reasons": "被告死亡，等待继承人。"}));
    act_on(&mut case, suspend, &judge, date(2026, 4, 1)).expect("suspended");
    assert_eq!((case.stage, case.suspended), (Stage::Suspended, Some(Stage::Preparing)));
    assert!(matches!(act_on(&mut case, evidence(&["收条"]), &PLAINTIFF(), date(2026, 4, 2)), Err(Refusal::NotNow { .. })));
    act_on(&mut case, raise(Kind::Resumption, json!({"reasons": "继承人已经参加诉讼。"})), &PLAINTIFF(), date(2026, 4, 20)).expect("asked");
    act_on(&mut case, decide(Kind::Resumption, json!({"reasons": "原因消除。"})), &judge, date(2026, 4, 21)).expect("resumed");
    assert_eq!((case.stage, case.suspended), (Stage::Preparing, None));
    let trial = case.clocks.iter().rfind(|clock| clock.anchor == "trial").expect("runs");
    assert_eq!(trial.clock.last_day, date(2026, 6, 23), "20 days of 1 to 20 April behind 3 June");
    assert!(trial.clock.derivation.iter().any(|line| line.rule == "R-LIM-31" && line.text.contains("20 日不计入")));
}

#[test]
fn r_tri_35_termination_ends_it_without_a_refund_also_while_it_is_suspended() {
    let mut case = scheduled();
    let judge = judge_of(&case);
    let suspend = decide(Kind::Suspension, json!({"outcome": "granted", "ground": "death", "reasons": "原告死亡。"}));
    act_on(&mut case, suspend, &judge, date(2026, 4, 1)).expect("suspended");
    let terminate = decide(Kind::Termination, json!({"outcome": "granted", "ground": "plaintiff", "reasons": "没有继承人。"}));
    let events = act_on(&mut case, terminate, &judge, date(2026, 5, 6)).expect("terminated");
    assert_eq!((case.stage, decided_in(&events).text.suffix), (Stage::Terminated, 1), "R-DOC-09: the second ruling in the number is 之一");
    assert_eq!(decided_in(&events).text.tail, ["已经预交的案件受理费不予退还。"]);
}

#[test]
fn r_fil_17_a_dismissed_suit_can_be_appealed_within_ten_days() {
    let mut case = assigned();
    let judge = judge_of(&case);
    let dismiss = decide(Kind::Dismissal, json!({"outcome": "granted", "ground": "duplicate", "reasons": "前案已经生效。"}));
    act_on(&mut case, dismiss, &judge, date(2026, 4, 1)).expect("dismissed");
    assert_eq!(case.stage, Stage::Dismissed);
    served(&mut case, Paper::MatterRuling, PLAINTIFF().person, date(2026, 4, 2));
    let appeal =
        Command::FileAppeal(FileAppeal {
            requests: "撤销裁定".into(), reasons: "不构成重复起诉。".into(), materials: vec![], posted_on: None
        });
    let late = act_on(&mut case.clone(), appeal.clone(), &PLAINTIFF(), date(2026, 4, 14));
    assert_eq!(late, Err(Refusal::AppealPeriodOver { last_day: date(2026, 4, 13) }), "12 April is a Sunday");
    act_on(&mut case, appeal, &PLAINTIFF(), date(2026, 4, 13)).expect("in time");
}

#[test]
fn r_lim_30_the_president_extends_the_limit_in_time_and_within_what_the_law_allows() {
    let mut case = assigned();
    let judge = judge_of(&case);
    let ask = |months: i64| raise(Kind::LimitExtension, json!({"months": months, "reasons": "需要等待鉴定。"}));
    assert_eq!(wrong_field(act_on(&mut case.clone(), ask(2), &judge, date(2026, 4, 1))), "months", "one month in the simple procedure");
    assert_eq!(wrong_field(act_on(&mut case.clone(), ask(1), &judge, date(2026, 5, 20))), "months", "fifteen days before 3 June");
    act_on(&mut case, ask(1), &judge, date(2026, 5, 18)).expect("asked");
    let own = act_on(&mut case.clone(), decide(Kind::LimitExtension, because("granted")), &judge, date(2026, 5, 19));
    assert_eq!(own, Err(Refusal::NotYours { step: "审批延长审限".into() }));
    let late = act_on(&mut case.clone(), decide(Kind::LimitExtension, because("granted")), &PRESIDENT(), date(2026, 6, 1));
    assert_eq!(wrong_field(late), "outcome", "five days before");
    let events = act_on(&mut case, decide(Kind::LimitExtension, because("granted")), &PRESIDENT(), date(2026, 5, 20)).expect("approved");
    assert_eq!(orders(&events), ["经本院院长批准，本案审理期限延长 1 个月，至2026年7月3日。"]);
    assert_eq!(case.clocks.iter().rfind(|clock| clock.anchor == "trial").expect("runs").clock.last_day, date(2026, 7, 3));
    assert_eq!(decided_in(&events).papers.len(), 2, "R-LIM-34: shown to both sides");
}

#[test]
fn r_evd_02_a_longer_period_for_evidence_is_longer_for_everybody() {
    let mut case = assigned();
    served(&mut case, Paper::EvidenceNotice, PLAINTIFF().person, date(2026, 3, 9));
    served(&mut case, Paper::EvidenceNotice, DEFENDANT().person, date(2026, 3, 10));
    let ask = || raise(Kind::EvidenceExtension, json!({"reasons": "银行流水还没有调到。"}));
    assert_eq!(wrong_field(act_on(&mut case.clone(), ask(), &PLAINTIFF(), date(2026, 3, 25))), "reasons", "over on 24 March");
    act_on(&mut case, ask(), &PLAINTIFF(), date(2026, 3, 20)).expect("asked");
    let judge = judge_of(&case);
    let grant = |days: i64| decide(Kind::EvidenceExtension, json!({"outcome": "granted", "days": days, "reasons": "确有困难。"}));
    assert_eq!(wrong_field(act_on(&mut case.clone(), grant(0), &judge, date(2026, 3, 20))), "days");
    act_on(&mut case, grant(10), &judge, date(2026, 3, 20)).expect("granted");
    let last = |party: &Actor| {
        let anchor = format!("evidence/{}", party.person);
        case.clocks.iter().rfind(|clock| clock.anchor == anchor).expect("runs").clock.last_day
    };
    assert_eq!((last(&PLAINTIFF()), last(&DEFENDANT())), (date(2026, 4, 3), date(2026, 4, 7)), "4 to 6 April are Qingming");
}

#[test]
fn r_doc_04_a_slip_of_the_pen_is_put_right_by_a_ruling_that_quotes_both() {
    let mut case = given();
    let judge = judge_of(&case);
    let paper = case.papers.iter().find(|paper| paper.paper == Paper::CivilJudgment).expect("owed").id;
    let summons = case.papers.iter().find(|paper| paper.paper == Paper::Summons).expect("owed").id;
    let correct = |paper: crate::PaperId, right: &str| {
        decide(Kind::Correction, json!({"paper": paper, "wrong": "150001元", "right": right, "reasons": "笔误。"}))
    };
    assert_eq!(wrong_field(act_on(&mut case.clone(), correct(summons, "150000元"), &judge, date(2026, 4, 21))), "paper");
    assert_eq!(wrong_field(act_on(&mut case.clone(), correct(paper, "150001元"), &judge, date(2026, 4, 21))), "right");
    let events = act_on(&mut case, correct(paper, "150000元"), &judge, date(2026, 4, 21)).expect("corrected");
    assert_eq!(orders(&events), ["民事判决书中“150001元”补正为“150000元”。"]);
    assert_eq!(case.stage, Stage::Decided, "the judgment stands");
}

#[test]
fn r_tri_34_fine_and_detention_within_the_law_and_by_the_president() {
    let mut case = opened();
    let judge = judge_of(&case);
    let fine = |amount: i64| {
        raise(Kind::Sanction, json!({"person": DEFENDANT().person, "act": "order", "measure": "fine", "amount": amount, "reasons": "哄闹法庭。"}))
    };
    let jail = |days: i64| {
        raise(Kind::Sanction, json!({"person": DEFENDANT().person, "act": "order", "measure": "detention", "days": days, "reasons": "哄闹法庭。"}))
    };
    assert_eq!(wrong_field(act_on(&mut case.clone(), fine(10_000_001), &judge, date(2026, 4, 8))), "amount");
    assert_eq!(wrong_field(act_on(&mut case.clone(), jail(16), &judge, date(2026, 4, 8))), "days");
    assert_eq!(act_on(&mut case.clone(), fine(100), &PLAINTIFF(), date(2026, 4, 8)), Err(Refusal::NotYours { step: "报请罚款、拘留".into() }));
    act_on(&mut case, fine(10_000_000), &judge, date(2026, 4, 8)).expect("asked");
    let events = act_on(&mut case, decide(Kind::Sanction, because("granted")), &PRESIDENT(), date(2026, 4, 8)).expect("decided");
    assert_eq!(orders(&events), ["对陈志远罚款100000元，限于收到本决定书之日起按本院通知的期限交纳。"]);
    assert_eq!(decided_in(&events).papers.iter().map(|owed| owed.to).collect::<Vec<_>>(), [DEFENDANT().person]);
}

#[test]
fn r_doc_06_a_fine_is_a_decision_that_the_president_signs_and_no_judge() {
    let mut case = opened();
    let judge = judge_of(&case);
    let fine = json!({"person": DEFENDANT().person, "act": "evidence", "measure": "detention", "days": 15, "reasons": "伪造借条。"});
    act_on(&mut case, raise(Kind::Sanction, fine), &judge, date(2026, 4, 8)).expect("asked");
    let own = act_on(&mut case, decide(Kind::Sanction, because("granted")), &judge, date(2026, 4, 8));
    assert_eq!(own, Err(Refusal::NotYours { step: "审批罚款、拘留".into() }));
    let events = act_on(&mut case, decide(Kind::Sanction, because("granted")), &PRESIDENT(), date(2026, 4, 8)).expect("decided");
    let decided = decided_in(&events);
    assert_eq!((decided.by, decided.office, decided.text.about.as_str()), (PRESIDENT().person, Office::President, "拘留"));
    assert_eq!(decided.papers.iter().map(|owed| owed.paper).collect::<Vec<_>>(), [Paper::MatterDecision]);
}

#[test]
fn r_prc_03_an_objection_to_the_procedure_before_the_hearing() {
    let mut case = opened();
    let object = || raise(Kind::Conversion, json!({"reasons": "案情复杂。"}));
    assert_eq!(wrong_field(act_on(&mut case, object(), &DEFENDANT(), date(2026, 4, 8))), "reasons");
    let mut case = scheduled();
    act_on(&mut case, object(), &DEFENDANT(), date(2026, 3, 27)).expect("before");
    let judge = judge_of(&case);
    act_on(&mut case, decide(Kind::Conversion, because("refused")), &judge, date(2026, 3, 30)).expect("refused");
    assert_eq!(case.procedure, Some(Procedure::Simple));
}

#[test]
fn nothing_is_decided_that_nobody_asked_for_and_nobody_decides_in_a_strangers_case() {
    let mut case = assigned();
    let judge = judge_of(&case);
    let none = act_on(&mut case, decide(Kind::Withdrawal, because("granted")), &judge, date(2026, 3, 20));
    assert_eq!(none, Err(Refusal::NothingRaised { matter: "撤诉申请".into() }));
    let elsewhere = Actor::staff(PRESIDENT().person, Office::President, "粤4002");
    assert_eq!(act_on(&mut case, decide(Kind::Sanction, because("granted")), &elsewhere, date(2026, 3, 20)), Err(Refusal::NoSuchCase));
    let before = joined();
    let invited = raise(Kind::Withdrawal, json!({"reasons": "？"}));
    assert!(act_on(&mut before.clone(), invited, &OTHER(), date(2026, 3, 20)).is_err());
}

//! 保全 from the application to the lifting, in the suit and before it.
use super::tests::{because, decide, decided_in, orders, raise, wrong_field};
use super::*;
use crate::Command;
use crate::case::ClockState;
use crate::kind::CaseKind;
use crate::preservation::MeasureState;
use crate::step::fixture::{CLERK, DEFENDANT, PLAINTIFF, PLATFORM, accepting, act_on, assigned, clerk_of, filing, judge_of, new_case, noon, served};
use crate::step::{AssignTribunal, ExpireClock, SubmitFiling};
use crate::trial::TribunalForm;
use jiff::civil::date;
use serde_json::json;

fn asked(urgent: &str) -> Command {
    raise(
        Kind::Preservation,
        json!({"target": "property", "urgent": urgent, "amount": 15_000_000, "clues": "中国工商银行清河支行账户（尾号6620）",
               "security": "insurer", "security_amount": 4_500_000, "reasons": "被告正在转移存款。"}),
    )
}

fn granted(amount: i64) -> Command {
    decide(Kind::Preservation, json!({"outcome": "granted", "amount": amount, "waiver": "given", "reasons": "申请符合法律规定。"}))
}

fn measure(property: &str, amount: i64, on: &str, until: &str) -> Command {
    let fields = json!({"property": property, "what": "账户（尾号6620）", "amount": amount, "holder": "中国工商银行清河支行",
                        "queued": "no", "on": on, "until": until});
    decide(Kind::PreservationMeasure, fields)
}

/// 150,000 yuan frozen in the suit on 6 March 2026 for a year.
pub fn frozen() -> Case {
    let mut case = assigned();
    let judge = judge_of(&case);
    act_on(&mut case, asked("no"), &PLAINTIFF(), date(2026, 3, 4)).expect("asked");
    act_on(&mut case, granted(15_000_000), &judge, date(2026, 3, 5)).expect("granted");
    let clerk = clerk_of(&case);
    act_on(&mut case, measure("deposit", 15_000_000, "2026-03-06", "2027-03-06"), &clerk, date(2026, 3, 6)).expect("frozen");
    case
}

/// Every clock that a preservation starts.
pub fn preserved() {
    let mut case = frozen();
    served(&mut case, Paper::MatterRuling, DEFENDANT().person, date(2026, 3, 9));
    let mut case = before_suit(15_000_000);
    let (judge, clerk) = (judge_of(&case), clerk_of(&case));
    act_on(&mut case, granted(15_000_000), &judge, date(2026, 3, 4)).expect("granted");
    act_on(&mut case, measure("deposit", 15_000_000, "2026-03-04", "2027-03-04"), &clerk, date(2026, 3, 4)).expect("frozen");
}

fn clock<'a>(case: &'a Case, anchor: &str) -> &'a RunningClock {
    case.clocks.iter().rfind(|clock| clock.anchor == anchor).unwrap_or_else(|| panic!("no clock {anchor}"))
}

fn rulings_to(case: &Case, person: PersonId) -> usize {
    case.papers.iter().filter(|paper| paper.paper == Paper::MatterRuling && paper.to == person).count()
}

#[test]
fn r_prv_03_five_days_to_rule_or_forty_eight_hours_and_five_days_to_begin() {
    for (urgent, rule, last) in [("no", "R-PRV-03b", date(2026, 3, 9)), ("yes", "R-PRV-03", date(2026, 3, 6))] {
        let mut case = assigned();
        act_on(&mut case, asked(urgent), &PLAINTIFF(), date(2026, 3, 4)).expect("asked");
        let period = &clock(&case, "matter/1").clock;
        assert_eq!((period.rule.as_str(), period.last_day), (rule, last));
    }
    let mut case = assigned();
    let judge = judge_of(&case);
    act_on(&mut case, asked("no"), &PLAINTIFF(), date(2026, 3, 4)).expect("asked");
    let events = act_on(&mut case, granted(15_000_000), &judge, date(2026, 3, 5)).expect("granted");
    assert_eq!(orders(&events), ["查封、扣押、冻结被申请人陈志远价值150000元的财产。"]);
    assert_eq!(decided_in(&events).text.tail[0], "本裁定立即开始执行。");
    assert_eq!(clock(&case, "execution/1").clock.last_day, date(2026, 3, 10));
    assert_eq!(clock(&frozen(), "execution/1").state, ClockState::Met);
}

#[test]
fn r_prv_03_whom_it_is_directed_against_hears_of_it_once_it_was_carried_out() {
    let mut case = assigned();
    let judge = judge_of(&case);
    act_on(&mut case, asked("no"), &PLAINTIFF(), date(2026, 3, 4)).expect("asked");
    act_on(&mut case, granted(15_000_000), &judge, date(2026, 3, 5)).expect("granted");
    let (own, other) = (PLAINTIFF().person, DEFENDANT().person);
    assert_eq!((case.may_know(1, own), case.may_know(1, other)), (true, false));
    assert_eq!((rulings_to(&case, own), rulings_to(&case, other)), (1, 0));
    let case = frozen();
    assert!(case.may_know(1, other));
    assert_eq!(rulings_to(&case, other), 1);
    let ruling = case.papers.iter().rfind(|paper| paper.paper == Paper::MatterRuling).expect("owed");
    assert_eq!(case.decision_of(ruling.id).map(|decided| decided.number), Some(1), "of the ruling, not of the measure");
}

#[test]
fn r_prv_09_no_longer_than_one_two_or_three_years_and_then_the_effect_is_gone() {
    let mut case = frozen();
    let clerk = clerk_of(&case);
    case.measures.clear();
    let on = date(2026, 3, 6);
    for (property, longest, over) in
        [("deposit", "2027-03-06", "2027-03-07"), ("movable", "2028-03-06", "2028-03-07"), ("immovable", "2029-03-06", "2029-03-07")]
    {
        assert_eq!(wrong_field(act_on(&mut case.clone(), measure(property, 100, "2026-03-06", over), &clerk, on)), "until");
        act_on(&mut case.clone(), measure(property, 100, "2026-03-06", longest), &clerk, on).expect("the longest");
    }
    let mut case = frozen();
    assert_eq!(clock(&case, "renewal/1").clock.last_day, date(2027, 2, 26), "seven days before, moved before the weekend");
    let lapse = || Command::ExpireClock(ExpireClock { anchor: "hold/1".into() });
    assert_eq!(act_on(&mut case, lapse(), &PLATFORM(), date(2027, 3, 6)), Ok(vec![]));
    act_on(&mut case, lapse(), &PLATFORM(), date(2027, 3, 7)).expect("over");
    assert_eq!(case.measures[0].state, MeasureState::Lapsed { on: date(2027, 3, 6) });
}

#[test]
fn r_prv_09_the_applicant_has_it_renewed_and_is_told_of_the_end_in_writing() {
    let mut case = frozen();
    let (judge, notice) = (judge_of(&case), case.papers.iter().rfind(|paper| paper.paper == Paper::MatterNotice).expect("told").clone());
    assert_eq!(notice.to, PLAINTIFF().person);
    assert!(case.decision_of(notice.id).expect("written").text.orders[1].contains("2027年3月6日"));
    let again = || raise(Kind::PreservationRenewal, json!({"measure": "1", "reasons": "案件还没有审结。"}));
    assert_eq!(wrong_field(act_on(&mut case, again(), &DEFENDANT(), date(2027, 2, 1))), "measure", "not the other side's to ask");
    act_on(&mut case, again(), &PLAINTIFF(), date(2027, 2, 1)).expect("asked");
    let until = |day: &str| decide(Kind::PreservationRenewal, json!({"outcome": "granted", "until": day, "reasons": "属实。"}));
    assert_eq!(wrong_field(act_on(&mut case, until("2028-03-07"), &judge, date(2027, 2, 3))), "until", "no longer than the first");
    act_on(&mut case, until("2028-03-06"), &judge, date(2027, 2, 3)).expect("renewed");
    assert_eq!((case.measures[0].until, clock(&case, "hold/1").clock.last_day), (date(2028, 3, 6), date(2028, 3, 6)));
    assert_eq!(case.clocks.iter().filter(|clock| clock.anchor == "hold/1" && clock.state == ClockState::Running).count(), 1);
}

#[test]
fn r_prv_11_no_more_is_held_than_the_ruling_says_and_r_prv_10_what_waits_does_not_count() {
    let mut case = frozen();
    let clerk = clerk_of(&case);
    let more = measure("movable", 1, "2026-03-06", "2027-03-06");
    assert_eq!(wrong_field(act_on(&mut case, more.clone(), &clerk, date(2026, 3, 9))), "amount");
    case.measures[0].queued = true;
    act_on(&mut case, more, &clerk, date(2026, 3, 9)).expect("the first waits behind another court's");
}

#[test]
fn r_prv_02_clues_and_reasons_and_r_prv_05_one_of_four_securities() {
    let ask = |change: &[(&str, serde_json::Value)]| {
        let mut fields = json!({"target": "property", "urgent": "no", "amount": 100, "clues": "账户", "security": "bank", "security_amount": 100, "reasons": "属实。"});
        change.iter().for_each(|(name, value)| fields[*name] = value.clone());
        act_on(&mut assigned(), raise(Kind::Preservation, fields), &PLAINTIFF(), date(2026, 3, 4))
    };
    for security in ["asset", "guarantor", "insurer", "bank"] {
        ask(&[("security", json!(security))]).expect("one of four securities");
        assert_eq!(wrong_field(ask(&[("security", json!(security)), ("security_amount", json!(0))])), "security_amount");
    }
    ask(&[("security", json!("none")), ("security_amount", json!(0))]).expect("none, with the reason");
    for (field, wrong) in
        [("target", json!("body")), ("security", json!("word")), ("clues", json!(" ")), ("reasons", json!("")), ("amount", json!(0))]
    {
        assert_eq!(wrong_field(ask(&[(field, wrong)])), field);
    }
}

#[test]
fn r_prv_06_who_gives_no_security_before_the_suit_says_nothing_of_its_amount() {
    let mut case = before_suit(0);
    case.matters[0].raised.fields.0.insert("security".into(), json!("none"));
    let judge = judge_of(&case);
    assert_eq!(wrong_field(act_on(&mut case, granted(15_000_000), &judge, date(2026, 3, 4))), "waiver");
    let waived = decide(Kind::Preservation, json!({"outcome": "granted", "amount": 15_000_000, "waiver": "livelihood", "reasons": "追索劳动报酬。"}));
    act_on(&mut case, waived, &judge, date(2026, 3, 4)).expect("waived");
}

#[test]
fn r_prv_15_a_review_takes_back_its_own_ruling_and_nothing_is_held_on_it_any_more() {
    let mut case = frozen();
    let (judge, clerk) = (judge_of(&case), clerk_of(&case));
    act_on(&mut case, asked("no"), &PLAINTIFF(), date(2026, 3, 7)).expect("asked again");
    let refused = decide(Kind::Preservation, json!({"outcome": "refused", "amount": 0, "waiver": "given", "reasons": "已经保全。"}));
    act_on(&mut case, refused, &judge, date(2026, 3, 8)).expect("refused");
    served(&mut case, Paper::MatterRuling, PLAINTIFF().person, date(2026, 3, 9));
    act_on(&mut case, raise(Kind::PreservationReview, json!({"reasons": "还不够。"})), &PLAINTIFF(), date(2026, 3, 10)).expect("asked");
    let review = case.matters.last().expect("a matter").raised.number;
    assert!(!case.may_know(review, DEFENDANT().person), "he knows nothing of the second ruling");
    let events = act_on(&mut case, decide(Kind::PreservationReview, because("revoked")), &judge, date(2026, 3, 11)).expect("taken back");
    assert!(case.measures[0].holds() && decided_in(&events).papers.iter().all(|owed| owed.to == PLAINTIFF().person));
    let mut case = frozen();
    served(&mut case, Paper::MatterRuling, DEFENDANT().person, date(2026, 3, 9));
    act_on(&mut case, raise(Kind::PreservationReview, json!({"reasons": "工资账户。"})), &DEFENDANT(), date(2026, 3, 10)).expect("asked");
    act_on(&mut case, decide(Kind::PreservationReview, because("revoked")), &judge, date(2026, 3, 11)).expect("taken back");
    assert!(!case.measures[0].holds());
    let again = act_on(&mut case, measure("deposit", 100, "2026-03-12", "2027-03-12"), &clerk, date(2026, 3, 12));
    assert!(matches!(again, Err(Refusal::Missing { .. })), "{again:?}");
}

#[test]
fn r_prv_03_neither_a_stale_page_nor_a_corrected_slip_tells_the_other_side() {
    let mut case = assigned();
    let judge = judge_of(&case);
    let mut events = act_on(&mut case, asked("no"), &PLAINTIFF(), date(2026, 3, 4)).expect("asked");
    events.extend(act_on(&mut case, granted(15_000_000), &judge, date(2026, 3, 5)).expect("granted"));
    assert!(events.iter().all(|event| !event.concerns(&case, DEFENDANT().person)), "his page is not stale by it");
    let ruling = case.papers.iter().rfind(|paper| paper.paper == Paper::MatterRuling).expect("owed").id;
    case.stage = Stage::Decided;
    let slip = decide(Kind::Correction, json!({"outcome": "granted", "paper": ruling, "wrong": "陈志远", "right": "陈致远", "reasons": "笔误。"}));
    let events = act_on(&mut case, slip, &judge, date(2026, 3, 6)).expect("corrected");
    assert!(decided_in(&events).papers.iter().all(|owed| owed.to == PLAINTIFF().person));
    assert!(!case.may_know(decided_in(&events).number, DEFENDANT().person));
}

#[test]
fn r_prv_17_a_preservation_is_limited_to_the_claim() {
    let mut case = assigned();
    let ask = |amount: i64| {
        raise(
            Kind::Preservation,
            json!({"target": "property", "urgent": "no", "amount": amount, "clues": "账户", "security": "none", "security_amount": 0, "reasons": "？"}),
        )
    };
    assert_eq!(wrong_field(act_on(&mut case, ask(17_550_001), &PLAINTIFF(), date(2026, 3, 4))), "amount");
    act_on(&mut case, ask(17_550_000), &PLAINTIFF(), date(2026, 3, 4)).expect("the whole claim");
    let judge = judge_of(&case);
    assert_eq!(wrong_field(act_on(&mut case, granted(17_550_001), &judge, date(2026, 3, 5))), "amount", "nor more than was asked for");
}

#[test]
fn r_prv_14_lifted_within_five_days_or_forty_eight_hours_and_its_terms_end() {
    let ask = |urgent: &str| raise(Kind::PreservationLifting, json!({"ground": "security", "urgent": urgent, "reasons": "已提供银行保函。"}));
    for (urgent, rule) in [("no", "R-PRV-14"), ("yes", "R-PRV-14b")] {
        let mut case = frozen();
        act_on(&mut case, ask(urgent), &DEFENDANT(), date(2026, 3, 12)).expect("asked");
        assert_eq!(clock(&case, "matter/3").clock.rule, rule);
    }
    let mut case = frozen();
    let judge = judge_of(&case);
    let lift = |ground: &str| decide(Kind::PreservationLifting, json!({"outcome": "granted", "ground": ground, "reasons": "属实。"}));
    assert_eq!(wrong_field(act_on(&mut case, lift("no_suit"), &judge, date(2026, 5, 12))), "ground", "the suit is there");
    act_on(&mut case, lift("withdrawn"), &judge, date(2026, 3, 12)).expect("lifted");
    assert_eq!(case.measures[0].state, MeasureState::Lifted { on: date(2026, 3, 12) });
    assert_eq!((clock(&case, "hold/1").state, clock(&case, "renewal/1").state), (ClockState::Met, ClockState::Met));
    assert_eq!(wrong_field(act_on(&mut case, lift("withdrawn"), &judge, date(2026, 3, 13))), "ground", "nothing holds any more");
}

#[test]
fn r_prv_15_a_review_within_five_days_of_service_once_and_nothing_stops_meanwhile() {
    let mut case = frozen();
    let ask = || raise(Kind::PreservationReview, json!({"reasons": "账户是工资账户。"}));
    assert_eq!(wrong_field(act_on(&mut case, ask(), &DEFENDANT(), date(2026, 3, 9))), "reasons", "not before it was served");
    served(&mut case, Paper::MatterRuling, DEFENDANT().person, date(2026, 3, 9));
    let last = clock(&case, &format!("reconsideration/{}", DEFENDANT().person)).clock.last_day;
    assert_eq!(last, date(2026, 3, 16), "the fifth day is a Saturday");
    assert_eq!(wrong_field(act_on(&mut case.clone(), ask(), &DEFENDANT(), date(2026, 3, 17))), "reasons");
    act_on(&mut case, ask(), &DEFENDANT(), last).expect("in time");
    assert_eq!(clock(&case, "matter/3").clock.rule, "R-PRV-15b");
    assert!(case.measures[0].holds(), "nothing stops meanwhile");
    let judge = judge_of(&case);
    act_on(&mut case, decide(Kind::PreservationReview, because("revoked")), &judge, date(2026, 3, 18)).expect("revoked");
    assert!(!case.measures[0].holds());
    assert_eq!(wrong_field(act_on(&mut case, ask(), &DEFENDANT(), date(2026, 3, 19))), "reasons", "once");
}

/// An application before the suit, with security of this much.
pub fn before_suit(security: i64) -> Case {
    let mut case = new_case();
    let mut asked = SubmitFiling { kind: CaseKind::Preservation, ..filing() };
    (asked.statement.cause, asked.statement.cause_name) = ("475".into(), "申请诉前财产保全".into());
    asked.statement.amount = Fen(15_000_000);
    asked.statement.answers = [("clues", json!("账户（尾号6620）")), ("security", json!("insurer")), ("security_amount", json!(security))]
        .map(|(name, value)| (name.to_owned(), value))
        .into();
    act_on(&mut case, Command::SubmitFiling(asked), &PLAINTIFF(), date(2026, 3, 2)).expect("received");
    act_on(&mut case, accepting(), &CLERK(), date(2026, 3, 3)).expect("accepted");
    act_on(&mut case, Command::AssignTribunal(AssignTribunal { form: TribunalForm::Sole }), &CLERK(), date(2026, 3, 3)).expect("assigned");
    case
}

#[test]
fn r_prv_03_before_the_suit_it_is_always_urgent_and_a_case_of_its_own() {
    let case = before_suit(15_000_000);
    assert_eq!((case.number.as_deref(), case.stage), (Some("(2026)粤4001财保1号"), Stage::Preserving));
    let period = &clock(&case, "matter/1").clock;
    assert_eq!((period.rule.as_str(), period.last_day, period.last_time.is_some()), ("R-PRV-03", date(2026, 3, 4), true), "from the application");
    assert!(case.papers.iter().all(|paper| paper.to == PLAINTIFF().person), "nobody else is told");
    assert_eq!(case.fee.as_ref().map(|fee| fee.due), Some(Fen(127_000)));
    assert_eq!(case.matters[0].raised.at, noon(date(2026, 3, 2)));
    assert!(case.procedure.is_none() && case.clocks.iter().all(|clock| clock.anchor != "trial"), "nothing is tried");
}

#[test]
fn r_prv_04_security_before_the_suit_is_as_much_as_what_is_preserved_and_r_prv_06_lets_the_court_do_without() {
    let mut case = before_suit(14_999_999);
    let judge = judge_of(&case);
    assert_eq!(wrong_field(act_on(&mut case, granted(15_000_000), &judge, date(2026, 3, 4))), "waiver");
    let waived = decide(Kind::Preservation, json!({"outcome": "granted", "amount": 15_000_000, "waiver": "livelihood", "reasons": "追索劳动报酬。"}));
    act_on(&mut case.clone(), waived, &judge, date(2026, 3, 4)).expect("waived");
    let mut case = before_suit(15_000_000);
    let mut less = case.clone();
    act_on(&mut less, granted(10_000_000), &judge, date(2026, 3, 4)).expect("less");
    assert_eq!(less.fee.as_ref().map(|fee| fee.due), Some(Fen(102_000)), "R-FEE-10: on what is really preserved");
    let events = act_on(&mut case, granted(15_000_000), &judge, date(2026, 3, 4)).expect("secured");
    assert!(decided_in(&events).text.basis.contains("第一百零四条"));
    assert_eq!(decided_in(&events).text.tail[..2], ["案件申请费1270元，由申请人周桂兰负担。", "本裁定立即开始执行。"]);
}

#[test]
fn r_prv_07_thirty_days_to_sue_then_it_goes_on_or_is_lifted() {
    let mut case = before_suit(15_000_000);
    let (judge, clerk) = (judge_of(&case), clerk_of(&case));
    act_on(&mut case, granted(15_000_000), &judge, date(2026, 3, 4)).expect("granted");
    act_on(&mut case, measure("deposit", 15_000_000, "2026-03-04", "2027-03-04"), &clerk, date(2026, 3, 4)).expect("frozen");
    assert_eq!(clock(&case, "suit").clock.last_day, date(2026, 4, 3));
    let sued = |on: &str| decide(Kind::PreservationSuit, json!({"number": "（2026）粤4001民初9号", "on": on}));
    assert_eq!(wrong_field(act_on(&mut case.clone(), sued("2026-04-04"), &clerk, date(2026, 4, 7))), "on");
    let lift = decide(Kind::PreservationLifting, json!({"outcome": "granted", "ground": "no_suit", "reasons": "至今未起诉。"}));
    assert_eq!(wrong_field(act_on(&mut case.clone(), lift.clone(), &judge, date(2026, 4, 3))), "ground");
    let mut late = case.clone();
    act_on(&mut late, lift.clone(), &judge, date(2026, 4, 7)).expect("lifted");
    assert!(late.holding().next().is_none());
    let events = act_on(&mut case, sued("2026-03-20"), &clerk, date(2026, 3, 20)).expect("sued");
    assert!(orders(&events)[0].contains("继续有效"));
    assert_eq!((clock(&case, "suit").state, case.suit.as_ref().map(|(number, _)| number.as_str())), (ClockState::Met, Some("(2026)粤4001民初9号")));
    assert_eq!(wrong_field(act_on(&mut case, lift, &judge, date(2026, 4, 7))), "ground", "he sued");
    assert!(case.measures[0].holds());
}

//! What a decision on a matter leaves behind: appeals, clocks, money, who may still act.
use super::tests::{because, decide, decided_in, orders, raise, wrong_field};
use super::*;
use crate::case::{ClockState, Party, Procedure};
use crate::step::fixture::{
    DEFENDANT, OTHER, PLAINTIFF, PRESIDENT, act_on, assigned, clerk_of, confirmed, expire, judge_of, judgment, opened, paid, scheduled, served,
};
use crate::step::{ArchiveCase, CloseCase, DecideMatter, DeemSuitWithdrawn, ExpireClock, FileAppeal, SignJudgment};
use crate::trial::Appeal;
use crate::{Command, Event, Refusal, Stage};
use jiff::civil::date;
use serde_json::json;

fn appeal() -> Command {
    Command::FileAppeal(FileAppeal { requests: "撤销裁定".into(), reasons: "适用法律错误。".into(), materials: vec![], posted_on: None })
}

fn trial(case: &Case) -> &RunningClock {
    case.clocks.iter().rfind(|clock| clock.anchor == "trial").expect("accepted")
}

/// The defendant objected on 20 March, the objection was refused on 30 March, the ruling served on both on 1 April.
fn objection_refused() -> Case {
    let mut case = assigned();
    act_on(&mut case, raise(Kind::JurisdictionObjection, json!({"reasons": "应由云海区法院管辖。"})), &DEFENDANT(), date(2026, 3, 20))
        .expect("raised");
    assert_eq!(trial(&case).state, ClockState::Paused, "it stands still meanwhile");
    let judge = judge_of(&case);
    act_on(&mut case, decide(Kind::JurisdictionObjection, because("refused")), &judge, date(2026, 3, 30)).expect("ruled");
    for party in [PLAINTIFF(), DEFENDANT()] {
        served(&mut case, Paper::MatterRuling, party.person, date(2026, 4, 1));
    }
    case
}

#[test]
fn r_evd_03_the_period_for_evidence_stands_still_until_the_ruling_is_in_force() {
    let mut case = assigned();
    served(&mut case, Paper::EvidenceNotice, PLAINTIFF().person, date(2026, 3, 9));
    act_on(&mut case, raise(Kind::JurisdictionObjection, json!({"reasons": "应由云海区法院管辖。"})), &DEFENDANT(), date(2026, 3, 20))
        .expect("raised");
    let evidence = |case: &Case| {
        let anchor = format!("evidence/{}", PLAINTIFF().person);
        case.clocks.iter().rfind(|clock| clock.anchor == anchor).expect("runs").clone()
    };
    assert_eq!((evidence(&case).state, evidence(&case).clock.last_day), (ClockState::Paused, date(2026, 3, 24)));
    assert!(evidence(&case).in_time(date(2026, 4, 30)), "nothing is late meanwhile");
    let judge = judge_of(&case);
    act_on(&mut case, decide(Kind::JurisdictionObjection, because("refused")), &judge, date(2026, 3, 30)).expect("ruled");
    served(&mut case, Paper::MatterRuling, PLAINTIFF().person, date(2026, 4, 1));
    served(&mut case, Paper::MatterRuling, DEFENDANT().person, date(2026, 4, 2));
    for (party, day) in [(PLAINTIFF(), date(2026, 4, 14)), (DEFENDANT(), date(2026, 4, 14))] {
        assert_eq!(evidence(&case).state, ClockState::Paused, "while one may still appeal");
        let over = Command::ExpireClock(ExpireClock { anchor: format!("ruling/{}", party.person) });
        act_on(&mut case, over, &crate::step::fixture::PLATFORM(), day).expect("ran out");
    }
    let resumed = evidence(&case);
    assert_eq!((resumed.state, resumed.clock.last_day), (ClockState::Running, date(2026, 4, 17)), "the four days of 21 to 24 March, from 14 April");
}

#[test]
fn r_lim_31_the_days_of_an_objection_come_behind_the_limit() {
    assert_eq!(trial(&objection_refused()).clock.last_day, date(2026, 6, 15), "eleven days of 20 to 30 March behind 3 June, a Sunday");
}

#[test]
fn r_svc_41_the_period_against_a_ruling_is_not_that_against_the_judgment() {
    let mut case = objection_refused();
    for party in [PLAINTIFF(), DEFENDANT()] {
        let over = Command::ExpireClock(ExpireClock { anchor: format!("ruling/{}", party.person) });
        act_on(&mut case, over, &crate::step::fixture::PLATFORM(), date(2026, 4, 14)).expect("ran out");
    }
    assert_eq!(case.effective_from(date(2026, 7, 1)), Err((PLAINTIFF().person, None)), "nobody was served a judgment");
}

#[test]
fn r_apl_01_a_ruling_on_jurisdiction_is_appealed_while_the_suit_goes_on() {
    let mut case = objection_refused();
    assert!(matches!(act_on(&mut assigned(), appeal(), &DEFENDANT(), date(2026, 4, 2)), Err(Refusal::NotNow { .. })), "against what?");
    let late = act_on(&mut case.clone(), appeal(), &DEFENDANT(), date(2026, 4, 14));
    assert_eq!(late, Err(Refusal::AppealPeriodOver { last_day: date(2026, 4, 13) }));
    act_on(&mut case, appeal(), &DEFENDANT(), date(2026, 4, 10)).expect("in time");
    assert_eq!((case.stage, case.appeals[0].of), (Stage::Preparing, Some(1)));
    assert_eq!(case.appeals_against_the_end().count(), 0, "the judgment's effect does not hang on it");
    assert_eq!(trial(&case).state, ClockState::Paused);
    assert!(matches!(act_on(&mut case, appeal(), &DEFENDANT(), date(2026, 4, 10)), Err(Refusal::AppealOnRecord { .. })));
    let again = act_on(&mut case, raise(Kind::JurisdictionObjection, json!({"reasons": "应由云海区法院管辖。"})), &DEFENDANT(), date(2026, 4, 10));
    assert_eq!(wrong_field(again), "reasons", "what was ruled is appealed, not raised again");
}

#[test]
fn r_trf_01_an_upheld_objection_ends_the_case_here_and_can_be_appealed() {
    let mut case = assigned();
    act_on(&mut case, raise(Kind::JurisdictionObjection, json!({"reasons": "应由云海区法院管辖。"})), &DEFENDANT(), date(2026, 3, 20))
        .expect("raised");
    let judge = judge_of(&case);
    let upheld = decide(Kind::JurisdictionObjection, json!({"outcome": "upheld", "court": "粤4002", "reasons": "异议成立。"}));
    let events = act_on(&mut case, upheld, &judge, date(2026, 3, 30)).expect("upheld");
    assert!(decided_in(&events).text.tail[0].contains("十日内") && decided_in(&events).text.tail[0].contains("上诉于广东省清河市中级人民法院"));
    assert_eq!((case.stage, case.ended_by), (Stage::Transferred, Some(1)));
    served(&mut case, Paper::MatterRuling, PLAINTIFF().person, date(2026, 4, 1));
    act_on(&mut case, appeal(), &PLAINTIFF(), date(2026, 4, 10)).expect("in time");
}

#[test]
fn r_jur_08_no_hearing_while_the_objection_waits() {
    let mut case = scheduled();
    let judge = judge_of(&case);
    act_on(&mut case, raise(Kind::JurisdictionObjection, json!({"reasons": "应由云海区法院管辖。"})), &DEFENDANT(), date(2026, 3, 20))
        .expect("raised");
    let open = Command::OpenHearing(crate::step::OpenHearing { attendance: vec![] });
    assert_eq!(act_on(&mut case, open, &judge, date(2026, 4, 8)), Err(Refusal::MatterOpen { matter: "管辖权异议".into() }));
}

#[test]
fn r_fil_17_a_dismissed_suit_is_archived_only_when_nobody_can_appeal_any_more() {
    let mut case = paid(assigned());
    let judge = judge_of(&case);
    let dismiss = decide(Kind::Dismissal, json!({"outcome": "granted", "ground": "duplicate", "reasons": "前案已经生效。"}));
    act_on(&mut case, dismiss, &judge, date(2026, 4, 1)).expect("dismissed");
    assert_eq!(case.fee.as_ref().expect("assessed").to_refund(), Fen(190_500), "R-FEE-18: all of it");
    let notice = case.papers.iter().find(|paper| paper.paper == Paper::FeeNotice).expect("owed since the acceptance");
    assert!(case.superseded(notice), "nobody is called to pay in a suit that is over");
    for party in [PLAINTIFF(), DEFENDANT()] {
        served(&mut case, Paper::MatterRuling, party.person, date(2026, 4, 2));
    }
    let mut waiting = case.clone();
    crate::step::fixture::issue_all(&mut waiting);
    let clerk = clerk_of(&waiting);
    act_on(&mut waiting, Command::CloseCase(CloseCase {}), &clerk, date(2026, 4, 3)).expect("closed");
    let archive = |case: &mut Case, day| act_on(case, Command::ArchiveCase(ArchiveCase::default()), &clerk, day);
    let early = archive(&mut waiting.clone(), date(2026, 4, 3));
    assert!(matches!(early, Err(Refusal::NotEffectiveYet { .. })), "{early:?}");
    let mut archived = waiting.clone();
    archive(&mut archived, date(2026, 4, 14)).expect("nobody appealed");
    let notice = archived.papers.iter().find(|paper| paper.paper == Paper::FeeNotice).expect("owed");
    assert!(archived.superseded(notice), "in the archive it calls nobody either");
    act_on(&mut waiting, appeal(), &PLAINTIFF(), date(2026, 4, 13)).expect("in time");
    let appealed = archive(&mut waiting, date(2026, 4, 20));
    assert!(matches!(appealed, Err(Refusal::AppealOnRecord { .. })), "{appealed:?}");
}

#[test]
fn r_tri_10_of_two_applications_each_office_decides_its_own() {
    let mut case = assigned();
    let (judge, clerk) = (judge_of(&case), clerk_of(&case));
    let against = |person| raise(Kind::Recusal, json!({"person": person, "ground": "kin", "reasons": "是原告的堂兄。"}));
    act_on(&mut case, against(clerk.person), &DEFENDANT(), date(2026, 3, 12)).expect("asked");
    act_on(&mut case, against(judge.person), &PLAINTIFF(), date(2026, 3, 12)).expect("asked");
    let on = |number, outcome: &str| match decide(Kind::Recusal, because(outcome)) {
        Command::DecideMatter(decide) => Command::DecideMatter(DecideMatter { number: Some(number), ..decide }),
        other => other,
    };
    let events = act_on(&mut case, on(2, "granted"), &PRESIDENT(), date(2026, 3, 13)).expect("the second");
    let Effect::Replaced { by, among, .. } = &decided_in(&events).effects[0] else { panic!("replaced") };
    let ids = |among: &[Candidate]| among.iter().map(|one| one.person).collect::<Vec<_>>();
    assert!(among.contains(by) && !ids(among).contains(&judge.person), "among whom was drawn stays on record");
    let redraws = case.redraws();
    assert_eq!((redraws.len(), redraws[0].left.as_str(), &redraws[0].by), (1, case.name_of(judge.person), by), "anybody can draw again");
    let seed = crate::draw::Seed { checkpoint: redraws[0].checkpoint.clone(), filing: case.tribunal.as_ref().expect("assigned").seed.filing.clone() };
    assert_eq!(crate::draw::draw(&seed, "recusal 2", &ids(among), 1), [by.person]);
    assert_eq!(case.name_of(judge.person), case.former[0].2, "his name stays");
    let successor = judge_of(&case);
    act_on(&mut case, on(1, "refused"), &successor, date(2026, 3, 13)).expect("then the first");
    assert!(case.open_matters().next().is_none() && case.paused.is_empty());
    // The successor is challenged too: who left before is not drawn again.
    act_on(&mut case, against(successor.person), &PLAINTIFF(), date(2026, 3, 14)).expect("asked");
    let events = act_on(&mut case, decide(Kind::Recusal, because("granted")), &PRESIDENT(), date(2026, 3, 15)).expect("granted");
    let Effect::Replaced { among, .. } = &decided_in(&events).effects[0] else { panic!("replaced") };
    assert!(!ids(among).contains(&judge.person) && !ids(among).contains(&successor.person));
}

#[test]
fn r_tri_10_a_refused_recusal_is_looked_at_once_more_and_nobody_stands_aside() {
    let mut case = assigned();
    let judge = judge_of(&case);
    let ask = || raise(Kind::Recusal, json!({"person": judge.person, "ground": "kin", "reasons": "是原告的堂兄。"}));
    for paused in [true, false] {
        act_on(&mut case, ask(), &DEFENDANT(), date(2026, 3, 12)).expect("asked");
        assert_eq!(case.paused(judge.person), paused);
        act_on(&mut case, decide(Kind::Recusal, because("refused")), &PRESIDENT(), date(2026, 3, 13)).expect("refused");
    }
    let second = case.matters[1].decided.as_ref().expect("decided");
    assert_eq!((second.text.orders[0].as_str(), second.text.tail.len()), ("驳回复议申请，维持原决定。", 0), "the second look is the last");
    assert_eq!(wrong_field(act_on(&mut case, ask(), &DEFENDANT(), date(2026, 3, 14))), "person");
}

#[test]
fn an_ended_case_keeps_nobody_aside_and_no_judgment_overtakes_an_open_matter() {
    let mut case = assigned();
    let (judge, clerk) = (judge_of(&case), clerk_of(&case));
    act_on(&mut case, raise(Kind::Recusal, json!({"person": clerk.person, "ground": "kin", "reasons": "？"})), &DEFENDANT(), date(2026, 3, 12))
        .expect("asked");
    act_on(&mut case, raise(Kind::Withdrawal, json!({"reasons": "和解。"})), &PLAINTIFF(), date(2026, 3, 12)).expect("asked");
    act_on(&mut case, decide(Kind::Withdrawal, because("granted")), &judge, date(2026, 3, 13)).expect("granted");
    assert!(case.paused.is_empty(), "the clerk closes and archives it");

    let mut case = confirmed();
    let judge = judge_of(&case);
    act_on(&mut case, raise(Kind::Withdrawal, json!({"reasons": "和解。"})), &PLAINTIFF(), date(2026, 4, 20)).expect("asked");
    act_on(&mut case, Command::DraftJudgment(judgment()), &judge, date(2026, 4, 20)).expect("drafted");
    let signed = act_on(&mut case, Command::SignJudgment(SignJudgment::default()), &judge, date(2026, 4, 20));
    assert_eq!(signed, Err(Refusal::MatterOpen { matter: "撤诉申请".into() }));
}

#[test]
fn r_fil_16_two_plaintiffs_take_the_suit_back_together_or_not_at_all() {
    let mut case = assigned();
    let first = case.parties[0].clone();
    case.parties.insert(1, Party { person: OTHER().person, name: "周桂芳".into(), ..first });
    let judge = judge_of(&case);
    let ask = || raise(Kind::Withdrawal, json!({"reasons": "和解。"}));
    act_on(&mut case, ask(), &PLAINTIFF(), date(2026, 3, 20)).expect("the one");
    assert_eq!(wrong_field(act_on(&mut case.clone(), decide(Kind::Withdrawal, because("granted")), &judge, date(2026, 3, 23))), "outcome");
    act_on(&mut case, ask(), &OTHER(), date(2026, 3, 20)).expect("and the other");
    let events = act_on(&mut case, decide(Kind::Withdrawal, because("granted")), &judge, date(2026, 3, 23)).expect("granted");
    assert_eq!(orders(&events), ["准许原告周桂兰、原告周桂芳撤回起诉。"]);
}

#[test]
fn r_fee_13_a_suit_that_is_not_tried_costs_nothing_nor_does_the_appeal_against_that() {
    assert_eq!(crate::step::fixture::refused().fee, None, "not accepted");
    let mut case = paid(assigned());
    let judge = judge_of(&case);
    let dismiss = decide(Kind::Dismissal, json!({"outcome": "granted", "ground": "duplicate", "reasons": "前案已经生效。"}));
    let events = act_on(&mut case, dismiss, &judge, date(2026, 4, 1)).expect("dismissed");
    assert_eq!(decided_in(&events).text.tail[0], "已经预交的案件受理费予以退还。");
    let nothing = |case: &Case| case.fee.as_ref().map(|fee| (fee.due, fee.still_due(), fee.to_refund()));
    assert_eq!(nothing(&case), Some((Fen::ZERO, Fen::ZERO, Fen(190_500))));
    served(&mut case, Paper::MatterRuling, PLAINTIFF().person, date(2026, 4, 2));
    act_on(&mut case, appeal(), &PLAINTIFF(), date(2026, 4, 9)).expect("appealed");
    assert_eq!(nothing(&case), Some((Fen::ZERO, Fen::ZERO, Fen(190_500))), "nothing for the appeal");
    let mut objection = objection_refused();
    let before = objection.fee.clone();
    act_on(&mut objection, appeal(), &DEFENDANT(), date(2026, 4, 9)).expect("appealed");
    assert_eq!(objection.fee, before, "nor for that against a ruling on jurisdiction");
}

#[test]
fn r_fee_19_who_takes_the_suit_back_bears_the_fee_and_a_judgment_gives_it_to_the_parties_to_the_fen() {
    let mut case = paid(assigned());
    act_on(&mut case, raise(Kind::Withdrawal, json!({"reasons": "双方已经和解。"})), &PLAINTIFF(), date(2026, 3, 20)).expect("asked");
    let judge = judge_of(&case);
    let events = act_on(&mut case, decide(Kind::Withdrawal, because("granted")), &judge, date(2026, 3, 23)).expect("granted");
    assert!(decided_in(&events).text.tail[0].ends_with("由原告周桂兰负担1905元。"), "{:?}", decided_in(&events).text.tail);
    let case = confirmed();
    let errors = |shares: &[(PersonId, i64)]| {
        let mut text = judgment().text;
        text.fee = shares.iter().map(|(person, fen)| crate::trial::FeeShare { person: *person, amount: Fen(*fen) }).collect();
        crate::step::draft_judgment::check(&case, &text).into_iter().map(|finding| finding.rule).collect::<Vec<_>>()
    };
    let (plaintiff, defendant) = (PLAINTIFF().person, DEFENDANT().person);
    assert_eq!(errors(&[(defendant, 190_500)]), Vec::<String>::new(), "the loser");
    assert_eq!(errors(&[(plaintiff, 63_500), (defendant, 127_000)]), Vec::<String>::new(), "each his part");
    assert_eq!(errors(&[(plaintiff, 63_500), (defendant, 126_999)]), ["R-CHK-61"]);
}

#[test]
fn r_fee_17_who_does_not_pay_the_other_half_gets_half_of_the_first_back() {
    let mut case = paid(assigned());
    let judge = judge_of(&case);
    let convert = decide(Kind::Conversion, json!({"outcome": "granted", "ground": "missing", "reasons": "多次邮寄退回。"}));
    act_on(&mut case, convert, &judge, date(2026, 4, 20)).expect("converted");
    served(&mut case, Paper::FeeNotice, PLAINTIFF().person, date(2026, 4, 22));
    act_on(&mut case, Command::DeemSuitWithdrawn(DeemSuitWithdrawn::default()), &judge, date(2026, 4, 30)).expect("ruled");
    let fee = case.fee.as_ref().expect("assessed");
    assert_eq!((fee.due, fee.to_refund()), (Fen(95_250), Fen(95_250)));
}

#[test]
fn r_fee_16_an_unpaid_rise_of_the_claim_does_not_cost_the_suit() {
    let mut case = paid(assigned());
    let judge = judge_of(&case);
    let ask = json!({"claims": "判令被告偿还借款本金", "amount": 20_000_000, "reasons": "重新计算。"});
    act_on(&mut case, raise(Kind::ChangeOfClaims, ask.clone()), &PLAINTIFF(), date(2026, 3, 20)).expect("asked");
    act_on(&mut case, decide(Kind::ChangeOfClaims, because("granted")), &judge, date(2026, 3, 23)).expect("granted");
    served(&mut case, Paper::FeeNotice, PLAINTIFF().person, date(2026, 3, 24));
    let deem = act_on(&mut case, Command::DeemSuitWithdrawn(DeemSuitWithdrawn::default()), &judge, date(2026, 4, 20));
    assert_eq!(deem, Err(Refusal::NothingDue));
    let after_the_debate = act_on(&mut confirmed(), raise(Kind::ChangeOfClaims, ask), &PLAINTIFF(), date(2026, 4, 20));
    assert_eq!(wrong_field(after_the_debate), "claims");
}

#[test]
fn r_prc_04_months_that_were_added_to_the_simple_procedure_are_not_the_ordinary_ones() {
    let mut case = paid(assigned());
    case.extended_months = 1;
    let judge = judge_of(&case);
    let convert = decide(Kind::Conversion, json!({"outcome": "granted", "ground": "missing", "reasons": "多次邮寄退回。"}));
    act_on(&mut case, convert, &judge, date(2026, 4, 20)).expect("converted");
    assert_eq!((case.extended_months, trial(&case).clock.last_day), (0, date(2026, 9, 3)));
}

#[test]
fn a_refused_request_for_a_sanction_stays_inside() {
    let mut case = opened();
    let judge = judge_of(&case);
    let fine = json!({"person": DEFENDANT().person, "act": "order", "measure": "fine", "amount": 10_000_000, "reasons": "哄闹法庭。"});
    act_on(&mut case, raise(Kind::Sanction, fine), &judge, date(2026, 4, 8)).expect("asked");
    let events = act_on(&mut case, decide(Kind::Sanction, because("refused")), &PRESIDENT(), date(2026, 4, 8)).expect("decided");
    assert!(decided_in(&events).papers.is_empty());
}

#[test]
fn the_court_refuses_only_what_was_asked_for() {
    let mut case = scheduled();
    let judge = judge_of(&case);
    for kind in [Kind::Suspension, Kind::Termination, Kind::Dismissal, Kind::Conversion] {
        assert_eq!(wrong_field(act_on(&mut case.clone(), decide(kind, because("refused")), &judge, date(2026, 4, 1))), "outcome", "{kind:?}");
    }
    act_on(&mut case, raise(Kind::Suspension, json!({"reasons": "等待另案。"})), &DEFENDANT(), date(2026, 4, 1)).expect("asked");
    let events = act_on(&mut case, decide(Kind::Suspension, because("refused")), &judge, date(2026, 4, 2)).expect("refused");
    let decided = decided_in(&events);
    assert_eq!((decided.text.about.as_str(), decided.papers[0].paper), ("不予中止诉讼", Paper::MatterNotice), "no ruling on what is not ruled");
    assert_eq!(case.procedure, Some(Procedure::Simple));
}

#[test]
fn a_judgment_takes_effect_beside_a_ruling_that_was_appealed() {
    // The walk of a whole case is the fixture's; only the clocks count here.
    let mut case = crate::step::fixture::judgment_served();
    let ruling = Appeal { of: Some(7), ..sample_appeal() };
    case.appeals.push(ruling);
    expire(&mut case, PLAINTIFF().person, date(2026, 5, 7));
    let events = expire(&mut case, DEFENDANT().person, date(2026, 5, 9));
    assert!(matches!(events.last(), Some(Event::JudgmentTookEffect { .. })));
}

fn sample_appeal() -> Appeal {
    Appeal {
        by: DEFENDANT().person,
        requests: String::new(),
        reasons: String::new(),
        materials: vec![],
        of: None,
        at: Timestamp::UNIX_EPOCH,
        channel: Channel::Online,
        assisted_by: None,
        posted_on: None,
    }
}

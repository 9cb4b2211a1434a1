//! Matters on the court's own tables: what a decision needs beside the case, and what it leaves behind.
use crate::bench::{Bench, CHAMBER, on_each};
use jiff::civil::date;
use procedure::case::Actor;
use procedure::matter::{Fields, Kind};
use procedure::step::{AssignTribunal, DecideMatter, FileAppeal, RaiseMatter};
use procedure::trial::TribunalForm;
use procedure::{Command, Office, Paper, Stage};
use serde_json::{Value, json};

fn fields(values: Value) -> Fields {
    serde_json::from_value(values).expect("fields")
}

fn raise(matter: Kind, values: Value) -> Command {
    Command::RaiseMatter(RaiseMatter { matter, fields: fields(values), materials: vec![], posted_on: None })
}

fn decide(matter: Kind, values: Value) -> Command {
    Command::DecideMatter(DecideMatter { matter, number: None, fields: fields(values) })
}

fn with_a_judge(bench: &Bench) -> Actor {
    bench.filed_and_accepted();
    bench.carry_out(&bench.filing_clerk, Command::AssignTribunal(AssignTribunal { form: TribunalForm::Sole }));
    bench.officer(Office::Judge)
}

#[test]
fn r_tri_10_a_recused_judge_is_replaced_by_one_of_the_courts_own() {
    for bench in on_each(CHAMBER) {
        let judge = with_a_judge(&bench);
        let ask = json!({"person": judge.person, "ground": "kin", "reasons": "是原告的堂兄。"});
        bench.act(&Actor::citizen(bench.defendant), raise(Kind::Recusal, ask));
        assert!(bench.has(Office::President, "decide_on_recusal"), "it lies with the president");
        let president = bench.member(Office::President);
        bench.act(&president, decide(Kind::Recusal, json!({"outcome": "granted", "reasons": "属实。"})));
        assert_ne!(bench.officer(Office::Judge).person, judge.person);
        assert_eq!(bench.case().former[0].0, judge.person);
        assert_eq!(bench.view(bench.defendant).staff[0].0, bench.officer(Office::Judge).person, "the parties see who hears them now");
        bench.settle();
        let decision = bench.case().papers.iter().find(|paper| paper.paper == Paper::MatterDecision).expect("owed").id;
        let name = bench.case().name_of(judge.person).to_owned();
        assert!(bench.facts(decision).contains(&format!("准许对{name}的回避申请")), "{}", bench.facts(decision));
        assert!(bench.forgotten().is_empty(), "{:?}", bench.forgotten());
    }
}

#[test]
fn r_jur_08_a_ruling_on_jurisdiction_is_appealed_and_the_judges_limit_stands_still() {
    for bench in on_each(CHAMBER) {
        let judge = with_a_judge(&bench);
        let defendant = Actor::citizen(bench.defendant);
        bench.act(&defendant, raise(Kind::JurisdictionObjection, json!({"reasons": "应由云海区法院管辖。"})));
        bench.act(&judge, decide(Kind::JurisdictionObjection, json!({"outcome": "refused", "reasons": "合同履行地在本区。"})));
        bench.settle();
        let view = bench.view(bench.defendant);
        assert!(view.steps.iter().any(|step| step == "file_appeal"), "{:?}", view.steps);
        assert!(view.duties.iter().any(|duty| duty.step.as_deref() == Some("file_appeal")), "and he is told until when");
        assert!(!bench.view(bench.defendant).steps.iter().any(|step| step == "request_effect_certificate"));
        let appeal = FileAppeal { requests: "撤销裁定".into(), reasons: "履行地不在本区。".into(), materials: vec![], posted_on: None };
        bench.act(&defendant, Command::FileAppeal(appeal));
        let case = bench.case();
        assert_eq!((case.stage, case.appeals.len(), case.appeals_against_the_end().count()), (Stage::Preparing, 1, 0));
        assert!(bench.forgotten().is_empty(), "{:?}", bench.forgotten());
        bench.tick(date(2026, 7, 1));
        assert!(!bench.has(Office::Judge, "trial_over"), "the limit stands still meanwhile");
    }
}

#[test]
fn r_fil_17_a_dismissal_gives_the_fee_back_and_is_told_to_everybody() {
    for bench in on_each(CHAMBER) {
        let judge = with_a_judge(&bench);
        bench.act(&judge, decide(Kind::Dismissal, json!({"outcome": "granted", "ground": "duplicate", "reasons": "前案已经生效。"})));
        bench.settle();
        assert!(bench.has(Office::Clerk, "close"), "it is served and closed");
        let case = bench.case();
        assert_eq!(case.papers.iter().filter(|paper| paper.paper == Paper::MatterRuling).count(), 2);
        let ruling = case.papers.iter().find(|paper| paper.paper == Paper::MatterRuling).expect("owed").id;
        assert!(bench.facts(ruling).contains("十日内") && bench.facts(ruling).contains("上诉于"), "{}", bench.facts(ruling));
        assert!(bench.forgotten().is_empty(), "{:?}", bench.forgotten());
    }
}

#[test]
fn r_prv_03_the_other_side_sees_nothing_of_a_preservation_before_it_was_carried_out() {
    for bench in on_each(CHAMBER) {
        let judge = with_a_judge(&bench);
        let (applicant, respondent) = (bench.plaintiff, bench.defendant);
        let before = bench.view(respondent);
        let ask = json!({"target": "property", "urgent": "yes", "amount": 10_000_000, "clues": "账户（尾号6620）",
            "security": "insurer", "security_amount": 3_000_000, "reasons": "正在转移存款。"});
        bench.act(&Actor::citizen(applicant), raise(Kind::Preservation, ask));
        let ruling = json!({"outcome": "granted", "amount": 10_000_000, "waiver": "given", "reasons": "符合规定。"});
        bench.act(&judge, decide(Kind::Preservation, ruling));
        bench.settle();
        let said = |person| serde_json::to_string(&bench.view(person)).expect("JSON");
        assert!(said(applicant).contains("保全"), "who asked sees it");
        let secret = bench.view(respondent);
        assert!(!said(respondent).contains("尾号6620") && !said(respondent).contains("财产保全"), "{}", said(respondent));
        assert_eq!((secret.items.len(), secret.clocks.len(), secret.papers.len()), (before.items.len(), before.clocks.len(), before.papers.len()));
        let measure = json!({"property": "deposit", "what": "账户（尾号6620）", "amount": 10_000_000, "holder": "清河市商业银行",
            "queued": "no", "on": procedure::step::day_of(bench.court.now()).to_string(), "until": "2026-12-31"});
        bench.act(&bench.officer(Office::Clerk), decide(Kind::PreservationMeasure, measure));
        bench.settle();
        assert_eq!(bench.view(respondent).measures.len(), 1, "now he knows");
        let case = bench.case();
        let owed = case.papers.iter().find(|paper| paper.paper == Paper::MatterRuling && paper.to == respondent).expect("and gets the ruling");
        assert!(bench.facts(owed.id).contains("查封、扣押、冻结被申请人"), "{}", bench.facts(owed.id));
        assert!(bench.forgotten().is_empty(), "{:?}", bench.forgotten());
        assert!(bench.court.check_replay().expect("replays").1.is_empty());
    }
}

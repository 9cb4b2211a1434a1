//! 立案: the filing is accepted, gets its number, and the papers that follow are owed (R-FIL-10, R-FIL-13, R-FIL-21,
//! R-CNO-20, 《民事诉讼法》(2023) 第126、128条).
//!
//! This is the pattern of a step: command, declaration, rule, tests.
use super::{Act, Facts, Field, FieldKind, Step, owe, running};
use crate::case::{Channel, Check, FeeMatter, Labelled, Procedure, RoleKind, Side};
use crate::cause::{Cause, FeeKind};
use crate::event::FilingAccepted;
use crate::kind::CaseKind;
use crate::matter;
use crate::paper::Owed;
use crate::{Actor, Case, Event, Fen, Law, Paper, Refusal, Stage, fee};
use serde::{Deserialize, Serialize};

/// The clerk's decision, with a finding on each group of checks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AcceptFiling {
    pub procedure: Procedure,
    pub findings: Vec<Finding>,
    /// 先行立案: the period ended without a decision; registered first (R-FIL-10, 《登记立案规定》第8条).
    #[serde(default)]
    pub undecided: bool,
}

/// What the clerk found in one group of checks. The machine's proposal is not a finding until he confirms it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    pub check: Check,
    pub holds: bool,
    #[serde(default)]
    pub note: String,
}

impl Act for AcceptFiling {
    const STEP: Step = Step {
        name: "accept_filing",
        zh: "立案",
        guide: "符合起诉条件的，法院登记立案，编立案号，并告知交费、举证和在线参加诉讼的办法。",
        counter: "",
        who: &[RoleKind::FilingClerk],
        from: &[Stage::Submitted],
        power: None,
        fields: &[
            Field { name: "findings", zh: "审查意见", kind: FieldKind::Findings },
            Field { name: "procedure", zh: "适用程序", kind: FieldKind::Choice(&[("simple", "简易程序"), ("ordinary", "普通程序")]) },
        ],
        papers: &[
            Paper::AcceptanceNotice,
            Paper::FeeNotice,
            Paper::EvidenceNotice,
            Paper::AnswerNotice,
            Paper::ComplaintCopy,
            Paper::JoinSheet,
            Paper::ServiceAddressForm,
        ],
        rules: &["R-FIL-01", "R-FIL-10", "R-FIL-13", "R-FIL-20", "R-FIL-21", "R-CNO-20", "R-CNO-21", "R-FEE-01", "R-FEE-02", "R-FEE-04", "R-FEE-11", "R-LIM-01", "R-LIM-02"],
    };

    fn decide(&self, case: &Case, by: &Actor, law: &Law, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        let today = facts.today();
        if self.undecided {
            let review = case.unmet("R-FIL-11").ok_or(Refusal::NotNow { step: Self::STEP.zh.into(), stage: case.stage })?;
            if today < review.clock.last_day {
                return Err(Refusal::NotYetUndecided { last_day: review.clock.last_day });
            }
        } else {
            self.check_findings()?;
        }
        let number = facts.next_number.as_ref().ok_or(Refusal::Missing { what: "案号".into() })?;
        if number.court != case.court {
            return Err(Refusal::NumberOfOtherCourt { number_court: number.court.clone(), court: case.court.clone() });
        }
        let statement = case.statement.as_ref().ok_or(Refusal::NoClaim)?;
        if Some(case.kind) != CaseKind::of(&number.kind) {
            return Err(Refusal::Missing { what: format!("“{}”字的案号", case.kind.code()) });
        }
        let (procedure, fee) = match case.kind {
            CaseKind::CivilFirst => (Some(self.procedure), assess(&statement.cause, statement.amount, self.procedure)),
            // Never halved (R-FEE-10).
            CaseKind::Preservation => (None, assess(&statement.cause, statement.amount, Procedure::Ordinary)),
        };
        let mut clocks = vec![running("hand-over", None, law.clock("R-FIL-20", today))];
        if let Some(procedure) = procedure {
            clocks.push(running("first packet", None, law.clock("R-FIL-21", today)));
            clocks.push(running("trial", None, law.clock(trial_limit(procedure), today)));
        }
        let accepted = Event::FilingAccepted(Box::new(FilingAccepted {
            number: number.canonical(),
            procedure,
            on: today,
            undecided: self.undecided,
            by: by.person,
            findings: self.findings.clone(),
            fee,
            papers: papers(case),
            clocks,
            checkpoint: facts.checkpoint.clone(),
        }));
        Ok(match case.kind {
            CaseKind::CivilFirst => vec![accepted],
            // What was asked for is the matter that the judge rules on.
            CaseKind::Preservation => vec![accepted, Event::MatterRaised(Box::new(matter::before_suit(case, statement, law)?))],
        })
    }
}

impl AcceptFiling {
    /// Every group has a finding, and none stands against registration (R-FIL-01).
    fn check_findings(&self) -> Result<(), Refusal> {
        for check in Check::ALL {
            let Some(finding) = self.findings.iter().find(|finding| finding.check == check) else {
                return Err(Refusal::CheckUnanswered { check: check.zh().into() });
            };
            if !finding.holds && finding.note.trim().is_empty() {
                let zh = format!("“{}”审查不通过仍要立案的，请写明理由；否则请退回补正。", check.zh());
                return Err(Refusal::FieldInvalid { field: format!("findings.{}", check.name()), zh, rule: "R-FIL-01".into() });
            }
        }
        Ok(())
    }
}

impl Check {
    /// The name in forms.
    pub fn name(self) -> &'static str {
        match self {
            Self::Materials => "materials",
            Self::Parties => "parties",
            Self::Jurisdiction => "jurisdiction",
            Self::Duplicates => "duplicates",
        }
    }
}

/// The tariff of a cause by its number; of one that is not shipped, that of property.
pub fn tariff(cause: &str) -> FeeKind {
    Cause::by_number(cause).map_or(FeeKind::Property, |cause| cause.fee)
}

/// How the fee notice names the way of reckoning (R-FEE-01..05).
pub fn reckoned_as(cause: &str, amount: Fen) -> &'static str {
    match tariff(cause) {
        FeeKind::Property | FeeKind::NonProperty if amount > Fen::ZERO => "财产案件分段累计",
        FeeKind::Property | FeeKind::NonProperty => "非财产案件",
        FeeKind::Divorce => "离婚案件",
        FeeKind::Personality => "人格权案件",
        FeeKind::Labour => "劳动争议案件",
        FeeKind::Preservation => "保全申请费分段累计",
    }
}

/// 案件受理费 of a cause by its tariff, half in the simple procedure, once (R-FEE-01..05, R-FEE-11).
pub fn assess(cause: &str, amount: Fen, procedure: Procedure) -> FeeMatter {
    let full = fee::acceptance(tariff(cause), amount);
    let charged = match procedure {
        Procedure::Ordinary => full.clone(),
        Procedure::Simple => full.clone().halve(),
    };
    FeeMatter { full: full.fen, due: charged.fen, halved: charged.halved, steps: charged.steps, paid: None, further: vec![], relief: None }
}

fn trial_limit(procedure: Procedure) -> &'static str {
    match procedure {
        Procedure::Ordinary => "R-LIM-01",
        Procedure::Simple => "R-LIM-02",
    }
}

/// Told to the plaintiff (R-FIL-13), sent to the defendant (R-FIL-21) with the way to take part online (R-IDC-22). Who filed
/// at the counter has no account with the case yet and gets that sheet too.
fn papers(case: &Case) -> Vec<Owed> {
    const PLAINTIFFS: [Paper; 3] = [Paper::AcceptanceNotice, Paper::FeeNotice, Paper::EvidenceNotice];
    const DEFENDANTS: [Paper; 5] = [Paper::AnswerNotice, Paper::ComplaintCopy, Paper::EvidenceNotice, Paper::JoinSheet, Paper::ServiceAddressForm];
    // Against whom it is directed, nobody is told before it was carried out (R-PRV-03).
    const APPLICANTS: [Paper; 2] = [Paper::AcceptanceNotice, Paper::FeeNotice];
    let of = |side, papers: &'static [Paper]| case.side(side).flat_map(move |party| papers.iter().map(move |paper| owe(case, *paper, party.person)));
    let sheet: &[Paper] = if case.channel == Some(Channel::Counter) { &[Paper::JoinSheet] } else { &[] };
    match case.kind {
        CaseKind::CivilFirst => of(Side::Plaintiff, &PLAINTIFFS).chain(of(Side::Plaintiff, sheet)).chain(of(Side::Defendant, &DEFENDANTS)).collect(),
        CaseKind::Preservation => of(Side::Plaintiff, &APPLICANTS).chain(of(Side::Plaintiff, sheet)).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::ServiceState;
    use crate::step::fixture::{CLERK, PLAINTIFF, accepted, accepting, act, act_on, submitted};
    use crate::{Command, Office};
    use jiff::civil::date;

    #[test]
    fn r_cno_21_acceptance_gives_the_number_of_the_register() {
        let case = accepted();
        assert_eq!(case.number.as_deref(), Some("(2026)粤4001民初1号"));
        assert_eq!(case.stage, Stage::Preparing);
    }

    #[test]
    fn r_fee_11_simple_procedure_halves_once_to_the_fen() {
        let fee = assess("108.3", Fen(17_550_000), Procedure::Simple);
        assert_eq!((fee.full, fee.due, fee.halved), (Fen(381_000), Fen(190_500), true));
        let odd = assess("108.3", Fen(123_456_789), Procedure::Simple);
        assert_eq!(odd.due, Fen(795_556), "half of the unrounded value, rounded once");
    }

    #[test]
    fn the_fee_follows_the_tariff_of_the_cause_when_it_is_decided() {
        let fee_of = |cause: &str, amount: i64| {
            let mut filing = crate::step::fixture::filing();
            (filing.statement.cause, filing.statement.amount) = (cause.into(), Fen::yuan_whole(amount));
            let mut case = crate::step::fixture::new_case();
            act(&mut case, Command::SubmitFiling(filing), &PLAINTIFF()).expect("submitted");
            act(&mut case, accepting(), &CLERK()).expect("accepted");
            case.fee.expect("assessed")
        };
        for (cause, amount, full, due, named) in [
            ("108.3", 175_500, 381_000, 190_500, "财产案件分段累计"),
            ("116.2", 0, 10_000, 5_000, "非财产案件"),
            ("14", 1_300_000, 580_000, 290_000, "离婚案件"),
            ("14", 0, 30_000, 15_000, "离婚案件"),
            ("205.5", 165_212, 1_000, 500, "劳动争议案件"),
            ("no cause of ours", 175_500, 381_000, 190_500, "财产案件分段累计"),
        ] {
            let fee = fee_of(cause, amount);
            assert_eq!((fee.full, fee.due), (Fen(full), Fen(due)), "{cause} {amount}");
            assert_eq!(reckoned_as(cause, Fen::yuan_whole(amount)), named);
        }
    }

    #[test]
    fn an_acceptance_of_old_keeps_the_fee_it_was_given() {
        let mut filing = crate::step::fixture::filing();
        filing.statement.cause = "14".into();
        let mut case = crate::step::fixture::new_case();
        act(&mut case, Command::SubmitFiling(filing), &PLAINTIFF()).expect("submitted");
        let facts = crate::step::fixture::facts_on(date(2026, 3, 3));
        let mut events = crate::step::decide(&case, &accepting(), &CLERK(), &Law::demo(), &facts).expect("accepted");
        let Some(Event::FilingAccepted(accepted)) = events.first_mut() else { panic!("an acceptance") };
        // As it was reckoned before causes had their tariffs.
        accepted.fee.due = Fen(190_500);
        for event in &events {
            case.apply(event);
        }
        assert_eq!(case.fee.expect("kept").due, Fen(190_500));
    }

    #[test]
    fn r_fil_13_and_21_every_paper_that_follows_is_owed_to_each_party() {
        let case = accepted();
        let owed = |person| case.papers.iter().filter(|paper| paper.to == person).map(|paper| paper.paper).collect::<Vec<_>>();
        assert_eq!(owed(PLAINTIFF().person), [Paper::AcceptanceNotice, Paper::FeeNotice, Paper::EvidenceNotice]);
        let defendant = case.side(Side::Defendant).next().expect("one").person;
        assert_eq!(owed(defendant), [Paper::AnswerNotice, Paper::ComplaintCopy, Paper::EvidenceNotice, Paper::JoinSheet, Paper::ServiceAddressForm]);
        assert!(case.papers.iter().all(|paper| paper.service == ServiceState::Owed));
    }

    #[test]
    fn r_idc_22_who_filed_at_the_counter_gets_a_join_sheet_too() {
        let mut filing = crate::step::fixture::filing();
        filing.channel = Channel::Counter;
        filing.choices.clear();
        let mut clerk = CLERK();
        clerk.for_person = Some(PLAINTIFF().person);
        let mut case = crate::step::fixture::new_case();
        act(&mut case, Command::SubmitFiling(filing), &clerk).expect("entered");
        act(&mut case, accepting(), &CLERK()).expect("accepted");
        assert!(case.papers.iter().any(|paper| paper.paper == Paper::JoinSheet && paper.to == PLAINTIFF().person));
        assert!(!accepted().papers.iter().any(|paper| paper.paper == Paper::JoinSheet && paper.to == PLAINTIFF().person), "online it is linked");
    }

    #[test]
    fn r_lim_02_the_trial_limit_runs_from_the_day_after_filing() {
        let clock = accepted().clock("R-LIM-02").expect("runs").clock.clone();
        assert_eq!((clock.first_day, clock.last_day), (date(2026, 3, 4), date(2026, 6, 3)));
    }

    #[test]
    fn r_fil_01_no_group_of_checks_is_passed_over_in_silence() {
        let Command::AcceptFiling(mut command) = accepting() else { panic!("an acceptance") };
        command.findings.retain(|finding| finding.check != Check::Duplicates);
        let refused = act(&mut submitted(), Command::AcceptFiling(command.clone()), &CLERK());
        assert_eq!(refused, Err(Refusal::CheckUnanswered { check: "重复".into() }));
        command.findings.push(Finding { check: Check::Duplicates, holds: false, note: String::new() });
        let refused = act(&mut submitted(), Command::AcceptFiling(command), &CLERK());
        assert!(matches!(refused, Err(Refusal::FieldInvalid { field, .. }) if field == "findings.duplicates"));
    }

    #[test]
    fn r_fil_10_undecided_registration_waits_for_the_end_of_the_period() {
        let Command::AcceptFiling(mut command) = accepting() else { panic!("an acceptance") };
        command.undecided = true;
        command.findings.clear();
        let early = act_on(&mut submitted(), Command::AcceptFiling(command.clone()), &CLERK(), date(2026, 3, 6));
        assert_eq!(early, Err(Refusal::NotYetUndecided { last_day: date(2026, 3, 9) }));
        act_on(&mut submitted(), Command::AcceptFiling(command), &CLERK(), date(2026, 3, 9)).expect("registered first");
    }

    #[test]
    fn r_fil_10_a_filing_left_beyond_the_period_is_still_registered_first() {
        let Command::AcceptFiling(mut command) = accepting() else { panic!("an acceptance") };
        (command.undecided, command.findings) = (true, vec![]);
        let mut case = submitted();
        let over = Command::ExpireClock(crate::step::ExpireClock { anchor: "review".into() });
        act_on(&mut case, over, &Actor::platform("粤4001"), date(2026, 3, 10)).expect("ran out");
        act_on(&mut case, Command::AcceptFiling(command), &CLERK(), date(2026, 3, 11)).expect("registered first");
    }

    #[test]
    fn only_a_filing_clerk_accepts() {
        assert_eq!(act(&mut submitted(), accepting(), &PLAINTIFF()), Err(Refusal::NotYours { step: "立案".into() }));
        let judge = Actor::staff(crate::PersonId::new(), Office::Judge, "粤4001");
        assert_eq!(act(&mut submitted(), accepting(), &judge), Err(Refusal::NoSuchCase));
    }

    #[test]
    fn accepted_twice_is_refused() {
        assert_eq!(act(&mut accepted(), accepting(), &CLERK()), Err(Refusal::NotNow { step: "立案".into(), stage: Stage::Preparing }));
    }
}

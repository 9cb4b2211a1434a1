//! 更正送达日期: the date of a service was entered wrongly; every period that hangs on it is derived anew, and with the appeal
//! periods the day on which the judgment took effect (R-DDL-10, R-SVC-41). In the archive nothing is corrected any more.
use super::close_case::{ends_with, last_service};
use super::record_service::{begins, check_day};
use super::{Act, Facts, Field, FieldKind, Step, running};
use crate::case::{RoleKind, ServiceState};
use crate::{Actor, Case, Event, Law, PaperId, Refusal, Stage};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// The right day, and why the old one was wrong.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CorrectService {
    pub papers: Vec<PaperId>,
    pub on: Date,
    pub reason: String,
}

impl Act for CorrectService {
    const STEP: Step = Step {
        name: "correct_service",
        zh: "更正送达日期",
        guide: "",
        counter: "",
        who: &[RoleKind::FilingClerk, RoleKind::Clerk],
        from: &[
            Stage::Submitted,
            Stage::Returned,
            Stage::Preserving,
            Stage::Preparing,
            Stage::Hearing,
            Stage::Decided,
            Stage::Effective,
            Stage::Withdrawn,
            Stage::Suspended,
            Stage::Terminated,
            Stage::Dismissed,
            Stage::Transferred,
        ],
        power: None,
        fields: &[
            Field { name: "papers", zh: "文书", kind: FieldKind::Paper },
            Field { name: "on", zh: "实际送达日期", kind: FieldKind::Date },
            Field { name: "reason", zh: "更正理由", kind: FieldKind::LongText },
        ],
        papers: &[],
        rules: &["R-DDL-10", "R-SVC-01", "R-SVC-41", "R-LIM-33"],
    };

    fn decide(&self, case: &Case, _: &Actor, law: &Law, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        if self.reason.trim().is_empty() {
            return Err(Refusal::Missing { what: "更正理由".into() });
        }
        let mut case = case.clone();
        let mut events = Vec::new();
        for id in &self.papers {
            for event in self.correct(&case, *id, law, facts)? {
                case.apply(&event);
                events.push(event);
            }
        }
        Ok(events)
    }
}

impl CorrectService {
    /// The correction of one service with what follows from it, on the case as the corrections before it left it.
    fn correct(&self, case: &Case, id: PaperId, law: &Law, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        let paper = case.paper(id).ok_or(Refusal::NoSuchPaper)?;
        match &paper.service {
            ServiceState::Served { on, .. } if *on == self.on => return Ok(vec![]),
            ServiceState::Served { .. } => {}
            ServiceState::Owed | ServiceState::Issued | ServiceState::Sent { .. } | ServiceState::Failed { .. } => {
                return Err(Refusal::NothingToCorrect);
            }
        }
        check_day(case, paper, self.on, facts.today())?;
        let mut clocks = begins(case, paper, self.on, law)?;
        let event = |clocks, closed_on, reopens| Event::ServiceCorrected { id, on: self.on, reason: self.reason.clone(), clocks, closed_on, reopens };
        let mut after = case.clone();
        after.apply(&event(clocks.clone(), None, false));
        let closed_on = closing_moved(&after)?;
        clocks.extend(closed_on.map(|on| running("archive", None, law.clock("R-ARC-01", on))));
        Ok(match effect(&after, facts.today()) {
            Effect::Stands => vec![event(clocks, closed_on, false)],
            Effect::Moved(on) => vec![event(clocks, closed_on, false), Event::JudgmentTookEffect { on }],
            Effect::Gone => vec![event(clocks, closed_on, true)],
        })
    }
}

/// What becomes of the effect on record.
enum Effect {
    /// There is none, or its day is the same.
    Stands,
    Moved(Date),
    /// An appeal period runs again.
    Gone,
}

/// The effect is no decision but follows from the appeal periods, and with them it moves (R-APL-01, R-SVC-41).
fn effect(case: &Case, today: Date) -> Effect {
    match (case.effective_on, case.effective_from(today)) {
        (None, _) => Effect::Stands,
        (Some(before), Ok(now)) if before == now => Effect::Stands,
        (Some(_), Ok(now)) => Effect::Moved(now),
        (Some(_), Err(_)) => Effect::Gone,
    }
}

/// The closing date by the services as they stand now, where it is another than the one on record (R-LIM-33).
fn closing_moved(case: &Case) -> Result<Option<Date>, Refusal> {
    let Some(closing) = &case.closing else { return Ok(None) };
    let on = last_service(case, ends_with(case).0)?;
    Ok((on != closing.on).then_some(on))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::ClockState;
    use crate::step::CloseCase;
    use crate::step::fixture::{CLERK, DEFENDANT, PLAINTIFF, accepted, act_on, clerk_of, effective, expire, judgment_served, paid, served};
    use crate::{Command, Paper};
    use jiff::civil::date;

    #[test]
    fn r_ddl_10_a_corrected_date_moves_every_clock_that_hangs_on_it() {
        let mut case = accepted();
        let id = served(&mut case, Paper::ComplaintCopy, DEFENDANT().person, date(2026, 3, 6));
        let correct = Command::CorrectService(CorrectService { papers: vec![id], on: date(2026, 3, 9), reason: "回证日期看错".into() });
        act_on(&mut case, correct, &CLERK(), date(2026, 3, 12)).expect("corrected");
        assert_eq!(case.clock("R-FIL-21b").expect("runs").clock.last_day, date(2026, 3, 24));
        let replaced = case.clocks.iter().filter(|clock| clock.state == ClockState::Replaced).count();
        assert_eq!(replaced, 1, "the old derivation stays on record");
    }

    fn correct(case: &Case, paper: Paper, to: &Actor, on: Date) -> Command {
        let id = case.papers.iter().find(|issued| issued.paper == paper && issued.to == to.person).expect("owed").id;
        Command::CorrectService(CorrectService { papers: vec![id], on, reason: "回证日期看错".into() })
    }

    #[test]
    fn r_ddl_10_not_before_the_paper_was_sent() {
        let mut case = judgment_served();
        let early = correct(&case, Paper::CivilJudgment, &DEFENDANT(), date(2026, 3, 20));
        let impossible = Refusal::ServiceDateImpossible { on: date(2026, 3, 20), earliest: date(2026, 4, 23), latest: date(2026, 4, 27) };
        assert_eq!(act_on(&mut case, early, &CLERK(), date(2026, 4, 27)), Err(impossible));
    }

    #[test]
    fn r_svc_41_while_the_period_runs_the_corrected_day_moves_effect() {
        let mut case = judgment_served();
        let later = correct(&case, Paper::CivilJudgment, &DEFENDANT(), date(2026, 4, 24));
        act_on(&mut case, later, &CLERK(), date(2026, 4, 27)).expect("corrected");
        expire(&mut case, PLAINTIFF().person, date(2026, 5, 7));
        assert_eq!(expire(&mut case, DEFENDANT().person, date(2026, 5, 9)), [], "a day more");
        expire(&mut case, DEFENDANT().person, date(2026, 5, 10));
        assert_eq!(case.effective_on, Some(date(2026, 5, 10)));
    }

    #[test]
    fn r_ddl_10_after_effect_its_day_moves_or_the_period_runs_again() {
        let mut case = effective();
        let later = correct(&case, Paper::CivilJudgment, &DEFENDANT(), date(2026, 4, 24));
        let mut moved = case.clone();
        let events = act_on(&mut moved, later, &CLERK(), date(2026, 5, 12)).expect("corrected");
        assert_eq!(events[1..], [Event::JudgmentTookEffect { on: date(2026, 5, 10) }]);
        assert_eq!((moved.stage, moved.effective_on), (Stage::Effective, Some(date(2026, 5, 10))));

        let much_later = correct(&case, Paper::CivilJudgment, &DEFENDANT(), date(2026, 5, 6));
        act_on(&mut case, much_later, &CLERK(), date(2026, 5, 12)).expect("corrected");
        assert_eq!((case.stage, case.effective_on), (Stage::Decided, None), "the defendant may still appeal");
        expire(&mut case, DEFENDANT().person, date(2026, 5, 22));
        assert_eq!((case.stage, case.effective_on), (Stage::Effective, Some(date(2026, 5, 22))));
    }

    #[test]
    fn r_lim_33_the_closing_date_and_the_archives_period_move_with_the_last_service() {
        let mut case = paid(effective());
        let clerk = clerk_of(&case);
        act_on(&mut case, Command::CloseCase(CloseCase {}), &clerk, date(2026, 5, 12)).expect("closed");
        let later = correct(&case, Paper::CivilJudgment, &DEFENDANT(), date(2026, 4, 24));
        act_on(&mut case, later, &CLERK(), date(2026, 5, 13)).expect("corrected");
        assert_eq!(case.closing.as_ref().map(|closing| closing.on), Some(date(2026, 4, 24)));
        assert_eq!(case.clock("R-ARC-01").expect("runs").clock.last_day, date(2026, 7, 24));
    }
}

//! 更正送达日期: the date of a service was entered wrongly; every period that hangs on it is derived anew (R-DDL-10).
use super::record_service::{begins, check_day};
use super::{Act, Facts, Field, FieldKind, Step};
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
        from: &[Stage::Submitted, Stage::Returned, Stage::Preparing, Stage::Hearing, Stage::Decided],
        power: None,
        fields: &[
            Field { name: "papers", zh: "文书", kind: FieldKind::Paper },
            Field { name: "on", zh: "实际送达日期", kind: FieldKind::Date },
            Field { name: "reason", zh: "更正理由", kind: FieldKind::LongText },
        ],
        papers: &[],
        rules: &["R-DDL-10", "R-SVC-01"],
    };

    fn decide(&self, case: &Case, _: &Actor, law: &Law, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        if self.reason.trim().is_empty() {
            return Err(Refusal::Missing { what: "更正理由".into() });
        }
        let earliest = case.accepted_on.or(case.submitted_at.map(super::day_of)).ok_or(Refusal::NothingToCorrect)?;
        check_day(self.on, earliest, facts.today())?;
        let mut events = Vec::new();
        for id in &self.papers {
            let paper = case.paper(*id).ok_or(Refusal::NoSuchPaper)?;
            match &paper.service {
                ServiceState::Served { on, .. } if *on == self.on => {}
                ServiceState::Served { .. } => {
                    let clocks = begins(case, paper, self.on, law)?;
                    events.push(Event::ServiceCorrected { id: *id, on: self.on, reason: self.reason.clone(), clocks });
                }
                ServiceState::Owed | ServiceState::Issued | ServiceState::Sent { .. } | ServiceState::Failed { .. } => {
                    return Err(Refusal::NothingToCorrect);
                }
            }
        }
        Ok(events)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::ClockState;
    use crate::step::fixture::{CLERK, DEFENDANT, accepted, act_on, served};
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
}

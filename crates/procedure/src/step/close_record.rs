//! 结束笔录: the sitting ends, the text is fixed by its digest, and who was there reads and signs it at once or within five
//! days (R-TRI-33, 《民事诉讼法》(2023) 第150条). Closing it is the clerk's own signature.
use super::{Act, Facts, Step, running};
use crate::case::RoleKind;
use crate::trial::Presence;
use crate::{Actor, Case, Event, Law, Refusal, Stage, draw};
use serde::{Deserialize, Serialize};

/// The text as it was saved last.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CloseRecord {}

impl Act for CloseRecord {
    const STEP: Step = Step {
        name: "close_record",
        zh: "结束笔录",
        guide: "",
        counter: "",
        who: &[RoleKind::Clerk],
        from: &[Stage::Hearing],
        power: None,
        fields: &[],
        papers: &[],
        rules: &["R-TRI-33"],
    };

    fn decide(&self, case: &Case, _: &Actor, law: &Law, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        let hearing = case.hearing().filter(|hearing| hearing.opened_at.is_some()).ok_or(Refusal::NoHearing)?;
        let record = hearing.record.as_ref().ok_or(Refusal::Missing { what: "笔录内容".into() })?;
        if record.closed_at.is_some() {
            return Err(Refusal::NoHearing);
        }
        let there = hearing.attendance.iter().filter(|line| line.presence != Presence::Absent).map(|line| line.person);
        Ok(vec![Event::RecordClosed {
            number: hearing.number,
            at: facts.at,
            digest: draw::digest(&record.text),
            signers: there.chain(case.judges().map(|(judge, _)| judge)).collect(),
            clock: running(format!("record/{}", hearing.number), None, law.clock("R-TRI-33", facts.today())),
        }])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Command;
    use crate::step::fixture::{DEFENDANT, PLAINTIFF, act_on, clerk_of, judge_of, opened, recorded};
    use jiff::civil::date;

    #[test]
    fn r_tri_33_the_text_is_fixed_and_five_days_run_to_read_it() {
        let case = recorded();
        let record = case.hearing().and_then(|hearing| hearing.record.as_ref()).expect("one");
        assert_eq!(record.digest, draw::digest(&record.text));
        assert_eq!(record.signers, [PLAINTIFF().person, DEFENDANT().person, judge_of(&case).person]);
        assert_eq!(case.clock("R-TRI-33").expect("runs").clock.last_day, date(2026, 4, 13));
    }

    #[test]
    fn nothing_is_closed_that_was_not_written() {
        let mut case = opened();
        let clerk = clerk_of(&case);
        let empty = act_on(&mut case, Command::CloseRecord(CloseRecord {}), &clerk, date(2026, 4, 8));
        assert_eq!(empty, Err(Refusal::Missing { what: "笔录内容".into() }));
        assert_eq!(act_on(&mut recorded(), Command::CloseRecord(CloseRecord {}), &clerk, date(2026, 4, 8)), Err(Refusal::NoHearing));
    }
}

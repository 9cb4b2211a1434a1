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

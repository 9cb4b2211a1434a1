//! 延期开庭: the sitting moves to another day, with a reason and new summonses; not too often and not too far (R-TRI-32,
//! 《民事诉讼法》(2023) 第149条, 延期规定第5、6条).
use super::schedule_hearing::{Slot, check, heard};
use super::{Act, Facts, Field, FieldKind, Step, owe_all};
use crate::case::{Procedure, RoleKind};
use crate::{Actor, Case, Event, Law, Paper, Refusal, Stage};
use jiff::civil::{Date, Time};
use serde::{Deserialize, Serialize};

/// The new day, and why.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PostponeHearing {
    pub date: Date,
    pub time: Time,
    pub courtroom: String,
    pub reason: String,
}

impl Act for PostponeHearing {
    const STEP: Step = Step {
        name: "postpone_hearing",
        zh: "延期开庭",
        guide: "",
        counter: "",
        who: &[RoleKind::Judge, RoleKind::Clerk],
        from: &[Stage::Preparing, Stage::Hearing],
        power: None,
        fields: &[
            Field { name: "date", zh: "新的开庭日期", kind: FieldKind::Date },
            Field { name: "time", zh: "开庭时间", kind: FieldKind::Time },
            Field { name: "courtroom", zh: "法庭", kind: FieldKind::Text },
            Field { name: "reason", zh: "延期理由", kind: FieldKind::LongText },
        ],
        papers: &[Paper::Summons],
        rules: &["R-TRI-32", "R-TRI-20"],
    };

    fn decide(&self, case: &Case, _: &Actor, law: &Law, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        let hearing = case.hearing().filter(|hearing| hearing.opened_at.is_none()).ok_or(Refusal::NoHearing)?;
        if self.reason.trim().is_empty() {
            return Err(Refusal::FieldInvalid { field: "reason".into(), zh: "请写明延期开庭的理由。".into(), rule: "R-TRI-32".into() });
        }
        let most = match case.procedure {
            Some(Procedure::Ordinary) => 2,
            Some(Procedure::Simple) | None => 1,
        };
        if case.hearings.iter().map(|hearing| hearing.postponed).sum::<u32>() >= most {
            return Err(Refusal::PostponedTooOften { most });
        }
        let latest = law.clock("R-TRI-32", hearing.date.max(facts.today())).last_day;
        if self.date > latest {
            return Err(Refusal::PostponedTooFar { latest });
        }
        let slot = Slot { date: self.date, time: self.time, courtroom: &self.courtroom, minutes: hearing.minutes };
        let clocks = check(case, law, facts, hearing.number, &slot)?;
        if !hearing.waived {
            heard(case, law, facts, slot.date)?;
        }
        Ok(vec![Event::HearingPostponed {
            number: hearing.number,
            date: self.date,
            time: self.time,
            courtroom: self.courtroom.trim().to_owned(),
            reason: self.reason.trim().to_owned(),
            summonses: owe_all(case, Paper::Summons, case.parties.iter()),
            clocks,
        }])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Command;
    use crate::case::Method;
    use crate::step::SendPaper;
    use crate::step::fixture::{CLERK, act_on, judge_of, scheduled};
    use jiff::civil::{date, time};

    #[test]
    fn r_tri_32_once_in_the_simple_procedure_within_a_month_with_new_summonses() {
        let mut case = scheduled();
        let judge = judge_of(&case);
        let to = |on, reason: &str| {
            Command::PostponeHearing(PostponeHearing { date: on, time: time(9, 30, 0, 0), courtroom: "第三法庭".into(), reason: reason.into() })
        };
        let blank = act_on(&mut case, to(date(2026, 4, 20), ""), &judge, date(2026, 4, 1));
        assert!(matches!(blank, Err(Refusal::FieldInvalid { field, .. }) if field == "reason"));
        let far = act_on(&mut case, to(date(2026, 5, 11), "证人住院"), &judge, date(2026, 4, 1));
        assert_eq!(far, Err(Refusal::PostponedTooFar { latest: date(2026, 5, 8) }));
        let old = case.hearing().expect("one").summonses.clone();
        act_on(&mut case, to(date(2026, 4, 20), "证人住院"), &judge, date(2026, 4, 1)).expect("postponed");
        let hearing = case.hearing().expect("one");
        assert_eq!((hearing.date, hearing.postponed), (date(2026, 4, 20), 1));
        assert!(hearing.summonses.iter().all(|id| !old.contains(id)));
        for id in old {
            assert!(case.paper(id).is_some_and(|paper| case.superseded(paper)), "the old summonses say nothing any more");
            let send = Command::SendPaper(SendPaper { papers: vec![id], method: Method::Postal, reference: String::new() });
            assert_eq!(act_on(&mut case, send, &CLERK(), date(2026, 4, 1)), Err(Refusal::PaperSuperseded));
        }
        assert_eq!(act_on(&mut case, to(date(2026, 4, 22), "又有事"), &judge, date(2026, 4, 1)), Err(Refusal::PostponedTooOften { most: 1 }));
    }
}

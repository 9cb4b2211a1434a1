//! 制作笔录: the clerk writes down what is said; each saving is a version of its own (R-TRI-33, 《民事诉讼法》(2023) 第150条).
use super::{Act, Facts, Field, FieldKind, Step};
use crate::case::RoleKind;
use crate::{Actor, Case, Event, Law, Refusal, Stage};
use serde::{Deserialize, Serialize};

/// The whole text so far: a line for each utterance, `审判员：……`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KeepRecord {
    pub text: String,
}

impl Act for KeepRecord {
    const STEP: Step = Step {
        name: "keep_record",
        zh: "保存笔录",
        guide: "",
        counter: "",
        who: &[RoleKind::Clerk],
        from: &[Stage::Hearing],
        power: None,
        fields: &[Field { name: "text", zh: "笔录", kind: FieldKind::LongText }],
        papers: &[],
        rules: &["R-TRI-33"],
    };

    fn decide(&self, case: &Case, _: &Actor, _: &Law, _: &Facts) -> Result<Vec<Event>, Refusal> {
        let hearing = case.hearing().filter(|hearing| hearing.opened_at.is_some()).ok_or(Refusal::NoHearing)?;
        if self.text.trim().is_empty() {
            return Err(Refusal::FieldInvalid { field: "text".into(), zh: "笔录还没有内容。".into(), rule: "R-TRI-33".into() });
        }
        let version = match &hearing.record {
            None => 1,
            Some(record) if record.closed_at.is_some() => return Err(Refusal::NoHearing),
            // Saved again without a change is nothing new.
            Some(record) if record.text == self.text => return Ok(vec![]),
            Some(record) => record.version + 1,
        };
        Ok(vec![Event::RecordSaved { number: hearing.number, version, text: self.text.clone() }])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Command;
    use crate::step::fixture::{act_on, clerk_of, judge_of, opened, recorded, scheduled};
    use jiff::civil::date;

    fn keep(text: &str) -> Command {
        Command::KeepRecord(KeepRecord { text: text.into() })
    }

    #[test]
    fn r_tri_33_each_saving_is_a_version_and_none_without_a_change() {
        let mut case = opened();
        let clerk = clerk_of(&case);
        act_on(&mut case, keep("审判员：现在开庭。"), &clerk, date(2026, 4, 8)).expect("saved");
        assert_eq!(act_on(&mut case, keep("审判员：现在开庭。"), &clerk, date(2026, 4, 8)), Ok(vec![]));
        act_on(&mut case, keep("审判员：现在开庭。\n原告：同意。"), &clerk, date(2026, 4, 8)).expect("saved");
        assert_eq!(case.hearing().and_then(|hearing| hearing.record.as_ref()).map(|record| record.version), Some(2));
    }

    #[test]
    fn only_the_clerk_of_the_case_writes_and_only_while_it_is_open() {
        let mut case = opened();
        let judge = judge_of(&case);
        assert!(matches!(act_on(&mut case, keep("……"), &judge, date(2026, 4, 8)), Err(Refusal::NotYours { .. })));
        let clerk = clerk_of(&case);
        assert!(matches!(act_on(&mut case, keep(" "), &clerk, date(2026, 4, 8)), Err(Refusal::FieldInvalid { .. })));
        assert_eq!(act_on(&mut recorded(), keep("改过的"), &clerk, date(2026, 4, 9)), Err(Refusal::NoHearing), "what is closed stays as it is");
        assert!(matches!(act_on(&mut scheduled(), keep("……"), &clerk, date(2026, 4, 8)), Err(Refusal::NotNow { .. })));
    }
}

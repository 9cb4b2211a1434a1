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

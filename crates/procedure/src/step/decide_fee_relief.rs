//! 决定司法救助: the application for relief is decided; what is still due follows (R-FEE-21).
use super::{Act, Facts, Field, FieldKind, Step};
use crate::case::RoleKind;
use crate::{Actor, Case, Event, Fen, Law, Refusal, Stage};
use serde::{Deserialize, Serialize};

/// The decision. `due` is what remains to be paid if it is granted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DecideFeeRelief {
    pub granted: bool,
    pub due: Fen,
}

impl Act for DecideFeeRelief {
    const STEP: Step = Step {
        name: "decide_fee_relief",
        zh: "决定司法救助",
        guide: "",
        counter: "",
        who: &[RoleKind::Judge],
        from: &[Stage::Preparing, Stage::Hearing],
        power: None,
        fields: &[
            Field { name: "granted", zh: "决定", kind: FieldKind::Choice(&[("true", "准许"), ("false", "不准许")]) },
            Field { name: "due", zh: "仍应交纳", kind: FieldKind::Money },
        ],
        papers: &[],
        rules: &["R-FEE-21"],
    };

    fn decide(&self, case: &Case, _: &Actor, _: &Law, _: &Facts) -> Result<Vec<Event>, Refusal> {
        let fee = case.fee.as_ref().ok_or(Refusal::NothingDue)?;
        let pending = fee.relief.as_ref().is_some_and(|relief| relief.granted.is_none());
        if !pending {
            return Err(Refusal::NothingDue);
        }
        if self.granted && (self.due > fee.due || self.due.0 < 0) {
            let zh = format!("准许后仍应交纳的金额应当在 0 元至 {} 之间。", fee.due);
            return Err(Refusal::FieldInvalid { field: "due".into(), zh, rule: "R-FEE-21".into() });
        }
        let due = if self.granted { self.due } else { fee.due };
        Ok(vec![Event::ReliefDecided { granted: self.granted, due }])
    }
}

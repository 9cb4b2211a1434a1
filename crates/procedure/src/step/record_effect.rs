//! 裁判生效: no appeal period runs any more and nobody appealed; the platform records the day, which follows from the periods
//! (R-APL-01, R-SVC-41, 《民事诉讼法》(2023) 第158条).
use super::{Act, Facts, Step};
use crate::case::RoleKind;
use crate::{Actor, Case, Event, Law, Refusal, Stage};
use serde::{Deserialize, Serialize};

/// Nothing to say: the day is reckoned.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RecordEffect {}

impl Act for RecordEffect {
    const STEP: Step = Step {
        name: "record_effect",
        zh: "裁判生效",
        guide: "",
        counter: "",
        who: &[RoleKind::Platform],
        from: &[Stage::Decided],
        power: None,
        fields: &[],
        papers: &[],
        rules: &["R-APL-01", "R-SVC-41"],
    };

    fn decide(&self, case: &Case, _: &Actor, _: &Law, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        effect(case, facts).map(|event| vec![event])
    }
}

/// The event of taking effect, or what is still in its way.
pub(super) fn effect(case: &Case, facts: &Facts) -> Result<Event, Refusal> {
    if let Some(appeal) = case.appeals.first() {
        return Err(Refusal::AppealOnRecord { who: case.name_of(appeal.by).to_owned() });
    }
    match case.effective_from(facts.today()) {
        Ok(on) => Ok(Event::JudgmentTookEffect { on }),
        Err((who, Some(last_day))) => Err(Refusal::NotEffectiveYet { who: case.name_of(who).to_owned(), last_day }),
        Err((who, None)) => Err(Refusal::NotServedOn { paper: crate::Paper::CivilJudgment.zh().into(), who: case.name_of(who).to_owned() }),
    }
}

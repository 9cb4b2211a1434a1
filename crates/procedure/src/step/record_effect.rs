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
    in_force(case, facts).map(|on| Event::JudgmentTookEffect { on })
}

/// The day from which what ended the case has force, or what is still in its way.
pub(super) fn in_force(case: &Case, facts: &Facts) -> Result<jiff::civil::Date, Refusal> {
    if let Some(appeal) = case.appeals_against_the_end().next() {
        return Err(Refusal::AppealOnRecord { who: case.name_of(appeal.by).to_owned() });
    }
    match case.effective_from(facts.today()) {
        Ok(on) => Ok(on),
        Err((who, Some(last_day))) => Err(Refusal::NotEffectiveYet { who: case.name_of(who).to_owned(), last_day }),
        Err((who, None)) => Err(Refusal::NotServedOn { paper: super::close_case::ends_with(case).0.zh().into(), who: case.name_of(who).to_owned() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Command;
    use crate::step::fixture::{DEFENDANT, PLAINTIFF, PLATFORM, act_on, expire, given, judgment_served, served};
    use jiff::civil::date;

    #[test]
    fn r_apl_01_in_force_from_the_day_after_the_last_period() {
        let mut case = judgment_served();
        assert_eq!(expire(&mut case, PLAINTIFF().person, date(2026, 5, 7)).len(), 1, "the defendant's period still runs");
        assert_eq!(expire(&mut case, DEFENDANT().person, date(2026, 5, 8)), [], "the last day is a day of the period");
        // The platform looked a day late: the day of effect is the same.
        let events = expire(&mut case, DEFENDANT().person, date(2026, 5, 10));
        assert_eq!(events[1], Event::JudgmentTookEffect { on: date(2026, 5, 9) });
        assert_eq!((case.stage, case.effective_on), (Stage::Effective, Some(date(2026, 5, 9))));
    }

    #[test]
    fn r_svc_41_who_was_not_served_may_still_appeal() {
        let mut case = given();
        served(&mut case, crate::Paper::CivilJudgment, PLAINTIFF().person, date(2026, 4, 21));
        expire(&mut case, PLAINTIFF().person, date(2026, 5, 7));
        let record = || Command::RecordEffect(RecordEffect {});
        let refused = act_on(&mut case, record(), &PLATFORM(), date(2026, 6, 30));
        assert_eq!(refused, Err(Refusal::NotServedOn { paper: "民事判决书".into(), who: "陈志远".into() }));
        served(&mut case, crate::Paper::CivilJudgment, DEFENDANT().person, date(2026, 7, 1));
        let refused = act_on(&mut case, record(), &PLATFORM(), date(2026, 7, 2));
        assert_eq!(refused, Err(Refusal::NotEffectiveYet { who: "陈志远".into(), last_day: date(2026, 7, 16) }));
        act_on(&mut case, record(), &PLATFORM(), date(2026, 7, 17)).expect("in force");
    }
}

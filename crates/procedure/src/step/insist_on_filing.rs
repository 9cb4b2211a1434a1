//! 坚持起诉: the plaintiff does not mend the filing and wants a decision; the court rules (R-FIL-12, 《登记立案规定》第7条).
use super::{Act, Facts, Field, FieldKind, Step, acting};
use crate::case::RoleKind;
use crate::{Actor, Case, Event, Law, Refusal, Stage};
use serde::{Deserialize, Serialize};

/// Why he holds that his filing meets the conditions as it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct InsistOnFiling {
    pub reason: String,
}

impl Act for InsistOnFiling {
    const STEP: Step = Step {
        name: "insist_on_filing",
        zh: "坚持起诉",
        guide: "认为不需要补正、坚持起诉的，告诉法院；法院对不符合起诉条件的，裁定不予受理，您可以上诉。",
        counter: "到诉讼服务中心窗口说明坚持起诉，由工作人员记录；也可以书面寄给法院。",
        who: &[RoleKind::Plaintiff, RoleKind::Agent],
        from: &[Stage::Returned, Stage::GivenBack],
        power: None,
        fields: &[Field { name: "reason", zh: "坚持起诉的理由", kind: FieldKind::LongText }],
        papers: &[],
        rules: &["R-FIL-12"],
    };

    fn decide(&self, case: &Case, by: &Actor, _: &Law, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        let acting = acting(case, by, &Self::STEP)?;
        // Said twice is said once.
        if case.insisted_at.is_some() {
            return Ok(vec![]);
        }
        if self.reason.trim().is_empty() {
            let zh = "请写明为什么坚持起诉。".into();
            return Err(Refusal::FieldInvalid { field: "reason".into(), zh, rule: "R-FIL-12".into() });
        }
        let reason = self.reason.trim().to_owned();
        Ok(vec![Event::FilingInsisted { by: acting.party, reason, at: facts.at, channel: acting.channel, assisted_by: acting.assisted_by }])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::step::fixture::{CLERK, DEFENDANT, PLAINTIFF, act_on, given_back, insisting, returned, submitted};
    use jiff::civil::date;

    #[test]
    fn r_fil_12_who_insists_says_why_and_says_it_once() {
        let mut case = given_back();
        let empty = crate::Command::InsistOnFiling(InsistOnFiling { reason: String::new() });
        assert!(matches!(act_on(&mut case, empty, &PLAINTIFF(), date(2026, 3, 18)), Err(Refusal::FieldInvalid { .. })));
        act_on(&mut case, insisting(), &PLAINTIFF(), date(2026, 3, 18)).expect("insisted");
        assert!(case.insisted_at.is_some());
        assert_eq!(act_on(&mut case, insisting(), &PLAINTIFF(), date(2026, 3, 19)), Ok(vec![]));
    }

    #[test]
    fn r_idc_40_at_the_counter_both_names_go_on_record() {
        let mut clerk = CLERK();
        clerk.for_person = Some(PLAINTIFF().person);
        let events = act_on(&mut returned(), insisting(), &clerk, date(2026, 3, 5)).expect("entered");
        assert!(matches!(&events[..], [Event::FilingInsisted { by, assisted_by: Some(_), .. }] if *by == PLAINTIFF().person));
    }

    #[test]
    fn a_defendant_does_not_insist_and_nothing_is_insisted_on_while_it_is_under_review() {
        assert_eq!(act_on(&mut given_back(), insisting(), &DEFENDANT(), date(2026, 3, 18)), Err(Refusal::NotYours { step: "坚持起诉".into() }));
        let refused = act_on(&mut submitted(), insisting(), &PLAINTIFF(), date(2026, 3, 3));
        assert_eq!(refused, Err(Refusal::NotNow { step: "坚持起诉".into(), stage: Stage::Submitted }));
    }
}

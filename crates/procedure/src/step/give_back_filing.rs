//! 退回起诉材料: the correction was not made in time; the materials go back and the fact stands in the book of returns
//! (R-FIL-12, 《登记立案规定》第7条). Who insists gets a ruling ([`super::RefuseFiling`]).
use super::{Act, Facts, Field, FieldKind, Step, clock_of, owe_all};
use crate::case::{RoleKind, Side};
use crate::{Actor, Case, Event, Law, Paper, Refusal, Stage};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// What is to be mended still, in the clerk's words.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GiveBackFiling {
    pub reason: String,
}

impl Act for GiveBackFiling {
    const STEP: Step = Step {
        name: "give_back_filing",
        zh: "退回起诉材料",
        guide: "补正期限届满没有补齐的，法院退回起诉材料并记录在册。补齐以后可以重新起诉；坚持起诉的，法院裁定不予受理。",
        counter: "",
        who: &[RoleKind::FilingClerk],
        from: &[Stage::Returned],
        power: None,
        fields: &[Field { name: "reason", zh: "没有补齐的内容", kind: FieldKind::LongText }],
        papers: &[Paper::GivenBackNotice],
        rules: &["R-FIL-12"],
    };

    fn decide(&self, case: &Case, by: &Actor, _: &Law, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        correction_over(case, facts.today())?;
        if self.reason.trim().is_empty() {
            let zh = "请写明哪些内容没有补齐，记入退回登记册。".into();
            return Err(Refusal::FieldInvalid { field: "reason".into(), zh, rule: "R-FIL-12".into() });
        }
        let entry = facts.next_entry.ok_or(Refusal::Missing { what: "退回登记册的编号".into() })?;
        let notices = owe_all(case, Paper::GivenBackNotice, case.side(Side::Plaintiff));
        let reason = self.reason.trim().to_owned();
        Ok(vec![Event::FilingGivenBack { entry, on: facts.today(), reason, by: by.person, notices }])
    }
}

/// Every plaintiff got his notice and his days are over: none of them may still mend the filing (R-FIL-12).
pub fn correction_over(case: &Case, today: Date) -> Result<(), Refusal> {
    for party in case.side(Side::Plaintiff) {
        let not_served = || Refusal::NotServedOn { paper: Paper::CorrectionNotice.zh().into(), who: party.name.clone() };
        let last_day = clock_of(case, &format!("correction/{}", party.person)).ok_or_else(not_served)?.clock.last_day;
        if today <= last_day {
            return Err(Refusal::CorrectionRunning { last_day });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Command;
    use crate::step::fixture::{CLERK, PLAINTIFF, act_on, given_back, giving_back, returned, served, submitted};
    use jiff::civil::date;

    #[test]
    fn r_fil_12_not_before_the_days_are_over_for_everybody() {
        let mut case = returned();
        let unserved = act_on(&mut case, giving_back(), &CLERK(), date(2026, 3, 30));
        assert!(matches!(unserved, Err(Refusal::NotServedOn { .. })), "nothing runs before the notice is served: {unserved:?}");
        served(&mut case, Paper::CorrectionNotice, PLAINTIFF().person, date(2026, 3, 7));
        let last_day = date(2026, 3, 16);
        assert_eq!(act_on(&mut case, giving_back(), &CLERK(), last_day), Err(Refusal::CorrectionRunning { last_day }));
        act_on(&mut case, giving_back(), &CLERK(), date(2026, 3, 17)).expect("given back");
    }

    #[test]
    fn r_fil_12_given_back_and_entered_in_the_book() {
        let case = given_back();
        assert_eq!((case.stage, case.given_back_on), (Stage::GivenBack, Some(date(2026, 3, 17))));
        let notice = case.papers.iter().find(|paper| paper.paper == Paper::GivenBackNotice).expect("owed");
        assert_eq!(notice.to, PLAINTIFF().person);
    }

    #[test]
    fn what_is_missing_is_named_and_only_a_clerk_gives_back() {
        let mut case = given_back();
        case.stage = Stage::Returned;
        let empty = Command::GiveBackFiling(GiveBackFiling { reason: " ".into() });
        let refused = act_on(&mut case, empty, &CLERK(), date(2026, 3, 17));
        assert!(matches!(refused, Err(Refusal::FieldInvalid { field, .. }) if field == "reason"));
        let refused = act_on(&mut case, giving_back(), &PLAINTIFF(), date(2026, 3, 17));
        assert_eq!(refused, Err(Refusal::NotYours { step: "退回起诉材料".into() }));
        let refused = act_on(&mut submitted(), giving_back(), &CLERK(), date(2026, 3, 17));
        assert_eq!(refused, Err(Refusal::NotNow { step: "退回起诉材料".into(), stage: Stage::Submitted }));
    }
}

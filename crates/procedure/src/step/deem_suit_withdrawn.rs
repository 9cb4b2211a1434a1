//! 按撤诉处理: the fee was not paid in time and no relief is pending; a ruling, made by a judge (R-FEE-15, 民诉法解释 213).
use super::{Act, Facts, Field, FieldKind, Step, owe_all};
use crate::case::{RoleKind, ServiceState, Side};
use crate::event::RulingText;
use crate::{Actor, Case, Event, Law, Paper, Refusal, Stage};
use serde::{Deserialize, Serialize};

/// The ruling: drafted by the platform, put right and signed by the judge. What he leaves empty is as it was drafted.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct DeemSuitWithdrawn {
    #[serde(default)]
    pub facts: String,
    #[serde(default)]
    pub basis: String,
}

impl Act for DeemSuitWithdrawn {
    const STEP: Step = Step {
        name: "deem_suit_withdrawn",
        zh: "裁定按撤诉处理",
        guide: "",
        counter: "",
        who: &[RoleKind::Judge],
        from: &[Stage::Preparing],
        power: None,
        fields: &[
            Field { name: "facts", zh: "查明的经过", kind: FieldKind::LongText },
            Field { name: "basis", zh: "依照的条文", kind: FieldKind::LongText },
        ],
        papers: &[Paper::DeemedWithdrawalRuling],
        rules: &["R-FEE-15", "R-DOC-04"],
    };

    fn decide(&self, case: &Case, _: &Actor, _: &Law, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        let fee = case.fee.as_ref().filter(|fee| fee.outstanding()).ok_or(Refusal::NothingDue)?;
        if fee.relief_pending() {
            return Err(Refusal::ReliefPending);
        }
        let to = case.side(Side::Plaintiff).next().ok_or(Refusal::Missing { what: "原告".into() })?;
        let Some(period) = case.unmet("R-FEE-15") else {
            // A payment that was deferred is not asked for now (R-FEE-21).
            let deferred = fee.relief.as_ref().is_some_and(|relief| relief.granted == Some(true) && relief.notices.is_empty());
            let unserved = Refusal::NotServedOn { paper: Paper::FeeNotice.zh().into(), who: case.name_of(to.person).to_owned() };
            return Err(if deferred { Refusal::NothingDue } else { unserved });
        };
        let last_day = period.clock.last_day;
        if facts.today() <= last_day {
            return Err(Refusal::FeePeriodRunning { last_day });
        }
        // The ruling ends the suit for whoever knows of it: all plaintiffs, and the defendants who were served.
        let reached = |person| case.papers.iter().any(|paper| paper.to == person && matches!(paper.service, ServiceState::Served { .. }));
        let to = case.side(Side::Plaintiff).chain(case.side(Side::Defendant).filter(|party| reached(party.person)));
        let mut rulings = owe_all(case, Paper::DeemedWithdrawalRuling, to).into_iter();
        let ruling = rulings.next().ok_or(Refusal::Missing { what: "原告".into() })?;
        let text = RulingText { facts: self.facts.trim().to_owned(), basis: self.basis.trim().to_owned() };
        Ok(vec![Event::DeemedWithdrawn { ruling, others: rulings.collect(), text }])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Command;
    use crate::step::RequestFeeRelief;
    use crate::step::fixture::{DEFENDANT, JUDGE, PLAINTIFF, accepted, act_on, give_to_judge, served};
    use jiff::civil::date;

    #[test]
    fn r_fee_15_not_before_the_seven_days_are_over_and_not_while_relief_is_pending() {
        let mut case = accepted();
        give_to_judge(&mut case);
        served(&mut case, Paper::FeeNotice, PLAINTIFF().person, date(2026, 3, 4));
        let deem = || Command::DeemSuitWithdrawn(DeemSuitWithdrawn::default());
        assert_eq!(act_on(&mut case, deem(), &JUDGE(), date(2026, 3, 11)), Err(Refusal::FeePeriodRunning { last_day: date(2026, 3, 11) }));
        let mut relieved = case.clone();
        let relief = Command::RequestFeeRelief(RequestFeeRelief { reason: "领取低保".into() });
        act_on(&mut relieved, relief, &PLAINTIFF(), date(2026, 3, 9)).expect("requested");
        assert_eq!(act_on(&mut relieved, deem(), &JUDGE(), date(2026, 3, 12)), Err(Refusal::ReliefPending));
        act_on(&mut case, deem(), &JUDGE(), date(2026, 3, 12)).expect("ruled");
        assert_eq!(case.stage, Stage::Withdrawn);
    }

    #[test]
    fn r_fee_15_the_ruling_goes_to_every_plaintiff_and_to_the_defendant_who_was_served() {
        let ruled = |served_too: bool| {
            let mut case = accepted();
            give_to_judge(&mut case);
            served(&mut case, Paper::FeeNotice, PLAINTIFF().person, date(2026, 3, 4));
            if served_too {
                served(&mut case, Paper::ComplaintCopy, DEFENDANT().person, date(2026, 3, 6));
            }
            let text = DeemSuitWithdrawn { facts: "原告逾期未预交。".into(), basis: String::new() };
            let events = act_on(&mut case, Command::DeemSuitWithdrawn(text), &JUDGE(), date(2026, 3, 12)).expect("ruled");
            assert!(matches!(&events[..], [Event::DeemedWithdrawn { text, .. }] if text.facts == "原告逾期未预交。"), "as the judge wrote it");
            case.papers.iter().filter(|paper| paper.paper == Paper::DeemedWithdrawalRuling).map(|paper| paper.to).collect::<Vec<_>>()
        };
        assert_eq!(ruled(false), [PLAINTIFF().person], "who knows of no suit is told of no ruling");
        assert_eq!(ruled(true), [PLAINTIFF().person, DEFENDANT().person]);
    }
}

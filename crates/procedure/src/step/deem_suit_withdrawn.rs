//! 按撤诉处理: the fee was not paid in time and no relief is pending; a ruling, made by a judge (R-FEE-15, 民诉法解释 213).
use super::{Act, Facts, Step, owe};
use crate::case::Side;
use crate::case::RoleKind;
use crate::{Actor, Case, Event, Law, Paper, Refusal, Stage};
use serde::{Deserialize, Serialize};

/// The ruling, as drafted by the platform and signed by the judge.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DeemSuitWithdrawn {}

impl Act for DeemSuitWithdrawn {
    const STEP: Step = Step {
        name: "deem_suit_withdrawn",
        zh: "裁定按撤诉处理",
        guide: "",
        counter: "",
        who: &[RoleKind::Judge],
        from: &[Stage::Preparing],
        power: None,
        fields: &[],
        papers: &[Paper::DeemedWithdrawalRuling],
        rules: &["R-FEE-15"],
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
        Ok(vec![Event::DeemedWithdrawn { ruling: owe(case, Paper::DeemedWithdrawalRuling, to.person) }])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Command;
    use crate::step::RequestFeeRelief;
    use crate::step::fixture::{JUDGE, PLAINTIFF, accepted, act_on, give_to_judge, served};
    use jiff::civil::date;

    #[test]
    fn r_fee_15_not_before_the_seven_days_are_over_and_not_while_relief_is_pending() {
        let mut case = accepted();
        give_to_judge(&mut case);
        served(&mut case, Paper::FeeNotice, PLAINTIFF().person, date(2026, 3, 4));
        let deem = || Command::DeemSuitWithdrawn(DeemSuitWithdrawn {});
        assert_eq!(act_on(&mut case, deem(), &JUDGE(), date(2026, 3, 11)), Err(Refusal::FeePeriodRunning { last_day: date(2026, 3, 11) }));
        let mut relieved = case.clone();
        let relief = Command::RequestFeeRelief(RequestFeeRelief { reason: "领取低保".into() });
        act_on(&mut relieved, relief, &PLAINTIFF(), date(2026, 3, 9)).expect("requested");
        assert_eq!(act_on(&mut relieved, deem(), &JUDGE(), date(2026, 3, 12)), Err(Refusal::ReliefPending));
        act_on(&mut case, deem(), &JUDGE(), date(2026, 3, 12)).expect("ruled");
        assert_eq!(case.stage, Stage::Withdrawn);
    }
}

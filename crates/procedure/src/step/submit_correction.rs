//! 提交补正: the filing comes back mended; the period for review starts anew on the next day (R-FIL-12).
use super::submit_filing::check_statement;
use super::{Act, Facts, Field, FieldKind, Step, running};
use crate::case::{Channel, Party, RoleKind, Side, Statement};
use crate::{Actor, Case, Event, Law, Refusal, Stage};
use serde::{Deserialize, Serialize};

/// The whole statement again, as corrected; what changed shows by comparing it with the one before.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SubmitCorrection {
    pub parties: Vec<Party>,
    pub statement: Statement,
    pub channel: Channel,
}

impl Act for SubmitCorrection {
    const STEP: Step = Step {
        name: "submit_correction",
        zh: "提交补正",
        guide: "按补正通知书逐项补齐，在期限内交回。法院收到次日起重新计算七日。",
        counter: "带补正通知书和补齐的材料到诉讼服务中心窗口，或者邮寄。",
        who: &[RoleKind::Plaintiff, RoleKind::Agent],
        from: &[Stage::Returned],
        power: None,
        fields: &[Field { name: "statement", zh: "补正后的起诉内容", kind: FieldKind::Statement }],
        papers: &[],
        rules: &["R-FIL-12", "R-FIL-11"],
    };

    fn decide(&self, case: &Case, by: &Actor, law: &Law, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        check_statement(&self.parties, &self.statement)?;
        // Who sues stays as he was; a defendant may be put right, that is what corrections are for (R-FIL-04).
        let same = case.side(Side::Plaintiff).all(|party| self.parties.iter().any(|new| new.person == party.person && new.side == party.side));
        if !same {
            let zh = "补正不能更换原告。请由新的原告另行起诉。".into();
            return Err(Refusal::FieldInvalid { field: "plaintiff.name".into(), zh, rule: "R-FIL-12".into() });
        }
        let clock = running("review", None, law.clock("R-FIL-11", facts.today()));
        let (parties, statement) = (self.parties.clone(), Box::new(self.statement.clone()));
        let assisted_by = by.for_person.map(|_| by.person);
        Ok(vec![Event::Corrected { parties, statement, at: facts.at, channel: self.channel, assisted_by, clock }])
    }
}

#[cfg(test)]
mod tests {
    use crate::case::ClockState;
    use crate::step::fixture::{PLAINTIFF, act_on, correcting, returned, submitted};
    use crate::{Command, Refusal, Stage};
    use jiff::civil::date;

    #[test]
    fn r_fil_12_the_period_for_review_restarts_on_the_day_after() {
        let mut case = returned();
        act_on(&mut case, correcting(), &PLAINTIFF(), date(2026, 3, 10)).expect("corrected");
        let clock = case.clock("R-FIL-11").expect("runs anew");
        assert_eq!((clock.clock.first_day, clock.clock.last_day), (date(2026, 3, 11), date(2026, 3, 17)));
        let old = &case.clocks[0];
        assert_eq!(old.state, ClockState::Met, "the first period ended with the return");
    }

    #[test]
    fn a_filing_that_was_not_returned_takes_no_correction() {
        let refused = act_on(&mut submitted(), correcting(), &PLAINTIFF(), date(2026, 3, 10));
        assert_eq!(refused, Err(Refusal::NotNow { step: "提交补正".into(), stage: Stage::Submitted }));
    }

    #[test]
    fn a_correction_does_not_change_who_sues() {
        let Command::SubmitCorrection(mut correction) = correcting() else { panic!("a correction") };
        correction.parties[0].person = crate::PersonId::new();
        let refused = act_on(&mut returned(), Command::SubmitCorrection(correction), &PLAINTIFF(), date(2026, 3, 10));
        assert!(matches!(refused, Err(Refusal::FieldInvalid { field, .. }) if field == "plaintiff.name"));
    }
}

//! 决定司法救助: the application for relief is decided; what is still due follows (R-FEE-21). Refused or granted in part, the
//! person gets a new notice and with its service the seven days again (R-FEE-15); deferred, nothing runs.
use super::{Act, Facts, Field, FieldKind, Step, owe_all};
use crate::case::{RoleKind, Side};
use crate::{Actor, Case, Event, Fen, Law, Paper, Refusal, Stage};
use serde::{Deserialize, Serialize};

/// The decision. `due` is what remains to be paid if it is granted; all of it: the payment is deferred (缓交).
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
        from: &[Stage::Preserving, Stage::Preparing, Stage::Hearing],
        power: None,
        fields: &[
            Field { name: "granted", zh: "决定", kind: FieldKind::Choice(&[("true", "准许"), ("false", "不准许")]) },
            Field { name: "due", zh: "仍应交纳", kind: FieldKind::Money },
        ],
        papers: &[Paper::FeeNotice],
        rules: &["R-FEE-21", "R-FEE-15"],
    };

    fn decide(&self, case: &Case, _: &Actor, _: &Law, _: &Facts) -> Result<Vec<Event>, Refusal> {
        let fee = case.fee.as_ref().ok_or(Refusal::NothingDue)?;
        if !fee.relief_pending() {
            return Err(Refusal::NothingDue);
        }
        if self.granted && (self.due > fee.due || self.due.0 < 0) {
            let zh = format!("准许后仍应交纳的金额应当在 0 元至 {} 之间。", fee.due);
            return Err(Refusal::FieldInvalid { field: "due".into(), zh, rule: "R-FEE-21".into() });
        }
        let due = if self.granted { self.due } else { fee.due };
        let deferred = self.granted && due == fee.due;
        let notices = if due <= fee.received() || deferred { vec![] } else { owe_all(case, Paper::FeeNotice, case.side(Side::Plaintiff)) };
        Ok(vec![Event::ReliefDecided { granted: self.granted, due, notices }])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Command;
    use crate::case::ClockState;
    use crate::step::fixture::{JUDGE, PLAINTIFF, PLATFORM, accepted, act_on, give_to_judge, served};
    use crate::step::{DeemSuitWithdrawn, ExpireClock, RequestFeeRelief};
    use jiff::civil::date;

    /// Asked for in time; the seven days of the first notice ran out on 11 March while it waited.
    fn pending() -> Case {
        let mut case = accepted();
        give_to_judge(&mut case);
        served(&mut case, Paper::FeeNotice, PLAINTIFF().person, date(2026, 3, 4));
        let relief = Command::RequestFeeRelief(RequestFeeRelief { reason: "领取低保".into() });
        act_on(&mut case, relief, &PLAINTIFF(), date(2026, 3, 9)).expect("asked");
        let over = Command::ExpireClock(ExpireClock { anchor: format!("fee/{}", PLAINTIFF().person) });
        act_on(&mut case, over, &PLATFORM(), date(2026, 3, 12)).expect("ran out");
        case
    }

    fn decided(granted: bool, due: Fen) -> Case {
        let mut case = pending();
        act_on(&mut case, Command::DecideFeeRelief(DecideFeeRelief { granted, due }), &JUDGE(), date(2026, 3, 13)).expect("decided");
        case
    }

    #[test]
    fn r_fee_15_refused_the_seven_days_run_again_from_a_new_notice() {
        let mut case = decided(false, Fen(0));
        let deem = || Command::DeemSuitWithdrawn(DeemSuitWithdrawn::default());
        let refused = act_on(&mut case, deem(), &JUDGE(), date(2026, 3, 13));
        assert!(matches!(refused, Err(Refusal::NotServedOn { .. })), "the old period is over with the decision: {refused:?}");
        served(&mut case, Paper::FeeNotice, PLAINTIFF().person, date(2026, 3, 16));
        let last_day = date(2026, 3, 23);
        assert_eq!(case.clock("R-FEE-15").map(|clock| clock.clock.last_day), Some(last_day));
        assert_eq!(act_on(&mut case, deem(), &JUDGE(), last_day), Err(Refusal::FeePeriodRunning { last_day }));
        act_on(&mut case, deem(), &JUDGE(), date(2026, 3, 24)).expect("ruled");
    }

    #[test]
    fn r_fee_21_waived_or_deferred_nothing_runs_and_reduced_the_rest_is_asked_for() {
        let period = |case: &Case| case.clocks.iter().any(|clock| clock.clock.rule == "R-FEE-15" && clock.state != ClockState::Replaced);
        for due in [Fen(0), Fen(190_500)] {
            let mut case = decided(true, due);
            assert!(!period(&case) && case.fee.as_ref().is_some_and(|fee| fee.relief.as_ref().is_some_and(|relief| relief.notices.is_empty())));
            let deem = act_on(&mut case, Command::DeemSuitWithdrawn(DeemSuitWithdrawn::default()), &JUDGE(), date(2026, 3, 30));
            assert_eq!(deem, Err(Refusal::NothingDue));
        }
        let mut case = decided(true, Fen(100_000));
        served(&mut case, Paper::FeeNotice, PLAINTIFF().person, date(2026, 3, 16));
        assert!(period(&case));
    }
}

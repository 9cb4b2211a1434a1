//! 期间届满: a last day went by. The fact is recorded; what follows is a task for a person (house rule: it never decides; R-DDL-01, R-FIL-10).
use super::{Act, Facts, Step};
use crate::case::{ClockState, RoleKind};
use crate::{Actor, Case, Event, Law, Refusal, Stage};
use serde::{Deserialize, Serialize};

/// The clock, by its anchor.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ExpireClock {
    pub anchor: String,
}

impl Act for ExpireClock {
    const STEP: Step = Step {
        name: "expire_clock",
        zh: "期间届满",
        guide: "",
        counter: "",
        who: &[RoleKind::Platform],
        from: &Stage::ALL,
        power: None,
        fields: &[],
        papers: &[],
        rules: &["R-DDL-01", "R-FIL-10", "R-APL-01", "R-SVC-41"],
    };

    fn decide(&self, case: &Case, _: &Actor, _: &Law, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        let running = case.clocks.iter().find(|clock| clock.anchor == self.anchor && clock.state == ClockState::Running);
        let Some(clock) = running.filter(|clock| clock.clock.last_day < facts.today()) else { return Ok(vec![]) };
        let mut events = vec![Event::ClockExpired { anchor: self.anchor.clone() }];
        // With the last appeal period the judgment takes effect: a fact that follows from the periods, not a decision.
        if clock.anchor.starts_with("appeal/") && case.stage == Stage::Decided {
            events.extend(super::record_effect::effect(case, facts));
        }
        Ok(events)
    }
}

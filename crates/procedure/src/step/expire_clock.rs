//! 期间届满: a last day went by. The fact is recorded; what follows is a task for a person (house rule: it never decides; R-DDL-01, R-FIL-10).
use super::{Act, Facts, Step};
use crate::case::{ClockState, Method, RoleKind, ServiceState};
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
        rules: &["R-DDL-01", "R-FIL-10", "R-APL-01", "R-SVC-41", "R-SVC-30"],
    };

    fn decide(&self, case: &Case, _: &Actor, law: &Law, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        let running = case.clocks.iter().find(|clock| clock.anchor == self.anchor && clock.state == ClockState::Running);
        let Some(clock) = running.filter(|clock| clock.clock.last_day < facts.today()) else { return Ok(vec![]) };
        let mut events = vec![Event::ClockExpired { anchor: self.anchor.clone() }];
        events.extend(announced(case, &self.anchor, law)?);
        // With the last appeal period the judgment takes effect: a fact that follows from the periods, not a decision.
        if clock.anchor.starts_with("appeal/") && case.stage == Stage::Decided {
            events.extend(super::record_effect::effect(case, facts));
        }
        Ok(events)
    }
}

/// Thirty days after its announcement what was announced counts as served, by the law and nobody's decision (R-SVC-30).
fn announced(case: &Case, anchor: &str, law: &Law) -> Result<Vec<Event>, Refusal> {
    let number = anchor.strip_prefix("announcement/").and_then(|number| number.parse::<u32>().ok());
    let Some(announcement) = number.and_then(|number| case.announcements.iter().find(|one| one.number == number)) else { return Ok(vec![]) };
    let mut served = vec![];
    for id in &announcement.papers {
        let paper = case.paper(*id).ok_or(Refusal::NoSuchPaper)?;
        // He may have come for it meanwhile.
        if !matches!(paper.service, ServiceState::Sent { method: Method::Announced, .. }) {
            continue;
        }
        let clocks = super::record_service::begins(case, paper, announcement.until, law)?;
        let (on, rule) = (announcement.until, "R-SVC-30".to_owned());
        served.push(Event::PaperServed { id: *id, method: Method::Announced, on, rule, proof: String::new(), clocks });
    }
    Ok(served)
}

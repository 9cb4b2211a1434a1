//! 期间届满: a last day went by. The fact is recorded; what follows is a task for a person (house rule: it never decides; R-DDL-01, R-FIL-10).
use super::{Act, Facts, Step, running};
use crate::anchor::Anchor;
use crate::case::{ClockState, Method, Party, RoleKind, RunningClock, ServiceState};
use crate::matter::Kind;
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
        rules: &["R-DDL-01", "R-FIL-10", "R-APL-01", "R-SVC-41", "R-SVC-30", "R-EVD-03"],
    };

    fn decide(&self, case: &Case, _: &Actor, law: &Law, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        let running = case.clocks.iter().find(|clock| clock.anchor == self.anchor && clock.state == ClockState::Running);
        let Some(clock) = running.filter(|clock| clock.clock.last_day < facts.today()) else { return Ok(vec![]) };
        let mut events = vec![Event::ClockExpired { anchor: self.anchor.clone(), clocks: resumed(case, &self.anchor, law) }];
        events.extend(announced(case, &self.anchor, law)?);
        // With the last appeal period the judgment takes effect: a fact that follows from the periods, not a decision.
        if clock.anchor.starts_with("appeal/") && case.stage == Stage::Decided {
            events.extend(super::record_effect::effect(case, facts));
        }
        Ok(events)
    }
}

/// With the last period to appeal against a ruling on jurisdiction, unused, the ruling is in force: what was left of each period for
/// evidence runs from then on (R-EVD-03).
fn resumed(case: &Case, anchor: &str, law: &Law) -> Vec<RunningClock> {
    let Some(ended) = case.clocks.iter().rfind(|clock| clock.anchor == anchor && Anchor::of(anchor) == Some(Anchor::Ruling)) else { return vec![] };
    let over = |party: &Party| {
        let own = format!("ruling/{}", party.person);
        own == anchor || case.clocks.iter().any(|clock| clock.anchor == own && clock.state == ClockState::Expired)
    };
    if case.appeals.iter().any(|appeal| appeal.of.is_some()) || !case.parties.iter().all(over) {
        return vec![];
    }
    let Some(objected) = case.matters.iter().rfind(|matter| matter.raised.kind == Kind::JurisdictionObjection) else { return vec![] };
    let held = super::day_of(objected.raised.at);
    let evidence = |clock: &&RunningClock| clock.state == ClockState::Paused && Anchor::of(&clock.anchor) == Some(Anchor::Evidence);
    let go_on = |clock: &RunningClock| {
        let left = clock.clock.from.max(held).until(clock.clock.last_day).map_or(0, |span| i64::from(span.get_days()));
        let rest = crate::clock::days("R-EVD-03", "举证期限（恢复计算）", left.max(1), ended.clock.last_day, &law.calendar);
        running(clock.anchor.clone(), clock.of, rest)
    };
    case.clocks.iter().filter(evidence).map(go_on).collect()
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

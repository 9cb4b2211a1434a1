//! 提出程序事项: somebody asks for what the law lets him ask beside the main proceeding ([`crate::matter`]); the period to decide
//! begins (R-DDL-01).
use super::submit_evidence::check_name;
use super::{Facts, Step, acting, handed_in, running, time_of};
use crate::case::{Channel, Material};
use crate::matter::{Fields, Kind, Raised, Raising};
use crate::{Actor, Case, Event, Law, Refusal};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// What is asked for, by the fields that the matter declares.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RaiseMatter {
    pub matter: Kind,
    #[serde(default)]
    pub fields: Fields,
    #[serde(default)]
    pub materials: Vec<Material>,
    /// 交邮日, where it came by post (R-DDL-04).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub posted_on: Option<Date>,
}

impl RaiseMatter {
    pub(super) fn step(&self) -> &'static Step {
        &self.matter.matter().raise
    }

    pub(super) fn decide(&self, case: &Case, by: &Actor, law: &Law, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        let matter = self.matter.matter();
        self.materials.iter().enumerate().try_for_each(|(place, material)| check_name(place, material))?;
        // A member of the court raises a matter himself, everybody else acts for a party.
        let own = by.office.is_some() && by.for_person.is_none();
        let (party, side, channel, assisted_by) = if own {
            (by.person, None, Channel::Counter, None)
        } else {
            let acting = acting(case, by, &matter.raise)?;
            (acting.party, Some(acting.side), acting.channel, acting.assisted_by)
        };
        // Members of the tribunal are challenged one by one.
        let same = |open: &Raised| self.matter != Kind::Recusal || open.fields.note("person") == self.fields.note("person");
        if case.open_matters().any(|open| open.raised.kind == self.matter && open.raised.by == party && same(&open.raised)) {
            return Err(Refusal::RaisedBefore { matter: matter.zh.into() });
        }
        let day = handed_in(case, self.posted_on, channel, facts)?;
        let raising = Raising { case, party, side, fields: &self.fields, day, law, facts };
        let effects = (matter.raised)(&raising)?;
        let number = u32::try_from(case.matters.len() + 1).unwrap_or(u32::MAX);
        let within = matter.within.rule(&self.fields);
        let clocks = within.map(|rule| running(format!("matter/{number}"), None, law.clock_at(rule, time_of(facts.at)))).into_iter().collect();
        Ok(vec![Event::MatterRaised(Box::new(Raised {
            number,
            kind: self.matter,
            by: party,
            side,
            fields: self.fields.clone(),
            materials: self.materials.clone(),
            at: facts.at,
            channel,
            assisted_by,
            agent: case.agents.iter().map(|agent| agent.person).find(|agent| *agent == by.person && *agent != party),
            posted_on: self.posted_on,
            clocks,
            effects,
        }))])
    }
}

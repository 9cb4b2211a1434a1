//! 决定程序事项: the office that the law names decides what was raised, or takes a matter up itself ([`crate::matter`]). The paper
//! is owed at once (R-DOC-04), its effects are found here and copied.
use super::{Facts, Step};
use crate::case::Channel;
use crate::matter::{self, Decided, Deciding, DecisionText, Fields, Kind, Raised};
use crate::{Actor, Case, Event, Law, Office, Refusal};
use serde::{Deserialize, Serialize};

/// The decision, by the fields that the matter declares.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DecideMatter {
    pub matter: Kind,
    /// Which of several that wait; none: the oldest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<u32>,
    #[serde(default)]
    pub fields: Fields,
}

impl DecideMatter {
    pub(super) fn step(&self) -> &'static Step {
        &self.matter.matter().decide
    }

    pub(super) fn decide(&self, case: &Case, by: &Actor, law: &Law, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        let declared = self.matter.matter();
        let office = by.office.as_ref().map_or(Office::Judge, |(office, _)| *office);
        // A panel speaks through its presiding judge.
        if let Some((_, name)) = case.judges().next().filter(|(presiding, _)| office == Office::Judge && *presiding != by.person) {
            return Err(Refusal::PresidingDecides { who: name.to_owned() });
        }
        let open = match self.number {
            Some(number) => Some(case.open_matters().find(|open| open.raised.number == number && open.raised.kind == self.matter))
                .map(|open| open.ok_or(Refusal::NothingRaised { matter: declared.zh.into() }))
                .transpose()?,
            None => case.open_matter(self.matter),
        };
        let next = u32::try_from(case.matters.len() + 1).unwrap_or(u32::MAX);
        let mut events = vec![];
        let number = match open {
            Some(open) => open.raised.number,
            None if declared.own_motion => {
                events.push(Event::MatterRaised(Box::new(self.own(next, by, facts))));
                next
            }
            None => return Err(Refusal::NothingRaised { matter: declared.zh.into() }),
        };
        let outcome = self.fields.note("outcome").to_owned();
        let deciding = Deciding {
            case,
            raised: open.map(|open| &open.raised),
            number,
            fields: &self.fields,
            office,
            by: by.person,
            law,
            facts,
        };
        let decision = (declared.decided)(&deciding)?;
        let applicant = open.map(|open| open.raised.by).filter(|party| case.party(*party).is_some());
        let mut papers = matter::papers(case, decision.form, decision.to, applicant);
        let ruling = papers.iter().any(|owed| owed.paper == crate::Paper::MatterRuling);
        let suffix = if ruling { matter::rulings(case) } else { 0 };
        if decision.fee_notice {
            papers.extend(super::owe_all(case, crate::Paper::FeeNotice, case.side(crate::case::Side::Plaintiff)));
        }
        let mut decided = Decided {
            number,
            kind: self.matter,
            outcome,
            by: by.person,
            office,
            on: facts.today(),
            fields: self.fields.clone(),
            text: DecisionText { suffix, ..decision.text },
            papers,
            clocks: decision.clocks,
            effects: decision.effects,
        };
        let mut after = case.clone();
        events.iter().for_each(|event| after.apply(event));
        after.matter_decided(&decided);
        decided.clocks.extend(matter::trial_after(&after, &decided.effects, law, facts.today()));
        events.push(Event::MatterDecided(Box::new(decided)));
        Ok(events)
    }

    /// What the court itself took up.
    fn own(&self, number: u32, by: &Actor, facts: &Facts) -> Raised {
        Raised {
            number,
            kind: self.matter,
            by: by.person,
            side: None,
            fields: Fields::default(),
            materials: vec![],
            at: facts.at,
            channel: Channel::Counter,
            assisted_by: None,
            agent: None,
            posted_on: None,
            clocks: vec![],
            effects: vec![],
        }
    }
}

//! 重放相等: folding the events of any case gives the very rows that queues, lists, pages and the portal read, compared as
//! canonical JSON (house invariant 5).
use crate::store::persons;
use crate::{Error, act, store, view};
use exchange::message::View;
use jiff::Timestamp;
use procedure::case::Side;
use procedure::{Actor, Case, CaseId, Event, Json, Law, PersonId};
use std::collections::{BTreeMap, BTreeSet};
use storage::{Db, Tx, events, jobs, outbox};

/// A table whose rows of a case are not those that its events give.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Differs {
    pub case: CaseId,
    pub table: &'static str,
}

impl std::fmt::Display for Differs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} of {}", self.table, self.case)
    }
}

/// Compares every case's tables with the folding of its events; how many cases, and what differs. An event that is missing
/// or was changed breaks the chain of digests, which is an error.
pub fn check_replay(db: &Db, courts: &[String]) -> Result<(usize, Vec<Differs>), Error> {
    let courts = courts.to_vec();
    db.read_blocking(move |tx| {
        let (mut count, mut wrong) = (0, Vec::new());
        for court in &courts {
            let ids = store::case_ids(tx, court)?;
            for id in &ids {
                count += 1;
                events::check_chain(tx, court, id.0)?;
                let case = act::replay(tx, court, *id, None)?;
                let mut tables = store::projection::differs(tx, &case)?;
                if !kept_papers(tx, &case)? {
                    tables.push("papers");
                }
                if !linked(tx, &case)? {
                    tables.push("links");
                }
                wrong.extend(tables.into_iter().map(|table| Differs { case: *id, table }));
            }
            let strangers = store::projection::strangers(tx, court, &ids)?;
            wrong.extend(strangers.into_iter().map(|(table, case)| Differs { case, table }));
        }
        Ok((count, wrong))
    })
}

/// Every issued paper lies in the table from which it is sent and printed, under the digest of its event.
fn kept_papers(tx: &mut Tx, case: &Case) -> Result<bool, Error> {
    for paper in &case.papers {
        let Some(sha256) = &paper.sha256 else { continue };
        if !store::paper(tx, &case.court, paper.id)?.is_some_and(|row| row.case == case.id && row.sha256 == *sha256) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The account that filed or joined online is linked to the party that it is or acts for: without it he is shown nothing.
fn linked(tx: &mut Tx, case: &Case) -> Result<bool, Error> {
    let links = persons::links(tx, &case.court, case.id)?;
    let (mut filed, mut joined) = (Vec::new(), Vec::new());
    for stored in events::load(tx, &case.court, case.id.0, 0)? {
        let by = Actor::from_json(stored.actor.as_bytes())?;
        // At the counter nobody has shown an account.
        if by.office.is_some() {
            continue;
        }
        let event = Event::from_json(stored.body.as_bytes())?;
        if let Event::FilingSubmitted(filing) = &event {
            let own = filing.parties.iter().filter(|party| party.side == Side::Plaintiff && party.person == by.person);
            filed.extend(own.map(|party| (by.person, party.person)));
            filed.extend(filing.agents.iter().filter(|agent| agent.person == by.person).map(|agent| (agent.person, agent.of)));
        } else if let Event::AgentRevoked { agent, of, .. } = &event {
            filed.retain(|link| *link != (*agent, *of));
        } else if let Event::PartyJoined { person, .. } = &event {
            joined.push(*person);
        }
    }
    let stands = |account, party| links.iter().any(|link| (link.account, link.party) == (account, party));
    Ok(filed.iter().all(|(account, party)| stands(*account, *party)) && joined.iter().all(|party| links.iter().any(|link| link.party == *party)))
}

/// A case as the portal shows it to an account.
#[derive(Debug, Clone)]
pub struct Shown {
    pub view: View,
    /// When the portal put it up.
    pub at: Timestamp,
}

/// Does nothing wait in these courts: no job, no envelope?
pub fn at_rest(db: &Db, courts: &[String]) -> Result<bool, Error> {
    let courts = courts.to_vec();
    db.read_blocking(move |tx| resting(tx, &courts))
}

/// Envelopes looked at that did not get across yet.
const WAITING: u32 = 1_000;

fn resting(tx: &mut Tx, courts: &[String]) -> Result<bool, Error> {
    for court in courts {
        // What the other side refused for good goes nowhere any more.
        let goes = |row: &outbox::Outgoing| row.next_try.is_some();
        if jobs::counts(tx, court)?.waiting > 0 || outbox::waiting(tx, court, WAITING)?.iter().any(goes) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Compares what the portal shows with what the events of each case show on the day on which it was put up; how many views,
/// and the cases of which one is missing, another, or shown to somebody who has no part in it. None while envelopes are under
/// way: then the two zones need not agree yet. Hold the bridge from before `shown` was read.
pub fn check_views(db: &Db, courts: &[String], law: &Law, shown: Vec<Shown>) -> Result<Option<(usize, Vec<Differs>)>, Error> {
    let (courts, law) = (courts.to_vec(), law.clone());
    let mut shown: BTreeMap<(CaseId, PersonId), Shown> = shown.into_iter().map(|shown| ((shown.view.case, shown.view.account), shown)).collect();
    db.read_blocking(move |tx| {
        if !resting(tx, &courts)? {
            return Ok(None);
        }
        let (mut count, mut wrong) = (0, Vec::new());
        for court in &courts {
            for id in store::case_ids(tx, court)? {
                let (case, history) = (act::replay(tx, court, id, None)?, view::history(tx, court, id)?);
                let items = crate::file::main_volume(tx, &case, &history)?;
                let links = persons::links(tx, court, id)?;
                let accounts: BTreeSet<_> = links.iter().map(|link| link.account).collect();
                for account in accounts {
                    count += 1;
                    let seen = view::Seen { account, actor: persons::actor(&case, &links, account, None) };
                    let equal = shown.remove(&(id, account)).is_some_and(|shown| {
                        let today = procedure::step::day_of(shown.at);
                        shown.view == view::of(&law, today, &case, &history, items.clone(), &seen)
                    });
                    if !equal {
                        wrong.push(Differs { case: id, table: "views" });
                    }
                }
            }
        }
        wrong.extend(shown.into_keys().map(|(case, _)| Differs { case, table: "views" }));
        Ok(Some((count, wrong)))
    })
}

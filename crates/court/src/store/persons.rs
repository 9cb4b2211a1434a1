//! Who stands in a case: particulars of persons in their vault entries, and the accounts that are linked to them.
use super::{Error, json};
use crate::vault::Sealed;
use procedure::case::{Channel, Scope};
use procedure::{Actor, Case, CaseId, PersonId};
use storage::{Row, Tx, Value};

const CARD_COUNT: &str = "SELECT COUNT(*) FROM particulars WHERE court = $1 AND case_id = $2 AND person = $3";
const CARD_PUT: &str = "INSERT INTO particulars (court, case_id, person, seq, digest, wrapped, card, salt, fingerprint) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
const CARD_LAST: &str = "SELECT wrapped, card FROM particulars WHERE court = $1 AND case_id = $2 AND person = $3 ORDER BY seq DESC LIMIT 1";
const CARD_OF_DIGEST: &str =
    "SELECT wrapped, card FROM particulars WHERE court = $1 AND case_id = $2 AND person = $3 AND digest = $4 ORDER BY seq DESC LIMIT 1";
const FINGERPRINT: &str = "SELECT fingerprint FROM particulars WHERE court = $1 AND case_id = $2 AND person = $3 ORDER BY seq DESC LIMIT 1";
const LINK_PUT: &str = "INSERT INTO accounts_linked (court, case_id, account, party, agent) VALUES ($1, $2, $3, $4, $5) \
    ON CONFLICT (court, case_id, account, party) DO UPDATE SET agent = EXCLUDED.agent";
const LINK_DROP: &str = "DELETE FROM accounts_linked WHERE court = $1 AND case_id = $2 AND party = $3 AND (agent = $4 OR account = $4)";
const LINKS: &str = "SELECT account, party, agent FROM accounts_linked WHERE court = $1 AND case_id = $2 ORDER BY account, party";
const CASE_BY_NAME: &str = "SELECT id FROM cases WHERE court = $1 AND (number = $2 OR receipt_no = $2)";

/// Every statement here, for the test that prepares each on both engines.
pub const STATEMENTS: &[&str] = &[CARD_COUNT, CARD_PUT, CARD_LAST, CARD_OF_DIGEST, FINGERPRINT, LINK_PUT, LINK_DROP, LINKS, CASE_BY_NAME];

fn key(court: &str, case: CaseId, person: PersonId) -> [Value; 3] {
    [court.into(), case.0.into(), person.0.into()]
}

/// Keeps a person's particulars in this case; those before stay under their own digest.
pub fn put_card(tx: &mut Tx, court: &str, case: CaseId, person: PersonId, sealed: &Sealed) -> Result<(), Error> {
    let seq = tx.query_one(CARD_COUNT, &key(court, case, person))?.int(0)?;
    let values: [Value; 9] = [
        court.into(),
        case.0.into(),
        person.0.into(),
        seq.into(),
        (&sealed.digest).into(),
        (&sealed.wrapped).into(),
        (&sealed.card).into(),
        (&sealed.salt).into(),
        (&sealed.fingerprint).into(),
    ];
    tx.execute(CARD_PUT, &values)?;
    Ok(())
}

/// Wrapped key and sealed card.
pub type SealedCard = (Vec<u8>, Vec<u8>);

/// Of a person in this case, as they stand.
pub fn card(tx: &mut Tx, court: &str, case: CaseId, person: PersonId) -> Result<Option<SealedCard>, Error> {
    let row = tx.query_opt(CARD_LAST, &key(court, case, person))?;
    row.map(|row| Ok((row.blob(0)?, row.blob(1)?))).transpose()
}

/// The same as they stood under a digest that an event holds.
pub fn card_of(tx: &mut Tx, court: &str, case: CaseId, person: PersonId, digest: &str) -> Result<Option<SealedCard>, Error> {
    let row = tx.query_opt(CARD_OF_DIGEST, &[court.into(), case.0.into(), person.0.into(), digest.into()])?;
    row.map(|row| Ok((row.blob(0)?, row.blob(1)?))).transpose()
}

/// By which the same person is found again (R-FIL-15).
pub fn fingerprint(tx: &mut Tx, court: &str, case: CaseId, person: PersonId) -> Result<String, Error> {
    let row = tx.query_opt(FINGERPRINT, &key(court, case, person))?.ok_or(Error::Corrupt("a party without a vault entry"))?;
    Ok(row.text(0)?)
}

/// An account in a case: the party that it is or acts for, and the agent whose account it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link {
    pub account: PersonId,
    pub party: PersonId,
    /// None: the party himself, or an agent who goes by the id of his account.
    pub agent: Option<PersonId>,
}

fn read_link(row: &Row) -> Result<Link, Error> {
    let agent = row.text(2)?;
    let agent = if agent.is_empty() { None } else { Some(json(&format!("\"{agent}\""))?) };
    Ok(Link { account: PersonId(row.uuid(0)?), party: PersonId(row.uuid(1)?), agent })
}

/// Links an account to a party of this case, whose it is or for whom its owner acts as agent.
pub fn link(tx: &mut Tx, court: &str, case: CaseId, link: Link) -> Result<(), Error> {
    let agent = link.agent.map_or_else(String::new, |agent| agent.0.to_string());
    tx.execute(LINK_PUT, &[court.into(), case.0.into(), link.account.0.into(), link.party.0.into(), agent.into()])?;
    Ok(())
}

/// The authority of an agent ended: his account stands for this party no more.
pub fn unlink(tx: &mut Tx, court: &str, case: CaseId, party: PersonId, agent: PersonId) -> Result<(), Error> {
    tx.execute(LINK_DROP, &[court.into(), case.0.into(), party.0.into(), agent.0.to_string().into()])?;
    Ok(())
}

/// Accounts of a case, each once for every party that it stands for.
pub fn links(tx: &mut Tx, court: &str, case: CaseId) -> Result<Vec<Link>, Error> {
    tx.query(LINKS, &[court.into(), case.0.into()])?.iter().map(read_link).collect()
}

/// How papers reach a person: electronically only where he chose it and an account is linked, so that the inbox is
/// somebody's (R-SVC-10); else by post.
pub fn way_to(tx: &mut Tx, case: &Case, to: PersonId) -> Result<Channel, Error> {
    Ok(match case.channel_of(to, Scope::Service) {
        Channel::Online if links(tx, &case.court, case.id)?.iter().any(|link| link.party == to) => Channel::Online,
        Channel::Online | Channel::Counter => Channel::Counter,
    })
}

/// The case of this number, before there is one of this receipt number.
pub fn case_named(tx: &mut Tx, court: &str, number: &str) -> Result<Option<CaseId>, Error> {
    let rows = tx.query(CASE_BY_NAME, &[court.into(), number.into()])?;
    rows.first().map(|row| Ok(CaseId(row.uuid(0)?))).transpose()
}

/// Who an account is in this case: the party himself before an agent for others; `wanted` names one of those for whom it
/// stands. An agent acts as himself, for his principal, and as nobody else (R-IDC-11).
pub fn actor(case: &Case, links: &[Link], account: PersonId, wanted: Option<PersonId>) -> Actor {
    let stands = |link: &Link| match link.agent {
        Some(agent) => Actor::agent(agent, link.party),
        None => case.actor(account, link.party),
    };
    let mut actors: Vec<Actor> = links.iter().filter(|link| link.account == account).map(stands).collect();
    actors.sort_by_key(|actor| actor.for_person.is_some());
    let found = match wanted {
        Some(party) => actors.into_iter().find(|actor| actor.for_person.unwrap_or(actor.person) == party),
        None => actors.into_iter().next(),
    };
    found.unwrap_or_else(|| Actor::citizen(account))
}

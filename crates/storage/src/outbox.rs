//! 发件: envelopes on their way. The row is in the transaction of the act that sends; a worker delivers it.
use crate::{Error, Row, Tx};
use jiff::Timestamp;
use uuid::Uuid;

const PUT: &str = "INSERT INTO outbox (court, id, peer, body, created, attempts, next_try)
    VALUES ($1, $2, $3, $4, $5, 0, $5) ON CONFLICT (court, id) DO NOTHING";
const DUE: &str = "SELECT court, id, peer, created, sent_at, attempts, next_try, last_error, length(body) FROM outbox
    WHERE next_try <= $1 ORDER BY next_try, created, id LIMIT $2";
const BODY: &str = "SELECT body FROM outbox WHERE court = $1 AND id = $2";
const SENT: &str = "UPDATE outbox SET sent_at = $3, answer = $4, next_try = NULL, attempts = attempts + 1, last_error = NULL
    WHERE court = $1 AND id = $2 AND sent_at IS NULL";
const FAILED: &str = "UPDATE outbox SET attempts = attempts + 1, next_try = $3, last_error = $4
    WHERE court = $1 AND id = $2 AND sent_at IS NULL";
const ANSWER: &str = "SELECT answer FROM outbox WHERE court = $1 AND id = $2";
const WAITING: &str = "SELECT court, id, peer, created, sent_at, attempts, next_try, last_error, length(body) FROM outbox
    WHERE court = $1 AND sent_at IS NULL ORDER BY created, id LIMIT $2";

pub(crate) const SQL: &[&str] = &[PUT, DUE, BODY, SENT, FAILED, ANSWER, WAITING];

/// An envelope in the outbox, without its body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outgoing {
    pub court: String,
    pub id: Uuid,
    /// The zone it goes to.
    pub to: String,
    pub created: Timestamp,
    pub sent_at: Option<Timestamp>,
    /// Deliveries tried.
    pub attempts: u64,
    /// None once it is sent or refused for good.
    pub next_try: Option<Timestamp>,
    pub last_error: Option<String>,
    /// Length of the body.
    pub bytes: u64,
}

fn read(row: &Row) -> Result<Outgoing, Error> {
    Ok(Outgoing {
        court: row.text(0)?,
        id: row.uuid(1)?,
        to: row.text(2)?,
        created: row.time(3)?,
        sent_at: row.opt_time(4)?,
        attempts: row.unsigned(5)?,
        next_try: row.opt_time(6)?,
        last_error: row.opt_text(7)?,
        bytes: row.unsigned(8)?,
    })
}

/// Puts an envelope in, to be tried from `created` on; the same id again changes nothing. False: it was there.
pub fn put(tx: &mut Tx<'_>, court: &str, id: Uuid, to: &str, body: &[u8], created: Timestamp) -> Result<bool, Error> {
    Ok(tx.execute(PUT, &[court.into(), id.into(), to.into(), body.into(), created.into()])? == 1)
}

/// The envelopes of all courts here whose time has come, oldest try first.
pub fn due(tx: &mut Tx<'_>, now: Timestamp, limit: u32) -> Result<Vec<Outgoing>, Error> {
    tx.query(DUE, &[now.into(), limit.into()])?.iter().map(read).collect()
}

/// The sealed bytes of an envelope.
pub fn body(tx: &mut Tx<'_>, court: &str, id: Uuid) -> Result<Vec<u8>, Error> {
    tx.query_opt(BODY, &[court.into(), id.into()])?.ok_or(Error::NoEnvelope(id))?.blob(0)
}

/// Notes the delivery with the other side's acknowledgement. False: it was noted before.
pub fn sent(tx: &mut Tx<'_>, court: &str, id: Uuid, at: Timestamp, answer: &[u8]) -> Result<bool, Error> {
    Ok(tx.execute(SENT, &[court.into(), id.into(), at.into(), answer.into()])? == 1)
}

/// Notes a delivery that failed. `next_try` None gives up: the envelope stays on the list of [`waiting`] for a person.
pub fn failed(tx: &mut Tx<'_>, court: &str, id: Uuid, error: &str, next_try: Option<Timestamp>) -> Result<bool, Error> {
    Ok(tx.execute(FAILED, &[court.into(), id.into(), next_try.into(), error.into()])? == 1)
}

/// The other side's acknowledgement, once there is one.
pub fn answer(tx: &mut Tx<'_>, court: &str, id: Uuid) -> Result<Option<Vec<u8>>, Error> {
    tx.query_opt(ANSWER, &[court.into(), id.into()])?.ok_or(Error::NoEnvelope(id))?.opt_blob(0)
}

/// What a court has not got across yet, oldest first: the list that keeps a failed delivery from being silence.
pub fn waiting(tx: &mut Tx<'_>, court: &str, limit: u32) -> Result<Vec<Outgoing>, Error> {
    tx.query(WAITING, &[court.into(), limit.into()])?.iter().map(read).collect()
}

//! Messages to telephones: queued in the transaction that owes them, kept until a carrier took them, and afterwards as the
//! record of what was sent. Number and text are sealed; the lists show neither.
use crate::Error;
use jiff::Timestamp;
use storage::{Row, Tx, Value};
use uuid::Uuid;

const PUT: &str = "INSERT INTO messages (court, id, about, shown, sealed, created, attempts, next_try) VALUES ($1, $2, $3, $4, $5, $6, 0, $7) \
    ON CONFLICT (court, id) DO NOTHING";
const DUE: &str = "SELECT court, id, about, shown, sealed, created, attempts, next_try, last_error, sent_at FROM messages \
    WHERE court = $1 AND sent_at IS NULL AND next_try <= $2 ORDER BY next_try, id LIMIT 32";
const LATEST: &str = "SELECT court, id, about, shown, sealed, created, attempts, next_try, last_error, sent_at FROM messages \
    WHERE court = $1 ORDER BY created DESC, id DESC LIMIT 200";
const SENT: &str = "UPDATE messages SET sent_at = $3, reference = $4, attempts = attempts + 1, last_error = NULL \
    WHERE court = $1 AND id = $2 AND sent_at IS NULL";
const FAILED: &str = "UPDATE messages SET attempts = attempts + 1, next_try = $3, last_error = $4 WHERE court = $1 AND id = $2 AND sent_at IS NULL";
const AGAIN: &str = "UPDATE messages SET next_try = $3 WHERE court = $1 AND id = $2 AND sent_at IS NULL";
const UNSENT: &str = "SELECT COUNT(*) FROM messages WHERE court = $1 AND sent_at IS NULL";

/// Every statement here, for the test that prepares each on both engines.
pub const STATEMENTS: &[&str] = &[PUT, DUE, LATEST, SENT, FAILED, AGAIN, UNSENT];

/// A message in the queue, or sent.
#[derive(Debug, Clone)]
pub struct MessageRow {
    pub court: String,
    pub id: Uuid,
    /// What it is about, in a word that gives nothing away.
    pub about: String,
    /// The number with its middle covered.
    pub shown: String,
    /// Number and text, sealed by the vault's key.
    pub sealed: Vec<u8>,
    pub created: Timestamp,
    pub attempts: u64,
    /// `None`: put aside for a person to look at.
    pub next_try: Option<Timestamp>,
    pub last_error: Option<String>,
    pub sent_at: Option<Timestamp>,
}

fn read(row: &Row) -> Result<MessageRow, Error> {
    Ok(MessageRow {
        court: row.text(0)?,
        id: row.uuid(1)?,
        about: row.text(2)?,
        shown: row.text(3)?,
        sealed: row.blob(4)?,
        created: row.time(5)?,
        attempts: row.unsigned(6)?,
        next_try: row.opt_time(7)?,
        last_error: row.opt_text(8)?,
        sent_at: row.opt_time(9)?,
    })
}

/// Queues a message; queued twice it is one.
pub fn put(tx: &mut Tx, row: &MessageRow) -> Result<bool, Error> {
    let values: [Value; 7] =
        [(&row.court).into(), row.id.into(), (&row.about).into(), (&row.shown).into(), (&row.sealed).into(), row.created.into(), row.next_try.into()];
    Ok(tx.execute(PUT, &values)? == 1)
}

/// Messages to be handed to the carrier by now, in real time, at most 32.
pub fn due(tx: &mut Tx, court: &str, now: Timestamp) -> Result<Vec<MessageRow>, Error> {
    tx.query(DUE, &[court.into(), now.into()])?.iter().map(read).collect()
}

/// The last messages, newest first.
pub fn latest(tx: &mut Tx, court: &str) -> Result<Vec<MessageRow>, Error> {
    tx.query(LATEST, &[court.into()])?.iter().map(read).collect()
}

/// A carrier took it; `reference` is the carrier's own number.
pub fn sent(tx: &mut Tx, court: &str, id: Uuid, at: Timestamp, reference: &str) -> Result<(), Error> {
    tx.execute(SENT, &[court.into(), id.into(), at.into(), reference.into()])?;
    Ok(())
}

/// No carrier took it; tried again at `next`, or put aside.
pub fn failed(tx: &mut Tx, court: &str, id: Uuid, next: Option<Timestamp>, reason: &str) -> Result<(), Error> {
    tx.execute(FAILED, &[court.into(), id.into(), next.into(), reason.into()])?;
    Ok(())
}

/// A person sends a message on its way again. False: it went, or there is none such.
pub fn again(tx: &mut Tx, court: &str, id: Uuid, at: Timestamp) -> Result<bool, Error> {
    Ok(tx.execute(AGAIN, &[court.into(), id.into(), at.into()])? == 1)
}

/// Messages that no carrier took yet.
pub fn unsent(tx: &mut Tx, court: &str) -> Result<u64, Error> {
    Ok(tx.query_one(UNSENT, &[court.into()])?.unsigned(0)?)
}

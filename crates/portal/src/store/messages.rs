//! Texts on their way to telephones and mailboxes. A message is tried until it is out or given up; each is one row, whose id is
//! the id under which every try sends it.
use super::ZONE;
use crate::Error;
use jiff::Timestamp;
use procedure::PersonId;
use storage::{Row, Tx, Value};
use uuid::Uuid;

const PUT: &str = "INSERT INTO messages (court, id, phone, text, created, sent_at, account, channel, code, expires, attempts, next_try, state, reason) \
    VALUES ($1, $2, $3, $4, $5, NULL, $6, $7, $8, $9, 0, 0, 'waiting', '')";
const DUE: &str = "SELECT id, phone, channel, text, created, code, attempts, account FROM messages \
    WHERE court = $1 AND state = 'waiting' AND code = $2 AND next_try <= $3 ORDER BY created DESC, id DESC LIMIT 1";
const SENT: &str = "UPDATE messages SET state = 'sent', sent_at = $3, reason = '' WHERE court = $1 AND id = $2";
const AGAIN: &str = "UPDATE messages SET attempts = attempts + 1, next_try = $3, reason = $4 WHERE court = $1 AND id = $2";
const FAILED: &str = "UPDATE messages SET attempts = attempts + 1, state = 'failed', reason = $3 WHERE court = $1 AND id = $2";
const BLANK: &str = "UPDATE messages SET text = '' WHERE court = $1 AND id = $2";
const OVER: &str = "SELECT id FROM messages WHERE court = $1 AND code = 1 AND text <> '' AND expires <= $2 LIMIT 1";
const BLANK_OVER: &str = "UPDATE messages SET text = '', state = CASE WHEN state = 'waiting' THEN 'failed' ELSE state END \
    WHERE court = $1 AND code = 1 AND text <> '' AND expires <= $2";
const LAST: &str = "SELECT phone, text, created, sent_at, state FROM messages WHERE court = $1 ORDER BY created DESC, id DESC LIMIT 200";
const LOST: &str = "SELECT phone, text, created, sent_at, state FROM messages \
    WHERE court = $1 AND account = $2 AND state = 'failed' ORDER BY created DESC, id DESC LIMIT 5";

const NOTICES: &str =
    "SELECT account, text FROM messages WHERE court = $1 AND code = 0 AND channel = 'phone' AND account IS NOT NULL ORDER BY created, id";

pub(super) const SQL: &[&str] = &[PUT, DUE, SENT, AGAIN, FAILED, BLANK, OVER, BLANK_OVER, LAST, LOST, NOTICES];

/// Where a message goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Channel {
    Phone,
    Email,
}

impl Channel {
    fn name(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::Email => "email",
        }
    }
}

/// What a message is: a code that somebody waits for, or word of something that stands in the inbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// Void from this moment on; its text goes with it.
    Code {
        expires: Timestamp,
    },
    Notice {
        account: PersonId,
    },
}

/// Queues a message; it goes out after the commit.
pub fn put(tx: &mut Tx, channel: Channel, to: &str, text: &str, what: What, now: Timestamp) -> Result<(), Error> {
    let (code, expires, account) = match what {
        What::Code { expires } => (true, Some(expires), None),
        What::Notice { account } => (false, None, Some(account.0)),
    };
    let values: [Value; 9] =
        [ZONE.into(), Uuid::now_v7().into(), to.into(), text.into(), now.into(), account.into(), channel.name().into(), code.into(), expires.into()];
    tx.execute(PUT, &values)?;
    Ok(())
}

/// A message whose turn it is.
#[derive(Clone)]
pub struct Due {
    pub id: Uuid,
    pub to: String,
    pub channel: Channel,
    pub text: String,
    pub created: Timestamp,
    pub code: bool,
    /// Tries before this one.
    pub attempts: u32,
}

/// The newest code, or the newest notice, whose turn it is. Real time.
pub fn due(tx: &mut Tx, code: bool, now: Timestamp) -> Result<Option<Due>, Error> {
    let read = |row: Row| -> Result<Due, Error> {
        let channel = row.text(2)?;
        Ok(Due {
            id: row.uuid(0)?,
            to: row.text(1)?,
            channel: [Channel::Phone, Channel::Email]
                .into_iter()
                .find(|known| known.name() == channel)
                .ok_or(Error::Corrupt("channel of a message"))?,
            text: row.text(3)?,
            created: row.time(4)?,
            code: row.bool(5)?,
            attempts: u32::try_from(row.unsigned(6)?).map_err(|_| Error::Corrupt("tries of a message"))?,
        })
    };
    tx.query_opt(DUE, &[ZONE.into(), code.into(), now.into()])?.map(read).transpose()
}

/// A message is out.
pub fn sent(tx: &mut Tx, id: Uuid, at: Timestamp) -> Result<(), Error> {
    tx.execute(SENT, &[ZONE.into(), id.into(), at.into()])?;
    Ok(())
}

/// A message is not out yet: the next try, or none any more.
pub fn not_sent(tx: &mut Tx, id: Uuid, again: Option<Timestamp>, reason: &str) -> Result<(), Error> {
    match again {
        Some(next) => tx.execute(AGAIN, &[ZONE.into(), id.into(), next.into(), reason.into()])?,
        None => tx.execute(FAILED, &[ZONE.into(), id.into(), reason.into()])?,
    };
    Ok(())
}

/// Which papers' arrival was written to whose telephone: account and the paper's id, from the address in the text.
pub fn papers_told(tx: &mut Tx) -> Result<Vec<(PersonId, String)>, Error> {
    let mut told = Vec::new();
    for row in tx.query(NOTICES, &[ZONE.into()])? {
        if let Some((_, id)) = row.text(1)?.rsplit_once("/paper/") {
            told.push((PersonId(row.uuid(0)?), id.trim().to_owned()));
        }
    }
    Ok(told)
}

/// Of a code that is out, the digest in `codes` is all that stays.
pub fn blank(tx: &mut Tx, id: Uuid) -> Result<(), Error> {
    tx.execute(BLANK, &[ZONE.into(), id.into()])?;
    Ok(())
}

/// Are there texts of codes that expired?
pub fn any_over(tx: &mut Tx, now: Timestamp) -> Result<bool, Error> {
    Ok(tx.query_opt(OVER, &[ZONE.into(), now.into()])?.is_some())
}

/// Blanks codes that expired; one that never went out need not any more.
pub fn blank_over(tx: &mut Tx, now: Timestamp) -> Result<(), Error> {
    tx.execute(BLANK_OVER, &[ZONE.into(), now.into()])?;
    Ok(())
}

/// A message as people see it.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Message {
    /// Telephone or mailbox.
    pub phone: String,
    pub text: String,
    pub created: Timestamp,
    pub sent_at: Option<Timestamp>,
    /// `waiting`, `sent`, `failed`
    pub state: String,
}

fn shown(rows: &[Row]) -> Result<Vec<Message>, Error> {
    let read =
        |row: &Row| Ok(Message { phone: row.text(0)?, text: row.text(1)?, created: row.time(2)?, sent_at: row.opt_time(3)?, state: row.text(4)? });
    rows.iter().map(read).collect()
}

/// The last messages, newest first.
pub fn last(tx: &mut Tx) -> Result<Vec<Message>, Error> {
    shown(&tx.query(LAST, &[ZONE.into()])?)
}

/// Notices to this account that were given up, newest first.
pub fn lost(tx: &mut Tx, account: PersonId) -> Result<Vec<Message>, Error> {
    shown(&tx.query(LOST, &[ZONE.into(), account.0.into()])?)
}

//! Accounts, sessions, one-time codes, and who read what.
use super::ZONE;
use crate::Error;
use jiff::Timestamp;
use procedure::PersonId;
use storage::{Row, Tx};
use uuid::Uuid;

const PUT: &str = "INSERT INTO accounts (court, id, phone, password, name, particulars, state, email, failures, locked_until, created) \
    VALUES ($1, $2, $3, $4, '', NULL, 'none', '', 0, NULL, $5) ON CONFLICT (court, phone) DO NOTHING";
const BY_PHONE: &str = "SELECT id, phone, password, name, particulars, state, email, failures, locked_until, created, reference, confirmed_by, confirmed_at \
    FROM accounts WHERE court = $1 AND phone = $2";
const BY_ID: &str = "SELECT id, phone, password, name, particulars, state, email, failures, locked_until, created, reference, confirmed_by, confirmed_at \
    FROM accounts WHERE court = $1 AND id = $2";
const BY_REFERENCE: &str = "SELECT id, phone, password, name, particulars, state, email, failures, locked_until, created, reference, confirmed_by, confirmed_at \
    FROM accounts WHERE court = $1 AND reference = $2";
const REAL_NAME: &str =
    "UPDATE accounts SET name = $3, particulars = $4, state = $5, reference = $6, confirmed_by = $7, confirmed_at = $8 WHERE court = $1 AND id = $2";
const NUMBER: &str = "UPDATE accounts SET number_digest = $3 WHERE court = $1 AND id = $2";
const NAME_OF_NUMBER: &str = "SELECT name FROM accounts WHERE court = $1 AND number_digest = $2 AND id <> $3 AND state IN ('sandbox', 'confirmed') ORDER BY confirmed_at LIMIT 1";
const EMAIL: &str = "UPDATE accounts SET email = $3 WHERE court = $1 AND id = $2";
const PASSWORD: &str = "UPDATE accounts SET password = $3, failures = 0, locked_until = NULL WHERE court = $1 AND id = $2";
const FAILED: &str = "UPDATE accounts SET failures = $3, locked_until = $4 WHERE court = $1 AND id = $2";
const SESSION_PUT: &str = "INSERT INTO sessions (court, token, account, begun, expires) VALUES ($1, $2, $3, $4, $5)";
const SESSION_GET: &str = "SELECT a.id, a.phone, a.password, a.name, a.particulars, a.state, a.email, a.failures, a.locked_until, a.created, \
    a.reference, a.confirmed_by, a.confirmed_at, s.expires FROM sessions s JOIN accounts a ON a.court = s.court AND a.id = s.account WHERE s.court = $1 AND s.token = $2 AND s.expires > $3";
const SESSION_USED: &str = "UPDATE sessions SET expires = $3 WHERE court = $1 AND token = $2 AND begun > $4";
const SESSION_END: &str = "DELETE FROM sessions WHERE court = $1 AND token = $2";
const SESSIONS_END: &str = "DELETE FROM sessions WHERE court = $1 AND account = $2";
const CODE_PUT: &str = "INSERT INTO codes (court, phone, purpose, ticket, digest, sent, expires, attempts, wrong, wrong_since) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, 0, $8, $9) ON CONFLICT (court, phone, purpose) DO UPDATE SET ticket = $4, digest = $5, sent = $6, expires = $7, \
    attempts = 0, wrong = $8, wrong_since = $9";
const CODE_LAST: &str =
    "SELECT phone, digest, expires, attempts, sent, wrong, wrong_since FROM codes WHERE court = $1 AND phone = $2 AND purpose = $3";
const CODE_GET: &str =
    "SELECT phone, digest, expires, attempts, sent, wrong, wrong_since FROM codes WHERE court = $1 AND ticket = $2 AND purpose = $3";
const CODE_TRIED: &str = "UPDATE codes SET attempts = attempts + 1, wrong = wrong + 1, wrong_since = COALESCE(wrong_since, $4) \
    WHERE court = $1 AND ticket = $2 AND purpose = $3";
const CODE_USED: &str = "DELETE FROM codes WHERE court = $1 AND ticket = $2 AND purpose = $3";
const READ_PUT: &str = "INSERT INTO reads (court, id, account, what, at, device, granted) VALUES ($1, $2, $3, $4, $5, $6, $7)";
const READS: &str = "SELECT what, at, device, granted FROM reads WHERE court = $1 AND account = $2 ORDER BY at DESC, id DESC LIMIT 200";

pub(super) const SQL: &[&str] = &[
    PUT,
    BY_PHONE,
    BY_ID,
    BY_REFERENCE,
    REAL_NAME,
    NUMBER,
    NAME_OF_NUMBER,
    EMAIL,
    PASSWORD,
    FAILED,
    SESSION_PUT,
    SESSION_GET,
    SESSION_USED,
    SESSION_END,
    SESSIONS_END,
    CODE_PUT,
    CODE_LAST,
    CODE_GET,
    CODE_TRIED,
    CODE_USED,
    READ_PUT,
    READS,
];

/// How far the person behind an account is known (R-IDC-01).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RealName {
    /// Only the telephone is known.
    None,
    /// Confirmed by the sandbox: has no legal force.
    Sandbox,
    /// Confirmed by an authority or at the counter.
    Confirmed,
    /// The person has still to do the face step at the authority.
    Face,
    /// The person chose the counter and has not been there yet (R-IDC-06).
    Counter,
}

impl RealName {
    /// The value in the table.
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Sandbox => "sandbox",
            Self::Confirmed => "confirmed",
            Self::Face => "face",
            Self::Counter => "counter",
        }
    }

    fn parse(text: &str) -> Result<Self, Error> {
        [Self::None, Self::Sandbox, Self::Confirmed, Self::Face, Self::Counter]
            .into_iter()
            .find(|state| state.name() == text)
            .ok_or(Error::Corrupt("state of an account"))
    }

    /// May acts be done in this person's name?
    pub fn may_act(self) -> bool {
        matches!(self, Self::Sandbox | Self::Confirmed)
    }
}

/// An account as its table holds it.
#[derive(Clone)]
pub struct AccountRow {
    pub id: PersonId,
    pub phone: String,
    pub password: String,
    /// Real name; empty before registration.
    pub name: String,
    /// Sealed particulars.
    pub particulars: Option<Vec<u8>>,
    pub state: RealName,
    pub email: String,
    pub failures: i64,
    pub locked_until: Option<Timestamp>,
    pub created: Timestamp,
    /// What the person says at the counter; letters and digits.
    pub reference: Option<String>,
    /// Who confirmed the person, and when.
    pub confirmed_by: String,
    pub confirmed_at: Option<Timestamp>,
}

impl std::fmt::Debug for AccountRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AccountRow").field("id", &self.id).field("rest", &"***").finish()
    }
}

fn account(row: &Row) -> Result<AccountRow, Error> {
    Ok(AccountRow {
        id: PersonId(row.uuid(0)?),
        phone: row.text(1)?,
        password: row.text(2)?,
        name: row.text(3)?,
        particulars: row.opt_blob(4)?,
        state: RealName::parse(&row.text(5)?)?,
        email: row.text(6)?,
        failures: row.int(7)?,
        locked_until: row.opt_time(8)?,
        created: row.time(9)?,
        reference: row.opt_text(10)?,
        confirmed_by: row.text(11)?,
        confirmed_at: row.opt_time(12)?,
    })
}

/// A new account with nothing but a telephone. False: the telephone has one.
pub fn put(tx: &mut Tx, id: PersonId, phone: &str, password: &str, now: Timestamp) -> Result<bool, Error> {
    Ok(tx.execute(PUT, &[ZONE.into(), id.0.into(), phone.into(), password.into(), now.into()])? == 1)
}

/// The account of a telephone.
pub fn by_phone(tx: &mut Tx, phone: &str) -> Result<Option<AccountRow>, Error> {
    tx.query_opt(BY_PHONE, &[ZONE.into(), phone.into()])?.as_ref().map(account).transpose()
}

/// The account with this id.
pub fn by_id(tx: &mut Tx, id: PersonId) -> Result<Option<AccountRow>, Error> {
    tx.query_opt(BY_ID, &[ZONE.into(), id.0.into()])?.as_ref().map(account).transpose()
}

/// The account whose owner says this at the counter.
pub fn by_reference(tx: &mut Tx, reference: &str) -> Result<Option<AccountRow>, Error> {
    tx.query_opt(BY_REFERENCE, &[ZONE.into(), reference.into()])?.as_ref().map(account).transpose()
}

/// Notes who the person is, as the row has it.
pub fn set_real_name(tx: &mut Tx, row: &AccountRow) -> Result<(), Error> {
    let values = [
        ZONE.into(),
        row.id.0.into(),
        (&row.name).into(),
        row.particulars.clone().into(),
        row.state.name().into(),
        row.reference.clone().into(),
        (&row.confirmed_by).into(),
        row.confirmed_at.into(),
    ];
    tx.execute(REAL_NAME, &values)?;
    Ok(())
}

/// Notes the keyed digest of the person's identity number.
pub fn set_number(tx: &mut Tx, id: PersonId, digest: &str) -> Result<(), Error> {
    tx.execute(NUMBER, &[ZONE.into(), id.0.into(), digest.into()])?;
    Ok(())
}

/// Under which name another account was confirmed with this number.
pub fn name_of_number(tx: &mut Tx, digest: &str, but: PersonId) -> Result<Option<String>, Error> {
    Ok(tx.query_opt(NAME_OF_NUMBER, &[ZONE.into(), digest.into(), but.0.into()])?.map(|row| row.text(0)).transpose()?)
}

/// Notes the e-mail address for messages, which a code has confirmed; empty: none.
pub fn set_email(tx: &mut Tx, id: PersonId, email: &str) -> Result<(), Error> {
    tx.execute(EMAIL, &[ZONE.into(), id.0.into(), email.into()])?;
    Ok(())
}

/// Changes the password; every session ends.
pub fn set_password(tx: &mut Tx, id: PersonId, password: &str) -> Result<(), Error> {
    tx.execute(PASSWORD, &[ZONE.into(), id.0.into(), password.into()])?;
    tx.execute(SESSIONS_END, &[ZONE.into(), id.0.into()])?;
    Ok(())
}

/// Notes wrong attempts.
pub fn set_failures(tx: &mut Tx, id: PersonId, failures: i64, locked_until: Option<Timestamp>) -> Result<(), Error> {
    tx.execute(FAILED, &[ZONE.into(), id.0.into(), failures.into(), locked_until.into()])?;
    Ok(())
}

/// Begins a session; `token` is the digest of what the cookie holds. Real time.
pub fn begin_session(tx: &mut Tx, token: &str, account: PersonId, now: Timestamp, expires: Timestamp) -> Result<(), Error> {
    tx.execute(SESSION_PUT, &[ZONE.into(), token.into(), account.0.into(), now.into(), expires.into()])?;
    Ok(())
}

/// Whose session it is, if it still runs.
pub fn session(tx: &mut Tx, token: &str, now: Timestamp) -> Result<Option<(AccountRow, Timestamp)>, Error> {
    let row = tx.query_opt(SESSION_GET, &[ZONE.into(), token.into(), now.into()])?;
    row.as_ref().map(|row| Ok((account(row)?, row.time(13)?))).transpose()
}

/// A session that was used lives until then, if it was begun after `begun`.
pub fn session_used(tx: &mut Tx, token: &str, until: Timestamp, begun: Timestamp) -> Result<(), Error> {
    tx.execute(SESSION_USED, &[ZONE.into(), token.into(), until.into(), begun.into()])?;
    Ok(())
}

/// Ends a session.
pub fn end_session(tx: &mut Tx, token: &str) -> Result<(), Error> {
    tx.execute(SESSION_END, &[ZONE.into(), token.into()])?;
    Ok(())
}

/// A one-time code to be kept; the code itself is not.
pub struct CodeRow<'a> {
    /// Telephone or mailbox.
    pub to: &'a str,
    pub purpose: &'a str,
    /// Ties the code to the page that asked for it.
    pub ticket: &'a str,
    pub digest: &'a str,
    pub sent: Timestamp,
    pub expires: Timestamp,
    /// Wrong guesses of earlier codes, and when the first of them was.
    pub wrong: i64,
    pub wrong_since: Option<Timestamp>,
}

/// A code as it is kept.
pub struct Code {
    pub to: String,
    pub digest: String,
    pub expires: Timestamp,
    /// Wrong guesses of this code.
    pub attempts: i64,
    pub sent: Timestamp,
    /// Wrong guesses of all codes for this since the last right one.
    pub wrong: i64,
    pub wrong_since: Option<Timestamp>,
}

fn code_row(row: &Row) -> Result<Code, Error> {
    Ok(Code {
        to: row.text(0)?,
        digest: row.text(1)?,
        expires: row.time(2)?,
        attempts: row.int(3)?,
        sent: row.time(4)?,
        wrong: row.int(5)?,
        wrong_since: row.opt_time(6)?,
    })
}

/// Keeps a code in place of the one before.
pub fn put_code(tx: &mut Tx, code: &CodeRow<'_>) -> Result<(), Error> {
    let values = [
        ZONE.into(),
        code.to.into(),
        code.purpose.into(),
        code.ticket.into(),
        code.digest.into(),
        code.sent.into(),
        code.expires.into(),
        code.wrong.into(),
        code.wrong_since.into(),
    ];
    tx.execute(CODE_PUT, &values)?;
    Ok(())
}

/// The last code for this telephone or mailbox and purpose, while it was not used.
pub fn last_code(tx: &mut Tx, to: &str, purpose: &str) -> Result<Option<Code>, Error> {
    tx.query_opt(CODE_LAST, &[ZONE.into(), to.into(), purpose.into()])?.as_ref().map(code_row).transpose()
}

/// The code behind a ticket.
pub fn code(tx: &mut Tx, ticket: &str, purpose: &str) -> Result<Option<Code>, Error> {
    tx.query_opt(CODE_GET, &[ZONE.into(), ticket.into(), purpose.into()])?.as_ref().map(code_row).transpose()
}

/// One more wrong guess.
pub fn code_tried(tx: &mut Tx, ticket: &str, purpose: &str, at: Timestamp) -> Result<(), Error> {
    tx.execute(CODE_TRIED, &[ZONE.into(), ticket.into(), purpose.into(), at.into()])?;
    Ok(())
}

/// A code works once.
pub fn code_used(tx: &mut Tx, ticket: &str, purpose: &str) -> Result<(), Error> {
    tx.execute(CODE_USED, &[ZONE.into(), ticket.into(), purpose.into()])?;
    Ok(())
}

/// Records a granted or denied read, for the person concerned to see.
pub fn put_read(tx: &mut Tx, account: PersonId, what: &str, at: Timestamp, device: &str, granted: bool) -> Result<(), Error> {
    tx.execute(READ_PUT, &[ZONE.into(), Uuid::now_v7().into(), account.0.into(), what.into(), at.into(), device.into(), granted.into()])?;
    Ok(())
}

/// What was read with this account: what, when, on which device, granted.
pub fn reads(tx: &mut Tx, account: PersonId) -> Result<Vec<(String, Timestamp, String, bool)>, Error> {
    tx.query(READS, &[ZONE.into(), account.0.into()])?.iter().map(|row| Ok((row.text(0)?, row.time(1)?, row.text(2)?, row.bool(3)?))).collect()
}

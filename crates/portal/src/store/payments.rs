//! Orders to the payment provider. A paid one is told to the court once, whatever notices and looks came: its provider's
//! reference is unique.
use super::ZONE;
use crate::Error;
use jiff::Timestamp;
use procedure::{CaseId, Fen, PersonId};
use storage::{Row, Tx, Value};
use uuid::Uuid;

const PUT: &str = "INSERT INTO payments (court, id, account, case_id, target, amount, subject, title, device, state, url, reference, submission, created, \
    looks, next_look) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'open', '', NULL, NULL, $10, 0, $10)";
const GET: &str = "SELECT id, account, case_id, target, amount, subject, title, device, state, url, submission, created, looks FROM payments \
    WHERE court = $1 AND id = $2";
const OF_CASE: &str = "SELECT id, account, case_id, target, amount, subject, title, device, state, url, submission, created, looks FROM payments \
    WHERE court = $1 AND account = $2 AND case_id = $3 ORDER BY created DESC, id DESC";
const DUE: &str = "SELECT id, account, case_id, target, amount, subject, title, device, state, url, submission, created, looks FROM payments \
    WHERE court = $1 AND state = 'open' AND url <> '' AND next_look <= $2 ORDER BY next_look, id LIMIT 1";
const ORDERED: &str = "UPDATE payments SET url = $3 WHERE court = $1 AND id = $2";
const LOOKED: &str = "UPDATE payments SET looks = looks + 1, next_look = $3 WHERE court = $1 AND id = $2 AND state = 'open'";
const CLOSED: &str = "UPDATE payments SET state = 'closed' WHERE court = $1 AND id = $2 AND state = 'open'";
const PAID: &str = "UPDATE payments SET state = 'paid', reference = $3, submission = $4 WHERE court = $1 AND id = $2 AND state <> 'paid'";

pub(super) const SQL: &[&str] = &[PUT, GET, OF_CASE, DUE, ORDERED, LOOKED, CLOSED, PAID];

/// How an order stands here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// The payer may pay it.
    Open,
    /// The money came in, and the court was told.
    Paid,
    /// It can no longer be paid.
    Closed,
}

impl State {
    fn parse(text: &str) -> Result<Self, Error> {
        match text {
            "open" => Ok(Self::Open),
            "paid" => Ok(Self::Paid),
            "closed" => Ok(Self::Closed),
            _ => Err(Error::Corrupt("state of a payment")),
        }
    }
}

/// An order.
#[derive(Debug, Clone)]
pub struct Payment {
    pub id: Uuid,
    pub account: PersonId,
    pub case: CaseId,
    /// Code of the court.
    pub court: String,
    pub amount: Fen,
    /// What the payer reads at the provider's.
    pub subject: String,
    /// Title of the submission that it becomes.
    pub title: String,
    pub device: String,
    pub state: State,
    /// Where it is paid; empty until the provider has taken the order.
    pub url: String,
    /// By which the court was told.
    pub submission: Option<Uuid>,
    pub created: Timestamp,
    /// How often the provider was asked.
    pub looks: u64,
}

fn read(row: &Row) -> Result<Payment, Error> {
    Ok(Payment {
        id: row.uuid(0)?,
        account: PersonId(row.uuid(1)?),
        case: CaseId(row.uuid(2)?),
        court: row.text(3)?,
        amount: Fen(row.int(4)?),
        subject: row.text(5)?,
        title: row.text(6)?,
        device: row.text(7)?,
        state: State::parse(&row.text(8)?)?,
        url: row.text(9)?,
        submission: row.opt_uuid(10)?,
        created: row.time(11)?,
        looks: row.unsigned(12)?,
    })
}

/// Keeps a new order. Real time.
pub fn put(tx: &mut Tx, payment: &Payment) -> Result<(), Error> {
    let values: [Value; 10] = [
        ZONE.into(),
        payment.id.into(),
        payment.account.0.into(),
        payment.case.0.into(),
        (&payment.court).into(),
        payment.amount.0.into(),
        (&payment.subject).into(),
        (&payment.title).into(),
        (&payment.device).into(),
        payment.created.into(),
    ];
    tx.execute(PUT, &values)?;
    Ok(())
}

/// The order with this id.
pub fn get(tx: &mut Tx, id: Uuid) -> Result<Option<Payment>, Error> {
    tx.query_opt(GET, &[ZONE.into(), id.into()])?.as_ref().map(read).transpose()
}

/// Orders of a person in a case, newest first.
pub fn of_case(tx: &mut Tx, account: PersonId, case: CaseId) -> Result<Vec<Payment>, Error> {
    tx.query(OF_CASE, &[ZONE.into(), account.0.into(), case.0.into()])?.iter().map(read).collect()
}

/// The open order that is to be asked after next.
pub fn due(tx: &mut Tx, now: Timestamp) -> Result<Option<Payment>, Error> {
    tx.query_opt(DUE, &[ZONE.into(), now.into()])?.as_ref().map(read).transpose()
}

/// The provider took the order.
pub fn ordered(tx: &mut Tx, id: Uuid, url: &str) -> Result<(), Error> {
    tx.execute(ORDERED, &[ZONE.into(), id.into(), url.into()])?;
    Ok(())
}

/// Asked after; the next time.
pub fn looked(tx: &mut Tx, id: Uuid, next: Timestamp) -> Result<(), Error> {
    tx.execute(LOOKED, &[ZONE.into(), id.into(), next.into()])?;
    Ok(())
}

/// It can no longer be paid.
pub fn closed(tx: &mut Tx, id: Uuid) -> Result<(), Error> {
    tx.execute(CLOSED, &[ZONE.into(), id.into()])?;
    Ok(())
}

/// The money came in under the provider's reference, and this submission tells the court.
pub fn paid(tx: &mut Tx, id: Uuid, reference: &str, submission: Uuid) -> Result<(), Error> {
    tx.execute(PAID, &[ZONE.into(), id.into(), reference.into(), submission.into()])?;
    Ok(())
}

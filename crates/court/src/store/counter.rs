//! Identity cards that clerks saw, and payments that a provider told of. What the court refused to take stays here until the
//! money went back.
use super::{json, name_of};
use crate::Error;
use exchange::message::CardVerdict;
use jiff::Timestamp;
use procedure::{CaseId, Fen, PersonId};
use storage::{Row, Tx, Value};
use uuid::Uuid;

const CHECK_PUT: &str =
    "INSERT INTO card_checks (court, id, reference, staff, clerk, at, verdict, answered) VALUES ($1, $2, $3, $4, $5, $6, NULL, NULL)";
const CHECK_ANSWER: &str = "UPDATE card_checks SET verdict = $3, answered = $4 WHERE court = $1 AND id = $2";
const CHECKS: &str = "SELECT id, reference, clerk, at, verdict FROM card_checks WHERE court = $1 ORDER BY at DESC, id DESC LIMIT 50";
const PAYMENT_PUT: &str = "INSERT INTO payments (court, reference, id, case_id, account, amount, at, refused, return_no, returned_at, returned_by) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, NULL, NULL, NULL)";
const PAYMENT_BY_REFERENCE: &str = "SELECT reference, id, case_id, account, amount, at, refused, return_no, returned_at, returned_by FROM payments \
    WHERE court = $1 AND reference = $2";
const PAYMENT_BY_ID: &str = "SELECT reference, id, case_id, account, amount, at, refused, return_no, returned_at, returned_by FROM payments \
    WHERE court = $1 AND id = $2";
const PAYMENT_RETURNED: &str = "UPDATE payments SET return_no = $3, returned_at = $4, returned_by = $5 \
    WHERE court = $1 AND reference = $2 AND refused IS NOT NULL AND return_no IS NULL";

/// Every statement here, for the test that prepares each on both engines.
pub const STATEMENTS: &[&str] = &[CHECK_PUT, CHECK_ANSWER, CHECKS, PAYMENT_PUT, PAYMENT_BY_REFERENCE, PAYMENT_BY_ID, PAYMENT_RETURNED];

/// A card that a clerk saw. Name and number lie in the vault under the check's own id.
#[derive(Debug, Clone)]
pub struct CheckRow {
    pub id: Uuid,
    /// What the person said to be known by.
    pub reference: String,
    /// Name of the clerk.
    pub clerk: String,
    pub at: Timestamp,
    /// What the portal answered; `None`: not yet.
    pub verdict: Option<CardVerdict>,
}

/// Keeps what a clerk saw.
pub fn put_check(tx: &mut Tx, court: &str, check: &CheckRow, staff: PersonId) -> Result<(), Error> {
    let values: [Value; 6] = [court.into(), check.id.into(), (&check.reference).into(), staff.0.into(), (&check.clerk).into(), check.at.into()];
    tx.execute(CHECK_PUT, &values)?;
    Ok(())
}

/// The portal's answer.
pub fn answer_check(tx: &mut Tx, court: &str, id: Uuid, verdict: CardVerdict, now: Timestamp) -> Result<(), Error> {
    tx.execute(CHECK_ANSWER, &[court.into(), id.into(), name_of(&verdict)?.into(), now.into()])?;
    Ok(())
}

/// The last cards seen in this court, newest first.
pub fn checks(tx: &mut Tx, court: &str) -> Result<Vec<CheckRow>, Error> {
    let read = |row: &Row| -> Result<CheckRow, Error> {
        Ok(CheckRow {
            id: row.uuid(0)?,
            reference: row.text(1)?,
            clerk: row.text(2)?,
            at: row.time(3)?,
            verdict: row.opt_text(4)?.map(|name| json(&format!("\"{name}\""))).transpose()?,
        })
    };
    tx.query(CHECKS, &[court.into()])?.iter().map(read).collect()
}

/// Money that a provider told of.
#[derive(Debug, Clone)]
pub struct Payment {
    /// The provider's number of the payment: the same one is taken once.
    pub reference: String,
    /// The portal's submission.
    pub id: Uuid,
    pub case: CaseId,
    pub account: PersonId,
    pub amount: Fen,
    pub at: Timestamp,
    /// Why the court did not take it, in words for people; `None`: it was the fee.
    pub refused: Option<String>,
    /// Number under which it went back, when and by whom.
    pub return_no: Option<String>,
    pub returned_at: Option<Timestamp>,
    pub returned_by: Option<String>,
}

fn payment_row(row: &Row) -> Result<Payment, Error> {
    Ok(Payment {
        reference: row.text(0)?,
        id: row.uuid(1)?,
        case: CaseId(row.uuid(2)?),
        account: PersonId(row.uuid(3)?),
        amount: Fen(row.int(4)?),
        at: row.time(5)?,
        refused: row.opt_text(6)?,
        return_no: row.opt_text(7)?,
        returned_at: row.opt_time(8)?,
        returned_by: row.opt_text(9)?,
    })
}

/// Keeps a payment under its reference.
pub fn put_payment(tx: &mut Tx, court: &str, payment: &Payment) -> Result<(), Error> {
    let values: [Value; 8] = [
        court.into(),
        (&payment.reference).into(),
        payment.id.into(),
        payment.case.0.into(),
        payment.account.0.into(),
        payment.amount.0.into(),
        payment.at.into(),
        payment.refused.clone().into(),
    ];
    tx.execute(PAYMENT_PUT, &values)?;
    Ok(())
}

/// The payment with this number of the provider.
pub fn payment(tx: &mut Tx, court: &str, reference: &str) -> Result<Option<Payment>, Error> {
    tx.query_opt(PAYMENT_BY_REFERENCE, &[court.into(), reference.into()])?.as_ref().map(payment_row).transpose()
}

/// The payment that the portal told of in this submission.
pub fn payment_by_id(tx: &mut Tx, court: &str, id: Uuid) -> Result<Option<Payment>, Error> {
    tx.query_opt(PAYMENT_BY_ID, &[court.into(), id.into()])?.as_ref().map(payment_row).transpose()
}

/// The money went back. False: it had, or was never to.
pub fn payment_returned(tx: &mut Tx, court: &str, reference: &str, no: &str, by: &str, now: Timestamp) -> Result<bool, Error> {
    Ok(tx.execute(PAYMENT_RETURNED, &[court.into(), reference.into(), no.into(), now.into(), by.into()])? == 1)
}

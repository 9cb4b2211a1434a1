//! 收件: envelopes received, so that each takes effect once.
use crate::{Error, Tx};
use jiff::Timestamp;
use uuid::Uuid;

const ACCEPT: &str = "INSERT INTO inbox (court, id, received) VALUES ($1, $2, $3) ON CONFLICT (court, id) DO NOTHING";
const SET_ANSWER: &str = "UPDATE inbox SET answer = $3 WHERE court = $1 AND id = $2";
const ANSWER: &str = "SELECT answer FROM inbox WHERE court = $1 AND id = $2";

pub(crate) const SQL: &[&str] = &[ACCEPT, SET_ANSWER, ANSWER];

/// Notes the envelope. True: new, let it take effect in this same transaction. False: seen before, send [`answer`] again.
pub fn accept(tx: &mut Tx<'_>, court: &str, envelope: Uuid) -> Result<bool, Error> {
    Ok(tx.execute(ACCEPT, &[court.into(), envelope.into(), Timestamp::now().into()])? == 1)
}

/// Keeps the answer that was given, for whoever delivers the same envelope again.
pub fn set_answer(tx: &mut Tx<'_>, court: &str, envelope: Uuid, answer: &[u8]) -> Result<(), Error> {
    match tx.execute(SET_ANSWER, &[court.into(), envelope.into(), answer.into()])? {
        0 => Err(Error::NoEnvelope(envelope)),
        _ => Ok(()),
    }
}

/// The answer kept for an envelope, if it has one.
pub fn answer(tx: &mut Tx<'_>, court: &str, envelope: Uuid) -> Result<Option<Vec<u8>>, Error> {
    tx.query_opt(ANSWER, &[court.into(), envelope.into()])?.ok_or(Error::NoEnvelope(envelope))?.opt_blob(0)
}

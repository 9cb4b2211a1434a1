//! What was typed into the form of a step and not handed in yet; sealed, one row for each page of an account.
use super::ZONE;
use crate::Error;
use jiff::Timestamp;
use procedure::PersonId;
use storage::Tx;

const PUT: &str = "INSERT INTO kept_forms (court, account, page, content, updated) VALUES ($1, $2, $3, $4, $5) \
    ON CONFLICT (court, account, page) DO UPDATE SET content = excluded.content, updated = excluded.updated";
const GET: &str = "SELECT content FROM kept_forms WHERE court = $1 AND account = $2 AND page = $3";
const DROP: &str = "DELETE FROM kept_forms WHERE court = $1 AND account = $2 AND page = $3";

pub(super) const SQL: &[&str] = &[PUT, GET, DROP];

/// Keeps the newest text of a page.
pub fn put(tx: &mut Tx, account: PersonId, page: &str, sealed: &[u8], now: Timestamp) -> Result<(), Error> {
    tx.execute(PUT, &[ZONE.into(), account.0.into(), page.into(), sealed.to_vec().into(), now.into()])?;
    Ok(())
}

/// What is kept for a page.
pub fn get(tx: &mut Tx, account: PersonId, page: &str) -> Result<Option<Vec<u8>>, Error> {
    let rows = tx.query(GET, &[ZONE.into(), account.0.into(), page.into()])?;
    Ok(rows.first().map(|row| row.blob(0)).transpose()?)
}

/// It was handed in.
pub fn drop(tx: &mut Tx, account: PersonId, page: &str) -> Result<(), Error> {
    tx.execute(DROP, &[ZONE.into(), account.0.into(), page.into()])?;
    Ok(())
}

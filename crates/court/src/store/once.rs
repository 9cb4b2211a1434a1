//! What is counted to see that nothing was done twice.
use crate::Error;
use std::collections::BTreeMap;
use storage::Tx;

const REQUESTS: &str = "SELECT receipt_no, COUNT(*) FROM requests WHERE court = $1 AND receipt_no <> '' GROUP BY receipt_no ORDER BY receipt_no";
const POSITIONS: &str = "SELECT position FROM records WHERE court = $1 AND position IS NOT NULL ORDER BY position";

/// Every statement here, for the test that prepares each on both engines.
pub const STATEMENTS: &[&str] = &[REQUESTS, POSITIONS];

/// How many submissions came under each receipt's number; those without one only say that a paper was read.
pub fn requests(tx: &mut Tx, court: &str) -> Result<BTreeMap<String, usize>, Error> {
    let read = |row: &storage::Row| Ok((row.text(0)?, usize::try_from(row.unsigned(1)?).unwrap_or(usize::MAX)));
    tx.query(REQUESTS, &[court.into()])?.iter().map(read).collect()
}

/// Places in the log of a court's records.
pub fn positions(tx: &mut Tx, court: &str) -> Result<Vec<u64>, Error> {
    tx.query(POSITIONS, &[court.into()])?.iter().map(|row| Ok(row.unsigned(0)?)).collect()
}

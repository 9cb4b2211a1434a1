//! 流水号: counters without gaps.
use crate::{Error, Tx};

const NEXT: &str = "INSERT INTO counters (court, key, value) VALUES ($1, $2, 1)
    ON CONFLICT (court, key) DO UPDATE SET value = counters.value + 1 RETURNING value";
const CURRENT: &str = "SELECT value FROM counters WHERE court = $1 AND key = $2";
const RAISE: &str = "INSERT INTO counters (court, key, value) VALUES ($1, $2, $3)
    ON CONFLICT (court, key) DO UPDATE SET value = $3 WHERE counters.value < $3";

pub(crate) const SQL: &[&str] = &[NEXT, CURRENT, RAISE];

/// The next number, from 1 on. It is used up only when the transaction commits, hence without gaps.
pub fn next(tx: &mut Tx<'_>, court: &str, key: &str) -> Result<i64, Error> {
    tx.query_one(NEXT, &[court.into(), key.into()])?.int(0)
}

/// The last number given, 0 for none.
pub fn current(tx: &mut Tx<'_>, court: &str, key: &str) -> Result<i64, Error> {
    tx.query_opt(CURRENT, &[court.into(), key.into()])?.map_or(Ok(0), |row| row.int(0))
}

/// Makes `last` the last number given, unless it is beyond already: for taking over a running series.
pub fn raise(tx: &mut Tx<'_>, court: &str, key: &str, last: i64) -> Result<(), Error> {
    tx.execute(RAISE, &[court.into(), key.into(), last.into()]).map(drop)
}

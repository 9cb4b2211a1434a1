//! Tables of the trial: which courtroom and whose time is taken, and who has how much to do.
use crate::Error;
use jiff::civil::Date;
use procedure::trial::Booking;
use procedure::{CaseId, PersonId};
use std::collections::BTreeMap;
use storage::Tx;

const BOOKINGS: &str = "SELECT h.case_id, h.day, h.start, h.minutes, h.courtroom, h.staff, k.title FROM hearings h \
    JOIN cases k ON k.court = h.court AND k.id = h.case_id WHERE h.court = $1 AND h.day = $2 ORDER BY h.start, h.case_id";
const LOADS: &str = "SELECT s.staff, COUNT(*) FROM case_staff s JOIN cases k ON k.court = s.court AND k.id = s.case_id \
    WHERE s.court = $1 AND k.stage IN ('preparing', 'hearing', 'decided') GROUP BY s.staff ORDER BY s.staff";

/// Every statement here, for the test that prepares each on both engines.
pub const STATEMENTS: &[&str] = &[BOOKINGS, LOADS];

/// What is taken on a day, by time.
pub fn bookings(tx: &mut Tx, court: &str, day: Date) -> Result<Vec<Booking>, Error> {
    let read = |row: &storage::Row| -> Result<Booking, Error> {
        Ok(Booking {
            case: CaseId(row.uuid(0)?),
            date: row.text(1)?.parse().map_err(|_| Error::Corrupt("a hearing's day"))?,
            start: row.text(2)?.parse().map_err(|_| Error::Corrupt("a hearing's time"))?,
            minutes: u32::try_from(row.unsigned(3)?).map_err(|_| Error::Corrupt("a hearing's length"))?,
            courtroom: row.text(4)?,
            staff: super::json(&row.text(5)?)?,
            title: row.text(6)?,
        })
    };
    tx.query(BOOKINGS, &[court.into(), day.to_string().into()])?.iter().map(read).collect()
}

/// How many cases under way each member of the court has.
pub fn loads(tx: &mut Tx, court: &str) -> Result<BTreeMap<PersonId, u64>, Error> {
    tx.query(LOADS, &[court.into()])?.iter().map(|row| Ok((PersonId(row.uuid(0)?), row.unsigned(1)?))).collect()
}

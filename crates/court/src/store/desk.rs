//! What the lists of the workbench hang on: who has a case, whose letters are under way, how many stand where.
use super::json;
use crate::Error;
use jiff::{Timestamp, civil::Date};
use procedure::{CaseId, Office, PersonId};
use storage::{Row, Tx};

const POST_OUT: &str = "SELECT p.case_id, p.person, p.sent, k.title, k.number, k.receipt_no FROM post_out p \
    JOIN cases k ON k.court = p.court AND k.id = p.case_id WHERE p.court = $1 ORDER BY p.sent, p.case_id, p.person LIMIT 200";
const UNOPENED: &str = "SELECT u.case_id, u.person, u.served FROM unopened u WHERE u.court = $1 AND u.served < $2 AND NOT EXISTS \
    (SELECT 1 FROM tasks t WHERE t.court = u.court AND t.id = 'unopened/' || u.case_id || '/' || u.person || '/' || u.served) \
    ORDER BY u.served, u.case_id, u.person LIMIT 500";
const STAGE_COUNTS: &str = "SELECT stage, COUNT(*) FROM cases WHERE court = $1 GROUP BY stage ORDER BY stage";
const TASK_GET: &str = "SELECT case_id, kind, office FROM tasks WHERE court = $1 AND id = $2";

/// Every statement here, for the test that prepares each on both engines.
pub const STATEMENTS: &[&str] = &[POST_OUT, UNOPENED, STAGE_COUNTS, TASK_GET];

/// Who has papers in his inbox that were served before `day` and that he did not open: case, person, day of service. Nobody
/// is reminded of the same twice.
pub fn unopened(tx: &mut Tx, court: &str, day: Date) -> Result<Vec<(CaseId, PersonId, Date)>, Error> {
    let read = |row: &Row| -> Result<_, Error> {
        let served = row.text(2)?.parse().map_err(|_| Error::Corrupt("a day of service"))?;
        Ok((CaseId(row.uuid(0)?), PersonId(row.uuid(1)?), served))
    };
    tx.query(UNOPENED, &[court.into(), day.to_string().into()])?.iter().map(read).collect()
}

/// How many cases of a court stand at each stage.
pub fn stage_counts(tx: &mut Tx, court: &str) -> Result<Vec<(procedure::Stage, u64)>, Error> {
    tx.query(STAGE_COUNTS, &[court.into()])?.iter().map(|row| Ok((json(&format!("\"{}\"", row.text(0)?))?, row.unsigned(1)?))).collect()
}

/// Letters on their way to one person of a case.
#[derive(Debug, Clone)]
pub struct PostRow {
    pub case: CaseId,
    pub person: PersonId,
    pub sent: Timestamp,
    pub case_title: String,
    pub case_number: String,
}

/// Letters whose return is awaited, oldest first.
pub fn post_out(tx: &mut Tx, court: &str) -> Result<Vec<PostRow>, Error> {
    let read = |row: &Row| -> Result<PostRow, Error> {
        Ok(PostRow {
            case: CaseId(row.uuid(0)?),
            person: PersonId(row.uuid(1)?),
            sent: row.time(2)?,
            case_title: row.text(3)?,
            case_number: match row.opt_text(4)? {
                Some(number) => number,
                None => row.text(5)?,
            },
        })
    };
    tx.query(POST_OUT, &[court.into()])?.iter().map(read).collect()
}

/// Case, kind and office of a task.
pub fn task(tx: &mut Tx, court: &str, id: &str) -> Result<Option<(CaseId, String, Office)>, Error> {
    let row = tx.query_opt(TASK_GET, &[court.into(), id.into()])?;
    row.map(|row| Ok((CaseId(row.uuid(0)?), row.text(1)?, json(&format!("\"{}\"", row.text(2)?))?))).transpose()
}

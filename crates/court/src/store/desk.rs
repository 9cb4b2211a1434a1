//! What the lists of the workbench hang on: who has a case, whose letters are under way, how many stand where.
use super::{json, name_of};
use crate::Error;
use jiff::Timestamp;
use procedure::case::{Method, ServiceState};
use procedure::{Case, CaseId, Office, PersonId};
use storage::{Row, Tx, Value};

const CASE_STAFF_CLEAR: &str = "DELETE FROM case_staff WHERE court = $1 AND case_id = $2";
const CASE_STAFF_PUT: &str =
    "INSERT INTO case_staff (court, staff, case_id, office) VALUES ($1, $2, $3, $4) ON CONFLICT (court, staff, case_id, office) DO NOTHING";
const POST_OUT_CLEAR: &str = "DELETE FROM post_out WHERE court = $1 AND case_id = $2";
const POST_OUT_PUT: &str = "INSERT INTO post_out (court, case_id, person, sent) VALUES ($1, $2, $3, $4) ON CONFLICT (court, case_id, person) DO UPDATE SET sent = EXCLUDED.sent";
const POST_OUT: &str = "SELECT p.case_id, p.person, p.sent, k.title, k.number, k.receipt_no FROM post_out p \
    JOIN cases k ON k.court = p.court AND k.id = p.case_id WHERE p.court = $1 ORDER BY p.sent, p.case_id, p.person LIMIT 200";
const STAGE_COUNTS: &str = "SELECT stage, COUNT(*) FROM cases WHERE court = $1 GROUP BY stage ORDER BY stage";
const TASK_GET: &str = "SELECT case_id, kind, office FROM tasks WHERE court = $1 AND id = $2";

/// Every statement here, for the test that prepares each on both engines.
pub const STATEMENTS: &[&str] = &[CASE_STAFF_CLEAR, CASE_STAFF_PUT, POST_OUT_CLEAR, POST_OUT_PUT, POST_OUT, STAGE_COUNTS, TASK_GET];

/// What the workbench's lists hang on: who has the case, and whose letters are under way.
pub(super) fn put_desk(tx: &mut Tx, case: &Case) -> Result<(), Error> {
    let key: [Value; 2] = [(&case.court).into(), case.id.0.into()];
    if !case.staff.is_empty() {
        tx.execute(CASE_STAFF_CLEAR, &key)?;
        for (person, office, _) in &case.staff {
            tx.execute(CASE_STAFF_PUT, &[(&case.court).into(), person.0.into(), case.id.0.into(), name_of(office)?.into()])?;
        }
    }
    if !case.papers.is_empty() {
        tx.execute(POST_OUT_CLEAR, &key)?;
        for paper in &case.papers {
            if let ServiceState::Sent { method: Method::Postal | Method::Direct, at } = &paper.service {
                tx.execute(POST_OUT_PUT, &[(&case.court).into(), case.id.0.into(), paper.to.0.into(), (*at).into()])?;
            }
        }
    }
    Ok(())
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

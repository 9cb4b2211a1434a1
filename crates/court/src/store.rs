//! The court zone's own tables and their SQL. Nothing else in the project writes SQL for them.
//!
//! `court` stands first in every key and every condition, so that a province can be spread over engines by it.
pub mod administration;
pub mod codes;
pub mod counter;
pub mod desk;
pub mod file;
pub mod messages;
pub mod once;
pub mod persons;
pub mod projection;
pub mod proofs;
pub mod trial;

use crate::Error;
use jiff::{Timestamp, civil::Date};
use procedure::{Case, CaseId, Json, Office, PaperId, PersonId};
use storage::{Migration, Row, Tx, Value};

/// Tables of the court zone, expanded only ever by further entries.
pub const MIGRATIONS: &[Migration] = &[
    Migration { name: "court-0001", sql: include_str!("store/0001.sql") },
    Migration { name: "court-desk-0001", sql: include_str!("store/desk-0001.sql") },
    Migration { name: "court-trial-0001", sql: include_str!("store/trial-0001.sql") },
    Migration { name: "court-proofs-0001", sql: include_str!("store/proofs-0001.sql") },
    Migration { name: "court-messages-0001", sql: include_str!("store/messages-0001.sql") },
    Migration { name: "court-administration-0001", sql: include_str!("store/administration-0001.sql") },
    Migration { name: "court-counter-0001", sql: include_str!("store/counter-0001.sql") },
    Migration { name: "court-file-0001", sql: include_str!("store/file-0001.sql") },
    Migration { name: "court-persons-0001", sql: include_str!("store/persons-0001.sql") },
    Migration { name: "court-desk-0002", sql: include_str!("store/desk-0002.sql") },
    Migration { name: "court-codes-0001", sql: include_str!("store/codes-0001.sql") },
    Migration { name: "court-desk-0003", sql: include_str!("store/desk-0003.sql") },
];

const CASE_GET: &str = "SELECT state FROM cases WHERE court = $1 AND id = $2";
const QUEUE: &str = "SELECT id, number, receipt_no, stage, title, cause, amount, submitted, due FROM cases WHERE court = $1 AND stage = $2 ORDER BY due, submitted, id LIMIT 200";
const CASES_OF_JUDGE: &str = "SELECT id, number, receipt_no, stage, title, cause, amount, submitted, due FROM cases WHERE court = $1 AND judge = $2 ORDER BY submitted, id LIMIT 200";
const CASES_RECENT: &str =
    "SELECT id, number, receipt_no, stage, title, cause, amount, submitted, due FROM cases WHERE court = $1 ORDER BY submitted DESC, id LIMIT 200";
const CASES_SEARCH: &str = "SELECT id, number, receipt_no, stage, title, cause, amount, submitted, due FROM cases \
    WHERE court = $1 AND (title LIKE $2 ESCAPE '!' OR number LIKE $2 ESCAPE '!' OR receipt_no LIKE $2 ESCAPE '!') ORDER BY submitted DESC, id LIMIT 50";
const CASES_OF_MEMBER: &str = "SELECT k.id, k.number, k.receipt_no, k.stage, k.title, k.cause, k.amount, k.submitted, k.due FROM cases k \
    JOIN case_staff s ON s.court = k.court AND s.case_id = k.id WHERE k.court = $1 AND s.staff = $2 ORDER BY k.submitted DESC, k.id LIMIT 200";
const CASES_OF_MEMBER_SEARCH: &str = "SELECT k.id, k.number, k.receipt_no, k.stage, k.title, k.cause, k.amount, k.submitted, k.due FROM cases k \
    JOIN case_staff s ON s.court = k.court AND s.case_id = k.id WHERE k.court = $1 AND s.staff = $2 \
    AND (k.title LIKE $3 ESCAPE '!' OR k.number LIKE $3 ESCAPE '!' OR k.receipt_no LIKE $3 ESCAPE '!') ORDER BY k.submitted DESC, k.id LIMIT 50";
const PARTY_OTHER_CASES: &str = "SELECT DISTINCT p.case_id FROM parties p JOIN parties q ON q.court = p.court AND q.fingerprint = p.fingerprint \
    WHERE q.court = $1 AND q.case_id = $2 AND p.case_id <> $2 ORDER BY p.case_id LIMIT 20";
const CLOCKS_OVER: &str = "SELECT case_id, anchor FROM clocks WHERE court = $1 AND last_day < $2 ORDER BY last_day, case_id, anchor LIMIT 500";
const CLOCKS_NEXT: &str = "SELECT c.case_id, c.rule, c.what, c.last_day, k.title, k.number, k.receipt_no FROM clocks c JOIN cases k ON k.court = c.court AND k.id = c.case_id \
    WHERE c.court = $1 AND (c.rule LIKE 'R-FIL-%' OR c.rule LIKE 'R-FEE-%') ORDER BY c.last_day, c.case_id LIMIT 100";
const CLOCKS_OF_MEMBER: &str = "SELECT c.case_id, c.rule, c.what, c.last_day, k.title, k.number, k.receipt_no FROM clocks c \
    JOIN cases k ON k.court = c.court AND k.id = c.case_id JOIN case_staff s ON s.court = c.court AND s.case_id = c.case_id \
    WHERE c.court = $1 AND s.staff = $2 ORDER BY c.last_day, c.case_id LIMIT 100";
const PAPER_PUT: &str = "INSERT INTO papers (court, id, case_id, sha256, facts) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (court, id) DO NOTHING";
const PAPER_GET: &str = "SELECT case_id, sha256, facts FROM papers WHERE court = $1 AND id = $2";
const REQUEST_PUT: &str = "INSERT INTO requests (court, submission, case_id, account, receipt_no, receipt, answer) VALUES ($1, $2, $3, $4, $5, $6, $7) \
    ON CONFLICT (court, submission) DO NOTHING";
const REQUEST_ANSWER: &str = "SELECT answer FROM requests WHERE court = $1 AND submission = $2";
const TASK_PUT: &str = "INSERT INTO tasks (court, id, case_id, kind, office, title, detail, due, created, payload) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (court, id) DO NOTHING";
const TASK_DONE: &str = "UPDATE tasks SET done_at = $3, done_by = $4 WHERE court = $1 AND id = $2 AND done_at IS NULL";
const TASKS: &str = "SELECT t.id, t.case_id, t.kind, t.title, t.detail, t.due, t.payload, k.title, k.number, k.receipt_no FROM tasks t \
    LEFT JOIN cases k ON k.court = t.court AND k.id = t.case_id WHERE t.court = $1 AND t.office = $2 AND t.done_at IS NULL ORDER BY t.due, t.created, t.id LIMIT 200";
const TASKS_OF_MEMBER: &str = "SELECT t.id, t.case_id, t.kind, t.title, t.detail, t.due, t.payload, k.title, k.number, k.receipt_no FROM tasks t \
    JOIN cases k ON k.court = t.court AND k.id = t.case_id JOIN case_staff s ON s.court = t.court AND s.case_id = t.case_id \
    WHERE t.court = $1 AND t.office = $2 AND s.staff = $3 AND t.done_at IS NULL ORDER BY t.due, t.created, t.id LIMIT 200";
const TASKS_OF_CASE: &str = "SELECT id, kind, payload FROM tasks WHERE court = $1 AND case_id = $2 AND done_at IS NULL";
const TASKS_EVER: &str = "SELECT kind, payload FROM tasks WHERE court = $1 AND case_id = $2";
const TASKS_OF_KIND: &str = "SELECT id, payload FROM tasks WHERE court = $1 AND kind = $2 AND done_at IS NULL";
const RECORD_PUT: &str =
    "INSERT INTO records (court, id, no, receipt, salt, created) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (court, id) DO NOTHING";
const RECORDS_OPEN: &str = "SELECT id, no, receipt, salt FROM records WHERE court = $1 AND position IS NULL ORDER BY created, id LIMIT 500";
const RECORD_DONE: &str = "UPDATE records SET position = $3, receipt = $4 WHERE court = $1 AND id = $2";
const RECORD_RECEIPT: &str = "SELECT receipt FROM records WHERE court = $1 AND id = $2";
const RECORDS_COUNT: &str = "SELECT COUNT(*), COUNT(position) FROM records WHERE court = $1";
const READ_PUT: &str = "INSERT INTO reads (court, id, case_id, reader, what, at, granted) VALUES ($1, $2, $3, $4, $5, $6, $7)";
const READS: &str = "SELECT reader, what, at, granted FROM reads WHERE court = $1 AND case_id = $2 ORDER BY at DESC, id DESC LIMIT 200";
const JOIN_PUT: &str =
    "INSERT INTO join_codes (court, code, case_id, party, failures) VALUES ($1, $2, $3, $4, 0) ON CONFLICT (court, code) DO NOTHING";
const JOIN_GET: &str = "SELECT case_id, party, used_by FROM join_codes WHERE court = $1 AND code = $2";
const JOIN_USED: &str = "UPDATE join_codes SET used_by = $3 WHERE court = $1 AND code = $2 AND used_by IS NULL";
const DELIVERY_PUT: &str = "INSERT INTO deliveries (court, envelope, case_id, paper) VALUES ($1, $2, $3, $4)";
const DELIVERIES: &str = "SELECT envelope, paper FROM deliveries WHERE court = $1 AND case_id = $2 ORDER BY envelope";
const DELIVERY_GET: &str = "SELECT case_id, paper FROM deliveries WHERE court = $1 AND envelope = $2";
const SETTING_GET: &str = "SELECT value FROM settings WHERE court = $1 AND name = $2";
const SETTING_PUT: &str =
    "INSERT INTO settings (court, name, value) VALUES ($1, $2, $3) ON CONFLICT (court, name) DO UPDATE SET value = EXCLUDED.value";

/// Every statement of this zone, for the test that prepares each on both engines.
pub const STATEMENTS: &[&str] = &[
    CASE_GET,
    QUEUE,
    CASES_OF_JUDGE,
    CASES_RECENT,
    CASES_SEARCH,
    CASES_OF_MEMBER,
    CASES_OF_MEMBER_SEARCH,
    PARTY_OTHER_CASES,
    CLOCKS_OVER,
    CLOCKS_NEXT,
    CLOCKS_OF_MEMBER,
    PAPER_PUT,
    PAPER_GET,
    REQUEST_PUT,
    REQUEST_ANSWER,
    TASK_PUT,
    TASK_DONE,
    TASKS,
    TASKS_OF_MEMBER,
    TASKS_OF_CASE,
    TASKS_EVER,
    TASKS_OF_KIND,
    RECORD_PUT,
    RECORDS_OPEN,
    RECORD_DONE,
    RECORD_RECEIPT,
    RECORDS_COUNT,
    READ_PUT,
    READS,
    JOIN_PUT,
    JOIN_GET,
    JOIN_USED,
    DELIVERY_PUT,
    DELIVERY_GET,
    DELIVERIES,
    SETTING_GET,
    SETTING_PUT,
];

/// The case as its events made it, or a new one.
pub fn case(tx: &mut Tx, court: &str, id: CaseId) -> Result<Case, Error> {
    match tx.query_opt(CASE_GET, &[court.into(), id.0.into()])? {
        None => Ok(Case::new(id, court)),
        Some(row) => Ok(Case::from_json(row.text(0)?.as_bytes())?),
    }
}

/// Writes the projections of a case. `fingerprints`: of the persons sealed in this transaction.
pub fn put_case(tx: &mut Tx, case: &Case, fingerprints: &[(PersonId, String)]) -> Result<(), Error> {
    projection::write(tx, case, fingerprints)
}

/// Ids of all cases of a court, from their events.
pub fn case_ids(tx: &mut Tx, court: &str) -> Result<Vec<CaseId>, Error> {
    const AT_ONCE: u32 = 1000;
    let (mut ids, mut after) = (Vec::new(), uuid::Uuid::nil());
    loop {
        let more = storage::events::streams(tx, court, after, AT_ONCE)?;
        let Some(last) = more.last() else { return Ok(ids) };
        after = *last;
        // The deeds of administrators are a stream too, and no case.
        ids.extend(more.iter().copied().filter(|stream| *stream != crate::administration::stream(court)).map(CaseId));
    }
}

/// One line of a list of cases.
#[derive(Debug, Clone)]
pub struct CaseRow {
    pub id: CaseId,
    pub number: Option<String>,
    pub receipt_no: String,
    pub stage: procedure::Stage,
    pub title: String,
    pub cause: String,
    pub amount: procedure::Fen,
    pub submitted: Timestamp,
    /// Last day of the review, while it runs.
    pub due: Option<Date>,
}

/// Which cases a list holds.
pub enum Which<'a> {
    Stage(procedure::Stage),
    OfJudge(PersonId),
    Recent,
    Search(&'a str),
    OfMember(PersonId),
    SearchOfMember(PersonId, &'a str),
}

/// A list of cases, at most 200.
pub fn cases(tx: &mut Tx, court: &str, which: Which<'_>) -> Result<Vec<CaseRow>, Error> {
    let rows = match which {
        Which::Stage(stage) => tx.query(QUEUE, &[court.into(), name_of(&stage)?.into()])?,
        Which::OfJudge(judge) => tx.query(CASES_OF_JUDGE, &[court.into(), judge.0.into()])?,
        Which::Recent => tx.query(CASES_RECENT, &[court.into()])?,
        Which::Search(text) => tx.query(CASES_SEARCH, &[court.into(), like(text).into()])?,
        Which::OfMember(staff) => tx.query(CASES_OF_MEMBER, &[court.into(), staff.0.into()])?,
        Which::SearchOfMember(staff, text) => tx.query(CASES_OF_MEMBER_SEARCH, &[court.into(), staff.0.into(), like(text).into()])?,
    };
    rows.iter().map(case_row).collect()
}

fn like(text: &str) -> String {
    format!("%{}%", text.replace('!', "!!").replace('%', "!%").replace('_', "!_"))
}

fn case_row(row: &Row) -> Result<CaseRow, Error> {
    Ok(CaseRow {
        id: CaseId(row.uuid(0)?),
        number: row.opt_text(1)?,
        receipt_no: row.text(2)?,
        stage: json(&format!("\"{}\"", row.text(3)?))?,
        title: row.text(4)?,
        cause: row.text(5)?,
        amount: procedure::Fen(row.int(6)?),
        submitted: row.time(7)?,
        due: row.opt_text(8)?.map(|day| day.parse().map_err(|_| Error::Corrupt("a case's due day"))).transpose()?,
    })
}

/// Other cases of this court with one of the same parties (R-FIL-15).
pub fn cases_of_same_parties(tx: &mut Tx, court: &str, case: CaseId) -> Result<Vec<CaseId>, Error> {
    tx.query(PARTY_OTHER_CASES, &[court.into(), case.0.into()])?.iter().map(|row| Ok(CaseId(row.uuid(0)?))).collect()
}

/// Clocks whose last day went by before `today`.
pub fn clocks_over(tx: &mut Tx, court: &str, today: Date) -> Result<Vec<(CaseId, String)>, Error> {
    tx.query(CLOCKS_OVER, &[court.into(), today.to_string().into()])?.iter().map(|row| Ok((CaseId(row.uuid(0)?), row.text(1)?))).collect()
}

/// A running period in the list of the court's clocks.
#[derive(Debug, Clone)]
pub struct ClockRow {
    pub case: CaseId,
    pub rule: String,
    pub what: String,
    pub last_day: Date,
    pub title: String,
    pub number: String,
}

/// The next clocks by last day: those of filings and fees in the whole court, or all of the cases that one member of staff has.
pub fn clocks_next(tx: &mut Tx, court: &str, of: Option<PersonId>) -> Result<Vec<ClockRow>, Error> {
    let read = |row: &Row| -> Result<ClockRow, Error> {
        Ok(ClockRow {
            case: CaseId(row.uuid(0)?),
            rule: row.text(1)?,
            what: row.text(2)?,
            last_day: row.text(3)?.parse().map_err(|_| Error::Corrupt("a clock's last day"))?,
            title: row.text(4)?,
            number: match row.opt_text(5)? {
                Some(number) => number,
                None => row.text(6)?,
            },
        })
    };
    let rows = match of {
        None => tx.query(CLOCKS_NEXT, &[court.into()])?,
        Some(staff) => tx.query(CLOCKS_OF_MEMBER, &[court.into(), staff.0.into()])?,
    };
    rows.iter().map(read).collect()
}

/// A paper as issued: digest of its bytes (in the blobs) and the facts it was made from. Its receipt is a record.
pub struct PaperRow {
    pub case: CaseId,
    pub sha256: String,
    /// The typed paper as JSON: the same data gives the same bytes.
    pub facts: String,
}

/// Keeps an issued paper; issued twice it is one.
pub fn put_paper(tx: &mut Tx, court: &str, id: PaperId, paper: &PaperRow) -> Result<(), Error> {
    let values: [Value; 5] = [court.into(), id.0.into(), paper.case.0.into(), (&paper.sha256).into(), (&paper.facts).into()];
    tx.execute(PAPER_PUT, &values)?;
    Ok(())
}

/// An issued paper.
pub fn paper(tx: &mut Tx, court: &str, id: PaperId) -> Result<Option<PaperRow>, Error> {
    let row = tx.query_opt(PAPER_GET, &[court.into(), id.0.into()])?;
    row.map(|row| Ok(PaperRow { case: CaseId(row.uuid(0)?), sha256: row.text(1)?, facts: row.text(2)? })).transpose()
}

/// A submission that came over the bridge, with the answer that was given.
pub struct RequestRow<'a> {
    pub submission: uuid::Uuid,
    pub case: CaseId,
    pub account: PersonId,
    pub receipt_no: &'a str,
    pub receipt: &'a str,
    pub answer: &'a str,
}

/// Keeps the answer to a submission.
pub fn put_request(tx: &mut Tx, court: &str, request: &RequestRow<'_>) -> Result<(), Error> {
    let values: [Value; 7] = [
        court.into(),
        request.submission.into(),
        request.case.0.into(),
        request.account.0.into(),
        request.receipt_no.into(),
        request.receipt.into(),
        request.answer.into(),
    ];
    tx.execute(REQUEST_PUT, &values)?;
    Ok(())
}

/// The answer that a submission got before.
pub fn answer(tx: &mut Tx, court: &str, submission: uuid::Uuid) -> Result<Option<String>, Error> {
    let row = tx.query_opt(REQUEST_ANSWER, &[court.into(), submission.into()])?;
    row.map(|row| Ok(row.text(0)?)).transpose()
}

/// 待办: something a person of an office has to do.
#[derive(Debug, Clone)]
pub struct Task {
    pub id: String,
    pub case: CaseId,
    pub kind: String,
    pub title: String,
    pub detail: String,
    pub due: Option<Date>,
    pub payload: String,
    pub case_title: String,
    pub case_number: String,
}

/// A task to be opened; the id names what it is about, so that it is opened once.
pub struct NewTask<'a> {
    pub id: String,
    pub case: CaseId,
    pub kind: &'a str,
    pub office: Office,
    pub title: String,
    pub detail: String,
    pub due: Option<Date>,
    pub payload: String,
}

/// Opens a task.
pub fn open_task(tx: &mut Tx, court: &str, task: &NewTask<'_>, now: Timestamp) -> Result<(), Error> {
    let values: [Value; 10] = [
        court.into(),
        (&task.id).into(),
        task.case.0.into(),
        task.kind.into(),
        name_of(&task.office)?.into(),
        (&task.title).into(),
        (&task.detail).into(),
        task.due.map(|day| day.to_string()).into(),
        now.into(),
        (&task.payload).into(),
    ];
    tx.execute(TASK_PUT, &values)?;
    Ok(())
}

/// Closes a task; closed twice is closed once.
pub fn close_task(tx: &mut Tx, court: &str, id: &str, by: PersonId, now: Timestamp) -> Result<(), Error> {
    tx.execute(TASK_DONE, &[court.into(), id.into(), now.into(), by.0.into()])?;
    Ok(())
}

/// Closes every open task of these kinds in a case.
pub fn close_tasks(tx: &mut Tx, court: &str, case: CaseId, kinds: &[&str], by: PersonId, now: Timestamp) -> Result<(), Error> {
    for row in tx.query(TASKS_OF_CASE, &[court.into(), case.0.into()])? {
        if kinds.contains(&row.text(1)?.as_str()) {
            close_task(tx, court, &row.text(0)?, by, now)?;
        }
    }
    Ok(())
}

/// Open tasks of a case that ask for the post: id and recipient.
pub fn post_tasks(tx: &mut Tx, court: &str, case: CaseId) -> Result<Vec<(String, PersonId)>, Error> {
    let rows = tx.query(TASKS_OF_CASE, &[court.into(), case.0.into()])?;
    let mut found = Vec::new();
    for row in rows {
        if row.text(1)? == "post" {
            found.push((row.text(0)?, json(&row.text(2)?)?));
        }
    }
    Ok(found)
}

/// Open tasks of a case: id, kind and payload.
pub fn case_tasks(tx: &mut Tx, court: &str, case: CaseId) -> Result<Vec<(String, String, String)>, Error> {
    tx.query(TASKS_OF_CASE, &[court.into(), case.0.into()])?.iter().map(|row| Ok((row.text(0)?, row.text(1)?, row.text(2)?))).collect()
}

/// Open tasks of a kind in the whole court: id and payload.
pub fn tasks_of_kind(tx: &mut Tx, court: &str, kind: &str) -> Result<Vec<(String, String)>, Error> {
    tx.query(TASKS_OF_KIND, &[court.into(), kind.into()])?.iter().map(|row| Ok((row.text(0)?, row.text(1)?))).collect()
}

/// Open tasks of an office, nearest date first.
pub fn tasks(tx: &mut Tx, court: &str, office: Office) -> Result<Vec<Task>, Error> {
    let rows = tx.query(TASKS, &[court.into(), name_of(&office)?.into()])?;
    task_rows(&rows)
}

/// Open tasks of an office in the cases that one member of staff has.
pub fn tasks_of(tx: &mut Tx, court: &str, office: Office, staff: PersonId) -> Result<Vec<Task>, Error> {
    let rows = tx.query(TASKS_OF_MEMBER, &[court.into(), name_of(&office)?.into(), staff.0.into()])?;
    task_rows(&rows)
}

fn task_rows(rows: &[Row]) -> Result<Vec<Task>, Error> {
    let read = |row: &Row| -> Result<Task, Error> {
        Ok(Task {
            id: row.text(0)?,
            case: CaseId(row.uuid(1)?),
            kind: row.text(2)?,
            title: row.text(3)?,
            detail: row.text(4)?,
            due: row.opt_text(5)?.map(|day| day.parse().map_err(|_| Error::Corrupt("a task's due day"))).transpose()?,
            payload: row.text(6)?,
            // What is of no case, such as a job of the whole court, has neither.
            case_title: row.opt_text(7)?.unwrap_or_else(String::new),
            case_number: match row.opt_text(8)? {
                Some(number) => number,
                None => row.opt_text(9)?.unwrap_or_else(String::new),
            },
        })
    };
    rows.iter().map(read).collect()
}

/// What waits for the ledger: a signed receipt, of which only a salted commitment leaves (R-LED-07).
pub struct RecordRow {
    pub id: String,
    /// Number of the receipt.
    pub no: String,
    pub receipt: String,
    /// 16 bytes, kept before the append, so that a retry makes the same record.
    pub salt: Vec<u8>,
}

/// Queues a record for the log; the id names what it is about.
pub fn put_record(tx: &mut Tx, court: &str, record: &RecordRow, now: Timestamp) -> Result<(), Error> {
    let values: [Value; 6] = [court.into(), (&record.id).into(), (&record.no).into(), (&record.receipt).into(), (&record.salt).into(), now.into()];
    tx.execute(RECORD_PUT, &values)?;
    Ok(())
}

/// Records not yet in the log, oldest first.
pub fn open_records(tx: &mut Tx, court: &str) -> Result<Vec<RecordRow>, Error> {
    let read =
        |row: &Row| -> Result<RecordRow, Error> { Ok(RecordRow { id: row.text(0)?, no: row.text(1)?, receipt: row.text(2)?, salt: row.blob(3)? }) };
    tx.query(RECORDS_OPEN, &[court.into()])?.iter().map(read).collect()
}

/// The record stands in the log at this position; its receipt is completed.
pub fn record_logged(tx: &mut Tx, court: &str, id: &str, position: u64, receipt: &str) -> Result<(), Error> {
    tx.execute(RECORD_DONE, &[court.into(), id.into(), position.into(), receipt.into()])?;
    Ok(())
}

/// The receipt of a record, completed if the log holds it.
pub fn record_receipt(tx: &mut Tx, court: &str, id: &str) -> Result<Option<String>, Error> {
    let row = tx.query_opt(RECORD_RECEIPT, &[court.into(), id.into()])?;
    row.map(|row| Ok(row.text(0)?)).transpose()
}

/// Records in all, and those in the log.
pub fn record_counts(tx: &mut Tx, court: &str) -> Result<(u64, u64), Error> {
    let row = tx.query_one(RECORDS_COUNT, &[court.into()])?;
    Ok((row.unsigned(0)?, row.unsigned(1)?))
}

/// One look into a file, granted or not.
#[derive(Debug, Clone)]
pub struct Read {
    pub reader: String,
    pub what: String,
    pub at: Timestamp,
    pub granted: bool,
}

/// Notes who looked at what; the person concerned can see it.
pub fn note_read(tx: &mut Tx, court: &str, case: CaseId, read: &Read) -> Result<(), Error> {
    let values: [Value; 7] =
        [court.into(), uuid::Uuid::now_v7().into(), case.0.into(), (&read.reader).into(), (&read.what).into(), read.at.into(), read.granted.into()];
    tx.execute(READ_PUT, &values)?;
    Ok(())
}

/// Who looked into this file, latest first.
pub fn reads(tx: &mut Tx, court: &str, case: CaseId) -> Result<Vec<Read>, Error> {
    let read = |row: &Row| -> Result<Read, Error> { Ok(Read { reader: row.text(0)?, what: row.text(1)?, at: row.time(2)?, granted: row.bool(3)? }) };
    tx.query(READS, &[court.into(), case.0.into()])?.iter().map(read).collect()
}

/// Keeps the digest of a join code.
pub fn put_join_code(tx: &mut Tx, court: &str, digest: &str, case: CaseId, party: PersonId) -> Result<(), Error> {
    tx.execute(JOIN_PUT, &[court.into(), digest.into(), case.0.into(), party.0.into()])?;
    Ok(())
}

/// Case and party of a join code, and the account that used it.
pub fn join_code(tx: &mut Tx, court: &str, digest: &str) -> Result<Option<(CaseId, PersonId, Option<PersonId>)>, Error> {
    let row = tx.query_opt(JOIN_GET, &[court.into(), digest.into()])?;
    row.map(|row| Ok((CaseId(row.uuid(0)?), PersonId(row.uuid(1)?), row.opt_uuid(2)?.map(PersonId)))).transpose()
}

/// The code was used; a code works once.
pub fn use_join_code(tx: &mut Tx, court: &str, digest: &str, account: PersonId) -> Result<(), Error> {
    tx.execute(JOIN_USED, &[court.into(), digest.into(), account.0.into()])?;
    Ok(())
}

/// Notes which paper an envelope carries: its acknowledgement is the service of that paper.
pub fn put_delivery(tx: &mut Tx, court: &str, envelope: uuid::Uuid, case: CaseId, paper: PaperId) -> Result<(), Error> {
    tx.execute(DELIVERY_PUT, &[court.into(), envelope.into(), case.0.into(), paper.0.into()])?;
    Ok(())
}

/// The paper that an envelope carries, if it carries one.
pub fn delivery(tx: &mut Tx, court: &str, envelope: uuid::Uuid) -> Result<Option<(CaseId, PaperId)>, Error> {
    let row = tx.query_opt(DELIVERY_GET, &[court.into(), envelope.into()])?;
    row.map(|row| Ok((CaseId(row.uuid(0)?), PaperId(row.uuid(1)?)))).transpose()
}

/// Is this envelope across, or will it be tried again?
pub fn under_way(tx: &mut Tx, court: &str, envelope: uuid::Uuid) -> Result<bool, Error> {
    if storage::outbox::answer(tx, court, envelope)?.is_some() {
        return Ok(true);
    }
    Ok(storage::outbox::waiting(tx, court, u32::MAX)?.into_iter().any(|row| row.id == envelope && row.next_try.is_some()))
}

/// A setting of the court.
pub fn setting(tx: &mut Tx, court: &str, name: &str) -> Result<Option<String>, Error> {
    let row = tx.query_opt(SETTING_GET, &[court.into(), name.into()])?;
    row.map(|row| Ok(row.text(0)?)).transpose()
}

/// Sets a setting of the court.
pub fn put_setting(tx: &mut Tx, court: &str, name: &str, value: &str) -> Result<(), Error> {
    tx.execute(SETTING_PUT, &[court.into(), name.into(), value.into()])?;
    Ok(())
}

/// A value of an enum as its tables name it.
pub fn name_of<T: serde::Serialize>(value: &T) -> Result<String, Error> {
    match serde_json::to_value(value)? {
        serde_json::Value::String(name) => Ok(name),
        _ => Err(Error::Corrupt("an enum that is not a word")),
    }
}

/// Reads JSON that this zone wrote itself.
pub fn json<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, Error> {
    // As bytes, as messages are read: the same generated code for both.
    Ok(serde_json::from_slice(text.as_bytes())?)
}

/// Envelopes in which papers of a case went out: id and paper.
pub fn deliveries(tx: &mut Tx, court: &str, case: CaseId) -> Result<Vec<(uuid::Uuid, PaperId)>, Error> {
    tx.query(DELIVERIES, &[court.into(), case.0.into()])?.iter().map(|row| Ok((row.uuid(0)?, PaperId(row.uuid(1)?)))).collect()
}

/// Tasks of a case, open and done: kind and payload.
pub fn all_tasks(tx: &mut Tx, court: &str, case: CaseId) -> Result<Vec<(String, String)>, Error> {
    tx.query(TASKS_EVER, &[court.into(), case.0.into()])?.iter().map(|row| Ok((row.text(0)?, row.text(1)?))).collect()
}

/// Open tasks of a case: kind and payload.
pub fn open_tasks(tx: &mut Tx, court: &str, case: CaseId) -> Result<Vec<(String, String)>, Error> {
    tx.query(TASKS_OF_CASE, &[court.into(), case.0.into()])?.iter().map(|row| Ok((row.text(1)?, row.text(2)?))).collect()
}

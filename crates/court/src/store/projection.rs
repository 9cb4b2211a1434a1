//! 投影: the rows that queues, lists, periods and clashes read of a case. One function a table gives them from the case
//! alone: [`write`] writes them and [`differs`] compares with them, so that the two cannot drift apart (house invariant 5).
use super::name_of;
use crate::Error;
use procedure::case::{ClockState, Method, ServiceState, Side};
use procedure::{Case, CaseId, Json as _, Office, PersonId};
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use storage::{Row, Tx, Value};

const CASE_PUT: &str = "INSERT INTO cases (court, id, number, receipt_no, stage, version, title, cause, amount, submitted, due, judge, state) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) \
    ON CONFLICT (court, id) DO UPDATE SET number = EXCLUDED.number, receipt_no = EXCLUDED.receipt_no, stage = EXCLUDED.stage, \
    version = EXCLUDED.version, title = EXCLUDED.title, cause = EXCLUDED.cause, amount = EXCLUDED.amount, submitted = EXCLUDED.submitted, \
    due = EXCLUDED.due, judge = EXCLUDED.judge, state = EXCLUDED.state";
const CASE_ROWS: &str = "SELECT court, id, number, receipt_no, stage, version, title, cause, amount, submitted, due, judge, state FROM cases \
    WHERE court = $1 AND id = $2";
const CASE_IDS: &str = "SELECT id FROM cases WHERE court = $1 ORDER BY id";
const PARTY_CLEAR: &str = "DELETE FROM parties WHERE court = $1 AND case_id = $2";
const PARTY_PUT: &str = "INSERT INTO parties (court, case_id, person, side, name, fingerprint) VALUES ($1, $2, $3, $4, $5, $6)";
const PARTY_ROWS: &str = "SELECT court, case_id, person, side, name, fingerprint FROM parties WHERE court = $1 AND case_id = $2";
const PARTY_IDS: &str = "SELECT DISTINCT case_id FROM parties WHERE court = $1 ORDER BY case_id";
const CLOCK_CLEAR: &str = "DELETE FROM clocks WHERE court = $1 AND case_id = $2";
const CLOCK_PUT: &str = "INSERT INTO clocks (court, case_id, anchor, rule, what, of_person, last_day) VALUES ($1, $2, $3, $4, $5, $6, $7)";
const CLOCK_ROWS: &str = "SELECT court, case_id, anchor, rule, what, of_person, last_day FROM clocks WHERE court = $1 AND case_id = $2";
const CLOCK_IDS: &str = "SELECT DISTINCT case_id FROM clocks WHERE court = $1 ORDER BY case_id";
const HEARING_CLEAR: &str = "DELETE FROM hearings WHERE court = $1 AND case_id = $2";
const HEARING_PUT: &str =
    "INSERT INTO hearings (court, case_id, number, day, start, minutes, courtroom, staff) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
const HEARING_ROWS: &str = "SELECT court, case_id, number, day, start, minutes, courtroom, staff FROM hearings WHERE court = $1 AND case_id = $2";
const HEARING_IDS: &str = "SELECT DISTINCT case_id FROM hearings WHERE court = $1 ORDER BY case_id";
const CASE_STAFF_CLEAR: &str = "DELETE FROM case_staff WHERE court = $1 AND case_id = $2";
const CASE_STAFF_PUT: &str = "INSERT INTO case_staff (court, staff, case_id, office) VALUES ($1, $2, $3, $4)";
const CASE_STAFF_ROWS: &str = "SELECT court, staff, case_id, office FROM case_staff WHERE court = $1 AND case_id = $2";
const CASE_STAFF_IDS: &str = "SELECT DISTINCT case_id FROM case_staff WHERE court = $1 ORDER BY case_id";
const POST_OUT_CLEAR: &str = "DELETE FROM post_out WHERE court = $1 AND case_id = $2";
const POST_OUT_PUT: &str = "INSERT INTO post_out (court, case_id, person, sent) VALUES ($1, $2, $3, $4)";
const POST_OUT_ROWS: &str = "SELECT court, case_id, person, sent FROM post_out WHERE court = $1 AND case_id = $2";
const POST_OUT_IDS: &str = "SELECT DISTINCT case_id FROM post_out WHERE court = $1 ORDER BY case_id";
const UNOPENED_CLEAR: &str = "DELETE FROM unopened WHERE court = $1 AND case_id = $2";
const UNOPENED_PUT: &str = "INSERT INTO unopened (court, case_id, person, served) VALUES ($1, $2, $3, $4)";
const UNOPENED_ROWS: &str = "SELECT court, case_id, person, served FROM unopened WHERE court = $1 AND case_id = $2";
const UNOPENED_IDS: &str = "SELECT DISTINCT case_id FROM unopened WHERE court = $1 ORDER BY case_id";

/// Every statement here, for the test that prepares each on both engines.
pub const STATEMENTS: &[&str] = &[
    CASE_PUT,
    CASE_ROWS,
    CASE_IDS,
    PARTY_CLEAR,
    PARTY_PUT,
    PARTY_ROWS,
    PARTY_IDS,
    CLOCK_CLEAR,
    CLOCK_PUT,
    CLOCK_ROWS,
    CLOCK_IDS,
    HEARING_CLEAR,
    HEARING_PUT,
    HEARING_ROWS,
    HEARING_IDS,
    CASE_STAFF_CLEAR,
    CASE_STAFF_PUT,
    CASE_STAFF_ROWS,
    CASE_STAFF_IDS,
    POST_OUT_CLEAR,
    POST_OUT_PUT,
    POST_OUT_ROWS,
    POST_OUT_IDS,
    UNOPENED_CLEAR,
    UNOPENED_PUT,
    UNOPENED_ROWS,
    UNOPENED_IDS,
];

/// Keyed digests of the parties' numbers, as the vault has them (R-FIL-15).
type Fingerprints = BTreeMap<PersonId, String>;
type Rows = Vec<Vec<Value>>;

/// A table that holds what its name says of every case.
struct Table {
    name: &'static str,
    /// Empties it for one case; none where the row is written over.
    clear: Option<&'static str>,
    put: &'static str,
    /// The rows of one case, columns as in `put`.
    read: &'static str,
    /// Cases that have rows.
    ids: &'static str,
    rows: fn(&Case, &Fingerprints) -> Result<Rows, Error>,
    /// No case that is like this ever had a row: nothing needs to be cleared.
    never: fn(&Case) -> bool,
}

/// Every table that is made from a case.
const TABLES: [Table; 7] = [
    Table { name: "cases", clear: None, put: CASE_PUT, read: CASE_ROWS, ids: CASE_IDS, rows: case_row, never: |_| false },
    Table {
        name: "parties",
        clear: Some(PARTY_CLEAR),
        put: PARTY_PUT,
        read: PARTY_ROWS,
        ids: PARTY_IDS,
        rows: party_rows,
        never: |case| case.parties.is_empty(),
    },
    Table {
        name: "clocks",
        clear: Some(CLOCK_CLEAR),
        put: CLOCK_PUT,
        read: CLOCK_ROWS,
        ids: CLOCK_IDS,
        rows: clock_rows,
        never: |case| case.clocks.is_empty(),
    },
    Table {
        name: "hearings",
        clear: Some(HEARING_CLEAR),
        put: HEARING_PUT,
        read: HEARING_ROWS,
        ids: HEARING_IDS,
        rows: hearing_rows,
        never: |case| case.hearings.is_empty(),
    },
    Table {
        name: "case_staff",
        clear: Some(CASE_STAFF_CLEAR),
        put: CASE_STAFF_PUT,
        read: CASE_STAFF_ROWS,
        ids: CASE_STAFF_IDS,
        rows: staff_rows,
        never: |case| case.staff.is_empty(),
    },
    Table {
        name: "post_out",
        clear: Some(POST_OUT_CLEAR),
        put: POST_OUT_PUT,
        read: POST_OUT_ROWS,
        ids: POST_OUT_IDS,
        rows: post_rows,
        never: |case| case.papers.is_empty(),
    },
    Table {
        name: "unopened",
        clear: Some(UNOPENED_CLEAR),
        put: UNOPENED_PUT,
        read: UNOPENED_ROWS,
        ids: UNOPENED_IDS,
        rows: unopened_rows,
        never: |case| case.papers.is_empty(),
    },
];

/// Writes every table's rows of a case.
pub(super) fn write(tx: &mut Tx, case: &Case, known: &[(PersonId, String)]) -> Result<(), Error> {
    let fingerprints = fingerprints(tx, case, known)?;
    for table in &TABLES {
        if (table.never)(case) {
            continue;
        }
        if let Some(clear) = table.clear {
            tx.execute(clear, &key(case))?;
        }
        for row in (table.rows)(case, &fingerprints)? {
            tx.execute(table.put, &row)?;
        }
    }
    Ok(())
}

/// Names of the tables whose rows of a case are not those that it gives.
pub fn differs(tx: &mut Tx, case: &Case) -> Result<Vec<&'static str>, Error> {
    let fingerprints = fingerprints(tx, case, &[])?;
    let mut wrong = Vec::new();
    for table in &TABLES {
        let given = (table.rows)(case, &fingerprints)?;
        let width = given.first().map_or(0, Vec::len);
        let stored = tx.query(table.read, &key(case))?;
        let stored = stored.iter().map(|row| cells(row, width)).collect::<Result<Rows, Error>>()?;
        if canonical(&given)? != canonical(&stored)? {
            wrong.push(table.name);
        }
    }
    Ok(wrong)
}

/// Rows of cases that have no events: name of the table and id.
pub fn strangers(tx: &mut Tx, court: &str, cases: &[CaseId]) -> Result<Vec<(&'static str, CaseId)>, Error> {
    let mut found = Vec::new();
    for table in &TABLES {
        for row in tx.query(table.ids, &[court.into()])? {
            let id = CaseId(row.uuid(0)?);
            if !cases.contains(&id) {
                found.push((table.name, id));
            }
        }
    }
    Ok(found)
}

fn key(case: &Case) -> [Value; 2] {
    [(&case.court).into(), case.id.0.into()]
}

/// The first columns of a stored row; of a row that nothing gives, the first alone, which is enough to differ.
fn cells(row: &Row, width: usize) -> Result<Vec<Value>, Error> {
    (0..width.max(1)).map(|index| Ok(row.value(index)?.clone())).collect()
}

/// Rows as canonical JSON in an order of their own: tables have none. A column that holds JSON is compared as JSON.
fn canonical(rows: &Rows) -> Result<Vec<String>, Error> {
    let cell = |value: &Value| match value {
        Value::Null => Ok(Json::Null),
        Value::Int(number) => Ok(Json::from(*number)),
        Value::Text(text) if text.starts_with(['{', '[']) => Ok(serde_json::from_str(text).unwrap_or_else(|_| Json::from(text.as_str()))),
        Value::Text(text) => Ok(Json::from(text.as_str())),
        Value::Blob(_) | Value::TooLarge(_) => Err(Error::Corrupt("a column of a projection")),
    };
    let line = |row: &Vec<Value>| {
        let mut json = Json::Array(row.iter().map(cell).collect::<Result<_, Error>>()?);
        json.sort_all_objects();
        Ok(json.to_string())
    };
    let mut lines = rows.iter().map(line).collect::<Result<Vec<_>, Error>>()?;
    lines.sort_unstable();
    Ok(lines)
}

/// Of each party; those just sealed are known, the others the vault knows.
fn fingerprints(tx: &mut Tx, case: &Case, known: &[(PersonId, String)]) -> Result<Fingerprints, Error> {
    let mut found: Fingerprints = known.iter().cloned().collect();
    for party in &case.parties {
        if let Entry::Vacant(unknown) = found.entry(party.person) {
            unknown.insert(super::persons::fingerprint(tx, &case.court, case.id, party.person)?);
        }
    }
    Ok(found)
}

fn case_row(case: &Case, _: &Fingerprints) -> Result<Rows, Error> {
    let statement = case.statement.as_ref();
    // Left beyond its last day a review is still owed.
    let review = case.unmet("R-FIL-11").filter(|_| case.stage == procedure::Stage::Submitted).map(|clock| clock.clock.last_day.to_string());
    let judge = case.officer(Office::Judge).map(|(person, _)| person.0);
    Ok(vec![vec![
        (&case.court).into(),
        case.id.0.into(),
        case.number.clone().into(),
        (&case.receipt_no).into(),
        name_of(&case.stage)?.into(),
        case.version.into(),
        case.title().into(),
        statement.map(|statement| statement.cause_name.clone()).into(),
        statement.map(|statement| statement.amount.0).into(),
        case.submitted_at.into(),
        review.into(),
        judge.into(),
        case.to_json()?.into(),
    ]])
}

fn party_rows(case: &Case, fingerprints: &Fingerprints) -> Result<Rows, Error> {
    let row = |party: &procedure::case::Party| {
        let side = match party.side {
            Side::Plaintiff => "plaintiff",
            Side::Defendant => "defendant",
        };
        let fingerprint = fingerprints.get(&party.person).ok_or(Error::Corrupt("a party without a vault entry"))?;
        Ok(vec![(&case.court).into(), case.id.0.into(), party.person.0.into(), side.into(), (&party.name).into(), fingerprint.into()])
    };
    case.parties.iter().map(row).collect()
}

fn clock_rows(case: &Case, _: &Fingerprints) -> Result<Rows, Error> {
    let running = case.clocks.iter().filter(|clock| clock.state == ClockState::Running);
    let row = |running: &procedure::case::RunningClock| {
        vec![
            (&case.court).into(),
            case.id.0.into(),
            (&running.anchor).into(),
            (&running.clock.rule).into(),
            (&running.clock.what).into(),
            running.of.map(|person| person.0).into(),
            running.clock.last_day.to_string().into(),
        ]
    };
    Ok(running.map(row).collect())
}

/// The sittings that are still to end: they take a courtroom and people's time.
fn hearing_rows(case: &Case, _: &Fingerprints) -> Result<Rows, Error> {
    let staff: Vec<_> = case.staff.iter().map(|(person, _, _)| *person).collect();
    let open = case.hearings.iter().filter(|hearing| hearing.record.as_ref().is_none_or(|record| record.closed_at.is_none()));
    let row = |hearing: &procedure::trial::Hearing| {
        Ok(vec![
            (&case.court).into(),
            case.id.0.into(),
            u64::from(hearing.number).into(),
            hearing.date.to_string().into(),
            hearing.time.to_string().into(),
            u64::from(hearing.minutes).into(),
            (&hearing.courtroom).into(),
            serde_json::to_string(&staff)?.into(),
        ])
    };
    open.map(row).collect()
}

/// Who has the case; once for each office.
fn staff_rows(case: &Case, _: &Fingerprints) -> Result<Rows, Error> {
    let mut rows: Rows = Vec::new();
    for (person, office, _) in &case.staff {
        let row = vec![(&case.court).into(), person.0.into(), case.id.0.into(), name_of(office)?.into()];
        if !rows.contains(&row) {
            rows.push(row);
        }
    }
    Ok(rows)
}

/// Who has papers in his inbox that he did not open, by the day of their service. Of an archived case nobody is reminded.
fn unopened_rows(case: &Case, _: &Fingerprints) -> Result<Rows, Error> {
    if case.stage == procedure::Stage::Archived {
        return Ok(vec![]);
    }
    let served = case.papers.iter().filter(|paper| paper.opened_at.is_none()).filter_map(|paper| match &paper.service {
        ServiceState::Served { method: Method::Electronic, on, .. } => Some((paper.to, *on)),
        ServiceState::Served { .. } | ServiceState::Owed | ServiceState::Issued | ServiceState::Sent { .. } | ServiceState::Failed { .. } => None,
    });
    let served: std::collections::BTreeSet<_> = served.collect();
    Ok(served.into_iter().map(|(person, on)| vec![(&case.court).into(), case.id.0.into(), person.0.into(), on.to_string().into()]).collect())
}

/// Whose letters are under way, since the last of them left.
fn post_rows(case: &Case, _: &Fingerprints) -> Result<Rows, Error> {
    let mut out = BTreeMap::new();
    for paper in &case.papers {
        if let ServiceState::Sent { method, at } = &paper.service
            && method.by_slip()
        {
            out.insert(paper.to, *at);
        }
    }
    Ok(out.into_iter().map(|(person, at)| vec![(&case.court).into(), case.id.0.into(), person.0.into(), at.into()]).collect())
}

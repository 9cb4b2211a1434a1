//! 后台任务: work that follows from a transaction, done at least once.
//!
//! Way of a job: [`enqueue`] in the transaction of the act; [`due`] claims it for a worker; the worker works outside of a
//! transaction and ends with [`done`] (in the same transaction as its effects) or [`failed`]. A worker that dies leaves a
//! claim that runs out after [`LEASE`]; a process that knows it is the only one calls [`release_all`] when it starts.
use crate::{Error, Row, Tx};
use jiff::{SignedDuration, Timestamp};

/// How long a claim holds, in real time: the demo clock may jump, a worker's work does not.
pub const LEASE: SignedDuration = SignedDuration::from_mins(5);
/// Tries before a job is put aside for a person to look at.
pub const ATTEMPTS: u64 = 10;

const ENQUEUE: &str = "INSERT INTO jobs (court, kind, key, payload, state, run_at, attempts, leased_until, enqueued)
    VALUES ($1, $2, $3, $4, 'waiting', $5, 0, 0, $6) ON CONFLICT (court, kind, key) DO NOTHING";
const CLAIM: &str = "UPDATE jobs SET leased_until = $3, attempts = attempts + 1
    WHERE state = 'waiting' AND (court, kind, key) IN (
        SELECT court, kind, key FROM jobs WHERE state = 'waiting' AND run_at <= $1 AND leased_until <= $2
        ORDER BY run_at, court, kind, key LIMIT $4)
    RETURNING court, kind, key, payload, run_at, attempts, last_error";
const BURY: &str = "UPDATE jobs SET state = 'dead', ended = $1,
        last_error = COALESCE(last_error, 'the worker died each time')
    WHERE state = 'waiting' AND attempts >= $2 AND leased_until <= $1";
const DONE: &str = "UPDATE jobs SET state = 'done', ended = $5, leased_until = 0, last_error = NULL
    WHERE court = $1 AND kind = $2 AND key = $3 AND attempts = $4 AND state = 'waiting'";
const RETRY: &str = "UPDATE jobs SET run_at = $5, leased_until = 0, last_error = $6
    WHERE court = $1 AND kind = $2 AND key = $3 AND attempts = $4 AND state = 'waiting'";
const DEAD: &str = "UPDATE jobs SET state = 'dead', ended = $5, leased_until = 0, last_error = $6
    WHERE court = $1 AND kind = $2 AND key = $3 AND attempts = $4 AND state = 'waiting'";
const EXTEND: &str = "UPDATE jobs SET leased_until = $5
    WHERE court = $1 AND kind = $2 AND key = $3 AND attempts = $4 AND state = 'waiting'";
const RELEASE: &str = "UPDATE jobs SET leased_until = 0 WHERE state = 'waiting' AND leased_until > 0";
const LIST_DEAD: &str = "SELECT court, kind, key, payload, run_at, attempts, last_error FROM jobs
    WHERE court = $1 AND state = 'dead' ORDER BY ended DESC, kind, key LIMIT $2";
const LIST_FAILING: &str = "SELECT court, kind, key, payload, run_at, attempts, last_error FROM jobs
    WHERE court = $1 AND (state = 'dead' OR (state = 'waiting' AND attempts >= $2)) ORDER BY attempts DESC, kind, key LIMIT $3";
const REVIVE: &str = "UPDATE jobs SET state = 'waiting', attempts = 0, run_at = $4, ended = NULL
    WHERE court = $1 AND kind = $2 AND key = $3 AND state = 'dead'";
const OPEN_KEYS: &str = "SELECT key FROM jobs WHERE court = $1 AND kind = $2 AND state <> 'done' ORDER BY key";
const NEXT: &str = "SELECT MIN(run_at) FROM jobs WHERE state = 'waiting'";
const COUNTS: &str = "SELECT state, COUNT(*) FROM jobs WHERE court = $1 GROUP BY state ORDER BY state";

pub(crate) const SQL: &[&str] = &[ENQUEUE, CLAIM, BURY, DONE, RETRY, DEAD, EXTEND, RELEASE, LIST_DEAD, LIST_FAILING, REVIVE, OPEN_KEYS, NEXT, COUNTS];

/// A job, claimed by [`due`] or listed by [`dead`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    pub court: String,
    pub kind: String,
    /// What makes it one: the same (court, kind, key) is one job for ever.
    pub key: String,
    /// JSON.
    pub payload: String,
    pub run_at: Timestamp,
    /// Tries begun, this one included. Also the mark by which a later claim is told from this one.
    pub attempts: u64,
    pub last_error: Option<String>,
}

/// How many jobs of a court are in which state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    pub waiting: u64,
    pub done: u64,
    pub dead: u64,
}

fn read(row: &Row) -> Result<Job, Error> {
    Ok(Job {
        court: row.text(0)?,
        kind: row.text(1)?,
        key: row.text(2)?,
        payload: row.text(3)?,
        run_at: row.time(4)?,
        attempts: row.unsigned(5)?,
        last_error: row.opt_text(6)?,
    })
}

/// Asks for a job from `run_at` on (the clock's time). False: the job is known already, done or not.
pub fn enqueue(tx: &mut Tx<'_>, court: &str, kind: &str, key: &str, payload: &str, run_at: Timestamp) -> Result<bool, Error> {
    crate::json("job payload", payload)?;
    let values = [court.into(), kind.into(), key.into(), payload.into(), run_at.into(), Timestamp::now().into()];
    Ok(tx.execute(ENQUEUE, &values)? == 1)
}

/// Claims up to `limit` jobs of all courts here that are due at `now` (the clock's time), oldest first. Needs a write
/// transaction. Two workers never get the same job: SQLite has one writer, PostgreSQL makes the slower one try again.
pub fn due(tx: &mut Tx<'_>, now: Timestamp, limit: u32) -> Result<Vec<Job>, Error> {
    let real = Timestamp::now();
    tx.execute(BURY, &[real.into(), ATTEMPTS.into()])?;
    let until = real.saturating_add(LEASE).unwrap_or(Timestamp::MAX);
    let rows = tx.query(CLAIM, &[now.into(), real.into(), until.into(), limit.into()])?;
    let mut jobs: Vec<Job> = rows.iter().map(read).collect::<Result<_, _>>()?;
    jobs.sort_by(|a, b| (a.run_at, &a.court, &a.kind, &a.key).cmp(&(b.run_at, &b.court, &b.kind, &b.key)));
    Ok(jobs)
}

fn ours(job: &Job, changed: u64) -> Result<(), Error> {
    match changed {
        0 => Err(Error::JobLost { kind: job.kind.clone(), key: job.key.clone() }),
        _ => Ok(()),
    }
}

/// The job is done. [`Error::JobLost`] when the claim ran out and another worker has it: then the effects written in the
/// same transaction are not kept either.
pub fn done(tx: &mut Tx<'_>, job: &Job) -> Result<(), Error> {
    let values = [(&job.court).into(), (&job.kind).into(), (&job.key).into(), job.attempts.into(), Timestamp::now().into()];
    ours(job, tx.execute(DONE, &values)?)
}

/// The try failed: again at `retry_at` (the clock's time), or put aside after [`ATTEMPTS`]. True: put aside.
pub fn failed(tx: &mut Tx<'_>, job: &Job, error: &str, retry_at: Timestamp) -> Result<bool, Error> {
    let dead = job.attempts >= ATTEMPTS;
    let (sql, at) = if dead { (DEAD, Timestamp::now()) } else { (RETRY, retry_at) };
    let values = [(&job.court).into(), (&job.kind).into(), (&job.key).into(), job.attempts.into(), at.into(), error.into()];
    ours(job, tx.execute(sql, &values)?)?;
    if dead {
        tracing::error!(court = job.court, kind = job.kind, key = job.key, error, "job put aside after its last try");
    }
    Ok(dead)
}

/// Holds the claim for another [`LEASE`], for work that takes longer.
pub fn extend(tx: &mut Tx<'_>, job: &Job) -> Result<(), Error> {
    let until = Timestamp::now().saturating_add(LEASE).unwrap_or(Timestamp::MAX);
    let values = [(&job.court).into(), (&job.kind).into(), (&job.key).into(), job.attempts.into(), until.into()];
    ours(job, tx.execute(EXTEND, &values)?)
}

/// Frees all claims: for the start of the only worker process. How many there were.
pub fn release_all(tx: &mut Tx<'_>) -> Result<u64, Error> {
    tx.execute(RELEASE, &[])
}

/// The jobs of a court that were put aside, latest first.
pub fn dead(tx: &mut Tx<'_>, court: &str, limit: u32) -> Result<Vec<Job>, Error> {
    tx.query(LIST_DEAD, &[court.into(), limit.into()])?.iter().map(read).collect()
}

/// The jobs of a court that were put aside, or were tried so often without success, the most tried first.
pub fn failing(tx: &mut Tx<'_>, court: &str, attempts: u64, limit: u32) -> Result<Vec<Job>, Error> {
    tx.query(LIST_FAILING, &[court.into(), attempts.into(), limit.into()])?.iter().map(read).collect()
}

/// A person sends a job that was put aside on its way again. False: there is none such.
pub fn revive(tx: &mut Tx<'_>, court: &str, kind: &str, key: &str, run_at: Timestamp) -> Result<bool, Error> {
    Ok(tx.execute(REVIVE, &[court.into(), kind.into(), key.into(), run_at.into()])? == 1)
}

/// Keys of the jobs of a kind that are not done: those that wait and those that were put aside.
pub fn open_keys(tx: &mut Tx<'_>, court: &str, kind: &str) -> Result<Vec<String>, Error> {
    tx.query(OPEN_KEYS, &[court.into(), kind.into()])?.iter().map(|row| row.text(0)).collect()
}

/// When the next job of this store is due, if any waits.
pub fn next_due(tx: &mut Tx<'_>) -> Result<Option<Timestamp>, Error> {
    tx.query_one(NEXT, &[])?.opt_time(0)
}

/// How the jobs of a court stand.
pub fn counts(tx: &mut Tx<'_>, court: &str) -> Result<Counts, Error> {
    let mut counts = Counts::default();
    for row in tx.query(COUNTS, &[court.into()])? {
        let count = row.unsigned(1)?;
        match row.text(0)?.as_str() {
            "waiting" => counts.waiting = count,
            "done" => counts.done = count,
            "dead" => counts.dead = count,
            _ => {
                return Err(Error::Column { index: 0, wanted: "a state of jobs", found: "another text" });
            }
        }
    }
    Ok(counts)
}

/// The pause before the next try: a minute, doubling, a day at most. For `retry_at`.
pub fn backoff(attempts: u64) -> SignedDuration {
    let doublings = u32::try_from(attempts.saturating_sub(1)).unwrap_or(u32::MAX).min(11);
    SignedDuration::from_mins(1i64 << doublings).min(SignedDuration::from_hours(24))
}

//! The migration runner: each migration runs once, in a transaction of its own, and its text is remembered.
use crate::{
    Digest, Engine, Error,
    session::{Fault, Session},
};
use std::collections::{BTreeMap, HashSet};

/// One step of a schema: several statements in the SQL both engines share (BIGINT, TEXT, BYTEA). Expand, then contract.
#[derive(Debug, Clone, Copy)]
pub struct Migration {
    /// Unique among all sets, in the form `room-0001-what`.
    pub name: &'static str,
    pub sql: &'static str,
}

const CREATE: &str = "CREATE TABLE IF NOT EXISTS migrations (name TEXT PRIMARY KEY, digest TEXT NOT NULL, applied BIGINT NOT NULL)";
pub(crate) const APPLIED: &str = "SELECT name, digest FROM migrations";
pub(crate) const RECORD: &str = "INSERT INTO migrations (name, digest, applied) VALUES ($1, $2, $3)";

/// Runs what has not run yet. Two processes that start together take turns.
pub(crate) fn run(session: &mut Session, engine: Engine, sets: &[&[Migration]]) -> Result<(), Error> {
    let mut names = HashSet::new();
    for migration in sets.iter().copied().flatten() {
        if !names.insert(migration.name) {
            return Err(failed(migration.name, "named twice"));
        }
    }
    turn(session, engine, "pg_advisory_lock")?;
    let done = apply(session, sets);
    turn(session, engine, "pg_advisory_unlock")?;
    done
}

/// PostgreSQL alone needs a lock around the whole; SQLite has BEGIN IMMEDIATE around each step.
fn turn(session: &mut Session, engine: Engine, function: &str) -> Result<(), Error> {
    match engine {
        Engine::Sqlite => Ok(()),
        Engine::Postgres => session.control(&format!("SELECT {function}(7309940829)")).map_err(|(error, _)| error),
    }
}

fn apply(session: &mut Session, sets: &[&[Migration]]) -> Result<(), Error> {
    session.control(CREATE).map_err(|(error, _)| error)?;
    for migration in sets.iter().copied().flatten() {
        session.begin_write().map_err(|(error, _)| error)?;
        let done = step(session, migration).and_then(|()| session.control("COMMIT").map_err(|(error, _)| error));
        if let Err(error) = done {
            if session.in_transaction() {
                // The first error is the one to tell; a lost connection undoes the transaction as well.
                let _: Result<(), (Error, Fault)> = session.control("ROLLBACK");
            }
            return Err(match error {
                changed @ Error::MigrationChanged { .. } => changed,
                other => failed(migration.name, &other.to_string()),
            });
        }
    }
    Ok(())
}

fn step(session: &mut Session, migration: &Migration) -> Result<(), Error> {
    let rows = session.query(APPLIED, &[]).map_err(|(error, _)| error)?;
    let applied: BTreeMap<String, String> = rows.iter().map(|row| Ok((row.text(0)?, row.text(1)?))).collect::<Result<_, Error>>()?;
    let digest = Digest::of(migration.sql.as_bytes());
    match applied.get(migration.name) {
        Some(before) if *before == digest.to_string() => return Ok(()),
        Some(_) => {
            return Err(Error::MigrationChanged { name: migration.name.to_owned() });
        }
        None => {}
    }
    session.control(migration.sql).map_err(|(error, _)| error)?;
    let values = [migration.name.into(), digest.into(), jiff::Timestamp::now().into()];
    session.execute(RECORD, &values).map_err(|(error, _)| error)?;
    tracing::info!(migration = migration.name, "migration applied");
    Ok(())
}

fn failed(name: &str, reason: &str) -> Error {
    Error::Migration { name: name.to_owned(), reason: reason.to_owned() }
}

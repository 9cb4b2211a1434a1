//! One connection to either engine.
use crate::{Engine, Error, Row, Value, postgres, sqlite};
use std::path::PathBuf;

/// Where a store is.
#[derive(Clone)]
pub(crate) enum Target {
    Sqlite(PathBuf),
    Postgres(Box<::postgres::Config>),
}

/// What a failure means for the transaction it happened in; a later one is worse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Fault {
    /// Refused before the engine saw it: the transaction is as it was.
    Local,
    /// This write cannot go on.
    Statement,
    /// A collision with another write: the same may work a moment later.
    Retry,
    /// The connection is gone.
    Lost,
}

pub(crate) enum Session {
    Sqlite(Box<sqlite::Session>),
    Postgres(Box<postgres::Session>),
}

type Outcome<T> = Result<T, (Error, Fault)>;

impl Target {
    /// Reads `sqlite:PATH` or `postgres://…`.
    pub fn parse(url: &str) -> Result<Self, Error> {
        if let Some(path) = url.strip_prefix("sqlite:") {
            if path.is_empty() || path.contains(":memory:") {
                return Err(Error::Address(url.to_owned()));
            }
            return Ok(Self::Sqlite(PathBuf::from(path)));
        }
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            // The address may hold a password: it never goes into an error.
            let unreadable = |error: ::postgres::Error| Error::Open { engine: "PostgreSQL", reason: error.to_string() };
            return url.parse().map(|config| Self::Postgres(Box::new(config))).map_err(unreadable);
        }
        Err(Error::Address(url.split(['@', '?']).next().unwrap_or("").chars().take(12).collect()))
    }

    pub fn engine(&self) -> Engine {
        match self {
            Self::Sqlite(_) => Engine::Sqlite,
            Self::Postgres(_) => Engine::Postgres,
        }
    }

    pub fn connect(&self, writer: bool) -> Result<Session, Error> {
        Ok(match self {
            Self::Sqlite(path) => Session::Sqlite(Box::new(sqlite::Session::open(path, writer)?)),
            Self::Postgres(config) => Session::Postgres(Box::new(postgres::Session::connect(config)?)),
        })
    }
}

impl Session {
    /// BEGIN, COMMIT and the like, and whole migrations: no values, no plan kept.
    pub fn control(&mut self, sql: &str) -> Outcome<()> {
        match self {
            Self::Sqlite(session) => session.control(sql),
            Self::Postgres(session) => session.control(sql),
        }
    }

    /// A transaction that will write.
    pub fn begin_write(&mut self) -> Outcome<()> {
        self.control(match self {
            // The lock at once: a read that turns into a write later could fail half-way.
            Self::Sqlite(_) => "BEGIN IMMEDIATE",
            // Rules read before they write (is the number free, is the version current): only SERIALIZABLE keeps
            // what they read true until the commit without a lock in every statement.
            Self::Postgres(_) => "BEGIN ISOLATION LEVEL SERIALIZABLE",
        })
    }

    /// A transaction that reads one state from its first statement to its last.
    pub fn begin_read(&mut self) -> Outcome<()> {
        self.control(match self {
            Self::Sqlite(_) => "BEGIN",
            // One snapshot, and never a collision: a read runs once (FnOnce) and cannot be repeated.
            Self::Postgres(_) => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        })
    }

    /// Is the transaction still there? A full disk or an I/O error makes SQLite drop it.
    pub fn in_transaction(&self) -> bool {
        match self {
            Self::Sqlite(session) => !session.connection.is_autocommit(),
            Self::Postgres(_) => true, // after an error the server itself refuses every statement, COMMIT of a savepoint included
        }
    }

    pub fn prepare(&mut self, sql: &'static str) -> Outcome<()> {
        match self {
            Self::Sqlite(session) => session.prepare(sql),
            Self::Postgres(session) => session.prepare(sql).map(drop),
        }
    }

    pub fn execute(&mut self, sql: &'static str, values: &[Value]) -> Outcome<u64> {
        match self {
            Self::Sqlite(session) => session.execute(sql, values),
            Self::Postgres(session) => session.execute(sql, values),
        }
    }

    pub fn query(&mut self, sql: &'static str, values: &[Value]) -> Outcome<Vec<Row>> {
        match self {
            Self::Sqlite(session) => session.query(sql, values),
            Self::Postgres(session) => session.query(sql, values),
        }
    }
}

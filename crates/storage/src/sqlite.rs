//! The SQLite side: connections, placeholders, values.
use crate::{Error, Row, Value, session::Fault};
use rusqlite::{Connection, OpenFlags, ffi, types::ValueRef};
use std::{collections::HashMap, path::Path, time::Duration};

pub(crate) struct Session {
    pub connection: Connection,
    /// `$1` statements with their `?1` form, so that each text is rewritten once a connection.
    rewritten: HashMap<&'static str, String>,
}

fn open_error(reason: impl ToString) -> Error {
    Error::Open { engine: "SQLite", reason: reason.to_string() }
}

impl Session {
    /// Opens the file; creates it readable for its owner alone.
    pub fn open(path: &Path, writer: bool) -> Result<Self, Error> {
        if writer {
            create_private(path).map_err(|error| open_error(format!("{}: {error}", path.display())))?;
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags).map_err(open_error)?;
        let setup = || -> rusqlite::Result<String> {
            connection.busy_timeout(Duration::from_secs(20))?;
            // Of a new file alone: contents are many pages long. An old one keeps its own.
            connection.execute_batch("PRAGMA page_size = 8192")?;
            let mode = connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
            // FULL: a commit is on the disk before it is answered, through a power failure too.
            connection.execute_batch(
                "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY;
                 PRAGMA cache_size = -32768; PRAGMA journal_size_limit = 67108864;
                 -- A group of filings with their files is megabytes: not every commit should copy the journal back (32 MB).
                 PRAGMA wal_autocheckpoint = 4096;",
            )?;
            if !writer {
                connection.execute_batch("PRAGMA query_only = ON")?;
            }
            connection.set_prepared_statement_cache_capacity(512);
            // A plan is kept whatever values it is asked with: else each query with a LIMIT is parsed and planned anew.
            connection.set_db_config(rusqlite::config::DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
            Ok(mode)
        };
        match setup().map_err(open_error)?.as_str() {
            "wal" => Ok(Self { connection, rewritten: HashMap::new() }),
            other => Err(open_error(format!("write-ahead log not possible here, journal is {other}"))),
        }
    }

    pub fn control(&mut self, sql: &str) -> Result<(), (Error, Fault)> {
        let kept = |sql: &str| self.connection.prepare_cached(sql).and_then(|mut statement| statement.execute([]).map(drop));
        let done = match sql {
            // Around every read and write: their plans are kept too.
            "BEGIN"
            | "BEGIN IMMEDIATE"
            | "COMMIT"
            | "ROLLBACK"
            | "SAVEPOINT member"
            | "RELEASE SAVEPOINT member"
            | "ROLLBACK TO SAVEPOINT member" => kept(sql),
            "RELEASE SAVEPOINT member; SAVEPOINT member" => kept("RELEASE SAVEPOINT member").and_then(|()| kept("SAVEPOINT member")),
            _ => self.connection.execute_batch(sql),
        };
        done.map_err(|error| Self::failed(sql, &error))
    }

    pub fn prepare(&mut self, sql: &'static str) -> Result<(), (Error, Fault)> {
        let text = self.rewritten.entry(sql).or_insert_with(|| numbered(sql));
        let prepared = self.connection.prepare_cached(text).map(drop);
        prepared.map_err(|error| Self::failed(sql, &error))
    }

    pub fn execute(&mut self, sql: &'static str, values: &[Value]) -> Result<u64, (Error, Fault)> {
        let text = self.rewritten.entry(sql).or_insert_with(|| numbered(sql));
        let run = || -> rusqlite::Result<u64> {
            let mut statement = self.connection.prepare_cached(text)?;
            Ok(statement.execute(rusqlite::params_from_iter(values))? as u64)
        };
        run().map_err(|error| Self::failed(sql, &error))
    }

    pub fn query(&mut self, sql: &'static str, values: &[Value]) -> Result<Vec<Row>, (Error, Fault)> {
        let text = self.rewritten.entry(sql).or_insert_with(|| numbered(sql));
        let run = || -> rusqlite::Result<Vec<Row>> {
            let mut statement = self.connection.prepare_cached(text)?;
            let columns = statement.column_count();
            let mut rows = statement.query(rusqlite::params_from_iter(values))?;
            let mut found = Vec::new();
            while let Some(row) = rows.next()? {
                let values = (0..columns).map(|index| read(index, row.get_ref(index)?)).collect::<Result<_, _>>()?;
                found.push(Row(values));
            }
            Ok(found)
        };
        run().map_err(|error| Self::failed(sql, &error))
    }

    /// Some errors (full disk, I/O) make SQLite undo the whole transaction: then the whole group is lost, not one member.
    fn failed(sql: &str, error: &rusqlite::Error) -> (Error, Fault) {
        let extended = error.sqlite_error().map(|error| error.extended_code);
        let code = extended.map(|code| code.to_string());
        let (sql, reason) = (sql.to_owned(), error.to_string());
        let unique = matches!(extended, Some(ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY));
        let error = if unique { Error::Unique { sql, reason } } else { Error::Statement { sql, code, reason } };
        (error, Fault::Statement)
    }
}

fn read(index: usize, value: ValueRef<'_>) -> rusqlite::Result<Value> {
    match value {
        ValueRef::Null => Ok(Value::Null),
        ValueRef::Integer(value) => Ok(Value::Int(value)),
        ValueRef::Text(bytes) => Ok(Value::Text(std::str::from_utf8(bytes).map_err(|error| rusqlite::Error::Utf8Error(index, error))?.to_owned())),
        ValueRef::Blob(bytes) => Ok(Value::Blob(bytes.to_vec())),
        ValueRef::Real(_) => Err(rusqlite::Error::InvalidColumnType(index, "real".to_owned(), rusqlite::types::Type::Real)),
    }
}

/// `$1` → `?1` outside of quotes.
pub(crate) fn numbered(sql: &str) -> String {
    let mut out = String::with_capacity(sql.len());
    let mut quote = None;
    let mut rest = sql.chars().peekable();
    while let Some(c) = rest.next() {
        match quote {
            Some(open) if c == open => quote = None,
            Some(_) => {}
            None if c == '\'' || c == '"' => quote = Some(c),
            None if c == '$' && rest.peek().is_some_and(char::is_ascii_digit) => {
                out.push('?');
                continue;
            }
            None => {}
        }
        out.push(c);
    }
    out
}

#[cfg(unix)]
pub(crate) fn create_private(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt;
    let opened = std::fs::OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(0o600).open(path);
    opened.map(drop)
}

#[cfg(not(unix))]
pub(crate) fn create_private(path: &Path) -> std::io::Result<()> {
    std::fs::OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path).map(drop)
}

impl rusqlite::ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
        Ok(match self {
            Self::Null => rusqlite::types::ToSqlOutput::Borrowed(ValueRef::Null),
            Self::Int(value) => rusqlite::types::ToSqlOutput::Borrowed(ValueRef::Integer(*value)),
            Self::Text(value) => rusqlite::types::ToSqlOutput::Borrowed(ValueRef::Text(value.as_bytes())),
            Self::Blob(value) => rusqlite::types::ToSqlOutput::Borrowed(ValueRef::Blob(value)),
            Self::TooLarge(value) => {
                return Err(rusqlite::Error::ToSqlConversionFailure(Error::TooLarge(*value).into()));
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::numbered;

    #[test]
    fn placeholders_are_renumbered_outside_of_quotes_alone() {
        assert_eq!(numbered("SELECT $1, '$2', \"$3\", $10 || '$'"), "SELECT ?1, '$2', \"$3\", ?10 || '$'");
    }
}

//! The handle that a closure works with.
use crate::{
    Engine, Error, Row, Value,
    session::{Fault, Session},
};

/// One transaction, or one member's part of a group's transaction.
///
/// SQL: named constants, `$1` placeholders, the subset both engines share. After a failed statement every further one is
/// refused with [`Error::Aborted`] and nothing of the write is kept, on either engine.
pub struct Tx<'a> {
    session: &'a mut Session,
    fault: Option<Fault>,
    reason: Option<Error>,
    changed: bool,
}

impl<'a> Tx<'a> {
    pub(crate) fn new(session: &'a mut Session) -> Self {
        Self { session, fault: None, reason: None, changed: false }
    }

    /// The worst that happened so far.
    pub(crate) fn fault(&self) -> Option<Fault> {
        self.fault
    }

    /// The first error, for messages about the whole group.
    pub(crate) fn reason(&self) -> Option<&Error> {
        self.reason.as_ref()
    }

    /// Did a statement change anything?
    pub(crate) fn changed(&self) -> bool {
        self.changed
    }

    /// The engine below, for the rare statement that needs to know.
    pub fn engine(&self) -> Engine {
        match self.session {
            Session::Sqlite(_) => Engine::Sqlite,
            Session::Postgres(_) => Engine::Postgres,
        }
    }

    fn run<T>(&mut self, run: impl FnOnce(&mut Session) -> Result<T, (Error, Fault)>) -> Result<T, Error> {
        if self.fault.is_some() {
            return Err(Error::Aborted);
        }
        run(self.session).map_err(|(error, fault)| {
            self.fault = Some(fault);
            self.reason = Some(error.clone());
            error
        })
    }

    /// Runs a statement; the number of rows it changed.
    pub fn execute(&mut self, sql: &'static str, values: &[Value]) -> Result<u64, Error> {
        let changed = self.run(|session| bindable(values).and_then(|()| session.execute(sql, values)))?;
        self.changed |= changed > 0;
        Ok(changed)
    }

    /// All rows of a query (or of a statement with RETURNING).
    pub fn query(&mut self, sql: &'static str, values: &[Value]) -> Result<Vec<Row>, Error> {
        let rows = self.run(|session| bindable(values).and_then(|()| session.query(sql, values)))?;
        self.changed |= !rows.is_empty() && !sql.starts_with("SELECT");
        Ok(rows)
    }

    /// The row of a query that finds one at most; [`Error::RowCount`] for several.
    pub fn query_opt(&mut self, sql: &'static str, values: &[Value]) -> Result<Option<Row>, Error> {
        let mut rows = self.query(sql, values)?;
        match rows.len() {
            0 | 1 => Ok(rows.pop()),
            found => Err(Error::RowCount { sql: sql.to_owned(), found }),
        }
    }

    /// The row of a query that finds exactly one; else [`Error::RowCount`].
    pub fn query_one(&mut self, sql: &'static str, values: &[Value]) -> Result<Row, Error> {
        self.query_opt(sql, values)?.ok_or_else(|| Error::RowCount { sql: sql.to_owned(), found: 0 })
    }

    /// Only prepares the statement: for the test that every SQL constant is known to both engines.
    pub fn prepare(&mut self, sql: &'static str) -> Result<(), Error> {
        self.run(|session| session.prepare(sql))
    }
}

/// What one engine would take and the other refuse is refused on both.
fn bindable(values: &[Value]) -> Result<(), (Error, Fault)> {
    let refused = |value: &Value| match value {
        Value::TooLarge(number) => Some(Error::TooLarge(*number)),
        Value::Text(text) if text.contains('\0') => Some(Error::NulInText),
        Value::Null | Value::Int(_) | Value::Text(_) | Value::Blob(_) => None,
    };
    values.iter().find_map(refused).map_or(Ok(()), |error| Err((error, Fault::Local)))
}

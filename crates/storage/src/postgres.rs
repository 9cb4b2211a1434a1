//! The PostgreSQL side: connection, prepared statements, values in the wire's binary form.
use crate::{Error, Row, Value, session::Fault};
use postgres::{
    Client, Config, NoTls, Statement,
    error::SqlState,
    types::{FromSql, IsNull, ToSql, Type, private::BytesMut, to_sql_checked},
};
use std::{collections::HashMap, error::Error as StdError, time::Duration};

pub(crate) struct Session {
    client: Client,
    statements: HashMap<&'static str, Statement>,
}

impl Session {
    pub fn connect(config: &Config) -> Result<Self, Error> {
        let mut config = config.clone();
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(Duration::from_secs(10));
        }
        if config.get_application_name().is_none() {
            config.application_name("xiezhi");
        }
        let client = config.connect(NoTls).map_err(|error| Error::Open { engine: "PostgreSQL", reason: describe(&error) })?;
        Ok(Self { client, statements: HashMap::new() })
    }

    pub fn control(&mut self, sql: &str) -> Result<(), (Error, Fault)> {
        let done = self.client.batch_execute(sql);
        done.map_err(|error| self.failed(sql, &error))
    }

    pub fn prepare(&mut self, sql: &'static str) -> Result<Statement, (Error, Fault)> {
        if let Some(statement) = self.statements.get(sql) {
            return Ok(statement.clone());
        }
        let statement = self.client.prepare(sql).map_err(|error| self.failed(sql, &error))?;
        self.statements.insert(sql, statement.clone());
        Ok(statement)
    }

    pub fn execute(&mut self, sql: &'static str, values: &[Value]) -> Result<u64, (Error, Fault)> {
        let statement = self.prepare(sql)?;
        let bound = bind(sql, &statement, values)?;
        self.client.execute(&statement, &bound).map_err(|error| self.failed(sql, &error))
    }

    pub fn query(&mut self, sql: &'static str, values: &[Value]) -> Result<Vec<Row>, (Error, Fault)> {
        let statement = self.prepare(sql)?;
        let bound = bind(sql, &statement, values)?;
        let rows = self.client.query(&statement, &bound).map_err(|error| self.failed(sql, &error))?;
        let read = |row: &postgres::Row| (0..row.len()).map(|index| row.try_get(index)).collect::<Result<_, _>>().map(Row);
        rows.iter().map(read).collect::<Result<_, _>>().map_err(|error| self.failed(sql, &error))
    }

    fn failed(&mut self, sql: &str, error: &postgres::Error) -> (Error, Fault) {
        let reason = describe(error);
        let lost = error.is_closed() || self.client.is_closed();
        let sqlstate = error.code();
        let stale_plan = sqlstate == Some(&SqlState::FEATURE_NOT_SUPPORTED) && reason.contains("cached plan");
        if stale_plan {
            self.statements.clear(); // a migration by another process changed a table under the plan
        }
        let fault = match sqlstate {
            _ if lost => Fault::Lost,
            Some(code) if code.code().starts_with("57P") || code.code().starts_with("08") => Fault::Lost,
            Some(code) if *code == SqlState::T_R_SERIALIZATION_FAILURE || *code == SqlState::T_R_DEADLOCK_DETECTED => Fault::Retry,
            _ if stale_plan => Fault::Retry,
            _ => Fault::Statement,
        };
        let unique = sqlstate == Some(&SqlState::UNIQUE_VIOLATION);
        let (sql, code) = (sql.to_owned(), sqlstate.map(|code| code.code().to_owned()));
        (if unique { Error::Unique { sql, reason } } else { Error::Statement { sql, code, reason } }, fault)
    }
}

/// The number of values is checked before the client sees them: it panics on a wrong one.
fn bind<'v>(sql: &str, statement: &Statement, values: &'v [Value]) -> Result<Vec<&'v (dyn ToSql + Sync)>, (Error, Fault)> {
    let refuse = |reason: String| (Error::Statement { sql: sql.to_owned(), code: None, reason }, Fault::Local);
    let wanted = statement.params().len();
    if wanted != values.len() {
        return Err(refuse(format!("{wanted} values wanted, {} given", values.len())));
    }
    Ok(values.iter().map(|value| value as &(dyn ToSql + Sync)).collect())
}

fn describe(error: &postgres::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            text = format!("{text}: {cause_text}");
        }
        source = cause.source();
    }
    text
}

impl ToSql for Value {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn StdError + Sync + Send>> {
        match (self, ty) {
            (Self::Null, _) => Ok(IsNull::Yes),
            (Self::Int(value), &Type::INT8) => value.to_sql(ty, out),
            (Self::Int(value), &Type::INT4) => i32::try_from(*value)?.to_sql(ty, out),
            (Self::Int(value), &Type::INT2) => i16::try_from(*value)?.to_sql(ty, out),
            (Self::Int(value @ (0 | 1)), &Type::BOOL) => (*value == 1).to_sql(ty, out),
            (Self::Text(value), &Type::TEXT | &Type::VARCHAR | &Type::BPCHAR | &Type::NAME | &Type::UNKNOWN) => value.to_sql(ty, out),
            (Self::Blob(value), &Type::BYTEA) => value.to_sql(ty, out),
            (value, ty) => Err(format!("{} given for a parameter of type {ty}", value.kind()).into()),
        }
    }

    fn accepts(_: &Type) -> bool {
        true // which kind goes with which type is decided in `to_sql`, by the value
    }

    to_sql_checked!();
}

impl<'a> FromSql<'a> for Value {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn StdError + Sync + Send>> {
        match *ty {
            Type::INT8 => i64::from_sql(ty, raw).map(Self::Int),
            Type::INT4 => i32::from_sql(ty, raw).map(Self::from),
            Type::INT2 => i16::from_sql(ty, raw).map(|value| Self::Int(i64::from(value))),
            Type::BOOL => bool::from_sql(ty, raw).map(Self::from),
            Type::NUMERIC => whole_numeric(raw).map(Self::Int),
            Type::TEXT | Type::VARCHAR | Type::BPCHAR | Type::NAME | Type::UNKNOWN => String::from_sql(ty, raw).map(Self::Text),
            Type::BYTEA => Ok(Self::Blob(raw.to_vec())),
            _ => Err(format!("a column of type {ty} is outside the subset both engines share").into()),
        }
    }

    fn from_sql_null(_: &Type) -> Result<Self, Box<dyn StdError + Sync + Send>> {
        Ok(Self::Null)
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

/// PostgreSQL sums BIGINT into NUMERIC, where SQLite stays with integers: a whole NUMERIC is read as one.
/// Form on the wire: digits, weight, sign, scale as 16-bit numbers, then the digits to base 10,000.
fn whole_numeric(raw: &[u8]) -> Result<i64, Box<dyn StdError + Sync + Send>> {
    let words: Vec<i16> = raw.chunks_exact(2).map(|pair| i16::from_be_bytes([pair[0], pair[1]])).collect();
    let [count, weight, sign, _scale, digits @ ..] = words.as_slice() else {
        return Err("short NUMERIC".into());
    };
    if usize::try_from(*count)? != digits.len() || !matches!(*sign, 0 | 0x4000) {
        return Err("not a finite NUMERIC".into());
    }
    let places = i64::from(*weight) + 1; // groups before the point
    let mut value = 0i64;
    for index in 0..places.max(i64::try_from(digits.len())?) {
        let digit = digits.get(usize::try_from(index)?).copied().unwrap_or(0);
        if index >= places {
            if digit != 0 {
                return Err("NUMERIC with a fraction".into());
            }
            continue;
        }
        let signed = if *sign == 0 { i64::from(digit) } else { -i64::from(digit) };
        value = value.checked_mul(10_000).and_then(|value| value.checked_add(signed)).ok_or("NUMERIC beyond BIGINT")?;
    }
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::whole_numeric;

    fn wire(words: &[i16]) -> Vec<u8> {
        words.iter().flat_map(|word| word.to_be_bytes()).collect()
    }

    #[test]
    fn sums_are_read_as_whole_numbers() {
        for (words, value) in [
            (&[0i16, 0, 0, 0][..], Some(0)),
            (&[1, 0, 0, 0, 42], Some(42)),
            (&[1, 1, 0, 0, 3], Some(30_000)), // trailing zero groups are not sent
            (&[2, 1, 0x4000, 0, 1, 2], Some(-10_002)),
            (&[5, 4, 0x4000, 0, 922, 3372, 368, 5477, 5808], Some(i64::MIN)),
            (&[5, 4, 0, 0, 922, 3372, 368, 5477, 5808], None),
            (&[2, 0, 0, 1, 1, 5000], None),       // 1.5
            (&[0, 0, 0xC000u16 as i16, 0], None), // NaN
        ] {
            assert_eq!(whole_numeric(&wire(words)).ok(), value, "{words:?}");
        }
        assert!(whole_numeric(&[0, 1]).is_err());
    }
}

//! Values that both engines hold, and rows read back.
use crate::Error;
use jiff::Timestamp;
use uuid::Uuid;

/// A value bound to a placeholder or read from a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    Null,
    Int(i64),
    Text(String),
    Blob(Vec<u8>),
    /// A number that no BIGINT holds: binding it is refused with [`Error::TooLarge`], never wrapped.
    TooLarge(u64),
}

impl Value {
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Int(_) => "integer",
            Self::Text(_) => "text",
            Self::Blob(_) => "bytes",
            Self::TooLarge(_) => "too large a number",
        }
    }
}

macro_rules! from {
    ($($from:ty => |$value:ident| $into:expr;)*) => {$(
        impl From<$from> for Value {
            fn from($value: $from) -> Self { $into }
        }
    )*};
}

from! {
    &str => |value| Self::Text(value.to_owned());
    String => |value| Self::Text(value);
    &String => |value| Self::Text(value.clone());
    i64 => |value| Self::Int(value);
    i32 => |value| Self::Int(i64::from(value));
    u32 => |value| Self::Int(i64::from(value));
    u64 => |value| i64::try_from(value).map_or(Self::TooLarge(value), Self::Int);
    usize => |value| Self::from(value as u64);
    bool => |value| Self::Int(i64::from(value));
    Vec<u8> => |value| Self::Blob(value);
    &[u8] => |value| Self::Blob(value.to_vec());
    &Vec<u8> => |value| Self::Blob(value.clone());
    Uuid => |value| Self::Text(value.to_string());
    &Uuid => |value| Self::Text(value.to_string());
    Timestamp => |value| Self::Int(value.as_millisecond());
    crate::Digest => |value| Self::Text(value.to_string());
    &crate::Digest => |value| Self::Text(value.to_string());
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// One row. Columns are counted from 0 in the order of the SELECT list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row(pub(crate) Vec<Value>);

impl Row {
    /// The value itself.
    pub fn value(&self, index: usize) -> Result<&Value, Error> {
        self.0.get(index).ok_or(Error::Column { index, wanted: "a column", found: "none" })
    }

    fn wrong(&self, index: usize, wanted: &'static str) -> Error {
        let found = self.0.get(index).map_or("none", Value::kind);
        Error::Column { index, wanted, found }
    }

    /// An integer that may be NULL.
    pub fn opt_int(&self, index: usize) -> Result<Option<i64>, Error> {
        match self.value(index)? {
            Value::Null => Ok(None),
            Value::Int(value) => Ok(Some(*value)),
            Value::Text(_) | Value::Blob(_) | Value::TooLarge(_) => Err(self.wrong(index, "integer")),
        }
    }

    /// A text that may be NULL.
    pub fn opt_text(&self, index: usize) -> Result<Option<String>, Error> {
        match self.value(index)? {
            Value::Null => Ok(None),
            Value::Text(value) => Ok(Some(value.clone())),
            Value::Int(_) | Value::Blob(_) | Value::TooLarge(_) => Err(self.wrong(index, "text")),
        }
    }

    /// Bytes that may be NULL.
    pub fn opt_blob(&self, index: usize) -> Result<Option<Vec<u8>>, Error> {
        match self.value(index)? {
            Value::Null => Ok(None),
            Value::Blob(value) => Ok(Some(value.clone())),
            Value::Int(_) | Value::Text(_) | Value::TooLarge(_) => Err(self.wrong(index, "bytes")),
        }
    }

    /// An identifier that may be NULL.
    pub fn opt_uuid(&self, index: usize) -> Result<Option<Uuid>, Error> {
        self.opt_text(index)?.map(|text| Uuid::parse_str(&text).map_err(|_| self.wrong(index, "uuid"))).transpose()
    }

    /// A moment that may be NULL (BIGINT of milliseconds since 1970).
    pub fn opt_time(&self, index: usize) -> Result<Option<Timestamp>, Error> {
        self.opt_int(index)?.map(|ms| Timestamp::from_millisecond(ms).map_err(|_| self.wrong(index, "time"))).transpose()
    }

    /// An integer.
    pub fn int(&self, index: usize) -> Result<i64, Error> {
        self.opt_int(index)?.ok_or_else(|| self.wrong(index, "integer"))
    }

    /// A number that is never negative: a count, a size, a version.
    pub fn unsigned(&self, index: usize) -> Result<u64, Error> {
        u64::try_from(self.int(index)?).map_err(|_| self.wrong(index, "number from 0"))
    }

    /// A truth value, kept as 0 or 1.
    pub fn bool(&self, index: usize) -> Result<bool, Error> {
        match self.int(index)? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(self.wrong(index, "0 or 1")),
        }
    }

    /// A text.
    pub fn text(&self, index: usize) -> Result<String, Error> {
        self.opt_text(index)?.ok_or_else(|| self.wrong(index, "text"))
    }

    /// Bytes.
    pub fn blob(&self, index: usize) -> Result<Vec<u8>, Error> {
        self.opt_blob(index)?.ok_or_else(|| self.wrong(index, "bytes"))
    }

    /// An identifier.
    pub fn uuid(&self, index: usize) -> Result<Uuid, Error> {
        self.opt_uuid(index)?.ok_or_else(|| self.wrong(index, "uuid"))
    }

    /// A moment.
    pub fn time(&self, index: usize) -> Result<Timestamp, Error> {
        self.opt_time(index)?.ok_or_else(|| self.wrong(index, "time"))
    }

    /// A digest, kept as hexadecimal text.
    pub fn digest(&self, index: usize) -> Result<crate::Digest, Error> {
        self.text(index)?.parse()
    }
}

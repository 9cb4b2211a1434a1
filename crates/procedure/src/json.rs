//! How what is kept and sent is written: JSON. The code for a type is generated once, in its own crate; whoever keeps or sends
//! it calls that.
use serde_json::{Error, Value};

/// A value with a written form of its own.
pub trait Json: Sized {
    /// Reads the written form.
    fn from_json(bytes: &[u8]) -> Result<Self, Error>;
    /// The written form.
    fn to_json(&self) -> Result<String, Error>;

    /// The written form as a part of another: read back, so that no second code that writes it is made.
    fn to_value(&self) -> Result<Value, Error> {
        serde_json::from_slice(self.to_json()?.as_bytes())
    }
}

/// Gives serialisable types their written form.
#[macro_export]
macro_rules! json {
    ($($type:ty),+ $(,)?) => {$(
        impl $crate::Json for $type {
            fn from_json(bytes: &[u8]) -> Result<Self, serde_json::Error> {
                serde_json::from_slice(bytes)
            }

            fn to_json(&self) -> Result<String, serde_json::Error> {
                serde_json::to_string(self)
            }
        }
    )+};
}

crate::json!(crate::Actor, crate::Case, crate::Command, crate::Event, crate::trial::Hearing, crate::trial::Judgment);

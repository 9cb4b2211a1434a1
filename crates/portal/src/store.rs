//! The portal's own tables and all of its SQL. Everything lies under the zone's own key: `target` names the court that a
//! row concerns. ID numbers, drafts and what waits for the bridge are sealed with the zone's key before they come here.
pub mod accounts;
pub mod cases;
pub mod drafts;
pub mod kept;
pub mod messages;
pub mod payments;
pub mod readings;

use crate::Error;
use storage::Migration;

/// The zone's key in the `court` column.
pub const ZONE: &str = "portal";

/// The portal's migrations.
pub const MIGRATIONS: &[Migration] = &[
    Migration { name: "portal-0001-tables", sql: include_str!("store/0001.sql") },
    Migration { name: "portal-0002-readings", sql: include_str!("store/0002.sql") },
    Migration { name: "portal-messages-0001", sql: include_str!("store/messages-0001.sql") },
    Migration { name: "portal-0003-kept-forms", sql: include_str!("store/0003.sql") },
    Migration { name: "portal-items-0001", sql: include_str!("store/items-0001.sql") },
    Migration { name: "portal-accounts-0001", sql: include_str!("store/accounts-0001.sql") },
];

/// Every statement, for the test that prepares each on both engines.
pub fn statements() -> Vec<&'static str> {
    [accounts::SQL, messages::SQL, drafts::SQL, cases::SQL, payments::SQL, readings::SQL, kept::SQL].concat()
}

/// JSON out of a column.
pub fn json<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, Error> {
    // As bytes, as messages are read: the same generated code for both.
    Ok(serde_json::from_slice(text.as_bytes())?)
}

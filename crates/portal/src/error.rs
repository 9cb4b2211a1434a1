//! What can go wrong in the portal. Pages put it into words for people; these texts are for the record.

/// An error of the portal.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Error {
    #[error("store: {0}")]
    Store(#[from] storage::Error),
    #[error("exchange: {0}")]
    Exchange(#[from] exchange::Error),
    #[error("receipt: {0}")]
    Receipt(String),
    #[error("stored JSON: {0}")]
    Json(String),
    #[error("stored data is damaged: {0}")]
    Corrupt(&'static str),
    /// A sandbox stands where an installation that is no demo needs the real thing.
    #[error("{0} is a sandbox, and this is no demo")]
    Sandbox(&'static str),
    /// It is not there, or not this person's: the difference is not told.
    #[error("no such {0} for this person")]
    Missing(&'static str),
    /// A paper for an inbox that nobody has: it is not taken, so that nothing counts as served (R-SVC-10).
    #[error("no account {0} with a verified name: its inbox is nobody's")]
    NoInbox(procedure::PersonId),
    /// Somebody changed it meanwhile.
    #[error("stale: version {seen} was shown, {now} is current")]
    Stale { seen: u64, now: u64 },
    /// What was typed cannot be taken. Field and words for people, at least one.
    #[error("input refused in {} fields", .0.len())]
    Input(Vec<Problem>),
    /// The account rests after too many wrong attempts.
    #[error("locked until {0}")]
    Locked(jiff::Timestamp),
}

/// What is wrong with one field and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Problem {
    pub field: String,
    pub zh: String,
}

impl Error {
    /// One field refused.
    pub fn input(field: &str, zh: impl Into<String>) -> Self {
        Self::Input(vec![Problem { field: field.to_owned(), zh: zh.into() }])
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Self::Json(error.to_string())
    }
}

impl From<ledger::Error> for Error {
    fn from(error: ledger::Error) -> Self {
        Self::Receipt(error.to_string())
    }
}

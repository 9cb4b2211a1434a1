//! What can go wrong in the court zone.
use procedure::Refusal;

/// An error of the court zone. Refusals and stale versions are for people, the rest for the log.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The law says no; nothing was written.
    #[error("refused: {0}")]
    Refused(#[from] Refusal),
    /// The case went on since the page was made.
    #[error("stale: the page saw version {seen}, the case is at {now}")]
    Stale { seen: u64, now: u64 },
    #[error("storage: {0}")]
    Storage(#[from] storage::Error),
    #[error("JSON: {0}")]
    Json(#[from] serde_json::Error),
    #[error("ledger: {0}")]
    Ledger(#[from] ledger::Error),
    #[error("bridge: {0}")]
    Exchange(#[from] exchange::Error),
    #[error("document: {0}")]
    Documents(#[from] documents::Error),
    #[error("picture of a page: {0}")]
    Intake(#[from] intake::Error),
    /// A file named by a command is neither in the envelope nor in the store.
    #[error("file {0} is missing")]
    FileMissing(String),
    /// What this zone wrote itself does not read back.
    #[error("corrupt: {0}")]
    Corrupt(&'static str),
    /// No staff member is signed in, or the code was wrong.
    #[error("not signed in")]
    SignIn(crate::staff::SignInError),
    /// A name or a line that an archive package cannot hold.
    #[error("archive package: {0}")]
    Bag(#[from] casefile::bag::Error),
    #[error("input or output: {0}")]
    Io(#[from] std::io::Error),
}

impl Error {
    /// What people read; for errors that are not theirs, one sentence that says what to do.
    pub fn zh(&self) -> String {
        match self {
            Self::Refused(refusal) => refusal.zh(),
            Self::Stale { .. } => "这个案件刚刚有了新的进展，页面已经过时。请看过最新内容后再提交，您填写的内容没有丢失。".into(),
            Self::FileMissing(_) => "有一份材料没有传完整，请重新上传这份材料。".into(),
            Self::SignIn(error) => error.zh().into(),
            Self::Storage(_)
            | Self::Json(_)
            | Self::Ledger(_)
            | Self::Exchange(_)
            | Self::Documents(_)
            | Self::Intake(_)
            | Self::Corrupt(_)
            | Self::Bag(_)
            | Self::Io(_) => "系统暂时不能办理，请稍后再试。多次出现的，请联系管理员并告知发生的时间。".into(),
        }
    }
}

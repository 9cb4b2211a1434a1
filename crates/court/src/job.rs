//! Jobs of the court zone: their kinds and payloads.
use procedure::{CaseId, PaperId, PersonId};
use serde::{Deserialize, Serialize};

/// Typeset and seal an owed paper.
pub const TYPESET: &str = "typeset";
/// Send a sealed paper to who consented to electronic service.
pub const SERVE: &str = "serve";
/// Make the proof of a service that took effect.
pub const PROOF: &str = "proof";
/// Make the signed original of a judgment that was given.
pub const ORIGINAL: &str = "original";
/// Show a case anew to everyone who takes part in it.
pub const VIEW: &str = "view";
/// Append what waits to the ledger.
pub const LEDGER: &str = "ledger";

/// Give a party the bytes of an item that he may read (R-RDG-03).
pub const RELEASE: &str = "release";

/// What people call a kind of job.
pub fn zh(kind: &str) -> &'static str {
    match kind {
        TYPESET => "生成文书",
        SERVE => "电子送达",
        PROOF => "制作送达凭证",
        VIEW => "更新当事人的案件页面",
        LEDGER => "写入司法链",
        ORIGINAL => "制作裁判文书原本",
        RELEASE => "发放网上阅卷的材料",
        _ => "后台任务",
    }
}

/// A paper of a case.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Paper {
    pub case: CaseId,
    pub paper: PaperId,
}

/// Services that took effect together for one person.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Proof {
    pub case: CaseId,
    pub papers: Vec<PaperId>,
    /// Version of the case after the act that recorded them.
    pub version: u64,
}

/// A judgment that was given.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Original {
    pub case: CaseId,
    /// Version of the case after it was given.
    pub version: u64,
}

/// An item of the file for one account.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Release {
    pub case: CaseId,
    pub account: PersonId,
    pub party: PersonId,
    /// Hex.
    pub sha256: String,
}

/// A job that was put aside, as the task about it names it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Dead {
    pub kind: String,
    pub key: String,
}

/// A case to be shown anew.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct View {
    pub case: CaseId,
}

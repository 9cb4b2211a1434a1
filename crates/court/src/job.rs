//! Jobs of the court zone: their kinds and payloads.
use procedure::{CaseId, PaperId};
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

/// A case to be shown anew.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct View {
    pub case: CaseId,
}

//! 文书生成: the platform typeset and sealed a paper that was owed; its digest is fixed (R-SVC-51, R-LED-07).
use super::{Act, Facts, Step};
use crate::case::{RoleKind, ServiceState};
use crate::{Actor, Case, Event, Law, PaperId, Refusal, Stage};
use serde::{Deserialize, Serialize};

/// The digest of the bytes that everybody gets from now on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct IssuePaper {
    pub id: PaperId,
    /// SHA-256, hex.
    pub sha256: String,
    pub pages: u32,
}

impl Act for IssuePaper {
    const STEP: Step = Step {
        name: "issue_paper",
        zh: "生成文书",
        guide: "",
        counter: "",
        who: &[RoleKind::Platform],
        from: &Stage::ALL,
        power: None,
        fields: &[],
        papers: &[],
        rules: &["R-SVC-51"],
    };

    fn decide(&self, case: &Case, _: &Actor, _: &Law, _: &Facts) -> Result<Vec<Event>, Refusal> {
        let paper = case.paper(self.id).ok_or(Refusal::NoSuchPaper)?;
        // Issued before: the same bytes are nothing new, other bytes would be a second paper under one name.
        match (&paper.service, &paper.sha256) {
            (ServiceState::Owed, _) => Ok(vec![Event::PaperIssued { id: self.id, sha256: self.sha256.clone(), pages: self.pages }]),
            (_, Some(known)) if *known == self.sha256 => Ok(vec![]),
            (_, _) => Err(Refusal::AlreadyServed),
        }
    }
}

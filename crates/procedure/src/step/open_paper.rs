//! 打开: the recipient opened a paper; shown to the court and kept in the trace of the service (R-SVC-14). Papers go electronically to
//! confirmed accounts alone, so that no service hangs on the opening (R-SVC-10).
use super::{Act, Facts, Step};
use crate::case::{RoleKind, ServiceState};
use crate::{Actor, Case, Event, Law, PaperId, Refusal, Stage};
use serde::{Deserialize, Serialize};

/// The portal saw the recipient open the paper.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OpenPaper {
    pub id: PaperId,
}

impl Act for OpenPaper {
    const STEP: Step = Step {
        name: "open_paper",
        zh: "打开文书",
        guide: "",
        counter: "到窗口领取纸质文书。",
        who: &[RoleKind::Plaintiff, RoleKind::Defendant, RoleKind::Agent],
        from: &Stage::ALL,
        power: None,
        fields: &[],
        papers: &[],
        rules: &["R-SVC-14"],
    };

    fn decide(&self, case: &Case, by: &Actor, _: &Law, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        let paper = case.paper(self.id).filter(|paper| paper.to == super::choose_channel::represented(case, by)).ok_or(Refusal::NoSuchPaper)?;
        match paper.service {
            ServiceState::Owed | ServiceState::Issued => Err(Refusal::NoSuchPaper),
            ServiceState::Sent { .. } | ServiceState::Served { .. } | ServiceState::Failed { .. } if paper.opened_at.is_some() => Ok(vec![]),
            ServiceState::Sent { .. } | ServiceState::Served { .. } | ServiceState::Failed { .. } => {
                Ok(vec![Event::PaperOpened { id: self.id, at: facts.at }])
            }
        }
    }
}

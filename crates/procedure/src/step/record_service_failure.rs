//! 登记未能送达: returned, bounced, refused; the next way of service is a clerk's task, never silence (R-SVC-18).
use super::{Act, Facts, Field, FieldKind, Step};
use crate::case::{Method, RoleKind, ServiceState};
use crate::{Actor, Case, Event, Law, PaperId, Refusal, Stage};
use serde::{Deserialize, Serialize};

/// Papers that did not reach their recipient.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RecordServiceFailure {
    pub papers: Vec<PaperId>,
    /// What the carrier said, e.g. 查无此人.
    pub reason: String,
}

impl Act for RecordServiceFailure {
    const STEP: Step = Step {
        name: "record_service_failure",
        zh: "登记未能送达",
        guide: "",
        counter: "",
        who: &[RoleKind::Platform, RoleKind::FilingClerk, RoleKind::Clerk],
        from: &Stage::ALL,
        power: None,
        fields: &[Field { name: "papers", zh: "文书", kind: FieldKind::Paper }, Field { name: "reason", zh: "退回原因", kind: FieldKind::Text }],
        papers: &[],
        rules: &["R-SVC-18"],
    };

    fn decide(&self, case: &Case, _: &Actor, _: &Law, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        if self.reason.trim().is_empty() {
            return Err(Refusal::Missing { what: "退回原因".into() });
        }
        let mut events = Vec::new();
        for id in &self.papers {
            let paper = case.paper(*id).ok_or(Refusal::NoSuchPaper)?;
            match &paper.service {
                ServiceState::Sent { method: Method::Announced, .. } => return Err(super::announce_service::being_announced(case, paper)),
                ServiceState::Sent { method, .. } => {
                    events.push(Event::ServiceFailed { id: *id, method: *method, reason: self.reason.clone(), at: facts.at });
                }
                ServiceState::Failed { .. } => {}
                ServiceState::Served { .. } => return Err(Refusal::AlreadyServed),
                ServiceState::Owed | ServiceState::Issued => return Err(Refusal::ServedTooEarly),
            }
        }
        Ok(events)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Command;
    use crate::step::fixture::{CLERK, DEFENDANT, accepted, act_on, issue_all, send_all};
    use jiff::civil::date;

    #[test]
    fn r_svc_18_a_returned_letter_may_be_sent_again_another_way() {
        let mut case = accepted();
        issue_all(&mut case);
        send_all(&mut case, DEFENDANT().person, Method::Postal, date(2026, 3, 5));
        let papers: Vec<_> = case.papers.iter().filter(|paper| paper.to == DEFENDANT().person).map(|paper| paper.id).collect();
        let failure = Command::RecordServiceFailure(RecordServiceFailure { papers: papers.clone(), reason: "查无此人".into() });
        act_on(&mut case, failure, &CLERK(), date(2026, 3, 10)).expect("recorded");
        assert!(case.papers.iter().filter(|paper| papers.contains(&paper.id)).all(|paper| matches!(paper.service, ServiceState::Failed { .. })));
        send_all(&mut case, DEFENDANT().person, Method::Direct, date(2026, 3, 11));
    }
}

//! 发出: a paper left the court on one of the ways of service. Sending is not service (R-SVC-02, R-SVC-10).
use super::{Act, Facts, Field, FieldKind, Step};
use crate::case::{Channel, Method, RoleKind, Scope, ServiceState};
use crate::{Actor, Case, Event, Law, Office, PaperId, Refusal, Stage};
use serde::{Deserialize, Serialize};

/// Papers that leave together, in one message or one envelope.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SendPaper {
    pub papers: Vec<PaperId>,
    pub method: Method,
    /// 邮件号 of the letter; empty where there is none.
    #[serde(default)]
    pub reference: String,
}

impl Act for SendPaper {
    const STEP: Step = Step {
        name: "send_paper",
        zh: "登记发出",
        guide: "",
        counter: "",
        who: &[RoleKind::Platform, RoleKind::FilingClerk, RoleKind::Clerk],
        from: &Stage::ALL,
        power: None,
        fields: &[
            Field { name: "papers", zh: "文书", kind: FieldKind::Paper },
            Field { name: "method", zh: "送达方式", kind: FieldKind::Choice(&[("postal", "邮寄送达"), ("direct", "直接送达"), ("entrusted", "委托其他法院送达"), ("transferred", "转交送达")]) },
            Field { name: "reference", zh: "邮件号", kind: FieldKind::Text },
        ],
        papers: &[],
        rules: &["R-SVC-02", "R-SVC-06", "R-SVC-10"],
    };

    fn decide(&self, case: &Case, by: &Actor, _: &Law, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        if self.papers.is_empty() {
            return Err(Refusal::Missing { what: "要发出的文书".into() });
        }
        // Only the platform puts a paper into an inbox: noted by a person it would be sent and nowhere.
        if self.method == Method::Electronic && !matches!(by.office, Some((Office::Platform, _))) {
            let zh = "电子送达由平台发出，不用登记。请登记邮寄送达或者直接送达。".into();
            return Err(Refusal::FieldInvalid { field: "method".into(), zh, rule: "R-SVC-10".into() });
        }
        if matches!(self.method, Method::Left | Method::Announced) {
            let zh = "留置送达在登记送达结果时选择；公告送达请用“公告送达”办理。".into();
            return Err(Refusal::FieldInvalid { field: "method".into(), zh, rule: "R-SVC-02".into() });
        }
        let mut events = Vec::new();
        for id in &self.papers {
            let paper = case.paper(*id).ok_or(Refusal::NoSuchPaper)?;
            if self.method == Method::Electronic && case.channel_of(paper.to, Scope::Service) != Channel::Online {
                return Err(Refusal::NoElectronicConsent);
            }
            if case.superseded(paper) {
                return Err(Refusal::PaperSuperseded);
            }
            match &paper.service {
                ServiceState::Owed => return Err(Refusal::Missing { what: format!("已盖章的{}", paper.paper.zh()) }),
                ServiceState::Served { .. } => return Err(Refusal::AlreadyServed),
                // Sent twice by the same way is once: a retry after a crash.
                ServiceState::Sent { method, .. } if *method == self.method => {}
                // He may have joined meanwhile; by hand, what is announced is not sent besides.
                ServiceState::Sent { method: Method::Announced, .. } if self.method != Method::Electronic => {
                    return Err(super::announce_service::being_announced(case, paper));
                }
                ServiceState::Issued | ServiceState::Sent { .. } | ServiceState::Failed { .. } => {
                    let reference = self.reference.trim().to_owned();
                    events.push(Event::PaperSent { id: *id, method: self.method, at: facts.at, reference });
                }
            }
        }
        Ok(events)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::step::fixture::{CLERK, DEFENDANT, PLAINTIFF, PLATFORM, accepted, act, issue_all};
    use crate::{Command, Paper};

    #[test]
    fn r_svc_10_without_consent_nothing_goes_electronically() {
        let mut case = accepted();
        issue_all(&mut case);
        let id = case.papers.iter().find(|paper| paper.to == DEFENDANT().person).expect("owed").id;
        let send = |method| Command::SendPaper(SendPaper { papers: vec![id], method, reference: String::new() });
        assert_eq!(act(&mut case, send(Method::Electronic), &PLATFORM()), Err(Refusal::NoElectronicConsent));
        act(&mut case, send(Method::Postal), &CLERK()).expect("by post");
    }

    #[test]
    fn r_svc_10_a_clerk_does_not_register_an_electronic_service() {
        let mut case = accepted();
        issue_all(&mut case);
        let id = case.papers.iter().find(|paper| paper.to == PLAINTIFF().person).expect("owed").id;
        let send = || Command::SendPaper(SendPaper { papers: vec![id], method: Method::Electronic, reference: String::new() });
        assert!(matches!(act(&mut case, send(), &CLERK()), Err(Refusal::FieldInvalid { field, .. }) if field == "method"));
        act(&mut case, send(), &PLATFORM()).expect("by the platform, to who consented");
    }

    #[test]
    fn what_is_not_sealed_does_not_leave() {
        let mut case = accepted();
        let id = case.papers.iter().find(|paper| paper.paper == Paper::AcceptanceNotice).expect("owed").id;
        let refused = act(&mut case, Command::SendPaper(SendPaper { papers: vec![id], method: Method::Postal, reference: String::new() }), &CLERK());
        assert!(matches!(refused, Err(Refusal::Missing { .. })));
    }
}

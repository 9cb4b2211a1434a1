//! 申请生效证明: a party asks for the certificate that the judgment has force.
use super::{Act, Facts, Step, acting};
use crate::case::RoleKind;
use crate::{Actor, Case, Event, Law, Refusal, Stage};
use serde::{Deserialize, Serialize};

/// Who asks, the actor says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RequestEffectCertificate {}

impl Act for RequestEffectCertificate {
    const STEP: Step = Step {
        name: "request_effect_certificate",
        zh: "申请生效证明",
        guide: "判决生效后，可以申请法院出具生效证明，用于申请执行、办理登记等。",
        counter: "带身份证到诉讼服务中心窗口申请，当场出具。",
        who: &[RoleKind::Plaintiff, RoleKind::Defendant, RoleKind::Invited, RoleKind::Agent],
        from: &[Stage::Effective, Stage::Archived],
        power: None,
        fields: &[],
        papers: &[],
        rules: &["R-APL-01"],
    };

    fn decide(&self, case: &Case, by: &Actor, _: &Law, _: &Facts) -> Result<Vec<Event>, Refusal> {
        let acting = acting(case, by, &Self::STEP)?;
        if case.effective_on.is_none() {
            return Err(Refusal::NotNow { step: Self::STEP.zh.into(), stage: case.stage });
        }
        // Asked again while the first waits is the same request.
        if case.certificate_requests.contains(&acting.party) {
            return Ok(vec![]);
        }
        Ok(vec![Event::CertificateRequested { by: acting.party }])
    }
}

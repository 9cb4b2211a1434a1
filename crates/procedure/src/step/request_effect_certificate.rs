//! 申请生效证明: a party asks for the certificate that the judgment has force (R-APL-01).
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Command;
    use crate::step::fixture::{OTHER, PLAINTIFF, act_on, effective, judgment_served};
    use jiff::civil::date;

    #[test]
    fn once_in_force_a_party_asks_and_asking_twice_is_once() {
        let ask = || Command::RequestEffectCertificate(RequestEffectCertificate {});
        assert!(matches!(act_on(&mut judgment_served(), ask(), &PLAINTIFF(), date(2026, 4, 25)), Err(Refusal::NotNow { .. })));
        let mut case = effective();
        act_on(&mut case, ask(), &PLAINTIFF(), date(2026, 5, 12)).expect("asked");
        assert_eq!(act_on(&mut case, ask(), &PLAINTIFF(), date(2026, 5, 12)), Ok(vec![]));
        assert_eq!(act_on(&mut case, ask(), &OTHER(), date(2026, 5, 12)), Err(Refusal::NoSuchCase));
    }
}

//! 出具生效证明: the court certifies that and since when the judgment has force, on request of a party (R-APL-01, R-LED-11).
use super::{Act, Facts, Field, FieldKind, Step, owe};
use crate::case::RoleKind;
use crate::{Actor, Case, Event, Law, Paper, PersonId, Refusal, Stage};
use serde::{Deserialize, Serialize};

/// For whom.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct IssueEffectCertificate {
    pub to: PersonId,
}

impl Act for IssueEffectCertificate {
    const STEP: Step = Step {
        name: "issue_effect_certificate",
        zh: "出具生效证明",
        guide: "",
        counter: "",
        who: &[RoleKind::FilingClerk, RoleKind::Clerk],
        from: &[Stage::Decided, Stage::Effective, Stage::Archived],
        power: None,
        fields: &[Field { name: "to", zh: "申请人", kind: FieldKind::Person }],
        papers: &[Paper::EffectivenessCertificate],
        rules: &["R-APL-01", "R-SVC-41", "R-LED-11"],
    };

    fn decide(&self, case: &Case, _: &Actor, _: &Law, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        if case.effective_on.is_none() {
            // Says what is in the way; the platform's record comes with the end of the last period.
            super::record_effect::effect(case, facts)?;
            return Err(Refusal::NotNow { step: Self::STEP.zh.into(), stage: case.stage });
        }
        if case.party(self.to).is_none() {
            return Err(Refusal::FieldInvalid {
                field: "to".into(), zh: "请选择申请生效证明的当事人。".into(), rule: "R-APL-01".into()
            });
        }
        Ok(vec![Event::CertificateIssued { certificate: owe(case, Paper::EffectivenessCertificate, self.to) }])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Command;
    use crate::step::RequestEffectCertificate;
    use crate::step::fixture::{OTHER, PLAINTIFF, act_on, clerk_of, effective, judgment_served};
    use jiff::civil::date;

    #[test]
    fn r_apl_01_never_before_the_judgment_has_force() {
        let issue = |to| Command::IssueEffectCertificate(IssueEffectCertificate { to });
        let mut early = judgment_served();
        let clerk = clerk_of(&early);
        let refused = act_on(&mut early, issue(PLAINTIFF().person), &clerk, date(2026, 5, 7));
        assert_eq!(refused, Err(Refusal::NotEffectiveYet { who: "陈志远".into(), last_day: date(2026, 5, 8) }));
        let mut case = effective();
        act_on(&mut case, Command::RequestEffectCertificate(RequestEffectCertificate {}), &PLAINTIFF(), date(2026, 5, 12)).expect("asked");
        assert!(matches!(act_on(&mut case, issue(OTHER().person), &clerk, date(2026, 5, 12)), Err(Refusal::FieldInvalid { .. })));
        act_on(&mut case, issue(PLAINTIFF().person), &clerk, date(2026, 5, 12)).expect("issued");
        assert!(case.certificate_requests.is_empty());
        assert_eq!(case.papers.last().map(|paper| paper.paper), Some(Paper::EffectivenessCertificate));
        assert!(matches!(act_on(&mut case, issue(PLAINTIFF().person), &PLAINTIFF(), date(2026, 5, 12)), Err(Refusal::NotYours { .. })));
    }
}

//! 核对笔录: each participant reads the record and signs it, on the phone or on paper; a correction asked for and a refusal
//! are noted (R-TRI-33, 《民事诉讼法》(2023) 第150条, 《在线诉讼规则》第34条).
use super::{Act, Facts, Field, FieldKind, Step, acting};
use crate::case::RoleKind;
use crate::paper::Owed;
use crate::trial::RecordSignature;
use crate::{Actor, Case, Event, Law, Paper, PaperId, PersonId, Refusal, Stage};
use serde::{Deserialize, Serialize};

/// A signature, or the clerk's note that it was refused.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ConfirmRecord {
    /// Which sitting; none: the last one.
    #[serde(default)]
    pub hearing: Option<u32>,
    /// 补正申请, noted beside the record.
    #[serde(default)]
    pub correction: String,
    /// Why he does not sign; noted by the clerk for the person at the counter.
    #[serde(default)]
    pub refused: String,
}

impl Act for ConfirmRecord {
    const STEP: Step = Step {
        name: "confirm_record",
        zh: "核对笔录并签名",
        guide: "庭审结束后五日内阅读笔录。认为记录有遗漏或者差错的，可以申请补正；核对无误后签名。在网上确认与在书面笔录上签名效力相同。",
        counter: "庭审结束后当场阅读，在笔录上签名。拒绝签名的，由书记员记明情况。",
        who: &[RoleKind::Plaintiff, RoleKind::Defendant, RoleKind::Invited, RoleKind::Agent, RoleKind::Judge],
        from: &[Stage::Hearing],
        power: None,
        fields: &[
            Field { name: "correction", zh: "申请补正的内容", kind: FieldKind::LongText },
            Field { name: "refused", zh: "拒绝签名的情况", kind: FieldKind::LongText },
        ],
        papers: &[Paper::HearingRecord],
        rules: &["R-TRI-33", "R-FIA-02", "R-IDC-40"],
    };

    fn decide(&self, case: &Case, by: &Actor, _: &Law, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        let of = match (&by.office, by.for_person) {
            (Some(_), None) => by.person,
            (Some(_), Some(_)) | (None, _) => acting(case, by, &Self::STEP)?.party,
        };
        let wanted = self.hearing.or_else(|| case.hearing().map(|hearing| hearing.number)).ok_or(Refusal::NoHearing)?;
        let hearing = case.hearings.iter().find(|hearing| hearing.number == wanted).ok_or(Refusal::NoHearing)?;
        let record = hearing.record.as_ref().filter(|record| record.closed_at.is_some()).ok_or(Refusal::RecordOpen)?;
        if !record.signers.contains(&of) {
            return Err(Refusal::NotYours { step: Self::STEP.zh.into() });
        }
        if record.signatures.iter().any(|signature| signature.of == of) {
            return Err(Refusal::SignedBefore);
        }
        let entered_by = by.for_person.map(|_| by.person);
        let refused = Some(self.refused.trim().to_owned()).filter(|reason| !reason.is_empty());
        if refused.is_some() && entered_by.is_none() {
            let zh = "不同意签名的，不用在这里填写：可以申请补正，或者不签；由书记员记明情况。".into();
            return Err(Refusal::FieldInvalid { field: "refused".into(), zh, rule: "R-TRI-33".into() });
        }
        let signature = RecordSignature {
            of,
            by: by.principal(),
            entered_by,
            refused,
            correction: Some(self.correction.trim().to_owned()).filter(|text| !text.is_empty()),
            digest: record.digest.clone(),
            at: facts.at,
        };
        let last = record.unsigned().all(|signer| signer == of);
        let id = || PaperId(case.id.derive(case.version, Paper::HearingRecord.name()));
        let paper = last.then(|| Owed { id: id(), paper: Paper::HearingRecord, to: PersonId::default() });
        Ok(vec![Event::RecordSigned { number: hearing.number, signature, paper }])
    }
}

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
        guide: "庭审结束后五日内阅读笔录。认为记录有遗漏或者差错的，可以申请补正；核对无误后签名。在网上确认要输入法院发到手机上的验证码，与在书面笔录上签名效力相同。",
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
        let entered_by = by.assisted_by();
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Command;
    use crate::case::ClockState;
    use crate::step::fixture::{CLERK, DEFENDANT, OTHER, PLAINTIFF, act_on, clerk_of, judge_of, opened, recorded};
    use jiff::civil::date;

    fn confirm() -> ConfirmRecord {
        ConfirmRecord::default()
    }

    #[test]
    fn r_tri_33_everybody_signs_on_the_phone_or_on_paper_and_the_last_signature_makes_the_paper() {
        let mut case = recorded();
        let online = ConfirmRecord { correction: "第二行应为“还了三万元”".into(), ..confirm() };
        act_on(&mut case, Command::ConfirmRecord(online), &DEFENDANT(), date(2026, 4, 9)).expect("signed");
        assert_eq!(act_on(&mut case, Command::ConfirmRecord(confirm()), &DEFENDANT(), date(2026, 4, 9)), Err(Refusal::SignedBefore));
        let mut clerk = clerk_of(&case);
        clerk.for_person = Some(PLAINTIFF().person);
        act_on(&mut case, Command::ConfirmRecord(confirm()), &clerk, date(2026, 4, 8)).expect("on paper");
        let judge = judge_of(&case);
        let events = act_on(&mut case, Command::ConfirmRecord(confirm()), &judge, date(2026, 4, 9)).expect("signed");
        assert!(
            matches!(&events[0], Event::RecordSigned { paper: Some(owed), .. } if owed.paper == Paper::HearingRecord && owed.to == PersonId::default())
        );
        let record = case.hearing().and_then(|hearing| hearing.record.as_ref()).expect("one");
        assert!(record.settled());
        let entered: Vec<_> = record.signatures.iter().map(|signature| signature.entered_by.is_some()).collect();
        assert_eq!(entered, [false, true, false]);
        assert!(record.signatures.iter().all(|signature| signature.digest == record.digest));
        assert_eq!(case.clocks.iter().find(|clock| clock.anchor == "record/1").map(|clock| clock.state), Some(ClockState::Met));
    }

    #[test]
    fn r_tri_33_a_refusal_is_noted_by_the_clerk_alone() {
        let mut case = recorded();
        let refusing = || Command::ConfirmRecord(ConfirmRecord { refused: "认为笔录不全，离庭".into(), ..confirm() });
        let own = act_on(&mut case, refusing(), &DEFENDANT(), date(2026, 4, 9));
        assert!(matches!(own, Err(Refusal::FieldInvalid { field, .. }) if field == "refused"));
        let mut clerk = clerk_of(&case);
        clerk.for_person = Some(DEFENDANT().person);
        act_on(&mut case, refusing(), &clerk, date(2026, 4, 9)).expect("noted");
        assert!(!case.hearing().and_then(|hearing| hearing.record.as_ref()).expect("one").settled(), "the others still sign");
    }

    #[test]
    fn who_was_not_there_does_not_sign_and_nothing_open_is_signed() {
        assert_eq!(act_on(&mut recorded(), Command::ConfirmRecord(confirm()), &OTHER(), date(2026, 4, 9)), Err(Refusal::NoSuchCase));
        assert!(matches!(act_on(&mut recorded(), Command::ConfirmRecord(confirm()), &CLERK(), date(2026, 4, 9)), Err(Refusal::NotYours { .. })));
        assert_eq!(act_on(&mut opened(), Command::ConfirmRecord(confirm()), &PLAINTIFF(), date(2026, 4, 8)), Err(Refusal::RecordOpen));
        let second = Command::ConfirmRecord(ConfirmRecord { hearing: Some(2), ..confirm() });
        assert_eq!(act_on(&mut recorded(), second, &PLAINTIFF(), date(2026, 4, 9)), Err(Refusal::NoHearing));
    }
}

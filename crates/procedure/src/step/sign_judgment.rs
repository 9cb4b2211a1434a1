//! 签署判决: every judge signs, then the clerk; with the last signature the judgment is given and owed to every party
//! (R-DOC-03, R-TRI-36, 《民事诉讼法》(2023) 第155条).
use super::{Act, Facts, Step, owe_all};
use crate::case::{Labelled, RoleKind};
use crate::trial::{JudgmentSignature, Level};
use crate::{Actor, Case, Event, Law, Office, Paper, Refusal, Stage};
use serde::{Deserialize, Serialize};

/// One signature under the last draft.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SignJudgment {
    /// The draft that the signer read; none: the last one.
    #[serde(default)]
    pub version: Option<u32>,
}

impl Act for SignJudgment {
    const STEP: Step = Step {
        name: "sign_judgment",
        zh: "签署判决书",
        guide: "",
        counter: "",
        who: &[RoleKind::Judge, RoleKind::Clerk],
        from: &[Stage::Hearing],
        power: None,
        fields: &[],
        papers: &[Paper::CivilJudgment],
        rules: &["R-DOC-03", "R-TRI-33", "R-TRI-36"],
    };

    fn decide(&self, case: &Case, by: &Actor, _: &Law, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        let judgment = case.judgment.as_ref().ok_or(Refusal::Missing { what: "判决书草稿".into() })?;
        if let Some(read) = self.version.filter(|read| *read != judgment.version) {
            let zh = format!("您看的是第 {read} 稿，现在已经是第 {} 稿。请重新阅读后签署。", judgment.version);
            return Err(Refusal::FieldInvalid { field: "version".into(), zh, rule: "R-DOC-03".into() });
        }
        let defects: Vec<_> = judgment.findings.iter().filter(|finding| finding.level == Level::Error).map(|finding| finding.text.clone()).collect();
        if !defects.is_empty() {
            return Err(Refusal::Defects { defects });
        }
        check_records(case)?;
        let (office, _) = by.office.as_ref().ok_or(Refusal::NotYours { step: Self::STEP.zh.into() })?;
        let signed = |person| judgment.signatures.iter().any(|signature| signature.by == person);
        if signed(by.person) {
            return Err(Refusal::SignedBefore);
        }
        let waits = case.judges().find(|(judge, _)| !signed(*judge) && *judge != by.person);
        if let (Office::Clerk, Some((_, name))) = (office, waits) {
            return Err(Refusal::SignsFirst { who: format!("{}{name}", Office::Judge.zh()) });
        }
        let signature = JudgmentSignature { by: by.person, office: *office, version: judgment.version, at: facts.at };
        let mut events = vec![Event::JudgmentSigned { signature }];
        if *office == Office::Clerk {
            events.push(Event::JudgmentGiven { on: facts.today(), papers: owe_all(case, Paper::CivilJudgment, case.parties.iter()) });
        }
        Ok(events)
    }
}

/// Every record of a sitting is closed, and signed or its refusal noted (R-TRI-33).
fn check_records(case: &Case) -> Result<(), Refusal> {
    for hearing in case.hearings.iter().filter(|hearing| hearing.opened_at.is_some()) {
        let record = hearing.record.as_ref().filter(|record| record.closed_at.is_some()).ok_or(Refusal::RecordOpen)?;
        if let Some(waits) = record.unsigned().next() {
            return Err(Refusal::RecordUnsigned { who: case.name_of(waits).to_owned() });
        }
    }
    Ok(())
}

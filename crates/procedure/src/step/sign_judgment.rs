//! 签署判决: every judge signs, then the clerk; with the last signature the judgment is given and owed to every party
//! (R-DOC-03, R-TRI-36, 《民事诉讼法》(2023) 第155条).
use super::{Act, Facts, Step, draft_judgment, owe_all};
use crate::case::{Labelled, RoleKind};
use crate::trial::{JudgmentSignature, Level};
use crate::{Actor, Case, Event, Law, Office, Paper, Refusal, Stage};
use serde::{Deserialize, Serialize};

/// One signature under the last draft.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
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
        // Found anew: the file may have gone on since the draft was saved, and nobody but the zone says that a draft is sound.
        let found = draft_judgment::findings(case, &judgment.text, facts);
        let defects: Vec<_> = found.into_iter().filter(|finding| finding.level == Level::Error).map(|finding| finding.text).collect();
        if !defects.is_empty() {
            return Err(Refusal::Defects { defects });
        }
        if let Some(kind) = case.to_settle() {
            return Err(Refusal::MatterOpen { matter: kind.zh().into() });
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Command;
    use crate::case::ServiceState;
    use crate::step::decide;
    use crate::step::fixture::{
        DEFENDANT, PLAINTIFF, act_on, clerk_of, confirmed, facts_on, given, judge_of, judgment, law, recorded, served,
    };
    use crate::trial::DraftFinding;
    use jiff::civil::date;

    fn sign(version: Option<u32>) -> Command {
        Command::SignJudgment(SignJudgment { version })
    }

    #[test]
    fn r_doc_03_judges_first_then_the_clerk_and_the_judgment_is_owed_to_everybody() {
        let mut case = confirmed();
        let (judge, clerk) = (judge_of(&case), clerk_of(&case));
        act_on(&mut case, Command::DraftJudgment(judgment()), &judge, date(2026, 4, 20)).expect("drafted");
        assert!(matches!(act_on(&mut case, sign(None), &clerk, date(2026, 4, 20)), Err(Refusal::SignsFirst { .. })));
        act_on(&mut case, sign(Some(1)), &judge, date(2026, 4, 20)).expect("signed");
        assert_eq!(act_on(&mut case, sign(None), &judge, date(2026, 4, 20)), Err(Refusal::SignedBefore));
        assert_eq!(case.stage, Stage::Hearing, "not given before the clerk signed");
        act_on(&mut case, sign(None), &clerk, date(2026, 4, 21)).expect("signed");
        assert_eq!((case.stage, case.judgment.as_ref().and_then(|judgment| judgment.given_on)), (Stage::Decided, Some(date(2026, 4, 21))));
        let to: Vec<_> = case.papers.iter().filter(|paper| paper.paper == Paper::CivilJudgment).map(|paper| paper.to).collect();
        assert_eq!(to, [PLAINTIFF().person, DEFENDANT().person]);
        assert!(case.clock("R-LIM-02").is_none(), "the trial limit is kept");
    }

    #[test]
    fn r_tri_36_the_judgment_leaves_for_every_party_at_once_and_for_ten_days_at_most_if_pronounced() {
        let case = given();
        let given_on = case.judgment.as_ref().and_then(|judgment| judgment.given_on);
        let owed: Vec<_> = case.papers.iter().filter(|paper| paper.paper == Paper::CivilJudgment).map(|paper| (paper.to, paper.service.clone())).collect();
        assert_eq!(given_on, Some(date(2026, 4, 20)));
        assert_eq!(owed, [PLAINTIFF(), DEFENDANT()].map(|party| (party.person, ServiceState::Owed)), "with the last signature");
        assert_eq!(law().clock("R-TRI-36", date(2026, 4, 20)).last_day, date(2026, 4, 30));
    }

    #[test]
    fn a_new_draft_takes_the_old_signatures_away() {
        let mut case = confirmed();
        let (judge, clerk) = (judge_of(&case), clerk_of(&case));
        act_on(&mut case, Command::DraftJudgment(judgment()), &judge, date(2026, 4, 20)).expect("drafted");
        act_on(&mut case, sign(Some(1)), &judge, date(2026, 4, 20)).expect("signed");
        act_on(&mut case, Command::DraftJudgment(judgment()), &judge, date(2026, 4, 20)).expect("drafted anew");
        assert!(matches!(act_on(&mut case, sign(None), &clerk, date(2026, 4, 20)), Err(Refusal::SignsFirst { .. })));
        assert!(
            matches!(act_on(&mut case, sign(Some(1)), &judge, date(2026, 4, 20)), Err(Refusal::FieldInvalid { field, .. }) if field == "version")
        );
    }

    #[test]
    fn defects_and_unsigned_records_block_signing() {
        let mut case = confirmed();
        let judge = judge_of(&case);
        assert!(matches!(act_on(&mut case, sign(None), &judge, date(2026, 4, 20)), Err(Refusal::Missing { .. })));
        let mut draft = judgment();
        draft.text.orders.clear();
        act_on(&mut case, Command::DraftJudgment(draft), &judge, date(2026, 4, 20)).expect("drafted");
        assert!(matches!(act_on(&mut case, sign(None), &judge, date(2026, 4, 20)), Err(Refusal::Defects { defects }) if defects.len() == 1));
        let mut unsigned = recorded();
        act_on(&mut unsigned, Command::DraftJudgment(judgment()), &judge, date(2026, 4, 20)).expect("drafted");
        assert_eq!(act_on(&mut unsigned, sign(None), &judge, date(2026, 4, 20)), Err(Refusal::RecordUnsigned { who: "周桂兰".into() }));
    }

    #[test]
    fn r_chk_an_error_that_the_zone_finds_blocks_signing_and_a_warning_does_not() {
        let mut case = confirmed();
        let judge = judge_of(&case);
        act_on(&mut case, Command::DraftJudgment(judgment()), &judge, date(2026, 4, 20)).expect("drafted");
        let found = |level| {
            let finding = DraftFinding { rule: "R-CHK-33".into(), level, text: "数额没有出现".into(), answer: None };
            Facts { defects: vec![finding], ..facts_on(date(2026, 4, 20)) }
        };
        let refused = decide(&case, &sign(None), &judge, law(), &found(Level::Error));
        assert_eq!(refused, Err(Refusal::Defects { defects: vec!["数额没有出现".into()] }), "the draft on record had none");
        decide(&case, &sign(None), &judge, law(), &found(Level::Warning)).expect("a warning is for the judge to weigh");
    }

    #[test]
    fn r_svc_41_the_appeal_period_runs_for_each_from_his_own_service() {
        let mut case = given();
        served(&mut case, Paper::CivilJudgment, PLAINTIFF().person, date(2026, 4, 21));
        served(&mut case, Paper::CivilJudgment, DEFENDANT().person, date(2026, 4, 23));
        let last = |of| case.clocks.iter().find(|clock| clock.anchor == format!("appeal/{of}")).map(|clock| clock.clock.last_day);
        assert_eq!(last(PLAINTIFF().person), Some(date(2026, 5, 6)));
        assert_eq!(last(DEFENDANT().person), Some(date(2026, 5, 8)));
    }
}

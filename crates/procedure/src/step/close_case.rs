//! 结案: the case is closed in the register by its judgment or ruling, once it is served and the file is whole (R-LIM-33,
//! R-ARC-05, R-CAT-07); the three months to the archive begin (R-ARC-01).
use super::{Act, Facts, Step, running};
use crate::case::{Agent, MaterialKind, RoleKind, ServiceState};
use crate::matter::{Ending, Kind};
use crate::kind::CaseKind;
use crate::trial::Closing;
use crate::{Actor, Case, Event, Law, Paper, Refusal, Stage};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Nothing to choose: manner and day follow from the file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CloseCase {}

impl Act for CloseCase {
    const STEP: Step = Step {
        name: "close_case",
        zh: "结案",
        guide: "",
        counter: "",
        who: &[RoleKind::Judge, RoleKind::Clerk],
        from: &[Stage::Preserving, Stage::Decided, Stage::Effective, Stage::Withdrawn, Stage::Terminated, Stage::Dismissed, Stage::Transferred],
        power: None,
        fields: &[],
        papers: &[],
        rules: &["R-LIM-33", "R-ARC-01", "R-ARC-05", "R-CAT-07"],
    };

    fn decide(&self, case: &Case, by: &Actor, law: &Law, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        if case.closing.is_some() {
            return Err(Refusal::ClosedBefore);
        }
        let (paper, manner) = ends_with(case);
        let on = last_service(case, paper)?;
        let mut items = missing(case);
        items.extend(facts.missing.iter().cloned());
        if !items.is_empty() {
            return Err(Refusal::FileIncomplete { items });
        }
        let closing = Closing { on, manner: manner.into(), volumes: facts.volumes.clone(), by: by.person };
        Ok(vec![Event::CaseClosed { closing: Box::new(closing), clock: running("archive", None, law.clock("R-ARC-01", on)) }])
    }
}

/// The paper that ends the case, and the manner of its closing.
pub(super) fn ends_with(case: &Case) -> (Paper, &'static str) {
    match case.stage {
        Stage::Withdrawn if case.ended_by.is_some() => (Paper::MatterRuling, Ending::Withdrawn.manner()),
        Stage::Withdrawn => (Paper::DeemedWithdrawalRuling, "按撤诉处理"),
        Stage::Terminated => (Paper::MatterRuling, Ending::Terminated.manner()),
        Stage::Dismissed => (Paper::MatterRuling, Ending::Dismissed.manner()),
        Stage::Transferred => (Paper::MatterRuling, Ending::Transferred.manner()),
        Stage::Preserving => (Paper::MatterRuling, "作出保全裁定"),
        Stage::New
        | Stage::Submitted
        | Stage::Returned
        | Stage::GivenBack
        | Stage::Refused
        | Stage::Preparing
        | Stage::Hearing
        | Stage::Decided
        | Stage::Effective
        | Stage::Suspended
        | Stage::Archived => (Paper::CivilJudgment, "判决"),
    }
}

/// The day on which the last party got the paper that ends the case (R-LIM-33).
pub(super) fn last_service(case: &Case, paper: Paper) -> Result<Date, Refusal> {
    let mut last: Option<Date> = None;
    // Of a matter's rulings the one that ended the case counts.
    let ruling = |id| case.decision_of(id).is_some_and(|decided| match case.stage {
        // Lifting or renewal comes afterwards.
        Stage::Preserving => decided.kind == Kind::Preservation,
        _ended => Some(decided.number) == case.ended_by,
    });
    let ends = |issued: &&crate::case::IssuedPaper| issued.paper == paper && (paper != Paper::MatterRuling || ruling(issued.id));
    for issued in case.papers.iter().filter(ends) {
        match &issued.service {
            ServiceState::Served { on, .. } => last = last.max(Some(*on)),
            ServiceState::Owed | ServiceState::Issued | ServiceState::Sent { .. } | ServiceState::Failed { .. } => {
                return Err(Refusal::NotServedOn { paper: paper.zh().into(), who: case.name_of(issued.to).to_owned() });
            }
        }
    }
    last.ok_or(Refusal::Missing { what: paper.zh().into() })
}

/// What R-CAT-07 asks for and the case lacks. What need not exist in every case (answer, power of attorney) is not asked for.
pub fn missing(case: &Case) -> Vec<String> {
    let mut items = Vec::new();
    let mut need = |there: bool, what: &str| {
        if !there {
            items.push(what.to_owned());
        }
    };
    let filed = |kind| case.statement.iter().flat_map(|statement| &statement.materials).any(|material| material.kind == kind);
    need(case.statement.is_some(), "起诉状");
    // Handed in with the complaint, or when the agent was named later.
    let named_later = |agent: &Agent| case.authorities.iter().any(|authority| authority.agent.person == agent.person);
    need(filed(MaterialKind::PowerOfAttorney) || case.agents.iter().all(named_later), "授权委托书");
    need(case.papers.iter().all(|paper| paper.service != ServiceState::Owed || case.superseded(paper)), "待生成的文书");
    if !matches!(case.stage, Stage::Withdrawn | Stage::Terminated | Stage::Dismissed | Stage::Transferred) {
        let relief = case.fee.as_ref().and_then(|fee| fee.relief.as_ref()).and_then(|relief| relief.granted);
        // An application whose fee never came is closed, too; what is owed stays owed.
        let paid = case.kind == CaseKind::Preservation || case.fee.as_ref().is_none_or(|fee| !fee.outstanding());
        need(paid || relief == Some(true), "诉讼费收据");
        need(case.kind == CaseKind::Preservation || case.hearings.iter().any(|hearing| hearing.record.as_ref().is_some_and(crate::trial::HearingRecord::settled)), "庭审笔录");
    }
    items
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Command;
    use crate::case::{Authority, Material};
    use crate::step::fixture::{DEFENDANT, OTHER, PLAINTIFF, exhibit, act_on, clerk_of, given, issue_all, judgment_served, paid, served};
    use jiff::civil::date;

    fn close() -> Command {
        Command::CloseCase(CloseCase {})
    }

    #[test]
    fn r_lim_33_the_closing_date_is_the_last_service_and_the_archive_waits_three_months() {
        let mut case = given();
        let clerk = clerk_of(&case);
        served(&mut case, Paper::CivilJudgment, PLAINTIFF().person, date(2026, 4, 21));
        let refused = act_on(&mut case, close(), &clerk, date(2026, 4, 22));
        assert_eq!(refused, Err(Refusal::NotServedOn { paper: "民事判决书".into(), who: "陈志远".into() }));
        served(&mut case, Paper::CivilJudgment, DEFENDANT().person, date(2026, 4, 23));
        let refused = act_on(&mut case, close(), &clerk, date(2026, 4, 24));
        assert_eq!(refused, Err(Refusal::FileIncomplete { items: vec!["诉讼费收据".into()] }), "R-ARC-05");
        let mut case = paid(case);
        act_on(&mut case, close(), &clerk, date(2026, 4, 24)).expect("closed");
        let closing = case.closing.as_ref().expect("closed");
        assert_eq!((closing.on, closing.manner.as_str(), closing.volumes.len()), (date(2026, 4, 23), "判决", 1));
        assert_eq!(case.clock("R-ARC-01").expect("runs").clock.last_day, date(2026, 7, 23));
        assert_eq!(act_on(&mut case, close(), &clerk, date(2026, 4, 24)), Err(Refusal::ClosedBefore));
    }

    #[test]
    fn r_cat_07_what_is_missing_is_named() {
        let mut case = judgment_served();
        issue_all(&mut case);
        case.hearings.clear();
        assert_eq!(missing(&case), ["诉讼费收据", "庭审笔录"]);
        let agent = Agent { person: OTHER().person, name: "沈知白".into(), of: DEFENDANT().person, powers: vec![], matters: String::new() };
        case.agents.push(agent.clone());
        assert_eq!(missing(&case), ["授权委托书", "诉讼费收据", "庭审笔录"]);
        // Named after the filing: the power lies with the appointment.
        let power = Material { kind: MaterialKind::PowerOfAttorney, purpose: None, ..exhibit("授权委托书") };
        let at = "2026-03-20T02:00:00Z".parse().expect("a time");
        case.authorities.push(Authority { agent, materials: vec![power], at, revoked_at: None });
        assert_eq!(missing(&case), ["诉讼费收据", "庭审笔录"]);
    }
}

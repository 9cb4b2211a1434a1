//! 提交立案材料: a complaint is handed in and always received, with a dated receipt (R-FIL-10, 《登记立案规定》第2条).
use super::appoint_agent::apart;
use super::choose_channel::check_inbox;
use super::{Act, Facts, Field, FieldKind, Step, running};
use crate::case::{Agent, Channel, Choice, MaterialKind, Party, RoleKind, Side, Statement};
use crate::case::Labelled;
use crate::cause::Cause;
use crate::event::FilingSubmitted;
use crate::kind::{CaseKind, usual};
use crate::{Actor, Case, Event, Law, Refusal, Stage};
use serde::{Deserialize, Serialize};

/// The filing as the person confirmed it, with what he chose for the way of each part.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SubmitFiling {
    /// 收件编号, given by the zone that acknowledged the submission.
    pub receipt_no: String,
    /// What is asked for: a suit, or what its cause file says.
    #[serde(default, skip_serializing_if = "usual")]
    pub kind: CaseKind,
    pub parties: Vec<Party>,
    pub agents: Vec<Agent>,
    pub statement: Statement,
    pub channel: Channel,
    pub choices: Vec<Choice>,
}

impl Act for SubmitFiling {
    const STEP: Step = Step {
        name: "submit_filing",
        zh: "提交立案材料",
        guide: "写好起诉状，附上身份证明和证据，提交给有管辖权的法院。法院当场出具注明日期的书面凭证。",
        counter: "带身份证和材料到诉讼服务中心窗口；书写确有困难的，可以口头起诉，由工作人员记录。",
        who: &[RoleKind::Filer],
        from: &[Stage::New],
        power: None,
        fields: &[Field { name: "statement", zh: "起诉内容", kind: FieldKind::Statement }],
        papers: &[],
        rules: &["R-FIL-01", "R-FIL-02", "R-FIL-03", "R-FIL-10", "R-FIL-11", "R-IDC-10"],
    };

    fn decide(&self, _: &Case, by: &Actor, law: &Law, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        check_statement(&self.parties, &self.statement)?;
        check_kind(self.kind, &self.statement)?;
        let filer = by.principal();
        let files_for_himself = self.parties.iter().any(|party| party.person == filer && party.side == Side::Plaintiff);
        let files_as_agent = self.agents.iter().any(|agent| agent.person == filer);
        if !files_for_himself && !files_as_agent {
            return Err(Refusal::NotYours { step: Self::STEP.zh.into() });
        }
        check_agents(&self.agents, &self.parties, &self.statement)?;
        self.agents.iter().try_for_each(|agent| apart(agent.person, agent.of, (&self.parties, &self.agents), facts))?;
        super::choose_channel::check_online(self.choices.iter().map(|choice| (choice.scope, choice.channel)))?;
        for choice in &self.choices {
            check_inbox(by, choice.person, &[(choice.scope, choice.channel)], facts)?;
        }
        let clock = running("review", None, law.clock("R-FIL-11", facts.today()));
        Ok(vec![Event::FilingSubmitted(Box::new(FilingSubmitted {
            receipt_no: self.receipt_no.clone(),
            kind: self.kind,
            parties: self.parties.clone(),
            agents: self.agents.clone(),
            statement: self.statement.clone(),
            channel: self.channel,
            assisted_by: by.assisted_by(),
            choices: self.choices.clone(),
            at: facts.at,
            clock,
        }))])
    }
}

/// A cause belongs to its kind of case.
pub(super) fn check_kind(kind: CaseKind, statement: &Statement) -> Result<(), Refusal> {
    match Cause::by_number(&statement.cause) {
        Some(cause) if cause.case_kind() != kind => {
            let zh = format!("“{}”不是{}的案由，请另行提交。", cause.name, kind.zh());
            Err(Refusal::FieldInvalid { field: "cause".into(), zh, rule: "R-OVR-11".into() })
        }
        Some(_) | None => Ok(()),
    }
}

/// Claims of one suit: more are no claims, but lists.
pub const MOST_CLAIMS: usize = 50;

/// What every statement needs before it can be received as a complaint (R-FIL-01, R-FIL-02).
pub(super) fn check_statement(parties: &[Party], statement: &Statement) -> Result<(), Refusal> {
    if !parties.iter().any(|party| party.side == Side::Defendant) {
        return Err(Refusal::NoDefendant);
    }
    if let Some(nameless) = parties.iter().find(|party| party.name.trim().is_empty()) {
        let (field, zh) = match nameless.side {
            Side::Plaintiff => ("plaintiff.name", "请写明原告的姓名或者名称。"),
            Side::Defendant => ("defendant.name", "请写明被告的姓名或者名称。"),
        };
        return Err(Refusal::FieldInvalid { field: field.into(), zh: zh.into(), rule: "R-FIL-02".into() });
    }
    if statement.claims.len() > MOST_CLAIMS {
        let zh = format!("诉讼请求不超过 {MOST_CLAIMS} 项，请合并同类的请求，明细写在事实和理由里或者作为材料提交。");
        return Err(Refusal::FieldInvalid { field: "claims".into(), zh, rule: "R-FIL-01".into() });
    }
    if statement.claims.iter().all(|claim| claim.trim().is_empty()) {
        return Err(Refusal::NoClaim);
    }
    if statement.amount.0 < 0 {
        return Err(Refusal::FieldInvalid {
            field: "amount".into(), zh: "诉讼标的额不能是负数，请核对各项金额。".into(), rule: "R-FEE-01".into()
        });
    }
    Ok(())
}

/// At most two agents a party, and a power of attorney for each (R-IDC-10, 《民事诉讼法》(2023) 第61、62条).
fn check_agents(agents: &[Agent], parties: &[Party], statement: &Statement) -> Result<(), Refusal> {
    for party in parties {
        if agents.iter().filter(|agent| agent.of == party.person).count() > 2 {
            let zh = format!("{}的诉讼代理人超过两人，请只保留一至二人。", party.name);
            return Err(Refusal::FieldInvalid { field: "agents".into(), zh, rule: "R-IDC-10".into() });
        }
    }
    let has_power = statement.materials.iter().any(|material| material.kind == MaterialKind::PowerOfAttorney);
    if !agents.is_empty() && !has_power {
        return Err(Refusal::MaterialMissing { item: "授权委托书".into() });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::case::Stage;
    use crate::step::fixture::{CLERK, OTHER, PLAINTIFF, act, filing, new_case, submitted};
    use crate::{Command, Refusal};
    use jiff::civil::date;

    #[test]
    fn r_fil_10_a_complaint_is_received_and_the_seven_days_run_from_the_next_day() {
        let case = submitted();
        assert_eq!(case.stage, Stage::Submitted);
        let clock = case.clock("R-FIL-11").expect("review runs");
        assert_eq!((clock.clock.first_day, clock.clock.last_day), (date(2026, 3, 3), date(2026, 3, 9)));
    }

    #[test]
    fn r_fil_01_without_a_claim_or_a_defendant_there_is_nothing_to_receive() {
        let mut filing = filing();
        filing.statement.claims = vec![" ".into()];
        assert_eq!(act(&mut new_case(), Command::SubmitFiling(filing.clone()), &PLAINTIFF()), Err(Refusal::NoClaim));
        filing.parties.retain(|party| party.side == crate::case::Side::Plaintiff);
        assert_eq!(act(&mut new_case(), Command::SubmitFiling(filing), &PLAINTIFF()), Err(Refusal::NoDefendant));
    }

    #[test]
    fn nobody_files_for_another_without_being_his_agent() {
        let refused = act(&mut new_case(), Command::SubmitFiling(filing()), &OTHER());
        assert_eq!(refused, Err(Refusal::NotYours { step: "提交立案材料".into() }));
    }

    #[test]
    fn r_idc_40_the_clerk_enters_a_counter_filing_and_both_names_stand() {
        let mut clerk = CLERK();
        clerk.for_person = Some(PLAINTIFF().person);
        let mut case = new_case();
        let electronic = act(&mut case, Command::SubmitFiling(filing()), &clerk);
        assert!(matches!(electronic, Err(Refusal::FieldInvalid { rule, .. }) if rule == "R-SVC-10"), "no account, no inbox");
        let mut filing = filing();
        filing.choices.retain(|choice| choice.scope != crate::case::Scope::Service);
        let events = act(&mut case, Command::SubmitFiling(filing), &clerk).expect("entered at the counter");
        let crate::Event::FilingSubmitted(filed) = &events[0] else { panic!("a filing") };
        assert_eq!(filed.assisted_by, Some(CLERK().person));
        assert_eq!(
            act(&mut new_case(), Command::SubmitFiling(crate::step::fixture::filing()), &CLERK()),
            Err(Refusal::NotYours { step: "提交立案材料".into() })
        );
    }
}

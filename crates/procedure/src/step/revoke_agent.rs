//! 解除委托: a party ends the authority of an agent; for the platform it ends when the court has the notice, and the other
//! side is told (R-IDC-12, 《民事诉讼法》(2023) 第63条).
use super::{Act, Acting, Facts, Field, FieldKind, Step, acting};
use crate::case::RoleKind;
use crate::{Actor, Case, Event, Law, PersonId, Refusal, Stage};
use serde::{Deserialize, Serialize};

/// Whose authority ends.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RevokeAgent {
    pub agent: PersonId,
}

impl Act for RevokeAgent {
    const STEP: Step = Step {
        name: "revoke_agent",
        zh: "解除委托",
        guide: "不再委托代理人，或者要改变代理权限的，书面告知法院，由法院通知对方。法院收到以前代理人办的事仍然有效。",
        counter: "到诉讼服务中心窗口提交解除委托的书面说明。",
        who: &[RoleKind::Plaintiff, RoleKind::Defendant, RoleKind::Invited],
        from: &[Stage::Submitted, Stage::Returned, Stage::Preserving, Stage::Preparing, Stage::Hearing, Stage::Decided],
        power: None,
        fields: &[Field { name: "agent", zh: "解除哪一位代理人", kind: FieldKind::Person }],
        papers: &[],
        rules: &["R-IDC-12"],
    };

    fn decide(&self, case: &Case, by: &Actor, _: &Law, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        let Acting { party, assisted_by, .. } = acting(case, by, &Self::STEP)?;
        let agent = case.agents.iter().find(|agent| agent.person == self.agent && agent.of == party);
        let agent = agent.ok_or_else(|| Refusal::FieldInvalid {
            field: "agent".into(),
            zh: "没有这位代理人，请刷新页面后重新选择。".into(),
            rule: "R-IDC-12".into(),
        })?;
        Ok(vec![Event::AgentRevoked { agent: agent.person, of: party, at: facts.at, assisted_by }])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Command;
    use crate::case::{Agent, Scope};
    use crate::step::ChooseChannel;
    use crate::step::fixture::{DEFENDANT, OTHER, PLAINTIFF, act_on, joined};
    use jiff::civil::date;

    #[test]
    fn r_idc_12_from_the_notice_on_the_agent_is_nobody_in_the_case() {
        let mut case = joined();
        let agent = OTHER().person;
        case.agents.push(Agent { person: agent, name: "沈知白".into(), of: DEFENDANT().person, powers: vec![], matters: String::new() });
        let revoke = || Command::RevokeAgent(RevokeAgent { agent });
        assert!(matches!(act_on(&mut case, revoke(), &PLAINTIFF(), date(2026, 3, 12)), Err(Refusal::FieldInvalid { .. })), "not the plaintiff's");
        let choose = || {
            let choices = vec![(Scope::Answer, crate::case::Channel::Online)];
            Command::ChooseChannel(ChooseChannel { choices, text: "2026-1".into() })
        };
        act_on(&mut case, choose(), &Actor::agent(agent, DEFENDANT().person), date(2026, 3, 12)).expect("still his agent");
        act_on(&mut case, revoke(), &DEFENDANT(), date(2026, 3, 12)).expect("ended");
        assert_eq!(act_on(&mut case, choose(), &Actor::agent(agent, DEFENDANT().person), date(2026, 3, 12)), Err(Refusal::NoSuchCase));
    }
}

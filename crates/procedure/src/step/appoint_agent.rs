//! 委托诉讼代理人: a party names an agent, with the matters and the scope of his authority (R-IDC-10, R-IDC-11,
//! 《民事诉讼法》(2023) 第61、62条).
use super::{Act, Acting, Facts, Field, FieldKind, Step, acting, submit_evidence::check_name};
use crate::case::{Agent, Authority, Material, MaterialKind, Party, Power, RoleKind};
use crate::{Actor, Case, Event, Law, PersonId, Refusal, Stage};
use serde::{Deserialize, Serialize};

/// The agent and what he may do. His number and telephone go to the vault under `person`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AppointAgent {
    pub person: PersonId,
    pub name: String,
    /// 委托事项
    pub matters: String,
    /// 特别授权; none is 一般授权.
    pub powers: Vec<Power>,
    pub materials: Vec<Material>,
}

/// Powers as forms offer them: value and word.
pub const POWERS: &[(&str, &str)] = &[
    ("admit", "代为承认诉讼请求"),
    ("waive", "代为放弃诉讼请求"),
    ("change", "代为变更诉讼请求"),
    ("settle", "进行和解"),
    ("counterclaim", "提起反诉"),
    ("appeal", "提起上诉"),
];

/// Agents that one party may have (R-IDC-10).
const MOST: usize = 2;

impl Act for AppointAgent {
    const STEP: Step = Step {
        name: "appoint_agent",
        zh: "委托诉讼代理人",
        guide: "可以委托一至二人代理诉讼。授权委托书要写明委托事项和权限；代为承认、放弃、变更诉讼请求，进行和解，提起反诉或者上诉，要有特别授权。",
        counter: "带授权委托书和代理人的身份证件、律师执业证等材料到诉讼服务中心窗口提交。",
        who: &[RoleKind::Plaintiff, RoleKind::Defendant, RoleKind::Invited],
        from: &[Stage::Submitted, Stage::Returned, Stage::Preserving, Stage::Preparing, Stage::Hearing, Stage::Decided],
        power: None,
        fields: &[
            Field { name: "name", zh: "代理人姓名", kind: FieldKind::Text },
            Field { name: "matters", zh: "委托事项", kind: FieldKind::LongText },
            Field { name: "powers", zh: "特别授权（不选为一般授权）", kind: FieldKind::Choice(POWERS) },
            Field { name: "materials", zh: "授权委托书和代理人身份材料", kind: FieldKind::Files },
        ],
        papers: &[],
        rules: &["R-IDC-10", "R-IDC-11", "R-IDC-40"],
    };

    fn decide(&self, case: &Case, by: &Actor, _: &Law, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        let Acting { party, channel, assisted_by, .. } = acting(case, by, &Self::STEP)?;
        let (name, matters) = (self.name.trim(), self.matters.trim());
        check_agent(case, party, self.person, name)?;
        apart(self.person, party, (&case.parties, &case.agents), facts)?;
        // Namesakes there are; the window sees the papers of both.
        let other = |known: &Party| plain(&known.name) == plain(name) && case.party(party).is_some_and(|own| own.side != known.side);
        if by.office.is_none() && case.parties.iter().any(other) {
            let zh = format!("{name}与对方当事人同名。对方当事人不能做您的代理人；确是同名的另一人，请带双方的证件到诉讼服务中心窗口提交。");
            return Err(Refusal::FieldInvalid { field: "name".into(), zh, rule: "R-IDC-10".into() });
        }
        if matters.is_empty() {
            let zh = "请写明委托代理人办什么事，例如 代理本案一审诉讼。".into();
            return Err(Refusal::FieldInvalid { field: "matters".into(), zh, rule: "R-IDC-11".into() });
        }
        self.materials.iter().enumerate().try_for_each(|(place, material)| check_name(place, material))?;
        if !self.materials.iter().any(|material| material.kind == MaterialKind::PowerOfAttorney) {
            return Err(Refusal::MaterialMissing { item: "授权委托书".into() });
        }
        let mut powers = self.powers.clone();
        powers.sort_unstable();
        powers.dedup();
        let agent = Agent { person: self.person, name: name.into(), of: party, powers, matters: matters.into() };
        let authority = Authority { agent, materials: self.materials.clone(), at: facts.at, revoked_at: None };
        Ok(vec![Event::AgentAppointed { authority: Box::new(authority), channel, assisted_by }])
    }
}

/// A name, no more than two agents of this party, and nobody who stands in the case himself.
fn check_agent(case: &Case, party: PersonId, agent: PersonId, name: &str) -> Result<(), Refusal> {
    let invalid = |zh: String| Err(Refusal::FieldInvalid { field: "name".into(), zh, rule: "R-IDC-10".into() });
    if name.is_empty() || name.chars().count() > 80 || name.chars().any(char::is_control) {
        return invalid("请按身份证件填写代理人的姓名。".into());
    }
    if case.party(agent).is_some() || case.agents.iter().any(|known| known.person == agent && known.of != party) {
        return invalid("对方当事人或者他的代理人不能做您的代理人，请另行委托。".into());
    }
    let own = case.agents.iter().filter(|known| known.of == party);
    if own.clone().any(|known| known.person == agent || plain(&known.name) == plain(name)) {
        return invalid(format!("{name}已经是您的代理人。要改变权限的，请先解除委托，再重新提交授权委托书。"));
    }
    if own.count() >= MOST {
        return invalid(format!("{}的诉讼代理人已有 {MOST} 人。要换人的，请先解除原来的委托。", case.name_of(party)));
    }
    Ok(())
}

/// A name without the spaces that somebody put between its characters.
fn plain(name: &str) -> String {
    name.chars().filter(|c| !c.is_whitespace()).collect()
}

/// Nobody who is a party is an agent of the case, nor the other side's agent this side's, whatever name he is given: the numbers
/// of their papers tell (R-IDC-10, 《律师法》第39条).
pub(super) fn apart(agent: PersonId, of: PersonId, (parties, agents): (&[Party], &[Agent]), facts: &Facts) -> Result<(), Refusal> {
    let side = |person: PersonId| parties.iter().find(|party| party.person == person).map(|party| party.side);
    let barred = |known: PersonId| {
        side(known).is_some() || agents.iter().any(|other| other.person == known && side(other.of) != side(of))
    };
    if facts.same.iter().any(|(person, known)| *person == agent && barred(*known)) {
        let zh = "这是本案当事人或者对方代理人的证件号码，他不能做本案这一方的代理人，请另行委托。".into();
        return Err(Refusal::FieldInvalid { field: "number".into(), zh, rule: "R-IDC-10".into() });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::step::{FileAppeal, decide};
    use crate::step::fixture::{CLERK, DEFENDANT, OTHER, PLAINTIFF, accepted, act_on, exhibit, joined, judgment_served, law, noon};
    use crate::{Command, case::Labelled};
    use jiff::civil::date;
    use uuid::Uuid;

    fn appointing(n: u128, powers: Vec<Power>) -> AppointAgent {
        let power = Material { kind: MaterialKind::PowerOfAttorney, purpose: None, ..exhibit("授权委托书") };
        let person = PersonId(Uuid::from_u128(n));
        AppointAgent { person, name: format!("代理人{n}"), matters: "代理本案一审诉讼".into(), powers, materials: vec![power] }
    }

    #[test]
    fn r_idc_11_each_act_of_an_agent_asks_for_its_own_power() {
        let mut case = judgment_served();
        let appeal = || Command::FileAppeal(FileAppeal { requests: "撤销一审判决".into(), reasons: "已还两万元".into(), materials: vec![], posted_on: None });
        act_on(&mut case, Command::AppointAgent(appointing(50, vec![])), &DEFENDANT(), date(2026, 4, 24)).expect("general authority");
        let agent = |n| Actor::agent(PersonId(Uuid::from_u128(n)), DEFENDANT().person);
        let refused = act_on(&mut case, appeal(), &agent(50), date(2026, 4, 27));
        assert_eq!(refused, Err(Refusal::PowerMissing { step: "提起上诉".into(), needed: Power::Appeal }));
        act_on(&mut case, Command::AppointAgent(appointing(51, vec![Power::Appeal])), &DEFENDANT(), date(2026, 4, 27)).expect("special authority");
        let events = act_on(&mut case, appeal(), &agent(51), date(2026, 4, 27)).expect("appealed for his principal");
        assert!(matches!(&events[0], Event::AppealFiled { appeal, .. } if appeal.by == DEFENDANT().person));
    }

    #[test]
    fn r_idc_10_two_agents_a_party_and_none_from_the_other_side() {
        let mut case = joined();
        let mut appoint = |command: AppointAgent| act_on(&mut case, Command::AppointAgent(command), &DEFENDANT(), date(2026, 3, 12));
        appoint(appointing(50, vec![])).expect("the first");
        appoint(appointing(51, vec![])).expect("the second");
        for person in [OTHER().person, PLAINTIFF().person] {
            let refused = appoint(AppointAgent { person, ..appointing(52, vec![]) });
            assert!(matches!(refused, Err(Refusal::FieldInvalid { rule, .. }) if rule == "R-IDC-10"));
        }
        assert_eq!(POWERS.len(), 6);
        assert!(POWERS.iter().any(|(_, zh)| *zh == Power::Appeal.zh()));
    }

    #[test]
    fn r_idc_10_the_number_of_his_papers_tells_who_an_agent_is() {
        let mut case = joined();
        let person = PersonId(Uuid::from_u128(50));
        let appoint = |case: &mut Case, known: PersonId, by: Actor, person: PersonId| {
            let facts = Facts { same: vec![(person, known)], ..Facts::at(noon(date(2026, 3, 12))) };
            let command = Command::AppointAgent(AppointAgent { person, ..appointing(50, vec![]) });
            decide(case, &command, &by, law(), &facts).map(|events| events.iter().for_each(|event| case.apply(event)))
        };
        let barred = |refused: Result<(), Refusal>| matches!(refused, Err(Refusal::FieldInvalid { field, .. }) if field == "number");
        assert!(barred(appoint(&mut case, PLAINTIFF().person, DEFENDANT(), person)), "the other party under another name");
        assert!(barred(appoint(&mut case, DEFENDANT().person, DEFENDANT(), person)), "himself");
        assert_eq!(appoint(&mut case, OTHER().person, DEFENDANT(), person), Ok(()), "who stands nowhere in the case");
        let again = PersonId(Uuid::from_u128(51));
        assert!(barred(appoint(&mut case, person, PLAINTIFF(), again)), "the other side's agent");
    }

    #[test]
    fn r_idc_10_a_namesake_of_the_other_party_shows_his_papers_at_the_window() {
        let mut case = joined();
        let name = case.name_of(PLAINTIFF().person).to_owned();
        let command = || Command::AppointAgent(AppointAgent { name: name.chars().map(|c| format!("{c} ")).collect(), ..appointing(50, vec![]) });
        let refused = act_on(&mut case, command(), &DEFENDANT(), date(2026, 3, 12));
        assert!(matches!(refused, Err(Refusal::FieldInvalid { field, zh, .. }) if field == "name" && zh.contains("窗口")));
        let mut clerk = CLERK();
        clerk.for_person = Some(DEFENDANT().person);
        act_on(&mut case, command(), &clerk, date(2026, 3, 12)).expect("entered");
    }

    #[test]
    fn r_idc_11_the_authority_is_in_writing_and_says_for_what() {
        let refused = |change: &dyn Fn(&mut AppointAgent)| {
            let mut command = appointing(50, vec![]);
            change(&mut command);
            act_on(&mut joined(), Command::AppointAgent(command), &DEFENDANT(), date(2026, 3, 12)).expect_err("refused")
        };
        assert_eq!(refused(&|command| command.materials.clear()), Refusal::MaterialMissing { item: "授权委托书".into() });
        assert!(matches!(refused(&|command| command.matters = " ".into()), Refusal::FieldInvalid { field, .. } if field == "matters"));
    }

    #[test]
    fn r_idc_22_who_did_not_join_names_his_agent_at_the_counter() {
        let mut case = accepted();
        let command = || Command::AppointAgent(appointing(50, vec![]));
        assert!(matches!(act_on(&mut case, command(), &DEFENDANT(), date(2026, 3, 5)), Err(Refusal::NotYours { .. })));
        let mut clerk = CLERK();
        clerk.for_person = Some(DEFENDANT().person);
        act_on(&mut case, command(), &clerk, date(2026, 3, 5)).expect("entered");
        assert_eq!(case.agents[0].of, DEFENDANT().person);
    }
}

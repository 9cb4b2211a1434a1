//! 选择线上或者线下: each part on its own, changeable, and never carried over to another part (R-IDC-20..23, R-IDC-25, 《在线诉讼规则》第4、5条).
use super::{Act, Facts, Field, FieldKind, Step};
use crate::case::{Channel, Choice, RoleKind, Scope};
use crate::{Actor, Case, Event, Law, PersonId, Refusal, Stage};
use serde::{Deserialize, Serialize};

/// What a person chose after he was told what it means.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ChooseChannel {
    pub choices: Vec<(Scope, Channel)>,
    /// Edition of the text that was shown (rights, duties, consequences, how to).
    pub text: String,
}

impl Act for ChooseChannel {
    const STEP: Step = Step {
        name: "choose_channel",
        zh: "选择线上或者线下",
        guide: "送达、答辩、证据交换可以分别选择在网上还是到法院办理，开始前随时可以改；已经在网上办完的仍然有效。开庭在法庭进行。",
        counter: "打 12368 或者到窗口说明，由工作人员代为登记。",
        who: &[RoleKind::Plaintiff, RoleKind::Defendant, RoleKind::Agent],
        from: &[Stage::Submitted, Stage::Returned, Stage::Preserving, Stage::Preparing, Stage::Hearing, Stage::Decided],
        power: None,
        fields: &[Field { name: "choices", zh: "办理方式", kind: FieldKind::Choice(&[("online", "网上"), ("counter", "窗口")]) }],
        papers: &[],
        rules: &["R-IDC-20", "R-IDC-21", "R-IDC-23", "R-IDC-25", "R-SVC-10", "R-SVC-11", "R-TRI-23"],
    };

    fn decide(&self, case: &Case, by: &Actor, _: &Law, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        if self.choices.is_empty() {
            return Err(Refusal::Missing { what: "选择".into() });
        }
        check_online(self.choices.iter().copied())?;
        let person = represented(case, by);
        check_electronic(case, by, person, &self.choices, facts)?;
        let choice = |(scope, channel): &(Scope, Channel)| Choice { person, scope: *scope, channel: *channel, text: self.text.clone(), at: facts.at };
        let chosen = Event::ChannelChosen { choices: self.choices.iter().map(choice).collect() };
        Ok(std::iter::once(chosen).chain(confirmed(person, facts)).collect())
    }
}

/// What can be done online. A hearing needs a complete online courtroom (R-TRI-23); until this house has one, everybody comes
/// to the courtroom.
pub(super) fn check_online(mut choices: impl Iterator<Item = (Scope, Channel)>) -> Result<(), Refusal> {
    if choices.any(|choice| choice == (Scope::Hearing, Channel::Online)) {
        let zh = "本院还没有在线法庭，不能在网上开庭。开庭请选择“窗口”，到传票写明的法庭参加。".into();
        return Err(Refusal::FieldInvalid { field: "choices".into(), zh, rule: "R-TRI-23".into() });
    }
    Ok(())
}

/// Electronic service needs an inbox that somebody owns, so an account that is linked, and an address that the person
/// confirmed (R-SVC-10, R-SVC-11, 《在线诉讼规则》第29、30条).
pub(super) fn check_electronic(case: &Case, by: &Actor, person: PersonId, choices: &[(Scope, Channel)], facts: &Facts) -> Result<(), Refusal> {
    check_inbox(by, person, choices, facts)?;
    if choices.contains(&(Scope::Service, Channel::Online)) && !case.confirmed_address(person) && confirmed(person, facts).is_none() {
        let zh = "选择电子送达的，要先确认送达地址。请填写能寄到的地址和联系电话。";
        return Err(Refusal::FieldInvalid { field: "address".into(), zh: zh.into(), rule: "R-SVC-11".into() });
    }
    Ok(())
}

/// Online the account itself acts; at the counter nobody has shown one, and an inbox without an owner reaches nobody.
pub(super) fn check_inbox(by: &Actor, person: PersonId, choices: &[(Scope, Channel)], facts: &Facts) -> Result<(), Refusal> {
    let electronic = choices.contains(&(Scope::Service, Channel::Online));
    if electronic && by.assisted_by().is_some() && !facts.linked.contains(&person) {
        let zh = "电子送达要送到本人实名账号的收件箱，这位当事人还没有关联账号。现在请选择窗口（邮寄、领取）；凭《在线参加诉讼告知书》上的加入码关联账号后，可以改选电子送达。";
        return Err(Refusal::FieldInvalid { field: "choices".into(), zh: zh.into(), rule: "R-SVC-10".into() });
    }
    Ok(())
}

/// What the confirmation of this person's address puts on record.
pub(super) fn confirmed(person: PersonId, facts: &Facts) -> Option<Event> {
    let own = facts.confirmation.as_ref().filter(|confirmation| confirmation.person == person);
    own.map(|confirmation| Event::AddressConfirmed(Box::new(confirmation.clone())))
}

/// The party for whom this actor acts: himself, or the principal whom he names, or the only one he has.
pub(super) fn represented(case: &Case, by: &Actor) -> PersonId {
    if let (None, Some(of)) = (&by.office, by.for_person) {
        return of;
    }
    let person = by.principal();
    let agent = case.agents.iter().find(|agent| agent.person == person && case.party(person).is_none());
    agent.map_or(person, |agent| agent.of)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::{Method, ServiceState};
    use crate::step::fixture::{
        CLERK, DEFENDANT, OTHER, PLAINTIFF, PLATFORM, accepted, act, act_on, facts_on, filing, issue_all, joined, law, new_case, send_all,
    };
    use crate::step::{JoinCase, RecordService, decide};
    use crate::{Command, Paper};
    use jiff::civil::date;

    fn choose(scope: Scope, channel: Channel) -> Command {
        Command::ChooseChannel(ChooseChannel { choices: vec![(scope, channel)], text: "2026-1".into() })
    }

    #[test]
    fn r_idc_21_consent_to_one_part_is_not_consent_to_another() {
        let mut case = accepted();
        act(&mut case, choose(Scope::Answer, Channel::Online), &PLAINTIFF()).expect("chosen");
        assert_eq!(case.channel_of(PLAINTIFF().person, Scope::Answer), Channel::Online);
        assert_eq!(case.channel_of(PLAINTIFF().person, Scope::EvidenceExchange), Channel::Counter);
    }

    #[test]
    fn r_tri_23_without_an_online_courtroom_nobody_is_heard_online() {
        let mut case = accepted();
        let refused = act(&mut case, choose(Scope::Hearing, Channel::Online), &PLAINTIFF());
        assert!(matches!(refused, Err(Refusal::FieldInvalid { field, .. }) if field == "choices"));
        act(&mut case, choose(Scope::Hearing, Channel::Counter), &PLAINTIFF()).expect("in the courtroom");
        let join = JoinCase { choices: vec![(Scope::Service, Channel::Online), (Scope::Hearing, Channel::Online)], text: "2026-1".into() };
        assert!(matches!(act(&mut case, Command::JoinCase(join), &DEFENDANT()), Err(Refusal::FieldInvalid { .. })));
        let mut filed = filing();
        filed.choices.push(Choice { scope: Scope::Hearing, ..filed.choices[0].clone() });
        assert!(matches!(act(&mut new_case(), Command::SubmitFiling(filed), &PLAINTIFF()), Err(Refusal::FieldInvalid { .. })));
    }

    #[test]
    fn r_idc_23_the_last_choice_holds() {
        let mut case = accepted();
        assert_eq!(case.channel_of(PLAINTIFF().person, Scope::Service), Channel::Online);
        act(&mut case, choose(Scope::Service, Channel::Counter), &PLAINTIFF()).expect("withdrawn");
        assert_eq!(case.channel_of(PLAINTIFF().person, Scope::Service), Channel::Counter);
    }

    #[test]
    fn r_idc_25_what_was_done_online_stays_done_when_somebody_changes_to_the_counter() {
        let mut case = accepted();
        issue_all(&mut case);
        send_all(&mut case, PLAINTIFF().person, Method::Electronic, date(2026, 3, 4));
        let fee = case.papers.iter().find(|paper| paper.paper == Paper::FeeNotice).expect("owed").id;
        let record = RecordService { papers: vec![fee], on: date(2026, 3, 4), rule: "R-SVC-12".into(), proof: String::new() };
        act_on(&mut case, Command::RecordService(record), &PLATFORM(), date(2026, 3, 4)).expect("served");
        let before = case.clone();
        act_on(&mut case, choose(Scope::Service, Channel::Counter), &PLAINTIFF(), date(2026, 3, 5)).expect("changed");
        assert_eq!(case.channel_of(PLAINTIFF().person, Scope::Service), Channel::Counter, "from now on");
        assert_eq!((&case.papers, &case.clocks, case.channel), (&before.papers, &before.clocks, Some(Channel::Online)));
        let service = case.paper(fee).map(|paper| paper.service.clone());
        assert!(matches!(service, Some(ServiceState::Served { method: Method::Electronic, on, .. }) if on == date(2026, 3, 4)), "{service:?}");
    }

    #[test]
    fn r_svc_10_at_the_counter_electronic_service_needs_an_account_that_is_linked() {
        let mut clerk = CLERK();
        clerk.for_person = Some(PLAINTIFF().person);
        let refused = act(&mut accepted(), choose(Scope::Service, Channel::Online), &clerk);
        assert!(matches!(refused, Err(Refusal::FieldInvalid { rule, .. }) if rule == "R-SVC-10"));
        let case = accepted();
        let facts = Facts { linked: vec![PLAINTIFF().person], ..facts_on(date(2026, 3, 3)) };
        decide(&case, &choose(Scope::Service, Channel::Online), &clerk, law(), &facts).expect("linked");
        act(&mut accepted(), choose(Scope::Answer, Channel::Online), &clerk).expect("the other parts hang on no inbox");
    }

    #[test]
    fn r_svc_11_electronic_service_begins_with_a_confirmed_address() {
        let mut case = joined();
        case.choices.clear();
        case.confirmations.clear();
        let facts = Facts { confirmation: None, ..facts_on(date(2026, 3, 10)) };
        let refused = decide(&case, &choose(Scope::Service, Channel::Online), &DEFENDANT(), law(), &facts);
        assert!(matches!(refused, Err(Refusal::FieldInvalid { field, .. }) if field == "address"));
        let events = decide(&case, &choose(Scope::Service, Channel::Online), &DEFENDANT(), law(), &facts_on(date(2026, 3, 10))).expect("confirmed with it");
        assert!(matches!(&events[1], Event::AddressConfirmed(confirmation) if confirmation.person == DEFENDANT().person));
    }

    #[test]
    fn r_idc_11_an_agent_of_two_acts_for_the_one_he_names() {
        let mut case = accepted();
        let of = |of: Actor| crate::case::Agent { person: OTHER().person, name: "沈知白".into(), of: of.person, powers: vec![], matters: String::new() };
        case.agents = vec![of(PLAINTIFF()), of(DEFENDANT())];
        let agent = Actor::agent(OTHER().person, DEFENDANT().person);
        act(&mut case, choose(Scope::Answer, Channel::Online), &agent).expect("chosen");
        assert_eq!(case.channel_of(DEFENDANT().person, Scope::Answer), Channel::Online);
        assert_eq!(case.channel_of(PLAINTIFF().person, Scope::Answer), Channel::Counter);
    }

    #[test]
    fn r_idc_22_without_express_consent_everything_is_offline() {
        let mut case = accepted();
        assert_eq!(case.channel_of(DEFENDANT().person, Scope::Service), Channel::Counter);
        assert_eq!(act(&mut case, choose(Scope::Service, Channel::Online), &DEFENDANT()), Err(Refusal::NotYours { step: "选择线上或者线下".into() }));
    }
}

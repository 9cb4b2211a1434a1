//! 选择线上或者线下: each part on its own, changeable, and never carried over to another part (R-IDC-20..25, 《在线诉讼规则》第4、5条).
use super::{Act, Facts, Field, FieldKind, Step};
use crate::case::{Channel, Choice, RoleKind, Scope};
use crate::{Actor, Case, Event, Law, Refusal, Stage};
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
        from: &[Stage::Submitted, Stage::Returned, Stage::Preparing, Stage::Hearing, Stage::Decided],
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
        let choice = |(scope, channel): &(Scope, Channel)| Choice { person, scope: *scope, channel: *channel, text: self.text.clone(), at: facts.at };
        Ok(vec![Event::ChannelChosen { choices: self.choices.iter().map(choice).collect() }])
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

/// The party for whom this actor acts: himself, or whom he is agent of.
pub(super) fn represented(case: &Case, by: &Actor) -> crate::PersonId {
    let person = by.principal();
    case.agents.iter().find(|agent| agent.person == person).map_or(person, |agent| agent.of)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Command;
    use crate::step::JoinCase;
    use crate::step::fixture::{DEFENDANT, PLAINTIFF, accepted, act, filing, new_case};

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
    fn r_idc_22_without_express_consent_everything_is_offline() {
        let mut case = accepted();
        assert_eq!(case.channel_of(DEFENDANT().person, Scope::Service), Channel::Counter);
        assert_eq!(act(&mut case, choose(Scope::Service, Channel::Online), &DEFENDANT()), Err(Refusal::NotYours { step: "选择线上或者线下".into() }));
    }
}

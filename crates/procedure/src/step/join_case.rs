//! 加入案件: a defendant links his account within three days of the notice and says what he wants online (R-IDC-22,
//! 《在线诉讼规则》第10条).
use super::choose_channel::{check_electronic, confirmed};
use super::{Act, Facts, Field, FieldKind, Step};
use crate::case::{Channel, Choice, ClockState, RoleKind, Scope};
use crate::{Actor, Case, Event, Law, Refusal, Stage};
use serde::{Deserialize, Serialize};

/// The code was checked by the court zone; this is the consent that comes with it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct JoinCase {
    pub choices: Vec<(Scope, Channel)>,
    pub text: String,
}

impl Act for JoinCase {
    const STEP: Step = Step {
        name: "join_case",
        zh: "加入案件",
        guide: "收到法院寄来的材料后，三日内凭上面的加入码核验身份、关联案件，并选择哪些环节在网上办。",
        counter: "不愿意或者不方便上网的，不用办理这一步，法院按线下方式送达、审理。过了三日的，可以到窗口表示同意，由工作人员登记。",
        who: &[RoleKind::Invited],
        from: &[Stage::Preparing, Stage::Hearing],
        power: None,
        fields: &[Field { name: "choices", zh: "办理方式", kind: FieldKind::Choice(&[("online", "网上"), ("counter", "窗口")]) }],
        papers: &[],
        rules: &["R-IDC-20", "R-IDC-22", "R-IDC-23", "R-SVC-10", "R-SVC-11"],
    };

    fn decide(&self, case: &Case, by: &Actor, _: &Law, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        let person = by.principal();
        check_electronic(case, by, person, &self.choices, facts)?;
        let anchor = format!("join/{person}");
        let period = case.clocks.iter().rev().find(|clock| clock.anchor == anchor && clock.state != ClockState::Replaced);
        // Who let the days go by takes part offline, until he comes to the counter and consents there, on record (R-IDC-23).
        if let Some(period) = period.filter(|period| facts.today() > period.clock.last_day && by.assisted_by().is_none()) {
            return Err(Refusal::JoinPeriodOver { last_day: period.clock.last_day });
        }
        super::choose_channel::check_online(self.choices.iter().copied())?;
        let choice = |(scope, channel): &(Scope, Channel)| Choice { person, scope: *scope, channel: *channel, text: self.text.clone(), at: facts.at };
        let joined = Event::PartyJoined { person, choices: self.choices.iter().map(choice).collect(), at: facts.at };
        Ok(std::iter::once(joined).chain(confirmed(person, facts)).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::MaterialKind;
    use crate::step::fixture::{CLERK, DEFENDANT, OTHER, accepted, act_on, served};
    use crate::{Command, Paper};
    use jiff::civil::date;

    fn join() -> Command {
        Command::JoinCase(JoinCase { choices: vec![(Scope::Service, Channel::Online)], text: "2026-1".into() })
    }

    #[test]
    fn r_idc_22_within_three_days_of_the_notice() {
        let mut case = accepted();
        served(&mut case, Paper::JoinSheet, DEFENDANT().person, date(2026, 3, 6));
        assert_eq!(act_on(&mut case.clone(), join(), &DEFENDANT(), date(2026, 3, 10)), Err(Refusal::JoinPeriodOver { last_day: date(2026, 3, 9) }));
        act_on(&mut case, join(), &DEFENDANT(), date(2026, 3, 9)).expect("joined");
        assert_eq!(case.channel_of(DEFENDANT().person, Scope::Service), Channel::Online);
        assert_eq!(case.channel_of(DEFENDANT().person, Scope::Hearing), Channel::Counter, "R-IDC-21(4)");
        assert!(case.clock("R-IDC-22").is_none(), "met");
    }

    #[test]
    fn r_idc_23_who_missed_the_three_days_consents_at_the_counter_on_record() {
        let mut case = accepted();
        served(&mut case, Paper::JoinSheet, DEFENDANT().person, date(2026, 3, 6));
        let hearing = Command::JoinCase(JoinCase { choices: vec![(Scope::Answer, Channel::Online)], text: "2026-1".into() });
        let mut clerk = CLERK();
        clerk.for_person = Some(DEFENDANT().person);
        act_on(&mut case, hearing, &clerk, date(2026, 3, 20)).expect("consented at the counter");
        assert_eq!(case.channel_of(DEFENDANT().person, Scope::Answer), Channel::Online);
        let refused = act_on(&mut accepted(), join(), &clerk, date(2026, 3, 5));
        assert!(matches!(refused, Err(Refusal::FieldInvalid { rule, .. }) if rule == "R-SVC-10"), "no inbox, no electronic service");
    }

    #[test]
    fn r_svc_11_the_confirmed_address_stands_in_the_file_and_its_digest_in_the_case() {
        let mut case = accepted();
        act_on(&mut case, join(), &DEFENDANT(), date(2026, 3, 5)).expect("joined");
        let confirmation = case.confirmations.last().expect("confirmed");
        assert!(confirmation.electronic && confirmation.material.kind == MaterialKind::ServiceAddress);
        assert_eq!(case.party(DEFENDANT().person).map(|party| &party.digest), Some(&confirmation.digest));
    }

    #[test]
    fn a_stranger_cannot_join() {
        assert_eq!(act_on(&mut accepted(), join(), &OTHER(), date(2026, 3, 5)), Err(Refusal::NoSuchCase));
    }
}

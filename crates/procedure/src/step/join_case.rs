//! 加入案件: a defendant links his account within three days of the notice and says what he wants online (R-IDC-22,
//! 《在线诉讼规则》第10条).
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
        counter: "不愿意或者不方便上网的，不用办理这一步，法院按线下方式送达、审理。",
        who: &[RoleKind::Invited],
        from: &[Stage::Preparing, Stage::Hearing],
        power: None,
        fields: &[Field { name: "choices", zh: "办理方式", kind: FieldKind::Choice(&[("online", "网上"), ("counter", "窗口")]) }],
        papers: &[],
        rules: &["R-IDC-20", "R-IDC-22"],
    };

    fn decide(&self, case: &Case, by: &Actor, _: &Law, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        let person = by.principal();
        let anchor = format!("join/{person}");
        let period = case.clocks.iter().rev().find(|clock| clock.anchor == anchor && clock.state != ClockState::Replaced);
        if let Some(period) = period.filter(|period| facts.today() > period.clock.last_day) {
            return Err(Refusal::JoinPeriodOver { last_day: period.clock.last_day });
        }
        super::choose_channel::check_online(self.choices.iter().copied())?;
        let choice = |(scope, channel): &(Scope, Channel)| Choice { person, scope: *scope, channel: *channel, text: self.text.clone(), at: facts.at };
        Ok(vec![Event::PartyJoined { person, choices: self.choices.iter().map(choice).collect(), at: facts.at }])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::step::fixture::{DEFENDANT, OTHER, accepted, act_on, served};
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
    fn a_stranger_cannot_join() {
        assert_eq!(act_on(&mut accepted(), join(), &OTHER(), date(2026, 3, 5)), Err(Refusal::NoSuchCase));
    }
}

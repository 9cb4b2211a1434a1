//! 宣布开庭: the sitting begins; who came and how stands on record (R-TRI-26, R-TRI-31, R-SVC-42, 《民事诉讼法》(2023)
//! 第140、146、147条). What is attended in person is a trip.
use super::{Act, Facts, Field, FieldKind, Step, time_of};
use crate::case::{RoleKind, ServiceState};
use crate::matter::Kind;
use crate::trial::{Attendance, Presence};
use crate::{Actor, Case, Event, Law, Refusal, Stage};
use serde::{Deserialize, Serialize};

/// The roll call: a line for every party.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OpenHearing {
    pub attendance: Vec<Attendance>,
}

impl Act for OpenHearing {
    const STEP: Step = Step {
        name: "open_hearing",
        zh: "宣布开庭",
        guide: "",
        counter: "",
        who: &[RoleKind::Judge, RoleKind::Clerk],
        from: &[Stage::Preparing, Stage::Hearing],
        power: None,
        fields: &[Field { name: "attendance", zh: "到庭情况", kind: FieldKind::Rows }],
        papers: &[],
        rules: &["R-TRI-26", "R-TRI-31", "R-SVC-42"],
    };

    fn decide(&self, case: &Case, _: &Actor, _: &Law, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        let hearing = case.hearing().filter(|hearing| hearing.opened_at.is_none()).ok_or(Refusal::NoHearing)?;
        if facts.today() < hearing.date {
            return Err(Refusal::HearingNotYet { on: hearing.date });
        }
        // Whether this court tries the case at all is settled first (R-JUR-08).
        if let Some(open) = case.open_matter(Kind::JurisdictionObjection) {
            return Err(Refusal::MatterOpen { matter: open.raised.kind.matter().zh.into() });
        }
        if case.appeals.iter().any(|appeal| appeal.of.is_some()) {
            return Err(Refusal::MatterOpen { matter: "对管辖权异议裁定的上诉".into() });
        }
        for party in &case.parties {
            let Some(line) = self.attendance.iter().find(|line| line.person == party.person) else {
                return Err(Refusal::Missing { what: format!("{}的到庭情况", party.name) });
            };
            // Nobody is tried in his absence on a summons that may never have reached him.
            let summons = case.papers.iter().find(|paper| paper.to == party.person && hearing.summonses.contains(&paper.id));
            let served = summons.is_some_and(|paper| matches!(paper.service, ServiceState::Served { .. }));
            if line.presence == Presence::Absent && !served {
                return Err(Refusal::SummonsUnserved { who: party.name.clone() });
            }
            if line.presence == Presence::Absent && time_of(facts.at) < hearing.date.to_datetime(hearing.time) {
                return Err(Refusal::AbsentTooEarly { who: party.name.clone(), at: hearing.time });
            }
        }
        if self.attendance.iter().any(|line| case.party(line.person).is_none()) {
            let zh = "到庭情况里有不是本案当事人的人，请核对。".into();
            return Err(Refusal::FieldInvalid { field: "attendance".into(), zh, rule: "R-TRI-26".into() });
        }
        Ok(vec![Event::HearingOpened { number: hearing.number, at: facts.at, attendance: self.attendance.clone() }])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::Method;
    use crate::step::SendPaper;
    use crate::step::fixture::{CLERK, DEFENDANT, OTHER, PLAINTIFF, act_on, issue_all, judge_of, opened, scheduled, served};
    use crate::{Command, Paper};
    use jiff::civil::date;

    fn open(lines: &[(Actor, Presence)]) -> Command {
        let line = |(by, presence): &(Actor, Presence)| Attendance { person: by.person, presence: *presence, with: vec![] };
        Command::OpenHearing(OpenHearing { attendance: lines.iter().map(line).collect() })
    }

    #[test]
    fn r_tri_26_the_roll_call_names_every_party_on_the_day() {
        let mut case = scheduled();
        let judge = judge_of(&case);
        let both = open(&[(PLAINTIFF(), Presence::InPerson), (DEFENDANT(), Presence::Online)]);
        assert_eq!(act_on(&mut case, both.clone(), &judge, date(2026, 4, 7)), Err(Refusal::HearingNotYet { on: date(2026, 4, 8) }));
        let one = act_on(&mut case, open(&[(PLAINTIFF(), Presence::InPerson)]), &judge, date(2026, 4, 8));
        assert_eq!(one, Err(Refusal::Missing { what: "陈志远的到庭情况".into() }));
        let stranger = open(&[(PLAINTIFF(), Presence::InPerson), (DEFENDANT(), Presence::Online), (OTHER(), Presence::InPerson)]);
        assert!(matches!(act_on(&mut case, stranger, &judge, date(2026, 4, 8)), Err(Refusal::FieldInvalid { .. })));
        act_on(&mut case, both.clone(), &judge, date(2026, 4, 8)).expect("opened");
        assert_eq!(case.stage, Stage::Hearing);
        assert_eq!(act_on(&mut case, both, &judge, date(2026, 4, 8)), Err(Refusal::NoHearing), "opened once");
    }

    #[test]
    fn r_tri_31_and_r_svc_42_nobody_is_tried_in_absence_unless_his_summons_was_served() {
        let mut case = scheduled();
        let judge = judge_of(&case);
        let absent = || open(&[(PLAINTIFF(), Presence::InPerson), (DEFENDANT(), Presence::Absent)]);
        assert_eq!(act_on(&mut case, absent(), &judge, date(2026, 4, 8)), Err(Refusal::SummonsUnserved { who: "陈志远".into() }));
        issue_all(&mut case);
        let summons = case.papers.iter().find(|paper| paper.paper == Paper::Summons && paper.to == DEFENDANT().person).expect("owed").id;
        let send = SendPaper { papers: vec![summons], method: Method::Postal, reference: String::new() };
        act_on(&mut case, Command::SendPaper(send), &CLERK(), date(2026, 3, 26)).expect("sent");
        let sent = act_on(&mut case, absent(), &judge, date(2026, 4, 8));
        assert_eq!(sent, Err(Refusal::SummonsUnserved { who: "陈志远".into() }), "sent is not received");
        served(&mut case, Paper::Summons, DEFENDANT().person, date(2026, 4, 1));
        case.hearings[0].time = jiff::civil::time(14, 30, 0, 0);
        let early = act_on(&mut case, absent(), &judge, date(2026, 4, 8));
        assert_eq!(early, Err(Refusal::AbsentTooEarly { who: "陈志远".into(), at: jiff::civil::time(14, 30, 0, 0) }), "at noon");
        case.hearings[0].time = jiff::civil::time(9, 30, 0, 0);
        act_on(&mut case, absent(), &judge, date(2026, 4, 8)).expect("in his absence");
    }

    #[test]
    fn a_party_does_not_open_a_hearing() {
        assert!(matches!(act_on(&mut opened(), open(&[]), &PLAINTIFF(), date(2026, 4, 8)), Err(Refusal::NotYours { .. })));
    }
}

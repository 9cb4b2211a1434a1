//! 宣布开庭: the sitting begins; who came and how stands on record (R-TRI-26, R-TRI-31, R-SVC-42, 《民事诉讼法》(2023)
//! 第140、146、147条). What is attended in person is a trip.
use super::{Act, Facts, Field, FieldKind, Step};
use crate::case::{RoleKind, ServiceState};
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
        }
        if let Some(stranger) = self.attendance.iter().find(|line| case.party(line.person).is_none()) {
            return Err(Refusal::FieldInvalid {
                field: "attendance".into(),
                zh: format!("到庭情况里有不是本案当事人的人（{}），请核对。", stranger.person),
                rule: "R-TRI-26".into(),
            });
        }
        Ok(vec![Event::HearingOpened { number: hearing.number, at: facts.at, attendance: self.attendance.clone() }])
    }
}

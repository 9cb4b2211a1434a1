//! 分案: who hears the case is drawn, by a draw that anyone can make again (R-TRI-01, R-TRI-05, R-TRI-06; [`crate::draw`]).
use super::{Act, Facts, Field, FieldKind, Step, owe_all, running};
use crate::case::{Party, Procedure, RoleKind, Side};
use crate::draw::{Seed, draw, filing_digest};
use crate::trial::{Candidate, Excluded, Tribunal, TribunalForm};
use crate::{Actor, Case, Event, Law, Office, Paper, PersonId, Refusal, Stage};
use serde::{Deserialize, Serialize};

/// How far above the smallest load of its office a load may lie to be drawn from (R-TRI-06: by load).
const SPREAD: u64 = 5;
/// Why a namesake is left out (R-TRI-10).
pub const NAMESAKE: &str = "与当事人或者代理人同名，先行回避";

/// The form; who, the draw says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AssignTribunal {
    pub form: TribunalForm,
}

impl Act for AssignTribunal {
    const STEP: Step = Step {
        name: "assign_tribunal",
        zh: "分案",
        guide: "",
        counter: "",
        who: &[RoleKind::FilingClerk],
        from: &[Stage::Preserving, Stage::Preparing],
        power: None,
        fields: &[Field { name: "form", zh: "审判组织", kind: FieldKind::Choice(&[("sole", "独任制"), ("panel", "合议制")]) }],
        papers: &[Paper::PanelNotice],
        rules: &["R-TRI-01", "R-TRI-05", "R-TRI-06", "R-FIL-20"],
    };

    fn decide(&self, case: &Case, _: &Actor, law: &Law, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        if case.tribunal.is_some() {
            return Err(Refusal::AssignedBefore);
        }
        if case.procedure == Some(Procedure::Simple) && self.form == TribunalForm::Panel {
            let zh = "适用简易程序的案件由审判员一人独任审理。需要组成合议庭的，请先转为普通程序。".into();
            return Err(Refusal::FieldInvalid { field: "form".into(), zh, rule: "R-TRI-01".into() });
        }
        if case.checkpoint.trim().is_empty() {
            return Err(Refusal::Missing { what: "立案时的司法链检查点".into() });
        }
        let seed = Seed { checkpoint: case.checkpoint.clone(), filing: filing_digest(case) };
        let (judges, mut excluded) = pool(case, &facts.roster, Office::Judge);
        let (clerks, more) = pool(case, &facts.roster, Office::Clerk);
        excluded.extend(more);
        let judges = seats(&seed, "judge", &judges, self.form.judges())?;
        let clerk = seats(&seed, "clerk", &clerks, 1)?.remove(0);
        let tribunal = Tribunal { form: self.form, seed, roster: facts.roster.clone(), excluded, judges, clerk, on: facts.today() };
        Ok(vec![Event::TribunalAssigned {
            tribunal: Box::new(tribunal),
            notices: owe_all(case, Paper::PanelNotice, told(case)),
            clocks: vec![running("tribunal", None, law.clock("R-TRI-05", facts.today()))],
        }])
    }
}

/// Everybody who may know of the case by now (R-TRI-05, R-PRV-03).
fn told(case: &Case) -> impl Iterator<Item = &Party> {
    case.parties.iter().filter(|party| !case.kind.before_suit() || party.side == Side::Plaintiff)
}

/// Those of an office among whom is drawn, and who is left out and why: a namesake of a party or agent (R-TRI-10; the other
/// grounds of recusal are people's to raise), and who has more than [`SPREAD`] cases above the least.
pub fn pool<'a>(case: &Case, roster: &'a [Candidate], office: Office) -> (Vec<&'a Candidate>, Vec<Excluded>) {
    let names: Vec<_> =
        case.parties.iter().map(|party| party.name.as_str()).chain(case.agents.iter().map(|agent| agent.name.as_str())).collect();
    apart(&names, roster, office)
}

/// The same for these names of parties and agents.
pub fn apart<'a>(names: &[&str], roster: &'a [Candidate], office: Office) -> (Vec<&'a Candidate>, Vec<Excluded>) {
    let (akin, free): (Vec<_>, Vec<_>) =
        roster.iter().filter(|candidate| candidate.office == office).partition(|candidate| names.contains(&candidate.name.as_str()));
    let least = free.iter().map(|candidate| candidate.load).min().unwrap_or(0);
    let (fit, loaded): (Vec<_>, Vec<_>) = free.into_iter().partition(|candidate| candidate.load <= least.saturating_add(SPREAD));
    let out = |reason: &'static str| {
        move |candidate: &Candidate| Excluded { person: candidate.person, name: candidate.name.clone(), reason: reason.into() }
    };
    let excluded =
        akin.into_iter().map(out(NAMESAKE)).chain(loaded.into_iter().map(out("在办案件明显多于他人，本次不参加抽取")));
    let excluded = excluded.collect();
    (fit, excluded)
}

/// The drawn candidates, first drawn first.
fn seats(seed: &Seed, label: &str, pool: &[&Candidate], n: usize) -> Result<Vec<Candidate>, Refusal> {
    let ids: Vec<PersonId> = pool.iter().map(|candidate| candidate.person).collect();
    let drawn = draw(seed, label, &ids, n);
    let seats: Vec<_> =
        drawn.iter().filter_map(|id| pool.iter().find(|candidate| candidate.person == *id)).map(|candidate| (*candidate).clone()).collect();
    if seats.len() < n { Err(Refusal::RosterTooSmall { needed: n as u64, there: seats.len() as u64 }) } else { Ok(seats) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Command;
    use crate::case::{ClockState, Side};
    use crate::step::fixture::{CLERK, PLAINTIFF, accepted, act_on, facts_on, law, noon, served};
    use jiff::civil::date;

    fn assign(form: TribunalForm) -> Command {
        Command::AssignTribunal(AssignTribunal { form })
    }

    #[test]
    fn r_tri_06_the_draw_can_be_made_again_from_the_event_alone() {
        let mut case = accepted();
        let events = act_on(&mut case, assign(TribunalForm::Sole), &CLERK(), date(2026, 3, 4)).expect("assigned");
        let Event::TribunalAssigned { tribunal, .. } = &events[0] else { panic!("a tribunal") };
        assert_eq!(tribunal.seed.filing, filing_digest(&case), "the parties can reckon it");
        for (office, label, seats) in [(Office::Judge, "judge", &tribunal.judges), (Office::Clerk, "clerk", &vec![tribunal.clerk.clone()])] {
            let out: Vec<_> = tribunal.excluded.iter().map(|excluded| excluded.person).collect();
            let ids: Vec<_> =
                tribunal.roster.iter().filter(|one| one.office == office && !out.contains(&one.person)).map(|one| one.person).rev().collect();
            assert_eq!(draw(&tribunal.seed, label, &ids, seats.len()), seats.iter().map(|seat| seat.person).collect::<Vec<_>>());
        }
        assert_eq!(case.officer(Office::Judge).map(|(person, _)| person), Some(tribunal.judges[0].person));
        assert_eq!(act_on(&mut case, assign(TribunalForm::Sole), &CLERK(), date(2026, 3, 4)), Err(Refusal::AssignedBefore));
    }

    #[test]
    fn r_tri_05_every_party_is_told_within_three_days() {
        let mut case = accepted();
        act_on(&mut case, assign(TribunalForm::Sole), &CLERK(), date(2026, 3, 4)).expect("assigned");
        assert_eq!(case.clock("R-TRI-05").expect("runs").clock.last_day, date(2026, 3, 9), "the third day is Saturday 7 March");
        assert!(case.clock("R-FIL-20").is_none(), "handed over");
        for party in case.parties.clone() {
            assert!(case.clock("R-TRI-05").is_some(), "while one notice has not left");
            served(&mut case, Paper::PanelNotice, party.person, date(2026, 3, 5));
        }
        assert_eq!(case.clocks.iter().find(|clock| clock.anchor == "tribunal").map(|clock| clock.state), Some(ClockState::Met));
    }

    #[test]
    fn r_tri_01_a_sole_judge_in_the_simple_procedure_and_three_in_a_panel() {
        let refused = act_on(&mut accepted(), assign(TribunalForm::Panel), &CLERK(), date(2026, 3, 4));
        assert!(matches!(refused, Err(Refusal::FieldInvalid { field, .. }) if field == "form"));
        let mut case = accepted();
        case.procedure = Some(Procedure::Ordinary);
        act_on(&mut case, assign(TribunalForm::Panel), &CLERK(), date(2026, 3, 4)).expect("assigned");
        assert_eq!(case.judges().count(), 3);
    }

    #[test]
    fn r_tri_10_a_namesake_of_a_party_and_the_overburdened_are_left_out_on_record() {
        let mut case = accepted();
        let mut facts = facts_on(date(2026, 3, 4));
        let namesake = case.side(Side::Plaintiff).next().expect("one").name.clone();
        for (place, judge) in facts.roster.iter_mut().filter(|one| one.office == Office::Judge).enumerate() {
            match place {
                0 => judge.name = namesake.clone(),
                1 => judge.load = 40,
                _ => {}
            }
        }
        let events = crate::decide(&case, &assign(TribunalForm::Sole), &CLERK(), law(), &facts).expect("assigned");
        let Event::TribunalAssigned { tribunal, .. } = &events[0] else { panic!("a tribunal") };
        assert_eq!(tribunal.excluded.len(), 2);
        assert!(!tribunal.excluded.iter().any(|out| out.person == tribunal.judges[0].person));
        case.procedure = Some(Procedure::Ordinary);
        let refused = crate::decide(&case, &assign(TribunalForm::Panel), &CLERK(), law(), &facts);
        assert_eq!(refused, Err(Refusal::RosterTooSmall { needed: 3, there: 2 }));
        assert_eq!(facts.at, noon(date(2026, 3, 4)));
        assert!(matches!(crate::decide(&case, &assign(TribunalForm::Sole), &PLAINTIFF(), law(), &facts), Err(Refusal::NotYours { .. })));
    }
}

//! 按撤诉处理: the fee was not paid in time and no relief is pending (R-FEE-15, 民诉法解释 213), or no plaintiff came to the hearing
//! to which each was summoned (R-TRI-31, 《民事诉讼法》(2023) 第146条); a ruling, made by a judge.
use super::{Act, Facts, Field, FieldKind, Step, owe_all};
use crate::case::{FeeMatter, Labelled, RoleKind, ServiceState, Side};
use crate::event::RulingText;
use crate::trial::Presence;
use crate::{Actor, Case, Event, Fen, Law, Paper, Refusal, Stage};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Why the suit is held to be withdrawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ground {
    /// 逾期未预交案件受理费
    #[default]
    FeeUnpaid,
    /// 经传票传唤无正当理由拒不到庭
    PlaintiffAbsent,
}

impl Labelled for Ground {
    fn zh(&self) -> &'static str {
        match self {
            Self::FeeUnpaid => "逾期未预交案件受理费",
            Self::PlaintiffAbsent => "经传票传唤，无正当理由拒不到庭",
        }
    }
}

/// On which ground the ruling can stand as the case is on this day: before the hearing the fee, from then on that no plaintiff came
/// to it.
///
/// # Errors
/// [`Refusal::PlaintiffAppeared`] where one of them came; what else stands against it while the fee may still be paid.
pub fn ground(case: &Case, today: Date) -> Result<Ground, Refusal> {
    if case.stage != Stage::Hearing {
        return unpaid(case, today).map(|()| Ground::FeeUnpaid);
    }
    // Nobody is put down as absent unless his summons was served (R-TRI-26).
    let opened = case.hearing().filter(|hearing| hearing.opened_at.is_some()).ok_or(Refusal::PlaintiffAppeared)?;
    let stayed_away = |person| opened.attendance.iter().any(|line| line.person == person && line.presence == Presence::Absent);
    if case.side(Side::Plaintiff).all(|party| stayed_away(party.person)) { Ok(Ground::PlaintiffAbsent) } else { Err(Refusal::PlaintiffAppeared) }
}

/// 案件受理费 of a suit that was withdrawn, and what of it is charged, to the plaintiffs: halved once, less what relief took off
/// (R-FEE-11, R-FEE-19).
pub fn halved_fee(case: &Case) -> Option<(Fen, Fen)> {
    let (fee, statement) = (case.fee.as_ref()?, case.statement.as_ref()?);
    let half = crate::fee::acceptance(super::accept_filing::tariff(&statement.cause), statement.amount).halve().fen;
    Some((half, half.min(fee.due)))
}

/// The ruling: drafted by the platform, put right and signed by the judge. What he leaves empty is as it was drafted.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct DeemSuitWithdrawn {
    #[serde(default)]
    pub facts: String,
    #[serde(default)]
    pub basis: String,
}

impl Act for DeemSuitWithdrawn {
    const STEP: Step = Step {
        name: "deem_suit_withdrawn",
        zh: "裁定按撤诉处理",
        guide: "",
        counter: "",
        who: &[RoleKind::Judge],
        from: &[Stage::Preparing, Stage::Hearing],
        power: None,
        fields: &[
            Field { name: "facts", zh: "查明的经过", kind: FieldKind::LongText },
            Field { name: "basis", zh: "依照的条文", kind: FieldKind::LongText },
        ],
        papers: &[Paper::DeemedWithdrawalRuling],
        rules: &["R-FEE-15", "R-TRI-31", "R-DOC-04"],
    };

    fn decide(&self, case: &Case, _: &Actor, _: &Law, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        let ground = ground(case, facts.today())?;
        // The ruling ends the suit for whoever knows of it: all plaintiffs, and the defendants who were served.
        let reached = |person| case.papers.iter().any(|paper| paper.to == person && matches!(paper.service, ServiceState::Served { .. }));
        let to = case.side(Side::Plaintiff).chain(case.side(Side::Defendant).filter(|party| reached(party.person)));
        let mut rulings = owe_all(case, Paper::DeemedWithdrawalRuling, to).into_iter();
        let ruling = rulings.next().ok_or(Refusal::Missing { what: "原告".into() })?;
        let text = RulingText { facts: self.facts.trim().to_owned(), basis: self.basis.trim().to_owned() };
        let due = match ground {
            Ground::FeeUnpaid => case.fee.as_ref().map(FeeMatter::half_received),
            Ground::PlaintiffAbsent => halved_fee(case).map(|(_, charged)| charged),
        };
        Ok(vec![Event::DeemedWithdrawn { ground, ruling, others: rulings.collect(), text, due }])
    }
}

/// The seven days are over, something is still to be paid now, and nothing was applied for that is undecided (R-FEE-15).
fn unpaid(case: &Case, today: Date) -> Result<(), Refusal> {
    let fee = case.fee.as_ref().filter(|fee| fee.outstanding()).ok_or(Refusal::NothingDue)?;
    if fee.relief_pending() {
        return Err(Refusal::ReliefPending);
    }
    // Who paid once loses the suit only by the other half after a conversion (R-FEE-17); what a raised claim costs more is another matter.
    let converted = case.matters.iter().any(|matter| {
        matter.raised.kind == crate::matter::Kind::Conversion && matter.decided.as_ref().is_some_and(|decided| decided.outcome == "granted")
    });
    if fee.paid.is_some() && !converted {
        return Err(Refusal::NothingDue);
    }
    let to = case.side(Side::Plaintiff).next().ok_or(Refusal::Missing { what: "原告".into() })?;
    let Some(period) = case.unmet("R-FEE-15") else {
        // A payment that was deferred is not asked for now (R-FEE-21).
        let deferred = fee.relief.as_ref().is_some_and(|relief| relief.granted == Some(true) && relief.notices.is_empty());
        let unserved = Refusal::NotServedOn { paper: Paper::FeeNotice.zh().into(), who: case.name_of(to.person).to_owned() };
        return Err(if deferred { Refusal::NothingDue } else { unserved });
    };
    let last_day = period.clock.last_day;
    if today <= last_day { Err(Refusal::FeePeriodRunning { last_day }) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Command;
    use crate::step::fixture::{DEFENDANT, JUDGE, PLAINTIFF, accepted, act_on, give_to_judge, judge_of, opened, scheduled, served};
    use crate::step::{OpenHearing, RequestFeeRelief};
    use crate::trial::Attendance;
    use jiff::civil::date;

    #[test]
    fn r_fee_15_not_before_the_seven_days_are_over_and_not_while_relief_is_pending() {
        let mut case = accepted();
        give_to_judge(&mut case);
        served(&mut case, Paper::FeeNotice, PLAINTIFF().person, date(2026, 3, 4));
        let deem = || Command::DeemSuitWithdrawn(DeemSuitWithdrawn::default());
        assert_eq!(act_on(&mut case, deem(), &JUDGE(), date(2026, 3, 11)), Err(Refusal::FeePeriodRunning { last_day: date(2026, 3, 11) }));
        let mut relieved = case.clone();
        let relief = Command::RequestFeeRelief(RequestFeeRelief { reason: "领取低保".into() });
        act_on(&mut relieved, relief, &PLAINTIFF(), date(2026, 3, 9)).expect("requested");
        assert_eq!(act_on(&mut relieved, deem(), &JUDGE(), date(2026, 3, 12)), Err(Refusal::ReliefPending));
        act_on(&mut case, deem(), &JUDGE(), date(2026, 3, 12)).expect("ruled");
        assert_eq!(case.stage, Stage::Withdrawn);
    }

    #[test]
    fn r_fee_15_the_ruling_goes_to_every_plaintiff_and_to_the_defendant_who_was_served() {
        let ruled = |served_too: bool| {
            let mut case = accepted();
            give_to_judge(&mut case);
            served(&mut case, Paper::FeeNotice, PLAINTIFF().person, date(2026, 3, 4));
            if served_too {
                served(&mut case, Paper::ComplaintCopy, DEFENDANT().person, date(2026, 3, 6));
            }
            let text = DeemSuitWithdrawn { facts: "原告逾期未预交。".into(), basis: String::new() };
            let events = act_on(&mut case, Command::DeemSuitWithdrawn(text), &JUDGE(), date(2026, 3, 12)).expect("ruled");
            assert!(matches!(&events[..], [Event::DeemedWithdrawn { text, .. }] if text.facts == "原告逾期未预交。"), "as the judge wrote it");
            case.papers.iter().filter(|paper| paper.paper == Paper::DeemedWithdrawalRuling).map(|paper| paper.to).collect::<Vec<_>>()
        };
        assert_eq!(ruled(false), [PLAINTIFF().person], "who knows of no suit is told of no ruling");
        assert_eq!(ruled(true), [PLAINTIFF().person, DEFENDANT().person]);
    }

    #[test]
    fn r_tri_31_no_plaintiff_came_although_summoned() {
        let mut case = scheduled();
        let judge = judge_of(&case);
        served(&mut case, Paper::Summons, PLAINTIFF().person, date(2026, 4, 1));
        let line = |person, presence| Attendance { person, presence, with: vec![] };
        let attendance = vec![line(PLAINTIFF().person, Presence::Absent), line(DEFENDANT().person, Presence::InPerson)];
        act_on(&mut case, Command::OpenHearing(OpenHearing { attendance }), &judge, date(2026, 4, 8)).expect("opened");
        let deem = || Command::DeemSuitWithdrawn(DeemSuitWithdrawn::default());
        assert_eq!(act_on(&mut opened(), deem(), &judge, date(2026, 4, 8)), Err(Refusal::PlaintiffAppeared));
        let events = act_on(&mut case, deem(), &judge, date(2026, 4, 8)).expect("ruled");
        assert!(matches!(&events[..], [Event::DeemedWithdrawn { ground: Ground::PlaintiffAbsent, .. }]));
        assert_eq!(case.stage, Stage::Withdrawn);
        assert_eq!(halved_fee(&case), Some((Fen(190_500), Fen(190_500))), "the simple procedure halved it before: only once");
        case.fee.as_mut().expect("assessed").due = Fen(100_000);
        assert_eq!(halved_fee(&case), Some((Fen(190_500), Fen(100_000))), "not more than relief left");
        assert!(case.clocks.iter().all(|clock| clock.state != crate::case::ClockState::Running), "nothing is waited for any more");
    }
}

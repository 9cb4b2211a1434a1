//! 排期: date, room and mode are fixed, without clashes, and everybody is summoned in time (R-TRI-20..22, 《民事诉讼法》(2023)
//! 第137、139条). The simple procedure is exempt from the three days (第163条).
use super::{Act, Facts, Field, FieldKind, Step, clock_of, owe_all, running};
use crate::calendar::Day;
use crate::case::{Procedure, RoleKind, RunningClock, Scope, Side};
use crate::clock::date_zh;
use crate::trial::Hearing;
use crate::{Actor, Case, Event, Law, Paper, PersonId, Refusal, Stage};
use jiff::ToSpan;
use jiff::civil::{Date, DateTime, Time};
use serde::{Deserialize, Serialize};

/// When and where; how each party takes part, its own choice says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ScheduleHearing {
    pub date: Date,
    pub time: Time,
    pub courtroom: String,
    /// How long the courtroom is kept.
    #[serde(default = "two_hours")]
    pub minutes: u32,
    /// 公开审理; closed only on a ground of the law (R-TRI-21).
    #[serde(default = "yes")]
    pub public: bool,
    /// Both sides said in the simple procedure that they need neither time to answer nor to bring evidence (民诉法解释第266条).
    #[serde(default)]
    pub waived: bool,
}

fn two_hours() -> u32 {
    120
}

fn yes() -> bool {
    true
}

/// Characters of a courtroom's name: it stands on one line of the summons.
const COURTROOM: usize = 40;

impl Act for ScheduleHearing {
    const STEP: Step = Step {
        name: "schedule_hearing",
        zh: "排期开庭",
        guide: "",
        counter: "",
        who: &[RoleKind::Judge, RoleKind::Clerk],
        from: &[Stage::Preparing, Stage::Hearing],
        power: None,
        fields: &[
            Field { name: "date", zh: "开庭日期", kind: FieldKind::Date },
            Field { name: "time", zh: "开庭时间", kind: FieldKind::Time },
            Field { name: "courtroom", zh: "法庭", kind: FieldKind::Text },
            Field { name: "waived", zh: "答辩期和举证期", kind: FieldKind::Choice(&[("false", "依法保障"), ("true", "双方都表示不需要（简易程序）")]) },
        ],
        papers: &[Paper::Summons],
        rules: &["R-TRI-20", "R-TRI-21", "R-TRI-22", "R-FIL-21", "R-EVD-02", "R-LIM-01", "R-LIM-02"],
    };

    fn decide(&self, case: &Case, _: &Actor, law: &Law, facts: &Facts) -> Result<Vec<Event>, Refusal> {
        if case.tribunal.is_none() {
            return Err(Refusal::NoTribunal);
        }
        if let Some(pending) = case.hearing().filter(|hearing| hearing.record.as_ref().is_none_or(|record| record.closed_at.is_none())) {
            return Err(Refusal::HearingPending { number: pending.number });
        }
        let number = u32::try_from(case.hearings.len() + 1).unwrap_or(u32::MAX);
        let clocks = check(case, law, facts, number, &Slot { date: self.date, time: self.time, courtroom: &self.courtroom, minutes: self.minutes })?;
        within_limit(case, facts, self.date)?;
        if self.waived && case.procedure == Some(Procedure::Ordinary) {
            let zh = "普通程序的答辩期和举证期不能以双方不需要为由免去。".into();
            return Err(Refusal::FieldInvalid { field: "waived".into(), zh, rule: "R-FIL-21".into() });
        }
        // Nobody gives up a time that he knows nothing of.
        let told = |party: &crate::Party| clock_of(case, &format!("answer/{}", party.person)).is_some();
        if !self.waived || !case.side(Side::Defendant).all(told) {
            heard(case, law, facts, self.date)?;
        }
        let summonses = owe_all(case, Paper::Summons, case.parties.iter());
        let hearing = Hearing {
            number,
            date: self.date,
            time: self.time,
            minutes: self.minutes,
            courtroom: self.courtroom.trim().to_owned(),
            public: self.public,
            waived: self.waived,
            channels: case.parties.iter().map(|party| (party.person, case.channel_of(party.person, Scope::Hearing))).collect(),
            summonses: summonses.iter().map(|owed| owed.id).collect(),
            postponed: 0,
            opened_at: None,
            attendance: vec![],
            record: None,
        };
        Ok(vec![Event::HearingScheduled { hearing: Box::new(hearing), summonses, clocks }])
    }
}

/// A time and a place.
pub(super) struct Slot<'a> {
    pub date: Date,
    pub time: Time,
    pub courtroom: &'a str,
    pub minutes: u32,
}

/// In time for the notice, when the court sits, in the future, and free; gives the clock of the notice (R-TRI-20).
pub(super) fn check(case: &Case, law: &Law, facts: &Facts, number: u32, slot: &Slot<'_>) -> Result<Vec<RunningClock>, Refusal> {
    if slot.courtroom.chars().count() > COURTROOM {
        let zh = format!("法庭的名称不超过 {COURTROOM} 个字。");
        return Err(Refusal::FieldInvalid { field: "courtroom".into(), zh, rule: "R-TRI-20".into() });
    }
    if slot.courtroom.trim().is_empty() {
        return Err(Refusal::FieldInvalid { field: "courtroom".into(), zh: "请写明在哪个法庭开庭。".into(), rule: "R-TRI-20".into() });
    }
    if slot.minutes == 0 || slot.minutes > 24 * 60 {
        return Err(Refusal::FieldInvalid {
            field: "minutes".into(), zh: "预计时长应当在 1 分钟至 24 小时之间。".into(), rule: "R-TRI-20".into()
        });
    }
    let start = slot.date.to_datetime(slot.time);
    if start <= jiff::tz::Offset::constant(8).to_datetime(facts.at) {
        return Err(Refusal::FieldInvalid {
            field: "date".into(), zh: "开庭时间已经过去，请改到以后的时间。".into(), rule: "R-TRI-20".into()
        });
    }
    sits(law, slot)?;
    let clocks = match case.procedure {
        Some(Procedure::Ordinary) => {
            let clock = law.clock("R-TRI-20", slot.date);
            if facts.today() > clock.last_day {
                return Err(Refusal::HearingTooEarly { on: slot.date, least: 3 });
            }
            vec![running(format!("summons/{number}"), None, clock)]
        }
        Some(Procedure::Simple) | None => vec![],
    };
    let staff: Vec<PersonId> = case.staff.iter().map(|(person, _, _)| *person).collect();
    for booking in facts.bookings.iter().filter(|booking| booking.case != case.id && booking.date == slot.date) {
        let their = booking.date.to_datetime(booking.start);
        if start >= until(their, booking.minutes) || their >= until(start, slot.minutes) {
            continue;
        }
        if booking.courtroom.trim() == slot.courtroom.trim() {
            return Err(Refusal::Clash {
                with: format!("{}在 {} 已排“{}”", booking.courtroom, booking.start.strftime("%H:%M"), booking.title)
            });
        }
        if let Some(taken) = booking.staff.iter().find(|person| staff.contains(person)) {
            let name = case.name_of(*taken);
            return Err(Refusal::Clash { with: format!("{name}在 {} 已排“{}”", booking.start.strftime("%H:%M"), booking.title) });
        }
    }
    Ok(clocks)
}

/// Not after the trial has to be over; where that day is near or past, within a month (R-LIM-01, R-LIM-02). A wrong year ends here.
fn within_limit(case: &Case, facts: &Facts, on: Date) -> Result<(), Refusal> {
    let soon = facts.today().saturating_add(1.month());
    let latest = clock_of(case, "trial").map_or(soon, |limit| limit.clock.last_day.max(soon));
    if on <= latest {
        return Ok(());
    }
    let zh = format!("开庭日期太晚：应当在审理期限内，最迟 {}。请核对年、月、日。", date_zh(latest));
    Err(Refusal::FieldInvalid { field: "date".into(), zh, rule: "R-LIM-01".into() })
}

/// Every defendant had, or will have had, his time to answer and each party its time for evidence (R-FIL-21, R-EVD-02). Who has
/// the complaint not yet, can have it today at the earliest.
pub(super) fn heard(case: &Case, law: &Law, facts: &Facts, on: Date) -> Result<(), Refusal> {
    let too_early = |what: String, last_day: Date, rule: &str| {
        let zh = format!("{what}到 {} 届满，请把开庭改到以后。", date_zh(last_day));
        Err(Refusal::FieldInvalid { field: "date".into(), zh, rule: rule.into() })
    };
    for party in case.side(Side::Defendant) {
        let answered = case.answers.iter().any(|answer| answer.by == party.person);
        match clock_of(case, &format!("answer/{}", party.person)) {
            _ if answered => {}
            Some(period) if on <= period.clock.last_day => return too_early(format!("{}的答辩期", party.name), period.clock.last_day, "R-FIL-21"),
            Some(_) => {}
            None => {
                let last_day = law.clock("R-FIL-21b", facts.today()).last_day;
                if on <= last_day {
                    return too_early(format!("{}还没有收到起诉状副本，即使今天送达，答辩期也要", party.name), last_day, "R-FIL-21");
                }
            }
        }
    }
    for party in &case.parties {
        if let Some(period) = clock_of(case, &format!("evidence/{}", party.person)).filter(|period| on <= period.clock.last_day) {
            return too_early(format!("{}的举证期", party.name), period.clock.last_day, "R-EVD-02");
        }
    }
    Ok(())
}

/// On a working day and within the hours at which the court sits, to the planned end.
fn sits(law: &Law, slot: &Slot<'_>) -> Result<(), Refusal> {
    let invalid = |field: &str, zh| Err(Refusal::FieldInvalid { field: field.into(), zh, rule: "R-TRI-20".into() });
    if let Day { works: false, why, .. } = law.calendar.works(slot.date) {
        let why = why.map_or_else(String::new, |why| format!("（{why}）"));
        return invalid("date", format!("{}{why}法院不办公，请改到工作日开庭。", date_zh(slot.date)));
    }
    let (opens, closes) = law.policy.sitting_hours;
    let end = until(slot.date.to_datetime(slot.time), slot.minutes);
    if slot.time < opens || end > slot.date.to_datetime(closes) {
        let (opens, closes) = (opens.strftime("%H:%M"), closes.strftime("%H:%M"));
        return invalid("time", format!("开庭应当在 {opens} 至 {closes} 之间，按预计时长能够在 {closes} 前结束，请改时间。"));
    }
    Ok(())
}

fn until(start: DateTime, minutes: u32) -> DateTime {
    start.saturating_add(i64::from(minutes).minutes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Command;
    use crate::case::Channel;
    use crate::step::fixture::{DEFENDANT, PLAINTIFF, act_on, assigned, booking, judge_of};
    use jiff::civil::{date, time};

    fn schedule(on: Date, at: Time, courtroom: &str) -> Command {
        Command::ScheduleHearing(ScheduleHearing { date: on, time: at, courtroom: courtroom.into(), minutes: 120, public: true, waived: false })
    }

    #[test]
    fn r_tri_20_every_party_is_summoned_and_each_ones_channel_is_its_own() {
        let mut case = assigned();
        let judge = judge_of(&case);
        act_on(&mut case, schedule(date(2026, 4, 8), time(9, 30, 0, 0), "第三法庭"), &judge, date(2026, 3, 20)).expect("scheduled");
        let hearing = case.hearing().expect("one");
        assert_eq!((hearing.number, hearing.summonses.len()), (1, 2));
        assert_eq!(hearing.channels, [(PLAINTIFF().person, Channel::Counter), (DEFENDANT().person, Channel::Counter)]);
        let again = act_on(&mut case, schedule(date(2026, 4, 9), time(9, 30, 0, 0), "第三法庭"), &judge, date(2026, 3, 20));
        assert_eq!(again, Err(Refusal::HearingPending { number: 1 }));
    }

    #[test]
    fn r_tri_20_three_days_before_in_the_ordinary_procedure_alone() {
        let mut case = assigned();
        let judge = judge_of(&case);
        let tomorrow = || schedule(date(2026, 4, 8), time(9, 30, 0, 0), "第三法庭");
        act_on(&mut case.clone(), tomorrow(), &judge, date(2026, 4, 7)).expect("exempt in the simple procedure");
        case.procedure = Some(Procedure::Ordinary);
        assert_eq!(act_on(&mut case, tomorrow(), &judge, date(2026, 4, 7)), Err(Refusal::HearingTooEarly { on: date(2026, 4, 8), least: 3 }));
        act_on(&mut case, tomorrow(), &judge, date(2026, 4, 3)).expect("in time");
        assert!(case.clock("R-TRI-20").is_some(), "the summonses must leave by then");
    }

    #[test]
    fn neither_room_nor_judge_is_taken_twice() {
        let mut case = assigned();
        let judge = judge_of(&case);
        let taken = booking();
        let clash = act_on(&mut case, schedule(taken.date, time(10, 0, 0, 0), &taken.courtroom), &judge, date(2026, 3, 20));
        assert!(matches!(clash, Err(Refusal::Clash { .. })));
        act_on(&mut case.clone(), schedule(taken.date, time(11, 0, 0, 0), &taken.courtroom), &judge, date(2026, 3, 20)).expect("free again");
        act_on(&mut case.clone(), schedule(taken.date, time(10, 0, 0, 0), "第四法庭"), &judge, date(2026, 3, 20)).expect("another room");
        case.staff[0].0 = taken.staff[0];
        let clash = act_on(&mut case.clone(), schedule(taken.date, time(10, 0, 0, 0), "第四法庭"), &judge_of(&case), date(2026, 3, 20));
        assert!(matches!(clash, Err(Refusal::Clash { .. })), "the judge sits elsewhere");
    }

    #[test]
    fn r_cal_01_the_court_sits_on_working_days_within_its_hours() {
        let case = assigned();
        let judge = judge_of(&case);
        let field = |on, at| match act_on(&mut case.clone(), schedule(on, at, "第三法庭"), &judge, date(2026, 3, 20)) {
            Err(Refusal::FieldInvalid { field, zh, .. }) => Some((field, zh)),
            Err(refusal) => panic!("{refusal}"),
            Ok(_) => None,
        };
        let (on, zh) = field(date(2026, 4, 12), time(3, 0, 0, 0)).expect("a Sunday at three in the morning");
        assert_eq!((on.as_str(), zh.as_str()), ("date", "2026年4月12日（周末）法院不办公，请改到工作日开庭。"));
        assert!(field(date(2026, 4, 6), time(9, 30, 0, 0)).is_some_and(|(field, _)| field == "date"), "Qingming, a Monday");
        for at in [time(3, 0, 0, 0), time(8, 29, 0, 0), time(16, 1, 0, 0)] {
            assert!(field(date(2026, 4, 8), at).is_some_and(|(field, _)| field == "time"), "{at}");
        }
        assert_eq!(field(date(2026, 4, 8), time(16, 0, 0, 0)), None, "two hours until six");
        assert_eq!(field(date(2026, 5, 9), time(9, 30, 0, 0)), None, "a Saturday on which offices work");
    }

    #[test]
    fn r_lim_02_not_after_the_trial_has_to_be_over() {
        let case = assigned();
        let limit = case.clock("R-LIM-02").expect("runs").clock.last_day;
        let judge = judge_of(&case);
        let try_on = |on, today| act_on(&mut case.clone(), schedule(on, time(9, 30, 0, 0), "第三法庭"), &judge, today);
        for late in [date(2099, 4, 8), limit.saturating_add(7.days())] {
            let refused = try_on(late, date(2026, 4, 1));
            assert!(matches!(&refused, Err(Refusal::FieldInvalid { field, rule, .. }) if field == "date" && rule == "R-LIM-01"), "{late}: {refused:?}");
        }
        // The limit went by: the case is still heard, and soon.
        let over = limit.saturating_add(1.day());
        let next = (1..=30).map(|days| over.saturating_add(days.days())).find(|day| crate::step::fixture::law().calendar.works(*day).works);
        try_on(next.expect("a working day"), over).expect("late, and heard all the same");
    }

    #[test]
    fn r_fil_21_nobody_is_heard_before_his_time_to_answer_is_over() {
        let case = assigned();
        let judge = judge_of(&case);
        let soon = |waived| {
            let (date, time) = (date(2026, 3, 23), time(9, 30, 0, 0));
            Command::ScheduleHearing(ScheduleHearing { date, time, courtroom: "第三法庭".into(), minutes: 120, public: true, waived })
        };
        let refused = act_on(&mut case.clone(), soon(false), &judge, date(2026, 3, 12));
        let Err(Refusal::FieldInvalid { field, zh, .. }) = refused else { panic!("{refused:?}") };
        assert_eq!((field.as_str(), zh.as_str()), ("date", "陈志远的答辩期到 2026年3月23日 届满，请把开庭改到以后。"));
        act_on(&mut case.clone(), soon(true), &judge, date(2026, 3, 12)).expect("both sides need no time");
        let mut ordinary = case.clone();
        ordinary.procedure = Some(Procedure::Ordinary);
        let refused = act_on(&mut ordinary, soon(true), &judge, date(2026, 3, 12));
        assert!(matches!(refused, Err(Refusal::FieldInvalid { field, .. }) if field == "waived"));
        let mut unserved = case;
        unserved.clocks.retain(|clock| !clock.anchor.starts_with("answer/"));
        for waived in [false, true] {
            let refused = act_on(&mut unserved, soon(waived), &judge, date(2026, 3, 12));
            assert!(matches!(refused, Err(Refusal::FieldInvalid { zh, .. }) if zh.contains("还没有收到起诉状副本")), "{waived}");
        }
    }

    #[test]
    fn not_in_the_past_and_not_before_the_tribunal() {
        let mut case = assigned();
        let judge = judge_of(&case);
        let past = act_on(&mut case, schedule(date(2026, 3, 20), time(9, 30, 0, 0), "第三法庭"), &judge, date(2026, 3, 20));
        assert!(matches!(past, Err(Refusal::FieldInvalid { field, .. }) if field == "date"));
        case.tribunal = None;
        assert_eq!(act_on(&mut case, schedule(date(2026, 4, 8), time(9, 30, 0, 0), "第三法庭"), &judge, date(2026, 3, 20)), Err(Refusal::NoTribunal));
    }
}

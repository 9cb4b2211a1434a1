//! 期间: periods, with the reason for each of their days (R-DDL, 《民事诉讼法》(2023) 第85条).
//!
//! The first hour or day is not counted (R-DDL-01); only the end moves when it falls on a day off (R-DDL-02); months and
//! years end on the same day-number, or the last of the month (R-DDL-03); hours ignore the calendar (R-DDL-09).
use crate::calendar::Calendar;
use jiff::ToSpan;
use jiff::civil::{Date, DateTime, Time};
use serde::{Deserialize, Serialize};

const CPL_85_2: &str = "《中华人民共和国民事诉讼法》第八十五条第二款";
const CPL_85_3: &str = "《中华人民共和国民事诉讼法》第八十五条第三款";

/// A period that runs, with its derivation in the words that a party reads.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Clock {
    /// Rule of the period, e.g. `R-FIL-21b`.
    pub rule: String,
    /// Its name, e.g. 答辩期.
    pub what: String,
    /// The day of the fact that started it; not counted.
    pub from: Date,
    /// The first day that counts. For a period that counts backwards: the day before `from`.
    pub first_day: Date,
    /// The last day on which the act is in time, until 24:00 (R-DDL-04). Backwards: the latest day.
    pub last_day: Date,
    /// For periods of hours: the time on `last_day` at which it ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_time: Option<Time>,
    pub derivation: Vec<Line>,
    /// Depends on a year whose calendar is not published yet; derived anew when it is (R-CAL-05).
    #[serde(default)]
    pub provisional: bool,
}

/// One step of a derivation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// As a party reads it: 9月18日当天不算，从9月19日起算。
    pub text: String,
    /// Rule id of the rulebook.
    pub rule: String,
    /// The article, e.g. 《中华人民共和国民事诉讼法》第八十五条第二款; empty where the rule is the court's own.
    pub law: String,
}

/// Units of a period (R-DDL-01, R-DDL-08).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    Hour,
    Day,
    WorkingDay,
    Month,
    Year,
}

impl Unit {
    /// As in 15 日, 3 个月.
    pub fn zh(self) -> &'static str {
        match self {
            Self::Hour => "小时",
            Self::Day => "日",
            Self::WorkingDay => "个工作日",
            Self::Month => "个月",
            Self::Year => "年",
        }
    }
}

/// One day of the little calendar that shows how a period was counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountedDay {
    pub date: Date,
    /// Its number in the period, from 1; `None` outside the counted days.
    pub number: Option<i64>,
    pub works: bool,
    /// The day of the fact.
    pub is_from: bool,
    /// The last day after moving.
    pub is_end: bool,
}

impl Clock {
    /// The derivation as one paragraph.
    pub fn text(&self) -> String {
        self.derivation.iter().map(|line| line.text.as_str()).collect::<Vec<_>>().join("；") + "。"
    }

    /// Is an act received on this day in time? (R-DDL-04; for hours ask with the instant.)
    pub fn in_time(&self, day: Date) -> bool {
        day <= self.last_day
    }

    /// Days from `today` to the last day; negative once it went by.
    pub fn days_left(&self, today: Date) -> i64 {
        i64::from(today.until(self.last_day).map(|span| span.get_days()).unwrap_or(i32::MAX))
    }

    /// Whole weeks, Monday first, from the day of the fact to the end: the calendar beside the derivation. Empty for
    /// periods of hours and such as run for more than ten weeks.
    pub fn calendar(&self, calendar: &Calendar) -> Vec<[CountedDay; 7]> {
        let (low, high) = (self.from.min(self.last_day), self.from.max(self.last_day));
        let weeks = (low.until(high).map(|span| span.get_days()).unwrap_or(i32::MAX)) / 7;
        if self.last_time.is_some() || weeks > 10 {
            return vec![];
        }
        let mut day = low.saturating_sub(i64::from(low.weekday().to_monday_zero_offset()).days());
        let end = high;
        let mut rows = vec![];
        while day <= end {
            rows.push(std::array::from_fn(|offset| self.counted(day.saturating_add((offset as i64).days()), calendar)));
            day = day.saturating_add(7.days());
        }
        rows
    }

    fn counted(&self, date: Date, calendar: &Calendar) -> CountedDay {
        let inside = date >= self.first_day && date <= self.last_day;
        let number = inside.then(|| i64::from(self.from.until(date).map(|span| span.get_days()).unwrap_or(0)));
        CountedDay { date, number, works: calendar.works(date).works, is_from: date == self.from, is_end: date == self.last_day }
    }
}

/// What a period is: its rule, its name and where the law says so.
#[derive(Debug, Clone, Copy)]
pub struct Period<'a> {
    pub rule: &'a str,
    pub what: &'a str,
    /// The article that sets the length; empty if a court set it.
    pub law: &'a str,
}

/// `n` days from the day after `from`, set by a court (no article of its own).
pub fn days(rule: &str, what: &str, n: i64, from: Date, calendar: &Calendar) -> Clock {
    run(Period { rule, what, law: "" }, n, Unit::Day, from, calendar)
}

/// `n` months (R-DDL-03).
pub fn months(rule: &str, what: &str, n: i64, from: Date, calendar: &Calendar) -> Clock {
    run(Period { rule, what, law: "" }, n, Unit::Month, from, calendar)
}

/// `n` years (R-DDL-03).
pub fn years(rule: &str, what: &str, n: i64, from: Date, calendar: &Calendar) -> Clock {
    run(Period { rule, what, law: "" }, n, Unit::Year, from, calendar)
}

/// `n` working days; only where the text says 工作日 (R-DDL-08).
pub fn working_days(rule: &str, what: &str, n: i64, from: Date, calendar: &Calendar) -> Clock {
    run(Period { rule, what, law: "" }, n, Unit::WorkingDay, from, calendar)
}

/// `n` hours from the next full hour; holidays do not stop them (R-DDL-09).
pub fn hours(rule: &str, what: &str, n: i64, from: DateTime) -> Clock {
    run_hours(Period { rule, what, law: "" }, n, from)
}

/// A period of days, working days, months or years. Negative `n` counts backwards from `from` (a hearing, an auction):
/// then `last_day` is the latest day on which the act is in time, and a day off moves it to the working day before.
pub fn run(period: Period<'_>, n: i64, unit: Unit, from: Date, calendar: &Calendar) -> Clock {
    if unit == Unit::Hour {
        return run_hours(period, n, from.at(0, 0, 0, 0));
    }
    if n < 0 {
        return backwards(period, -n, unit, from, calendar);
    }
    let say = Say { year: from.year() };
    let first_day = from.saturating_add(1.day());
    let nominal = end(n, unit, from, calendar);
    let mut derivation = vec![
        Line { text: format!("{}当天不算，从{}起算", say.day(from), say.day(first_day)), rule: "R-DDL-01".into(), law: CPL_85_2.into() },
        Line { text: length_text(say, n, unit, from, nominal), rule: period.rule.into(), law: period.law.into() },
    ];
    let last_day = calendar.first_working(nominal);
    derivation.extend(moved(from.year(), nominal, last_day, calendar));
    let provisional = if unit == Unit::WorkingDay { !known(first_day, last_day, calendar) } else { !known(nominal, last_day, calendar) };
    if provisional {
        let text = format!("{}年的放假安排还没有公布，公布后重新核对这一天", last_day.year());
        derivation.push(Line { text, rule: "R-CAL-05".into(), law: String::new() });
    }
    Clock { rule: period.rule.into(), what: period.what.into(), from, first_day, last_day, last_time: None, derivation, provisional }
}

/// The end before any moving.
fn end(n: i64, unit: Unit, from: Date, calendar: &Calendar) -> Date {
    match unit {
        Unit::Day | Unit::Hour => from.saturating_add(n.days()),
        // jiff keeps the day-number or takes the last of the month: just R-DDL-03.
        Unit::Month => from.saturating_add(n.months()),
        Unit::Year => from.saturating_add(n.years()),
        Unit::WorkingDay => {
            let mut day = from;
            let mut left = n;
            while left > 0 && day < Date::MAX {
                day = day.saturating_add(1.day());
                left -= i64::from(calendar.works(day).works);
            }
            day
        }
    }
}

fn backwards(period: Period<'_>, n: i64, unit: Unit, from: Date, calendar: &Calendar) -> Clock {
    let say = Say { year: from.year() };
    let nominal = match unit {
        Unit::Day | Unit::Hour | Unit::WorkingDay => from.saturating_sub(n.days()),
        Unit::Month => from.saturating_sub(n.months()),
        Unit::Year => from.saturating_sub(n.years()),
    };
    let mut last_day = nominal;
    while !calendar.works(last_day).works {
        last_day = last_day.saturating_sub(1.day());
    }
    let text = format!("{}之前 {n} {}，最迟{}", say.day(from), unit.zh(), say.day(nominal));
    let mut derivation = vec![Line { text, rule: period.rule.into(), law: period.law.into() }];
    if last_day != nominal {
        let text = format!("{}是休息日，提前到{}办理", say.day(nominal), say.day(last_day));
        derivation.push(Line { text, rule: "R-DDL-02".into(), law: String::new() });
    }
    let provisional = !known(last_day, nominal, calendar);
    let first_day = from.saturating_sub(1.day());
    Clock { rule: period.rule.into(), what: period.what.into(), from, first_day, last_day, last_time: None, derivation, provisional }
}

fn run_hours(period: Period<'_>, n: i64, from: DateTime) -> Clock {
    let say = Say { year: from.year() };
    let hour = from.date().at(from.hour(), 0, 0, 0);
    let begin = hour.saturating_add(1.hour());
    let end = begin.saturating_add(n.hours());
    let derivation = vec![
        Line {
            text: format!(
                "{} {:02}:{:02} 所在的小时不算，从{} {:02}:00 起算",
                say.day(from.date()),
                from.hour(),
                from.minute(),
                say.day(begin.date()),
                begin.hour()
            ),
            rule: "R-DDL-01".into(),
            law: CPL_85_2.into(),
        },
        Line {
            text: format!("{n} 小时，到{} {:02}:00，休息日不停", say.day(end.date()), end.hour()),
            rule: period.rule.into(),
            law: period.law.into(),
        },
    ];
    Clock {
        rule: period.rule.into(),
        what: period.what.into(),
        from: from.date(),
        first_day: begin.date(),
        last_day: end.date(),
        last_time: Some(end.time()),
        derivation,
        provisional: false,
    }
}

fn known(from: Date, to: Date, calendar: &Calendar) -> bool {
    calendar.works(from).known && calendar.works(to).known
}

fn length_text(say: Say, n: i64, unit: Unit, from: Date, nominal: Date) -> String {
    match unit {
        Unit::Day => format!("{n} 日，第 {n} 日是{}", say.day(nominal)),
        Unit::WorkingDay => format!("{n} 个工作日，第 {n} 个工作日是{}", say.day(nominal)),
        Unit::Month | Unit::Year if nominal.day() != from.day() => {
            format!("{n} {}，{}没有 {} 日，到这个月最后一天{}", unit.zh(), say.month(nominal), from.day(), say.day(nominal))
        }
        Unit::Month | Unit::Year => format!("{n} {}，到对应日{}", unit.zh(), say.day(nominal)),
        Unit::Hour => format!("{n} 小时"),
    }
}

/// The line that says why the end moved; none where it stayed (R-DDL-02). `year` is the one that need not be said.
pub(crate) fn moved(year: i16, nominal: Date, last_day: Date, calendar: &Calendar) -> Option<Line> {
    let text = || moved_text(Say { year }, nominal, last_day, calendar);
    (last_day != nominal).then(|| Line { text: text(), rule: "R-DDL-02".into(), law: CPL_85_3.into() })
}

fn moved_text(say: Say, nominal: Date, last_day: Date, calendar: &Calendar) -> String {
    let why = calendar.works(nominal).why.unwrap_or_else(|| "休息日".into());
    if why == "周末" {
        let weekday = weekday_zh(nominal);
        // The day between may be a holiday that follows the weekend.
        return format!("{}是{weekday}，顺延到休息日后第一天，{}", say.day(nominal), say.day(last_day));
    }
    format!("{}在{why}假期里，顺延到假期后第一天，{}", say.day(nominal), say.day(last_day))
}

/// 星期几.
pub fn weekday_zh(date: Date) -> &'static str {
    ["星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日"][date.weekday().to_monday_zero_offset() as usize]
}

/// Days without the year where it is plain.
#[derive(Debug, Clone, Copy)]
struct Say {
    year: i16,
}

impl Say {
    fn day(self, date: Date) -> String {
        if date.year() == self.year { format!("{}月{}日", date.month(), date.day()) } else { date_zh(date) }
    }

    fn month(self, date: Date) -> String {
        if date.year() == self.year { format!("{}月", date.month()) } else { format!("{}年{}月", date.year(), date.month()) }
    }
}

/// A number below a hundred in words, as papers give periods: 10 → 十, 15 → 十五, 30 → 三十.
pub fn number_zh(n: i64) -> String {
    const DIGITS: [&str; 10] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let digit = |n: i64| usize::try_from(n).ok().and_then(|n| DIGITS.get(n)).copied();
    match (digit(n / 10), digit(n % 10)) {
        (Some(""), Some("")) | (None, _) | (_, None) => n.to_string(),
        (Some(""), Some(ones)) => ones.into(),
        (Some("一"), Some(ones)) => format!("十{ones}"),
        (Some(tens), Some(ones)) => format!("{tens}十{ones}"),
    }
}

/// 2026年9月18日.
pub fn date_zh(date: Date) -> String {
    format!("{}年{}月{}日", date.year(), date.month(), date.day())
}

#[cfg(test)]
#[path = "clock_tests.rs"]
mod tests;

//! Dates that can be opened: why that day, counted on a calendar; what happened and what comes.

use jiff::ToSpan;
use jiff::civil::Date;
use maud::{Markup, html};

/// One step of the derivation: trigger, count, shift.
#[derive(Debug, Clone)]
pub struct ClockStep {
    /// What happened or is counted, in plain words.
    pub what: Markup,
    /// The law it follows from, with its rule id.
    pub law: Markup,
}

/// Why a date is what it is.
#[derive(Debug, Clone, Copy)]
pub struct ClockDerivation<'a> {
    /// Trigger, count, law and shift, in order.
    pub steps: &'a [ClockStep],
    /// The count on a calendar, when it is counted in days.
    pub calendar: Option<CountCalendar<'a>>,
    /// Where the days of rest come from.
    pub foot: Option<&'a str>,
}

/// `clock_derivation`: the steps, and the same on a calendar.
pub fn clock_derivation(d: &ClockDerivation<'_>) -> Markup {
    html! {
        div.clock-derivation {
            ol.clock-steps {
                @for step in d.steps { li { div { (step.what) span.law { (step.law) } } } }
            }
            @if let Some(calendar) = &d.calendar { (count_calendar(calendar)) }
            @if let Some(foot) = d.foot { p.tiny.mt-2 { (foot) } }
        }
    }
}

/// A period in days on a calendar. It draws what the rules computed and computes nothing itself: day
/// *k* is `trigger` + *k*, `due` is given.
#[derive(Debug, Clone, Copy)]
pub struct CountCalendar<'a> {
    /// What is counted, in words.
    pub caption: &'a str,
    /// The day that is not counted.
    pub trigger: Date,
    /// What happened then, two characters: 收到, 送达.
    pub trigger_word: &'a str,
    /// Length of the period.
    pub days: u16,
    /// Days of rest among those drawn; other days are working days.
    pub rest: &'a [Date],
    /// The day it ends, after any shift.
    pub due: Date,
}

/// `count_calendar`: whole weeks from the trigger's to the due date's. Periods of more than 90 days
/// are counted in months by law and drawn as nothing.
pub fn count_calendar(c: &CountCalendar<'_>) -> Markup {
    if c.days > 90 || c.due < c.trigger {
        return Markup::default();
    }
    let weeks = weeks(c.trigger, c.due);
    html! {
        table.count {
            caption { (c.caption) }
            thead { tr { @for day in ["一", "二", "三", "四", "五", "六", "日"] { th scope="col" { (day) } } } }
            tbody {
                @for (row, week) in weeks.chunks(7).enumerate() {
                    tr { @for (place, day) in week.iter().enumerate() { (count_cell(c, *day, row + place == 0)) } }
                }
            }
        }
    }
}

/// The days of whole weeks, Monday first, that hold both dates.
fn weeks(from: Date, to: Date) -> Vec<Date> {
    let monday = from.saturating_sub(i32::from(from.weekday().to_monday_zero_offset()).days());
    let sunday = to.saturating_add((6 - i32::from(to.weekday().to_monday_zero_offset())).days());
    monday.series(1.day()).take_while(|day| *day <= sunday).collect()
}

fn count_cell(c: &CountCalendar<'_>, day: Date, first: bool) -> Markup {
    let place = day.since(c.trigger).map_or(0, |span| span.get_days());
    let rest = c.rest.contains(&day);
    let counted = place >= 1 && place <= i32::from(c.days);
    let (class, word) = if day == c.due {
        ("end", Some("到期".to_owned()))
    } else if day == c.trigger {
        ("from", Some(c.trigger_word.to_owned()))
    } else if counted && rest {
        ("in off", Some(format!("{place} 休")))
    } else if counted {
        ("in", Some(place.to_string()))
    } else if rest && day > c.trigger && day < c.due {
        ("off", Some("休".to_owned()))
    } else {
        ("", None)
    };
    html! {
        td class=[(!class.is_empty()).then_some(class)] {
            @if first || day.day() == 1 { (day.month()) "/" (day.day()) } @else { (day.day()) }
            @if let Some(word) = word { small { (word) } }
        }
    }
}

/// Where a step of a timeline stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Happened.
    Done,
    /// Is going on.
    Now,
    /// Comes later or only if something happens.
    Later,
}

/// One step of [`timeline`].
#[derive(Debug, Clone)]
pub struct TimelineItem<'a> {
    /// Where it stands.
    pub step: Step,
    /// When, as people say it: `9月8日 10:24`, `最迟 9月15日`, `如果材料不全`.
    pub when: &'a str,
    /// The same for machines (RFC 3339 date or instant), when it is a time.
    pub datetime: Option<&'a str>,
    /// What.
    pub heading: Markup,
    /// Details.
    pub body: Markup,
}

/// `timeline`: with dates in a column of their own on a desk. Headings are `h3`.
pub fn timeline(items: &[TimelineItem<'_>]) -> Markup {
    html! {
        ol.timeline.dated {
            @for item in items {
                li class=[match item.step { Step::Done => Some("done"), Step::Now => Some("now"), Step::Later => None }] {
                    @if item.datetime.is_some() { time datetime=[item.datetime] { (item.when) } }
                    @else { span.time { (item.when) } }
                    h3 { (item.heading) }
                    (item.body)
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    /// The mock's case: 9月18日 received, 15 days, the last in a holiday, due 10月8日 (R-DDL-01, R-DDL-02).
    #[test]
    fn r_ddl_02_calendar_shows_the_shift() {
        let rest: Vec<Date> = date(2026, 9, 25).series(1.day()).take(3).chain(date(2026, 10, 1).series(1.day()).take(7)).collect();
        let drawn = count_calendar(&CountCalendar {
            caption: "9月18日收到，数 15 日，遇假期顺延",
            trigger: date(2026, 9, 18),
            trigger_word: "收到",
            days: 15,
            rest: &rest,
            due: date(2026, 10, 8),
        })
        .0;
        for cell in [
            "<td>9/14</td>",
            "<td class=\"from\">18<small>收到</small></td>",
            "<td class=\"in\">19<small>1</small></td>",
            "<td class=\"in off\">10/1<small>13 休</small></td>",
            "<td class=\"in off\">3<small>15 休</small></td>",
            "<td class=\"off\">4<small>休</small></td>",
            "<td class=\"end\">8<small>到期</small></td>",
            "<td>11</td>",
        ] {
            assert!(drawn.contains(cell), "{cell} is missing in {drawn}");
        }
        assert_eq!(drawn.matches("<tr>").count(), 5);
    }

    #[test]
    fn a_trigger_on_monday_and_a_due_date_on_sunday_add_no_empty_week() {
        assert_eq!(weeks(date(2026, 9, 14), date(2026, 9, 20)).len(), 7);
        assert_eq!(weeks(date(2026, 9, 20), date(2026, 9, 21)).len(), 14);
    }
}

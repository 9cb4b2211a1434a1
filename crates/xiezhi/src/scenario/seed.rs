//! 演示案件: the demo's dozen cases, each told through pages and API like the scenario's, up to another step of its way.
//! They are told day by day, so that on the day on which the demo begins each has just come as far as it goes.
use super::tale::{Person, Tale};
use super::{Story, court, phases, service};
use anyhow::{Context, Result};
use jiff::ToSpan;
use jiff::civil::Date;
use std::path::Path;

/// Phases that the cases of the demo went through. 2 of them wait for the clerk, one was sent back, and so on to the archive.
const DONE: [usize; 12] = [3, 3, 4, 5, 6, 10, 12, 13, 14, 15, 18, 20];

/// Days before the demo's own day on which its first case was filed; some more, so that hearings fall on working days.
pub const DAYS_BEFORE: i64 = 80;

/// The people of a demo's case who have accounts on the portal, and how far the case has come.
pub struct Known {
    pub plaintiff: Person,
    /// Once he joined.
    pub defendant: Option<Person>,
    pub stands: &'static str,
}

/// The people of the demo's cases, in the order in which the cases were filed.
pub fn known() -> Result<Vec<Known>> {
    let all: Vec<_> = phases().collect();
    let joins = all
        .iter()
        .position(|phase| std::ptr::fn_addr_eq(phase.act, service::join as fn(&mut Story) -> Result<()>))
        .context("the phase in which the defendant joins")?;
    let mut known = Vec::new();
    for (number, done) in (0u8..).zip(DONE) {
        let last = all.get(done - 1).context("a phase of the story")?;
        let (plaintiff, defendant) = Tale::parties(number);
        let stands = last.what.split(['，', '：', '；']).next().unwrap_or(last.what);
        known.push(Known { plaintiff, defendant: (done > joins).then_some(defendant), stands });
    }
    Ok(known)
}

/// Tells the cases to a server whose clock stands at least [`DAYS_BEFORE`] days before `until`.
pub fn tell(portal: &str, workbench: &str, until: Date, fonts: &Path) -> Result<usize> {
    let all: Vec<_> = phases().collect();
    let mut stories = Vec::new();
    for (number, done) in (0u8..).zip(DONE) {
        let last = all.get(done - 1).context("a phase of the story")?;
        let begin = working(until.saturating_sub(last.day.days()));
        stories.push((Story::new(portal, workbench, Tale::invented(number, begin, fonts)?, begin, None), done));
    }
    let mut order: Vec<(Date, usize, usize)> = Vec::new();
    for (index, (story, done)) in stories.iter().enumerate() {
        order.extend(all.iter().take(*done).enumerate().map(|(phase, it)| (story.day_of(it), phase, index)));
    }
    order.sort_unstable();
    let clerk = super::people::Staff::new(workbench, "jiang");
    clerk.sign_in()?;
    let count = order.len();
    for (at, (day, phase, index)) in order.into_iter().enumerate() {
        clerk.day(day)?;
        let story = &mut stories[index].0;
        eprint!("\r演示案件 demo cases: {}/{count}  {day}   ", at + 1);
        (all[phase].act)(story).with_context(|| format!("{}，{day}：{}", story.plaintiff.name, all[phase].what))?;
    }
    eprintln!();
    Ok(stories.len())
}

/// The latest day not after this one from which the hearing falls on a day on which the court works.
fn working(begin: Date) -> Date {
    let calendar = procedure::Law::demo().calendar;
    let mut day = begin;
    while !calendar.works(day.saturating_add(court::HEARING.days())).works {
        day = day.saturating_sub(1.days());
    }
    day
}

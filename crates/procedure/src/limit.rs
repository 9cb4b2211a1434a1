//! 审理期限: from the day after filing, longer by what was approved, without the days that do not count (R-LIM-01, R-LIM-02, R-LIM-31,
//! R-LIM-32). Everything that it hangs on stands in the case, so that it is derived anew whenever one of them changes.
use crate::case::{Procedure, RunningClock};
use crate::clock::{self, Clock, Line, date_zh};
use crate::matter::{Exclusion, PENDING};
use crate::step::running;
use crate::{Case, Law};
use jiff::ToSpan;
use jiff::civil::Date;

const POSTPONEMENT_1: &str = "《最高人民法院关于严格规范民商事案件延长审限和延期开庭问题的规定》第一条";
const JI_243: &str = "《最高人民法院关于适用〈中华人民共和国民事诉讼法〉的解释》第二百四十三条";

/// Why the days of an announcement do not count (R-LIM-31).
pub(crate) const ANNOUNCEMENT: &str = "公告送达";

/// The rule of the limit of a procedure.
pub fn rule(procedure: Procedure) -> &'static str {
    match procedure {
        Procedure::Ordinary => "R-LIM-01",
        Procedure::Simple => "R-LIM-02",
    }
}

/// The period of trial as the case stands; none before it is accepted. `today` bounds an exclusion that still runs.
pub fn trial(case: &Case, law: &Law, today: Date) -> Option<RunningClock> {
    let (procedure, from) = (case.procedure?, case.accepted_on?);
    let mut clock = law.clock(rule(procedure), from);
    let excluded = counted(&case.exclusions, from, today);
    if case.extended_months > 0 || !excluded.is_empty() {
        longer(&mut clock, case.extended_months, &excluded, law);
    }
    Some(running("trial", None, clock))
}

/// [`trial`] where it runs: before the judgment, and not while days that do not count go on.
pub(crate) fn running_trial(case: &Case, law: &Law, today: Date) -> Option<RunningClock> {
    let still = case.exclusions.iter().any(|exclusion| exclusion.to.is_none());
    if PENDING.contains(&case.stage) && !still { trial(case, law, today) } else { None }
}

/// Everything is added to the nominal end; only the last day moves off a holiday (R-DDL-02).
fn longer(clock: &mut Clock, months: i64, excluded: &[(String, i64, String)], law: &Law) {
    let length = law.deadlines.get(&clock.rule).map_or(0, |deadline| deadline.length);
    let mut nominal = clock.from.saturating_add(length.months());
    clock.derivation.retain(|line| line.rule != "R-DDL-02");
    let mut say = |text: String, rule: &str, law: &str| clock.derivation.push(Line { text, rule: rule.into(), law: law.into() });
    if months > 0 {
        nominal = clock.from.saturating_add((length + months).months());
        say(format!("经批准延长 {months} 个月，到{}", date_zh(nominal)), "R-LIM-30", POSTPONEMENT_1);
    }
    for (why, days, span) in excluded {
        nominal = nominal.saturating_add(days.days());
        say(format!("{why}（{span}）{days} 日不计入审理期限，到{}", date_zh(nominal)), "R-LIM-31", JI_243);
    }
    clock.last_day = law.calendar.first_working(nominal);
    clock.derivation.extend(clock::moved(clock.from.year(), nominal, clock.last_day, &law.calendar));
}

/// Each exclusion with its days; a day that two of them hold counts once.
fn counted(exclusions: &[Exclusion], from: Date, today: Date) -> Vec<(String, i64, String)> {
    let mut spans: Vec<(Date, Date, &str)> =
        exclusions.iter().map(|span| (span.from.max(from), span.to.unwrap_or(today), span.why.as_str())).collect();
    spans.sort();
    let mut told = vec![];
    let mut reached = from;
    for (first, last, why) in spans {
        let first = first.max(reached);
        if last < first {
            continue;
        }
        let days = first.until(last).map_or(0, |span| i64::from(span.get_days())) + 1;
        told.push((why.to_owned(), days, format!("{}至{}", date_zh(first), date_zh(last))));
        reached = last.saturating_add(1.day());
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::step::fixture::{accepted, law};
    use jiff::civil::date;

    fn exclusion(from: Date, to: Option<Date>, why: &str) -> Exclusion {
        Exclusion { from, to, why: why.into(), rule: "R-LIM-31".into() }
    }

    #[test]
    fn r_lim_32_the_limit_counts_from_the_day_after_filing() {
        let clock = trial(&accepted(), law(), date(2026, 4, 1)).expect("accepted").clock;
        assert_eq!((clock.first_day, clock.last_day), (date(2026, 3, 4), date(2026, 6, 3)));
    }

    #[test]
    fn r_lim_31_excluded_days_move_the_end_and_none_counts_twice() {
        let mut case = accepted();
        case.exclusions = vec![
            exclusion(date(2026, 3, 10), Some(date(2026, 3, 19)), "管辖权异议"),
            exclusion(date(2026, 3, 15), Some(date(2026, 3, 24)), "公告送达"),
        ];
        let clock = trial(&case, law(), date(2026, 4, 1)).expect("accepted").clock;
        assert_eq!(clock.last_day, date(2026, 6, 18), "15 days later");
        let told: Vec<_> = clock.derivation.iter().filter(|line| line.rule == "R-LIM-31").map(|line| line.text.as_str()).collect();
        assert_eq!(
            told,
            [
                "管辖权异议（2026年3月10日至2026年3月19日）10 日不计入审理期限，到2026年6月13日",
                "公告送达（2026年3月20日至2026年3月24日）5 日不计入审理期限，到2026年6月18日"
            ]
        );
    }

    #[test]
    fn r_lim_30_an_extension_that_was_approved() {
        let mut case = accepted();
        case.extended_months = 1;
        assert_eq!(trial(&case, law(), date(2026, 4, 1)).expect("accepted").clock.last_day, date(2026, 7, 3));
    }
}

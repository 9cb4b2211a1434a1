//! 现行规则: what is in force at a time, as data: calendar, periods, courts, kinds, a court's own policy.
//!
//! Everything is embedded when building; a change of law is a new edition of the data. What was decided stays decided,
//! because every event carries what was found.
use crate::calendar::Calendar;
use crate::caseno::Kinds;
use crate::clock::{self, Clock, Period, Unit};
use crate::courts::Register;
use jiff::civil::{Date, DateTime, Time, time};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

const DEADLINES: &str = include_str!("../../../knowledge/deadlines.csv");

/// The law in force on a day.
#[derive(Debug, Clone)]
pub struct Law {
    /// Name of this edition of the data.
    pub edition: &'static str,
    pub calendar: Calendar,
    pub deadlines: Deadlines,
    pub courts: Register,
    pub kinds: Kinds,
    pub policy: Policy,
}

impl Law {
    /// The national data.
    pub fn current() -> Self {
        Self::with(Register::national())
    }

    /// The national data and the invented courts of the demo (R-CNO-15).
    pub fn demo() -> Self {
        Self::with(Register::with_demo())
    }

    fn with(courts: Register) -> Self {
        Self {
            edition: "2026-1",
            calendar: Calendar::national(),
            deadlines: Deadlines::national(),
            courts,
            kinds: Kinds::national(),
            policy: Policy::default(),
        }
    }

    /// Starts the clock of a rule on the day after `from` (R-DDL-01).
    ///
    /// # Panics
    /// If the rule has no row in `knowledge/deadlines.csv`: a slip of the programmer, found by the first test that runs it.
    pub fn clock(&self, rule: &str, from: Date) -> Clock {
        let deadline = self.deadline(rule);
        clock::run(deadline.period(), deadline.length, deadline.unit, from, &self.calendar)
    }

    /// As [`Law::clock`], from an instant: exact for periods of hours (R-DDL-09).
    ///
    /// # Panics
    /// If the rule has no row in `knowledge/deadlines.csv`.
    pub fn clock_at(&self, rule: &str, from: DateTime) -> Clock {
        let deadline = self.deadline(rule);
        match deadline.unit {
            Unit::Hour => Clock { rule: rule.into(), what: deadline.what.clone(), ..clock::hours(rule, &deadline.what, deadline.length, from) }
                .with_law(&deadline.law),
            Unit::Day | Unit::WorkingDay | Unit::Month | Unit::Year => self.clock(rule, from.date()),
        }
    }

    fn deadline(&self, rule: &str) -> &Deadline {
        self.deadlines.get(rule).unwrap_or_else(|| panic!("no row {rule} in knowledge/deadlines.csv"))
    }
}

impl Clock {
    /// Puts the article of the period's length under its line.
    fn with_law(mut self, law: &str) -> Self {
        for line in self.derivation.iter_mut().filter(|line| line.rule == self.rule) {
            line.law = law.to_owned();
        }
        self
    }
}

/// One statutory period, a row of `knowledge/deadlines.csv`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct Deadline {
    /// Rule id with its letter, e.g. `R-FIL-21b`.
    pub rule: String,
    /// 起算事实
    pub trigger: String,
    /// 期间名称
    pub what: String,
    /// Negative: counts backwards from the trigger.
    pub length: i64,
    pub unit: Unit,
    /// A bound on what a court may set, instead of the period itself.
    pub bound: Option<Bound>,
    /// 不变期间 (R-DDL-06)
    #[serde(deserialize_with = "yes")]
    pub fixed: bool,
    pub computation: String,
    /// Articles, as people read them.
    pub law: String,
    /// Articles, as the rulebook abbreviates them.
    pub source: String,
    /// What is done in it, or what follows when it went by.
    pub consequence: String,
    /// V, E or U of the rulebook.
    pub status: String,
}

/// How the length binds where a court sets the period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Bound {
    Minimum,
    Maximum,
}

fn yes<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    Ok(String::deserialize(deserializer)? == "yes")
}

impl Deadline {
    fn period(&self) -> Period<'_> {
        Period { rule: &self.rule, what: &self.what, law: &self.law }
    }
}

/// The table of statutory periods.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deadlines(BTreeMap<String, Deadline>);

impl Deadlines {
    /// The shipped table.
    pub fn national() -> Self {
        Self::read(DEADLINES).expect("the shipped table is checked by tests")
    }

    /// Reads the columns of `knowledge/deadlines.csv`.
    pub fn read(csv: &str) -> Result<Self, csv::Error> {
        let rows = csv::Reader::from_reader(csv.as_bytes()).into_deserialize::<Deadline>();
        rows.map(|row| row.map(|row| (row.rule.clone(), row))).collect::<Result<_, _>>().map(Self)
    }

    /// The period of a rule id.
    pub fn get(&self, rule: &str) -> Option<&Deadline> {
        self.0.get(rule)
    }

    /// All periods, by rule id.
    pub fn iter(&self) -> impl Iterator<Item = &Deadline> {
        self.0.values()
    }
}

/// A court's own settings: what the law leaves open (rulebook status U or D). Editable without a release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// Least and most days a clerk may give for a correction (R-FIL-12 sets none).
    pub correction_days: (i64, i64),
    /// What the form proposes.
    pub correction_days_usual: i64,
    /// From when until when the court sits on a working day (R-TRI-20 sets no hours).
    pub sitting_hours: (Time, Time),
    /// Tries after which an electronic service counts as failed (R-SVC-18 leaves the number open): with pauses of a minute,
    /// doubling, nine are about four hours.
    pub electronic_tries: u64,
    /// Days after which a clerk is reminded of papers served electronically and not opened.
    pub unopened_days: i64,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            correction_days: (1, 30),
            correction_days_usual: 7,
            sitting_hours: (time(8, 30, 0, 0), time(18, 0, 0, 0)),
            electronic_tries: 9,
            unopened_days: 3,
        }
    }
}

#[cfg(test)]
#[path = "law_periods_tests.rs"]
mod periods;

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn every_period_of_the_table_can_run() {
        let law = Law::demo();
        assert_eq!(law.deadlines.iter().count(), 159);
        for deadline in law.deadlines.iter() {
            let clock = law.clock(&deadline.rule, date(2026, 3, 2));
            assert_eq!(clock.rule, deadline.rule);
            assert!(!clock.what.is_empty() && !deadline.law.is_empty() && !deadline.consequence.is_empty(), "{}", deadline.rule);
            assert_eq!(clock.last_day < clock.from, deadline.length < 0, "{}", deadline.rule);
        }
    }

    #[test]
    fn r_prv_03_hours_run_from_the_next_hour() {
        let clock = Law::current().clock_at("R-PRV-03", date(2024, 9, 30).at(16, 20, 0, 0));
        assert_eq!((clock.last_day, clock.last_time), (date(2024, 10, 2), Some(jiff::civil::time(17, 0, 0, 0))));
        assert!(clock.derivation[1].law.contains("第一百零三条"));
    }

    #[test]
    fn r_ddl_06_fixed_periods_are_marked() {
        let deadlines = Deadlines::national();
        let fixed: Vec<_> = deadlines.iter().filter(|deadline| deadline.fixed).map(|deadline| deadline.rule.as_str()).collect();
        assert_eq!(fixed, ["R-FIL-61d", "R-MED-32c", "R-RET-03"]);
    }

    #[test]
    #[should_panic(expected = "R-NOT-01")]
    fn an_unknown_rule_is_a_slip_that_shows() {
        Law::current().clock("R-NOT-01", date(2026, 3, 2));
    }

    /// The figures are those of the rulebook, row by row.
    #[test]
    fn the_table_agrees_with_the_rulebook() {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/rules/deadlines.csv");
        let Ok(text) = std::fs::read_to_string(path) else {
            eprintln!("SKIPPED: the rulebook is not beside the repository");
            return;
        };
        let ours = Deadlines::national();
        for row in csv::Reader::from_reader(text.as_bytes()).records() {
            let row = row.expect("a row");
            let deadline = ours.get(&row[0]).unwrap_or_else(|| panic!("{} is missing", &row[0]));
            let unit = serde_json::to_value(deadline.unit).expect("a name");
            assert_eq!((deadline.length.to_string().as_str(), unit.as_str()), (&row[2], Some(&row[3])), "{}", &row[0]);
        }
    }
}

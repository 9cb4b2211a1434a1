//! 工作日历: which days offices work (R-CAL-01), the statutory days among them (R-CAL-02). Data: `knowledge/calendar.csv`, versioned by its import date.
use jiff::civil::{Date, Weekday};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

const DATA: &str = include_str!("../../../knowledge/calendar.csv");

/// Whether offices work on a day, and why not or why nevertheless.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Day {
    pub works: bool,
    /// False after the last year whose notice is loaded: the answer is provisional (R-CAL-05).
    pub known: bool,
    /// 国庆节, 春节调休, 周末; `None` on an ordinary working day.
    pub why: Option<String>,
}

/// An exceptional day of the data.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Exception {
    works: bool,
    name: String,
}

/// One row of `calendar.csv`.
#[derive(Debug, Deserialize)]
struct Row {
    date: Date,
    kind: Kind,
    name: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Holiday,
    Workday,
}

/// The days that differ from Monday to Friday.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    days: BTreeMap<Date, Exception>,
    complete: (i16, i16),
}

impl Calendar {
    /// The national calendar of the shipped data.
    pub fn national() -> Self {
        Self::read(DATA, (2016, 2026)).expect("the shipped calendar is checked by tests")
    }

    /// Reads rows `date,kind,name,…`; `complete` are the first and last year whose notice is in them.
    pub fn read(csv: &str, complete: (i16, i16)) -> Result<Self, csv::Error> {
        let mut days = BTreeMap::new();
        for row in csv::Reader::from_reader(csv.as_bytes()).deserialize() {
            let Row { date, kind, name } = row?;
            days.insert(date, Exception { works: kind == Kind::Workday, name });
        }
        Ok(Self { days, complete })
    }

    /// Does the public service work on this day? (R-CAL-01)
    pub fn works(&self, date: Date) -> Day {
        let known = (self.complete.0..=self.complete.1).contains(&date.year());
        if let Some(day) = self.days.get(&date) {
            return Day { works: day.works, known, why: Some(day.name.clone()) };
        }
        let weekend = matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday);
        Day { works: !weekend, known, why: weekend.then(|| "周末".to_owned()) }
    }

    /// The first working day on or after `date` (R-DDL-02).
    pub fn first_working(&self, mut date: Date) -> Date {
        while !self.works(date).works {
            date = date.tomorrow().expect("civil dates reach the year 9999");
        }
        date
    }

    /// First and last year whose data is complete.
    pub fn complete(&self) -> (i16, i16) {
        self.complete
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn r_cal_01_holidays_rest_and_adjusted_weekends_work() {
        let calendar = Calendar::national();
        assert_eq!(calendar.works(date(2026, 10, 3)), Day { works: false, known: true, why: Some("国庆节".into()) });
        assert!(calendar.works(date(2024, 9, 29)).works, "adjusted Sunday");
        assert_eq!(calendar.works(date(2026, 3, 21)), Day { works: false, known: true, why: Some("周末".into()) });
        assert_eq!(calendar.works(date(2026, 3, 20)), Day { works: true, known: true, why: None });
        assert!(!calendar.works(date(2027, 3, 1)).known, "R-CAL-05: no notice for 2027 yet");
    }

    #[test]
    fn r_cal_02_eleven_statutory_days_until_2024_and_thirteen_from_2025() {
        let calendar = Calendar::national();
        let off = |date| !calendar.works(date).works;
        for year in 2016..=2026_i16 {
            for day in [date(year, 1, 1), date(year, 5, 1), date(year, 10, 1), date(year, 10, 2), date(year, 10, 3)] {
                assert!(off(day), "{day}");
            }
        }
        // 除夕 and 2 May are the two days that were added.
        assert!(!off(date(2024, 2, 9)) && off(date(2025, 1, 28)) && off(date(2026, 2, 16)));
        assert!(off(date(2025, 5, 2)) && off(date(2026, 5, 2)));
        // A statutory day on a Saturday or Sunday is made up on a working day.
        assert!(off(date(2022, 1, 3)) && date(2022, 1, 1).weekday() == Weekday::Saturday);
    }

    /// R-CAL-04: weekdays off = statutory days + adjusted working days, save the extension of 2020.
    #[test]
    fn r_cal_04_arithmetic_of_every_complete_year() {
        let calendar = Calendar::national();
        let mut by_year = BTreeMap::<i16, (i32, i32)>::new();
        for (date, day) in &calendar.days {
            let weekend = matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday);
            assert!(!day.works || weekend, "{date}: an adjusted working day is a Saturday or Sunday");
            let entry = by_year.entry(date.year()).or_insert((0, 0));
            entry.0 += i32::from(!day.works && !weekend);
        }
        // A notice's make-up day may lie in the year before (30 December); it is counted with its own notice.
        for row in csv::Reader::from_reader(DATA.as_bytes()).deserialize::<(Date, String, String, String, String)>() {
            let (date, kind, name, _, _) = row.expect("a row");
            if kind == "workday" {
                let year = if date.month() == 12 && name.starts_with("元旦") { date.year() + 1 } else { date.year() };
                by_year.entry(year).or_insert((0, 0)).1 += 1;
            }
        }
        for year in 2016..=2026_i16 {
            let statutory = if year < 2025 { 11 } else { 13 };
            let (off, made_up) = by_year[&year];
            let extension = if year == 2020 { 2 } else { 0 };
            let crossing = crossing(year);
            assert_eq!(off + crossing, statutory + made_up + extension, "{year}");
        }
    }

    /// Weekdays off in December that belong to the next year's New Year holiday, taken out here and put in there.
    fn crossing(year: i16) -> i32 {
        let calendar = Calendar::national();
        let december = |year: i16| {
            (28..=31)
                .map(|day| date(year, 12, day))
                .filter(|date| calendar.days.get(date).is_some_and(|day| !day.works))
                .filter(|date| !matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday))
                .count() as i32
        };
        december(year - 1) - december(year)
    }
}

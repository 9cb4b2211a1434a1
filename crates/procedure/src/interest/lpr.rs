//! 贷款市场报价利率 (LPR) as dated data, and interest by it (R-CHK-37). The rows are unverified (status U): a court confirms them.
use super::{Error, Per, Rate, Stretch};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

const TABLE: &str = include_str!("../../../../knowledge/lpr.csv");

/// Which of the two rates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Term {
    /// 一年期
    OneYear,
    /// 五年期以上
    FiveYear,
}

/// A publication: the rates hold from its day until the next one.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
struct Row {
    published_on: Date,
    one_year: String,
    five_year: String,
    /// `U`: unverified.
    status: String,
}

/// The rates as published, oldest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table(Vec<Row>);

impl Table {
    /// The shipped rows.
    pub fn shipped() -> Self {
        Self::read(TABLE).expect("the shipped table is checked by tests")
    }

    /// Reads the columns of `knowledge/lpr.csv`.
    pub fn read(csv: &str) -> Result<Self, csv::Error> {
        let rows = csv::Reader::from_reader(csv.as_bytes()).into_deserialize::<Row>().collect::<Result<Vec<_>, _>>();
        rows.map(|mut rows| {
            rows.sort_by_key(|row| row.published_on);
            Self(rows)
        })
    }

    /// The rate in force on a day; none before the first publication (20 August 2019).
    pub fn on(&self, day: Date, term: Term) -> Option<Rate> {
        self.0.iter().rev().find(|row| row.published_on <= day).and_then(|row| row.rate(term).ok())
    }

    /// The day of the last publication that the table knows: after it, a later one may be missing.
    pub fn last(&self) -> Option<Date> {
        self.0.last().map(|row| row.published_on)
    }

    /// Is every row confirmed against its publication?
    pub fn verified(&self) -> bool {
        self.0.iter().all(|row| row.status == "V")
    }

    /// The rates from `first` on, each times `hundredths`/100 (fourfold is 400), as stretches for [`super::run`].
    pub fn stretches(&self, first: Date, term: Term, hundredths: i64) -> Result<Vec<Stretch>, Error> {
        let begin = self.on(first, term).ok_or(Error::BeforeLpr)?;
        let later = self.0.iter().filter(|row| row.published_on > first).map(|row| row.rate(term).map(|rate| (row.published_on, rate)));
        let rates = std::iter::once(Ok((first, begin))).chain(later).collect::<Result<Vec<_>, _>>()?;
        rates.into_iter().map(|(from, rate)| Ok(Stretch { from, rate: Some(times(rate, hundredths)?) })).collect()
    }
}

impl Row {
    fn rate(&self, term: Term) -> Result<Rate, Error> {
        let text = match term {
            Term::OneYear => &self.one_year,
            Term::FiveYear => &self.five_year,
        };
        Rate::parse(text, Per::Year)
    }
}

/// A rate times a number of hundredths, exact or refused.
fn times(rate: Rate, hundredths: i64) -> Result<Rate, Error> {
    let product = rate.ppm.checked_mul(hundredths).filter(|_| hundredths > 0).ok_or(Error::TooHigh)?;
    if product % 100 == 0 { Ok(Rate { ppm: product / 100, per: rate.per }) } else { Err(Error::TooFine) }
}

/// 民间借贷利率上限: four times the one-year rate when the contract was made (《民间借贷规定》(2020) 第25条).
pub fn ceiling(table: &Table, contract: Date) -> Option<Rate> {
    table.on(contract, Term::OneYear).and_then(|rate| times(rate, 400).ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interest::run;
    use crate::money::Fen;
    use jiff::civil::date;

    #[test]
    fn r_chk_37_the_fourfold_ceiling_of_the_day_of_the_contract() {
        let table = Table::shipped();
        assert_eq!(ceiling(&table, date(2024, 3, 15)).map(Rate::percent).as_deref(), Some("13.8"));
        assert_eq!(ceiling(&table, date(2020, 8, 20)).map(Rate::percent).as_deref(), Some("15.4"));
        assert_eq!(ceiling(&table, date(2019, 8, 19)), None, "there was none before");
        assert!(!table.verified(), "the rows say that they are not confirmed");
    }

    #[test]
    fn interest_by_the_published_rate_changes_on_the_day_of_publication() {
        let stretches = Table::shipped().stretches(date(2024, 7, 1), Term::OneYear, 100).expect("rates");
        let standing = run(Fen(36_500_000), &stretches, &[], date(2024, 12, 31)).expect("runs");
        let pieces: Vec<_> = standing.pieces.iter().map(|piece| (piece.from, piece.days, piece.rate.as_str(), piece.fen.0)).collect();
        assert_eq!(
            pieces,
            [
                (date(2024, 7, 1), 21, "年利率3.45%", 72_450),
                (date(2024, 7, 22), 91, "年利率3.35%", 304_850),
                (date(2024, 10, 21), 72, "年利率3.1%", 223_200)
            ]
        );
    }

    #[test]
    fn a_multiple_is_exact_or_refused() {
        assert_eq!(times(Rate { ppm: 34_500, per: Per::Year }, 150).map(Rate::percent).as_deref(), Ok("5.175"));
        assert_eq!(times(Rate { ppm: 34_501, per: Per::Year }, 150), Err(Error::TooFine));
    }
}

//! 利息: simple interest of loans, with the arithmetic as people read it (R-CHK-36, R-CHK-37).
//!
//! Both days count: 自2025年3月15日起至2026年3月2日止 are 353 days. Whole years (whole months for a monthly rate) bear the
//! rate itself, days beyond them the yearly rate over 365; rounded half up to the fen once.
pub mod delay;
pub mod lpr;

use crate::clock::date_zh;
use crate::money::{Fen, half_width};
use jiff::civil::Date;
use jiff::{ToSpan, Unit};
use serde::{Deserialize, Serialize};

/// Over what time a rate is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Per {
    Year,
    Month,
    Day,
}

/// A rate of simple interest, exact to four decimals of a percent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Rate {
    /// Parts per million: 1.5% is 15,000.
    pub ppm: i64,
    pub per: Per,
}

/// Why a text is not a rate or a period not one of interest. `Display` is what the person reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error("请填写利率的数字，例如 12 或者 1.5，表示百分之几。")]
    NotRate,
    #[error("利率小数点后最多四位。")]
    TooFine,
    #[error("利率太高，请核对。年利率 12% 填 12，月利率 1 分（1%）填 1。")]
    TooHigh,
    #[error("利息的截止日早于起算日，请核对。")]
    EndsBeforeStart,
    #[error("金额太大，无法计算利息，请核对。")]
    OutOfRange,
    #[error("2019年8月20日以前没有贷款市场报价利率，请按当时的贷款基准利率另行计算。")]
    BeforeLpr,
}

impl Rate {
    /// Reads percent: `12`, `12%`, `１．５`.
    pub fn parse(text: &str, per: Per) -> Result<Self, Error> {
        let plain: String = text.chars().map(half_width).filter(|c| !c.is_whitespace()).collect();
        let plain = plain.strip_suffix('%').unwrap_or(&plain);
        let (whole, fraction) = plain.split_once('.').unwrap_or((plain, "0"));
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|c| c.is_ascii_digit());
        if !digits(whole) || !digits(fraction) {
            return Err(Error::NotRate);
        }
        if fraction.len() > 4 {
            return Err(Error::TooFine);
        }
        let whole: i64 = whole.parse().map_err(|_| Error::TooHigh)?;
        let fraction: i64 = format!("{fraction:0<4}").parse().map_err(|_| Error::NotRate)?;
        if whole >= 1000 {
            return Err(Error::TooHigh);
        }
        Ok(Self { ppm: whole * 10_000 + fraction, per })
    }

    /// 12, 1.5: percent without the sign.
    pub fn percent(self) -> String {
        let text = format!("{}.{:04}", self.ppm / 10_000, self.ppm % 10_000);
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    }

    /// 年利率12%, 月利率1.5%.
    pub fn zh(self) -> String {
        let name = match self.per {
            Per::Year => "年利率",
            Per::Month => "月利率",
            Per::Day => "日利率",
        };
        format!("{name}{}%", self.percent())
    }

    /// The same as a yearly rate: a month's twelve times, a day's 365 times.
    pub fn yearly(self) -> Self {
        let ppm = match self.per {
            Per::Year => self.ppm,
            Per::Month => self.ppm * 12,
            Per::Day => self.ppm * 365,
        };
        Self { ppm, per: Per::Year }
    }
}

/// Interest found for a period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Interest {
    pub fen: Fen,
    /// All days of the period, both ends included.
    pub days: i64,
    pub steps: Vec<String>,
}

/// One stretch of a calculation, both days counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Piece {
    pub from: Date,
    pub to: Date,
    pub days: i64,
    /// The sum that bears interest.
    #[serde(rename = "base_fen")]
    pub base: Fen,
    /// As people read it: 年利率13.8%.
    pub rate: String,
    pub fen: Fen,
}

/// Units of interest kept until rounding: fen × ppm × days/365.
const PARTS: i128 = 1_000_000 * 365;

/// Simple interest on `base` from `first` to `last`, both days counted.
pub fn simple(base: Fen, rate: Rate, first: Date, last: Date) -> Result<Interest, Error> {
    let length = length(first, last, rate.per)?;
    let fen = round(length.exact(base, rate))?;
    let period = format!("自{}起至{}止，共 {} 日", date_zh(first), date_zh(last), length.all_days);
    let step = format!("{}元×{}（{}）＝{}元", base.yuan(), rate.zh(), length.zh(), fen.yuan());
    Ok(Interest { fen, days: length.all_days, steps: vec![period, step] })
}

/// A period as whole units of the rate and days beyond.
#[derive(Debug, Clone, Copy)]
struct Length {
    whole: i64,
    days: i64,
    all_days: i64,
    per: Per,
}

impl Length {
    /// In 1/PARTS fen.
    fn exact(self, base: Fen, rate: Rate) -> i128 {
        let base = i128::from(base.0.max(0));
        base * i128::from(rate.ppm) * i128::from(self.whole) * 365 + base * i128::from(rate.yearly().ppm) * i128::from(self.days)
    }

    fn zh(self) -> String {
        let unit = match self.per {
            Per::Year => "年",
            Per::Month => "个月",
            Per::Day => "日",
        };
        let days = match self.per {
            Per::Year => format!("{}/365 年", self.days),
            Per::Month => format!("{} 日，按月利率×12÷365", self.days),
            Per::Day => format!("{} 日", self.days),
        };
        match (self.whole, self.days) {
            (whole, 0) => format!("{whole} {unit}"),
            (0, _) => days,
            (whole, _) => format!("{whole} {unit}又 {days}"),
        }
    }
}

fn length(first: Date, last: Date, per: Per) -> Result<Length, Error> {
    if last < first {
        return Err(Error::EndsBeforeStart);
    }
    let end = last.tomorrow().map_err(|_| Error::OutOfRange)?;
    let all_days = i64::from(first.until(end).map_err(|_| Error::OutOfRange)?.get_days());
    let (whole, reached) = match per {
        Per::Day => return Ok(Length { whole: all_days, days: 0, all_days, per }),
        Per::Year => {
            let years = first.until((Unit::Year, end)).map_err(|_| Error::OutOfRange)?.get_years();
            (i64::from(years), first.checked_add(i64::from(years).years()))
        }
        Per::Month => {
            let months = first.until((Unit::Month, end)).map_err(|_| Error::OutOfRange)?.get_months();
            (i64::from(months), first.checked_add(i64::from(months).months()))
        }
    };
    let reached = reached.map_err(|_| Error::OutOfRange)?;
    let days = i64::from(reached.until(end).map_err(|_| Error::OutOfRange)?.get_days());
    Ok(Length { whole, days, all_days, per })
}

fn round(exact: i128) -> Result<Fen, Error> {
    let fen = (2 * exact + PARTS).div_euclid(2 * PARTS);
    i64::try_from(fen).map(Fen).map_err(|_| Error::OutOfRange)
}

/// What a payment was for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// 还本金, as agreed.
    Principal,
    /// 付利息, as agreed.
    Interest,
    /// 没有说明: interest first, then principal (《民法典》第561条).
    Unsaid,
}

/// A payment of the borrower.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    pub on: Date,
    pub amount: Fen,
    pub purpose: Purpose,
}

/// A loan as it stands after payments.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Standing {
    /// 尚欠本金
    pub principal: Fen,
    /// 尚欠利息 up to the last day.
    pub interest: Fen,
    /// The first day whose interest is not reckoned yet.
    pub since: Date,
    /// What was paid beyond all that was owed.
    pub overpaid: Fen,
    pub pieces: Vec<Piece>,
    pub steps: Vec<String>,
}

/// A rate from a day on; `None`: no interest from that day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stretch {
    pub from: Date,
    pub rate: Option<Rate>,
}

/// Runs a loan through its rates and payments: interest of each stretch by [`simple`], then the payment by its purpose
/// (《民法典》第561条; R-CHK-37). The day of a payment still bears interest; the new stretch begins on the day after.
/// Before the first stretch nothing accrues; payments after `last` do not count.
pub fn run(principal: Fen, stretches: &[Stretch], payments: &[Payment], last: Date) -> Result<Standing, Error> {
    let mut rates = stretches.to_vec();
    rates.sort_by_key(|stretch| stretch.from);
    // A day on which nothing changes (due, and the same rate after) ends no stretch: its months would be counted in two parts.
    rates.dedup_by(|later, earlier| later.rate == earlier.rate);
    let mut paid: Vec<Payment> = payments.iter().copied().filter(|payment| payment.on <= last).collect();
    paid.sort_by_key(|payment| payment.on);
    let mut standing = Standing {
        principal,
        interest: Fen::ZERO,
        since: rates.first().map_or(last, |stretch| stretch.from),
        overpaid: Fen::ZERO,
        pieces: vec![],
        steps: vec![],
    };
    for payment in &paid {
        standing.accrue(&rates, payment.on)?;
        standing.take(payment)?;
    }
    standing.accrue(&rates, last)?;
    Ok(standing)
}

impl Standing {
    /// Interest from `since` to `last`, rate by rate.
    fn accrue(&mut self, rates: &[Stretch], last: Date) -> Result<(), Error> {
        while self.since <= last {
            let next = rates.iter().map(|stretch| stretch.from).find(|from| *from > self.since);
            let end = match next {
                Some(next) if next <= last => next.yesterday().map_err(|_| Error::OutOfRange)?,
                Some(_) | None => last,
            };
            let rate = rates.iter().rev().find(|stretch| stretch.from <= self.since).and_then(|stretch| stretch.rate);
            if let Some(rate) = rate.filter(|rate| rate.ppm > 0 && self.principal > Fen::ZERO) {
                let interest = simple(self.principal, rate, self.since, end)?;
                self.interest = self.interest.checked_add(interest.fen).ok_or(Error::OutOfRange)?;
                let piece = Piece { from: self.since, to: end, days: interest.days, base: self.principal, rate: rate.zh(), fen: interest.fen };
                self.pieces.push(piece);
                self.steps.extend(interest.steps);
            }
            self.since = end.tomorrow().map_err(|_| Error::OutOfRange)?;
        }
        Ok(())
    }

    fn take(&mut self, payment: &Payment) -> Result<(), Error> {
        let mut left = payment.amount;
        let to_interest = match payment.purpose {
            Purpose::Interest | Purpose::Unsaid => left.min(self.interest),
            Purpose::Principal => Fen::ZERO,
        };
        self.interest = Fen(self.interest.0 - to_interest.0);
        left = Fen(left.0 - to_interest.0);
        let to_principal = match payment.purpose {
            Purpose::Principal | Purpose::Unsaid => left.min(self.principal),
            // Interest paid beyond what the rate gives is not silently turned into principal: it is shown as overpaid.
            Purpose::Interest => Fen::ZERO,
        };
        self.principal = Fen(self.principal.0 - to_principal.0);
        left = Fen(left.0 - to_principal.0);
        self.overpaid = self.overpaid.checked_add(left).ok_or(Error::OutOfRange)?;
        self.steps.push(format!(
            "{}还款{}元：抵利息{}元，抵本金{}元，尚欠本金{}元",
            date_zh(payment.on),
            payment.amount.yuan(),
            to_interest.yuan(),
            to_principal.yuan(),
            self.principal.yuan()
        ));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    fn fen(yuan: &str) -> Fen {
        Fen::parse_yuan(yuan).expect("an amount")
    }

    fn yearly(percent: &str) -> Rate {
        Rate::parse(percent, Per::Year).expect("a rate")
    }

    #[test]
    fn a_daily_rate_counts_days_alone() {
        let late = simple(fen("10000"), Rate::parse("0.05", Per::Day).expect("a rate"), date(2026, 1, 1), date(2026, 3, 11)).expect("interest");
        assert_eq!((late.fen, late.days), (fen("350"), 70));
        assert_eq!(late.steps, ["自2026年1月1日起至2026年3月11日止，共 70 日", "10000.00元×日利率0.05%（70 日）＝350.00元"]);
        assert_eq!(Rate::parse("0.05", Per::Day).expect("a rate").yearly().percent(), "18.25");
    }

    #[test]
    fn r_chk_36_the_figures_of_the_model_judgment() {
        let claimed = simple(fen("400000"), yearly("18"), date(2025, 3, 15), date(2026, 3, 2)).expect("interest");
        assert_eq!((claimed.fen, claimed.days), (fen("69632.88"), 353));
        assert_eq!(claimed.steps, ["自2025年3月15日起至2026年3月2日止，共 353 日", "400000.00元×年利率18%（353/365 年）＝69632.88元"]);
        let payments = [Payment { on: date(2025, 3, 14), amount: fen("60000"), purpose: Purpose::Unsaid }];
        let standing =
            run(fen("388000"), &[Stretch { from: date(2024, 3, 15), rate: Some(yearly("13.8")) }], &payments, date(2026, 3, 2)).expect("runs");
        assert_eq!((standing.principal, standing.interest), (fen("381544"), fen("50922.01")));
        assert!(standing.steps.iter().any(|step| step == "2025年3月14日还款60000.00元：抵利息53544.00元，抵本金6456.00元，尚欠本金381544.00元"));
    }

    #[test]
    fn whole_months_bear_the_monthly_rate() {
        let rate = Rate::parse("1", Per::Month).expect("a rate");
        let interest = simple(fen("150000"), rate, date(2024, 3, 15), date(2025, 8, 14)).expect("interest");
        assert_eq!(interest.fen, fen("25500"), "17 months");
        assert_eq!(rate.yearly().zh(), "年利率12%");
        let leap = simple(fen("100000"), yearly("12"), date(2023, 3, 1), date(2024, 2, 29)).expect("interest");
        assert_eq!(leap.fen, fen("12000"), "a year is a year, with its leap day");
    }

    #[test]
    fn r_chk_36_an_end_before_the_start_is_refused() {
        assert_eq!(simple(fen("1"), yearly("1"), date(2026, 1, 2), date(2026, 1, 1)), Err(Error::EndsBeforeStart));
    }

    #[test]
    fn rates_as_people_type_them() {
        assert_eq!(Rate::parse("１．５％", Per::Month), Ok(Rate { ppm: 15_000, per: Per::Month }));
        assert_eq!(yearly("13.8").percent(), "13.8");
        assert_eq!(yearly("0.0001").zh(), "年利率0.0001%");
        for (text, error) in
            [("", Error::NotRate), ("1分", Error::NotRate), ("1.23456", Error::TooFine), ("1000", Error::TooHigh), ("-1", Error::NotRate)]
        {
            assert_eq!(Rate::parse(text, Per::Year), Err(error), "{text}");
        }
    }

    #[test]
    fn a_rate_may_change_when_the_loan_falls_due() {
        let rates = [Stretch { from: date(2025, 1, 1), rate: Some(yearly("12")) }, Stretch { from: date(2024, 1, 1), rate: Some(yearly("6")) }];
        let standing = run(fen("100000"), &rates, &[], date(2025, 12, 31)).expect("runs");
        assert_eq!(standing.interest, fen("18000"));
        // The same rate after the day on which it fell due: one stretch, as its formula says.
        let monthly = Rate::parse("1", Per::Month).ok();
        let same = [Stretch { from: date(2025, 1, 10), rate: monthly }, Stretch { from: date(2025, 6, 6), rate: monthly }];
        assert_eq!(run(fen("100000"), &same, &[], date(2026, 3, 1)).expect("runs").interest, fen("13657.53"), "13 months and 20 days");
        let ends = [Stretch { from: date(2024, 1, 1), rate: Some(yearly("6")) }, Stretch { from: date(2025, 1, 1), rate: None }];
        assert_eq!(run(fen("100000"), &ends, &[], date(2025, 12, 31)).expect("runs").interest, fen("6000"));
    }

    #[test]
    fn payments_keep_to_their_purpose() {
        let payments = [
            Payment { on: date(2024, 6, 1), amount: fen("10000"), purpose: Purpose::Principal },
            Payment { on: date(2024, 7, 1), amount: fen("99999999"), purpose: Purpose::Unsaid },
        ];
        let standing = run(fen("50000"), &[], &payments, date(2026, 1, 1)).expect("runs");
        assert_eq!((standing.principal, standing.interest, standing.overpaid), (Fen::ZERO, Fen::ZERO, fen("99959999")));
    }

    proptest! {
        #[test]
        fn longer_is_never_less(base in 0_i64..1_000_000_000_000, ppm in 0_i64..400_000, days in 0_i64..4000, month in any::<bool>()) {
            let rate = Rate { ppm, per: if month { Per::Month } else { Per::Year } };
            let first = date(2020, 1, 31);
            let last = first.saturating_add(days.days());
            let one = simple(Fen(base), Rate { ppm, per: Per::Year }, first, last).expect("interest").fen;
            let two = simple(Fen(base), Rate { ppm, per: Per::Year }, first, last.saturating_add(365.days())).expect("interest").fen;
            prop_assert!(two >= one);
            prop_assert!(simple(Fen(base), rate, first, last).expect("interest").fen.0 >= 0);
        }

        #[test]
        fn nothing_is_lost_in_a_run(principal in 1_i64..100_000_000, paid in prop::collection::vec((0_i64..1500, 1_i64..10_000_000), 0..6)) {
            let first = date(2022, 1, 1);
            let payments: Vec<Payment> = paid.iter().map(|(day, amount)| Payment { on: first.saturating_add(day.days()), amount: Fen(*amount), purpose: Purpose::Unsaid }).collect();
            let standing = run(Fen(principal), &[], &payments, first.saturating_add(1500.days())).expect("runs");
            let sum: i64 = payments.iter().map(|payment| payment.amount.0).sum();
            prop_assert_eq!(standing.principal.0, principal - sum + standing.overpaid.0);
        }
    }
}

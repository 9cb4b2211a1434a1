//! 迟延履行期间加倍部分债务利息 (R-ENF-09, 《最高人民法院关于执行程序中计算迟延履行期间的债务利息适用法律若干问题的解释》第1至4条).
//!
//! Unpaid money debt × 0.0175% a day × days. The day on which performance was due is not counted, the day of payment is.
//! Payments go to the debt first and reach the double part only when nothing of the debt is left (第4条).
use super::{Error, Piece};
use crate::clock::date_zh;
use crate::money::Fen;
use jiff::ToSpan;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// 日万分之一点七五, in parts of ten million.
const DAILY: i128 = 1_750;
const PARTS: i128 = 10_000_000;
/// The same as people read it.
pub const RATE_ZH: &str = "每日万分之一点七五";

/// What the double part is reckoned from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Debt {
    /// 生效法律文书确定的除一般债务利息之外的金钱债务.
    pub debt: Fen,
    /// Last day of the period to perform; where the document fixes none, the day on which it took effect (第2条).
    pub due: Date,
    /// The day up to which it is reckoned.
    pub until: Date,
    /// What was paid, transferred or realised, each on its day (第3条).
    #[serde(default)]
    pub payments: Vec<Paid>,
    /// Stays for a review of the document that the debtor did not ask for, and of a retrial: not counted (第3条第3款).
    #[serde(default)]
    pub stays: Vec<Stay>,
}

/// A payment towards the debt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Paid {
    pub on: Date,
    pub amount: Fen,
}

/// Days that do not count, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stay {
    pub from: Date,
    pub to: Date,
}

/// The double part, and what is left of all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Doubled {
    /// 加倍部分债务利息 that accrued.
    pub fen: Fen,
    /// Of the debt, still unpaid on the last day.
    pub debt_left: Fen,
    /// Of the double part, still unpaid.
    pub doubled_left: Fen,
    /// Paid beyond both.
    pub overpaid: Fen,
    pub pieces: Vec<Piece>,
    pub steps: Vec<String>,
}

/// Reckons the double part day by day; rounded half up to the fen once, each piece being the difference of two sums.
pub fn doubled(debt: &Debt) -> Result<Doubled, Error> {
    if debt.until < debt.due || debt.stays.iter().any(|stay| stay.to < stay.from) {
        return Err(Error::EndsBeforeStart);
    }
    let mut paid: Vec<Paid> = debt.payments.iter().copied().filter(|paid| paid.on <= debt.until).collect();
    paid.sort_by_key(|paid| paid.on);
    let mut run = Run { left: debt.debt, exact: 0, since: after(debt.due)?, pieces: vec![], steps: vec![], surplus: Fen::ZERO };
    for payment in &paid {
        run.accrue(payment.on, &debt.stays)?;
        run.pay(*payment)?;
    }
    run.accrue(debt.until, &debt.stays)?;
    let fen = rounded(run.exact)?;
    let to_doubled = run.surplus.min(fen);
    Ok(Doubled {
        fen,
        debt_left: run.left,
        doubled_left: Fen(fen.0 - to_doubled.0),
        overpaid: Fen(run.surplus.0 - to_doubled.0),
        pieces: run.pieces,
        steps: run.steps,
    })
}

struct Run {
    left: Fen,
    /// In 1/PARTS fen.
    exact: i128,
    since: Date,
    pieces: Vec<Piece>,
    steps: Vec<String>,
    /// Paid after the debt was gone.
    surplus: Fen,
}

impl Run {
    /// Up to `last`, stretch by stretch between the stays.
    fn accrue(&mut self, last: Date, stays: &[Stay]) -> Result<(), Error> {
        while self.since <= last {
            if let Some(stay) = stays.iter().find(|stay| stay.from <= self.since && self.since <= stay.to) {
                let to = stay.to.min(last);
                self.steps.push(format!("{}至{}中止或者暂缓执行，不计算", date_zh(self.since), date_zh(to)));
                self.since = after(to)?;
                continue;
            }
            let next = stays.iter().map(|stay| stay.from).filter(|from| *from > self.since).min();
            let end = match next {
                Some(next) if next <= last => next.yesterday().map_err(|_| Error::OutOfRange)?,
                Some(_) | None => last,
            };
            if self.left > Fen::ZERO {
                self.stretch(end)?;
            }
            self.since = after(end)?;
        }
        Ok(())
    }

    fn stretch(&mut self, end: Date) -> Result<(), Error> {
        let days = i64::from(self.since.until(after(end)?).map_err(|_| Error::OutOfRange)?.get_days());
        let before = rounded(self.exact)?;
        self.exact += i128::from(self.left.0) * DAILY * i128::from(days);
        let fen = Fen(rounded(self.exact)?.0 - before.0);
        self.steps.push(format!(
            "自{}起至{}止，共 {days} 日：{}元×0.0175%×{days}＝{}元",
            date_zh(self.since),
            date_zh(end),
            self.left.yuan(),
            fen.yuan()
        ));
        self.pieces.push(Piece { from: self.since, to: end, days, base: self.left, rate: RATE_ZH.into(), fen });
        Ok(())
    }

    fn pay(&mut self, paid: Paid) -> Result<(), Error> {
        let to_debt = paid.amount.min(self.left);
        self.left = Fen(self.left.0 - to_debt.0);
        self.surplus = self.surplus.checked_add(Fen(paid.amount.0 - to_debt.0)).ok_or(Error::OutOfRange)?;
        let rest = if paid.amount > to_debt {
            format!("，余{}元清偿加倍部分债务利息", Fen(paid.amount.0 - to_debt.0).yuan())
        } else {
            String::new()
        };
        let step = format!("{}清偿{}元：先清偿金钱债务{}元{rest}", date_zh(paid.on), paid.amount.yuan(), to_debt.yuan());
        self.steps.push(format!("{step}，金钱债务尚欠{}元", self.left.yuan()));
        Ok(())
    }
}

fn after(day: Date) -> Result<Date, Error> {
    day.checked_add(1.day()).map_err(|_| Error::OutOfRange)
}

fn rounded(exact: i128) -> Result<Fen, Error> {
    i64::try_from((2 * exact + PARTS).div_euclid(2 * PARTS)).map(Fen).map_err(|_| Error::OutOfRange)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    fn debt(yuan: &str, days: i64) -> Debt {
        let due = date(2026, 1, 10);
        Debt { debt: Fen::parse_yuan(yuan).expect("an amount"), due, until: due.saturating_add(days.days()), payments: vec![], stays: vec![] }
    }

    #[test]
    fn r_enf_09_worked_example() {
        let doubled = doubled(&debt("100000", 200)).expect("reckons");
        assert_eq!((doubled.fen, doubled.pieces[0].days, doubled.pieces[0].from), (Fen(350_000), 200, date(2026, 1, 11)));
        assert_eq!(doubled.steps, ["自2026年1月11日起至2026年7月29日止，共 200 日：100000.00元×0.0175%×200＝3500.00元"]);
    }

    #[test]
    fn r_enf_09_payments_go_to_the_debt_first_and_end_its_part() {
        let mut part = debt("100000", 200);
        part.payments.push(Paid { on: date(2026, 4, 20), amount: Fen(6_000_000) });
        let doubled = super::doubled(&part).expect("reckons");
        assert_eq!((doubled.fen, doubled.debt_left, doubled.doubled_left), (Fen(175_000 + 70_000), Fen(4_000_000), Fen(245_000)));
        part.payments.push(Paid { on: date(2026, 4, 20), amount: Fen(4_100_000) });
        let doubled = super::doubled(&part).expect("reckons");
        assert_eq!((doubled.fen, doubled.debt_left, doubled.doubled_left, doubled.overpaid), (Fen(175_000), Fen(0), Fen(75_000), Fen(0)));
    }

    #[test]
    fn r_enf_09_a_stay_that_the_debtor_did_not_ask_for_is_not_counted() {
        let mut stayed = debt("100000", 200);
        stayed.stays.push(Stay { from: date(2026, 2, 1), to: date(2026, 2, 20) });
        let doubled = super::doubled(&stayed).expect("reckons");
        assert_eq!((doubled.fen, doubled.pieces.iter().map(|piece| piece.days).sum::<i64>()), (Fen(315_000), 180));
    }

    #[test]
    fn r_enf_09_nothing_before_the_period_to_perform_is_over() {
        assert_eq!(doubled(&debt("100000", 0)).expect("reckons").fen, Fen::ZERO);
        assert_eq!(doubled(&debt("100000", -1)), Err(Error::EndsBeforeStart));
    }

    proptest! {
        #[test]
        fn r_enf_09_every_fen_is_somewhere(yuan in 1_i64..1_000_000, paid in prop::collection::vec((-5_i64..400, 1_i64..50_000_000), 0..6), stay in 0_i64..300) {
            let mut case = debt(&yuan.to_string(), 365);
            case.payments = paid.iter().map(|(day, amount)| Paid { on: case.due.saturating_add(day.days()), amount: Fen(*amount) }).collect();
            case.stays = vec![Stay { from: case.due.saturating_add(stay.days()), to: case.due.saturating_add((stay + 20).days()) }];
            let doubled = doubled(&case).expect("reckons");
            let paid: i64 = case.payments.iter().filter(|paid| paid.on <= case.until).map(|paid| paid.amount.0).sum();
            prop_assert_eq!(case.debt.0 + doubled.fen.0, paid + doubled.debt_left.0 + doubled.doubled_left.0 - doubled.overpaid.0);
            prop_assert_eq!(doubled.pieces.iter().map(|piece| piece.fen.0).sum::<i64>(), doubled.fen.0);
        }
    }
}

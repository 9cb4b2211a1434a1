//! Amounts computed from the answers: formulas and loans.
use super::check::date_of;
use super::{Amount, Answers, Cause, Error, Loan, LoanTake};
use crate::interest::{self, Payment, Purpose, Rate, Standing, Stretch};
use crate::money::Fen;
use serde_json::{Value, json};

impl Cause {
    /// A computed amount, or `None` if its condition does not hold or what it needs is not answered yet.
    pub fn amount(&self, id: &str, answers: &Answers) -> Result<Option<Fen>, Error> {
        let Some(amount) = self.amounts.iter().find(|amount| amount.id == id) else {
            return Err(Error::UnknownName { place: "amount".into(), name: id.into() });
        };
        if !self.holds(amount.when.as_ref(), answers) {
            return Ok(None);
        }
        match (&amount.formula, &amount.loan) {
            (Some(formula), None) => self.formula(formula, answers, amount).map(Some),
            (None, Some(loan)) => Ok(self.loan(loan, amount, answers)?.map(|standing| match loan.take {
                LoanTake::Principal => standing.principal,
                LoanTake::Interest => standing.interest,
            })),
            (Some(_), Some(_)) | (None, None) => Err(Error::Formula(amount.id.clone())),
        }
    }

    /// The answers with every amount that can be computed, as texts and conditions see them.
    pub(super) fn with_amounts(&self, answers: &Answers) -> Result<Answers, Error> {
        let mut all = answers.clone();
        for amount in &self.amounts {
            if let Some(fen) = self.amount(&amount.id, &all)? {
                all.insert(amount.id.clone(), json!(fen.0));
            }
        }
        Ok(all)
    }

    /// How the loan amounts were reckoned, as people read it.
    pub(super) fn calculation(&self, answers: &Answers) -> Result<Vec<String>, Error> {
        for amount in &self.amounts {
            if let (true, Some(loan)) = (self.holds(amount.when.as_ref(), answers), &amount.loan)
                && loan.take == LoanTake::Interest
                && let Some(standing) = self.loan(loan, amount, answers)?
            {
                return Ok(standing.steps);
            }
        }
        Ok(vec![])
    }

    fn formula(&self, formula: &str, answers: &Answers, amount: &Amount) -> Result<Fen, Error> {
        let range = || Error::Range { name: amount.id.clone() };
        let mut sum = Fen::ZERO;
        for (negative, name) in terms(formula)? {
            let value = match name.strip_prefix("sum(").and_then(|rest| rest.strip_suffix(')')).and_then(|path| path.split_once('.')) {
                Some((list, sub)) => {
                    let entries = answers.get(list).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
                    Fen::sum(entries.iter().filter_map(|entry| entry[sub].as_i64().map(Fen))).ok_or_else(range)?
                }
                None => Fen(answers.get(name).and_then(Value::as_i64).unwrap_or(0)),
            };
            sum = if negative { sum.checked_sub(value) } else { sum.checked_add(value) }.ok_or_else(range)?;
        }
        Ok(sum)
    }

    fn loan(&self, loan: &Loan, amount: &Amount, answers: &Answers) -> Result<Option<Standing>, Error> {
        let principal = answers.get(&loan.principal).and_then(Value::as_i64).map(Fen);
        let Some(principal) = principal else { return Ok(None) };
        let failed = |source| Error::Interest { name: amount.id.clone(), source };
        let mut stretches = vec![];
        for stretch in &loan.stretches {
            let from = stretch.from.iter().find_map(|name| date_of(answers, name));
            let after = stretch.after.iter().find_map(|name| date_of(answers, name)).and_then(|day| day.tomorrow().ok());
            let Some(from) = from.or(after) else { continue };
            let rates = stretch.rate.iter().filter_map(|name| answers.get(name));
            let rate = rates.filter_map(|value| serde_json::from_value::<Rate>(value.clone()).ok()).next();
            stretches.push(Stretch { from, rate: rate.filter(|_| self.holds(stretch.when.as_ref(), answers)) });
        }
        let payments = answers.get(&loan.payments).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let payments: Vec<Payment> = payments.iter().filter_map(payment).collect();
        // Without a day to reckon to, as far as payments go: enough to know the principal left.
        let last = date_of(answers, &loan.to).or_else(|| payments.iter().map(|payment| payment.on).max());
        match (last, loan.take) {
            (Some(last), _) => interest::run(principal, &stretches, &payments, last).map(Some).map_err(failed),
            (None, LoanTake::Principal) => interest::run(principal, &[], &[], jiff::civil::Date::MIN).map(Some).map_err(failed),
            (None, LoanTake::Interest) => Ok(None),
        }
    }
}

/// An entry with `date`, `amount` and `purpose` as a payment.
fn payment(entry: &Value) -> Option<Payment> {
    let purpose = match entry["purpose"].as_str()? {
        "principal" => Purpose::Principal,
        "interest" => Purpose::Interest,
        _ => Purpose::Unsaid,
    };
    Some(Payment { on: entry["date"].as_str()?.parse().ok()?, amount: Fen(entry["amount"].as_i64()?), purpose })
}

/// `a - b + sum(c.d)` as signed names.
pub(super) fn terms(formula: &str) -> Result<Vec<(bool, &str)>, Error> {
    let words: Vec<&str> = formula.split_whitespace().collect();
    let mut terms = vec![];
    for (index, pair) in std::iter::once("+").chain(words.iter().copied()).collect::<Vec<_>>().chunks(2).enumerate() {
        match pair {
            ["+", name] => terms.push((false, *name)),
            ["-", name] if index > 0 => terms.push((true, *name)),
            _ => return Err(Error::Formula(formula.to_owned())),
        }
    }
    Ok(terms)
}

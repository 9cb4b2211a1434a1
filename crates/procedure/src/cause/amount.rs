//! Amounts computed from the answers: formulas and loans.
use super::check::{DECIMAL, date_of, decimal};
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
        let mut sum = 0_i128;
        for term in terms(formula)? {
            let exact = self.term(&term, answers).ok_or_else(range)?;
            sum = if term.negative { sum.checked_sub(exact) } else { sum.checked_add(exact) }.ok_or_else(range)?;
        }
        // Half up, once.
        let fen = sum.checked_mul(2).and_then(|twice| twice.checked_add(SCALE)).ok_or_else(range)?.div_euclid(2 * SCALE);
        let fen = i64::try_from(fen).map_err(|_| range())?;
        let most = amount.most_yuan.map_or(i64::MAX, |yuan| Fen::yuan_whole(yuan).0);
        let fen = fen.min(most);
        Ok(Fen(if amount.not_negative { fen.max(0) } else { fen }))
    }

    /// A term in parts of a fen; `None` if it leaves the range.
    fn term(&self, term: &Term<'_>, answers: &Answers) -> Option<i128> {
        let factors: Vec<i128> = term.factors.iter().map(|factor| self.factor(factor, answers)).collect::<Option<_>>()?;
        product(&factors)
    }

    fn factor(&self, factor: &Factor<'_>, answers: &Answers) -> Option<i128> {
        match factor {
            Factor::Name(name) => scaled(answers.get(*name)),
            Factor::Percent(name) => scaled(answers.get(*name)).map(|parts| parts / 100),
            Factor::Sum { list, subs } => {
                let entries = answers.get(*list).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
                entries.iter().try_fold(0_i128, |sum, entry| {
                    let parts: Vec<i128> = subs.iter().map(|sub| scaled(entry.get(*sub))).collect::<Option<_>>()?;
                    sum.checked_add(product(&parts)?)
                })
            }
        }
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
        let payments = loan.payments.as_ref().and_then(|list| answers.get(list)).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let payments: Vec<Payment> = payments.iter().filter_map(|entry| payment(entry, loan.payments_are)).collect();
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
fn payment(entry: &Value, usual: Purpose) -> Option<Payment> {
    let purpose = match entry["purpose"].as_str() {
        Some("principal") => Purpose::Principal,
        Some("interest") => Purpose::Interest,
        Some(_) => Purpose::Unsaid,
        None => usual,
    };
    Some(Payment { on: entry["date"].as_str()?.parse().ok()?, amount: Fen(entry["amount"].as_i64()?), purpose })
}

/// Parts of a fen in which a formula is reckoned, and of one in which its numbers are.
const SCALE: i128 = DECIMAL;

/// Money in fen or a number as written, in parts; what is not there is zero.
fn scaled(value: Option<&Value>) -> Option<i128> {
    match value {
        None => Some(0),
        Some(Value::String(number)) => decimal(number),
        Some(value) => value.as_i64().map(|fen| i128::from(fen) * SCALE),
    }
}

/// The product of factors that are each in parts, in parts.
fn product(factors: &[i128]) -> Option<i128> {
    let (first, rest) = factors.split_first()?;
    // Numbers have few decimals: the division loses less than a part of a fen.
    rest.iter().try_fold(*first, |product, factor| Some(product.checked_mul(*factor)? / SCALE))
}

/// One term of a formula.
pub(super) struct Term<'a> {
    negative: bool,
    factors: Vec<Factor<'a>>,
}

enum Factor<'a> {
    /// A money field, an amount, or a number field.
    Name(&'a str),
    /// A number field read as so many of a hundred.
    Percent(&'a str),
    /// The entries of a list, each as the product of these inputs.
    Sum { list: &'a str, subs: Vec<&'a str> },
}

impl<'a> Term<'a> {
    /// Names that it asks for, lists by their own.
    pub(super) fn names(&self) -> impl Iterator<Item = &'a str> + '_ {
        self.factors.iter().map(|factor| match factor {
            Factor::Name(name) | Factor::Percent(name) => *name,
            Factor::Sum { list, .. } => *list,
        })
    }

    /// Inputs of lists that it asks for.
    pub(super) fn subs(&self) -> impl Iterator<Item = (&'a str, &'a str)> + '_ {
        self.factors.iter().flat_map(|factor| match factor {
            Factor::Name(_) | Factor::Percent(_) => vec![],
            Factor::Sum { list, subs } => subs.iter().map(|sub| (*list, *sub)).collect(),
        })
    }
}

/// `a * b - sum(c.d) + e * f%` as signed products.
pub(super) fn terms(formula: &str) -> Result<Vec<Term<'_>>, Error> {
    let words: Vec<&str> = formula.split_whitespace().collect();
    let mut terms: Vec<Term<'_>> = vec![];
    for (index, pair) in std::iter::once("+").chain(words.iter().copied()).collect::<Vec<_>>().chunks(2).enumerate() {
        let bad = || Error::Formula(formula.to_owned());
        let &[sign, word] = pair else { return Err(bad()) };
        let factor = factor(word).ok_or_else(bad)?;
        match (sign, terms.last_mut()) {
            ("+", _) => terms.push(Term { negative: false, factors: vec![factor] }),
            ("-", _) if index > 0 => terms.push(Term { negative: true, factors: vec![factor] }),
            ("*", Some(term)) => term.factors.push(factor),
            (_, _) => return Err(bad()),
        }
    }
    Ok(terms)
}

fn factor(word: &str) -> Option<Factor<'_>> {
    let name = |word: &str| !word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if let Some(inner) = word.strip_prefix("sum(") {
        let (list, subs) = inner.strip_suffix(')')?.split_once('.')?;
        let subs: Vec<&str> = subs.split('*').collect();
        return (name(list) && subs.iter().all(|sub| name(sub))).then_some(Factor::Sum { list, subs });
    }
    let (plain, percent) = word.strip_suffix('%').map_or((word, false), |plain| (plain, true));
    if !name(plain) {
        return None;
    }
    Some(if percent { Factor::Percent(plain) } else { Factor::Name(plain) })
}

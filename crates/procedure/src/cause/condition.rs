//! Conditions of pages, fields and texts, written as people say them.
use super::{Answers, Error};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Under this name the day of the statement stands among the answers.
pub(super) const TODAY: &str = "today";

/// When something is shown or said: `claims has interest and interest is rate or due not is fixed`.
///
/// `and` binds tighter than `or`; there are no brackets. A term is `NAME is VALUE` (choice; yes/no), `NAME has VALUE`
/// (choices; for parties the kind `person` or `organisation`, for sureties `joint` or `general`), `NAME filled`, `NAME many` (a list of two and more), or
/// `NAME past` (a date before today; known only where a statement is made);
/// `not` before the verb turns it round. An answer that is not given makes a term false before the turn.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(try_from = "String", into = "String")]
pub struct Condition {
    source: String,
    any: Vec<Vec<Term>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Term {
    name: String,
    negated: bool,
    verb: Verb,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Verb {
    Is(String),
    Has(String),
    Filled,
    Many,
    Past,
}

impl TryFrom<String> for Condition {
    type Error = Error;

    fn try_from(source: String) -> Result<Self, Error> {
        let any = source.split(" or ").map(|all| all.split(" and ").map(|term| read(term.trim(), &source)).collect()).collect::<Result<_, _>>()?;
        Ok(Self { source, any })
    }
}

impl From<Condition> for String {
    fn from(condition: Condition) -> Self {
        condition.source
    }
}

fn read(term: &str, source: &str) -> Result<Term, Error> {
    let words: Vec<&str> = term.split_whitespace().collect();
    let (name, negated, rest) = match words.as_slice() {
        [name, "not", rest @ ..] => (name, true, rest),
        [name, rest @ ..] => (name, false, rest),
        [] => return Err(Error::Condition(source.into(), "an empty term")),
    };
    let verb = match rest {
        ["is", value] => Verb::Is((*value).into()),
        ["has", value] => Verb::Has((*value).into()),
        ["filled"] => Verb::Filled,
        ["many"] => Verb::Many,
        ["past"] => Verb::Past,
        _ => return Err(Error::Condition(source.into(), "a term is NAME [not] is VALUE | has VALUE | filled | many | past")),
    };
    Ok(Term { name: (*name).to_owned(), negated, verb })
}

impl Condition {
    /// Does it hold for these answers (amounts may stand among them)?
    pub fn holds(&self, answers: &Answers) -> bool {
        self.holds_for(|name| answers.get(name))
    }

    /// As [`Condition::holds`], of answers that lie in more than one place.
    pub(crate) fn holds_for<'a>(&self, answer: impl Fn(&str) -> Option<&'a Value>) -> bool {
        self.any.iter().any(|all| all.iter().all(|term| term.holds(answer(&term.name), || answer(TODAY))))
    }

    /// Names that it asks for, with the value compared to.
    pub(crate) fn names(&self) -> impl Iterator<Item = (&str, Option<&str>)> {
        self.any.iter().flatten().map(|term| {
            let value = match &term.verb {
                Verb::Is(value) | Verb::Has(value) => Some(value.as_str()),
                Verb::Filled | Verb::Many | Verb::Past => None,
            };
            (term.name.as_str(), value)
        })
    }
}

impl Term {
    fn holds<'a>(&self, value: Option<&Value>, today: impl Fn() -> Option<&'a Value>) -> bool {
        let found = match (&self.verb, value) {
            (_, None) => false,
            (Verb::Is(wanted), Some(Value::Bool(yes))) => wanted == if *yes { "yes" } else { "no" },
            (Verb::Is(wanted), Some(value)) => value.as_str() == Some(wanted),
            (Verb::Has(wanted), Some(Value::Array(list))) => list.iter().any(|entry| {
                let of_party = ["kind", "surety"].into_iter().any(|key| entry[key].as_str() == Some(wanted));
                entry.as_str() == Some(wanted) || of_party
            }),
            (Verb::Has(_), Some(_)) => false,
            (Verb::Filled, Some(value)) => filled(value),
            (Verb::Many, Some(value)) => value.as_array().is_some_and(|list| list.len() > 1),
            // Days are written year first: they stand in the order of their letters.
            (Verb::Past, Some(value)) => value.as_str().zip(today().and_then(Value::as_str)).is_some_and(|(day, today)| day < today),
        };
        found != self.negated
    }
}

/// Something is there: not empty, not zero, not false.
pub(crate) fn filled(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(yes) => *yes,
        Value::Number(number) => number.as_i64() != Some(0),
        Value::String(text) => !text.is_empty(),
        Value::Array(list) => !list.is_empty(),
        Value::Object(_) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn conditions_read_as_they_are_said() {
        let answers: Answers = [
            ("interest", json!("rate")),
            ("claims", json!(["principal", "interest"])),
            ("guarantee", json!(false)),
            ("defendants", json!([{"kind": "person"}, {"kind": "organisation"}])),
            ("fee", json!(0)),
        ]
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect();
        for (text, holds) in [
            ("interest is rate and claims has interest", true),
            ("interest is none or claims has overdue", false),
            ("guarantee is no", true),
            ("guarantee not is yes", true),
            ("missing is yes", false),
            ("missing not filled", true),
            ("defendants many and defendants has organisation", true),
            ("fee filled", false),
            ("interest is none and claims has interest or guarantee is no", true),
        ] {
            let condition = Condition::try_from(text.to_owned()).expect(text);
            assert_eq!(condition.holds(&answers), holds, "{text}");
        }
        for text in ["", "interest", "interest equals rate", "a is b and"] {
            assert!(Condition::try_from(text.to_owned()).is_err(), "{text}");
        }
    }
}

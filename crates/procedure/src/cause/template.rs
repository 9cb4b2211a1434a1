//! Texts with `{placeholders}`: questions of pages, claims, facts and reasons.
use super::check::date_of;
use super::{Answers, Cause, Condition, Error, Field, FieldKind, Page, Paragraph};
use crate::clock::date_zh;
use crate::interest::Rate;
use crate::money::Fen;
use serde_json::{Value, json};

impl Cause {
    /// The question of a page; what is not answered yet is said by its general word (对方).
    pub fn ask(&self, page: &Page, answers: &Answers) -> String {
        fill(&page.ask, |name| Some(self.say(name, answers).unwrap_or_else(|| self.word(name)))).unwrap_or_else(|_| page.ask.clone())
    }

    /// A text for people, such as a hint: placeholders as far as they are answered.
    pub fn text(&self, text: &str, answers: &Answers) -> String {
        fill(text, |name| Some(self.say(name, answers).unwrap_or_else(|| self.word(name)))).unwrap_or_else(|_| text.to_owned())
    }

    /// A text of a paper: every placeholder must have its value.
    pub(super) fn strict(&self, text: &str, answers: &Answers) -> Result<String, Error> {
        fill(text, |name| self.say(name, answers))
    }

    /// A piece of running text, with its list where it has one. Empty if its condition does not hold.
    pub(super) fn paragraph(&self, paragraph: &Paragraph, answers: &Answers) -> Result<String, Error> {
        if !self.holds(paragraph.when.as_ref(), answers) {
            return Ok(String::new());
        }
        let each = match &paragraph.each {
            None => None,
            Some(name) => {
                let texts = self.each(name, paragraph.each_when.as_ref(), &paragraph.each_text, answers)?;
                Some(texts.join(paragraph.each_join.as_deref().unwrap_or("；")))
            }
        };
        fill(&paragraph.text, |name| if name == "each" { each.clone() } else { self.say(name, answers) })
    }

    /// The text of every entry of a list for which the condition holds; the condition sees the entry before the answers.
    pub(super) fn each(&self, list: &str, when: Option<&Condition>, text: &str, answers: &Answers) -> Result<Vec<String>, Error> {
        let entries = self.entries(list, answers).into_iter().filter(|entry| told_of(entry, when, answers));
        entries.map(|entry| fill(text, |name| self.say_entry(name, &entry, answers))).collect()
    }

    /// The entries themselves for which the condition holds.
    pub(super) fn chosen(&self, list: &str, when: Option<&Condition>, answers: &Answers) -> Vec<Value> {
        self.entries(list, answers).into_iter().filter(|entry| told_of(entry, when, answers)).map(|entry| entry.value).collect()
    }

    /// Entries of a repeat or party field; ticked options of a choices field as entries with `text` and the amount of
    /// their first money field.
    fn entries<'a>(&'a self, name: &str, answers: &Answers) -> Vec<Entry<'a>> {
        let Some(field) = self.field(name) else { return vec![] };
        let values = answers.get(name).and_then(Value::as_array).cloned().unwrap_or_default();
        values.into_iter().map(|value| Entry { field, value: option_entry(field, &value, answers).unwrap_or(value) }).collect()
    }

    fn say_entry(&self, name: &str, entry: &Entry<'_>, answers: &Answers) -> Option<String> {
        let sub = super::check::entry_fields(entry.field);
        let sub = sub.iter().flat_map(Field::with_followups).find(|field| field.name == name).cloned();
        match entry.value.get(name) {
            Some(Value::Number(fen)) => fen.as_i64().map(|fen| format!("{}元", Fen(fen).short())),
            Some(value) => match sub {
                Some(field) => say_value(&field, value),
                None => value.as_str().map(str::to_owned),
            },
            None => self.say(name, answers),
        }
    }

    /// A field or amount in words; `None` if it has no value. `{day.next}` is the day after a date, `{sureties?joint}` the
    /// sureties of that kind.
    fn say(&self, name: &str, answers: &Answers) -> Option<String> {
        if let Some(base) = name.strip_suffix(".next") {
            return date_of(answers, base).and_then(|day| day.tomorrow().ok()).map(date_zh);
        }
        if let Some((field, wanted)) = name.split_once('?') {
            let parties = answers.get(field)?.as_array()?.iter().filter(|party| party["surety"].as_str() == Some(wanted));
            let names = parties.filter_map(|party| party["name"].as_str()).collect::<Vec<_>>();
            return (!names.is_empty()).then(|| names.join("、"));
        }
        if let Some((field, sub)) = name.split_once('.') {
            return self.entries(field, answers).first().and_then(|entry| self.say_entry(sub, entry, answers));
        }
        let value = answers.get(name)?;
        match self.field(name) {
            Some(field) => say_value(field, value),
            None => value.as_i64().map(|fen| format!("{}元", Fen(fen).short())),
        }
    }

    /// What stands for an unanswered name: the label of its field, for parties their side.
    fn word(&self, name: &str) -> String {
        let base = name.split(['.', '?']).next().unwrap_or(name);
        match self.field(base) {
            Some(field) if field.kind == FieldKind::Party => match self.parties.iter().find(|party| party.field == base) {
                Some(party) if party.side == crate::case::Side::Defendant => "对方".to_owned(),
                Some(_) | None => "您".to_owned(),
            },
            Some(field) => field.label.clone(),
            None => "——".to_owned(),
        }
    }
}

/// One entry of a list with the field it belongs to.
struct Entry<'a> {
    field: &'a Field,
    value: Value,
}

fn told_of(entry: &Entry<'_>, when: Option<&Condition>, answers: &Answers) -> bool {
    when.is_none_or(|when| when.holds_for(|name| entry.value.get(name).or_else(|| answers.get(name))))
}

fn option_entry(field: &Field, value: &Value, answers: &Answers) -> Option<Value> {
    let option = field.options.iter().find(|option| Some(option.value.as_str()) == value.as_str())?;
    let amount = option.fields.iter().find(|field| field.kind == FieldKind::Money).and_then(|field| answers.get(&field.name));
    let mut entry = json!({ "text": option.text.as_ref().unwrap_or(&option.label) });
    if let Some(amount) = amount {
        entry["amount"] = amount.clone();
    }
    for sub in &option.fields {
        if let Some(value) = answers.get(&sub.name) {
            entry[sub.name.as_str()] = value.clone();
        }
    }
    Some(entry)
}

/// A kept value as papers say it.
fn say_value(field: &Field, value: &Value) -> Option<String> {
    let label = |value: &str| {
        let option = field.options.iter().find(|option| option.value == value)?;
        Some(option.text.clone().unwrap_or_else(|| option.label.clone()))
    };
    match field.kind {
        // A whole account stands within a sentence of the paper: its own full stop would double.
        FieldKind::LongText => value.as_str().map(|text| text.trim_end_matches(['。', '；', '，', '.']).replace('\n', "")),
        FieldKind::Text | FieldKind::Number => value.as_str().map(str::to_owned),
        FieldKind::Money => value.as_i64().map(|fen| format!("{}元", Fen(fen).short())),
        FieldKind::Date => value.as_str()?.parse().ok().map(date_zh),
        FieldKind::Rate => serde_json::from_value::<Rate>(value.clone()).ok().map(Rate::zh),
        FieldKind::Choice => label(value.as_str()?),
        FieldKind::Choices => {
            let labels = value.as_array()?.iter().map(|value| label(value.as_str()?)).collect::<Option<Vec<_>>>()?;
            Some(labels.join("、"))
        }
        FieldKind::Yesno => value.as_bool().map(|yes| if yes { "是" } else { "否" }.to_owned()),
        FieldKind::Party => {
            let names = value.as_array()?.iter().filter_map(|party| party["name"].as_str()).collect::<Vec<_>>();
            (!names.is_empty()).then(|| names.join("、"))
        }
        FieldKind::Repeat => None,
    }
}

/// Replaces each `{name}`.
pub(super) fn fill(text: &str, value: impl Fn(&str) -> Option<String>) -> Result<String, Error> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let (name, after) = after.split_once('}').ok_or_else(|| Error::Unfilled { name: after.to_owned() })?;
        out.push_str(&value(name).ok_or_else(|| Error::Unfilled { name: name.to_owned() })?);
        rest = after;
    }
    out.push_str(rest);
    Ok(out)
}

/// The names that a text asks for.
pub(super) fn placeholders(text: &str) -> Vec<&str> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name).collect()
}

//! Reads a posted page into answers, or says field by field what is wrong and what to do.
use super::{Answers, Cause, Field, FieldKind, Generic, Page, PageCheck, PartyRole, party_fields};
use crate::identity;
use crate::interest::{Per, Rate};
use crate::money::{Fen, half_width};
use crate::printable;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Most entries of a list where its field names no limit: what fits on a complaint.
const MOST_ENTRIES: usize = 20;
/// Longest single line and longest account, in characters.
const TEXT: usize = 200;
const LONG_TEXT: usize = 5000;

/// A form as posted: values by input name, several for ticked choices.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Form(BTreeMap<String, Vec<String>>);

impl<N: Into<String>, V: Into<String>> FromIterator<(N, V)> for Form {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(pairs: I) -> Self {
        let mut form = Self::default();
        for (name, value) in pairs {
            form.0.entry(name.into()).or_default().push(value.into());
        }
        form
    }
}

impl Form {
    /// The first value of an input, trimmed; empty if it was not sent.
    pub fn value(&self, name: &str) -> &str {
        self.0.get(name).and_then(|values| values.first()).map_or("", |value| value.trim())
    }

    /// Every value of an input.
    pub fn values(&self, name: &str) -> &[String] {
        self.0.get(name).map_or(&[], Vec::as_slice)
    }

    /// All inputs, for showing a refused page again with what was typed.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[String])> {
        self.0.iter().map(|(name, values)| (name.as_str(), values.as_slice()))
    }

    /// Entries of a list that were sent: the indices of inputs `name.INDEX.…`.
    fn entries(&self, name: &str) -> Vec<usize> {
        let prefix = format!("{name}.");
        let indices = self.0.keys().filter_map(|key| key.strip_prefix(&prefix)).filter_map(|rest| rest.split('.').next()?.parse().ok());
        let mut indices: Vec<usize> = indices.collect();
        indices.sort_unstable();
        indices.dedup();
        indices
    }
}

/// What is wrong with one input.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    /// Page on which it stands.
    pub page: String,
    /// Name of the input: `cash`, `defendants.0.domicile`.
    pub field: String,
    /// Its label.
    pub label: String,
    /// What is wrong and what to do; stands at the field.
    pub message: String,
    /// The same in brief, for the summary above the form.
    pub short: String,
    /// A page where it could be put right instead, e.g. that of the principal.
    pub or_page: Option<String>,
}

/// One page being read.
struct Reader<'a> {
    cause: &'a Cause,
    page: &'a Page,
    form: &'a Form,
    today: Date,
    /// Answers of earlier pages with those of this one as they come.
    seen: Answers,
    errors: Vec<FieldError>,
}

impl Cause {
    /// Reads a posted page. `answers` are those of all pages so far, `today` bounds dates of the past.
    pub fn check_page(&self, page: &Page, form: &Form, answers: &Answers, today: Date) -> Result<Answers, Vec<FieldError>> {
        let mut seen = answers.clone();
        for name in page.names() {
            seen.remove(name);
        }
        let mut reader = Reader { cause: self, page, form, today, seen, errors: vec![] };
        let mut new = Answers::new();
        reader.fields(&page.fields, "", &mut new);
        reader.seen.extend(new.clone());
        if reader.errors.is_empty() {
            for check in &page.checks {
                reader.check(check);
            }
        }
        if reader.errors.is_empty() { Ok(new) } else { Err(reader.errors) }
    }

    /// Checks every page that these answers lead through, as if posted again. Empty: ready to submit.
    pub fn check_all(&self, answers: &Answers, today: Date) -> Vec<FieldError> {
        let pages = self.pages(answers);
        let asked = pages.into_iter().filter(|page| page.generic.is_none_or(|generic| generic == Generic::Court && !page.fields.is_empty()));
        asked.filter_map(|page| self.check_page(page, &self.form_of(page, answers), answers, today).err()).flatten().collect()
    }

    /// The form that shows these answers on a page: what [`Cause::check_page`] would read into them.
    pub fn form_of(&self, page: &Page, answers: &Answers) -> Form {
        let mut pairs = vec![];
        for field in page.fields.iter().flat_map(Field::with_followups) {
            if let Some(value) = answers.get(&field.name) {
                write(field, &field.name, value, &mut pairs);
            }
        }
        pairs.into_iter().collect()
    }
}

/// The inputs for a kept value.
fn write(field: &Field, name: &str, value: &Value, pairs: &mut Vec<(String, String)>) {
    match (field.kind, value) {
        (FieldKind::Money, Value::Number(fen)) => pairs.extend(fen.as_i64().map(|fen| (name.to_owned(), Fen(fen).yuan()))),
        (FieldKind::Yesno, Value::Bool(yes)) => pairs.push((name.to_owned(), if *yes { "yes" } else { "no" }.to_owned())),
        (FieldKind::Rate, value) => {
            if let Ok(rate) = serde_json::from_value::<Rate>(value.clone()) {
                pairs.push((name.to_owned(), rate.percent()));
                let per = match rate.per {
                    Per::Year => "year",
                    Per::Month => "month",
                    Per::Day => "day",
                };
                pairs.push((format!("{name}_per"), per.to_owned()));
            }
        }
        (FieldKind::Choices, Value::Array(values)) => {
            pairs.extend(values.iter().filter_map(Value::as_str).map(|value| (name.to_owned(), value.to_owned())));
        }
        (FieldKind::Party | FieldKind::Repeat, Value::Array(entries)) => {
            let fields = entry_fields(field);
            for (index, entry) in entries.iter().enumerate() {
                for sub in fields.iter().flat_map(Field::with_followups) {
                    if let Some(value) = entry.get(&sub.name) {
                        write(sub, &format!("{name}.{index}.{}", sub.name), value, pairs);
                    }
                }
            }
        }
        (_, Value::String(text)) => pairs.push((name.to_owned(), text.clone())),
        (_, _) => {}
    }
}

/// The inputs of one entry of a list.
pub(super) fn entry_fields(field: &Field) -> Vec<Field> {
    match field.kind {
        FieldKind::Party => party_fields(field.role.unwrap_or(PartyRole::Other)),
        FieldKind::Text
        | FieldKind::LongText
        | FieldKind::Money
        | FieldKind::Number
        | FieldKind::Date
        | FieldKind::Rate
        | FieldKind::Choice
        | FieldKind::Choices
        | FieldKind::Yesno
        | FieldKind::Repeat => field.fields.clone(),
    }
}

impl Reader<'_> {
    /// Reads fields into `into`; `prefix` is `defendants.0.` within lists.
    fn fields(&mut self, fields: &[Field], prefix: &str, into: &mut Answers) {
        for field in fields {
            let shown = field.when.as_ref().is_none_or(|when| when.holds_for(|name| into.get(name).or_else(|| self.seen.get(name))));
            if shown {
                self.field(field, prefix, into);
            }
        }
    }

    fn field(&mut self, field: &Field, prefix: &str, into: &mut Answers) {
        let name = format!("{prefix}{}", field.name);
        let raw = clean(self.form.value(&name), field.kind == FieldKind::LongText);
        // It will stand on papers (R-TYP-04).
        let odd = printable::unprintable(&raw);
        if !odd.is_empty() {
            return self.error(field, &name, printable::message(&odd), None);
        }
        let read = match field.kind {
            FieldKind::Choices => return self.choices(field, prefix, into),
            FieldKind::Party | FieldKind::Repeat => return self.list(field, into),
            _ if raw.is_empty() => {
                if field.required {
                    self.missing(field, &name);
                }
                return;
            }
            FieldKind::Choice => return self.choice(field, prefix, &raw, into),
            FieldKind::Text => limited(&raw, TEXT).and_then(|text| self.special_text(field, prefix, text, into)),
            FieldKind::LongText => limited(&raw, LONG_TEXT),
            FieldKind::Money => Fen::parse_yuan(&raw).map_err(|error| error.to_string()).and_then(|fen| positive(fen, &field.label)),
            FieldKind::Date => self.date(field, &raw, into),
            FieldKind::Number => number(&raw, field),
            FieldKind::Rate => self.rate(field, &name, &raw),
            FieldKind::Yesno => match raw.as_str() {
                "yes" => Ok(Value::Bool(true)),
                "no" => Ok(Value::Bool(false)),
                _ => Err("请选“是”或者“否”。".to_owned()),
            },
        };
        match read {
            Ok(value) => {
                into.insert(field.name.clone(), value);
            }
            Err(message) => self.error(field, &name, message, None),
        }
    }

    /// Identity numbers, codes and telephones of parties have a form of their own.
    fn special_text(&self, field: &Field, prefix: &str, text: Value, seen: &Answers) -> Result<Value, String> {
        if prefix.is_empty() {
            return Ok(text);
        }
        let raw = text.as_str().unwrap_or_default();
        let resident = seen.get("id_kind").and_then(Value::as_str).is_none_or(|kind| kind == "resident");
        match field.name.as_str() {
            "id_number" if resident => identity::resident(raw).map(|person| json!(person.number)).map_err(|error| error.to_string()),
            "credit_code" => identity::credit_code(raw).map(|code| json!(code)).map_err(|error| error.to_string()),
            "phone" => identity::phone(raw).map(|phone| json!(phone)).map_err(|error| error.to_string()),
            _ => Ok(text),
        }
    }

    fn date(&self, field: &Field, raw: &str, into: &Answers) -> Result<Value, String> {
        let date = parse_date(raw)?;
        if field.past && date > self.today {
            return Err(format!("{}在今天之后，请核对。", field.label));
        }
        if let Some(earlier) = &field.not_before {
            let other = into.get(earlier).or_else(|| self.seen.get(earlier)).and_then(Value::as_str).and_then(|text| text.parse::<Date>().ok());
            if let Some(other) = other.filter(|other| date < *other) {
                let label = self.cause.field(earlier).map_or(earlier.as_str(), |field| field.label.as_str());
                return Err(format!("{}早于{label}（{}），请核对这两个日期。", field.label, crate::clock::date_zh(other)));
            }
        }
        Ok(json!(date.to_string()))
    }

    fn rate(&self, field: &Field, name: &str, raw: &str) -> Result<Value, String> {
        let per = match self.form.value(&format!("{name}_per")) {
            "year" => Per::Year,
            "month" => Per::Month,
            "day" if field.daily => Per::Day,
            _ if field.daily => return Err("请选择是年利率、月利率还是日利率。".into()),
            _ => return Err("请选择是年利率还是月利率。".into()),
        };
        let rate = Rate::parse(raw, per).map_err(|error| error.to_string())?;
        if rate.ppm == 0 {
            return Err("利率是 0 的，请选“没有约定利息”。".into());
        }
        serde_json::to_value(rate).map_err(|error| error.to_string())
    }

    fn choice(&mut self, field: &Field, prefix: &str, raw: &str, into: &mut Answers) {
        let shown = |option: &&super::ChoiceOption| {
            option.when.as_ref().is_none_or(|when| when.holds_for(|name| into.get(name).or_else(|| self.seen.get(name))))
        };
        let Some(option) = field.options.iter().filter(shown).find(|option| option.value == raw) else {
            let name = format!("{prefix}{}", field.name);
            return self.error(field, &name, "请从列出的各项里选一项。".into(), None);
        };
        into.insert(field.name.clone(), json!(raw));
        self.fields(&option.fields, prefix, into);
    }

    fn choices(&mut self, field: &Field, prefix: &str, into: &mut Answers) {
        let name = format!("{prefix}{}", field.name);
        let ticked: Vec<&str> = self.form.values(&name).iter().map(|value| value.trim()).filter(|value| !value.is_empty()).collect();
        let shown = |option: &super::ChoiceOption| option.when.as_ref().is_none_or(|when| when.holds(&self.seen));
        // In the order of the options, so that equal answers are equal; one that is no longer offered falls away.
        let chosen: Vec<&super::ChoiceOption> =
            field.options.iter().filter(|option| ticked.contains(&option.value.as_str()) && shown(option)).collect();
        if ticked.iter().any(|value| !field.options.iter().any(|option| option.value == **value)) {
            return self.error(field, &name, "请从列出的各项里选。".into(), None);
        }
        if chosen.is_empty() {
            if field.required {
                self.missing(field, &name);
            }
            return;
        }
        into.insert(field.name.clone(), chosen.iter().map(|option| json!(option.value)).collect());
        for option in chosen {
            self.fields(&option.fields, prefix, into);
        }
    }

    fn list(&mut self, field: &Field, into: &mut Answers) {
        let entries = self.form.entries(&field.name);
        let (least, most) = (field.least.unwrap_or(usize::from(field.required)), field.most.unwrap_or(MOST_ENTRIES));
        let fields = entry_fields(field);
        let mut list = vec![];
        for index in entries {
            let prefix = format!("{}.{index}.", field.name);
            let empty = fields.iter().flat_map(Field::with_followups).all(|sub| {
                // A choice alone (which kind, preselected) is not an entry yet.
                matches!(sub.kind, FieldKind::Choice | FieldKind::Rate) || self.form.value(&format!("{prefix}{}", sub.name)).is_empty()
            });
            if empty && list.len() >= least {
                continue;
            }
            let mut entry = Answers::new();
            self.fields(&fields, &prefix, &mut entry);
            list.push(Value::Object(entry.into_iter().collect::<Map<_, _>>()));
        }
        if list.len() < least {
            let message =
                if least == 1 { format!("请至少填写一项{}。", field.label) } else { format!("{}至少要有 {least} 项。", field.label) };
            self.error(field, &field.name, message, None);
        } else if list.len() > most {
            self.error(field, &field.name, format!("{}最多 {most} 项，更多的请到窗口办理。", field.label), None);
        } else if !list.is_empty() {
            into.insert(field.name.clone(), Value::Array(list));
        }
    }

    fn check(&mut self, check: &PageCheck) {
        if let Some(equals) = &check.equals {
            self.check_sum(check, equals);
        }
        // An amount may rest on others.
        let all = self.cause.with_amounts(&self.seen).ok();
        let amount = |name: &Option<String>| all.as_ref()?.get(name.as_ref()?)?.as_i64();
        let wrong = amount(&check.positive).is_some_and(|fen| fen <= 0) || amount(&check.not_negative).is_some_and(|fen| fen < 0);
        if let Some(field) = check.field.as_ref().filter(|_| wrong).and_then(|at| self.cause.field(at)) {
            self.error(field, &field.name, check.message.clone(), None);
        }
    }

    /// Parts must come to a figure given before: 银行转账 120000 元加现金 10000 元，合计 130000 元，比第 4 步填的借款本金 150000 元少 20000 元.
    fn check_sum(&mut self, check: &PageCheck, equals: &str) {
        let fen = |name: &str, seen: &Answers| seen.get(name).and_then(Value::as_i64).map(Fen);
        let Some(whole) = fen(equals, &self.seen) else { return };
        let parts: Vec<(&Field, Fen)> =
            check.sum.iter().filter_map(|name| Some((self.cause.field(name)?, fen(name, &self.seen)?))).filter(|(_, fen)| fen.0 > 0).collect();
        let (Some((last, _)), Some(sum)) = (parts.last().copied(), Fen::sum(parts.iter().map(|(_, fen)| *fen))) else { return };
        if sum == whole {
            return;
        }
        let page = self.cause.pages.iter().find(|page| page.names().contains(&equals));
        let step = page.and_then(|page| self.cause.step_of(page)).map(|(number, _)| format!("第 {number} 步填的")).unwrap_or_default();
        let label = self.cause.field(equals).map_or(equals, |field| field.label.as_str());
        let listed =
            parts.iter().map(|(field, fen)| format!("{} {} 元", field.label.trim_end_matches("金额"), fen.short())).collect::<Vec<_>>().join("加");
        let (word, gap) = if sum < whole { ("少", whole.0 - sum.0) } else { ("多", sum.0 - whole.0) };
        let gap = Fen(gap).short();
        let total = if parts.len() > 1 { format!("，合计 {} 元", sum.short()) } else { String::new() };
        let message = format!(
            "{listed}{total}，比{step}{label} {} 元{word} {gap} 元。请核对{}，或者回{}改{label}。",
            whole.short(),
            last.label,
            step.trim_end_matches("填的")
        );
        let count = ["", "", "两项", "三项", "四项", "五项", "六项"].get(parts.len()).copied().unwrap_or("各项");
        let short = format!("{}：{count}合计{word}了 {gap} 元", last.label);
        let or_page = page.map(|page| page.id.clone());
        self.errors.push(FieldError { page: self.page.id.clone(), field: last.name.clone(), label: last.label.clone(), message, short, or_page });
    }

    fn missing(&mut self, field: &Field, name: &str) {
        let verb = match field.kind {
            FieldKind::Choice | FieldKind::Choices | FieldKind::Yesno => "请选择",
            _ => "请填写",
        };
        self.error(field, name, format!("{verb}{}。", field.label), None);
    }

    fn error(&mut self, field: &Field, name: &str, message: String, or_page: Option<String>) {
        let short = format!("{}：{}", field.label, message.trim_end_matches('。'));
        self.errors.push(FieldError { page: self.page.id.clone(), field: name.to_owned(), label: field.label.clone(), message, short, or_page });
    }
}

/// Without control characters; lines kept where lines belong.
fn clean(raw: &str, lines: bool) -> String {
    let kept: String = raw.replace("\r\n", "\n").chars().filter(|c| !c.is_control() || (lines && *c == '\n')).collect();
    kept.trim().to_owned()
}

fn limited(text: &str, most: usize) -> Result<Value, String> {
    match text.chars().count() {
        count if count > most => Err(format!("最多 {most} 字，现在 {count} 字，请删短一些。")),
        _ => Ok(json!(text)),
    }
}

fn positive(fen: Fen, label: &str) -> Result<Value, String> {
    if fen.0 > 0 { Ok(json!(fen.0)) } else { Err(format!("{label}要大于 0，请核对。")) }
}

/// A number above zero, kept as it is written: `89.5`. At most four decimals; a part of a hundred is at most a hundred.
fn number(raw: &str, field: &Field) -> Result<Value, String> {
    let plain: String = raw.chars().map(half_width).filter(|c| !c.is_whitespace() && *c != ',').collect();
    let plain = plain.strip_suffix('%').unwrap_or(&plain);
    let Some(parts) = decimal(plain) else { return Err(format!("{}请用数字写，例如 12 或者 89.5。", field.label)) };
    if parts <= 0 {
        return Err(format!("{}要大于 0，请核对。", field.label));
    }
    if field.whole && parts % DECIMAL != 0 {
        return Err(format!("{}请写整数，例如 12。", field.label));
    }
    if let Some(upto) = field.upto.filter(|upto| parts > i128::from(*upto) * DECIMAL) {
        return Err(format!("{}不超过 {upto}，请核对。", field.label));
    }
    Ok(json!(plain))
}

/// Parts of one in which numbers are reckoned: four decimals, and two more for percent.
pub(super) const DECIMAL: i128 = 1_000_000;

/// `89.5` in millionths; `None` if it is no number of at most nine digits and four decimals.
pub(super) fn decimal(plain: &str) -> Option<i128> {
    let (whole, fraction) = plain.split_once('.').unwrap_or((plain, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|c| c.is_ascii_digit());
    if !digits(whole) || !digits(fraction) || whole.len() > 9 || fraction.len() > 4 {
        return None;
    }
    let fraction: i128 = format!("{fraction:0<6}").parse().ok()?;
    Some(whole.parse::<i128>().ok()? * DECIMAL + fraction)
}

/// Reads a date as people write it: `2024-03-15`, `2024年3月15日`, `2024/3/15`, `2024.3.15`, `20240315`. Years 1900 and before,
/// 2099 and after are refused: pickers and readings put them there when they found nothing.
pub fn parse_date(text: &str) -> Result<Date, String> {
    let plain: String = text.chars().map(half_width).filter(|c| !c.is_whitespace()).collect();
    let parts: Vec<String> = if plain.len() == 8 && plain.bytes().all(|c| c.is_ascii_digit()) {
        vec![plain[..4].to_owned(), plain[4..6].to_owned(), plain[6..].to_owned()]
    } else {
        plain.trim_end_matches(['日', '号']).split(['-', '/', '.', '年', '月']).map(str::to_owned).collect()
    };
    let [year, month, day] = parts.as_slice() else {
        return Err("请写全年、月、日，例如 2024年3月15日。".into());
    };
    let (Ok(year), Ok(month), Ok(day)) = (year.parse::<i16>(), month.parse::<i8>(), day.parse::<i8>()) else {
        return Err("日期用数字写，例如 2024年3月15日。".into());
    };
    if !(1901..=2098).contains(&year) {
        return Err(format!("{year}年不对，请核对年份，写 4 位数字，例如 2024。"));
    }
    Date::new(year, month, day).map_err(|_| format!("{year}年{month}月没有{day}日，请核对。"))
}

/// The date of a field, if it was given.
pub(super) fn date_of(answers: &Answers, name: &str) -> Option<Date> {
    answers.get(name).and_then(Value::as_str).and_then(|text| text.parse().ok())
}

//! One question of a cause as controls: every kind of field, lists of parties and entries, errors beside them.
use super::page::Said;
use maud::{Markup, html};
use procedure::cause::{Answers, Cause, ChoiceOption, Field, FieldKind, Form, PartyRole, party_fields};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use ui::form::{self, Choice, Entry, Many};
use ui::{Button, button};

/// A page being shown: what was answered before, what was typed, what was refused.
pub struct Asking<'a> {
    pub cause: &'a Cause,
    /// Answers of the draft with the choices of this page as they were typed: conditions ask them.
    pub answers: Answers,
    pub form: Form,
    pub said: Said<'a>,
}

impl<'a> Asking<'a> {
    /// For a page with this form.
    pub fn new(cause: &'a Cause, answers: &Answers, form: Form, fields: &[Field], said: Said<'a>) -> Self {
        let mut seen = answers.clone();
        for field in fields {
            typed_choice(field, &form, &mut seen);
        }
        Self { cause, answers: seen, form, said }
    }

    /// The controls of a page.
    pub fn fields(&self, fields: &[Field]) -> Markup {
        let shown: Vec<&Field> = fields.iter().filter(|field| self.cause.holds(field.when.as_ref(), &self.answers)).collect();
        // The question itself is the legend of a page's only choice.
        let alone = shown.len() == 1;
        html! { @for field in shown { (self.field(field, "", alone)) } }
    }

    fn field(&self, field: &Field, prefix: &str, alone: bool) -> Markup {
        let name = format!("{prefix}{}", field.name);
        let value = self.form.value(&name).to_owned();
        let f = form::Field {
            name: &name,
            label: &field.label,
            hint: (!field.hint.is_empty()).then_some(field.hint.as_str()),
            error: self.said.of(&name),
            value: &value,
            optional: !field.required,
            label_hidden: alone && matches!(field.kind, FieldKind::Choice | FieldKind::Choices | FieldKind::Yesno),
            ..form::Field::default()
        };
        match field.kind {
            FieldKind::Text => form::text(&form::Field { private: field.vault, ..f }, entry(&field.name, prefix)),
            FieldKind::LongText => form::textarea(&f, 6),
            FieldKind::Money => form::money(&f),
            FieldKind::Date => {
                let hint = if field.hint.is_empty() {
                    "例如 2024年3月15日".to_owned()
                } else {
                    format!("{}。例如 2024年3月15日", field.hint.trim_end_matches('。'))
                };
                form::date(&form::Field { hint: Some(&hint), ..f })
            }
            FieldKind::Number => form::number(&f, ""),
            FieldKind::Rate => self.rate(&f, field.daily),
            FieldKind::Choice if !field.required => {
                let mut options = vec![("", "不选")];
                options.extend(field.options.iter().map(|option| (option.value.as_str(), option.label.as_str())));
                form::select(&f, &options)
            }
            FieldKind::Choice => form::choice_group(&f, Many::One, &self.rows(field, prefix, &[value.as_str()])),
            FieldKind::Choices => {
                let ticked: Vec<&str> = self.form.values(&name).iter().map(String::as_str).collect();
                form::choice_group(&f, Many::Several, &self.rows(field, prefix, &ticked))
            }
            FieldKind::Yesno => {
                let row = |wanted: &'static str, label: &'static str| Choice { value: wanted, label, checked: value == wanted, ..Choice::default() };
                form::choice_group(&f, Many::One, &[row("yes", "是"), row("no", "否")])
            }
            FieldKind::Party | FieldKind::Repeat => self.list(field),
        }
    }

    fn rows<'o>(&self, field: &'o Field, prefix: &str, ticked: &[&str]) -> Vec<Choice<'o>> {
        let offered = field.options.iter().filter(|option| self.cause.holds(option.when.as_ref(), &self.answers));
        offered.map(|option| self.row(option, prefix, ticked)).collect()
    }

    fn row<'o>(&self, option: &'o ChoiceOption, prefix: &str, ticked: &[&str]) -> Choice<'o> {
        let shown: Vec<&Field> = option.fields.iter().filter(|field| self.cause.holds(field.when.as_ref(), &self.answers)).collect();
        let more = (!shown.is_empty()).then(|| html! { @for field in &shown { (self.field(field, prefix, false)) } });
        Choice {
            value: &option.value,
            label: &option.label,
            hint: (!option.hint.is_empty()).then_some(option.hint.as_str()),
            checked: ticked.contains(&option.value.as_str()),
            more,
        }
    }

    fn rate(&self, f: &form::Field<'_>, daily: bool) -> Markup {
        let per_name = format!("{}_per", f.name);
        let which = if daily { "是年利率、月利率还是日利率" } else { "是年利率还是月利率" };
        let label = format!("{}{which}", f.label.trim_end_matches("（%）"));
        let mut options = vec![("", "请选择"), ("year", "年利率"), ("month", "月利率")];
        options.extend(daily.then_some(("day", "日利率")));
        let per = form::Field { name: &per_name, label: &label, value: self.form.value(&per_name), ..form::Field::default() };
        html! {
            (form::number(f, "%"))
            (form::select(&per, &options))
        }
    }

    /// Parties and repeated entries, each in a frame of its own, with ways to add and to take out.
    fn list(&self, field: &Field) -> Markup {
        let indices = self.shown_entries(field);
        let most = field.most.unwrap_or(20);
        let removable = indices.len() > field.least.unwrap_or(usize::from(field.required)).max(1);
        html! {
            div.stack.gap-4 {
                @if let Some(words) = self.said.of(&field.name) { (form::field_error(&field.name, words, None)) }
                @for (place, index) in indices.iter().enumerate() {
                    fieldset.panel.panel-pad.stack.gap-4 {
                        legend { strong { (field.label) @if indices.len() > 1 { " " (place + 1) } } }
                        (self.entry(field, *index))
                        @if removable {
                            @let of = format!("{}.{index}", field.name);
                            (button(&Button { label: "删掉这一项", small: true, sends: Some(("remove", &of)), ..Button::default() }))
                        }
                    }
                }
                @if indices.len() < most {
                    @let words = format!("再加一项{}", field.label);
                    div.btns { (button(&Button { label: &words, icon: Some(ui::Icon::Plus), sends: Some(("add", &field.name)), ..Button::default() })) }
                }
            }
        }
    }

    /// Places of a list that are shown: those typed, at least one.
    fn shown_entries(&self, field: &Field) -> Vec<usize> {
        let indices = entries(self.form.iter().map(|(name, _)| name), &field.name);
        if indices.is_empty() { (0..field.least.unwrap_or(1).max(1)).collect() } else { indices }
    }

    fn entry(&self, field: &Field, index: usize) -> Markup {
        let prefix = format!("{}.{index}.", field.name);
        match field.kind {
            FieldKind::Party => self.party(field, index, &prefix),
            _ => html! { @for sub in &field.fields { (self.field(sub, &prefix, false)) } },
        }
    }

    fn particulars(&self, fields: &[Field], prefix: &str, role: PartyRole) -> Markup {
        let folded = |field: &&Field| role != PartyRole::Own && !field.required && SELDOM_KNOWN.contains(&field.name.as_str());
        let (more, first): (Vec<&Field>, Vec<&Field>) = fields.iter().partition(folded);
        let name = |field: &Field| format!("{prefix}{}", field.name);
        let open = more.iter().any(|field| !self.form.value(&name(field)).is_empty() || self.said.of(&name(field)).is_some());
        html! {
            @for field in first { (self.field(field, prefix, false)) }
            @if !more.is_empty() {
                details.more open[open] {
                    summary { "还知道性别、生日、民族、工作单位等，可以填" }
                    div.stack.gap-4.mt-3 { @for field in more { (self.field(field, prefix, false)) } }
                }
            }
        }
    }

    /// A person or an organisation: each has inputs of its own, so one kind is shown and a press changes it.
    fn party(&self, field: &Field, index: usize, prefix: &str) -> Markup {
        let fields = party_fields(field.role.unwrap_or(PartyRole::Other));
        let kind_name = format!("{prefix}kind");
        let organisation = self.form.value(&kind_name) == "organisation";
        let (kind, other, words) = if organisation { ("organisation", "person", "改成个人") } else { ("person", "organisation", "改成单位") };
        let to = format!("{}.{index}.{other}", field.name);
        let inputs = fields.iter().find(|field| field.name == "kind").and_then(|field| field.options.iter().find(|option| option.value == kind));
        html! {
            (form::hidden(&kind_name, kind))
            div.row.between {
                p { @if organisation { "公司、个体工商户等单位" } @else { "个人" } }
                (button(&Button { label: words, small: true, sends: Some(("switch", &to)), ..Button::default() }))
            }
            @if let Some(option) = inputs { (self.particulars(&option.fields, prefix, field.role.unwrap_or(PartyRole::Other))) }
            @for sub in fields.iter().filter(|field| field.name != "kind") { (self.field(sub, prefix, false)) }
        }
    }
}

/// What one usually does not know of one's opponent; it is folded, so that nobody is held up by it.
const SELDOM_KNOWN: [&str; 7] = ["id_kind", "sex", "birth", "ethnicity", "occupation", "workplace", "habitual"];

/// What is typed decides the keyboard and what the browser may fill in; only one's own data is filled in.
fn entry(name: &str, prefix: &str) -> Entry {
    let own = prefix.is_empty() || prefix.starts_with("plaintiff");
    match name {
        "id_number" | "credit_code" => Entry::IdNumber,
        "phone" if own => Entry::Phone,
        "name" if own => Entry::Name,
        "domicile" | "habitual" if own => Entry::Address,
        _ => Entry::Text,
    }
}

/// Puts a typed choice among the answers, so that what depends on it is shown.
fn typed_choice(field: &Field, form: &Form, seen: &mut Answers) {
    let value = form.value(&field.name);
    match field.kind {
        FieldKind::Choice if !value.is_empty() => {
            seen.insert(field.name.clone(), json!(value));
        }
        FieldKind::Choices if !form.values(&field.name).is_empty() => {
            seen.insert(field.name.clone(), Value::Array(form.values(&field.name).iter().map(|value| json!(value)).collect()));
        }
        FieldKind::Yesno if matches!(value, "yes" | "no") => {
            seen.insert(field.name.clone(), json!(value == "yes"));
        }
        FieldKind::Choice
        | FieldKind::Choices
        | FieldKind::Yesno
        | FieldKind::Text
        | FieldKind::LongText
        | FieldKind::Money
        | FieldKind::Number
        | FieldKind::Date
        | FieldKind::Rate
        | FieldKind::Party
        | FieldKind::Repeat => {}
    }
    for option in &field.options {
        for sub in &option.fields {
            typed_choice(sub, form, seen);
        }
    }
}

/// The places of a list's entries among input names: `defendants.2.name` → 2.
pub fn entries<'n>(names: impl Iterator<Item = &'n str>, list: &str) -> Vec<usize> {
    let prefix = format!("{list}.");
    let places: BTreeSet<usize> = names.filter_map(|name| name.strip_prefix(&prefix)?.split('.').next()?.parse().ok()).collect();
    places.into_iter().collect()
}

/// A press that changes the shape of a page: another entry, one less, a person instead of an organisation.
pub fn reshape(typed: &[(String, String)], pairs: &mut Vec<(String, String)>, fields: &[&Field]) -> bool {
    let pressed = |name: &str| typed.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone());
    if let Some(field) = pressed("add").and_then(|list| fields.iter().find(|field| field.name == list)) {
        let next = entries(pairs.iter().map(|(name, _)| name.as_str()), &field.name).last().map_or(0, |last| last + 1);
        let first = match field.kind {
            FieldKind::Party => ("kind".to_owned(), "person".to_owned()),
            _ => (field.fields.first().map(|sub| sub.name.clone()).unwrap_or_default(), String::new()),
        };
        pairs.push((format!("{}.{next}.{}", field.name, first.0), first.1));
        return true;
    }
    if let Some(entry) = pressed("remove") {
        let prefix = format!("{entry}.");
        pairs.retain(|(name, _)| !name.starts_with(&prefix));
        return true;
    }
    if let Some((entry, kind)) = pressed("switch").as_deref().and_then(|to| to.rsplit_once('.')) {
        let name = format!("{entry}.kind");
        pairs.retain(|(known, _)| *known != name);
        pairs.push((name, if kind == "organisation" { "organisation" } else { "person" }.to_owned()));
        return true;
    }
    false
}

/// Every field of a page that holds a list, follow-ups of options included.
pub fn lists(fields: &[Field]) -> Vec<&Field> {
    let more = fields.iter().flat_map(|field| field.options.iter().flat_map(|option| lists(&option.fields)));
    fields.iter().filter(|field| matches!(field.kind, FieldKind::Party | FieldKind::Repeat)).chain(more).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(of: &[(&str, &str)]) -> Vec<(String, String)> {
        of.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn an_entry_is_added_behind_and_taken_out_where_it_stands() {
        let cause = Cause::by_number("108.3").expect("shipped");
        let page = cause.page("defendant").expect("a page of defendants");
        let lists = lists(&page.fields);
        let mut typed = pairs(&[("defendants.0.name", "甲"), ("defendants.3.name", "乙")]);
        assert!(reshape(&pairs(&[("add", "defendants")]), &mut typed, &lists));
        assert_eq!(typed.last(), Some(&("defendants.4.kind".to_owned(), "person".to_owned())));
        assert!(reshape(&pairs(&[("remove", "defendants.3")]), &mut typed, &lists));
        assert_eq!(entries(typed.iter().map(|(name, _)| name.as_str()), "defendants"), [0, 4]);
        assert!(reshape(&pairs(&[("switch", "defendants.0.organisation")]), &mut typed, &lists));
        assert!(typed.contains(&("defendants.0.kind".to_owned(), "organisation".to_owned())));
        assert!(!reshape(&pairs(&[("add", "unknown")]), &mut typed, &lists));
    }

    #[test]
    fn every_field_of_every_shipped_page_can_be_drawn() {
        for cause in Cause::all() {
            for page in cause.pages(&Answers::new()) {
                let form = Form::default();
                let asking = Asking::new(cause, &Answers::new(), form, &page.fields, Said::default());
                let drawn = asking.fields(&page.fields).0;
                for field in page.fields.iter().filter(|field| field.when.is_none()) {
                    assert!(drawn.contains(&field.name), "{} of {} is not drawn", field.name, page.id);
                }
            }
        }
    }
}

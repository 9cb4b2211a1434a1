//! Inputs of a shape of their own: the roll call of a sitting, opinions on evidence.
use crate::http::Input;
use crate::step_form::Wrong;
use court::desk::File;
use maud::{Markup, html};
use procedure::case::Labelled;
use procedure::trial::{Presence, Stand};
use serde_json::{Value, json};
use ui::form::{self, Choice, Entry, Field, Many};

const PRESENCES: [(&str, Presence); 4] =
    [("in_person", Presence::InPerson), ("online", Presence::Online), ("by_agent", Presence::ByAgent), ("absent", Presence::Absent)];
const STANDS: [(&str, Stand); 2] = [("accepted", Stand::Accepted), ("disputed", Stand::Disputed)];
/// Qualities of an item that are accepted or disputed (R-EVD-09).
const QUALITIES: [(&str, &str); 3] = [("authenticity", "真实性"), ("legality", "合法性"), ("relevance", "关联性")];

fn chosen<'a>(input: &'a Input, name: &str, options: &[(&'static str, &'static str)]) -> Vec<Choice<'a>> {
    options.iter().map(|(value, label)| Choice { value, label, checked: input.get(name) == *value, ..Choice::default() }).collect()
}

/// One line a party: how he came, and with whom.
pub fn attendance(file: &File, input: &Input, error: Option<&str>) -> Markup {
    let options = PRESENCES.map(|(value, presence)| (value, presence.zh()));
    html! {
        @if let Some(zh) = error { (form::field_error("attendance", zh, None)) }
        @for party in &file.case.parties {
            @let (name, with) = (format!("attendance.{}", party.person), format!("with.{}", party.person));
            @let label = format!("{} {}", party.side.zh(), party.name);
            (form::choice_group(&Field { name: &name, label: &label, ..Field::default() }, Many::One, &chosen(input, &name, &options)))
            (form::text(&Field { name: &with, label: "同来的代理人、陪同人员", hint: Some("几个人的用顿号隔开"), value: input.get(&with), optional: true, ..Field::default() }, Entry::Text))
        }
    }
}

/// The roll call as the step takes it; a party without an answer is left out, and the step says so.
pub fn attendance_value(file: &File, input: &Input) -> Value {
    let line = |party: &procedure::Party| {
        let presence = input.get(&format!("attendance.{}", party.person));
        let with: Vec<_> =
            input.get(&format!("with.{}", party.person)).split(['、', '，', ',']).map(str::trim).filter(|name| !name.is_empty()).collect();
        (!presence.is_empty()).then(|| json!({"person": party.person, "presence": presence, "with": with}))
    };
    file.case.parties.iter().filter_map(line).collect()
}

/// One block an item of the other side.
pub fn opinions(file: &File, input: &Input, error: Option<(&str, &str)>) -> Markup {
    let options = STANDS.map(|(value, stand)| (value, stand.zh()));
    html! {
        @if let Some((_, zh)) = error { (form::field_error("opinions", zh, None)) }
        @if file.case.evidence.is_empty() { p.muted { "还没有需要质证的证据。" } }
        @for evidence in &file.case.evidence {
            @let id = evidence.material.id;
            fieldset.stack.gap-2 {
                legend { b { (evidence.side.zh()) "证据 " (evidence.number) "：" (evidence.material.name) } }
                @for (quality, label) in QUALITIES {
                    @let name = format!("{quality}.{id}");
                    (form::choice_group(&Field { name: &name, label, optional: true, ..Field::default() }, Many::One, &chosen(input, &name, &options)))
                }
                @let text = format!("opinion.{id}");
                (form::textarea(&Field { name: &text, label: "理由", hint: Some("不认可的写明理由"), value: input.get(&text), optional: true, ..Field::default() }, 2))
            }
        }
    }
}

/// Opinions on the items that something was said of; all three qualities then.
pub fn opinions_value(file: &File, input: &Input) -> Result<Value, Wrong> {
    let mut opinions = Vec::new();
    for evidence in &file.case.evidence {
        let id = evidence.material.id;
        let said = |quality: &str| input.get(&format!("{quality}.{id}")).to_owned();
        let text = input.get(&format!("opinion.{id}"));
        let answers = QUALITIES.map(|(quality, _)| said(quality));
        if answers.iter().all(String::is_empty) && text.is_empty() {
            continue;
        }
        if answers.iter().any(String::is_empty) {
            return Err(("opinions".into(), format!("对“{}”，请就真实性、合法性、关联性三项都作出选择。", evidence.material.name)));
        }
        let [authenticity, legality, relevance] = answers;
        opinions.push(json!({"item": id, "authenticity": authenticity, "legality": legality, "relevance": relevance, "text": text}));
    }
    Ok(json!(opinions))
}

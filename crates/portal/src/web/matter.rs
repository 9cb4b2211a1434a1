//! 程序事项: one page for everything that a person may ask for beside the main proceeding, made from the step's declaration.
use super::act::{handing, press, send, step_page};
use super::fault::{Fault, overtaken};
use super::form::{MineWithFiles, Typed};
use super::kept::{Sheet, handed_in};
use super::page::{Said, key_of};
use super::trial::{files_field, new_files};
use super::visitor::{Me, Visitor};
use crate::Problem;
use axum::extract::Path;
use axum::response::Response;
use exchange::message::View;
use maud::{Markup, html};
use procedure::case::{Labelled, MaterialKind};
use procedure::matter::{self, Fields, Kind, Part};
use procedure::step::{Field as Declared, FieldKind};
use procedure::{CaseId, Step};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use ui::form::{Choice, Entry, Field, Many, choice_group, date, money, number, text, textarea};
use ui::zh::prose;
use uuid::Uuid;

/// The matter that this step raises, if people raise it.
fn of(name: &str) -> Option<(Kind, &'static Step)> {
    match matter::of_step(name)? {
        (kind, Part::Raise) if !kind.matter().raise.counter.is_empty() => Some((kind, &kind.matter().raise)),
        (_, Part::Raise | Part::Decide) => None,
    }
}

/// GET /case/{id}/do/{step}
pub async fn page(Path((id, name)): Path<(Uuid, String)>, me: Me) -> Result<Response, Fault> {
    let (_, step) = of(&name).ok_or(Fault::Missing)?;
    let view = me.v.portal.view(&me.account, CaseId(id)).await?;
    Ok(show(&me.v, &view, step, &Sheet::open(&me.v, &me.account).await?, &[]))
}

fn show(v: &Visitor, view: &View, step: &Step, sheet: &Sheet, problems: &[Problem]) -> Response {
    let said = Said(problems);
    let open = view.steps.iter().any(|name| name == step.name);
    let content = html! {
        p.intro { (prose(step.guide)) " " @for rule in step.rules { (ui::rule_id(rule)) " " } }
        @if open {
            (sheet.form(v, true, &html! {
                (press(view, &said))
                @for declared in step.fields { (control(v, view, declared, &sheet.typed, &said)) }
                (send("提交"))
            }))
        } @else if problems.is_empty() { (ui::notice(ui::Tone::Soon, &html! { "这一项您现在不能办：可能不是您这一方办理的事项，或者案件的阶段不对，或者已经提过、正在等法院处理。" })) }
    };
    step_page(v, view, step.zh, problems, step.name, &content)
}

/// The control of one declared field. What only the counter asks for is left out.
fn control(v: &Visitor, view: &View, declared: &Declared, typed: &Typed, said: &Said<'_>) -> Markup {
    let name = declared.name;
    let field = Field { name, label: declared.zh, value: typed.value(name), error: said.of(name), ..Field::default() };
    let people: Vec<(String, String)> = match &declared.kind {
        FieldKind::Staff => view.staff.iter().map(|(person, office, name)| (person.to_string(), format!("{} {name}", office.zh()))).collect(),
        FieldKind::Measure => {
            view.measures.iter().filter(|measure| measure.holds).map(|measure| (measure.number.to_string(), measure.zh.clone())).collect()
        }
        FieldKind::Person => view.parties.iter().map(|party| (party.person.to_string(), format!("{} {}", party.side.zh(), party.name))).collect(),
        FieldKind::Choice(options) => options.iter().map(|(value, zh)| ((*value).to_owned(), (*zh).to_owned())).collect(),
        FieldKind::Remarks
        | FieldKind::Days { .. }
        | FieldKind::Date
        | FieldKind::Text
        | FieldKind::Note
        | FieldKind::LongText
        | FieldKind::Money
        | FieldKind::Paper
        | FieldKind::Number
        | FieldKind::Findings
        | FieldKind::Statement
        | FieldKind::Files
        | FieldKind::Time
        | FieldKind::PostedOn
        | FieldKind::Rows => vec![],
    };
    match &declared.kind {
        FieldKind::Staff | FieldKind::Person | FieldKind::Measure | FieldKind::Choice(_) => {
            let rows: Vec<_> =
                people.iter().map(|(value, label)| Choice { value, label, checked: typed.value(name) == value, ..Choice::default() }).collect();
            choice_group(&field, Many::One, &rows)
        }
        FieldKind::LongText | FieldKind::Remarks | FieldKind::Statement => textarea(&field, 4),
        FieldKind::Money => money(&field),
        FieldKind::Date => date(&Field { hint: Some("例如 2026年3月5日"), ..field }),
        FieldKind::Number | FieldKind::Days { .. } => number(&field, ""),
        FieldKind::Files => files_field(v, declared.zh, "拍照、扫描件、PDF、Word 都可以。", &Said(said.0), true),
        // Online the moment of receipt counts; the rest has pages of its own.
        FieldKind::PostedOn | FieldKind::Findings | FieldKind::Rows => Markup::default(),
        FieldKind::Note => text(&Field { optional: true, ..field }, Entry::Text),
        FieldKind::Text | FieldKind::Time | FieldKind::Paper => text(&field, Entry::Text),
    }
}

/// POST /case/{id}/do/{step}: `key`, the declared fields, `files`.
pub async fn submit(Path((id, name)): Path<(Uuid, String)>, MineWithFiles { v, account, typed, files }: MineWithFiles) -> Result<Response, Fault> {
    let (kind, step) = of(&name).ok_or(Fault::Missing)?;
    let key = key_of(&typed)?;
    let problems = match read(step, &typed) {
        Err(problems) => problems,
        Ok(fields) => match new_files(&v, &account, &typed, files, MaterialKind::Other).await? {
            Err(problems) => problems,
            Ok(files) => match v.portal.raise_matter(&account, handing(id, &key, &v, &typed)?, kind, fields, files).await {
                Ok(submission) => return handed_in(&v, &account, &submission).await,
                Err(error) => overtaken(error)?,
            },
        },
    };
    let view = v.portal.view(&account, CaseId(id)).await?;
    Ok(show(&v, &view, step, &Sheet::refused(&v, &account, typed).await?, &problems))
}

/// What was typed, by the kinds of the declared fields. What is missing or out of bounds, the matter's own rule says.
fn read(step: &Step, typed: &Typed) -> Result<Fields, Vec<Problem>> {
    let (mut fields, mut problems) = (BTreeMap::new(), vec![]);
    for declared in step.fields {
        let said = typed.value(declared.name);
        match value(&declared.kind, said) {
            Ok(Some(value)) => drop(fields.insert(declared.name.to_owned(), value)),
            Ok(None) => {}
            Err(zh) => problems.push(Problem { field: declared.name.into(), zh: zh.into() }),
        }
    }
    let fields = Fields(fields);
    let told = |name: &str, problems: &[Problem]| problems.iter().any(|problem| problem.field == name);
    for (field, zh) in fields.missing(step) {
        if !told(field, &problems) {
            problems.push(Problem { field: field.into(), zh });
        }
    }
    if problems.is_empty() { Ok(fields) } else { Err(problems) }
}

fn value(kind: &FieldKind, said: &str) -> Result<Option<Value>, &'static str> {
    Ok(match kind {
        FieldKind::Files | FieldKind::PostedOn | FieldKind::Findings | FieldKind::Rows => None,
        _ if said.is_empty() => None,
        FieldKind::Money => Some(json!(ui::zh::parse_yuan(said).ok_or("请写金额，单位是元，例如 1905.00。")?)),
        FieldKind::Date => Some(json!(ui::zh::parse_date(said).ok_or("请写全年、月、日，例如 2026年3月5日。")?)),
        FieldKind::Number | FieldKind::Days { .. } => Some(json!(said.parse::<i64>().map_err(|_| "请写整数，例如 3。")?)),
        FieldKind::Remarks
        | FieldKind::Text
        | FieldKind::Note
        | FieldKind::LongText
        | FieldKind::Choice(_)
        | FieldKind::Paper
        | FieldKind::Person
        | FieldKind::Staff
        | FieldKind::Measure
        | FieldKind::Statement
        | FieldKind::Time => Some(json!(said)),
    })
}

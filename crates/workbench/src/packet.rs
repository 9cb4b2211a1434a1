//! 送达办理: everything that goes to one person, on paper: print the packet, register that it left, what came back, and
//! put a wrong date right.
use crate::act::{self, Wanted, carry_out};
use crate::http::{Fail, Input, Post, Who};
use crate::shell::{self, Here, Page};
use crate::step::{Wrong, changes, wrong};
use crate::{App, case, step_form, words};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use court::desk::File;
use maud::{Markup, html};
use procedure::case::{IssuedPaper, Method, ServiceState};
use procedure::{CaseId, PersonId, Step, permit};
use serde::Deserialize;
use ui::form::{self, Choice, Field, Form, Many};
use ui::zh::prose;
use ui::{Button, Emphasis, Tone, WorkbenchLayout, button, crumb, notice};

/// `?print=true` gives the whole packet as one PDF.
#[derive(Debug, Default, Deserialize)]
pub struct Print {
    #[serde(default)]
    print: bool,
}

fn ids(case: &str, person: &str) -> Result<(CaseId, PersonId), Fail> {
    Ok((CaseId::parse(case).ok_or_else(Fail::missing)?, PersonId::parse(person).ok_or_else(Fail::missing)?))
}

async fn open(app: &App, who: &Who, id: CaseId, person: PersonId) -> Result<File, Fail> {
    let file = app.court.file(&who.member, id, None, "送达办理").await?.ok_or_else(Fail::missing)?;
    let known = file.case.party(person).is_some() || file.case.papers.iter().any(|paper| paper.to == person);
    if known { Ok(file) } else { Err(Fail::missing()) }
}

/// The packet of one person.
pub async fn page(State(app): State<App>, Path((id, person)): Path<(String, String)>, Query(how): Query<Print>, who: Who) -> Result<Response, Fail> {
    let (id, person) = ids(&id, &person)?;
    let file = open(&app, &who, id, person).await?;
    if how.print {
        let bytes = app.court.packet(&who.member, id, person).await?.ok_or_else(Fail::missing)?;
        return Ok(case::pdf(bytes, &format!("送达{}", words::name_of(person, &file))));
    }
    show(&app, &who, &file, person, &Input::default(), None).await
}

async fn show(app: &App, who: &Who, file: &File, person: PersonId, input: &Input, wrong: Option<&Wrong>) -> Result<Response, Fail> {
    let name = words::name_of(person, file);
    let body = html! {
        (crumb("回到案件", &format!("/case/{}", file.case.id)))
        h2 { "送达" (name) }
        @if let Some(card) = file.cards.get(&person) { p { "寄往：" (card.postal()) @if !card.phone.is_empty() { "，电话 " (card.phone) } } }
        @if let Some(wrong) = wrong {
            @match (wrong.seen, &wrong.field) {
                (Some(seen), _) => (changes(file, seen, &wrong.zh)),
                (None, Some(field)) => (form::error_summary(&[(field, wrong.zh.as_str())])),
                (None, None) => (notice(Tone::Near, &prose(&wrong.zh))),
            }
        }
        (printing(file, person))
        @for part in PARTS { (part.section(who, file, person, input, wrong)) }
        (last_resort(who, file, person))
    };
    let bar = Some(case::bar(app, file, false));
    let page = Page { title: "送达办理", here: Here::Tasks, layout: WorkbenchLayout::Sheet, case_bar: bar, scripts: &[], body };
    shell::show(app, who, page).await
}

/// The way to the announcement, once another way failed.
fn last_resort(who: &Who, file: &File, person: PersonId) -> Markup {
    let failed = file.case.papers.iter().any(|paper| paper.to == person && matches!(paper.service, ServiceState::Failed { .. }));
    let open = |step: &&procedure::Step| permit(&file.case, step, &who.member.actor()).is_ok();
    let Some(step) = procedure::step::step("announce_service").filter(|step| failed && open(step)) else { return Markup::default() };
    html! { p { a.btn href={ "/case/" (file.case.id) "/step/" (step.name) } { "别的办法都送不到：" (step.zh) } } }
}

fn printing(file: &File, person: PersonId) -> Markup {
    let papers: Vec<_> = file.case.papers.iter().filter(|paper| paper.to == person).collect();
    let printable = papers.iter().any(|paper| paper.sha256.is_some());
    html! {
        section.panel.panel-pad aria-labelledby="pr-h" {
            h2.h-body id="pr-h" { "整套文书 " (papers.len()) " 件" }
            ol.list { @for paper in &papers { li {
                @if paper.sha256.is_some() { a href={ "/case/" (file.case.id) "/paper/" (paper.id) } { (paper.paper.zh()) } } @else { (paper.paper.zh()) }
                span.tiny { "，" (paper.pages) " 页，" (prose(&step_form::service_words(&paper.service))) @if let Some(why) = file.case.superseded_zh(paper) { "；" (why) } }
            } } }
            @if printable { p { a.btn href={ "/case/" (file.case.id) "/packet/" (person) "?print=true" } { (ui::icon(ui::Icon::Print)) "打印整套" } } }
        }
    }
}

/// One thing to register, for the papers that it can be registered for.
struct Registering {
    step: &'static str,
    heading: &'static str,
    when: fn(&IssuedPaper) -> bool,
}

const PARTS: [Registering; 4] = [
    Registering {
        step: "send_paper",
        heading: "登记发出",
        when: |paper| matches!(paper.service, ServiceState::Issued | ServiceState::Failed { .. }),
    },
    Registering { step: "record_service", heading: "回证到了：登记送达", when: on_paper },
    Registering { step: "record_service_failure", heading: "退回了：登记未能送达", when: on_paper },
    Registering {
        step: "correct_service",
        heading: "日期登记错了：更正",
        when: |paper| matches!(&paper.service, ServiceState::Served { method, .. } if method.by_slip()),
    },
];

fn on_paper(paper: &IssuedPaper) -> bool {
    matches!(&paper.service, ServiceState::Sent { method, .. } if method.by_slip() || *method == Method::Announced)
}

impl Registering {
    fn section(&self, who: &Who, file: &File, person: PersonId, input: &Input, wrong: Option<&Wrong>) -> Markup {
        let papers: Vec<_> = file
            .case
            .papers
            .iter()
            .filter(|paper| paper.to == person && (self.when)(paper) && (self.step != "send_paper" || !file.case.superseded(paper)))
            .collect();
        let Some(step) = procedure::step::step(self.step).filter(|step| !papers.is_empty() && permit(&file.case, step, &who.member.actor()).is_ok())
        else {
            return Markup::default();
        };
        let own = input.get("step") == self.step;
        let blank = Input::default();
        let typed = if own { input } else { &blank };
        let error = wrong.filter(|_| own).and_then(|wrong| wrong.field.as_deref().map(|field| (field, wrong.zh.as_str())));
        let fields = html! {
            (form::hidden("step", self.step))
            (chosen(step, &papers, typed, error))
            @for declared in step.fields.iter().filter(|declared| declared.name != "papers") { (field(declared, file, typed, error)) }
            div.btns { (button(&Button { label: step.zh, emphasis: if self.step == "send_paper" { Emphasis::Primary } else { Emphasis::Plain }, ..Button::default() })) }
        };
        let id = format!("{}-h", self.step);
        let action = format!("/case/{}/packet/{person}", file.case.id);
        let form = form::form(&Form { action: Some(&action), csrf: &who.csrf, version: Some(file.case.version), ..Form::default() }, &fields);
        html! { section.panel.panel-pad aria-labelledby=(id) { h2.h-body id=(id) { (self.heading) } (form) } }
    }
}

/// Which papers: all of them unless some are taken out.
fn chosen(step: &Step, papers: &[&IssuedPaper], input: &Input, error: Option<(&str, &str)>) -> Markup {
    let ids: Vec<_> = papers.iter().map(|paper| paper.id.to_string()).collect();
    let rows: Vec<_> = papers
        .iter()
        .zip(&ids)
        .map(|(paper, id)| Choice {
            value: id,
            label: paper.paper.zh(),
            checked: !input.has("papers") || input.all("papers").contains(id),
            ..Choice::default()
        })
        .collect();
    let error = error.filter(|(field, _)| *field == "papers").map(|(_, zh)| zh);
    let label = format!("{}的文书", step.zh);
    form::choice_group(&Field { name: "papers", label: &label, error, ..Field::default() }, Many::Several, &rows)
}

fn field(declared: &procedure::step::Field, file: &File, input: &Input, error: Option<(&str, &str)>) -> Markup {
    let own = error.filter(|(field, _)| step_form::belongs(declared, field));
    step_form::control(declared, file, input, own.map(|(_, zh)| zh), None)
}

/// Registers one of them.
pub async fn submit(State(app): State<App>, Path((id, person)): Path<(String, String)>, post: Post) -> Result<Response, Fail> {
    let (id, person) = ids(&id, &person)?;
    let (who, input) = (post.who, post.input);
    let known = PARTS.iter().find(|part| part.step == input.get("step")).ok_or_else(Fail::missing)?;
    let step = procedure::step::step(known.step).ok_or_else(Fail::missing)?;
    let file = open(&app, &who, id, person).await?;
    let done = match step_form::command(step, &file, &input) {
        Err((field, zh)) => Err(Wrong { field: Some(field), zh, seen: None }),
        Ok((command, _)) => {
            let wanted = Wanted { case: id, command, expected: input.version(), for_person: None, code: String::new(), cards: vec![], files: vec![] };
            wrong(carry_out(&app, &who, wanted).await)?
        }
    };
    match done {
        Ok(acted) if who.json => Ok(axum::Json(act::outcome(&acted)).into_response()),
        Ok(_) => Ok(Redirect::to(&format!("/case/{id}/packet/{person}")).into_response()),
        Err(wrong) => {
            let status = if wrong.seen.is_some() { StatusCode::CONFLICT } else { StatusCode::UNPROCESSABLE_ENTITY };
            Ok((status, show(&app, &who, &file, person, &input, Some(&wrong)).await?).into_response())
        }
    }
}

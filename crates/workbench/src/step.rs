//! Any step, drawn from its declaration: fields become a form, refusals stand beside their field, and a page that time
//! has overtaken says what changed.
use crate::act::{self, Wanted, actor, carry_out, signs};
use crate::http::{Fail, Input, Post, Who};
use crate::shell::{self, Here, Page};
use crate::{App, case, hearings, step_form, upload, words};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use court::desk::File;
use maud::{Markup, html};
use procedure::step::deem_suit_withdrawn;
use procedure::{CaseId, PersonId, Step};
use serde::Deserialize;
use ui::form::{self, Entry, Field, Form};
use ui::{Button, Emphasis, Tone, WorkbenchLayout, button, crumb, notice};

/// For whom a counter act is entered.
#[derive(Debug, Default, Deserialize)]
pub struct For {
    #[serde(default, rename = "for")]
    person: String,
}

impl For {
    fn person(&self) -> Result<Option<PersonId>, Fail> {
        match self.person.as_str() {
            "" => Ok(None),
            text => PersonId::parse(text).map(Some).ok_or_else(Fail::missing),
        }
    }
}

/// What was wrong with a posted form.
pub struct Wrong {
    pub field: Option<String>,
    pub zh: String,
    /// The version that the posted page showed, if it is not the last.
    pub seen: Option<u64>,
}

/// Where a step has a page of its own.
fn own_page(step: &Step, case: CaseId, person: Option<PersonId>) -> Option<String> {
    match (step.name, person) {
        ("accept_filing", _) => Some(format!("/review/{case}?tab=accept")),
        ("return_for_correction", _) => Some(format!("/review/{case}?tab=return")),
        ("draft_judgment" | "sign_judgment", None) => Some(format!("/case/{case}/draft")),
        ("archive_case", None) => Some(format!("/case/{case}/archive")),
        ("keep_record" | "close_record", None) => Some(format!("/case/{case}/record")),
        ("submit_correction", Some(person)) => Some(format!("/counter/filing?case={case}&for={person}")),
        _ => None,
    }
}

/// The form of a step.
pub async fn page(
    State(app): State<App>,
    Path((id, name)): Path<(String, String)>,
    Query(person): Query<For>,
    Query(given): Query<Vec<(String, String)>>,
    who: Who,
) -> Result<Response, Fail> {
    let (id, step) = (CaseId::parse(&id).ok_or_else(Fail::missing)?, procedure::step::step(&name).ok_or_else(Fail::missing)?);
    let person = person.person()?;
    if let Some(address) = own_page(step, id, person) {
        return Ok(Redirect::to(&address).into_response());
    }
    let file = app.court.file(&who.member, id, None, step.zh).await?.ok_or_else(Fail::missing)?;
    if who.json {
        let why = procedure::permit(&file.case, step, &actor(&who, person)).err().map(|refusal| refusal.zh());
        return Ok(axum::Json(
            serde_json::json!({"step": step, "version": file.case.version, "allowed": why.is_none(), "why": why, "signs": signs(step)}),
        )
        .into_response());
    }
    let input = drafted(&app, &file, step, given.into_iter().collect()).await?;
    let body = draw(&app, &who, &file, step, person, &input, None);
    let body = html! { (body) (taken(&app, &who, step).await?) };
    show(&app, &who, &file, step, body).await
}

async fn show(app: &App, who: &Who, file: &File, step: &Step, body: Markup) -> Result<Response, Fail> {
    let bar = case::bar(app, file, false);
    let page = Page { title: step.zh, here: Here::Cases, layout: WorkbenchLayout::Sheet, case_bar: Some(bar), scripts: &[ui::Script::Draft], body };
    let mut response = shell::show(app, who, page).await?;
    if is_ruling(step) {
        let policy = format!("{}; frame-src 'self'", ui::CONTENT_SECURITY_POLICY);
        let policy = HeaderValue::from_str(&policy).map_err(|_| Fail::new(StatusCode::INTERNAL_SERVER_ERROR, "系统暂时不能办理。"))?;
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    Ok(response)
}

fn draw(app: &App, who: &Who, file: &File, step: &'static Step, person: Option<PersonId>, input: &Input, wrong: Option<&Wrong>) -> Markup {
    let today = procedure::step::day_of(app.court.now());
    let ground = || if step.name == WITHDRAWAL { deem_suit_withdrawn::ground(&file.case, today).map(drop) } else { Ok(()) };
    let refused = procedure::permit(&file.case, step, &actor(who, person)).and_then(|()| ground()).err();
    let error = wrong.and_then(|wrong| wrong.field.as_deref().map(|field| (field, wrong.zh.as_str())));
    let declared = |field: &str| step.fields.iter().any(|known| step_form::belongs(known, field));
    let known = error.is_some_and(|(field, _)| field == "code" || declared(field) || step_form::is_particular(step, field));
    let action = match person {
        Some(person) => format!("/case/{}/step/{}?for={person}", file.case.id, step.name),
        None => format!("/case/{}/step/{}", file.case.id, step.name),
    };
    let key = format!("{}/{}/{}", who.member.id, file.case.id, step.name);
    let fields = html! {
        (step_form::waiting(step, file, input))
        (step_form::fields(step, file, input, error, app.court.law()))
        @if person.is_some() { (step_form::particulars(step, input, error)) }
        @if signs(step) || person.is_some() { (code_field(error)) }
        div.btns {
            (button(&Button { label: step.zh, emphasis: Emphasis::Primary, ..Button::default() }))
            @if is_ruling(step) { button.btn type="submit" formaction={ (action) "/preview" } formtarget="_blank" { "看裁定书草稿（PDF）" } }
        }
    };
    let rules = step.rules.join(" ");
    html! {
        (crumb("回到案件", &format!("/case/{}", file.case.id)))
        h2 { (step.zh) }
        @if !step.guide.is_empty() { p.muted { (ui::zh::prose(step.guide)) } }
        @if let Some(person) = person {
            (notice(Tone::Soon, &html! { "窗口代录：为" b { (words::name_of(person, file)) } "办理，记录人 " (who.member.name) "。两个人的名字都记入案卷 " (ui::rule_id("R-IDC-40")) }))
        }
        @if let Some(wrong) = wrong {
            @if let Some(seen) = wrong.seen { (changes(file, seen, &wrong.zh)) }
            @else if let (true, Some((field, zh))) = (known, error) { (form::error_summary(&[(field, zh)])) }
            @else { (notice(Tone::Near, &ui::zh::prose(&wrong.zh))) }
        }
        @match &refused {
            Some(refusal) => (notice(Tone::Near, &ui::zh::prose(&refusal.zh()))),
            None => div.panel.panel-pad { (form::form(&Form {
                action: Some(&action), csrf: &who.csrf, version: Some(file.case.version), files: step_form::has_files(step),
                draft: Some(form::Draft { key: &key, save: None }), class: Some("stack gap-5 narrow"),
            }, &fields)) },
        }
        @if refused.is_none() && step.name == WITHDRAWAL {
            section.mt-4 aria-labelledby="pv-h" {
                h2 id="pv-h" { "拟好的裁定书" }
                iframe.page-frame src={ (action) "/preview" } title="裁定书草稿" loading="lazy" {}
            }
        }
        p.tiny { "依据 " (ui::zh::prose(&rules)) }
    }
}

/// The step whose ruling lies drafted when its page opens.
const WITHDRAWAL: &str = "deem_suit_withdrawn";

/// Steps that give a ruling, which can be read as it will be issued before it is signed.
fn is_ruling(step: &Step) -> bool {
    matches!(step.name, WITHDRAWAL | "refuse_filing")
}

/// What lies drafted for who signs, where nothing was typed yet.
async fn drafted(app: &App, file: &File, step: &Step, mut input: Input) -> Result<Input, Fail> {
    if step.name != WITHDRAWAL || input.has("facts") || file.case.fee.is_none() {
        return Ok(input);
    }
    let (court, code, id) = (app.court.clone(), file.case.court.clone(), file.case.id);
    let text = tokio::task::spawn_blocking(move || court.withdrawal_draft(&code, id)).await;
    // While the period runs there is nothing to draft yet: the page says why the step is not open.
    if let Ok(Ok(text)) = text {
        input.set("facts", text.facts);
        input.set("basis", text.basis);
    }
    Ok(input)
}

/// The ruling as it lies drafted.
pub async fn preview(state: State<App>, Path((id, name)): Path<(String, String)>, who: Who) -> Result<Response, Fail> {
    let step = procedure::step::step(&name).filter(|step| step.name == WITHDRAWAL).ok_or_else(Fail::missing)?;
    typeset(&state.0, &who, &id, step, &Input::default()).await
}

/// The ruling with what was typed.
pub async fn preview_written(state: State<App>, Path((id, name)): Path<(String, String)>, post: Post) -> Result<Response, Fail> {
    let step = procedure::step::step(&name).filter(|step| is_ruling(step)).ok_or_else(Fail::missing)?;
    typeset(&state.0, &post.who, &id, step, &post.input).await
}

/// Nothing is stored; the pages bear 草稿.
async fn typeset(app: &App, who: &Who, id: &str, step: &'static Step, input: &Input) -> Result<Response, Fail> {
    let id = CaseId::parse(id).ok_or_else(Fail::missing)?;
    let file = app.court.file(&who.member, id, None, "裁定书草稿").await?.ok_or_else(Fail::missing)?;
    let (command, _) = step_form::command(step, &file, input).map_err(|(field, zh)| Fail::at(&field, &zh))?;
    let (court, member) = (app.court.clone(), who.member.clone());
    let bytes = tokio::task::spawn_blocking(move || court.preview(&member, id, &command)).await;
    let bytes = bytes.map_err(|_| Fail::new(StatusCode::INTERNAL_SERVER_ERROR, "草稿没有排出来，请稍后再试。"))??;
    Ok(case::pdf(bytes.ok_or_else(Fail::missing)?, "民事裁定书（草稿）"))
}

/// The input of a fresh code.
pub fn code_field(error: Option<(&str, &str)>) -> Markup {
    let error = error.filter(|(field, _)| *field == "code").map(|(_, zh)| zh);
    form::text(
        &Field {
            name: "code", label: "签名：动态口令", hint: Some("输入新的 6 位动态口令，即以本人名义签名"), error, ..Field::default()
        },
        Entry::Code,
    )
}

/// For steps that choose a day of hearing: what is taken in the next two weeks.
async fn taken(app: &App, who: &Who, step: &Step) -> Result<Markup, Fail> {
    if !matches!(step.name, "schedule_hearing" | "postpone_hearing") {
        return Ok(Markup::default());
    }
    let today = procedure::step::day_of(app.court.now());
    let bookings = app.court.bookings(&who.member, today, hearings::DAYS).await?;
    Ok(
        html! { section aria-labelledby="bk-h" { h2 id="bk-h" { "两周内已排的开庭" } (hearings::calendar(app, &bookings, today)) p.small { a href="/hearings" { "看以后的" } } } },
    )
}

/// What happened since the page was made.
pub fn changes(file: &File, seen: u64, zh: &str) -> Markup {
    html! {
        div.error-summary role="alert" tabindex="-1" {
            h2 { "页面打开以后，案件有了新的进展" }
            p { (ui::zh::prose(zh)) }
            ul.list { @for entry in file.entries.iter().filter(|entry| entry.seq > seen) {
                li { (words::minute(entry.at)) " " (words::event(&entry.kind).unwrap_or(&entry.kind)) "：" (ui::zh::prose(&words::details(entry, file))) }
            } }
        }
    }
}

/// Takes the step.
pub async fn submit(
    State(app): State<App>,
    Path((id, name)): Path<(String, String)>,
    Query(person): Query<For>,
    post: Post,
) -> Result<Response, Fail> {
    let (id, step) = (CaseId::parse(&id).ok_or_else(Fail::missing)?, procedure::step::step(&name).ok_or_else(Fail::missing)?);
    let (who, mut input, person) = (post.who, post.input, person.person()?);
    let file = app.court.file(&who.member, id, None, step.zh).await?.ok_or_else(Fail::missing)?;
    let looked = upload::look(&app, &who, &mut input).await?;
    let posted = looked.and_then(|()| {
        let typed = step_form::command(step, &file, &input).and_then(|(command, files)| {
            let cards = step_form::cards(&command, person, &input, procedure::step::day_of(app.court.now()))?;
            Ok((command, files, cards))
        });
        typed.map_err(|(field, zh)| Wrong { field: Some(field), zh, seen: None })
    });
    let done = match posted {
        Err(wrong) => Err(wrong),
        Ok((command, files, cards)) => {
            let wanted = Wanted { case: id, command, expected: input.version(), for_person: person, code: input.get("code").into(), cards, files };
            wrong(carry_out(&app, &who, wanted).await)?
        }
    };
    match done {
        Ok(acted) if who.json => Ok(axum::Json(act::outcome(&acted)).into_response()),
        Ok(_) => Ok(Redirect::to(&format!("/case/{id}?done={}", step.name)).into_response()),
        Err(wrong) => {
            let status = if wrong.seen.is_some() { StatusCode::CONFLICT } else { StatusCode::UNPROCESSABLE_ENTITY };
            if who.json {
                let version = wrong.seen.map(|_| file.latest);
                return Err(Fail { status, zh: wrong.zh, field: wrong.field, version, sign_in: None, kept: vec![] });
            }
            upload::keep(&app, &who, &mut input).await?;
            let body = draw(&app, &who, &file, step, person, &input, Some(&wrong));
            Ok((status, show(&app, &who, &file, step, body).await?).into_response())
        }
    }
}

/// Refusals and stale versions go back onto the form; everything else is a failure.
pub fn wrong(done: Result<court::Acted, court::Error>) -> Result<Result<court::Acted, Wrong>, Fail> {
    match done {
        Ok(acted) => Ok(Ok(acted)),
        Err(error @ court::Error::Stale { seen, .. }) => Ok(Err(Wrong { field: None, zh: error.zh(), seen: Some(seen) })),
        Err(error) => {
            let fail = Fail::from(error);
            if fail.status == StatusCode::UNPROCESSABLE_ENTITY || fail.status == StatusCode::TOO_MANY_REQUESTS {
                Ok(Err(Wrong { field: fail.field, zh: fail.zh, seen: None }))
            } else {
                Err(fail)
            }
        }
    }
}

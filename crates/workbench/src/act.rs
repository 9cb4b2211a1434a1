//! The way of every change from here: command, who, what he saw, and his fresh code where he signs.
use crate::http::{Fail, Input, Post, Who};
use crate::{App, step_form};
use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use court::desk::Card;
use court::{Act, Acted, Content, Error};
use procedure::case::{Actor, RoleKind};
use procedure::{CaseId, Command, Json as _, PersonId, Refusal, Step};

/// A command with what came with it.
pub struct Wanted {
    pub case: CaseId,
    pub command: Command,
    /// The version that the page showed.
    pub expected: Option<u64>,
    /// The party for whom it is entered at the counter.
    pub for_person: Option<PersonId>,
    /// Fresh one-time code; needed where [`signs`] says so, and for every counter act.
    pub code: String,
    pub cards: Vec<Card>,
    pub files: Vec<Content>,
}

/// Steps of staff that register or save something and decide nothing.
const REGISTERS: &[&str] = &["correct_service", "open_hearing", "keep_record", "draft_judgment"];

/// Does this step, taken by a member of staff in his own office, need a signature with a fresh code? It does, unless it
/// merely registers a fact; what the platform may record too is such a fact.
pub fn signs(step: &Step) -> bool {
    let staff = |role: &RoleKind| match role {
        RoleKind::FilingClerk | RoleKind::Judge | RoleKind::Clerk | RoleKind::President => true,
        RoleKind::Filer
        | RoleKind::Plaintiff
        | RoleKind::Invited
        | RoleKind::Defendant
        | RoleKind::Agent
        | RoleKind::Platform
        | RoleKind::SystemAdministrator => false,
    };
    step.who.iter().any(staff) && !step.who.contains(&RoleKind::Platform) && !REGISTERS.contains(&step.name)
}

/// The member as he acts, for himself or for a party at the counter.
pub fn actor(who: &Who, for_person: Option<PersonId>) -> Actor {
    Actor { for_person, ..who.member.actor() }
}

/// Hands a command in. What may be done, the court decides.
pub async fn carry_out(app: &App, who: &Who, wanted: Wanted) -> Result<Acted, Error> {
    let step = wanted.command.step();
    let begins = step.from.contains(&procedure::Stage::New);
    if !begins && !court::desk::visible(&app.court.case(&who.member.court, wanted.case, None).await?, &who.member) {
        return Err(Error::Refused(Refusal::NoSuchCase));
    }
    let act = Act {
        court: who.member.court.clone(),
        case: wanted.case,
        by: actor(who, wanted.for_person),
        command: wanted.command,
        expected: wanted.expected,
        at: app.court.now(),
        cards: wanted.cards,
        files: wanted.files,
    };
    // What is entered for a person stands under the clerk's own signature (R-IDC-40).
    let signed = act.by.for_person.is_some() || signs(step);
    if signed { app.court.act_signed(&who.member, wanted.code, act).await } else { app.court.act(act).await }
}

/// A part of an answer in its own written form.
pub fn written<T: procedure::Json>(part: &T) -> serde_json::Value {
    // What was read from a table or made by a step can be written.
    part.to_value().expect("JSON")
}

/// What a script gets back.
pub fn outcome(acted: &Acted) -> serde_json::Value {
    serde_json::json!({
        "case": acted.case.id, "version": acted.case.version, "stage": acted.case.stage, "number": acted.case.number,
        "events": acted.events.iter().map(written).collect::<Vec<_>>(),
    })
}

/// `POST /api/case/{id}/act`: `{"command": {"step": …}, "expected": n, "code": "123456", "for_person": id, "particulars":
/// {"address": …}}`; a counter act may bring particulars for the vault.
pub async fn api(State(app): State<App>, Path(case): Path<String>, post: Post) -> Result<Response, Fail> {
    let case = CaseId::parse(&case).ok_or_else(Fail::missing)?;
    let body = &post.input.json;
    let command = Command::from_json(body["command"].to_string().as_bytes()).map_err(|error| {
        // A place in a text that nobody sent helps nobody.
        let error = error.to_string();
        Fail::unreadable(format!("command 读不出来：{}", error.split(" at line ").next().unwrap_or(&error)))
    })?;
    let for_person = match &body["for_person"] {
        serde_json::Value::Null => None,
        value => Some(serde_json::from_value(value.clone()).map_err(|_| Fail::at("for_person", "for_person 应当是当事人的编号。"))?),
    };
    let mut particulars = Input::default();
    for (name, value) in body["particulars"].as_object().into_iter().flatten() {
        particulars.set(name, value.as_str().unwrap_or(""));
    }
    let cards =
        step_form::cards(&command, for_person, &particulars, procedure::step::day_of(app.court.now())).map_err(|(field, zh)| Fail::at(&field, zh))?;
    let wanted = Wanted {
        case,
        command,
        expected: body["expected"].as_u64(),
        for_person,
        code: body["code"].as_str().unwrap_or("").to_owned(),
        cards,
        files: vec![],
    };
    let acted = carry_out(&app, &post.who, wanted).await?;
    Ok(Json(outcome(&acted)).into_response())
}

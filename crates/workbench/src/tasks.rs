//! 待办: what waits for a member's office, and letters whose return is awaited.
use crate::http::{Fail, Post, Who};
use crate::shell::{self, Here, Page};
use crate::{App, words};
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use court::desk::{Papers, by_hand};
use court::store::Task;
use maud::{Markup, html};
use procedure::PersonId;
use serde_json::json;
use ui::workbench as wb;
use ui::zh::prose;
use ui::{Button, Icon, WorkbenchLayout, button, empty, form};

/// Where a task is done.
pub fn address(task: &Task) -> (&'static str, String) {
    let case = task.case;
    // What is about papers is done where they are printed and registered.
    if let Ok(about) = serde_json::from_str::<Papers>(&task.payload) {
        let label = if task.kind == "unopened" { "去提醒" } else { "去寄送" };
        return (label, format!("/case/{case}/packet/{}", about.to));
    }
    let person = serde_json::from_str::<PersonId>(&task.payload).ok();
    match (task.kind.as_str(), person) {
        ("post", Some(person)) => ("打印寄出", format!("/case/{case}/packet/{person}")),
        ("return_payment", Some(id)) => ("登记退款", format!("/payment/{id}")),
        ("undecided", _) => ("去签发", format!("/review/{case}?tab=accept")),
        ("correction_over", _) => ("去退回", format!("/case/{case}/step/give_back_filing")),
        ("insisted", _) => ("去裁定", format!("/case/{case}/step/refuse_filing")),
        ("dead_job", _) => ("看待办", "/tasks".into()),
        ("fee_over", _) => ("去签发", format!("/case/{case}/step/deem_suit_withdrawn")),
        ("relief", _) => ("去决定", format!("/case/{case}/step/decide_fee_relief")),
        ("assign", _) => ("去分案", format!("/case/{case}/step/assign_tribunal")),
        ("schedule", _) => ("去排期", format!("/case/{case}/step/schedule_hearing")),
        ("record", _) => ("看笔录", format!("/case/{case}/record")),
        ("judgment", _) => ("去起草", format!("/case/{case}/draft")),
        ("countersign", _) => ("看并签", format!("/case/{case}/draft")),
        ("close", _) => ("去结案", format!("/case/{case}/step/close_case")),
        ("certificate", _) => ("去出具", format!("/case/{case}/step/issue_effect_certificate")),
        ("archive", _) => ("去归档", format!("/case/{case}/archive")),
        (kind, _) if procedure::step::step(kind).is_some() => ("去办", format!("/case/{case}/step/{kind}")),
        (_, _) => ("去办", format!("/case/{case}")),
    }
}

/// A background job was put aside: what there is to do is to try it again.
const DEAD_JOB: &str = "dead_job";

/// The list.
pub async fn page(State(app): State<App>, who: Who) -> Result<Response, Fail> {
    let day = app.court.day(&who.member).await?;
    if who.json {
        let tasks: Vec<_> = day
            .tasks
            .iter()
            .map(|task| {
                let payload: serde_json::Value = serde_json::from_str(&task.payload).unwrap_or(serde_json::Value::Null);
                json!({
                    "id": task.id, "case": task.case, "kind": task.kind, "title": task.title, "detail": task.detail, "due": task.due,
                    "payload": payload, "case_title": task.case_title, "case_number": task.case_number, "address": address(task).1,
                })
            })
            .collect();
        let post: Vec<_> = day.post.iter().map(|row| json!({"case": row.case, "person": row.person, "sent": row.sent})).collect();
        return Ok(Json(json!({"tasks": tasks, "awaiting_return": post})).into_response());
    }
    let today = procedure::step::day_of(app.court.now());
    let body = html! {
        h1 { "待办 " (day.tasks.len()) }
        h2.sr { "等您办的" }
        @if day.tasks.is_empty() { (empty(Icon::Check, "没有待办", &html! { "需要您办的事会出现在这里。" })) }
        @else { ul.tasks.panel data-rows { @for task in &day.tasks { (row(&who, task, today)) } } }
        @if !day.post.is_empty() {
            section aria-labelledby="po-h" {
                h2 id="po-h" { "已寄出，等回证 " (day.post.len()) }
                ul.tasks.panel { @for letter in &day.post { li {
                    span { (letter.case_title) small { (ui::zh::case_no(&court::full_width(&letter.case_number))) "，" (prose(&words::minute(letter.sent))) " 发出" } }
                    a.btn.sm href={ "/case/" (letter.case) "/packet/" (letter.person) } aria-label={ "登记结果：" (letter.case_title) } { "登记结果" }
                } } }
            }
        }
    };
    let page = Page { title: "待办", here: Here::Tasks, layout: WorkbenchLayout::Sheet, case_bar: None, scripts: &[], body };
    shell::show(&app, &who, page).await
}

fn row(who: &Who, task: &Task, today: jiff::civil::Date) -> Markup {
    let (label, href) = address(task);
    html! {
        li {
            span {
                (task.title)
                small {
                    @if !task.case_number.is_empty() { (task.case_title) " " (ui::zh::case_no(&court::full_width(&task.case_number))) " " }
                    @if let Some(due) = task.due { (prose(&ui::zh::date_text(due))) " " (wb::due(words::days_until(today, due))) " " }
                    (prose(&task.detail))
                }
            }
            span.row.gap-1 {
                @if task.kind == DEAD_JOB {
                    form method="post" action="/tasks/retry" {
                        (form::csrf(&who.csrf)) (form::hidden("id", &task.id))
                        (button(&Button { label: "再试一次", small: true, ..Button::default() }))
                    }
                } @else { a.btn.sm href=(href) aria-label={ (label) "：" (task.title) } { (label) } }
                @if by_hand(&task.kind) {
                    form method="post" action="/tasks/done" {
                        (form::csrf(&who.csrf)) (form::hidden("id", &task.id))
                        (button(&Button { label: "办结", small: true, ..Button::default() }))
                    }
                }
            }
        }
    }
}

/// Tries a job again that was put aside.
pub async fn retry(State(app): State<App>, post: Post) -> Result<Response, Fail> {
    let id = post.input.get("id").to_owned();
    if !app.court.retry_job(&post.who.member, id).await? {
        return Err(Fail::missing());
    }
    Ok(Redirect::to("/tasks").into_response())
}

/// Closes a task that a person closes.
pub async fn done(State(app): State<App>, post: Post) -> Result<Response, Fail> {
    let id = post.input.get("id").to_owned();
    if !app.court.close_task(&post.who.member, id).await? {
        return Err(Fail::missing());
    }
    Ok(Redirect::to("/tasks").into_response())
}

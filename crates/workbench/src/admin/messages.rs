//! 短信: what left for telephones and what did not. Numbers and texts are nobody's to read here.
use super::show;
use crate::http::{Fail, Post, Who, missing};
use crate::shell::Here;
use crate::{App, words};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use court::store::messages::MessageRow;
use maud::{Markup, html};
use serde_json::json;
use ui::form::{self, Entry, Field, Form};
use ui::zh::prose;
use ui::{Button, Column, Icon, Table, Tone, badge, button, empty, table};

/// The last messages of the courts served here.
pub async fn messages(State(app): State<App>, who: Who) -> Result<Response, Fail> {
    draw(&app, &who, "", None).await
}

async fn draw(app: &App, who: &Who, typed: &str, error: Option<&str>) -> Result<Response, Fail> {
    let mut all = Vec::new();
    for court in app.court.courts() {
        all.extend(app.court.messages(&who.member, court.clone()).await?);
    }
    all.sort_by_key(|one| std::cmp::Reverse(one.created));
    if who.json {
        let rows: Vec<_> = all
            .iter()
            .map(|one| {
                json!({
                    "id": one.id, "court": one.court, "about": one.about, "to": one.shown, "created": one.created, "sent_at": one.sent_at,
                    "attempts": one.attempts, "next_try": one.next_try, "error": one.last_error,
                })
            })
            .collect();
        return Ok(Json(json!({ "carrier": app.court.messenger().name(), "messages": rows })).into_response());
    }
    let rows: Vec<Vec<Markup>> = all.iter().map(|one| row(app, who, one)).collect();
    let columns = ["时间", "法院", "事由", "发往", "状态"].map(|heading| Column { heading, ..Column::default() });
    let test = html! {
        (form::text(&Field { name: "phone", label: "测试短信发到", value: typed, error, ..Field::default() }, Entry::Phone))
        div.btns { (button(&Button { label: "发送测试短信", ..Button::default() })) }
    };
    let body = html! {
        h1 { "短信" }
        p.muted { "本院短信由“" (app.court.messenger().name()) "”发送。号码和内容不在这里显示。" }
        @if rows.is_empty() { (empty(Icon::Phone, "还没有短信", &html! { "启用账号的激活码、每个工作日的待办提醒，会列在这里。" })) }
        @else { (table(&Table { caption: "短信，最近的在前", caption_shown: false, columns: &columns, rows: &rows, total: None, scrolls: true })) }
        div.narrow { (form::form(&Form { action: Some("/admin/messages/test"), csrf: &who.csrf, ..Form::default() }, &test)) }
    };
    let page = show(app, who, "短信", Here::Messages, body).await?;
    Ok(if error.is_some() { (StatusCode::UNPROCESSABLE_ENTITY, page).into_response() } else { page })
}

fn row(app: &App, who: &Who, one: &MessageRow) -> Vec<Markup> {
    let state = match (one.sent_at, one.next_try, &one.last_error) {
        (Some(at), _, _) => html! { (badge(Tone::Done, "已交发送")) " " (prose(&words::minute(at))) },
        (None, Some(_), None) => badge(Tone::Todo, "等待发送"),
        (None, Some(_), Some(reason)) => html! { (badge(Tone::Soon, "正在重试")) " 第 " (one.attempts) " 次没有成功：" (reason) },
        (None, None, reason) => html! {
            (badge(Tone::Over, "没有发出")) " " (reason.as_deref().unwrap_or("")) " "
            form method="post" action="/admin/messages/again" {
                (form::csrf(&who.csrf)) (form::hidden("court", &one.court)) (form::hidden("id", &one.id.to_string()))
                (button(&Button { label: "再发一次", small: true, ..Button::default() }))
            }
        },
    };
    vec![
        html! { (prose(&words::minute(one.created))) },
        html! { (app.court.court_name(&one.court)) },
        html! { (one.about) },
        html! { (one.shown) },
        state,
    ]
}

/// Sends a message that says that messages arrive.
pub async fn test(State(app): State<App>, post: Post) -> Result<Response, Fail> {
    let Post { who, input } = post;
    let phone = input.word("phone").to_owned();
    match app.court.test_message(&who.member, phone.clone()).await.map_err(Fail::from) {
        Ok(()) if who.json => Ok(Json(json!({ "queued": true })).into_response()),
        Ok(()) => Ok(Redirect::to("/admin/messages").into_response()),
        Err(fail) if fail.field.is_some() && !who.json => draw(&app, &who, &phone, Some(&fail.zh)).await,
        Err(fail) => Err(fail),
    }
}

/// Sends a message that was put aside on its way again.
pub async fn again(State(app): State<App>, post: Post) -> Result<Response, Fail> {
    let Post { who, input } = post;
    let text = |name: &str| input.word(name).to_owned();
    let Ok(id) = text("id").parse() else { return Err(missing().await) };
    match app.court.send_again(&who.member, text("court"), id).await? {
        true if who.json => Ok(Json(json!({ "queued": true })).into_response()),
        true => Ok(Redirect::to("/admin/messages").into_response()),
        false => Err(missing().await),
    }
}

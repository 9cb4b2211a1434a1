//! 演示: what the court zone sent to telephones. Not there outside of a demo.
use crate::App;
use crate::http::{Fail, missing, mode, wants_json};
use crate::shell::plain;
use crate::words;
use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{Html, IntoResponse, Response};
use maud::html;
use serde_json::json;
use ui::zh::prose;
use ui::{Icon, Tone, empty, notice};

/// The telephones of the court zone.
pub async fn phone(State(app): State<App>, headers: HeaderMap) -> Result<Response, Fail> {
    let Some(messages) = app.court.sandbox_messages().await? else { return Err(missing().await) };
    if wants_json(&headers) {
        return Ok(Json(json!({ "sandbox": true, "messages": messages })).into_response());
    }
    let body = html! {
        h1 { "模拟手机（法院短信）" }
        (notice(Tone::Soon, &html! { "演示环境：短信没有真的发出，都显示在这里。正式环境没有这个页面。" }))
        @if messages.is_empty() { (empty(Icon::Phone, "还没有短信", &html! { "启用账号的激活码、每个工作日的待办提醒，会出现在这里。" })) }
        ul.stack.gap-3 { @for message in &messages { li.panel.panel-pad {
            p.small.muted { (message.phone) "，" (prose(&words::minute(message.created))) }
            p { (message.text) }
        } } }
        p { a href="/login" { "返回" } }
    };
    Ok(Html(plain(&app, mode(&headers), "模拟手机", &body).0).into_response())
}

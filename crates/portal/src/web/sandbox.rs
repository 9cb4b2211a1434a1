//! 演示: the simulated telephone. Outside of a demo there is no such page.
use super::fault::Fault;
use super::form::Query;
use super::page::{crumb_home, moment, page, sandbox_note};
use crate::store::accounts;
use axum::Json;
use axum::response::{IntoResponse, Response};
use maud::html;
use serde_json::json;
use ui::form::{Entry, Field, text};
use ui::{Button, Icon, button};

/// GET /sandbox/phone?phone=…
pub async fn phone(Query { v, query }: Query) -> Result<Response, Fault> {
    if !v.portal.is_demo() {
        return Err(Fault::Missing);
    }
    let wanted: String = query.value("phone").chars().filter(char::is_ascii_digit).collect();
    let all = v.portal.db().read(accounts::messages).await?;
    let messages: Vec<_> = all.into_iter().filter(|message| wanted.is_empty() || message.phone == wanted).collect();
    if v.json {
        // Scripts read on from where they stopped: the oldest first.
        let messages: Vec<_> = messages.into_iter().rev().collect();
        return Ok(Json(json!({ "sandbox": true, "messages": messages })).into_response());
    }
    let body = html! {
        (crumb_home())
        h1 { "模拟手机" }
        (sandbox_note("短信没有真的发出，都显示在这里。正式系统里没有这个页面。"))
        form method="get" action="/sandbox/phone" class="row gap-2 mt-4" {
            (text(&Field { name: "phone", label: "只看这个手机号", value: &wanted, optional: true, ..Field::default() }, Entry::Phone))
            (button(&Button { label: "看", ..Button::default() }))
        }
        h2.sr { "短信" }
        @if messages.is_empty() { (ui::empty(Icon::Phone, "还没有短信", &html! { "注册、登录时的验证码，法院的通知，会出现在这里。" })) }
        ul.stack.gap-3.mt-4 { @for message in &messages { li.panel.panel-pad {
            p.small.muted { (message.phone) "，" (moment(message.created)) }
            p { (message.text) }
        } } }
    };
    Ok(page(&v, "模拟手机", &[], &body))
}

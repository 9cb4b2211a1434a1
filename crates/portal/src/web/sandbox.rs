//! 演示: the simulated telephone and the simulated cashier. Outside of a demo there are no such pages.
use super::fault::Fault;
use super::form::{Mine, Query};
use super::page::{crumb_home, form, moment, page, sandbox_note, see};
use super::receipt::submitted;
use super::visitor::Me;
use crate::store::messages;
use axum::Json;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use maud::html;
use serde_json::json;
use ui::form::{Entry, Field, text};
use ui::{Button, Emphasis, Icon, button};
use uuid::Uuid;

/// GET /sandbox/phone?phone=…
pub async fn phone(Query { v, query }: Query) -> Result<Response, Fault> {
    if !v.portal.is_demo() {
        return Err(Fault::Missing);
    }
    let asked = query.value("phone");
    let wanted: String = if asked.contains('@') { asked.to_owned() } else { asked.chars().filter(char::is_ascii_digit).collect() };
    let all = v.portal.db().read(messages::last).await?;
    let messages: Vec<_> = all.into_iter().filter(|message| wanted.is_empty() || message.phone == wanted).collect();
    if v.json {
        // Scripts read on from where they stopped: the oldest first.
        let messages: Vec<_> = messages.into_iter().rev().collect();
        return Ok(Json(json!({ "sandbox": true, "messages": messages })).into_response());
    }
    let body = html! {
        (crumb_home())
        h1 { "模拟手机" }
        (sandbox_note("短信和邮件没有真的发出，都显示在这里。正式系统里没有这个页面。"))
        form method="get" action="/sandbox/phone" class="row gap-2 mt-4" {
            (text(&Field { name: "phone", label: "只看这个手机号", value: &wanted, optional: true, ..Field::default() }, Entry::Phone))
            (button(&Button { label: "看", ..Button::default() }))
        }
        h2.sr { "短信" }
        @if messages.is_empty() { (ui::empty(Icon::Phone, "还没有短信", &html! { "注册、登录时的验证码，法院的通知，会出现在这里。" })) }
        ul.stack.gap-3.mt-4 { @for message in &messages { li.panel.panel-pad {
            p.small.muted { (message.phone) "，" (moment(message.created)) }
            p { @if message.text.is_empty() { span.muted { "验证码已经失效，内容不再保存。" } } @else { (message.text) } }
        } } }
    };
    Ok(page(&v, "模拟手机", &[], &body))
}

/// GET /sandbox/pay/{id}: the page of the simulated payment provider.
pub async fn pay(Path(id): Path<Uuid>, me: Me) -> Result<Response, Fault> {
    let payment = me.v.portal.payment(&me.account, id).await?;
    if me.v.portal.config().payment.as_ref().is_none_or(|provider| !provider.is_sandbox()) {
        return Err(Fault::Missing);
    }
    let fee = format!("/case/{}/fee", payment.case);
    let body = html! {
        (ui::crumb("回到交费页面", &fee))
        h1 { "模拟支付" }
        (sandbox_note("这里代替支付机构的页面，不会扣任何钱。正式系统里没有这个页面。"))
        p.lead.mt-4 { (payment.subject) "：" strong { (ui::zh::yuan(payment.amount.0)) } }
        (form(&me.v, &format!("/sandbox/pay/{id}"), &html! {
            (ui::form::hidden("confirm", "yes"))
            div.btns { (button(&Button { label: "确认支付（模拟）", emphasis: Emphasis::Primary, ..Button::default() })) }
        }))
    };
    Ok(page(&me.v, "模拟支付", &[], &body))
}

/// POST /sandbox/pay/{id}: the button.
pub async fn pay_post(Path(id): Path<Uuid>, Mine { v, account, .. }: Mine) -> Result<Response, Fault> {
    let case = v.portal.payment(&account, id).await?.case;
    Ok(match v.portal.press_in_sandbox(&account, id).await? {
        Some(submission) => submitted(&v, &submission),
        None => see(&format!("/case/{case}/fee")),
    })
}

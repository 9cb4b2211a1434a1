//! 退款: money that came in and was not due. A clerk gives it back and enters under which number; the payer is told.
use crate::App;
use crate::counter::at_counter;
use crate::http::{Fail, Input, Post, Who};
use crate::shell::{self, Here, Page};
use crate::step::{Wrong, code_field};
use crate::words;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use court::store::counter::Payment;
use maud::html;
use ui::form::{self, Entry, Field, Form};
use ui::{Button, Emphasis, Fact, Tone, WorkbenchLayout, button, crumb, kv, notice, panel};
use uuid::Uuid;

async fn payment(app: &App, who: &Who, id: Uuid) -> Result<Payment, Fail> {
    at_counter(who)?;
    app.court.payment(&who.member, id).await?.filter(|payment| payment.refused.is_some()).ok_or_else(Fail::missing)
}

/// What came in, why it was not taken, and the form.
pub async fn page(State(app): State<App>, Path(id): Path<String>, who: Who) -> Result<Response, Fail> {
    let payment = payment(&app, &who, Uuid::parse_str(&id).map_err(|_| Fail::missing())?).await?;
    if who.json {
        return Ok(axum::Json(serde_json::json!({
            "id": payment.id, "case": payment.case, "reference": payment.reference, "amount": payment.amount, "refused": payment.refused,
            "return_no": payment.return_no, "returned_by": payment.returned_by,
        }))
        .into_response());
    }
    show(&app, &who, &payment, &Input::default(), None).await
}

async fn show(app: &App, who: &Who, payment: &Payment, input: &Input, wrong: Option<&Wrong>) -> Result<Response, Fail> {
    let error = |name: &str| wrong.filter(|wrong| wrong.field.as_deref() == Some(name)).map(|wrong| wrong.zh.as_str());
    let facts = [
        Fact { key: "金额", value: html! { (ui::zh::yuan(payment.amount.0)) } },
        Fact { key: "支付流水号", value: html! { (payment.reference) } },
        Fact { key: "到账时间", value: html! { (words::minute(payment.at)) } },
        Fact { key: "没有入账的原因", value: html! { (ui::zh::prose(payment.refused.as_deref().unwrap_or_default())) } },
    ];
    let fields = html! {
        (form::text(&Field { name: "no", label: "退款凭证号", value: input.get("no"), error: error("no"), ..Field::default() }, Entry::Text))
        (code_field(error("code").map(|zh| ("code", zh))))
        div.btns { (button(&Button { label: "登记已退还", emphasis: Emphasis::Primary, ..Button::default() })) }
    };
    let body = html! {
        (crumb("回到案件", &format!("/case/{}", payment.case)))
        h1 { "登记退款" }
        @if let Some(wrong) = wrong { @if let Some(field) = &wrong.field { (form::error_summary(&[(field, wrong.zh.as_str())])) } }
        (panel("pf", "没有入账的款项", &kv(&facts, false)))
        @match (&payment.return_no, &payment.returned_by, payment.returned_at) {
            (Some(no), Some(by), Some(at)) => (notice(Tone::Done, &html! { (words::minute(at)) " 已经退还，凭证号 " (no) "，登记人 " (by) "。" })),
            _ => div.panel.panel-pad {
                p.small { "先按财务规定把款项退回原支付账户，再在这里登记。当事人会收到通知。" }
                (form::form(&Form { action: Some(&format!("/payment/{}", payment.id)), csrf: &who.csrf, class: Some("stack gap-5 narrow"), ..Form::default() }, &fields))
            },
        }
    };
    let page = Page { title: "登记退款", here: Here::Tasks, layout: WorkbenchLayout::Sheet, case_bar: None, scripts: &[], body };
    shell::show(app, who, page).await
}

/// Enters that it went back: `no`, `code`; JSON with the same names.
pub async fn submit(State(app): State<App>, Path(id): Path<String>, post: Post) -> Result<Response, Fail> {
    let id = Uuid::parse_str(&id).map_err(|_| Fail::missing())?;
    let (who, mut input) = (post.who, post.input);
    let payment = payment(&app, &who, id).await?;
    for name in ["no", "code"] {
        if let Some(text) = input.json[name].as_str().map(str::to_owned) {
            input.set(name, text);
        }
    }
    match app.court.return_payment(&who.member, input.get("code").into(), id, input.get("no")).await.map_err(Fail::from) {
        Ok(()) if who.json => Ok(axum::Json(serde_json::json!({ "returned": id })).into_response()),
        Ok(()) => Ok(Redirect::to(&format!("/payment/{id}")).into_response()),
        Err(fail) if who.json || !matches!(fail.status, StatusCode::UNPROCESSABLE_ENTITY | StatusCode::TOO_MANY_REQUESTS) => Err(fail),
        Err(fail) => {
            let status = fail.status;
            let wrong = Wrong { field: fail.field, zh: fail.zh, seen: None };
            Ok((status, show(&app, &who, &payment, &input, Some(&wrong)).await?).into_response())
        }
    }
}

//! 核对身份: a clerk sees a person with the identity card and signs for it; the portal then opens the account (R-IDC-01, R-IDC-06).
use crate::App;
use crate::counter::at_counter;
use crate::http::{Fail, Input, Post, Who};
use crate::shell::{self, Here, Page};
use crate::step::{Wrong, code_field};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use court::counter::{CardVerdict, Check, Seen};
use maud::{Markup, html};
use ui::form::{self, Entry, Field, Form};
use ui::{Button, Column, Emphasis, Table, Tone, WorkbenchLayout, badge, button, notice, rule_id, table};

/// The form, and the cards seen lately.
pub async fn page(State(app): State<App>, who: Who) -> Result<Response, Fail> {
    at_counter(&who)?;
    if who.json {
        let checks: Vec<_> = app.court.cards_seen(&who.member).await?.iter().map(as_json).collect();
        return Ok(axum::Json(serde_json::json!({ "checks": checks })).into_response());
    }
    show(&app, &who, &Input::default(), None).await
}

fn as_json(check: &Check) -> serde_json::Value {
    serde_json::json!({
        "id": check.row.id, "reference": check.row.reference, "name": check.name, "clerk": check.row.clerk, "at": check.row.at, "verdict": check.row.verdict,
    })
}

async fn show(app: &App, who: &Who, input: &Input, wrong: Option<&Wrong>) -> Result<Response, Fail> {
    let checks = app.court.cards_seen(&who.member).await?;
    let error = |name: &str| wrong.filter(|wrong| wrong.field.as_deref() == Some(name)).map(|wrong| wrong.zh.as_str());
    let text = |name, label, hint, entry| {
        form::text(&Field { name, label, hint, value: input.get(name), error: error(name), private: true, ..Field::default() }, entry)
    };
    let fields = html! {
        (text("reference", "核对编号", Some("当事人手机上“我的账号”里的 8 位编号"), Entry::Text))
        (text("name", "姓名", Some("照身份证原件填写"), Entry::Name))
        (text("number", "身份证号", Some("照身份证原件填写"), Entry::IdNumber))
        (form::checkbox(&Field { name: "seen", label: "已核对身份证原件，是当面这位本人", value: input.get("seen"), error: error("seen"), ..Field::default() }, "yes"))
        (code_field(error("code").map(|zh| ("code", zh))))
        div.btns { (button(&Button { label: "确认身份", emphasis: Emphasis::Primary, ..Button::default() })) }
    };
    let body = html! {
        (ui::crumb("窗口代录", "/counter"))
        h1 { "核对身份" }
        (notice(Tone::Plain, &html! { "不刷脸、不能在网上认证的，由窗口核对身份证，效力一样。您和当事人的名字都记录在案 " (rule_id("R-IDC-01")) " " (rule_id("R-IDC-06")) }))
        @if let Some(wrong) = wrong {
            @match &wrong.field {
                Some(field) => (form::error_summary(&[(field, wrong.zh.as_str())])),
                None => (notice(Tone::Near, &ui::zh::prose(&wrong.zh))),
            }
        }
        div.panel.panel-pad { (form::form(&Form { action: Some("/counter/identity"), csrf: &who.csrf, class: Some("stack gap-5 narrow"), ..Form::default() }, &fields)) }
        section aria-labelledby="cs-h" { h2 id="cs-h" { "最近核对的" } (seen_lately(&checks)) }
    };
    let page = Page { title: "核对身份", here: Here::Counter, layout: WorkbenchLayout::Sheet, case_bar: None, scripts: &[], body };
    shell::show(app, who, page).await
}

fn seen_lately(checks: &[Check]) -> Markup {
    if checks.is_empty() {
        return html! { p.muted { "还没有。" } };
    }
    let rows: Vec<Vec<Markup>> = checks
        .iter()
        .map(|check| {
            let at = crate::words::minute(check.row.at);
            vec![html! { (check.row.reference) }, html! { (check.name) }, html! { (check.row.clerk) }, html! { (at) }, outcome(check.row.verdict)]
        })
        .collect();
    let column = |heading| Column { heading, ..Column::default() };
    let columns = [column("核对编号"), column("当事人"), column("核对人"), column("时间"), column("结果")];
    table(&Table { caption: "最近核对的身份", caption_shown: false, columns: &columns, rows: &rows, total: None, scrolls: true })
}

fn outcome(verdict: Option<CardVerdict>) -> Markup {
    match verdict {
        None => badge(Tone::Todo, "正在告知在线平台"),
        Some(CardVerdict::Confirmed) => badge(Tone::Done, "已确认，可以在网上办理"),
        Some(CardVerdict::Unknown) => badge(Tone::Near, "没有这个核对编号，请当事人核对后重来"),
        Some(CardVerdict::Mismatch) => badge(Tone::Near, "与当事人登记的姓名、号码不符，请他在手机上改正后重来"),
    }
}

/// Confirms: `reference`, `name`, `number`, `seen`, `code`; JSON with the same names.
pub async fn submit(State(app): State<App>, post: Post) -> Result<Response, Fail> {
    at_counter(&post.who)?;
    let (who, mut input) = (post.who, post.input);
    for name in ["reference", "name", "number", "seen", "code"] {
        if let Some(text) = input.json[name].as_str().map(str::to_owned) {
            input.set(name, text);
        }
    }
    let done = if input.get("seen") == "yes" {
        let seen = Seen { reference: input.get("reference").into(), name: input.get("name").into(), number: input.get("number").into() };
        app.court.see_card(&who.member, input.get("code").into(), seen).await.map_err(Fail::from)
    } else {
        Err(Fail::at("seen", "请当面核对身份证原件后勾选。"))
    };
    match done {
        Ok(id) if who.json => Ok(axum::Json(serde_json::json!({ "check": id })).into_response()),
        Ok(_) => Ok(Redirect::to("/counter/identity").into_response()),
        Err(fail) if who.json || !matches!(fail.status, StatusCode::UNPROCESSABLE_ENTITY | StatusCode::TOO_MANY_REQUESTS) => Err(fail),
        Err(fail) => {
            let status = fail.status;
            let wrong = Wrong { field: fail.field, zh: fail.zh, seen: None };
            Ok((status, show(&app, &who, &input, Some(&wrong)).await?).into_response())
        }
    }
}

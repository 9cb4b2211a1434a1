//! 演示时钟: the one clock of the demo runs forward, visibly and on record. Not there outside of a demo.
use crate::http::{Fail, Post, Who, missing};
use crate::shell::{self, Here, Page};
use crate::{App, words};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};
use maud::{Markup, html};
use serde_json::json;
use ui::form::{self, Field, Form};
use ui::zh::prose;
use ui::{Button, Column, Emphasis, Table, Tone, WorkbenchLayout, button, notice, table};

/// Where the clock stands, and every move of it.
pub async fn page(State(app): State<App>, who: Who) -> Result<Response, Fail> {
    if !movable(&app) {
        return Err(missing().await);
    }
    if who.json {
        return Ok(Json(json!({ "now": app.court.now() })).into_response());
    }
    show(&app, &who, "", None).await
}

fn movable(app: &App) -> bool {
    app.court.is_demo() && app.court.clock().is_demo()
}

async fn show(app: &App, who: &Who, typed: &str, error: Option<&str>) -> Result<Response, Fail> {
    let moves = app.court.clock_moves().await?;
    let now = app.court.now();
    let quick = html! {
        div.btns { @for (label, days) in [("明天上午 9:00", 1), ("3 天后", 3), ("7 天后", 7), ("15 天后", 15), ("30 天后", 30)] {
            (button(&Button { label, sends: Some(("days", &days.to_string())), small: true, ..Button::default() }))
        } }
    };
    let exact = html! {
        (form::date(&Field { name: "to", label: "走到哪一天", hint: Some("走到那一天上午 9:00，例如 2026年3月10日"), value: typed, error, ..Field::default() }))
        div.btns { (button(&Button { label: "走到这一天", emphasis: Emphasis::Primary, ..Button::default() })) }
    };
    let rows: Vec<Vec<Markup>> = moves
        .iter()
        .rev()
        .map(|step| vec![html! { (prose(&words::minute(step.stood))) }, html! { (prose(&words::minute(step.set_to))) }, html! { (step.actor) }])
        .collect();
    let columns = ["原来", "走到", "操作人"].map(|heading| Column { heading, ..Column::default() });
    let body = html! {
        h1 { "演示时钟" }
        (notice(Tone::Soon, &html! { "只在演示环境有。时钟只能往前走，每一次都记录在案；到期的期限随即记录，需要人办的事出现在待办里。" }))
        p { "现在是 " b { (prose(&words::minute(now))) } "，" (ui::zh::weekday(procedure::step::day_of(now))) }
        (form::form(&Form { action: Some("/clock"), csrf: &who.csrf, ..Form::default() }, &quick))
        (form::form(&Form { action: Some("/clock"), csrf: &who.csrf, ..Form::default() }, &exact))
        section aria-labelledby="mv-h" { h2 id="mv-h" { "走过的时间" } (table(&Table { caption: "演示时钟的记录", caption_shown: false, columns: &columns, rows: &rows, total: None, scrolls: true })) }
    };
    let page = Page { title: "演示时钟", here: Here::Clock, layout: WorkbenchLayout::Sheet, case_bar: None, scripts: &[], body };
    shell::show(app, who, page).await
}

/// Nine in the morning at the courts.
fn nine(day: jiff::civil::Date) -> Option<Timestamp> {
    Offset::constant(8).to_timestamp(day.at(9, 0, 0, 0)).ok()
}

/// The moment that was asked for: days ahead, a day, or from scripts an instant.
fn wanted(app: &App, post: &Post) -> Option<Timestamp> {
    let (input, now) = (&post.input, app.court.now());
    let today = procedure::step::day_of(now);
    if let Some(to) = input.json["to"].as_str() {
        return to.parse().ok().or_else(|| nine(ui::zh::parse_date(to)?));
    }
    if let Some(seconds) = input.json["seconds"].as_i64() {
        return now.checked_add(SignedDuration::from_secs(seconds)).ok();
    }
    let days = input.json["days"].as_i64().or_else(|| input.get("days").parse().ok());
    match days {
        Some(days) => nine(today.checked_add(SignedDuration::from_hours(days.checked_mul(24)?)).ok()?),
        None => nine(ui::zh::parse_date(input.get("to"))?),
    }
}

/// Moves the clock and lets what fell due be recorded.
pub async fn advance(State(app): State<App>, post: Post) -> Result<Response, Fail> {
    if !movable(&app) {
        return Err(missing().await);
    }
    let zh = "请写将来的一天，例如 2026年3月10日；时钟只能往前走，一次最多一年。";
    let moved = match wanted(&app, &post).filter(|to| *to > app.court.now()) {
        Some(to) => app.court.advance_clock(&post.who.member, to).await?,
        None => None,
    };
    if moved.is_some() {
        // What ran out is on record before the page is shown again; it is many small transactions.
        let court = app.court.clone();
        let ticked = tokio::task::spawn_blocking(move || court.tick()).await;
        ticked.map_err(|_| Fail::new(StatusCode::INTERNAL_SERVER_ERROR, "系统暂时不能办理，请稍后再试。"))??;
    }
    match moved {
        Some(now) if post.who.json => Ok(Json(json!({ "now": now })).into_response()),
        Some(_) => Ok(Redirect::to("/clock").into_response()),
        None if post.who.json => Err(Fail::at("to", zh)),
        None => {
            let typed = post.input.get("to").to_owned();
            Ok((StatusCode::UNPROCESSABLE_ENTITY, show(&app, &post.who, &typed, Some(zh)).await?).into_response())
        }
    }
}

//! 系统管理: accounts of staff, what was done to them, the settings that a court must confirm, the messages that left. No page
//! here shows a case (R-AUD-03).
mod member;
mod messages;
mod settings;

pub use member::{enter, enter_page, lock, member, reset};
pub use messages::{again, messages, test};
pub use settings::settings;

use crate::http::{Fail, Who};
use crate::shell::{self, Here, Page};
use crate::{App, words};
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use court::administration::Account;
use maud::{Markup, html};
use procedure::case::Labelled;
use serde_json::json;
use ui::zh::prose;
use ui::{Column, Icon, Link, Table, Tone, WorkbenchLayout, badge, empty, link_button, rule_id, table};

/// 人员: every account.
pub async fn page(State(app): State<App>, who: Who) -> Result<Response, Fail> {
    let accounts = app.court.accounts(&who.member).await?;
    if who.json {
        let rows: Vec<_> = accounts
            .iter()
            .map(|one| {
                json!({
                    "person": one.member.id, "court": one.member.court, "login": one.login, "name": one.member.name, "office": one.member.office,
                    "division": one.member.division, "phone": one.phone, "locked": one.disabled, "activated": one.activation.is_none(),
                })
            })
            .collect();
        return Ok(Json(json!({ "staff": rows })).into_response());
    }
    let rows: Vec<Vec<Markup>> = accounts
        .iter()
        .map(|one| {
            let office = shell::office(&one.member);
            vec![
                html! { (one.login) },
                html! { a href={ "/admin/staff/" (one.member.id) } { (one.member.name) } },
                html! { (app.court.court_name(&one.member.court)) },
                html! { (office) },
                html! { (one.phone.as_deref().unwrap_or("没有登记")) },
                standing(one),
            ]
        })
        .collect();
    let columns = ["账号", "姓名", "法院", "部门、岗位", "手机", "状态"].map(|heading| Column { heading, ..Column::default() });
    let body = html! {
        h1 { "人员 " (accounts.len()) }
        div.btns { (link_button(&Link { label: "录入人员", href: "/admin/new", icon: Some(Icon::Plus), ..Link::default() })) }
        (table(&Table { caption: "人员和账号", caption_shown: false, columns: &columns, rows: &rows, total: None, scrolls: true }))
    };
    show(&app, &who, "人员", Here::Staff, body).await
}

fn standing(account: &Account) -> Markup {
    let rests = account.rests_until.is_some_and(|until| until > jiff::Timestamp::now());
    match (account.disabled, account.activation.is_some(), rests) {
        (true, _, _) => badge(Tone::Over, "已停用"),
        (false, true, _) => badge(Tone::Soon, "等本人启用"),
        (false, false, true) => badge(Tone::Near, "输错过多，暂时锁定"),
        (false, false, false) => badge(Tone::Done, "正常"),
    }
}

/// 管理记录: what was done to accounts, by whom and when.
pub async fn record(State(app): State<App>, who: Who) -> Result<Response, Fail> {
    let mut rows = Vec::new();
    for court in app.court.courts() {
        for (at, one) in app.court.administration(&who.member, court.clone()).await? {
            rows.push((at, court.clone(), one));
        }
    }
    rows.sort_by_key(|(at, _, _)| std::cmp::Reverse(*at));
    if who.json {
        let rows: Vec<_> = rows.iter().map(|(at, court, one)| json!({"at": at, "court": court, "record": one})).collect();
        return Ok(Json(json!({ "acts": rows })).into_response());
    }
    let cells: Vec<Vec<Markup>> = rows
        .iter()
        .map(|(at, court, one)| {
            vec![
                html! { (prose(&words::minute(*at))) },
                html! { (one.by) },
                html! { (one.deed.zh()) },
                html! { (one.name) "（" (one.login) "，" (app.court.court_name(court)) (one.office.zh()) "）" },
            ]
        })
        .collect();
    let columns = ["时间", "操作人", "事项", "人员"].map(|heading| Column { heading, ..Column::default() });
    let body = html! {
        h1 { "管理记录" }
        p.muted { "每一次操作都记录在案，前后相连，不能改动。" (rule_id("R-AUD-01")) }
        @if cells.is_empty() { (empty(Icon::Note, "还没有记录", &html! { "录入、停用、重置账号之后，会出现在这里。" })) }
        @else { (table(&Table { caption: "管理记录，最近的在前", caption_shown: false, columns: &columns, rows: &cells, total: None, scrolls: true })) }
    };
    show(&app, &who, "管理记录", Here::Record, body).await
}

async fn show(app: &App, who: &Who, title: &str, here: Here, body: Markup) -> Result<Response, Fail> {
    shell::show(app, who, Page { title, here, layout: WorkbenchLayout::Sheet, case_bar: None, scripts: &[], body }).await
}

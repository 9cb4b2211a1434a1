//! 登录: password and one-time code; the demo's codes on a page of their own.
use crate::App;
use crate::http::{COOKIE, Fail, Input, Post, Who, cookie, mode, read_input, wants_json};
use crate::shell::{self, Here, Page, plain};
use axum::extract::{Query, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde::Deserialize;
use ui::form::{self, Entry, Field, Form};
use ui::{Button, Column, Emphasis, Table, Tone, WorkbenchLayout, button, notice, table};

/// Where to go afterwards.
#[derive(Debug, Default, Deserialize)]
pub struct Next {
    #[serde(default)]
    next: String,
}

impl Next {
    /// A path of this site, nothing else.
    fn path(&self) -> &str {
        let own = self.next.starts_with('/') && !self.next.starts_with("//") && !self.next.contains('\\');
        if own { &self.next } else { "/" }
    }
}

/// The sign-in page.
pub async fn page(State(app): State<App>, Query(next): Query<Next>, headers: HeaderMap) -> Response {
    Html(draw(&app, mode(&headers), next.path(), &Input::default(), None).0).into_response()
}

fn draw(app: &App, mode: ui::Mode, next: &str, input: &Input, error: Option<&str>) -> Markup {
    let fields = html! {
        (form::hidden("next", next))
        (form::text(&Field { name: "login", label: "账号", value: input.get("login"), error, ..Field::default() }, Entry::Text))
        (form::text(&Field { name: "password", label: "密码", ..Field::default() }, Entry::Password))
        (form::text(&Field { name: "code", label: "动态口令", hint: Some("手机令牌上的 6 位数字，每 30 秒更换一次"), ..Field::default() }, Entry::Code))
        div.btns { (button(&Button { label: "登录", emphasis: Emphasis::Primary, ..Button::default() })) }
    };
    let body = html! {
        h1 { "登录办案平台" }
        @if app.court.is_demo() {
            (notice(Tone::Soon, &html! { "演示环境：账号、人员和案件都是虚构的。动态口令见" a href="/sandbox/codes" { "演示口令页" } "，法院短信见" a href="/sandbox/phone" { "模拟手机" } "。" }))
        }
        div.narrow { (form::form(&Form { action: Some("/login"), ..Form::default() }, &fields)) }
        p.small { "第一次使用，或者账号被重置：" a href="/activate" { "启用账号" } }
    };
    let title = if error.is_some() { "没有登录" } else { "登录" };
    plain(app, mode, title, &body)
}

/// A form from another site does not sign anybody in.
pub fn own_origin(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).and_then(|value: &axum::http::HeaderValue| value.to_str().ok());
    match (text(header::ORIGIN), text(header::HOST)) {
        (Some(origin), Some(host)) => origin.split_once("://").is_some_and(|(_, from)| from == host),
        (Some(_), None) => false,
        (None, _) => true,
    }
}

fn set_cookie(app: &App, token: &str) -> String {
    let secure = if app.options.secure { "; Secure" } else { "" };
    format!("{COOKIE}={token}; Path=/; HttpOnly; SameSite=Strict{secure}")
}

/// Signs in.
pub async fn sign_in(State(app): State<App>, request: Request) -> Result<Response, Fail> {
    let headers = request.headers().clone();
    if !own_origin(&headers) {
        return Err(Fail::new(StatusCode::FORBIDDEN, "登录页面不是从本站打开的，请从本站重新登录。"));
    }
    let input = read_input(request).await?;
    let next = Next { next: input.get("next").to_owned() };
    let signed_in = app.court.sign_in(input.get("login").into(), input.get("password").into(), input.get("code").into()).await;
    match signed_in {
        Ok((token, _)) => Ok(([(header::SET_COOKIE, set_cookie(&app, &token))], Redirect::to(next.path())).into_response()),
        Err(error @ court::Error::SignIn(_)) => {
            let page = draw(&app, mode(&headers), next.path(), &input, Some(&error.zh()));
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(page.0)).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// Signs a script in: `{"login", "password", "code"}` → `{"token", "csrf", "name", "office", "court"}`.
pub async fn api(State(app): State<App>, request: Request) -> Result<Response, Fail> {
    if !own_origin(request.headers()) {
        return Err(Fail::new(StatusCode::FORBIDDEN, "登录请求不是从本站发出的。"));
    }
    let input = read_input(request).await?;
    let text = |name: &str| input.json[name].as_str().unwrap_or("").to_owned();
    let (token, session) = app.court.sign_in(text("login"), text("password"), text("code")).await?;
    let body = serde_json::json!({
        "token": token, "csrf": session.csrf, "name": session.member.name, "office": session.member.office,
        "person": session.member.id, "court": session.member.court,
    });
    Ok(([(header::SET_COOKIE, set_cookie(&app, &token))], axum::Json(body)).into_response())
}

/// Asks before leaving.
pub async fn leave(State(app): State<App>, who: Who) -> Result<Response, Fail> {
    let ask = html! { div.btns { (button(&Button { label: "退出登录", emphasis: Emphasis::Primary, ..Button::default() })) } };
    let body = html! {
        h1 { "退出登录" }
        p { (who.member.name) "，" (shell::office(&who.member)) }
        (form::form(&Form { action: Some("/logout"), csrf: &who.csrf, ..Form::default() }, &ask))
    };
    let page = Page { title: "退出", here: Here::Nowhere, layout: WorkbenchLayout::Sheet, case_bar: None, scripts: &[], body };
    shell::show(&app, &who, page).await
}

/// Ends the session.
pub async fn sign_out(State(app): State<App>, post: Post) -> Result<Response, Fail> {
    app.court.sign_out(&post.who.token).await?;
    let gone = format!("{COOKIE}=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0");
    if post.who.json {
        return Ok(([(header::SET_COOKIE, gone)], axum::Json(serde_json::json!({"signed_out": true}))).into_response());
    }
    Ok(([(header::SET_COOKIE, gone)], Redirect::to("/login")).into_response())
}

/// The sandbox's authenticator: codes of the demo's staff. Not there outside of a demo.
pub async fn codes(State(app): State<App>, headers: HeaderMap) -> Result<Response, Fail> {
    if !app.court.is_demo() {
        return Err(crate::http::missing().await);
    }
    let mut staff = Vec::new();
    for court in app.court.courts() {
        for (member, login) in app.court.staff_of(court.clone()).await? {
            if let Some(code) = app.court.sandbox_code(login.clone()).await? {
                staff.push((member, login, code));
            }
        }
    }
    if wants_json(&headers) {
        let rows: Vec<_> = staff
            .iter()
            .map(|(member, login, code)| {
                serde_json::json!({
                    "court": member.court, "login": login, "name": member.name, "office": member.office, "person": member.id, "code": code,
                })
            })
            .collect();
        return Ok(axum::Json(serde_json::json!({ "codes": rows })).into_response());
    }
    let rows: Vec<Vec<Markup>> = staff
        .iter()
        .map(|(member, login, code)| {
            let office = shell::office(member);
            vec![
                html! { (login) },
                html! { (member.name) },
                html! { (app.court.court_name(&member.court)) },
                html! { (office) },
                html! { b { (code) } },
            ]
        })
        .collect();
    let column = |heading| Column { heading, ..Column::default() };
    let columns = [column("账号"), column("姓名"), column("法院"), column("部门、岗位"), column("动态口令")];
    let back = cookie(&headers, COOKIE).map_or("/login", |_| "/");
    let body = html! {
        h1 { "演示口令" }
        (notice(Tone::Soon, &html! { "演示环境的模拟令牌。正式环境没有这个页面，动态口令在本人手机上。每个口令只能用一次，刷新本页得到下一个。" }))
        (table(&Table { caption: "演示人员的动态口令", caption_shown: false, columns: &columns, rows: &rows, total: None, scrolls: true }))
        p { a href=(back) { "返回" } }
    };
    Ok(Html(plain(&app, mode(&headers), "演示口令", &body).0).into_response())
}

//! 启用账号: a member makes his account his own. Nobody else sees his password or the secret of his authenticator.
use crate::App;
use crate::http::{Fail, Input, mode, read_input};
use crate::login::own_origin;
use crate::shell::plain;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use court::staff::{base32, otpauth};
use maud::{Markup, html};
use serde_json::json;
use ui::form::{self, Entry, Field, Form};
use ui::{Button, Emphasis, Tone, button, crumb, notice};

/// The form.
pub async fn page(State(app): State<App>, headers: HeaderMap) -> Response {
    Html(draw(&app, mode(&headers), &Input::default(), None).0).into_response()
}

fn draw(app: &App, mode: ui::Mode, input: &Input, fail: Option<&Fail>) -> Markup {
    let error = |name: &str| fail.filter(|fail| fail.field.as_deref() == Some(name)).map(|fail| fail.zh.as_str());
    // What is about neither field is said at the first.
    let first = fail.filter(|fail| !matches!(fail.field.as_deref(), Some("password" | "again"))).map(|fail| fail.zh.as_str());
    let fields = html! {
        (form::text(&Field { name: "login", label: "账号", value: input.get("login"), ..Field::default() }, Entry::Text))
        (form::text(&Field { name: "activation", label: "激活码", hint: Some("短信里或者系统管理员交给您的 12 位字母和数字"), value: input.get("activation"), error: first, private: true, ..Field::default() }, Entry::Text))
        (form::text(&Field { name: "password", label: "新密码", hint: Some("至少 10 个字"), error: error("password"), ..Field::default() }, Entry::Password))
        (form::text(&Field { name: "again", label: "再输一次新密码", error: error("again"), ..Field::default() }, Entry::Password))
        div.btns { (button(&Button { label: "启用账号", emphasis: Emphasis::Primary, ..Button::default() })) }
    };
    let body = html! {
        (crumb("登录", "/login"))
        h1 { "启用账号" }
        p.muted { "第一次使用，或者系统管理员重置之后，凭激活码设置自己的密码和动态口令。" }
        div.narrow { (form::form(&Form { action: Some("/activate"), ..Form::default() }, &fields)) }
    };
    plain(app, mode, if fail.is_some() { "没有启用" } else { "启用账号" }, &body)
}

/// Takes the code and gives the secret, once.
pub async fn submit(State(app): State<App>, request: Request) -> Result<Response, Fail> {
    let headers = request.headers().clone();
    if !own_origin(&headers) {
        return Err(Fail::new(StatusCode::FORBIDDEN, "页面不是从本站打开的，请从本站重新打开。"));
    }
    let json = crate::http::wants_json(&headers);
    let input = read_input(request).await?;
    let text = |name: &str| input.word(name).to_owned();
    let (login, password) = (text("login"), text("password"));
    let done = if !json && text("again") != password {
        Err(Fail::at("again", "两次输入的密码不一样，请重新输入。"))
    } else {
        app.court.activate(login.clone(), text("activation"), password).await.map_err(Fail::from)
    };
    match done {
        Ok(totp) if json => Ok(axum::Json(json!({ "otpauth": otpauth(&login, &totp), "secret": base32(&totp) })).into_response()),
        Ok(totp) => Ok(Html(secret(&app, mode(&headers), &login, &totp)?.0).into_response()),
        Err(fail) if json || fail.status.is_server_error() => Err(fail),
        Err(fail) => Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(draw(&app, mode(&headers), &input, Some(&fail)).0)).into_response()),
    }
}

/// The secret for the authenticator app, as a code to scan and as letters to type.
fn secret(app: &App, mode: ui::Mode, login: &str, totp: &[u8]) -> Result<Markup, Fail> {
    let rows = court::qr_matrix(&otpauth(login, totp)).map_err(|error| Fail::from(court::Error::from(error)))?;
    let letters = base32(totp);
    let groups: Vec<&str> = letters.as_bytes().chunks(4).filter_map(|group| std::str::from_utf8(group).ok()).collect();
    let body = html! {
        h1 { "账号已经启用" }
        (notice(Tone::Soon, &html! { "下面的密钥只显示这一次。请现在用手机令牌应用扫描，或者手工输入；然后登录。" }))
        (qr(&rows))
        p { "手工输入的密钥：" b { (groups.join(" ")) } }
        p { a href="/login" { "去登录" } }
    };
    Ok(plain(app, mode, "账号已经启用", &body))
}

/// A QR code with its quiet zone.
fn qr(rows: &[String]) -> Markup {
    let side = rows.len() + 8;
    let dark =
        rows.iter().enumerate().flat_map(|(y, row)| row.bytes().enumerate().filter(|(_, cell)| *cell == b'1').map(move |(x, _)| (x + 4, y + 4)));
    let path: String = dark.map(|(x, y)| format!("M{x} {y}h1v1h-1z")).collect();
    html! {
        svg role="img" aria-label="密钥的二维码，请用手机令牌应用扫描" width="240" height="240" viewBox={ "0 0 " (side) " " (side) } {
            rect width=(side) height=(side) fill="#fff" {}
            path d=(path) fill="#000" {}
        }
    }
}

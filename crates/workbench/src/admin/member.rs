//! One account: entered, locked, given a new activation code. Each act takes a fresh code of the administrator.
use super::{show, standing};
use crate::http::{Fail, Input, Post, Who, missing};
use crate::shell::Here;
use crate::{App, shell};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use court::administration::{Account, Handed, NewAccount, OFFICES};
use maud::{Markup, html};
use procedure::case::Labelled;
use procedure::{Office, PersonId};
use serde_json::json;
use ui::form::{self, Entry, Field, Form};
use ui::zh::prose;
use ui::{Button, Emphasis, Fact, Tone, button, crumb, kv, notice};

/// The form for a new member.
pub async fn enter_page(State(app): State<App>, who: Who) -> Result<Response, Fail> {
    enter_form(&app, &who, &Input::default(), None).await
}

async fn enter_form(app: &App, who: &Who, input: &Input, fail: Option<&Fail>) -> Result<Response, Fail> {
    let error = |name: &str| fail.filter(|fail| fail.field.as_deref() == Some(name)).map(|fail| fail.zh.as_str());
    let field = |name: &'static str, label, hint| Field { name, label, hint, value: input.get(name), error: error(name), ..Field::default() };
    let names: Vec<_> = app.court.courts().iter().map(|code| (code.clone(), app.court.court_name(code))).collect();
    let courts: Vec<_> = names.iter().map(|(code, name)| (code.as_str(), name.as_str())).collect();
    let offices = OFFICES.map(|office| (word(office), office.zh()));
    let fields = html! {
        (form::select(&field("court", "法院", None), &courts))
        (form::text(&field("login", "账号", Some("小写字母、数字、点或者短横，例如 xu.zhixing")), Entry::Text))
        (form::text(&field("name", "姓名", None), Entry::Text))
        (form::select(&field("office", "职务", None), &offices))
        (form::text(&field("division", "部门", Some("例如立案庭、民事审判庭")), Entry::Text))
        (form::text(&Field { optional: true, ..field("phone", "手机", Some("激活码发到这里；不填的，激活码只显示一次，请当面交给本人")) }, Entry::Phone))
        (code_field(error("code")))
        div.btns { (button(&Button { label: "录入人员", emphasis: Emphasis::Primary, ..Button::default() })) }
    };
    let body = html! {
        (crumb("人员", "/admin"))
        h1 { "录入人员" }
        div.narrow { (form::form(&Form { action: Some("/admin/new"), csrf: &who.csrf, ..Form::default() }, &fields)) }
    };
    let page = show(app, who, if fail.is_some() { "没有录入" } else { "录入人员" }, Here::Staff, body).await?;
    Ok(if fail.is_some() { (StatusCode::UNPROCESSABLE_ENTITY, page).into_response() } else { page })
}

fn code_field(error: Option<&str>) -> Markup {
    form::text(&Field { name: "code", label: "您的动态口令", hint: Some("手机令牌上新的 6 位数字"), error, ..Field::default() }, Entry::Code)
}

/// The word that a form sends for an office.
fn word(office: Office) -> &'static str {
    match office {
        Office::FilingClerk => "filing_clerk",
        Office::Judge => "judge",
        Office::Clerk => "clerk",
        Office::President => "president",
        Office::Platform => "platform",
        Office::SystemAdministrator => "system_administrator",
    }
}

/// Enters a member.
pub async fn enter(State(app): State<App>, post: Post) -> Result<Response, Fail> {
    let Post { who, input } = post;
    let text = |name: &str| input.word(name).to_owned();
    let wanted = text("office");
    let office = OFFICES.into_iter().find(|office| word(*office) == wanted);
    let (court, login, name, division, phone) = (text("court"), text("login"), text("name"), text("division"), text("phone"));
    let done = match office {
        Some(office) => {
            let new = NewAccount { court, login, name, office, division, phone };
            app.court.enter_member(&who.member, text("code"), new).await.map_err(Fail::from)
        }
        None => Err(Fail::at("office", "请选择职务。")),
    };
    match done {
        Ok(handed) => handed_over(&app, &who, "人员已经录入", &handed).await,
        Err(fail) if fail.field.is_some() && !who.json => enter_form(&app, &who, &input, Some(&fail)).await,
        Err(fail) => Err(fail),
    }
}

async fn account(app: &App, who: &Who, id: &str) -> Result<Account, Fail> {
    let found = app.court.accounts(&who.member).await?.into_iter().find(|one| one.member.id.to_string() == id);
    match found {
        Some(account) => Ok(account),
        None => Err(missing().await),
    }
}

/// An account and what can be done to it.
pub async fn member(State(app): State<App>, Path(id): Path<String>, who: Who) -> Result<Response, Fail> {
    let account = account(&app, &who, &id).await?;
    member_page(&app, &who, &account, None).await
}

async fn member_page(app: &App, who: &Who, account: &Account, fail: Option<&Fail>) -> Result<Response, Fail> {
    let facts = [
        Fact { key: "账号", value: html! { (account.login) } },
        Fact { key: "法院", value: html! { (app.court.court_name(&account.member.court)) } },
        Fact { key: "部门、岗位", value: html! { (shell::office(&account.member)) } },
        Fact { key: "手机", value: html! { (account.phone.as_deref().unwrap_or("没有登记")) } },
        Fact { key: "状态", value: standing(account) },
    ];
    let (lock, locked) = if account.disabled { ("恢复账号", "no") } else { ("停用账号", "yes") };
    let own = account.member.id == who.member.id;
    let id = account.member.id.to_string();
    let (lock_at, reset_at) = (format!("/admin/staff/{id}/lock"), format!("/admin/staff/{id}/reset"));
    let lock_button =
        Button { label: lock, sends: Some(("locked", locked)), form_action: Some(&lock_at), emphasis: Emphasis::Danger, ..Button::default() };
    let acts = html! {
        (code_field(fail.map(|fail| fail.zh.as_str())))
        div.btns {
            (button(&Button { label: "重置密码和动态口令", form_action: Some(&reset_at), ..Button::default() }))
            @if !own { (button(&lock_button)) }
        }
    };
    let body = html! {
        (crumb("人员", "/admin"))
        h1 { (account.member.name) }
        (kv(&facts, false))
        section aria-labelledby="do-h" {
            h2 id="do-h" { "处理账号" }
            p.small.muted { (prose("停用和重置都立即结束他的登录。重置之后，本人凭新的激活码自己设置密码和动态口令。")) }
            div.narrow { (form::form(&Form { action: Some(&reset_at), csrf: &who.csrf, ..Form::default() }, &acts)) }
        }
    };
    let page = show(app, who, &account.member.name, Here::Staff, body).await?;
    Ok(if fail.is_some() { (StatusCode::UNPROCESSABLE_ENTITY, page).into_response() } else { page })
}

/// Locks an account or opens it again.
pub async fn lock(State(app): State<App>, Path(id): Path<String>, post: Post) -> Result<Response, Fail> {
    let Post { who, input } = post;
    let account = account(&app, &who, &id).await?;
    let locked = input.json["locked"].as_bool().unwrap_or_else(|| input.get("locked") == "yes");
    let (court, person): (String, PersonId) = (account.member.court.clone(), account.member.id);
    match app.court.lock_member(&who.member, input.word("code").to_owned(), court, person, locked).await.map_err(Fail::from) {
        Ok(()) if who.json => Ok(Json(json!({ "locked": locked })).into_response()),
        Ok(()) => Ok(Redirect::to(&format!("/admin/staff/{id}")).into_response()),
        Err(fail) if fail.field.is_some() && !who.json => member_page(&app, &who, &account, Some(&fail)).await,
        Err(fail) => Err(fail),
    }
}

/// Takes password and authenticator away and gives a new activation code.
pub async fn reset(State(app): State<App>, Path(id): Path<String>, post: Post) -> Result<Response, Fail> {
    let Post { who, input } = post;
    let account = account(&app, &who, &id).await?;
    match app
        .court
        .reset_member(&who.member, input.word("code").to_owned(), account.member.court.clone(), account.member.id)
        .await
        .map_err(Fail::from)
    {
        Ok(handed) => handed_over(&app, &who, "账号已经重置", &handed).await,
        Err(fail) if fail.field.is_some() && !who.json => member_page(&app, &who, &account, Some(&fail)).await,
        Err(fail) => Err(fail),
    }
}

/// Where the activation code went. One that is shown is shown this once.
async fn handed_over(app: &App, who: &Who, heading: &str, handed: &Handed) -> Result<Response, Fail> {
    if who.json {
        return Ok(Json(match handed {
            Handed::Sent(phone) => json!({ "sent": phone }),
            Handed::Shown(code) => json!({ "activation": code }),
        })
        .into_response());
    }
    let body = html! {
        h1 { (heading) }
        @match handed {
            Handed::Sent(phone) => { (notice(Tone::Done, &html! { "激活码已经发往 " (phone) "，三日内有效。本人在登录页点“启用账号”，自己设置密码和动态口令。" })) }
            Handed::Shown(code) => {
                (notice(Tone::Soon, &html! { "激活码只显示这一次，三日内有效。请当面交给本人，由本人在登录页点“启用账号”。" }))
                p { b { (code) } }
            }
        }
        p { a href="/admin" { "回到人员" } }
    };
    show(app, who, heading, Here::Staff, body).await
}

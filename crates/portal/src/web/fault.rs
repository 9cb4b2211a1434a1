//! Answers that are no page of their own: sign in first, not there, stale, too large, broken. What is wrong and what to do.
use super::page::{crumb_home, md_hm, shell};
use super::visitor::Visitor;
use crate::{Error, Problem};
use axum::Json;
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use maud::{Markup, html};
use std::sync::Arc;
use ui::{Emphasis, Link, link_button};

/// Why a request got no page.
#[derive(Debug)]
pub enum Fault {
    /// Nobody is signed in; what was typed goes along to the sign-in form.
    SignIn {
        typed: Vec<(String, String)>,
    },
    /// The form does not come from one of our pages in this browser.
    Forged,
    /// More bytes than this address takes.
    TooLarge,
    /// Not a form that can be read.
    Unreadable,
    /// There is no such page.
    Missing,
    /// This address is not asked in this way.
    Method,
    Of(Error),
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Self::Of(error)
    }
}

impl Fault {
    /// The status of HTTP.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::SignIn { .. } => StatusCode::UNAUTHORIZED,
            Self::Forged => StatusCode::FORBIDDEN,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Unreadable => StatusCode::BAD_REQUEST,
            Self::Missing | Self::Of(Error::Missing(_)) => StatusCode::NOT_FOUND,
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::Of(Error::Stale { .. }) => StatusCode::CONFLICT,
            Self::Of(Error::Input(_)) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Of(Error::Locked(_)) => StatusCode::TOO_MANY_REQUESTS,
            Self::Of(
                Error::Store(_) | Error::Exchange(_) | Error::Receipt(_) | Error::Json(_) | Error::NoInbox(_) | Error::Corrupt(_) | Error::Sandbox(_),
            ) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// Heading and words: what happened, what to do.
    fn words(&self) -> (&'static str, Vec<String>) {
        let one = |words: &str| vec![words.to_owned()];
        match self {
            Self::SignIn { .. } => ("请先登录", one("登录以后回到您刚才的页面，已经保存的内容都在。")),
            Self::Forged => ("这个页面已经过期", one("请回到上一页，刷新以后再提交一次。您填的内容没有提交，也没有改动任何东西。")),
            Self::TooLarge => ("提交的内容太大", one("请分成几次上传，或者把照片、扫描件缩小（200 dpi 即可）后再传；也可以带到法院窗口提交。")),
            Self::Unreadable => ("提交的内容读不出来", one("请回到上一页，刷新以后再提交一次。")),
            Self::Missing | Self::Of(Error::Missing(_)) => {
                ("没有找到这个页面", one("网址可能写错了，或者这里的内容不在您的账号下。请从首页重新进入。"))
            }
            Self::Method => ("不能这样打开这个地址", one("请从首页重新进入。")),
            Self::Of(Error::Stale { .. }) => {
                ("内容在别处改过了", one("您打开这个页面以后，另一台设备或者法院改动过它。请重新打开页面，看过最新内容再办。您的内容没有丢失。"))
            }
            Self::Of(Error::Input(problems)) => ("还不能办", problems.iter().map(|problem| problem.zh.clone()).collect()),
            Self::Of(Error::Locked(until)) => ("请稍后再试", vec![locked(*until)]),
            Self::Of(
                Error::Store(_) | Error::Exchange(_) | Error::Receipt(_) | Error::Json(_) | Error::NoInbox(_) | Error::Corrupt(_) | Error::Sandbox(_),
            ) => ("系统出了点问题", one("已经提交成功、拿到回执的内容不受影响。请过几分钟再试；急着办的，请打 12368 或者到法院窗口。")),
        }
    }

    /// The answer for this visitor: a page, or JSON where that was asked for.
    pub fn answer(&self, v: &Visitor) -> Response {
        let (heading, words) = self.words();
        if self.status().is_server_error() {
            tracing::error!(fault = ?self, path = v.path.split('?').next().unwrap_or_default(), "request failed");
        }
        if v.json {
            let fields: Vec<&Problem> = match self {
                Self::Of(Error::Input(problems)) => problems.iter().collect(),
                _ => vec![],
            };
            let body = serde_json::json!({ "error": heading, "what_to_do": words, "fields": fields });
            return (self.status(), Json(body)).into_response();
        }
        if let Self::SignIn { typed } = self {
            return super::account::sign_in_page(v, self.status(), typed);
        }
        let body = html! {
            (crumb_home())
            h1 { (heading) }
            @for words in &words { p.mt-3 { (ui::zh::prose(words)) } }
            div.btns.mt-4 {
                (link_button(&Link { label: "回首页", href: "/", emphasis: Emphasis::Primary, ..Link::default() }))
                @if matches!(self, Self::Of(Error::Stale { .. })) {
                    (link_button(&Link { label: "重新打开页面", href: back(v), ..Link::default() }))
                }
            }
        };
        page(v, self.status(), heading, &body)
    }
}

/// Where a refused form came from: actions stand one level under the page they change.
fn back(v: &Visitor) -> &str {
    let path = v.path.split('?').next().unwrap_or("/");
    path.strip_suffix("/submit").unwrap_or(path)
}

fn page(v: &Visitor, status: StatusCode, title: &str, body: &Markup) -> Response {
    (status, Html(shell(v, &format!("{title} · 人民法院在线服务"), &[], body).into_string())).into_response()
}

/// The words for an account that rests.
pub fn locked(until: jiff::Timestamp) -> String {
    format!("密码输错次数太多，为了您的账号安全，请在 {} 以后再试，或者重设密码。", md_hm(until))
}

impl IntoResponse for Fault {
    /// The layer around the routes turns this into the page: it knows the visitor.
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.headers_mut().remove(header::CONTENT_TYPE);
        response.extensions_mut().insert(Arc::new(self));
        response
    }
}

/// [`refused`] for a step of a case: a page that the case has overtaken is shown again with what was typed, beside what is new.
pub fn overtaken(error: Error) -> Result<Vec<Problem>, Fault> {
    match error {
        Error::Stale { .. } => {
            let zh = "您打开页面以后，案件有了新的进展。您填的内容还在，没有提交；请看过最新情况，改好以后再提交。".into();
            Ok(vec![Problem { field: "version".into(), zh }])
        }
        other => refused(other),
    }
}

/// The fields that were refused; anything else is a fault.
pub fn refused(error: Error) -> Result<Vec<Problem>, Fault> {
    match error {
        Error::Input(problems) => Ok(problems),
        Error::Locked(until) => Ok(vec![Problem { field: "password".into(), zh: locked(until) }]),
        other => Err(Fault::Of(other)),
    }
}

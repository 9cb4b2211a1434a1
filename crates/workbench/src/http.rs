//! Sessions, tokens, posted input, and failures as pages or JSON.
use crate::{App, shell};
use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, FromRequestParts, Multipart, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use court::staff::{Member, SignInError};
use std::collections::BTreeMap;
use ui::Mode;

/// Cookie of a session. Ports share cookies of a host: the portal's has another name.
pub const COOKIE: &str = "bench";

/// Who asks, from his session.
#[derive(Clone)]
pub struct Who {
    pub member: Member,
    /// Goes into every form.
    pub csrf: String,
    pub token: String,
    /// The token came in `Authorization`, which no other site can send.
    pub bearer: bool,
    pub mode: Mode,
    /// Data is wanted instead of a page.
    pub json: bool,
}

const NO_PAGE: &str = "没有这个页面。请核对网址，或者从“我的一天”进入。";

/// A request that failed, in the words of its reader.
#[derive(Debug, Clone)]
pub struct Fail {
    pub status: StatusCode,
    pub zh: String,
    /// The input that it is about.
    pub field: Option<String>,
    /// The version of the case, where the request knew an older one.
    pub version: Option<u64>,
    /// The session ended: where to go after signing in.
    pub sign_in: Option<String>,
    /// What was typed and not taken, to be copied from the page.
    pub kept: Vec<String>,
}

impl Fail {
    pub fn new(status: StatusCode, zh: impl Into<String>) -> Self {
        Self { status, zh: zh.into(), field: None, version: None, sign_in: None, kept: vec![] }
    }
    /// Also for what exists but must not be known to exist.
    pub fn missing() -> Self {
        Self::new(StatusCode::NOT_FOUND, procedure::Refusal::NoSuchCase.zh())
    }
    pub fn unreadable(zh: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, zh)
    }
    pub fn at(field: &str, zh: impl Into<String>) -> Self {
        Self { field: Some(field.to_owned()), ..Self::new(StatusCode::UNPROCESSABLE_ENTITY, zh) }
    }
}

impl From<court::Error> for Fail {
    fn from(error: court::Error) -> Self {
        let zh = error.zh();
        match error {
            court::Error::Refused(procedure::Refusal::NoSuchCase) => Self::missing(),
            court::Error::Refused(refusal) => Self { field: refusal.field().map(str::to_owned), ..Self::new(StatusCode::UNPROCESSABLE_ENTITY, zh) },
            court::Error::Stale { now, .. } => Self { version: Some(now), ..Self::new(StatusCode::CONFLICT, zh) },
            court::Error::SignIn(SignInError::Code | SignInError::NoCode) => Self::at("code", zh),
            court::Error::SignIn(SignInError::Locked) => Self { field: Some("code".into()), ..Self::new(StatusCode::TOO_MANY_REQUESTS, zh) },
            court::Error::SignIn(SignInError::Wrong | SignInError::Disabled) => Self::new(StatusCode::UNAUTHORIZED, zh),
            court::Error::SignIn(SignInError::Activation) => Self::at("activation", zh),
            court::Error::SignIn(SignInError::Expired) => Self { sign_in: Some("/".into()), ..Self::new(StatusCode::UNAUTHORIZED, zh) },
            court::Error::FileMissing(_) => Self::at("materials", zh),
            // Everything else is not the asker's to mend.
            error => {
                tracing::error!(%error, "a request failed");
                Self::new(StatusCode::INTERNAL_SERVER_ERROR, zh)
            }
        }
    }
}

/// Said by [`say_failures`], which knows whether a page or data is wanted.
impl IntoResponse for Fail {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// Turns failures into what the asker reads.
pub async fn say_failures(State(app): State<App>, request: Request, next: Next) -> Response {
    let json = wants_json(request.headers()) || request.uri().path().starts_with("/api/");
    let mode = mode(request.headers());
    let get = request.method() == Method::GET;
    let path = request.uri().path_and_query().map_or_else(|| "/".to_owned(), |path| path.as_str().to_owned());
    let mut response = next.run(request).await;
    let Some(fail) = response.extensions_mut().remove::<Fail>() else { return response };
    if json {
        let body = serde_json::json!({"error": fail.zh, "field": fail.field, "version": fail.version, "status": fail.status.as_u16()});
        return (fail.status, axum::Json(body)).into_response();
    }
    if fail.sign_in.is_some() && get {
        return Redirect::to(&format!("/login?next={}", escape(&path))).into_response();
    }
    (fail.status, axum::response::Html(shell::failure(&app, mode, &fail).0)).into_response()
}

/// A value in the query of an address.
pub fn escape(text: &str) -> String {
    let safe = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~' | b'/');
    text.bytes().map(|byte| if safe(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

/// Does the asker want data?
pub fn wants_json(headers: &HeaderMap) -> bool {
    headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).is_some_and(|accept| accept.starts_with("application/json"))
}

/// The value of a cookie.
pub fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let all = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    all.flat_map(|line| line.split(';'))
        .find_map(|pair| pair.trim().split_once('=').filter(|(key, _)| *key == name).map(|(_, value)| value.to_owned()))
}

/// How the reader wants pages shown.
pub fn mode(headers: &HeaderMap) -> Mode {
    Mode { elder: false, ..cookie(headers, Mode::COOKIE).map_or_else(Mode::default, |value| Mode::from_cookie(&value)) }
}

impl FromRequestParts<App> for Who {
    type Rejection = Fail;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Fail> {
        let bearer = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).and_then(|value| value.strip_prefix("Bearer "));
        let bearer = bearer.map(str::to_owned);
        let expired = || Fail::from(court::Error::SignIn(SignInError::Expired));
        let token = bearer.clone().or_else(|| cookie(&parts.headers, COOKIE)).ok_or_else(expired)?;
        let session = app.court.session(&token).await?;
        gate(&session.member, parts.uri.path())?;
        Ok(Self {
            member: session.member,
            csrf: session.csrf,
            token,
            bearer: bearer.is_some(),
            mode: mode(&parts.headers),
            json: wants_json(&parts.headers) || parts.uri.path().starts_with("/api/"),
        })
    }
}

/// System administrators see their own pages and no others; for everybody else those are not there (R-AUD-03).
fn gate(member: &Member, path: &str) -> Result<(), Fail> {
    if matches!(path, "/" | "/logout" | "/api/logout") {
        return Ok(());
    }
    let pages = path == "/admin" || path.starts_with("/admin/");
    match (member.office == procedure::Office::SystemAdministrator, pages) {
        (true, true) | (false, false) => Ok(()),
        (true, false) => Err(Fail::new(StatusCode::FORBIDDEN, "系统管理员不查看、不办理案件。请从“人员”进入。")),
        (false, true) => Err(Fail::new(StatusCode::NOT_FOUND, NO_PAGE)),
    }
}

/// A file that came with a form.
#[derive(Clone)]
pub struct Upload {
    pub field: String,
    pub name: String,
    pub bytes: Bytes,
    /// What it is; before [`crate::upload::look`] that is not known.
    pub looked: Option<court::Looked>,
    /// Under which id an earlier try of the form kept it.
    pub kept: Option<uuid::Uuid>,
}

impl Upload {
    pub fn new(field: &str, name: &str, bytes: Bytes) -> Self {
        Self { field: field.to_owned(), name: name.to_owned(), bytes, looked: None, kept: None }
    }
}

/// What was posted.
#[derive(Clone, Default)]
pub struct Input {
    values: BTreeMap<String, Vec<String>>,
    pub files: Vec<Upload>,
    /// A body of JSON, for scripts.
    pub json: serde_json::Value,
}

impl Input {
    /// The first value of an input, trimmed; empty if it was not sent.
    pub fn get(&self, name: &str) -> &str {
        self.values.get(name).and_then(|values| values.first()).map_or("", |value| value.trim())
    }
    /// A value from a form, or from a script's JSON.
    pub fn word(&self, name: &str) -> &str {
        self.json[name].as_str().unwrap_or_else(|| self.get(name))
    }
    /// Every value of an input.
    pub fn all(&self, name: &str) -> &[String] {
        self.values.get(name).map_or(&[], Vec::as_slice)
    }
    /// Was it sent at all?
    pub fn has(&self, name: &str) -> bool {
        self.values.contains_key(name)
    }
    /// Is this character in any value, or in the name of one?
    pub fn holds(&self, c: char) -> bool {
        self.values.iter().any(|(name, values)| name.contains(c) || values.iter().any(|value| value.contains(c)))
    }
    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        self.values.insert(name.to_owned(), vec![value.into()]);
    }
    pub fn push(&mut self, name: &str, value: impl Into<String>) {
        self.values.entry(name.to_owned()).or_default().push(value.into());
    }
    pub fn remove(&mut self, name: &str) {
        self.values.remove(name);
    }
    /// Inputs whose names begin so: the rest of the name, and the values.
    pub fn beginning(&self, prefix: &str) -> Vec<(String, Vec<String>)> {
        let own = self.values.iter().filter_map(|(name, values)| Some((name.strip_prefix(prefix)?.to_owned(), values.clone())));
        own.collect()
    }
    /// What a person wrote in words; codes, choices and what the page itself sent are not among it.
    fn typed(self) -> Vec<String> {
        let own = |name: &str| !matches!(name, "csrf" | "version" | "code" | "password" | "login");
        let values = self.values.into_iter().filter(|(name, _)| own(name)).flat_map(|(_, values)| values);
        values.filter(|value| !value.is_ascii()).collect()
    }
    /// The version that the page showed.
    pub fn version(&self) -> Option<u64> {
        self.get("version").parse().ok()
    }
}

impl FromIterator<(String, String)> for Input {
    fn from_iter<T: IntoIterator<Item = (String, String)>>(pairs: T) -> Self {
        let mut input = Self::default();
        pairs.into_iter().for_each(|(name, value)| input.push(&name, value));
        input
    }
}

/// Reads the body of a post, whatever its form.
pub async fn read_input(request: Request<Body>) -> Result<Input, Fail> {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("").to_owned();
    let unreadable = || Fail::unreadable("提交的内容没有传完整，请返回重试。");
    if kind.starts_with("multipart/form-data") {
        let mut parts = Multipart::from_request(request, &()).await.map_err(|_| unreadable())?;
        let mut input = Input::default();
        while let Some(part) = parts.next_field().await.map_err(|_| unreadable())? {
            let field = part.name().unwrap_or("").to_owned();
            match part.file_name().map(str::to_owned) {
                None => input.push(&field, part.text().await.map_err(|_| unreadable())?),
                Some(name) => {
                    let bytes = part.bytes().await.map_err(|_| unreadable())?;
                    if !bytes.is_empty() {
                        input.files.push(Upload::new(&field, &name, bytes));
                    }
                }
            }
        }
        return clean(input);
    }
    let too_large = |()| Fail::new(StatusCode::PAYLOAD_TOO_LARGE, "提交的内容太大了，请分几次提交，或者压缩文件后再试。");
    if kind.starts_with("application/json") {
        let bytes = Bytes::from_request(request, &()).await.map_err(|_| too_large(()))?;
        if bytes.windows(6).any(|at| at == b"\\u0000") {
            return Err(unreadable());
        }
        let json = serde_json::from_slice(&bytes).map_err(|error| Fail::unreadable(format!("JSON 读不出来：{error}")))?;
        return Ok(Input { json, ..Input::default() });
    }
    let pairs = match axum::Form::<Vec<(String, String)>>::from_request(request, &()).await {
        Ok(axum::Form(pairs)) => pairs,
        Err(rejection) if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => return Err(too_large(())),
        Err(_) => return Err(unreadable()),
    };
    clean(pairs.into_iter().collect())
}

/// A NUL is in no text that people type, and no table keeps one.
fn clean(input: Input) -> Result<Input, Fail> {
    if input.holds('\0') { Err(Fail::unreadable("提交的内容里有不能保存的字符，请返回重新填写。")) } else { Ok(input) }
}

/// The same of an address.
pub async fn without_nul(request: Request<Body>, next: axum::middleware::Next) -> Response {
    if request.uri().to_string().contains("%00") {
        return Fail::unreadable("地址里有不能识别的字符，请从页面上的链接打开。").into_response();
    }
    next.run(request).await
}

/// A change that somebody signed in asks for; session and token are checked.
pub struct Post {
    pub who: Who,
    pub input: Input,
}

impl FromRequest<App> for Post {
    type Rejection = Fail;

    async fn from_request(request: Request, app: &App) -> Result<Self, Fail> {
        let (mut parts, body) = request.into_parts();
        let who = match Who::from_request_parts(&mut parts, app).await {
            Ok(who) => who,
            Err(fail) if fail.sign_in.is_some() && own_form(&parts) => return Err(kept(fail, parts, body).await),
            Err(fail) => return Err(fail),
        };
        let by_header = parts.headers.get("x-csrf-token").is_some_and(|value| value.as_bytes() == who.csrf.as_bytes());
        let input = read_input(Request::from_parts(parts, body)).await?;
        if !who.bearer && !by_header && input.get("csrf") != who.csrf {
            return Err(Fail::new(StatusCode::FORBIDDEN, "这个页面不是从本次登录打开的，没有提交。请返回刷新页面后再提交，您填写的内容没有丢失。"));
        }
        Ok(Self { who, input })
    }
}

/// A form of words, from a page of ours, of somebody who had a session: files are not read for who is not known.
fn own_form(parts: &Parts) -> bool {
    let kind = parts.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let words = kind.starts_with("application/x-www-form-urlencoded") && !parts.uri.path().starts_with("/api/");
    words && cookie(&parts.headers, COOKIE).is_some() && crate::login::own_origin(&parts.headers)
}

/// The session ended before the form came: nothing was done, and what was typed is given back.
async fn kept(fail: Fail, parts: Parts, body: Body) -> Fail {
    let came_from = parts.headers.get(header::REFERER).and_then(|value| value.to_str().ok()).and_then(|value| value.parse::<axum::http::Uri>().ok());
    let page = came_from.and_then(|uri| uri.path_and_query().map(|path| path.as_str().to_owned())).unwrap_or_else(|| "/".into());
    let zh = "登录已经过期，刚才提交的内容没有办理。请重新登录后再提交；填写过的文字在下面，可以复制回去。".into();
    let typed = read_input(Request::from_parts(parts, body)).await.map_or_else(|_| vec![], Input::typed);
    Fail { sign_in: Some(page), kept: typed, zh, ..fail }
}

/// Styles, icons and scripts.
pub async fn asset(request: Request) -> Response {
    match ui::asset(request.uri().path()) {
        Some(asset) => ([(header::CONTENT_TYPE, asset.content_type), (header::CACHE_CONTROL, ui::IMMUTABLE)], asset.bytes).into_response(),
        None => missing().await.into_response(),
    }
}

/// No such address.
pub async fn missing() -> Fail {
    Fail::new(StatusCode::NOT_FOUND, NO_PAGE)
}

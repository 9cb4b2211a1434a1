//! What every answer passes: assets, the visitor, changes of mode, faults as pages, headers.
use super::fault::Fault;
use super::visitor::{GUEST, Visitor, set_cookie};
use crate::Portal;
use axum::extract::{Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, LOCATION, SET_COOKIE, STRICT_TRANSPORT_SECURITY};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;
use ui::Mode;

/// A year: how the reader wants pages shown is no secret and should last.
const MODE_SECONDS: i64 = 365 * 24 * 3600;

/// The layer around all routes.
pub async fn around(State(portal): State<Portal>, mut request: Request, next: Next) -> Response {
    let secure = portal.config().secure;
    let path = request.uri().path().to_owned();
    if let Some(asset) = ui::asset(&path) {
        let headers = [(CONTENT_TYPE, asset.content_type), (CACHE_CONTROL, ui::IMMUTABLE)];
        return dressed((headers, asset.bytes).into_response(), secure);
    }
    // A NUL is in no address of ours, and no table keeps one.
    if path.contains("%00") {
        return dressed((StatusCode::NOT_FOUND, "没有这个页面，请从首页进入。").into_response(), secure);
    }
    let full = request.uri().path_and_query().map_or_else(|| path.clone(), ToString::to_string);
    let v = match Visitor::of(portal, request.headers(), &path, &full).await {
        Ok(v) => v,
        Err(error) => {
            tracing::error!(%error, "the visitor could not be read");
            return dressed((StatusCode::SERVICE_UNAVAILABLE, "系统暂时不能使用，请过几分钟再试。").into_response(), secure);
        }
    };
    if let Some(mode) = changed_mode(&request, v.mode) {
        return dressed(mode_set(mode, &request, secure), secure);
    }
    if cross_site(&request) {
        return dressed(Fault::Forged.answer(&v), secure);
    }
    let read = matches!(*request.method(), Method::GET | Method::HEAD);
    request.extensions_mut().insert(v.clone());
    let mut response = next.run(request).await;
    if let Some(fault) = response.extensions_mut().remove::<Arc<Fault>>() {
        response = fault.answer(&v);
    } else if response.status() == StatusCode::PAYLOAD_TOO_LARGE && is_plain(&response) {
        response = Fault::TooLarge.answer(&v);
    } else if response.status().is_client_error() && is_plain(&response) {
        // An id in the address that is none: there is no such page.
        response = if read { Fault::Missing } else { Fault::Unreadable }.answer(&v);
    }
    if v.new_guest && v.session.is_none() {
        add_cookie(&mut response, &set_cookie(GUEST, &v.guest, None, secure));
    }
    dressed(response, secure)
}

/// An answer that a handler did not make: rejections of extractors are plain text.
fn is_plain(response: &Response) -> bool {
    response.headers().get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/plain"))
        && response.extensions().get::<Own>().is_none()
}

/// Marks plain text that a handler wrote itself.
#[derive(Clone, Copy)]
pub struct Own;

fn changed_mode(request: &Request, mode: Mode) -> Option<Mode> {
    (request.method() == Method::GET).then(|| mode.changed_by_query(request.uri().query().unwrap_or_default())).flatten()
}

/// Sets the cookie and goes to the same page without the query's wish; the rest of the query stays.
fn mode_set(mode: Mode, request: &Request, secure: bool) -> Response {
    let kept: Vec<&str> =
        request.uri().query().unwrap_or_default().split('&').filter(|pair| !pair.starts_with("mode=") && !pair.starts_with("contrast=")).collect();
    let query = if kept.is_empty() { String::new() } else { format!("?{}", kept.join("&")) };
    // Two slashes at the beginning would lead to another host.
    let to = format!("/{}{query}", request.uri().path().trim_start_matches('/'));
    let mut response = StatusCode::SEE_OTHER.into_response();
    if let Ok(value) = HeaderValue::from_str(&to) {
        response.headers_mut().insert(LOCATION, value);
    }
    add_cookie(&mut response, &set_cookie(Mode::COOKIE, mode.cookie_value(), Some(MODE_SECONDS), secure));
    response
}

/// A form that another site sends: browsers say so. The token of the form is checked besides.
fn cross_site(request: &Request) -> bool {
    let changes = !matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    changes && request.headers().get("sec-fetch-site").is_some_and(|site| site == "cross-site")
}

/// Adds a cookie to an answer.
pub fn add_cookie(response: &mut Response, cookie: &str) {
    if let Ok(value) = HeaderValue::from_str(cookie) {
        response.headers_mut().append(SET_COOKIE, value);
    }
}

/// The headers of every answer.
fn dressed(mut response: Response, secure: bool) -> Response {
    let headers = response.headers_mut();
    let fixed = |name: &'static str| HeaderName::from_static(name);
    headers.entry(CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(ui::CONTENT_SECURITY_POLICY));
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    headers.insert(fixed("x-content-type-options"), HeaderValue::from_static("nosniff"));
    headers.insert(fixed("referrer-policy"), HeaderValue::from_static("same-origin"));
    headers.insert(fixed("cross-origin-opener-policy"), HeaderValue::from_static("same-origin"));
    headers.insert(fixed("cross-origin-resource-policy"), HeaderValue::from_static("same-origin"));
    headers.insert(fixed("permissions-policy"), HeaderValue::from_static("geolocation=(), microphone=(), payment=()"));
    if secure {
        headers.insert(STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
    response
}

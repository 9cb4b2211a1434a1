//! 办案平台: pages and API of the court zone for its staff. It shows what `court` knows and hands in what people decide;
//! it holds no rule of law and no SQL.
//!
//! Way of the data: a session ([`http::Who`]) reads through `court::desk`; a form or a JSON command goes through
//! [`act::carry_out`] into `Court::act`, the one door. Answers are pages, or JSON for `Accept: application/json`.
//!
//! Architecture Invariant: every route that changes something takes [`http::Post`], which has checked session and token.
mod act;
mod activate;
mod admin;
mod archive;
mod case;
mod clock;
mod counter;
mod day;
mod diff;
mod draft;
mod hearings;
mod http;
mod identity;
mod login;
pub mod matrix;
mod packet;
mod payment;
mod phone;
mod preview;
mod record;
mod review;
mod review_form;
mod sandbox;
mod shell;
mod step;
mod step_form;
mod step_rows;
mod tasks;
mod upload;
mod words;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderValue, header};
use axum::routing::{get, post};
use std::sync::Arc;
use tower_http::compression::CompressionLayer;
use tower_http::set_header::SetResponseHeaderLayer;

/// How the pages are served.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Served over TLS: cookies are for TLS alone, and browsers are told to stay with it.
    pub secure: bool,
}

/// What every handler gets.
#[derive(Clone)]
pub(crate) struct App {
    pub court: court::Court,
    pub options: Arc<Options>,
}

/// Largest body of a form without files, in bytes.
const FORM_BYTES: usize = 1024 * 1024;
/// Largest body of a filing entered at the counter.
const FILES_BYTES: usize = 64 * 1024 * 1024;

/// The workbench of a court zone.
pub fn router(court: court::Court, options: Options) -> Router {
    let secure = options.secure;
    let app = App { court, options: Arc::new(options) };
    let header = |name, value: &'static str| SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value));
    let router = Router::new()
        .merge(pages())
        .merge(api())
        .fallback(http::missing)
        .layer(axum::middleware::from_fn(http::without_nul))
        .layer(axum::middleware::from_fn_with_state(app.clone(), http::say_failures))
        .layer(header(header::CONTENT_SECURITY_POLICY, ui::CONTENT_SECURITY_POLICY))
        .layer(header(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(header(header::REFERRER_POLICY, "same-origin"))
        .layer(header(header::CACHE_CONTROL, "no-store"))
        .layer(CompressionLayer::new());
    let router = if secure { router.layer(header(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000")) } else { router };
    router.with_state(app)
}

fn pages() -> Router<App> {
    Router::new()
        .route("/login", get(login::page).post(login::sign_in))
        .route("/logout", get(login::leave).post(login::sign_out))
        .route("/activate", get(activate::page).post(activate::submit))
        .route("/sandbox/codes", get(login::codes))
        .route("/sandbox/phone", get(sandbox::phone))
        .route("/", get(day::page))
        .route("/admin", get(admin::page))
        .route("/admin/new", get(admin::enter_page).post(admin::enter))
        .route("/admin/staff/{person}", get(admin::member))
        .route("/admin/staff/{person}/lock", post(admin::lock))
        .route("/admin/staff/{person}/reset", post(admin::reset))
        .route("/admin/record", get(admin::record))
        .route("/admin/settings", get(admin::settings))
        .route("/admin/messages", get(admin::messages))
        .route("/admin/messages/test", post(admin::test))
        .route("/admin/messages/again", post(admin::again))
        .route("/review", get(review::queue))
        .route("/review/{case}", get(review::page))
        .route("/review/{case}/accept", post(review::accept))
        .route("/review/{case}/return", post(review::send_back))
        .route("/tasks", get(tasks::page))
        .route("/tasks/done", post(tasks::done))
        .route("/tasks/retry", post(tasks::retry))
        .route("/cases", get(case::list))
        .route("/search", get(case::search))
        .route("/case/{case}", get(case::page))
        .route("/case/{case}/reads", get(case::reads))
        .route("/case/{case}/item/{number}", get(case::item))
        .route("/case/{case}/paper/{paper}", get(case::paper))
        .route("/case/{case}/paper/{paper}/receipt", get(case::receipt))
        .route("/case/{case}/proof/{proof}", get(case::proof))
        .route("/case/{case}/proof/{proof}/receipt", get(case::proof_receipt))
        .route("/case/{case}/packet/{person}", get(packet::page).post(packet::submit))
        .route("/case/{case}/step/{name}", get(step::page).post(step::submit).layer(DefaultBodyLimit::max(FILES_BYTES)))
        .route("/case/{case}/step/{name}/preview", get(step::preview).post(step::preview_written))
        .route("/case/{case}/draft", get(draft::page).post(draft::save))
        .route("/case/{case}/draft/sign", post(draft::sign))
        .route("/case/{case}/draft/pdf", get(draft::pdf))
        .route("/case/{case}/draft/page/{number}", get(preview::picture))
        .route("/case/{case}/archive", get(archive::page).post(archive::submit))
        .route("/case/{case}/archive/package", get(archive::package))
        .route("/case/{case}/archive/receipt", get(archive::receipt))
        .route("/case/{case}/record", get(record::page).post(record::save))
        .route("/case/{case}/record/close", post(record::close))
        .route("/hearings", get(hearings::page))
        .route("/counter", get(counter::page))
        .route("/counter/filing", get(counter::filing).post(counter::submit).layer(DefaultBodyLimit::max(FILES_BYTES)))
        .route("/counter/identity", get(identity::page).post(identity::submit))
        .route("/payment/{id}", get(payment::page).post(payment::submit))
        .route("/clock", get(clock::page).post(clock::advance))
        .route("/m", get(phone::page))
        .route("/assets/{name}", get(http::asset))
        .layer(DefaultBodyLimit::max(FORM_BYTES))
}

fn api() -> Router<App> {
    Router::new()
        .route("/api/login", post(login::api))
        .route("/api/logout", post(login::sign_out))
        .route("/api/tasks", get(tasks::page))
        .route("/api/queue", get(review::queue))
        .route("/api/cases", get(case::list))
        .route("/api/search", get(case::search))
        .route("/api/case/{case}", get(case::page))
        .route("/api/case/{case}/review", get(review::page))
        .route("/api/case/{case}/act", post(act::api))
        .route("/api/case/{case}/draft", get(draft::page))
        .route("/api/case/{case}/archive", get(archive::page).post(archive::submit))
        .route("/api/hearings", get(hearings::page))
        .route("/api/counter/filing", post(counter::api).layer(DefaultBodyLimit::max(FILES_BYTES)))
        .route("/api/counter/identity", get(identity::page).post(identity::submit))
        .route("/api/payment/{id}", get(payment::page).post(payment::submit))
        .route("/api/clock", get(clock::page).post(clock::advance))
        .layer(DefaultBodyLimit::max(FORM_BYTES))
}

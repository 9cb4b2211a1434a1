//! Pages and API of 在线服务: a handler parses, calls a use case, and draws. No rule and no SQL stands here; the table of
//! routes with their fields is in README.md.
mod account;
mod act;
mod agent;
mod around;
mod case;
mod draw;
mod evidence;
mod fault;
mod form;
mod generic;
mod home;
mod interview;
mod kept;
mod matter;
mod page;
mod papers;
mod photo;
mod question;
mod receipt;
mod review;
mod sandbox;
mod trial;
mod verify;
mod visitor;

use crate::Portal;
use axum::extract::DefaultBodyLimit;
use axum::response::IntoResponse;
use axum::routing::{get, post};
use axum::{Json, Router, middleware};
use fault::Fault;
use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;

/// A form without files, in bytes: sixty repayments and the longest account fit.
const FORM_BYTES: usize = 512 << 10;
/// One piece of an upload.
const PIECE_BYTES: usize = 2 << 20;
/// What a form carries besides its files.
const FORM_MARGIN: usize = 1 << 20;
/// Files of one form: the limit of a draft.
const FORM_FILES: usize = 50 << 20;

/// Every route.
pub fn router(portal: Portal) -> Router {
    let files = FORM_FILES + FORM_MARGIN;
    let sandboxes = if portal.is_demo() { sandboxes() } else { Router::new() };
    Router::new()
        .merge(sandboxes)
        .merge(accounts())
        .merge(filing(files))
        .merge(cases())
        .merge(trials(files))
        .route("/verify", get(verify::verify).post(verify::verify_post).layer(DefaultBodyLimit::max(files)))
        .route("/trust.keys", get(verify::trust))
        .route("/api/csrf", get(csrf))
        .fallback(|| async { Fault::Missing.into_response() })
        .method_not_allowed_fallback(|| async { Fault::Method.into_response() })
        .layer(DefaultBodyLimit::max(FORM_BYTES))
        .layer(middleware::from_fn_with_state(portal, around::around))
        // Pages are small and made for each request: what the fastest level leaves is less than what the best would cost.
        .layer(CompressionLayer::new().quality(CompressionLevel::Fastest))
}

/// Pages that stand for somebody outside; they are not there at all outside of a demo.
fn sandboxes() -> Router {
    Router::new().route("/sandbox/phone", get(sandbox::phone)).route("/sandbox/pay/{id}", get(sandbox::pay).post(sandbox::pay_post))
}

fn accounts() -> Router {
    Router::new()
        .route("/", get(home::home))
        .route("/guide/{page}", get(home::guide))
        .route("/login", get(account::login).post(account::login_post))
        .route("/login/code", post(account::login_code))
        .route("/register", get(account::register).post(account::register_post))
        .route("/register/code", post(account::register_code))
        .route("/reset", get(account::reset).post(account::reset_post))
        .route("/reset/code", post(account::reset_code))
        .route("/logout", post(account::logout))
        .route("/account", get(account::account).post(account::account_post))
        .route("/account/face", post(account::face_post))
        .route("/account/email", post(account::email_post))
        .route("/account/email/code", post(account::email_code))
        .route("/reads", get(account::reads))
}

fn filing(files: usize) -> Router {
    Router::new()
        .route("/file", get(interview::begin).post(interview::begin_post))
        .route("/file/photo", get(photo::start).post(photo::start_post).layer(DefaultBodyLimit::max(files)))
        .route("/file/{draft}/photo", get(photo::photo).post(photo::photo_post))
        .route("/file/{draft}/photo/{file}/{page}", get(photo::photo_page))
        .route("/drafts", get(interview::drafts))
        .route("/file/{draft}", get(interview::resume))
        .route("/file/{draft}/discard", post(interview::discard))
        .route("/file/{draft}/submit", post(review::submit))
        .route("/file/{draft}/files", post(evidence::files_post).layer(DefaultBodyLimit::max(files)))
        .route("/file/{draft}/files/{file}", get(evidence::file).post(evidence::file_post))
        .route("/file/{draft}/{page}", get(interview::ask).post(interview::answer).layer(DefaultBodyLimit::max(files)))
        .route("/file/{draft}/{page}/save", post(interview::keep))
        .route("/uploads", post(evidence::begin_pieces))
        .route("/uploads/{id}", get(evidence::pieces).put(evidence::put_piece).layer(DefaultBodyLimit::max(PIECE_BYTES)))
        .route("/receipt/{no}", get(receipt::receipt))
        .route("/receipt/{no}/file", get(receipt::download_receipt))
        .route("/receipt/{no}/again", post(receipt::again_post))
        .route("/api/submission/{id}", get(receipt::submission))
}

fn cases() -> Router {
    Router::new()
        .route("/cases", get(home::cases))
        .route("/case/{id}", get(case::case))
        .route("/case/{id}/file/{n}", get(case::item))
        .route("/case/{id}/draw", get(draw::draw))
        .route("/case/{id}/draw/record", get(draw::record))
        .route("/case/{id}/{page}/save", post(kept::save))
        .route("/case/{id}/choices", get(act::choices).post(act::choices_post))
        .route("/case/{id}/fee", get(act::fee).post(act::fee_post))
        .route("/case/{id}/relief", get(act::relief).post(act::relief_post))
        .route("/case/{id}/insist", get(act::insist).post(act::insist_post))
        .route("/case/{id}/correction", get(act::correction))
        .route("/case/{id}/correct", post(act::correction_post))
        .route("/join", get(act::join).post(act::join_post))
        .route("/papers", get(papers::papers))
        .route("/paper/{id}", get(papers::paper))
        .route("/paper/{id}/copy", get(act::copy).post(act::copy_post))
        .route("/paper/{id}/file", get(papers::paper_file))
        .route("/paper/{id}/receipt", get(papers::paper_receipt))
        .route("/api/cases", get(case::api_cases))
        .route("/api/case/{id}", get(case::api_case))
        .route("/api/papers", get(papers::api_papers))
}

fn trials(files: usize) -> Router {
    Router::new()
        .route("/case/{id}/answer", get(trial::answer).post(trial::answer_post).layer(DefaultBodyLimit::max(files)))
        .route("/case/{id}/evidence", get(trial::evidence).post(trial::evidence_post).layer(DefaultBodyLimit::max(files)))
        .route("/case/{id}/opinions", get(trial::opinions).post(trial::opinions_post))
        .route("/case/{id}/record", get(trial::record).post(trial::record_post))
        .route("/case/{id}/appeal", get(trial::appeal).post(trial::appeal_post).layer(DefaultBodyLimit::max(files)))
        .route("/case/{id}/agents", get(agent::agents).post(agent::agents_post).layer(DefaultBodyLimit::max(files)))
        .route("/case/{id}/agents/revoke", post(agent::revoke_post))
        .route("/case/{id}/certificate", post(trial::certificate_post))
        .route("/case/{id}/do/{step}", get(matter::page).post(matter::submit).layer(DefaultBodyLimit::max(files)))
        .route("/case/{id}/do/{step}/save", post(kept::save_matter))
}

/// The token that scripts send with their forms, in the field `csrf` or the header `x-csrf-token`.
async fn csrf(v: visitor::Visitor) -> Json<serde_json::Value> {
    Json(serde_json::json!({ "csrf": v.csrf(), "signed_in": v.account.is_some() }))
}

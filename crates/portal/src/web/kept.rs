//! 没提交的内容: a form of a step with what was typed into it before, kept here and on the device while one goes on typing.
use super::fault::Fault;
use super::form::{Mine, Typed};
use super::page::local;
use super::receipt::submitted;
use super::visitor::Visitor;
use crate::store::cases::Submission;
use crate::{Account, Portal};
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use maud::Markup;
use procedure::CaseId;
use ui::form::{Draft, Form};
use uuid::Uuid;

/// Pages of a case on which something is typed.
const PAGES: [&str; 8] = ["answer", "evidence", "opinions", "record", "appeal", "relief", "choices", "insist"];
/// Names that the pages add to what was typed; a signature is given anew.
const OWN: [&str; 6] = ["key", "version", "hearing", "sign", "sign_code", "go"];
/// The page on which a case is joined.
const JOIN: &str = "/join";

/// The page under this address, if what is typed there is kept.
fn page_of(path: &str) -> Option<&str> {
    let path = path.split('?').next().unwrap_or(path);
    let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
    match parts.as_slice() {
        ["case", id, page] => (Uuid::parse_str(id).is_ok() && PAGES.contains(page)).then_some(path),
        ["case", id, "do", step] => (Uuid::parse_str(id).is_ok() && procedure::matter::of_step(step).is_some()).then_some(path),
        _ => (path == JOIN).then_some(path),
    }
}

/// A form as one person fills it in.
pub struct Sheet {
    pub typed: Typed,
    path: String,
    key: String,
}

impl Sheet {
    /// The form of the page that is looked at, with what was typed there before.
    pub async fn open(v: &Visitor, account: &Account) -> Result<Self, Fault> {
        let path = local(v.path.split('?').next().unwrap_or_default()).to_owned();
        let typed = Typed(v.portal.kept_form(account, &path).await?);
        Self::at(v, account, path, typed).await
    }

    /// The form that was just posted and refused.
    pub async fn refused(v: &Visitor, account: &Account, typed: Typed) -> Result<Self, Fault> {
        Self::at(v, account, local(&v.path).to_owned(), typed).await
    }

    async fn at(v: &Visitor, account: &Account, path: String, typed: Typed) -> Result<Self, Fault> {
        // Once something was handed in, the copy on the device belongs to the past.
        let case = path.split('/').nth(2).and_then(CaseId::parse);
        let before = match case {
            Some(case) => v.portal.submissions(account, case).await?.len(),
            None => 0,
        };
        let key = format!("{}{path}/{before}", account.id);
        Ok(Self { typed, path, key })
    }

    /// Was anything typed before?
    pub fn is_empty(&self) -> bool {
        self.typed.0.is_empty()
    }

    /// The form around its fields.
    pub fn form(&self, v: &Visitor, files: bool, content: &Markup) -> Markup {
        let save = format!("{}/save", self.path);
        // A page that belongs to no case keeps its text on the device alone.
        let draft = Draft { key: &self.key, save: (self.path != JOIN).then_some(save.as_str()) };
        ui::form::form(&Form { action: Some(&self.path), csrf: &v.csrf(), files, draft: Some(draft), ..Form::default() }, content)
    }
}

/// What was kept for a page goes when it is handed in.
pub async fn handed_in(v: &Visitor, account: &Account, submission: &Submission) -> Result<Response, Fault> {
    v.portal.drop_kept(account, local(&v.path)).await?;
    Ok(submitted(v, submission))
}

/// What is signed with a code may still be refused for it: the text stays until the court has taken it.
pub async fn signed(v: &Visitor, account: &Account, typed: &Typed, submission: &Submission) -> Result<Response, Fault> {
    v.portal.keep_form(account, local(&v.path), &typed.without(&OWN)).await?;
    Ok(submitted(v, submission))
}

/// POST /case/{id}/{page}/save: keeps half-typed text; 204.
pub async fn save(Path((id, page)): Path<(Uuid, String)>, mine: Mine) -> Result<Response, Fault> {
    keep(id, &format!("/case/{id}/{page}"), mine).await
}

/// The same for the page of a matter.
pub async fn save_matter(Path((id, step)): Path<(Uuid, String)>, mine: Mine) -> Result<Response, Fault> {
    keep(id, &format!("/case/{id}/do/{step}"), mine).await
}

async fn keep(id: Uuid, path: &str, Mine { v, account, typed }: Mine) -> Result<Response, Fault> {
    let page = page_of(path).ok_or(Fault::Missing)?;
    // Only in a case of his own.
    v.portal.view(&account, CaseId(id)).await?;
    v.portal.keep_form(&account, page, &typed.without(&OWN)).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// What was typed before a session ended, after signing in.
pub async fn after_sign_in(portal: &Portal, account: &Account, path: &str, typed: &Typed) -> Result<bool, crate::Error> {
    let Some(page) = page_of(path) else { return Ok(false) };
    portal.keep_form(account, page, &typed.without(&OWN)).await?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::page_of;

    #[test]
    fn only_pages_with_fields_keep_text() {
        let id = "01900000-0000-7000-8000-000000000000";
        for page in ["answer", "evidence", "opinions", "record", "appeal", "relief", "choices"] {
            let path = format!("/case/{id}/{page}");
            assert_eq!(page_of(&path), Some(path.as_str()));
        }
        assert_eq!(page_of("/join?code=ABC"), Some("/join"));
        for path in [format!("/case/{id}"), format!("/case/{id}/fee"), "/case/1/answer".into(), "/account".into(), format!("/case/{id}/answer/save")]
        {
            assert_eq!(page_of(&path), None, "{path}");
        }
    }
}

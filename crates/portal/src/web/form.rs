//! Posted forms: read, bounded, and tied to the browser by their token before anything else happens.
use super::fault::Fault;
use super::visitor::{Me, Visitor};
use crate::Account;
use axum::extract::{FromRequest, FromRequestParts, Multipart, Request};
use axum::http::StatusCode;

/// Fields of one form: more is no form of ours.
const MOST_FIELDS: usize = 2000;

/// Typed pairs in the order of the form, without the token.
#[derive(Debug, Default, Clone)]
pub struct Typed(pub Vec<(String, String)>);

impl Typed {
    /// The first value of a field, trimmed; empty if it was not sent.
    pub fn value(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.trim())
    }

    /// Was the field sent at all?
    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(known, _)| known == name)
    }

    /// Every value of a field.
    pub fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.trim())
    }

    /// What was typed, without the fields that the page itself adds.
    pub fn without(&self, names: &[&str]) -> Vec<(String, String)> {
        self.0.iter().filter(|(name, _)| !names.contains(&name.as_str())).cloned().collect()
    }

    /// The number in a hidden field.
    pub fn number(&self, name: &str) -> Option<u64> {
        self.value(name).parse().ok()
    }
}

/// A form posted by anybody.
pub struct Posted {
    pub v: Visitor,
    pub typed: Typed,
}

/// A form posted by a person signed in.
pub struct Mine {
    pub v: Visitor,
    pub account: Account,
    pub typed: Typed,
}

async fn pairs(request: Request) -> Result<Vec<(String, String)>, Fault> {
    let form = axum::Form::<Vec<(String, String)>>::from_request(request, &()).await;
    let pairs = form.map_err(|rejection| match rejection.into_response_status() {
        StatusCode::PAYLOAD_TOO_LARGE => Fault::TooLarge,
        _ => Fault::Unreadable,
    })?;
    // A NUL is in no text that people type, and no table keeps one.
    if pairs.0.len() > MOST_FIELDS || pairs.0.iter().any(|(name, value)| name.contains('\0') || value.contains('\0')) {
        return Err(Fault::Unreadable);
    }
    Ok(pairs.0)
}

/// The status that a rejection answers with.
trait RejectionStatus {
    fn into_response_status(self) -> StatusCode;
}

impl RejectionStatus for axum::extract::rejection::FormRejection {
    fn into_response_status(self) -> StatusCode {
        self.status()
    }
}

fn without_token(pairs: Vec<(String, String)>) -> Vec<(String, String)> {
    pairs.into_iter().filter(|(name, _)| name != "csrf").collect()
}

fn taken(v: &Visitor, mut pairs: Vec<(String, String)>) -> Result<Typed, Fault> {
    let token = pairs.iter().find(|(name, _)| name == "csrf").map(|(_, token)| token.clone());
    match token {
        Some(token) => v.check(&token)?,
        None => v.check_header()?,
    }
    pairs.retain(|(name, _)| name != "csrf");
    Ok(Typed(pairs))
}

impl<S: Send + Sync> FromRequest<S> for Posted {
    type Rejection = Fault;

    async fn from_request(request: Request, state: &S) -> Result<Self, Fault> {
        let (mut parts, body) = request.into_parts();
        let v = Visitor::from_request_parts(&mut parts, state).await?;
        let typed = taken(&v, pairs(Request::from_parts(parts, body)).await?)?;
        Ok(Self { v, typed })
    }
}

impl<S: Send + Sync> FromRequest<S> for Mine {
    type Rejection = Fault;

    async fn from_request(request: Request, state: &S) -> Result<Self, Fault> {
        let (mut parts, body) = request.into_parts();
        let v = Visitor::from_request_parts(&mut parts, state).await?;
        let pairs = pairs(Request::from_parts(parts, body)).await?;
        // A session that ended while one typed: sign in, and what was typed comes along.
        let Some(account) = v.account.clone() else {
            return Err(Fault::SignIn { typed: without_token(pairs) });
        };
        let typed = taken(&v, pairs)?;
        Ok(Self { v, account, typed })
    }
}

/// A file as it came with a form.
pub struct Sent {
    pub field: String,
    pub name: String,
    pub bytes: Vec<u8>,
}

/// A form with files, posted by anybody.
pub struct WithFiles {
    pub v: Visitor,
    pub files: Vec<Sent>,
}

/// A form with files, posted by a person signed in.
pub struct MineWithFiles {
    pub v: Visitor,
    pub account: Account,
    pub typed: Typed,
    pub files: Vec<Sent>,
}

/// Fields and files as they came, and whether their token ties them to this browser.
struct Parts {
    v: Visitor,
    typed: Typed,
    files: Vec<Sent>,
    tied: bool,
}

impl<S: Send + Sync> FromRequest<S> for WithFiles {
    type Rejection = Fault;

    async fn from_request(request: Request, state: &S) -> Result<Self, Fault> {
        let parts = Parts::read(request, state).await?;
        if parts.tied { Ok(Self { v: parts.v, files: parts.files }) } else { Err(Fault::Forged) }
    }
}

impl<S: Send + Sync> FromRequest<S> for MineWithFiles {
    type Rejection = Fault;

    async fn from_request(request: Request, state: &S) -> Result<Self, Fault> {
        let Parts { v, typed, files, tied } = Parts::read(request, state).await?;
        match v.account.clone() {
            // A session that ended while one typed: sign in, and what was typed comes along.
            None => Err(Fault::SignIn { typed: typed.0 }),
            Some(_) if !tied => Err(Fault::Forged),
            Some(account) => Ok(Self { v, account, typed, files }),
        }
    }
}

impl Parts {
    async fn read<S: Send + Sync>(request: Request, state: &S) -> Result<Self, Fault> {
        let kind = request.headers().get("content-type").and_then(|value| value.to_str().ok()).unwrap_or_default();
        let multipart = kind.starts_with("multipart/");
        let (mut parts, body) = request.into_parts();
        let v = Visitor::from_request_parts(&mut parts, state).await?;
        let request = Request::from_parts(parts, body);
        if !multipart {
            let pairs = pairs(request).await?;
            let tied = taken(&v, pairs.clone()).is_ok();
            return Ok(Self { v, typed: Typed(without_token(pairs)), files: vec![], tied });
        }
        let tied = v.check_header().is_ok();
        let form = Multipart::from_request(request, state).await.map_err(|_| Fault::Unreadable)?;
        Self { v, typed: Typed::default(), files: vec![], tied }.fill(form).await
    }

    async fn fill(mut self, mut form: Multipart) -> Result<Self, Fault> {
        while let Some(mut part) = form.next_field().await.map_err(|error| broken(error.status()))? {
            let field = part.name().unwrap_or_default().to_owned();
            match part.file_name().map(str::to_owned) {
                // The token stands first in our forms: bytes of others are not even kept in memory.
                Some(_) if !self.tied => while part.chunk().await.map_err(|error| broken(error.status()))?.is_some() {},
                Some(name) => {
                    let bytes = part.bytes().await.map_err(|error| broken(error.status()))?;
                    // A file field that was left empty.
                    if !(name.is_empty() && bytes.is_empty()) {
                        self.files.push(Sent { field, name, bytes: bytes.to_vec() });
                    }
                }
                None => {
                    let text = part.text().await.map_err(|error| broken(error.status()))?;
                    if field == "csrf" {
                        self.tied |= self.v.check(&text).is_ok();
                    } else {
                        self.typed.0.push((field, text));
                    }
                }
            }
            if self.typed.0.len() + self.files.len() > MOST_FIELDS || self.typed.0.iter().any(|(_, value)| value.contains('\0')) {
                return Err(Fault::Unreadable);
            }
        }
        Ok(self)
    }
}

fn broken(status: StatusCode) -> Fault {
    if status == StatusCode::PAYLOAD_TOO_LARGE { Fault::TooLarge } else { Fault::Unreadable }
}

/// `a=1&b=2` with percent signs, as browsers write it.
fn read(bytes: &[u8]) -> Vec<(String, String)> {
    let text = String::from_utf8_lossy(bytes);
    let pairs = text.split('&').filter(|pair| !pair.is_empty());
    pairs.map(|pair| pair.split_once('=').unwrap_or((pair, ""))).map(|(name, value)| (decoded(name), decoded(value))).collect()
}

fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let (mut out, mut at) = (vec![], 0);
    while let Some(byte) = bytes.get(at) {
        let pair = bytes.get(at + 1..at + 3).and_then(|pair| std::str::from_utf8(pair).ok()).and_then(|pair| u8::from_str_radix(pair, 16).ok());
        match (byte, pair) {
            (b'%', Some(value)) => {
                out.push(value);
                at += 2;
            }
            (b'+', _) => out.push(b' '),
            (other, _) => out.push(*other),
        }
        at += 1;
    }
    String::from_utf8_lossy(&out).replace('\0', "")
}

/// What a signed-in person asked with a GET.
pub struct Asked {
    pub me: Me,
    pub query: Typed,
}

impl<S: Send + Sync> FromRequestParts<S> for Asked {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut axum::http::request::Parts, state: &S) -> Result<Self, Fault> {
        let query = Typed(read(parts.uri.query().unwrap_or_default().as_bytes()));
        Ok(Self { me: Me::from_request_parts(parts, state).await?, query })
    }
}

/// What anybody asked with a GET.
pub struct Query {
    pub v: Visitor,
    pub query: Typed,
}

impl<S: Send + Sync> FromRequestParts<S> for Query {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut axum::http::request::Parts, state: &S) -> Result<Self, Fault> {
        let query = Typed(read(parts.uri.query().unwrap_or_default().as_bytes()));
        Ok(Self { v: Visitor::from_request_parts(parts, state).await?, query })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_read_as_browsers_write_them() {
        let pairs = read("next=%2Ffile&q=%E5%80%9F%E9%92%B1+%E4%B8%8D%E8%BF%98&flag&bad=%zz".as_bytes());
        let expected = [("next", "/file"), ("q", "借钱 不还"), ("flag", ""), ("bad", "%zz")];
        assert_eq!(pairs, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    }
}

//! Who asks: cookies, session, how he wants pages shown, and the token that ties a form to his browser.
use super::fault::Fault;
use crate::{Account, Portal, sealed};
use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::header::{ACCEPT, COOKIE, USER_AGENT};
use axum::http::request::Parts;
use std::sync::Arc;
use storage::secret;
use ui::Mode;

/// Cookie of the session. Over TLS it has the prefix that browsers give to this very host alone.
pub const SESSION: &str = "session";
/// Cookie of a browser without a session: forms before signing in are tied to it.
pub const GUEST: &str = "guest";

/// What is known of a request before its handler runs.
pub struct Known {
    pub portal: Portal,
    pub account: Option<Account>,
    /// Value of the session's cookie, if the session still runs.
    pub session: Option<String>,
    /// The cookie named a session that has ended.
    pub ended: bool,
    /// Value of the guest's cookie.
    pub guest: String,
    /// It was made for this answer and must be set.
    pub new_guest: bool,
    pub mode: Mode,
    /// Device and address, for the record of acts (R-IDC-02).
    pub device: String,
    /// Path and query, for the way back after signing in.
    pub path: String,
    /// The answer is wanted as JSON.
    pub json: bool,
    token_header: Option<String>,
}

/// A request's visitor; cheap to clone.
#[derive(Clone)]
pub struct Visitor(Arc<Known>);

impl std::ops::Deref for Visitor {
    type Target = Known;
    fn deref(&self) -> &Known {
        &self.0
    }
}

impl Visitor {
    /// Reads cookies and finds the session.
    pub async fn of(portal: Portal, headers: &HeaderMap, path: &str, full: &str) -> Result<Self, crate::Error> {
        let token = cookie(headers, session_cookie(portal.config().secure));
        let account = match &token {
            Some(token) if token.len() <= 128 => portal.session(token).await?,
            Some(_) | None => None,
        };
        let guest = cookie(headers, GUEST).filter(|value| value.len() == 64 && value.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let accepts = headers.get(ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let text = |name| headers.get(name).and_then(|value: &axum::http::HeaderValue| value.to_str().ok()).unwrap_or_default();
        Ok(Self(Arc::new(Known {
            ended: token.is_some() && account.is_none(),
            session: token.filter(|_| account.is_some()),
            account,
            new_guest: guest.is_none(),
            guest: guest.unwrap_or_else(|| hex::encode(secret::random::<32>())),
            mode: cookie(headers, Mode::COOKIE).map(|value| Mode::from_cookie(&value)).unwrap_or_default(),
            device: text(USER_AGENT).chars().filter(|c| !c.is_control()).take(200).collect(),
            path: full.to_owned(),
            json: path.starts_with("/api/") || (accepts.contains("application/json") && !accepts.contains("text/html")),
            token_header: headers.get("x-csrf-token").and_then(|value| value.to_str().ok()).map(str::to_owned),
            portal,
        })))
    }

    /// The token of this browser's forms, masked anew for each page so that its compressed length tells nothing.
    pub fn csrf(&self) -> String {
        let mask = secret::random::<16>();
        let masked: Vec<u8> = mask.iter().zip(self.token()).map(|(mask, byte)| mask ^ byte).collect();
        hex::encode([mask.as_slice(), &masked].concat())
    }

    /// Does a posted token belong to this browser?
    pub fn check(&self, posted: &str) -> Result<(), Fault> {
        let bytes = hex::decode(posted).unwrap_or_default();
        let (Some(mask), Some(masked)) = (bytes.get(..16), bytes.get(16..32)) else { return Err(Fault::Forged) };
        // Every byte is compared, so that time does not tell where it differs.
        let differs = mask.iter().zip(masked).zip(self.token()).fold(0, |all, ((mask, masked), own)| all | (mask ^ masked ^ own));
        if differs == 0 && bytes.len() == 32 { Ok(()) } else { Err(Fault::Forged) }
    }

    /// The same for requests of scripts, which carry it in a header.
    pub fn check_header(&self) -> Result<(), Fault> {
        self.check(self.token_header.as_deref().unwrap_or_default())
    }

    fn token(&self) -> [u8; 16] {
        let seed = self.session.as_deref().unwrap_or(&self.guest);
        let digest = hex::decode(sealed::digest(&self.portal.config().key, "csrf", seed)).unwrap_or_default();
        std::array::from_fn(|at| digest.get(at).copied().unwrap_or_default())
    }

    /// The session as drafts note it: enough to tell two devices apart.
    pub fn writer(&self) -> String {
        self.session.as_deref().map(|token| secret::token_digest(token).chars().take(16).collect()).unwrap_or_default()
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Visitor {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Fault> {
        parts.extensions.get::<Self>().cloned().ok_or(Fault::Of(crate::Error::Corrupt("a request without its visitor")))
    }
}

/// A person signed in.
pub struct Me {
    pub v: Visitor,
    pub account: Account,
}

impl<S: Send + Sync> FromRequestParts<S> for Me {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Fault> {
        let v = Visitor::from_request_parts(parts, state).await?;
        match v.account.clone() {
            Some(account) => Ok(Self { v, account }),
            // A page comes back after signing in; of a form, its extractor keeps what was typed.
            None => Err(Fault::SignIn { typed: vec![] }),
        }
    }
}

/// Name of the session's cookie.
pub fn session_cookie(secure: bool) -> &'static str {
    if secure { "__Host-session" } else { SESSION }
}

/// The value of a cookie.
pub fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let all = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    all.flat_map(|value| value.split(';')).find_map(|pair| {
        let (known, value) = pair.trim().split_once('=')?;
        (known == name).then(|| value.to_owned())
    })
}

/// A `Set-Cookie` that scripts cannot read and other sites cannot send with a form.
pub fn set_cookie(name: &str, value: &str, seconds: Option<i64>, secure: bool) -> String {
    let age = seconds.map(|seconds| format!("; Max-Age={seconds}")).unwrap_or_default();
    let tls = if secure { "; Secure" } else { "" };
    format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{age}{tls}")
}

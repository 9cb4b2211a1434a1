//! 身份认证: who confirms that a person is whom he says (R-IDC-01). The zones keep what came of it; here it is asked.
//!
//! A check has an id; asked again under the same id it is the same check in its present state. That is also how it goes on after
//! the face step (人脸识别), which is done on the authority's own page and never stored here (R-IDC-06).
use crate::Error;
use crate::provider::Endpoint;
use procedure::identity;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, PoisonError};
use uuid::Uuid;

/// What a person says of himself.
#[derive(Clone)]
pub struct Claim {
    /// The same whenever the same check is asked.
    pub id: Uuid,
    pub name: String,
    /// Resident identity number.
    pub number: String,
    /// Consented to the face step. Who does not goes to a counter and loses nothing.
    pub face: bool,
}

impl fmt::Debug for Claim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Claim").field("id", &self.id).field("face", &self.face).field("rest", &"***").finish()
    }
}

/// How a check stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Name, number and person belong together.
    Confirmed {
        /// The authority's number of the check.
        reference: String,
    },
    /// The person does the face step at this address, then it is asked again.
    Face { url: String },
    /// Not confirmed.
    Refused(Refused),
    /// A clerk sees the person and the card (窗口核验).
    AtCounter,
}

/// Why a person was not confirmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// Not a name.
    Name,
    /// The number is none; its check digit, date or length does not hold.
    Number(identity::Error),
    /// The number is another person's.
    Mismatch,
    /// The authority has no such number.
    Unknown,
    /// The face was not that of the card.
    Face,
}

impl Refused {
    /// The field of the form that it stands beside.
    pub fn field(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Number(_) | Self::Mismatch | Self::Unknown => "number",
            Self::Face => "face",
        }
    }

    /// What is wrong and what to do.
    pub fn zh(self) -> String {
        match self {
            Self::Name => "请填写身份证上的姓名。".into(),
            Self::Number(error) => error.to_string(),
            Self::Mismatch => "姓名与身份证号不一致，请对照身份证核对后重新填写；近期改过姓名的，请到法院窗口核验。".into(),
            Self::Unknown => "没有查到这个身份证号，请核对后重新填写；号码无误的，请到法院窗口核验。".into(),
            Self::Face => "人脸识别没有通过，请在光线充足的地方再试一次，或者改到法院窗口核验。".into(),
        }
    }
}

/// Who confirms real names.
pub trait IdentityAuthority: Send + Sync + fmt::Debug {
    /// For the record and the page that asks.
    fn name(&self) -> &'static str;

    /// Whether its word has no force in law. Every page then says so.
    fn is_sandbox(&self) -> bool {
        false
    }

    /// Whether it has a face step that a person can consent to (R-IDC-06).
    fn has_face(&self) -> bool {
        true
    }

    /// Asks, or asks again how a check stands. Blocks, for a minute at most.
    ///
    /// # Errors
    /// [`Error::is_transient`] says whether to come again with the same claim.
    fn confirm(&self, claim: &Claim) -> Result<Verdict, Error>;
}

/// What every authority is spared: a number that cannot be one, a name that is none.
fn shaped(claim: &Claim) -> Result<identity::Resident, Refused> {
    let letters = claim.name.trim().chars().count();
    if !(2..=50).contains(&letters) || claim.name.chars().any(|c| c.is_control() || c.is_ascii_digit()) {
        return Err(Refused::Name);
    }
    identity::resident(&claim.number).map_err(Refused::Number)
}

/// 窗口: no authority is connected; the counter confirms everybody.
#[derive(Debug, Clone, Copy, Default)]
pub struct Counter;

impl IdentityAuthority for Counter {
    fn name(&self) -> &'static str {
        "窗口核验"
    }

    fn has_face(&self) -> bool {
        false
    }

    fn confirm(&self, claim: &Claim) -> Result<Verdict, Error> {
        Ok(shaped(claim).map_or_else(Verdict::Refused, |_| Verdict::AtCounter))
    }
}

/// 演示: believes every name whose number holds, and plays the face step. Its word has no force.
#[derive(Debug, Default)]
pub struct Sandbox {
    /// Where the page of the played face step is; the check's id is added. Without it the step passes at once.
    page: Option<String>,
    faces: Mutex<HashMap<Uuid, bool>>,
}

impl Sandbox {
    /// With a page for the face step under this address, or without.
    pub fn new(page: Option<String>) -> Self {
        Self { page, faces: Mutex::default() }
    }

    /// What a visitor of the page chose for the face step of a check.
    pub fn face(&self, id: Uuid, passed: bool) {
        self.faces.lock().unwrap_or_else(PoisonError::into_inner).insert(id, passed);
    }
}

impl IdentityAuthority for Sandbox {
    fn name(&self) -> &'static str {
        "演示认证"
    }

    fn is_sandbox(&self) -> bool {
        true
    }

    fn confirm(&self, claim: &Claim) -> Result<Verdict, Error> {
        if let Err(refused) = shaped(claim) {
            return Ok(Verdict::Refused(refused));
        }
        if !claim.face {
            return Ok(Verdict::AtCounter);
        }
        let mut faces = self.faces.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(match (faces.get(&claim.id), &self.page) {
            (Some(true), _) | (None, None) => Verdict::Confirmed { reference: format!("sandbox/{}", claim.id) },
            // The next try is a fresh one.
            (Some(false), _) => {
                faces.remove(&claim.id);
                Verdict::Refused(Refused::Face)
            }
            (None, Some(page)) => Verdict::Face { url: format!("{}/{}", page.trim_end_matches('/'), claim.id) },
        })
    }
}

/// An authority behind a provider's HTTP interface: `{"id","name","number","face"}` is answered with `{"result", …}`, where
/// the result is `match` (with `reference`), `face` (with `url`), `mismatch`, `unknown`, `face_failed` or `counter`.
#[derive(Debug)]
pub struct Http(Endpoint);

#[derive(Serialize)]
struct Question<'a> {
    id: Uuid,
    name: &'a str,
    number: &'a str,
    face: bool,
}

#[derive(Deserialize)]
#[serde(tag = "result", rename_all = "snake_case")]
enum Answer {
    Match { reference: String },
    Face { url: String },
    Mismatch,
    Unknown,
    FaceFailed,
    Counter,
}

impl Http {
    /// What the endpoint of an authority is called in [`Endpoint::new`].
    pub const NAME: &'static str = "身份认证";

    /// The authority behind this endpoint.
    pub fn new(endpoint: Endpoint) -> Self {
        Self(endpoint)
    }
}

impl IdentityAuthority for Http {
    fn name(&self) -> &'static str {
        Self::NAME
    }

    fn confirm(&self, claim: &Claim) -> Result<Verdict, Error> {
        let resident = match shaped(claim) {
            Ok(resident) => resident,
            Err(refused) => return Ok(Verdict::Refused(refused)),
        };
        let question = Question { id: claim.id, name: claim.name.trim(), number: &resident.number, face: claim.face };
        Ok(match self.0.ask(None, &question)? {
            Answer::Match { reference } => Verdict::Confirmed { reference },
            // The person's browser goes there: nothing but TLS, whoever says otherwise.
            Answer::Face { url } if claim.face && url.starts_with("https://") => Verdict::Face { url },
            Answer::Face { url } => return Err(self.0.answer(format!("a face step at {url}"))),
            Answer::Mismatch => Verdict::Refused(Refused::Mismatch),
            Answer::Unknown => Verdict::Refused(Refused::Unknown),
            Answer::FaceFailed => Verdict::Refused(Refused::Face),
            Answer::Counter => Verdict::AtCounter,
        })
    }
}

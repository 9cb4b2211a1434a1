//! 账号: sign-up, real name, sign-in. Sessions, codes and locks run on real time, whatever the demo's clock plays.
use crate::store::accounts::{self, AccountRow, CodeRow, RealName};
use crate::store::messages::{self, Channel, What};
use crate::{Error, Portal, Problem, sealed};
use jiff::{SignedDuration, Timestamp};
use procedure::{PersonId, identity};
use serde::{Deserialize, Serialize};
use storage::{Clock, Tx, secret};

/// Half a day: a session of somebody who comes back after lunch still runs.
const SESSION: SignedDuration = SignedDuration::from_hours(12);
/// A session that nobody uses ends after half an hour (R-SEC-01).
const IDLE: SignedDuration = SignedDuration::from_mins(30);
/// Use is noted once a minute.
const NOTED: SignedDuration = SignedDuration::from_mins(29);
const CODE_LIFE: SignedDuration = SignedDuration::from_mins(5);
/// The next code for the same address and purpose.
const CODE_PAUSE: SignedDuration = SignedDuration::from_secs(60);
const CODE_ATTEMPTS: i64 = 5;
/// Wrong guesses for one address and purpose, over all of its codes, until it rests: ten in a million each day.
const CODE_WRONG: i64 = 10;
const CODE_REST: SignedDuration = SignedDuration::from_hours(24);
const PASSWORD_ATTEMPTS: i64 = 5;
const REST: SignedDuration = SignedDuration::from_mins(30);

/// What a one-time code is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    SignUp,
    SignIn,
    Reset,
    /// Confirms a mailbox.
    Email,
}

impl Purpose {
    fn name(self) -> &'static str {
        match self {
            Self::SignUp => "sign_up",
            Self::SignIn => "sign_in",
            Self::Reset => "reset",
            Self::Email => "email",
        }
    }
    fn zh(self) -> &'static str {
        match self {
            Self::SignUp => "注册",
            Self::SignIn => "登录",
            Self::Reset => "重设密码",
            Self::Email => "确认电子邮箱",
        }
    }
}

/// What lies sealed with an account.
#[derive(Clone, Default, Serialize, Deserialize)]
pub struct Particulars {
    /// Resident identity number.
    pub number: String,
    /// Where the face step is done, while it is to be done.
    #[serde(default)]
    pub face: String,
}

/// A person signed in.
#[derive(Clone)]
pub struct Account {
    pub id: PersonId,
    pub phone: String,
    /// Empty before registration under the real name.
    pub name: String,
    pub number: String,
    /// Confirmed by a code; empty: none.
    pub email: String,
    pub real_name: RealName,
    pub created: Timestamp,
    /// What to say at the counter (核对编号); empty: nothing is to be confirmed there.
    pub reference: String,
    /// Who confirmed the person, and when.
    pub confirmed_by: String,
    pub confirmed_at: Option<Timestamp>,
    /// The authority's page for the face step, while it is to be done.
    pub face: String,
}

impl std::fmt::Debug for Account {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Account").field("id", &self.id).field("rest", &"***").finish()
    }
}

impl Account {
    /// What the masthead calls him.
    pub fn shown(&self) -> String {
        if self.name.is_empty() { masked(&self.phone) } else { self.name.clone() }
    }

    /// The telephone with its middle hidden.
    pub fn masked_phone(&self) -> String {
        masked(&self.phone)
    }

    /// The ID number with its middle hidden.
    pub fn masked_number(&self) -> String {
        masked(&self.number)
    }
}

/// First three and last four characters; shorter texts vanish.
pub fn masked(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    if letters.len() < 9 {
        return "*".repeat(letters.len());
    }
    let hidden = "*".repeat(letters.len() - 7);
    letters[..3].iter().chain(hidden.chars().collect::<Vec<_>>().iter()).chain(&letters[letters.len() - 4..]).collect()
}

/// A code that is waited for.
#[derive(Debug, Clone)]
pub struct SignIn {
    /// Stands in the form.
    pub ticket: String,
    /// Telephone or mailbox to which the code went.
    pub phone: String,
}

/// A new session; the token goes into the cookie.
#[derive(Debug, Clone)]
pub struct Session {
    pub token: String,
    pub account: PersonId,
    pub expires: Timestamp,
}

impl Portal {
    fn account(&self, row: AccountRow) -> Result<Account, Error> {
        let particulars: Particulars = match &row.particulars {
            Some(bytes) => sealed::open(&self.config().key, &format!("account/{}", row.id), bytes)?,
            None => Particulars::default(),
        };
        Ok(Account {
            id: row.id,
            phone: row.phone,
            name: row.name,
            number: particulars.number,
            email: row.email,
            real_name: row.state,
            created: row.created,
            reference: row.reference.unwrap_or_default(),
            confirmed_by: row.confirmed_by,
            confirmed_at: row.confirmed_at,
            face: particulars.face,
        })
    }

    /// Sends a one-time code; the answer tells nobody whether the telephone has an account.
    pub async fn send_code(&self, phone: &str, purpose: Purpose) -> Result<SignIn, Error> {
        self.issue_code(Channel::Phone, mobile(phone)?, "phone", purpose).await
    }

    /// A code to a telephone or mailbox. `field`: the input beside which it is said why none goes out.
    async fn issue_code(&self, channel: Channel, to: String, field: &'static str, purpose: Purpose) -> Result<SignIn, Error> {
        let ticket = secret::token();
        let code = six_digits();
        let digest = sealed::digest(&self.config().key, &ticket, &code);
        let (ticket_kept, kept, now) = (secret::token_digest(&ticket), to.clone(), self.now());
        let text = format!("【人民法院在线服务】验证码 {code}，用于{}，5 分钟内有效。不要告诉任何人，工作人员不会问您要验证码。", purpose.zh());
        self.db()
            .write(move |tx| {
                let real = Clock::real_now();
                let last = accounts::last_code(tx, &kept, purpose.name())?;
                let since = last.as_ref().map(|last| real.duration_since(last.sent)).filter(|since| *since < CODE_PAUSE);
                if let Some(since) = since {
                    let wait = (CODE_PAUSE - since).as_secs().max(1);
                    return Err(Error::input(field, format!("验证码刚刚发过，请等 {wait} 秒再要。")));
                }
                // Guesses are counted over all codes, so that a new one each minute is no new start.
                let (wrong, wrong_since) = last.map_or((0, None), |last| counted(&last, real));
                if wrong >= CODE_WRONG {
                    return Err(Error::input(field, RESTS));
                }
                let expires = later(real, CODE_LIFE)?;
                let (purpose, ticket, digest) = (purpose.name(), ticket_kept.as_str(), digest.as_str());
                accounts::put_code(tx, &CodeRow { to: &kept, purpose, ticket, digest, sent: real, expires, wrong, wrong_since })?;
                messages::put(tx, channel, &kept, &text, What::Code { expires }, now)
            })
            .await?;
        Ok(SignIn { ticket, phone: to })
    }

    /// Takes a code: the telephone or mailbox that it proves. Wrong guesses are counted in a transaction of their own.
    async fn take_code(&self, ticket: &str, code: &str, purpose: Purpose) -> Result<String, Error> {
        if code.trim().is_empty() {
            return Err(Error::input("code", "请输入收到的 6 位验证码。"));
        }
        let digest = sealed::digest(&self.config().key, ticket, code.trim());
        let ticket = secret::token_digest(ticket);
        let taken = self
            .db()
            .write(move |tx| {
                let real = Clock::real_now();
                let Some(code) = accounts::code(tx, &ticket, purpose.name())? else {
                    return Ok::<_, Error>(Err("验证码已经失效，请重新获取。"));
                };
                if counted(&code, real).0 >= CODE_WRONG {
                    return Ok(Err(RESTS));
                }
                if code.attempts >= CODE_ATTEMPTS || code.expires < real {
                    return Ok(Err("验证码已经过期，或者输错次数太多，请重新获取。"));
                }
                if code.digest != digest {
                    accounts::code_tried(tx, &ticket, purpose.name(), real)?;
                    return Ok(Err("验证码不对，请核对收到的 6 位数字。"));
                }
                accounts::code_used(tx, &ticket, purpose.name())?;
                Ok(Ok(code.to))
            })
            .await?;
        taken.map_err(|zh| Error::input("code", zh))
    }

    /// Opens an account for the telephone that the code proves, and signs in.
    pub async fn sign_up(&self, ticket: &str, code: &str, password: &str) -> Result<Session, Error> {
        strong(password)?;
        let phone = self.take_code(ticket, code, Purpose::SignUp).await?;
        let hash = hashed(password).await?;
        let (id, now) = (PersonId::new(), self.now());
        let begun = Begun::new()?;
        let kept = begun.clone();
        self.db()
            .write(move |tx| {
                if !accounts::put(tx, id, &phone, &hash, now)? {
                    return Err(Error::input("phone", "这个手机号已经注册过，请直接登录；忘记密码的，请重设密码。"));
                }
                kept.begin(tx, id)
            })
            .await
            .map(|()| begun.session(id))
    }

    /// First half of signing in: telephone and password. A code then goes to the telephone.
    pub async fn sign_in(&self, phone: &str, password: &str) -> Result<SignIn, Error> {
        let wrong = || Error::Input(vec![Problem { field: "password".into(), zh: "手机号或者密码不对，请核对后再试。".into() }]);
        let phone = mobile(phone)?;
        let asked = phone.clone();
        let row = self.db().read(move |tx| accounts::by_phone(tx, &asked)).await?;
        let now = Clock::real_now();
        if let Some(until) = row.as_ref().and_then(|row| row.locked_until).filter(|until| *until > now) {
            return Err(Error::Locked(until));
        }
        // Without an account a hash is checked as well, so that time does not tell which telephones have one.
        let hash = row.as_ref().map_or_else(|| DECOY.to_owned(), |row| row.password.clone());
        let given = password.to_owned();
        let fits = blocking(move || secret::check_password(&given, &hash)).await?;
        let Some(row) = row else { return Err(wrong()) };
        if !fits {
            self.failed(row.id).await?;
            return Err(wrong());
        }
        let id = row.id;
        self.db().write(move |tx| accounts::set_failures(tx, id, 0, None)).await?;
        self.send_code(&phone, Purpose::SignIn).await
    }

    async fn failed(&self, id: PersonId) -> Result<(), Error> {
        let locked = later(Clock::real_now(), REST)?;
        self.db()
            .write(move |tx| {
                let Some(row) = accounts::by_id(tx, id)? else { return Ok(()) };
                let failures = row.failures + 1;
                let rest = (failures % PASSWORD_ATTEMPTS == 0).then_some(locked);
                accounts::set_failures(tx, id, failures, rest)
            })
            .await
    }

    /// Second half: the code from the telephone.
    pub async fn finish_sign_in(&self, ticket: &str, code: &str) -> Result<Session, Error> {
        let phone = self.take_code(ticket, code, Purpose::SignIn).await?;
        let begun = Begun::new()?;
        let kept = begun.clone();
        let id = self
            .db()
            .write(move |tx| {
                let row = accounts::by_phone(tx, &phone)?.ok_or(Error::Missing("account"))?;
                kept.begin(tx, row.id)?;
                Ok::<_, Error>(row.id)
            })
            .await?;
        Ok(begun.session(id))
    }

    /// A new password for the telephone that the code proves; every session of the account ends.
    pub async fn reset_password(&self, ticket: &str, code: &str, password: &str) -> Result<(), Error> {
        strong(password)?;
        let phone = self.take_code(ticket, code, Purpose::Reset).await?;
        let hash = hashed(password).await?;
        self.db()
            .write(move |tx| match accounts::by_phone(tx, &phone)? {
                Some(row) => accounts::set_password(tx, row.id, &hash),
                None => Err(Error::input("phone", "这个手机号还没有注册，请先注册。")),
            })
            .await
    }

    /// Whose session this is, if it still runs.
    pub async fn session(&self, token: &str) -> Result<Option<Account>, Error> {
        let digest = secret::token_digest(token);
        let (real, known) = (Clock::real_now(), digest.clone());
        let Some((row, expires)) = self.db().read(move |tx| accounts::session(tx, &known, real)).await? else { return Ok(None) };
        if expires.duration_since(real) < NOTED {
            let (until, begun) = (later(real, IDLE)?, later(real, -SESSION)?);
            self.db().write(move |tx| accounts::session_used(tx, &digest, until, begun)).await?;
        }
        self.account(row).map(Some)
    }

    /// Ends a session.
    pub async fn sign_out(&self, token: &str) -> Result<(), Error> {
        let digest = secret::token_digest(token);
        self.db().write(move |tx| accounts::end_session(tx, &digest)).await
    }

    /// Sends a code to a mailbox that is to get messages.
    pub async fn ask_email(&self, email: &str) -> Result<SignIn, Error> {
        let email = email.trim().to_owned();
        let shaped = email
            .split_once('@')
            .is_some_and(|(name, host)| !name.is_empty() && host.contains('.') && !host.starts_with('.') && !host.ends_with('.'));
        if !shaped || email.chars().any(char::is_whitespace) || email.len() > 254 {
            return Err(Error::input("email", "电子邮箱的写法不对，例如 name@example.cn。"));
        }
        self.issue_code(Channel::Email, email, "email", Purpose::Email).await
    }

    /// The mailbox that the code proves gets messages from now on.
    pub async fn confirm_email(&self, id: PersonId, ticket: &str, code: &str) -> Result<(), Error> {
        let email = self.take_code(ticket, code, Purpose::Email).await?;
        self.db().write(move |tx| accounts::set_email(tx, id, &email)).await
    }

    /// No mailbox gets messages any more.
    pub async fn drop_email(&self, id: PersonId) -> Result<(), Error> {
        self.db().write(move |tx| accounts::set_email(tx, id, "")).await
    }
}

/// Said where guesses are used up.
const RESTS: &str = "验证码输错次数太多，为了您的账号安全，24 小时内不能再用验证码办这件事。急着办的，请带身份证到法院窗口。";

/// Wrong guesses that still count, and since when.
fn counted(code: &accounts::Code, now: Timestamp) -> (i64, Option<Timestamp>) {
    match code.wrong_since {
        Some(since) if now.duration_since(since) < CODE_REST => (code.wrong, Some(since)),
        Some(_) | None => (0, None),
    }
}

/// A session about to begin; the same in each run of the closure.
#[derive(Clone)]
struct Begun {
    token: String,
    at: Timestamp,
    expires: Timestamp,
}

impl Begun {
    fn new() -> Result<Self, Error> {
        let at = Clock::real_now();
        Ok(Self { token: secret::token(), at, expires: later(at, SESSION)? })
    }
    fn begin(&self, tx: &mut Tx, account: PersonId) -> Result<(), Error> {
        accounts::begin_session(tx, &secret::token_digest(&self.token), account, self.at, later(self.at, IDLE)?)
    }
    fn session(self, account: PersonId) -> Session {
        Session { token: self.token, account, expires: self.expires }
    }
}

/// Hash of nothing that anybody knows.
const DECOY: &str = "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$cs64dX8d9gLlSuK0ZOpcXCaMbuyKXPXLcIrS5gjbgJc";

fn mobile(text: &str) -> Result<String, Error> {
    let wrong = || Error::input("phone", "请填写 11 位手机号。");
    let phone = identity::phone(text).map_err(|_| wrong())?;
    if phone.len() == 11 && !phone.contains('-') { Ok(phone) } else { Err(wrong()) }
}

fn strong(password: &str) -> Result<(), Error> {
    let length = password.chars().count();
    let all_digits = password.chars().all(|c| c.is_ascii_digit());
    if !(8..=128).contains(&length) || all_digits {
        return Err(Error::input("password", "密码至少 8 位，不能全是数字。"));
    }
    Ok(())
}

fn six_digits() -> String {
    format!("{:06}", u32::from_le_bytes(secret::random::<4>()) % 1_000_000)
}

fn later(now: Timestamp, by: SignedDuration) -> Result<Timestamp, Error> {
    now.checked_add(by).map_err(|_| Error::Corrupt("the clock"))
}

async fn hashed(password: &str) -> Result<String, Error> {
    let password = password.to_owned();
    blocking(move || secret::hash_password(&password)).await
}

/// Work that takes tens of milliseconds stays off the threads that answer requests.
pub(crate) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Error> {
    tokio::task::spawn_blocking(work).await.map_err(|_| Error::Corrupt("a worker that panicked"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_shown_with_their_middle_hidden() {
        assert_eq!(masked("13800006640"), "138****6640");
        assert_eq!(masked("440305195504090028"), "440***********0028");
        assert_eq!(masked("0399"), "****");
    }

    #[test]
    fn the_decoy_is_a_hash_that_takes_its_time_and_fits_nothing() {
        assert!(!secret::check_password("", DECOY));
        assert!(DECOY.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
    }

    #[test]
    fn telephones_that_get_codes_are_mobile() {
        assert_eq!(mobile("138 0000 6640").expect("mobile"), "13800006640");
        assert!(mobile("0399-5550101").is_err() && mobile("123").is_err());
    }
}

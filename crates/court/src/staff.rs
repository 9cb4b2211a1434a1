//! 法院人员: who works in the court, how they sign in (password and TOTP), and what they hold.
use crate::{Act, Acted, Court, Error, Vault, store};
use jiff::{SignedDuration, Timestamp};
use procedure::case::{Actor, Factor};
use procedure::{Office, PersonId, Refusal};
use storage::{Tx, Value, secret};

const STAFF_PUT: &str = "INSERT INTO staff (court, id, login, name, office, division, password, totp, last_step, failures) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, 0) ON CONFLICT (court, id) DO NOTHING";
const STAFF_BY_LOGIN: &str =
    "SELECT court, id, name, office, division, password, totp, last_step, failures, locked_until, disabled FROM staff WHERE login = $1";
const STAFF_BY_ID: &str =
    "SELECT court, id, name, office, division, password, totp, last_step, failures, locked_until, disabled FROM staff WHERE court = $1 AND id = $2";
const STAFF_ALL: &str = "SELECT id, name, office, division, login FROM staff WHERE court = $1 ORDER BY login";
const STAFF_SERVING: &str = "SELECT id, name, office, division, login FROM staff WHERE court = $1 AND disabled = 0 ORDER BY login";
const STAFF_MEMBER: &str = "SELECT id, name, office, division, login FROM staff WHERE court = $1 AND id = $2";
const STAFF_PHONE: &str = "SELECT phone FROM staff WHERE court = $1 AND id = $2";
const STAFF_STEP: &str = "UPDATE staff SET last_step = $3, failures = 0, locked_until = NULL WHERE court = $1 AND id = $2 AND last_step < $3";
const STAFF_FAILED: &str = "UPDATE staff SET failures = failures + 1, locked_until = $3 WHERE court = $1 AND id = $2";
const SESSION_PUT: &str = "INSERT INTO staff_sessions (court, token, staff, csrf, expires) VALUES ($1, $2, $3, $4, $5)";
const SESSION_GET: &str = "SELECT s.court, s.staff, s.csrf, s.expires, m.name, m.office, m.division FROM staff_sessions s \
    JOIN staff m ON m.court = s.court AND m.id = s.staff WHERE s.token = $1 AND m.disabled = 0";
const SESSION_USED: &str = "UPDATE staff_sessions SET expires = $2 WHERE token = $1";
const SESSION_END: &str = "DELETE FROM staff_sessions WHERE token = $1";

/// Every statement here, for the test that prepares each on both engines.
pub const STATEMENTS: &[&str] = &[
    STAFF_PUT,
    STAFF_BY_LOGIN,
    STAFF_BY_ID,
    STAFF_ALL,
    STAFF_SERVING,
    STAFF_MEMBER,
    STAFF_PHONE,
    STAFF_STEP,
    STAFF_FAILED,
    SESSION_PUT,
    SESSION_GET,
    SESSION_USED,
    SESSION_END,
];

/// A session that nobody uses ends after a quarter of an hour (R-SEC-01).
const IDLE: SignedDuration = SignedDuration::from_mins(15);
/// Use is noted once a minute.
const NOTED: SignedDuration = SignedDuration::from_mins(14);
/// After five wrong attempts the account rests for half an hour (R-SEC-01).
const ATTEMPTS: i64 = 5;
const REST: SignedDuration = SignedDuration::from_mins(30);
/// Steps of half a minute that the demo's authenticator may run ahead.
const SANDBOX_AHEAD: i64 = 40;

/// Why nobody was signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignInError {
    /// Wrong name, password or code; which of them is not said.
    Wrong,
    Locked,
    /// A system administrator locked the account.
    Disabled,
    /// The activation code does not open this account, now or any more.
    Activation,
    /// The session ended.
    Expired,
    /// The fresh code for signing was wrong or used before.
    Code,
    /// No code was given; that is no attempt.
    NoCode,
}

impl SignInError {
    /// What people read.
    pub fn zh(self) -> &'static str {
        match self {
            Self::Wrong => "账号、密码或者动态口令不正确，请核对后重试。动态口令每 30 秒更换一次，用过的不能再用。",
            Self::Locked => "连续多次输错，账号已暂时锁定，请 30 分钟后再试，或者联系系统管理员。",
            Self::Disabled => "账号已停用，请联系系统管理员。",
            Self::Activation => "账号或者激活码不正确，或者激活码已经用过、过期。请核对后重试，或者请系统管理员重新发给您。",
            Self::Expired => "登录已经过期，请重新登录。您填写的内容没有丢失。",
            Self::NoCode => "请输入 6 位动态口令。",
            Self::Code => "动态口令不正确或者已经用过，请输入新的 6 位动态口令。",
        }
    }
}

/// A member of staff to be entered.
pub struct NewMember<'a> {
    pub id: PersonId,
    pub login: &'a str,
    pub name: &'a str,
    pub office: Office,
    pub division: &'a str,
    pub password: &'a str,
    /// 20 random bytes.
    pub totp: &'a [u8],
}

/// A member of staff.
#[derive(Debug, Clone)]
pub struct Member {
    pub court: String,
    pub id: PersonId,
    pub name: String,
    pub office: Office,
    pub division: String,
}

impl Member {
    /// The member as he acts.
    pub fn actor(&self) -> Actor {
        Actor::staff(self.id, self.office, &self.court)
    }
}

/// Somebody signed in.
#[derive(Debug, Clone)]
pub struct Session {
    pub member: Member,
    /// Goes into every form.
    pub csrf: String,
}

/// Enters a member of staff; entered twice he is one.
pub fn enter(tx: &mut Tx, court: &str, new: &NewMember<'_>) -> Result<(), Error> {
    // His name will stand under papers.
    let odd = procedure::printable::unprintable(new.name);
    if !odd.is_empty() || new.name.chars().any(char::is_control) {
        let zh = procedure::printable::message(&odd);
        return Err(Error::Refused(Refusal::FieldInvalid { field: "name".into(), zh, rule: "R-TYP-04".into() }));
    }
    let values: [Value; 8] = [
        court.into(),
        new.id.0.into(),
        new.login.into(),
        new.name.into(),
        store::name_of(&new.office)?.into(),
        new.division.into(),
        secret::hash_password(new.password).into(),
        new.totp.into(),
    ];
    tx.execute(STAFF_PUT, &values)?;
    Ok(())
}

/// All staff of a court with their logins, those whose accounts are locked too.
pub fn all(tx: &mut Tx, court: &str) -> Result<Vec<(Member, String)>, Error> {
    tx.query(STAFF_ALL, &[court.into()])?.iter().map(|row| listed(court, row)).collect()
}

/// Staff of a court whose accounts are open: work is given to them alone.
pub fn serving(tx: &mut Tx, court: &str) -> Result<Vec<Member>, Error> {
    tx.query(STAFF_SERVING, &[court.into()])?.iter().map(|row| Ok(listed(court, row)?.0)).collect()
}

/// One member with his login.
pub(crate) fn member(tx: &mut Tx, court: &str, id: PersonId) -> Result<(Member, String), Error> {
    let row = tx.query_opt(STAFF_MEMBER, &[court.into(), id.0.into()])?;
    listed(court, &row.ok_or(Error::Refused(Refusal::FieldInvalid { field: "person".into(), zh: "没有这个人员。".into(), rule: "R-AUD-03".into() }))?)
}

fn listed(court: &str, row: &storage::Row) -> Result<(Member, String), Error> {
    let member = Member {
        court: court.to_owned(),
        id: PersonId(row.uuid(0)?),
        name: row.text(1)?,
        office: store::json(&format!("\"{}\"", row.text(2)?))?,
        division: row.text(3)?,
    };
    Ok((member, row.text(4)?))
}

/// Is this login taken, in whichever court?
pub(crate) fn known(tx: &mut Tx, login: &str) -> Result<bool, Error> {
    Ok(tx.query_opt(STAFF_BY_LOGIN, &[login.into()])?.is_some())
}

pub(crate) fn by_login(tx: &mut Tx, login: &str) -> Result<Option<Account>, Error> {
    tx.query_opt(STAFF_BY_LOGIN, &[login.into()])?.map(|row| account(&row)).transpose()
}

/// Only a system administrator runs the platform, in the courts that it serves.
pub(crate) fn administers(zone: &Court, by: &Member, court: &str) -> Result<(), Error> {
    let may = by.office == Office::SystemAdministrator && zone.courts().iter().any(|served| served == court);
    if may { Ok(()) } else { Err(Error::Refused(Refusal::NotYours { step: "系统管理".into() })) }
}

/// A mobile telephone of the mainland: eleven digits.
pub fn check_phone(phone: &str) -> Result<(), Error> {
    if phone.len() == 11 && phone.starts_with('1') && phone.bytes().all(|digit| digit.is_ascii_digit()) {
        return Ok(());
    }
    let zh = "请写 11 位手机号码。";
    Err(Error::Refused(Refusal::FieldInvalid { field: "phone".into(), zh: zh.into(), rule: "R-AUD-03".into() }))
}

fn place_of_phone(id: PersonId) -> String {
    format!("staff-phone/{id}")
}

/// A member's telephone as the table keeps it.
pub fn seal_phone(vault: &Vault, id: PersonId, phone: &str) -> Result<Vec<u8>, Error> {
    vault.seal_bytes(phone.as_bytes(), &place_of_phone(id))
}

pub(crate) fn open_phone(zone: &Court, id: PersonId, sealed: &[u8]) -> Result<String, Error> {
    String::from_utf8(zone.vault().open_bytes(sealed, &place_of_phone(id))?).map_err(|_| Error::Corrupt("a telephone"))
}

pub(crate) fn phone(tx: &mut Tx, zone: &Court, court: &str, id: PersonId) -> Result<Option<String>, Error> {
    let sealed = tx.query_one(STAFF_PHONE, &[court.into(), id.0.into()])?.opt_blob(0)?;
    sealed.map(|sealed| open_phone(zone, id, &sealed)).transpose()
}

/// Serving staff who have a telephone on record.
pub(crate) fn reachable(tx: &mut Tx, zone: &Court, court: &str) -> Result<Vec<(Member, String)>, Error> {
    let mut found = Vec::new();
    for member in serving(tx, court)? {
        if let Some(phone) = phone(tx, zone, court, member.id)? {
            found.push((member, phone));
        }
    }
    Ok(found)
}

/// The secret as authenticator apps take it (base32 in an `otpauth` address).
pub fn otpauth(login: &str, totp: &[u8]) -> String {
    format!("otpauth://totp/xiezhi:{login}?secret={}&issuer=xiezhi", base32(totp))
}

/// Base32 of RFC 4648 without padding, for typing a secret in by hand.
pub fn base32(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let (mut text, mut bits, mut held) = (String::new(), 0u32, 0);
    for byte in bytes {
        bits = bits << 8 | u32::from(*byte);
        held += 8;
        while held >= 5 {
            held -= 5;
            text.push(char::from(LETTERS[(bits >> held & 31) as usize]));
        }
        bits &= (1 << held) - 1;
    }
    if held > 0 {
        text.push(char::from(LETTERS[(bits << (5 - held) & 31) as usize]));
    }
    text
}

/// An account with its secrets, as this room alone reads it.
pub(crate) struct Account {
    pub(crate) member: Member,
    password: String,
    totp: Vec<u8>,
    last_step: i64,
    failures: i64,
    locked_until: Option<Timestamp>,
    disabled: bool,
}

impl Account {
    /// Neither locked by an administrator nor resting after wrong attempts.
    pub(crate) fn awake(&self) -> Result<(), Error> {
        if self.disabled {
            return Err(Error::SignIn(SignInError::Disabled));
        }
        let rests = self.locked_until.is_some_and(|until| until > storage::Clock::real_now());
        if rests { Err(Error::SignIn(SignInError::Locked)) } else { Ok(()) }
    }
}

fn account(row: &storage::Row) -> Result<Account, Error> {
    let member = Member {
        court: row.text(0)?,
        id: PersonId(row.uuid(1)?),
        name: row.text(2)?,
        office: store::json(&format!("\"{}\"", row.text(3)?))?,
        division: row.text(4)?,
    };
    Ok(Account {
        member,
        password: row.text(5)?,
        totp: row.blob(6)?,
        last_step: row.int(7)?,
        failures: row.int(8)?,
        locked_until: row.opt_time(9)?,
        disabled: row.bool(10)?,
    })
}

impl Court {
    /// Signs a member in with password and TOTP; the token goes into his cookie.
    pub async fn sign_in(&self, login: String, password: String, code: String) -> Result<(String, Session), Error> {
        if code.trim().is_empty() {
            return Err(Error::SignIn(SignInError::NoCode));
        }
        let found = self.db().read(move |tx| by_login(tx, &login)).await?;
        let real = storage::Clock::real_now();
        let Some(found) = found else {
            // As slow as for a name that exists.
            secret::check_password(&password, &secret::hash_password("nobody"));
            return Err(Error::SignIn(SignInError::Wrong));
        };
        found.awake()?;
        let right = secret::check_password(&password, &found.password);
        let step = self.step_of(&found, &code).filter(|_| right);
        let member = found.member.clone();
        let (token, csrf) = (secret::token(), secret::token());
        let kept = (secret::token_digest(&token), csrf.clone());
        let signed_in = self
            .db()
            .write(move |tx| {
                let (court, id) = (&found.member.court, found.member.id.0);
                let taken = match step {
                    Some(step) => tx.execute(STAFF_STEP, &[court.into(), id.into(), step.into()])? == 1,
                    None => false,
                };
                if taken {
                    let expires = real.saturating_add(IDLE).map_err(|_| Error::Corrupt("the machine's clock"))?;
                    tx.execute(SESSION_PUT, &[court.into(), (&kept.0).into(), id.into(), (&kept.1).into(), expires.into()])?;
                } else {
                    failed(tx, &found)?;
                }
                Ok::<_, Error>(taken)
            })
            .await?;
        if signed_in { Ok((token, Session { member, csrf })) } else { Err(Error::SignIn(SignInError::Wrong)) }
    }

    /// Who this cookie belongs to.
    pub async fn session(&self, token: &str) -> Result<Session, Error> {
        let digest = secret::token_digest(token);
        let (real, known) = (storage::Clock::real_now(), digest.clone());
        let row = self.db().read(move |tx| Ok::<_, Error>(tx.query_opt(SESSION_GET, &[known.into()])?)).await?;
        let row = row.ok_or(Error::SignIn(SignInError::Expired))?;
        let expires = row.time(3)?;
        if expires <= real {
            return Err(Error::SignIn(SignInError::Expired));
        }
        if expires.duration_since(real) < NOTED {
            let until = real.saturating_add(IDLE).map_err(|_| Error::Corrupt("the machine's clock"))?;
            self.db().write(move |tx| Ok::<_, Error>(tx.execute(SESSION_USED, &[digest.as_str().into(), until.into()]).map(drop)?)).await?;
        }
        let member = Member {
            court: row.text(0)?,
            id: PersonId(row.uuid(1)?),
            name: row.text(4)?,
            office: store::json(&format!("\"{}\"", row.text(5)?))?,
            division: row.text(6)?,
        };
        Ok(Session { member, csrf: row.text(2)? })
    }

    /// Ends a session.
    pub async fn sign_out(&self, token: &str) -> Result<(), Error> {
        let digest = secret::token_digest(token);
        self.db().write(move |tx| Ok::<_, Error>(tx.execute(SESSION_END, &[digest.as_str().into()]).map(drop)?)).await
    }

    /// Checks the fresh code that a signature needs; a code works once, and five wrong ones rest the account.
    pub async fn confirm(&self, member: &Member, code: String) -> Result<(), Error> {
        let (zone, who) = (self.clone(), member.clone());
        self.signing(member, move |tx| take_code(tx, &zone, &who, &code)).await
    }

    /// A signed act: code and act are one transaction. A wrong code does nothing; a refused act leaves the code unused.
    pub async fn act_signed(&self, member: &Member, code: String, act: Act) -> Result<Acted, Error> {
        let (zone, who) = (self.clone(), member.clone());
        let act = Act { by: Actor { factor: Some(Factor::Authenticator), ..act.by }, ..act };
        self.signing(member, move |tx| {
            take_code(tx, &zone, &who, &code)?;
            crate::act::act(tx, &zone, &act)
        })
        .await
    }

    /// Runs what a code opens; a wrong code is counted in a transaction of its own, which stays when the other falls.
    pub(crate) async fn signing<T: Send + 'static>(
        &self,
        member: &Member,
        mut work: impl FnMut(&mut Tx) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let done = self.db().write(move |tx| work(tx)).await;
        if let Err(Error::SignIn(SignInError::Code)) = &done {
            let (court, id) = (member.court.clone(), member.id.0);
            self.db()
                .write(move |tx| {
                    let account = account(&tx.query_one(STAFF_BY_ID, &[(&court).into(), id.into()])?)?;
                    failed(tx, &account)
                })
                .await?;
        }
        done
    }

    /// The step of time that these digits belong to, if they are fresh. The demo's authenticator may run ahead, so that a
    /// story needs no waiting; everywhere else there is half a minute of drift.
    fn step_of(&self, account: &Account, code: &str) -> Option<i64> {
        let real = storage::Clock::real_now();
        let ahead = if self.is_demo() { SANDBOX_AHEAD } else { 0 };
        (0..=ahead).find_map(|steps| {
            let at = real.saturating_add(SignedDuration::from_secs(30 * steps)).ok()?;
            secret::check_totp(&account.totp, code, at, account.last_step)
        })
    }

    /// The code that the demo's sandbox shows instead of the authenticator app. Outside of demo mode there is none.
    pub async fn sandbox_code(&self, login: String) -> Result<Option<String>, Error> {
        if !self.is_demo() {
            return Ok(None);
        }
        let found = self.db().read(move |tx| by_login(tx, &login)).await?;
        let step = secret::totp_step(storage::Clock::real_now());
        Ok(found.map(|found| secret::totp(&found.totp, step.max(found.last_step + 1))))
    }
}

/// Takes a fresh code, once.
pub(crate) fn take_code(tx: &mut Tx, zone: &Court, member: &Member, code: &str) -> Result<(), Error> {
    if code.trim().is_empty() {
        return Err(Error::SignIn(SignInError::NoCode));
    }
    let row = tx.query_one(STAFF_BY_ID, &[(&member.court).into(), member.id.0.into()])?;
    let account = account(&row)?;
    account.awake()?;
    let step = zone.step_of(&account, code).ok_or(Error::SignIn(SignInError::Code))?;
    match tx.execute(STAFF_STEP, &[(&member.court).into(), member.id.0.into(), step.into()])? {
        1 => Ok(()),
        _ => Err(Error::SignIn(SignInError::Code)),
    }
}

/// Counts a wrong attempt.
pub(crate) fn failed(tx: &mut Tx, account: &Account) -> Result<(), Error> {
    let real = storage::Clock::real_now();
    let rest =
        (account.failures + 1 >= ATTEMPTS).then(|| real.saturating_add(REST)).transpose().map_err(|_| Error::Corrupt("the machine's clock"))?;
    tx.execute(STAFF_FAILED, &[(&account.member.court).into(), account.member.id.0.into(), rest.into()])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_secret_is_the_base32_of_rfc_4648() {
        assert!(otpauth("xu", b"foobar").contains("secret=MZXW6YTBOI&"));
        assert_eq!(base32(b"foob"), "MZXW6YQ");
    }

    #[test]
    fn a_telephone_has_eleven_digits() {
        assert!(check_phone("13900000001").is_ok());
        for wrong in ["1390000000", "23900000001", "139000000a1", "１３９００００００１"] {
            assert!(check_phone(wrong).is_err(), "{wrong}");
        }
    }
}

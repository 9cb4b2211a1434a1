//! 法院人员: who works in the court, how they sign in (password and TOTP), and what they hold.
use crate::{Act, Acted, Court, Error, store};
use jiff::{SignedDuration, Timestamp};
use procedure::case::Actor;
use procedure::{Office, PersonId};
use storage::{Tx, Value, secret};

const STAFF_PUT: &str = "INSERT INTO staff (court, id, login, name, office, division, password, totp, last_step, failures) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, 0) ON CONFLICT (court, id) DO NOTHING";
const STAFF_BY_LOGIN: &str =
    "SELECT court, id, name, office, division, password, totp, last_step, failures, locked_until FROM staff WHERE login = $1";
const STAFF_BY_ID: &str =
    "SELECT court, id, name, office, division, password, totp, last_step, failures, locked_until FROM staff WHERE court = $1 AND id = $2";
const STAFF_ALL: &str = "SELECT id, name, office, division, login FROM staff WHERE court = $1 ORDER BY login";
const STAFF_STEP: &str = "UPDATE staff SET last_step = $3, failures = 0, locked_until = NULL WHERE court = $1 AND id = $2 AND last_step < $3";
const STAFF_FAILED: &str = "UPDATE staff SET failures = failures + 1, locked_until = $3 WHERE court = $1 AND id = $2";
const SESSION_PUT: &str = "INSERT INTO staff_sessions (court, token, staff, csrf, expires) VALUES ($1, $2, $3, $4, $5)";
const SESSION_GET: &str = "SELECT s.court, s.staff, s.csrf, s.expires, m.name, m.office, m.division FROM staff_sessions s \
    JOIN staff m ON m.court = s.court AND m.id = s.staff WHERE s.token = $1";
const SESSION_END: &str = "DELETE FROM staff_sessions WHERE token = $1";

/// Every statement here, for the test that prepares each on both engines.
pub const STATEMENTS: &[&str] = &[STAFF_PUT, STAFF_BY_LOGIN, STAFF_BY_ID, STAFF_ALL, STAFF_STEP, STAFF_FAILED, SESSION_PUT, SESSION_GET, SESSION_END];

/// Eight hours: a working day.
const SESSION: SignedDuration = SignedDuration::from_hours(8);
/// After five wrong attempts the account rests for a quarter of an hour.
const ATTEMPTS: i64 = 5;
const REST: SignedDuration = SignedDuration::from_mins(15);
/// Steps of half a minute that the demo's authenticator may run ahead.
const SANDBOX_AHEAD: i64 = 40;

/// Why nobody was signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignInError {
    /// Wrong name, password or code; which of them is not said.
    Wrong,
    Locked,
    /// The session ended.
    Expired,
    /// The fresh code for signing was wrong or used before.
    Code,
}

impl SignInError {
    /// What people read.
    pub fn zh(self) -> &'static str {
        match self {
            Self::Wrong => "账号、密码或者动态口令不正确，请核对后重试。动态口令每 30 秒更换一次，用过的不能再用。",
            Self::Locked => "连续多次输错，账号已暂时锁定，请 15 分钟后再试，或者联系系统管理员。",
            Self::Expired => "登录已经过期，请重新登录。您填写的内容没有丢失。",
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

/// All staff of a court: id, name, office, division, login.
pub fn all(tx: &mut Tx, court: &str) -> Result<Vec<(Member, String)>, Error> {
    let rows = tx.query(STAFF_ALL, &[court.into()])?;
    rows.iter()
        .map(|row| {
            let member = Member {
                court: court.to_owned(),
                id: PersonId(row.uuid(0)?),
                name: row.text(1)?,
                office: store::json(&format!("\"{}\"", row.text(2)?))?,
                division: row.text(3)?,
            };
            Ok((member, row.text(4)?))
        })
        .collect()
}

struct Account {
    member: Member,
    password: String,
    totp: Vec<u8>,
    last_step: i64,
    failures: i64,
    locked_until: Option<Timestamp>,
}

fn account(row: &storage::Row) -> Result<Account, Error> {
    let member = Member {
        court: row.text(0)?,
        id: PersonId(row.uuid(1)?),
        name: row.text(2)?,
        office: store::json(&format!("\"{}\"", row.text(3)?))?,
        division: row.text(4)?,
    };
    Ok(Account { member, password: row.text(5)?, totp: row.blob(6)?, last_step: row.int(7)?, failures: row.int(8)?, locked_until: row.opt_time(9)? })
}

impl Court {
    /// Signs a member in with password and TOTP; the token goes into his cookie.
    pub async fn sign_in(&self, login: String, password: String, code: String) -> Result<(String, Session), Error> {
        let found = self
            .db()
            .read(move |tx| Ok::<_, Error>(tx.query_opt(STAFF_BY_LOGIN, &[login.as_str().into()])?.map(|row| account(&row)).transpose()?))
            .await?;
        let real = storage::Clock::real_now();
        let Some(found) = found else {
            // As slow as for a name that exists.
            secret::check_password(&password, &secret::hash_password("nobody"));
            return Err(Error::SignIn(SignInError::Wrong));
        };
        if found.locked_until.is_some_and(|until| until > real) {
            return Err(Error::SignIn(SignInError::Locked));
        }
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
                    let expires = real.saturating_add(SESSION).map_err(|_| Error::Corrupt("the machine's clock"))?;
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
        let row = self.db().read(move |tx| Ok::<_, Error>(tx.query_opt(SESSION_GET, &[digest.into()])?)).await?;
        let row = row.ok_or(Error::SignIn(SignInError::Expired))?;
        if row.time(3)? <= storage::Clock::real_now() {
            return Err(Error::SignIn(SignInError::Expired));
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
        let found =
            self.db().read(move |tx| Ok::<_, Error>(tx.query_opt(STAFF_BY_LOGIN, &[login.into()])?.map(|row| account(&row)).transpose()?)).await?;
        let step = secret::totp_step(storage::Clock::real_now());
        Ok(found.map(|found| secret::totp(&found.totp, step.max(found.last_step + 1))))
    }
}

/// Takes a fresh code, once.
pub(crate) fn take_code(tx: &mut Tx, zone: &Court, member: &Member, code: &str) -> Result<(), Error> {
    let row = tx.query_one(STAFF_BY_ID, &[(&member.court).into(), member.id.0.into()])?;
    let account = account(&row)?;
    if account.locked_until.is_some_and(|until| until > storage::Clock::real_now()) {
        return Err(Error::SignIn(SignInError::Locked));
    }
    let step = zone.step_of(&account, code).ok_or(Error::SignIn(SignInError::Code))?;
    match tx.execute(STAFF_STEP, &[(&member.court).into(), member.id.0.into(), step.into()])? {
        1 => Ok(()),
        _ => Err(Error::SignIn(SignInError::Code)),
    }
}

/// Counts a wrong attempt.
fn failed(tx: &mut Tx, account: &Account) -> Result<(), Error> {
    let real = storage::Clock::real_now();
    let rest =
        (account.failures + 1 >= ATTEMPTS).then(|| real.saturating_add(REST)).transpose().map_err(|_| Error::Corrupt("the machine's clock"))?;
    tx.execute(STAFF_FAILED, &[(&account.member.court).into(), account.member.id.0.into(), rest.into()])?;
    Ok(())
}

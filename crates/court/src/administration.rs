//! 系统管理: a system administrator enters staff, locks accounts and gives new codes. He sees no case, no password and no
//! authenticator: a member makes the account his own with an activation code (R-AUD-03). Every act is an event of a stream of
//! its own, chained by digest, with who did it and when.
use crate::message::{self, Text, covered};
use crate::staff::{self, Member, NewMember, SignInError};
use crate::store::administration as kept;
use crate::{Court, Error, receive, store};
use jiff::{SignedDuration, Timestamp};
use procedure::case::Labelled;
use procedure::{Office, PersonId, Refusal};
use serde::{Deserialize, Serialize};
use storage::events::{self, NewEvent};
use storage::{Db, Tx, secret};
use uuid::Uuid;

/// How long an activation code works, in real time.
const ACTIVATION: SignedDuration = SignedDuration::from_hours(72);
/// Characters of the shortest password.
pub const PASSWORD: usize = 10;
/// Offices that a member of staff can hold; the platform's is nobody's.
pub const OFFICES: [Office; 5] = [Office::FilingClerk, Office::Judge, Office::Clerk, Office::President, Office::SystemAdministrator];

/// What is done to an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Deed {
    Entered,
    Locked,
    Unlocked,
    Reset,
    Activated,
}

impl Labelled for Deed {
    fn zh(&self) -> &'static str {
        match self {
            Self::Entered => "录入人员",
            Self::Locked => "停用账号",
            Self::Unlocked => "恢复账号",
            Self::Reset => "重置密码和动态口令",
            Self::Activated => "本人启用账号",
        }
    }
}

/// A deed as its event keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    pub deed: Deed,
    /// Whose account.
    pub person: PersonId,
    pub login: String,
    pub name: String,
    pub office: Office,
    /// Who did it, in words.
    pub by: String,
}

/// A member of staff as an administrator enters him.
#[derive(Debug, Clone)]
pub struct NewAccount {
    pub court: String,
    pub login: String,
    pub name: String,
    pub office: Office,
    pub division: String,
    /// Empty: the code is handed over on paper.
    pub phone: String,
}

/// Where the activation code went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Handed {
    /// To this telephone, shown with its middle covered.
    Sent(String),
    /// To the administrator, once, for handing over on paper.
    Shown(String),
}

/// An account as an administrator sees it.
#[derive(Debug, Clone)]
pub struct Account {
    pub member: Member,
    pub login: String,
    /// With its middle covered.
    pub phone: Option<String>,
    pub disabled: bool,
    pub rests_until: Option<Timestamp>,
    /// Not made his own yet; the code works until then.
    pub activation: Option<Timestamp>,
}

fn invalid(field: &str, zh: &str) -> Error {
    Error::Refused(Refusal::FieldInvalid { field: field.into(), zh: zh.into(), rule: "R-AUD-03".into() })
}

/// The stream of a court's deeds.
pub(crate) fn stream(court: &str) -> Uuid {
    Uuid::new_v5(&Uuid::NAMESPACE_URL, format!("xiezhi/administration/{court}").as_bytes())
}

/// Puts a deed on record; `actor` is the id of who did it, or where there is none how it was done.
pub fn note(tx: &mut Tx, court: &str, record: &Record, actor: &str, at: Timestamp) -> Result<(), Error> {
    let version = events::version(tx, court, stream(court))?;
    let event = NewEvent { kind: store::name_of(&record.deed)?, body: serde_json::to_string(record)?, at, actor: actor.to_owned() };
    events::append(tx, court, stream(court), version, &[event])?;
    Ok(())
}

/// Deeds on record in these courts; an event that is missing or was changed is an error.
pub fn check_record(db: &Db, courts: &[String]) -> Result<u64, Error> {
    let courts = courts.to_vec();
    db.read_blocking(move |tx| {
        let mut count = 0;
        for court in &courts {
            count += events::check_chain(tx, court, stream(court))?.0;
        }
        Ok(count)
    })
}

/// Twelve letters in three groups.
fn activation_code() -> String {
    let letters: Vec<char> = secret::random::<12>().iter().map(|byte| char::from(crate::work::CODE_LETTERS[usize::from(*byte) % 31])).collect();
    letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

fn check(zone: &Court, new: &NewAccount) -> Result<(), Error> {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'.' || byte == b'-';
    if !zone.courts().contains(&new.court) {
        return Err(invalid("court", "请选择本平台服务的法院。"));
    }
    if !(2..=32).contains(&new.login.len()) || !new.login.bytes().all(plain) {
        return Err(invalid("login", "账号用 2 至 32 个小写字母、数字、点或者短横，例如 xu.zhixing。"));
    }
    if new.name.trim().is_empty() || new.name.chars().count() > 40 {
        return Err(invalid("name", "请写姓名，40 个字以内。"));
    }
    if new.division.trim().is_empty() || new.division.chars().count() > 40 {
        return Err(invalid("division", "请写所在部门，例如立案庭。"));
    }
    if !OFFICES.contains(&new.office) {
        return Err(invalid("office", "请选择职务。"));
    }
    if new.phone.is_empty() { Ok(()) } else { staff::check_phone(&new.phone) }
}

impl Court {
    /// Accounts of every court served here, for an administrator.
    pub async fn accounts(&self, by: &Member) -> Result<Vec<Account>, Error> {
        staff::administers(self, by, &by.court)?;
        let zone = self.clone();
        self.db()
            .read(move |tx| {
                let mut all = Vec::new();
                for court in zone.courts() {
                    let mut standings: Vec<_> = kept::standings(tx, court)?;
                    for (member, login) in staff::all(tx, court)? {
                        let Some(place) = standings.iter().position(|one| one.id == member.id) else { continue };
                        let standing = standings.swap_remove(place);
                        let phone = standing.phone.map(|sealed| staff::open_phone(&zone, member.id, &sealed)).transpose()?;
                        let phone = phone.map(|phone| covered(&phone));
                        let (disabled, rests_until) = (standing.disabled, standing.rests_until);
                        all.push(Account { member, login, phone, disabled, rests_until, activation: standing.activation });
                    }
                }
                Ok(all)
            })
            .await
    }

    /// Enters a member, with the administrator's fresh code, and says where the activation code went.
    pub async fn enter_member(&self, by: &Member, code: String, new: NewAccount) -> Result<Handed, Error> {
        staff::administers(self, by, &by.court)?;
        check(self, &new)?;
        let (zone, who) = (self.clone(), by.clone());
        self.signing(by, move |tx| {
            staff::take_code(tx, &zone, &who, &code)?;
            if staff::known(tx, &new.login)? {
                return Err(invalid("login", "这个账号已经有人用了，请换一个。"));
            }
            let id = PersonId::new();
            let (password, totp) = (secret::token(), secret::random::<20>());
            let (login, name, division) = (new.login.as_str(), new.name.trim(), new.division.trim());
            staff::enter(tx, &new.court, &NewMember { id, login, name, office: new.office, division, password: &password, totp: &totp })?;
            let phone = (!new.phone.is_empty()).then(|| staff::seal_phone(zone.vault(), id, &new.phone)).transpose()?;
            kept::put_phone(tx, &new.court, id, phone)?;
            let member = Member { court: new.court.clone(), id, name: name.to_owned(), office: new.office, division: division.to_owned() };
            record(tx, &zone, &who, &member, login, Deed::Entered)?;
            hand(tx, &zone, &member, login, &new.phone)
        })
        .await
    }

    /// Locks an account or opens it again; its sessions end at once. An administrator does not lock himself out.
    pub async fn lock_member(&self, by: &Member, code: String, court: String, id: PersonId, locked: bool) -> Result<(), Error> {
        staff::administers(self, by, &court)?;
        if id == by.id {
            return Err(invalid("code", "不能停用自己的账号，请由另一名系统管理员办理。"));
        }
        let (zone, who) = (self.clone(), by.clone());
        self.signing(by, move |tx| {
            staff::take_code(tx, &zone, &who, &code)?;
            let (member, login) = staff::member(tx, &court, id)?;
            kept::disable(tx, &court, id, locked)?;
            record(tx, &zone, &who, &member, &login, if locked { Deed::Locked } else { Deed::Unlocked })
        })
        .await
    }

    /// Takes password and authenticator from an account and gives a new activation code; its sessions end at once.
    pub async fn reset_member(&self, by: &Member, code: String, court: String, id: PersonId) -> Result<Handed, Error> {
        staff::administers(self, by, &court)?;
        let (zone, who) = (self.clone(), by.clone());
        self.signing(by, move |tx| {
            staff::take_code(tx, &zone, &who, &code)?;
            let (member, login) = staff::member(tx, &court, id)?;
            kept::put_secrets(tx, &court, id, &secret::hash_password(&secret::token()), &secret::random::<20>())?;
            record(tx, &zone, &who, &member, &login, Deed::Reset)?;
            let phone = staff::phone(tx, &zone, &court, id)?;
            hand(tx, &zone, &member, &login, phone.as_deref().unwrap_or(""))
        })
        .await
    }

    /// A member makes his account his own: code and a password of his choice; the secret is for his authenticator alone.
    pub async fn activate(&self, login: String, code: String, password: String) -> Result<[u8; 20], Error> {
        if password.chars().count() < PASSWORD {
            return Err(invalid("password", "密码至少 10 个字。"));
        }
        let digest = secret::token_digest(&receive::normal(&code));
        let (zone, wrong) = (self.clone(), Error::SignIn(SignInError::Activation));
        let hash = secret::hash_password(&password);
        let done = self
            .db()
            .write(move |tx| {
                let Some(account) = staff::by_login(tx, &login)? else { return Ok(None) };
                account.awake()?;
                let (court, id) = (account.member.court.as_str(), account.member.id);
                let given = kept::activation(tx, court, id)?;
                let right = given.is_some_and(|(kept, until)| kept == digest && until > storage::Clock::real_now());
                if !right || !kept::end_activation(tx, court, id)? {
                    staff::failed(tx, &account)?;
                    return Ok(None);
                }
                let totp = secret::random::<20>();
                kept::put_secrets(tx, court, id, &hash, &totp)?;
                record(tx, &zone, &account.member, &account.member, &login, Deed::Activated)?;
                Ok::<_, Error>(Some(totp))
            })
            .await?;
        done.ok_or(wrong)
    }

    /// What was done to accounts of a court, latest first, with when.
    pub async fn administration(&self, by: &Member, court: String) -> Result<Vec<(Timestamp, Record)>, Error> {
        staff::administers(self, by, &court)?;
        self.db()
            .read(move |tx| {
                let stored = events::load(tx, &court, stream(&court), 0)?;
                stored.iter().rev().take(200).map(|stored| Ok((stored.at, store::json(&stored.body)?))).collect()
            })
            .await
    }
}

fn record(tx: &mut Tx, zone: &Court, by: &Member, member: &Member, login: &str, deed: Deed) -> Result<(), Error> {
    let record = Record {
        deed,
        person: member.id,
        login: login.to_owned(),
        name: member.name.clone(),
        office: member.office,
        by: format!("{} {}", by.office.zh(), by.name),
    };
    note(tx, &member.court, &record, &by.id.to_string(), zone.now())
}

/// Gives a member a fresh activation code, by telephone where one is on record.
fn hand(tx: &mut Tx, zone: &Court, member: &Member, login: &str, phone: &str) -> Result<Handed, Error> {
    let code = activation_code();
    let until = storage::Clock::real_now().saturating_add(ACTIVATION).map_err(|_| Error::Corrupt("the machine's clock"))?;
    kept::put_activation(tx, &member.court, member.id, &secret::token_digest(&receive::normal(&code)), until)?;
    if phone.is_empty() {
        return Ok(Handed::Shown(code));
    }
    let court = zone.court_name(&member.court);
    let text =
        format!("【{court}】您的办案平台账号是 {login}，激活码 {code}，三日内有效。请在登录页点“启用账号”，自己设置密码和动态口令。请勿告诉他人。");
    message::queue(tx, zone, &member.court, &Text { id: Uuid::now_v7(), phone, about: "启用账号", text: &text }, zone.now())?;
    Ok(Handed::Sent(covered(phone)))
}

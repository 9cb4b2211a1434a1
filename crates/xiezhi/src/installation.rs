//! 安装: a data directory with all that an installation is: settings, keys, tables, log.
//!
//! ```text
//! house.toml      settings, no secrets        trust.keys   whom receipts are verified against (may be given to anyone)
//! portal/         bridge.key, court.pub, zone.key, receipt.key, portal.db; identity.secret, payment.secret where providers are named
//! court/          bridge.key, portal.pub, vault.key, receipt.key, log.key, ca/ (seals), log/, court.db
//! ```
//! Beside them, where a zone has them: smtp.password, sms.secret. TLS files stay where whoever renews them puts them.
//!
//! Each zone reads its own directory alone, so that the two can lie on two machines.
use anyhow::{Context, Result, bail};
use court::{Court, Vault};
use exchange::identity::{self, IdentityAuthority};
use exchange::messenger::{Messenger, SmtpTls};
use exchange::payment::{self, PaymentProvider};
use exchange::provider::Endpoint;
use jiff::Timestamp;
use ledger::{Purpose, SigningKey, Suite, Trust};
use portal::Portal;
use procedure::Law;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use storage::{Clock, Db, secret};

const SETTINGS: &str = "house.toml";
/// Years for which a sandbox seal is valid.
const SEAL_YEARS: u16 = 20;

/// What `house.toml` says.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Sandboxes (identity, payment, telephone, codes) and the movable clock exist in a demo alone.
    pub demo: bool,
    /// Codes of the courts served.
    pub courts: Vec<String>,
    /// Where the demo's clock begins.
    #[serde(default)]
    pub starts: Option<Timestamp>,
    pub portal: Zone,
    pub court: Zone,
    /// The courts served, by code: where their people are found and their fees are paid. A demo knows them from its register.
    #[serde(default)]
    pub contacts: BTreeMap<String, Contact>,
    /// Who confirms real names online; without it the counter confirms everybody (R-IDC-01).
    #[serde(default)]
    pub identity: Option<Provider>,
    /// Who takes fees online; without it they are paid at the bank and the counter.
    #[serde(default)]
    pub payment: Option<Provider>,
}

/// 诉讼服务中心 of a court, and its account for fees, as they are printed on papers.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contact {
    pub address: String,
    pub phone: String,
    pub fee_account: FeeAccount,
}

/// 诉讼费专户
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FeeAccount {
    /// 户名
    pub payee: String,
    /// 开户行
    pub bank: String,
    /// 账号
    pub number: String,
}

impl std::str::FromStr for FeeAccount {
    type Err = anyhow::Error;

    /// `户名,开户行,账号`
    fn from_str(text: &str) -> Result<Self> {
        let parts: Vec<&str> = text.split([',', '，']).map(str::trim).collect();
        let [payee, bank, number] = parts[..] else { bail!("{text}: an account is 户名,开户行,账号") };
        if [payee, bank, number].iter().any(|part| part.is_empty()) {
            bail!("{text}: an account is 户名,开户行,账号, none of them empty");
        }
        Ok(Self { payee: payee.into(), bank: bank.into(), number: number.into() })
    }
}

/// A provider's interface on this machine, behind a relay that speaks TLS; the secret shared with it lies in a file.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Provider {
    /// `http://127.0.0.1:PORT/…`
    pub url: String,
    /// Name of the key, as the provider knows it.
    pub key: String,
}

/// One zone's addresses, and how its messages leave the house.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Zone {
    /// Where its pages listen.
    pub listen: String,
    /// Where its end of the bridge listens when the zones are two processes.
    pub bridge: String,
    /// Address under which people reach it.
    pub url: String,
    /// `sqlite:PATH`, the path seen from the data directory, or `postgres://…`.
    pub db: String,
    /// Its pages speak TLS themselves; without it a proxy in front does.
    #[serde(default)]
    pub tls: Option<TlsFiles>,
    #[serde(default)]
    pub mail: Option<Mail>,
    /// Where both are named, telephones are reached this way.
    #[serde(default)]
    pub sms: Option<Sms>,
}

/// A certificate with its chain, and its key, as PEM.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TlsFiles {
    pub cert: PathBuf,
    pub key: PathBuf,
}

/// An SMTP server that takes a zone's messages; telephones are reached through the carrier's mail gateway.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mail {
    /// `host:port`
    pub server: String,
    pub from: String,
    /// Address of a telephone, `{phone}` standing for its number.
    pub to: String,
    /// `none` for a server on this machine, `starttls`, `tls`.
    #[serde(default)]
    pub tls: SmtpTls,
    /// PEM file of the only root that is believed; without it those of this machine.
    #[serde(default)]
    pub root: Option<PathBuf>,
    /// As whom the server is spoken to; the password lies in the zone's directory.
    #[serde(default)]
    pub user: Option<String>,
}

/// A carrier's HTTP interface on this machine; the shared secret lies in the zone's directory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sms {
    pub url: String,
    /// Name of the key under which the carrier knows the secret.
    pub key: String,
}

impl Settings {
    /// The demo: invented courts, loopback addresses.
    pub fn demo(starts: Timestamp, portal: u16, court: u16) -> Self {
        let zone = |port: u16, name: &str| Zone {
            listen: format!("127.0.0.1:{port}"),
            bridge: format!("127.0.0.1:{}", port + 1),
            url: format!("http://127.0.0.1:{port}"),
            db: format!("sqlite:{name}/{name}.db"),
            tls: None,
            mail: None,
            sms: None,
        };
        let courts = procedure::courts::Register::with_demo().iter().filter(|court| court.demo).map(|court| court.code.clone()).collect();
        Self {
            demo: true,
            courts,
            starts: Some(starts),
            portal: zone(portal, "portal"),
            court: zone(court, "court"),
            contacts: BTreeMap::new(),
            identity: None,
            payment: None,
        }
    }
}

/// A data directory.
#[derive(Debug, Clone)]
pub struct Installation {
    pub dir: PathBuf,
    pub settings: Settings,
}

impl Installation {
    /// Opens what [`Installation::create`] made.
    pub fn open(dir: &Path) -> Result<Self> {
        let path = dir.join(SETTINGS);
        let text =
            fs::read_to_string(&path).with_context(|| format!("{} is no installation; `xiezhi init DIR` or ./demo makes one", dir.display()))?;
        let settings = toml::from_str(&text).with_context(|| path.display().to_string())?;
        Ok(Self { dir: dir.to_owned(), settings })
    }

    /// A demo at other ports than before; they are kept.
    pub fn moved_to(mut self, portal: Option<u16>, court: Option<u16>) -> Result<Self> {
        let moves = [(&mut self.settings.portal, portal), (&mut self.settings.court, court)];
        let mut moved = false;
        for (zone, port) in moves.into_iter().filter_map(|(zone, port)| Some((zone, port?))) {
            let listen = format!("127.0.0.1:{port}");
            moved |= zone.listen != listen;
            (zone.url, zone.bridge) = (format!("http://{listen}"), format!("127.0.0.1:{}", port.saturating_add(1)));
            zone.listen = listen;
        }
        if moved && self.settings.demo {
            self.keep_settings()?;
        }
        Ok(self)
    }

    /// Keeps where the tables lie, so that backup, doctor and replay look there too. A URL with a password is not written down:
    /// then it has to be named each time.
    pub fn keep_tables(&self, court: Option<&str>, portal: Option<&str>) -> Result<()> {
        let mut kept = Self::open(&self.dir)?;
        let zones = [(&mut kept.settings.court, court), (&mut kept.settings.portal, portal)];
        let mut changed = false;
        for (zone, url) in zones.into_iter().filter_map(|(zone, url)| Some((zone, url?))) {
            let secret = url.split_once("://").and_then(|(_, rest)| rest.split_once('@')).is_some_and(|(user, _)| user.contains(':'));
            if secret {
                tracing::warn!("the address of the tables holds a password and is not kept in {SETTINGS}: name it for backup, doctor and replay too");
            } else if zone.db != url {
                (zone.db, changed) = (url.to_owned(), true);
            }
        }
        if changed { kept.keep_settings() } else { Ok(()) }
    }

    fn keep_settings(&self) -> Result<()> {
        write(&self.dir.join(SETTINGS), 0o644, &toml::to_string(&self.settings)?)
    }

    /// Is there one already?
    pub fn exists(dir: &Path) -> bool {
        dir.join(SETTINGS).exists()
    }

    /// Makes keys, seals, trust file and log, the settings last: a set-up that was interrupted goes on when called again.
    pub fn create(dir: &Path, settings: Settings) -> Result<Self> {
        let new = Self { dir: dir.to_owned(), settings };
        for zone in ["portal", "court", "court/log"] {
            fs::create_dir_all(dir.join(zone)).with_context(|| dir.display().to_string())?;
        }
        new.bridge_keys()?;
        new.secret("portal/zone.key")?;
        new.secret("court/vault.key")?;
        let name = |of: &str| format!("{of}.{}", if new.settings.demo { "demo" } else { "xiezhi" });
        let portal = new.signing_key("portal/receipt.key", &name("portal"))?;
        let court = new.signing_key("court/receipt.key", &name("court"))?;
        let log = new.signing_key("court/log.key", &name("log"))?;
        let mut trust = Trust::default();
        for (role, key) in [(ledger::Role::Portal, &portal), (ledger::Role::Court, &court), (ledger::Role::Log, &log)] {
            trust.add(role, key.verifying_key().clone())?;
        }
        write(&dir.join("trust.keys"), 0o644, &format!("# 验真用的公钥。请从法院另行取得本文件，不要从收到的回执里取。\n{trust}"))?;
        let started = new.settings.starts.unwrap_or_else(Timestamp::now);
        let stamp = court::stamp(started)?;
        match ledger::Log::create(&dir.join("court/log"), log, &stamp) {
            Ok(_) | Err(ledger::Error::Exists) => {}
            Err(error) => return Err(error.into()),
        }
        new.seals(started)?;
        new.keep_settings()?;
        Ok(new)
    }

    fn bridge_keys(&self) -> Result<()> {
        let pair = |zone: &str, peer: &str| -> Result<()> {
            let secret_file = self.dir.join(zone).join("bridge.key");
            if !secret_file.exists() {
                exchange::Secret::generate(zone)?.save(&secret_file)?;
            }
            let public_file = self.dir.join(peer).join(format!("{zone}.pub"));
            if !public_file.exists() {
                exchange::Secret::load(&secret_file)?.public().save(&public_file)?;
            }
            Ok(())
        };
        pair("portal", "court")?;
        pair("court", "portal")
    }

    /// Keeps a secret that was given to us, for this user of the machine alone.
    pub fn keep_secret(&self, name: &str, text: &str) -> Result<()> {
        write(&self.dir.join(name), 0o600, text)
    }

    /// The vault of the court zone.
    pub fn vault(&self) -> Result<Vault> {
        Ok(Vault::new(self.secret("court/vault.key")?))
    }

    fn secret(&self, name: &str) -> Result<[u8; 32]> {
        let path = self.dir.join(name);
        if !path.exists() {
            let key: [u8; 32] = secret::random();
            write(&path, 0o600, &key.iter().map(|byte| format!("{byte:02x}")).collect::<String>())?;
        }
        let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        let text = text.trim();
        let mut key = [0; 32];
        if text.len() != 64 || !text.is_ascii() {
            bail!("{}: 64 hexadecimal digits wanted", path.display());
        }
        for (at, byte) in key.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&text[2 * at..2 * at + 2], 16).with_context(|| path.display().to_string())?;
        }
        Ok(key)
    }

    fn signing_key(&self, file: &str, name: &str) -> Result<SigningKey> {
        let path = self.dir.join(file);
        if !path.exists() {
            write(&path, 0o600, &SigningKey::generate(Suite::Sm, name, Purpose::Note)?.to_secret_text())?;
        }
        let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        SigningKey::parse(text.trim()).with_context(|| path.display().to_string())
    }

    /// Seal certificates by court code. In a demo they are made by the sandbox authority; else they lie in `court/ca`
    /// as `root.crt` and, for each court, `ID.key` and `ID.crt`, ID being the digits of its code.
    pub fn seals(&self, from: Timestamp) -> Result<BTreeMap<String, documents::Signer>> {
        let dir = self.dir.join("court/ca");
        let store = if self.settings.demo { documents::KeyStore::open_or_create(&dir, from, SEAL_YEARS)? } else { documents::KeyStore::open(&dir)? };
        let law = self.law();
        let mut seals = BTreeMap::new();
        for code in &self.settings.courts {
            let court = law.courts.by_code(code).with_context(|| format!("the register knows no court {code}"))?;
            let id = seal_id(code);
            let signer = if self.settings.demo { store.signer(&id, &court.name, from, SEAL_YEARS)? } else { store.load(&id)? };
            seals.insert(code.clone(), signer);
        }
        Ok(seals)
    }

    /// The law of this installation; the register knows where its courts are found.
    pub fn law(&self) -> Law {
        let mut law = if self.settings.demo { Law::demo() } else { Law::current() };
        for (code, contact) in &self.settings.contacts {
            law.courts.set_contact(code, &contact.address, &contact.phone);
        }
        law
    }

    /// Accounts for fees. Outside of a demo each court has one and is found somewhere: without them no notice can be printed.
    fn fee_accounts(&self) -> Result<BTreeMap<String, court::FeeAccount>> {
        let mut accounts = BTreeMap::new();
        for code in self.settings.courts.iter().filter(|_| !self.settings.demo) {
            let contact = self.settings.contacts.get(code).with_context(|| {
                format!("{SETTINGS} has no [contacts.\"{code}\"]: address, phone and fee_account of the court, which its papers print")
            })?;
            let FeeAccount { payee, bank, number } = contact.fee_account.clone();
            accounts.insert(code.clone(), court::FeeAccount { payee, bank, number });
        }
        Ok(accounts)
    }

    /// Keeps the secret that is shared with a provider; its owner alone reads it.
    pub fn keep_provider_secret(dir: &Path, name: &str, from: &Path) -> Result<()> {
        let text = fs::read_to_string(from).with_context(|| from.display().to_string())?;
        fs::create_dir_all(dir.join("portal")).with_context(|| dir.display().to_string())?;
        write(&dir.join("portal").join(format!("{name}.secret")), 0o600, &text)
    }

    /// The endpoint of a provider; its secret is the portal's `NAME.secret`.
    fn endpoint(&self, called: &'static str, name: &str, provider: &Provider) -> Result<Endpoint> {
        let path = self.dir.join("portal").join(format!("{name}.secret"));
        let secret = fs::read_to_string(&path).with_context(|| format!("{}: the secret shared with {}", path.display(), provider.url))?;
        Ok(Endpoint::new(called, &provider.url, &provider.key, secret.trim(), Clock::real_now)?)
    }

    /// Who confirms real names: the provider of house.toml, else the demo's sandbox, else the counter.
    fn authority(&self) -> Result<Arc<dyn IdentityAuthority>> {
        Ok(match &self.settings.identity {
            Some(provider) => Arc::new(identity::Http::new(self.endpoint(identity::Http::NAME, "identity", provider)?)),
            None if self.settings.demo => Arc::new(identity::Sandbox::new(None)),
            None => Arc::new(identity::Counter),
        })
    }

    /// Who takes fees online: the provider of house.toml, else the demo's sandbox, else nobody.
    fn cashier(&self) -> Result<Option<Arc<dyn PaymentProvider>>> {
        Ok(match &self.settings.payment {
            Some(provider) => Some(Arc::new(payment::Http::new(self.endpoint(payment::Http::NAME, "payment", provider)?))),
            None if self.settings.demo => Some(Arc::new(payment::Sandbox::new(format!("{}/sandbox/pay", self.settings.portal.url)))),
            None => None,
        })
    }

    /// A zone's database, with its migrations run.
    fn db(&self, zone: &Zone, instead: Option<&str>, migrations: &[storage::Migration]) -> Result<Db> {
        let url = instead.unwrap_or(&zone.db);
        let url = match url.strip_prefix("sqlite:") {
            Some(path) => format!("sqlite:{}", self.dir.join(path).display()),
            None => url.to_owned(),
        };
        Db::open(&url, &[migrations]).with_context(|| "opening the database".to_owned())
    }

    /// The court zone's tables.
    pub fn court_db(&self, instead: Option<&str>) -> Result<Db> {
        self.db(&self.settings.court, instead, court::store::MIGRATIONS)
    }

    /// The portal's tables.
    pub fn portal_db(&self, instead: Option<&str>) -> Result<Db> {
        self.db(&self.settings.portal, instead, portal::store::MIGRATIONS)
    }

    /// Do the portal's tables lie here, not on a machine of their own?
    pub fn has_portal(&self, instead: Option<&str>) -> bool {
        match instead.unwrap_or(&self.settings.portal.db).strip_prefix("sqlite:") {
            Some(path) => self.dir.join(path).exists(),
            None => true,
        }
    }

    /// The clock over a zone's tables: the demo's can be moved.
    pub fn clock(&self, db: &Db) -> Result<Clock> {
        Ok(match (self.settings.demo, self.settings.starts) {
            (false, _) => Clock::system(),
            (true, None) => Clock::demo(db)?,
            (true, Some(start)) => Clock::demo_from(db, start)?,
        })
    }

    /// Holds a zone for this process: two servers over the same tables would each run its workers.
    pub fn hold(&self, zone: &str) -> Result<File> {
        let path = self.dir.join(zone).join("lock");
        let file = OpenOptions::new().create(true).write(true).truncate(false).mode(0o600).open(&path).with_context(|| path.display().to_string())?;
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(std::fs::TryLockError::WouldBlock) => bail!("another xiezhi is serving {} already; stop it first", self.dir.display()),
            Err(std::fs::TryLockError::Error(error)) => Err(error).with_context(|| path.display().to_string()),
        }
    }

    /// Bridge keys of a zone: its own secret, its peer's public file.
    pub fn bridge(&self, zone: &str, peer: &str) -> Result<exchange::Keys> {
        let dir = self.dir.join(zone);
        Ok(exchange::Keys::load(&dir.join("bridge.key"), &dir.join(format!("{peer}.pub")))?)
    }

    /// Whom this installation's receipts are verified against.
    pub fn trust(&self) -> Result<Trust> {
        let path = self.dir.join("trust.keys");
        let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        Trust::parse(&text).with_context(|| path.display().to_string())
    }

    /// The log of the judicial chain.
    pub fn log(&self) -> Result<ledger::Log> {
        let key = self.signing_key("court/log.key", "log")?;
        Ok(ledger::Log::open(&self.dir.join("court/log"), key, None)?)
    }

    /// The key under which the log signs its checkpoints.
    pub fn log_key(&self) -> Result<SigningKey> {
        self.signing_key("court/log.key", "log")
    }

    /// The time at which the log goes on: the installation's, and after its newest checkpoint.
    pub fn log_time(&self) -> Result<Timestamp> {
        let now = self.clock(&self.court_db(None)?)?.now();
        Ok(now)
    }

    /// The court zone over these tables.
    pub fn open_court(&self, db: Db, clock: Clock, fonts: &Path, messenger: Arc<dyn Messenger>) -> Result<Court> {
        let from = self.settings.starts.unwrap_or_else(Timestamp::now);
        Ok(Court::new(court::Config {
            db,
            clock,
            law: self.law(),
            courts: self.settings.courts.clone(),
            demo: self.settings.demo,
            bridge: self.bridge("court", "portal")?,
            vault: self.vault()?,
            receipt_key: self.signing_key("court/receipt.key", "court")?,
            log: Mutex::new(self.log()?),
            papers: documents::Papers::open(fonts).context("fonts of the papers (scripts/fonts sets them up)")?,
            seals: self.seals(from)?,
            portal_url: self.settings.portal.url.clone(),
            messenger,
            fee_accounts: self.fee_accounts()?,
            intake: Some(intake::worker::Client::of_this_binary()?),
        }))
    }

    /// The portal over these tables.
    pub fn open_portal(&self, db: Db, clock: Clock, messenger: Arc<dyn Messenger>) -> Result<Portal> {
        Ok(Portal::new(portal::Config {
            db,
            clock,
            law: self.law(),
            key: self.secret("portal/zone.key")?,
            bridge: self.bridge("portal", "court")?,
            receipt_key: self.signing_key("portal/receipt.key", "portal")?,
            trust: self.trust()?,
            courts: self.settings.courts.clone(),
            messenger,
            authority: self.authority()?,
            payment: self.cashier()?,
            intake: Some(intake::worker::Client::of_this_binary()?),
            demo: self.settings.demo,
            court_phone: self.settings.demo.then(|| format!("{}/sandbox/phone", self.settings.court.url)),
            secure: self.settings.portal.url.starts_with("https://"),
            public_url: self.settings.portal.url.clone(),
        })?)
    }
}

/// File name of a court's seal: the digits of its code, or all of it in hexadecimal where there are none.
pub fn seal_id(code: &str) -> String {
    let digits: String = code.chars().filter(char::is_ascii_digit).collect();
    let digest: String = code.bytes().filter(|byte| !byte.is_ascii_digit()).map(|byte| format!("{byte:02x}")).collect();
    format!("court-{digest}-{digits}")
}

/// The directory that scripts/fonts fills: as told, else beside the tools, the working directory or the binary.
pub fn fonts(told: Option<&Path>) -> Result<PathBuf> {
    let near_binary = std::env::current_exe().ok().and_then(|exe| exe.ancestors().nth(3).map(|root| root.join(".tools/fonts")));
    let tools = std::env::var_os("XIEZHI_TOOLS").map(|tools| PathBuf::from(tools).join("fonts"));
    let places = [told.map(Path::to_owned), tools, Some(PathBuf::from(".tools/fonts")), near_binary];
    places.into_iter().flatten().find(|dir| dir.is_dir()).context("the fonts of the papers are missing; run scripts/fonts")
}

/// Writes a whole file or none.
fn write(path: &Path, mode: u32, text: &str) -> Result<()> {
    let part = path.with_added_extension("part");
    match fs::remove_file(&part) {
        Ok(()) => {}
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        Err(error) => return Err(error).with_context(|| part.display().to_string()),
    }
    let written = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(mode)
        .open(&part)
        .and_then(|mut file| file.write_all(text.as_bytes()).and_then(|()| file.sync_all()))
        .and_then(|()| fs::rename(&part, path));
    written.with_context(|| path.display().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An installation that is no demo, of one court.
    fn real(contacts: BTreeMap<String, Contact>) -> Installation {
        let mut settings = Settings::demo(Timestamp::UNIX_EPOCH, 1, 3);
        (settings.demo, settings.starts, settings.courts, settings.contacts) = (false, None, vec!["粤0781".into()], contacts);
        Installation { dir: PathBuf::new(), settings }
    }

    #[test]
    fn where_the_tables_lie_and_the_ports_are_kept() {
        let place = tempfile::tempdir().expect("a directory");
        let made = Installation::create(place.path(), Settings::demo(Timestamp::UNIX_EPOCH, 1, 3)).expect("made");
        made.keep_tables(Some("postgres://xiezhi@127.0.0.1:5432/court"), Some("postgres://xiezhi:secret@127.0.0.1:5432/portal")).expect("kept");
        let again = Installation::open(place.path()).expect("opened").moved_to(Some(18080), None).expect("moved");
        assert_eq!(again.settings.court.db, "postgres://xiezhi@127.0.0.1:5432/court");
        assert_eq!(again.settings.portal.db, "sqlite:portal/portal.db", "a password is not written down");
        let kept = Installation::open(place.path()).expect("opened").settings;
        assert_eq!((kept.portal.listen.as_str(), kept.portal.bridge.as_str()), ("127.0.0.1:18080", "127.0.0.1:18081"));
        assert_eq!(kept.court.listen, "127.0.0.1:3");
    }

    #[test]
    fn a_court_prints_its_own_address_telephone_and_account() {
        let fee_account: FeeAccount = "台山市人民法院诉讼费专户，台山农商银行，8010 2200 0781".parse().expect("an account");
        let contact = Contact { address: "广东省江门市台山市台城街道1号".into(), phone: "0750-5550101".into(), fee_account };
        let house = real(BTreeMap::from([("粤0781".to_owned(), contact)]));
        let text = toml::to_string(&house.settings).expect("settings as text");
        let read: Settings = toml::from_str(&text).expect("and back");
        assert_eq!(read.contacts["粤0781"].fee_account.bank, "台山农商银行");
        let law = house.law();
        let court = law.courts.by_code("粤0781").expect("the register knows it");
        assert_eq!((court.address.as_deref(), court.phone.as_deref()), (Some("广东省江门市台山市台城街道1号"), Some("0750-5550101")));
        assert_eq!(house.fee_accounts().expect("accounts")["粤0781"].number, "8010 2200 0781");
        assert!("户名，开户行".parse::<FeeAccount>().is_err() && "户名,,1".parse::<FeeAccount>().is_err());
    }

    #[test]
    fn a_court_without_address_or_account_is_not_opened_outside_of_a_demo() {
        let error = real(BTreeMap::new()).fee_accounts().expect_err("no contact");
        assert!(error.to_string().contains("contacts.\"粤0781\""), "{error}");
        let demo = Installation { dir: PathBuf::new(), settings: Settings::demo(Timestamp::UNIX_EPOCH, 1, 3) };
        assert!(demo.fee_accounts().expect("the demo prints its own").is_empty());
    }

    #[test]
    fn outside_of_a_demo_there_is_no_sandbox_and_no_start_without_a_messenger() {
        let house = real(BTreeMap::new());
        assert!(house.cashier().expect("nobody").is_none());
        assert!(!house.authority().expect("the counter").is_sandbox());
        assert!(crate::mail::carriers(&house, "portal", &house.settings.portal).is_err(), "codes and notices would go nowhere");
        let demo = Installation { dir: PathBuf::new(), settings: Settings::demo(Timestamp::UNIX_EPOCH, 1, 3) };
        assert!(crate::mail::carriers(&demo, "portal", &demo.settings.portal).expect("a sandbox").is_sandbox());
    }
}

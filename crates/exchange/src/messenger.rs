//! 消息: texts to telephones and mailboxes. A message has an id; tried again under the same id it reaches the person once.
//!
//! [`Smtp`] sends through a mail server, [`Sms`] through a carrier's HTTP interface, [`Sandbox`] keeps what it is given for a
//! page that says so. [`Carriers`] picks the one that takes an address.
use crate::Error;
use crate::provider::{Endpoint, Notice, loopback};
use jiff::Timestamp;
use lettre::address::Address as MailAddress;
use lettre::message::{Mailbox, header};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, CertificateStore, Tls, TlsParameters};
use lettre::{SmtpTransport, Transport};
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};
use uuid::Uuid;

/// Where a message goes. Debug hides it.
#[derive(Clone, PartialEq, Eq, Hash)]
pub enum Address {
    /// Digits of a mobile telephone.
    Phone(String),
    /// 电子邮箱
    Email(String),
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Phone(_) => "Phone(***)",
            Self::Email(_) => "Email(***)",
        })
    }
}

/// One message to one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// The same whenever it is tried again.
    pub id: Uuid,
    pub to: Address,
    /// One line; telephones do not show it.
    pub subject: String,
    pub text: String,
    pub created: Timestamp,
}

/// A carrier took the message: it is on its way, not yet there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// The carrier's own number of it, for questions to the carrier.
    pub reference: String,
}

/// What carries messages.
pub trait Messenger: Send + Sync + fmt::Debug {
    /// For the record and the status page.
    fn name(&self) -> &'static str;

    /// Whether nothing leaves the house. Pages then say so.
    fn is_sandbox(&self) -> bool {
        false
    }

    /// Whether this carrier reaches such addresses.
    fn takes(&self, to: &Address) -> bool;

    /// Hands a message to the carrier; blocks, for a minute at most.
    ///
    /// # Errors
    /// [`Error::is_transient`] says whether to come again with the same message. [`Error::Message`] for what cannot be sent at all.
    fn send(&self, message: &Message) -> Result<Sent, Error>;
}

/// Ids remembered by this process; the zones keep the lasting record.
const REMEMBERED: usize = 20_000;

/// What became of ids lately, so that a retry after a lost answer is not a second message.
#[derive(Debug, Default)]
struct Once(Mutex<Lately>);

#[derive(Debug, Default)]
struct Lately {
    /// `None` while it is being sent.
    known: HashMap<Uuid, Option<Sent>>,
    order: VecDeque<Uuid>,
}

impl Once {
    fn lock(&self) -> MutexGuard<'_, Lately> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sends unless this id was sent; an id that is being sent right now is refused for the moment.
    fn run(&self, name: &str, id: Uuid, send: impl FnOnce() -> Result<Sent, Error>) -> Result<Sent, Error> {
        {
            let mut lately = self.lock();
            match lately.known.get(&id) {
                Some(Some(sent)) => return Ok(sent.clone()),
                Some(None) => return Err(Error::Unreached { peer: name.to_owned(), reason: format!("{id} is being sent") }),
                None => lately.known.insert(id, None),
            };
        }
        let result = send();
        let mut lately = self.lock();
        let Ok(sent) = &result else {
            lately.known.remove(&id);
            return result;
        };
        lately.known.insert(id, Some(sent.clone()));
        lately.order.push_back(id);
        if lately.order.len() > REMEMBERED
            && let Some(old) = lately.order.pop_front()
        {
            lately.known.remove(&old);
        }
        result
    }
}

/// What a message must be, whoever carries it.
fn sound(message: &Message) -> Result<(), Error> {
    if message.subject.chars().any(char::is_control) || message.subject.chars().count() > 200 {
        return Err(Error::Message("a subject of one line, 200 characters at most"));
    }
    if message.text.trim().is_empty() || message.text.len() > 64 << 10 {
        return Err(Error::Message("a text of 64 KiB at most, and not an empty one"));
    }
    Ok(())
}

/// 电子邮件: a mail server that takes messages and carries them on, on this machine or, over TLS, anywhere.
///
/// A retry after a lost answer bears the same `Message-ID` and date; within this process it is not sent again at all.
pub struct Smtp {
    transport: SmtpTransport,
    from: Mailbox,
    /// `{phone}@carrier.example`: the address of a telephone at a carrier's mail gateway.
    gateway: Option<String>,
    once: Once,
}

impl fmt::Debug for Smtp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Smtp").field("from", &self.from.email).field("gateway", &self.gateway).finish_non_exhaustive()
    }
}

/// Where the mail server is, and as whom it is spoken to.
#[derive(Clone)]
pub struct SmtpSettings {
    /// `host:port`
    pub server: String,
    /// `人民法院在线服务 <noreply@court.example>`
    pub from: String,
    pub tls: SmtpTls,
    /// PEM file of the only root that is believed; without it those that this machine believes.
    pub root: Option<PathBuf>,
    /// User and password, if the server wants them.
    pub login: Option<(String, String)>,
    /// Address of a telephone, `{phone}` standing for its number; without it telephones are not taken.
    pub gateway: Option<String>,
}

/// How the way to the mail server is closed to others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SmtpTls {
    /// In the clear: to a server on this machine alone.
    #[default]
    None,
    /// Closed after the greeting, usually on port 587; a server that cannot is not spoken to.
    Starttls,
    /// Closed from the first byte, usually on port 465.
    Tls,
}

impl SmtpTls {
    fn port(self) -> u16 {
        match self {
            Self::None => 25,
            Self::Starttls => 587,
            Self::Tls => 465,
        }
    }
}

impl fmt::Debug for SmtpSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (server, from) = (&self.server, &self.from);
        f.debug_struct("SmtpSettings").field("server", server).field("tls", &self.tls).field("from", from).finish_non_exhaustive()
    }
}

impl SmtpSettings {
    fn wrong(reason: String) -> Error {
        Error::Configuration { what: Smtp::NAME, reason }
    }

    /// Host and port; an IPv6 host stands in brackets.
    fn address(&self) -> Result<(&str, u16), Error> {
        let after_name = self.server.rfind(']').map_or(0, |end| end + 1);
        let (host, port) = match self.server[after_name..].rfind(':') {
            None => (self.server.as_str(), self.tls.port()),
            Some(colon) => {
                let port = &self.server[after_name + colon + 1..];
                (&self.server[..after_name + colon], port.parse().map_err(|_| Self::wrong(format!("{port} is no port")))?)
            }
        };
        Ok((host.trim_matches(['[', ']']), port))
    }

    fn sender(&self) -> Result<Mailbox, Error> {
        if let Some(gateway) = &self.gateway {
            let address = gateway.replace("{phone}", "13900000000").parse::<MailAddress>();
            address.map_err(|error| Self::wrong(format!("gateway {gateway}: {error}")))?;
            if !gateway.contains("{phone}") {
                return Err(Self::wrong(format!("gateway {gateway} has no {{phone}}")));
            }
        }
        self.from.parse().map_err(|error| Self::wrong(format!("sender {}: {error}", self.from)))
    }

    fn closed(&self, host: &str) -> Result<Tls, Error> {
        if self.tls == SmtpTls::None {
            return Ok(Tls::None);
        }
        let mut builder = TlsParameters::builder(host.to_owned());
        if let Some(path) = &self.root {
            let wrong = |reason: String| Self::wrong(format!("root {}: {reason}", path.display()));
            let pem = std::fs::read(path).map_err(|error| wrong(error.to_string()))?;
            let root = Certificate::from_pem(&pem).map_err(|error| wrong(error.to_string()))?;
            builder = builder.certificate_store(CertificateStore::None).add_root_certificate(root);
        }
        let parameters = builder.build().map_err(|error| Self::wrong(error.to_string()))?;
        Ok(if self.tls == SmtpTls::Tls { Tls::Wrapper(parameters) } else { Tls::Required(parameters) })
    }
}

impl Smtp {
    const NAME: &'static str = "电子邮件";

    /// A way through the mail server of these settings. Connects for each message, so the server may restart at any time.
    ///
    /// # Errors
    /// [`Error::Configuration`] where codes would travel in the clear, or an address or the root cannot be read.
    pub fn new(settings: &SmtpSettings) -> Result<Self, Error> {
        if settings.tls == SmtpTls::None && !loopback(&settings.server) {
            let reason =
                format!("{} is not on this machine and would carry codes in the clear; say tls or starttls, or name a relay here", settings.server);
            return Err(SmtpSettings::wrong(reason));
        }
        let (host, port) = settings.address()?;
        let from = settings.sender()?;
        let mut builder = SmtpTransport::builder_dangerous(host).port(port).tls(settings.closed(host)?).timeout(Some(Duration::from_secs(20)));
        if let Some((user, password)) = &settings.login {
            builder = builder.credentials(Credentials::new(user.clone(), password.clone()));
        }
        Ok(Self { transport: builder.build(), from, gateway: settings.gateway.clone(), once: Once::default() })
    }

    fn mailbox(&self, to: &Address) -> Result<Mailbox, Error> {
        let address = match (to, &self.gateway) {
            (Address::Email(address), _) => address.clone(),
            (Address::Phone(phone), Some(gateway)) if phone.bytes().all(|c| c.is_ascii_digit()) => gateway.replace("{phone}", phone),
            (Address::Phone(_), _) => return Err(Error::Message("an address that mail reaches")),
        };
        Ok(Mailbox::new(None, address.parse().map_err(|_| Error::Message("an e-mail address"))?))
    }

    fn letter(&self, message: &Message) -> Result<lettre::Message, Error> {
        let id = format!("<{}@{}>", message.id, self.from.email.domain());
        let date = SystemTime::try_from(message.created).map_err(|_| Error::Message("a time that mail can carry"))?;
        lettre::Message::builder()
            .from(self.from.clone())
            .to(self.mailbox(&message.to)?)
            .subject(&message.subject)
            .date(date)
            .message_id(Some(id))
            // RFC 3834: out-of-office robots do not answer it.
            .raw_header(header::HeaderValue::new(header::HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".into()))
            .header(header::ContentType::TEXT_PLAIN)
            .body(message.text.clone())
            .map_err(|_| Error::Message("a message that mail can carry"))
    }
}

impl Messenger for Smtp {
    fn name(&self) -> &'static str {
        Self::NAME
    }

    fn takes(&self, to: &Address) -> bool {
        match to {
            Address::Email(_) => true,
            Address::Phone(_) => self.gateway.is_some(),
        }
    }

    fn send(&self, message: &Message) -> Result<Sent, Error> {
        sound(message)?;
        let letter = self.letter(message)?;
        self.once.run(Self::NAME, message.id, || match self.transport.send(&letter) {
            Ok(response) => Ok(Sent { reference: response.message().collect::<Vec<_>>().join(" ") }),
            Err(error) if error.is_permanent() => {
                let status = error.status().map_or(0, u16::from);
                Err(Error::Rejected { peer: Self::NAME.to_owned(), status, reason: error.to_string() })
            }
            Err(error) => Err(Error::Unreached { peer: Self::NAME.to_owned(), reason: error.to_string() }),
        })
    }
}

/// 短信: a carrier's HTTP interface. `{"id","phone","text"}` is answered with `{"reference"}`; delivery is reported later by a
/// notice `{"id","state":"delivered"|"failed","at","reason"}`.
#[derive(Debug)]
pub struct Sms {
    endpoint: Endpoint,
    once: Once,
}

#[derive(Serialize)]
struct SmsOrder<'a> {
    id: Uuid,
    phone: &'a str,
    text: &'a str,
}

#[derive(Deserialize)]
struct SmsAnswer {
    reference: String,
}

/// 状态报告: what the carrier says happened to a message.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Report {
    /// It reached the telephone.
    Delivered { id: Uuid, at: Timestamp },
    /// It did not and will not.
    Failed { id: Uuid, at: Timestamp, reason: String },
}

impl Sms {
    /// What the endpoint of a carrier is called in [`Endpoint::new`].
    pub const NAME: &'static str = "短信";

    /// A way through this carrier.
    pub fn new(endpoint: Endpoint) -> Self {
        Self { endpoint, once: Once::default() }
    }

    /// Reads a delivery report that came to `path`. The same report may come more than once.
    ///
    /// # Errors
    /// [`Error::Notice`] where it is not the carrier's, [`Error::Answer`] where it cannot be read.
    pub fn report(&self, path: &str, notice: &Notice<'_>) -> Result<Report, Error> {
        self.endpoint.notice(path, notice)
    }
}

impl Messenger for Sms {
    fn name(&self) -> &'static str {
        Self::NAME
    }

    fn takes(&self, to: &Address) -> bool {
        matches!(to, Address::Phone(_))
    }

    fn send(&self, message: &Message) -> Result<Sent, Error> {
        sound(message)?;
        let Address::Phone(phone) = &message.to else { return Err(Error::Message("a telephone")) };
        self.once.run(Self::NAME, message.id, || {
            let SmsAnswer { reference } = self.endpoint.ask(Some(message.id), &SmsOrder { id: message.id, phone, text: &message.text })?;
            Ok(Sent { reference })
        })
    }
}

/// 演示: nothing leaves the house; a page shows what came.
#[derive(Debug, Default)]
pub struct Sandbox(Mutex<VecDeque<Message>>);

impl Sandbox {
    /// The newest are kept.
    pub const MOST: usize = 1000;

    /// What came, newest first.
    pub fn messages(&self) -> Vec<Message> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().rev().cloned().collect()
    }
}

impl Messenger for Sandbox {
    fn name(&self) -> &'static str {
        "演示消息"
    }

    fn is_sandbox(&self) -> bool {
        true
    }

    fn takes(&self, _: &Address) -> bool {
        true
    }

    fn send(&self, message: &Message) -> Result<Sent, Error> {
        sound(message)?;
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.iter().all(|before| before.id != message.id) {
            kept.push_back(message.clone());
            if kept.len() > Self::MOST {
                kept.pop_front();
            }
        }
        Ok(Sent { reference: format!("sandbox/{}", message.id) })
    }
}

/// The carriers of a zone; the first that takes an address carries the message.
#[derive(Debug, Clone, Default)]
pub struct Carriers(pub Vec<Arc<dyn Messenger>>);

impl Messenger for Carriers {
    fn name(&self) -> &'static str {
        "消息"
    }

    fn is_sandbox(&self) -> bool {
        self.0.iter().any(|carrier| carrier.is_sandbox())
    }

    fn takes(&self, to: &Address) -> bool {
        self.0.iter().any(|carrier| carrier.takes(to))
    }

    fn send(&self, message: &Message) -> Result<Sent, Error> {
        let carrier = self.0.iter().find(|carrier| carrier.takes(&message.to)).ok_or(Error::Message("an address that a carrier takes"))?;
        carrier.send(message)
    }
}

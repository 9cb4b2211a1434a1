//! 在线服务: the internet zone. Accounts, drafts, uploads, receipts and released copies; it decides nothing.
//!
//! Way of the data: a form becomes a draft; submitting is one transaction (submission, signed receipt, outbox row), whose
//! commit is the legal time. The bridge carries it to the court; what comes back ([`Portal::receive`]) becomes views,
//! papers and answers, which pages show.
//!
//! Architecture Invariant: `store` alone holds SQL, `web` alone holds HTML. No table here can hold 副卷 or another party's file.
mod account;
mod act;
mod bridge;
mod draft;
mod error;
mod file;
mod filing;
mod identity;
mod kept;
mod notify;
mod payment;
mod photo;
mod sealed;
pub mod store;
mod submit;
mod trial;
mod web;
mod whole;

pub use account::{Account, SignIn};
pub use act::CONSENT_TEXT;
pub use bridge::Answered;
pub use draft::{Content, Draft};
pub use error::{Error, Problem};
pub use store::cases::{State, Submission};
pub use whole::{Across, Missing, Whole, check_whole, still_unanswered};

use exchange::identity::IdentityAuthority;
use exchange::messenger::Messenger;
use exchange::payment::PaymentProvider;
use jiff::Timestamp;
use procedure::Law;
use std::sync::Arc;
use storage::{Clock, Db};

/// What a portal is made of.
pub struct Config {
    pub db: Db,
    pub clock: Clock,
    pub law: Law,
    /// The zone's own key: seals ID numbers, drafts and what waits for the bridge; keys the digests of one-time codes.
    pub key: [u8; 32],
    /// Own secret and the court zone's public key.
    pub bridge: exchange::Keys,
    /// Signs receipts of submissions.
    pub receipt_key: ledger::SigningKey,
    /// Whom the page 核验文书 believes.
    pub trust: ledger::Trust,
    /// Codes of the courts that can be chosen here.
    pub courts: Vec<String>,
    /// Carries texts to telephones and mailboxes; a sandbox carries none, and a page shows them.
    pub messenger: Arc<dyn Messenger>,
    /// Confirms real names.
    pub authority: Arc<dyn IdentityAuthority>,
    /// `None`: fees are paid at the bank and the counter alone.
    pub payment: Option<Arc<dyn PaymentProvider>>,
    /// Looks into uploads in a process of its own; `None` looks in this one, under the same limits.
    pub intake: Option<intake::worker::Client>,
    pub demo: bool,
    /// Where a demo shows what the court zone's messenger sent; nowhere else.
    pub court_phone: Option<String>,
    /// Served over TLS: cookies are for TLS alone.
    pub secure: bool,
    /// Address under which people reach it.
    pub public_url: String,
}

/// The portal. Cheap to clone.
#[derive(Clone)]
pub struct Portal(Arc<Config>);

impl std::fmt::Debug for Portal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Portal").field("url", &self.0.public_url).finish_non_exhaustive()
    }
}

impl Portal {
    /// A portal over its configuration.
    ///
    /// # Errors
    /// [`Error::Sandbox`] where one would stand in for somebody outside of a demo: messages would go nowhere, names be believed.
    pub fn new(config: Config) -> Result<Self, Error> {
        let payment = config.payment.as_ref().map(|provider| (provider.name(), provider.is_sandbox()));
        let all =
            [Some((config.messenger.name(), config.messenger.is_sandbox())), Some((config.authority.name(), config.authority.is_sandbox())), payment];
        if let (false, Some((name, _))) = (config.demo, all.into_iter().flatten().find(|(_, sandbox)| *sandbox)) {
            return Err(Error::Sandbox(name));
        }
        Ok(Self(Arc::new(config)))
    }

    /// Pages and API.
    pub fn router(&self) -> axum::Router {
        web::router(self.clone())
    }

    /// The tables of this zone.
    pub fn db(&self) -> &Db {
        &self.0.db
    }
    /// The time of the house.
    pub fn now(&self) -> Timestamp {
        self.0.clock.now()
    }
    /// The law in force.
    pub fn law(&self) -> &Law {
        &self.0.law
    }
    /// Is this a demo, whose sandboxes may be reached?
    pub fn is_demo(&self) -> bool {
        self.0.demo
    }
    pub(crate) fn config(&self) -> &Config {
        &self.0
    }
    /// The civil day at the courts.
    pub(crate) fn today(&self) -> jiff::civil::Date {
        procedure::step::day_of(self.now())
    }
    /// A court's name as people say it.
    pub(crate) fn court_name(&self, code: &str) -> String {
        self.law().courts.by_code(code).map_or_else(|| code.to_owned(), |court| court.short_name.clone())
    }
}

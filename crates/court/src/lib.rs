//! 办案: the court zone's use cases and workers. It owns every case; its pages are the workbench's, its law is
//! `procedure`'s.
//!
//! Way of the data: a command, from the workbench or over the bridge, goes through [`Court::act`]: authorise → decide →
//! append events, projections, clocks, tasks and jobs in one transaction. Workers ([`Court::work`]) then typeset, serve,
//! log and show; each job is idempotent.
mod act;
pub mod administration;
pub mod archive;
mod code;
mod compose;
mod confirm;
pub mod counter;
pub mod desk;
pub mod draft;
mod equal;
mod error;
mod file;
mod follow;
pub mod job;
mod kept;
pub mod message;
mod once;
mod owed;
mod preview;
mod proof;
mod receive;
pub mod staff;
pub mod store;
mod upload;
mod vault;
mod view;
mod work;

pub use act::{Act, Acted, replay};
pub use documents::qr_matrix;
pub use equal::{Differs, Shown, at_rest, check_replay, check_views};
pub use error::Error;
pub use file::root;
pub use follow::stamp;
pub use kept::{Lost, check_files};
pub use once::{Counted, Twice, check_once};
pub use owed::{Forgotten, check_owed};
pub use receive::{Answered, check_taken};
pub use storage::Content;
pub use upload::Looked;
pub use vault::Vault;
pub use view::{full_width, history, view};
pub use work::{Undelivered, Way};

use exchange::messenger::Messenger;
use jiff::Timestamp;
use procedure::{CaseId, Law};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};
use storage::{Clock, Db};

/// What a court zone is made of. One zone may serve several courts of one province.
pub struct Config {
    pub db: Db,
    pub clock: Clock,
    pub law: Law,
    /// Codes of the courts served here.
    pub courts: Vec<String>,
    pub demo: bool,
    /// Keys of the bridge: own secret, the portal's public.
    pub bridge: exchange::Keys,
    pub vault: Vault,
    /// Signs the receipts that the court gives.
    pub receipt_key: ledger::SigningKey,
    pub log: Mutex<ledger::Log>,
    pub papers: documents::Papers,
    /// Seal certificates by court code.
    pub seals: BTreeMap<String, documents::Signer>,
    /// Address of the portal, printed on papers.
    pub portal_url: String,
    /// Carries what this zone tells people on their telephones.
    pub messenger: Arc<dyn Messenger>,
    /// Accounts for court fees by court code; a demo prints one that takes no money.
    pub fee_accounts: BTreeMap<String, FeeAccount>,
    /// Looks into uploads in a process of its own; `None` looks in this one, under the same limits.
    pub intake: Option<intake::worker::Client>,
}

/// 诉讼费专户: where court fees are paid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeeAccount {
    /// 户名
    pub payee: String,
    /// 开户行
    pub bank: String,
    /// 账号
    pub number: String,
}

/// The court zone. Cheap to clone.
#[derive(Clone)]
pub struct Court(Arc<Inner>);

struct Inner {
    config: Config,
}

impl Court {
    /// A zone over its configuration.
    pub fn new(config: Config) -> Self {
        Self(Arc::new(Inner { config }))
    }

    /// The tables of this zone.
    pub fn db(&self) -> &Db {
        &self.0.config.db
    }
    /// The one clock.
    pub fn clock(&self) -> &Clock {
        &self.0.config.clock
    }
    /// The law in force.
    pub fn law(&self) -> &Law {
        &self.0.config.law
    }
    /// Is this a demo, whose sandboxes may be reached?
    pub fn is_demo(&self) -> bool {
        self.0.config.demo
    }
    /// Codes of the courts served here.
    pub fn courts(&self) -> &[String] {
        &self.0.config.courts
    }
    pub(crate) fn vault(&self) -> &Vault {
        &self.0.config.vault
    }
    pub(crate) fn bridge(&self) -> &exchange::Keys {
        &self.0.config.bridge
    }
    pub(crate) fn receipt_key(&self) -> &ledger::SigningKey {
        &self.0.config.receipt_key
    }
    pub(crate) fn papers(&self) -> &documents::Papers {
        &self.0.config.papers
    }
    pub(crate) fn seal(&self, court: &str) -> Result<&documents::Signer, Error> {
        self.0.config.seals.get(court).ok_or(Error::Corrupt("a court without a seal"))
    }
    /// What carries this zone's messages.
    pub fn messenger(&self) -> &dyn Messenger {
        &*self.0.config.messenger
    }
    /// Where the fees of a court are paid; in a demo nowhere, and the account says so.
    pub(crate) fn fee_account(&self, court: &procedure::courts::Court) -> Result<FeeAccount, Error> {
        if self.is_demo() {
            let payee = format!("{}诉讼费专户", court.name);
            return Ok(FeeAccount { payee, bank: "演示银行（沙箱，不能真实付款）".into(), number: format!("0000 {}", court.code) });
        }
        self.0.config.fee_accounts.get(&court.code).cloned().ok_or(Error::Corrupt("a court without an account for fees"))
    }
    pub(crate) fn intake(&self) -> Option<&intake::worker::Client> {
        self.0.config.intake.as_ref()
    }
    pub(crate) fn portal_url(&self) -> &str {
        &self.0.config.portal_url
    }
    /// The log has one writer at a time; a writer that panicked left it as the last checkpoint says.
    pub(crate) fn log(&self) -> MutexGuard<'_, ledger::Log> {
        self.0.config.log.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// A court's name as people say it; for a code that the register lacks, the code itself.
    pub fn court_name(&self, code: &str) -> String {
        court_name(self.law(), code)
    }

    /// Records in the log.
    pub fn log_size(&self) -> u64 {
        self.log().size()
    }

    /// Head of the log as a signed note.
    pub fn checkpoint(&self) -> String {
        self.log().checkpoint().to_owned()
    }

    /// Takes a step: authorise → decide → store. The one door for the workbench.
    pub async fn act(&self, act: Act) -> Result<Acted, Error> {
        let zone = self.clone();
        self.db().write(move |tx| act::act(tx, &zone, &act)).await
    }

    /// [`Court::act`] for workers.
    pub fn act_blocking(&self, act: Act) -> Result<Acted, Error> {
        let zone = self.clone();
        self.db().write_blocking(move |tx| act::act(tx, &zone, &act))
    }

    /// A case as it stands, or as it stood at a version.
    pub async fn case(&self, court: &str, id: CaseId, until: Option<u64>) -> Result<procedure::Case, Error> {
        let court = court.to_owned();
        self.db()
            .read(move |tx| match until {
                None => store::case(tx, &court, id),
                Some(_) => replay(tx, &court, id, until),
            })
            .await
    }

    /// [`check_replay`] of the courts served here.
    pub fn check_replay(&self) -> Result<(usize, Vec<Differs>), Error> {
        check_replay(self.db(), self.courts())
    }

    /// Tells the portal that the demo's clock was moved: one in a process of its own has a clock of its own.
    pub(crate) async fn tell_clock(&self, to: Timestamp, actor: String) -> Result<(), Error> {
        let zone = self.clone();
        let court = self.courts().first().cloned().ok_or(Error::Corrupt("a zone without a court"))?;
        let told = exchange::message::ToPortal::Clock { to, actor };
        self.db().write(move |tx| receive::send(tx, &zone, &court, &told, &[]).map(drop)).await
    }

    /// The court's time now.
    pub fn now(&self) -> Timestamp {
        self.clock().now()
    }
}

/// A court's name as people say it; for a code that the register lacks, the code itself.
fn court_name(law: &Law, code: &str) -> String {
    law.courts.by_code(code).map_or_else(|| code.to_owned(), |court| court.short_name.clone())
}

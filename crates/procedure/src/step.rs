//! 诉讼步骤: what may be done in a case. One step = one file; nothing else lists steps.
use crate::case::{Actor, Case, Labelled, Power, Role, RoleKind, RunningClock, Stage};
use crate::clock::Clock;
use crate::{Event, Law, Paper, PaperId, PersonId, Refusal, paper::Owed};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What a step says of itself. Pages, the API, the access matrix, the guide and the list of papers are made from it.
#[derive(Debug, Serialize)]
pub struct Step {
    /// Identifier in URLs, JSON and tables.
    pub name: &'static str,
    /// Its name on screens.
    pub zh: &'static str,
    /// One sentence for the guide: what it does and when.
    pub guide: &'static str,
    /// How to do it at the counter instead, for steps of parties (R-IDC-20); empty for the court's own.
    pub counter: &'static str,
    pub who: &'static [RoleKind],
    pub from: &'static [Stage],
    pub power: Option<Power>,
    pub fields: &'static [Field],
    pub papers: &'static [Paper],
    pub rules: &'static [&'static str],
}

/// One input of the step's form.
#[derive(Debug, Serialize)]
pub struct Field {
    pub name: &'static str,
    pub zh: &'static str,
    pub kind: FieldKind,
}

/// How an input looks and is read.
#[derive(Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldKind {
    /// 意见, pinned to fields or pages.
    Remarks,
    /// A number of days, with the court's usual one.
    Days {
        usual: i64,
    },
    Date,
    Text,
    LongText,
    /// An amount in yuan, kept as fen.
    Money,
    /// One of these: value and word.
    Choice(&'static [(&'static str, &'static str)]),
    /// One of the case's papers.
    Paper,
    /// One of the case's parties.
    Person,
    /// The clerk's findings, one a group of checks.
    Findings,
    /// The statement of the filing, made by the interview.
    Statement,
    /// Uploaded files.
    Files,
}

/// What the court zone knows beside the case: found in the same transaction, never guessed by the caller.
#[derive(Debug, Clone)]
pub struct Facts {
    /// Legal time of the act: the portal's stamp, or the court's clock.
    pub at: Timestamp,
    /// The next number of the register this case would enter (R-CNO-21). Taken only if the step needs it.
    pub next_number: Option<crate::caseno::CaseNumber>,
}

impl Facts {
    /// The day of the act in the court's zone.
    pub fn today(&self) -> jiff::civil::Date {
        day_of(self.at)
    }
}

/// The civil day of an instant at the courts (UTC+8, without summer time since 1992).
pub fn day_of(at: Timestamp) -> jiff::civil::Date {
    jiff::tz::Offset::constant(8).to_datetime(at).date()
}

pub(crate) trait Act {
    const STEP: Step;
    fn decide(&self, case: &Case, by: &Actor, law: &Law, facts: &Facts) -> Result<Vec<Event>, Refusal>;
}

/// One line a step.
macro_rules! steps {
    ($($module:ident :: $command:ident,)*) => {
        $(pub mod $module; pub use $module::$command;)*
        /// What somebody wants to do. In JSON: `{"step": "accept_filing", …}`.
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
        #[serde(tag = "step", rename_all = "snake_case")]
        pub enum Command { $($command($command)),* }
        /// Every step there is.
        pub static STEPS: &[&Step] = &[$(&$command::STEP),*];
        impl Command {
            /// The declaration of the step.
            pub fn step(&self) -> &'static Step { match self { $(Self::$command(_) => &$command::STEP),* } }
            pub(crate) fn decide(&self, case: &Case, by: &Actor, law: &Law, facts: &Facts) -> Result<Vec<Event>, Refusal> {
                match self { $(Self::$command(act) => act.decide(case, by, law, facts)),* }
            }
        }
    };
}

#[cfg(test)]
pub(crate) mod fixture;

steps! {
    submit_filing::SubmitFiling,
    return_for_correction::ReturnForCorrection,
    submit_correction::SubmitCorrection,
    accept_filing::AcceptFiling,
    choose_channel::ChooseChannel,
    join_case::JoinCase,
    issue_paper::IssuePaper,
    send_paper::SendPaper,
    open_paper::OpenPaper,
    record_service::RecordService,
    record_service_failure::RecordServiceFailure,
    correct_service::CorrectService,
    pay_fee::PayFee,
    request_fee_relief::RequestFeeRelief,
    decide_fee_relief::DecideFeeRelief,
    deem_suit_withdrawn::DeemSuitWithdrawn,
    expire_clock::ExpireClock,
}

impl Command {
    /// The parties that a command names anew; the zone puts the digests of their particulars there.
    pub fn parties_mut(&mut self) -> &mut [crate::case::Party] {
        match self {
            Self::SubmitFiling(filing) => &mut filing.parties,
            Self::SubmitCorrection(correction) => &mut correction.parties,
            Self::ReturnForCorrection(_)
            | Self::AcceptFiling(_)
            | Self::ChooseChannel(_)
            | Self::JoinCase(_)
            | Self::IssuePaper(_)
            | Self::SendPaper(_)
            | Self::OpenPaper(_)
            | Self::RecordService(_)
            | Self::RecordServiceFailure(_)
            | Self::CorrectService(_)
            | Self::PayFee(_)
            | Self::RequestFeeRelief(_)
            | Self::DecideFeeRelief(_)
            | Self::DeemSuitWithdrawn(_)
            | Self::ExpireClock(_) => &mut [],
        }
    }
}

/// The step with this name.
pub fn step(name: &str) -> Option<&'static Step> {
    STEPS.iter().copied().find(|step| step.name == name)
}

/// What follows from `command`, or why it may not be done.
pub fn decide(case: &Case, command: &Command, by: &Actor, law: &Law, facts: &Facts) -> Result<Vec<Event>, Refusal> {
    permit(case, command.step(), by)?;
    command.decide(case, by, law, facts)
}

/// May this person take this step now? The only place that answers; pages, the API and the access matrix ask it too.
/// Whoever calls says who the person is; what he is in this case, the case says.
pub fn permit(case: &Case, step: &Step, by: &Actor) -> Result<(), Refusal> {
    let roles = case.roles(by);
    let Some(role) = roles.iter().find(|role| step.who.contains(&role.kind())) else {
        return Err(if roles.is_empty() { Refusal::NoSuchCase } else { Refusal::NotYours { step: step.zh.into() } });
    };
    if !step.from.contains(&case.stage) {
        return Err(Refusal::NotNow { step: step.zh.into(), stage: case.stage });
    }
    match (step.power, role) {
        (Some(needed), Role::Agent { powers, .. }) if !powers.contains(&needed) => Err(Refusal::PowerMissing { step: step.zh.into(), needed }),
        _ => Ok(()),
    }
}

/// A paper owed by the event that this command makes; the id follows from case and version, so that a retry gives the same.
pub(crate) fn owe(case: &Case, paper: Paper, to: PersonId) -> Owed {
    Owed { id: PaperId(case.id.derive(case.version, &format!("{}/{to}", paper.name()))), paper, to }
}

/// A clock of this case; `anchor` says what it hangs on.
pub(crate) fn running(anchor: impl Into<String>, of: Option<PersonId>, clock: Clock) -> RunningClock {
    RunningClock { anchor: anchor.into(), of, clock, state: crate::case::ClockState::Running }
}

/// Roles that may see that the case exists and take part in it, as the messages name them.
pub fn who_zh(step: &Step) -> String {
    step.who.iter().map(Labelled::zh).collect::<Vec<_>>().join("、")
}

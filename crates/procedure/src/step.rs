//! 诉讼步骤: what may be done in a case. One step = one file; nothing else lists steps.
use crate::case::{Actor, Case, Channel, ClockState, Confirmation, Labelled, Power, Role, RoleKind, RunningClock, Side, Stage};
use crate::clock::Clock;
use crate::matter::{self, Kind, Part};
use crate::printable;
use crate::trial::{Booking, Candidate, DraftFinding, Package, Volume};
use crate::{Event, Law, Office, Paper, PaperId, PersonId, Refusal, paper::Owed};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::sync::LazyLock;

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

impl Step {
    /// 处分权利的行为: does a party, taking it online, sign with a code that the court's own messenger sent him? The portal alone
    /// can then take it for nobody (R-IDC-02). At the counter the clerk has the person before him.
    pub fn disposes(&self) -> bool {
        self.name == ConfirmRecord::STEP.name
    }
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
    /// A line that may stay empty.
    Note,
    LongText,
    /// An amount in yuan, kept as fen.
    Money,
    /// One of these: value and word.
    Choice(&'static [(&'static str, &'static str)]),
    /// One of the case's papers.
    Paper,
    /// One of the case's parties.
    Person,
    /// A member of the court who acts in the case.
    Staff,
    /// One of the case's preservation measures that hold, by its number.
    Measure,
    /// A whole number.
    Number,
    /// The clerk's findings, one a group of checks.
    Findings,
    /// The statement of the filing, made by the interview.
    Statement,
    /// Uploaded files.
    Files,
    /// A time of day, `09:30`.
    Time,
    /// 交邮日期 of what came by post; asked at the counter alone, and left empty for what was brought (R-DDL-04).
    PostedOn,
    /// Rows of a shape of their own (opinions, attendance, shares): entered on the step's own page.
    Rows,
}

/// What the court zone knows beside the case: found in the same transaction, never guessed by the caller.
#[derive(Debug, Clone)]
pub struct Facts {
    /// Legal time of the act: the portal's stamp, or the court's clock.
    pub at: Timestamp,
    /// The next number of the register this case would enter (R-CNO-21). Taken only if the step needs it.
    pub next_number: Option<crate::caseno::CaseNumber>,
    /// The next entry of the book of returned filings (R-FIL-12). Taken only if the step needs it.
    pub next_entry: Option<u64>,
    /// Head of the court's log: origin, size, root, a line each.
    pub checkpoint: String,
    /// Judges and clerks of the court with what they have to do (R-TRI-06).
    pub roster: Vec<Candidate>,
    /// When courtrooms and members of the court are taken.
    pub bookings: Vec<Booking>,
    /// The volumes of the file as they stand.
    pub volumes: Vec<Volume>,
    /// What the zone found missing in the file beside what the case itself shows (R-ARC-05).
    pub missing: Vec<String>,
    /// What the zone's checker found in the judgment that is drafted or signed here, compared with the file (R-CHK).
    pub defects: Vec<DraftFinding>,
    /// The archive package that the zone built of this very version; none: it built none, or the case went on.
    pub package: Option<Package>,
    /// Parties to whom a verified account is linked, their own or their agent's (R-IDC-22).
    pub linked: Vec<PersonId>,
    /// Who comes with the act, and who of the case has papers of the same number: one person under two names.
    pub same: Vec<(PersonId, PersonId)>,
    /// The service address that comes with the act, as its person confirmed it (R-SVC-11).
    pub confirmation: Option<Confirmation>,
}

impl Facts {
    /// The time alone: all that most steps need.
    pub fn at(at: Timestamp) -> Self {
        Self {
            at,
            next_number: None,
            next_entry: None,
            checkpoint: String::new(),
            roster: vec![],
            bookings: vec![],
            volumes: vec![],
            missing: vec![],
            defects: vec![],
            package: None,
            linked: vec![],
            same: vec![],
            confirmation: None,
        }
    }

    /// The day of the act in the court's zone.
    pub fn today(&self) -> jiff::civil::Date {
        day_of(self.at)
    }
}

/// The civil day of an instant at the courts.
pub fn day_of(at: Timestamp) -> jiff::civil::Date {
    time_of(at).date()
}

/// Day and time of an instant at the courts (UTC+8, without summer time since 1992).
pub fn time_of(at: Timestamp) -> jiff::civil::DateTime {
    jiff::tz::Offset::constant(8).to_datetime(at)
}

pub(crate) trait Act {
    const STEP: Step;
    fn decide(&self, case: &Case, by: &Actor, law: &Law, facts: &Facts) -> Result<Vec<Event>, Refusal>;
}

/// One line a step; behind the semicolon the commands whose step their matter declares.
macro_rules! steps {
    ($($module:ident :: $command:ident,)* ; $($many:ident :: $each:ident,)*) => {
        $(pub mod $module; pub use $module::$command;)*
        $(pub mod $many; pub use $many::$each;)*
        /// What somebody wants to do. In JSON: `{"step": "accept_filing", …}`.
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
        #[serde(tag = "step", rename_all = "snake_case")]
        pub enum Command { $($command($command),)* $($each($each)),* }
        /// Every step there is: those that have a file, and two a matter.
        pub static STEPS: LazyLock<Vec<&'static Step>> = LazyLock::new(|| {
            // What the court takes up of its own motion alone, nobody raises.
            let matters = Kind::ALL.iter().map(|kind| kind.matter()).flat_map(|matter| [&matter.raise, &matter.decide]);
            [$(&$command::STEP),*].into_iter().chain(matters.filter(|step| !step.who.is_empty())).collect()
        });
        impl Command {
            /// The declaration of the step.
            pub fn step(&self) -> &'static Step {
                match self { $(Self::$command(_) => &$command::STEP,)* $(Self::$each(act) => act.step()),* }
            }
            pub(crate) fn decide(&self, case: &Case, by: &Actor, law: &Law, facts: &Facts) -> Result<Vec<Event>, Refusal> {
                match self { $(Self::$command(act) => act.decide(case, by, law, facts),)* $(Self::$each(act) => act.decide(case, by, law, facts)),* }
            }
        }
    };
}

#[cfg(test)]
pub(crate) mod fixture;
#[cfg(test)]
mod walk;

steps! {
    submit_filing::SubmitFiling,
    return_for_correction::ReturnForCorrection,
    submit_correction::SubmitCorrection,
    accept_filing::AcceptFiling,
    give_back_filing::GiveBackFiling,
    insist_on_filing::InsistOnFiling,
    refuse_filing::RefuseFiling,
    choose_channel::ChooseChannel,
    join_case::JoinCase,
    appoint_agent::AppointAgent,
    revoke_agent::RevokeAgent,
    issue_paper::IssuePaper,
    send_paper::SendPaper,
    open_paper::OpenPaper,
    request_paper_copy::RequestPaperCopy,
    record_service::RecordService,
    record_service_failure::RecordServiceFailure,
    announce_service::AnnounceService,
    correct_service::CorrectService,
    pay_fee::PayFee,
    request_fee_relief::RequestFeeRelief,
    decide_fee_relief::DecideFeeRelief,
    deem_suit_withdrawn::DeemSuitWithdrawn,
    expire_clock::ExpireClock,
    submit_answer::SubmitAnswer,
    submit_evidence::SubmitEvidence,
    comment_on_evidence::CommentOnEvidence,
    assign_tribunal::AssignTribunal,
    schedule_hearing::ScheduleHearing,
    postpone_hearing::PostponeHearing,
    open_hearing::OpenHearing,
    keep_record::KeepRecord,
    close_record::CloseRecord,
    confirm_record::ConfirmRecord,
    draft_judgment::DraftJudgment,
    sign_judgment::SignJudgment,
    file_appeal::FileAppeal,
    record_effect::RecordEffect,
    request_effect_certificate::RequestEffectCertificate,
    issue_effect_certificate::IssueEffectCertificate,
    close_case::CloseCase,
    archive_case::ArchiveCase,
    ;
    raise_matter::RaiseMatter,
    decide_matter::DecideMatter,
}

impl Command {
    /// The parties that a command names anew; the zone puts the digests of their particulars there.
    pub fn parties_mut(&mut self) -> &mut [crate::case::Party] {
        match self {
            Self::SubmitFiling(filing) => &mut filing.parties,
            Self::SubmitCorrection(correction) => &mut correction.parties,
            Self::ReturnForCorrection(_)
            | Self::AcceptFiling(_)
            | Self::GiveBackFiling(_)
            | Self::InsistOnFiling(_)
            | Self::RefuseFiling(_)
            | Self::ChooseChannel(_)
            | Self::JoinCase(_)
            | Self::AppointAgent(_)
            | Self::RevokeAgent(_)
            | Self::IssuePaper(_)
            | Self::SendPaper(_)
            | Self::OpenPaper(_)
            | Self::RequestPaperCopy(_)
            | Self::RecordService(_)
            | Self::RecordServiceFailure(_)
            | Self::AnnounceService(_)
            | Self::CorrectService(_)
            | Self::PayFee(_)
            | Self::RequestFeeRelief(_)
            | Self::DecideFeeRelief(_)
            | Self::DeemSuitWithdrawn(_)
            | Self::ExpireClock(_)
            | Self::SubmitAnswer(_)
            | Self::SubmitEvidence(_)
            | Self::CommentOnEvidence(_)
            | Self::AssignTribunal(_)
            | Self::ScheduleHearing(_)
            | Self::PostponeHearing(_)
            | Self::OpenHearing(_)
            | Self::KeepRecord(_)
            | Self::CloseRecord(_)
            | Self::ConfirmRecord(_)
            | Self::DraftJudgment(_)
            | Self::SignJudgment(_)
            | Self::FileAppeal(_)
            | Self::RecordEffect(_)
            | Self::RequestEffectCertificate(_)
            | Self::IssueEffectCertificate(_)
            | Self::CloseCase(_)
            | Self::ArchiveCase(_)
            | Self::RaiseMatter(_)
            | Self::DecideMatter(_) => &mut [],
        }
    }
}

/// The command of a step as JSON, from the values of its declared fields: what forms and pages send.
pub fn command_body(step: &Step, mut values: Map<String, Value>) -> Value {
    let Some((kind, part)) = matter::of_step(step.name) else {
        values.insert("step".into(), step.name.into());
        return Value::Object(values);
    };
    let beside: Map<String, Value> = ["materials", "posted_on", "number"].into_iter().filter_map(|name| values.remove_entry(name)).collect();
    let name = match part {
        Part::Raise => "raise_matter",
        Part::Decide => "decide_matter",
    };
    let mut body = Map::from_iter([
        ("step".to_owned(), Value::from(name)),
        ("matter".to_owned(), serde_json::json!(kind)),
        ("fields".to_owned(), Value::Object(values)),
    ]);
    body.extend(beside);
    Value::Object(body)
}

/// The step with this name.
pub fn step(name: &str) -> Option<&'static Step> {
    STEPS.iter().copied().find(|step| step.name == name)
}

/// What follows from `command`, or why it may not be done.
pub fn decide(case: &Case, command: &Command, by: &Actor, law: &Law, facts: &Facts) -> Result<Vec<Event>, Refusal> {
    permit(case, command.step(), by)?;
    printable(command)?;
    command.decide(case, by, law, facts)
}

/// Everything that a command says can be printed (R-TYP-04). What the platform records says nothing of its own.
pub fn printable(command: &Command) -> Result<(), Refusal> {
    // A command is written whenever it crosses the bridge: it always can be.
    serde_json::to_value(command).map_or(Ok(()), |value| printable::check(&value))
}

/// May this person take this step now? The only place that answers; pages, the API and the access matrix ask it too.
/// Whoever calls says who the person is; what he is in this case, the case says.
pub fn permit(case: &Case, step: &Step, by: &Actor) -> Result<(), Refusal> {
    let roles = case.roles(by);
    let Some(role) = roles.iter().find(|role| step.who.contains(&role.kind())) else {
        return Err(if roles.is_empty() { Refusal::NoSuchCase } else { Refusal::NotYours { step: step.zh.into() } });
    };
    // Whoever is to stand aside does nothing in the case until that is decided (R-TRI-10).
    if matches!(role, Role::Staff(Office::Judge | Office::Clerk)) && case.paused(by.person) {
        return Err(Refusal::Paused { who: case.name_of(by.person).to_owned() });
    }
    if !step.from.contains(&case.stage) {
        return Err(Refusal::NotNow { step: step.zh.into(), stage: case.stage });
    }
    let Some(needed) = step.power else { return Ok(()) };
    match role {
        Role::Agent { powers, .. } if !powers.contains(&needed) => Err(Refusal::PowerMissing { step: step.zh.into(), needed }),
        // Who acts for himself needs no power, and the court's offices are not exercised by agents.
        Role::Agent { .. } | Role::Filer | Role::Plaintiff | Role::Invited | Role::Defendant | Role::Staff(_) => Ok(()),
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

/// A party's act: for whom it is, on which side he stands, and how it reached the court.
pub(crate) struct Acting {
    pub party: PersonId,
    pub side: Side,
    pub channel: Channel,
    /// The clerk who entered it at the counter (R-IDC-40).
    pub assisted_by: Option<PersonId>,
}

/// The party that acts here, himself or through his agent, online or at the counter. Who did not join acts at the counter
/// (R-IDC-22).
pub(crate) fn acting(case: &Case, by: &Actor, step: &Step) -> Result<Acting, Refusal> {
    let not_yours = || Refusal::NotYours { step: step.zh.into() };
    let party = case.party(choose_channel::represented(case, by)).ok_or_else(not_yours)?;
    let assisted_by = by.assisted_by();
    if assisted_by.is_none() && case.roles(by).iter().all(|role| *role == Role::Invited) {
        return Err(not_yours());
    }
    let channel = if assisted_by.is_some() { Channel::Counter } else { Channel::Online };
    Ok(Acting { party: party.person, side: party.side, channel, assisted_by })
}

/// The last clock that hangs on this, unless a corrected fact replaced it.
pub(crate) fn clock_of<'a>(case: &'a Case, anchor: &str) -> Option<&'a RunningClock> {
    case.clocks.iter().rev().find(|clock| clock.anchor == anchor && clock.state != ClockState::Replaced)
}

/// The input of the day on which something was posted to the court.
pub(crate) const POSTED_ON: Field = Field { name: "posted_on", zh: "交邮日期", kind: FieldKind::PostedOn };

/// The day that counts for a period: what came by post is in time if it was posted in time (R-DDL-04, 《民事诉讼法》(2023)
/// 第85条第4款). The clerk who has the envelope before him says so; online, the moment of receipt counts.
pub(crate) fn handed_in(case: &Case, posted: Option<jiff::civil::Date>, channel: Channel, facts: &Facts) -> Result<jiff::civil::Date, Refusal> {
    let Some(day) = posted else { return Ok(facts.today()) };
    let invalid = |zh: &str| Err(Refusal::FieldInvalid { field: POSTED_ON.name.into(), zh: zh.into(), rule: "R-DDL-04".into() });
    if channel == Channel::Online {
        return invalid("网上提交的以到达法院系统的时间为准，不填交邮日期。");
    }
    if day > facts.today() {
        return invalid("交邮日期在今天之后，请按信封上的邮戳填写。");
    }
    if case.submitted_at.is_some_and(|at| day < day_of(at)) {
        return invalid("交邮日期早于本案起诉的日期，请按信封上的邮戳填写。");
    }
    Ok(day)
}

/// The same paper for each of several people.
pub(crate) fn owe_all<'a>(case: &Case, paper: Paper, to: impl Iterator<Item = &'a crate::Party>) -> Vec<Owed> {
    to.map(|party| owe(case, paper, party.person)).collect()
}

/// Roles that may see that the case exists and take part in it, as the messages name them.
pub fn who_zh(step: &Step) -> String {
    step.who.iter().map(Labelled::zh).collect::<Vec<_>>().join("、")
}

//! What happened, in the past tense, with every figure, date and rule edition that was found. Never edited.
//!
//! `apply` copies: it takes no law and no time, and names every event. New fields of an event have defaults, so that old
//! ones stay readable.
use crate::case::{
    Agent, Channel, Choice, ClockState, Correction, FeeMatter, IssuedPaper, Method, Party, Payment, Procedure, Relief, Remark, RunningClock,
    ServiceState, Statement,
};
use crate::paper::Owed;
use crate::{Case, Office, PaperId, PersonId, Stage};
use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

/// One fact of a case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    FilingSubmitted(Box<FilingSubmitted>),
    ReturnedForCorrection {
        remarks: Vec<Remark>,
        days: i64,
        notice: Owed,
    },
    Corrected {
        parties: Vec<Party>,
        statement: Box<Statement>,
        at: Timestamp,
        channel: Channel,
        clock: RunningClock,
    },
    FilingAccepted(Box<FilingAccepted>),
    /// The paper was typeset and sealed; the digest is of the bytes that everybody gets.
    PaperIssued {
        id: PaperId,
        sha256: String,
        pages: u32,
    },
    PaperSent {
        id: PaperId,
        method: Method,
        at: Timestamp,
    },
    PaperOpened {
        id: PaperId,
        at: Timestamp,
    },
    /// A service took effect on `on`; the periods that hang on it begin.
    PaperServed {
        id: PaperId,
        method: Method,
        on: Date,
        rule: String,
        clocks: Vec<RunningClock>,
    },
    ServiceFailed {
        id: PaperId,
        method: Method,
        reason: String,
        at: Timestamp,
    },
    /// A date of service was wrong: the periods that hang on it are derived anew.
    ServiceCorrected {
        id: PaperId,
        on: Date,
        reason: String,
        clocks: Vec<RunningClock>,
    },
    ChannelChosen {
        choices: Vec<Choice>,
    },
    /// A defendant linked his account, with what he chose for each part (R-IDC-22).
    PartyJoined {
        person: PersonId,
        choices: Vec<Choice>,
        at: Timestamp,
    },
    FeePaid {
        payment: Payment,
    },
    ReliefRequested {
        reason: String,
    },
    ReliefDecided {
        granted: bool,
        due: crate::Fen,
    },
    DeemedWithdrawn {
        ruling: Owed,
    },
    /// A clock's last day went by; what follows is a task for a person, never a decision.
    ClockExpired {
        anchor: String,
    },
}

/// 起诉材料 handed in, as received.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FilingSubmitted {
    pub receipt_no: String,
    pub parties: Vec<Party>,
    #[serde(default)]
    pub agents: Vec<Agent>,
    pub statement: Statement,
    pub channel: Channel,
    /// The clerk who entered it at the counter (R-IDC-40).
    #[serde(default)]
    pub assisted_by: Option<PersonId>,
    pub choices: Vec<Choice>,
    /// Legal time: the portal's stamp of the submission, or the counter's.
    pub at: Timestamp,
    pub clock: RunningClock,
}

/// 立案 with all that hangs on it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FilingAccepted {
    pub number: String,
    pub procedure: Procedure,
    pub on: Date,
    /// Accepted undecided at the end of the period (R-FIL-10).
    #[serde(default)]
    pub undecided: bool,
    pub by: PersonId,
    /// What the clerk found in each group of checks.
    pub findings: Vec<crate::step::accept_filing::Finding>,
    pub fee: FeeMatter,
    pub papers: Vec<Owed>,
    pub clocks: Vec<RunningClock>,
}

impl Event {
    /// The name under which the event is stored and listed.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::FilingSubmitted(_) => "filing_submitted",
            Self::ReturnedForCorrection { .. } => "returned_for_correction",
            Self::Corrected { .. } => "corrected",
            Self::FilingAccepted(_) => "filing_accepted",
            Self::PaperIssued { .. } => "paper_issued",
            Self::PaperSent { .. } => "paper_sent",
            Self::PaperOpened { .. } => "paper_opened",
            Self::PaperServed { .. } => "paper_served",
            Self::ServiceFailed { .. } => "service_failed",
            Self::ServiceCorrected { .. } => "service_corrected",
            Self::ChannelChosen { .. } => "channel_chosen",
            Self::PartyJoined { .. } => "party_joined",
            Self::FeePaid { .. } => "fee_paid",
            Self::ReliefRequested { .. } => "relief_requested",
            Self::ReliefDecided { .. } => "relief_decided",
            Self::DeemedWithdrawn { .. } => "deemed_withdrawn",
            Self::ClockExpired { .. } => "clock_expired",
        }
    }

    /// The papers that this event owes to somebody.
    pub fn owed(&self) -> Vec<&Owed> {
        match self {
            Self::ReturnedForCorrection { notice, .. } => vec![notice],
            Self::FilingAccepted(accepted) => accepted.papers.iter().collect(),
            Self::DeemedWithdrawn { ruling } => vec![ruling],
            Self::FilingSubmitted(_)
            | Self::Corrected { .. }
            | Self::PaperIssued { .. }
            | Self::PaperSent { .. }
            | Self::PaperOpened { .. }
            | Self::PaperServed { .. }
            | Self::ServiceFailed { .. }
            | Self::ServiceCorrected { .. }
            | Self::ChannelChosen { .. }
            | Self::PartyJoined { .. }
            | Self::FeePaid { .. }
            | Self::ReliefRequested { .. }
            | Self::ReliefDecided { .. }
            | Self::ClockExpired { .. } => vec![],
        }
    }
}

impl Case {
    /// Takes no law and no time: the event says all.
    pub fn apply(&mut self, event: &Event) {
        for owed in event.owed() {
            self.papers.push(IssuedPaper {
                id: owed.id,
                paper: owed.paper,
                to: owed.to,
                sha256: None,
                pages: 0,
                service: ServiceState::Owed,
                opened_at: None,
            });
        }
        match event {
            Event::FilingSubmitted(filed) => self.submitted(filed),
            Event::ReturnedForCorrection { remarks, days, notice } => {
                self.stage = Stage::Returned;
                self.end_clocks("R-FIL-11", ClockState::Met);
                self.correction = Some(Correction { remarks: remarks.clone(), days: *days, notice: notice.id, corrected_at: None });
            }
            Event::Corrected { parties, statement, at, channel: _, clock } => {
                self.stage = Stage::Submitted;
                self.parties = parties.clone();
                self.statement = Some((**statement).clone());
                if let Some(correction) = &mut self.correction {
                    correction.corrected_at = Some(*at);
                }
                self.end_clocks("R-FIL-12", ClockState::Met);
                self.start(clock);
            }
            Event::FilingAccepted(accepted) => self.accepted(accepted),
            Event::PaperIssued { id, sha256, pages } => {
                if let Some(paper) = self.paper_mut(*id) {
                    paper.sha256 = Some(sha256.clone());
                    paper.pages = *pages;
                    paper.service = ServiceState::Issued;
                }
            }
            Event::PaperSent { id, method, at } => self.service(*id, ServiceState::Sent { method: *method, at: *at }),
            Event::PaperOpened { id, at } => {
                if let Some(paper) = self.paper_mut(*id) {
                    paper.opened_at.get_or_insert(*at);
                }
            }
            Event::PaperServed { id, method, on, rule, clocks } => {
                self.service(*id, ServiceState::Served { method: *method, on: *on, rule: rule.clone() });
                clocks.iter().for_each(|clock| self.start(clock));
            }
            Event::ServiceFailed { id, method, reason, at } => {
                self.service(*id, ServiceState::Failed { method: *method, reason: reason.clone(), at: *at });
            }
            Event::ServiceCorrected { id, on, reason: _, clocks } => {
                if let Some(IssuedPaper { service: ServiceState::Served { on: served, .. }, .. }) = self.paper_mut(*id) {
                    *served = *on;
                }
                clocks.iter().for_each(|clock| self.start(clock));
            }
            Event::ChannelChosen { choices } => self.choices.extend(choices.iter().cloned()),
            Event::PartyJoined { person, choices, at: _ } => {
                self.joined.push(*person);
                self.choices.extend(choices.iter().cloned());
                self.end_clock(&format!("join/{person}"), ClockState::Met);
            }
            Event::FeePaid { payment } => {
                if let Some(fee) = &mut self.fee {
                    fee.paid = Some(payment.clone());
                }
                self.end_clocks("R-FEE-15", ClockState::Met);
            }
            Event::ReliefRequested { reason } => {
                if let Some(fee) = &mut self.fee {
                    fee.relief = Some(Relief { reason: reason.clone(), granted: None });
                }
            }
            Event::ReliefDecided { granted, due } => {
                if let Some(fee) = &mut self.fee {
                    fee.due = *due;
                    if let Some(relief) = &mut fee.relief {
                        relief.granted = Some(*granted);
                    }
                }
            }
            Event::DeemedWithdrawn { .. } => self.stage = Stage::Withdrawn,
            Event::ClockExpired { anchor } => {
                for running in self.clocks.iter_mut().filter(|running| running.anchor == *anchor && running.state == ClockState::Running) {
                    running.state = ClockState::Expired;
                }
            }
        }
        self.version += 1;
    }

    fn submitted(&mut self, filed: &FilingSubmitted) {
        self.stage = Stage::Submitted;
        self.receipt_no = filed.receipt_no.clone();
        self.submitted_at = Some(filed.at);
        self.channel = Some(filed.channel);
        self.parties = filed.parties.clone();
        self.agents = filed.agents.clone();
        self.statement = Some(filed.statement.clone());
        self.choices.extend(filed.choices.iter().cloned());
        self.start(&filed.clock);
    }

    fn accepted(&mut self, accepted: &FilingAccepted) {
        self.stage = Stage::Preparing;
        self.number = Some(accepted.number.clone());
        self.accepted_on = Some(accepted.on);
        self.procedure = Some(accepted.procedure);
        self.fee = Some(accepted.fee.clone());
        self.end_clocks("R-FIL-11", ClockState::Met);
        accepted.clocks.iter().for_each(|clock| self.start(clock));
    }

    /// Starts a clock; one with the same anchor that still runs, or ran out on a corrected fact, gives way to it.
    fn start(&mut self, clock: &RunningClock) {
        for old in self.clocks.iter_mut().filter(|old| old.anchor == clock.anchor && old.state != ClockState::Met) {
            old.state = ClockState::Replaced;
        }
        self.clocks.push(clock.clone());
    }

    fn end_clocks(&mut self, rule: &str, state: ClockState) {
        for running in self.clocks.iter_mut().filter(|running| running.clock.rule == rule && running.state == ClockState::Running) {
            running.state = state;
        }
    }

    fn end_clock(&mut self, anchor: &str, state: ClockState) {
        for running in self.clocks.iter_mut().filter(|running| running.anchor == anchor && running.state == ClockState::Running) {
            running.state = state;
        }
    }

    fn paper_mut(&mut self, id: PaperId) -> Option<&mut IssuedPaper> {
        self.papers.iter_mut().find(|paper| paper.id == id)
    }

    fn service(&mut self, id: PaperId, state: ServiceState) {
        if let Some(paper) = self.paper_mut(id) {
            paper.service = state;
        }
    }

    /// Judge and clerk of the case, by office.
    pub fn officer(&self, office: Office) -> Option<(PersonId, &str)> {
        self.staff.iter().find(|(_, held, _)| *held == office).map(|(person, _, name)| (*person, name.as_str()))
    }
}

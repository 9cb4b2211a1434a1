//! What happened, in the past tense, with every figure, date and rule edition that was found. Never edited.
//!
//! `apply` copies: it takes no law and no time, and names every event. New fields of an event have defaults, so that old
//! ones stay readable.
mod papers;

use crate::case::{
    Agent, Announcement, Authority, Channel, Choice, ClockState, Confirmation, Correction, FeeMatter, IssuedPaper, Method, PaperRequest, Party,
    Payment, Procedure, Relief, Remark, RunningClock, ServiceState, Statement,
};
use crate::kind::{CaseKind, usual};
use crate::limit::ANNOUNCEMENT;
use crate::matter::{Decided, Exclusion, Raised};
use crate::paper::Owed;
use crate::preservation::of_measure;
use crate::trial::{
    Answer, Appeal, Archiving, Attendance, Closing, DraftFinding, Hearing, HearingRecord, Judgment, JudgmentSignature, JudgmentText, Opinion,
    RecordSignature, Tribunal,
};
use crate::{Case, Office, PaperId, PersonId, Stage};
use jiff::{
    Timestamp,
    civil::{Date, Time},
};
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
        /// The same notice for every further plaintiff.
        #[serde(default)]
        others: Vec<Owed>,
    },
    Corrected {
        parties: Vec<Party>,
        statement: Box<Statement>,
        at: Timestamp,
        channel: Channel,
        /// The clerk who entered it at the counter (R-IDC-40).
        #[serde(default)]
        assisted_by: Option<PersonId>,
        clock: RunningClock,
    },
    FilingAccepted(Box<FilingAccepted>),
    /// Not mended in time: the materials went back, under this entry of the year's book (R-FIL-12).
    FilingGivenBack {
        entry: u64,
        on: Date,
        reason: String,
        by: PersonId,
        notices: Vec<Owed>,
    },
    /// The plaintiff wants a decision on his filing as it is (R-FIL-12).
    FilingInsisted {
        by: PersonId,
        reason: String,
        at: Timestamp,
        channel: Channel,
        #[serde(default)]
        assisted_by: Option<PersonId>,
    },
    /// 不予受理, with the ruling owed to every plaintiff (R-FIL-17).
    FilingRefused(Box<FilingRefused>),
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
        /// 邮件号 of the letter; empty where there is none.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        reference: String,
    },
    PaperOpened {
        id: PaperId,
        at: Timestamp,
    },
    /// A party wants the paper itself; the day of service stays (R-SVC-10).
    PaperCopyRequested {
        request: PaperRequest,
    },
    /// A service took effect on `on`; the periods that hang on it begin.
    PaperServed {
        id: PaperId,
        method: Method,
        on: Date,
        rule: String,
        /// Of what was left with who refused it (R-SVC-04).
        #[serde(default, skip_serializing_if = "String::is_empty")]
        proof: String,
        clocks: Vec<RunningClock>,
    },
    ServiceFailed {
        id: PaperId,
        method: Method,
        reason: String,
        at: Timestamp,
    },
    /// A date of service was wrong: everything that hangs on it is derived anew (R-DDL-10).
    ServiceCorrected {
        id: PaperId,
        on: Date,
        reason: String,
        clocks: Vec<RunningClock>,
        /// The closing date of a closed case, where this service decides it (R-LIM-33).
        #[serde(default)]
        closed_on: Option<Date>,
        /// An appeal period runs again: the judgment that was held to be in force is not (R-SVC-41).
        #[serde(default)]
        reopens: bool,
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
    /// 送达地址确认书: where papers reach a person (R-SVC-11).
    AddressConfirmed(Box<Confirmation>),
    /// A party named an agent (R-IDC-10).
    AgentAppointed {
        authority: Box<Authority>,
        channel: Channel,
        #[serde(default)]
        assisted_by: Option<PersonId>,
    },
    /// A party ended an agent's authority (R-IDC-12).
    AgentRevoked {
        agent: PersonId,
        of: PersonId,
        at: Timestamp,
        #[serde(default)]
        assisted_by: Option<PersonId>,
    },
    FeePaid {
        payment: Payment,
    },
    ReliefRequested {
        reason: String,
    },
    /// Where something is still to be paid, a new notice begins the period anew (R-FEE-15, R-FEE-21).
    ReliefDecided {
        granted: bool,
        due: crate::Fen,
        #[serde(default)]
        notices: Vec<Owed>,
    },
    DeemedWithdrawn {
        #[serde(default)]
        ground: crate::step::deem_suit_withdrawn::Ground,
        ruling: Owed,
        /// The same ruling for every further plaintiff, and for each defendant who was served.
        #[serde(default)]
        others: Vec<Owed>,
        /// As the judge signed it; empty in rulings made before he could write it.
        #[serde(default)]
        text: RulingText,
        /// What stays charged of the fee, where that is other than what was due (R-FEE-11, R-FEE-17).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        due: Option<crate::Fen>,
    },
    /// A clock's last day went by; what follows is a task for a person, never a decision.
    ClockExpired {
        anchor: String,
        /// What begins with its end.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        clocks: Vec<RunningClock>,
    },
    /// 答辩状 came in; copies of it are owed to the other side (R-FIL-21).
    AnswerSubmitted {
        answer: Box<Answer>,
        copies: Vec<Owed>,
        clock: Option<RunningClock>,
    },
    EvidenceSubmitted(Box<EvidenceSubmitted>),
    /// 质证意见 of one party on items of others.
    EvidenceCommented {
        opinions: Vec<Opinion>,
        channel: Channel,
        #[serde(default)]
        assisted_by: Option<PersonId>,
    },
    TribunalAssigned {
        tribunal: Box<Tribunal>,
        notices: Vec<Owed>,
        clocks: Vec<RunningClock>,
    },
    HearingScheduled {
        hearing: Box<Hearing>,
        summonses: Vec<Owed>,
        clocks: Vec<RunningClock>,
    },
    /// 延期开庭: to another day, with new summonses (R-TRI-32).
    HearingPostponed {
        number: u32,
        date: Date,
        time: Time,
        courtroom: String,
        reason: String,
        summonses: Vec<Owed>,
        clocks: Vec<RunningClock>,
    },
    HearingOpened {
        number: u32,
        at: Timestamp,
        attendance: Vec<Attendance>,
    },
    /// The record as the clerk saved it; a later one takes its place in the case, this one stays here.
    RecordSaved {
        number: u32,
        version: u32,
        text: String,
    },
    /// The sitting ended: the text is fixed, who was there signs it (R-TRI-33).
    RecordClosed {
        number: u32,
        at: Timestamp,
        digest: String,
        signers: Vec<PersonId>,
        clock: RunningClock,
    },
    /// A signature under a record or the note that it was refused; with the last of them the record becomes a paper.
    RecordSigned {
        number: u32,
        signature: RecordSignature,
        #[serde(default)]
        paper: Option<Owed>,
    },
    /// Internal: a draft never leaves the internal volume (R-CAT-08).
    JudgmentDrafted {
        version: u32,
        text: Box<JudgmentText>,
        findings: Vec<DraftFinding>,
        by: PersonId,
    },
    JudgmentSigned {
        signature: JudgmentSignature,
    },
    /// Everybody signed: the judgment is given and owed to every party (R-DOC-03, R-TRI-36).
    JudgmentGiven {
        on: Date,
        papers: Vec<Owed>,
    },
    AppealFiled {
        appeal: Box<Appeal>,
        clock: RunningClock,
        /// It was posted in time and came when the judgment was held to be in force: it is not (R-DDL-04, R-SVC-41).
        #[serde(default)]
        reopens: bool,
    },
    /// No appeal period runs any more and none was used (R-APL-01).
    JudgmentTookEffect {
        on: Date,
    },
    CertificateRequested {
        by: PersonId,
    },
    CertificateIssued {
        certificate: Owed,
    },
    CaseClosed {
        closing: Box<Closing>,
        clock: RunningClock,
    },
    CaseArchived {
        archiving: Box<Archiving>,
    },
    /// 公告送达: papers that nothing else could bring to their recipient (R-SVC-30).
    ServiceAnnounced {
        announcement: Box<Announcement>,
        /// 公告, for the file and for where it is published.
        paper: Owed,
        /// Its days do not count towards the period of trial, while the case is tried (R-LIM-31).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        exclusion: Option<Exclusion>,
        clocks: Vec<RunningClock>,
    },
    /// Something was asked for beside the main proceeding ([`crate::matter`]).
    MatterRaised(Box<Raised>),
    /// It was decided, with its paper and all that it changes.
    MatterDecided(Box<Decided>),
}

/// 证据 handed in together, with the receipt that lists each item (R-FIL-07).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EvidenceSubmitted {
    pub by: PersonId,
    pub side: crate::case::Side,
    pub items: Vec<crate::case::Material>,
    pub at: Timestamp,
    pub channel: Channel,
    #[serde(default)]
    pub assisted_by: Option<PersonId>,
    /// 交邮日: it came by post and counts from that day (R-DDL-04).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub posted_on: Option<Date>,
    /// After the evidence period, with what the party says about it (R-EVD-05).
    pub late: bool,
    #[serde(default)]
    pub reason: String,
    pub receipt: Owed,
}

/// 起诉材料 handed in, as received.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FilingSubmitted {
    pub receipt_no: String,
    #[serde(default, skip_serializing_if = "usual")]
    pub kind: CaseKind,
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

/// What a judge may change in a ruling that lay drafted for him.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct RulingText {
    /// The course of things, one paragraph.
    pub facts: String,
    /// The provisions, without 依照 and 规定.
    pub basis: String,
}

/// 不予受理 with what the ruling says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FilingRefused {
    pub number: String,
    pub on: Date,
    pub by: PersonId,
    pub ground: crate::step::refuse_filing::Ground,
    pub reasons: String,
    pub papers: Vec<Owed>,
}

/// 立案 with all that hangs on it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FilingAccepted {
    pub number: String,
    /// None where nothing is tried.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub procedure: Option<Procedure>,
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
    /// Head of the log at this moment: the tribunal will be drawn by it ([`crate::draw`]).
    #[serde(default)]
    pub checkpoint: String,
}

impl Event {
    /// The name under which the event is stored and listed.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::FilingSubmitted(_) => "filing_submitted",
            Self::ReturnedForCorrection { .. } => "returned_for_correction",
            Self::Corrected { .. } => "corrected",
            Self::FilingAccepted(_) => "filing_accepted",
            Self::FilingGivenBack { .. } => "filing_given_back",
            Self::FilingInsisted { .. } => "filing_insisted",
            Self::FilingRefused(_) => "filing_refused",
            Self::PaperIssued { .. } => "paper_issued",
            Self::PaperSent { .. } => "paper_sent",
            Self::PaperOpened { .. } => "paper_opened",
            Self::PaperCopyRequested { .. } => "paper_copy_requested",
            Self::PaperServed { .. } => "paper_served",
            Self::ServiceFailed { .. } => "service_failed",
            Self::ServiceCorrected { .. } => "service_corrected",
            Self::ChannelChosen { .. } => "channel_chosen",
            Self::PartyJoined { .. } => "party_joined",
            Self::AddressConfirmed(_) => "address_confirmed",
            Self::AgentAppointed { .. } => "agent_appointed",
            Self::AgentRevoked { .. } => "agent_revoked",
            Self::FeePaid { .. } => "fee_paid",
            Self::ReliefRequested { .. } => "relief_requested",
            Self::ReliefDecided { .. } => "relief_decided",
            Self::DeemedWithdrawn { .. } => "deemed_withdrawn",
            Self::ClockExpired { .. } => "clock_expired",
            Self::AnswerSubmitted { .. } => "answer_submitted",
            Self::EvidenceSubmitted(_) => "evidence_submitted",
            Self::EvidenceCommented { .. } => "evidence_commented",
            Self::TribunalAssigned { .. } => "tribunal_assigned",
            Self::HearingScheduled { .. } => "hearing_scheduled",
            Self::HearingPostponed { .. } => "hearing_postponed",
            Self::HearingOpened { .. } => "hearing_opened",
            Self::RecordSaved { .. } => "record_saved",
            Self::RecordClosed { .. } => "record_closed",
            Self::RecordSigned { .. } => "record_signed",
            Self::JudgmentDrafted { .. } => "judgment_drafted",
            Self::JudgmentSigned { .. } => "judgment_signed",
            Self::JudgmentGiven { .. } => "judgment_given",
            Self::AppealFiled { .. } => "appeal_filed",
            Self::JudgmentTookEffect { .. } => "judgment_took_effect",
            Self::CertificateRequested { .. } => "certificate_requested",
            Self::CertificateIssued { .. } => "certificate_issued",
            Self::CaseClosed { .. } => "case_closed",
            Self::CaseArchived { .. } => "case_archived",
            Self::ServiceAnnounced { .. } => "service_announced",
            Self::MatterRaised(_) => "matter_raised",
            Self::MatterDecided(_) => "matter_decided",
        }
    }

    /// Did somebody else change what an act of this party could hang on? Sending and receiving papers does not, nor what
    /// stays inside the court.
    pub fn concerns(&self, case: &Case, party: PersonId) -> bool {
        match self {
            Self::FilingSubmitted(_)
            | Self::Corrected { .. }
            | Self::PaperIssued { .. }
            | Self::PaperSent { .. }
            | Self::PaperOpened { .. }
            | Self::PaperServed { .. }
            | Self::ServiceFailed { .. }
            | Self::FeePaid { .. }
            | Self::ReliefRequested { .. }
            | Self::ClockExpired { .. }
            | Self::RecordSaved { .. }
            | Self::RecordSigned { .. }
            | Self::JudgmentDrafted { .. }
            | Self::JudgmentSigned { .. }
            | Self::PaperCopyRequested { .. }
            | Self::CertificateRequested { .. } => false,
            Self::ServiceCorrected { id, .. } => case.paper(*id).is_some_and(|paper| paper.to == party),
            // Another's way of taking part changes nothing for this party; its own, chosen elsewhere, does.
            Self::ChannelChosen { choices } => choices.iter().any(|choice| choice.person == party),
            Self::AddressConfirmed(confirmation) => confirmation.person == party,
            Self::PartyJoined { person, .. } => *person != party,
            Self::AnswerSubmitted { answer, .. } => answer.by != party,
            Self::EvidenceSubmitted(submitted) => submitted.by != party,
            Self::EvidenceCommented { opinions, .. } => opinions.iter().any(|opinion| opinion.by != party),
            Self::AppealFiled { appeal, .. } => appeal.by != party,
            Self::FilingInsisted { by, .. } => *by != party,
            Self::MatterRaised(raised) => raised.by != party && case.may_know(raised.number, party),
            Self::MatterDecided(decided) => case.may_know(decided.number, party),
            Self::ReturnedForCorrection { .. }
            | Self::FilingAccepted(_)
            | Self::FilingGivenBack { .. }
            | Self::FilingRefused(_)
            | Self::AgentAppointed { .. }
            | Self::AgentRevoked { .. }
            | Self::ReliefDecided { .. }
            | Self::DeemedWithdrawn { .. }
            | Self::TribunalAssigned { .. }
            | Self::HearingScheduled { .. }
            | Self::HearingPostponed { .. }
            | Self::HearingOpened { .. }
            | Self::RecordClosed { .. }
            | Self::JudgmentGiven { .. }
            | Self::JudgmentTookEffect { .. }
            | Self::CertificateIssued { .. }
            | Self::CaseClosed { .. }
            | Self::CaseArchived { .. }
            | Self::ServiceAnnounced { .. } => true,
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
                tried: vec![],
            });
        }
        match event {
            Event::FilingSubmitted(filed) => self.submitted(filed),
            Event::ReturnedForCorrection { remarks, days, notice, others: _ } => {
                self.stage = Stage::Returned;
                self.end_clocks("R-FIL-11", ClockState::Met);
                self.correction = Some(Correction { remarks: remarks.clone(), days: *days, notice: notice.id, corrected_at: None });
            }
            Event::Corrected { parties, statement, at, channel: _, assisted_by: _, clock } => {
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
            Event::FilingGivenBack { on, .. } => {
                self.stage = Stage::GivenBack;
                self.given_back_on = Some(*on);
            }
            Event::FilingInsisted { at, .. } => self.insisted_at = Some(*at),
            Event::FilingRefused(refused) => {
                self.stage = Stage::Refused;
                self.number = Some(refused.number.clone());
                self.refused_on = Some(refused.on);
                self.end_clocks("R-FIL-11", ClockState::Met);
            }
            Event::PaperIssued { id, sha256, pages } => {
                if let Some(paper) = self.paper_mut(*id) {
                    paper.sha256 = Some(sha256.clone());
                    paper.pages = *pages;
                    paper.service = ServiceState::Issued;
                }
            }
            Event::PaperSent { id, method, at, .. } => {
                self.service(*id, ServiceState::Sent { method: *method, at: *at });
                self.papers_left();
            }
            Event::PaperOpened { id, at } => {
                if let Some(paper) = self.paper_mut(*id) {
                    paper.opened_at.get_or_insert(*at);
                }
            }
            Event::PaperCopyRequested { request } => self.paper_requests.push(request.clone()),
            Event::PaperServed { id, method, on, rule, proof: _, clocks } => {
                let sent = self.paper(*id).and_then(|paper| paper.service.sent_at());
                self.service(*id, ServiceState::Served { method: *method, on: *on, rule: rule.clone(), sent });
                self.announcement_answered(*on);
                clocks.iter().for_each(|clock| self.start(clock));
            }
            Event::ServiceFailed { id, method, reason, at } => {
                let sent = self.paper(*id).and_then(|paper| paper.service.sent_at());
                self.service(*id, ServiceState::Failed { method: *method, reason: reason.clone(), at: *at, sent });
                if let Some(paper) = self.paper_mut(*id) {
                    paper.tried.push(*method);
                }
            }
            Event::ServiceCorrected { id, on, reason: _, clocks, closed_on, reopens } => {
                if let Some(IssuedPaper { service: ServiceState::Served { on: served, .. }, .. }) = self.paper_mut(*id) {
                    *served = *on;
                }
                clocks.iter().for_each(|clock| self.start(clock));
                if let Some((closing, on)) = self.closing.as_mut().zip(*closed_on) {
                    closing.on = on;
                }
                if *reopens {
                    (self.stage, self.effective_on) = (Stage::Decided, None);
                }
            }
            Event::ChannelChosen { choices } => self.choices.extend(choices.iter().cloned()),
            Event::PartyJoined { person, choices, at: _ } => {
                self.joined.push(*person);
                self.choices.extend(choices.iter().cloned());
                self.end_clock(&format!("join/{person}"), ClockState::Met);
            }
            Event::AddressConfirmed(confirmation) => self.address_confirmed(confirmation),
            Event::AgentAppointed { authority, channel: _, assisted_by: _ } => {
                self.agents.push(authority.agent.clone());
                self.authorities.push((**authority).clone());
            }
            Event::AgentRevoked { agent, of, at, assisted_by: _ } => self.agent_revoked(*agent, *of, *at),
            Event::FeePaid { payment } => {
                if let Some(fee) = &mut self.fee {
                    match &fee.paid {
                        None => fee.paid = Some(payment.clone()),
                        Some(_) => fee.further.push(payment.clone()),
                    }
                }
                self.end_clocks("R-FEE-15", ClockState::Met);
            }
            Event::ReliefRequested { reason } => {
                if let Some(fee) = &mut self.fee {
                    fee.relief = Some(Relief { reason: reason.clone(), granted: None, notices: vec![] });
                }
            }
            Event::ReliefDecided { granted, due, notices } => {
                if let Some(fee) = &mut self.fee {
                    fee.due = *due;
                    if let Some(relief) = &mut fee.relief {
                        relief.granted = Some(*granted);
                        relief.notices = notices.iter().map(|owed| owed.id).collect();
                    }
                }
                self.end_fee_period();
            }
            Event::DeemedWithdrawn { due, .. } => {
                self.stage = Stage::Withdrawn;
                self.paused.clear();
                if let (Some(fee), Some(due)) = (&mut self.fee, due) {
                    fee.due = *due;
                }
                // Nothing is waited for any more in a case that ended.
                for running in self.clocks.iter_mut().filter(|running| running.state == ClockState::Running && !of_measure(running)) {
                    running.state = ClockState::Met;
                }
            }
            Event::ClockExpired { anchor, clocks } => {
                for running in self.clocks.iter_mut().filter(|running| running.anchor == *anchor && running.state == ClockState::Running) {
                    running.state = ClockState::Expired;
                }
                self.lapsed(anchor);
                clocks.iter().for_each(|clock| self.start(clock));
            }
            Event::AnswerSubmitted { answer, copies: _, clock } => self.answered(answer, clock.as_ref()),
            Event::EvidenceSubmitted(submitted) => {
                for item in &submitted.items {
                    self.list_evidence(item.clone(), submitted.by, submitted.side, submitted.at, submitted.late);
                }
            }
            Event::EvidenceCommented { opinions, channel: _, assisted_by: _ } => self.commented(opinions),
            Event::TribunalAssigned { tribunal, notices: _, clocks } => self.assigned(tribunal, clocks),
            Event::HearingScheduled { hearing, summonses: _, clocks } => {
                self.hearings.push((**hearing).clone());
                clocks.iter().for_each(|clock| self.start(clock));
            }
            Event::HearingPostponed { number, date, time, courtroom, reason: _, summonses, clocks } => {
                if let Some(hearing) = self.hearing_mut(*number) {
                    (hearing.date, hearing.time, hearing.courtroom) = (*date, *time, courtroom.clone());
                    hearing.summonses = summonses.iter().map(|owed| owed.id).collect();
                    hearing.postponed += 1;
                }
                clocks.iter().for_each(|clock| self.start(clock));
            }
            Event::HearingOpened { number, at, attendance } => {
                self.stage = Stage::Hearing;
                if let Some(hearing) = self.hearing_mut(*number) {
                    hearing.opened_at = Some(*at);
                    hearing.attendance = attendance.clone();
                }
                self.end_clock(&format!("summons/{number}"), ClockState::Met);
            }
            Event::RecordSaved { number, version, text } => {
                if let Some(record) = self.record_mut(*number) {
                    (record.version, record.text) = (*version, text.clone());
                }
            }
            Event::RecordClosed { number, at, digest, signers, clock } => {
                if let Some(record) = self.record_mut(*number) {
                    *record = HearingRecord { closed_at: Some(*at), digest: digest.clone(), signers: signers.clone(), ..record.clone() };
                }
                self.start(clock);
            }
            Event::RecordSigned { number, signature, paper } => {
                if let Some(record) = self.record_mut(*number) {
                    record.signatures.push(signature.clone());
                }
                if paper.is_some() {
                    self.end_clock(&format!("record/{number}"), ClockState::Met);
                }
            }
            Event::JudgmentDrafted { version, text, findings, by: _ } => {
                let (text, findings) = ((**text).clone(), findings.clone());
                self.judgment = Some(Judgment { text, findings, version: *version, signatures: vec![], given_on: None });
            }
            Event::JudgmentSigned { signature } => {
                if let Some(judgment) = &mut self.judgment {
                    judgment.signatures.push(signature.clone());
                }
            }
            Event::JudgmentGiven { on, papers: _ } => self.given(*on),
            Event::AppealFiled { appeal, clock, reopens } => {
                self.appealed(appeal);
                self.start(clock);
                if *reopens {
                    // The package of an earlier archiving stays among the contents; the file will be packed anew.
                    (self.stage, self.effective_on, self.archiving) = (self.ended_in().unwrap_or(Stage::Decided), None, None);
                }
            }
            Event::JudgmentTookEffect { on } => {
                self.stage = Stage::Effective;
                self.effective_on = Some(*on);
            }
            Event::CertificateRequested { by } => self.certificate_requests.push(*by),
            Event::CertificateIssued { certificate } => self.certificate_requests.retain(|by| *by != certificate.to),
            Event::CaseClosed { closing, clock } => {
                self.closing = Some((**closing).clone());
                self.start(clock);
            }
            Event::CaseArchived { archiving } => {
                self.stage = Stage::Archived;
                self.archiving = Some((**archiving).clone());
                self.end_clock("archive", ClockState::Met);
            }
            Event::ServiceAnnounced { announcement, paper: _, exclusion, clocks } => self.announced(announcement, exclusion.as_ref(), clocks),
            Event::MatterRaised(raised) => self.matter_raised(raised),
            Event::MatterDecided(decided) => self.matter_decided(decided),
        }
        self.version += 1;
    }

    fn submitted(&mut self, filed: &FilingSubmitted) {
        self.stage = Stage::Submitted;
        self.receipt_no = filed.receipt_no.clone();
        self.kind = filed.kind;
        self.submitted_at = Some(filed.at);
        self.channel = Some(filed.channel);
        self.parties = filed.parties.clone();
        self.agents = filed.agents.clone();
        self.statement = Some(filed.statement.clone());
        self.choices.extend(filed.choices.iter().cloned());
        self.start(&filed.clock);
    }

    fn accepted(&mut self, accepted: &FilingAccepted) {
        self.stage = self.kind.accepted();
        self.number = Some(accepted.number.clone());
        self.accepted_on = Some(accepted.on);
        self.procedure = accepted.procedure;
        self.fee = Some(accepted.fee.clone());
        self.checkpoint = accepted.checkpoint.clone();
        self.list_filed_evidence();
        self.end_clocks("R-FIL-11", ClockState::Met);
        accepted.clocks.iter().for_each(|clock| self.start(clock));
    }

    /// An appeal against a ruling beside which the suit goes on holds up the trial: its time does not count (R-LIM-31).
    fn appealed(&mut self, appeal: &Appeal) {
        if appeal.of == self.ended_by {
            self.end_clock(&format!("appeal/{}", appeal.by), ClockState::Met);
        } else {
            self.end_clock(&format!("ruling/{}", appeal.by), ClockState::Met);
            let from = crate::step::day_of(appeal.at);
            self.exclude(&Exclusion { from, to: None, why: "管辖权异议上诉".into(), rule: "R-LIM-31".into() });
        }
        self.appeals.push(appeal.clone());
    }

    /// Under way for thirty days; no other announcement takes these papers meanwhile.
    fn announced(&mut self, announcement: &Announcement, exclusion: Option<&Exclusion>, clocks: &[RunningClock]) {
        for id in &announcement.papers {
            self.service(*id, ServiceState::Sent { method: Method::Announced, at: announcement.at });
        }
        self.papers_left();
        self.announcements.push(announcement.clone());
        self.exclusions.extend(exclusion.cloned());
        clocks.iter().for_each(|clock| self.start(clock));
    }

    /// Who came for all that was announced to him ends the announcement; the days that are left of it count again (R-LIM-31).
    fn announcement_answered(&mut self, on: Date) {
        let in_hand = |id: &PaperId| self.paper(*id).is_some_and(|paper| matches!(paper.service, ServiceState::Served { .. }));
        let answered = |announcement: &&Announcement| on < announcement.until && announcement.papers.iter().all(in_hand);
        let over: Vec<Announcement> = self.announcements.iter().filter(answered).cloned().collect();
        for announcement in over {
            self.end_clock(&format!("announcement/{}", announcement.number), ClockState::Met);
            let its = |known: &&mut Exclusion| known.why == ANNOUNCEMENT && (known.from, known.to) == (announcement.on, Some(announcement.until));
            if let Some(exclusion) = self.exclusions.iter_mut().find(its) {
                exclusion.to = Some(on.max(announcement.on));
            }
        }
    }

    fn address_confirmed(&mut self, confirmation: &Confirmation) {
        // The digest pins the particulars as they are now, the confirmed address among them.
        for party in self.parties.iter_mut().filter(|party| party.person == confirmation.person) {
            party.digest.clone_from(&confirmation.digest);
        }
        self.confirmations.push(confirmation.clone());
    }

    fn agent_revoked(&mut self, agent: PersonId, of: PersonId, at: Timestamp) {
        self.agents.retain(|known| known.person != agent || known.of != of);
        let ended = |authority: &&mut Authority| authority.agent.person == agent && authority.agent.of == of && authority.revoked_at.is_none();
        for authority in self.authorities.iter_mut().filter(ended) {
            authority.revoked_at = Some(at);
        }
    }

    /// Starts a clock; one with the same anchor that still runs, or ran out on a corrected fact, gives way to it.
    pub(crate) fn start(&mut self, clock: &RunningClock) {
        for old in self.clocks.iter_mut().filter(|old| old.anchor == clock.anchor && old.state != ClockState::Met) {
            old.state = ClockState::Replaced;
        }
        self.clocks.push(clock.clone());
    }

    pub(crate) fn end_clocks(&mut self, rule: &str, state: ClockState) {
        for running in self.clocks.iter_mut().filter(|running| running.clock.rule == rule && running.state == ClockState::Running) {
            running.state = state;
        }
    }

    pub(crate) fn end_clock(&mut self, anchor: &str, state: ClockState) {
        for running in self.clocks.iter_mut().filter(|running| running.anchor == anchor && running.state == ClockState::Running) {
            running.state = state;
        }
    }

    /// The decision on relief takes the place of the period that ran before it; a new notice begins another (R-FEE-15).
    fn end_fee_period(&mut self) {
        for old in self.clocks.iter_mut().filter(|old| old.clock.rule == "R-FEE-15" && old.state != ClockState::Met) {
            old.state = ClockState::Replaced;
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

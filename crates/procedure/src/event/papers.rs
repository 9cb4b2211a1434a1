//! Papers in events: which each owes, and of which one's service it tells.
use crate::matter::Effect;
use crate::paper::Owed;
use crate::{Event, PaperId};

impl Event {
    /// The papers that this event owes to somebody.
    pub fn owed(&self) -> Vec<&Owed> {
        match self {
            Self::ReturnedForCorrection { notice: first, others, .. } | Self::DeemedWithdrawn { ruling: first, others, .. } => {
                std::iter::once(first).chain(others).collect()
            }
            Self::FilingGivenBack { notices, .. } => notices.iter().collect(),
            Self::FilingRefused(refused) => refused.papers.iter().collect(),
            Self::FilingAccepted(accepted) => accepted.papers.iter().collect(),
            Self::AnswerSubmitted { copies: papers, .. }
            | Self::TribunalAssigned { notices: papers, .. }
            | Self::HearingScheduled { summonses: papers, .. }
            | Self::HearingPostponed { summonses: papers, .. }
            | Self::ReliefDecided { notices: papers, .. }
            | Self::JudgmentGiven { papers, .. } => papers.iter().collect(),
            Self::EvidenceSubmitted(submitted) => vec![&submitted.receipt],
            Self::RecordSigned { paper, .. } => paper.iter().collect(),
            Self::CertificateIssued { certificate } => vec![certificate],
            Self::ServiceAnnounced { paper, .. } => vec![paper],
            Self::MatterDecided(decided) => {
                let late =
                    decided.effects.iter().flat_map(|effect| if let Effect::RulingOwed { papers, .. } = effect { papers.as_slice() } else { &[] });
                decided.papers.iter().chain(late).collect()
            }
            Self::FilingSubmitted(_)
            | Self::Corrected { .. }
            | Self::PaperIssued { .. }
            | Self::PaperSent { .. }
            | Self::PaperOpened { .. }
            | Self::PaperCopyRequested { .. }
            | Self::FilingInsisted { .. }
            | Self::PaperServed { .. }
            | Self::ServiceFailed { .. }
            | Self::ServiceCorrected { .. }
            | Self::ChannelChosen { .. }
            | Self::PartyJoined { .. }
            | Self::AddressConfirmed(_)
            | Self::AgentAppointed { .. }
            | Self::AgentRevoked { .. }
            | Self::FeePaid { .. }
            | Self::ReliefRequested { .. }
            | Self::ClockExpired { .. }
            | Self::EvidenceCommented { .. }
            | Self::HearingOpened { .. }
            | Self::RecordSaved { .. }
            | Self::RecordClosed { .. }
            | Self::JudgmentDrafted { .. }
            | Self::JudgmentSigned { .. }
            | Self::AppealFiled { .. }
            | Self::JudgmentTookEffect { .. }
            | Self::CertificateRequested { .. }
            | Self::CaseClosed { .. }
            | Self::CaseArchived { .. }
            | Self::MatterRaised(_) => vec![],
        }
    }

    /// The paper on whose way to its recipient this event is a step.
    pub fn service_of(&self) -> Option<PaperId> {
        match self {
            Self::PaperIssued { id, .. }
            | Self::PaperSent { id, .. }
            | Self::PaperOpened { id, .. }
            | Self::PaperServed { id, .. }
            | Self::ServiceFailed { id, .. }
            | Self::ServiceCorrected { id, .. } => Some(*id),
            Self::FilingSubmitted(_)
            | Self::ReturnedForCorrection { .. }
            | Self::Corrected { .. }
            | Self::FilingAccepted(_)
            | Self::FilingGivenBack { .. }
            | Self::FilingInsisted { .. }
            | Self::FilingRefused(_)
            | Self::PaperCopyRequested { .. }
            | Self::ChannelChosen { .. }
            | Self::PartyJoined { .. }
            | Self::AddressConfirmed(_)
            | Self::AgentAppointed { .. }
            | Self::AgentRevoked { .. }
            | Self::FeePaid { .. }
            | Self::ReliefRequested { .. }
            | Self::ReliefDecided { .. }
            | Self::DeemedWithdrawn { .. }
            | Self::ClockExpired { .. }
            | Self::AnswerSubmitted { .. }
            | Self::EvidenceSubmitted(_)
            | Self::EvidenceCommented { .. }
            | Self::TribunalAssigned { .. }
            | Self::HearingScheduled { .. }
            | Self::HearingPostponed { .. }
            | Self::HearingOpened { .. }
            | Self::RecordSaved { .. }
            | Self::RecordClosed { .. }
            | Self::RecordSigned { .. }
            | Self::JudgmentDrafted { .. }
            | Self::JudgmentSigned { .. }
            | Self::JudgmentGiven { .. }
            | Self::AppealFiled { .. }
            | Self::JudgmentTookEffect { .. }
            | Self::CertificateRequested { .. }
            | Self::CertificateIssued { .. }
            | Self::CaseClosed { .. }
            | Self::CaseArchived { .. }
            | Self::ServiceAnnounced { .. }
            | Self::MatterRaised(_)
            | Self::MatterDecided(_) => None,
        }
    }
}

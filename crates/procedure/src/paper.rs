//! 文书: the papers that a proceeding owes its people.
use crate::case::ServiceState;
use crate::{PaperId, PersonId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What a paper is (R-DOC-01; names from the glossary).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Paper {
    /// 补正通知书 (R-FIL-12)
    CorrectionNotice,
    /// 退回起诉材料通知书 (R-FIL-12)
    GivenBackNotice,
    /// 受理案件通知书 (R-FIL-13)
    AcceptanceNotice,
    /// 交纳诉讼费用通知书 (R-FEE-15)
    FeeNotice,
    /// 应诉通知书 (R-FIL-21)
    AnswerNotice,
    /// 举证通知书 (R-EVD-02)
    EvidenceNotice,
    /// 合议庭组成人员通知书、独任审判员通知书 (R-TRI-05)
    PanelNotice,
    /// 传票 (R-TRI-20)
    Summons,
    /// 民事起诉状副本: the complaint as the other side gets it (R-FIL-21)
    ComplaintCopy,
    /// 答辩状副本 (R-FIL-21)
    AnswerCopy,
    /// 应诉参加码: the sheet that lets a defendant link his account to the case (R-IDC-22)
    JoinSheet,
    /// 送达地址确认书, to be filled in (R-SVC-11)
    ServiceAddressForm,
    /// 不予受理裁定书 (D06)
    RefusalRuling,
    /// 按撤诉处理裁定书 (D08)
    DeemedWithdrawalRuling,
    /// 民事判决书 (D01, D02)
    CivilJudgment,
    /// 生效证明
    EffectivenessCertificate,
    /// 证据材料收据 (R-FIL-07)
    EvidenceReceipt,
    /// 庭审笔录 (R-TRI-33): kept in the file, served on nobody
    HearingRecord,
    /// 公告 (R-SVC-30): kept in the file and published, served on nobody
    Announcement,
    /// 裁定书 on a matter (R-DOC-04)
    MatterRuling,
    /// 决定书 on a matter (R-DOC-06)
    MatterDecision,
    /// 通知书 on a matter
    MatterNotice,
}

impl Paper {
    /// The name that stands on the paper.
    pub fn zh(self) -> &'static str {
        match self {
            Self::CorrectionNotice => "补正通知书",
            Self::GivenBackNotice => "退回起诉材料通知书",
            Self::AcceptanceNotice => "受理案件通知书",
            Self::FeeNotice => "交纳诉讼费用通知书",
            Self::AnswerNotice => "应诉通知书",
            Self::EvidenceNotice => "举证通知书",
            Self::PanelNotice => "审判组织通知书",
            Self::Summons => "传票",
            Self::ComplaintCopy => "民事起诉状副本",
            Self::AnswerCopy => "民事答辩状副本",
            Self::JoinSheet => "在线参加诉讼告知书",
            Self::ServiceAddressForm => "送达地址确认书",
            Self::RefusalRuling => "民事裁定书（不予受理）",
            Self::DeemedWithdrawalRuling => "民事裁定书（按撤诉处理）",
            Self::CivilJudgment => "民事判决书",
            Self::EffectivenessCertificate => "生效证明",
            Self::EvidenceReceipt => "证据材料收据",
            Self::HearingRecord => "庭审笔录",
            Self::Announcement => "公告",
            Self::MatterRuling => "民事裁定书",
            Self::MatterDecision => "决定书",
            Self::MatterNotice => "通知书",
        }
    }

    /// The name in file names and URLs.
    pub fn name(self) -> &'static str {
        match self {
            Self::CorrectionNotice => "correction-notice",
            Self::GivenBackNotice => "given-back-notice",
            Self::AcceptanceNotice => "acceptance-notice",
            Self::FeeNotice => "fee-notice",
            Self::AnswerNotice => "answer-notice",
            Self::EvidenceNotice => "evidence-notice",
            Self::PanelNotice => "panel-notice",
            Self::Summons => "summons",
            Self::ComplaintCopy => "complaint-copy",
            Self::AnswerCopy => "answer-copy",
            Self::JoinSheet => "join-sheet",
            Self::ServiceAddressForm => "service-address",
            Self::RefusalRuling => "refusal-ruling",
            Self::DeemedWithdrawalRuling => "deemed-withdrawal-ruling",
            Self::CivilJudgment => "judgment",
            Self::EffectivenessCertificate => "effectiveness-certificate",
            Self::EvidenceReceipt => "evidence-receipt",
            Self::HearingRecord => "hearing-record",
            Self::Announcement => "announcement",
            Self::MatterRuling => "ruling",
            Self::MatterDecision => "decision",
            Self::MatterNotice => "notice",
        }
    }

    /// Calls somebody to do something in the suit, or opens it to him; once the suit is over it says nothing any more.
    pub fn calls(self) -> bool {
        match self {
            Self::FeeNotice
            | Self::AnswerNotice
            | Self::EvidenceNotice
            | Self::PanelNotice
            | Self::Summons
            | Self::ComplaintCopy
            | Self::AnswerCopy
            | Self::JoinSheet
            | Self::ServiceAddressForm => true,
            Self::CorrectionNotice
            | Self::GivenBackNotice
            | Self::AcceptanceNotice
            | Self::RefusalRuling
            | Self::DeemedWithdrawalRuling
            | Self::CivilJudgment
            | Self::EffectivenessCertificate
            | Self::EvidenceReceipt
            | Self::HearingRecord
            | Self::Announcement
            | Self::MatterRuling
            | Self::MatterDecision
            | Self::MatterNotice => false,
        }
    }

    /// Made for the file alone: it is owed to nobody ([`Owed::to`] is nil) and never sent.
    pub fn is_kept(self) -> bool {
        match self {
            Self::HearingRecord | Self::Announcement => true,
            Self::CorrectionNotice
            | Self::GivenBackNotice
            | Self::AcceptanceNotice
            | Self::FeeNotice
            | Self::AnswerNotice
            | Self::EvidenceNotice
            | Self::PanelNotice
            | Self::Summons
            | Self::ComplaintCopy
            | Self::AnswerCopy
            | Self::JoinSheet
            | Self::ServiceAddressForm
            | Self::RefusalRuling
            | Self::DeemedWithdrawalRuling
            | Self::CivilJudgment
            | Self::EffectivenessCertificate
            | Self::EvidenceReceipt
            | Self::MatterRuling
            | Self::MatterDecision
            | Self::MatterNotice => false,
        }
    }
}

/// A paper that an event owes to one recipient. It stays owed until a service of it took effect (invariant 4); one that is
/// kept in the file ([`Paper::is_kept`]), until it is typeset.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Owed {
    pub id: PaperId,
    pub paper: Paper,
    pub to: PersonId,
}

impl ServiceState {
    /// When the paper left the court the last time; none while it did not.
    pub fn sent_at(&self) -> Option<Timestamp> {
        match self {
            Self::Owed | Self::Issued => None,
            Self::Sent { at, .. } => Some(*at),
            Self::Served { sent, .. } | Self::Failed { sent, .. } => *sent,
        }
    }
}

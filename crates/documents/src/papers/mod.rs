//! The papers as typed data: one struct each, grouped by meaning. Amounts are integer fen, dates
//! ISO; a template turns both into print, so words and figures cannot differ (R-CHK-35).

mod common;
mod decisions;
mod filing;
mod notices;
mod service;
mod volume;

use serde::{Deserialize, Serialize};

pub use common::*;
pub use decisions::*;
pub use filing::*;
pub use notices::*;
pub use service::*;
pub use volume::*;

/// A paper ready to be typeset. As JSON: `{"paper": "summons", "data": {…}}`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "paper", content = "data", rename_all = "kebab-case")]
pub enum Paper {
    /// 补正通知书
    CorrectionNotice(CorrectionNotice),
    /// 退回起诉材料通知书
    GivenBackNotice(GivenBackNotice),
    /// 受理案件通知书
    AcceptanceNotice(AcceptanceNotice),
    /// 交纳诉讼费用通知书
    FeeNotice(FeeNotice),
    /// 应诉通知书
    AnswerNotice(AnswerNotice),
    /// 举证通知书
    EvidenceNotice(EvidenceNotice),
    /// 合议庭组成人员通知书、独任审判员通知书
    PanelNotice(PanelNotice),
    /// 传票
    Summons(Summons),
    /// 送达地址确认书
    AddressConfirmation(AddressConfirmation),
    /// 送达回证
    ServiceReturn(ServiceReturn),
    /// 电子送达凭证
    ElectronicServiceCertificate(ElectronicServiceCertificate),
    /// 加入码告知单
    JoinSheet(JoinSheet),
    /// 邮寄送达封面
    PostalCover(PostalCover),
    /// 民事起诉状
    Complaint(Complaint),
    /// 民事答辩状
    Answer(Answer),
    /// 证据清单
    EvidenceList(EvidenceList),
    /// 提交回执
    FilingReceipt(FilingReceipt),
    /// 证据材料收据
    EvidenceReceipt(EvidenceReceipt),
    /// 民事判决书
    CivilJudgment(Box<CivilJudgment>),
    /// 民事裁定书（按撤诉处理）
    DeemedWithdrawalRuling(DeemedWithdrawalRuling),
    /// 民事裁定书（不予受理）
    RefusalRuling(RefusalRuling),
    /// 法律文书生效证明
    EffectivenessCertificate(EffectivenessCertificate),
    /// 庭审笔录
    HearingRecord(HearingRecord),
    /// 卷宗封面
    FileCover(FileCover),
    /// 卷内文书目录
    FileCatalogue(FileCatalogue),
    /// 备考表
    FileBacknote(FileBacknote),
    /// 裁定书、决定书、通知书 on a matter
    Matter(MatterPaper),
    /// 公告（公告送达）
    Announcement(Announcement),
}

impl Paper {
    /// Reads a paper as [`Paper::to_json`] wrote it. The code that reads every paper is made here and nowhere else.
    ///
    /// # Errors
    /// What serde says of a text that is no paper.
    pub fn from_json(text: &[u8]) -> Result<Self, serde_json::Error> {
        serde_json::from_slice(text)
    }

    /// The paper as JSON.
    ///
    /// # Errors
    /// None that a paper can cause.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(self)
    }

    /// File name of its template in `knowledge/papers`.
    pub fn template(&self) -> &'static str {
        match self {
            Self::CorrectionNotice(_) => "correction-notice.typ",
            Self::GivenBackNotice(_) => "given-back-notice.typ",
            Self::AcceptanceNotice(_) => "acceptance-notice.typ",
            Self::FeeNotice(_) => "fee-notice.typ",
            Self::AnswerNotice(_) => "answer-notice.typ",
            Self::EvidenceNotice(_) => "evidence-notice.typ",
            Self::PanelNotice(_) => "panel-notice.typ",
            Self::Summons(_) => "summons.typ",
            Self::AddressConfirmation(_) => "service-address.typ",
            Self::ServiceReturn(_) => "service-return.typ",
            Self::ElectronicServiceCertificate(_) => "e-service-certificate.typ",
            Self::JoinSheet(_) => "join-sheet.typ",
            Self::PostalCover(_) => "postal-cover.typ",
            Self::Complaint(_) => "complaint.typ",
            Self::Answer(_) => "answer.typ",
            Self::EvidenceList(_) => "evidence-list.typ",
            Self::FilingReceipt(_) => "filing-receipt.typ",
            Self::EvidenceReceipt(_) => "evidence-receipt.typ",
            Self::CivilJudgment(_) => "judgment.typ",
            Self::DeemedWithdrawalRuling(_) => "deemed-withdrawal-ruling.typ",
            Self::RefusalRuling(_) => "refusal-ruling.typ",
            Self::EffectivenessCertificate(_) => "effectiveness-certificate.typ",
            Self::HearingRecord(_) => "hearing-record.typ",
            Self::FileCover(_) => "file-cover.typ",
            Self::FileCatalogue(_) => "file-catalogue.typ",
            Self::FileBacknote(_) => "file-backnote.typ",
            Self::Matter(_) => "matter.typ",
            Self::Announcement(_) => "announcement.typ",
        }
    }

    /// Name of the paper as printed above it.
    pub fn title(&self) -> &'static str {
        match self {
            Self::CorrectionNotice(_) => "补正通知书",
            Self::GivenBackNotice(_) => "退回起诉材料通知书",
            Self::AcceptanceNotice(_) => "受理案件通知书",
            Self::FeeNotice(_) => "交纳诉讼费用通知书",
            Self::AnswerNotice(_) => "应诉通知书",
            Self::EvidenceNotice(_) => "举证通知书",
            Self::PanelNotice(p) => match p.kind {
                PanelKind::Collegial => "合议庭组成人员通知书",
                PanelKind::Sole => "独任审判员通知书",
            },
            Self::Summons(_) => "传票",
            Self::AddressConfirmation(_) => "送达地址确认书",
            Self::ServiceReturn(_) => "送达回证",
            Self::ElectronicServiceCertificate(_) => "电子送达凭证",
            Self::JoinSheet(_) => "在线参加诉讼告知书",
            Self::PostalCover(_) => "邮寄送达封面",
            Self::Complaint(_) => "民事起诉状",
            Self::Answer(_) => "民事答辩状",
            Self::EvidenceList(_) => "证据清单",
            Self::FilingReceipt(_) => "提交回执",
            Self::EvidenceReceipt(_) => "证据材料收据",
            Self::CivilJudgment(_) => "民事判决书",
            Self::DeemedWithdrawalRuling(_) | Self::RefusalRuling(_) => "民事裁定书",
            Self::EffectivenessCertificate(_) => "法律文书生效证明",
            Self::HearingRecord(_) => "庭审笔录",
            Self::FileCover(_) => "卷宗封面",
            Self::FileCatalogue(_) => "卷内文书目录",
            Self::FileBacknote(_) => "备考表",
            Self::Matter(p) => p.kind.title(),
            Self::Announcement(_) => "公告",
        }
    }

    /// The court whose seal the paper takes; none for a party's or the portal's paper, and for
    /// sheets that bear no seal.
    pub fn sealing_court(&self) -> Option<&str> {
        match self {
            Self::CorrectionNotice(p) => Some(&p.court),
            Self::GivenBackNotice(p) => Some(&p.court),
            Self::AcceptanceNotice(p) => Some(&p.court),
            Self::FeeNotice(p) => Some(&p.court),
            Self::AnswerNotice(p) => Some(&p.court),
            Self::EvidenceNotice(p) => Some(&p.court),
            Self::PanelNotice(p) => Some(&p.court),
            Self::Summons(p) => Some(&p.court),
            Self::ElectronicServiceCertificate(p) => Some(&p.court),
            Self::EvidenceReceipt(p) => Some(&p.court),
            Self::CivilJudgment(p) => Some(&p.court),
            Self::DeemedWithdrawalRuling(p) => Some(&p.court),
            Self::RefusalRuling(p) => Some(&p.court),
            Self::EffectivenessCertificate(p) => Some(&p.court),
            Self::Matter(p) => Some(&p.court),
            Self::Announcement(p) => Some(&p.court),
            Self::AddressConfirmation(_)
            | Self::ServiceReturn(_)
            | Self::JoinSheet(_)
            | Self::PostalCover(_)
            | Self::Complaint(_)
            | Self::Answer(_)
            | Self::EvidenceList(_)
            | Self::FilingReceipt(_)
            | Self::HearingRecord(_)
            | Self::FileCover(_)
            | Self::FileCatalogue(_)
            | Self::FileBacknote(_) => None,
        }
    }
}

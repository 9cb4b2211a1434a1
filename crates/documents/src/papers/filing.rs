//! 起诉、证据 Papers around filing and handing in.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::common::{PartyLine, VerifyMark};

/// 民事起诉状 Made from the answers of the interview (R-FIL-02, CPL 124).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Complaint {
    /// Plaintiffs' names: the author of the paper.
    pub author: String,
    /// Court addressed (`此致`).
    pub court: String,
    pub parties: Vec<PartyLine>,
    /// Claims without numbers, each with its full stop.
    pub claims: Vec<String>,
    /// Facts and reasons, a paragraph each.
    pub facts: Vec<String>,
    pub evidence: Vec<ComplaintEvidence>,
    /// 具状人
    pub signer: String,
    /// `本起诉状副本一份`, `证据材料五份`.
    pub attachments: Vec<String>,
    /// Names that no line end may part.
    pub keep: Vec<String>,
    pub date: Date,
}

/// Evidence named in the complaint.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ComplaintEvidence {
    pub name: String,
    /// What it proves.
    pub purpose: String,
    pub source: Option<String>,
}

/// 民事答辩状 A defendant's answer (R-FIL-21, CPL 128). A party's paper: no court name above it, no seal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// 答辩人: role `答辩人（被告）` with data and agents.
    pub parties: Vec<PartyLine>,
    /// `因原告陈堃诉答辩人民间借贷纠纷一案，提出答辩如下：`.
    pub case_line: String,
    /// Case number of the suit answered.
    pub number: String,
    /// 答辩意见, a paragraph each.
    pub text: Vec<String>,
    /// Court addressed (`此致`).
    pub court: String,
    pub signer: String,
    /// `证据材料2份`; empty for none.
    pub attachments: Vec<String>,
    /// Names that no line end may part.
    pub keep: Vec<String>,
    pub date: Date,
}

/// 证据清单 A party's numbered list (R-FIL-07).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EvidenceList {
    pub submitter: String,
    pub role: String,
    /// Case number, once there is one.
    pub number: Option<String>,
    pub items: Vec<EvidenceItem>,
    pub signer: String,
    pub date: Date,
}

/// One item of the list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EvidenceItem {
    pub no: u32,
    pub name: String,
    pub source: String,
    pub purpose: String,
    /// `原件`, `复印件`, `电子数据`.
    pub form: String,
    pub pages: u32,
}

/// 提交回执 What the portal received and when; signed by the portal, no seal of the court.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FilingReceipt {
    /// `人民法院在线服务`.
    pub platform: String,
    /// 收件编号
    pub number: String,
    pub verify: Option<VerifyMark>,
    pub submitter: String,
    pub court: String,
    /// `民间借贷纠纷（网上立案）`.
    pub matter: String,
    /// Legal time of the submission, Beijing time, as printed: `2026-03-02 10:14:07`.
    pub at: String,
    pub materials: Vec<Material>,
    /// SM3 over the whole submission, 64 hexadecimal digits.
    pub digest: String,
    /// Prints that the receipt is without legal effect.
    pub sandbox: bool,
    pub date: Date,
}

/// A received file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Material {
    pub name: String,
    /// Unknown for a file that has no pages.
    pub pages: Option<u32>,
    /// SM3, 64 hexadecimal digits.
    pub digest: String,
}

/// 证据材料收据 Receipt for evidence (R-FIL-07, CPL 69).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EvidenceReceipt {
    pub court: String,
    pub number: String,
    pub verify: Option<VerifyMark>,
    pub cause: String,
    pub submitter: String,
    pub role: String,
    /// `在线提交`, `当面提交`, `邮寄提交`.
    pub how: String,
    /// Time of receipt, Beijing time, as printed.
    pub at: String,
    pub items: Vec<ReceivedEvidence>,
    /// 经办人
    pub handler: String,
    pub date: Date,
}

/// One item received.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReceivedEvidence {
    pub no: u32,
    pub name: String,
    pub pages: u32,
    pub copies: u32,
    /// `原件`, `复制件`, `电子数据`.
    pub form: String,
}

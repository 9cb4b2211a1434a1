//! 送达 Service papers.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::common::{Contact, Enclosure, VerifyMark};

/// 送达地址确认书 A party's addresses and consent to e-service (R-SVC-10, R-SVC-11).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AddressConfirmation {
    pub court: String,
    pub number: String,
    pub verify: Option<VerifyMark>,
    pub cause: String,
    pub party: ConfirmedParty,
    pub receiver: Receiver,
    pub postal: PostalAddress,
    pub electronic: ElectronicAddress,
    pub date: Date,
}

/// Whose addresses they are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ConfirmedParty {
    pub name: String,
    pub role: String,
    /// `居民身份证`, `统一社会信用代码`.
    pub id_kind: String,
    pub id: String,
}

/// Who receives for the party.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Receiver {
    pub name: String,
    /// `本人`, `委托诉讼代理人`, `同住成年家属`.
    pub relation: String,
    pub phone: Option<String>,
}

/// Where post goes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PostalAddress {
    pub address: String,
    pub code: Option<String>,
    pub phone: Option<String>,
}

/// What was consented to, and where electronic papers go. Empty lines are filled by hand.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ElectronicAddress {
    /// Whether e-service is consented to at all. A form without a postal address is still to be
    /// filled by hand: it shows neither answer.
    pub consent: bool,
    /// Consent covers notices and summonses.
    pub notices: bool,
    /// Consent covers judgments, rulings and mediation documents (R-SVC-10).
    pub judgments: bool,
    pub platform: Option<String>,
    pub mobile: Option<String>,
    pub email: Option<String>,
}

/// 送达回证 To be signed on delivery (R-SVC-01).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ServiceReturn {
    pub court: String,
    pub number: String,
    pub verify: Option<VerifyMark>,
    pub cause: String,
    pub to: String,
    /// `直接送达`, `邮寄送达`, `留置送达`.
    pub how: String,
    pub place: String,
    pub docs: Vec<Enclosure>,
    /// 填发人
    pub issuer: String,
    /// 送达人
    pub servers: String,
    /// What came of it, once a clerk entered it from the slip that came back; a form to be signed has none.
    #[serde(default)]
    pub result: Option<ServiceResult>,
    pub date: Date,
}

/// How a service by hand or by post ended, as a clerk entered it (R-SVC-01, R-SVC-05).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ServiceResult {
    /// Day of service.
    pub on: Date,
    /// `由受送达人签收`, `被退回`.
    pub how: String,
    /// `邮件回执`, `送达回证`; with the reason where an earlier date was corrected.
    pub from: String,
    /// Who entered it, and when.
    pub clerk: String,
    pub entered: Date,
}

/// 电子送达凭证 System-made proof of electronic service (R-SVC-10..12, R-SVC-14, R-SVC-15, R-SVC-41, R-SVC-50).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ElectronicServiceCertificate {
    pub court: String,
    pub number: String,
    pub verify: Option<VerifyMark>,
    pub cause: String,
    /// 受送达人
    pub to: String,
    pub role: String,
    /// 签收人 with the relation.
    pub receiver: String,
    /// Electronic address, masked as it may be shown.
    pub address: String,
    /// The consent it rests on.
    pub basis: String,
    pub docs: Vec<ServedDocument>,
    pub trace: Vec<TraceStep>,
    /// Day of service (R-SVC-12, R-SVC-15, R-SVC-18).
    pub served: Date,
    /// The period that begins with it, if one does.
    pub period: Option<Period>,
    /// The record in the log, once there is one.
    pub ledger: Option<LedgerRecord>,
    /// 经办人
    pub operator: String,
    pub date: Date,
}

/// A served paper.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ServedDocument {
    pub name: String,
    pub no: String,
    pub pages: u32,
    /// SM3 of the PDF, 64 hexadecimal digits.
    pub digest: String,
}

/// A moment of the service, as printed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TraceStep {
    /// `2026-05-20 16:05:08`, Beijing time.
    pub t: String,
    pub e: String,
}

/// A period that service sets in motion.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Period {
    /// `上诉期`, `答辩期`.
    pub name: String,
    /// Length, where it is one of days.
    pub days: Option<u32>,
    /// First day counted.
    pub from: Date,
    /// Last day.
    pub to: Date,
}

/// Where the service stands in the log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LedgerRecord {
    pub log: String,
    pub leaf: u64,
    /// Root digest, 64 hexadecimal digits.
    pub root: String,
}

/// 加入码告知单 The code by which a defendant may take part online; lies in the first packet
/// (R-IDC-22).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct JoinSheet {
    pub court: String,
    pub number: String,
    pub to: String,
    pub case_line: String,
    /// The code in the letters a person types.
    pub code: String,
    /// QR code of address and code, as [`VerifyMark::matrix`].
    pub matrix: Vec<String>,
    /// Address to type by hand.
    pub url: String,
    /// Days in which the code works, counted from the receipt of the sheet: that day is not known when it is printed.
    pub days: u32,
    pub contact: Contact,
    pub date: Date,
}

/// 邮寄送达封面 The sheet on the packet (R-SVC-05).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PostalCover {
    pub court: String,
    pub number: String,
    /// Number of the carrier, once known.
    pub tracking: Option<String>,
    /// QR code of the service task, scanned when the packet comes back.
    pub matrix: Vec<String>,
    pub to: Addressee,
    pub docs: Vec<Enclosure>,
    pub sender: Contact,
    pub date: Date,
}

/// Who gets the packet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Addressee {
    pub name: String,
    pub role: String,
    pub address: String,
    pub code: Option<String>,
    pub phone: Option<String>,
}

/// 公告 of papers to who cannot be reached otherwise (R-SVC-30).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Announcement {
    pub court: String,
    pub number: String,
    pub verify: Option<VerifyMark>,
    /// The person, by name.
    pub to: String,
    /// `本院受理原告……与你民间借贷纠纷一案`.
    pub case_line: String,
    /// He is missing; else no other way reached him.
    pub missing: bool,
    /// Names of the papers.
    pub papers: Vec<String>,
    /// Days after which they count as served, and the day on which that is.
    pub days: u32,
    pub until: Date,
    /// What he has to know of them: periods, hearing, main content, right to appeal; a paragraph each.
    pub says: Vec<String>,
    pub contact: Contact,
    pub date: Date,
    pub keep: Vec<String>,
}

//! 通知书、传票 Notices and the summons (D18).

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::common::{Contact, Official, VerifyMark};

/// 补正通知书 Everything missing in a filing, told once (R-FIL-12).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CorrectionNotice {
    pub court: String,
    /// `收件编号：…`: there is no case number before registration.
    pub number: String,
    pub verify: Option<VerifyMark>,
    pub to: String,
    /// Day the filing came in.
    pub submitted: Date,
    /// What came in: `你诉……民间借贷纠纷一案的民事起诉状及材料`.
    pub case_line: String,
    /// Days to mend it, counted from the day after receipt: each recipient's own last day follows from his service.
    pub days: u32,
    pub items: Vec<CorrectionItem>,
    /// Small pictures of the pages with the pins.
    pub pages: Vec<PinnedPage>,
    pub contact: Contact,
    pub date: Date,
}

/// One thing to mend.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CorrectionItem {
    /// Number that also stands on the picture of the page.
    pub pin: u32,
    pub doc: String,
    /// Page in `doc`, from 1; none of a text, which has no pages, and where the whole of it is meant.
    #[serde(default)]
    pub page: Option<u32>,
    pub field: String,
    /// What stands there now.
    pub found: String,
    /// What is needed.
    pub need: String,
    /// Article it rests on.
    pub rule: String,
}

/// A page with pins.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PinnedPage {
    pub doc: String,
    pub page: u32,
    pub boxes: Vec<PinBox>,
}

/// A place on a page, in fractions (0 to 1) of its width and height.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PinBox {
    pub pin: u32,
    pub x: f64,
    pub y: f64,
    pub w: f64,
    pub h: f64,
}

/// 受理案件通知书 The case is registered (R-FIL-13).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AcceptanceNotice {
    pub court: String,
    /// Case number: `（2026）粤4001民初1024号`.
    pub number: String,
    pub verify: Option<VerifyMark>,
    pub to: String,
    /// `你与……民间借贷纠纷一案`.
    pub case_line: String,
    /// Day of registration.
    pub filed: Date,
    /// Fee to prepay, in fen (R-FEE-15).
    pub fee: i64,
    /// `案件受理费`, `申请费`.
    pub fee_name: String,
    /// What follows where it is not paid: `按撤诉处理`.
    pub unpaid: String,
    /// Whether it was filed online (R-IDC-20).
    pub online: bool,
    pub contact: Contact,
    pub date: Date,
}

/// 交纳诉讼费用通知书 The fee to prepay, its reckoning and the way to pay (R-FEE-15, R-FEE-21).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FeeNotice {
    pub court: String,
    pub number: String,
    pub verify: Option<VerifyMark>,
    pub to: String,
    /// `你诉……民间借贷纠纷一案`.
    pub suit: String,
    /// Articles of 《诉讼费用交纳办法》.
    pub basis: String,
    /// `案件受理费`, `申请费`.
    pub name: String,
    /// What follows where it is not paid: `本院按撤诉处理`.
    pub unpaid: String,
    /// What the fee is reckoned on.
    pub items: Vec<FeeItem>,
    /// Sum of `items`, in fen.
    pub claim: i64,
    /// The tariff and the reckoning as a person can check it: `财产案件分段累计：479632.88元×1.5%＋1300元`.
    pub formula: String,
    /// Fee due, in fen.
    pub fee: i64,
    /// Relief granted, or `无`.
    pub reduction: String,
    /// Days to pay, from the day after receipt. No last day is printed: it hangs on the service, which comes later.
    pub days: u32,
    pub account: FeeAccount,
    pub date: Date,
}

/// A part of the value of the claim.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FeeItem {
    pub name: String,
    /// In fen.
    pub fen: i64,
}

/// Where to pay.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FeeAccount {
    pub payee: String,
    pub bank: String,
    pub no: String,
    /// 缴款识别码 Payment code of this fee.
    pub code: String,
    /// QR code for paying, as [`VerifyMark::matrix`].
    pub matrix: Vec<String>,
}

/// 应诉通知书 To the defendant, with the complaint (R-FIL-21).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AnswerNotice {
    pub court: String,
    pub number: String,
    pub verify: Option<VerifyMark>,
    pub to: String,
    /// `……诉你……民间借贷纠纷一案`.
    pub case_line: String,
    pub filed: Date,
    /// Days to answer: 15 (CPL 128).
    pub answer_days: u32,
    /// Number of opponents, hence copies of the answer.
    pub opponents: u32,
    pub contact: Contact,
    pub date: Date,
}

/// 举证通知书 Burden of proof and the period for evidence (R-EVD-02).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EvidenceNotice {
    pub court: String,
    pub number: String,
    pub verify: Option<VerifyMark>,
    pub to: String,
    pub case_line: String,
    /// Days for evidence, from the day after receipt; the last day hangs on the recipient's own service.
    pub days: u32,
    pub contact: Contact,
    pub date: Date,
}

/// Whether a panel or one judge hears the case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PanelKind {
    /// 合议庭
    Collegial,
    /// 独任
    Sole,
}

/// 合议庭组成人员通知书、独任审判员通知书 Who hears the case, and recusal (R-TRI-05, R-TRI-10).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PanelNotice {
    pub court: String,
    pub number: String,
    pub verify: Option<VerifyMark>,
    pub to: String,
    pub case_line: String,
    pub kind: PanelKind,
    /// Presiding judge first; at least one.
    pub members: Vec<Official>,
    /// Judge's assistant and clerk; at least one.
    pub staff: Vec<Official>,
    pub contact: Contact,
    pub date: Date,
}

/// 传票 Summons to appear (R-TRI-20, R-TRI-31).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Summons {
    pub court: String,
    pub number: String,
    pub verify: Option<VerifyMark>,
    pub cause: String,
    pub to: String,
    pub address: String,
    /// `开庭审理`, `证据交换`.
    pub matter: String,
    /// As printed: `2026年4月22日（星期三）上午9时30分`.
    pub when: String,
    pub r#where: String,
    pub judge: String,
    pub clerk: String,
    pub date: Date,
}

/// 退回起诉材料通知书 The materials go back, not mended in time (R-FIL-12).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GivenBackNotice {
    pub court: String,
    pub number: String,
    pub verify: Option<VerifyMark>,
    pub to: String,
    /// `你诉……一案的起诉材料`.
    pub case_line: String,
    pub submitted: Date,
    /// Last day of the correction.
    pub until: Date,
    /// What was not mended, a paragraph each.
    pub missing: Vec<String>,
    /// Entry of the book of returns: `2026年第3`.
    pub entry: String,
    pub contact: Contact,
    pub date: Date,
}

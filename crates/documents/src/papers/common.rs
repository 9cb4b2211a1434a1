//! Parts that several papers share.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// 核验码 The mark by which anyone finds and checks the paper: a code to type and a QR code.
/// Made by [`crate::verify_mark`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VerifyMark {
    /// Three groups of four hexadecimal digits.
    pub code: String,
    /// Rows of the QR code, `1` dark and `0` light, without the quiet zone.
    pub matrix: Vec<String>,
}

/// 联系方式 Whom to ask about the paper.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// Name and office, as printed: `方晓（立案庭法官助理）`.
    pub person: String,
    pub phone: String,
    pub address: String,
}

/// 审判人员 A person named with the role in which he or she acts or signs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Official {
    /// `审判长`, `审判员`, `人民陪审员`, `法官助理`, `书记员`.
    pub role: String,
    pub name: String,
}

/// 当事人基本情况 One party's line of the head of a paper (R-DOC-08), agents below it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartyLine {
    /// `原告`, `被告`, `第三人`, `起诉人`.
    pub role: String,
    /// Name and data in the order of R-DOC-08, ending with a full stop.
    pub text: String,
    #[serde(default)]
    pub agents: Vec<AgentLine>,
}

/// 代理人 Legal representative or agent of a party (R-DOC-08).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgentLine {
    /// `法定代理人`, `法定代表人`, `委托诉讼代理人`.
    pub role: String,
    pub text: String,
}

/// 落款 Who signs a judgment or ruling, and its date (R-DOC-03, R-TYP-03).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature {
    /// Judges and people's assessors in the order of signing.
    pub judges: Vec<Official>,
    pub date: Date,
    /// Judge's assistant and clerk, below the date.
    pub staff: Vec<Official>,
}

/// 诉讼费用负担 Who bears one fee (R-CHK-59..61). The shares add up to `charged`, or the paper is
/// refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeeClause {
    /// `案件受理费`, `财产保全申请费`.
    pub name: String,
    /// Full fee in fen.
    pub amount: i64,
    /// Fee charged in fen: less than `amount` when halved (R-FEE-11).
    pub charged: i64,
    pub shares: Vec<FeeShare>,
}

/// One bearer's share of a fee.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeeShare {
    /// Role and full name, several joined by `、`: `原告陈堃`.
    pub by: String,
    /// Whether several bear it together (`共同负担`).
    pub joint: bool,
    /// In fen.
    pub amount: i64,
}

/// 上诉 Where and until when one may appeal (R-CHK-63..66).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Appeal {
    /// Full name of the court above, with province.
    pub court: String,
    /// 15 against a judgment, 10 against a ruling.
    pub days: u32,
}

/// 文书和件数 A paper inside a packet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enclosure {
    pub name: String,
    pub copies: u32,
}

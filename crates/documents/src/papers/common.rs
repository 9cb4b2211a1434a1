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

/// 诉讼费用负担 Who bears one fee (R-CHK-59..62). The shares add up to `charged`, or the paper is
/// refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeeClause {
    /// `案件受理费`, `财产保全申请费`.
    pub name: String,
    /// Full fee in fen.
    pub amount: i64,
    /// 减半收取 The half in fen, where the fee is halved (R-FEE-11); none where it is not.
    #[serde(default)]
    pub halved: Option<i64>,
    /// 司法救助 What was granted, which the document states (R-FEE-21, 《诉讼费用交纳办法》第51条).
    #[serde(default)]
    pub relief: Option<FeeRelief>,
    /// Fee charged in the end, in fen.
    pub charged: i64,
    /// Nobody where nothing is charged.
    pub shares: Vec<FeeShare>,
}

/// 缓交、减交、免交 granted to a party.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeeRelief {
    /// Role and full name: `原告陈堃`.
    pub to: String,
    pub kind: ReliefKind,
}

/// Which relief (《诉讼费用交纳办法》第44条).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "relief", rename_all = "snake_case")]
pub enum ReliefKind {
    /// 免交
    Exempt,
    /// 减交 by so many fen.
    Reduced { by: i64 },
    /// 缓交 The amount stays.
    Deferred,
}

impl FeeClause {
    /// The clause in words, as the template prints it. A sole bearer is named without an amount (R-CHK-61).
    pub fn words(&self) -> String {
        let mut parts = vec![format!("{}{}", self.name, yuan(self.amount))];
        parts.extend(self.halved.map(|half| format!("减半收取计{}", yuan(half))));
        parts.extend(self.relief.as_ref().map(|relief| match relief.kind {
            ReliefKind::Exempt => format!("准予{}免交", relief.to),
            ReliefKind::Reduced { by } => format!("准予{}减交{}，实际收取{}", relief.to, yuan(by), yuan(self.charged)),
            ReliefKind::Deferred => format!("准予{}缓交", relief.to),
        }));
        let sole = self.shares.len() == 1;
        parts.extend(self.shares.iter().map(|share| {
            let (joint, amount) = (if share.joint { "共同" } else { "" }, if sole { String::new() } else { yuan(share.amount) });
            format!("由{}{joint}负担{amount}", share.by)
        }));
        format!("{}。", parts.join("，"))
    }
}

/// 8494.49元; whole yuan without a fraction.
fn yuan(fen: i64) -> String {
    if fen % 100 == 0 { format!("{}元", fen / 100) } else { format!("{}.{:02}元", fen / 100, (fen % 100).abs()) }
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

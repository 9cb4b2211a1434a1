//! 判决、裁定、证明 Judgments, rulings, and the certificate of effect.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::common::{Appeal, Contact, FeeClause, PartyLine, Signature, VerifyMark};

/// 民事判决书 First-instance judgment, ordinary (D01) or simple (D02) procedure; the two differ in
/// their words (`course`, who signs, the halved fee), not in their form.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CivilJudgment {
    pub court: String,
    pub number: String,
    pub verify: Option<VerifyMark>,
    pub parties: Vec<PartyLine>,
    /// 案件由来和审理经过
    pub course: String,
    pub claims: Vec<String>,
    pub answers: Vec<String>,
    pub evidence: Vec<String>,
    pub facts: Vec<String>,
    pub reasons: Vec<String>,
    /// `综上所述，……`.
    pub conclusion: String,
    /// Provisions by full name, substantive before procedural (R-CIT-01, R-CIT-02).
    pub basis: String,
    /// 主文, without numbers, each with its mark.
    pub orders: Vec<String>,
    /// Whether an order is to pay money: prints the warning of CPL 264 (R-CHK-55).
    pub money: bool,
    pub fees: Vec<FeeClause>,
    pub appeal: Appeal,
    pub sign: Signature,
    /// 附页 Text of the provisions.
    pub annex: Vec<AnnexLaw>,
    /// Personal names that no line end may part.
    pub keep: Vec<String>,
    /// Prints 本件与原本核对无异: on copies, never on the signed original (R-CHK-73).
    pub copy: bool,
}

/// A law in the annex.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AnnexLaw {
    pub law: String,
    pub articles: Vec<AnnexArticle>,
}

/// An article, word for word.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AnnexArticle {
    pub no: String,
    pub paras: Vec<String>,
}

/// 民事裁定书（按撤诉处理） (D08).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DeemedWithdrawalRuling {
    pub court: String,
    pub number: String,
    pub verify: Option<VerifyMark>,
    pub parties: Vec<PartyLine>,
    /// `原告……与被告……民间借贷纠纷一案`.
    pub case_line: String,
    pub filed: Date,
    /// Role and name: `原告陈堃`.
    pub plaintiff: String,
    /// The course of things up to the ruling, one paragraph.
    pub facts: String,
    pub basis: String,
    /// Empty when no fee was paid.
    pub fees: Vec<FeeClause>,
    pub sign: Signature,
    pub keep: Vec<String>,
    pub copy: bool,
}

/// 民事裁定书（不予受理） (D06).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RefusalRuling {
    pub court: String,
    pub number: String,
    pub verify: Option<VerifyMark>,
    /// The filer is `起诉人`; no defendant yet.
    pub parties: Vec<PartyLine>,
    /// Day the complaint came in.
    pub received: Date,
    /// Role and name: `起诉人陈堃`.
    pub plaintiff: String,
    /// Claims, facts and reasons in one paragraph, beginning with `起诉人……`.
    pub claims: String,
    /// `本院经审查认为，……`.
    pub reasons: Vec<String>,
    pub basis: String,
    pub appeal: Appeal,
    pub sign: Signature,
    pub keep: Vec<String>,
    pub copy: bool,
}

/// 裁定书、决定书、通知书 on a matter beside the main proceeding (D06–D09, R-DOC-04, R-DOC-06).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MatterPaper {
    pub kind: MatterKind,
    pub court: String,
    pub number: String,
    /// 之几 of the rulings in this case number (R-DOC-09); zero: none is printed.
    pub suffix: u32,
    pub verify: Option<VerifyMark>,
    /// Every party of a ruling or decision; of a notice none.
    pub parties: Vec<PartyLine>,
    /// Of a notice: to whom.
    pub to: Option<String>,
    /// `原告……与被告……民间借贷纠纷一案`.
    pub case_line: String,
    pub filed: Date,
    /// How it came to it, a paragraph each.
    pub course: Vec<String>,
    /// `本院认为` without these words, a paragraph each.
    pub reasons: Vec<String>,
    pub basis: String,
    /// 主文, without numbers, each with its mark.
    pub orders: Vec<String>,
    /// What can be done against it, a paragraph each.
    pub tail: Vec<String>,
    /// Who signs a ruling; decision and notice bear the court's seal alone.
    pub sign: Option<Signature>,
    pub contact: Option<Contact>,
    pub date: Date,
    pub keep: Vec<String>,
}

/// Which of the three it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MatterKind {
    Ruling,
    Decision,
    Notice,
}

impl MatterKind {
    /// As printed above it.
    pub fn title(self) -> &'static str {
        match self {
            Self::Ruling => "民事裁定书",
            Self::Decision => "决定书",
            Self::Notice => "通知书",
        }
    }
}

/// 法律文书生效证明 (R-LED-11, R-APL-01).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EffectivenessCertificate {
    pub court: String,
    pub number: String,
    pub verify: Option<VerifyMark>,
    /// Who asked for it.
    pub to: String,
    pub case_line: String,
    /// `民事判决书`, `民事裁定书`, `民事调解书`.
    pub document: String,
    /// Day of the decision.
    pub decided: Date,
    pub served: Vec<ServedParty>,
    /// Last day to appeal of the party served last; none where no appeal lies.
    pub appeal_until: Option<Date>,
    /// Day of effect.
    pub effective: Date,
    pub contact: Contact,
    pub date: Date,
}

/// When a party was served.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ServedParty {
    pub role: String,
    pub name: String,
    pub date: Date,
}

//! What the two zones say to each other. A message travels as the sealed body of an envelope ([`crate::seal`]); files ride along.
//!
//! Sealed by construction: nothing here can hold an item of the internal volume (副卷); a view is made for one person.
use jiff::{Timestamp, civil::Date};
use procedure::{CaseId, Command, Fen, ItemId, PaperId, PersonId, clock::Clock};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// From the portal to a court.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "message", rename_all = "snake_case")]
pub enum ToCourt {
    /// Somebody takes a step. What he may do, the court decides from its own tables.
    Act(Box<Request>),
    /// A defendant links his account with the code of the served paper (R-IDC-22).
    Join(Box<Join>),
    /// A payment provider told that a fee came in; the court checks the amount (R-FEE-15).
    Paid(Paid),
    /// Whether the card that a clerk saw is that of the account's owner: the answer to [`ToPortal::CardSeen`].
    CardChecked { check: Uuid, court: String, verdict: CardVerdict },
    /// Somebody is about to sign, and asks the court for the code to do it with.
    Code(CodeWanted),
}

/// 签名验证码: who asks for one, and for what. The court sends it to the telephone that it has of him, past the portal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CodeWanted {
    pub court: String,
    pub case: CaseId,
    pub account: PersonId,
    /// Name of the step that is to be signed.
    pub step: String,
    /// When it was asked for, in real time, in which telephones live.
    pub at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub for_person: Option<PersonId>,
}

/// 窗口核验: a clerk saw a person with the identity card, and what the person said to be known by (R-IDC-01, R-IDC-06).
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct CardSeen {
    /// The same in the answer.
    pub check: Uuid,
    pub court: String,
    pub court_name: String,
    /// Name of the clerk; the person can read who it was.
    pub clerk: String,
    /// 核对编号, as the portal gave it to the person.
    pub reference: String,
    /// As they stand on the card.
    pub name: String,
    pub number: String,
    pub at: Timestamp,
}

/// Particulars stay out of logs.
impl std::fmt::Debug for CardSeen {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CardSeen").field("check", &self.check).field("rest", &"***").finish()
    }
}

/// What the portal found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CardVerdict {
    /// Name and number are those that the account was registered with; it is confirmed.
    Confirmed,
    /// No account was given this reference.
    Unknown,
    /// The account was registered with another name or number.
    Mismatch,
}

impl ToCourt {
    /// The case it is about; a code of a sheet does not say yet, a card is of none.
    pub fn case(&self) -> Option<CaseId> {
        match self {
            Self::Act(request) => Some(request.case),
            Self::Paid(paid) => Some(paid.case),
            Self::Code(wanted) => Some(wanted.case),
            Self::Join(_) | Self::CardChecked { .. } => None,
        }
    }
}

/// What a payment provider told.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Paid {
    pub submission: Uuid,
    pub court: String,
    pub case: CaseId,
    pub account: PersonId,
    pub amount: Fen,
    /// The provider's number of the payment.
    pub reference: String,
    pub at: Timestamp,
}

/// One submission, acknowledged by the portal with a receipt.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Request {
    /// The submission's own id: retried, it stays the same.
    pub submission: Uuid,
    pub court: String,
    pub case: CaseId,
    /// The account that acted; what it is in the case, the court knows.
    pub account: PersonId,
    pub command: Command,
    /// The version that the person saw; another one means that the page was stale.
    pub expected_version: Option<u64>,
    /// Legal time: the commit of the submission at the portal.
    pub at: Timestamp,
    pub receipt_no: String,
    /// The portal's signed receipt.
    pub receipt: String,
    /// Particulars for the vault.
    pub cards: Vec<Card>,
    /// For whom an agent of several acts; none: for the only one he has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub for_person: Option<PersonId>,
    /// 签名验证码, as the person typed it, for steps that want one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub code: String,
}

/// 身份信息: what the vault keeps of a person. Never part of an event.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Card {
    pub person: PersonId,
    pub name: String,
    pub organisation: bool,
    /// Resident ID number, or unified social credit code of an organisation.
    pub number: String,
    pub phone: String,
    pub email: String,
    pub address: String,
    pub sex: String,
    pub birth: Option<Date>,
    pub ethnicity: String,
    pub occupation: String,
    /// An organisation's legal representative and post (R-FIL-02).
    pub representative: String,
    pub representative_post: String,
    /// The real-name account of this person, where there is one.
    pub account: Option<PersonId>,
    /// 送达地址 as he confirmed it; empty: not confirmed, papers go to `address` (R-SVC-11, R-SVC-20).
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub service_address: String,
}

impl Card {
    /// Where the post goes: to the confirmed address before any other (R-SVC-20, R-SVC-21).
    pub fn postal(&self) -> &str {
        if self.service_address.is_empty() { &self.address } else { &self.service_address }
    }
}

/// Particulars stay out of logs.
impl std::fmt::Debug for Card {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Card").field("person", &self.person).field("rest", &"***").finish()
    }
}

/// The code of the served paper and who says that it is his.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Join {
    pub submission: Uuid,
    /// The court that printed the code; its number is part of the code's sheet.
    pub court: String,
    /// Empty for an agent, who comes with the number of the case.
    pub code: String,
    /// 案号 or 收件编号: an agent whom a party named is found in that case by name and number of identity (R-IDC-10).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case_number: Option<String>,
    pub card: Card,
    pub at: Timestamp,
    /// What he chose for each part of the proceeding, and the text that he was shown.
    pub choices: Vec<(procedure::case::Scope, procedure::case::Channel)>,
    pub text: String,
}

/// From a court to the portal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "message", rename_all = "snake_case")]
pub enum ToPortal {
    /// What became of a submission.
    Answered { submission: Uuid, account: PersonId, outcome: Outcome },
    /// The case as one person may see it.
    View(Box<View>),
    /// An account that stands for nobody in the case any more: its view of that version and before goes (R-IDC-12).
    Left { account: PersonId, case: CaseId, version: u64 },
    /// A paper served on one person; its PDF rides along under `sha256`.
    Paper(Box<Released>),
    /// An item of the main volume that one person may read; its bytes ride along under `sha256` (R-RDG-03).
    Item(Box<ReleasedItem>),
    /// Receipts completed with the ledger's proof: number and text. One message for a whole batch of the log.
    Receipts { receipts: Vec<(String, String)> },
    /// A clerk saw a person with the identity card; whose account it is, the portal knows.
    CardSeen(CardSeen),
    /// The demo's clock was run forward in the court zone; a portal in a process of its own follows.
    Clock { to: Timestamp, actor: String },
}

/// The answer to a submission.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Outcome {
    Done {
        case: CaseId,
        version: u64,
    },
    /// In words for people, and the field they belong to.
    Refused {
        zh: String,
        field: Option<String>,
    },
    /// Something happened in the case since the page was made.
    Stale {
        version: u64,
    },
}

/// 案件 as one person of it sees it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct View {
    pub case: CaseId,
    pub court: String,
    pub court_name: String,
    /// Whose view: the account, and the party he is or acts for.
    pub account: PersonId,
    pub party: PersonId,
    pub role: String,
    pub version: u64,
    pub receipt_no: String,
    /// 案号 with full-width brackets, once there is one.
    pub number: Option<String>,
    pub title: String,
    pub cause: String,
    #[serde(default)]
    pub kind: procedure::kind::CaseKind,
    pub stage: procedure::Stage,
    pub stage_zh: String,
    pub procedure: Option<String>,
    pub plaintiffs: Vec<String>,
    pub defendants: Vec<String>,
    pub officers: Vec<(String, String)>,
    pub submitted_at: Option<Timestamp>,
    pub duties: Vec<Duty>,
    pub clocks: Vec<ViewClock>,
    pub fee: Option<ViewFee>,
    pub timeline: Vec<Entry>,
    pub papers: Vec<ViewPaper>,
    /// The file as he may read it: 正卷 with count and root digest.
    pub items: Vec<ViewItem>,
    pub root: String,
    /// Names of the steps that he may take now.
    pub steps: Vec<String>,
    /// Steps that his principal could take and he has no power for, with what to do (R-IDC-11).
    #[serde(default)]
    pub barred: Vec<(String, String)>,
    /// Version of the last thing that others did and that an act of his could hang on: a page older than it is stale.
    #[serde(default)]
    pub moved: u64,
    /// Those for whom this account acts as agent: id and name.
    #[serde(default)]
    pub principals: Vec<(PersonId, String)>,
    /// Agents of this party.
    #[serde(default)]
    pub agents: Vec<ViewAgent>,
    /// Remarks of a return, while it waits for correction.
    pub remarks: Vec<procedure::case::Remark>,
    pub choices: Vec<(procedure::case::Scope, procedure::case::Channel)>,
    /// The statement, so that a correction starts from what was filed.
    pub statement: Option<procedure::case::Statement>,
    pub parties: Vec<procedure::case::Party>,
    /// 答辩 of the defendants.
    #[serde(default)]
    pub answers: Vec<ViewAnswer>,
    /// Both sides' lists of evidence with the opinions on each item.
    #[serde(default)]
    pub evidence: Vec<ViewEvidence>,
    /// Who hears the case, with all by which the draw can be made again.
    #[serde(default)]
    pub tribunal: Option<procedure::trial::Tribunal>,
    /// Who hears the case now, the presiding judge first; others than were drawn, where somebody was recused.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub staff: Vec<(PersonId, procedure::Office, String)>,
    /// The draws by which they came.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub redraws: Vec<procedure::draw::again::Redraw>,
    /// 保全措施 that the reader may know of.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub measures: Vec<ViewMeasure>,
    /// Names of the agents of both sides; with the parties' they tell whose namesakes the draw left out.
    #[serde(default)]
    pub agent_names: Vec<String>,
    #[serde(default)]
    pub hearings: Vec<ViewHearing>,
    #[serde(default)]
    pub judgment: Option<ViewJudgment>,
    /// Days on which he came to the court in person, counted from the events.
    #[serde(default)]
    pub trips: u32,
}

/// 委托诉讼代理人 as his principal sees him.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ViewAgent {
    pub person: PersonId,
    pub name: String,
    /// 一般授权, or the powers of 特别授权.
    pub powers: String,
}

/// 答辩 as the parties see it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ViewAnswer {
    pub by: String,
    pub yours: bool,
    pub text: String,
    pub materials: Vec<procedure::case::Material>,
    pub at: Timestamp,
    pub late: bool,
}

/// 证据: one item of a side's list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ViewEvidence {
    pub item: ItemId,
    /// Its own side's: 原告 or 被告.
    pub side: String,
    /// Handed in by this party or its side.
    pub yours: bool,
    /// Its number in the list of its side.
    pub number: u32,
    pub by: String,
    pub name: String,
    pub purpose: String,
    pub pages: u32,
    pub sha256: String,
    pub media: String,
    pub at: Timestamp,
    pub late: bool,
    pub opinions: Vec<ViewOpinion>,
    /// It is the other side's, and this party did not comment on it yet.
    pub waits: bool,
}

/// 质证意见 on an item.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ViewOpinion {
    pub by: String,
    pub yours: bool,
    pub authenticity: procedure::trial::Stand,
    pub legality: procedure::trial::Stand,
    pub relevance: procedure::trial::Stand,
    pub text: String,
    pub at: Timestamp,
}

/// 开庭 as a party sees it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ViewHearing {
    pub number: u32,
    pub date: Date,
    pub time: jiff::civil::Time,
    pub minutes: u32,
    pub courtroom: String,
    pub public: bool,
    /// How this party takes part, by its own choice.
    pub channel: procedure::case::Channel,
    pub opened_at: Option<Timestamp>,
    /// How this party came.
    pub presence: Option<procedure::trial::Presence>,
    /// 笔录, once it is closed; before that it is the clerk's own.
    pub record: Option<ViewRecord>,
}

/// 庭审笔录 to read and sign.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ViewRecord {
    pub text: String,
    /// SM3 of the text, hex: what is signed.
    pub digest: String,
    pub closed_at: Timestamp,
    /// Last day to read and sign.
    pub until: Option<Date>,
    /// Who signs, and how far it is: 已签名, 拒绝签名, 未签名.
    pub signatures: Vec<(String, String)>,
    /// This party has still to sign.
    pub waits: bool,
}

/// 判决, once it is given. The paper itself comes with its service.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ViewJudgment {
    pub given_on: Date,
    /// When this party got it.
    pub served_on: Option<Date>,
    /// Last day of this party's appeal period.
    pub appeal_until: Option<Date>,
    /// Names of who appealed.
    pub appeals: Vec<String>,
    pub effective_on: Option<Date>,
    /// A certificate was asked for by this party and is not issued yet.
    pub certificate_pending: bool,
    pub closed_on: Option<Date>,
}

/// Who must do what now, and until when.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Duty {
    /// 您、原告、被告、法院
    pub who: String,
    pub yours: bool,
    pub what: String,
    pub detail: String,
    pub until: Option<Date>,
    /// Step to take, if it is his own.
    pub step: Option<String>,
}

/// A period with its derivation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ViewClock {
    pub yours: bool,
    /// The party whose period it is; empty for the court's own.
    #[serde(default)]
    pub whose: String,
    pub running: bool,
    pub clock: Clock,
}

/// The fee as the payer sees it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ViewFee {
    pub full: Fen,
    pub due: Fen,
    /// What is still to be paid of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub open: Option<Fen>,
    pub halved: bool,
    pub steps: Vec<String>,
    pub paid: bool,
    pub yours: bool,
    pub relief_pending: bool,
    /// What goes back to who paid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refund: Option<Fen>,
}

impl ViewFee {
    /// What is to be paid now.
    pub fn to_pay(&self) -> Fen {
        self.open.unwrap_or(self.due)
    }
}

/// One preservation measure as a party sees it (R-PRV-09).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ViewMeasure {
    pub number: u32,
    /// 冻结账户（尾号6620），150000元，至2027年3月5日
    pub zh: String,
    pub until: Date,
    pub holds: bool,
    /// What became of it, where it holds no more.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub ended: String,
}

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    pub at: Timestamp,
    pub what: String,
    pub detail: String,
    pub rule: Option<String>,
    pub paper: Option<PaperId>,
}

/// A paper in the list of a case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ViewPaper {
    pub id: PaperId,
    pub name: String,
    pub state: String,
    pub served_on: Option<Date>,
    pub opened_at: Option<Timestamp>,
    /// Digest of a paper served, by which it is found among the items.
    #[serde(default)]
    pub sha256: Option<String>,
}

/// An item of the main volume.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ViewItem {
    pub number: u32,
    pub name: String,
    pub pages: u32,
    pub first_page: u32,
    pub sha256: String,
    pub media: String,
    /// He may read it online: its bytes are released to him.
    #[serde(default)]
    pub readable: bool,
    /// The matter that it belongs to, while the court decides who may know of it; it does not leave the court.
    #[serde(skip)]
    pub matter: Option<u32>,
}

/// An item of the main volume, for one person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReleasedItem {
    pub case: CaseId,
    pub account: PersonId,
    pub name: String,
    pub sha256: String,
    pub media: String,
}

/// A paper as it was served on one person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Released {
    pub id: PaperId,
    pub case: CaseId,
    pub court: String,
    pub court_name: String,
    pub account: PersonId,
    /// Name as it stands on the paper.
    pub name: String,
    pub number: String,
    pub sha256: String,
    pub pages: u32,
    /// The signed receipt by which it can be checked offline.
    pub receipt: String,
    pub sent_at: Timestamp,
    pub served_on: Date,
    pub rule: String,
    /// The period that begins with it, in words with its derivation.
    pub clock: Option<Clock>,
    /// What it asks the recipient to do.
    pub asks: String,
    /// The paper whose service it proves; such a certificate is no service itself and starts no period.
    #[serde(default)]
    pub proof_of: Option<PaperId>,
}

procedure::json!(Outcome, Released, ToCourt, ToPortal, View);

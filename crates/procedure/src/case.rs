//! 案件: one case as its events made it. Nothing here is found, everything is copied from events (see `event.rs`).
use crate::kind::{CaseKind, usual};
use crate::matter::{CaseMatter, Exclusion};
use crate::trial::{Answer, Appeal, Archiving, Closing, Evidence, Hearing, Judgment, Tribunal};
use crate::{CaseId, Fen, ItemId, Paper, PaperId, PersonId, clock::Clock};
use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A value with the word that people read for it.
pub trait Labelled {
    /// The Chinese word of the field.
    fn zh(&self) -> &'static str;
}

/// Who acts, as the zone has authenticated him. What he is in the case, the case says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    pub person: PersonId,
    /// Set for staff alone: the office and the court in which he holds it, from the court's own tables.
    pub office: Option<(Office, String)>,
    /// For whom he acts: the party of a counter act that a clerk enters (R-IDC-40), or the principal of an agent (R-IDC-11).
    /// Both names go on record.
    pub for_person: Option<PersonId>,
    /// What he proved himself with for this act alone, beyond the session in which he signed in (R-IDC-02).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub factor: Option<Factor>,
}

/// 认证方式: what somebody proved himself with when he signed an act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Factor {
    /// A code that the court itself sent to his telephone.
    CourtCode,
    /// A fresh code of a member of staff's authenticator.
    Authenticator,
}

impl Labelled for Factor {
    fn zh(&self) -> &'static str {
        match self {
            Self::CourtCode => "法院短信验证码",
            Self::Authenticator => "动态口令",
        }
    }
}

impl Actor {
    /// A person from outside the court.
    pub fn citizen(person: PersonId) -> Self {
        Self { person, office: None, for_person: None, factor: None }
    }
    /// An agent who acts for this principal of his.
    pub fn agent(person: PersonId, of: PersonId) -> Self {
        Self { for_person: Some(of), ..Self::citizen(person) }
    }
    /// A member of staff in his own office.
    pub fn staff(person: PersonId, office: Office, court: &str) -> Self {
        Self { person, office: Some((office, court.to_owned())), for_person: None, factor: None }
    }
    /// The platform itself: it records technical facts (sent, delivered, bounced) and decides nothing.
    pub fn platform(court: &str) -> Self {
        Self::staff(PersonId(uuid::Uuid::nil()), Office::Platform, court)
    }
    /// The person whose act it is: the party at the counter, else the actor himself. An agent's act is his own, done for
    /// his principal.
    pub fn principal(&self) -> PersonId {
        self.for_person.filter(|_| self.office.is_some()).unwrap_or(self.person)
    }
    /// The clerk who enters it at the counter, if it is entered there (R-IDC-40).
    pub fn assisted_by(&self) -> Option<PersonId> {
        self.for_person.filter(|_| self.office.is_some()).map(|_| self.person)
    }
}

/// An office held in a court.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Office {
    FilingClerk,
    Judge,
    Clerk,
    /// 院长: decides what the law gives to the president, in every case of his court (R-TRI-10, R-TRI-34, R-LIM-30).
    President,
    Platform,
    /// 系统管理员: runs the platform and enters its staff; no case exists for him (R-AUD-03).
    SystemAdministrator,
}

impl Labelled for Office {
    fn zh(&self) -> &'static str {
        match self {
            Self::FilingClerk => "立案人员",
            Self::Judge => "法官",
            Self::Clerk => "书记员",
            Self::President => "院长",
            Self::Platform => "平台",
            Self::SystemAdministrator => "系统管理员",
        }
    }
}

/// What a person is in one case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Whoever files: before the filing there are no parties yet.
    Filer,
    Plaintiff,
    /// A defendant who did not link his account yet: known to the case, not yet part of it online (R-IDC-22).
    Invited,
    Defendant,
    Agent {
        of: PersonId,
        powers: Vec<Power>,
    },
    Staff(Office),
}

impl Role {
    /// The role without its particulars, as a step's declaration names it.
    pub fn kind(&self) -> RoleKind {
        match self {
            Self::Filer => RoleKind::Filer,
            Self::Plaintiff => RoleKind::Plaintiff,
            Self::Invited => RoleKind::Invited,
            Self::Defendant => RoleKind::Defendant,
            Self::Agent { .. } => RoleKind::Agent,
            Self::Staff(Office::FilingClerk) => RoleKind::FilingClerk,
            Self::Staff(Office::Judge) => RoleKind::Judge,
            Self::Staff(Office::Clerk) => RoleKind::Clerk,
            Self::Staff(Office::President) => RoleKind::President,
            Self::Staff(Office::Platform) => RoleKind::Platform,
            Self::Staff(Office::SystemAdministrator) => RoleKind::SystemAdministrator,
        }
    }
}

/// Roles as declarations and the access matrix name them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RoleKind {
    Filer,
    Plaintiff,
    Invited,
    Defendant,
    Agent,
    FilingClerk,
    Judge,
    Clerk,
    President,
    Platform,
    SystemAdministrator,
}

impl RoleKind {
    /// Every role, in the order of the access matrix.
    pub const ALL: [Self; 11] = [
        Self::Filer,
        Self::Plaintiff,
        Self::Invited,
        Self::Defendant,
        Self::Agent,
        Self::FilingClerk,
        Self::Judge,
        Self::Clerk,
        Self::President,
        Self::Platform,
        Self::SystemAdministrator,
    ];
}

impl Labelled for RoleKind {
    fn zh(&self) -> &'static str {
        match self {
            Self::Filer => "起诉人",
            Self::Plaintiff => "原告",
            Self::Invited => "被告（尚未加入）",
            Self::Defendant => "被告",
            Self::Agent => "委托诉讼代理人",
            Self::FilingClerk => "立案人员",
            Self::Judge => "审判员",
            Self::Clerk => "书记员",
            Self::President => "院长",
            Self::Platform => "平台",
            Self::SystemAdministrator => "系统管理员",
        }
    }
}

/// Powers that need special authority (R-IDC-11, 《民事诉讼法》(2023) 第62条).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Power {
    Admit,
    Waive,
    Change,
    Settle,
    Counterclaim,
    Appeal,
}

impl Labelled for Power {
    fn zh(&self) -> &'static str {
        match self {
            Self::Admit => "代为承认诉讼请求",
            Self::Waive => "代为放弃诉讼请求",
            Self::Change => "代为变更诉讼请求",
            Self::Settle => "进行和解",
            Self::Counterclaim => "提起反诉",
            Self::Appeal => "提起上诉",
        }
    }
}

/// The main proceeding. What runs beside it (the fee, consents, evidence) has fields of its own in [`Case`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Nothing was handed in yet.
    #[default]
    New,
    /// 待立案审查
    Submitted,
    /// 待补正
    Returned,
    /// 已退回起诉材料: not mended in time (R-FIL-12)
    GivenBack,
    /// 不予受理
    Refused,
    /// 保全审查、执行: of a preservation before the suit (R-PRV-03)
    Preserving,
    /// 审前准备
    Preparing,
    /// 开庭审理
    Hearing,
    /// 已裁判
    Decided,
    /// 已生效
    Effective,
    /// 撤诉、按撤诉处理
    Withdrawn,
    /// 中止诉讼 (R-TRI-35)
    Suspended,
    /// 终结诉讼 (R-TRI-35)
    Terminated,
    /// 驳回起诉 (R-FIL-17)
    Dismissed,
    /// 移送有管辖权的法院 (R-TRF-01)
    Transferred,
    /// 已归档
    Archived,
}

impl Stage {
    /// Every stage, in the order of the proceeding.
    pub const ALL: [Self; 16] = [
        Self::New,
        Self::Submitted,
        Self::Returned,
        Self::GivenBack,
        Self::Refused,
        Self::Preserving,
        Self::Preparing,
        Self::Hearing,
        Self::Decided,
        Self::Effective,
        Self::Withdrawn,
        Self::Suspended,
        Self::Terminated,
        Self::Dismissed,
        Self::Transferred,
        Self::Archived,
    ];
}

impl Labelled for Stage {
    fn zh(&self) -> &'static str {
        match self {
            Self::New => "未提交",
            Self::Submitted => "待立案审查",
            Self::Returned => "待补正",
            Self::GivenBack => "已退回起诉材料",
            Self::Refused => "不予受理",
            Self::Preserving => "保全审查",
            Self::Preparing => "审前准备",
            Self::Hearing => "开庭审理",
            Self::Decided => "已裁判",
            Self::Effective => "已生效",
            Self::Withdrawn => "已撤诉",
            Self::Suspended => "中止诉讼",
            Self::Terminated => "终结诉讼",
            Self::Dismissed => "驳回起诉",
            Self::Transferred => "已移送",
            Self::Archived => "已归档",
        }
    }
}

/// 程序: how the case is tried (R-PRC).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Procedure {
    Ordinary,
    Simple,
}

impl Labelled for Procedure {
    fn zh(&self) -> &'static str {
        match self {
            Self::Ordinary => "普通程序",
            Self::Simple => "简易程序",
        }
    }
}

/// The side a party stands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    Plaintiff,
    Defendant,
}

impl Labelled for Side {
    fn zh(&self) -> &'static str {
        match self {
            Self::Plaintiff => "原告",
            Self::Defendant => "被告",
        }
    }
}

/// 当事人. Number, telephone and address lie in the vault under `person`; `digest` pins what lay there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Party {
    pub person: PersonId,
    pub side: Side,
    pub name: String,
    pub organisation: bool,
    /// Salted SM3 digest of the person's particulars as they were handed in (hex).
    pub digest: String,
}

/// 委托诉讼代理人 with his powers (R-IDC-10, R-IDC-11).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Agent {
    pub person: PersonId,
    pub name: String,
    pub of: PersonId,
    pub powers: Vec<Power>,
    /// 委托事项; empty where the power of attorney came with the filing and says it itself.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub matters: String,
}

/// 授权委托书 given after the filing. An authority that ended stays in the file (R-IDC-12).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Authority {
    pub agent: Agent,
    pub materials: Vec<Material>,
    pub at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked_at: Option<Timestamp>,
}

/// 送达地址确认书: where papers reach a person, as he confirmed it (R-SVC-11, 《在线诉讼规则》第30条). Address, telephone and
/// e-mail lie in the vault; `digest` pins them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Confirmation {
    pub person: PersonId,
    /// Edition of the text on scope, effect and change of address that he was shown.
    pub text: String,
    /// He agreed to electronic service with it (R-SVC-10).
    pub electronic: bool,
    pub channel: Channel,
    pub at: Timestamp,
    /// Salted SM3 digest of his particulars with the confirmed address (hex).
    pub digest: String,
    /// The confirmation itself, an item of the file.
    pub material: Material,
}

/// One material handed in: an item of the file to be (R-FIA-05).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Material {
    pub id: ItemId,
    pub kind: MaterialKind,
    /// Its name as it stands in the list, e.g. 借条.
    pub name: String,
    /// Zero: a text or another file that has none.
    pub pages: u32,
    pub bytes: u64,
    /// SHA-256 of the bytes as received, hex. The bytes are never changed (invariant 9).
    pub sha256: String,
    pub media: String,
    /// What it is to prove, for evidence (证明目的).
    #[serde(default)]
    pub purpose: Option<String>,
}

/// How many pages, for people; what was never on paper has none.
pub fn pages_zh(pages: u32) -> String {
    match pages {
        0 => "电子文件".into(),
        pages => format!("{pages} 页"),
    }
}

/// What an item is to prove, as it stands after the word 证明 in a complaint.
pub fn proven(purpose: &str) -> &str {
    let purpose = purpose.trim().trim_end_matches('。');
    // 证明书, 证明力 and the like are no 证明 of something.
    let rest = purpose.strip_prefix("证明").filter(|rest| !rest.starts_with(['书', '力', '人', '材', '文']));
    rest.map_or(purpose, |rest| rest.trim_start_matches(['：', ':']).trim_start())
}

/// What a material is for; the catalogue's order hangs on it (R-CAT-01).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MaterialKind {
    Complaint,
    Identity,
    PowerOfAttorney,
    Evidence,
    ServiceAddress,
    Answer,
    Other,
}

impl Labelled for MaterialKind {
    fn zh(&self) -> &'static str {
        match self {
            Self::Complaint => "起诉状",
            Self::Identity => "身份证明",
            Self::PowerOfAttorney => "授权委托书",
            Self::Evidence => "证据",
            Self::ServiceAddress => "送达地址确认书",
            Self::Answer => "答辩状",
            Self::Other => "其他材料",
        }
    }
}

/// What the filing says. A correction replaces it; the earlier one stays in its event.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Statement {
    /// Catalogue number of the cause of action, e.g. `108.3`.
    pub cause: String,
    /// Its name, e.g. 民间借贷纠纷.
    pub cause_name: String,
    /// 诉讼请求, one paragraph each.
    pub claims: Vec<String>,
    /// 诉讼标的额.
    pub amount: Fen,
    pub facts: String,
    pub reasons: String,
    /// The interview's answers without what belongs into the vault.
    pub answers: BTreeMap<String, serde_json::Value>,
    pub materials: Vec<Material>,
}

/// How something reached the court (R-IDC-20..23, R-IDC-25).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    Online,
    Counter,
}

impl Labelled for Channel {
    fn zh(&self) -> &'static str {
        match self {
            Self::Online => "网上",
            Self::Counter => "窗口",
        }
    }
}

/// 意见: one thing to mend, pinned to a field or to a page of a material (R-FIL-12).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Remark {
    /// Field of the statement (`defendant.address`) or `material:ID`.
    pub field: String,
    /// Its name for people, e.g. 被告住所.
    pub label: String,
    #[serde(default)]
    pub page: Option<u32>,
    pub remark: String,
    pub rule: String,
}

/// 补正: asked for once; its days begin with the service of the notice.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Correction {
    pub remarks: Vec<Remark>,
    pub days: i64,
    pub notice: PaperId,
    pub corrected_at: Option<Timestamp>,
}

/// The answers of the clerk to the four groups of checks; the machine only proposes them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Check {
    Materials,
    Parties,
    Jurisdiction,
    Duplicates,
}

impl Check {
    /// The groups in the order of the review page.
    pub const ALL: [Self; 4] = [Self::Materials, Self::Parties, Self::Jurisdiction, Self::Duplicates];
}

impl Labelled for Check {
    fn zh(&self) -> &'static str {
        match self {
            Self::Materials => "材料",
            Self::Parties => "主体",
            Self::Jurisdiction => "管辖",
            Self::Duplicates => "重复",
        }
    }
}

/// 案件受理费 as assessed, and what came in (R-FEE).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FeeMatter {
    pub full: Fen,
    pub due: Fen,
    pub halved: bool,
    /// The arithmetic as people read it.
    pub steps: Vec<String>,
    pub paid: Option<Payment>,
    /// What came in after more had fallen due (R-FEE-16, R-FEE-17).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub further: Vec<Payment>,
    pub relief: Option<Relief>,
}

/// Money that came in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Payment {
    pub amount: Fen,
    pub at: Timestamp,
    pub method: PaymentMethod,
    /// The provider's or the bank slip's number.
    pub reference: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaymentMethod {
    Online,
    BankSlip,
}

/// 诉讼费用司法救助: an application holds 按撤诉处理 until it is decided (R-FEE-15, R-FEE-21).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Relief {
    pub reason: String,
    pub granted: Option<bool>,
    /// The fee notices that followed the decision: they alone begin a period to pay (R-FEE-15).
    #[serde(default)]
    pub notices: Vec<PaperId>,
}

/// One of the proceeding's parts for which online or counter is chosen, each on its own (R-IDC-21(4)).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    Filing,
    Service,
    Answer,
    EvidenceExchange,
    Hearing,
}

impl Scope {
    /// Every part, in the order of the proceeding.
    pub const ALL: [Self; 5] = [Self::Filing, Self::Service, Self::Answer, Self::EvidenceExchange, Self::Hearing];
}

impl Labelled for Scope {
    fn zh(&self) -> &'static str {
        match self {
            Self::Filing => "立案",
            Self::Service => "送达",
            Self::Answer => "答辩",
            Self::EvidenceExchange => "证据交换",
            Self::Hearing => "开庭",
        }
    }
}

/// Consent record (R-IDC-20): the latest per person and part holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Choice {
    pub person: PersonId,
    pub scope: Scope,
    pub channel: Channel,
    /// Edition of the text that was shown before the choice.
    pub text: String,
    pub at: Timestamp,
}

/// Ways of service, in the order in which they are tried (R-SVC-02).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    Electronic,
    Direct,
    /// 留置: left at the domicile of who refused it (R-SVC-04).
    Left,
    /// 委托 another court (R-SVC-06).
    Entrusted,
    Postal,
    /// 转交 by the unit of a soldier, the place of custody of a prisoner (CPL 92, 93).
    Transferred,
    /// 公告 (R-SVC-30).
    Announced,
}

impl Method {
    /// Does a clerk register what came of it, from a slip that came back?
    pub fn by_slip(self) -> bool {
        match self {
            Self::Direct | Self::Left | Self::Entrusted | Self::Postal | Self::Transferred => true,
            Self::Electronic | Self::Announced => false,
        }
    }
}

impl Labelled for Method {
    fn zh(&self) -> &'static str {
        match self {
            Self::Electronic => "电子送达",
            Self::Direct => "直接送达",
            Self::Left => "留置送达",
            Self::Entrusted => "委托送达",
            Self::Postal => "邮寄送达",
            Self::Transferred => "转交送达",
            Self::Announced => "公告送达",
        }
    }
}

/// How far one service of one paper came. The states are in order; a later one never goes back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum ServiceState {
    Owed,
    Issued,
    Sent {
        method: Method,
        at: Timestamp,
    },
    Served {
        method: Method,
        on: Date,
        rule: String,
        /// When it left the court: no service lies before it.
        #[serde(default)]
        sent: Option<Timestamp>,
    },
    Failed {
        method: Method,
        reason: String,
        at: Timestamp,
        #[serde(default)]
        sent: Option<Timestamp>,
    },
}

/// A paper on its way to one recipient.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct IssuedPaper {
    pub id: PaperId,
    pub paper: Paper,
    pub to: PersonId,
    /// Digest and pages, once it is typeset and sealed.
    pub sha256: Option<String>,
    pub pages: u32,
    pub service: ServiceState,
    pub opened_at: Option<Timestamp>,
    /// Ways that did not reach him, in the order in which they failed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tried: Vec<Method>,
}

/// Where an announcement is made (民诉法解释第138条).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    CourtBoard,
    Press,
    Network,
}

impl Labelled for Place {
    fn zh(&self) -> &'static str {
        match self {
            Self::CourtBoard => "法院公告栏和受送达人住所地张贴",
            Self::Press => "报纸",
            Self::Network => "信息网络",
        }
    }
}

/// 公告送达 of papers to one person (R-SVC-30).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Announcement {
    /// Its number in the case, from 1.
    pub number: u32,
    /// 公告 itself.
    pub paper: PaperId,
    pub papers: Vec<PaperId>,
    pub to: PersonId,
    pub place: Place,
    /// 原因和经过.
    pub reason: String,
    /// 下落不明.
    pub missing: bool,
    pub on: Date,
    pub at: Timestamp,
    /// The day on which the papers count as served.
    pub until: Date,
    pub by: PersonId,
}

/// How somebody wants to get a paper that was served electronically (R-SVC-10).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Collect {
    Post,
    Collect,
}

impl Labelled for Collect {
    fn zh(&self) -> &'static str {
        match self {
            Self::Post => "邮寄",
            Self::Collect => "到法院领取",
        }
    }
}

/// 索要纸质文书: who wants which paper.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PaperRequest {
    pub paper: PaperId,
    pub by: PersonId,
    pub how: Collect,
    pub at: Timestamp,
}

/// A period that runs in this case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RunningClock {
    /// What it hangs on: the same anchor with a corrected fact replaces it.
    pub anchor: String,
    /// Whose period it is; none means the court's own.
    pub of: Option<PersonId>,
    pub clock: Clock,
    pub state: ClockState,
}

impl RunningClock {
    /// Is a day within it? While it stands still every day is.
    pub fn in_time(&self, day: Date) -> bool {
        self.state == ClockState::Paused || self.clock.in_time(day)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClockState {
    Running,
    /// What it waited for was done.
    Met,
    /// Its last day went by.
    Expired,
    /// A corrected fact gave it a successor.
    Replaced,
    /// It stands still; what ends the pause starts it anew.
    Paused,
}

/// 案件. Everything that pages, papers and rules know of a case.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Case {
    pub id: CaseId,
    /// Code of the court (代字), e.g. `粤4001`.
    pub court: String,
    #[serde(default, skip_serializing_if = "usual")]
    pub kind: CaseKind,
    pub stage: Stage,
    /// Number of events applied.
    pub version: u64,
    /// 收件编号: stands on papers before there is a case number (R-CNO-15).
    pub receipt_no: String,
    /// 案号 in canonical form, once the filing is accepted.
    pub number: Option<String>,
    pub submitted_at: Option<Timestamp>,
    pub accepted_on: Option<Date>,
    pub channel: Option<Channel>,
    pub parties: Vec<Party>,
    pub agents: Vec<Agent>,
    /// Judge and clerk of the case, once assigned.
    pub staff: Vec<(PersonId, Office, String)>,
    pub statement: Option<Statement>,
    pub correction: Option<Correction>,
    pub procedure: Option<Procedure>,
    pub fee: Option<FeeMatter>,
    pub choices: Vec<Choice>,
    pub papers: Vec<IssuedPaper>,
    pub clocks: Vec<RunningClock>,
    /// Parties whose account is linked to the case.
    pub joined: Vec<PersonId>,
    /// Confirmed service addresses, the last of a person holds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub confirmations: Vec<Confirmation>,
    /// Powers of attorney given after the filing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub authorities: Vec<Authority>,
    /// The plaintiff insists on his filing as it is (R-FIL-12).
    #[serde(default)]
    pub insisted_at: Option<Timestamp>,
    /// The materials were given back, not mended in time (R-FIL-12).
    #[serde(default)]
    pub given_back_on: Option<Date>,
    #[serde(default)]
    pub refused_on: Option<Date>,
    /// Papers served electronically that somebody wants on paper (R-SVC-10).
    #[serde(default)]
    pub paper_requests: Vec<PaperRequest>,
    /// Head of the log at acceptance: the tribunal is drawn by it.
    #[serde(default)]
    pub checkpoint: String,
    #[serde(default)]
    pub answers: Vec<Answer>,
    #[serde(default)]
    pub evidence: Vec<Evidence>,
    #[serde(default)]
    pub tribunal: Option<Tribunal>,
    #[serde(default)]
    pub hearings: Vec<Hearing>,
    #[serde(default)]
    pub judgment: Option<Judgment>,
    #[serde(default)]
    pub appeals: Vec<Appeal>,
    #[serde(default)]
    pub effective_on: Option<Date>,
    /// Who asked for a certificate of effect that is not issued yet.
    #[serde(default)]
    pub certificate_requests: Vec<PersonId>,
    #[serde(default)]
    pub closing: Option<Closing>,
    #[serde(default)]
    pub archiving: Option<Archiving>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub announcements: Vec<Announcement>,
    /// 程序事项, in the order in which they were raised.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub matters: Vec<CaseMatter>,
    /// 保全措施, in the order in which they were taken.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub measures: Vec<crate::preservation::Measure>,
    /// Number and day of the suit that followed a preservation before it (R-PRV-07).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suit: Option<(String, Date)>,
    /// The stage in which the suit was suspended, while it is (R-TRI-35).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suspended: Option<Stage>,
    /// The matter whose ruling ended the case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_by: Option<u32>,
    /// Members of the tribunal whose recusal is undecided (R-TRI-10).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub paused: Vec<PersonId>,
    /// Who left the tribunal: what they did stays theirs, and nobody draws them again.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub former: Vec<(PersonId, Office, String)>,
    /// Days that do not count towards the period of trial (R-LIM-31).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exclusions: Vec<Exclusion>,
    /// Months by which the period of trial was extended (R-LIM-01, R-LIM-02).
    #[serde(default, skip_serializing_if = "none")]
    pub extended_months: i64,
}

/// Nothing was extended: not written.
fn none(months: &i64) -> bool {
    *months == 0
}

impl Case {
    /// A case before its first event.
    pub fn new(id: CaseId, court: &str) -> Self {
        Self { id, court: court.to_owned(), ..Self::default() }
    }

    /// Everything this actor is here. Empty: for him the case does not exist.
    ///
    /// A filing clerk acts on every filing of his own court; judge and clerk on the cases given to them; a clerk who
    /// enters a counter act in such a case stands in for the party (R-IDC-40), an agent acts for the principal he names
    /// (R-IDC-11), and the event names both. For a system administrator no case exists (R-AUD-03).
    pub fn roles(&self, by: &Actor) -> Vec<Role> {
        match &by.office {
            None => match by.for_person {
                None => self.citizen_roles(by.person),
                Some(of) => {
                    self.agent_roles(by.person).filter(|role| matches!(role, Role::Agent { of: principal, .. } if *principal == of)).collect()
                }
            },
            Some((office, court)) if *court == self.court => match (office, by.for_person) {
                (Office::FilingClerk, Some(person)) => self.citizen_roles(person),
                // A filing has no clerk yet: whoever sits at the counter takes it in.
                (Office::Clerk, Some(person)) if self.stage == Stage::New || self.has(by.person, *office) => self.citizen_roles(person),
                (Office::FilingClerk | Office::Platform, None) => vec![Role::Staff(*office)],
                // What the law gives to the president he decides in any case that was registered.
                (Office::President, None) if self.number.is_some() => vec![Role::Staff(*office)],
                (Office::Judge | Office::Clerk, None) if self.has(by.person, *office) => vec![Role::Staff(*office)],
                (Office::Judge | Office::Clerk | Office::President | Office::Platform | Office::SystemAdministrator, _) => vec![],
            },
            Some(_) => vec![],
        }
    }

    /// The case was given to this member of staff.
    fn has(&self, person: PersonId, office: Office) -> bool {
        self.staff.iter().any(|(member, held, _)| *member == person && *held == office)
    }

    /// This person, who is or acts for `party`: an agent acts as himself and names his principal, a party for himself.
    pub fn actor(&self, person: PersonId, party: PersonId) -> Actor {
        let agent = person != party && self.agents.iter().any(|agent| agent.person == person && agent.of == party);
        if agent { Actor::agent(person, party) } else { Actor::citizen(party) }
    }

    /// Did this person confirm where papers reach him, with the filing or later (R-SVC-10, R-SVC-11)?
    pub fn confirmed_address(&self, person: PersonId) -> bool {
        let earlier = |choice: &Choice| choice.person == person && choice.scope == Scope::Service && choice.channel == Channel::Online;
        self.confirmations.iter().any(|confirmation| confirmation.person == person) || self.choices.iter().any(earlier)
    }

    fn citizen_roles(&self, person: PersonId) -> Vec<Role> {
        if self.stage == Stage::New {
            return vec![Role::Filer];
        }
        let parties = self.parties.iter().filter(|party| party.person == person).map(|party| match party.side {
            Side::Plaintiff => Role::Plaintiff,
            Side::Defendant if self.joined.contains(&person) => Role::Defendant,
            Side::Defendant => Role::Invited,
        });
        parties.chain(self.agent_roles(person)).collect()
    }

    fn agent_roles(&self, person: PersonId) -> impl Iterator<Item = Role> {
        let agents = self.agents.iter().filter(move |agent| agent.person == person);
        agents.map(|agent| Role::Agent { of: agent.of, powers: agent.powers.clone() })
    }

    /// The party with this id.
    pub fn party(&self, person: PersonId) -> Option<&Party> {
        self.parties.iter().find(|party| party.person == person)
    }

    /// The parties of one side, in the order of the complaint.
    pub fn side(&self, side: Side) -> impl Iterator<Item = &Party> {
        self.parties.iter().filter(move |party| party.side == side)
    }

    /// The paper with this id.
    pub fn paper(&self, id: PaperId) -> Option<&IssuedPaper> {
        self.papers.iter().find(|paper| paper.id == id)
    }

    /// The running clock of a rule, if there is one.
    pub fn clock(&self, rule: &str) -> Option<&RunningClock> {
        self.clocks.iter().find(|running| running.clock.rule == rule && running.state == ClockState::Running)
    }

    /// The clock of a rule that nothing has met yet: running, or its last day went by.
    pub fn unmet(&self, rule: &str) -> Option<&RunningClock> {
        self.clocks.iter().rev().find(|running| running.clock.rule == rule && matches!(running.state, ClockState::Running | ClockState::Expired))
    }

    /// How this person takes part in this part of the proceeding: the last choice, else the counter (R-IDC-21, 22).
    pub fn channel_of(&self, person: PersonId, scope: Scope) -> Channel {
        let last = self.choices.iter().rev().find(|choice| choice.person == person && choice.scope == scope);
        last.map_or(Channel::Counter, |choice| choice.channel)
    }

    /// What people call the case: the number, or before that the receipt number (R-CNO-15).
    pub fn title(&self) -> String {
        let names = |side| self.side(side).map(|party| party.name.as_str()).collect::<Vec<_>>().join("、");
        let against = match self.kind {
            CaseKind::CivilFirst => "诉",
            CaseKind::Preservation => "申请保全",
        };
        format!("{} {against} {}", names(Side::Plaintiff), names(Side::Defendant))
    }
}

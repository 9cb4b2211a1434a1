//! Why a step may not be taken: typed for the record, put into words for people in one place.
use crate::{Fen, Power, Stage};

/// A typed refusal. `Display` is the internal message; [`Refusal::zh`] says to people what is wrong and what to do.
#[derive(Debug, Clone, PartialEq, thiserror::Error, serde::Serialize, serde::Deserialize)]
#[serde(tag = "refusal", rename_all = "snake_case")]
pub enum Refusal {
    #[error("no such case for this person")]
    NoSuchCase,
    #[error("{step}: not a step of this person")]
    NotYours { step: String },
    #[error("{step}: not possible in {stage:?}")]
    NotNow { step: String, stage: Stage },
    #[error("{step}: power {needed:?} missing (R-IDC-11)")]
    PowerMissing { step: String, needed: Power },
    #[error("nothing named that is to be corrected (R-FIL-12)")]
    NothingNamed,
    #[error("a remark on {field} is empty (R-FIL-12)")]
    RemarkEmpty { field: String },
    #[error("corrections were asked for before (R-FIL-12)")]
    AskedBefore { field: String },
    #[error("the correction period runs until {last_day} (R-FIL-12)")]
    CorrectionRunning { last_day: jiff::civil::Date },
    #[error("corrections were not asked for yet (R-FIL-12)")]
    NotAskedBefore,
    #[error("the plaintiff did not insist (R-FIL-12)")]
    NotInsisted,
    #[error("{days} days given, {least} to {most} allowed by the court's policy")]
    DaysOutOfRange { days: i64, least: i64, most: i64 },
    #[error("{field}: {zh}")]
    FieldInvalid { field: String, zh: String, rule: String },
    #[error("no definite defendant (R-FIL-04)")]
    NoDefendant,
    #[error("no claim (R-FIL-01)")]
    NoClaim,
    #[error("material {item} missing (R-FIL-03)")]
    MaterialMissing { item: String },
    #[error("the case number belongs to {number_court}, the case to {court} (R-CNO-20)")]
    NumberOfOtherCourt { number_court: String, court: String },
    #[error("the clerk left {check} unanswered")]
    CheckUnanswered { check: String },
    #[error("still within the period for review, until {last_day} (R-FIL-10)")]
    NotYetUndecided { last_day: jiff::civil::Date },
    #[error("paper is not of this case")]
    NoSuchPaper,
    #[error("the paper was not sent to this recipient yet")]
    ServedTooEarly,
    #[error("a service on {on} is outside {earliest}..={latest}")]
    ServiceDateImpossible { on: jiff::civil::Date, earliest: jiff::civil::Date, latest: jiff::civil::Date },
    #[error("this service took effect before; correct it instead")]
    AlreadyServed,
    #[error("nothing was served that could be corrected")]
    NothingToCorrect,
    #[error("no consent to electronic service (R-SVC-10)")]
    NoElectronicConsent,
    #[error("fee of {due:?} due, {paid:?} paid")]
    WrongAmount { due: Fen, paid: Fen },
    #[error("nothing is due")]
    NothingDue,
    #[error("fee period runs until {last_day} (R-FEE-15)")]
    FeePeriodRunning { last_day: jiff::civil::Date },
    #[error("an application for relief is pending (R-FEE-21)")]
    ReliefPending,
    #[error("the period to link the case ended on {last_day} (R-IDC-22)")]
    JoinPeriodOver { last_day: jiff::civil::Date },
    #[error("joined before")]
    JoinedBefore,
    #[error("{what} is missing")]
    Missing { what: String },
    #[error("evidence {name} is not part of the case")]
    NoSuchEvidence { name: String },
    #[error("hearing on {on} is less than {least} days after service of the summons (R-TRI-20)")]
    HearingTooEarly { on: jiff::civil::Date, least: i64 },
    #[error("room or judge is taken at that time")]
    Clash { with: String },
    #[error("record is not signed by {who} (R-TRI-33)")]
    RecordUnsigned { who: String },
    #[error("defects block signing: {defects:?}")]
    Defects { defects: Vec<String> },
    #[error("appeal period of {who} runs until {last_day} (R-SVC-41)")]
    NotEffectiveYet { who: String, last_day: jiff::civil::Date },
    #[error("items missing at closing: {items:?} (R-ARC-05)")]
    FileIncomplete { items: Vec<String> },
    #[error("one's own evidence {name} is not commented on (R-EVD-09)")]
    OwnEvidence { name: String },
    #[error("the tribunal was assigned before")]
    AssignedBefore,
    #[error("{there} candidates for {needed} seats (R-TRI-01)")]
    RosterTooSmall { needed: u64, there: u64 },
    #[error("no tribunal yet (R-TRI-06)")]
    NoTribunal,
    #[error("hearing {number} is not over yet")]
    HearingPending { number: u32 },
    #[error("no hearing that could take this step")]
    NoHearing,
    #[error("the hearing is on {on}")]
    HearingNotYet { on: jiff::civil::Date },
    #[error("{who} is put down as absent before {at}, the hour of his summons")]
    AbsentTooEarly { who: String, at: jiff::civil::Time },
    #[error("{who} is absent, his summons was not provably served (R-TRI-31, R-SVC-42)")]
    SummonsUnserved { who: String },
    #[error("a summons to a sitting that was put off, or a certificate of a judgment not in force (R-TRI-32, R-DDL-10)")]
    PaperSuperseded,
    #[error("a plaintiff came to the hearing (R-TRI-31)")]
    PlaintiffAppeared,
    #[error("postponed {most} times before (R-TRI-32)")]
    PostponedTooOften { most: u32 },
    #[error("postponed beyond {latest} (R-TRI-32)")]
    PostponedTooFar { latest: jiff::civil::Date },
    #[error("the record is not closed")]
    RecordOpen,
    #[error("signed before")]
    SignedBefore,
    #[error("{who} signs first (R-DOC-03)")]
    SignsFirst { who: String },
    #[error("own appeal period ended on {last_day} (R-APL-01)")]
    AppealPeriodOver { last_day: jiff::civil::Date },
    #[error("{who} appealed (R-APL-01)")]
    AppealOnRecord { who: String },
    #[error("{paper} is not served on {who} yet (R-LIM-33)")]
    NotServedOn { paper: String, who: String },
    #[error("closed before")]
    ClosedBefore,
    #[error("not closed yet (R-ARC-07)")]
    NotClosed,
    #[error("no archive package was built of this version (R-ARC-05)")]
    NotPacked,
    #[error("{matter} waits for its decision")]
    RaisedBefore { matter: String },
    #[error("no {matter} to decide on")]
    NothingRaised { matter: String },
    #[error("{matter} waits for its decision")]
    MatterOpen { matter: String },
    #[error("a panel speaks through its presiding judge {who}")]
    PresidingDecides { who: String },
    #[error("announced until {until} (R-SVC-30)")]
    BeingAnnounced { paper: String, until: jiff::civil::Date },
    #[error("{who} stands aside until his recusal is decided (R-TRI-10)")]
    Paused { who: String },
}

impl Refusal {
    /// What people read: what is wrong and what to do.
    pub fn zh(&self) -> String {
        use crate::case::Labelled;
        match self {
            Self::NoSuchCase => "没有找到这个案件，请核对案号，或者从“我的案件”进入。".into(),
            Self::NotYours { step } => format!("“{step}”不由您办理。如果您受人委托，请先提交授权委托书。"),
            Self::NotNow { step, stage } => format!("案件现在是“{}”，不能{step}。请刷新页面，看看现在可以办什么。", stage.zh()),
            Self::PowerMissing { step, needed } => {
                format!("{step}需要委托人特别授权“{}”。请补交写明这一项的授权委托书，或者由当事人本人办理。", needed.zh())
            }
            Self::NothingNamed => "请至少写一条需要补正的内容，并指明在哪一项或者哪一页。".into(),
            Self::RemarkEmpty { field } => format!("“{field}”的补正意见没有写内容，请写明要补什么、怎么补。"),
            Self::AskedBefore { .. } => "已经一次性告知过补正内容，不能再次要求补正。材料仍不符合条件的，请裁定不予受理；符合条件的，请立案。".into(),
            Self::CorrectionRunning { last_day } => format!("补正期限到 {last_day} 才届满，原告还可以补正，现在不能退回起诉材料或者裁定不予受理。"),
            Self::NotAskedBefore => "这一项可以补正，请先一次性告知补正；补正后仍不符合条件的，再裁定不予受理。".into(),
            Self::NotInsisted => "原告没有表示坚持起诉。请退回起诉材料并记录在册；原告坚持起诉的，先登记，再裁定不予受理。".into(),
            Self::DaysOutOfRange { least, most, .. } => format!("补正期限应当在 {least} 日至 {most} 日之间，请修改。"),
            Self::FieldInvalid { zh, .. } => zh.clone(),
            Self::NoDefendant => "没有写明被告。请写明被告的姓名（名称）和住所，使被告能够与他人区别。".into(),
            Self::NoClaim => "没有写明诉讼请求。请写明要求法院判令被告做什么、付多少钱。".into(),
            Self::MaterialMissing { item } => format!("缺少“{item}”，请上传后再提交。"),
            Self::NumberOfOtherCourt { .. } => "案号不是本院的案号，请重新生成。".into(),
            Self::CheckUnanswered { check } => format!("“{check}”还没有判断，请先给出审查意见。"),
            Self::NotYetUndecided { last_day } => format!("审查期限到 {last_day} 才届满，现在请直接决定立案、补正或者不予受理。"),
            Self::NoSuchPaper => "案卷里没有这份文书，请刷新后重试。".into(),
            Self::ServedTooEarly => "这份文书还没有发给该受送达人，不能登记送达结果。".into(),
            Self::ServiceDateImpossible { earliest, latest, .. } => format!("送达日期应当在 {earliest} 至 {latest} 之间，请核对回证。"),
            Self::AlreadyServed => "这份文书已经登记送达。日期有误的，请用“更正送达日期”。".into(),
            Self::NothingToCorrect => "这份文书还没有登记送达，请先登记。".into(),
            Self::NoElectronicConsent => "该受送达人没有同意电子送达，请采用邮寄等方式。".into(),
            Self::WrongAmount { due, paid } => format!("应交 {due}，实际到账 {paid}，金额不一致，请核对后重新登记。"),
            Self::NothingDue => "本案现在没有应交的费用。".into(),
            Self::FeePeriodRunning { last_day } => format!("预交期限到 {last_day} 才届满，现在不能按撤诉处理。"),
            Self::ReliefPending => "当事人的司法救助申请还没有决定，不能按撤诉处理。请先对申请作出决定。".into(),
            Self::JoinPeriodOver { last_day } => format!("在线参加的期限已于 {last_day} 届满。您仍可以到法院窗口办理，或者联系承办法官助理。"),
            Self::JoinedBefore => "您已经加入本案，不需要重复操作。".into(),
            Self::Missing { what } => format!("缺少{what}，请补上后再提交。"),
            Self::NoSuchEvidence { .. } => "案卷里没有这份证据，请刷新后重试。".into(),
            Self::HearingTooEarly { least, .. } => format!("开庭应当在 {least} 日前通知当事人，请改到更晚的日期。"),
            Self::Clash { with } => format!("时间冲突：{with}。请换一个时间或者法庭。"),
            Self::RecordUnsigned { who } => format!("{who}还没有在笔录上签名，请先签名或者记明拒绝签名的情况。"),
            Self::Defects { defects } => format!("文书还有必须改正的问题：{}。", defects.join("；")),
            Self::NotEffectiveYet { who, last_day } => format!("{who}的上诉期到 {last_day} 才届满，裁判尚未生效。"),
            Self::FileIncomplete { items } => format!("卷宗缺少：{}。请补齐后再结案、归档。", items.join("、")),
            Self::OwnEvidence { name } => format!("“{name}”是您自己一方提交的证据，不用质证。请只对对方的证据发表意见。"),
            Self::AssignedBefore => "本案已经分案，不能再次抽取。审判人员需要变更的，按变更程序办理。".into(),
            Self::RosterTooSmall { needed, there } => {
                format!("可以参加分案的审判人员或者书记员只有 {there} 名，需要 {needed} 名。请改用独任制，或者先补充人员。")
            }
            Self::NoTribunal => "本案还没有分案，不能安排开庭。请先分案。".into(),
            Self::HearingPending { number } => format!("第 {number} 次开庭还没有结束。请先完成笔录，或者延期。"),
            Self::NoHearing => "现在没有可以办理这一步的庭次，请先安排开庭、宣布开庭。".into(),
            Self::HearingNotYet { on } => format!("开庭日期是 {on}，还不能宣布开庭。需要改期的，请办理延期开庭并重新通知当事人。"),
            Self::AbsentTooEarly { who, at } => {
                format!("传票通知的开庭时间是 {}，时间还没到，不能认定{who}没有到庭。人都到齐的，可以提前开庭。", at.strftime("%H:%M"))
            }
            Self::SummonsUnserved { who } => {
                format!("{who}没有到庭，传票也没有送达的证明，不能缺席审理。请延期开庭，重新送达传票。")
            }
            Self::PaperSuperseded => "这份文书已经不再有效（开庭延期，或者判决没有生效），不再发出。".into(),
            Self::PlaintiffAppeared => "只有全部原告经传票传唤没有到庭，才能按撤诉处理。到庭情况以宣布开庭时登记的为准。".into(),
            Self::PostponedTooOften { most } => format!("延期开庭不得超过 {most} 次，不能再次延期。"),
            Self::PostponedTooFar { latest } => format!("再次开庭应当在一个月内，请改到 {latest} 以前。"),
            Self::RecordOpen => "笔录还没有写完，请由书记员先结束笔录。".into(),
            Self::SignedBefore => "已经签过名，不需要重复签名。".into(),
            Self::SignsFirst { who } => format!("请先由{who}签名，再由书记员签名。"),
            Self::AppealPeriodOver { last_day } => {
                format!("您的上诉期已于 {last_day} 届满，不能上诉。因不可抗力等正当理由耽误的，可以在障碍消除后十日内申请顺延。")
            }
            Self::AppealOnRecord { who } => format!("{who}已经提起上诉，裁判没有生效。"),
            Self::NotServedOn { paper, who } => format!("{paper}还没有送达{who}，请先完成送达。"),
            Self::ClosedBefore => "本案已经结案，不需要重复办理。".into(),
            Self::NotClosed => "本案还没有结案，请先结案再归档。".into(),
            Self::RaisedBefore { matter } => format!("您的{matter}还没有处理，不用再提；需要补充的，请提交材料。"),
            Self::MatterOpen { matter } => format!("{matter}还没有处理，请先处理，再进行这一步。"),
            Self::PresidingDecides { who } => format!("合议庭的裁定和决定由审判长{who}作出。"),
            Self::BeingAnnounced { paper, until } => format!("{paper}正在公告送达，到 {until} 视为送达，不用再次发出或者登记未送到。"),
            Self::NothingRaised { matter } => format!("现在没有等待处理的{matter}。"),
            Self::Paused { who } => format!("对{who}的回避申请还没有决定，决定以前应当暂停参与本案的工作（紧急措施除外）。请先决定回避申请。"),
            Self::NotPacked => "还没有按现在的卷宗生成归档包。请打开“归档”页面检查卷宗，再点“归档”。".into(),
        }
    }

    /// The form field that the message belongs to, if it is one field's.
    pub fn field(&self) -> Option<&str> {
        match self {
            Self::FieldInvalid { field, .. } | Self::RemarkEmpty { field } | Self::AskedBefore { field } => Some(field),
            Self::DaysOutOfRange { .. } => Some("days"),
            Self::ServiceDateImpossible { .. } => Some("on"),
            Self::WrongAmount { .. } => Some("amount"),
            Self::HearingTooEarly { .. } | Self::PostponedTooFar { .. } => Some("date"),
            Self::Clash { .. } => Some("time"),
            Self::RosterTooSmall { .. } => Some("form"),
            Self::NoSuchCase
            | Self::NotYours { .. }
            | Self::NotNow { .. }
            | Self::PowerMissing { .. }
            | Self::NothingNamed
            | Self::CorrectionRunning { .. }
            | Self::NotAskedBefore
            | Self::NotInsisted
            | Self::NoDefendant
            | Self::NoClaim
            | Self::MaterialMissing { .. }
            | Self::NumberOfOtherCourt { .. }
            | Self::CheckUnanswered { .. }
            | Self::NotYetUndecided { .. }
            | Self::NoSuchPaper
            | Self::ServedTooEarly
            | Self::AlreadyServed
            | Self::NothingToCorrect
            | Self::NoElectronicConsent
            | Self::NothingDue
            | Self::FeePeriodRunning { .. }
            | Self::ReliefPending
            | Self::JoinPeriodOver { .. }
            | Self::JoinedBefore
            | Self::Missing { .. }
            | Self::NoSuchEvidence { .. }
            | Self::RecordUnsigned { .. }
            | Self::Defects { .. }
            | Self::NotEffectiveYet { .. }
            | Self::FileIncomplete { .. }
            | Self::OwnEvidence { .. }
            | Self::AssignedBefore
            | Self::NoTribunal
            | Self::HearingPending { .. }
            | Self::NoHearing
            | Self::HearingNotYet { .. }
            | Self::AbsentTooEarly { .. }
            | Self::SummonsUnserved { .. }
            | Self::PaperSuperseded
            | Self::PlaintiffAppeared
            | Self::PostponedTooOften { .. }
            | Self::RecordOpen
            | Self::SignedBefore
            | Self::SignsFirst { .. }
            | Self::AppealPeriodOver { .. }
            | Self::AppealOnRecord { .. }
            | Self::NotServedOn { .. }
            | Self::ClosedBefore
            | Self::NotClosed
            | Self::NotPacked
            | Self::RaisedBefore { .. }
            | Self::NothingRaised { .. }
            | Self::MatterOpen { .. }
            | Self::PresidingDecides { .. }
            | Self::BeingAnnounced { .. }
            | Self::Paused { .. } => None,
        }
    }
}

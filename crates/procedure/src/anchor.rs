//! 期间的由来: what a clock of a case hangs on. Its name begins [`crate::case::RunningClock::anchor`]; a person or a number
//! follows where there may be several.

/// Everything that a clock can hang on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Anchor {
    /// 审查期限 (R-FIL-11)
    Review,
    /// 补正期限 (R-FIL-12)
    Correction,
    /// 移送审判庭 (R-FIL-20)
    HandOver,
    /// 送达起诉状副本 (R-FIL-21)
    FirstPacket,
    /// 审理期限 (R-LIM-01, R-LIM-02)
    Trial,
    /// 预交诉讼费 (R-FEE-15)
    Fee,
    /// 答辩期 (R-FIL-21)
    Answer,
    /// 送达答辩状副本 (R-FIL-21)
    AnswerCopy,
    /// 举证期限 (R-EVD-02)
    Evidence,
    /// 在线参加 (R-IDC-22)
    Join,
    /// 告知审判人员 (R-TRI-05)
    Tribunal,
    /// 通知开庭 (R-TRI-20)
    Summons,
    /// 笔录签名 (R-TRI-33)
    Record,
    /// 上诉期 (R-APL-01)
    Appeal,
    /// 对程序裁定的上诉期 (R-APL-01, R-FIL-17)
    Ruling,
    /// 送达上诉状副本 (R-APL-03)
    AppealCopy,
    /// 归档 (R-ARC-01)
    Archive,
    /// 公告期 (R-SVC-30)
    Announcement,
    /// 开始执行保全裁定 (R-PRV-03)
    Execution,
    /// 保全期限: the number of the measure follows (R-PRV-09)
    Hold,
    /// 申请续行保全 (R-PRV-09)
    Renewal,
    /// 诉前保全后起诉 (R-PRV-07)
    Suit,
    /// 对保全裁定申请复议 (R-PRV-15)
    Reconsideration,
    /// 决定程序事项: the period of its own rule ([`crate::matter`])
    Matter,
}

impl Anchor {
    /// Every anchor, in the order of the proceeding.
    pub const ALL: [Self; 24] = [
        Self::Review,
        Self::Correction,
        Self::HandOver,
        Self::FirstPacket,
        Self::Trial,
        Self::Fee,
        Self::Answer,
        Self::AnswerCopy,
        Self::Evidence,
        Self::Join,
        Self::Tribunal,
        Self::Summons,
        Self::Record,
        Self::Appeal,
        Self::Ruling,
        Self::AppealCopy,
        Self::Archive,
        Self::Announcement,
        Self::Execution,
        Self::Hold,
        Self::Renewal,
        Self::Suit,
        Self::Reconsideration,
        Self::Matter,
    ];

    /// The word with which the anchor's text begins.
    pub fn name(self) -> &'static str {
        match self {
            Self::Review => "review",
            Self::Correction => "correction",
            Self::HandOver => "hand-over",
            Self::FirstPacket => "first packet",
            Self::Trial => "trial",
            Self::Fee => "fee",
            Self::Answer => "answer",
            Self::AnswerCopy => "answer-copy",
            Self::Evidence => "evidence",
            Self::Join => "join",
            Self::Tribunal => "tribunal",
            Self::Summons => "summons",
            Self::Record => "record",
            Self::Appeal => "appeal",
            Self::Ruling => "ruling",
            Self::AppealCopy => "appeal-copy",
            Self::Archive => "archive",
            Self::Announcement => "announcement",
            Self::Execution => "execution",
            Self::Hold => "hold",
            Self::Renewal => "renewal",
            Self::Suit => "suit",
            Self::Reconsideration => "reconsideration",
            Self::Matter => "matter",
        }
    }

    /// What the anchor of a clock says; none for a text that no step writes.
    pub fn of(anchor: &str) -> Option<Self> {
        let word = anchor.split('/').next();
        Self::ALL.into_iter().find(|known| word == Some(known.name()))
    }
}

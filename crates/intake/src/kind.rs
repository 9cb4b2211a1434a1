//! What kind of paper a page belongs to: rules over its writing, abstaining when unsure.
use crate::report::{Guess, Line};
use serde::{Deserialize, Serialize};

/// A kind of paper that comes into a court.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Kind {
    #[serde(rename = "民事起诉状")]
    Complaint,
    #[serde(rename = "要素式起诉状")]
    ElementComplaint,
    #[serde(rename = "民事答辩状")]
    Answer,
    #[serde(rename = "居民身份证")]
    IdCard,
    #[serde(rename = "营业执照")]
    BusinessLicence,
    #[serde(rename = "借条")]
    Iou,
    #[serde(rename = "银行转账回单")]
    TransferRecord,
    #[serde(rename = "合同")]
    Contract,
    #[serde(rename = "微信聊天记录")]
    ChatRecord,
    #[serde(rename = "授权委托书")]
    PowerOfAttorney,
    #[serde(rename = "证据清单")]
    EvidenceList,
    #[serde(rename = "送达地址确认书")]
    ServiceAddress,
    #[serde(rename = "传票")]
    Summons,
    #[serde(rename = "庭审笔录")]
    HearingRecord,
    #[serde(rename = "民事判决书")]
    Judgment,
    /// Nothing is written on it.
    #[serde(rename = "空白页")]
    Blank,
    /// The rules abstain: a person says what it is.
    #[serde(rename = "未识别")]
    Unknown,
}

impl Kind {
    /// All kinds of writing that the rules know.
    pub const ALL: [Self; 15] = [
        Self::Complaint,
        Self::ElementComplaint,
        Self::Answer,
        Self::IdCard,
        Self::BusinessLicence,
        Self::Iou,
        Self::TransferRecord,
        Self::Contract,
        Self::ChatRecord,
        Self::PowerOfAttorney,
        Self::EvidenceList,
        Self::ServiceAddress,
        Self::Summons,
        Self::HearingRecord,
        Self::Judgment,
    ];

    /// The name that people use.
    pub fn zh(self) -> &'static str {
        match self {
            Self::Complaint => "民事起诉状",
            Self::ElementComplaint => "要素式起诉状",
            Self::Answer => "民事答辩状",
            Self::IdCard => "居民身份证",
            Self::BusinessLicence => "营业执照",
            Self::Iou => "借条",
            Self::TransferRecord => "银行转账回单",
            Self::Contract => "合同",
            Self::ChatRecord => "微信聊天记录",
            Self::PowerOfAttorney => "授权委托书",
            Self::EvidenceList => "证据清单",
            Self::ServiceAddress => "送达地址确认书",
            Self::Summons => "传票",
            Self::HearingRecord => "庭审笔录",
            Self::Judgment => "民事判决书",
            Self::Blank => "空白页",
            Self::Unknown => "未识别",
        }
    }

    /// Titles as they stand alone at the head of a page.
    fn titles(self) -> &'static [&'static str] {
        match self {
            Self::Complaint => &["民事起诉状", "起诉状"],
            Self::ElementComplaint | Self::IdCard | Self::Blank | Self::Unknown => &[],
            Self::Answer => &["民事答辩状", "答辩状"],
            Self::BusinessLicence => &["营业执照"],
            Self::Iou => &["借条", "借据", "欠条"],
            Self::TransferRecord => &["电子回单", "转账回单", "银行回单", "转账凭证"],
            Self::Contract => &["合同", "合同书", "协议书"],
            Self::ChatRecord => &["聊天记录", "微信聊天记录打印件"],
            Self::PowerOfAttorney => &["授权委托书"],
            Self::EvidenceList => &["证据清单", "证据目录"],
            Self::ServiceAddress => &["送达地址确认书"],
            Self::Summons => &["传票"],
            Self::HearingRecord => &["庭审笔录", "法庭笔录", "开庭笔录"],
            Self::Judgment => &["民事判决书"],
        }
    }

    /// Words that papers of this kind carry; the more of them, the surer.
    fn marks(self) -> &'static [&'static str] {
        match self {
            Self::Complaint => &["诉讼请求", "事实与理由", "具状人", "此致", "起诉人"],
            Self::ElementComplaint => &["当事人信息", "诉讼请求", "事实经过", "是否申请保全", "是否同意调解", "具状人"],
            Self::Answer => &["答辩人", "被答辩人", "答辩意见", "答辩如下", "此致"],
            Self::IdCard => &["姓名", "性别", "民族", "出生", "住址", "公民身份号码"],
            Self::BusinessLicence => &["统一社会信用代码", "法定代表人", "注册资本", "成立日期", "经营范围", "登记机关"],
            Self::Iou => &["今借到", "借款人", "特立此据", "此据", "归还", "还清"],
            Self::TransferRecord => &["回单号码", "付款户名", "收款户名", "付款账号", "收款账号", "交易时间", "交易流水", "币种"],
            Self::Contract => &["甲方", "乙方", "合同编号", "第一条", "违约责任", "签订", "争议解决"],
            Self::ChatRecord => &["聊天记录", "微信"],
            Self::PowerOfAttorney => &["委托人", "受托人", "受委托人", "代理权限", "委托权限", "特别授权", "一般授权"],
            Self::EvidenceList => &["证据名称", "证明目的", "证明对象", "页数", "提交人", "序号", "来源"],
            Self::ServiceAddress => &["送达地址", "受送达人", "邮政编码", "电子送达", "确认"],
            Self::Summons => &["被传唤人", "传唤事由", "应到时间", "应到处所", "注意事项"],
            Self::HearingRecord => &["审判员", "书记员", "开庭时间", "开庭地点", "原告：", "被告：", "审："],
            Self::Blank | Self::Unknown => &[],
            Self::Judgment => &["审理终结", "本院认为", "本院经审理", "判决如下", "案件受理费", "向本院提出诉讼请求", "如不服本判决"],
        }
    }
}

/// The least score at which the rules commit themselves.
const COMMIT: f32 = 0.5;

/// The kind of a page from its writing. `lines` give what stands alone, `text` what is said anywhere.
pub fn classify(text: &str, lines: &[Line]) -> Guess {
    let flat: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    if flat.chars().filter(|c| c.is_alphanumeric()).count() < 3 {
        return Guess { value: Kind::Blank, confidence: 0.9 };
    }
    let heads = heads(lines);
    let mut scores: Vec<(Kind, f32)> = Kind::ALL.iter().map(|kind| (*kind, score(*kind, &flat, &heads))).collect();
    scores.sort_by(|a, b| b.1.total_cmp(&a.1));
    let (kind, best) = scores[0];
    let margin = best - scores[1].1;
    if best < COMMIT || margin < 0.05 {
        return Guess { value: Kind::Unknown, confidence: (1.0 - best).clamp(0.0, 1.0) };
    }
    Guess { value: kind, confidence: (best * (0.7 + margin)).clamp(0.0, 0.99) }
}

fn score(kind: Kind, flat: &str, heads: &[String]) -> f32 {
    let marks = kind.marks();
    let found = marks.iter().filter(|m| flat.contains(**m)).count() as f32;
    let share = found / (marks.len() as f32).min(4.0);
    let titled = titled(kind, heads);
    match kind {
        // The form with ruled elements bears the title of the complaint; its own boxes tell it.
        Kind::ElementComplaint => {
            let boxes = ["当事人信息", "事实经过", "是否申请保全", "是否同意调解", "履行情况"].iter().filter(|m| flat.contains(**m)).count();
            if boxes >= 2 { 0.7 + 0.1 * boxes as f32 } else { 0.0 }
        }
        Kind::IdCard => {
            let card = share.min(1.0) * if flat.chars().count() < 200 { 0.9 } else { 0.3 };
            if flat.contains("公民身份号码") || found >= 4.0 { card } else { card * 0.5 }
        }
        // The foot of a complaint alone, on its second page: to the court, from who brings the action.
        Kind::Complaint if !titled && flat.contains("具状人") && (flat.contains("此致") || flat.contains("人民法院")) => {
            0.6 + 0.2 * share.min(1.0)
        }
        Kind::ChatRecord => {
            if titled {
                0.8
            } else {
                0.3 * share.min(1.0) + chat(flat)
            }
        }
        _ => 0.6 * f32::from(u8::from(titled)) + 0.55 * share.min(1.0),
    }
}

fn titled(kind: Kind, heads: &[String]) -> bool {
    heads.iter().any(|head| {
        let exact = |title: &str| head == title || distance_one(head, title);
        kind.titles().iter().any(|title| match kind {
            Kind::TransferRecord | Kind::ChatRecord => head.contains(title) && head.chars().count() < 20,
            Kind::Contract => head.ends_with(title) && head.chars().count() < 16 && !head.contains('：'),
            Kind::Judgment | Kind::HearingRecord => head.contains(title) && head.chars().count() < 16,
            _ => exact(title),
        })
    })
}

/// Whether two titles of four characters or more differ in one character, as a misread one does.
fn distance_one(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    a.len() == b.len() && a.len() >= 4 && a.iter().zip(&b).filter(|(x, y)| x != y).count() <= 1
}

/// Times of day that stand between bubbles, as chats have them and letters have not.
fn chat(flat: &str) -> f32 {
    let times = flat.match_indices(':').chain(flat.match_indices('：')).filter(|(i, m)| {
        let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
        digit(flat[..*i].chars().last()) && digit(flat[i + m.len()..].chars().next())
    });
    if times.count() >= 2 { 0.35 } else { 0.0 }
}

/// Whether a page bears what only the first page of its kind bears.
pub(crate) fn headed(kind: Kind, lines: &[Line]) -> bool {
    match kind {
        Kind::IdCard | Kind::TransferRecord | Kind::Summons => true,
        Kind::Unknown => false,
        Kind::Blank => true,
        Kind::ElementComplaint => titled(Kind::Complaint, &heads(lines)),
        _ => titled(kind, &heads(lines)),
    }
}

fn heads(lines: &[Line]) -> Vec<String> {
    lines.iter().take(6).map(|l| l.text.chars().filter(|c| !c.is_whitespace()).collect()).collect()
}

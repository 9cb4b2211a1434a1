//! 存证记录 (records): what the log holds. A salted commitment and public metadata, never personal data (R-LED-07).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::{Error, Hash, Result, Stamp, Suite};

/// What a record is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// 提交立案材料的回执 (R-FIL-10).
    FilingReceipt,
    /// Any other submission: 提交证据, applications, answers (R-FIL-07).
    Submission,
    /// 送达文书: a paper as served (scenario S04, R-SVC-51).
    ServedPaper,
    /// 送达: that and when a paper reached someone (R-SVC-50).
    ServiceEvent,
    /// 卷宗根摘要: root digest of a volume (scenario S01, R-FIA-05).
    VolumeRoot,
    /// 归档清单: digest of an archive package's tag manifest (scenario S01, R-ARC-05).
    ArchiveManifest,
    /// 庭审笔录 (R-TRI-33).
    HearingRecord,
    /// 分案: seed, roster and result of the draw of a tribunal (R-TRI-06).
    TribunalDraw,
    /// 存证: evidence deposited by its digest (scenario S02, R-LED-02).
    EvidenceDeposit,
    /// 审计日志 head (R-AUD-01).
    AuditHead,
    /// 检查点 of another log (R-LED-13).
    Checkpoint,
    /// 缺口: time in which records had to wait (R-LED-12).
    Gap,
}

impl Kind {
    /// The kind in Chinese.
    #[must_use]
    pub fn zh(self) -> &'static str {
        match self {
            Self::FilingReceipt => "提交立案材料",
            Self::Submission => "提交材料",
            Self::ServedPaper => "送达文书",
            Self::ServiceEvent => "送达情况",
            Self::VolumeRoot => "卷宗摘要",
            Self::ArchiveManifest => "归档清单",
            Self::HearingRecord => "庭审笔录",
            Self::TribunalDraw => "分案抽取",
            Self::EvidenceDeposit => "证据存证",
            Self::AuditHead => "审计日志",
            Self::Checkpoint => "检查点",
            Self::Gap => "缺口标记",
        }
    }
}

/// 盐 (salt): 16 random bytes without which a commitment says nothing about its content. Kept in the receipt; a worker
/// that may be retried stores it before it appends, so that the record comes out the same.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Salt(pub [u8; 16]);

impl Salt {
    /// Fresh from the operating system.
    pub fn generate() -> Result<Self> {
        let mut salt = [0; 16];
        getrandom::fill(&mut salt).map_err(Error::Random)?;
        Ok(Self(salt))
    }

    /// Standard base64, 24 characters.
    #[must_use]
    pub fn to_base64(self) -> String {
        STANDARD.encode(self.0)
    }

    /// Reads the one base64 form.
    pub fn from_base64(text: &str) -> Result<Self> {
        let bytes = STANDARD.decode(text).ok().and_then(|bytes| bytes.try_into().ok());
        bytes.map(Self).ok_or_else(|| Error::Record("salt is not 16 bytes of base64".into()))
    }
}

impl std::fmt::Debug for Salt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Salt(***)")
    }
}

/// One entry of the log. Fields in the order of their names: the text is canonical JSON (RFC 8785).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// When, as the receipt says it (strict RFC 3339).
    pub at: String,
    /// Hash of the log's suite over salt and content, in lower-case hexadecimal.
    pub commitment: String,
    /// Code of the court.
    pub court: String,
    /// What it is about.
    pub kind: Kind,
    /// Version of this format: 1.
    pub v: u32,
}

impl Record {
    /// Commits to `content`: for a receipt the whole part that was signed, text and signatures
    /// ([`crate::Receipt::signed_part`]).
    pub fn commit(suite: Suite, kind: Kind, at: &Stamp, court: &str, salt: &Salt, content: &[u8]) -> Result<Self> {
        check_text("court", court, 64)?;
        Ok(Self { at: at.to_string(), commitment: commitment(suite, salt, content).to_hex(), court: court.to_owned(), kind, v: 1 })
    }

    /// The entry as it goes into the log: one line of canonical JSON without its newline.
    #[must_use]
    pub fn to_line(&self) -> String {
        to_canonical(self)
    }

    /// Reads a line, which must be canonical.
    pub fn parse(line: &str) -> Result<Self> {
        let record: Self = from_canonical(line).map_err(Error::Record)?;
        if record.v != 1 {
            return Err(Error::Record(format!("version {} is not known", record.v)));
        }
        Stamp::parse(&record.at)?;
        Hash::from_hex(&record.commitment)?;
        check_text("court", &record.court, 64)?;
        Ok(record)
    }
}

/// `hash(salt || content)`: 16 bytes of salt, then the content.
#[must_use]
pub fn commitment(suite: Suite, salt: &Salt, content: &[u8]) -> Hash {
    suite.hash(&[&salt.0, content])
}

/// Text that is shown to people and signed: not empty, not longer than `max` bytes, without control characters or
/// marks that turn the direction of writing, by which one text can look like another.
pub(crate) fn check_text(field: &str, text: &str, max: usize) -> Result<()> {
    let bad = |c: char| c.is_control() || matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
    if text.is_empty() || text.len() > max || text.contains(bad) {
        return Err(Error::Record(format!("{field} must be 1 to {max} bytes of plain text")));
    }
    Ok(())
}

pub(crate) fn to_canonical<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("plain structs of text and numbers always have a JSON text")
}

/// Reads JSON whose text is exactly what writing it again gives: no blanks, no doubled or unknown fields, no other order.
pub(crate) fn from_canonical<T: Serialize + DeserializeOwned>(text: &str) -> Result<T, String> {
    let value: T = serde_json::from_str(text).map_err(|error| error.to_string())?;
    if to_canonical(&value) == text { Ok(value) } else { Err("not canonical JSON".to_owned()) }
}

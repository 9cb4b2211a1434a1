//! 笔录、卷宗 The hearing record and the sheets of a volume.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::common::VerifyMark;

/// 庭审笔录 (D19; R-TRI-21, R-TRI-26, R-TRI-33).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HearingRecord {
    pub court: String,
    pub number: String,
    pub verify: Option<VerifyMark>,
    pub cause: String,
    /// As printed: `2026年4月22日9时30分`.
    pub start: String,
    pub stop: String,
    pub place: String,
    /// `公开开庭`, `不公开开庭`.
    pub open: String,
    /// `第一次`.
    pub sitting: String,
    pub bench: Bench,
    /// 法官助理
    pub assistant: Option<String>,
    pub clerk: String,
    /// Who came, a line each.
    pub people: Vec<String>,
    /// What was said; at least one line.
    pub lines: Vec<RecordLine>,
    /// The note that the record was read (R-TRI-33).
    pub reading: String,
    /// Participants who sign each page.
    pub sign: Vec<String>,
    pub court_sign: Vec<String>,
    /// Who confirmed and signed, or refused, where that is known already: printed instead of lines to sign on.
    #[serde(default)]
    pub signatures: Vec<SignedLine>,
    pub date: Date,
}

/// A signature under a record as it stands in the file (R-TRI-33).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SignedLine {
    /// Role and name: `原告陈堃`.
    pub who: String,
    /// `2026年4月22日11时52分在线确认签名`.
    pub mark: String,
}

/// Who sat.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Bench {
    /// `合议庭` or `审判员`.
    pub label: String,
    pub members: String,
}

/// One utterance.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RecordLine {
    pub who: String,
    pub says: String,
}

/// 卷宗封面 (R-FIA-04, R-FIA-07).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FileCover {
    pub court: String,
    pub number: String,
    pub verify: VerifyMark,
    /// `民事诉讼一审卷宗`.
    pub kind: String,
    pub cause: String,
    pub plaintiff: String,
    pub defendant: String,
    pub third: Option<String>,
    pub panel: String,
    pub clerk: String,
    pub procedure: String,
    pub filed: Date,
    pub closed: Date,
    pub result: String,
    pub appeal: String,
    pub archived: Date,
    pub archive_no: String,
    /// 保管期限
    pub term: String,
    /// `正卷`, `副卷`.
    pub volume: String,
    pub volumes: u32,
    pub index: u32,
    pub pages: u32,
}

/// 卷内文书目录 (R-CAT-01, R-FIA-05).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FileCatalogue {
    pub court: String,
    pub number: String,
    pub volume: String,
    pub volumes: u32,
    pub index: u32,
    pub rows: Vec<CatalogueRow>,
    pub date: Date,
}

/// An item of the volume.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CatalogueRow {
    pub no: u32,
    pub title: String,
    /// 责任者
    pub author: String,
    pub date: Date,
    /// First and last page in the volume; none for data that has no pages.
    pub pages: Option<(u32, u32)>,
    pub note: String,
}

/// 备考表 The last sheet (R-FIA-07, R-ARC-05, R-ARC-07).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FileBacknote {
    pub court: String,
    pub number: String,
    pub volume: String,
    pub pages: u32,
    pub notes: Vec<String>,
    /// The note on the electronic file.
    pub electronic: String,
    /// 立卷人
    pub filed_by: String,
    /// 检查人
    pub checked_by: String,
    /// 接收人
    pub archived_by: String,
    pub date: Date,
}

//! 案件类型: what kind of proceeding a case is, and what it calls its sides (R-CNO-02, 案件类型代字).
use crate::case::{Labelled, Side, Stage};
use serde::{Deserialize, Serialize};

/// The kind of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CaseKind {
    /// 民事一审案件
    #[default]
    CivilFirst,
    /// 财产保全案件: asked for before a suit (R-PRV-01)
    Preservation,
}

impl CaseKind {
    /// Every kind.
    pub const ALL: [Self; 2] = [Self::CivilFirst, Self::Preservation];

    /// 类型代字 of its numbers.
    pub fn code(self) -> &'static str {
        match self {
            Self::CivilFirst => "民初",
            Self::Preservation => "财保",
        }
    }

    /// The kind of a 类型代字.
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// What a side is called.
    pub fn side(self, side: Side) -> &'static str {
        match (self, side) {
            (Self::CivilFirst, side) => side.zh(),
            (Self::Preservation, Side::Plaintiff) => "申请人",
            (Self::Preservation, Side::Defendant) => "被申请人",
        }
    }

    /// The paper with which it is asked for.
    pub fn application(self) -> &'static str {
        match self {
            Self::CivilFirst => "民事起诉状",
            Self::Preservation => "财产保全申请书",
        }
    }

    /// What is asked for there.
    pub fn requests(self) -> &'static str {
        match self {
            Self::CivilFirst => "诉讼请求",
            Self::Preservation => "请求事项",
        }
    }

    /// Who signs it.
    pub fn signer(self) -> &'static str {
        match self {
            Self::CivilFirst => "具状人",
            Self::Preservation => "申请人",
        }
    }

    /// What its fee is called (R-FEE-01, R-FEE-10).
    pub fn fee(self) -> &'static str {
        match self {
            Self::CivilFirst => "案件受理费",
            Self::Preservation => "申请费",
        }
    }

    /// The stage that begins with its acceptance.
    pub fn accepted(self) -> Stage {
        match self {
            Self::CivilFirst => Stage::Preparing,
            Self::Preservation => Stage::Preserving,
        }
    }

    /// Is there no suit yet?
    pub fn before_suit(self) -> bool {
        match self {
            Self::CivilFirst => false,
            Self::Preservation => true,
        }
    }
}

impl Labelled for CaseKind {
    fn zh(&self) -> &'static str {
        match self {
            Self::CivilFirst => "民事一审案件",
            Self::Preservation => "财产保全案件",
        }
    }
}

/// Whether it is the usual kind, which events of before do not name.
pub(crate) fn usual(kind: &CaseKind) -> bool {
    *kind == CaseKind::CivilFirst
}

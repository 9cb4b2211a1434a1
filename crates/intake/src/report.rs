//! What `xiezhi ocr` prints, field for field.
use crate::{Kind, Refusal};
use serde::{Deserialize, Serialize};

/// The answer over all files, in the order asked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    pub files: Vec<File>,
}

/// One file as it was read, or the refusal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct File {
    pub file: String,
    /// The documents that the pages make up, in order.
    pub documents: Vec<Document>,
    pub pages: Vec<Page>,
    /// Why the file was not read; then there are no pages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refusal: Option<Refused>,
}

/// A refusal with its words for people.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Refused {
    #[serde(flatten)]
    pub refusal: Refusal,
    pub message: String,
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        Self { message: refusal.zh(), refusal }
    }
}

/// A document within a file; pages count from 1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    pub kind: Kind,
    pub first: u32,
    pub last: u32,
}

/// One page, set upright: `width` × `height` pixels, all boxes in them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Page {
    /// From 1.
    pub n: u32,
    pub width: u32,
    pub height: u32,
    /// Degrees clockwise by which the received page was turned to stand upright: 0, 90, 180 or 270.
    pub rotation: u32,
    pub kind: Guess,
    /// In reading order, one line of writing a line.
    pub text: String,
    pub lines: Vec<Line>,
    pub fields: Vec<Field>,
    /// Wall time of this page.
    pub seconds: f64,
}

/// A kind with how sure the rules are of it, 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Guess {
    pub value: Kind,
    pub confidence: f32,
}

/// One line of writing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Line {
    pub text: String,
    #[serde(rename = "box")]
    pub rect: Rect,
    /// Mean of the engine's word confidences, 0 to 1.
    pub confidence: f32,
}

/// One value proposed for a field. It is a proposal: a person confirms it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Field {
    pub name: String,
    /// As it stands on the paper, a false number too.
    pub value: String,
    pub confidence: f32,
    /// Only where check digits hold or two independent readings agree.
    pub sure: bool,
    #[serde(rename = "box")]
    pub rect: Option<Rect>,
    /// What is wrong with the value, in words for people.
    pub problems: Vec<String>,
}

/// A box in pixels of the upright page, written `[x, y, w, h]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(from = "[u32; 4]", into = "[u32; 4]")]
pub struct Rect {
    pub x: u32,
    pub y: u32,
    pub w: u32,
    pub h: u32,
}

impl Rect {
    /// The smallest box around both.
    pub fn around(self, other: Self) -> Self {
        let (x, y) = (self.x.min(other.x), self.y.min(other.y));
        Self { x, y, w: (self.x + self.w).max(other.x + other.w) - x, h: (self.y + self.h).max(other.y + other.h) - y }
    }
}

impl From<[u32; 4]> for Rect {
    fn from([x, y, w, h]: [u32; 4]) -> Self {
        Self { x, y, w, h }
    }
}

impl From<Rect> for [u32; 4] {
    fn from(rect: Rect) -> Self {
        [rect.x, rect.y, rect.w, rect.h]
    }
}

//! The writing of a document as one string, with the way back from each character to its box.
use crate::report::{Field, Line, Rect};
use std::ops::Range;

/// The lines of a document, pages one after another.
pub(crate) struct Flow {
    /// Without line ends: what is wrapped is whole.
    pub flat: String,
    /// With a line end after each line: what ends with its line, ends.
    pub lined: String,
    /// For each character of `flat`: byte offset in `flat`, byte offset in `lined`, index of its line, box.
    places: Vec<Place>,
    pages: Vec<usize>,
    confidence: Vec<f32>,
}

struct Place {
    flat: usize,
    lined: usize,
    line: usize,
    rect: Rect,
}

/// Which of the two strings a range is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum View {
    Flat,
    Lined,
}

impl Flow {
    /// From the lines of each page, in order.
    pub fn new(pages: &[&[Line]]) -> Self {
        let mut flow = Self { flat: String::new(), lined: String::new(), places: Vec::new(), pages: Vec::new(), confidence: Vec::new() };
        for (page, line) in pages.iter().enumerate().flat_map(|(page, lines)| lines.iter().map(move |line| (page, line))) {
            flow.push(page, line);
        }
        flow
    }

    fn push(&mut self, page: usize, line: &Line) {
        let width = |c: char| if c.is_ascii() { 1 } else { 2 };
        let total: u32 = line.text.chars().map(width).sum::<u32>().max(1);
        let mut before = 0;
        for c in line.text.chars() {
            let (x0, x1) = (line.rect.w * before / total, line.rect.w * (before + width(c)) / total);
            let rect = Rect { x: line.rect.x + x0, y: line.rect.y, w: x1 - x0, h: line.rect.h };
            self.places.push(Place { flat: self.flat.len(), lined: self.lined.len(), line: self.pages.len(), rect });
            self.flat.push(c);
            self.lined.push(c);
            before += width(c);
        }
        self.lined.push('\n');
        self.pages.push(page);
        self.confidence.push(line.confidence);
    }

    /// The page that a line stands on.
    pub fn page_of_line(&self, line: usize) -> usize {
        self.pages[line]
    }

    /// A field from a range of one of the strings, with the page its first character stands on.
    pub fn field(&self, name: &str, view: View, range: Range<usize>) -> Option<(usize, Field)> {
        let text = match view {
            View::Flat => &self.flat[range.clone()],
            View::Lined => &self.lined[range.clone()],
        };
        const EDGE: &[char] = &[' ', '\n', '，', '。', '；', '：', ':', ',', ';', '、', '.', '|', '“', '”', '"', '‘', '’', '\'', '〈', '《'];
        let lead = text.len() - text.trim_start_matches(EDGE).len();
        let value = text.trim_matches(EDGE);
        if value.is_empty() {
            return None;
        }
        let range = range.start + lead..range.start + lead + value.len();
        let at = |p: &&Place| range.contains(&if view == View::Flat { p.flat } else { p.lined });
        let places: Vec<&Place> = self.places.iter().filter(at).collect();
        let page = self.pages[places.first()?.line];
        let rect = places.iter().filter(|p| self.pages[p.line] == page).map(|p| p.rect).reduce(Rect::around);
        let confidence = places.iter().map(|p| self.confidence[p.line]).fold(1.0, f32::min);
        Some((page, Field { name: name.into(), value: value.replace('\n', ""), confidence, sure: false, rect, problems: Vec::new() }))
    }
}

//! Proof that every character of a laid-out paper has a drawn glyph.
//!
//! A face may map a character to no glyph (a box is printed) or to an *empty* glyph (nothing is
//! printed, and nobody notices that a name lost a character). Both are errors, so outlines are
//! looked at and not the character map.

use std::collections::{BTreeSet, HashSet};
use std::sync::RwLock;

use typst::layout::{Frame, FrameItem};
use typst::text::TextItem;

/// A glyph that was seen to have an outline: (address of the font's bytes, face, glyph).
type Key = (usize, u32, u16);

/// Glyphs known to be drawn, kept between papers.
#[derive(Default)]
pub(crate) struct Drawn(RwLock<HashSet<Key>>);

impl Drawn {
    /// The characters of `frames` that would not be printed, in order.
    pub(crate) fn missing<'a>(&self, frames: impl Iterator<Item = &'a Frame>) -> Vec<char> {
        let mut lost = BTreeSet::new();
        let mut fresh = Vec::new();
        // A poisoned lock only means that a panic elsewhere lost some knowledge of the cache.
        let known = self.0.read().unwrap_or_else(|e| e.into_inner());
        for frame in frames {
            visit(frame, &mut |text| check(text, &known, &mut fresh, &mut lost));
        }
        drop(known);
        if !fresh.is_empty() {
            self.0.write().unwrap_or_else(|e| e.into_inner()).extend(fresh);
        }
        lost.into_iter().collect()
    }
}

fn visit(frame: &Frame, f: &mut impl FnMut(&TextItem)) {
    for (_, item) in frame.items() {
        match item {
            FrameItem::Group(group) => visit(&group.frame, f),
            FrameItem::Text(text) => f(text),
            FrameItem::Shape(..) | FrameItem::Image(..) | FrameItem::Link(..) | FrameItem::Tag(_) => {}
        }
    }
}

fn check(text: &TextItem, known: &HashSet<Key>, fresh: &mut Vec<Key>, lost: &mut BTreeSet<char>) {
    let font = text.font.font();
    let (address, face) = (font.data().as_ptr() as usize, font.index());
    for glyph in &text.glyphs {
        let key = (address, face, glyph.id);
        if glyph.id != 0 && known.contains(&key) {
            continue;
        }
        let characters = &text.text[glyph.range()];
        if characters.chars().all(is_blank) {
            continue;
        }
        let outlined = glyph.id != 0 && text.font.ttf().outline_glyph(ttf_parser::GlyphId(glyph.id), &mut Nothing).is_some();
        if outlined {
            fresh.push(key);
        } else {
            lost.extend(characters.chars().filter(|c| !is_blank(*c)));
        }
    }
}

/// Characters that rightly print nothing.
fn is_blank(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{feff}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
}

struct Nothing;

impl ttf_parser::OutlineBuilder for Nothing {
    fn move_to(&mut self, _: f32, _: f32) {}
    fn line_to(&mut self, _: f32, _: f32) {}
    fn quad_to(&mut self, _: f32, _: f32, _: f32, _: f32) {}
    fn curve_to(&mut self, _: f32, _: f32, _: f32, _: f32, _: f32, _: f32) {}
    fn close(&mut self) {}
}

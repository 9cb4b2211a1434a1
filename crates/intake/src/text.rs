//! Words into lines of Chinese text: no spurious spaces, one width for digits and letters.
use crate::amount::half;
use crate::report::{Line, Rect};
use crate::tesseract::Word;

/// The lines of a page from the engine's words, top to bottom as the engine ordered them.
pub fn lines(words: &[Word]) -> Vec<Line> {
    words.chunk_by(|a, b| a.line == b.line).filter_map(line).collect()
}

/// One line of words, left to right.
pub fn line(words: &[Word]) -> Option<Line> {
    let rect = words.iter().map(|w| w.rect).reduce(Rect::around)?;
    let mut raw = String::new();
    let mut right = 0;
    for word in words {
        let gap = word.rect.x.saturating_sub(right);
        let latin = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
        if latin(raw.chars().last()) && latin(word.text.chars().next()) && gap * 10 > word.rect.h * 3 {
            raw.push(' ');
        }
        raw.push_str(&word.text);
        right = word.rect.x + word.rect.w;
    }
    let text = tidy(&raw);
    let confidence = words.iter().map(|w| w.confidence).sum::<f32>() / words.len() as f32;
    (!text.is_empty()).then_some(Line { text, rect, confidence })
}

/// Digits and letters half-width; punctuation full-width beside Chinese and half-width elsewhere; no space beside Chinese.
pub fn tidy(raw: &str) -> String {
    let mut text = tidy_once(raw);
    // A mark that became full-width makes its neighbour stand beside Chinese; marks only ever widen, so this ends.
    loop {
        let next = tidy_once(&text);
        if next == text {
            return text;
        }
        text = next;
    }
}

fn tidy_once(raw: &str) -> String {
    let chars: Vec<char> = raw.trim().chars().map(|c| if half(c).is_ascii_alphanumeric() { half(c) } else { c }).collect();
    let mut text = String::new();
    for (i, c) in chars.iter().enumerate() {
        let before = chars[..i].iter().rev().find(|c| !c.is_whitespace()).copied();
        let after = chars[i + 1..].iter().find(|c| !c.is_whitespace()).copied();
        let beside = before.is_some_and(chinese) || after.is_some_and(chinese);
        if c.is_whitespace() {
            if !beside && before.is_some_and(|c| c.is_ascii()) && after.is_some_and(|c| c.is_ascii()) && !text.ends_with(' ') {
                text.push(' ');
            }
            continue;
        }
        text.push(if beside { wide(*c) } else { *c });
    }
    text
}

/// A character of Chinese writing, its punctuation included.
pub fn chinese(c: char) -> bool {
    matches!(c, '\u{4E00}'..='\u{9FFF}' | '\u{3400}'..='\u{4DBF}' | '\u{20000}'..='\u{323AF}' | '\u{3001}'..='\u{3011}' | '\u{FF01}'..='\u{FF0F}' | '\u{FF1A}'..='\u{FF1F}')
}

fn wide(c: char) -> char {
    match c {
        ',' => '，',
        ':' => '：',
        ';' => '；',
        '(' => '（',
        ')' => '）',
        '?' => '？',
        '!' => '！',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn spaces_and_widths() {
        for (raw, text) in [
            ("原 告 : 马 建", "原告：马建"),
            ("（２０２６） 鄂 0111 民初", "（2026）鄂0111民初"),
            ("2023-07-27 20:21:10", "2023-07-27 20:21:10"),
            ("a , b", "a , b"),
        ] {
            assert_eq!(tidy(raw), text);
        }
    }

    proptest! {
        #[test]
        fn tidying_twice_changes_nothing(raw in "[ 原告马，：:,0-9a-z（）()]{0,30}") {
            let once = tidy(&raw);
            prop_assert_eq!(tidy(&once), once);
        }
    }
}

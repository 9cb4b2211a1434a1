//! Words into lines of Chinese text: no spurious spaces, one width for digits and letters.
use crate::amount::half;
use crate::engine::Word;
use crate::report::{Line, Rect};
use regex::Regex;
use std::sync::LazyLock;

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
    let text = decode(&tidy(&raw));
    let confidence = words.iter().map(|w| w.confidence).sum::<f32>() / words.len() as f32;
    let said = text.chars().filter(|c| chinese(*c) || c.is_ascii_digit()).count();
    // Stains read as characters, seldom as a number: a number of which the engine is unsure is shown as unsure.
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let number = digits >= 5 && digits * 2 > text.chars().count();
    let noise = text.is_empty() || said == 0 && text.chars().count() <= 4 || confidence < 0.2 && !number;
    (!noise).then_some(Line { text, rect, confidence })
}

/// Places where writing allows one character alone, and the engine is known to take it for another that looks like it. Each was
/// seen in the development half; none turns one possible value into another possible value.
fn decode(text: &str) -> String {
    static RULES: LazyLock<Vec<(Regex, &str)>> = LazyLock::new(|| {
        [
            // After 月 and a number stands 日.
            (r"(月[0-9]{1,2})(?:上日|目|晶|卓|曰)", "${1}日"),
            // Sums of money are in yuan; groups of three are parted by commas.
            (r"[《〈]?王?[$＄]([0-9])", "￥${1}"),
            (r"《王([0-9])", "（￥${1}"),
            (r"(^|[^0-9.,])([0-9]{1,3})[.;；]([0-9]{3}\.[0-9]{2})([^0-9]|$)", "${1}${2},${3}${4}"),
            (r"〈(身份证)", "（${1}"),
            (r"^[“”‘’'|·\-_—`，。、.]+", ""),
            (r"[|_]+$", ""),
        ]
        .into_iter()
        .map(|(pattern, with)| (Regex::new(pattern).unwrap_or_else(|error| panic!("pattern of this crate: {error}")), with))
        .collect()
    });
    RULES.iter().fold(text.to_owned(), |text, (pattern, with)| pattern.replace_all(&text, *with).into_owned())
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
    fn a_number_of_which_the_engine_is_unsure_is_no_stain() {
        let word = |text: &str| Word { text: text.into(), rect: Rect { x: 0, y: 0, w: 90, h: 30 }, confidence: 0.1, line: 1 };
        assert_eq!(line(&[word("120,000.00")]).map(|line| line.text).as_deref(), Some("120,000.00"));
        assert_eq!(line(&[word("吕四口月田")]), None, "a stain");
    }

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

    #[test]
    fn what_can_stand_in_one_way_only_is_decoded() {
        for (raw, text) in [
            ("1965年5月17上日出生", "1965年5月17日出生"),
            ("人民币6.260.80元", "人民币6,260.80元"),
            ("$475000.00", "￥475000.00"),
            ("6.26元", "6.26元"),
            ("“一次还清。", "一次还清。"),
        ] {
            assert_eq!(decode(raw), text);
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

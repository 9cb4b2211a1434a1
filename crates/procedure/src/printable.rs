//! 可印字符: what the fonts of the papers can print (R-TYP-04). Every word that is handed in may come to stand on a paper; one that
//! cannot be printed is refused before it becomes an event, for afterwards nobody can change it.
//!
//! `knowledge/printable.csv` holds the ranges; a test of `documents` prints every character of it.
use crate::Refusal;
use serde_json::Value;
use std::sync::OnceLock;

const RANGES: &str = include_str!("../../../knowledge/printable.csv");

fn ranges() -> &'static [(u32, u32)] {
    static READ: OnceLock<Vec<(u32, u32)>> = OnceLock::new();
    READ.get_or_init(|| {
        let hex = |text: &str| u32::from_str_radix(text, 16).expect("the shipped ranges are checked by tests");
        RANGES.lines().skip(1).filter_map(|line| line.split_once(',')).map(|(from, to)| (hex(from), hex(to))).collect()
    })
}

/// Can this character stand on a paper? What rightly prints nothing (spaces, line ends, joiners, variation selectors) can.
pub fn prints(c: char) -> bool {
    if matches!(c, ' '..='~') || c.is_whitespace() {
        return true;
    }
    if matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}') {
        return true;
    }
    let code = u32::from(c);
    let at = ranges().partition_point(|(from, _)| *from <= code);
    at > 0 && ranges()[at - 1].1 >= code
}

/// The characters of a text that cannot be printed, each once.
pub fn unprintable(text: &str) -> Vec<char> {
    // Nearly every text is ASCII or holds nothing odd: looked at without keeping anything.
    let mut found: Vec<char> = text.chars().filter(|c| !prints(*c)).collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// What people read: which characters, and what to do.
pub fn message(found: &[char]) -> String {
    let show = |c: &char| if c.is_control() { format!("U+{:04X}", u32::from(*c)) } else { format!("“{c}”（U+{:04X}）", u32::from(*c)) };
    let shown: Vec<String> = found.iter().take(5).map(show).collect();
    let more = if found.len() > shown.len() { format!("等 {} 个字符", found.len()) } else { String::new() };
    format!("{}{more}在法院的文书上印不出来，请换成汉字或者常用的符号。", shown.join("、"))
}

/// The first text of a command that could not be printed, beside its field.
pub fn check(command: &Value) -> Result<(), Refusal> {
    match find(command, None) {
        None => Ok(()),
        Some((field, found)) => {
            Err(Refusal::FieldInvalid { field: field.unwrap_or("text").to_owned(), zh: message(&found), rule: "R-TYP-04".into() })
        }
    }
}

/// The innermost name over the text is the field's.
fn find<'a>(value: &'a Value, field: Option<&'a str>) -> Option<(Option<&'a str>, Vec<char>)> {
    match value {
        Value::String(text) => Some(unprintable(text)).filter(|found| !found.is_empty()).map(|found| (field, found)),
        Value::Array(items) => items.iter().find_map(|item| find(item, field)),
        Value::Object(members) => members.iter().find_map(|(name, value)| find(value, Some(name))),
        Value::Null | Value::Bool(_) | Value::Number(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Command;
    use crate::step::fixture::{CLERK, DEFENDANT, act, answering, joined, scheduled};
    use crate::step::{KeepRecord, SubmitAnswer};
    use serde_json::json;

    #[test]
    fn r_typ_04_names_and_marks_of_court_usage_print() {
        for text in ["刘玉䶮、林𬱖、翀", "①②③ㄅ㎡℃×÷±¥￥№§", "“引号”《书名》（2026）粤4001民初1号——……", "mixed ABC 123\r\n\t　", "한국어 ひらがな Ωя"]
        {
            assert_eq!(unprintable(text), Vec::<char>::new(), "{text}");
        }
    }

    #[test]
    fn r_typ_04_what_no_font_has_is_named() {
        assert_eq!(unprintable("还了 ✔ 三万 ཀ✔ ئ"), ['ئ', 'ཀ', '✔']);
        assert!(message(&['✔', '\u{7}']).starts_with("“✔”（U+2714）、U+0007在法院的文书上印不出来"));
    }

    #[test]
    fn r_typ_04_the_field_is_named_and_nothing_happens() {
        let mut case = joined();
        let Command::SubmitAnswer(answer) = answering() else { panic!("an answer") };
        let odd = Command::SubmitAnswer(SubmitAnswer { text: "已经还了三万元 ✔".into(), ..answer });
        let refused = act(&mut case, odd, &DEFENDANT());
        assert!(matches!(&refused, Err(Refusal::FieldInvalid { field, rule, .. }) if field == "text" && rule == "R-TYP-04"), "{refused:?}");
        assert!(case.answers.is_empty());
        let record = act(&mut scheduled(), Command::KeepRecord(KeepRecord { text: "审：✔".into() }), &CLERK());
        assert!(record.is_err());
        let nested = check(&json!({"statement": {"answers": {"loan": [{"purpose": "装修 ✔"}]}}}));
        assert!(matches!(nested, Err(Refusal::FieldInvalid { field, .. }) if field == "purpose"));
    }

    #[test]
    fn the_ranges_are_in_order_and_apart() {
        assert!(ranges().windows(2).all(|pair| pair[0].1 < pair[1].0), "one after the other");
        assert!(ranges().iter().all(|(from, to)| from <= to));
    }
}

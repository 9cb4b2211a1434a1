//! Chinese setting: dates, weekdays, money, case numbers, and running text in which they never break.

use jiff::civil::{Date, Weekday};
use maud::{Markup, PreEscaped, Render, html};

/// `2026年9月8日`, unbroken.
pub fn date_zh(date: Date) -> Markup {
    nb(&date_text(date))
}

/// `9月8日`, unbroken; for dates of the year that the page is about.
pub fn md_zh(date: Date) -> Markup {
    nb(&md_text(date))
}

/// `2026年9月8日` as plain text, for titles and form fields.
pub fn date_text(date: Date) -> String {
    format!("{}年{}月{}日", date.year(), date.month(), date.day())
}

/// `9月8日` as plain text.
pub fn md_text(date: Date) -> String {
    format!("{}月{}日", date.month(), date.day())
}

/// `二〇二六年九月十一日`: the date under a court paper.
pub fn date_han(date: Date) -> String {
    const DIGITS: [char; 10] = ['〇', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
    let year: String = date.year().to_string().bytes().map(|digit| DIGITS[usize::from(digit - b'0')]).collect();
    let below_hundred = |n: i8| {
        let (tens, ones) = (n / 10, n % 10);
        let mut text = String::new();
        if tens > 1 {
            text.push(DIGITS[tens.unsigned_abs() as usize]);
        }
        if tens > 0 {
            text.push('十');
        }
        if ones > 0 {
            text.push(DIGITS[ones.unsigned_abs() as usize]);
        }
        text
    };
    format!("{year}年{}月{}日", below_hundred(date.month()), below_hundred(date.day()))
}

/// `星期五`.
pub fn weekday(date: Date) -> &'static str {
    match date.weekday() {
        Weekday::Monday => "星期一",
        Weekday::Tuesday => "星期二",
        Weekday::Wednesday => "星期三",
        Weekday::Thursday => "星期四",
        Weekday::Friday => "星期五",
        Weekday::Saturday => "星期六",
        Weekday::Sunday => "星期日",
    }
}

/// `1905.00 元`, unbroken; `fen` is the amount in 分. The portal's form of an amount that must be exact.
pub fn yuan(fen: i64) -> Markup {
    nb(&format!("{} 元", yuan_plain(fen)))
}

/// `3810 元`, or with two places if there are 分; for amounts inside a sentence on the portal.
pub fn yuan_short(fen: i64) -> Markup {
    let plain = yuan_plain(fen);
    nb(&format!("{} 元", plain.strip_suffix(".00").unwrap_or(&plain)))
}

/// `175,500 元`: the workbench's form, with groups of three.
pub fn yuan_grouped(fen: i64) -> Markup {
    let plain = yuan_plain(fen);
    let short = plain.strip_suffix(".00").unwrap_or(&plain);
    let (whole, cents) = match short.split_once('.') {
        Some((whole, cents)) => (whole, Some(cents)),
        None => (short, None),
    };
    let (sign, digits) = match whole.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", whole),
    };
    let mut grouped = String::from(sign);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    match cents {
        Some(cents) => nb(&format!("{grouped}.{cents} 元")),
        None => nb(&format!("{grouped} 元")),
    }
}

/// `150000.00` as plain text: what stands in a money field and what [`parse_yuan`] reads back.
pub fn yuan_plain(fen: i64) -> String {
    let sign = if fen < 0 { "-" } else { "" };
    let amount = fen.unsigned_abs();
    format!("{sign}{}.{:02}", amount / 100, amount % 100)
}

/// Reads an amount as people type it: `150000`, `150,000.5`, `￥1905.00 元`, full-width digits, or
/// `15 万`. Gives 分. `None` for anything else, more than two places included: a form then asks again.
pub fn parse_yuan(typed: &str) -> Option<i64> {
    let text: String = narrow(typed).chars().filter(|c| !c.is_whitespace() && *c != ',').collect();
    let text = text.strip_prefix(['¥', '￥']).unwrap_or(&text);
    let text = text.strip_suffix('元').unwrap_or(text);
    let (number, places) = match text.strip_suffix('万') {
        Some(number) => (number, 6),
        None => (text, 2),
    };
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    let digits_only = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    let bare_point = number.contains('.') && part.is_empty();
    if whole.is_empty() || !digits_only(whole) || !digits_only(part) || bare_point || part.len() > places {
        return None;
    }
    format!("{whole}{part:0<places$}").parse().ok()
}

/// Reads a date as people type it: `2024年3月15日`, `2024-3-15`, `2024.3.15`, `2024/3/15`, `20240315`.
/// `None` for anything else or a day that does not exist: a form then asks again.
pub fn parse_date(typed: &str) -> Option<Date> {
    let text: String = narrow(typed).chars().filter(|c| !c.is_whitespace()).collect();
    let parts: Vec<String> = if text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit()) {
        vec![text[..4].to_owned(), text[4..6].to_owned(), text[6..].to_owned()]
    } else if let Some(body) = text.strip_suffix(['日', '号']) {
        let (year, rest) = body.split_once('年')?;
        let (month, day) = rest.split_once('月')?;
        vec![year.to_owned(), month.to_owned(), day.to_owned()]
    } else {
        let separator = ['-', '.', '/'].into_iter().find(|c| text.contains(*c))?;
        text.split(separator).map(str::to_owned).collect()
    };
    let [year, month, day] = parts.as_slice() else {
        return None;
    };
    let number = |s: &str, most: usize| {
        (!s.is_empty() && s.len() <= most && s.bytes().all(|b| b.is_ascii_digit())).then_some(())?;
        s.parse::<i16>().ok()
    };
    if year.len() != 4 {
        return None;
    }
    let month = i8::try_from(number(month, 2)?).ok()?;
    let day = i8::try_from(number(day, 2)?).ok()?;
    Date::new(number(year, 4)?, month, day).ok()
}

/// Full-width digits and signs, which a Chinese keyboard easily gives, as ASCII.
fn narrow(text: &str) -> String {
    text.trim()
        .chars()
        .map(|c| match c {
            '\u{ff01}'..='\u{ff5e}' if c != '￥' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
            '。' => '.',
            _ => c,
        })
        .collect()
}

/// A case number, `（2026）粤4001民初1234号`: one unbroken word.
pub fn case_no(number: &str) -> Markup {
    html! { span.cno { (number) } }
}

/// A heading that breaks between phrases only: `phrases(&["借款是怎么", "交付给", "陈志远的？"])`.
pub fn phrases(parts: &[&str]) -> Markup {
    html! {
        @for (place, part) in parts.iter().enumerate() {
            @if place > 0 { wbr; }
            (prose(part))
        }
    }
}

/// Words that never break inside.
pub fn nb(text: &str) -> Markup {
    html! { span.nb { (text) } }
}

/// Running text in which dates, amounts and case numbers do not break and rule ids (`R-FIL-11`) stand
/// small. `\n` starts a new line. Text that people typed is escaped like any other.
pub fn prose(text: &str) -> Markup {
    let mut out = String::with_capacity(text.len() + 64);
    let mut plain_from = 0;
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at..];
        let may_start = match text[..at].chars().next_back() {
            Some(before) => !(before.is_ascii_alphanumeric() || before == '.' || before == '-'),
            None => true,
        };
        let found = match c {
            '\n' => Some((1, "br")),
            '0'..='9' if may_start => date_or_amount(rest).map(|len| (len, "nb")),
            '（' => case_number(rest).map(|len| (len, "cno")),
            'R' if may_start => rule(rest).map(|len| (len, "rule-id")),
            _ => None,
        };
        match found {
            Some((len, class)) => {
                text[plain_from..at].render_to(&mut out);
                if class == "br" {
                    out.push_str("<br>");
                } else {
                    html! { span class=(class) { (text[at..at + len]) } }.render_to(&mut out);
                }
                at += len;
                plain_from = at;
            }
            None => at += c.len_utf8(),
        }
    }
    text[plain_from..].render_to(&mut out);
    PreEscaped(out)
}

fn digits(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

/// Length of a date (`2026年9月11日`, `9月11日`, `2026年9月`) or amount (`1905.00 元`, `15 万元`) at the
/// head of `text`.
fn date_or_amount(text: &str) -> Option<usize> {
    let mut end = 0;
    for unit in ["年", "月", "日"] {
        let count = digits(&text[end..]);
        if count > 0 && text[end + count..].starts_with(unit) {
            end += count + unit.len();
        }
    }
    // one unit alone (3日, 2026年, 7月) is a span of time or a plain year and may break before the next word
    if text[..end].chars().filter(|c| matches!(c, '年' | '月' | '日')).count() >= 2 {
        return Some(end);
    }
    let number = text.bytes().take_while(|b| b.is_ascii_digit() || matches!(b, b',' | b'.')).count();
    let unit = text[number..].strip_prefix(' ').unwrap_or(&text[number..]);
    let unit_at = text.len() - unit.len();
    ["万元", "亿元", "元"].iter().find(|name| unit.starts_with(**name)).map(|name| unit_at + name.len())
}

/// Length of a case number at the head of `text`: （year）, then no space or mark until 号.
fn case_number(text: &str) -> Option<usize> {
    let year = text.strip_prefix('（')?;
    let rest = year.get(4..).filter(|_| digits(year) == 4)?.strip_prefix('）')?;
    let mut chars = 0;
    for (place, c) in rest.char_indices() {
        chars += 1;
        match c {
            '号' if place > 0 => return Some(text.len() - rest.len() + place + c.len_utf8()),
            '，' | '。' | '；' | '、' | ' ' | '（' | '）' | '《' | '》' => return None,
            _ if chars > 24 => return None,
            _ => {}
        }
    }
    None
}

/// Length of a rule id at the head of `text`.
fn rule(text: &str) -> Option<usize> {
    let body = text.strip_prefix("R-")?;
    let letters = body.bytes().take_while(u8::is_ascii_uppercase).count();
    let number = body.get(letters..)?.strip_prefix('-')?;
    let count = digits(number);
    ((2..=4).contains(&letters) && (2..=3).contains(&count)).then_some(2 + letters + 1 + count)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    #[test]
    fn dates_are_written_as_the_mock_writes_them() {
        let day = date(2026, 9, 8);
        assert_eq!(date_zh(day).0, r#"<span class="nb">2026年9月8日</span>"#);
        assert_eq!(md_zh(day).0, r#"<span class="nb">9月8日</span>"#);
        assert_eq!(weekday(date(2026, 9, 18)), "星期五");
        assert_eq!(weekday(date(2026, 10, 8)), "星期四");
        assert_eq!(date_han(date(2026, 9, 11)), "二〇二六年九月十一日");
        assert_eq!(date_han(date(2030, 10, 20)), "二〇三〇年十月二十日");
        assert_eq!(date_han(date(2026, 12, 31)), "二〇二六年十二月三十一日");
    }

    #[test]
    fn money_is_written_as_the_mock_writes_it() {
        assert_eq!(yuan(190_500).0, r#"<span class="nb">1905.00 元</span>"#);
        assert_eq!(yuan_short(381_000).0, r#"<span class="nb">3810 元</span>"#);
        assert_eq!(yuan_short(139_750).0, r#"<span class="nb">1397.50 元</span>"#);
        assert_eq!(yuan_grouped(126_000_000).0, r#"<span class="nb">1,260,000 元</span>"#);
        assert_eq!(yuan_grouped(-100_005).0, r#"<span class="nb">-1,000.05 元</span>"#);
        assert_eq!(yuan_plain(5), "0.05");
    }

    #[test]
    fn amounts_are_read_as_people_type_them() {
        for (typed, fen) in [
            ("150000", Some(15_000_000)),
            ("150,000.5", Some(15_000_050)),
            ("￥1905.00 元", Some(190_500)),
            ("１２０．５０", Some(12_050)),
            ("15 万", Some(15_000_000)),
            ("1.5万元", Some(1_500_000)),
            ("1.234", None),
            ("-5", None),
            ("", None),
            ("元", None),
            ("3.", None),
            ("十五万", None),
            ("99999999999999999999", None),
        ] {
            assert_eq!(parse_yuan(typed), fen, "{typed}");
        }
    }

    #[test]
    fn dates_are_read_as_people_type_them() {
        let day = Some(date(2024, 3, 15));
        for typed in ["2024年3月15日", "2024-03-15", "2024.3.15", "2024/3/15", "20240315", " ２０２４年３月１５日 ", "2024年3月15号"]
        {
            assert_eq!(parse_date(typed), day, "{typed}");
        }
        for typed in ["2024-02-30", "24-3-15", "3月15日", "2024", "", "2024-3", "昨天", "2024年13月1日"] {
            assert_eq!(parse_date(typed), None, "{typed}");
        }
    }

    #[test]
    fn prose_keeps_what_belongs_together() {
        assert_eq!(
            prose("法院 9月11日已经立案，预交 1905.00 元。R-FEE-15").0,
            "法院 <span class=\"nb\">9月11日</span>已经立案，预交 <span class=\"nb\">1905.00 元</span>。<span class=\"rule-id\">R-FEE-15</span>"
        );
        assert_eq!(prose("（2026）粤4001民初1234号案").0, "<span class=\"cno\">（2026）粤4001民初1234号</span>案");
        assert_eq!(prose("3日内、7 日、2026 年、2026年放假").0, "3日内、7 日、2026 年、2026年放假");
        assert_eq!(prose("（2026年修正）").0, "（2026年修正）");
        assert_eq!(prose("15 万元").0, "<span class=\"nb\">15 万元</span>");
        assert_eq!(prose("一\n二").0, "一<br>二");
        assert_eq!(prose("<script>").0, "&lt;script&gt;");
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(fen in 0i64..1_000_000_000_000) {
            prop_assert_eq!(parse_yuan(&yuan_plain(fen)), Some(fen));
        }

        #[test]
        fn parsers_take_anything(text in "\\PC{0,40}") {
            let _ = parse_yuan(&text);
            let _ = parse_date(&text);
        }

        /// Taking the marks away gives the escaped text again: prose never loses or adds a character.
        #[test]
        fn prose_loses_nothing(text in "[0-9年月日元万,.（）R\\-A-Z粤民初号 <&，]{0,60}") {
            let marked = prose(&text).0;
            let bare = ["<span class=\"nb\">", "<span class=\"cno\">", "<span class=\"rule-id\">", "</span>"]
                .iter().fold(marked, |m, tag| m.replace(tag, ""));
            prop_assert_eq!(bare, html! { (text) }.0);
        }
    }
}

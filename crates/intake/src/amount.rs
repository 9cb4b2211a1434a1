//! Amounts and dates as papers write them: digits, 万元, 大写, 年月日.

/// The amount in fen that a phrase names: `人民币343,000.50元`, `20万元`, `肆拾柒万伍仟元整`. `None` where it names none.
pub fn fen(text: &str) -> Option<i64> {
    let text: String = text.chars().map(half).filter(|c| !c.is_whitespace()).collect();
    let text = text.trim_start_matches("人民币").trim_start_matches(['¥', '￥', '$', ':']).trim_end_matches(['整', '正', '。', ';', ',']);
    if text.chars().next()?.is_ascii_digit() { digits(text) } else { capitals(text) }
}

fn digits(text: &str) -> Option<i64> {
    let end = text.find(|c: char| !(c.is_ascii_digit() || c == '.' || c == ',')).unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let number = number.replace(',', "");
    let scale: i64 = match unit {
        "" | "元" => 100,
        "万元" | "万" => 1_000_000,
        "亿元" | "亿" => 10_000_000_000,
        _ => return None,
    };
    let (whole, part) = number.split_once('.').unwrap_or((&number, ""));
    if part.contains('.') || part.len() > 8 {
        return None;
    }
    let mut value = whole.parse::<i64>().ok()?.checked_mul(scale)?;
    let mut place = scale;
    for c in part.chars() {
        let digit = i64::from(c.to_digit(10)?);
        if place % 10 != 0 && digit != 0 {
            return None;
        }
        place /= 10;
        value = value.checked_add(digit * place)?;
    }
    Some(value)
}

fn capitals(text: &str) -> Option<i64> {
    let (yuan, rest) = text.split_once(['元', '圆'])?;
    let yuan = whole(yuan)?;
    let mut value = yuan.checked_mul(100)?;
    let mut chars = rest.chars().filter(|c| *c != '零').peekable();
    while let Some(c) = chars.next() {
        let digit = numeral(c)?;
        value += match chars.next()? {
            '角' => digit * 10,
            '分' => digit,
            _ => return None,
        };
    }
    Some(value)
}

/// A whole number in Chinese numerals, ordinary or 大写: 柒万, 十二万三千, 壹佰零伍.
pub fn whole(text: &str) -> Option<i64> {
    if text.is_empty() {
        return None;
    }
    let (mut total, mut section, mut digit) = (0i64, 0i64, None::<i64>);
    for c in text.chars() {
        if let Some(d) = numeral(c) {
            if d != 0 && digit.is_some_and(|d| d != 0) {
                return None;
            }
            digit = Some(d);
            continue;
        }
        let before = digit.take();
        match c {
            '拾' | '十' => section = section.checked_add(before.filter(|d| *d != 0).unwrap_or(1) * 10)?,
            '佰' | '百' => section = section.checked_add(before? * 100)?,
            '仟' | '千' => section = section.checked_add(before? * 1000)?,
            '万' | '萬' => {
                total = total.checked_add(section.checked_add(before.unwrap_or(0))?.checked_mul(10_000)?)?;
                section = 0;
            }
            '亿' => {
                total = total.checked_add(section)?.checked_add(before.unwrap_or(0))?.checked_mul(100_000_000)?;
                section = 0;
            }
            _ => return None,
        }
    }
    total.checked_add(section)?.checked_add(digit.unwrap_or(0))
}

/// The value of one numeral, ordinary or 大写.
pub(crate) fn numeral(c: char) -> Option<i64> {
    Some(match c {
        '零' | '〇' | '○' => 0,
        '壹' | '一' => 1,
        '贰' | '二' | '两' => 2,
        '叁' | '三' => 3,
        '肆' | '四' => 4,
        '伍' | '五' => 5,
        '陆' | '六' => 6,
        '柒' | '七' => 7,
        '捌' | '八' => 8,
        '玖' | '九' => 9,
        _ => return None,
    })
}

/// The date a phrase names, as `YYYY-MM-DD`: `2025年4月28日`, `2024-07-21`, `二〇二五年四月八日`. Only dates of the calendar.
pub fn date(text: &str) -> Option<String> {
    let text: String = text.chars().map(half).filter(|c| !c.is_whitespace()).collect();
    let text = text.replace("年.", "年").replace("月.", "月").replace(['日', '号'], "").replace(['年', '月', '/', '.'], "-");
    let mut parts = text.splitn(3, '-');
    let (y, m, d) = (parts.next()?, parts.next()?, parts.next()?);
    iso(year(y)?, small(m)?, small(d)?)
}

fn year(text: &str) -> Option<i64> {
    if let Ok(year) = text.parse() {
        return Some(year);
    }
    text.chars().try_fold(0, |year, c| Some(year * 10 + numeral(c)?))
}

fn small(text: &str) -> Option<i64> {
    text.parse().ok().or_else(|| whole(text))
}

pub(crate) fn iso(y: i64, m: i64, d: i64) -> Option<String> {
    let leap = y % 4 == 0 && (y % 100 != 0 || y % 400 == 0);
    let days = match m {
        2 => 28 + i64::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    ((1800..=2200).contains(&y) && (1..=days).contains(&d)).then(|| format!("{y:04}-{m:02}-{d:02}"))
}

/// Full-width ASCII as half-width.
pub(crate) fn half(c: char) -> char {
    match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        '\u{3000}' => ' ',
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn amounts_as_papers_write_them() {
        for (text, fen_) in [
            ("人民币343000元", Some(34_300_000)),
            ("20万元", Some(20_000_000)),
            ("0.7万元", Some(700_000)),
            ("￥464,000.00", Some(46_400_000)),
            ("肆拾柒万伍仟元整", Some(47_500_000)),
            ("人民币壹拾伍万元整", Some(15_000_000)),
            ("拾万零伍佰元叁角贰分", Some(10_050_032)),
            ("叁万元整", Some(3_000_000)),
            ("1.234元", None),
            ("元", None),
            ("张三", None),
        ] {
            assert_eq!(fen(text), fen_, "{text}");
        }
    }

    #[test]
    fn dates_as_papers_write_them() {
        for (text, iso) in [
            ("2025年4月28日", Some("2025-04-28")),
            ("2024-07-21", Some("2024-07-21")),
            ("二〇二五年十二月三十一日", Some("2025-12-31")),
            ("2023年2月29日", None),
            ("2023年02月", None),
        ] {
            assert_eq!(date(text).as_deref(), iso, "{text}");
        }
    }

    proptest! {
        #[test]
        fn nothing_makes_the_parsers_fall(text in "[0-9零一二三壹贰拾佰仟万亿元角分年月日.,，¥ -]{0,30}|\\PC{0,20}") {
            let _ = (fen(&text), date(&text), whole(&text));
        }

        #[test]
        fn digits_and_grouped_digits_agree(yuan in 0i64..10_000_000_000, cents in 0i64..100) {
            prop_assert_eq!(fen(&format!("人民币{yuan}.{cents:02}元")), Some(yuan * 100 + cents));
        }
    }
}

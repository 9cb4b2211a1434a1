//! 金额: money as whole fen, never a float.
use serde::{Deserialize, Serialize};
use std::fmt;

/// An amount in fen (1/100 yuan). Ordered; may be negative as a difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fen(pub i64);

/// Why a text is not an amount. `Display` is what the person reads: what is wrong and what to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error("请填写金额，例如 150000 或者 150000.00。")]
    Empty,
    #[error("请用数字写全金额，不要写“万”“亿”。15万请填 150000。")]
    Unit,
    #[error("金额只能有数字、逗号和一个小数点，例如 150000.00。")]
    NotNumber,
    #[error("千位逗号的位置不对，请核对金额，例如 150,000.00，或者不写逗号。")]
    Grouping,
    #[error("金额最多到分，小数点后只能有两位。")]
    TooFine,
    #[error("金额不能是负数。")]
    Negative,
    #[error("金额太大，请核对是否多写了数字。")]
    TooLarge,
}

impl Fen {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// Whole yuan.
    pub const fn yuan_whole(yuan: i64) -> Self {
        Self(yuan * 100)
    }

    /// Reads an amount in yuan as people type it: `150000`, `150,000.00`, `３８１０元`, `¥3810`. Refuses 万 and 亿, signs,
    /// misplaced commas and fractions of a fen.
    pub fn parse_yuan(text: &str) -> Result<Self, Error> {
        let plain: String = text.chars().map(half_width).filter(|c| !c.is_whitespace()).collect();
        let plain = plain.strip_prefix('¥').unwrap_or(&plain);
        let plain = plain.strip_suffix('元').unwrap_or(plain);
        if plain.is_empty() {
            return Err(Error::Empty);
        }
        if plain.contains(['万', '亿', '萬', 'w', 'W']) {
            return Err(Error::Unit);
        }
        if plain.starts_with('-') {
            return Err(Error::Negative);
        }
        let (whole, fraction) = match plain.split_once('.') {
            Some((whole, fraction)) => (whole, Some(fraction)),
            None => (plain, None),
        };
        let whole = ungroup(whole)?;
        let cents = match fraction.map(str::as_bytes) {
            None => 0,
            Some([a]) if a.is_ascii_digit() => i64::from(a - b'0') * 10,
            Some([a, b]) if a.is_ascii_digit() && b.is_ascii_digit() => i64::from(a - b'0') * 10 + i64::from(b - b'0'),
            Some(digits) if digits.len() > 2 && digits.iter().all(u8::is_ascii_digit) => return Err(Error::TooFine),
            Some(_) => return Err(Error::NotNumber),
        };
        let yuan: i64 = whole.parse().map_err(|_| Error::TooLarge)?;
        // Larger than any claim: keeps every later product within i128 and catches a card number typed as an amount.
        if yuan >= 10_000_000_000_000 {
            return Err(Error::TooLarge);
        }
        Ok(Self(yuan * 100 + cents))
    }

    /// Half of an amount that is not negative, half a fen up.
    pub const fn half(self) -> Self {
        Self((self.0 + 1) / 2)
    }

    /// Sum, or `None` beyond the range.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    /// Difference, or `None` beyond the range; may be negative.
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).map(Self)
    }

    /// Sum of many, or `None` beyond the range.
    pub fn sum(amounts: impl IntoIterator<Item = Self>) -> Option<Self> {
        amounts.into_iter().try_fold(Self::ZERO, Self::checked_add)
    }

    /// In yuan with two decimals and no unit: `3810.00`.
    pub fn yuan(self) -> String {
        let sign = if self.0 < 0 { "-" } else { "" };
        let fen = self.0.unsigned_abs();
        format!("{sign}{}.{:02}", fen / 100, fen % 100)
    }

    /// As in running text: decimals only where there are some: `150000`, `7955.56`.
    pub fn short(self) -> String {
        let yuan = self.yuan();
        yuan.strip_suffix(".00").map(str::to_owned).unwrap_or(yuan)
    }

    /// 大写, as on receipts and in mediation papers: 叁仟捌佰壹拾元整, 柒仟玖佰伍拾伍元伍角陆分 (R-CHK-35).
    pub fn capital(self) -> String {
        let fen = self.0.unsigned_abs();
        let mut text = String::new();
        if self.0 < 0 {
            text.push('负');
        }
        let (yuan, jiao, rest) = (fen / 100, fen / 10 % 10, fen % 10);
        if yuan > 0 || fen == 0 {
            text.push_str(&capital_whole(yuan));
            text.push('元');
        }
        match (jiao, rest) {
            (0, 0) => text.push('整'),
            (0, _) => {
                if yuan > 0 {
                    text.push('零');
                }
                text.push(CAPITALS[rest as usize]);
                text.push('分');
            }
            (_, 0) => {
                text.push(CAPITALS[jiao as usize]);
                text.push_str("角整");
            }
            (_, _) => {
                text.push(CAPITALS[jiao as usize]);
                text.push('角');
                text.push(CAPITALS[rest as usize]);
                text.push('分');
            }
        }
        text
    }
}

impl fmt::Display for Fen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}元", self.yuan())
    }
}

const CAPITALS: [char; 10] = ['零', '壹', '贰', '叁', '肆', '伍', '陆', '柒', '捌', '玖'];

/// 大写 of whole yuan; groups of four digits under 万, 亿, 兆.
fn capital_whole(yuan: u64) -> String {
    const GROUPS: [&str; 5] = ["", "万", "亿", "万亿", "亿亿"];
    if yuan == 0 {
        return "零".to_owned();
    }
    let mut groups = vec![];
    let mut rest = yuan;
    while rest > 0 {
        groups.push(rest % 10_000);
        rest /= 10_000;
    }
    let mut text = String::new();
    let mut gap = false;
    for (index, group) in groups.iter().enumerate().rev() {
        if *group == 0 {
            gap = !text.is_empty();
            continue;
        }
        if gap || (!text.is_empty() && *group < 1000) {
            text.push('零');
        }
        gap = false;
        text.push_str(&capital_group(*group));
        text.push_str(GROUPS[index]);
    }
    text
}

fn capital_group(group: u64) -> String {
    let mut text = String::new();
    let mut gap = false;
    for (place, unit) in [(1000, "仟"), (100, "佰"), (10, "拾"), (1, "")] {
        let digit = group / place % 10;
        if digit == 0 {
            gap = !text.is_empty();
            continue;
        }
        if gap {
            text.push('零');
            gap = false;
        }
        text.push(CAPITALS[digit as usize]);
        text.push_str(unit);
    }
    text
}

/// Full-width figures and marks, as a Chinese keyboard gives them, to ASCII.
pub(crate) fn half_width(c: char) -> char {
    match c {
        '，' => ',',
        '。' | '．' => '.',
        '￥' => '¥',
        '！'..='～' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        '　' => ' ',
        other => other,
    }
}

/// Digits with thousands commas where they belong, or without.
fn ungroup(whole: &str) -> Result<String, Error> {
    if !whole.chars().all(|c| c.is_ascii_digit() || c == ',') || !whole.starts_with(|c: char| c.is_ascii_digit()) {
        return Err(Error::NotNumber);
    }
    let parts: Vec<&str> = whole.split(',').collect();
    let grouped = parts.len() == 1 || (parts[0].len() <= 3 && parts[1..].iter().all(|part| part.len() == 3));
    if grouped { Ok(parts.concat()) } else { Err(Error::Grouping) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn amounts_as_people_type_them() {
        for (text, fen) in [
            ("150000", 15_000_000),
            ("150,000.00", 15_000_000),
            (" 1,234,567.89 元", 123_456_789),
            ("￥３８１０．５", 381_050),
            ("0", 0),
            ("0.01", 1),
        ] {
            assert_eq!(Fen::parse_yuan(text), Ok(Fen(fen)), "{text}");
        }
        for (text, error) in [
            ("", Error::Empty),
            ("元", Error::Empty),
            ("15万", Error::Unit),
            ("1.5亿元", Error::Unit),
            ("-5", Error::Negative),
            ("15,00", Error::Grouping),
            ("1.234", Error::TooFine),
            ("12a", Error::NotNumber),
            ("1.", Error::NotNumber),
            (".5", Error::NotNumber),
            ("1.2.3", Error::NotNumber),
            ("6222021234567890123", Error::TooLarge),
        ] {
            assert_eq!(Fen::parse_yuan(text), Err(error), "{text}");
        }
    }

    #[test]
    fn r_chk_35_capital_amounts() {
        for (fen, text) in [
            (381_000, "叁仟捌佰壹拾元整"),
            (190_500, "壹仟玖佰零伍元整"),
            (795_556, "柒仟玖佰伍拾伍元伍角陆分"),
            (15_000_000, "壹拾伍万元整"),
            // A zero before a full group of four may be left out, as the style set of the papers does.
            (1_000_500_001, "壹仟万伍仟元零壹分"),
            (10_000_001_000_000, "壹仟亿零壹万元整"),
            (100_000_000_000, "壹拾亿元整"),
            (50, "伍角整"),
            (5, "伍分"),
            (0, "零元整"),
            (100_010, "壹仟元壹角整"),
        ] {
            assert_eq!(Fen(fen).capital(), text);
        }
    }

    proptest! {
        #[test]
        fn what_is_shown_is_read_back(fen in 0_i64..900_000_000_000_000) {
            prop_assert_eq!(Fen::parse_yuan(&Fen(fen).to_string()), Ok(Fen(fen)));
            prop_assert_eq!(Fen::parse_yuan(&Fen(fen).short()), Ok(Fen(fen)));
        }

        #[test]
        fn nothing_typed_panics(text in ".{0,30}") {
            let _ = Fen::parse_yuan(&text);
        }
    }
}

//! Check digits of what stands on papers. A false one is reported, never mended.

/// Whether the check character of an 18-character citizen ID number holds (GB 11643-1999, ISO 7064 MOD 11-2), its form and
/// its date of birth included.
pub fn id_number(number: &str) -> bool {
    let chars: Vec<char> = number.chars().collect();
    if chars.len() != 18 || !chars[..17].iter().all(char::is_ascii_digit) {
        return false;
    }
    let weighted: u32 = chars[..17].iter().enumerate().map(|(i, c)| (*c as u32 - '0' as u32) * (2u32.pow(17 - i as u32) % 11)).sum();
    let expected = match (12 - weighted % 11) % 11 {
        10 => 'X',
        digit => char::from(b'0' + digit as u8),
    };
    chars[17].to_ascii_uppercase() == expected && birth(number).is_some()
}

/// The date of birth that an ID number carries, as `YYYY-MM-DD`, if it is one of the calendar.
pub fn birth(number: &str) -> Option<String> {
    let (y, m, d) = (number.get(6..10)?, number.get(10..12)?, number.get(12..14)?);
    crate::amount::iso(y.parse().ok()?, m.parse().ok()?, d.parse().ok()?)
}

/// 男 or 女, as the sequence number of an ID number says it.
pub fn sex(number: &str) -> Option<&'static str> {
    let digit = number.chars().nth(16)?.to_digit(10)?;
    Some(if digit % 2 == 1 { "男" } else { "女" })
}

/// Whether the check character of a unified social credit code holds (GB 32100-2015, MOD 31).
pub fn credit_code(code: &str) -> bool {
    const ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    let values: Option<Vec<usize>> = code.chars().map(|c| ALPHABET.find(c)).collect();
    let Some(values) = values.filter(|v| v.len() == 18) else { return false };
    let weighted: usize = values[..17].iter().enumerate().map(|(i, v)| v * (3usize.pow(i as u32) % 31)).sum();
    values[17] == (31 - weighted % 31) % 31
}

/// Whether the check digit of a bank card number holds (ISO/IEC 7812, Luhn).
pub fn card_number(number: &str) -> bool {
    let digits: Option<Vec<u32>> = number.chars().map(|c| c.to_digit(10)).collect();
    let Some(digits) = digits.filter(|d| (16..=19).contains(&d.len())) else { return false };
    let doubled = |d: u32| if d > 4 { 2 * d - 9 } else { 2 * d };
    digits.iter().rev().enumerate().map(|(i, d)| if i % 2 == 1 { doubled(*d) } else { *d }).sum::<u32>() % 10 == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gb_11643_check_characters() {
        for (number, holds) in [
            ("11010519491231002X", true),
            ("440524188001010014", true),
            ("110105194912310021", false),
            ("11010519491331002X", false),
            ("1101051949123100", false),
        ] {
            assert_eq!(id_number(number), holds, "{number}");
        }
    }

    #[test]
    fn gb_32100_check_characters() {
        for (code, holds) in [("91350100M000100Y43", true), ("91350100M000100Y44", false), ("9135010OM000100Y43", false)] {
            assert_eq!(credit_code(code), holds, "{code}");
        }
    }

    #[test]
    fn an_id_number_says_birth_and_sex() {
        assert_eq!(birth("11010519491231002X").as_deref(), Some("1949-12-31"));
        assert_eq!(sex("11010519491231002X"), Some("女"));
    }
}

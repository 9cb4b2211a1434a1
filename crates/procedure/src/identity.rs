//! 身份信息: formats of identifiers and what follows from them (R-IDC-05, GB 11643, GB 32100).
//!
//! A format that holds proves nothing about the person; it catches slips of the pen.
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Why an identifier does not hold. `Display` is what the person reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error("身份证号是 18 位，请核对是否漏写或者多写了。")]
    ResidentLength,
    #[error("身份证号只能是数字，最后一位可以是 X，请核对。")]
    ResidentCharacters,
    #[error("身份证号里的出生日期不存在，请核对第 7 位到第 14 位。")]
    ResidentBirthDate,
    #[error("身份证号有一位不对，请对照身份证逐位核对。")]
    ResidentCheckDigit,
    #[error("代理人应当年满十八周岁、有诉讼行为能力，请核对身份证号，或者另行委托。")]
    AgentMinor,
    #[error("身份证号里的出生日期太早，请核对；号码没有错的，请带身份证到法院窗口办理。")]
    AgentTooOld,
    #[error("统一社会信用代码是 18 位，请对照营业执照核对。")]
    CreditLength,
    #[error("统一社会信用代码只有数字和大写字母，没有 I、O、S、V、Z，请对照营业执照核对。")]
    CreditCharacters,
    #[error("统一社会信用代码有一位不对，请对照营业执照逐位核对。")]
    CreditCheckDigit,
    #[error("请填写手机号（11 位）或者带区号的固定电话，例如 0399-5550101。")]
    Phone,
}

/// 性别, as on the identity card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sex {
    Male,
    Female,
}

impl Sex {
    /// 男, 女.
    pub fn zh(self) -> &'static str {
        match self {
            Self::Male => "男",
            Self::Female => "女",
        }
    }
}

/// What a resident identity number says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resident {
    /// Upper case, without spaces.
    pub number: String,
    pub birth: Date,
    pub sex: Sex,
}

impl Resident {
    /// Whole years on a day.
    pub fn age(&self, today: Date) -> i16 {
        let had_birthday = (today.month(), today.day()) >= (self.birth.month(), self.birth.day());
        today.year() - self.birth.year() - i16::from(!had_birthday)
    }
}

/// Checks a resident identity number of 18 characters: form, date, check digit MOD 11-2.
pub fn resident(text: &str) -> Result<Resident, Error> {
    let number: String = text.chars().map(crate::money::half_width).filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_uppercase();
    if number.chars().count() != 18 {
        return Err(Error::ResidentLength);
    }
    let bytes = number.as_bytes();
    if bytes.len() != 18 || !bytes[..17].iter().all(u8::is_ascii_digit) || !(bytes[17].is_ascii_digit() || bytes[17] == b'X') {
        return Err(Error::ResidentCharacters);
    }
    let digit = |at: usize| i16::from(bytes[at] - b'0');
    let year = (6..10).fold(0, |year, at| year * 10 + digit(at));
    let pair = |at: usize| i8::try_from(digit(at) * 10 + digit(at + 1)).map_err(|_| Error::ResidentBirthDate);
    let birth = Date::new(year, pair(10)?, pair(12)?).map_err(|_| Error::ResidentBirthDate)?;
    if birth.year() < 1880 {
        return Err(Error::ResidentBirthDate);
    }
    const WEIGHTS: [i16; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: i16 = WEIGHTS.iter().enumerate().map(|(at, weight)| weight * digit(at)).sum();
    if bytes[17] != b"10X98765432"[(sum % 11) as usize] {
        return Err(Error::ResidentCheckDigit);
    }
    let sex = if digit(16) % 2 == 1 { Sex::Male } else { Sex::Female };
    Ok(Resident { number, birth, sex })
}

/// Older than anybody who acts for another.
const OLDEST: i16 = 120;

/// As [`resident`], of somebody who acts for another: of full age and alive, as far as the number can say (民诉法解释第84条, R-IDC-10).
pub fn agent(text: &str, today: Date) -> Result<Resident, Error> {
    let resident = resident(text)?;
    match resident.age(today) {
        age if age < 18 => Err(Error::AgentMinor),
        age if age > OLDEST => Err(Error::AgentTooOld),
        _grown => Ok(resident),
    }
}

/// Checks a unified social credit code: 18 characters, MOD 31-3; gives it back in upper case.
pub fn credit_code(text: &str) -> Result<String, Error> {
    const ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    const WEIGHTS: [usize; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
    let code: String =
        text.chars().map(crate::money::half_width).filter(|c| !c.is_whitespace() && *c != '-').collect::<String>().to_ascii_uppercase();
    if code.chars().count() != 18 {
        return Err(Error::CreditLength);
    }
    let values: Vec<usize> = code.chars().map(|c| ALPHABET.find(c)).collect::<Option<_>>().ok_or(Error::CreditCharacters)?;
    let sum: usize = WEIGHTS.iter().zip(&values).map(|(weight, value)| weight * value).sum();
    if values[17] != (31 - sum % 31) % 31 {
        return Err(Error::CreditCheckDigit);
    }
    Ok(code)
}

/// Checks a telephone number: mobile, or fixed with area code; gives it back in digits with at most one hyphen.
pub fn phone(text: &str) -> Result<String, Error> {
    let plain: String = text.chars().map(crate::money::half_width).filter(|c| !c.is_whitespace() && !matches!(c, '(' | ')')).collect();
    let plain = plain.strip_prefix("+86").or_else(|| plain.strip_prefix("0086")).unwrap_or(&plain);
    let digits: String = plain.chars().filter(|c| *c != '-').collect();
    if !digits.bytes().all(|c| c.is_ascii_digit()) {
        return Err(Error::Phone);
    }
    let mobile = digits.len() == 11 && digits.starts_with('1') && !matches!(digits.as_bytes()[1], b'0'..=b'2');
    if mobile {
        return Ok(digits);
    }
    let (area, local) = match plain.split_once('-') {
        Some((area, local)) => (area.to_owned(), local.replace('-', "")),
        // Beijing and the cities 02x have areas of three digits, all others four.
        None if digits.starts_with("01") || digits.starts_with("02") => (digits.chars().take(3).collect(), digits.chars().skip(3).collect()),
        None => (digits.chars().take(4).collect(), digits.chars().skip(4).collect()),
    };
    let fixed = area.starts_with('0') && matches!(area.len(), 3 | 4) && matches!(local.len(), 7 | 8) && !local.starts_with('0');
    if fixed { Ok(format!("{area}-{local}")) } else { Err(Error::Phone) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    #[test]
    fn r_idc_05_resident_numbers() {
        let person = resident("11010519491231002x").expect("the standard's own example");
        assert_eq!((person.number.as_str(), person.birth, person.sex), ("11010519491231002X", date(1949, 12, 31), Sex::Female));
        assert_eq!((person.age(date(2026, 12, 30)), person.age(date(2026, 12, 31))), (76, 77));
        assert_eq!(resident("440524188001010014").map(|person| person.sex), Ok(Sex::Male), "the standard's second example");
        for (text, error) in [
            ("110105194912310021", Error::ResidentCheckDigit),
            ("11010519491331002X", Error::ResidentBirthDate),
            ("11010519490230002X", Error::ResidentBirthDate),
            ("1101051949123100", Error::ResidentLength),
            ("11010519491231O02X", Error::ResidentCharacters),
            ("", Error::ResidentLength),
        ] {
            assert_eq!(resident(text), Err(error), "{text}");
        }
    }

    #[test]
    fn r_idc_05_credit_codes() {
        assert_eq!(credit_code("91350100M000100Y43").as_deref(), Ok("91350100M000100Y43"), "the standard's own example");
        assert_eq!(credit_code("91350100M000100Y44"), Err(Error::CreditCheckDigit));
        assert_eq!(credit_code("91350100M000100I43"), Err(Error::CreditCharacters));
        assert_eq!(credit_code("9135"), Err(Error::CreditLength));
    }

    #[test]
    fn telephones() {
        assert_eq!(phone("138 0013 8000").as_deref(), Ok("13800138000"));
        assert_eq!(phone("+86-13800138000").as_deref(), Ok("13800138000"));
        assert_eq!(phone("0399-5550101").as_deref(), Ok("0399-5550101"));
        assert_eq!(phone("01085551234").as_deref(), Ok("010-85551234"));
        for text in ["", "12345", "1380013800", "12800138000", "0399", "13800138000a"] {
            assert_eq!(phone(text), Err(Error::Phone), "{text}");
        }
    }

    proptest! {
        #[test]
        fn one_wrong_digit_is_always_found(seed in 0_u64..1_000_000, at in 0_usize..17, by in 1_u8..10) {
            let stem = format!("110105{}{:03}", 19900101, seed % 1000);
            let good = (0..=10).map(|last| format!("{stem}{}", b"10X98765432"[last] as char)).find(|text| resident(text).is_ok()).expect("one check digit fits");
            let mut bytes = good.into_bytes();
            bytes[at] = b'0' + (bytes[at] - b'0' + by) % 10;
            prop_assert!(resident(&String::from_utf8(bytes).expect("ascii")).is_err());
        }

        #[test]
        fn nothing_typed_panics(text in ".{0,24}") {
            let _ = (resident(&text), credit_code(&text), phone(&text));
        }
    }
}

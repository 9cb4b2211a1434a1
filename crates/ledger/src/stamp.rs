use std::fmt;

use crate::{Error, Result};

/// A point in time as it was written: strict RFC 3339 with seconds and an offset (`2026-03-02T09:15:00+08:00`), at most
/// nine digits of fraction. The text is kept, since what was signed must come out again byte for byte. Always handed
/// in, never read from a clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp {
    text: String,
    unix: i64,
}

impl Stamp {
    /// Reads the text; anything but the strict form is refused.
    pub fn parse(text: &str) -> Result<Self> {
        let unix = unix_seconds(text).ok_or_else(|| Error::Time(text.to_owned()))?;
        Ok(Self { text: text.to_owned(), unix })
    }

    /// Seconds since 1970-01-01T00:00:00Z; the fraction is dropped.
    #[must_use]
    pub fn unix(&self) -> i64 {
        self.unix
    }

    /// In Beijing time as people write it, to the second: `2026年3月2日 09:15:00`.
    #[must_use]
    pub fn beijing(&self) -> String {
        let local = self.unix + 8 * 3600;
        let (days, second) = (local.div_euclid(86_400), local.rem_euclid(86_400));
        // Days to a date of the Gregorian calendar, in eras of 400 years that begin on 1 March.
        let shifted = days + 719_468;
        let (era, day_of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
        let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let from_march = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * from_march + 2) / 5 + 1;
        let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        format!("{year}年{month}月{day}日 {:02}:{:02}:{:02}", second / 3600, second / 60 % 60, second % 60)
    }

    /// The text as it was given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for Stamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

fn digits(bytes: &[u8]) -> Option<i64> {
    bytes.iter().try_fold(0i64, |n, b| b.is_ascii_digit().then(|| n * 10 + i64::from(b - b'0')))
}

fn unix_seconds(text: &str) -> Option<i64> {
    let b = text.as_bytes();
    if !(20..=35).contains(&b.len()) || b[4] != b'-' || b[7] != b'-' || b[10] != b'T' || b[13] != b':' || b[16] != b':' {
        return None;
    }
    let (year, month, day) = (digits(&b[..4])?, digits(&b[5..7])?, digits(&b[8..10])?);
    let (hour, minute, second) = (digits(&b[11..13])?, digits(&b[14..16])?, digits(&b[17..19])?);
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let month_days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => return None,
    };
    if year < 1970 || !(1..=month_days).contains(&day) || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let mut rest = &b[19..];
    if let [b'.', fraction @ ..] = rest {
        let n = fraction.iter().take_while(|b| b.is_ascii_digit()).count();
        if !(1..=9).contains(&n) {
            return None;
        }
        rest = &fraction[n..];
    }
    let offset = match rest {
        [b'Z'] => 0,
        [sign @ (b'+' | b'-'), h1, h2, b':', m1, m2] => {
            let (h, m) = (digits(&[*h1, *h2])?, digits(&[*m1, *m2])?);
            if h > 23 || m > 59 {
                return None;
            }
            (h * 3600 + m * 60) * if *sign == b'+' { 1 } else { -1 }
        }
        _ => return None,
    };
    // Days since 1970-01-01 in the Gregorian calendar, counted in years that begin in March.
    let (y, m) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days = y * 365 + y / 4 - y / 100 + y / 400 + (m * 153 + 2) / 5 + day - 1 - 719_468;
    Some(days * 86_400 + hour * 3600 + minute * 60 + second - offset)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_read_beijing_time() {
        for (stamp, read) in [
            ("2026-04-20T01:00:00Z", "2026年4月20日 09:00:00"),
            ("2024-02-28T16:00:00Z", "2024年2月29日 00:00:00"),
            ("2025-12-31T23:59:59+08:00", "2025年12月31日 23:59:59"),
            ("1970-01-01T00:00:00Z", "1970年1月1日 08:00:00"),
            ("2000-03-01T00:00:00-05:00", "2000年3月1日 13:00:00"),
        ] {
            assert_eq!(Stamp::parse(stamp).expect("a time").beijing(), read);
        }
    }

    #[test]
    fn strict_times_and_their_seconds() {
        for (text, unix) in [
            ("1970-01-01T00:00:00Z", 0),
            ("2026-03-02T09:15:00+08:00", 1_772_414_100),
            ("2000-02-29T23:59:59.123456789-05:30", 951_888_599),
            ("9999-12-31T23:59:59Z", 253_402_300_799),
        ] {
            assert_eq!(Stamp::parse(text).expect(text).unix(), unix, "{text}");
        }
        for text in [
            "",
            "2026-03-02",
            "2026-03-02 09:15:00Z",
            "2026-02-29T00:00:00Z",
            "2026-13-01T00:00:00Z",
            "2026-03-02T24:00:00Z",
            "2026-03-02T09:15:00",
            "2026-03-02T09:15:60Z",
            "2026-03-02T09:15:00.Z",
            "2026-03-02T09:15:00.1234567890Z",
            "2026-03-02T09:15:00+8:00",
            "2026-03-02T09:15:00+08:00[Asia/Shanghai]",
            "2026-03-02T09:15:00z",
            "２026-03-02T09:15:00Z",
        ] {
            assert!(Stamp::parse(text).is_err(), "{text}");
        }
    }
}

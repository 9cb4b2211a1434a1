//! Check digits of what stands on papers, by the one function of the law's room. A false one is reported, never mended.
use procedure::identity::{self, Sex};

/// Birth and sex that a citizen ID number says, if its form, date and check character hold (GB 11643, MOD 11-2).
pub(crate) fn resident(number: &str) -> Option<(String, &'static str)> {
    let resident = identity::resident(number).ok()?;
    let sex = match resident.sex {
        Sex::Male => Sex::Male.zh(),
        Sex::Female => Sex::Female.zh(),
    };
    Some((resident.birth.to_string(), sex))
}

/// Whether the check character of a unified social credit code holds (GB 32100, MOD 31-3).
pub(crate) fn credit_code(code: &str) -> bool {
    identity::credit_code(code).is_ok_and(|kept| kept == code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gb_11643_numbers_say_birth_and_sex() {
        for (number, says) in [
            ("11010519491231002X", Some(("1949-12-31".to_owned(), "女"))),
            ("440524188001010014", Some(("1880-01-01".to_owned(), "男"))),
            ("110105194912310021", None),
            ("11010519491331002X", None),
            ("1101051949123100", None),
        ] {
            assert_eq!(resident(number), says, "{number}");
        }
    }

    #[test]
    fn gb_32100_check_characters() {
        for (code, holds) in [("91350100M000100Y43", true), ("91350100M000100Y44", false), ("9135010OM000100Y43", false)] {
            assert_eq!(credit_code(code), holds, "{code}");
        }
    }
}

//! What makes a value sure, and what is wrong with it.
use crate::report::Field;
use crate::{amount, check};

const ID_FALSE: &str = "身份证号码的校验码不对，请对照原件核对。";
const CODE_FALSE: &str = "统一社会信用代码的校验码不对，请对照原件核对。";
const BIRTH_DIFFERS: &str = "出生日期与身份证号码不一致，请对照原件核对。";
const SEX_DIFFERS: &str = "性别与身份证号码不一致，请对照原件核对。";
const AMOUNTS_DIFFER: &str = "大写金额与小写金额不一致，请对照原件核对。";

/// Marks check digits, and readings that say the same in two ways, as sure; says what contradicts.
pub(super) fn judge(found: &mut [(usize, Field)], flat: &str) {
    numbers(found);
    people(found);
    amounts(found, flat);
}

fn numbers(found: &mut [(usize, Field)]) {
    for (_, field) in found.iter_mut() {
        let plain: String = field.value.chars().filter(|c| !c.is_whitespace()).collect();
        let (value, holds, message) = match field.name.rsplit('.').next() {
            Some("id_number") => {
                let value = id_letters(&plain);
                (value.clone(), check::resident(&value).is_some(), ID_FALSE)
            }
            Some("credit_code") => {
                let value = code_letters(&plain);
                (value.clone(), check::credit_code(&value), CODE_FALSE)
            }
            _ => continue,
        };
        field.value = value;
        field.sure = holds;
        if !holds {
            field.problems.push(message.into());
        }
    }
}

/// The last place of an ID number holds a digit or X alone: what the engine took for a like-looking character there is X.
fn id_letters(read: &str) -> String {
    let mut chars: Vec<char> = read.chars().collect();
    if let Some(last) = chars.last_mut().filter(|c| "xX又久义乂文Ｘ".contains(**c)) {
        *last = 'X';
    }
    chars.into_iter().collect()
}

/// Credit codes have no I and no O (GB 32100): what the engine took for them is 1 and 0.
fn code_letters(read: &str) -> String {
    read.chars()
        .map(|c| match c.to_ascii_uppercase() {
            'I' => '1',
            'O' => '0',
            c => c,
        })
        .collect()
}

/// Birth and sex are sure where a sound ID number of the same person says the same; a contradiction makes all of them unsure.
fn people(found: &mut [(usize, Field)]) {
    let ids: Vec<(String, String)> = found
        .iter()
        .filter(|(_, f)| f.sure && f.name.ends_with(".id_number"))
        .map(|(_, f)| (f.name.trim_end_matches("id_number").to_owned(), f.value.clone()))
        .collect();
    for (role, number) in ids {
        let count = found.iter().filter(|(_, f)| f.name == format!("{role}id_number")).count();
        if count != 1 {
            continue;
        }
        let Some((born, gender)) = check::resident(&number) else { continue };
        let mut contradicted = false;
        for (name, agrees, message) in [
            ("birth", Box::new(|v: &str| amount::date(v).as_deref() == Some(born.as_str())) as Box<dyn Fn(&str) -> bool>, BIRTH_DIFFERS),
            ("sex", Box::new(|v: &str| v == gender), SEX_DIFFERS),
        ] {
            for (_, field) in found.iter_mut().filter(|(_, f)| f.name == format!("{role}{name}")) {
                if agrees(&field.value) {
                    field.sure = true;
                } else {
                    field.problems.push(message.into());
                    contradicted = true;
                }
            }
        }
        if contradicted {
            for (_, field) in found.iter_mut().filter(|(_, f)| ["id_number", "birth", "sex"].iter().any(|n| f.name == format!("{role}{n}"))) {
                field.sure = false;
            }
        }
    }
}

/// An amount in digits is sure where the page says the same amount in 大写.
fn amounts(found: &mut [(usize, Field)], flat: &str) {
    let capitals: Vec<i64> =
        super::find_all(r"[壹贰叁肆伍陆柒捌玖拾][零壹贰叁肆伍陆柒捌玖拾佰仟万亿]*[元圆][零壹贰叁肆伍陆柒捌玖角分]*[整正]?", flat)
            .into_iter()
            .filter_map(|r| amount::fen(&flat[r]))
            .collect();
    if capitals.is_empty() {
        return;
    }
    let digits: Vec<i64> =
        found.iter().filter(|(_, f)| matches!(f.name.as_str(), "principal_amount" | "amount")).filter_map(|(_, f)| amount::fen(&f.value)).collect();
    for (_, field) in found.iter_mut() {
        let agrees = match (field.name.as_str(), amount::fen(&field.value)) {
            ("principal_amount" | "amount", value) => value.is_some_and(|v| capitals.contains(&v)),
            ("principal_amount_cn", value) => value.is_some_and(|v| digits.contains(&v)),
            _ => continue,
        };
        field.sure = agrees;
        if !agrees {
            field.problems.push(AMOUNTS_DIFFER.into());
        }
    }
}

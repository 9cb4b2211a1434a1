//! A party as a paper introduces it: name, sex, birth, address, numbers, telephone, representative.
use super::{DATE, Finds, find};
use crate::flow::View;
use std::ops::Range;

/// What ends a value that is followed by the next label.
const NEXT: &str = r"[，,。；;]?(?:公民身份|身份证|居民身份|统一社会|联系电话|联系方式|电话|手机|法定代表人|负责人|民族|职务|类型|证件|性别|出生|户籍|经常居住|委托诉讼|。|$)";

/// Reads the party within `range` of the flat text, which begins after its role and colon.
pub(super) fn party(finds: &mut Finds<'_>, role: &str, range: Range<usize>) {
    let name = |field: &str| format!("{role}.{field}");
    let text = finds.flow.flat[range.clone()].to_owned();
    let labelled = find(r"(?:姓名|名称)[：:]?(.{2,40}?)(?:性别|住所|住址|出生|民族|法定代表人|统一社会|联系电话|公民身份|类型)", &text);
    let company = match labelled {
        Some(group) => {
            finds.put(&name("name"), View::Flat, shift(&group, range.start));
            text[group].ends_with("公司")
        }
        None => {
            let Some(group) = find(r"^[：:]?([^，,。；;（(]{2,40})", &text) else { return };
            finds.put(&name("name"), View::Flat, shift(&group, range.start));
            text[group].chars().count() > 5
        }
    };
    let mut one = |field: &str, pattern: &str| finds.within(&name(field), View::Flat, range.clone(), pattern);
    one("sex", r"(?:性别[：:]?|[，,、])\s*(男|女)");
    if !one("birth", &format!(r"({DATE})\s*(?:出生|生)")) {
        one("birth", &format!(r"出生(?:日期)?[：:]?\s*({DATE})"));
    }
    one("address", &format!(r"(?:住所地|住所|住址|户籍地|现住|住)[：:]?(.{{4,80}}?){NEXT}"));
    one("phone", r"(?:联系电话|联系方式|电话|手机)(?:号码)?[：:]?\s*(1(?: ?[0-9]){10}|0[0-9]{2,3}-?[0-9]{7,8})");
    one("id_number", r"(?:公民身份号码|公民身份证号码|居民身份证号码|身份证号码|身份证号)[：:]?\s*([0-9](?: ?[0-9]){16}(?: ?[0-9XxＸ又久义乂文])?)");
    one("credit_code", r"统一社会信用代码[：:]?\s*([0-9A-Za-z][0-9A-Za-z ]{15,22}[0-9A-Za-z])");
    if company {
        one("legal_representative", r"(?:法定代表人|负责人)[：:]?([^，,。；;：:]{2,12}?)(?:职务|联系|，|,|。|；|电话|$)");
    }
}

pub(super) fn shift(range: &Range<usize>, by: usize) -> Range<usize> {
    range.start + by..range.end + by
}

/// Party sections of the flat text up to `end`: role and range, in order.
pub(super) fn sections(flat: &str, end: usize) -> Vec<(&'static str, Range<usize>)> {
    let head = &flat[..end];
    let heads = super::find_all(
        r"(?:原告|被告|第三人)(?:[一二三四五1-5])?(?:[（(](?:自然人|法人|法人、非法人组织|[^）)]{1,12})[）)])?[：:]|(?:原告|被告)[（(](?:自然人|法人|非法人组织|法人、非法人组织)[）)]",
        head,
    );
    let mut sections = Vec::new();
    for (i, at) in heads.iter().enumerate() {
        let until = heads.get(i + 1).map_or(end, |next| next.start);
        let role = match &head[at.clone()] {
            s if s.starts_with("原告") => "plaintiff",
            s if s.starts_with("被告") => "defendant",
            _ => "third_party",
        };
        sections.push((role, at.end..until));
    }
    sections
}

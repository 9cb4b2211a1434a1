//! 补正前后对照: what a correction changed in the statement.
use maud::{Markup, html};
use procedure::case::{Labelled, Party, Statement};

/// One thing that changed.
#[derive(Debug, PartialEq, Eq)]
pub struct Change {
    pub label: String,
    pub before: String,
    pub after: String,
}

/// Every difference, in the order of the complaint.
pub fn changes(before: (&[Party], &Statement), after: (&[Party], &Statement)) -> Vec<Change> {
    let mut found = Vec::new();
    let mut compare = |label: &str, before: String, after: String| {
        if before != after {
            found.push(Change { label: label.to_owned(), before, after });
        }
    };
    for party in after.0 {
        let label = format!("{}{}", party.side.zh(), party.name);
        match before.0.iter().find(|old| old.person == party.person) {
            None => compare(&label, "没有".into(), "新增".into()),
            Some(old) => {
                compare(&format!("{}姓名", party.side.zh()), old.name.clone(), party.name.clone());
                // Particulars lie in the vault as they are now; events keep their digests.
                if old.digest != party.digest {
                    compare(&label, "身份、住所、联系方式".into(), "有改动，现在的内容见下表".into());
                }
            }
        }
    }
    for old in before.0.iter().filter(|old| !after.0.iter().any(|party| party.person == old.person)) {
        compare(&format!("{}{}", old.side.zh(), old.name), "有".into(), "删去".into());
    }
    let (old, new) = (before.1, after.1);
    compare("案由", old.cause_name.clone(), new.cause_name.clone());
    compare("诉讼请求", old.claims.join("\n"), new.claims.join("\n"));
    compare("标的额", old.amount.to_string(), new.amount.to_string());
    compare("事实", old.facts.clone(), new.facts.clone());
    compare("理由", old.reasons.clone(), new.reasons.clone());
    for material in &new.materials {
        match old.materials.iter().find(|known| known.name == material.name && known.kind == material.kind) {
            None => compare(&format!("材料：{}", material.name), "没有".into(), format!("新交，{} 页", material.pages)),
            Some(known) if known.sha256 != material.sha256 => {
                compare(&format!("材料：{}", material.name), format!("{} 页", known.pages), format!("换成新的一份，{} 页", material.pages));
            }
            Some(_) => {}
        }
    }
    for gone in old.materials.iter().filter(|known| !new.materials.iter().any(|material| material.name == known.name && material.kind == known.kind))
    {
        compare(&format!("材料：{}", gone.name), "有".into(), "没有再交".into());
    }
    found
}

/// Before and after, with the part between the common ends marked.
pub fn table(changes: &[Change]) -> Markup {
    html! {
        table.fields {
            caption.sr { "补正前后对照" }
            thead { tr { th scope="col" { "项目" } th scope="col" { "补正前" } th scope="col" { "补正后" } } }
            tbody { @for change in changes {
                @let (start, old, new, end) = parts(&change.before, &change.after);
                tr {
                    th scope="row" { (change.label) }
                    td { (start) @if !old.is_empty() { del { (old) } } (end) }
                    td { (start) @if !new.is_empty() { ins { mark { (new) } } } (end) }
                }
            } }
        }
    }
}

/// Common beginning, what differs on each side, common end.
fn parts<'a>(before: &'a str, after: &'a str) -> (&'a str, &'a str, &'a str, &'a str) {
    let same = |(a, b): &(char, char)| a == b;
    let start: usize = before.chars().zip(after.chars()).take_while(same).map(|(c, _)| c.len_utf8()).sum();
    let (old, new) = (&before[start..], &after[start..]);
    let end: usize = old.chars().rev().zip(new.chars().rev()).take_while(same).map(|(c, _)| c.len_utf8()).sum();
    (&before[..start], &old[..old.len() - end], &new[..new.len() - end], &old[old.len() - end..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_differs_is_marked() {
        assert_eq!(parts("青石区青石路一带", "青石区青石路27号"), ("青石区青石路", "一带", "27号", ""));
        assert_eq!(parts("还款10元", "还款100元"), ("还款10", "", "0", "元"));
        assert_eq!(parts("", "新"), ("", "", "新", ""));
        assert_eq!(parts("同", "同"), ("同", "", "", ""));
    }
}

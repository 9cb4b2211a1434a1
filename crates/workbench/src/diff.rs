//! 补正前后对照: what a correction changed in the statement and in the particulars of the parties.
use court::desk::{Card, Earlier};
use maud::{Markup, html};
use procedure::PersonId;
use procedure::case::{Labelled, Party, Statement, pages_zh};
use std::collections::BTreeMap;

/// One thing that changed.
#[derive(Debug, PartialEq, Eq)]
pub struct Change {
    pub label: String,
    pub before: String,
    pub after: String,
}

/// The filing as it stands now.
pub struct Now<'a> {
    pub parties: &'a [Party],
    pub statement: &'a Statement,
    pub cards: &'a BTreeMap<PersonId, Card>,
}

/// Particulars that a correction may mend, with their names.
fn particulars(card: &Card) -> [(&'static str, String); 11] {
    [
        ("证件号码", card.number.clone()),
        ("住所", card.address.clone()),
        ("送达地址", card.service_address.clone()),
        ("联系电话", card.phone.clone()),
        ("电子邮箱", card.email.clone()),
        ("性别", card.sex.clone()),
        ("出生日期", card.birth.map(ui::zh::date_text).unwrap_or_default()),
        ("民族", card.ethnicity.clone()),
        ("职业", card.occupation.clone()),
        ("法定代表人", card.representative.clone()),
        ("法定代表人职务", card.representative_post.clone()),
    ]
}

/// Every difference, in the order of the complaint.
pub fn changes(before: &Earlier, now: &Now<'_>) -> Vec<Change> {
    let mut found = Vec::new();
    let mut compare = |label: &str, before: String, after: String| {
        if before != after {
            found.push(Change { label: label.to_owned(), before, after });
        }
    };
    for party in now.parties {
        let side = party.side.zh();
        let Some(old) = before.parties.iter().find(|old| old.person == party.person) else {
            compare(&format!("{side}{}", party.name), "没有".into(), "新增".into());
            continue;
        };
        compare(&format!("{side}姓名"), old.name.clone(), party.name.clone());
        // The digest is salted anew each time: what changed, the vault's two versions say.
        if let (Some(old), Some(new)) = (before.cards.get(&party.person), now.cards.get(&party.person)) {
            for ((label, was), (_, is)) in particulars(old).into_iter().zip(particulars(new)) {
                compare(&format!("{side}{}{label}", party.name), was, is);
            }
        }
    }
    for old in before.parties.iter().filter(|old| !now.parties.iter().any(|party| party.person == old.person)) {
        compare(&format!("{}{}", old.side.zh(), old.name), "有".into(), "删去".into());
    }
    let (old, new) = (&before.statement, now.statement);
    compare("案由", old.cause_name.clone(), new.cause_name.clone());
    compare("诉讼请求", old.claims.join("\n"), new.claims.join("\n"));
    compare("标的额", old.amount.to_string(), new.amount.to_string());
    compare("事实", old.facts.clone(), new.facts.clone());
    compare("理由", old.reasons.clone(), new.reasons.clone());
    for material in &new.materials {
        match old.materials.iter().find(|known| known.name == material.name && known.kind == material.kind) {
            None => compare(&format!("材料：{}", material.name), "没有".into(), format!("新交，{}", pages_zh(material.pages))),
            Some(known) if known.sha256 != material.sha256 => {
                compare(&format!("材料：{}", material.name), pages_zh(known.pages), format!("换成新的一份，{}", pages_zh(material.pages)));
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
    fn r_fil_12_an_address_put_right_stands_beside_the_old_one_and_nothing_else_is_changed() {
        let person = PersonId::new();
        let party = |digest: &str| Party {
            person,
            side: procedure::case::Side::Defendant,
            name: "陈志远".into(),
            organisation: false,
            digest: digest.into(),
        };
        let card = |address: &str| Card { person, name: "陈志远".into(), phone: "13800138000".into(), address: address.into(), ..Card::default() };
        let statement = Statement {
            cause: "108.3".into(),
            cause_name: "民间借贷纠纷".into(),
            claims: vec!["判令被告还款。".into()],
            amount: procedure::Fen(100),
            facts: "借款未还。".into(),
            reasons: String::new(),
            answers: BTreeMap::new(),
            materials: vec![],
        };
        let before = Earlier { parties: vec![party("aa")], statement: statement.clone(), cards: BTreeMap::from([(person, card("青石路一带"))]) };
        let (parties, cards) = ([party("bb")], BTreeMap::from([(person, card("青石路27号"))]));
        let found = changes(&before, &Now { parties: &parties, statement: &statement, cards: &cards });
        let change = Change { label: "被告陈志远住所".into(), before: "青石路一带".into(), after: "青石路27号".into() };
        assert_eq!(found, [change], "the digests differ by their salt alone");
    }

    #[test]
    fn only_what_differs_is_marked() {
        assert_eq!(parts("青石区青石路一带", "青石区青石路27号"), ("青石区青石路", "一带", "27号", ""));
        assert_eq!(parts("还款10元", "还款100元"), ("还款10", "", "0", "元"));
        assert_eq!(parts("", "新"), ("", "", "新", ""));
        assert_eq!(parts("同", "同"), ("同", "", "", ""));
    }
}

//! 所立即所示: what was handed in and what the court made is what each side is shown, found from the events and from the bytes.
use super::{holds, list, text};
use crate::scenario::Story;
use crate::scenario::people::Citizen;
use anyhow::{Result, ensure};
use serde_json::Value;
use std::collections::BTreeSet;
use storage::Digest;

/// Filed = shown (house invariant 1), on the workbench and to both sides.
pub fn filed_is_shown(story: &Story) -> Result<()> {
    let court = story.filing_clerk.file(&story.case)?;
    let mut filed = filed(&court)?;
    filed.extend(made(story, &court, &filed)?);
    let root = root_of("the workbench", &court, &filed)?;
    let mut compared = vec![];
    for (who, person) in story.people() {
        let view = person.case(&story.case)?;
        ensure!(root_of(who, &view, &filed)? == root, "the root digest shown to {who} is not the court's");
        let bytes = same_bytes(story, person, &view)?;
        ensure!(!bytes.is_empty(), "no file that is shown to {who} was compared");
        compared.push(bytes.len());
        if std::ptr::eq(person, &story.plaintiff) {
            for (name, digest) in &story.handed_in {
                ensure!(bytes.contains(digest), "{name}, handed in, is not given back byte for byte");
            }
        }
    }
    holds(
        "filed = shown",
        &format!(
            "{} items on the workbench and to {} people, root {}… reckoned anew; {} files handed in; compared byte for byte: {}",
            filed.len(),
            compared.len(),
            &root[..12],
            story.handed_in.len(),
            compared.iter().map(usize::to_string).collect::<Vec<_>>().join(" and ")
        ),
    );
    Ok(())
}

/// Titles of what the court adds of its own: proofs of service, and sheets of what was said, chosen and paid.
const MADE: [&str; 10] = [
    "送达回证（",
    "电子送达凭证（",
    "诉讼方式选择书（",
    "质证意见（",
    "提交证据说明（",
    "案件受理费交纳凭证（",
    "申请费交纳凭证（",
    "保全申请（",
    "续行保全（",
    "解除保全（",
];

/// Digests of what no event names, each found from the bytes that the workbench gives.
fn made(story: &Story, file: &Value, filed: &BTreeSet<String>) -> Result<BTreeSet<String>> {
    let mut digests = BTreeSet::new();
    for item in list(file, "items")? {
        let (name, digest) = (text(item, "name")?, text(item, "sha256")?);
        if filed.contains(digest) {
            continue;
        }
        ensure!(MADE.iter().any(|title| name.starts_with(title)), "{name} is shown and was never filed");
        let bytes = story.filing_clerk.browser.get(&format!("/case/{}/item/{}", story.case, item["number"]))?.good()?.body;
        ensure!(Digest::of(&bytes).to_string() == digest, "{name} is another than its digest says");
        digests.insert(digest.to_owned());
    }
    Ok(digests)
}

/// Events that bring files.
const BRING: [&str; 8] = [
    "filing_submitted",
    "corrected",
    "answer_submitted",
    "evidence_submitted",
    "appeal_filed",
    "address_confirmed",
    "agent_appointed",
    "paper_issued",
];

/// Digests of everything that the main volume must hold, from the events: every statement's materials, also what a correction
/// replaced, answers, evidence, and every paper but the sheet with the join code, which is its recipient's alone.
fn filed(file: &Value) -> Result<BTreeSet<String>> {
    let mut digests = BTreeSet::new();
    for event in list(file, "events")? {
        let kind = text(event, "kind")?;
        if BRING.contains(&kind) {
            gather(&event["body"], &mut digests);
        }
    }
    for sheet in list(&file["case"], "papers")?.iter().filter(|paper| paper["paper"] == "join_sheet") {
        digests.remove(text(sheet, "sha256")?);
    }
    Ok(digests)
}

/// Every value named `sha256`, however deep.
fn gather(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            if let Some(digest) = fields.get("sha256").and_then(Value::as_str) {
                found.insert(digest.to_owned());
            }
            fields.values().for_each(|value| gather(value, found));
        }
        Value::Array(values) => values.iter().for_each(|value| gather(value, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// The root as it follows from the items that are shown; they must be what was filed, no more and no less.
fn root_of(who: &str, view: &Value, filed: &BTreeSet<String>) -> Result<String> {
    let items = list(view, "items")?;
    let mut rows = vec![];
    for item in items {
        let pages = item["pages"].as_u64().and_then(|pages| u32::try_from(pages).ok());
        rows.push((text(item, "name")?, pages.unwrap_or(u32::MAX), text(item, "sha256")?));
    }
    let shown: BTreeSet<String> = rows.iter().map(|(_, _, digest)| (*digest).to_owned()).collect();
    let hidden: Vec<_> = filed.difference(&shown).collect();
    let foreign: Vec<_> = shown.difference(filed).collect();
    ensure!(hidden.is_empty() && foreign.is_empty(), "{who}: filed and hidden {hidden:?}, shown and never filed {foreign:?}");
    let root = casefile::root(rows.into_iter());
    ensure!(text(view, "root")? == root, "the root digest shown to {who} is not that of the items shown");
    Ok(root)
}

/// Digests of the items whose bytes the portal gives to this person, each the item's own.
fn same_bytes(story: &Story, person: &Citizen, view: &Value) -> Result<BTreeSet<String>> {
    let mut compared = BTreeSet::new();
    for item in list(view, "items")? {
        let path = format!("/case/{}/file/{}", story.case, item["number"]);
        let page = person.browser.get(&path)?;
        // Items of the other side are read through the court's reader, not kept in the portal.
        if page.status == 200 {
            let digest = Digest::of(&page.body).to_string();
            ensure!(digest == text(item, "sha256")?, "{path} gives other bytes than were filed");
            compared.insert(digest);
        }
    }
    Ok(compared)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn file() -> Value {
        let event = |kind: &str, body: Value| json!({"kind": kind, "body": body});
        let items = [("起诉状（补正前）", 2, "aa"), ("起诉状", 2, "bb"), ("受理案件通知书", 1, "cc")];
        json!({
            "case": {"papers": [{"paper": "join_sheet", "sha256": "dd"}, {"paper": "acceptance_notice", "sha256": "cc"}]},
            "events": [
                event("filing_submitted", json!({"statement": {"materials": [{"sha256": "aa"}]}})),
                event("corrected", json!({"statement": {"materials": [{"sha256": "bb"}]}})),
                event("paper_issued", json!({"sha256": "cc"})),
                event("paper_issued", json!({"sha256": "dd"})),
            ],
            "items": items.map(|(name, pages, sha256)| json!({"name": name, "pages": pages, "sha256": sha256})),
            "root": casefile::root(items.iter().copied()),
        })
    }

    #[test]
    fn an_item_hidden_foreign_or_under_another_root_is_seen() {
        let whole = file();
        let filed = filed(&whole).expect("digests");
        assert_eq!(filed.iter().map(String::as_str).collect::<Vec<_>>(), ["aa", "bb", "cc"], "what was replaced too, and no join code");
        root_of("somebody", &whole, &filed).expect("holds");
        let damage = |change: &dyn Fn(&mut Value)| {
            let mut view = whole.clone();
            change(&mut view);
            root_of("somebody", &view, &filed).is_err()
        };
        assert!(damage(&|view| drop(view["items"].as_array_mut().expect("items").pop())), "hidden");
        assert!(damage(&|view| view["items"][0]["sha256"] = json!("ee")), "replaced");
        assert!(damage(&|view| view["items"][0]["pages"] = json!(3)), "a page more");
        assert!(damage(&|view| view["root"] = json!("00")), "another root");
    }
}

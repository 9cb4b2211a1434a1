//! Everything that belongs into a package, with its bytes: the file of the case, the receipts that prove it, its events.
use crate::{Court, Error, file, store, work};
use casefile::complete::Finding;
use casefile::{Class, Held, Item};
use jiff::Timestamp;
use procedure::trial::Volume;
use procedure::{Case, Event};
use std::collections::{BTreeMap, BTreeSet};
use storage::Tx;
use storage::events::{self, Stored};

/// What a package is made from.
pub(super) struct Collected {
    pub items: Vec<(Item, Vec<u8>)>,
    /// Receipts by their number, each completed by the ledger unless a finding says otherwise.
    pub receipts: BTreeMap<String, String>,
    pub events: Vec<Stored>,
    /// What was found wrong on the way.
    pub findings: Vec<Finding>,
}

/// Reads it all in one transaction.
pub(super) fn all(zone: &Court, court: &str, facts: &work::Facts) -> Result<Collected, Error> {
    let (code, case) = (court.to_owned(), facts.case.clone());
    zone.db().read_blocking(move |tx| {
        let stored = events::load(tx, &code, case.id.0, 0)?;
        let history = crate::history(tx, &code, case.id)?;
        let mut held = file::held(tx, &case, &history)?;
        let mut findings = Vec::new();
        if let Some(closed) = at_closing(tx, &case, &history)? {
            findings.extend(changed(&case, &closed));
            mark_later(&mut held, &closed);
        }
        let receipts = receipts(tx, &case)?;
        findings.extend(receipts.iter().filter_map(|(number, text)| unlogged(number, text).transpose()).collect::<Result<Vec<_>, _>>()?);
        let mut items = Vec::new();
        for held in held {
            let bytes = file::bytes(tx, &code, &held)?;
            items.push((Item { bytes: bytes.len() as u64, ..held.item }, bytes));
        }
        Ok(Collected { items, receipts, events: stored, findings })
    })
}

/// The file as it stood when the case was closed; none: it is not closed.
fn at_closing(tx: &mut Tx, case: &Case, history: &[(Timestamp, Event)]) -> Result<Option<Vec<Held>>, Error> {
    let Some(place) = history.iter().position(|(_, event)| matches!(event, Event::CaseClosed { .. })) else { return Ok(None) };
    let before = &history[..place];
    let mut then = Case::new(case.id, &case.court);
    before.iter().for_each(|(_, event)| then.apply(event));
    Ok(Some(file::held(tx, &then, before)?))
}

/// The roots that were logged at the closing are those of the file as its events give it today: nothing was taken out or changed.
fn changed(case: &Case, closed: &[Held]) -> Vec<Finding> {
    let Some(closing) = &case.closing else { return vec![] };
    let now: Vec<Volume> = casefile::volumes(closed.iter().map(|held| held.item.clone()).collect()).iter().map(casefile::Sheet::summary).collect();
    let differs = closing.volumes.iter().filter(|logged| !now.contains(logged));
    let finding = |volume: &Volume| {
        let text = format!("{}与结案时登记在司法链上的内容不一致，请联系管理员核查，不能归档。", volume.name);
        Finding::missing(Class::Other, "R-ARC-05", text)
    };
    differs.map(finding).collect()
}

/// 补充归档: what came into the file after the closing says so (R-ARC-07).
fn mark_later(held: &mut [Held], closed: &[Held]) {
    let then: BTreeSet<&str> = closed.iter().map(|held| held.item.id.as_str()).collect();
    for Held { item, .. } in held.iter_mut().filter(|held| !then.contains(held.item.id.as_str())) {
        item.later = true;
        item.note = if item.note.is_empty() { "补充归档".into() } else { format!("补充归档；{}", item.note) };
    }
}

/// A receipt that the ledger did not complete yet: nothing is packed before it is logged (R-ARC-07).
fn unlogged(number: &str, text: &str) -> Result<Option<Finding>, Error> {
    let receipt = ledger::Receipt::parse(text)?;
    let logged = receipt.state() == ledger::State::Logged;
    let title = &receipt.content().title;
    let finding = || Finding::missing(Class::Other, "R-ARC-07", format!("“{title}”的回执（{number}）还没有上链，请稍后再归档。"));
    Ok((!logged).then(finding))
}

/// Every receipt that this court or the portal gave in this case.
fn receipts(tx: &mut Tx, case: &Case) -> Result<BTreeMap<String, String>, Error> {
    let id = case.id.0.simple().to_string();
    let mut numbers = vec![case.receipt_no.clone()];
    // Corrections, answers, evidence, opinions and appeals that came over the portal.
    numbers.extend(store::file::request_receipts(tx, &case.court, case.id)?);
    for paper in &case.papers {
        numbers.push(work::paper_no(paper.id));
        // The version in the number is that after the whole act, which may have had many events.
        numbers.extend((1..=case.version).map(|version| format!("S-{}-{version}", paper.id.0.simple())));
    }
    for made in file::made(tx, case)? {
        numbers.push(work::paper_no(made.id));
    }
    for letter in ["A", "C", "E", "L", "N", "O", "Q", "T", "R", "V1", "V2"] {
        numbers.extend((1..=case.version).map(|version| format!("{letter}-{id}-{version}")));
    }
    let mut found = BTreeMap::new();
    for number in numbers {
        if let Some(text) = store::record_receipt(tx, &case.court, &number)? {
            found.insert(number, text);
        }
    }
    Ok(found)
}

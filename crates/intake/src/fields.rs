//! Values proposed for the fields of a paper, found by rules over its writing. Nothing is filled in silently: each value has
//! its box, its confidence and its problems, and is `sure` only where a check digit or a second reading says so.
mod filing;
mod loan;
mod party;
mod record;
mod sure;

use crate::Kind;
use crate::flow::{Flow, View};
use crate::report::{Field, Line};
use regex::Regex;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::{LazyLock, Mutex};

/// Values for the fields of one page of this kind.
pub fn fields(kind: Kind, lines: &[Line]) -> Vec<Field> {
    document_fields(kind, &[lines]).pop().unwrap_or_default()
}

/// Values for the fields of a document over its pages; each stands with the page on which it begins.
pub fn document_fields(kind: Kind, pages: &[&[Line]]) -> Vec<Vec<Field>> {
    let flow = Flow::new(pages);
    let mut finds = Finds { flow: &flow, found: Vec::new() };
    match kind {
        Kind::Complaint => filing::complaint(&mut finds),
        Kind::ElementComplaint => filing::element_complaint(&mut finds),
        Kind::Answer => filing::answer(&mut finds),
        Kind::PowerOfAttorney => filing::power_of_attorney(&mut finds),
        Kind::EvidenceList => filing::evidence_list(&mut finds),
        Kind::ServiceAddress => filing::service_address(&mut finds),
        Kind::Iou => loan::iou(&mut finds),
        Kind::TransferRecord => loan::transfer_record(&mut finds),
        Kind::Contract => loan::contract(&mut finds),
        Kind::ChatRecord => loan::chat(&mut finds),
        Kind::IdCard => record::id_card(&mut finds),
        Kind::BusinessLicence => record::business_licence(&mut finds),
        Kind::Summons => record::summons(&mut finds),
        Kind::HearingRecord => record::hearing_record(&mut finds),
        Kind::Judgment => record::judgment(&mut finds),
        Kind::Blank | Kind::Unknown => {}
    }
    let mut found = finds.found;
    sure::judge(&mut found, &flow.flat);
    let mut by_page: Vec<Vec<Field>> = pages.iter().map(|_| Vec::new()).collect();
    for (page, field) in found {
        by_page[page].push(field);
    }
    by_page
}

/// What was found so far.
struct Finds<'a> {
    flow: &'a Flow,
    found: Vec<(usize, Field)>,
}

impl Finds<'_> {
    /// Proposes what the first group of `pattern` matches first in the whole document.
    fn first(&mut self, name: &str, view: View, pattern: &str) -> bool {
        let end = self.text(view).len();
        self.within(name, view, 0..end, pattern)
    }

    /// The same within a range.
    fn within(&mut self, name: &str, view: View, range: Range<usize>, pattern: &str) -> bool {
        let Some(group) = find(pattern, &self.text(view)[range.clone()]) else { return false };
        self.put(name, view, range.start + group.start..range.start + group.end)
    }

    fn put(&mut self, name: &str, view: View, range: Range<usize>) -> bool {
        let field = self.flow.field(name, view, range);
        let put = field.is_some();
        self.found.extend(field);
        put
    }

    fn text(&self, view: View) -> &str {
        match view {
            View::Flat => &self.flow.flat,
            View::Lined => &self.flow.lined,
        }
    }

    fn has(&self, name: &str) -> bool {
        self.found.iter().any(|(_, f)| f.name == name)
    }
}

/// Where the first group of `pattern` matches first.
fn find(pattern: &str, text: &str) -> Option<Range<usize>> {
    regex(pattern).captures(text)?.get(1).map(|m| m.range())
}

/// Where all of `pattern` matches.
fn find_all(pattern: &str, text: &str) -> Vec<Range<usize>> {
    regex(pattern).find_iter(text).map(|m| m.range()).collect()
}

/// A pattern of this crate, compiled once.
fn regex(pattern: &str) -> Regex {
    static COMPILED: LazyLock<Mutex<HashMap<String, Regex>>> = LazyLock::new(Mutex::default);
    let mut compiled = COMPILED.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if let Some(regex) = compiled.get(pattern) {
        return regex.clone();
    }
    let regex = Regex::new(pattern).unwrap_or_else(|error| panic!("pattern of this crate: {error}"));
    compiled.insert(pattern.to_owned(), regex.clone());
    regex
}

/// A date as papers write it.
const DATE: &str = r"[0-9〇○零一二三四五六七八九]{4}\s*年\s*\.?[0-9一二三四五六七八九十]{1,3}\s*月\s*\.?[0-9一二三四五六七八九十]{1,3}\s*日";
/// An amount as papers write it.
const AMOUNT: &str = r"(?:人民币)?[￥¥$]?[0-9][0-9,，.]*\s*(?:万|亿)?元";
/// The name of a court.
const COURT: &str = r"[^\n，。：；、]{2,24}?人民法院";

#[cfg(test)]
mod tests;

//! 跑几趟: how often each party had to come, counted from the events, and what his own page says (the product's promise: one
//! trip at most).
use super::{holds, list, text};
use crate::scenario::Story;
use crate::scenario::service::party;
use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::collections::BTreeSet;

/// The most that the story may ask of a party.
const MOST: usize = 1;

/// Every party came once, to the sitting, and his page says so.
pub fn counted(story: &Story) -> Result<()> {
    let file = story.filing_clerk.file(&story.case)?;
    let hearings = list(&file["case"], "hearings")?.len();
    for (side, person) in story.people() {
        let days = days(&file, &party(&file["case"], side)?)?;
        // Where there was no sitting, nobody came at all.
        ensure!(days.len() == MOST.min(hearings), "the {side} came on {days:?}");
        let shown = person.case(&story.case)?["trips"].as_u64().context("trips")?;
        ensure!(shown == days.len() as u64, "the page of the {side} says {shown} trips, the events {days:?}");
    }
    let most = MOST.min(hearings);
    holds("trips", &format!("{most} for each who took part, in {hearings} hearings and all acts, from the events and on their own pages"));
    Ok(())
}

/// Days on which a party was at the court: at a sitting, or at the counter.
fn days(file: &Value, person: &str) -> Result<BTreeSet<String>> {
    let mut days = BTreeSet::new();
    for event in list(file, "events")? {
        let at: jiff::Timestamp = text(event, "at")?.parse()?;
        if came(text(event, "kind")?, &event["body"], &file["case"], person) {
            days.insert(procedure::step::day_of(at).to_string());
        }
    }
    Ok(days)
}

fn came(kind: &str, body: &Value, case: &Value, person: &str) -> bool {
    let sits = || body["attendance"].as_array().is_some_and(|all| all.iter().any(|line| line["person"] == person && line["presence"] == "in_person"));
    let is_plaintiff = || party(case, "plaintiff").is_ok_and(|plaintiff| plaintiff == person);
    let helped = |by: &Value, assisted: &Value| *by == person && !assisted.is_null();
    match kind {
        "filing_submitted" => is_plaintiff() && !body["assisted_by"].is_null(),
        "corrected" => is_plaintiff() && body["channel"] == "counter",
        "answer_submitted" => helped(&body["answer"]["by"], &body["answer"]["assisted_by"]),
        "appeal_filed" => helped(&body["appeal"]["by"], &body["appeal"]["assisted_by"]),
        "evidence_submitted" => helped(&body["by"], &body["assisted_by"]),
        "evidence_commented" => helped(&body["opinions"][0]["by"], &body["assisted_by"]),
        "record_signed" => helped(&body["signature"]["of"], &body["signature"]["entered_by"]) && body["signature"]["refused"].is_null(),
        "hearing_opened" => sits(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_sitting_and_a_signature_of_one_day_are_one_trip_and_every_visit_of_another_day_is_one_more() {
        let event = |kind: &str, at: &str, body: Value| json!({"kind": kind, "at": at, "body": body});
        let sits = |at: &str, presence: &str| event("hearing_opened", at, json!({"attendance": [{"person": "p", "presence": presence}]}));
        let days = |events: Vec<Value>| {
            let case = json!({"parties": [{"side": "plaintiff", "person": "p"}]});
            days(&json!({"case": case, "events": events}), "p").expect("days").len()
        };
        let signed = event("record_signed", "2026-04-08T09:00:00Z", json!({"signature": {"of": "p", "entered_by": "c", "refused": null}}));
        assert_eq!(days(vec![sits("2026-04-08T02:00:00Z", "in_person"), signed]), 1);
        assert_eq!(days(vec![sits("2026-04-08T02:00:00Z", "online")]), 0);
        assert_eq!(days(vec![sits("2026-04-08T02:00:00Z", "in_person"), sits("2026-04-20T02:00:00Z", "in_person")]), 2, "every hearing counts");
        let answer = |assisted: Value| event("answer_submitted", "2026-03-20T02:00:00Z", json!({"answer": {"by": "p", "assisted_by": assisted}}));
        assert_eq!((days(vec![answer(json!("c"))]), days(vec![answer(Value::Null)])), (1, 0));
    }
}

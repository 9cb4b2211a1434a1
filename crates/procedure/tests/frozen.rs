//! Events that were stored once stay readable: every edition of samples is read, folded and compared field by field.
use procedure::{Case, CaseId, Event};
use serde_json::Value;
use std::collections::BTreeSet;

/// Every edition, oldest first; none is ever edited.
const EDITIONS: &[(&str, &str)] = &[
    ("events-1.json", include_str!("events-1.json")),
    ("events-2.json", include_str!("events-2.json")),
    ("events-3.json", include_str!("events-3.json")),
    ("events-4.json", include_str!("events-4.json")),
    ("events-5.json", include_str!("events-5.json")),
];

#[test]
fn old_events_are_read_with_everything_they_say() {
    let mut kinds = BTreeSet::new();
    for (edition, text) in EDITIONS {
        let samples: Vec<Value> = serde_json::from_str(text).expect("an edition is JSON");
        let mut case = Case::new(CaseId::default(), "粤4001");
        for (place, sample) in samples.iter().enumerate() {
            let event: Event = serde_json::from_value(sample.clone()).unwrap_or_else(|error| panic!("{edition}, event {place}: {error}"));
            assert_eq!(Some(event.kind()), sample["event"].as_str(), "{edition}");
            let again = serde_json::to_value(&event).expect("JSON");
            assert!(says(&again, sample), "{edition}, {}: a field was lost\n{sample}\n{again}", event.kind());
            case.apply(&event);
            assert_eq!(case.version, place as u64 + 1);
            kinds.insert(event.kind());
        }
    }
    assert_eq!(kinds.len(), 42, "the first edition knew 36 kinds, the third brought three more, the fourth two, the fifth one");
}

/// Everything that the old value says, the new one says too; it may say more.
fn says(new: &Value, old: &Value) -> bool {
    match (new, old) {
        (Value::Object(new), Value::Object(old)) => old.iter().all(|(name, value)| new.get(name).is_some_and(|new| says(new, value))),
        (Value::Array(new), Value::Array(old)) => new.len() == old.len() && new.iter().zip(old).all(|(new, old)| says(new, old)),
        (new, old) => new == old,
    }
}

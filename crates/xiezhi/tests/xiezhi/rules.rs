//! 有据可查: no rule without its source (house invariant 8). Every step says by which rules it is taken, and every file of the law
//! cites the rulebook.
use procedure::STEPS;
use std::fs;
use std::path::{Path, PathBuf};

/// Ids of the rulebook in a text: `R-FIL-10`.
fn cited(text: &str) -> Vec<&str> {
    let parts = text.split(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '-'));
    parts.filter(|part| is_rule(part)).collect()
}

fn is_rule(id: &str) -> bool {
    let mut parts = id.split('-');
    let (first, area, number) = (parts.next(), parts.next(), parts.next());
    let area = area.is_some_and(|area| area.len() == 3 && area.bytes().all(|letter| letter.is_ascii_uppercase()));
    let number = number.is_some_and(|number| number.starts_with(|digit: char| digit.is_ascii_digit()));
    first == Some("R") && area && number && parts.next().is_none()
}

fn files(dir: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = fs::read_dir(dir).expect("a directory").map(|entry| entry.expect("an entry").path()).collect();
    found.retain(|path| path.extension().is_some_and(|extension| extension == "rs"));
    found.sort();
    found
}

#[test]
fn every_step_names_its_rules() {
    for step in STEPS.iter().copied() {
        assert!(!step.rules.is_empty(), "{} names no rule", step.name);
        for rule in step.rules {
            assert!(is_rule(rule), "{}: {rule} is no id of the rulebook", step.name);
        }
    }
}

#[test]
fn every_step_cites_in_its_text_the_rules_that_it_names() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../procedure/src");
    let (steps, matters) = (source.join("step"), source.join("matter"));
    for step in STEPS.iter().copied() {
        let path = match procedure::matter::of_step(step.name) {
            Some((kind, _)) => matters.join(format!("{}.rs", kind.name())),
            None => steps.join(format!("{}.rs", step.name)),
        };
        let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let head: String = text.lines().take_while(|line| line.starts_with("//!")).collect();
        assert!(!cited(&head).is_empty(), "{} does not say by which rule it stands", path.display());
    }
    assert!(files(&steps).len() + 2 * files(&matters).len() > STEPS.len(), "one file a step or a matter, and what they share");
}

//! 司法公开词表: `docs/coverage.md` says of every element of the public vocabulary what carries it, or why nothing does. Held here: that it
//! leaves none out, that its totals are those of its rows, and that the places and names it gives exist.
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

const MAP: &str = include_str!("../../../../docs/coverage.md");
/// The kinds of the vocabulary, with the headings of their parts of the map.
const KINDS: [(&str, &str); 3] = [("civil", "民事"), ("criminal", "刑事"), ("administrative", "行政")];
/// The heading under which whole blocks are told to be those of civil cases.
const SAME: &str = "as 民事";
/// Rooms that hold facts of a case.
const ROOMS: [&str; 5] = ["procedure", "exchange", "casefile", "court", "storage"];

/// Elements of one block, and what carries them.
#[derive(Clone)]
struct Row {
    kind: &'static str,
    block: &'static str,
    elements: Vec<&'static str>,
    carried: &'static str,
}

/// The tables under the headings of the kinds, with what they say by naming a block of civil cases.
fn rows() -> Vec<Row> {
    let (mut kind, mut block) = ("", "");
    let mut rows: Vec<Row> = vec![];
    for line in MAP.lines() {
        if let Some(heading) = line.strip_prefix("## ") {
            kind = KINDS.iter().find(|(name, zh)| heading == format!("{zh} {name}")).map_or("", |(name, _)| *name);
            block = "";
        } else if let Some(heading) = line.strip_prefix("### ") {
            block = heading;
        }
        let mut cells = line.trim_matches('|').split('|').map(str::trim);
        let (Some(first), Some(carried)) = (cells.next(), cells.next()) else { continue };
        if kind.is_empty() || block.is_empty() || !line.starts_with("| ") || matches!(first, "element" | "blocks") {
            continue;
        }
        let elements: Vec<&str> = first.split('、').collect();
        if block == SAME {
            let named: Vec<Row> = rows.iter().filter(|row| row.kind == "civil" && elements.contains(&row.block)).cloned().collect();
            rows.extend(named.into_iter().map(|row| Row { kind, ..row }));
        } else {
            rows.push(Row { kind, block, elements, carried });
        }
    }
    rows
}

#[test]
fn every_element_of_the_vocabulary_stands_in_the_map() {
    let rows = rows();
    let told = rows.iter().flat_map(|row| row.elements.iter().map(move |element| format!("{} {} {element}", row.kind, row.block)));
    let told: Vec<String> = told.collect();
    let map: BTreeSet<String> = told.iter().cloned().collect();
    assert_eq!(told.len(), map.len(), "an element stands twice in its block");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/rules/disclosure-vocabulary.csv");
    let Ok(text) = fs::read_to_string(path) else {
        eprintln!("SKIPPED: the rulebook is not beside the repository; docs/coverage.md was not compared with the vocabulary");
        return;
    };
    let mut vocabulary = BTreeSet::new();
    for row in csv::Reader::from_reader(text.as_bytes()).records() {
        let row = row.expect("a row");
        vocabulary.insert(format!("{} {} {}", &row[0], &row[1], &row[2]));
    }
    let missing: Vec<_> = vocabulary.difference(&map).collect();
    let unknown: Vec<_> = map.difference(&vocabulary).collect();
    assert!(missing.is_empty() && unknown.is_empty(), "docs/coverage.md lacks {missing:?}; the vocabulary does not know {unknown:?}");
}

#[test]
fn the_totals_of_the_map_are_those_of_its_rows() {
    let rows = rows();
    for (kind, zh) in KINDS {
        let (mut carried, mut codes, mut part, mut not) = (0, 0, 0, 0);
        for row in rows.iter().filter(|row| row.kind == kind) {
            assert!(!row.carried.is_empty(), "{kind} {}: nothing is said of {:?}", row.block, row.elements);
            let count = row.elements.len();
            if row.carried.starts_with("not carried: ") {
                not += count;
            } else if row.carried.starts_with("in part: ") {
                part += count;
            } else {
                carried += count;
                codes += row.elements.iter().filter(|element| element.ends_with("代码")).count();
            }
        }
        let line = format!("| {zh} {kind} | {} | {carried} | {codes} | {part} | {not} | ", carried + part + not);
        assert!(MAP.contains(&line), "docs/coverage.md, totals: its rows give {line}");
    }
}

#[test]
fn every_place_and_name_that_the_map_gives_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut text = String::new();
    for room in ROOMS {
        read(&root.join("crates").join(room).join("src"), &mut text);
    }
    let known: BTreeSet<&str> = words(&text).collect();
    let named: Vec<&str> = MAP.split('`').skip(1).step_by(2).collect();
    assert!(named.len() > 100, "the map names what carries each element");
    for name in named {
        // Of the rulebook, which is not in this repository.
        if name.starts_with("rules/") {
            continue;
        }
        if name.contains('/') {
            assert!(root.join(name).exists(), "docs/coverage.md: there is no {name}");
            continue;
        }
        for word in words(name) {
            assert!(known.contains(word), "docs/coverage.md: nothing is called {word} ({name})");
        }
    }
}

/// Names in a text.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_').filter(|word| !word.is_empty())
}

/// Everything that is written under a directory: program and tables.
fn read(dir: &Path, text: &mut String) {
    for entry in fs::read_dir(dir).expect("a directory") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            read(&path, text);
        } else if path.extension().is_some_and(|extension| extension == "rs" || extension == "sql") {
            text.push_str(&fs::read_to_string(&path).expect("a text"));
            text.push('\n');
        }
    }
}

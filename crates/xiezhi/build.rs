//! Finds where each rule of the rulebook is built and tested: `xiezhi rules` prints it. A test is what stands in a test directory or
//! under `#[cfg(test)]`; everything else of the crates, and the data of `knowledge/`, is the build.
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// What cites a rule: places of the program, names of tests.
#[derive(Default)]
struct Cited {
    code: BTreeSet<String>,
    tests: BTreeSet<String>,
}

fn main() -> std::io::Result<()> {
    let root = PathBuf::from("../..").canonicalize()?;
    let mut files = vec![];
    for dir in ["crates", "knowledge"] {
        println!("cargo::rerun-if-changed={}", root.join(dir).display());
        collect(&root.join(dir), &mut files)?;
    }
    files.sort();
    let mut texts = vec![];
    for path in files {
        texts.push((path.strip_prefix(&root).unwrap_or(&path).to_path_buf(), fs::read_to_string(&path)?));
    }
    let only_tests = test_modules(&texts);
    let mut cited: BTreeMap<String, Cited> = BTreeMap::new();
    for (path, text) in &texts {
        if path.extension().is_some_and(|extension| extension == "rs") {
            rust(path, text, only_tests.contains(path), &mut cited);
        } else if !path.ends_with("rules.csv") {
            for (line, text) in text.lines().enumerate() {
                place(text, &format!("{}:{}", path.display(), line + 1), &mut cited);
            }
        }
    }
    let mut table = String::from("rule\tcode\ttests\n");
    for (rule, Cited { code, tests }) in cited {
        let list = |items: BTreeSet<String>| items.into_iter().collect::<Vec<_>>().join(" ");
        table.push_str(&format!("{rule}\t{}\t{}\n", list(code), list(tests)));
    }
    let out = PathBuf::from(std::env::var_os("OUT_DIR").unwrap_or_default());
    fs::write(out.join("cited.tsv"), table)
}

fn collect(dir: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        if path.is_dir() {
            if path.file_name().is_none_or(|name| name != "target") {
                collect(&path, files)?;
            }
        } else if path.extension().is_some_and(|extension| ["rs", "csv", "toml", "typ"].iter().any(|known| extension == *known)) {
            files.push(path);
        }
    }
    Ok(())
}

/// Files that are compiled for tests alone: of test directories, and modules that `#[cfg(test)]` stands before.
fn test_modules(texts: &[(PathBuf, String)]) -> BTreeSet<PathBuf> {
    let mut found = BTreeSet::new();
    for (path, text) in texts {
        if path.components().any(|part| part.as_os_str() == "tests") {
            found.insert(path.clone());
            continue;
        }
        let lines: Vec<&str> = text.lines().map(str::trim).collect();
        for (at, _) in lines.iter().enumerate().filter(|(_, line)| **line == "#[cfg(test)]") {
            let rest = &lines[at + 1..(at + 4).min(lines.len())];
            let named = rest.iter().find_map(|line| line.strip_prefix("#[path = \"")?.strip_suffix("\"]"));
            let module = rest.iter().find_map(|line| line.trim_start_matches("pub(crate) ").strip_prefix("mod ")?.strip_suffix(';'));
            let dir = path.parent().unwrap_or(Path::new("")).to_path_buf();
            let own = dir.join(path.file_stem().unwrap_or_default());
            match (named, module) {
                (Some(file), _) => found.extend([dir.join(file)]),
                (None, Some(module)) => found.extend([own.join(format!("{module}.rs")), dir.join(format!("{module}.rs"))]),
                (None, None) => {}
            }
        }
    }
    found
}

fn rust(path: &Path, text: &str, only_tests: bool, cited: &mut BTreeMap<String, Cited>) {
    let mut testing = only_tests;
    let (mut marked, mut test) = (false, None::<String>);
    let lines: Vec<&str> = text.lines().collect();
    for (at, line) in lines.iter().enumerate() {
        let trimmed = line.trim();
        if trimmed == "#[cfg(test)]" && lines[at + 1..].iter().take(2).any(|next| next.trim().trim_start_matches("pub(crate) ") == "mod tests {") {
            testing = true;
        }
        if !testing {
            place(line, &format!("{}:{}", path.display(), at + 1), cited);
            continue;
        }
        marked |= trimmed.starts_with("#[test]") || trimmed.starts_with("#[tokio::test");
        let name = trimmed.trim_start_matches("async ").strip_prefix("fn ").and_then(|rest| rest.split(['(', '<']).next());
        if let Some(name) = name {
            test = marked.then(|| name.to_owned());
            marked = false;
            let by_name = name.strip_prefix("r_").map(rules_of_name).unwrap_or_default();
            for rule in by_name.into_iter().filter(|_| test.is_some()) {
                cited.entry(rule).or_default().tests.insert(format!("{}::{name}", path.display()));
            }
        }
        if let Some(test) = &test {
            for rule in rules_of(line) {
                cited.entry(rule).or_default().tests.insert(format!("{}::{test}", path.display()));
            }
        }
    }
}

fn place(line: &str, place: &str, cited: &mut BTreeMap<String, Cited>) {
    for rule in rules_of(line) {
        cited.entry(rule).or_default().code.insert(place.to_owned());
    }
}

/// `fil_13_and_21_every_paper` names R-FIL-13 and R-FIL-21; `fee_01_worked_and_r_fee_11_halves` both of its rules.
fn rules_of_name(name: &str) -> Vec<String> {
    let (mut found, mut area) = (vec![], String::new());
    for part in name.split('_') {
        let digits = part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
        if part.len() == 3 && part.bytes().all(|byte| byte.is_ascii_lowercase()) && part != "and" {
            area = part.to_uppercase();
        } else if digits && !area.is_empty() {
            found.push(format!("R-{area}-{part}"));
        } else if part != "r" && part != "and" && part != "to" {
            area.clear();
        }
    }
    found
}

/// Rules of a text, ranges (`R-FIL-10..12`) with all that lie in them; the letter of a period (`R-FIL-11b`) is its rule's.
fn rules_of(text: &str) -> Vec<String> {
    let bytes = text.as_bytes();
    let digits = |at: usize| {
        let two = bytes.get(at..at + 2)?;
        if two.iter().all(u8::is_ascii_digit) { Some(u32::from(two[0] - b'0') * 10 + u32::from(two[1] - b'0')) } else { None }
    };
    let mut found = vec![];
    for (at, _) in text.match_indices("R-") {
        let Some(area) = text.get(at + 2..at + 5).filter(|area| area.bytes().all(|byte| byte.is_ascii_uppercase())) else { continue };
        if bytes.get(at + 5) != Some(&b'-') {
            continue;
        }
        let Some(first) = digits(at + 6) else { continue };
        let last = if text.get(at + 8..at + 10) == Some("..") { digits(at + 10).unwrap_or(first) } else { first };
        found.extend((first..=last.max(first)).map(|number| format!("R-{area}-{number:02}")));
    }
    found
}

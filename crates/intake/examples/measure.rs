//! Measures reading against the truth of sample scans: character error rate, kinds, fields, pages a second.
//!
//! `cargo run --release -p intake --example measure -- DIR [--half development|test] [--only p003,p004] [--show] [--upright OUT]`
use intake::{Kind, Limits, Page, engine};
use std::collections::BTreeMap;
use std::path::Path;

/// As in the server, whose binary is the worker.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

struct Arguments {
    dir: String,
    half: Option<String>,
    only: Vec<String>,
    show: bool,
    upright: Option<String>,
}

fn arguments() -> Arguments {
    let mut arguments = Arguments { dir: String::new(), half: None, only: vec![], show: false, upright: None };
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--half" => arguments.half = args.next(),
            "--only" => arguments.only = args.next().unwrap_or_default().split(',').map(str::to_owned).collect(),
            "--upright" => arguments.upright = args.next(),
            "--show" => arguments.show = true,
            _ => arguments.dir = arg,
        }
    }
    arguments
}

/// NFKC as far as these papers need it, white space dropped.
fn plain(text: &str) -> Vec<char> {
    text.chars()
        .filter(|c| !c.is_whitespace() && *c != '\u{3000}')
        .map(|c| match c {
            '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
            '￥' => '¥',
            c => c,
        })
        .collect()
}

fn distance(a: &[char], b: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let above = row[j + 1];
            row[j + 1] = if x == y { diagonal } else { 1 + diagonal.min(above).min(row[j]) };
            diagonal = above;
        }
    }
    row[b.len()]
}

#[derive(Default)]
struct Tally {
    pages: usize,
    chars: usize,
    errors: usize,
    kinds: usize,
    fields: usize,
    exact: usize,
    sure: usize,
    sure_wrong: Vec<String>,
    false_digits: usize,
    reported: usize,
    seconds: f64,
}

impl Tally {
    fn add(&mut self, other: &Self) {
        self.pages += other.pages;
        self.chars += other.chars;
        self.errors += other.errors;
        self.kinds += other.kinds;
        self.fields += other.fields;
        self.exact += other.exact;
        self.sure += other.sure;
        self.sure_wrong.extend(other.sure_wrong.iter().cloned());
        self.false_digits += other.false_digits;
        self.reported += other.reported;
        self.seconds += other.seconds;
    }

    fn print(&self, name: &str) {
        let percent = |a: usize, b: usize| if b == 0 { 0.0 } else { 100.0 * a as f64 / b as f64 };
        println!(
            "| {name} | {} | {:.2} % | {}/{} | {}/{} ({:.1} %) | {} ({} wrong) | {}/{} | {:.2} |",
            self.pages,
            percent(self.errors, self.chars),
            self.kinds,
            self.pages,
            self.exact,
            self.fields,
            percent(self.exact, self.fields),
            self.sure,
            self.sure_wrong.len(),
            self.reported,
            self.false_digits,
            self.seconds / self.pages.max(1) as f64
        );
    }
}

fn same(truth: &serde_json::Value, read: &str) -> bool {
    let value = truth["value"].as_str().unwrap_or_default();
    if plain(value) == plain(read) {
        return true;
    }
    let Some(norm) = truth["norm"].as_str() else { return false };
    intake::amount::date(read).as_deref() == Some(norm)
        || intake::amount::fen(read).is_some_and(|fen| format!("{}.{:02}", fen / 100, fen % 100) == norm)
}

fn judge(page: &Page, truth: &serde_json::Value, text: &str, show: bool, name: &str) -> Tally {
    let (got, want) = (plain(&page.text), plain(text));
    let errors = distance(&got, &want);
    let mut tally = Tally { pages: 1, chars: want.len(), errors, seconds: page.seconds, ..Tally::default() };
    let kind: Option<Kind> = serde_json::from_value(truth["kind"].clone()).ok();
    tally.kinds = usize::from(kind == Some(page.kind.value));
    let mut missed = Vec::new();
    let none = vec![];
    let expected = truth["fields"].as_array().unwrap_or(&none);
    for field in expected {
        let name = field["name"].as_str().unwrap_or_default();
        let candidates: Vec<_> = page.fields.iter().filter(|f| f.name == name).collect();
        tally.fields += 1;
        if candidates.iter().any(|f| same(field, &f.value)) {
            tally.exact += 1;
        } else {
            missed.push(format!(
                "{name}: {} <> {:?}",
                field["value"].as_str().unwrap_or_default(),
                candidates.iter().map(|f| &f.value).collect::<Vec<_>>()
            ));
        }
    }
    // The truth names the page, not the number: one on it, read as it stands, must carry a problem.
    if truth["wrong_check_digit"].as_bool() == Some(true) {
        let numbers = page.fields.iter().filter(|f| f.name.ends_with("id_number") || f.name.ends_with("credit_code"));
        let told = numbers.filter(|f| !f.problems.is_empty()).any(|f| expected.iter().any(|t| t["name"] == f.name.as_str() && same(t, &f.value)));
        tally.false_digits += 1;
        tally.reported += usize::from(told);
    }
    for field in page.fields.iter().filter(|f| f.sure) {
        tally.sure += 1;
        let right = expected.iter().any(|t| t["name"] == field.name.as_str() && same(t, &field.value));
        if !right {
            tally.sure_wrong.push(format!("{name} {}: {}", field.name, field.value));
        }
    }
    if show {
        println!(
            "== {name} {} kind {:?} {:.2} cer {:.2} % {:.2} s turned {}",
            truth["degradations"],
            page.kind.value,
            page.kind.confidence,
            100.0 * errors as f64 / want.len() as f64,
            page.seconds,
            page.rotation
        );
        for line in missed {
            println!("   {line}");
        }
    }
    tally
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments = arguments();
    let split: BTreeMap<&str, &str> = include_str!("../samples/split.csv").lines().skip(1).filter_map(|l| l.split_once(',')).collect();
    let dir = Path::new(&arguments.dir);
    let mut names: Vec<String> = std::fs::read_dir(dir)?
        .flatten()
        .filter_map(|e| e.file_name().into_string().ok())
        .filter(|n| n.ends_with(".jpg") || n.ends_with(".png"))
        .collect();
    names.sort();
    let mut by_damage = BTreeMap::<String, Tally>::new();
    let mut total = Tally::default();
    for name in names {
        let stem = name.split('.').next().unwrap_or_default();
        let half = split.get(stem).copied();
        if arguments.half.as_deref().is_some_and(|wanted| half != Some(wanted))
            || !arguments.only.is_empty() && !arguments.only.iter().any(|o| o == stem)
        {
            continue;
        }
        let truth: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(dir.join(format!("{stem}.json")))?)?;
        let text = std::fs::read_to_string(dir.join(format!("{stem}.txt")))?;
        let file = intake::read(&std::fs::read(dir.join(&name))?, &name, engine::named(engine::USUAL)?, &Limits::default())?;
        let page = &file.pages[0];
        if let Some(to) = &arguments.upright {
            let jpeg = intake::upright(&std::fs::read(dir.join(&name))?, &name, 1, page.rotation, &Limits::default())?;
            std::fs::write(Path::new(to).join(format!("{stem}.jpg")), jpeg)?;
        }
        let tally = judge(page, &truth, &text, arguments.show, stem);
        if !arguments.only.is_empty() {
            println!("{}", page.text);
            for field in &page.fields {
                println!("   {} = {} {} {:?}", field.name, field.value, if field.sure { "sure" } else { "" }, field.problems);
            }
        }
        for damage in truth["degradations"].as_array().into_iter().flatten().filter_map(|d| d.as_str()) {
            by_damage.entry(damage.split(':').next().unwrap_or_default().to_owned()).or_default().add(&tally);
        }
        total.add(&tally);
    }
    println!("| damage | pages | CER | kinds | fields exact | sure | false digits reported | s/page |\n|---|---|---|---|---|---|---|---|");
    for (damage, tally) in &by_damage {
        tally.print(damage);
    }
    total.print("all");
    for wrong in &total.sure_wrong {
        println!("SURE AND WRONG: {wrong}");
    }
    Ok(())
}

//! `xiezhi draw --check`: a tribunal drawn again from the parties' record, without court, portal or network.
use anyhow::{Context, Result};
use procedure::draw::again::{Again, Record, again};
use serde_json::json;
use std::fs;
use std::path::Path;
use std::process::ExitCode;

/// Draws again and says every ticket; status 1 when the record is not what comes out.
pub fn check(file: &Path, as_json: bool) -> Result<ExitCode> {
    let text = fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    let record: Record = serde_json::from_str(&text)
        .with_context(|| format!("{} is no record of a draw; the portal's page 审判组织怎样抽出 gives one", file.display()))?;
    let again = again(&record);
    if as_json {
        println!("{}", told(&again))
    } else {
        print(&record, &again)
    }
    Ok(if again.differs.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn told(again: &Again) -> serde_json::Value {
    let rounds: Vec<_> = again
        .rounds
        .iter()
        .map(|round| {
            let line = |line: &procedure::draw::again::Line| {
                json!({
                    "person": line.candidate.person, "name": line.candidate.name, "load": line.candidate.load, "ticket": line.ticket, "seat": line.seat,
                    "out": line.out,
                })
            };
            json!({ "label": round.label, "tickets": round.lines.iter().map(line).collect::<Vec<_>>() })
        })
        .collect();
    json!({ "holds": again.differs.is_empty(), "differs": again.differs, "rounds": rounds })
}

fn print(record: &Record, again: &Again) {
    println!("{} {}", record.number.as_deref().unwrap_or(&record.receipt_no), record.tribunal.on);
    for round in &again.rounds {
        println!("{}:", round.label);
        for line in &round.lines {
            let end = match (line.seat, &line.out) {
                (Some(seat), _) => format!("seat {seat}"),
                (None, Some(reason)) => format!("left out: {reason}"),
                (None, None) => String::new(),
            };
            println!("  {} {} {} {end}", line.ticket, line.candidate.person, line.candidate.name);
        }
    }
    again.differs.iter().for_each(|words| println!("differs: {words}"));
    println!("{}", if again.differs.is_empty() { "the record holds" } else { "the record does not hold" });
}

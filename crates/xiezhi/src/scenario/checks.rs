//! 检查: what must hold when the story is told. Each line is found from two sides that do not know of each other.
mod bag;
mod draw;
mod shown;
mod trips;

use super::Story;
use super::people::{Citizen, persist};
use super::server::Start;
use crate::installation::Installation;
use crate::keep;
use crate::serve::Options;
use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};
use storage::Db;

fn holds(what: &str, found: &str) {
    println!("  ok  {what}: {found}");
}

/// Checks that ask the running server.
pub fn while_serving(story: &Story, which: super::Which, house: &Path, start: &Start) -> Result<()> {
    println!("\n检查 checks");
    let trust = fs::read(house.join("trust.keys")).context("trust.keys")?;
    story.keep("trust.keys", &trust)?;
    papers(story)?;
    shown::filed_is_shown(story)?;
    told(story)?;
    numbered_once(story)?;
    match which {
        super::Which::Whole => dates(story)?,
        super::Which::Default => dates_of_the_absent(story)?,
        super::Which::Preservation => dates_of_the_preserved(story)?,
    }
    trips::counted(story)?;
    let among = draw::again(&story.filing_clerk.case(&story.case)?)?;
    holds("draw", &format!("made again from the record: the same judge and clerk, among {among}"));
    come_to_rest(start)
}

/// How long what follows from the last step may take: a try that failed is made again after a minute.
const REST: Duration = Duration::from_secs(150);

/// Waits until neither zone has anything left to do: only then can be seen that nothing was forgotten.
fn come_to_rest(start: &Start) -> Result<()> {
    let since = Instant::now();
    while !at_rest(start)? {
        ensure!(since.elapsed() < REST, "jobs or envelopes still wait {} s after the last step", REST.as_secs());
        std::thread::sleep(Duration::from_millis(200));
    }
    Ok(())
}

/// Does nothing wait in either zone: no job, no envelope, no message to a telephone?
pub fn at_rest(start: &Start) -> Result<bool> {
    let (installation, court, portal) = zones(&start.data, start)?;
    let quiet = portal.read_blocking(|tx| {
        let letters = storage::outbox::waiting(tx, portal::store::ZONE, 1)?;
        let told = portal::store::messages::due(tx, false, jiff::Timestamp::MAX)?.is_none();
        Ok::<_, portal::Error>(letters.is_empty() && told)
    })?;
    Ok(quiet && court::at_rest(&court, &installation.settings.courts)?)
}

fn zones(house: &Path, start: &Start) -> Result<(Installation, Db, Db)> {
    let installation = Installation::open(house)?;
    let court = installation.court_db(start.court_db.as_deref())?;
    let portal = installation.portal_db(start.portal_db.as_deref())?;
    Ok((installation, court, portal))
}

/// Every paper that reached an inbox, with its completed receipt, as the person downloads them.
fn papers(story: &Story) -> Result<()> {
    for (who, person) in story.people() {
        let list = inbox(person)?;
        for paper in &list {
            let (id, name) = (text(paper, "id")?, text(paper, "name")?);
            let pdf = person.browser.get(&format!("/paper/{id}/file"))?.good()?.body;
            let receipt = persist("a receipt completed by the ledger", || {
                let receipt = person.browser.get(&format!("/paper/{id}/receipt"))?.good()?.body;
                Ok(complete(&receipt).then_some(receipt))
            })?;
            let file = format!("{who}-{name}-{}", &id[id.len().saturating_sub(6)..]);
            story.keep(&format!("{file}.pdf"), &pdf)?;
            story.keep(&format!("{file}.receipt"), &receipt)?;
        }
        holds(&format!("papers of the {who}"), &format!("{} downloaded with their receipts", list.len()));
    }
    Ok(())
}

/// Papers in a person's inbox.
fn inbox(person: &Citizen) -> Result<Vec<Value>> {
    let found = person.browser.json("/api/papers")?;
    Ok(found["papers"].as_array().context("papers of the inbox")?.clone())
}

fn text<'a>(value: &'a Value, name: &str) -> Result<&'a str> {
    value[name].as_str().with_context(|| format!("{name} of {value}"))
}

fn list<'a>(value: &'a Value, name: &str) -> Result<&'a Vec<Value>> {
    value[name].as_array().with_context(|| format!("{name}, a list"))
}

/// Does the receipt hold a proof of the log?
pub fn complete(receipt: &[u8]) -> bool {
    std::str::from_utf8(receipt)
        .ok()
        .and_then(|text| ledger::Receipt::parse(text).ok())
        .is_some_and(|receipt| matches!(receipt.state(), ledger::State::Logged))
}

/// Numbers and dates of this very story, reckoned by hand.
fn dates(story: &Story) -> Result<()> {
    let file = story.filing_clerk.file(&story.case)?;
    let case = &file["case"];
    ensure!(case["number"] == "(2026)粤4001民初1号", "the number is {}", case["number"]);
    ensure!(case["receipt_no"] == "4001-2026-0302-00001", "the receipt's number is {}", case["receipt_no"]);
    // Served on Friday 13 March: fifteen days end on Saturday the 28th, moved to Monday the 30th (R-DDL-02). First entered as
    // the 16th, the period would have ended on the 31st.
    let clocks = case["clocks"].as_array().context("clocks")?;
    let answer: Vec<&str> = clocks
        .iter()
        .filter(|clock| clock["anchor"].as_str().is_some_and(|anchor| anchor.starts_with("answer")))
        .filter_map(|clock| clock["clock"]["last_day"].as_str())
        .collect();
    ensure!(answer.first() == Some(&"2026-03-31") && answer.last() == Some(&"2026-03-30"), "the periods for the answer ended on {answer:?}");
    // Served on 20 April: fifteen days end on 5 May, a holiday, moved to the 6th; in force the day after (R-DDL-02, R-APL-01).
    ensure!(case["effective_on"] == "2026-05-07", "in force from {}", case["effective_on"]);
    holds("dates and numbers", "as reckoned by hand");
    Ok(())
}

/// The dates of the story of an absent defendant, reckoned by hand.
fn dates_of_the_absent(story: &Story) -> Result<()> {
    let file = story.filing_clerk.file(&story.case)?;
    let case = &file["case"];
    let clocks = case["clocks"].as_array().context("clocks")?;
    let last = |anchor: &str| {
        let mut all = clocks.iter().filter(|clock| clock["anchor"].as_str().is_some_and(|text| text.starts_with(anchor)));
        all.next_back().and_then(|clock| clock["clock"]["last_day"].as_str()).unwrap_or("").to_owned()
    };
    // Announced on 20 March: the thirtieth day is Sunday 19 April, moved to the 20th; fifteen days to answer end on 5 May, a
    // holiday, moved to the 6th (R-SVC-30, R-FIL-21, R-DDL-02).
    ensure!(last("announcement/1") == "2026-04-20", "the announcement ended on {}", last("announcement/1"));
    ensure!(last("answer/") == "2026-05-06", "the time to answer ended on {}", last("answer/"));
    // Six months from 9 March end on 9 September; the 32 days of the announcement do not count: 11 October, a Sunday (R-LIM-31).
    ensure!(last("trial") == "2026-10-12", "the period of trial ends on {}", last("trial"));
    // The judgment announced on 14 May: 13 June is a Saturday, moved to the 15th; fifteen days end on the 30th (R-APL-01).
    ensure!(last("announcement/2") == "2026-06-15", "the second announcement ended on {}", last("announcement/2"));
    ensure!(case["effective_on"] == "2026-07-01", "in force from {}", case["effective_on"]);
    ensure!(case["fee"]["due"] == 371_860, "the whole fee is {}", case["fee"]["due"]);
    holds("dates and numbers", "as reckoned by hand");
    Ok(())
}

/// The dates of the story of a preservation, reckoned by hand.
fn dates_of_the_preserved(story: &Story) -> Result<()> {
    let file = story.filing_clerk.file(&story.case)?;
    let case = &file["case"];
    let clocks = case["clocks"].as_array().context("clocks")?;
    let ended = |anchor: &str| -> Vec<&str> {
        let all = clocks.iter().filter(|clock| clock["anchor"].as_str().is_some_and(|text| text.starts_with(anchor)));
        all.filter_map(|clock| clock["clock"]["last_day"].as_str()).collect()
    };
    ensure!(case["number"] == "(2026)粤4001财保1号", "the number is {}", case["number"]);
    // Asked for on Monday 2 March: forty-eight hours from the next hour end on the 4th (R-PRV-03, R-DDL-09).
    ensure!(ended("matter/1") == ["2026-03-04"], "the time to rule ended on {:?}", ended("matter/1"));
    // Frozen on the 3rd: thirty days to sue end on Thursday 2 April (R-PRV-07); the year is up on 3 March 2027, seven days before
    // which is 24 February (R-PRV-09).
    ensure!(ended("suit") == ["2026-04-02"], "the time to sue ended on {:?}", ended("suit"));
    ensure!(ended("hold/1") == ["2027-03-03", "2028-03-03"], "the measure held until {:?}", ended("hold/1"));
    ensure!(ended("renewal/1").first() == Some(&"2027-02-24"), "renewal was to be asked for until {:?}", ended("renewal/1"));
    // The ruling reached him on Wednesday the 4th: five days end on Monday the 9th (R-PRV-15).
    ensure!(ended("reconsideration/").last() == Some(&"2026-03-09"), "the review was open until {:?}", ended("reconsideration/"));
    ensure!(case["fee"]["due"] == 127_000, "the fee is {}", case["fee"]["due"]);
    ensure!(case["suit"][0] == "(2026)粤4001民初1号", "the suit is {}", case["suit"]);
    ensure!(!case["measures"][0]["state"]["lifted"].is_null(), "the measure is {}", case["measures"][0]["state"]);
    holds("dates and numbers", "as reckoned by hand");
    Ok(())
}

/// Every paper in an inbox was announced on the telephone, once.
fn told(story: &Story) -> Result<()> {
    let mut count = 0;
    for (_, person) in story.people() {
        let messages = person.messages()?;
        for paper in inbox(person)?.iter().filter(|paper| paper["proof_of"].is_null()) {
            let id = text(paper, "id")?;
            let times = messages.iter().filter(|message| message.contains(id)).count();
            ensure!(times == 1, "{} was told {times} times of paper {id}", person.name);
            count += 1;
        }
    }
    ensure!(count > 0, "no paper reached an inbox");
    holds("owed = sent (telephone)", &format!("{count} papers announced, each once"));
    Ok(())
}

/// No number of a receipt was given twice, and no paper lies in an inbox twice.
fn numbered_once(story: &Story) -> Result<()> {
    let (mut numbers, mut ids) = (BTreeSet::new(), BTreeSet::new());
    for (_, person) in story.people() {
        for submission in list(&person.browser.json("/api/cases")?, "submissions")? {
            let number = text(submission, "receipt_no")?;
            ensure!(numbers.insert(number.to_owned()), "receipt {number} was given twice");
        }
        for paper in inbox(person)? {
            let id = text(&paper, "id")?;
            ensure!(ids.insert(format!("{}/{id}", person.name)), "paper {id} lies twice in the inbox of {}", person.name);
        }
    }
    ensure!(!numbers.is_empty() && !ids.is_empty(), "nothing was counted");
    holds("nothing twice (portal)", &format!("{} receipts and {} papers, each once", numbers.len(), ids.len()));
    Ok(())
}

/// Checks over the data directory, the server being stopped. All are made, so that one damage does not hide another.
pub fn after(out: &Path, house: &Path, start: &Start) -> Result<()> {
    let installation = Installation::open(house)?;
    let options = Options { court_db: start.court_db.clone(), portal_db: start.portal_db.clone(), fonts: None };
    let done = [offline(out), bag::check(out), replay(&installation, &options), accounted(&installation, &options)];
    let failed: Vec<String> = done.into_iter().filter_map(Result::err).map(|error| format!("{error:#}")).collect();
    ensure!(failed.is_empty(), "{}", failed.join("\n"));
    Ok(())
}

fn replay(installation: &Installation, options: &Options) -> Result<()> {
    let replayed = keep::replay(installation, options).context("replay")?;
    ensure!(replayed.differ.is_empty() && replayed.cases > 0, "replay differs: {}", replayed.differ.join(", "));
    let views = replayed.views.context("replay: envelopes are still under way, the portal's views were not compared")?;
    ensure!(views > 0, "replay: the portal shows nothing");
    holds("replay", &format!("{} cases and {views} views of the portal equal their events", replayed.cases));
    Ok(())
}

/// Owed = sent, kept, received, nothing twice: in the tables of both zones, and in the log.
fn accounted(installation: &Installation, options: &Options) -> Result<()> {
    let keep::Accounted { papers: owed, files, submissions: received, counted, wrong } = keep::account(installation, options)?;
    ensure!(wrong.is_empty(), "{}", wrong.join("\n"));
    let received = received.context("the portal's tables were not read")?;
    ensure!(owed > 0 && files > 0 && received > 0, "nothing was found: {owed} papers, {files} files, {received} submissions");
    holds("owed = sent (rules and events against outbox and tasks)", &format!("{owed} papers"));
    holds("kept", &format!("{files} files as they were handed in or issued"));
    holds("received", &format!("{received} submissions with their receipts and files, each taken and answered"));
    let court::Counted { events, papers, numbers, payments, envelopes, submissions, records } = counted;
    ensure!([papers, numbers, payments, envelopes, submissions, records].iter().all(|count| *count > 0), "nothing was counted: {counted:?}");
    let counts =
        format!("{events} events, {papers} papers, {numbers} numbers, {payments} payments, {envelopes} envelopes, {submissions} submissions");
    holds("nothing twice (court)", &counts);
    logged(installation, records)
}

/// Every record of the tables stands once in the log, and nothing else does but the beginnings of epochs.
fn logged(installation: &Installation, records: usize) -> Result<()> {
    let log = installation.log()?;
    let all = log.audit()?;
    let mut epochs = 0;
    for index in 0..all {
        let entry: Value = serde_json::from_slice(&log.entry(index)?).with_context(|| format!("entry {index} of the log"))?;
        epochs += u64::from(entry["kind"] == "epoch");
    }
    ensure!(all - epochs == records as u64, "the log holds {all} records, {epochs} of them epochs, the tables name {records}");
    holds("ledger", &format!("{all} records, all hashes hold, each once"));
    Ok(())
}

/// Runs the small verifier that knows nothing of the house; its words are the error.
fn verified(receipt: &Path, file: Option<&Path>, trust: &Path) -> Result<()> {
    let verify = std::env::current_exe()?.with_file_name("xiezhi-verify");
    let mut command = Command::new(&verify);
    command.arg(receipt).args(file).arg("--trust").arg(trust);
    let done = command.output().with_context(|| verify.display().to_string())?;
    ensure!(done.status.success(), "{}: {}{}", receipt.display(), String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
    Ok(())
}

/// Each paper with its receipt, offline.
fn offline(out: &Path) -> Result<()> {
    let trust = out.join("trust.keys");
    let with = |ending: &str| -> Result<Vec<PathBuf>> {
        let mut found: Vec<PathBuf> = fs::read_dir(out)?.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
        found.retain(|path| path.extension().is_some_and(|extension| extension == ending));
        found.sort();
        Ok(found)
    };
    let (receipts, papers) = (with("receipt")?, with("pdf")?);
    for receipt in &receipts {
        let file = receipt.with_extension("pdf");
        verified(receipt, file.exists().then_some(&*file), &trust)?;
    }
    for paper in &papers {
        ensure!(paper.with_extension("receipt").exists(), "{} has no receipt", paper.display());
    }
    // The check itself can fail: one byte of a paper, and it is red.
    let Some(first) = papers.first() else { bail!("no paper was kept") };
    let mut bytes = fs::read(first)?;
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    let forged = out.join("house/forged.pdf");
    fs::write(&forged, &bytes)?;
    let passed = verified(&first.with_extension("receipt"), Some(&forged), &trust).is_ok();
    fs::remove_file(&forged)?;
    ensure!(!passed, "a paper with one byte changed passed");
    holds("offline verification", &format!("{} receipts hold, one byte changed is red", receipts.len()));
    Ok(())
}

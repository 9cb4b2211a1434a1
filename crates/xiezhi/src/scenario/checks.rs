//! 检查: what must hold when the story is told. Each line is found from two sides that do not know of each other.
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
use storage::Digest;

fn holds(what: &str, found: &str) {
    println!("  ok  {what}: {found}");
}

/// Checks that ask the running server.
pub fn while_serving(story: &Story, house: &Path) -> Result<()> {
    println!("\n检查 checks");
    papers(story)?;
    filed_is_shown(story)?;
    told(story)?;
    dates(story)?;
    let trust = fs::read(house.join("trust.keys")).context("trust.keys")?;
    story.keep("trust.keys", &trust)?;
    Ok(())
}

/// Every paper that reached an inbox, with its completed receipt, as the person downloads them.
fn papers(story: &Story) -> Result<()> {
    for (who, person) in [("plaintiff", &story.plaintiff), ("defendant", &story.defendant)] {
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

/// Does the receipt hold a proof of the log?
pub fn complete(receipt: &[u8]) -> bool {
    std::str::from_utf8(receipt)
        .ok()
        .and_then(|text| ledger::Receipt::parse(text).ok())
        .is_some_and(|receipt| matches!(receipt.state(), ledger::State::Logged))
}

/// Filed = shown (house invariant 1): what the plaintiff handed in is what both sides are shown, byte for byte.
fn filed_is_shown(story: &Story) -> Result<()> {
    let court = story.filing_clerk.file(&story.case)?;
    let root = text(&court, "root")?;
    for (who, person) in [("plaintiff", &story.plaintiff), ("defendant", &story.defendant)] {
        let view = person.case(&story.case)?;
        ensure!(text(&view, "root")? == root, "the root digest shown to the {who} is not the court's");
        let shown: BTreeSet<&str> = view["items"].as_array().context("items")?.iter().filter_map(|item| item["sha256"].as_str()).collect();
        for (name, digest) in &story.handed_in {
            ensure!(shown.contains(digest.as_str()), "{name}, handed in, is not shown to the {who}");
        }
    }
    let own = story.plaintiff.case(&story.case)?;
    let mut compared = 0;
    for item in own["items"].as_array().context("items")? {
        let path = format!("/case/{}/file/{}", story.case, item["number"]);
        let page = story.plaintiff.browser.get(&path)?;
        // Items of the other side are read through the court's reader, not kept in the portal.
        if page.status == 200 {
            ensure!(Digest::of(&page.body).to_string() == text(item, "sha256")?, "{path} gives other bytes than were filed");
            compared += 1;
        }
    }
    holds(
        "filed = shown",
        &format!("{} files handed in, {compared} compared byte for byte, root {}…", story.handed_in.len(), &root[..12.min(root.len())]),
    );
    Ok(())
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
    let trips = case["hearings"][0]["attendance"].as_array().context("attendance")?.iter().filter(|one| one["presence"] == "in_person").count();
    ensure!(trips == 2, "{trips} came to the court");
    holds("dates and numbers", "as reckoned by hand; one trip to the court for each party");
    Ok(())
}

/// Every paper in an inbox was announced on the telephone.
fn told(story: &Story) -> Result<()> {
    let mut count = 0;
    for person in [&story.plaintiff, &story.defendant] {
        let messages = person.messages()?;
        for paper in inbox(person)?.iter().filter(|paper| paper["proof_of"].is_null()) {
            let id = text(&paper, "id")?;
            ensure!(messages.iter().any(|message| message.contains(id)), "{} was not told of paper {id}", person.name);
            count += 1;
        }
    }
    holds("owed = sent (telephone)", &format!("{count} papers announced"));
    Ok(())
}

/// Checks over the data directory, the server being stopped.
pub fn after(out: &Path, house: &Path, start: &Start) -> Result<()> {
    offline(out)?;
    bag(out)?;
    let installation = Installation::open(house)?;
    let options = Options { court_db: start.court_db.clone(), portal_db: start.portal_db.clone(), fonts: None };
    let (cases, wrong) = keep::replay(&installation, &options)?;
    ensure!(wrong.is_empty() && cases > 0, "replay differs for {}", wrong.join(" "));
    holds("replay", &format!("{cases} cases, tables equal their events"));
    let db = installation.court_db(options.court_db.as_deref())?;
    let (owed, forgotten) = court::check_owed(&db, &installation.settings.courts)?;
    ensure!(forgotten.is_empty(), "forgotten: {}", serde_json::to_string(&forgotten)?);
    holds("owed = sent (events against outbox and tasks)", &format!("{owed} papers"));
    let (files, lost) = court::check_files(&db, &installation.settings.courts)?;
    ensure!(lost.is_empty(), "lost: {}", serde_json::to_string(&lost)?);
    holds("kept", &format!("{files} files as they were handed in or issued"));
    let log = installation.log()?;
    holds("ledger", &format!("{} records, all hashes hold", log.audit()?));
    Ok(())
}

/// The archive package: every file of it as its manifests say, and the digest of its tag manifest in the receipt.
fn bag(out: &Path) -> Result<()> {
    let dir = out.join("archive");
    let mut count = 0;
    for line in fs::read_to_string(dir.join("manifest-sha256.txt")).context("the package's manifest")?.lines() {
        let (digest, path) = line.split_once("  ").with_context(|| format!("a line of the manifest: {line}"))?;
        let bytes = fs::read(dir.join(path)).with_context(|| format!("{path} of the package"))?;
        ensure!(Digest::of(&bytes).to_string() == digest, "{path} of the package is another than its manifest says");
        count += 1;
    }
    ensure!(count > 0, "the package is empty");
    let receipt = fs::read_to_string(out.join("archive.receipt"))?;
    let receipt = ledger::Receipt::parse(&receipt)?;
    let zip = Digest::of(&fs::read(out.join("archive.zip"))?).to_string();
    let named = receipt.content().facts.values().any(|fact| *fact == zip);
    ensure!(named, "the receipt of the archiving does not name the package");
    holds("archive package", &format!("{count} files as the manifest says, named in the receipt"));
    Ok(())
}

/// Each paper with its receipt, by the small verifier that knows nothing of the house.
fn offline(out: &Path) -> Result<()> {
    let verify = std::env::current_exe()?.with_file_name("xiezhi-verify");
    let trust = out.join("trust.keys");
    let mut receipts: Vec<PathBuf> = fs::read_dir(out)?.filter_map(|entry| Some(entry.ok()?.path())).collect();
    receipts.retain(|path| path.extension().is_some_and(|extension| extension == "receipt"));
    receipts.sort();
    let run = |receipt: &Path, file: &Path| Command::new(&verify).arg(receipt).arg(file).arg("--trust").arg(&trust).output();
    for receipt in &receipts {
        let file = receipt.with_extension("pdf");
        let files: Vec<&Path> = if file.exists() { vec![&file] } else { vec![] };
        let mut command = Command::new(&verify);
        let done = command.arg(receipt).args(&files).arg("--trust").arg(&trust).output().with_context(|| verify.display().to_string())?;
        ensure!(done.status.success(), "{}: {}", receipt.display(), String::from_utf8_lossy(&done.stdout));
    }
    ensure!(!receipts.is_empty(), "no paper was kept");
    // The check itself can fail: one byte of a paper, and it is red.
    let Some(first) = receipts.iter().find(|receipt| receipt.with_extension("pdf").exists()) else { bail!("no paper with a receipt") };
    let mut bytes = fs::read(first.with_extension("pdf"))?;
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    let forged = out.join("house/forged.pdf");
    fs::write(&forged, &bytes)?;
    ensure!(!run(first, &forged)?.status.success(), "a paper with one byte changed passed");
    fs::remove_file(&forged)?;
    holds("offline verification", &format!("{} receipts hold, one byte changed is red", receipts.len()));
    Ok(())
}

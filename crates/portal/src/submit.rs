//! 提交: one transaction makes the submission, its numbered and signed receipt, and the row for the bridge. Its commit is
//! the legal time (R-FIL-10); whoever retries gets what the first attempt got.
use crate::store::cases::{self, Handed, State, Submission};
use crate::{Error, Portal, bridge};
use exchange::message::{Card, Request, ToCourt};
use jiff::Timestamp;
use jiff::tz::Offset;
use ledger::{Content, FileDigest, Kind, Receipt, Stamp};
use procedure::{CaseId, Command, PersonId};
use storage::{Tx, counters};
use uuid::Uuid;

/// Something to be submitted, made ready outside of the transaction.
#[derive(Clone)]
pub(crate) struct New {
    /// The same for every retry of one submission; unique.
    pub attempt: String,
    pub account: PersonId,
    /// Who handed it in, for the receipt.
    pub name: String,
    pub court: String,
    pub case: CaseId,
    pub title: String,
    pub command: Command,
    pub expected: Option<u64>,
    pub cards: Vec<Card>,
    /// For whom an agent of several acts.
    pub for_person: Option<PersonId>,
    /// 签名验证码 as it was typed, for steps that want one.
    pub code: String,
    /// What is handed in; the bytes are among the contents already.
    pub files: Vec<Handed>,
    /// Device and address, for the record of the act (R-IDC-02).
    pub device: String,
}

/// What every submission leaves behind, whatever it tells the court.
#[derive(Clone)]
pub(crate) struct Record {
    pub attempt: String,
    pub account: PersonId,
    pub name: String,
    pub court: String,
    pub case: CaseId,
    pub title: String,
    pub step: &'static str,
    /// What the receipt says was done.
    pub done: &'static str,
    pub kind: Kind,
    pub files: Vec<Handed>,
    pub device: String,
}

/// Submits, or gives back what an earlier attempt made.
pub(crate) fn submit(tx: &mut Tx, portal: &Portal, new: &New) -> Result<Submission, Error> {
    printable(new)?;
    let step = new.command.step();
    let record = Record {
        attempt: new.attempt.clone(),
        account: new.account,
        name: new.name.clone(),
        court: new.court.clone(),
        case: new.case,
        title: new.title.clone(),
        step: step.name,
        done: step.zh,
        kind: if matches!(new.command, Command::SubmitFiling(_)) { Kind::FilingReceipt } else { Kind::Submission },
        files: new.files.clone(),
        device: new.device.clone(),
    };
    submit_as(tx, portal, &record, |submission, receipt| {
        let mut command = new.command.clone();
        stamp_command(&mut command, &submission.receipt_no, submission.at);
        ToCourt::Act(Box::new(Request {
            submission: submission.id,
            court: new.court.clone(),
            case: new.case,
            account: new.account,
            command,
            expected_version: new.expected,
            at: submission.at,
            receipt_no: submission.receipt_no.clone(),
            receipt: receipt.to_owned(),
            cards: new.cards.clone(),
            for_person: new.for_person,
            code: new.code.clone(),
        }))
    })
}

/// What no paper could print is refused before it gets a number (R-TYP-04).
fn printable(new: &New) -> Result<(), Error> {
    let odd = |refusal: procedure::Refusal| Error::input(refusal.field().unwrap_or("text"), refusal.zh());
    procedure::step::printable(&new.command).map_err(odd)?;
    let card = |card: &Card| serde_json::to_value(card).map_or(Ok(()), |card| procedure::printable::check(&card));
    new.cards.iter().try_for_each(card).map_err(odd)
}

/// The transaction of every submission: number, receipt, row, message.
pub(crate) fn submit_as(tx: &mut Tx, portal: &Portal, record: &Record, message: impl Fn(&Submission, &str) -> ToCourt) -> Result<Submission, Error> {
    if let Some(before) = cases::by_attempt(tx, &record.attempt)? {
        return same_person(before, record.account);
    }
    let at = portal.now();
    let receipt_no = next_number(tx, &record.court, at)?;
    let receipt = receipt(portal, record, &receipt_no, at)?;
    let submission = Submission {
        id: Uuid::now_v7(),
        account: record.account,
        target: record.court.clone(),
        case: record.case,
        step: record.step.to_owned(),
        receipt_no: receipt_no.clone(),
        title: record.title.clone(),
        at,
        state: State::Awaiting,
        answer: None,
        device: record.device.chars().take(300).collect(),
        files: record.files.clone(),
    };
    cases::put(tx, &record.attempt, &submission)?;
    cases::put_receipt(tx, &record.court, &receipt_no, &receipt)?;
    let mut digests: Vec<String> = record.files.iter().map(|file| file.sha256.clone()).collect();
    digests.sort_unstable();
    digests.dedup();
    bridge::send(tx, &portal.config().key, submission.id, &message(&submission, &receipt), digests, at)?;
    Ok(submission)
}

/// An attempt's key belongs to who made it first.
pub(crate) fn same_person(before: Submission, account: PersonId) -> Result<Submission, Error> {
    if before.account == account { Ok(before) } else { Err(Error::Missing("submission")) }
}

/// 收件编号: digits of the court's code, day, gap-free serial (`4001-2026-0908-00417`).
pub(crate) fn next_number(tx: &mut Tx, court: &str, at: Timestamp) -> Result<String, Error> {
    let day = procedure::step::day_of(at);
    let serial = counters::next(tx, court, &format!("receipt/{day}"))?;
    let digits: String = court.chars().filter(char::is_ascii_digit).collect();
    Ok(format!("{digits:0>4}-{:04}-{:02}{:02}-{serial:05}", day.year(), day.month(), day.day()))
}

/// What only the transaction knows goes into the command: number and time.
fn stamp_command(command: &mut Command, receipt_no: &str, at: Timestamp) {
    if let Command::SubmitFiling(filing) = command {
        receipt_no.clone_into(&mut filing.receipt_no);
        for choice in &mut filing.choices {
            choice.at = at;
        }
    }
}

/// The moment as receipts write it, in the courts' zone.
pub(crate) fn stamp(at: Timestamp) -> Result<Stamp, Error> {
    let local = Offset::constant(8).to_datetime(at);
    Ok(Stamp::parse(&format!("{}+08:00", local.strftime("%Y-%m-%dT%H:%M:%S")))?)
}

fn receipt(portal: &Portal, record: &Record, no: &str, at: Timestamp) -> Result<String, Error> {
    let mut content = Content::new(record.kind, no, &short(&record.title, 290), &record.court, &stamp(at)?);
    content.facts.insert("事项".into(), record.done.into());
    content.facts.insert("提交人".into(), short(&record.name, 290));
    content.facts.insert("受诉法院".into(), portal.court_name(&record.court));
    content.files = record
        .files
        .iter()
        .map(|file| FileDigest {
            bytes: file.bytes,
            name: short(&file.name, 250),
            pages: Some(file.pages).filter(|pages| *pages > 0),
            sha256: file.sha256.clone(),
            sm3: None,
        })
        .collect();
    Ok(Receipt::issue(content, &portal.config().receipt_key)?.to_text())
}

/// Plain text of at most `most` bytes, as a receipt takes it: without control and direction marks, cut between characters.
fn short(text: &str, most: usize) -> String {
    let marks = |c: char| c.is_control() || matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
    let mut plain = String::new();
    for letter in text.chars().filter(|c| !marks(*c)) {
        if plain.len() + letter.len_utf8() > most {
            break;
        }
        plain.push(letter);
    }
    if plain.trim().is_empty() { "（未写名称）".to_owned() } else { plain }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_receipts_are_plain_and_cut_between_characters() {
        assert_eq!(short("借条\u{202e}gpj.exe\n", 80), "借条gpj.exe");
        assert_eq!(short(&"借".repeat(100), 10), "借借借");
        assert_eq!(short("\u{200e}", 10), "（未写名称）");
    }

    #[test]
    fn the_stamp_is_the_courts_own_time() {
        let at: Timestamp = "2026-03-02T16:30:00.250Z".parse().expect("a time");
        assert_eq!(stamp(at).expect("a stamp").as_str(), "2026-03-03T00:30:00+08:00");
    }
}

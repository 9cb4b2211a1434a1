//! 收存齐全: what the portal gave a receipt for and what lies in its inboxes is there, byte for byte, and was told or is on its
//! way (house invariants 1 and 3). Each is found from a table that does not know of the other.
use crate::store::{ZONE, cases, messages};
use crate::{Error, State, Submission};
use procedure::PersonId;
use std::collections::BTreeSet;
use storage::{Db, Tx, blobs, outbox};
use uuid::Uuid;

/// Something that ought to be there and is not.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Missing {
    /// Number of a receipt, or id of a paper.
    pub of: String,
    pub what: &'static str,
}

/// A submission that is across: its court has taken it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Across {
    pub submission: Uuid,
    pub receipt_no: String,
    /// Has the court's answer come back?
    pub answered: bool,
}

/// What the portal's tables hold.
#[derive(Debug, Clone, Default)]
pub struct Whole {
    pub submissions: usize,
    pub papers: usize,
    pub missing: Vec<Missing>,
    pub across: Vec<Across>,
}

/// Reads every submission and every paper with its files, one at a time: nobody who writes waits for all of it.
pub fn check_whole(db: &Db) -> Result<Whole, Error> {
    let mut whole = Whole::default();
    for submission in db.read_blocking(cases::all)? {
        whole.submissions += 1;
        let (missing, across) = db.read_blocking(move |tx| of_submission(tx, &submission))?;
        whole.missing.extend(missing);
        whole.across.extend(across);
    }
    let (papers, told) = db.read_blocking(|tx| Ok::<_, Error>((cases::all_papers(tx)?, messages::papers_told(tx)?)))?;
    let told: BTreeSet<(PersonId, String)> = told.into_iter().collect();
    let held: BTreeSet<(PersonId, String)> = papers.iter().map(|paper| (paper.account, paper.id.to_string())).collect();
    let gone = told.difference(&held).map(|(_, of)| Missing { of: of.clone(), what: "paper that was announced" });
    whole.missing.extend(gone);
    for paper in papers {
        whole.papers += 1;
        let of = paper.id.to_string();
        // A certificate of service comes along quietly.
        if paper.proof_of.is_none() && !told.contains(&(paper.account, of.clone())) {
            whole.missing.push(Missing { of: of.clone(), what: "message to the telephone" });
        }
        if !db.read_blocking(move |tx| kept(tx, &paper.sha256))? {
            whole.missing.push(Missing { of, what: "file of a paper" });
        }
    }
    Ok(whole)
}

/// What is missing of a submission, and that it is across.
fn of_submission(tx: &mut Tx, submission: &Submission) -> Result<(Vec<Missing>, Option<Across>), Error> {
    let (mut missing, mut across) = (Vec::new(), None);
    let mut miss = |what| missing.push(Missing { of: submission.receipt_no.clone(), what });
    let receipt = cases::receipt(tx, &submission.target, &submission.receipt_no)?;
    if receipt.and_then(|text| ledger::Receipt::parse(&text).ok()).is_none() {
        miss("receipt");
    }
    for file in &submission.files {
        if !kept(tx, &file.sha256)? {
            miss("file that was handed in");
        }
    }
    match outbox::answer(tx, ZONE, submission.id) {
        Ok(None) => {}
        Ok(Some(_)) => across = Some(Across { submission: submission.id, receipt_no: submission.receipt_no.clone(), answered: answered(submission) }),
        Err(storage::Error::NoEnvelope(_)) => miss("envelope to the court"),
        Err(error) => return Err(error.into()),
    }
    Ok((missing, across))
}

fn answered(submission: &Submission) -> bool {
    submission.state != State::Awaiting
}

/// Of submissions that had no answer, those that have none yet.
pub fn still_unanswered(db: &Db, submissions: Vec<Uuid>) -> Result<Vec<Uuid>, Error> {
    db.read_blocking(move |tx| {
        let mut open = Vec::new();
        for id in submissions {
            if cases::by_id(tx, id)?.is_some_and(|submission| !answered(&submission)) {
                open.push(id);
            }
        }
        Ok(open)
    })
}

/// Is the content there, as its name says? A name that is none names nothing.
fn kept(tx: &mut Tx, sha256: &str) -> Result<bool, Error> {
    let Ok(digest) = sha256.parse() else { return Ok(false) };
    match blobs::get(tx, ZONE, &digest) {
        Ok(_) => Ok(true),
        Err(storage::Error::NoBlob(_) | storage::Error::BlobDamaged(_)) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

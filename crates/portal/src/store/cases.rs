//! Submissions with their receipts, views of cases, and papers served.
use super::{ZONE, json};
use crate::Error;
use exchange::message::{Duty, Released, ReleasedItem, View};
use jiff::Timestamp;
use procedure::case::Material;
use procedure::{CaseId, Json, PaperId, PersonId, Stage};
use serde::{Deserialize, Serialize};
use storage::{Row, Tx};
use uuid::Uuid;

const PUT: &str = "INSERT INTO submissions (court, id, attempt, account, target, case_id, step, receipt_no, title, at, state, answer, device, files) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'awaiting', NULL, $11, $12)";
const BY_ATTEMPT: &str = "SELECT id, account, target, case_id, step, receipt_no, title, at, state, answer, device, files FROM submissions \
    WHERE court = $1 AND attempt = $2";
const BY_ID: &str =
    "SELECT id, account, target, case_id, step, receipt_no, title, at, state, answer, device, files FROM submissions WHERE court = $1 AND id = $2";
const BY_RECEIPT: &str = "SELECT id, account, target, case_id, step, receipt_no, title, at, state, answer, device, files FROM submissions \
    WHERE court = $1 AND receipt_no = $2 AND account = $3";
const OF_CASE: &str = "SELECT id, account, target, case_id, step, receipt_no, title, at, state, answer, device, files FROM submissions \
    WHERE court = $1 AND account = $2 AND case_id = $3 ORDER BY at, id";
const OF_ACCOUNT: &str = "SELECT id, account, target, case_id, step, receipt_no, title, at, state, answer, device, files FROM submissions \
    WHERE court = $1 AND account = $2 ORDER BY at DESC, id DESC LIMIT 200";
const ALL: &str = "SELECT id, account, target, case_id, step, receipt_no, title, at, state, answer, device, files FROM submissions WHERE court = $1 ORDER BY at, id";
const ANSWER: &str = "UPDATE submissions SET state = $3, answer = $4, case_id = $5 WHERE court = $1 AND id = $2";
const RECEIPT_PUT: &str = "INSERT INTO receipts (court, target, no, text) VALUES ($1, $2, $3, $4) ON CONFLICT (court, target, no) DO NOTHING";
const RECEIPT_COMPLETE: &str =
    "INSERT INTO receipts (court, target, no, text) VALUES ($1, $2, $3, $4) ON CONFLICT (court, target, no) DO UPDATE SET text = $4";
const RECEIPT: &str = "SELECT text FROM receipts WHERE court = $1 AND target = $2 AND no = $3";
const VIEW_PUT: &str = "INSERT INTO views (court, account, case_id, target, version, view, updated) VALUES ($1, $2, $3, $4, $5, $6, $7) \
    ON CONFLICT (court, account, case_id) DO UPDATE SET version = $5, view = $6, updated = $7 WHERE views.version <= $5";
const VIEW_DROP: &str = "INSERT INTO views (court, account, case_id, target, version, view, updated) VALUES ($1, $2, $3, '', $4, '', $5) \
    ON CONFLICT (court, account, case_id) DO UPDATE SET version = $4, view = '', updated = $5 WHERE views.version <= $4";
const FREE: &str = "UPDATE submissions SET attempt = $3 WHERE court = $1 AND id = $2";
const VIEW: &str = "SELECT view FROM views WHERE court = $1 AND account = $2 AND case_id = $3 AND view <> ''";
const VIEWS: &str = "SELECT view FROM views WHERE court = $1 AND account = $2 AND view <> '' ORDER BY updated DESC LIMIT 200";
const VIEWS_ALL: &str = "SELECT view, updated FROM views WHERE court = $1 AND view <> '' ORDER BY case_id, account";
const PAPER_PUT: &str = "INSERT INTO papers (court, account, id, target, case_id, paper, arrived, opened) VALUES ($1, $2, $3, $4, $5, $6, $7, NULL) \
    ON CONFLICT (court, account, id) DO NOTHING";
const PAPER: &str = "SELECT paper, arrived, opened FROM papers WHERE court = $1 AND account = $2 AND id = $3";
const PAPERS: &str = "SELECT paper, arrived, opened FROM papers WHERE court = $1 AND account = $2 ORDER BY arrived DESC, id LIMIT 300";
const PAPERS_ALL: &str = "SELECT paper, arrived, opened FROM papers WHERE court = $1 ORDER BY arrived, account, id";
const ITEM_PUT: &str = "INSERT INTO items (court, account, case_id, sha256, released) VALUES ($1, $2, $3, $4, $5) \
    ON CONFLICT (court, account, case_id, sha256) DO NOTHING";
const ITEM_DROP: &str = "DELETE FROM items WHERE court = $1 AND account = $2 AND case_id = $3";
const ITEMS: &str = "SELECT sha256 FROM items WHERE court = $1 AND account = $2 AND case_id = $3";
const OPENED: &str = "UPDATE papers SET opened = $4 WHERE court = $1 AND account = $2 AND id = $3 AND opened IS NULL";

pub(super) const SQL: &[&str] = &[
    PUT,
    BY_ATTEMPT,
    BY_ID,
    BY_RECEIPT,
    OF_CASE,
    OF_ACCOUNT,
    ALL,
    ANSWER,
    RECEIPT_PUT,
    RECEIPT_COMPLETE,
    RECEIPT,
    VIEW_PUT,
    VIEW_DROP,
    FREE,
    VIEW,
    VIEWS,
    VIEWS_ALL,
    PAPER_PUT,
    PAPER,
    PAPERS,
    PAPERS_ALL,
    ITEM_PUT,
    ITEM_DROP,
    ITEMS,
    OPENED,
];

/// Where a submission stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// 已提交，待法院接收
    Awaiting,
    Done,
    Refused,
    Stale,
}

impl State {
    fn name(self) -> &'static str {
        match self {
            Self::Awaiting => "awaiting",
            Self::Done => "done",
            Self::Refused => "refused",
            Self::Stale => "stale",
        }
    }
}

/// A file that was handed in: what the receipt lists.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handed {
    pub name: String,
    pub pages: u32,
    pub bytes: u64,
    pub sha256: String,
    pub media: String,
}

impl Handed {
    /// A material as the receipt lists it.
    pub fn of(material: &Material) -> Self {
        Self {
            name: material.name.clone(),
            pages: material.pages,
            bytes: material.bytes,
            sha256: material.sha256.clone(),
            media: material.media.clone(),
        }
    }
}

/// One submission.
#[derive(Debug, Clone)]
pub struct Submission {
    pub id: Uuid,
    pub account: PersonId,
    pub target: String,
    pub case: CaseId,
    pub step: String,
    pub receipt_no: String,
    pub title: String,
    /// Legal time.
    pub at: Timestamp,
    pub state: State,
    /// The court's answer as it came.
    pub answer: Option<exchange::message::Outcome>,
    pub device: String,
    pub files: Vec<Handed>,
}

impl Submission {
    /// May the same be handed in again, as far as this view of the case knows: the court refused it, or the view shows what
    /// became of it and asks for more.
    pub fn over(&self, view: u64) -> bool {
        match self.state {
            State::Awaiting => false,
            State::Done => matches!(self.answer, Some(exchange::message::Outcome::Done { version, .. }) if version <= view),
            State::Refused | State::Stale => true,
        }
    }
}

fn read(row: &Row) -> Result<Submission, Error> {
    let state = row.text(8)?;
    let state = [State::Awaiting, State::Done, State::Refused, State::Stale].into_iter().find(|known| known.name() == state);
    Ok(Submission {
        id: row.uuid(0)?,
        account: PersonId(row.uuid(1)?),
        target: row.text(2)?,
        case: CaseId(row.uuid(3)?),
        step: row.text(4)?,
        receipt_no: row.text(5)?,
        title: row.text(6)?,
        at: row.time(7)?,
        state: state.ok_or(Error::Corrupt("state of a submission"))?,
        answer: row.opt_text(9)?.map(|text| exchange::message::Outcome::from_json(text.as_bytes())).transpose()?,
        device: row.text(10)?,
        files: json(&row.text(11)?)?,
    })
}

/// Keeps a submission under the key of its attempt, which is unique.
pub fn put(tx: &mut Tx, attempt: &str, submission: &Submission) -> Result<(), Error> {
    let values = [
        ZONE.into(),
        submission.id.into(),
        attempt.into(),
        submission.account.0.into(),
        (&submission.target).into(),
        submission.case.0.into(),
        (&submission.step).into(),
        (&submission.receipt_no).into(),
        (&submission.title).into(),
        submission.at.into(),
        (&submission.device).into(),
        serde_json::to_string(&submission.files)?.into(),
    ];
    tx.execute(PUT, &values)?;
    Ok(())
}

/// What an earlier attempt under this key became.
pub fn by_attempt(tx: &mut Tx, attempt: &str) -> Result<Option<Submission>, Error> {
    tx.query_opt(BY_ATTEMPT, &[ZONE.into(), attempt.into()])?.as_ref().map(read).transpose()
}

/// [`by_attempt`] for a key that says what is asked: what the court refused may be asked again, so its key is free then.
pub fn standing(tx: &mut Tx, attempt: &str) -> Result<Option<Submission>, Error> {
    let Some(before) = by_attempt(tx, attempt)? else { return Ok(None) };
    match before.state {
        State::Awaiting | State::Done => Ok(Some(before)),
        State::Refused | State::Stale => {
            tx.execute(FREE, &[ZONE.into(), before.id.into(), format!("{attempt}/{}", before.id).into()])?;
            Ok(None)
        }
    }
}

/// The submission with this id.
pub fn by_id(tx: &mut Tx, id: Uuid) -> Result<Option<Submission>, Error> {
    tx.query_opt(BY_ID, &[ZONE.into(), id.into()])?.as_ref().map(read).transpose()
}

/// The submission with this receipt number, if it is this account's. Courts of two provinces may give the same digits.
pub fn by_receipt(tx: &mut Tx, no: &str, account: PersonId) -> Result<Option<Submission>, Error> {
    tx.query(BY_RECEIPT, &[ZONE.into(), no.into(), account.0.into()])?.first().map(read).transpose()
}

/// Submissions in a case, oldest first.
pub fn of_case(tx: &mut Tx, account: PersonId, case: CaseId) -> Result<Vec<Submission>, Error> {
    tx.query(OF_CASE, &[ZONE.into(), account.0.into(), case.0.into()])?.iter().map(read).collect()
}

/// Submissions of an account, newest first.
pub fn of_account(tx: &mut Tx, account: PersonId) -> Result<Vec<Submission>, Error> {
    tx.query(OF_ACCOUNT, &[ZONE.into(), account.0.into()])?.iter().map(read).collect()
}

/// Every submission of everybody, oldest first: for the check that nothing of them is lost.
pub fn all(tx: &mut Tx) -> Result<Vec<Submission>, Error> {
    tx.query(ALL, &[ZONE.into()])?.iter().map(read).collect()
}

/// Notes the court's answer. `case` is where it was done, for a submission that could not know.
pub fn answer(tx: &mut Tx, id: Uuid, state: State, outcome: &exchange::message::Outcome, case: CaseId) -> Result<(), Error> {
    tx.execute(ANSWER, &[ZONE.into(), id.into(), state.name().into(), outcome.to_json()?.into(), case.0.into()])?;
    Ok(())
}

/// Keeps a signed receipt; one that is complete already stays.
pub fn put_receipt(tx: &mut Tx, target: &str, no: &str, text: &str) -> Result<(), Error> {
    tx.execute(RECEIPT_PUT, &[ZONE.into(), target.into(), no.into(), text.into()])?;
    Ok(())
}

/// Keeps a completed receipt in the place of the signed one.
pub fn complete_receipt(tx: &mut Tx, target: &str, no: &str, text: &str) -> Result<(), Error> {
    tx.execute(RECEIPT_COMPLETE, &[ZONE.into(), target.into(), no.into(), text.into()])?;
    Ok(())
}

/// The text of a receipt.
pub fn receipt(tx: &mut Tx, target: &str, no: &str) -> Result<Option<String>, Error> {
    Ok(tx.query_opt(RECEIPT, &[ZONE.into(), target.into(), no.into()])?.map(|row| row.text(0)).transpose()?)
}

/// Keeps a view unless a later one is here.
pub fn put_view(tx: &mut Tx, view: &View, now: Timestamp) -> Result<(), Error> {
    let values =
        [ZONE.into(), view.account.0.into(), view.case.0.into(), (&view.court).into(), view.version.into(), view.to_json()?.into(), now.into()];
    tx.execute(VIEW_PUT, &values)?;
    Ok(())
}

/// Takes a case away from an account that stands for nobody in it any more. An older view may still be on its way; what
/// stays is the version, so that it comes to nothing.
pub fn drop_view(tx: &mut Tx, account: PersonId, case: CaseId, version: u64, now: Timestamp) -> Result<(), Error> {
    tx.execute(VIEW_DROP, &[ZONE.into(), account.0.into(), case.0.into(), version.into(), now.into()])?;
    // What the court released to read goes with it (R-RDG-04).
    tx.execute(ITEM_DROP, &[ZONE.into(), account.0.into(), case.0.into()])?;
    Ok(())
}

/// The case as this account may see it.
pub fn view(tx: &mut Tx, account: PersonId, case: CaseId) -> Result<Option<View>, Error> {
    tx.query_opt(VIEW, &[ZONE.into(), account.0.into(), case.0.into()])?.map(|row| read_view(&row)).transpose()
}

/// Every case of an account, the one that changed last first.
pub fn views(tx: &mut Tx, account: PersonId) -> Result<Vec<View>, Error> {
    tx.query(VIEWS, &[ZONE.into(), account.0.into()])?.iter().map(read_view).collect()
}

fn read_view(row: &Row) -> Result<View, Error> {
    Ok(View::from_json(row.text(0)?.as_bytes())?)
}

/// A case in the list of my cases: what a line of it shows. The rest of the view, the file above all, is passed over unread.
#[derive(Debug, Clone, Deserialize)]
pub struct Brief {
    pub case: CaseId,
    pub number: Option<String>,
    pub title: String,
    pub stage: Stage,
    pub stage_zh: String,
    pub duties: Vec<Duty>,
    pub timeline: Vec<Happened>,
}

/// Something that happened in a case.
#[derive(Debug, Clone, Deserialize)]
pub struct Happened {
    pub at: Timestamp,
    pub what: String,
}

impl From<&View> for Brief {
    fn from(view: &View) -> Self {
        Self {
            case: view.case,
            number: view.number.clone(),
            title: view.title.clone(),
            stage: view.stage,
            stage_zh: view.stage_zh.clone(),
            duties: view.duties.clone(),
            timeline: view.timeline.iter().map(|entry| Happened { at: entry.at, what: entry.what.clone() }).collect(),
        }
    }
}

/// Every case of an account in brief, the one that changed last first.
pub fn briefs(tx: &mut Tx, account: PersonId) -> Result<Vec<Brief>, Error> {
    tx.query(VIEWS, &[ZONE.into(), account.0.into()])?.iter().map(|row| json(&row.text(0)?)).collect()
}

/// Every case of everybody, with the time at which it was put up: for the check that compares it with the court's.
pub fn all_views(tx: &mut Tx) -> Result<Vec<(View, Timestamp)>, Error> {
    tx.query(VIEWS_ALL, &[ZONE.into()])?.iter().map(|row| Ok((read_view(row)?, row.time(1)?))).collect()
}

/// A paper in the inbox.
#[derive(Debug, Clone)]
pub struct PaperRow {
    pub paper: Released,
    /// The legal time of service in an inbox: when it got here.
    pub arrived: Timestamp,
    pub opened: Option<Timestamp>,
}

fn read_paper(row: &Row) -> Result<PaperRow, Error> {
    Ok(PaperRow { paper: Released::from_json(row.text(0)?.as_bytes())?, arrived: row.time(1)?, opened: row.opt_time(2)? })
}

/// Puts a paper into its recipient's inbox.
pub fn put_paper(tx: &mut Tx, paper: &Released, arrived: Timestamp) -> Result<(), Error> {
    let values =
        [ZONE.into(), paper.account.0.into(), paper.id.0.into(), (&paper.court).into(), paper.case.0.into(), paper.to_json()?.into(), arrived.into()];
    tx.execute(PAPER_PUT, &values)?;
    Ok(())
}

/// A paper, if it is this account's.
pub fn paper(tx: &mut Tx, account: PersonId, id: PaperId) -> Result<Option<PaperRow>, Error> {
    tx.query_opt(PAPER, &[ZONE.into(), account.0.into(), id.0.into()])?.as_ref().map(read_paper).transpose()
}

/// The inbox, newest first.
pub fn papers(tx: &mut Tx, account: PersonId) -> Result<Vec<PaperRow>, Error> {
    tx.query(PAPERS, &[ZONE.into(), account.0.into()])?.iter().map(read_paper).collect()
}

/// Every paper in any inbox: for the check that nothing of them is lost.
pub fn all_papers(tx: &mut Tx) -> Result<Vec<Released>, Error> {
    tx.query(PAPERS_ALL, &[ZONE.into()])?.iter().map(|row| Ok(read_paper(row)?.paper)).collect()
}

/// Notes that the court released an item of a case to this account; its bytes lie among the contents.
pub fn put_item(tx: &mut Tx, item: &ReleasedItem, now: Timestamp) -> Result<(), Error> {
    let values = [ZONE.into(), item.account.0.into(), item.case.0.into(), (&item.sha256).into(), now.into()];
    tx.execute(ITEM_PUT, &values)?;
    Ok(())
}

/// Digests of the items of a case that were released to this account.
pub fn items(tx: &mut Tx, account: PersonId, case: CaseId) -> Result<Vec<String>, Error> {
    tx.query(ITEMS, &[ZONE.into(), account.0.into(), case.0.into()])?.iter().map(|row| Ok(row.text(0)?)).collect()
}

/// Notes the first opening. False: it was opened before.
pub fn opened(tx: &mut Tx, account: PersonId, id: PaperId, at: Timestamp) -> Result<bool, Error> {
    Ok(tx.execute(OPENED, &[ZONE.into(), account.0.into(), id.0.into(), at.into()])? == 1)
}

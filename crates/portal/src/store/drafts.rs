//! Drafts of filings and corrections, with the files that belong to them.
use super::ZONE;
use crate::Error;
use jiff::Timestamp;
use procedure::case::MaterialKind;
use procedure::{CaseId, ItemId, PersonId};
use storage::{Row, Tx};
use uuid::Uuid;

const PUT: &str = "INSERT INTO drafts (court, id, account, kind, cause, case_id, content, position, version, submitted, updated) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1, 0, $9)";
const GET: &str = "SELECT id, account, kind, cause, case_id, content, position, version, submitted, updated FROM drafts WHERE court = $1 AND id = $2 AND account = $3";
const OF_CASE: &str = "SELECT id, account, kind, cause, case_id, content, position, version, submitted, updated FROM drafts \
    WHERE court = $1 AND account = $2 AND case_id = $3 ORDER BY id";
const OPEN: &str = "SELECT id, account, kind, cause, case_id, content, position, version, submitted, updated FROM drafts \
    WHERE court = $1 AND account = $2 AND submitted = 0 ORDER BY updated DESC LIMIT 50";
const SAVE: &str = "UPDATE drafts SET content = $4, position = $5, version = version + 1, updated = $6 \
    WHERE court = $1 AND id = $2 AND version = $3 AND submitted = 0";
const KEEP: &str = "UPDATE drafts SET content = $4, position = $5, updated = $6 WHERE court = $1 AND id = $2 AND version = $3 AND submitted = 0";
const TOUCH: &str = "UPDATE drafts SET version = version + 1 WHERE court = $1 AND id = $2 AND submitted = 0";
const SUBMIT: &str = "UPDATE drafts SET submitted = 1, updated = $3 WHERE court = $1 AND id = $2 AND submitted = 0";
const DROP: &str = "DELETE FROM drafts WHERE court = $1 AND id = $2 AND account = $3 AND submitted = 0";
const FILES: &str =
    "SELECT id, place, kind, name, purpose, pages, bytes, sha256, media FROM draft_files WHERE court = $1 AND draft = $2 ORDER BY place, id";
const FILE_PUT: &str = "INSERT INTO draft_files (court, draft, id, place, kind, name, purpose, pages, bytes, sha256, media) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (court, draft, id) DO NOTHING";
const FILE_NAME: &str = "UPDATE draft_files SET name = $4, purpose = $5, kind = $6 WHERE court = $1 AND draft = $2 AND id = $3";
const FILE_DROP: &str = "DELETE FROM draft_files WHERE court = $1 AND draft = $2 AND id = $3";
const FILES_DROP: &str = "DELETE FROM draft_files WHERE court = $1 AND draft = $2";

pub(super) const SQL: &[&str] = &[PUT, GET, OF_CASE, OPEN, SAVE, KEEP, TOUCH, SUBMIT, DROP, FILES, FILE_PUT, FILE_NAME, FILE_DROP, FILES_DROP];

/// Whether a draft begins a case or mends its filing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DraftKind {
    Filing,
    Correction,
}

impl DraftKind {
    fn name(self) -> &'static str {
        match self {
            Self::Filing => "filing",
            Self::Correction => "correction",
        }
    }
}

/// A draft as its table holds it; `content` is sealed.
#[derive(Debug, Clone)]
pub struct DraftRow {
    pub id: Uuid,
    pub account: PersonId,
    pub kind: DraftKind,
    pub cause: String,
    pub case: CaseId,
    pub content: Vec<u8>,
    /// Page on which the person was last.
    pub position: String,
    pub version: u64,
    pub submitted: bool,
    pub updated: Timestamp,
}

fn read(row: &Row) -> Result<DraftRow, Error> {
    let kind = row.text(2)?;
    let kind = [DraftKind::Filing, DraftKind::Correction].into_iter().find(|known| known.name() == kind).ok_or(Error::Corrupt("kind of a draft"))?;
    Ok(DraftRow {
        id: row.uuid(0)?,
        account: PersonId(row.uuid(1)?),
        kind,
        cause: row.text(3)?,
        case: CaseId(row.uuid(4)?),
        content: row.blob(5)?,
        position: row.text(6)?,
        version: row.unsigned(7)?,
        submitted: row.bool(8)?,
        updated: row.time(9)?,
    })
}

/// Keeps a new draft.
pub fn put(tx: &mut Tx, draft: &DraftRow) -> Result<(), Error> {
    let values = [
        ZONE.into(),
        draft.id.into(),
        draft.account.0.into(),
        draft.kind.name().into(),
        (&draft.cause).into(),
        draft.case.0.into(),
        (&draft.content).into(),
        (&draft.position).into(),
        draft.updated.into(),
    ];
    tx.execute(PUT, &values)?;
    Ok(())
}

/// The draft, if it is this account's.
pub fn get(tx: &mut Tx, id: Uuid, account: PersonId) -> Result<DraftRow, Error> {
    let row = tx.query_opt(GET, &[ZONE.into(), id.into(), account.0.into()])?.ok_or(Error::Missing("draft"))?;
    read(&row)
}

/// Drafts of a case, oldest first.
pub fn of_case(tx: &mut Tx, account: PersonId, case: CaseId) -> Result<Vec<DraftRow>, Error> {
    tx.query(OF_CASE, &[ZONE.into(), account.0.into(), case.0.into()])?.iter().map(read).collect()
}

/// Drafts that are not submitted, newest first.
pub fn open(tx: &mut Tx, account: PersonId) -> Result<Vec<DraftRow>, Error> {
    tx.query(OPEN, &[ZONE.into(), account.0.into()])?.iter().map(read).collect()
}

/// Saves what changed since `seen`; [`Error::Stale`] when another device was quicker.
pub fn save(tx: &mut Tx, id: Uuid, account: PersonId, seen: u64, content: &[u8], position: &str, now: Timestamp) -> Result<u64, Error> {
    let values = [ZONE.into(), id.into(), seen.into(), content.into(), position.into(), now.into()];
    if tx.execute(SAVE, &values)? == 1 {
        return Ok(seen + 1);
    }
    Err(Error::Stale { seen, now: get(tx, id, account)?.version })
}

/// Keeps half-typed text: content changes, the version does not. [`Error::Stale`] when the draft was read before another write.
pub fn keep(tx: &mut Tx, id: Uuid, version: u64, content: &[u8], position: &str, now: Timestamp) -> Result<(), Error> {
    let values = [ZONE.into(), id.into(), version.into(), content.into(), position.into(), now.into()];
    if tx.execute(KEEP, &values)? == 1 { Ok(()) } else { Err(Error::Stale { seen: version, now: version + 1 }) }
}

/// A new version without other content: a file came, went, or was called something else.
pub fn touch(tx: &mut Tx, id: Uuid) -> Result<(), Error> {
    tx.execute(TOUCH, &[ZONE.into(), id.into()])?;
    Ok(())
}

/// Closes a draft: it was submitted. False: it was closed before.
pub fn submitted(tx: &mut Tx, id: Uuid, now: Timestamp) -> Result<bool, Error> {
    Ok(tx.execute(SUBMIT, &[ZONE.into(), id.into(), now.into()])? == 1)
}

/// Throws a draft away at its owner's wish.
pub fn discard(tx: &mut Tx, id: Uuid, account: PersonId) -> Result<(), Error> {
    if tx.execute(DROP, &[ZONE.into(), id.into(), account.0.into()])? == 0 {
        return Err(Error::Missing("draft"));
    }
    tx.execute(FILES_DROP, &[ZONE.into(), id.into()])?;
    Ok(())
}

/// A file of a draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftFile {
    pub id: ItemId,
    pub kind: MaterialKind,
    pub name: String,
    /// 证明目的
    pub purpose: String,
    pub pages: u32,
    pub bytes: u64,
    pub sha256: String,
    pub media: String,
}

const KINDS: [(MaterialKind, &str); 7] = [
    (MaterialKind::Complaint, "complaint"),
    (MaterialKind::Identity, "identity"),
    (MaterialKind::PowerOfAttorney, "power_of_attorney"),
    (MaterialKind::Evidence, "evidence"),
    (MaterialKind::ServiceAddress, "service_address"),
    (MaterialKind::Answer, "answer"),
    (MaterialKind::Other, "other"),
];

/// The word of a kind in tables and forms.
pub fn kind_name(kind: MaterialKind) -> &'static str {
    KINDS.iter().find(|(known, _)| *known == kind).map_or("other", |(_, name)| name)
}

/// The kind behind a word.
pub fn kind_of(name: &str) -> Option<MaterialKind> {
    KINDS.iter().find(|(_, known)| *known == name).map(|(kind, _)| *kind)
}

/// Files of a draft, in the order they came.
pub fn files(tx: &mut Tx, draft: Uuid) -> Result<Vec<DraftFile>, Error> {
    let rows = tx.query(FILES, &[ZONE.into(), draft.into()])?;
    rows.iter()
        .map(|row| {
            Ok(DraftFile {
                id: ItemId(row.uuid(0)?),
                kind: kind_of(&row.text(2)?).ok_or(Error::Corrupt("kind of a file"))?,
                name: row.text(3)?,
                purpose: row.text(4)?,
                pages: u32::try_from(row.int(5)?).map_err(|_| Error::Corrupt("pages of a file"))?,
                bytes: row.unsigned(6)?,
                sha256: row.text(7)?,
                media: row.text(8)?,
            })
        })
        .collect()
}

/// Adds a file behind the others.
pub fn put_file(tx: &mut Tx, draft: Uuid, place: usize, file: &DraftFile) -> Result<(), Error> {
    let values = [
        ZONE.into(),
        draft.into(),
        file.id.0.into(),
        place.into(),
        kind_name(file.kind).into(),
        (&file.name).into(),
        (&file.purpose).into(),
        file.pages.into(),
        file.bytes.into(),
        (&file.sha256).into(),
        (&file.media).into(),
    ];
    tx.execute(FILE_PUT, &values)?;
    Ok(())
}

/// Renames a file and says what it is and proves. False: the draft has no such file.
pub fn describe_file(tx: &mut Tx, draft: Uuid, id: ItemId, name: &str, purpose: &str, kind: MaterialKind) -> Result<bool, Error> {
    let values = [ZONE.into(), draft.into(), id.0.into(), name.into(), purpose.into(), kind_name(kind).into()];
    Ok(tx.execute(FILE_NAME, &values)? == 1)
}

/// Takes a file out of a draft. False: it was not there.
pub fn drop_file(tx: &mut Tx, draft: Uuid, id: ItemId) -> Result<bool, Error> {
    Ok(tx.execute(FILE_DROP, &[ZONE.into(), draft.into(), id.0.into()])? == 1)
}

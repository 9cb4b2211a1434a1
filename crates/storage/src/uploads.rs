//! 上传: files that arrive in pieces and may pause, until they are contents.
//!
//! Every call may be repeated: a piece sent twice is kept once, a finished upload answers with its digest again.
use crate::{
    Digest, Error, Row, Tx,
    blobs::{self, CHUNK},
};
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

const BEGIN: &str = "INSERT INTO uploads (court, id, owner, name, size, received, begun) VALUES ($1, $2, $3, $4, $5, 0, $6)";
const FIND: &str = "SELECT owner, name, size, received, begun, digest FROM uploads WHERE court = $1 AND id = $2";
const ADVANCE: &str = "UPDATE uploads SET received = $3 WHERE court = $1 AND id = $2";
const FINISH: &str = "UPDATE uploads SET digest = $3 WHERE court = $1 AND id = $2";
const INSERT_CHUNK: &str = "INSERT INTO upload_chunks (court, id, start, bytes) VALUES ($1, $2, $3, $4)";
const STARTS: &str = "SELECT start FROM upload_chunks WHERE court = $1 AND id = $2 ORDER BY start";
const CHUNK_AT: &str = "SELECT bytes FROM upload_chunks WHERE court = $1 AND id = $2 AND start = $3";
const CHUNKS_WITHIN: &str = "SELECT start, bytes FROM upload_chunks
    WHERE court = $1 AND id = $2 AND start > $3 AND start < $4 ORDER BY start";
const TO_BLOB: &str = "INSERT INTO blob_chunks (court, digest, start, bytes)
    SELECT court, $3, start, bytes FROM upload_chunks WHERE court = $1 AND id = $2";
const DROP_CHUNKS: &str = "DELETE FROM upload_chunks WHERE court = $1 AND id = $2";
const ABANDONED: &str = "SELECT id FROM uploads WHERE court = $1 AND begun < $2 AND digest IS NULL ORDER BY id LIMIT 100";
const DROP: &str = "DELETE FROM uploads WHERE court = $1 AND id = $2";

pub(crate) const SQL: &[&str] = &[BEGIN, FIND, ADVANCE, FINISH, INSERT_CHUNK, STARTS, CHUNK_AT, CHUNKS_WITHIN, TO_BLOB, DROP_CHUNKS, ABANDONED, DROP];

/// An upload as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// Whose it is, as the zone names people; the zone checks it before it writes.
    pub owner: String,
    /// The file name as it was given, for showing alone.
    pub name: String,
    /// Bytes declared.
    pub size: u64,
    /// Bytes kept so far: where to go on.
    pub received: u64,
    pub begun: Timestamp,
    /// Set when it is finished.
    pub digest: Option<Digest>,
}

fn read(row: &Row) -> Result<Upload, Error> {
    Ok(Upload {
        owner: row.text(0)?,
        name: row.text(1)?,
        size: row.unsigned(2)?,
        received: row.unsigned(3)?,
        begun: row.time(4)?,
        digest: row.opt_text(5)?.map(|text| text.parse()).transpose()?,
    })
}

/// Begins an upload of `size` bytes. Real time is noted, for clearing away what nobody goes on with.
pub fn begin(tx: &mut Tx<'_>, court: &str, owner: &str, name: &str, size: u64) -> Result<Uuid, Error> {
    let id = Uuid::now_v7();
    tx.execute(BEGIN, &[court.into(), id.into(), owner.into(), name.into(), size.into(), Timestamp::now().into()])?;
    Ok(id)
}

/// The upload; [`Error::NoUpload`] when the court has none such.
pub fn find(tx: &mut Tx<'_>, court: &str, id: Uuid) -> Result<Upload, Error> {
    let row = tx.query_opt(FIND, &[court.into(), id.into()])?.ok_or(Error::NoUpload(id))?;
    read(&row)
}

/// How many bytes are kept: where the next piece begins.
pub fn offset(tx: &mut Tx<'_>, court: &str, id: Uuid) -> Result<u64, Error> {
    Ok(find(tx, court, id)?.received)
}

/// Keeps a piece and returns the new offset. A piece that was sent before is compared, not kept again; one that leaves
/// a gap is [`Error::UploadGap`], one beyond the declared size [`Error::UploadSize`].
pub fn write_chunk(tx: &mut Tx<'_>, court: &str, id: Uuid, offset: u64, bytes: &[u8]) -> Result<u64, Error> {
    let upload = find(tx, court, id)?;
    let received = upload.received;
    let end = offset.checked_add(bytes.len() as u64).ok_or(Error::TooLarge(offset))?;
    if end > upload.size {
        return Err(Error::UploadSize { id, declared: upload.size, received: end });
    }
    if offset > received {
        return Err(Error::UploadGap { id, offset, received });
    }
    let known = usize::try_from(received.min(end) - offset).map_err(|_| Error::TooLarge(received))?;
    if upload.digest.is_none() && known > 0 {
        compare(tx, court, id, offset, &bytes[..known])?;
    }
    let fresh = &bytes[known..];
    if fresh.is_empty() {
        return Ok(received);
    }
    let mut start = received;
    for chunk in fresh.chunks(CHUNK) {
        tx.execute(INSERT_CHUNK, &[court.into(), id.into(), start.into(), chunk.into()])?;
        start += chunk.len() as u64;
    }
    tx.execute(ADVANCE, &[court.into(), id.into(), start.into()])?;
    Ok(start)
}

/// Bytes that were sent before must be the same now: else two files are being mixed.
fn compare(tx: &mut Tx<'_>, court: &str, id: Uuid, offset: u64, bytes: &[u8]) -> Result<(), Error> {
    let differs = Error::UploadDiffers { id, offset };
    let earliest = i64::try_from(offset).map_err(|_| Error::TooLarge(offset))? - CHUNK as i64;
    let end = offset + bytes.len() as u64;
    let mut kept = Vec::with_capacity(bytes.len());
    for row in tx.query(CHUNKS_WITHIN, &[court.into(), id.into(), earliest.into(), end.into()])? {
        let (start, chunk) = (row.unsigned(0)?, row.blob(1)?);
        let at = |position: u64| usize::try_from(position.saturating_sub(start).min(chunk.len() as u64));
        let (Ok(from), Ok(to)) = (at(offset), at(end)) else {
            return Err(differs);
        };
        kept.extend_from_slice(&chunk[from..to]);
    }
    if kept == bytes { Ok(()) } else { Err(differs) }
}

/// Turns a complete upload into a content and returns its digest; [`Error::UploadSize`] when bytes are missing.
pub fn finish(tx: &mut Tx<'_>, court: &str, id: Uuid) -> Result<Digest, Error> {
    let upload = find(tx, court, id)?;
    if let Some(digest) = upload.digest {
        return Ok(digest);
    }
    let mut hash = Sha256::new();
    let mut length = 0;
    for row in tx.query(STARTS, &[court.into(), id.into()])? {
        let chunk = tx.query_one(CHUNK_AT, &[court.into(), id.into(), row.int(0)?.into()])?.blob(0)?;
        length += chunk.len() as u64;
        hash.update(&chunk);
    }
    if length != upload.size {
        return Err(Error::UploadSize { id, declared: upload.size, received: length });
    }
    let digest = Digest(hash.finalize().into());
    if tx.execute(blobs::INSERT, &[court.into(), digest.into(), length.into()])? == 1 {
        tx.execute(TO_BLOB, &[court.into(), id.into(), digest.into()])?;
    }
    tx.execute(DROP_CHUNKS, &[court.into(), id.into()])?;
    tx.execute(FINISH, &[court.into(), id.into(), digest.into()])?;
    Ok(digest)
}

/// Clears away uploads begun before `before` (real time) and never finished, a hundred at a time; how many went.
pub fn clear_abandoned(tx: &mut Tx<'_>, court: &str, before: Timestamp) -> Result<usize, Error> {
    let rows = tx.query(ABANDONED, &[court.into(), before.into()])?;
    for row in &rows {
        let id = row.uuid(0)?;
        tx.execute(DROP_CHUNKS, &[court.into(), id.into()])?;
        tx.execute(DROP, &[court.into(), id.into()])?;
    }
    Ok(rows.len())
}

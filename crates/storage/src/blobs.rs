//! 原件: contents named by their SHA-256 digest, in the database itself.
//!
//! Why not a directory or an object store: the row that names a content and the content are one durable commit and one
//! backup. A store for large objects can come behind the same functions.
use crate::{Content, Digest, Error, Tx};
use sha2::{Digest as _, Sha256};

/// Bytes in one row at most: small enough for a statement, large enough that a scan has few rows.
pub(crate) const CHUNK: usize = 1 << 20;

const SIZE: &str = "SELECT size FROM blobs WHERE court = $1 AND digest = $2";
pub(crate) const INSERT: &str = "INSERT INTO blobs (court, digest, size) VALUES ($1, $2, $3) ON CONFLICT (court, digest) DO NOTHING";
const INSERT_CHUNK: &str = "INSERT INTO blob_chunks (court, digest, start, bytes) VALUES ($1, $2, $3, $4)";
const STARTS: &str = "SELECT start FROM blob_chunks WHERE court = $1 AND digest = $2 ORDER BY start";
const CHUNK_AT: &str = "SELECT bytes FROM blob_chunks WHERE court = $1 AND digest = $2 AND start = $3";
const CHUNKS_WITHIN: &str = "SELECT start, bytes FROM blob_chunks
    WHERE court = $1 AND digest = $2 AND start > $3 AND start < $4 ORDER BY start";

pub(crate) const SQL: &[&str] = &[SIZE, INSERT, INSERT_CHUNK, STARTS, CHUNK_AT, CHUNKS_WITHIN];

/// Keeps the bytes; the same bytes are kept once a court.
pub fn put(tx: &mut Tx<'_>, court: &str, bytes: &[u8]) -> Result<Digest, Error> {
    let digest = Digest::of(bytes);
    insert(tx, court, digest, bytes)?;
    Ok(digest)
}

/// As [`put`], of what was named before: nothing is hashed while other writes wait.
pub fn keep(tx: &mut Tx<'_>, court: &str, content: &Content) -> Result<(), Error> {
    insert(tx, court, content.digest(), content.bytes())
}

fn insert(tx: &mut Tx<'_>, court: &str, digest: Digest, bytes: &[u8]) -> Result<(), Error> {
    if tx.execute(INSERT, &[court.into(), digest.into(), bytes.len().into()])? == 1 {
        for (index, chunk) in bytes.chunks(CHUNK).enumerate() {
            tx.execute(INSERT_CHUNK, &[court.into(), digest.into(), (index * CHUNK).into(), chunk.into()])?;
        }
    }
    Ok(())
}

/// The size in bytes, or None when the court has no such content.
pub fn size(tx: &mut Tx<'_>, court: &str, digest: &Digest) -> Result<Option<u64>, Error> {
    tx.query_opt(SIZE, &[court.into(), digest.into()])?.map(|row| row.unsigned(0)).transpose()
}

/// Is the content there?
pub fn exists(tx: &mut Tx<'_>, court: &str, digest: &Digest) -> Result<bool, Error> {
    Ok(size(tx, court, digest)?.is_some())
}

/// The whole content, checked against its name: [`Error::NoBlob`], [`Error::BlobDamaged`].
pub fn get(tx: &mut Tx<'_>, court: &str, digest: &Digest) -> Result<Vec<u8>, Error> {
    let size = size(tx, court, digest)?.ok_or(Error::NoBlob(*digest))?;
    let mut bytes = Vec::with_capacity(usize::try_from(size).map_err(|_| Error::BlobDamaged(*digest))?);
    let mut hash = Sha256::new();
    for row in tx.query(STARTS, &[court.into(), digest.into()])? {
        let chunk = tx.query_one(CHUNK_AT, &[court.into(), digest.into(), row.int(0)?.into()])?.blob(0)?;
        if row.unsigned(0)? != bytes.len() as u64 {
            return Err(Error::BlobDamaged(*digest));
        }
        hash.update(&chunk);
        bytes.extend_from_slice(&chunk);
    }
    if bytes.len() as u64 != size || Digest(hash.finalize().into()) != *digest {
        return Err(Error::BlobDamaged(*digest));
    }
    Ok(bytes)
}

/// Up to `length` bytes from `offset` on, for streaming; shorter at the end, empty behind it. Not checked against the
/// digest, which covers the whole alone.
pub fn get_range(tx: &mut Tx<'_>, court: &str, digest: &Digest, offset: u64, length: u64) -> Result<Vec<u8>, Error> {
    let size = size(tx, court, digest)?.ok_or(Error::NoBlob(*digest))?;
    let end = size.min(offset.saturating_add(length));
    let mut bytes = Vec::new();
    if offset >= end {
        return Ok(bytes);
    }
    // No chunk is longer than CHUNK, so none that starts earlier reaches into the range.
    let earliest = i64::try_from(offset).map_err(|_| Error::TooLarge(offset))? - CHUNK as i64;
    for row in tx.query(CHUNKS_WITHIN, &[court.into(), digest.into(), earliest.into(), end.into()])? {
        let (start, chunk) = (row.unsigned(0)?, row.blob(1)?);
        let at = |position: u64| usize::try_from(position.saturating_sub(start).min(chunk.len() as u64));
        let (from, to) = (at(offset), at(end));
        let (Ok(from), Ok(to)) = (from, to) else {
            return Err(Error::BlobDamaged(*digest));
        };
        bytes.extend_from_slice(&chunk[from..to]);
    }
    if bytes.len() as u64 != end - offset {
        return Err(Error::BlobDamaged(*digest));
    }
    Ok(bytes)
}

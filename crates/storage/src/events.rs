//! 事件: append-only streams, each event chained to the one before by digest.
use crate::{Digest, Error, Tx};
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

const LAST: &str = "SELECT seq, digest FROM events WHERE court = $1 AND stream = $2 ORDER BY seq DESC LIMIT 1";
const INSERT: &str = "INSERT INTO events (court, stream, seq, kind, body, actor, at, digest)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (court, stream, seq) DO NOTHING";
const LOAD: &str = "SELECT seq, kind, body, actor, at, digest FROM events
    WHERE court = $1 AND stream = $2 AND seq > $3 ORDER BY seq";
const STREAMS: &str = "SELECT DISTINCT stream FROM events WHERE court = $1 AND stream > $2 ORDER BY stream LIMIT $3";

pub(crate) const SQL: &[&str] = &[LAST, INSERT, LOAD, STREAMS];

/// An event about to be appended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEvent {
    /// What happened, in the past tense.
    pub kind: String,
    /// JSON, kept byte for byte.
    pub body: String,
    /// The legal time, kept to the millisecond.
    pub at: Timestamp,
    /// Who did it, as the zone names people.
    pub actor: String,
}

/// An event as it was stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// From 1 without gaps; the version of the stream after this event.
    pub seq: u64,
    pub kind: String,
    pub body: String,
    pub at: Timestamp,
    pub actor: String,
    /// SHA-256(digest of the event before, or 32 zero bytes ‖ [`canonical_line`]).
    pub digest: Digest,
}

/// The line that the digest covers: a JSON array of court, stream, number, kind, milliseconds, actor and the body as a
/// string, without a line end. Anyone can make it again from an export.
pub fn canonical_line(court: &str, stream: Uuid, seq: u64, event: &NewEvent) -> String {
    let at = event.at.as_millisecond();
    serde_json::json!([court, stream.to_string(), seq, event.kind, at, event.actor, event.body]).to_string()
}

fn chained(before: &Digest, line: &str) -> Digest {
    Digest(Sha256::new().chain_update(before.0).chain_update(line).finalize().into())
}

/// Number and digest of the last event; 0 and zeros for a stream that does not exist.
fn last(tx: &mut Tx<'_>, court: &str, stream: Uuid) -> Result<(u64, Digest), Error> {
    let Some(row) = tx.query_opt(LAST, &[court.into(), stream.into()])? else {
        return Ok((0, Digest([0; 32])));
    };
    Ok((row.unsigned(0)?, digest(&row.blob(1)?, stream, row.unsigned(0)?)?))
}

fn digest(bytes: &[u8], stream: Uuid, seq: u64) -> Result<Digest, Error> {
    bytes.try_into().map(Digest).map_err(|_| Error::ChainBroken { stream, seq })
}

/// The version of a stream: the number of its last event, 0 when there is none.
pub fn version(tx: &mut Tx<'_>, court: &str, stream: Uuid) -> Result<u64, Error> {
    Ok(last(tx, court, stream)?.0)
}

/// Appends after version `expected` (0: a new stream) and returns the new version; [`Error::Stale`] when the stream stands
/// elsewhere. The primary key guards against two that pass the check together.
pub fn append(tx: &mut Tx<'_>, court: &str, stream: Uuid, expected: u64, new: &[NewEvent]) -> Result<u64, Error> {
    let (actual, mut before) = last(tx, court, stream)?;
    if actual != expected {
        return Err(Error::Stale { expected, actual });
    }
    let mut seq = expected;
    for event in new {
        crate::json("event body", &event.body)?;
        seq += 1;
        before = chained(&before, &canonical_line(court, stream, seq, event));
        let values = [
            court.into(),
            stream.into(),
            seq.into(),
            (&event.kind).into(),
            (&event.body).into(),
            (&event.actor).into(),
            event.at.into(),
            before.0.as_slice().into(),
        ];
        if tx.execute(INSERT, &values)? == 0 {
            return Err(Error::Stale { expected, actual: last(tx, court, stream)?.0 });
        }
    }
    Ok(seq)
}

/// The events after number `after` (0: all), in order.
pub fn load(tx: &mut Tx<'_>, court: &str, stream: Uuid, after: u64) -> Result<Vec<Stored>, Error> {
    let rows = tx.query(LOAD, &[court.into(), stream.into(), after.into()])?;
    rows.iter()
        .map(|row| {
            let seq = row.unsigned(0)?;
            let digest = digest(&row.blob(5)?, stream, seq)?;
            Ok(Stored { seq, kind: row.text(1)?, body: row.text(2)?, actor: row.text(3)?, at: row.time(4)?, digest })
        })
        .collect()
}

/// The streams of a court after `after` (nil: from the start), for rebuilding projections piece by piece.
pub fn streams(tx: &mut Tx<'_>, court: &str, after: Uuid, limit: u32) -> Result<Vec<Uuid>, Error> {
    let rows = tx.query(STREAMS, &[court.into(), after.into(), limit.into()])?;
    rows.iter().map(|row| row.uuid(0)).collect()
}

/// Computes the chain again; version and last digest, or [`Error::ChainBroken`] at the first event that does not fit.
pub fn check_chain(tx: &mut Tx<'_>, court: &str, stream: Uuid) -> Result<(u64, Digest), Error> {
    let (mut seq, mut before) = (0, Digest([0; 32]));
    for stored in load(tx, court, stream, 0)? {
        seq += 1;
        let digest = stored.digest;
        let found = stored.seq;
        let event = NewEvent { kind: stored.kind, body: stored.body, at: stored.at, actor: stored.actor };
        before = chained(&before, &canonical_line(court, stream, seq, &event));
        if found != seq || digest != before {
            return Err(Error::ChainBroken { stream, seq });
        }
    }
    Ok((seq, before))
}

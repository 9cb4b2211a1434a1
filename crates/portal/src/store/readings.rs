//! What the machine read on the files of a draft; sealed, for it holds people's particulars.
use super::ZONE;
use crate::Error;
use jiff::Timestamp;
use procedure::ItemId;
use storage::{Row, Tx};
use uuid::Uuid;

const WAIT: &str = "INSERT INTO readings (court, draft, file, state, reading, updated) VALUES ($1, $2, $3, 'waiting', NULL, $4) \
    ON CONFLICT (court, draft, file) DO NOTHING";
const DONE: &str = "UPDATE readings SET state = $4, reading = $5, updated = $6 WHERE court = $1 AND draft = $2 AND file = $3";
const OF_DRAFT: &str = "SELECT file, state, reading FROM readings WHERE court = $1 AND draft = $2 ORDER BY file";

pub(super) const SQL: &[&str] = &[WAIT, DONE, OF_DRAFT];

/// How far a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// To be read, or being read.
    Waiting,
    Done,
    /// It could not be read; the person types.
    Failed,
}

impl Progress {
    fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Done => "done",
            Self::Failed => "failed",
        }
    }
}

/// One file with what was read, sealed.
#[derive(Debug, Clone)]
pub struct ReadingRow {
    pub file: ItemId,
    pub progress: Progress,
    pub reading: Option<Vec<u8>>,
}

fn read(row: &Row) -> Result<ReadingRow, Error> {
    let state = row.text(1)?;
    let progress = [Progress::Waiting, Progress::Done, Progress::Failed].into_iter().find(|known| known.name() == state);
    Ok(ReadingRow { file: ItemId(row.uuid(0)?), progress: progress.ok_or(Error::Corrupt("state of a reading"))?, reading: row.opt_blob(2)? })
}

/// A file is to be read.
pub fn wait(tx: &mut Tx, draft: Uuid, file: ItemId, now: Timestamp) -> Result<(), Error> {
    tx.execute(WAIT, &[ZONE.into(), draft.into(), file.0.into(), now.into()])?;
    Ok(())
}

/// A file was read, or could not be.
pub fn done(tx: &mut Tx, draft: Uuid, file: ItemId, reading: Option<&[u8]>, now: Timestamp) -> Result<(), Error> {
    let state = if reading.is_some() { Progress::Done } else { Progress::Failed };
    tx.execute(DONE, &[ZONE.into(), draft.into(), file.0.into(), state.name().into(), reading.map(<[u8]>::to_vec).into(), now.into()])?;
    Ok(())
}

/// The readings of a draft, in the order the files came.
pub fn of_draft(tx: &mut Tx, draft: Uuid) -> Result<Vec<ReadingRow>, Error> {
    tx.query(OF_DRAFT, &[ZONE.into(), draft.into()])?.iter().map(read).collect()
}

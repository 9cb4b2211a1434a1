//! 所立即所存: every file that an event names lies in the store, byte for byte (house invariants 1, 2 and 9).
use crate::{Error, act, store};
use procedure::{CaseId, Event, Json};
use storage::{Db, Tx, blobs, events};

/// A file that an event names and the store does not have as it was.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Lost {
    pub case: CaseId,
    pub name: String,
    pub sha256: String,
}

/// Reads every file of every case again; how many there are, and what is lost or changed.
pub fn check_files(db: &Db, courts: &[String]) -> Result<(usize, Vec<Lost>), Error> {
    let (mut count, mut lost) = (0, Vec::new());
    for court in courts {
        let of = court.clone();
        for id in db.read_blocking(move |tx| store::case_ids(tx, &of))? {
            let (files, gone) = of_case(db, court, id)?;
            count += files;
            lost.extend(gone);
        }
    }
    Ok((count, lost))
}

/// A case at a time: nobody who writes waits for the whole court to be read.
fn of_case(db: &Db, court: &str, id: CaseId) -> Result<(usize, Vec<Lost>), Error> {
    let court = court.to_owned();
    db.read_blocking(move |tx| {
        let (mut count, mut lost) = (0, Vec::new());
        for (name, sha256) in files(tx, &court, id)? {
            count += 1;
            match blobs::get(tx, &court, &sha256.parse()?) {
                Ok(_) => {}
                Err(storage::Error::NoBlob(_) | storage::Error::BlobDamaged(_)) => lost.push(Lost { case: id, name, sha256 }),
                Err(error) => return Err(error.into()),
            }
        }
        Ok((count, lost))
    })
}

/// Name and digest of every file of a case: what was handed in, what the court issued and made for the file, the package.
fn files(tx: &mut Tx, court: &str, id: CaseId) -> Result<Vec<(String, String)>, Error> {
    let mut files = Vec::new();
    for stored in events::load(tx, court, id.0, 0)? {
        let event = Event::from_json(stored.body.as_bytes())?;
        files.extend(act::materials(&event).iter().map(|material| (material.name.clone(), material.sha256.clone())));
        if let Event::PaperIssued { id, sha256, .. } = &event {
            files.push((format!("paper {id}"), sha256.clone()));
        }
        if let Event::CaseArchived { archiving } = &event {
            files.push(("archive package".to_owned(), archiving.package.clone()));
        }
    }
    files.extend(store::file::made(tx, court, id)?.into_iter().map(|made| (format!("{} {}", made.title, made.id), made.sha256)));
    Ok(files)
}

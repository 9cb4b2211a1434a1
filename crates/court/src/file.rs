//! 电子卷宗: the file of a case as [`casefile::file`] defines it, read from the tables. Views, closing and archive ask here.
use crate::{Error, store};
use casefile::{Held, Made, Sheet};
use exchange::message::ViewItem;
use jiff::Timestamp;
use procedure::{Case, Event};
use storage::{Tx, blobs};

/// Every item of the file of a case as its events, which are given with it, made it.
pub(crate) fn held(tx: &mut Tx, case: &Case, history: &[(Timestamp, Event)]) -> Result<Vec<Held>, Error> {
    Ok(casefile::file(case, history, &made(tx, case)?))
}

/// Papers that the court made for the file.
pub(crate) fn made(tx: &mut Tx, case: &Case) -> Result<Vec<Made>, Error> {
    store::file::made(tx, &case.court, case.id)
}

/// The volumes of the file, each in the order of the catalogue.
pub(crate) fn volumes(tx: &mut Tx, case: &Case, history: &[(Timestamp, Event)]) -> Result<Vec<Sheet>, Error> {
    Ok(casefile::volumes(held(tx, case, history)?.into_iter().map(|held| held.item).collect()))
}

/// The main volume as the parties may see it: every item in the order of the catalogue. Nothing internal is among them.
pub(crate) fn main_volume(tx: &mut Tx, case: &Case, history: &[(Timestamp, Event)]) -> Result<Vec<ViewItem>, Error> {
    Ok(volumes(tx, case, history)?.first().map(|sheet| shown(case, history, sheet)).unwrap_or_default())
}

fn shown(case: &Case, history: &[(Timestamp, Event)], sheet: &Sheet) -> Vec<ViewItem> {
    let mut next = 1;
    let item = |placed: &casefile::Placed| {
        let first_page = next;
        next += placed.item.pages;
        ViewItem {
            number: placed.number,
            name: placed.item.title.clone(),
            pages: placed.item.pages,
            first_page,
            sha256: placed.item.sha256.clone(),
            media: placed.item.media.clone(),
            readable: false,
            matter: casefile::matter_of(case, history, &placed.item),
        }
    };
    sheet.items.iter().map(item).collect()
}

/// Digest of the items of a volume, in order: filed = shown (house invariant 1).
pub fn root(items: &[ViewItem]) -> String {
    casefile::root(items.iter().map(|item| (item.name.as_str(), item.pages, item.sha256.as_str())))
}

/// Bytes of an item of the file.
pub(crate) fn bytes(tx: &mut Tx, court: &str, held: &Held) -> Result<Vec<u8>, Error> {
    match &held.text {
        Some(text) => Ok(text.clone().into_bytes()),
        None => Ok(blobs::get(tx, court, &held.item.sha256.parse()?)?),
    }
}

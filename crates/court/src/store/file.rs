//! What a file holds beside the case's own papers: papers that the court made for it, the receipts that the portal gave for it,
//! and the archive packages that were built of it.
use super::{json, proofs};
use crate::Error;
use casefile::{Made, MadeFor};
use procedure::trial::Package;
use procedure::{CaseId, PaperId};
use storage::{Tx, Value};

const MADE_PUT: &str = "INSERT INTO made (court, case_id, id, kind, title, pages, sha256, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) \
    ON CONFLICT (court, case_id, id) DO NOTHING";
const MADE: &str = "SELECT id, kind, title, pages, sha256, version FROM made WHERE court = $1 AND case_id = $2 ORDER BY version, id";
const REQUEST_RECEIPTS: &str = "SELECT receipt_no FROM requests WHERE court = $1 AND case_id = $2 ORDER BY submission";
const PACKAGE_PUT: &str = "INSERT INTO packages (court, case_id, version, package) VALUES ($1, $2, $3, $4) \
    ON CONFLICT (court, case_id, version) DO UPDATE SET package = EXCLUDED.package";
const PACKAGE: &str = "SELECT package FROM packages WHERE court = $1 AND case_id = $2 AND version = $3";

/// Every statement here, for the test that prepares each on both engines.
pub const STATEMENTS: &[&str] = &[MADE_PUT, MADE, REQUEST_RECEIPTS, PACKAGE_PUT, PACKAGE];

/// Kinds of papers made for the file.
const SERVICE: &str = "service";
const ORIGINAL: &str = "original";

/// Notes a paper that was made for the file; its bytes lie among the papers.
pub fn put_made(tx: &mut Tx, court: &str, case: CaseId, made: &Made) -> Result<(), Error> {
    let kind = match &made.what {
        MadeFor::Service(papers) => {
            proofs::put_proof(tx, court, case, made.id, papers)?;
            SERVICE
        }
        MadeFor::Original => ORIGINAL,
    };
    let pages = u64::from(made.pages);
    let (title, sha256) = (made.title.as_str(), made.sha256.as_str());
    let values: [Value; 8] =
        [court.into(), case.0.into(), made.id.0.into(), kind.into(), title.into(), pages.into(), sha256.into(), made.version.into()];
    tx.execute(MADE_PUT, &values)?;
    Ok(())
}

/// Every paper that was made for the file of a case.
pub fn made(tx: &mut Tx, court: &str, case: CaseId) -> Result<Vec<Made>, Error> {
    let proofs = proofs::proofs(tx, court, case)?;
    let read = |row: &storage::Row| -> Result<Made, Error> {
        let id = PaperId(row.uuid(0)?);
        let what = match row.text(1)?.as_str() {
            SERVICE => {
                let papers = proofs.iter().find(|(proof, _)| *proof == id).map(|(_, papers)| papers.clone());
                MadeFor::Service(papers.ok_or(Error::Corrupt("a proof of no service"))?)
            }
            ORIGINAL => MadeFor::Original,
            _ => return Err(Error::Corrupt("a paper of the file of unknown kind")),
        };
        let pages = u32::try_from(row.unsigned(3)?).map_err(|_| Error::Corrupt("a page count"))?;
        Ok(Made { id, what, title: row.text(2)?, pages, sha256: row.text(4)?, version: row.unsigned(5)? })
    };
    tx.query(MADE, &[court.into(), case.0.into()])?.iter().map(read).collect()
}

/// Numbers of the receipts that the portal gave for submissions of a case, oldest first.
pub fn request_receipts(tx: &mut Tx, court: &str, case: CaseId) -> Result<Vec<String>, Error> {
    tx.query(REQUEST_RECEIPTS, &[court.into(), case.0.into()])?.iter().map(|row| Ok(row.text(0)?)).collect()
}

/// Notes the package that was built of a version of a case.
pub fn put_package(tx: &mut Tx, court: &str, case: CaseId, version: u64, package: &Package) -> Result<(), Error> {
    tx.execute(PACKAGE_PUT, &[court.into(), case.0.into(), version.into(), serde_json::to_string(package)?.into()])?;
    Ok(())
}

/// The package that was built of this version of a case; none: none was, or it lacked something.
pub fn package(tx: &mut Tx, court: &str, case: CaseId, version: u64) -> Result<Option<Package>, Error> {
    let row = tx.query_opt(PACKAGE, &[court.into(), case.0.into(), version.into()])?;
    row.map(|row| json(&row.text(0)?)).transpose()
}

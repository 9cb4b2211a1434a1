//! Which proof stands for which services (R-SVC-14). The bytes lie among the papers.
use crate::Error;
use procedure::{CaseId, PaperId};
use storage::Tx;

const PUT: &str = "INSERT INTO proofs (court, case_id, proof, paper) VALUES ($1, $2, $3, $4) ON CONFLICT (court, case_id, proof, paper) DO NOTHING";
const OF_CASE: &str = "SELECT proof, paper FROM proofs WHERE court = $1 AND case_id = $2 ORDER BY proof, paper";

/// Every statement here, for the test that prepares each on both engines.
pub const STATEMENTS: &[&str] = &[PUT, OF_CASE];

/// Notes which papers' service a proof is of.
pub fn put_proof(tx: &mut Tx, court: &str, case: CaseId, proof: PaperId, papers: &[PaperId]) -> Result<(), Error> {
    for paper in papers {
        tx.execute(PUT, &[court.into(), case.0.into(), proof.0.into(), paper.0.into()])?;
    }
    Ok(())
}

/// The proofs of a case, each with the papers that it is of.
pub fn proofs(tx: &mut Tx, court: &str, case: CaseId) -> Result<Vec<(PaperId, Vec<PaperId>)>, Error> {
    let mut found: Vec<(PaperId, Vec<PaperId>)> = Vec::new();
    for row in tx.query(OF_CASE, &[court.into(), case.0.into()])? {
        let (proof, paper) = (PaperId(row.uuid(0)?), PaperId(row.uuid(1)?));
        match found.last_mut().filter(|(known, _)| *known == proof) {
            Some((_, papers)) => papers.push(paper),
            None => found.push((proof, vec![paper])),
        }
    }
    Ok(found)
}

//! 签名验证码: the last code that was sent to an account for a step, with the tries that were made of it.
use crate::Error;
use jiff::Timestamp;
use procedure::{CaseId, PersonId};
use storage::{Tx, Value};

const GET: &str = "SELECT object, digest, sent, ends, tries, asked FROM codes WHERE court = $1 AND case_id = $2 AND account = $3 AND step = $4";
const PUT: &str = "INSERT INTO codes (court, case_id, account, step, object, digest, sent, ends, tries, asked) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, $9) \
    ON CONFLICT (court, case_id, account, step) DO UPDATE SET object = EXCLUDED.object, digest = EXCLUDED.digest, sent = EXCLUDED.sent, \
    ends = EXCLUDED.ends, tries = 0, asked = EXCLUDED.asked";
const TRIED: &str = "UPDATE codes SET tries = tries + 1 WHERE court = $1 AND case_id = $2 AND account = $3 AND step = $4";
const END: &str = "UPDATE codes SET digest = '', asked = 0 WHERE court = $1 AND case_id = $2 AND account = $3 AND step = $4";

/// Every statement here, for the test that prepares each on both engines.
pub const STATEMENTS: &[&str] = &[GET, PUT, TRIED, END];

/// Whose code, and for what.
#[derive(Debug, Clone, Copy)]
pub struct For<'a> {
    pub court: &'a str,
    pub case: CaseId,
    pub account: PersonId,
    pub step: &'a str,
}

impl For<'_> {
    fn key(&self) -> [Value; 4] {
        [self.court.into(), self.case.0.into(), self.account.0.into(), self.step.into()]
    }
}

/// A code that was sent.
#[derive(Debug, Clone)]
pub struct Code {
    /// What is signed: a code for one text is none for another.
    pub object: String,
    /// Keyed digest of the code; empty once it was used.
    pub digest: String,
    /// Real times: telephones do not know the demo's clock.
    pub sent: Timestamp,
    pub ends: Timestamp,
    pub tries: u64,
    /// How many were asked for so far.
    pub asked: u64,
}

/// The last one.
pub fn get(tx: &mut Tx, of: For<'_>) -> Result<Option<Code>, Error> {
    let row = tx.query_opt(GET, &of.key())?;
    row.map(|row| {
        Ok(Code {
            object: row.text(0)?,
            digest: row.text(1)?,
            sent: row.time(2)?,
            ends: row.time(3)?,
            tries: row.unsigned(4)?,
            asked: row.unsigned(5)?,
        })
    })
    .transpose()
}

/// A new one takes the place of the last.
pub fn put(tx: &mut Tx, of: For<'_>, code: &Code) -> Result<(), Error> {
    let [court, case, account, step] = of.key();
    let asked = i64::try_from(code.asked).map_err(|_| Error::Corrupt("codes asked for"))?;
    let values: [Value; 9] =
        [court, case, account, step, (&code.object).into(), (&code.digest).into(), code.sent.into(), code.ends.into(), asked.into()];
    tx.execute(PUT, &values)?;
    Ok(())
}

/// Notes a wrong try.
pub fn tried(tx: &mut Tx, of: For<'_>) -> Result<(), Error> {
    tx.execute(TRIED, &of.key())?;
    Ok(())
}

/// It was used, and is good for nothing more.
pub fn end(tx: &mut Tx, of: For<'_>) -> Result<(), Error> {
    tx.execute(END, &of.key())?;
    Ok(())
}

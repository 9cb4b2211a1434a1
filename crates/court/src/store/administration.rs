//! What system administrators keep of accounts: telephone, whether it is locked, and the code with which a member makes the
//! account his own.
use crate::Error;
use jiff::Timestamp;
use procedure::PersonId;
use storage::Tx;

const ACTIVATION_PUT: &str = "INSERT INTO activations (court, staff, code, expires) VALUES ($1, $2, $3, $4) \
    ON CONFLICT (court, staff) DO UPDATE SET code = EXCLUDED.code, expires = EXCLUDED.expires";
const ACTIVATION_GET: &str = "SELECT code, expires FROM activations WHERE court = $1 AND staff = $2";
const ACTIVATION_END: &str = "DELETE FROM activations WHERE court = $1 AND staff = $2";
const ACCOUNTS: &str = "SELECT m.id, m.phone, m.disabled, m.locked_until, a.expires FROM staff m \
    LEFT JOIN activations a ON a.court = m.court AND a.staff = m.id WHERE m.court = $1";
const PHONE: &str = "UPDATE staff SET phone = $3 WHERE court = $1 AND id = $2";
const DISABLE: &str = "UPDATE staff SET disabled = $3 WHERE court = $1 AND id = $2";
const SECRETS: &str = "UPDATE staff SET password = $3, totp = $4, last_step = 0, failures = 0, locked_until = NULL WHERE court = $1 AND id = $2";
const SESSIONS_END: &str = "DELETE FROM staff_sessions WHERE court = $1 AND staff = $2";

/// Every statement here, for the test that prepares each on both engines.
pub const STATEMENTS: &[&str] = &[ACTIVATION_PUT, ACTIVATION_GET, ACTIVATION_END, ACCOUNTS, PHONE, DISABLE, SECRETS, SESSIONS_END];

/// Keeps the digest of an activation code; a new one takes the place of the old.
pub fn put_activation(tx: &mut Tx, court: &str, staff: PersonId, digest: &str, expires: Timestamp) -> Result<(), Error> {
    tx.execute(ACTIVATION_PUT, &[court.into(), staff.0.into(), digest.into(), expires.into()])?;
    Ok(())
}

/// Digest of the code that a member was given, and until when it works.
pub fn activation(tx: &mut Tx, court: &str, staff: PersonId) -> Result<Option<(String, Timestamp)>, Error> {
    let row = tx.query_opt(ACTIVATION_GET, &[court.into(), staff.0.into()])?;
    row.map(|row| Ok((row.text(0)?, row.time(1)?))).transpose()
}

/// A code works once. False: it was used.
pub fn end_activation(tx: &mut Tx, court: &str, staff: PersonId) -> Result<bool, Error> {
    Ok(tx.execute(ACTIVATION_END, &[court.into(), staff.0.into()])? == 1)
}

/// How an account stands.
pub struct Standing {
    pub id: PersonId,
    /// Sealed by the vault's key.
    pub phone: Option<Vec<u8>>,
    pub disabled: bool,
    /// After wrong attempts it rests until then.
    pub rests_until: Option<Timestamp>,
    /// Until when its activation code works, where it was not used yet.
    pub activation: Option<Timestamp>,
}

/// How the accounts of a court stand.
pub fn standings(tx: &mut Tx, court: &str) -> Result<Vec<Standing>, Error> {
    let rows = tx.query(ACCOUNTS, &[court.into()])?;
    rows.iter()
        .map(|row| {
            Ok(Standing {
                id: PersonId(row.uuid(0)?),
                phone: row.opt_blob(1)?,
                disabled: row.bool(2)?,
                rests_until: row.opt_time(3)?,
                activation: row.opt_time(4)?,
            })
        })
        .collect()
}

/// Keeps a member's telephone, sealed; `None` takes it away.
pub fn put_phone(tx: &mut Tx, court: &str, staff: PersonId, sealed: Option<Vec<u8>>) -> Result<(), Error> {
    tx.execute(PHONE, &[court.into(), staff.0.into(), sealed.into()])?;
    Ok(())
}

/// Locks an account or opens it again; its sessions end.
pub fn disable(tx: &mut Tx, court: &str, staff: PersonId, disabled: bool) -> Result<(), Error> {
    tx.execute(DISABLE, &[court.into(), staff.0.into(), disabled.into()])?;
    end_sessions(tx, court, staff)
}

/// A new password hash and TOTP secret; what the old ones opened ends.
pub fn put_secrets(tx: &mut Tx, court: &str, staff: PersonId, password: &str, totp: &[u8]) -> Result<(), Error> {
    tx.execute(SECRETS, &[court.into(), staff.0.into(), password.into(), totp.into()])?;
    end_sessions(tx, court, staff)
}

fn end_sessions(tx: &mut Tx, court: &str, staff: PersonId) -> Result<(), Error> {
    tx.execute(SESSIONS_END, &[court.into(), staff.0.into()])?;
    Ok(())
}

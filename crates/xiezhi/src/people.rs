//! 人员: the demo's invented staff, and members of staff entered by an administrator.
use anyhow::{Context, Result};
use court::Vault;
use court::administration::{self, Deed, Record};
use court::staff::{self, NewMember};
use procedure::{Office, PersonId};
use serde::Deserialize;
use storage::{Db, secret};

/// The password of all demo accounts; the demo prints it.
pub const DEMO_PASSWORD: &str = "xiezhi-2026";

const DEMO_STAFF: &str = include_str!("../../../knowledge/demo/staff.csv");

/// One line of the demo's staff.
#[derive(Debug, Clone, Deserialize)]
pub struct Member {
    pub court: String,
    pub login: String,
    pub name: String,
    pub office: Office,
    pub division: String,
    /// Empty where none is known.
    #[serde(default)]
    pub phone: String,
}

/// The demo's staff, all invented.
pub fn demo_staff() -> Result<Vec<Member>> {
    let mut reader = csv::Reader::from_reader(DEMO_STAFF.as_bytes());
    reader.deserialize().map(|row| row.context("knowledge/demo/staff.csv")).collect()
}

/// Enters those of the demo's staff who are not there yet.
pub fn enter_demo_staff(db: &Db, vault: &Vault) -> Result<()> {
    for member in demo_staff()? {
        let court = member.court.clone();
        let known = db.read_blocking(move |tx| staff::all(tx, &court))?;
        if !known.iter().any(|(_, login)| *login == member.login) {
            enter(db, vault, &member, DEMO_PASSWORD, None)?;
        }
    }
    Ok(())
}

/// Enters a member with a fresh TOTP secret, which is returned for his authenticator app. `by` goes on the record of the
/// administration; the demo's own set-up is no act of anybody.
pub fn enter(db: &Db, vault: &Vault, member: &Member, password: &str, by: Option<&str>) -> Result<[u8; 20]> {
    let totp: [u8; 20] = secret::random();
    let (kept, password, by) = (member.clone(), password.to_owned(), by.map(str::to_owned));
    let phone = (!member.phone.is_empty()).then_some(member.phone.as_str());
    phone.map(staff::check_phone).transpose()?;
    let id = PersonId::new();
    let sealed = phone.map(|phone| staff::seal_phone(vault, id, phone)).transpose()?;
    db.write_blocking(move |tx| {
        let new =
            NewMember { id, login: &kept.login, name: &kept.name, office: kept.office, division: &kept.division, password: &password, totp: &totp };
        staff::enter(tx, &kept.court, &new)?;
        court::store::administration::put_phone(tx, &kept.court, id, sealed.clone())?;
        let Some(by) = &by else { return Ok(()) };
        let record =
            Record { deed: Deed::Entered, person: id, login: kept.login.clone(), name: kept.name.clone(), office: kept.office, by: by.clone() };
        administration::note(tx, &kept.court, &record, by, storage::Clock::real_now())
    })?;
    Ok(totp)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_demo_court_has_clerk_judge_and_filing_clerk() {
        let staff = demo_staff().expect("the demo's staff");
        for court in procedure::courts::Register::with_demo().iter().filter(|court| court.demo) {
            for office in [Office::FilingClerk, Office::Judge, Office::Clerk] {
                assert!(staff.iter().any(|member| member.court == court.code && member.office == office), "{} has no {office:?}", court.code);
            }
        }
    }
}

//! 人员: the demo's invented staff, and members of staff entered by an administrator.
use anyhow::{Context, Result};
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
}

/// The demo's staff, all invented.
pub fn demo_staff() -> Result<Vec<Member>> {
    let mut reader = csv::Reader::from_reader(DEMO_STAFF.as_bytes());
    reader.deserialize().map(|row| row.context("knowledge/demo/staff.csv")).collect()
}

/// Enters those of the demo's staff who are not there yet.
pub fn enter_demo_staff(db: &Db) -> Result<()> {
    for member in demo_staff()? {
        let court = member.court.clone();
        let known = db.read_blocking(move |tx| staff::all(tx, &court))?;
        if !known.iter().any(|(_, login)| *login == member.login) {
            enter(db, &member, DEMO_PASSWORD)?;
        }
    }
    Ok(())
}

/// Enters a member with a fresh TOTP secret, which is returned for his authenticator app.
pub fn enter(db: &Db, member: &Member, password: &str) -> Result<[u8; 20]> {
    let totp: [u8; 20] = secret::random();
    let (kept, password) = (member.clone(), password.to_owned());
    db.write_blocking(move |tx| {
        let new = NewMember {
            id: PersonId::new(),
            login: &kept.login,
            name: &kept.name,
            office: kept.office,
            division: &kept.division,
            password: &password,
            totp: &totp,
        };
        staff::enter(tx, &kept.court, &new)
    })?;
    Ok(totp)
}

/// The secret as authenticator apps take it (base32 in an `otpauth` address).
pub fn otpauth(login: &str, totp: &[u8]) -> String {
    const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let (mut text, mut bits, mut held) = (String::new(), 0u32, 0);
    for byte in totp {
        bits = bits << 8 | u32::from(*byte);
        held += 8;
        while held >= 5 {
            held -= 5;
            text.push(char::from(LETTERS[(bits >> held & 31) as usize]));
        }
        bits &= (1 << held) - 1;
    }
    if held > 0 {
        text.push(char::from(LETTERS[(bits << (5 - held) & 31) as usize]));
    }
    format!("otpauth://totp/xiezhi:{login}?secret={text}&issuer=xiezhi")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_secret_is_the_base32_of_rfc_4648() {
        assert!(otpauth("xu", b"foobar").contains("secret=MZXW6YTBOI&"));
        assert!(otpauth("xu", b"foob").contains("secret=MZXW6YQ&"));
    }

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

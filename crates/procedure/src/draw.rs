//! 随机分案的抽取: who hears a case is drawn so that anyone can draw again from the record (R-TRI-06).
//!
//! Every candidate gets a ticket: the SM3 digest of the lines below, in hex. The lowest tickets win, in their order.
//!
//! ```text
//! xiezhi draw 1
//! <head of the log: three lines, origin, size, root>
//! <digest of the filing>
//! <label of the draw: judge or clerk>
//! <id of the candidate>
//! ```
//! (each line ends with a newline.) The order of the roster does not matter, and leaving one out does not change another's ticket.
//!
//! What it holds: the head of the log is the one that stood when the filing was accepted, and is copied into the event of
//! the acceptance. Who files cannot know it yet; who assigns later cannot change it. What it does not hold: the clerk who
//! accepts could put off the acceptance until another head suits him, and somebody who makes up the roster could leave a
//! name out of it. Both stand on record (the time of acceptance, the roster with its loads, the names excluded and why)
//! and can be looked at afterwards; neither is made impossible.
pub mod again;

use crate::{Case, PersonId};
use sm3::{Digest, Sm3};

/// What the tickets are made of.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub struct Seed {
    /// Head of the log when the filing was accepted: origin, size, root, a line each.
    pub checkpoint: String,
    /// [`filing_digest`] of the case.
    pub filing: String,
}

/// Digest of a filing that its parties can reckon from their own copy: receipt number and the SHA-256 of each file, in order.
pub fn filing_digest(case: &Case) -> String {
    let files = case.statement.iter().flat_map(|statement| &statement.materials).map(|material| material.sha256.as_str());
    digest_of_filing(&case.receipt_no, files)
}

/// [`filing_digest`] from its parts.
pub fn digest_of_filing<'a>(receipt_no: &str, files: impl Iterator<Item = &'a str>) -> String {
    let mut hash = Sm3::new();
    hash.update(format!("xiezhi filing 1\n{receipt_no}\n"));
    for sha256 in files {
        hash.update(format!("{sha256}\n"));
    }
    hex(hash)
}

/// Label of the draw for the seat that a recusal left: the number of the application among the matters of the case (R-TRI-10).
pub(crate) fn after_recusal(number: u32) -> String {
    format!("recusal {number}")
}

/// The ticket of one candidate.
pub fn ticket(seed: &Seed, label: &str, candidate: PersonId) -> String {
    let mut hash = Sm3::new();
    hash.update(format!("xiezhi draw 1\n{}\n{}\n{label}\n{candidate}\n", seed.checkpoint.trim_end(), seed.filing));
    hex(hash)
}

/// Draws `n` of the roster, first drawn first; all of it if it is shorter.
pub fn draw(seed: &Seed, label: &str, roster: &[PersonId], n: usize) -> Vec<PersonId> {
    let mut tickets: Vec<_> = roster.iter().map(|person| (ticket(seed, label, *person), *person)).collect();
    tickets.sort_unstable();
    tickets.dedup();
    tickets.into_iter().take(n).map(|(_, person)| person).collect()
}

pub(crate) fn hex(hash: Sm3) -> String {
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// SM3 of a text, in hex.
pub(crate) fn digest(text: &str) -> String {
    let mut hash = Sm3::new();
    hash.update(text);
    hex(hash)
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn seed() -> Seed {
        Seed { checkpoint: "log.example\n17\nAAAA".into(), filing: "00".repeat(32) }
    }

    /// By hand: `printf 'xiezhi draw 1\nlog.example\n17\nAAAA\n0000…\njudge\n00000000-0000-0000-0000-000000000001\n' | openssl dgst -sm3`.
    #[test]
    fn a_ticket_is_the_digest_of_its_lines() {
        let lines = format!("xiezhi draw 1\nlog.example\n17\nAAAA\n{}\njudge\n{}\n", "00".repeat(32), Uuid::from_u128(1));
        assert_eq!(ticket(&seed(), "judge", PersonId(Uuid::from_u128(1))), digest(&lines));
        assert_eq!(digest("abc"), "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0", "GB/T 32905-2016, example 1");
    }

    #[test]
    fn the_order_of_the_roster_does_not_matter_and_who_is_out_moves_nobody() {
        let people: Vec<_> = (1..=9).map(|n| PersonId(Uuid::from_u128(n))).collect();
        let drawn = draw(&seed(), "judge", &people, 3);
        let turned: Vec<_> = people.iter().rev().copied().collect();
        assert_eq!(draw(&seed(), "judge", &turned, 3), drawn);
        let rest: Vec<_> = people.iter().copied().filter(|person| *person != drawn[1]).collect();
        let again = draw(&seed(), "judge", &rest, 3);
        assert_eq!((again[0], again[1]), (drawn[0], drawn[2]));
        assert_eq!(draw(&seed(), "judge", &people[..2], 3).len(), 2, "never more than there are");
    }

    /// Over many seeds everybody's share is near his due; the bound is six standard deviations of 9,000 fair draws.
    #[test]
    fn the_draw_is_even() {
        let people: Vec<_> = (1..=9).map(|n| PersonId(Uuid::from_u128(n))).collect();
        let mut won = [0_i32; 9];
        for n in 0..9000 {
            let seed = Seed { checkpoint: format!("log.example\n{n}\nAAAA"), ..seed() };
            let winner = draw(&seed, "judge", &people, 1)[0];
            won[people.iter().position(|person| *person == winner).expect("of the roster")] += 1;
        }
        assert!(won.iter().all(|count| (count - 1000).abs() < 180), "{won:?}");
    }
}

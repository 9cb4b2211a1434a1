//! 电子卷宗: items, volumes, their order and pages, what must be in them, and the archive package. Values only, no I/O: bytes
//! in, paths and bytes out.
//!
//! ```text
//! events ─► file() ─► items ─► arrange() ─► Sheet (正卷, 副卷) ─► root digest, catalogue
//!                       └────► complete::check() ─► findings
//! files ─► bag::Bag ─► manifests, tag files     files ─► bag_check::Validator ─► problems
//! ```
pub mod bag;
pub mod bag_check;
pub mod complete;
mod file;
mod item;
mod sheet;

pub use file::{Held, Made, MadeFor, file, matter_of};
pub use item::{Class, Item, Origin, Placed, Sheet, Volume, arrange, volumes};

use sm3::{Digest, Sm3};

/// Root digest of a volume: SM3 over its items in order, each with name, pages and SHA-256. Adding, dropping, reordering or
/// changing an item changes it (house invariant 1).
pub fn root<'a>(items: impl Iterator<Item = (&'a str, u32, &'a str)>) -> String {
    let mut hash = Sm3::new();
    hash.update(b"xiezhi volume 1\n");
    for (number, (name, pages, sha256)) in items.enumerate() {
        // Lengths first: no name can pretend to be two items.
        hash.update(format!("{} {pages} {sha256} {}\n", number + 1, name.len()));
        hash.update(name);
        hash.update(b"\n");
    }
    hex::encode(hash.finalize())
}

/// SHA-256 and SM3 of the same bytes, as manifests and items carry them.
#[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct Digests {
    /// Lower-case hexadecimal.
    pub sha256: String,
    pub sm3: String,
}

impl Digests {
    /// Of bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self { sha256: hex::encode(sha2::Sha256::digest(bytes)), sm3: hex::encode(Sm3::digest(bytes)) }
    }
}

#[cfg(test)]
mod tests {
    use super::{Digests, root};

    #[test]
    fn every_change_of_an_item_changes_the_root() {
        let a = [("起诉状", 2, "aa"), ("借条", 1, "bb")];
        let same = root(a.iter().copied());
        assert_eq!(same, root(a.iter().copied()));
        for other in [vec![a[1], a[0]], vec![a[0]], vec![a[0], ("借条", 2, "bb")], vec![a[0], ("借条", 1, "bc")], vec![a[0], ("借条2", 1, "bb")]]
        {
            assert_ne!(same, root(other.iter().copied()));
        }
    }

    #[test]
    fn digests_are_those_of_the_standards() {
        let abc = Digests::of(b"abc");
        assert_eq!(abc.sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", "FIPS 180-4");
        assert_eq!(abc.sm3, "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0", "GB/T 32905");
    }
}

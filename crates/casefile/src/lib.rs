//! 电子卷宗: items, volumes, digests. Values only, no I/O.
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

#[cfg(test)]
mod tests {
    use super::root;

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
}

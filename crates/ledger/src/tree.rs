//! Merkle tree of RFC 6962 over a suite's hash. Pure: nodes are read through a closure, proofs are values.

use crate::{Hash, Suite};

/// Why a proof proves nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// Index past the end, sizes in the wrong order, or a proof from the empty tree, which proves nothing.
    #[error("index or sizes out of range")]
    Range,
    /// More or fewer hashes than the sizes ask for.
    #[error("wrong number of hashes")]
    Length,
    /// Hashes that do not lead to the root.
    #[error("does not lead to the root")]
    Root,
}

/// Hash of an entry.
#[must_use]
pub fn leaf_hash(suite: Suite, entry: &[u8]) -> Hash {
    suite.hash(&[&[0], entry])
}

/// Hash over two subtrees.
#[must_use]
pub fn node_hash(suite: Suite, left: &Hash, right: &Hash) -> Hash {
    suite.hash(&[&[1], &left.0, &right.0])
}

/// Root of a tree without entries.
#[must_use]
pub fn empty_root(suite: Suite) -> Hash {
    suite.hash(&[])
}

/// Root over complete subtrees' hashes that are 2ⁿ in number.
#[must_use]
pub fn fold(suite: Suite, hashes: &[Hash]) -> Hash {
    debug_assert!(hashes.len().is_power_of_two());
    match hashes {
        [one] => *one,
        many => {
            let (left, right) = many.split_at(many.len() / 2);
            node_hash(suite, &fold(suite, left), &fold(suite, right))
        }
    }
}

/// Largest power of two below `n`, for `n` of at least two.
fn split(n: u64) -> u64 {
    1 << (u64::BITS - 1 - (n - 1).leading_zeros())
}

/// Root of the entries `start..end`, as RFC 6962 splits them. `read(level, index)` gives the hash of the complete
/// subtree over the entries `index·2^level .. (index+1)·2^level`.
fn range<E>(suite: Suite, start: u64, end: u64, read: &mut impl FnMut(u8, u64) -> Result<Hash, E>) -> Result<Hash, E> {
    let n = end - start;
    if n.is_power_of_two() && start.is_multiple_of(n) {
        let level = n.trailing_zeros();
        return read(level as u8, start >> level);
    }
    let k = split(n);
    let left = range(suite, start, start + k, read)?;
    let right = range(suite, start + k, end, read)?;
    Ok(node_hash(suite, &left, &right))
}

/// Root of the first `size` entries.
pub fn root<E>(suite: Suite, size: u64, mut read: impl FnMut(u8, u64) -> Result<Hash, E>) -> Result<Hash, E> {
    if size == 0 { Ok(empty_root(suite)) } else { range(suite, 0, size, &mut read) }
}

/// 包含证明 (inclusion proof): hashes from the entry's sibling up to the root's child. `index < size`.
pub fn inclusion_proof<E>(suite: Suite, index: u64, size: u64, mut read: impl FnMut(u8, u64) -> Result<Hash, E>) -> Result<Vec<Hash>, E> {
    assert!(index < size, "callers check the index");
    let (mut start, mut end, mut path) = (0, size, Vec::new());
    while end - start > 1 {
        let middle = start + split(end - start);
        if index < middle {
            path.push(range(suite, middle, end, &mut read)?);
            end = middle;
        } else {
            path.push(range(suite, start, middle, &mut read)?);
            start = middle;
        }
    }
    path.reverse();
    Ok(path)
}

/// 一致性证明 (consistency proof): that the tree of `new` entries begins with the tree of `old`. `0 < old <= new`.
pub fn consistency_proof<E>(suite: Suite, old: u64, new: u64, mut read: impl FnMut(u8, u64) -> Result<Hash, E>) -> Result<Vec<Hash>, E> {
    assert!(0 < old && old <= new, "callers check the sizes");
    let (mut start, mut end, mut path) = (0, new, Vec::new());
    while old < end {
        let middle = start + split(end - start);
        if old <= middle {
            path.push(range(suite, middle, end, &mut read)?);
            end = middle;
        } else {
            path.push(range(suite, start, middle, &mut read)?);
            start = middle;
        }
    }
    // The old tree's own last subtree is told only where it is not the whole old tree, whose root the verifier has.
    if start != 0 {
        path.push(range(suite, start, end, &mut read)?);
    }
    path.reverse();
    Ok(path)
}

/// Checks that `leaf` stands at `index` of the tree of `size` entries under `root` (RFC 9162, 2.1.3.2).
pub fn verify_inclusion(suite: Suite, index: u64, size: u64, leaf: &Hash, proof: &[Hash], root: &Hash) -> Result<(), ProofError> {
    if index >= size {
        return Err(ProofError::Range);
    }
    let (mut node, mut last, mut hash) = (index, size - 1, *leaf);
    for sibling in proof {
        if last == 0 {
            return Err(ProofError::Length);
        }
        if node & 1 == 1 || node == last {
            hash = node_hash(suite, sibling, &hash);
            while node & 1 == 0 && node != 0 {
                node >>= 1;
                last >>= 1;
            }
        } else {
            hash = node_hash(suite, &hash, sibling);
        }
        node >>= 1;
        last >>= 1;
    }
    match (last, hash == *root) {
        (0, true) => Ok(()),
        (0, false) => Err(ProofError::Root),
        (_, _) => Err(ProofError::Length),
    }
}

/// Checks that the tree of `new` entries under `new_root` begins with the tree of `old` entries under `old_root`
/// (RFC 9162, 2.1.4.2). Nothing can be proved from an empty tree: refused.
pub fn verify_consistency(suite: Suite, old: u64, new: u64, old_root: &Hash, new_root: &Hash, proof: &[Hash]) -> Result<(), ProofError> {
    if old == 0 || old > new {
        return Err(ProofError::Range);
    }
    if old == new {
        return match (proof.is_empty(), old_root == new_root) {
            (true, true) => Ok(()),
            (true, false) => Err(ProofError::Root),
            (false, _) => Err(ProofError::Length),
        };
    }
    let (first, rest) = if old.is_power_of_two() { (old_root, proof) } else { proof.split_first().ok_or(ProofError::Length)? };
    let shift = (old - 1).trailing_ones();
    let (mut node, mut last) = ((old - 1) >> shift, (new - 1) >> shift);
    let (mut old_hash, mut new_hash) = (*first, *first);
    for sibling in rest {
        if last == 0 {
            return Err(ProofError::Length);
        }
        if node & 1 == 1 || node == last {
            old_hash = node_hash(suite, sibling, &old_hash);
            new_hash = node_hash(suite, sibling, &new_hash);
            while node & 1 == 0 && node != 0 {
                node >>= 1;
                last >>= 1;
            }
        } else {
            new_hash = node_hash(suite, &new_hash, sibling);
        }
        node >>= 1;
        last >>= 1;
    }
    match (last, old_hash == *old_root && new_hash == *new_root) {
        (0, true) => Ok(()),
        (0, false) => Err(ProofError::Root),
        (_, _) => Err(ProofError::Length),
    }
}

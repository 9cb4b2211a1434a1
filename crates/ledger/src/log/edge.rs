//! The right edge of the tree: what lies in partial tiles, held in memory, and reading of the rest.

use std::collections::HashMap;

use super::{half, read};
use crate::fs::Fs;
use crate::tree::{fold, leaf_hash, node_hash};
use crate::{Checkpoint, Error, Hash, Result, Suite, tree};

/// Hashes in a full tile, entries in a full bundle.
pub(super) const TILE: usize = 256;

/// Files that a batch of entries makes.
#[derive(Default)]
pub(super) struct Batch {
    pub files: Vec<(String, Vec<u8>)>,
    /// Directories of partial tiles that a full tile has replaced.
    pub replaced: Vec<String>,
}

/// Partial tiles of a tree, one a level, and the last entries.
#[derive(Clone)]
pub(super) struct Edge {
    suite: Suite,
    size: u64,
    /// `levels[l]`: hashes of the partial tile at level `l`, fewer than [`TILE`].
    levels: Vec<Vec<Hash>>,
    /// Whether a level has changed since its partial tile was written.
    changed: Vec<bool>,
    /// The partial entry bundle as it stands in its file.
    tail: Vec<u8>,
}

impl Edge {
    pub fn new(suite: Suite) -> Self {
        Self { suite, size: 0, levels: Vec::new(), changed: Vec::new(), tail: Vec::new() }
    }

    /// Reads the edge of the tree under a checkpoint and refuses it if it does not make the checkpoint's root.
    pub fn load(fs: &dyn Fs, suite: Suite, head: &Checkpoint) -> Result<Self> {
        let mut edge = Self { size: head.size, ..Self::new(suite) };
        let mut rest = head.size;
        for level in 0.. {
            if rest == 0 {
                break;
            }
            let width = within(rest);
            rest /= TILE as u64;
            edge.levels.push(if width == 0 { Vec::new() } else { read_hashes(fs, level, rest, width)? });
            edge.changed.push(false);
        }
        if edge.root() != head.root {
            return Err(Error::Corrupt(format!("the tiles do not make the root of checkpoint {}", head.size)));
        }
        let width = edge.width(0);
        let bundle = head.size / TILE as u64;
        for (entry, leaf) in edge.bundle(fs, bundle, width)?.iter().zip(edge.levels.iter().flatten()) {
            if leaf_hash(suite, entry) != *leaf {
                return Err(Error::Corrupt(format!("an entry of bundle {bundle} is not what its hash says")));
            }
            push_entry(&mut edge.tail, entry);
        }
        Ok(edge)
    }

    fn width(&self, level: usize) -> usize {
        self.levels.get(level).map_or(0, Vec::len)
    }

    pub fn size(&self) -> u64 {
        self.size
    }

    /// Adds an entry; what becomes full goes into the batch.
    pub fn push(&mut self, entry: &[u8], leaf: Hash, batch: &mut Batch) -> u64 {
        let index = self.size;
        push_entry(&mut self.tail, entry);
        self.size += 1;
        if self.size.is_multiple_of(TILE as u64) {
            let path = bundle_path(index / TILE as u64);
            batch.replaced.push(format!("{path}.p"));
            batch.files.push((path, std::mem::take(&mut self.tail)));
        }
        let (mut hash, mut position) = (leaf, index);
        for level in 0.. {
            if self.levels.len() == level {
                self.levels.push(Vec::with_capacity(TILE));
                self.changed.push(false);
            }
            self.levels[level].push(hash);
            self.changed[level] = true;
            if self.levels[level].len() < TILE {
                break;
            }
            let full = std::mem::replace(&mut self.levels[level], Vec::with_capacity(TILE));
            self.changed[level] = false;
            position /= TILE as u64;
            let path = tile_path(level, position);
            batch.replaced.push(format!("{path}.p"));
            batch.files.push((path, hash_bytes(&full)));
            hash = fold(self.suite, &full);
        }
        index
    }

    /// Puts the partial tiles that changed into the batch.
    pub fn partials(&mut self, batch: &mut Batch) {
        if self.width(0) > 0 {
            let path = format!("{}.p/{}", bundle_path(self.size / TILE as u64), self.width(0));
            batch.files.push((path, self.tail.clone()));
        }
        let mut rest = self.size;
        for (level, hashes) in self.levels.iter().enumerate() {
            rest /= TILE as u64;
            if std::mem::take(&mut self.changed[level]) {
                let path = format!("{}.p/{}", tile_path(level, rest), hashes.len());
                batch.files.push((path, hash_bytes(hashes)));
            }
        }
    }

    /// Root of the whole tree, from the edge alone: complete subtrees from the smallest to the largest.
    pub fn root(&self) -> Hash {
        let mut root: Option<Hash> = None;
        for hashes in &self.levels {
            let mut end = hashes.len();
            while end > 0 {
                let width = 1 << end.trailing_zeros();
                let left = fold(self.suite, &hashes[end - width..end]);
                root = Some(root.map_or(left, |right| node_hash(self.suite, &left, &right)));
                end -= width;
            }
        }
        root.unwrap_or_else(|| tree::empty_root(self.suite))
    }

    pub fn reader<'a>(&'a self, fs: &'a dyn Fs) -> Reader<'a> {
        Reader { edge: self, fs, tiles: HashMap::new() }
    }

    /// The look-up index over all leaves.
    pub fn read_index(&self, fs: &dyn Fs) -> Result<HashMap<u128, u64>> {
        let mut index = HashMap::with_capacity(usize::try_from(self.size).unwrap_or(0));
        let last = self.size / TILE as u64;
        for tile in 0..=last {
            let read;
            let hashes = if tile < last {
                read = read_hashes(fs, 0, tile, TILE)?;
                &read[..]
            } else {
                self.levels.first().map_or(&[][..], Vec::as_slice)
            };
            // The first of two equal entries is the one that counts.
            for (hash, at) in hashes.iter().zip(tile * TILE as u64..) {
                index.entry(half(hash)).or_insert(at);
            }
        }
        Ok(index)
    }

    pub fn entry(&self, fs: &dyn Fs, index: u64) -> Result<Vec<u8>> {
        let bundle = index / TILE as u64;
        let count = if bundle < self.size / TILE as u64 { TILE } else { self.width(0) };
        let mut entries = self.bundle(fs, bundle, count)?;
        Ok(entries.swap_remove(within(index)))
    }

    /// The first `count` entries of a bundle.
    pub fn bundle(&self, fs: &dyn Fs, bundle: u64, count: usize) -> Result<Vec<Vec<u8>>> {
        if count == 0 {
            return Ok(Vec::new());
        }
        let path = bundle_path(bundle);
        let bytes = read_tile(fs, &path, count)?;
        let mut rest = &bytes[..];
        let mut entries = Vec::with_capacity(count);
        while entries.len() < count {
            let entry = rest.split_first_chunk::<2>().and_then(|(length, tail)| tail.split_at_checked(usize::from(u16::from_be_bytes(*length))));
            let (entry, tail) = entry.ok_or_else(|| Error::Corrupt(format!("{path} ends early")))?;
            entries.push(entry.to_vec());
            rest = tail;
        }
        Ok(entries)
    }
}

/// Reads nodes of the tree, each tile once.
pub(super) struct Reader<'a> {
    edge: &'a Edge,
    fs: &'a dyn Fs,
    tiles: HashMap<(usize, u64), Vec<Hash>>,
}

impl Reader<'_> {
    /// Hash of the complete subtree over `index·2^level .. (index+1)·2^level`.
    pub fn node(&mut self, level: u8, index: u64) -> Result<Hash> {
        let (tile_level, inside) = (usize::from(level / 8), level % 8);
        let (first, width) = (index << inside, 1usize << inside);
        let tile = first / TILE as u64;
        let from = within(first);
        let filled = self.edge.size >> (8 * tile_level);
        let hashes = if tile < filled / TILE as u64 {
            match self.tiles.entry((tile_level, tile)) {
                std::collections::hash_map::Entry::Occupied(there) => there.into_mut(),
                std::collections::hash_map::Entry::Vacant(free) => free.insert(read_hashes(self.fs, tile_level, tile, TILE)?),
            }
        } else {
            self.edge.levels.get(tile_level).map_or(&[][..], Vec::as_slice)
        };
        let subtree = hashes.get(from..from + width);
        let subtree = subtree.ok_or_else(|| Error::Corrupt(format!("no node {index} at level {level}")))?;
        Ok(fold(self.edge.suite, subtree))
    }
}

/// Place within a tile.
fn within(index: u64) -> usize {
    (index % TILE as u64) as usize
}

fn push_entry(bundle: &mut Vec<u8>, entry: &[u8]) {
    let length = u16::try_from(entry.len()).expect("the log refuses longer entries");
    bundle.extend_from_slice(&length.to_be_bytes());
    bundle.extend_from_slice(entry);
}

fn hash_bytes(hashes: &[Hash]) -> Vec<u8> {
    hashes.iter().flat_map(|hash| hash.0).collect()
}

fn read_hashes(fs: &dyn Fs, level: usize, tile: u64, width: usize) -> Result<Vec<Hash>> {
    let path = tile_path(level, tile);
    let bytes = read_tile(fs, &path, width)?;
    let hashes: Vec<Hash> = bytes.as_chunks::<32>().0.iter().take(width).map(|hash| Hash(*hash)).collect();
    if hashes.len() < width {
        return Err(Error::Corrupt(format!("{path} holds {} of {width} hashes", hashes.len())));
    }
    Ok(hashes)
}

/// The partial tile of a width, or the full one, of which it is the beginning.
fn read_tile(fs: &dyn Fs, path: &str, width: usize) -> Result<Vec<u8>> {
    if width < TILE
        && let Some(bytes) = read(fs, &format!("{path}.p/{width}"))?
    {
        return Ok(bytes);
    }
    read(fs, path)?.ok_or_else(|| Error::Corrupt(format!("{path} is missing")))
}

pub(super) fn tile_path(level: usize, tile: u64) -> String {
    format!("tile/{level}/{}", number_path(tile))
}

pub(super) fn bundle_path(bundle: u64) -> String {
    format!("tile/entries/{}", number_path(bundle))
}

/// Three digits a path element, all but the last with `x` before: 1234067 is `x001/x234/067`.
fn number_path(number: u64) -> String {
    let mut path = format!("{:03}", number % 1000);
    let mut rest = number / 1000;
    while rest > 0 {
        path = format!("x{:03}/{path}", rest % 1000);
        rest /= 1000;
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_those_of_tlog_tiles() {
        assert_eq!(tile_path(0, 0), "tile/0/000");
        assert_eq!(tile_path(3, 1_234_067), "tile/3/x001/x234/067");
        assert_eq!(bundle_path(1000), "tile/entries/x001/000");
    }

    /// The specification's example: 70,000 entries make 273 full tiles and one of 112, one full and one of 17, one of 1.
    #[test]
    fn tiles_of_seventy_thousand_entries() {
        let mut edge = Edge::new(Suite::Intl);
        let mut batch = Batch::default();
        for n in 0..70_000u32 {
            let entry = n.to_be_bytes();
            edge.push(&entry, leaf_hash(Suite::Intl, &entry), &mut batch);
        }
        edge.partials(&mut batch);
        let full = |prefix: &str| batch.files.iter().filter(|(path, _)| path.starts_with(prefix) && !path.contains(".p/")).count();
        assert_eq!((full("tile/0/"), full("tile/1/"), full("tile/entries/")), (273, 1, 273));
        let partial: Vec<_> = batch.files.iter().map(|(p, _)| p.as_str()).filter(|p| p.contains(".p/")).collect();
        assert_eq!(partial, ["tile/entries/273.p/112", "tile/0/273.p/112", "tile/1/001.p/17", "tile/2/000.p/1"]);
    }
}

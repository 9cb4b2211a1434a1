//! 日志 (the log): one writer, one directory, the layout of C2SP tlog-tiles.
//!
//! # The order of durable writes is the design
//!
//! To go from `n` to `m` entries:
//!
//! 1. Entry bundles and hash tiles of the tree of `m` are written and synced, then every directory above them. No
//!    checkpoint speaks of them yet; a file that the tree of `n` needs is never touched.
//! 2. The checkpoint of `m` is signed into `checkpoint.next`, synced, and its name is synced. **This is the commit.**
//! 3. `checkpoint.next` is renamed to `checkpoint`, and the name is synced. Only now a reader can see it, and only now
//!    [`Log::append`] returns: what was acknowledged is durable, and what was seen cannot be lost.
//! 4. Partial tiles that a full one has replaced are removed. Nothing needs this step.
//!
//! Stopped before 2 is durable, the log opens at `n`, and what lies beyond is written over. Stopped later, opening finds
//! a whole `checkpoint.next`, checks it against the tiles and finishes step 3. A checkpoint of another tree of the same
//! origin is therefore never signed after one was seen. After a failed write the log refuses to go on until reopened,
//! for only then it is known what reached the disk.

mod copy;
mod edge;
mod epoch;

use std::collections::{BTreeSet, HashMap};
use std::path::Path;

pub use epoch::{Epoch, Head};

use self::edge::{Edge, TILE};
use crate::fs::{Disk, Fs};
use crate::key::check_name;
use crate::tree::{self, leaf_hash};
use crate::{Checkpoint, Error, Hash, Purpose, Result, SigningKey, Stamp, Suite};

const CHECKPOINT: &str = "checkpoint";
const NEXT: &str = "checkpoint.next";

/// Longest entry: bundles carry lengths of two bytes.
pub const MAX_ENTRY: usize = u16::MAX as usize;

/// 包含证明 (inclusion proof) of one entry under one checkpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// Suite of the tree.
    pub suite: Suite,
    /// Index of the entry, from zero.
    pub index: u64,
    /// Hashes from the entry's sibling to the root's child.
    pub path: Vec<Hash>,
    /// The checkpoint as a signed note.
    pub checkpoint: String,
}

/// The tiled log, open for writing.
pub struct Log {
    fs: Box<dyn Fs>,
    key: SigningKey,
    head: Checkpoint,
    note: String,
    edge: Edge,
    /// First half of an entry's hash → its index. Rebuilt from the tiles on opening; the whole hash is compared on a hit.
    index: HashMap<u128, u64>,
    poisoned: bool,
}

impl Log {
    /// Begins a log in an existing directory that holds none. `key` is named as the log's origin.
    pub fn create(dir: &Path, key: SigningKey, now: &Stamp) -> Result<Self> {
        Self::create_on(lock(dir)?, key, now)
    }

    /// [`Log::create`] on any file system.
    pub fn create_on(fs: Box<dyn Fs>, key: SigningKey, now: &Stamp) -> Result<Self> {
        check_log_key(&key)?;
        let origin = key.verifying_key().name().to_owned();
        if read(&*fs, CHECKPOINT)?.is_some() || read(&*fs, NEXT)?.is_some() {
            return Err(Error::Exists);
        }
        let head = Checkpoint::new(&origin, 0, tree::empty_root(key.suite()), now);
        let note = head.sign(&key)?.to_string();
        let edge = Edge::new(key.suite());
        let mut log = Self { fs, key, head, note, edge, index: HashMap::new(), poisoned: true };
        let (head, note) = (log.head.clone(), log.note.clone());
        log.commit(head, note)?;
        log.poisoned = false;
        Ok(log)
    }

    /// Opens the log of a directory. `known` is the newest checkpoint that the caller remembers from elsewhere (its
    /// database, a witness, a receipt): a directory that is older is refused.
    pub fn open(dir: &Path, key: SigningKey, known: Option<&str>) -> Result<Self> {
        Self::open_on(lock(dir)?, key, known)
    }

    /// [`Log::open`] on any file system.
    pub fn open_on(fs: Box<dyn Fs>, key: SigningKey, known: Option<&str>) -> Result<Self> {
        check_log_key(&key)?;
        let log = Self::load(fs, key)?;
        if let Some(known) = known {
            log.check_known(&Checkpoint::open(known, log.key.verifying_key())?)?;
        }
        Ok(log)
    }

    /// Reads what is there, finishing a commit that was interrupted (see the module's text).
    fn load(fs: Box<dyn Fs>, key: SigningKey) -> Result<Self> {
        let current = read_checkpoint(&*fs, &key)?;
        let next = match read(&*fs, NEXT)? {
            None => None,
            // A torn or foreign file was never a commit, for the commit is a whole signed note.
            Some(bytes) => match open_checkpoint(&bytes, &key) {
                Ok(next) => Some(next),
                Err(_) => {
                    fs.remove_file(NEXT).map_err(io("remove", NEXT))?;
                    None
                }
            },
        };
        let newer = match (&current, &next) {
            (None, Some(_)) => true,
            (Some((old, _)), Some((new, _))) => new.size > old.size,
            (_, None) => false,
        };
        if next.is_some() && !newer {
            fs.remove_file(NEXT).map_err(io("remove", NEXT))?;
        }
        let (head, note) = if newer { next } else { current }.ok_or(Error::NoLog)?;
        let edge = Edge::load(&*fs, key.suite(), &head)?;
        if newer {
            // A killed process may have left it written but not synced; nobody may see it before it is durable. Synced
            // and not written again: it may have been seen already, under its later name, before the power went.
            fs.sync_file(NEXT).map_err(io("sync", NEXT))?;
            fs.sync_dir("").map_err(io("sync", "."))?;
            fs.rename(NEXT, CHECKPOINT).map_err(io("rename", CHECKPOINT))?;
        }
        // Settles whatever rename or removal an earlier process did not live to sync, before anything is built on it.
        fs.sync_dir("").map_err(io("sync", "."))?;
        let index = edge.read_index(&*fs)?;
        Ok(Self { fs, key, head, note, edge, index, poisoned: false })
    }

    /// A known checkpoint must be a beginning of this very tree.
    fn check_known(&self, known: &Checkpoint) -> Result<()> {
        let (_, here) = self.head.epoch()?;
        let (_, there) = known.epoch()?;
        if there > here || (there == here && known.size > self.head.size) {
            return Err(Error::RolledBack { here: self.head.size, known: known.size });
        }
        // An older epoch may have gone further than the copy that was restored; its records say how far.
        if there == here && self.root_at(known.size)? != known.root {
            return Err(Error::Corrupt(format!("the known checkpoint of size {} is of another tree", known.size)));
        }
        Ok(())
    }

    /// Puts entries into the log and returns their indices, in order. An entry that is already there keeps its index:
    /// retrying is free. One checkpoint is signed for the whole batch, none if nothing was new. The checkpoint's time is
    /// `now`, or its predecessor's if that is later, for the log's time never goes back.
    pub fn append<E: AsRef<[u8]>>(&mut self, entries: &[E], now: &Stamp) -> Result<Vec<u64>> {
        let origin = self.head.origin.clone();
        self.append_as(&origin, entries, now)
    }

    fn append_as<E: AsRef<[u8]>>(&mut self, origin: &str, entries: &[E], now: &Stamp) -> Result<Vec<u64>> {
        if self.poisoned {
            return Err(Error::Poisoned);
        }
        if let Some(long) = entries.iter().find(|entry| entry.as_ref().len() > MAX_ENTRY) {
            return Err(Error::EntryTooLong(long.as_ref().len()));
        }
        let mut edge = self.edge.clone();
        let mut batch = edge::Batch::default();
        let mut added: HashMap<u128, (Hash, u64)> = HashMap::new();
        let mut indices = Vec::with_capacity(entries.len());
        for entry in entries {
            let leaf = leaf_hash(self.key.suite(), entry.as_ref());
            let index = match added.get(&half(&leaf)) {
                Some((hash, index)) if *hash == leaf => *index,
                _ => match self.index_of_leaf(&leaf)? {
                    Some(index) => index,
                    None => {
                        let index = edge.push(entry.as_ref(), leaf, &mut batch);
                        added.insert(half(&leaf), (leaf, index));
                        index
                    }
                },
            };
            indices.push(index);
        }
        if added.is_empty() {
            return Ok(indices);
        }
        edge.partials(&mut batch);
        let time = self.head.time()?.filter(|last| last.unix() > now.unix());
        let head = Checkpoint::new(origin, edge.size(), edge.root(), time.as_ref().unwrap_or(now));
        let note = head.sign(&self.key)?.to_string();

        self.poisoned = true;
        self.write_tiles(&batch.files)?;
        self.commit(head, note)?;
        self.poisoned = false;

        self.edge = edge;
        self.index.extend(added.into_iter().map(|(half, (_, index))| (half, index)));
        for partial in &batch.replaced {
            // Space only; a leftover directory is never read while the full tile is there.
            let _ = self.fs.remove_dir_all(partial);
        }
        Ok(indices)
    }

    fn write_tiles(&self, files: &[(String, Vec<u8>)]) -> Result<()> {
        let mut dirs = BTreeSet::from([String::new()]);
        for (path, _) in files {
            dirs.extend(path.match_indices('/').map(|(at, _)| path[..at].to_owned()));
        }
        // Sorted, a parent comes before its children.
        for dir in dirs.iter().filter(|dir| !dir.is_empty()) {
            self.fs.create_dir(dir).map_err(io("create", dir))?;
        }
        self.fs.write_durable(files).map_err(io("write", "tile"))?;
        // Every level up, also those that were there: a process that died may have made them without syncing.
        for dir in dirs.iter().rev() {
            self.fs.sync_dir(dir).map_err(io("sync", dir))?;
        }
        Ok(())
    }

    fn commit(&mut self, head: Checkpoint, note: String) -> Result<()> {
        self.fs.write_durable(&[(NEXT.to_owned(), note.clone().into_bytes())]).map_err(io("write", NEXT))?;
        self.fs.sync_dir("").map_err(io("sync", "."))?;
        self.fs.rename(NEXT, CHECKPOINT).map_err(io("rename", CHECKPOINT))?;
        self.fs.sync_dir("").map_err(io("sync", "."))?;
        (self.head, self.note) = (head, note);
        Ok(())
    }

    /// How many entries.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.head.size
    }

    /// The newest checkpoint.
    #[must_use]
    pub fn head(&self) -> &Checkpoint {
        &self.head
    }

    /// The newest checkpoint as the signed note that readers see.
    #[must_use]
    pub fn checkpoint(&self) -> &str {
        &self.note
    }

    /// Suite of the log.
    #[must_use]
    pub fn suite(&self) -> Suite {
        self.key.suite()
    }

    /// Where an entry stands, if it is in the log.
    pub fn index_of(&self, entry: &[u8]) -> Result<Option<u64>> {
        self.index_of_leaf(&leaf_hash(self.key.suite(), entry))
    }

    fn index_of_leaf(&self, leaf: &Hash) -> Result<Option<u64>> {
        let Some(index) = self.index.get(&half(leaf)) else {
            return Ok(None);
        };
        let there = self.edge.reader(&*self.fs).node(0, *index)?;
        // Two entries that share 128 bits of hash: the second is then not found again, and logged twice at worst.
        Ok((there == *leaf).then_some(*index))
    }

    /// The entry at an index.
    pub fn entry(&self, index: u64) -> Result<Vec<u8>> {
        self.check_index(index)?;
        self.edge.entry(&*self.fs, index)
    }

    /// Inclusion proof of an entry under the newest checkpoint.
    pub fn prove(&self, index: u64) -> Result<Proof> {
        self.check_index(index)?;
        let mut reader = self.edge.reader(&*self.fs);
        let path = tree::inclusion_proof(self.suite(), index, self.size(), |level, i| reader.node(level, i))?;
        Ok(Proof { suite: self.suite(), index, path, checkpoint: self.note.clone() })
    }

    /// Proof that the newest tree begins with the tree of `old` entries; `old` is at least one.
    pub fn prove_consistency(&self, old: u64) -> Result<Vec<Hash>> {
        if old == 0 || old > self.size() {
            return Err(Error::NoEntry { index: old, size: self.size() });
        }
        let mut reader = self.edge.reader(&*self.fs);
        tree::consistency_proof(self.suite(), old, self.size(), |level, i| reader.node(level, i))
    }

    /// Root that the log had with `size` entries.
    pub fn root_at(&self, size: u64) -> Result<Hash> {
        if size > self.size() {
            return Err(Error::NoEntry { index: size, size: self.size() });
        }
        let mut reader = self.edge.reader(&*self.fs);
        tree::root(self.suite(), size, |level, i| reader.node(level, i))
    }

    /// Reads every entry and every tile again and compares: each entry with its leaf hash, each full tile with the hash
    /// one level up, all with the checkpoint. Returns the number of entries.
    pub fn audit(&self) -> Result<u64> {
        let mut again = Edge::new(self.suite());
        for first in (0..self.size()).step_by(TILE) {
            let count = TILE.min(usize::try_from(self.size() - first).unwrap_or(TILE));
            let mut batch = edge::Batch::default();
            for entry in self.edge.bundle(&*self.fs, first / TILE as u64, count)? {
                let leaf = leaf_hash(self.suite(), &entry);
                again.push(&entry, leaf, &mut batch);
            }
            // What pushing makes of the entries must lie on the disk, byte for byte.
            for (path, bytes) in &batch.files {
                if read(&*self.fs, path)?.as_ref() != Some(bytes) {
                    return Err(Error::Corrupt(format!("{path} is not what its entries make")));
                }
            }
        }
        if again.root() != self.head.root || again.size() != self.head.size {
            return Err(Error::Corrupt("the entries do not make the checkpoint's root".into()));
        }
        Ok(self.size())
    }

    fn check_index(&self, index: u64) -> Result<()> {
        if index < self.size() { Ok(()) } else { Err(Error::NoEntry { index, size: self.size() }) }
    }
}

/// The log's directory is public but for the key: what an entry's id is needs 128 bits to be told apart, not 256.
fn half(leaf: &Hash) -> u128 {
    u128::from_be_bytes(leaf.0[..16].try_into().expect("half of 32 bytes"))
}

fn lock(dir: &Path) -> Result<Box<dyn Fs>> {
    let disk = Disk::lock(dir).map_err(io("lock", &dir.display().to_string()))?;
    Ok(Box::new(disk.ok_or(Error::Locked)?))
}

fn check_log_key(key: &SigningKey) -> Result<()> {
    let name = key.verifying_key().name();
    check_name(name)?;
    if key.verifying_key().purpose() != Purpose::Note || name.contains("/epoch/") {
        return Err(Error::Key(format!("{name}: not a log's key")));
    }
    Ok(())
}

pub(crate) fn io<'a>(op: &'static str, path: &'a str) -> impl FnOnce(std::io::Error) -> Error + 'a {
    move |source| Error::Io { op, path: path.to_owned(), source }
}

fn read(fs: &dyn Fs, path: &str) -> Result<Option<Vec<u8>>> {
    fs.read(path).map_err(io("read", path))
}

fn open_checkpoint(bytes: &[u8], key: &SigningKey) -> Result<(Checkpoint, String)> {
    let note = std::str::from_utf8(bytes).map_err(|_| Error::Corrupt("checkpoint is not UTF-8".into()))?;
    Ok((Checkpoint::open(note, key.verifying_key())?, note.to_owned()))
}

fn read_checkpoint(fs: &dyn Fs, key: &SigningKey) -> Result<Option<(Checkpoint, String)>> {
    read(fs, CHECKPOINT)?.map(|bytes| open_checkpoint(&bytes, key)).transpose()
}

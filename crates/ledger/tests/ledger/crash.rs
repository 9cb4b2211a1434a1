//! The log on a disk that stops between every two writes and forgets what was not synced (invariant 2: acknowledged =
//! durable). After every stop: nothing acknowledged is lost, and nothing that anyone saw is contradicted.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex};

use ledger::fs::Fs;
use ledger::{Checkpoint, Error, Log, Purpose, SigningKey, Stamp, Suite};

#[derive(Clone, Copy, PartialEq, Debug)]
enum Node {
    File(usize),
    Dir(usize),
}

#[derive(Clone)]
enum Op {
    Set(String, Node),
    Remove(String),
    Rename(String, String),
}

#[derive(Clone, Default)]
struct Dir {
    synced: BTreeMap<String, Node>,
    pending: Vec<Op>,
}

impl Dir {
    /// What the directory holds if the first `ops` of its pending changes count.
    fn after(&self, ops: usize) -> BTreeMap<String, Node> {
        let mut names = self.synced.clone();
        for op in &self.pending[..ops] {
            match op {
                Op::Set(name, node) => {
                    names.insert(name.clone(), *node);
                }
                Op::Remove(name) => {
                    names.remove(name);
                }
                Op::Rename(from, to) => {
                    if let Some(node) = names.remove(from) {
                        names.insert(to.clone(), node);
                    }
                }
            }
        }
        names
    }

    fn now(&self) -> BTreeMap<String, Node> {
        self.after(self.pending.len())
    }
}

#[derive(Clone, Default)]
struct Inode {
    data: Vec<u8>,
    synced: Vec<u8>,
}

#[derive(Clone)]
struct State {
    inodes: Vec<Inode>,
    dirs: Vec<Dir>,
    /// Steps until the disk stops.
    left: usize,
    steps: usize,
    /// A disk that says it synced and did not: the test's own test.
    lies: bool,
    /// Every checkpoint that a reader could have seen, whenever it was.
    seen: Vec<Vec<u8>>,
}

#[derive(Clone)]
struct Mem(Arc<Mutex<State>>);

/// What a stop leaves of what was not synced.
#[derive(Clone, Copy, Debug)]
enum Stop {
    /// `kill -9`: the system keeps all that was written.
    Kill,
    /// Power cut: only what was synced.
    Power,
    /// Power cut that kept some of it, by chance.
    Chance(u64),
}

impl Mem {
    fn new(lies: bool) -> Self {
        let dirs = vec![Dir::default()];
        Self(Arc::new(Mutex::new(State { inodes: vec![], dirs, left: usize::MAX, steps: 0, lies, seen: vec![] })))
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }

    fn copy(&self) -> Self {
        Self(Arc::new(Mutex::new(self.0.lock().unwrap().clone())))
    }

    fn stop_after(&self, left: usize) {
        self.0.lock().unwrap().left = left;
    }

    fn steps(&self) -> usize {
        self.0.lock().unwrap().steps
    }

    fn seen(&self) -> Vec<Vec<u8>> {
        self.0.lock().unwrap().seen.clone()
    }

    fn crash(&self, how: Stop) {
        let mut state = self.0.lock().unwrap();
        let mut chance = match how {
            Stop::Kill | Stop::Power => 0,
            Stop::Chance(seed) => seed,
        };
        let mut draw = move |n: usize| {
            // splitmix64
            chance = chance.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let z = (chance ^ (chance >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            usize::try_from((z ^ (z >> 31)) % (n as u64 + 1)).unwrap()
        };
        for dir in &mut state.dirs {
            let kept = match how {
                Stop::Kill => continue,
                Stop::Power => 0,
                Stop::Chance(_) => draw(dir.pending.len()),
            };
            dir.synced = dir.after(kept);
            dir.pending.clear();
        }
        for inode in &mut state.inodes {
            match how {
                Stop::Kill => continue,
                Stop::Power => inode.data.clone_from(&inode.synced),
                Stop::Chance(_) if inode.data != inode.synced => match draw(2) {
                    0 => inode.data.clone_from(&inode.synced),
                    1 => inode.data.truncate(draw(inode.data.len())),
                    _ => {}
                },
                Stop::Chance(_) => {}
            }
            inode.synced.clone_from(&inode.data);
        }
        state.left = usize::MAX;
    }
}

impl State {
    /// One step; false if the disk stops here.
    fn step(&mut self) -> bool {
        if self.left == 0 {
            return false;
        }
        self.left -= 1;
        self.steps += 1;
        true
    }

    fn dir(&self, path: &str) -> io::Result<usize> {
        let mut at = 0;
        for name in path.split('/').filter(|name| !name.is_empty()) {
            match self.dirs[at].now().get(name) {
                Some(Node::Dir(dir)) => at = *dir,
                _ => return Err(io::ErrorKind::NotFound.into()),
            }
        }
        Ok(at)
    }

    fn look(&mut self) {
        if let Some(Node::File(inode)) = self.dirs[0].now().get("checkpoint") {
            let data = self.inodes[*inode].data.clone();
            if self.seen.last() != Some(&data) {
                self.seen.push(data);
            }
        }
    }
}

fn parts(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}

fn stopped() -> io::Error {
    io::Error::other("the disk stopped")
}

impl Fs for Mem {
    fn read(&self, path: &str) -> io::Result<Option<Vec<u8>>> {
        let state = self.state();
        let (dir, name) = parts(path);
        let Ok(dir) = state.dir(dir) else {
            return Ok(None);
        };
        Ok(match state.dirs[dir].now().get(name) {
            Some(Node::File(inode)) => Some(state.inodes[*inode].data.clone()),
            _ => None,
        })
    }

    fn write_durable(&self, files: &[(String, Vec<u8>)]) -> io::Result<()> {
        let mut state = self.state();
        let mut open = Vec::new();
        for (path, bytes) in files {
            let (dir, name) = parts(path);
            let dir = state.dir(dir)?;
            let goes_on = state.step();
            let inode = match state.dirs[dir].now().get(name) {
                Some(Node::File(inode)) => *inode,
                Some(Node::Dir(_)) => return Err(io::ErrorKind::IsADirectory.into()),
                None => {
                    state.inodes.push(Inode::default());
                    let inode = state.inodes.len() - 1;
                    state.dirs[dir].pending.push(Op::Set(name.to_owned(), Node::File(inode)));
                    inode
                }
            };
            let written = if goes_on { bytes.len() } else { bytes.len() / 2 };
            state.inodes[inode].data = bytes[..written].to_vec();
            if !goes_on {
                return Err(stopped());
            }
            open.push(inode);
        }
        for inode in open {
            if !state.step() {
                return Err(stopped());
            }
            if !state.lies {
                state.inodes[inode].synced = state.inodes[inode].data.clone();
            }
        }
        state.look();
        Ok(())
    }

    fn sync_file(&self, path: &str) -> io::Result<()> {
        let mut state = self.state();
        let (dir, name) = parts(path);
        let dir = state.dir(dir)?;
        let Some(Node::File(inode)) = state.dirs[dir].now().get(name).copied() else {
            return Err(io::ErrorKind::NotFound.into());
        };
        if !state.step() {
            return Err(stopped());
        }
        if !state.lies {
            state.inodes[inode].synced = state.inodes[inode].data.clone();
        }
        Ok(())
    }

    fn create_dir(&self, path: &str) -> io::Result<()> {
        let mut state = self.state();
        let (parent, name) = parts(path);
        let parent = state.dir(parent)?;
        if state.dirs[parent].now().contains_key(name) {
            return Ok(());
        }
        if !state.step() {
            return Err(stopped());
        }
        state.dirs.push(Dir::default());
        let dir = state.dirs.len() - 1;
        state.dirs[parent].pending.push(Op::Set(name.to_owned(), Node::Dir(dir)));
        Ok(())
    }

    fn sync_dir(&self, path: &str) -> io::Result<()> {
        let mut state = self.state();
        let dir = state.dir(path)?;
        if !state.step() {
            return Err(stopped());
        }
        if !state.lies {
            state.dirs[dir].synced = state.dirs[dir].now();
            state.dirs[dir].pending.clear();
        }
        Ok(())
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        let mut state = self.state();
        if !state.step() {
            return Err(stopped());
        }
        state.dirs[0].pending.push(Op::Rename(from.to_owned(), to.to_owned()));
        state.look();
        Ok(())
    }

    fn remove_file(&self, path: &str) -> io::Result<()> {
        let mut state = self.state();
        if !state.step() {
            return Err(stopped());
        }
        state.dirs[0].pending.push(Op::Remove(path.to_owned()));
        Ok(())
    }

    fn remove_dir_all(&self, path: &str) -> io::Result<()> {
        let mut state = self.state();
        let (parent, name) = parts(path);
        let Ok(parent) = state.dir(parent) else {
            return Ok(());
        };
        if !state.dirs[parent].now().contains_key(name) {
            return Ok(());
        }
        if !state.step() {
            return Err(stopped());
        }
        state.dirs[parent].pending.push(Op::Remove(name.to_owned()));
        Ok(())
    }
}

fn key(suite: Suite) -> SigningKey {
    crate::key(suite, "log.example/zj", Purpose::Note, 7)
}

fn now(n: usize) -> Stamp {
    Stamp::parse(&format!("2026-03-02T09:{:02}:00+08:00", n)).unwrap()
}

/// Batches that fill no tile, fill one exactly, cross one, cross several, and repeat what is there.
fn batches() -> Vec<Vec<String>> {
    let entries = |range: std::ops::Range<u32>| range.map(|n| format!("entry {n}")).collect::<Vec<_>>();
    vec![entries(0..3), entries(3..250), entries(250..256), entries(254..259), entries(259..900), entries(0..900)]
}

/// Entries that were acknowledged, with their indices.
type Acknowledged = Vec<(String, u64)>;

fn work(disk: &Mem, suite: Suite, acknowledged: &mut Acknowledged) -> Result<(), Error> {
    let mut log = Log::create_on(Box::new(disk.clone()), key(suite), &now(0))?;
    for (n, batch) in batches().iter().enumerate() {
        let indices = log.append(batch, &now(n + 1))?;
        acknowledged.extend(batch.iter().cloned().zip(indices));
    }
    Ok(())
}

/// Opens after a stop and looks for anything lost or contradicted.
fn inspect(disk: &Mem, suite: Suite, acknowledged: &Acknowledged) -> Result<(), String> {
    let seen = disk.seen();
    let mut log = match Log::open_on(Box::new(disk.clone()), key(suite), None) {
        Ok(log) => log,
        Err(Error::NoLog) if seen.is_empty() && acknowledged.is_empty() => return Ok(()),
        Err(error) => return Err(format!("does not open: {error}")),
    };
    agree(&log, &seen, acknowledged)?;
    // Something else goes in first, so that a tree half written before the stop would now be another one.
    log.append(&["after the stop"], &now(30)).map_err(|e| e.to_string())?;
    let mut retried = Vec::new();
    for batch in batches() {
        let indices = log.append(&batch, &now(31)).map_err(|e| e.to_string())?;
        retried.extend(batch.into_iter().zip(indices));
    }
    agree(&log, &disk.seen(), acknowledged)?;
    agree(&log, &disk.seen(), &retried)?;
    if log.size() != 901 {
        return Err(format!("retrying doubled or lost entries: {}", log.size()));
    }
    log.audit().map_err(|e| e.to_string())?;
    Ok(())
}

fn agree(log: &Log, seen: &[Vec<u8>], acknowledged: &Acknowledged) -> Result<(), String> {
    for note in seen {
        let note = std::str::from_utf8(note).map_err(|_| "a torn checkpoint was visible")?;
        let head = Checkpoint::open(note, key(log.suite()).verifying_key()).map_err(|e| e.to_string())?;
        match log.root_at(head.size) {
            Ok(root) if root == head.root => {}
            Ok(_) => return Err(format!("fork at {}", head.size)),
            Err(_) => return Err(format!("checkpoint {} was seen and is gone", head.size)),
        }
    }
    for (entry, index) in acknowledged {
        if log.index_of(entry.as_bytes()).map_err(|e| e.to_string())? != Some(*index) {
            return Err(format!("{entry:?} was acknowledged at {index} and is not there"));
        }
    }
    for (entry, index) in acknowledged.iter().step_by(97) {
        if log.entry(*index).map_err(|e| e.to_string())? != entry.as_bytes() {
            return Err(format!("bundle holds something else at {index}"));
        }
    }
    Ok(())
}

fn stops() -> impl Iterator<Item = Stop> {
    [Stop::Kill, Stop::Power].into_iter().chain((0..4).map(|n| Stop::Chance(n * 7919 + 1)))
}

#[test]
fn nothing_acknowledged_is_lost_and_nothing_seen_is_contradicted_at_any_write() {
    let whole = Mem::new(false);
    work(&whole, Suite::Intl, &mut Vec::new()).unwrap();
    let steps = whole.steps();
    assert!(steps > 80, "the work has only {steps} writes");
    let mut cases = 0;
    for left in 0..=steps {
        let disk = Mem::new(false);
        disk.stop_after(left);
        let mut acknowledged = Vec::new();
        let outcome = work(&disk, Suite::Intl, &mut acknowledged);
        assert!(left == steps || outcome.is_err() || acknowledged.len() == 1802, "stopped at {left} unnoticed");
        for stop in stops() {
            let disk = disk.copy();
            disk.crash(stop);
            inspect(&disk, Suite::Intl, &acknowledged).unwrap_or_else(|e| panic!("write {left} of {steps}, {stop:?}: {e}"));
            cases += 1;
        }
    }
    println!("{cases} stops");
}

#[test]
fn a_second_stop_while_opening_loses_nothing_either() {
    let whole = Mem::new(false);
    work(&whole, Suite::Intl, &mut Vec::new()).unwrap();
    for left in (0..=whole.steps()).step_by(3) {
        let disk = Mem::new(false);
        disk.stop_after(left);
        let mut acknowledged = Vec::new();
        // The last batch ends in removals that are not acknowledged separately, so either outcome is fine here.
        let _ = work(&disk, Suite::Intl, &mut acknowledged);
        for (first, again) in [(Stop::Kill, Stop::Power), (Stop::Power, Stop::Kill), (Stop::Chance(5), Stop::Chance(11))] {
            for steps in 0..6 {
                let disk = disk.copy();
                disk.crash(first);
                disk.stop_after(steps);
                drop(Log::open_on(Box::new(disk.clone()), key(Suite::Intl), None));
                disk.crash(again);
                let outcome = inspect(&disk, Suite::Intl, &acknowledged);
                outcome.unwrap_or_else(|e| panic!("write {left}, {first:?}, opening step {steps}, {again:?}: {e}"));
            }
        }
    }
}

/// The harness can fail: a disk that only pretends to sync loses acknowledged entries, and is found out.
#[test]
fn a_disk_that_lies_about_syncing_is_found_out() {
    let disk = Mem::new(true);
    let mut acknowledged = Vec::new();
    work(&disk, Suite::Intl, &mut acknowledged).unwrap();
    disk.crash(Stop::Power);
    assert!(inspect(&disk, Suite::Intl, &acknowledged).is_err());
}

#[test]
fn after_a_failed_write_the_log_refuses_until_reopened() {
    let disk = Mem::new(false);
    let mut log = Log::create_on(Box::new(disk.clone()), key(Suite::Intl), &now(0)).unwrap();
    disk.stop_after(2);
    assert!(matches!(log.append(&["a"], &now(1)), Err(Error::Io { .. })));
    disk.stop_after(usize::MAX);
    assert!(matches!(log.append(&["a"], &now(1)), Err(Error::Poisoned)));
    drop(log);
    let mut log = Log::open_on(Box::new(disk), key(Suite::Intl), None).unwrap();
    assert_eq!(log.append(&["a"], &now(1)).unwrap(), [0]);
}

/// Invariant 2: a restore opens a new epoch that names the old one, and only so.
#[test]
fn a_restored_copy_goes_on_only_as_a_new_epoch() {
    let disk = Mem::new(false);
    let mut log = Log::create_on(Box::new(disk.clone()), key(Suite::Sm), &now(0)).unwrap();
    log.append(&["one", "two"], &now(1)).unwrap();
    let copy = disk.copy();
    log.append(&["three"], &now(2)).unwrap();
    let newest = log.checkpoint().to_owned();

    let refused = Log::open_on(Box::new(copy.clone()), key(Suite::Sm), Some(&newest));
    assert!(matches!(refused, Err(Error::RolledBack { here: 2, known: 3 })));

    let again = copy.copy();
    let restore = |disk: Mem, at| Log::restore_epoch_on(Box::new(disk), key(Suite::Sm), Some(&newest), "磁盘损坏", &now(at));
    let mut restored = restore(copy.clone(), 10).unwrap();
    assert_eq!(restored.head().epoch().unwrap(), ("log.example/zj", 1_772_414_100 - 300));
    let entry: ledger::log::Epoch = serde_json::from_slice(&restored.entry(2).unwrap()).unwrap();
    assert_eq!((entry.previous.size, entry.newest.unwrap().size), (2, 3));
    // What was lost is logged again and gets a new place; what was not keeps its own.
    assert_eq!(restored.append(&["three", "one"], &now(11)).unwrap(), [3, 0]);
    drop(restored);
    let reopened = Log::open_on(Box::new(copy.clone()), key(Suite::Sm), Some(&newest)).unwrap();
    assert_eq!(reopened.size(), 4);
    let later = reopened.checkpoint().to_owned();
    drop(reopened);
    // A second copy restored later is a third epoch, and the epoch number never goes back.
    assert!(Log::restore_epoch_on(Box::new(again.copy()), key(Suite::Sm), Some(&later), "", &now(10)).is_err());
    let third = Log::restore_epoch_on(Box::new(again), key(Suite::Sm), Some(&later), "再次恢复", &now(12)).unwrap();
    assert!(third.head().epoch().unwrap().1 > 1_772_413_800);
    assert_eq!(third.size(), 3);
}

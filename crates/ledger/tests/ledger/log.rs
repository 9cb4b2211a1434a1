//! The log on a real directory.

use std::path::Path;

use crate::at;
use ledger::tree::{self, leaf_hash, verify_consistency, verify_inclusion};
use ledger::{Error, Hash, Log, Purpose, SigningKey, Stamp, Suite};

fn key(suite: Suite) -> SigningKey {
    crate::key(suite, "log.example/zj", Purpose::Note, 9)
}

/// The tree by the words of RFC 6962, 2.1, with no regard to speed.
fn naive_root(suite: Suite, leaves: &[Hash]) -> Hash {
    match leaves {
        [] => tree::empty_root(suite),
        [one] => *one,
        many => {
            let mut k = 1;
            while k * 2 < many.len() {
                k *= 2;
            }
            tree::node_hash(suite, &naive_root(suite, &many[..k]), &naive_root(suite, &many[k..]))
        }
    }
}

fn exists(dir: &Path, path: &str) -> bool {
    dir.join(path).exists()
}

#[test]
fn entries_of_three_levels_of_tiles_prove_and_reopen() {
    for (suite, count) in [(Suite::Intl, 70_000usize), (Suite::Sm, 700)] {
        let dir = tempfile::tempdir().unwrap();
        let entries: Vec<String> = (0..count).map(|n| format!("entry {n}")).collect();
        let leaves: Vec<Hash> = entries.iter().map(|e| leaf_hash(suite, e.as_bytes())).collect();
        let mut log = Log::create(dir.path(), key(suite), &at()).unwrap();
        let mut sizes = vec![];
        for batch in entries.chunks(count / 7 + 1) {
            log.append(batch, &at()).unwrap();
            sizes.push(log.size());
        }
        assert_eq!(log.head().root, naive_root(suite, &leaves));
        drop(log);

        let log = Log::open(dir.path(), key(suite), None).unwrap();
        assert_eq!(log.audit().unwrap(), count as u64);
        for index in [0, 1, 255, 256, 257, count / 2, count - 2, count - 1] {
            let proof = log.prove(index as u64).unwrap();
            let root = log.head().root;
            verify_inclusion(suite, index as u64, count as u64, &leaves[index], &proof.path, &root).unwrap();
            assert_eq!(log.entry(index as u64).unwrap(), entries[index].as_bytes());
            assert_eq!(log.index_of(entries[index].as_bytes()).unwrap(), Some(index as u64));
        }
        for old in sizes {
            let then = naive_root(suite, &leaves[..usize::try_from(old).unwrap()]);
            assert_eq!(log.root_at(old).unwrap(), then);
            let proof = log.prove_consistency(old).unwrap();
            verify_consistency(suite, old, log.size(), &then, &log.head().root, &proof).unwrap();
        }
        // Only the last tile of a level is still partial.
        assert!(exists(dir.path(), "tile/0/000") && !exists(dir.path(), "tile/0/000.p"));
        assert!(!exists(dir.path(), "checkpoint.next"));
    }
}

#[test]
fn every_small_tree_proves_every_entry_and_every_beginning() {
    for suite in [Suite::Intl, Suite::Sm] {
        let leaves: Vec<Hash> = (0..40u8).map(|n| leaf_hash(suite, &[n])).collect();
        for size in 1..=leaves.len() {
            let root = naive_root(suite, &leaves[..size]);
            let read = |level: u8, i: u64| {
                let (from, width) = (usize::try_from(i).unwrap() << level, 1 << level);
                Ok::<_, Error>(tree::fold(suite, &leaves[from..from + width]))
            };
            let n = size as u64;
            for index in 0..n {
                let proof = tree::inclusion_proof(suite, index, n, read).unwrap();
                let leaf = &leaves[usize::try_from(index).unwrap()];
                verify_inclusion(suite, index, n, leaf, &proof, &root).unwrap();
                for wrong in (0..=n).filter(|wrong| *wrong != index) {
                    assert!(verify_inclusion(suite, wrong, n, leaf, &proof, &root).is_err());
                }
            }
            for old in 1..=n {
                let then = naive_root(suite, &leaves[..usize::try_from(old).unwrap()]);
                let proof = tree::consistency_proof(suite, old, n, read).unwrap();
                verify_consistency(suite, old, n, &then, &root, &proof).unwrap();
                if old != n {
                    assert!(verify_consistency(suite, old, n, &root, &root, &proof).is_err());
                }
            }
        }
    }
}

#[test]
fn repeated_entries_keep_their_index_and_sign_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let mut log = Log::create(dir.path(), key(Suite::Sm), &at()).unwrap();
    assert_eq!(log.append(&["a", "b", "a"], &at()).unwrap(), [0, 1, 0]);
    let before = log.checkpoint().to_owned();
    assert_eq!(log.append(&["b", "a"], &at()).unwrap(), [1, 0]);
    assert_eq!(log.append::<&str>(&[], &at()).unwrap(), [0u64; 0]);
    assert_eq!(log.checkpoint(), before);
    drop(log);
    let mut log = Log::open(dir.path(), key(Suite::Sm), Some(&before)).unwrap();
    assert_eq!(log.append(&["c", "b"], &at()).unwrap(), [2, 1]);
}

#[test]
fn the_log_s_time_never_goes_back() {
    let dir = tempfile::tempdir().unwrap();
    let mut log = Log::create(dir.path(), key(Suite::Intl), &at()).unwrap();
    log.append(&["a"], &Stamp::parse("2026-03-02T08:00:00+08:00").unwrap()).unwrap();
    assert_eq!(log.head().time().unwrap().unwrap(), at());
    let later = Stamp::parse("2026-03-02T09:15:01+08:00").unwrap();
    log.append(&["b"], &later).unwrap();
    assert_eq!(log.head().time().unwrap().unwrap(), later);
}

#[test]
fn a_directory_is_opened_once_and_never_begun_by_accident() {
    let dir = tempfile::tempdir().unwrap();
    assert!(matches!(Log::open(dir.path(), key(Suite::Sm), None), Err(Error::NoLog)));
    let mut log = Log::create(dir.path(), key(Suite::Sm), &at()).unwrap();
    assert!(matches!(Log::open(dir.path(), key(Suite::Sm), None), Err(Error::Locked)));
    assert!(matches!(log.append(&[vec![0u8; 65_536]], &at()), Err(Error::EntryTooLong(65_536))));
    assert_eq!(log.append(&[vec![0u8; 65_535]], &at()).unwrap(), [0]);
    drop(log);
    assert!(matches!(Log::create(dir.path(), key(Suite::Sm), &at()), Err(Error::Exists)));
    let other = SigningKey::generate(Suite::Sm, "log.example/zj", Purpose::Note).unwrap();
    assert!(Log::open(dir.path(), other, None).is_err());
}

#[test]
fn a_changed_tile_or_entry_is_found() {
    let dir = tempfile::tempdir().unwrap();
    let entries: Vec<String> = (0..600).map(|n| format!("entry {n}")).collect();
    let mut log = Log::create(dir.path(), key(Suite::Sm), &at()).unwrap();
    log.append(&entries, &at()).unwrap();
    drop(log);
    for (path, at_opening) in [
        ("tile/entries/000", false),
        ("tile/0/001", false),
        ("tile/0/002.p/88", true),
        ("tile/1/000.p/2", true),
        ("tile/entries/002.p/88", true),
        ("checkpoint", true),
    ] {
        let file = dir.path().join(path);
        let whole = std::fs::read(&file).unwrap();
        let mut broken = whole.clone();
        broken[40] ^= 1;
        std::fs::write(&file, &broken).unwrap();
        match Log::open(dir.path(), key(Suite::Sm), None) {
            Ok(log) => {
                assert!(!at_opening, "{path} was not noticed");
                assert!(matches!(log.audit(), Err(Error::Corrupt(_))), "{path}");
            }
            Err(error) => assert!(at_opening, "{path}: {error}"),
        }
        std::fs::write(&file, &whole).unwrap();
    }
    assert_eq!(Log::open(dir.path(), key(Suite::Sm), None).unwrap().audit().unwrap(), 600);
}

/// Copies made while the writer goes on are whole logs, each a beginning of the log (invariant 2).
#[test]
fn a_copy_under_load_is_a_log() {
    let (suite, dir) = (Suite::Intl, tempfile::tempdir().unwrap());
    let own = dir.path().join("log");
    std::fs::create_dir(&own).unwrap();
    let mut log = Log::create(&own, key(suite), &at()).unwrap();
    let done = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            for n in 0..1500u32 {
                log.append(&[format!("entry {n}")], &at()).unwrap();
            }
            done.store(true, std::sync::atomic::Ordering::SeqCst);
        });
        let (mut copies, mut last) = (0, 0);
        while !done.load(std::sync::atomic::Ordering::SeqCst) {
            let to = dir.path().join(format!("copy-{copies}"));
            let size = Log::copy(&own, &to, key(suite).verifying_key()).unwrap();
            let copy = Log::open(&to, key(suite), None).unwrap();
            assert_eq!((copy.size(), copy.audit().unwrap()), (size, size));
            assert!(size >= last, "a later copy holds more");
            (copies, last) = (copies + 1, size);
            std::fs::remove_dir_all(&to).unwrap();
        }
        writer.join().unwrap();
        assert!(copies > 1, "the writer was still at work");
    });
    let to = dir.path().join("last");
    assert_eq!(Log::copy(&own, &to, key(suite).verifying_key()).unwrap(), 1500);
    assert!(matches!(Log::copy(dir.path(), &to, key(suite).verifying_key()), Err(Error::NoLog)));
}

/// The partial tile that a checkpoint needs was replaced by the full one between two reads: the full one serves.
#[test]
fn a_copy_does_without_a_partial_tile_that_vanished() {
    let (suite, dir) = (Suite::Intl, tempfile::tempdir().unwrap());
    let own = dir.path().join("log");
    std::fs::create_dir(&own).unwrap();
    let mut log = Log::create(&own, key(suite), &at()).unwrap();
    let entries: Vec<String> = (0..300).map(|n| format!("entry {n}")).collect();
    log.append(&entries[..200], &at()).unwrap();
    let earlier = std::fs::read(own.join("checkpoint")).unwrap();
    log.append(&entries[200..], &at()).unwrap();
    assert!(!exists(&own, "tile/0/000.p/200"), "replaced");
    drop(log);
    std::fs::write(own.join("checkpoint"), earlier).unwrap();
    let to = dir.path().join("copy");
    assert_eq!(Log::copy(&own, &to, key(suite).verifying_key()).unwrap(), 200);
    assert_eq!(Log::open(&to, key(suite), None).unwrap().audit().unwrap(), 200);
}

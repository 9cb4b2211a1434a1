//! What the tests share.

use std::path::{Path, PathBuf};
use std::process::Command;

use documents::{KeyStore, Paper, Papers, Signer};
use jiff::Timestamp;

pub fn fonts() -> PathBuf {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../.tools");
    std::env::var_os("XIEZHI_TOOLS").map_or_else(|| PathBuf::from(root), PathBuf::from).join("fonts")
}

pub fn papers() -> Papers {
    Papers::open(&fonts()).expect("fonts; run scripts/fonts")
}

pub fn sample(name: &str) -> Paper {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples").join(format!("{name}.json"));
    let text = std::fs::read_to_string(&path).expect("sample");
    serde_json::from_str(&text).unwrap_or_else(|e| panic!("{name}: {e}"))
}

/// Names of all samples, in order.
pub fn samples() -> Vec<String> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    let mut names: Vec<String> =
        std::fs::read_dir(directory).expect("samples").filter_map(|e| Some(e.ok()?.path().file_stem()?.to_str()?.to_owned())).collect();
    names.sort();
    names
}

/// A directory that goes when it is dropped.
pub struct Scratch(pub PathBuf);

impl Scratch {
    pub fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("documents-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).expect("scratch");
        Self(path)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

pub fn time(text: &str) -> Timestamp {
    text.parse().expect("time")
}

pub fn from() -> Timestamp {
    time("2026-01-01T00:00:00+08:00")
}

pub fn keys(scratch: &Scratch) -> (KeyStore, Signer) {
    let store = KeyStore::open_or_create(&scratch.0, from(), 10).expect("store");
    let signer = store.signer("4001", "广东省清河市青石区人民法院", from(), 10).expect("signer");
    (store, signer)
}

/// Runs a program; `None`, said loudly, when it is not installed.
pub fn run(program: &str, arguments: &[&str]) -> Option<String> {
    match Command::new(program).args(arguments).output() {
        Ok(done) => Some(String::from_utf8_lossy(&[done.stdout, done.stderr].concat()).into_owned()),
        Err(_) => {
            eprintln!("SKIPPED: {program} is not installed; this check did not run");
            None
        }
    }
}

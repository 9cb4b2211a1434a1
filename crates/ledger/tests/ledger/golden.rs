//! Frozen receipts of format version 1: what was once given out must verify for good, and the same input must give the
//! same bytes. `GOLDEN=write` writes the files anew, which is right only before a format is first published.

use std::path::PathBuf;
use std::process::Command;

use crate::at;
use ledger::{Content, Digests, FileDigest, Kind, Log, Purpose, Receipt, Role, Salt, Stamp, Suite, Trust};

const PAPER: &[u8] = b"%PDF-1.7 a paper as it was served";

fn golden(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name)
}

fn make(suite: Suite) -> (String, String) {
    let key = |name, seed| crate::key(suite, name, Purpose::Note, seed);
    let (court, log_key) = (key("court.example/3301", 21), key("log.court.example", 22));
    let trust = crate::trust(&[(Role::Court, &court), (Role::Log, &log_key)]);
    let mut content = Content::new(Kind::ServedPaper, "SD202603020001", "民事判决书", "3301", &at());
    let digests = Digests::of(PAPER);
    content.files.push(FileDigest {
        bytes: digests.bytes,
        name: "民事判决书.pdf".into(),
        pages: Some(7),
        sha256: digests.sha256.to_hex(),
        sm3: Some(digests.sm3.to_hex()),
    });
    content.facts.insert("案号".into(), "（2026）浙01民初1号".into());
    let receipt = Receipt::issue(content, &court).unwrap();
    let dir = tempfile::tempdir().unwrap();
    let mut log = Log::create(dir.path(), log_key, &at()).unwrap();
    let salt = Salt(*b"0123456789abcdef");
    let record = receipt.record(suite, &salt).unwrap();
    let mut entries: Vec<String> = (0..300).map(|n| format!("entry {n}")).collect();
    entries.insert(255, record.to_line());
    let index = log.append(&entries, &Stamp::parse("2026-03-02T09:15:02+08:00").unwrap()).unwrap()[255];
    let whole = receipt.complete(&salt, &record, &log.prove(index).unwrap()).unwrap();
    (whole.to_text(), trust.to_string())
}

#[test]
fn receipts_of_version_1_stay_what_they_are() {
    for (suite, name) in [(Suite::Sm, "sm"), (Suite::Intl, "intl")] {
        let (text, trust) = make(suite);
        let files = [(golden(&format!("{name}.receipt")), text), (golden(&format!("{name}.keys")), trust)];
        for (path, now) in &files {
            if std::env::var_os("GOLDEN").is_some_and(|v| v == "write") {
                std::fs::write(path, now).unwrap();
            }
            assert_eq!(std::fs::read_to_string(path).unwrap(), *now, "{}", path.display());
        }
        let trust = Trust::parse(&files[1].1).unwrap();
        let verdict = Receipt::parse(&files[0].1).unwrap().verify(&trust, Some(PAPER)).unwrap();
        assert_eq!(verdict.ledger.unwrap().index, 255);
    }
}

/// A verifier in another language, written from docs/ledger-format.md alone, says the same.
#[test]
fn the_second_verifier_agrees() {
    let ready = "import hashlib, sys; sys.exit('sm3' not in hashlib.algorithms_available)";
    if !Command::new("python3").args(["-c", ready]).status().is_ok_and(|status| status.success()) {
        eprintln!("SKIPPED: the_second_verifier_agrees: no python3 whose hashlib has SM3");
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let run = |receipt: &str, file: &[u8], keys: &str| {
        std::fs::write(dir.path().join("receipt"), receipt).unwrap();
        std::fs::write(dir.path().join("file"), file).unwrap();
        let script = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/second_verifier.py");
        let output = Command::new("python3").arg(script).args(["receipt", "file"]).arg(golden(keys)).current_dir(dir.path()).output();
        let output = output.unwrap();
        (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr))
    };
    for name in ["sm", "intl"] {
        let (text, keys) = (std::fs::read_to_string(golden(&format!("{name}.receipt"))).unwrap(), format!("{name}.keys"));
        let other = if name == "sm" { "intl.keys" } else { "sm.keys" };
        assert_eq!(run(&text, PAPER, &keys), (Some(0), "holds\n".into()), "{name}");
        for (what, outcome) in [
            ("another file", run(&text, b"other", &keys)),
            ("unknown keys", run(&text, PAPER, other)),
            ("changed content", run(&text.replace("SD2026", "SD2027"), PAPER, &keys)),
            ("changed index", run(&text.replace("index 255", "index 254"), PAPER, &keys)),
            ("changed checkpoint", run(&text.replace("\n301\n", "\n302\n"), PAPER, &keys)),
        ] {
            assert_eq!(outcome.0, Some(1), "{name}, {what}: {}", outcome.1);
        }
    }
}

//! `xiezhi-verify` as a person runs it.

use std::path::Path;
use std::process::{Command, Output};

use crate::at;
use ledger::{Content, Digests, FileDigest, Kind, Log, Purpose, Receipt, Role, Salt, SigningKey, Suite};

fn run(dir: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_xiezhi-verify")).current_dir(dir).args(arguments).output().unwrap()
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

fn setup(dir: &Path) {
    let key = |name| SigningKey::generate(Suite::Sm, name, Purpose::Note).unwrap();
    let (court, log_key) = (key("court.example/3301"), key("log.court.example"));
    let trust = crate::trust(&[(Role::Court, &court), (Role::Log, &log_key)]);
    std::fs::write(dir.join("trust.keys"), format!("# 法院公布的公钥\n{trust}")).unwrap();
    std::fs::write(dir.join("判决书.pdf"), b"%PDF-1.7 paper").unwrap();
    std::fs::write(dir.join("other.pdf"), b"%PDF-1.7 other").unwrap();
    let mut content = Content::new(Kind::ServedPaper, "SD1", "民事判决书", "3301", &at());
    let digests = Digests::of(b"%PDF-1.7 paper");
    let (sha256, sm3) = (digests.sha256.to_hex(), Some(digests.sm3.to_hex()));
    content.files.push(FileDigest { bytes: digests.bytes, name: "判决书.pdf".into(), pages: None, sha256, sm3 });
    let receipt = Receipt::issue(content, &court).unwrap();
    let store = dir.join("log");
    std::fs::create_dir(&store).unwrap();
    let mut log = Log::create(&store, log_key, &at()).unwrap();
    let salt = Salt::generate().unwrap();
    let record = receipt.record(Suite::Sm, &salt).unwrap();
    let index = log.append(&["other".to_owned(), record.to_line()], &at()).unwrap()[1];
    let whole = receipt.complete(&salt, &record, &log.prove(index).unwrap()).unwrap();
    std::fs::write(dir.join("receipt"), whole.to_text()).unwrap();
    std::fs::write(dir.join("changed"), whole.to_text().replace("民事判决书", "刑事判决书")).unwrap();
    std::fs::write(dir.join("cut"), &whole.to_text()[..900]).unwrap();
    std::fs::write(dir.join("empty.keys"), "# nobody\n").unwrap();
}

#[test]
fn exit_codes_and_words() {
    let dir = tempfile::tempdir().unwrap();
    setup(dir.path());
    for (expected, arguments, words) in [
        (0, &["receipt", "--trust", "trust.keys"][..], "未提供文件"),
        (0, &["receipt", "判决书.pdf", "--trust", "trust.keys"], "上链后完整性：一致"),
        (0, &["--trust", "trust.keys", "receipt", "判决书.pdf", "--json"], "\"integrity\": \"consistent\""),
        (0, &["--help"], "退出码"),
        (1, &["receipt", "other.pdf", "--trust", "trust.keys"], "文件与回执所载一致"),
        (1, &["receipt", "--trust", "empty.keys"], "不在信任名单中"),
        (1, &["changed", "--trust", "trust.keys"], "签名无效"),
        (1, &["cut", "--trust", "trust.keys"], "回执文件无法识别"),
        (1, &["cut", "--trust", "trust.keys", "--json"], "\"holds\": false"),
        (2, &["receipt"], "缺少 --trust"),
        (2, &["--trust", "trust.keys"], "须给出一个回执"),
        (2, &["a", "b", "c", "--trust", "trust.keys"], "须给出一个回执"),
        (2, &["receipt", "--trust", "trust.keys", "--quick"], "不认识的选项"),
        (2, &["nothing", "--trust", "trust.keys"], "无法读取"),
        (2, &["receipt", "nothing", "--trust", "trust.keys"], "无法读取"),
        (2, &["receipt", "--trust", "receipt"], "信任名单第1行有误"),
    ] {
        let output = run(dir.path(), arguments);
        let said = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
        assert_eq!(code(&output), expected, "{arguments:?}: {said}");
        assert!(said.contains(words), "{arguments:?}: {said}");
    }
}

#[test]
fn r_led_05_json_report_has_every_field() {
    let dir = tempfile::tempdir().unwrap();
    setup(dir.path());
    let output = run(dir.path(), &["receipt", "判决书.pdf", "--trust", "trust.keys", "--json"]);
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    for field in ["chain", "height", "index", "entry", "time", "algorithm", "commitment", "recomputed", "path", "node"] {
        assert!(!report["ledger"][field].is_null(), "{field}");
    }
    for field in ["no", "integrity", "provenance", "checks", "limits", "advice", "signer", "at"] {
        assert!(!report[field].is_null(), "{field}");
    }
}

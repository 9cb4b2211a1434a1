//! An installation made by `xiezhi init`: nothing of the demo is reachable, TLS is spoken, and `doctor` names what is wrong.
use crate::house::{self, House, PASSWORD, court, ready, stderr, xiezhi};
use serde_json::{Value, json};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

/// Every address of a sandbox or of the clock, from the sources of both wings, so that a new one is asked for too.
fn sandbox_addresses() -> Vec<String> {
    let mut found = vec![];
    for router in [include_str!("../../../workbench/src/lib.rs"), include_str!("../../../portal/src/web.rs")] {
        let paths = router.split(".route(\"").skip(1).filter_map(|rest| rest.split('"').next());
        found.extend(
            paths
                .filter(|path| path.contains("sandbox") || path.contains("clock"))
                .map(|path| path.replace("{id}", "00000000-0000-7000-8000-000000000000")),
        );
    }
    assert!(found.iter().any(|path| path == "/sandbox/codes") && found.iter().any(|path| path == "/sandbox/phone"), "{found:?}");
    assert!(found.iter().any(|path| path == "/api/clock"), "{found:?}");
    found
}

#[test]
fn nothing_of_the_demo_has_any_effect_in_an_installation() {
    if !ready() {
        return;
    }
    let house = House::new(&[]);
    let court = court();
    // The demo's variables do nothing: a drill would kill the server at its first write.
    let mut server = house.serve(&["--demo"], &[("XIEZHI_DRILL_KILL_AFTER", "1")]);
    assert_eq!(server.said["demo"], false, "an installation stays one");
    let administrator = server.sign_in(house.login(), PASSWORD, &house.code(0));
    let token = administrator["token"].as_str().expect("signed in").to_owned();
    assert_eq!(administrator["office"], "system_administrator");
    let clerk = ["staff", "--court", &court, "--login", "xu", "--name", "许知行", "--office", "filing-clerk", "--division", "立案庭", "--json"];
    let entered = xiezhi(&[&clerk[..], &["--data", house.path()]].concat(), PASSWORD, &[]);
    assert!(entered.status.success(), "{}", stderr(&entered));
    let otpauth: Value = serde_json::from_slice(&entered.stdout).expect("JSON");
    let clerk = server.sign_in("xu", PASSWORD, &house::code_of(otpauth["otpauth"].as_str().expect("a secret"), 0));
    let clerk = clerk["token"].as_str().expect("signed in").to_owned();
    for path in sandbox_addresses() {
        for base in [&server.portal, &server.court] {
            for token in ["", &clerk, &token] {
                for (method, body) in [("GET", json!(null)), ("POST", json!({"days": 30, "to": "2030-01-01"}))] {
                    let status = house::ask(method, &format!("{base}{path}"), token, &body).0;
                    assert!(matches!(status, 401 | 403 | 404 | 405), "{method} {base}{path} answers {status}");
                }
            }
        }
    }
    assert_eq!(house::ask("GET", &format!("{}/sandbox/codes", server.court), &clerk, &json!(null)).0, 404);
    for (login, password) in [("xu", "xiezhi-2026"), ("lin", "xiezhi-2026"), ("admin", "xiezhi-2026")] {
        assert!(server.sign_in(login, password, "000000")["error"].is_string(), "{login} of the demo is nobody here");
    }
    for page in [format!("{}/login", server.court), format!("{}/", server.portal)] {
        let (status, text) = house::asked(&page).expect("an answer");
        assert!(status == 200 && !text.contains("演示环境") && !text.contains("sandbox"), "{page}: {text}");
    }
    assert!(server.alive(), "the drill has no effect here");
    server.stop();
    let found = house.doctor(&[], &[]);
    assert_eq!(found["good"], true, "{found}");
}

#[test]
fn pages_are_served_over_tls_a_silent_client_holds_up_nobody_and_a_renewed_certificate_is_taken_up() {
    if !ready() {
        return;
    }
    let dir = tempfile::tempdir().expect("a directory");
    let (crt, key) = house::certificate(dir.path(), "localhost", 90);
    let files = ["--portal-tls-cert", &crt, "--portal-tls-key", &key, "--court-tls-cert", &crt, "--court-tls-key", &key];
    let house = House::new(&files);
    let server = house.serve(&[], &[]);
    let silent: Vec<_> = (0..8).map(|_| std::net::TcpStream::connect(&server.court_listens).expect("accepted")).collect();
    for (listens, path) in [(&server.portal_listens, "/"), (&server.court_listens, "/login")] {
        let answer = house::over_tls(listens, &crt, path);
        assert!(answer.contains("HTTP/1.1 200 OK") && answer.contains("strict-transport-security"), "{answer}");
        assert!(answer.contains("Verification: OK") || answer.contains("Verify return code: 0"), "{answer}");
        let port = listens.rsplit(':').next().expect("a port");
        let clear = house::asked(&format!("http://127.0.0.1:{port}{path}"));
        assert!(clear.is_err(), "nothing is told in the clear: {clear:?}");
    }
    drop(silent);
    // Renewed in its place, the next client sees the new one; the old root does not vouch for it.
    let (renewed, renewed_key) = house::certificate(&dir.path().join("renewed"), "localhost", 90);
    let old_root = dir.path().join("old-root.crt").display().to_string();
    fs::rename(&crt, &old_root).expect("renamed");
    fs::copy(&renewed_key, &key).expect("renewed");
    assert!(house::over_tls(&server.court_listens, &old_root, "/login").contains("200 OK"), "half renewed, the old one is served");
    fs::copy(&renewed, &crt).expect("renewed");
    assert!(house::over_tls(&server.court_listens, &renewed, "/login").contains("200 OK"), "the renewed one is served");
    assert!(!house::over_tls(&server.court_listens, &old_root, "/login").contains("200 OK"));
    server.stop();
    let found = house.doctor(&[], &[]);
    assert_eq!(found["good"], true, "{found}");
}

#[test]
fn what_cannot_work_is_refused_before_the_first_file_is_written() {
    if !ready() {
        return;
    }
    let dir = tempfile::tempdir().expect("a directory");
    let (crt, key) = house::certificate(dir.path(), "localhost", 90);
    let (other, other_key) = house::certificate(&dir.path().join("other"), "zxfw.example.cn", 90);
    let long_ago = "2001-01-01T00:00:00Z".parse().expect("a time");
    documents::KeyStore::open_or_create(&dir.path().join("old"), long_ago, 1).expect("a certificate of 2001");
    let (old, old_key) = (dir.path().join("old/root.crt").display().to_string(), dir.path().join("old/root.key").display().to_string());
    fs::write(dir.path().join("empty.pem"), "").expect("written");
    let empty = dir.path().join("empty.pem").display().to_string();
    let tls = |crt: &str, key: &str| vec!["--portal-tls-cert".to_owned(), crt.to_owned(), "--portal-tls-key".to_owned(), key.to_owned()];
    let says = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    for (arguments, expected) in [
        (tls("/nowhere/cert.pem", &key), "/nowhere/cert.pem cannot be read"),
        (tls(&crt, "/nowhere/key.pem"), "/nowhere/key.pem cannot be read"),
        (tls(&empty, &key), "holds no certificate"),
        (tls(&crt, &other_key), "does not fit the certificate"),
        (tls(&other, &other_key), "is not for localhost"),
        (tls(&old, &old_key), "expired on 2002-01-01"),
        (says(&["--smtp", "mail.example:25"]), "would carry codes in the clear"),
        (says(&["--smtp-user", "court", "--smtp-password-file", "/nowhere/password"]), "/nowhere/password"),
        (says(&["--sms-url", "https://sms.example/", "--sms-key", "k", "--sms-secret-file", &empty]), "on this machine"),
        (says(&["--portal-url", "http://localhost"]), "begin with https://"),
        (says(&["--court", "粤4001"]), "the register knows no court 粤4001"),
    ] {
        let target = dir.path().join("refused");
        let refused = house::init(&target, &arguments.iter().map(String::as_str).collect::<Vec<_>>());
        assert!(!refused.status.success(), "{arguments:?}");
        assert!(stderr(&refused).contains(expected), "{arguments:?}: {}", stderr(&refused));
        assert!(!target.exists(), "{arguments:?} left something behind");
    }
}

/// Names of what is bad.
fn bad(found: &Value) -> Vec<&str> {
    let findings = found["findings"].as_array().expect("findings");
    findings.iter().filter(|one| one["good"] == false).map(|one| one["what"].as_str().expect("a name")).collect()
}

/// A directory with a program of this name that prints a text, in front of the others.
fn program(dir: &Path, name: &str, text: &str) -> String {
    let bin = dir.join(format!("bin-{name}"));
    fs::create_dir_all(&bin).expect("a directory");
    let path = bin.join(name);
    fs::write(&path, format!("#!/bin/sh\ncat <<'END'\n{text}\nEND\n")).expect("written");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("executable");
    format!("{}:{}", bin.display(), std::env::var("PATH").expect("a path"))
}

#[test]
fn doctor_names_each_thing_that_is_wrong() {
    if !ready() {
        return;
    }
    let dir = tempfile::tempdir().expect("a directory");
    let (crt, key) = house::certificate(dir.path(), "localhost", 90);
    let house = House::new(&["--portal-tls-cert", &crt, "--portal-tls-key", &key]);
    assert_eq!(bad(&house.doctor(&[], &[])), Vec::<&str>::new(), "{}", house.doctor(&[], &[]));

    let mute = house.copy(&dir.path().join("mute"));
    let settings = Path::new(mute.path()).join("house.toml");
    let text = fs::read_to_string(&settings).expect("settings");
    let server = text.lines().find_map(|line| line.strip_prefix("server = ")).expect("a mail server").to_owned();
    fs::write(&settings, text.replace(&server, "\"127.0.0.1:9\"")).expect("written");
    assert_eq!(bad(&mute.doctor(&[], &[])), ["portal messages", "court messages"], "nobody listens there");

    let empty = dir.path().join("no-fonts");
    fs::create_dir_all(&empty).expect("a directory");
    assert_eq!(bad(&house.doctor(&["--fonts", &empty.display().to_string()], &[])), ["fonts"]);
    let without = program(dir.path(), "tesseract", "List of available languages (1):\neng");
    assert_eq!(bad(&house.doctor(&[], &[("PATH", &without)])), ["tesseract"]);
    let full = program(dir.path(), "df", "Filesystem 1024-blocks Used Available Capacity Mounted on\n/dev/vda 1000000 990000 10000 99% /");
    assert_eq!(bad(&house.doctor(&[], &[("PATH", &full)])), ["disk"]);

    let damaged = |name: &str, damage: &dyn Fn(&Path)| {
        let copy = house.copy(&dir.path().join(name));
        damage(Path::new(copy.path()));
        let found = copy.doctor(&[], &[]);
        bad(&found).iter().map(|what| (*what).to_owned()).collect::<Vec<_>>()
    };
    let open = damaged("open", &|data| fs::set_permissions(data.join("court/vault.key"), fs::Permissions::from_mode(0o644)).expect("opened"));
    assert_eq!(open, ["key files"]);
    assert_eq!(damaged("ahead", &|data| house::log_from_the_future(data)), ["clock", "log"]);
    assert_eq!(damaged("log", &house::damage_log), ["log"]);
    assert_eq!(damaged("record", &house::forget_administration), ["administration"]);
    let silent = damaged("silent", &|data| house::edit(data, |settings| settings["court"].as_table_mut().map(|zone| zone.remove("mail")).is_some()));
    assert_eq!(silent, ["court messages"]);
    let (soon, soon_key) = house::certificate(&dir.path().join("soon"), "localhost", 10);
    let expiring = damaged("expiring", &|data| {
        house::edit(data, |settings| {
            settings["portal"]["tls"]["cert"] = soon.clone().into();
            settings["portal"]["tls"]["key"] = soon_key.clone().into();
            true
        });
    });
    assert_eq!(expiring, ["portal TLS"]);
}

#[test]
fn commands_that_scripts_use_print_json_and_show_examples() {
    for command in ["serve", "init", "staff", "typeset", "doctor", "backup", "courts"] {
        let help = xiezhi(&[command, "--help"], "", &[]);
        let text = String::from_utf8_lossy(&help.stdout).into_owned();
        assert!(text.contains("--json") && text.contains("Example"), "{command}: {text}");
    }
    let found = xiezhi(&["courts", &court(), "--json"], "", &[]);
    assert!(serde_json::from_slice::<Value>(&found.stdout).expect("JSON").as_array().is_some_and(|rows| !rows.is_empty()));
}

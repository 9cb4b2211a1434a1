//! 维护: what was backed up can be restored and served, its receipts hold, and a restore that is killed leaves nothing half
//! (house invariant 2). On SQLite, through the built binary.
use crate::house::{over, ready_to_tell, stderr};
use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// What a command says on success.
fn good(arguments: &[&str], data: &Path) -> String {
    let done = over(data, arguments);
    let said = String::from_utf8_lossy(&done.stdout).into_owned();
    assert!(done.status.success(), "{arguments:?}: {said}{}", stderr(&done));
    said
}

/// A page of the portal, asked for until it answers.
fn first_page(house: &Path) -> String {
    let settings = fs::read_to_string(house.join("house.toml")).expect("settings");
    let line = settings.lines().find(|line| line.starts_with("listen")).expect("an address");
    let address = line.split('"').nth(1).expect("an address");
    let since = Instant::now();
    let mut stream = loop {
        match TcpStream::connect(address) {
            Ok(stream) => break stream,
            Err(error) => assert!(since.elapsed() < Duration::from_secs(60), "{address} does not answer: {error}"),
        }
        std::thread::sleep(Duration::from_millis(50));
    };
    write!(stream, "GET / HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n").expect("asked");
    let mut page = String::new();
    stream.read_to_string(&mut page).expect("answered");
    page
}

/// Serves a data directory until one page came, and stops in good order.
fn serve_once(house: &Path) {
    let mut server = Command::new(env!("CARGO_BIN_EXE_xiezhi")).arg("serve").arg("--data").arg(house).stdout(Stdio::null()).spawn().expect("serves");
    let page = first_page(house);
    let stopped = Command::new("kill").args(["-TERM", &server.id().to_string()]).status().expect("kill");
    assert!(stopped.success() && server.wait().expect("ends").success(), "stops in good order");
    assert!(page.starts_with("HTTP/1.1 200"), "{page}");
}

#[test]
fn a_backup_restores_serves_and_its_receipts_hold() {
    if !ready_to_tell("backup and restore were not tested") {
        return;
    }
    let dir = tempfile::tempdir().expect("a directory");
    let (told, file, restored) = (dir.path().join("told"), dir.path().join("house.backup"), dir.path().join("again/house"));
    fs::create_dir(dir.path().join("again")).expect("a directory");
    good(&["scenario"], &told);
    let saved = file.to_str().expect("a path");
    good(&["backup", saved], &told.join("house"));
    killed_on_the_way(saved, &restored);
    good(&["restore", saved], &restored);

    // Everything works, and the log goes on in an epoch of its own that names the old one.
    let equal = |text: String| assert!(text.contains("replay equal"), "{text}");
    good(&["doctor"], &restored);
    equal(good(&["replay", "--check"], &restored));
    serve_once(&restored);
    equal(good(&["replay", "--check"], &restored));
    let origin = |house: &Path| {
        let checkpoint = fs::read_to_string(house.join("court/log/checkpoint")).expect("a checkpoint");
        checkpoint.lines().next().expect("an origin").to_owned()
    };
    assert_eq!(origin(&restored).split("/epoch/").next(), Some(origin(&told.join("house")).as_str()), "the same log");
    assert!(origin(&restored).contains("/epoch/"), "{}", origin(&restored));

    // Receipts given before verify against the restored trust file, and every check of the story holds over the copy.
    for kept in fs::read_dir(&told).expect("papers").map(|entry| entry.expect("an entry").path()).filter(|path| path.is_file()) {
        fs::copy(&kept, dir.path().join("again").join(kept.file_name().expect("a name"))).expect("copied");
    }
    let copied = Command::new("cp").arg("-a").arg(told.join("archive")).arg(dir.path().join("again/archive")).status().expect("cp");
    assert!(copied.success());
    fs::copy(restored.join("trust.keys"), dir.path().join("again/trust.keys")).expect("copied");
    let checked = good(&["scenario", "--check"], &dir.path().join("again"));
    assert!(checked.contains("receipts hold"), "{checked}");
}

/// Killed at any moment, a restore leaves no directory of that name, or a whole one.
fn killed_on_the_way(backup: &str, to: &Path) {
    for after in [1, 10, 40, 100, 200] {
        let mut restore =
            Command::new(env!("CARGO_BIN_EXE_xiezhi")).args(["restore", backup, "--data"]).arg(to).stdout(Stdio::null()).spawn().expect("restores");
        std::thread::sleep(Duration::from_millis(after));
        restore.kill().expect("killed");
        restore.wait().expect("gone");
        if to.exists() {
            let whole = good(&["replay", "--check"], to);
            assert!(whole.contains("replay equal"), "{after} ms: {whole}");
            fs::remove_dir_all(to).expect("cleared");
        }
    }
}

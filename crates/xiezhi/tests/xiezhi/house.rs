//! An installation in a throw-away directory, made and served by the built binary as an operator would.
use serde_json::{Value, json};
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use storage::Db;

/// The password of whoever is entered here.
pub const PASSWORD: &str = "石榴花开在五月的院子里";
const LOGIN: &str = "wen";

fn fonts() -> PathBuf {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../.tools");
    std::env::var_os("XIEZHI_TOOLS").map_or_else(|| PathBuf::from(root), PathBuf::from).join("fonts")
}

/// The fonts of the papers, if they are on this machine.
pub fn fonts_found() -> Option<PathBuf> {
    Some(fonts()).filter(|fonts| fonts.join("FandolFang-Regular.otf").exists())
}

/// What is needed on this machine, or a loud word that it could not run.
pub fn ready() -> bool {
    let openssl = Command::new("openssl").arg("version").output().is_ok();
    if fonts_found().is_some() && intake::tesseract::installed() && openssl {
        return true;
    }
    eprintln!("SKIPPED: fonts, tesseract or openssl are missing (scripts/fonts, scripts/packages); installations were not tested");
    false
}

/// What the scenario needs on this machine, or a loud word of what could not run.
pub fn ready_to_tell(skipped: &str) -> bool {
    let reader = Command::new("pdftotext").arg("-v").output().is_ok();
    if fonts_found().is_some() && reader && intake::tesseract::installed() {
        return true;
    }
    eprintln!("SKIPPED: fonts, pdftotext or tesseract are missing (scripts/fonts, scripts/tesseract); {skipped}");
    false
}

/// Code of a court of the national register.
pub fn court() -> String {
    let register = procedure::courts::Register::national();
    let court = register.iter().find(|court| court.code.starts_with('京') && register.by_code(&court.code).is_some());
    court.expect("the register has courts of Beijing").code.clone()
}

pub fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Runs a command with a line on standard input.
pub fn xiezhi(arguments: &[&str], line: &str, env: &[(&str, &str)]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xiezhi"));
    command.args(arguments).envs(env.iter().copied()).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("xiezhi runs");
    // A command that reads nothing may be gone already.
    drop(child.stdin.take().expect("piped").write_all(format!("{line}\n").as_bytes()));
    child.wait_with_output().expect("xiezhi ends")
}

/// Runs a command over a data directory.
pub fn over(data: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_xiezhi")).args(arguments).arg("--data").arg(data).output().expect("xiezhi runs")
}

/// `xiezhi init`; what is given replaces what an operator would usually say.
pub fn init(dir: &Path, arguments: &[&str]) -> Output {
    let seals = tempfile::tempdir().expect("a directory");
    let (now, code) = (jiff::Timestamp::now(), court());
    let store = documents::KeyStore::open_or_create(seals.path(), now, 10).expect("an authority");
    let hex: String = code.bytes().filter(|byte| !byte.is_ascii_digit()).map(|byte| format!("{byte:02x}")).collect();
    let digits: String = code.chars().filter(char::is_ascii_digit).collect();
    store.signer(&format!("court-{hex}-{digits}"), "人民法院", now, 10).expect("a seal");
    let (data, seals) = (dir.display().to_string(), seals.path().display().to_string());
    let mail = silent_post_office();
    let usual = [
        ("--court", code.as_str()),
        ("--portal-url", "https://localhost"),
        ("--court-url", "https://localhost"),
        ("--portal-listen", "127.0.0.1:0"),
        ("--court-listen", "127.0.0.1:0"),
        ("--seals", &seals),
        ("--login", LOGIN),
        ("--name", "温以恒"),
        ("--court-address", "北京市朝阳区朝阳公园南路甲2号"),
        ("--court-phone", "010-12368"),
        ("--fee-account", "北京市朝阳区人民法院诉讼费专户,试验银行朝阳支行,1100 2200 3300"),
        ("--smtp", &mail),
        ("--smtp-from", "noreply@court.example"),
        ("--smtp-to", "{phone}@sms.example"),
    ];
    let mut all = vec!["init", &data, "--json"];
    for (name, value) in usual.iter().filter(|(name, _)| !arguments.contains(name)) {
        all.extend([*name, *value]);
    }
    all.extend(arguments);
    xiezhi(&all, PASSWORD, &[])
}

/// An installation.
pub struct House {
    dir: String,
    /// The administrator's secret.
    otpauth: String,
    _kept: Option<tempfile::TempDir>,
}

impl House {
    pub fn new(arguments: &[&str]) -> Self {
        let kept = tempfile::tempdir().expect("a directory");
        let dir = kept.path().join("data");
        let made = init(&dir, arguments);
        assert!(made.status.success(), "{}", stderr(&made));
        let said: Value = serde_json::from_slice(&made.stdout).expect("one line of JSON");
        let otpauth = said["otpauth"].as_str().expect("a secret").to_owned();
        Self { dir: dir.display().to_string(), otpauth, _kept: Some(kept) }
    }

    /// The same in another place, to be damaged there.
    pub fn copy(&self, to: &Path) -> Self {
        assert!(Command::new("cp").arg("-a").arg(&self.dir).arg(to).status().expect("cp").success());
        Self { dir: to.display().to_string(), otpauth: self.otpauth.clone(), _kept: None }
    }

    pub fn path(&self) -> &str {
        &self.dir
    }

    pub fn login(&self) -> &str {
        LOGIN
    }

    /// A code of the administrator, so many half minutes from now.
    pub fn code(&self, steps: i64) -> String {
        code_of(&self.otpauth, steps)
    }

    pub fn doctor(&self, arguments: &[&str], env: &[(&str, &str)]) -> Value {
        let fonts = fonts().display().to_string();
        let usual = if arguments.contains(&"--fonts") { vec![] } else { vec!["--fonts", fonts.as_str()] };
        let looked = xiezhi(&[&["doctor", "--json", "--data", &self.dir][..], &usual, arguments].concat(), "", env);
        let found: Value = serde_json::from_slice(&looked.stdout).unwrap_or_else(|error| panic!("{error}: {}", stderr(&looked)));
        assert_eq!(looked.status.success(), found["good"] == true, "the status says what the words say");
        found
    }

    /// Serves until the server is stopped or dropped.
    pub fn serve(&self, arguments: &[&str], env: &[(&str, &str)]) -> Server {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xiezhi"));
        command.args(["serve", "--json", "--data", &self.dir, "--fonts"]).arg(fonts()).args(arguments).envs(env.iter().copied());
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().expect("xiezhi serves");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("piped")).read_line(&mut line).expect("a line");
        let said: Value = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"));
        let listens = |zone: &str| said[zone]["listens"].as_str().unwrap_or_else(|| panic!("{said}")).to_owned();
        let (portal_listens, court_listens) = (listens("portal"), listens("workbench"));
        let (portal, court) = (format!("http://{portal_listens}"), format!("http://{court_listens}"));
        Server { child, said, portal, court, portal_listens, court_listens }
    }
}

/// A running server.
pub struct Server {
    child: Child,
    /// What it printed when it was ready.
    pub said: Value,
    pub portal: String,
    pub court: String,
    pub portal_listens: String,
    pub court_listens: String,
}

impl Server {
    /// What the workbench answers to a sign-in.
    pub fn sign_in(&self, login: &str, password: &str, code: &str) -> Value {
        let (_, text) = ask("POST", &format!("{}/api/login", self.court), "", &json!({"login": login, "password": password, "code": code}));
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
    }

    pub fn alive(&mut self) -> bool {
        self.child.try_wait().expect("asked").is_none()
    }

    pub fn stop(self) {}
}

impl Drop for Server {
    fn drop(&mut self) {
        // Its own process; it may be gone already.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Status and body of an address in the clear.
pub fn asked(url: &str) -> Result<(u16, String), ureq::Error> {
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).max_redirects(0).proxy(None).build().into();
    let mut response = agent.get(url).call()?;
    Ok((response.status().as_u16(), response.body_mut().read_to_string()?))
}

/// Status and body, as a script that may have a session asks.
pub fn ask(method: &str, url: &str, token: &str, body: &Value) -> (u16, String) {
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).max_redirects(0).proxy(None).build().into();
    let authorization = if token.is_empty() { String::new() } else { format!("Bearer {token}") };
    let answered = if method == "GET" {
        agent.get(url).header("Accept", "application/json").header("Authorization", &authorization).call()
    } else {
        let request = agent.post(url).header("Accept", "application/json").header("Authorization", &authorization);
        request.header("Content-Type", "application/json").send(body.to_string())
    };
    let mut response = answered.unwrap_or_else(|error| panic!("{method} {url}: {error}"));
    (response.status().as_u16(), response.body_mut().read_to_string().expect("a body"))
}

/// What an authenticator app with this secret shows, so many half minutes from now.
pub fn code_of(otpauth: &str, steps: i64) -> String {
    let secret = otpauth.split("secret=").nth(1).and_then(|rest| rest.split('&').next()).expect("a secret");
    let (mut bytes, mut bits, mut held) = (Vec::new(), 0usize, 0);
    for letter in secret.bytes() {
        let value = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".iter().position(|one| *one == letter).expect("base32");
        (bits, held) = ((bits << 5 | value) & 0xffff, held + 5);
        if held >= 8 {
            held -= 8;
            bytes.push(u8::try_from(bits >> held & 255).expect("a byte"));
        }
    }
    storage::secret::totp(&bytes, storage::secret::totp_step(jiff::Timestamp::now()) + steps)
}

/// A certificate for a host that is its own root, and its key, made by OpenSSL.
pub fn certificate(dir: &Path, host: &str, days: u32) -> (String, String) {
    fs::create_dir_all(dir).expect("a directory");
    let (config, crt, key) = (dir.join("req.conf"), dir.join("own.crt"), dir.join("own.key"));
    let text = format!("[req]\ndistinguished_name = dn\n[dn]\n[own]\nbasicConstraints = critical, CA:FALSE\nsubjectAltName = DNS:{host}\n");
    fs::write(&config, text).expect("written");
    let mut openssl = Command::new("openssl");
    openssl.args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", &days.to_string()]);
    openssl.args(["-subj", &format!("/CN={host}"), "-extensions", "own", "-config"]).arg(&config).arg("-keyout").arg(&key).arg("-out").arg(&crt);
    let made = openssl.output().expect("openssl runs");
    assert!(made.status.success(), "{}", stderr(&made));
    (crt.display().to_string(), key.display().to_string())
}

/// The answer to a GET by OpenSSL's own client, which believes this root alone, and what it says of the certificate.
pub fn over_tls(address: &str, root: &str, path: &str) -> String {
    let mut openssl = Command::new("openssl");
    openssl.args(["s_client", "-connect", address, "-servername", "localhost", "-verify_hostname", "localhost", "-CAfile", root]);
    openssl.args(["-verify_return_error", "-ign_eof"]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = openssl.spawn().expect("openssl runs");
    let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    child.stdin.take().expect("piped").write_all(request.as_bytes()).expect("asked");
    String::from_utf8_lossy(&child.wait_with_output().expect("openssl ends").stdout).into_owned()
}

/// Changes `house.toml`.
pub fn edit(data: &Path, change: impl FnOnce(&mut toml::Table) -> bool) {
    let path = data.join("house.toml");
    let mut settings: toml::Table = fs::read_to_string(&path).expect("settings").parse().expect("TOML");
    assert!(change(&mut settings));
    fs::write(&path, settings.to_string()).expect("written");
}

fn log(data: &Path) -> ledger::Log {
    let text = fs::read_to_string(data.join("court/log.key")).expect("a key");
    ledger::Log::open(&data.join("court/log"), ledger::SigningKey::parse(text.trim()).expect("a key"), None).expect("a log")
}

fn append(data: &Path, at: jiff::Timestamp) {
    log(data).append(&[b"one record".as_slice()], &court::stamp(at).expect("a stamp")).expect("appended");
}

/// As if the machine's clock had gone back by a year since the last checkpoint.
pub fn log_from_the_future(data: &Path) {
    append(data, jiff::Timestamp::now() + jiff::SignedDuration::from_hours(24 * 365));
}

/// Files of the log's tiles, in order.
pub fn tiles(log: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![log.join("tile")];
    while let Some(dir) = open.pop() {
        for entry in fs::read_dir(&dir).expect("a directory of the log") {
            let path = entry.expect("an entry").path();
            if path.is_dir() { open.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    found
}

/// One byte of the log's last tile is lost.
pub fn damage_log(data: &Path) {
    append(data, jiff::Timestamp::now());
    let tile = tiles(&data.join("court/log")).pop().expect("a tile");
    let mut bytes = fs::read(&tile).expect("a tile");
    bytes.pop();
    fs::write(&tile, bytes).expect("written");
}

/// An act of the administration is no longer what it was.
pub fn forget_administration(data: &Path) {
    let db = Db::open(&format!("sqlite:{}", data.join("court/court.db").display()), &[court::store::MIGRATIONS]).expect("the court's tables");
    let changed = db.write_blocking(move |tx| tx.execute("UPDATE events SET actor = 'nobody' WHERE court = $1", &[court().into()]));
    assert_eq!(changed.expect("changed"), 1, "entering the administrator is on record");
}

/// Where messages go in these tests: somebody listens and hangs up.
fn silent_post_office() -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("an address");
    let address = listener.local_addr().expect("an address").to_string();
    std::thread::spawn(move || listener.incoming().for_each(drop));
    address
}

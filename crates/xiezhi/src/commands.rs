//! 命令: what the commands about an installation do and print.
use crate::installation::{Contact, Installation, Mail, Provider, Settings, Sms, TlsFiles, Zone};
use crate::people::{self, DEMO_PASSWORD, Member};
use crate::serve::{self, House, Options};
use crate::{doctor, keep, mail, scenario, tls};
use anyhow::{Context, Result, bail, ensure};
use jiff::civil::Date;
use procedure::Office;
use serde_json::json;
use std::fs;
use std::io::BufRead;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// How a demo that does not exist yet begins.
pub struct NewDemo {
    pub from: Option<Date>,
    /// Without the dozen cases.
    pub empty: bool,
    pub portal_port: Option<u16>,
    pub court_port: Option<u16>,
}

/// Ports of a demo, where nobody asks for others.
const PORTS: (u16, u16) = (8080, 8090);

/// Serves until the process is asked to stop.
pub fn serve(dir: &Path, zone: Option<serve::Zone>, options: &Options, demo: Option<NewDemo>, json: bool) -> Result<()> {
    if demo.is_some() && zone.is_none() {
        set_aside(dir, options)?;
    }
    let fresh = !Installation::exists(dir);
    let told = demo.as_ref().is_some_and(|new| fresh && zone.is_none() && !new.empty);
    let installation = match demo {
        Some(new) if fresh => demo_installation(dir, &new)?,
        Some(known) => Installation::open(dir)?.moved_to(known.portal_port, known.court_port)?,
        None => Installation::open(dir)?,
    };
    if installation.settings.demo {
        arm_drill()?;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let house = House::open(&installation, zone, options).await?;
        if let (true, Some(court)) = (installation.settings.demo, &house.court) {
            let (db, vault) = (court.db().clone(), installation.vault()?);
            tokio::task::spawn_blocking(move || people::enter_demo_staff(&db, &vault)).await??;
        }
        let (court, portal) = (house.court.clone(), house.portal.clone());
        let (installation, fonts, addresses) = (installation.clone(), options.fonts.clone(), house.addresses.clone());
        let teller = std::thread::spawn(move || {
            let done = match court.filter(|_| told) {
                Some(court) => demo_cases(&installation, &court, fonts.as_deref()),
                None if unfinished(&installation.dir).exists() => {
                    Err(anyhow::anyhow!("it was stopped meanwhile; for all of them start it with empty tables and another directory"))
                }
                None => Ok(()),
            };
            if let Err(error) = done {
                eprintln!("xiezhi: the demo's cases were not all made: {error:#}");
            }
            announce(&installation, &addresses, json);
            if let Some(portal) = portal.filter(|_| installation.settings.demo && !json)
                && let Err(error) = introduce(&portal)
            {
                eprintln!("xiezhi: the demo's citizens cannot be named: {error:#}");
            }
        });
        let served = house.serve(serve::asked_to_stop()).await;
        drop(teller);
        served
    })
}

/// Tells the demo's cases and lets its clock go on with the day.
fn demo_cases(installation: &Installation, court: &court::Court, fonts: Option<&Path>) -> Result<()> {
    let (settings, real) = (&installation.settings, storage::Clock::real_now());
    let fonts = crate::installation::fonts(fonts)?;
    let today = procedure::step::day_of(real);
    fs::write(unfinished(&installation.dir), "")?;
    let count = scenario::seed::tell(&settings.portal.url, &settings.court.url, today, &fonts)?;
    let now = storage::Clock::real_now();
    if court.now() < now {
        court.clock().advance_blocking(now, "set-up")?;
    }
    fs::remove_file(unfinished(&installation.dir))?;
    eprintln!("{count} cases at different stages");
    Ok(())
}

/// Stands while the demo's cases are made.
fn unfinished(dir: &Path) -> PathBuf {
    dir.join("cases.unfinished")
}

/// A demo that was stopped while its cases were made begins anew: half of a story cannot be told on. What there was is set
/// aside, not deleted; tables elsewhere are not ours to empty.
fn set_aside(dir: &Path, options: &Options) -> Result<()> {
    let elsewhere = options.court_db.is_some() || options.portal_db.is_some();
    let Some(name) = dir.file_name().filter(|_| unfinished(dir).exists() && !elsewhere) else { return Ok(()) };
    // Not under the feet of a process that still makes them.
    drop(Installation::open(dir)?.hold("court")?);
    let aside = (1..).map(|n| dir.with_file_name(format!("{}.unfinished-{n}", name.to_string_lossy()))).find(|path| !path.exists());
    let aside = aside.context("a free name")?;
    fs::rename(dir, &aside).with_context(|| format!("{} cannot be set aside", dir.display()))?;
    eprintln!("上次停止时演示案件还没有做完：原来的数据移到 {}，现在重新做。 begun anew: it was stopped while its cases were made", aside.display());
    Ok(())
}

/// The demo's own set-up: invented courts; the clock begins at nine on the day that was asked for, or as long ago as the
/// demo's cases reach back.
pub fn demo_installation(dir: &Path, new: &NewDemo) -> Result<Installation> {
    let nine = |day: Date| jiff::tz::Offset::constant(8).to_timestamp(day.at(9, 0, 0, 0));
    let today = procedure::step::day_of(jiff::Timestamp::now());
    let starts = match (new.from, new.empty) {
        (Some(day), _) => nine(day)?,
        (None, true) => jiff::Timestamp::now(),
        (None, false) => nine(today.saturating_sub(jiff::ToSpan::days(scenario::seed::DAYS_BEFORE)))?,
    };
    Installation::create(dir, Settings::demo(starts, new.portal_port.unwrap_or(PORTS.0), new.court_port.unwrap_or(PORTS.1)))
}

/// The kill drill: the environment says after how many durable writes a demo's process is killed, or in which file that will be
/// said while it runs.
fn arm_drill() -> Result<()> {
    if let Ok(order) = std::env::var("XIEZHI_DRILL_ORDER") {
        let obey = move || {
            loop {
                std::thread::sleep(std::time::Duration::from_millis(1));
                let Ok(writes) = std::fs::read_to_string(&order) else { continue };
                if let Err(error) = std::fs::remove_file(&order) {
                    eprintln!("drill: {order}: {error}");
                }
                match writes.parse() {
                    Ok(writes) => storage::drill::kill_after(writes),
                    Err(_) => eprintln!("drill: {order} holds no number of writes"),
                }
            }
        };
        std::thread::Builder::new().name("drill".into()).spawn(obey)?;
    }
    if let Ok(writes) = std::env::var("XIEZHI_DRILL_KILL_AFTER") {
        storage::drill::kill_after(writes.parse().context("XIEZHI_DRILL_KILL_AFTER is a number of writes")?);
    }
    Ok(())
}

/// Says that the house is open: where, and in a demo with which accounts.
fn announce(installation: &Installation, addresses: &[(serve::Zone, std::net::SocketAddr)], json: bool) {
    let settings = &installation.settings;
    let at = |zone| addresses.iter().find(|(own, _)| *own == zone).map(|(_, address)| address.to_string());
    let (portal, court) = (at(serve::Zone::Portal), at(serve::Zone::Court));
    if json {
        let zone = |listens: &Option<String>, zone: &Zone| listens.as_ref().map(|listens| json!({"url": zone.url, "listens": listens}));
        println!("{}", json!({"demo": settings.demo, "portal": zone(&portal, &settings.portal), "workbench": zone(&court, &settings.court)}));
        return;
    }
    if portal.is_some() {
        println!("在线服务 portal     {}", settings.portal.url);
    }
    if court.is_some() {
        println!("办案平台 workbench  {}", settings.court.url);
    }
    if settings.demo {
        println!("演示 demo: invented courts and people; identity, payment, telephone and codes are sandboxes.");
        println!(
            "staff: xu, jiang (立案庭), lin, fang, shen, gao (法官), tang, qiu (书记员), pei (院长), admin (系统管理员); password {DEMO_PASSWORD}; codes: {}/sandbox/codes",
            settings.court.url
        );
        println!("telephones of the portal's accounts: {}/sandbox/phone; of the court: {}/sandbox/phone", settings.portal.url, settings.court.url);
    }
}

/// Says which of the demo's citizens have accounts, and where their cases stand.
fn introduce(portal: &portal::Portal) -> Result<()> {
    let known = scenario::seed::known()?;
    let Some(first) = known.first().map(|one| one.plaintiff.phone.clone()) else { return Ok(()) };
    if portal.db().read_blocking(move |tx| portal::store::accounts::by_phone(tx, &first))?.is_none() {
        return Ok(());
    }
    println!(
        "citizens, by the telephone with which they sign in, and how far each case had come at first; password {}",
        scenario::people::password("TELEPHONE")
    );
    for one in known {
        let other = one.defendant.map_or_else(String::new, |person| format!("；被告 {} {}", person.phone, person.name));
        println!("  {} {}（{}）{other}", one.plaintiff.phone, one.plaintiff.name, one.stands);
    }
    Ok(())
}

/// What `xiezhi init` is told.
pub struct New {
    pub courts: Vec<String>,
    pub portal: NewZone,
    pub court: NewZone,
    pub seals: PathBuf,
    pub login: String,
    pub name: String,
    pub messages: NewMessages,
    /// Of each court, in the order of `courts`.
    pub contacts: Vec<Contact>,
    /// The identity authority and the payment provider, each with the file that holds the secret shared with it.
    pub identity: Option<(Provider, PathBuf)>,
    pub payment: Option<(Provider, PathBuf)>,
}

/// A zone of a new installation.
pub struct NewZone {
    pub url: String,
    /// Where it listens; without it every address with TLS, this machine's own behind a proxy.
    pub listen: Option<String>,
    pub tls: Option<TlsFiles>,
}

/// How messages leave; both zones begin with the same.
pub struct NewMessages {
    pub mail: Option<Mail>,
    pub smtp_password: Option<PathBuf>,
    pub sms: Option<Sms>,
    pub sms_secret: Option<PathBuf>,
}

impl NewZone {
    /// The zone's section of `house.toml`, its certificate looked at.
    fn settings(&self, name: &str, port: u16, messages: &NewMessages) -> Result<Zone> {
        let url = self.url.trim_end_matches('/').to_owned();
        ensure!(
            url.starts_with("https://"),
            "{url}: both addresses begin with https://; a proxy ends TLS, or --{name}-tls-cert and --{name}-tls-key do"
        );
        let tls = match &self.tls {
            None => None,
            Some(files) => {
                let files = TlsFiles { cert: absolute(&files.cert)?, key: absolute(&files.key)? };
                tls::load(&files, &url, jiff::Timestamp::now())?;
                Some(files)
            }
        };
        let own = format!("127.0.0.1:{port}");
        let open = format!("0.0.0.0:{}", url.rsplit_once(':').and_then(|(_, port)| port.parse::<u16>().ok()).unwrap_or(443));
        Ok(Zone {
            listen: self.listen.clone().unwrap_or(if tls.is_some() { open } else { own }),
            bridge: format!("127.0.0.1:{}", port + 1),
            url,
            db: format!("sqlite:{name}/{name}.db"),
            tls,
            mail: messages.mail.clone(),
            sms: messages.sms.clone(),
        })
    }
}

fn absolute(path: &Path) -> Result<PathBuf> {
    std::path::absolute(path).with_context(|| path.display().to_string())
}

impl NewMessages {
    /// The secrets for mail server and carrier, once a messenger could be made with them.
    fn secrets(&self) -> Result<(Option<String>, Option<String>)> {
        ensure!(
            self.mail.is_some() || self.sms.is_some(),
            "no way for messages: name --smtp with --smtp-from and --smtp-to, or --sms-url with --sms-key"
        );
        let read = |path: &PathBuf| fs::read_to_string(path).with_context(|| path.display().to_string()).map(|text| text.trim().to_owned());
        let (password, secret) = (self.smtp_password.as_ref().map(read).transpose()?, self.sms_secret.as_ref().map(read).transpose()?);
        if let Some(settings) = &self.mail {
            mail::smtp(settings, password.clone())?;
        }
        if let Some(settings) = &self.sms {
            mail::sms(settings, secret.as_deref().context("--sms-url wants --sms-secret-file")?)?;
        }
        Ok((password, secret))
    }
}

/// Makes an installation that is no demo. Everything it is told is looked at before the first file is written.
pub fn init(dir: &Path, new: &New, json: bool) -> Result<()> {
    if Installation::exists(dir) {
        bail!("{} is an installation already; nothing was changed", dir.display());
    }
    if fs::read_dir(dir).is_ok_and(|mut entries| entries.next().is_some()) {
        bail!("{} holds other files; name a directory that is empty or does not exist yet", dir.display());
    }
    let register = procedure::courts::Register::national();
    for code in &new.courts {
        let court = register.by_code(code).with_context(|| format!("the register knows no court {code}; `xiezhi courts NAME` finds the code"))?;
        eprintln!("{} {}; its seal: {}.key, {}.crt", court.code, court.name, crate::installation::seal_id(code), crate::installation::seal_id(code));
    }
    ensure!(
        new.contacts.len() == new.courts.len(),
        "{} courts and {} addresses, telephones and accounts; each --court has its own, in the same order",
        new.courts.len(),
        new.contacts.len()
    );
    let (portal, court) = (new.portal.settings("portal", 8080, &new.messages)?, new.court.settings("court", 8090, &new.messages)?);
    let (smtp_password, sms_secret) = new.messages.secrets()?;
    check_seals(&new.seals, &new.courts)?;
    for (_, file) in new.identity.iter().chain(&new.payment) {
        fs::File::open(file).with_context(|| format!("{}: the secret shared with a provider", file.display()))?;
    }
    let password = read_password()?;
    copy_seals(&new.seals, &new.courts, &dir.join("court/ca"))?;
    let settings = Settings {
        demo: false,
        courts: new.courts.clone(),
        starts: None,
        portal,
        court,
        contacts: new.courts.iter().cloned().zip(new.contacts.iter().cloned()).collect(),
        identity: new.identity.as_ref().map(|(provider, _)| provider.clone()),
        payment: new.payment.as_ref().map(|(provider, _)| provider.clone()),
    };
    for (name, provider) in [("identity", &new.identity), ("payment", &new.payment)] {
        if let Some((_, file)) = provider {
            Installation::keep_provider_secret(dir, name, file)?;
        }
    }
    let installation = Installation::create(dir, settings)?;
    for zone in ["portal", "court"] {
        for (file, secret) in [(mail::SMTP_PASSWORD, &smtp_password), (mail::SMS_SECRET, &sms_secret)] {
            secret.as_ref().map(|secret| installation.keep_secret(&format!("{zone}/{file}"), secret)).transpose()?;
        }
    }
    let member = Member {
        court: new.courts.first().context("a court")?.clone(),
        login: new.login.clone(),
        name: new.name.clone(),
        office: Office::SystemAdministrator,
        division: "系统管理".into(),
        phone: String::new(),
    };
    let totp = people::enter(&installation.court_db(None)?, &installation.vault()?, &member, &password, Some("xiezhi init"))?;
    print_secret(&member.login, &totp, json);
    told(dir, &installation.settings);
    Ok(())
}

/// Each court has its seal there, and it can be used.
fn check_seals(from: &Path, courts: &[String]) -> Result<()> {
    let store = documents::KeyStore::open(from).with_context(|| format!("{}: the directory of the seals", from.display()))?;
    for code in courts {
        let id = crate::installation::seal_id(code);
        store.load(&id).with_context(|| format!("the seal of {code}: {id}.key and {id}.crt in {}", from.display()))?;
    }
    Ok(())
}

/// The courts' seals and the certificates that they hang on, nothing else: the key of the root stays where it is. Readable for this
/// user of the machine alone, wherever they came from.
fn copy_seals(from: &Path, courts: &[String], to: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::create_dir_all(to).with_context(|| to.display().to_string())?;
    for entry in fs::read_dir(from).with_context(|| from.display().to_string())? {
        let entry = entry?;
        let name = entry.file_name();
        let path = Path::new(&name);
        let own = path.file_stem().is_some_and(|stem| courts.iter().any(|code| *stem == *crate::installation::seal_id(code)));
        if !own && path.extension().is_none_or(|extension| extension != "crt") {
            continue;
        }
        let target = to.join(&name);
        fs::copy(entry.path(), &target).with_context(|| entry.path().display().to_string())?;
        fs::set_permissions(&target, fs::Permissions::from_mode(0o600)).with_context(|| target.display().to_string())?;
    }
    Ok(())
}

/// The secret of a new member, once, on standard output.
fn print_secret(login: &str, totp: &[u8], json: bool) {
    let otpauth = court::staff::otpauth(login, totp);
    if json {
        println!("{}", json!({"login": login, "otpauth": otpauth}));
    } else {
        println!("{otpauth}");
    }
}

/// What comes next, for the person at the terminal.
fn told(dir: &Path, settings: &Settings) {
    eprintln!("{} is set up. Scan the otpauth address with an authenticator app; it is shown once.", dir.display());
    eprintln!("Start it with `xiezhi serve --data {}`; `xiezhi doctor --data {}` looks whether it can work.", dir.display(), dir.display());
    for zone in [&settings.portal, &settings.court] {
        match &zone.tls {
            Some(_) => eprintln!("{} is served over TLS on {}.", zone.url, zone.listen),
            None => eprintln!("The proxy passes {} to {}.", zone.url, zone.listen),
        }
    }
    eprintln!("The administrator signs in at {} and enters the court's staff.", settings.court.url);
}

fn read_password() -> Result<String> {
    let least = court::administration::PASSWORD;
    eprintln!("password (one line on standard input, at least {least} characters):");
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line)?;
    let password = line.trim_end_matches(['\n', '\r']).to_owned();
    ensure!(password.chars().count() >= least, "the password has fewer than {least} characters");
    Ok(password)
}

/// Enters a member of staff.
pub fn staff(dir: &Path, options: &Options, member: &Member, json: bool) -> Result<()> {
    let installation = Installation::open(dir)?;
    if !installation.settings.courts.contains(&member.court) {
        bail!("{} does not serve {}; it serves {}", dir.display(), member.court, installation.settings.courts.join(" "));
    }
    let password = read_password()?;
    let db = installation.court_db(options.court_db.as_deref())?;
    let totp = people::enter(&db, &installation.vault()?, member, &password, Some("xiezhi staff"))?;
    print_secret(&member.login, &totp, json);
    Ok(())
}

/// Lists the courts of the register that fit.
pub fn courts(text: &str, json: bool) -> Result<()> {
    let register = procedure::courts::Register::national();
    let found: Vec<_> = register.by_code(text).into_iter().chain(register.search(text)).collect();
    if json {
        println!("{}", serde_json::to_string(&found)?);
    } else {
        found.iter().for_each(|court| println!("{}\t{}", court.code, court.name));
    }
    if found.is_empty() && !json {
        bail!("no court fits {text}");
    }
    Ok(())
}

/// Replays every case, and accounts for what is owed, kept, numbered and received.
pub fn replay(dir: &Path, options: &Options, json: bool) -> Result<ExitCode> {
    let installation = Installation::open(dir)?;
    let checked = keep::replay(&installation, options);
    let (cases, views, differ, error) = match &checked {
        Ok(found) => (found.cases, found.views, found.differ.clone(), None),
        Err(error) => (0, None, vec![], Some(format!("{error:#}"))),
    };
    let equal = differ.is_empty() && error.is_none();
    // What cannot be replayed cannot be accounted for either; its error is said above.
    let accounted = if error.is_none() { Some(keep::account(&installation, options)?) } else { None };
    let wrong = accounted.as_ref().map_or(&[][..], |accounted| &accounted.wrong);
    if json {
        let (papers, files) = accounted.as_ref().map_or((0, 0), |accounted| (accounted.papers, accounted.files));
        let submissions = accounted.as_ref().and_then(|accounted| accounted.submissions);
        let counts = json!({"papers": papers, "files": files, "submissions": submissions});
        println!(
            "{}",
            json!({"cases": cases, "views": views, "equal": equal, "differ": differ, "accounted": counts, "wrong": wrong, "error": error})
        );
    } else {
        differ.iter().for_each(|what| println!("differs: {what}"));
        error.iter().for_each(|error| println!("broken: {error}"));
        wrong.iter().for_each(|what| println!("{what}"));
        let shown = views.map_or_else(|| "the portal's views not compared".into(), |views| format!("{views} views of the portal"));
        println!("{cases} cases, {shown}, {}", if equal { "replay equal" } else { "NOT equal" });
        if let Some(keep::Accounted { papers, files, submissions, wrong, .. }) = &accounted {
            let received = submissions.map_or_else(|| "the portal's tables not read".into(), |count| format!("{count} submissions"));
            let found = if wrong.is_empty() { "all accounted for".into() } else { format!("{} things WRONG", wrong.len()) };
            println!("{papers} papers, {files} files, {received}: {found}");
        }
    }
    Ok(if equal && wrong.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

/// Copies an installation into a file.
pub fn backup(file: &Path, dir: &Path, options: &Options, json: bool) -> Result<()> {
    let bytes = keep::backup(&Installation::open(dir)?, file, options)?;
    if json {
        println!("{}", json!({"file": file, "bytes": bytes}));
    } else {
        println!("{}: {bytes} bytes. It holds secret keys; keep it like them.", file.display());
    }
    Ok(())
}

/// Lays a copy out.
pub fn restore(file: &Path, dir: &Path, json: bool) -> Result<()> {
    let files = keep::restore(file, dir)?;
    if json {
        println!("{}", json!({"data": dir, "files": files}));
    } else {
        println!("{}: {files} files, digests hold; a new epoch of the log is open", dir.display());
    }
    Ok(())
}

/// Says how an installation is.
pub fn doctor(dir: &Path, options: &Options, json: bool) -> Result<ExitCode> {
    let findings = doctor::look(dir, options);
    let good = findings.iter().all(|finding| finding.good);
    if json {
        println!("{}", json!({"good": good, "findings": findings}));
    } else {
        findings.iter().for_each(|finding| println!("{} {}: {}", if finding.good { "ok  " } else { "BAD " }, finding.what, finding.says));
    }
    Ok(if good { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_demo_whose_cases_were_not_all_made_begins_anew_and_loses_nothing() {
        let place = tempfile::tempdir().expect("a directory");
        let dir = place.path().join("data");
        let new = NewDemo { from: None, empty: false, portal_port: None, court_port: None };
        let made = demo_installation(&dir, &new).expect("made");
        let options = Options::default();
        set_aside(&dir, &options).expect("nothing to do");
        assert!(Installation::exists(&dir), "one that is whole stays");
        fs::write(unfinished(&dir), "").expect("written");
        let held = made.hold("court").expect("held");
        assert!(set_aside(&dir, &options).is_err() && Installation::exists(&dir), "not while it runs");
        drop(held);
        set_aside(&dir, &Options { court_db: Some("postgres://…".into()), ..Options::default() }).expect("nothing to do");
        assert!(Installation::exists(&dir), "not with tables elsewhere");
        set_aside(&dir, &options).expect("set aside");
        assert!(!dir.exists() && Installation::exists(&place.path().join("data.unfinished-1")));
    }
}

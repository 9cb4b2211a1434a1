//! 命令: what the commands about an installation do and print.
use crate::installation::{Contact, Installation, Mail, Provider, Settings, Zone};
use crate::keep;
use crate::people::{self, DEMO_PASSWORD, Member};
use crate::serve::{self, House, Options};
use anyhow::{Context, Result, bail};
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
    pub portal_port: u16,
    pub court_port: u16,
}

/// Serves until the process is asked to stop.
pub fn serve(dir: &Path, zone: Option<serve::Zone>, options: &Options, demo: Option<NewDemo>) -> Result<()> {
    let fresh = !Installation::exists(dir);
    let told = demo.as_ref().is_some_and(|new| fresh && zone.is_none() && !new.empty);
    let installation = match demo {
        Some(new) if fresh => demo_installation(dir, &new)?,
        Some(_) | None => Installation::open(dir)?,
    };
    if installation.settings.demo {
        arm_drill()?;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let house = House::open(&installation, zone, options).await?;
        if let (true, Some(court)) = (installation.settings.demo, &house.court) {
            let db = court.db().clone();
            tokio::task::spawn_blocking(move || people::enter_demo_staff(&db)).await??;
        }
        let (court, installation, fonts) = (house.court.clone(), installation.clone(), options.fonts.clone());
        let teller = std::thread::spawn(move || {
            let done = match court.filter(|_| told) {
                Some(court) => demo_cases(&installation, &court, fonts.as_deref()),
                None => Ok(()),
            };
            if let Err(error) = done {
                eprintln!("xiezhi: the demo's cases were not all made: {error:#}");
            }
            announce(&installation, zone);
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
    let count = crate::scenario::seed::tell(&settings.portal.url, &settings.court.url, today, &fonts)?;
    let now = storage::Clock::real_now();
    if court.now() < now {
        court.clock().advance_blocking(now, "set-up")?;
    }
    eprintln!("{count} cases at different stages");
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
        (None, false) => nine(today.saturating_sub(jiff::ToSpan::days(crate::scenario::seed::DAYS_BEFORE)))?,
    };
    Installation::create(dir, Settings::demo(starts, new.portal_port, new.court_port))
}

/// The kill drill: the environment says after how many durable writes a demo's process is killed.
fn arm_drill() -> Result<()> {
    if let Ok(writes) = std::env::var("XIEZHI_DRILL_KILL_AFTER") {
        storage::drill::kill_after(writes.parse().context("XIEZHI_DRILL_KILL_AFTER is a number of writes")?);
    }
    Ok(())
}

fn announce(installation: &Installation, zone: Option<serve::Zone>) {
    let settings = &installation.settings;
    if zone != Some(serve::Zone::Court) {
        println!("在线服务 portal     {}", settings.portal.url);
    }
    if zone != Some(serve::Zone::Portal) {
        println!("办案平台 workbench  {}", settings.court.url);
    }
    if settings.demo {
        println!("演示 demo: invented courts and people; identity, payment, telephone and codes are sandboxes.");
        println!(
            "staff: xu, jiang (立案庭), lin, fang, shen (法官), tang, qiu (书记员); password {DEMO_PASSWORD}; codes: {}/sandbox/codes",
            settings.court.url
        );
        println!("telephones of the portal's accounts: {}/sandbox/phone", settings.portal.url);
    }
}

/// What `xiezhi init` is told.
pub struct New {
    pub courts: Vec<String>,
    pub portal_url: String,
    pub court_url: String,
    pub seals: PathBuf,
    pub login: String,
    pub name: String,
    pub mail: Mail,
    /// Of each court, in the order of `courts`.
    pub contacts: Vec<Contact>,
    /// The identity authority and the payment provider, each with the file that holds the secret shared with it.
    pub identity: Option<(Provider, PathBuf)>,
    pub payment: Option<(Provider, PathBuf)>,
}

/// Makes an installation that is no demo.
pub fn init(dir: &Path, new: New) -> Result<()> {
    if Installation::exists(dir) {
        bail!("{} is an installation already; nothing was changed", dir.display());
    }
    let register = procedure::courts::Register::national();
    for code in &new.courts {
        let court = register.by_code(code).with_context(|| format!("the register knows no court {code}; `xiezhi courts NAME` finds the code"))?;
        eprintln!("{} {}; its seal: {}.key, {}.crt", court.code, court.name, crate::installation::seal_id(code), crate::installation::seal_id(code));
    }
    if !new.portal_url.starts_with("https://") || !new.court_url.starts_with("https://") {
        bail!("both addresses begin with https://; a proxy in front of the ports ends TLS");
    }
    if new.contacts.len() != new.courts.len() {
        bail!(
            "{} courts and {} addresses, telephones and accounts; each --court has its own, in the same order",
            new.courts.len(),
            new.contacts.len()
        );
    }
    let password = read_password()?;
    let seals = dir.join("court/ca");
    fs::create_dir_all(&seals).with_context(|| seals.display().to_string())?;
    for entry in fs::read_dir(&new.seals).with_context(|| new.seals.display().to_string())? {
        let entry = entry?;
        fs::copy(entry.path(), seals.join(entry.file_name())).with_context(|| entry.path().display().to_string())?;
    }
    let zone = |name: &str, port: u16, url: &str| Zone {
        listen: format!("127.0.0.1:{port}"),
        bridge: format!("127.0.0.1:{}", port + 1),
        url: url.trim_end_matches('/').to_owned(),
        db: format!("sqlite:{name}/{name}.db"),
    };
    let settings = Settings {
        demo: false,
        courts: new.courts.clone(),
        starts: None,
        portal: zone("portal", 8080, &new.portal_url),
        court: zone("court", 8090, &new.court_url),
        mail: Some(new.mail),
        contacts: new.courts.iter().cloned().zip(new.contacts).collect(),
        identity: new.identity.as_ref().map(|(provider, _)| provider.clone()),
        payment: new.payment.as_ref().map(|(provider, _)| provider.clone()),
    };
    for (name, provider) in [("identity", &new.identity), ("payment", &new.payment)] {
        if let Some((_, file)) = provider {
            Installation::keep_secret(dir, name, file)?;
        }
    }
    let installation = Installation::create(dir, settings)?;
    let first = new.courts.first().context("a court")?;
    let member = Member { court: first.clone(), login: new.login, name: new.name, office: Office::FilingClerk, division: "立案庭".into() };
    let totp = people::enter(&installation.court_db(None)?, &member, &password)?;
    println!("{}", people::otpauth(&member.login, &totp));
    eprintln!("{} is set up. Scan the address above with an authenticator app; it is shown once.", dir.display());
    eprintln!(
        "Start it with `xiezhi serve --data {}`; the proxy passes {} to 127.0.0.1:8080 and {} to 127.0.0.1:8090.",
        dir.display(),
        new.portal_url,
        new.court_url
    );
    Ok(())
}

fn read_password() -> Result<String> {
    eprintln!("password (one line on standard input, at least 10 characters):");
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line)?;
    let password = line.trim_end_matches(['\n', '\r']).to_owned();
    if password.chars().count() < 10 {
        bail!("the password has fewer than 10 characters");
    }
    Ok(password)
}

/// Enters a member of staff.
pub fn staff(dir: &Path, options: &Options, member: Member) -> Result<()> {
    let installation = Installation::open(dir)?;
    if !installation.settings.courts.contains(&member.court) {
        bail!("{} does not serve {}; it serves {}", dir.display(), member.court, installation.settings.courts.join(" "));
    }
    let password = read_password()?;
    let totp = people::enter(&installation.court_db(options.court_db.as_deref())?, &member, &password)?;
    println!("{}", people::otpauth(&member.login, &totp));
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

/// Replays every case.
pub fn replay(dir: &Path, options: &Options, json: bool) -> Result<ExitCode> {
    let checked = keep::replay(&Installation::open(dir)?, options);
    let (count, wrong, error) = match &checked {
        Ok((count, wrong)) => (*count, wrong.clone(), None),
        Err(error) => (0, vec![], Some(format!("{error:#}"))),
    };
    let equal = wrong.is_empty() && error.is_none();
    if json {
        println!("{}", json!({"cases": count, "equal": equal, "differ": wrong, "error": error}));
    } else {
        wrong.iter().for_each(|id| println!("differs: {id}"));
        error.iter().for_each(|error| println!("broken: {error}"));
        println!("{count} cases, {}", if equal { "replay equal" } else { "NOT equal" });
    }
    Ok(if equal { ExitCode::SUCCESS } else { ExitCode::from(1) })
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
    let findings = keep::doctor(dir, options);
    let good = findings.iter().all(|finding| finding.good);
    if json {
        println!("{}", json!({"good": good, "findings": findings}));
    } else {
        findings.iter().for_each(|finding| println!("{} {}: {}", if finding.good { "ok  " } else { "BAD " }, finding.what, finding.says));
    }
    Ok(if good { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

//! 剧本: one case from a photograph to the archive, unattended, through the pages and the API that everybody uses, against
//! a data directory of its own whose clock begins on 2 March 2026. At the end everything is checked that can be checked.
mod browser;
mod checks;
mod court;
mod filing;
mod people;
mod server;
mod service;

pub use server::Drill;

use anyhow::{Context, Result, bail};
use jiff::civil::{Date, date};
use people::{Citizen, Staff};
use server::{Server, Start};
use std::fs;
use std::path::{Path, PathBuf};

/// The day on which the story begins.
const BEGIN: Date = date(2026, 3, 2);

/// What the story is told with.
#[derive(Debug, Clone, clap::Args)]
pub struct Options {
    /// Directory for the installation (house/), the papers with their receipts, trust.keys and the archive.
    #[arg(long, default_value = "data/scenario")]
    pub data: PathBuf,
    /// An empty PostgreSQL database for the court zone; SQLite without it.
    #[arg(long)]
    pub court_db: Option<String>,
    /// An empty PostgreSQL database for the portal.
    #[arg(long)]
    pub portal_db: Option<String>,
    /// The zones as two processes that meet over HTTP.
    #[arg(long)]
    pub two_zones: bool,
    /// Kills the server (SIGKILL) so many times on the way.
    #[arg(long)]
    pub kills: Option<u32>,
    /// Seed from which the moments are drawn.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
}

/// The story as it goes on.
pub struct Story {
    /// Where papers and receipts go.
    out: PathBuf,
    server: Server,
    pub plaintiff: Citizen,
    pub defendant: Citizen,
    /// 立案庭
    pub filing_clerk: Staff,
    /// The case's id, once it was filed.
    case: String,
    /// Files handed in by the plaintiff: name, SHA-256.
    handed_in: Vec<(String, String)>,
    day: Date,
    step: u32,
}

/// Tells the story and checks it; how many things were checked.
pub fn run(options: &Options) -> Result<()> {
    let begun = std::time::Instant::now();
    fresh(&options.data)?;
    let house = options.data.join("house");
    fs::create_dir_all(&house).with_context(|| house.display().to_string())?;
    let start = Start {
        data: house.clone(),
        court_db: options.court_db.clone(),
        portal_db: options.portal_db.clone(),
        two_zones: options.two_zones,
        from: BEGIN,
    };
    let drill = options.kills.map(|moments| Drill { moments, seed: options.seed });
    let server = Server::start(&start, drill)?;
    println!("server: portal {}, workbench {}; data {}", server.portal, server.court, house.display());
    let mut story = Story {
        plaintiff: Citizen::new(&server.portal, "周桂兰", "449900195504090022", "19905550101"),
        defendant: Citizen::new(&server.portal, "陈志远", "449900198111020035", "19905550202"),
        filing_clerk: Staff::new(&server.court, "xu"),
        out: options.data.clone(),
        server,
        case: String::new(),
        handed_in: vec![],
        day: BEGIN,
        step: 0,
    };
    filing::tell(&mut story)?;
    service::tell(&mut story)?;
    court::tell(&mut story)?;
    checks::while_serving(&mut story)?;
    let (kills, between) = story.server.kills();
    story.server.stop()?;
    if let Some(drill) = drill
        && kills < drill.moments
    {
        bail!("only {kills} of {} kills came about before the story ended; draw nearer moments", drill.moments);
    }
    checks::after(&options.data, &house, &start)?;
    let killed = if kills > 0 { format!("; killed {kills} times, {between} of them between two durable writes") } else { String::new() };
    println!("\n全部通过 all holds, {} s{killed}", begun.elapsed().as_secs());
    Ok(())
}

/// An empty directory; an earlier run of the scenario is cleared away, anything else is left alone.
fn fresh(dir: &Path) -> Result<()> {
    if dir.join("house/house.toml").exists() {
        let earlier = crate::installation::Installation::open(&dir.join("house"))?;
        if !earlier.settings.demo {
            bail!("{} holds an installation that is no demo; choose another --data", dir.display());
        }
        fs::remove_dir_all(dir).with_context(|| dir.display().to_string())?;
    }
    fs::create_dir_all(dir).with_context(|| dir.display().to_string())?;
    // What a run left that was killed during its set-up.
    if dir.join("house").exists() {
        fs::remove_dir_all(dir.join("house"))?;
    }
    let foreign = fs::read_dir(dir)?.filter_map(Result::ok).find(|entry| entry.file_name() != "server.log");
    match foreign {
        Some(entry) => bail!("{} is not empty ({}); choose another --data", dir.display(), entry.file_name().to_string_lossy()),
        None => Ok(()),
    }
}

impl Story {
    /// Says what happens now, on which day, under which rule.
    pub fn now(&mut self, what: &str, rule: &str) {
        self.step += 1;
        println!("{:>3}  {}  {what}  {rule}", self.step, self.day);
        self.server.step(what);
    }

    /// Moves the clock to nine in the morning of a day.
    pub fn go_to(&mut self, day: Date) -> Result<()> {
        self.filing_clerk.day(day)?;
        self.day = day;
        Ok(())
    }

    /// The case's id.
    pub fn case(&self) -> &str {
        &self.case
    }

    /// Keeps a file of the story.
    pub fn keep(&self, name: &str, bytes: &[u8]) -> Result<PathBuf> {
        let path = self.out.join(name);
        fs::write(&path, bytes).with_context(|| path.display().to_string())?;
        Ok(path)
    }
}

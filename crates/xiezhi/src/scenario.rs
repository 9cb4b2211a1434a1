//! 剧本: one case from a photograph to the archive, unattended, through the pages and the API that everybody uses, against
//! a data directory of its own whose clock begins on 2 March 2026. At the end everything is checked that can be checked.
mod absent;
mod browser;
mod checks;
mod court;
mod filing;
pub mod load;
pub mod people;
mod photographs;
mod preserved;
pub mod seed;
mod server;
mod service;
mod storm;
mod tale;

use anyhow::{Context, Result, bail, ensure};
use jiff::ToSpan;
use jiff::civil::{Date, date};
use people::{Citizen, Staff};
use server::{Drill, Server, Start};
use std::fs;
use std::path::{Path, PathBuf};
use storm::Storm;
use tale::Tale;

/// The day on which the story begins.
const BEGIN: Date = date(2026, 3, 2);

/// What the story is told with.
#[derive(Debug, Clone, clap::Args)]
pub struct Options {
    /// Which story: the whole one between two people who take part; `default`, of a defendant who cannot be reached; `preservation`,
    /// of an account frozen before the suit.
    #[arg(value_enum, default_value_t = Which::Whole)]
    pub story: Which,
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
    /// Submits the filing so many times at once, from two devices, the server being killed and started again in their midst.
    #[arg(long)]
    pub storm: Option<usize>,
    /// Begins from the photographs in this directory instead, with their truth.json, and ends at the proposed court.
    #[arg(long, conflicts_with_all = ["kills", "storm"])]
    pub photographs: Option<PathBuf>,
    /// Tells nothing; checks what an earlier run left in the directory.
    #[arg(long, conflicts_with_all = ["kills", "storm", "photographs"])]
    pub check: bool,
}

/// The stories that can be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Which {
    Whole,
    Default,
    Preservation,
}

impl Which {
    /// Its steps, from the first visit to the archive.
    fn phases(self) -> Vec<&'static Phase> {
        match self {
            Self::Whole => phases().collect(),
            Self::Default => [filing::PHASES, absent::PHASES].into_iter().flatten().collect(),
            Self::Preservation => preserved::PHASES.iter().collect(),
        }
    }

    /// What it is about.
    fn tale(self) -> Tale {
        match self {
            Self::Whole | Self::Default => Tale::of_the_photographs(),
            Self::Preservation => Tale::of_the_photographs().typed(),
        }
    }
}

/// One step of the story: so many days after the filing, what happens, under which rule.
pub struct Phase {
    pub day: i64,
    pub what: &'static str,
    pub rule: &'static str,
    pub act: fn(&mut Story) -> Result<()>,
}

/// Every step of the whole story.
pub fn phases() -> impl Iterator<Item = &'static Phase> {
    [filing::PHASES, service::PHASES, court::PHASES].into_iter().flatten()
}

/// One case as it goes on.
pub struct Story {
    /// Where papers and receipts go; none: they are only looked at.
    out: Option<PathBuf>,
    tale: Tale,
    /// Address of the workbench.
    workbench: String,
    pub plaintiff: Citizen,
    pub defendant: Citizen,
    /// 立案庭
    pub filing_clerk: Staff,
    /// Judge and clerk, once the case was assigned.
    officers: Option<court::Officers>,
    /// The case's id, once it was filed.
    case: String,
    /// What the plaintiff writes, before it is filed.
    draft: String,
    /// As it was printed on the sheet of the first packet.
    join_code: String,
    /// Files handed in by the plaintiff: name, SHA-256.
    handed_in: Vec<(String, String)>,
    /// The day on which it is filed.
    begin: Date,
    /// The retries of the submission, until they have come.
    storm: Option<Storm>,
    /// The defendant takes part online.
    joined: bool,
    /// Answers beside those of the tale.
    also: Vec<(String, Vec<String>)>,
    /// Cases that were filed before this one, each with what was handed in.
    earlier: Vec<(String, Vec<(String, String)>)>,
}

/// Tells the story and checks it; how many things were checked.
pub fn run(options: &Options) -> Result<()> {
    let begun = std::time::Instant::now();
    let house = options.data.join("house");
    if !options.check {
        fresh(&options.data)?;
        fs::create_dir_all(&house).with_context(|| house.display().to_string())?;
    }
    let start = Start {
        data: house.clone(),
        court_db: options.court_db.clone(),
        portal_db: options.portal_db.clone(),
        two_zones: options.two_zones,
        from: BEGIN,
    };
    if options.check {
        return checks::after(&options.data, &house, &start);
    }
    let drill = options.kills.map(|moments| Drill { moments, seed: options.seed });
    let server = Server::start(&start, drill)?;
    println!("server: portal {}, workbench {}; data {}", server.portal, server.court, house.display());
    if let Some(photographs) = &options.photographs {
        photographs::up_to_the_court(&server.portal, photographs)?;
        server.stop()?;
        println!("\n全部通过 all holds, {} s", begun.elapsed().as_secs());
        return Ok(());
    }
    let told = tell(options, &server, &start);
    let (kills, between) = server.kills();
    // A server that fell says more than the story that missed it.
    if let Err(fell) = server.stop() {
        return Err(match told {
            Ok(()) => fell,
            Err(missed) => fell.context(format!("{missed:#}")),
        });
    }
    told?;
    if let Some(drill) = drill {
        ensure!(kills == drill.moments, "only {kills} of {} kills came about before the story ended; draw nearer moments", drill.moments);
        ensure!(2 * between >= kills, "only {between} of {kills} kills fell between two durable writes of one step");
    }
    checks::after(&options.data, &house, &start)?;
    let killed = if kills > 0 { format!("; killed {kills} times, {between} of them between two durable writes of one step") } else { String::new() };
    println!("\n全部通过 all holds, {} s{killed}", begun.elapsed().as_secs());
    Ok(())
}

/// Every phase, and the checks that ask the running server.
fn tell(options: &Options, server: &Server, start: &Start) -> Result<()> {
    let mut story = Story::new(&server.portal, &server.court, options.story.tale(), BEGIN, Some(options.data.clone()));
    story.storm = options.storm.map(|retries| Storm::new(server, retries));
    for (phase, number) in options.story.phases().into_iter().zip(1..) {
        let day = story.day_of(phase);
        if day > BEGIN {
            story.filing_clerk.day(day)?;
        }
        println!("{number:>3}  {day}  {}  {}", phase.what, phase.rule);
        server.step(phase.what);
        (phase.act)(&mut story).with_context(|| phase.what.to_owned())?;
    }
    server.step("checks");
    checks::while_serving(&story, options.story, &start.data, start)
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
    /// A case that begins on a day; nothing happened yet.
    pub fn new(portal: &str, workbench: &str, tale: Tale, begin: Date, out: Option<PathBuf>) -> Self {
        let citizen = |person: &tale::Person| Citizen::new(portal, &person.name, &person.number, &person.phone);
        Self {
            plaintiff: citizen(&tale.plaintiff),
            defendant: citizen(&tale.defendant),
            filing_clerk: Staff::new(workbench, "xu"),
            officers: None,
            workbench: workbench.to_owned(),
            tale,
            out,
            case: String::new(),
            draft: String::new(),
            join_code: String::new(),
            handed_in: vec![],
            begin,
            storm: None,
            joined: false,
            also: vec![],
            earlier: vec![],
        }
    }

    /// Begins another case of the same people.
    fn another(&mut self) {
        let before = (std::mem::take(&mut self.case), std::mem::take(&mut self.handed_in));
        self.earlier.extend((!before.0.is_empty()).then_some(before));
    }

    /// Goes on with a case that was filed before.
    fn back_to(&mut self, case: &str) {
        self.another();
        if let Some(place) = self.earlier.iter().position(|(id, _)| id == case) {
            (self.case, self.handed_in) = self.earlier.remove(place);
        }
    }

    /// Those who have accounts, by their side.
    fn people(&self) -> Vec<(&'static str, &Citizen)> {
        let defendant = self.joined.then_some(("defendant", &self.defendant));
        std::iter::once(("plaintiff", &self.plaintiff)).chain(defendant).collect()
    }

    /// A line under the step that runs, where the story is told aloud.
    fn say(&self, words: &str) {
        if self.out.is_some() {
            println!("     {words}");
        }
    }

    /// The day of a phase in this story.
    pub fn day_of(&self, phase: &Phase) -> Date {
        self.day(phase.day)
    }

    /// So many days after the filing.
    fn day(&self, days: i64) -> Date {
        self.begin.saturating_add(days.days())
    }

    /// The case's id.
    fn case(&self) -> &str {
        &self.case
    }

    /// Keeps a file of the story, if it is kept.
    fn keep(&self, name: &str, bytes: &[u8]) -> Result<()> {
        let Some(out) = &self.out else { return Ok(()) };
        let path = out.join(name);
        fs::write(&path, bytes).with_context(|| path.display().to_string())
    }

    fn officers(&self) -> Result<&court::Officers> {
        self.officers.as_ref().context("the case was not assigned yet")
    }
}

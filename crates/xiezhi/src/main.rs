//! 獬豸: the commands of the house. Everything they say is found by the rooms; here is only wiring.
mod commands;
mod installation;
mod keep;
mod mail;
mod people;
mod scenario;
mod serve;

use anyhow::{Context, bail};
use clap::{Parser, Subcommand};
use jiff::civil::Date;
use std::path::PathBuf;
use std::process::ExitCode;

/// 獬豸 Xiezhi, the open smart court.
#[derive(Parser)]
#[command(name = "xiezhi", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Reads scans, photographs, PDF and DOCX: text with boxes, kind and fields of each page.
    Ocr {
        #[arg(required = true)]
        paths: Vec<PathBuf>,
        /// The whole report as JSON; without it, the text.
        #[arg(long)]
        json: bool,
        /// Pages read at the same time.
        #[arg(long, default_value_t = 2)]
        workers: usize,
    },
    /// Typesets a court paper, given as `{"paper": "summons", "data": {…}}`, to PDF/A.
    Typeset {
        document: PathBuf,
        #[arg(short, long)]
        output: PathBuf,
        /// The directory that scripts/fonts fills.
        #[arg(long, default_value = ".tools/fonts")]
        fonts: PathBuf,
    },
    /// Judges a case number. Exit status 1 when it cannot be one.
    Caseno {
        text: String,
        /// The day as of which it is judged; today without it.
        #[arg(long)]
        on: Option<Date>,
        #[arg(long)]
        json: bool,
    },
    /// Derives a period: when does the one of RULE end that begins with DATE?
    Clock {
        rule: String,
        #[arg(long)]
        from: Date,
        #[arg(long)]
        json: bool,
    },
    /// The acceptance fee of a property claim.
    Fee {
        /// Amount in dispute, in yuan.
        #[arg(long)]
        amount: String,
        /// Half of it, as in the simple procedure.
        #[arg(long)]
        halve: bool,
        #[arg(long)]
        json: bool,
    },
    /// Serves both zones, or one of them.
    Serve {
        #[command(flatten)]
        data: Data,
        #[arg(long, value_enum)]
        zone: Option<serve::Zone>,
        /// Makes a demo in an empty data directory: invented courts and people, sandboxes, a clock that can be moved.
        #[arg(long)]
        demo: bool,
        /// Day on which a new demo's clock begins; today without it.
        #[arg(long, requires = "demo")]
        from: Option<Date>,
        /// A new demo without its dozen cases.
        #[arg(long, requires = "demo")]
        empty: bool,
        /// Port of a new demo's portal; its bridge takes the next one.
        #[arg(long, default_value_t = 8080)]
        portal_port: u16,
        /// Port of a new demo's workbench; its bridge takes the next one.
        #[arg(long, default_value_t = 8090)]
        court_port: u16,
    },
    /// Makes an installation that is no demo: no sandbox is reachable.
    Init {
        dir: PathBuf,
        /// Codes of the courts to be served, from the register (`xiezhi courts` finds them).
        #[arg(long, required = true)]
        court: Vec<String>,
        /// Address under which people reach the portal, e.g. https://zxfw.example.cn; a proxy in front ends TLS.
        #[arg(long)]
        portal_url: String,
        /// Address of the workbench inside of the court network.
        #[arg(long)]
        court_url: String,
        /// Directory with root.crt and, for each court, its seal's key and certificate.
        #[arg(long)]
        seals: PathBuf,
        /// Login of the first filing clerk.
        #[arg(long)]
        login: String,
        /// His name.
        #[arg(long)]
        name: String,
        /// SMTP server (`host:port`) that takes the portal's messages.
        #[arg(long)]
        smtp: String,
        /// Sender of the messages.
        #[arg(long)]
        smtp_from: String,
        /// Mail address of a telephone at the carrier's gateway, `{phone}` standing for the number.
        #[arg(long)]
        smtp_to: String,
        #[command(flatten)]
        contacts: Contacts,
    },
    /// Enters a member of staff and prints the secret for his authenticator app. The password is read from standard input.
    Staff {
        #[command(flatten)]
        data: Data,
        #[arg(long)]
        court: String,
        #[arg(long)]
        login: String,
        #[arg(long)]
        name: String,
        #[arg(long, value_enum)]
        office: StaffOffice,
        #[arg(long, default_value = "")]
        division: String,
    },
    /// Finds courts of the register by name or code.
    Courts {
        text: String,
        #[arg(long)]
        json: bool,
    },
    /// Folds the events of every case and compares with the tables. Exit status 1 when a case differs.
    Replay {
        #[command(flatten)]
        data: Data,
        /// Compare; the only thing that can be asked so far.
        #[arg(long)]
        check: bool,
        #[arg(long)]
        json: bool,
    },
    /// Copies databases, contents, log, keys and settings into one file while the server runs. It holds secrets.
    Backup {
        file: PathBuf,
        #[command(flatten)]
        data: Data,
        #[arg(long)]
        json: bool,
    },
    /// Lays a backup out in a new data directory and opens a new epoch of the log.
    Restore {
        file: PathBuf,
        #[arg(long, default_value = "data")]
        data: PathBuf,
        #[arg(long)]
        json: bool,
    },
    /// Looks whether an installation can work. Exit status 1 when something is wrong.
    Doctor {
        #[command(flatten)]
        data: Data,
        #[arg(long)]
        json: bool,
    },
    /// Tells one whole case, from a photograph to the archive, through pages and API, and checks it. Exit status 0 only if
    /// everything holds.
    Scenario {
        #[command(flatten)]
        options: scenario::Options,
    },
    /// Loads a fresh demo and prints what it carries a second; bench/ starts it.
    #[command(hide = true)]
    Load {
        #[command(flatten)]
        options: scenario::load::Options,
    },
    /// Reads one upload under caps; started by the product itself.
    #[command(hide = true)]
    IntakeWorker,
}

/// What an installation that is no demo is told of its courts and providers.
#[derive(clap::Args)]
struct Contacts {
    /// Address of the court's 诉讼服务中心, as papers print it; one for each --court, in the same order.
    #[arg(long, required = true)]
    court_address: Vec<String>,
    /// Its telephone.
    #[arg(long, required = true)]
    court_phone: Vec<String>,
    /// Its account for court fees: 户名,开户行,账号.
    #[arg(long, required = true)]
    fee_account: Vec<installation::FeeAccount>,
    /// Interface of the identity authority on this machine (http://127.0.0.1:PORT/…); without it the counter confirms real names.
    #[arg(long, requires_all = ["identity_key", "identity_secret"])]
    identity_url: Option<String>,
    /// Name of the key shared with it.
    #[arg(long)]
    identity_key: Option<String>,
    /// File with the secret shared with it.
    #[arg(long)]
    identity_secret: Option<PathBuf>,
    /// Interface of the payment provider on this machine; without it fees are paid at the bank and the counter.
    #[arg(long, requires_all = ["payment_key", "payment_secret"])]
    payment_url: Option<String>,
    /// Name of the key shared with it.
    #[arg(long)]
    payment_key: Option<String>,
    /// File with the secret shared with it.
    #[arg(long)]
    payment_secret: Option<PathBuf>,
}

impl Contacts {
    /// Each court's own, as far as all three were told.
    fn of_courts(&self) -> Vec<installation::Contact> {
        let told = self.court_address.iter().zip(&self.court_phone).zip(&self.fee_account);
        let contact = |((address, phone), account): ((&String, &String), &installation::FeeAccount)| installation::Contact {
            address: address.clone(),
            phone: phone.clone(),
            fee_account: account.clone(),
        };
        told.map(contact).collect()
    }
}

/// A provider that was named whole.
fn provider(url: Option<String>, key: Option<String>, secret: Option<PathBuf>) -> Option<(installation::Provider, PathBuf)> {
    Some((installation::Provider { url: url?, key: key? }, secret?))
}

/// Which installation.
#[derive(clap::Args)]
struct Data {
    /// The data directory.
    #[arg(long, default_value = "data")]
    data: PathBuf,
    #[command(flatten)]
    options: serve::Options,
}

/// Offices that an administrator gives.
#[derive(Clone, Copy, clap::ValueEnum)]
enum StaffOffice {
    FilingClerk,
    Judge,
    Clerk,
}

impl From<StaffOffice> for procedure::Office {
    fn from(office: StaffOffice) -> Self {
        match office {
            StaffOffice::FilingClerk => Self::FilingClerk,
            StaffOffice::Judge => Self::Judge,
            StaffOffice::Clerk => Self::Clerk,
        }
    }
}

fn main() -> ExitCode {
    match run(Arguments::parse().command) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("xiezhi: {error:#}");
            ExitCode::from(2)
        }
    }
}

fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Ocr { paths, json, workers } => ocr(&paths, json, workers)?,
        Command::Typeset { document, output, fonts } => typeset(&document, &output, &fonts)?,
        Command::Caseno { text, on, json } => return caseno(&text, on, json),
        Command::Clock { rule, from, json } => clock(&rule, from, json)?,
        Command::Fee { amount, halve, json } => fee(&amount, halve, json)?,
        Command::Serve { data, zone, demo, from, empty, portal_port, court_port } => {
            commands::serve(&data.data, zone, &data.options, demo.then_some(commands::NewDemo { from, empty, portal_port, court_port }))?;
        }
        Command::Init { dir, court, portal_url, court_url, seals, login, name, smtp, smtp_from, smtp_to, contacts } => {
            let mail = installation::Mail { server: smtp, from: smtp_from, to: smtp_to };
            let of_courts = contacts.of_courts();
            let identity = provider(contacts.identity_url, contacts.identity_key, contacts.identity_secret);
            let payment = provider(contacts.payment_url, contacts.payment_key, contacts.payment_secret);
            let new = commands::New { courts: court, portal_url, court_url, seals, login, name, mail, contacts: of_courts, identity, payment };
            commands::init(&dir, new)?;
        }
        Command::Staff { data, court, login, name, office, division } => {
            commands::staff(&data.data, &data.options, people::Member { court, login, name, office: office.into(), division })?;
        }
        Command::Courts { text, json } => commands::courts(&text, json)?,
        Command::Replay { data, check: _, json } => return commands::replay(&data.data, &data.options, json),
        Command::Backup { file, data, json } => commands::backup(&file, &data.data, &data.options, json)?,
        Command::Restore { file, data, json } => commands::restore(&file, &data, json)?,
        Command::Doctor { data, json } => return commands::doctor(&data.data, &data.options, json),
        Command::Scenario { options } => scenario::run(&options)?,
        Command::Load { options } => scenario::load::run(&options)?,
        Command::IntakeWorker => intake::worker::main(std::io::stdin().lock(), std::io::stdout().lock())?,
    }
    Ok(ExitCode::SUCCESS)
}

fn ocr(paths: &[PathBuf], json: bool, workers: usize) -> anyhow::Result<()> {
    let client = intake::worker::Client::of_this_binary()?;
    let report = intake::ocr(paths, &client, intake::engine::USUAL, workers)?;
    if json {
        println!("{}", serde_json::to_string(&report)?);
        return Ok(());
    }
    for file in &report.files {
        println!("== {}", file.file);
        file.pages.iter().for_each(|page| println!("{}", page.text));
    }
    Ok(())
}

fn typeset(document: &PathBuf, output: &PathBuf, fonts: &PathBuf) -> anyhow::Result<()> {
    let text = std::fs::read_to_string(document).with_context(|| format!("cannot read {}", document.display()))?;
    let paper: documents::Paper = serde_json::from_str(&text).with_context(|| format!("{} is not a paper", document.display()))?;
    let papers = documents::Papers::open(fonts).context("fonts of the papers (scripts/fonts sets them up)")?;
    let rendered = documents::render(&papers, &paper, documents::Seal::Drawn)?;
    std::fs::write(output, &rendered.pdf).with_context(|| format!("cannot write {}", output.display()))?;
    println!("{}: {} pages, {} bytes", output.display(), rendered.pages, rendered.pdf.len());
    Ok(())
}

fn caseno(text: &str, on: Option<Date>, json: bool) -> anyhow::Result<ExitCode> {
    let today = procedure::step::day_of(jiff::Timestamp::now());
    let register = procedure::courts::Register::national();
    let judged = procedure::caseno::CaseNumber::parse(text, &register, on.unwrap_or(today));
    let (number, problems) = match &judged {
        Ok(number) => (Some(number.canonical()), &[][..]),
        Err(problems) => (None, problems.as_slice()),
    };
    if json {
        println!("{}", serde_json::json!({"input": text, "valid": number.is_some(), "canonical": number, "problems": problems}));
    } else {
        number.iter().for_each(|number| println!("{number}"));
        problems.iter().for_each(|problem| println!("{} {}", problem.rule, problem.message));
    }
    Ok(if number.is_some() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn clock(rule: &str, from: Date, json: bool) -> anyhow::Result<()> {
    let law = procedure::Law::current();
    if law.deadlines.get(rule).is_none() {
        bail!("no period of the rulebook is named {rule}; the ids are those of knowledge/deadlines.csv");
    }
    let clock = law.clock(rule, from);
    if json {
        let steps: Vec<_> = clock.derivation.iter().map(|line| &line.text).collect();
        println!("{}", serde_json::json!({"rule": clock.rule, "first_day": clock.first_day, "last_day": clock.last_day, "steps": steps}));
    } else {
        clock.derivation.iter().for_each(|line| println!("{} {} {}", line.text, line.law, line.rule));
    }
    Ok(())
}

fn fee(amount: &str, halve: bool, json: bool) -> anyhow::Result<()> {
    let amount = procedure::Fen::parse_yuan(amount)?;
    let full = procedure::fee::property(amount);
    let fee = if halve { full.halve() } else { full };
    if json {
        println!("{}", serde_json::json!({"fen": fee.fen, "steps": fee.steps, "rule": fee.rule}));
    } else {
        fee.steps.iter().for_each(|step| println!("{step}"));
        println!("{} {}", fee.fen, fee.rule);
    }
    Ok(())
}

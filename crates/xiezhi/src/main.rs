//! 獬豸: the commands of the house. Everything they say is found by the rooms; here is only wiring.
mod commands;
mod doctor;
mod draw;
mod installation;
mod keep;
mod law;
mod mail;
mod people;
mod scenario;
mod serve;
mod tls;

use anyhow::Context;
use clap::{Parser, Subcommand};
use jiff::civil::Date;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use tracing_subscriber::EnvFilter;

/// Both zones allocate from many threads at once, where the C library's allocator waits for itself.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

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
    #[command(after_help = "Example:\n  xiezhi typeset summons.json -o summons.pdf --json\n  {\"file\":\"summons.pdf\",\"pages\":1,\"bytes\":48211}")]
    Typeset {
        document: PathBuf,
        #[arg(short, long)]
        output: PathBuf,
        /// The directory that scripts/fonts fills; without it looked for beside the tools and the binary.
        #[arg(long)]
        fonts: Option<PathBuf>,
        #[arg(long)]
        json: bool,
    },
    #[command(flatten)]
    Law(law::Command),
    /// Draws a tribunal again from the record that the portal gives to the parties, offline. Exit status 1 when it differs.
    Draw {
        /// The record, from the page 审判组织怎样抽出.
        #[arg(long, value_name = "FILE")]
        check: PathBuf,
        #[arg(long)]
        json: bool,
    },
    /// Serves both zones, or one of them.
    #[command(after_help = SERVE_EXAMPLES)]
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
        /// Port of the demo's portal, 8080 without it; its bridge takes the next one. Kept for later starts.
        #[arg(long, requires = "demo")]
        portal_port: Option<u16>,
        /// Port of the demo's workbench, 8090 without it; its bridge takes the next one. Kept for later starts.
        #[arg(long, requires = "demo")]
        court_port: Option<u16>,
        /// One line of JSON with the addresses when they can be reached, instead of words.
        #[arg(long)]
        json: bool,
    },
    /// Makes an installation that is no demo: no sandbox is reachable. The first administrator's password is read from
    /// standard input, the secret for his authenticator app is printed once.
    #[command(after_help = INIT_EXAMPLES)]
    Init(Box<Init>),
    /// Enters a member of staff and prints the secret for his authenticator app. The password is read from standard input.
    #[command(
        after_help = "Example:\n  xiezhi staff --data /srv/court --court 京0105 --login xu --name 许知行 --office filing-clerk --division 立案庭 < password"
    )]
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
        /// Mobile telephone, for what the court tells its staff.
        #[arg(long, default_value = "")]
        phone: String,
        #[arg(long)]
        json: bool,
    },
    /// Finds courts of the register by name or code.
    #[command(after_help = "Example:\n  xiezhi courts 朝阳 --json")]
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
    #[command(after_help = "Example:\n  xiezhi backup /backup/2026-03-02.zip --data /srv/court --json")]
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
    #[command(
        after_help = "Example:\n  xiezhi doctor --data /srv/court --json\n  {\"good\":true,\"findings\":[{\"what\":\"fonts\",\"good\":true,\"says\":\"…\"}]}"
    )]
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

const SERVE_EXAMPLES: &str = "Examples:
  xiezhi serve --demo                             an invented court on this machine
  xiezhi serve --data /srv/court --json           both zones of an installation
  xiezhi serve --data /srv/court --zone portal    one zone; the other runs on its own machine";

const INIT_EXAMPLES: &str = "Examples:
  A proxy ends TLS, a relay on this machine takes the mail:
    xiezhi init /srv/court --court 京0105 --portal-url https://zxfw.example.cn --court-url https://bench.court.example \\
      --court-address 北京市朝阳区朝阳公园南路甲2号 --court-phone 010-12368 --fee-account '户名,开户行,账号' \\
      --seals /srv/seals --login admin --name 温以恒 --smtp 127.0.0.1:25 --smtp-from 'noreply@court.example' \\
      --smtp-to '{phone}@sms.carrier.example' < password
  TLS without a proxy, a mail server elsewhere:
    … --portal-tls-cert fullchain.pem --portal-tls-key privkey.pem --court-tls-cert bench.pem --court-tls-key bench.key \\
      --smtp mail.example:587 --smtp-tls starttls --smtp-user court --smtp-password-file smtp.password
  Both zones begin with the same ways for messages; [portal.mail], [court.sms] and so on in house.toml change one.";

/// What an installation is made of.
#[derive(clap::Args)]
struct Init {
    dir: PathBuf,
    /// Codes of the courts to be served, from the register (`xiezhi courts` finds them).
    #[arg(long, required = true)]
    court: Vec<String>,
    /// Address under which people reach the portal, e.g. https://zxfw.example.cn.
    #[arg(long)]
    portal_url: String,
    /// Address of the workbench inside of the court network.
    #[arg(long)]
    court_url: String,
    /// Certificate of the portal with its chain, as PEM; without it a proxy in front ends TLS.
    #[arg(long, requires = "portal_tls_key")]
    portal_tls_cert: Option<PathBuf>,
    #[arg(long, requires = "portal_tls_cert")]
    portal_tls_key: Option<PathBuf>,
    /// Certificate of the workbench with its chain, as PEM.
    #[arg(long, requires = "court_tls_key")]
    court_tls_cert: Option<PathBuf>,
    #[arg(long, requires = "court_tls_cert")]
    court_tls_key: Option<PathBuf>,
    /// Where the portal listens; by default 127.0.0.1:8080 behind a proxy, with TLS every address of the machine.
    #[arg(long)]
    portal_listen: Option<String>,
    /// Where the workbench listens; by default 127.0.0.1:8090 behind a proxy, with TLS every address of the machine.
    #[arg(long)]
    court_listen: Option<String>,
    /// Directory with root.crt and, for each court, its seal's key and certificate.
    #[arg(long)]
    seals: PathBuf,
    /// Login of the first system administrator, who enters everybody else.
    #[arg(long)]
    login: String,
    /// His name.
    #[arg(long)]
    name: String,
    #[command(flatten)]
    messages: MessageOptions,
    #[command(flatten)]
    contacts: Contacts,
    #[arg(long)]
    json: bool,
}

/// How messages leave an installation.
#[derive(clap::Args)]
struct MessageOptions {
    /// SMTP server (`host:port`) that takes messages; in the clear on this machine alone.
    #[arg(long, requires_all = ["smtp_from", "smtp_to"])]
    smtp: Option<String>,
    /// Sender of the messages.
    #[arg(long, requires = "smtp")]
    smtp_from: Option<String>,
    /// Mail address of a telephone at the carrier's gateway, `{phone}` standing for the number.
    #[arg(long, requires = "smtp")]
    smtp_to: Option<String>,
    #[arg(long, value_enum, default_value_t = SmtpTls::None)]
    smtp_tls: SmtpTls,
    /// PEM file of the only root that the server's certificate may hang on; without it those of this machine.
    #[arg(long)]
    smtp_root: Option<PathBuf>,
    /// As whom the server is spoken to.
    #[arg(long, requires = "smtp_password_file")]
    smtp_user: Option<String>,
    #[arg(long, requires = "smtp_user")]
    smtp_password_file: Option<PathBuf>,
    /// A carrier's HTTP interface on this machine; with it telephones are reached this way.
    #[arg(long, requires_all = ["sms_key", "sms_secret_file"])]
    sms_url: Option<String>,
    /// Name of the key that the carrier gave.
    #[arg(long, requires = "sms_url")]
    sms_key: Option<String>,
    #[arg(long, requires = "sms_url")]
    sms_secret_file: Option<PathBuf>,
}

/// How the way to the mail server is closed.
#[derive(Clone, Copy, clap::ValueEnum)]
enum SmtpTls {
    None,
    Starttls,
    Tls,
}

impl From<SmtpTls> for exchange::messenger::SmtpTls {
    fn from(tls: SmtpTls) -> Self {
        match tls {
            SmtpTls::None => Self::None,
            SmtpTls::Starttls => Self::Starttls,
            SmtpTls::Tls => Self::Tls,
        }
    }
}

impl Init {
    fn into_new(self) -> commands::New {
        let files = |cert: Option<PathBuf>, key: Option<PathBuf>| cert.zip(key).map(|(cert, key)| installation::TlsFiles { cert, key });
        let (tls, court_tls) = (files(self.portal_tls_cert, self.portal_tls_key), files(self.court_tls_cert, self.court_tls_key));
        commands::New {
            courts: self.court,
            portal: commands::NewZone { url: self.portal_url, listen: self.portal_listen, tls },
            court: commands::NewZone { url: self.court_url, listen: self.court_listen, tls: court_tls },
            seals: self.seals,
            login: self.login,
            name: self.name,
            messages: self.messages.into_new(),
            contacts: self.contacts.of_courts(),
            identity: provider(self.contacts.identity_url, self.contacts.identity_key, self.contacts.identity_secret),
            payment: provider(self.contacts.payment_url, self.contacts.payment_key, self.contacts.payment_secret),
        }
    }
}

impl MessageOptions {
    fn into_new(self) -> commands::NewMessages {
        let (from, to) = (self.smtp_from.unwrap_or_default(), self.smtp_to.unwrap_or_default());
        let (tls, root, user) = (self.smtp_tls.into(), self.smtp_root, self.smtp_user);
        let mail = self.smtp.map(|server| installation::Mail { server, from, to, tls, root, user });
        let sms = self.sms_url.zip(self.sms_key).map(|(url, key)| installation::Sms { url, key });
        commands::NewMessages { mail, smtp_password: self.smtp_password_file, sms, sms_secret: self.sms_secret_file }
    }
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
    President,
    SystemAdministrator,
}

impl From<StaffOffice> for procedure::Office {
    fn from(office: StaffOffice) -> Self {
        match office {
            StaffOffice::FilingClerk => Self::FilingClerk,
            StaffOffice::Judge => Self::Judge,
            StaffOffice::Clerk => Self::Clerk,
            StaffOffice::President => Self::President,
            StaffOffice::SystemAdministrator => Self::SystemAdministrator,
        }
    }
}

/// What goes wrong while it works goes to standard error; `RUST_LOG` asks for more.
fn keep_log() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn"));
    tracing_subscriber::fmt().with_env_filter(filter).with_ansi(std::io::stderr().is_terminal()).with_writer(std::io::stderr).init();
}

/// Who reads no further (`| head`) ends the program, without a word; where nothing more can be written, it says so.
fn end_without_a_reader() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let said = panic.payload().downcast_ref::<String>().map_or("", String::as_str);
        if said.starts_with("failed printing to stdout") {
            if said.contains("Broken pipe") {
                std::process::exit(141);
            }
            eprintln!("xiezhi: {said}");
            std::process::exit(2);
        }
        usual(panic);
    }));
}

fn main() -> ExitCode {
    keep_log();
    end_without_a_reader();
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
        Command::Ocr { paths, json, workers } => return ocr(&paths, json, workers),
        Command::Typeset { document, output, fonts, json } => typeset(&document, &output, fonts.as_deref(), json)?,
        Command::Law(command) => return law::run(command),
        Command::Draw { check, json } => return draw::check(&check, json),
        Command::Serve { data, zone, demo, from, empty, portal_port, court_port, json } => {
            let demo = demo.then_some(commands::NewDemo { from, empty, portal_port, court_port });
            commands::serve(&data.data, zone, &data.options, demo, json)?;
        }
        Command::Init(init) => {
            let (dir, json) = (init.dir.clone(), init.json);
            commands::init(&dir, &init.into_new(), json)?;
        }
        Command::Staff { data, court, login, name, office, division, phone, json } => {
            let member = people::Member { court, login, name, office: office.into(), division, phone };
            commands::staff(&data.data, &data.options, &member, json)?;
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

/// Reads each file; one that was refused does not keep the others from being read, and is the exit status.
fn ocr(paths: &[PathBuf], json: bool, workers: usize) -> anyhow::Result<ExitCode> {
    let client = intake::worker::Client::of_this_binary()?;
    let report = intake::ocr(paths, &client, intake::engine::USUAL, workers)?;
    let refused = report.files.iter().any(|file| file.refusal.is_some());
    if json {
        println!("{}", serde_json::to_string(&report)?);
    } else {
        for file in &report.files {
            println!("== {}", file.file);
            file.pages.iter().for_each(|page| println!("{}", page.text));
            if let Some(refused) = &file.refusal {
                eprintln!("{}：{}", file.file, refused.message);
            }
        }
    }
    Ok(if refused { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

fn typeset(document: &PathBuf, output: &PathBuf, fonts: Option<&Path>, json: bool) -> anyhow::Result<()> {
    let text = std::fs::read_to_string(document).with_context(|| format!("cannot read {}", document.display()))?;
    let paper = documents::Paper::from_json(text.as_bytes()).with_context(|| format!("{} is not a paper", document.display()))?;
    let papers = documents::Papers::open(&installation::fonts(fonts)?).context("fonts of the papers (scripts/fonts sets them up)")?;
    let rendered = documents::render(&papers, &paper, documents::Seal::Drawn)?;
    std::fs::write(output, &rendered.pdf).with_context(|| format!("cannot write {}", output.display()))?;
    if json {
        println!("{}", serde_json::json!({"file": output, "pages": rendered.pages, "bytes": rendered.pdf.len()}));
    } else {
        println!("{}: {} pages, {} bytes", output.display(), rendered.pages, rendered.pdf.len());
    }
    Ok(())
}

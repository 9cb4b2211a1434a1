//! 负载: how many filings and pages a second, through HTTP, against a fresh demo on this machine. `bench/` calls it.
//!
//! What is measured is only what people would do then: drafts are prepared before, as drafts are. The client is a plain
//! socket with the bytes of a browser's request, so that it costs the machine little.
use super::browser::{Browser, Form};
use super::server::{Server, Start};
use super::tale::Tale;
use super::{BEGIN, Story, filing, phases};
use crate::installation::Installation;
use anyhow::{Context, Result, bail, ensure};
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Accounts among which the filings are shared out.
const ACCOUNTS: u8 = 8;
/// Bytes of the attachment of each filing.
const ATTACHMENT: usize = 100_000;
/// How often the court's tables are looked at meanwhile: often enough for the figure, seldom enough not to be in it.
const LOOK: Duration = Duration::from_millis(50);
/// How long the court may take to catch up.
const PATIENCE: Duration = Duration::from_secs(300);

/// What is loaded.
#[derive(Debug, Clone, clap::Subcommand)]
pub enum What {
    /// Filings a second, from the form to the portal's receipt and the court's effect, an attachment of 100 kB included.
    Filings {
        #[arg(long, default_value_t = 1600)]
        count: usize,
        #[arg(long, default_value_t = 64)]
        connections: usize,
        /// The attachment goes up inside of the measured time too.
        #[arg(long)]
        with_upload: bool,
    },
    /// Pages “我的案件” a second.
    Pages {
        #[arg(long, default_value_t = 10)]
        seconds: u64,
        #[arg(long, default_value_t = 32)]
        connections: usize,
        /// Unpacked answers, as a proxy that packs them itself would ask for.
        #[arg(long)]
        plain: bool,
    },
}

/// Where and over which tables.
#[derive(Debug, Clone, clap::Args)]
pub struct Options {
    #[command(subcommand)]
    pub what: What,
    /// A directory that is cleared first.
    #[arg(long, default_value = "data/load", global = true)]
    pub data: PathBuf,
    #[arg(long, global = true)]
    pub court_db: Option<String>,
    #[arg(long, global = true)]
    pub portal_db: Option<String>,
}

/// Starts a demo, loads it, prints what it did.
pub fn run(options: &Options) -> Result<()> {
    super::fresh(&options.data)?;
    let house = options.data.join("house");
    fs::create_dir_all(&house)?;
    let start =
        Start { data: house.clone(), court_db: options.court_db.clone(), portal_db: options.portal_db.clone(), two_zones: false, from: BEGIN };
    let server = Server::start(&start, None)?;
    match options.what {
        What::Filings { count, connections, with_upload } => filings(&server, &start, count, connections, with_upload)?,
        What::Pages { seconds, connections, plain } => pages(&server, &house, seconds, connections, plain)?,
    }
    server.stop()
}

/// One prepared filing: the requests that are sent for it, in order.
struct Ready {
    requests: Vec<Vec<u8>>,
}

fn filings(server: &Server, start: &Start, count: usize, connections: usize, with_upload: bool) -> Result<()> {
    let begun = Instant::now();
    let ready = prepare(server, count, with_upload)?;
    eprintln!("{count} drafts prepared in {} s", begun.elapsed().as_secs());
    let queue = Mutex::new(ready.into_iter());
    let address = server.portal.trim_start_matches("http://").to_owned();
    let (since, court, used) = (Instant::now(), CourtTables::open(start)?, server.processor_time()?);
    let mut times = std::thread::scope(|scope| {
        let hands: Vec<_> = (0..connections)
            .map(|_| {
                scope.spawn(|| -> Result<Vec<Duration>> {
                    let mut wire = Wire::open(&address)?;
                    let mut times = Vec::new();
                    loop {
                        let next = queue.lock().map_err(|_| anyhow::anyhow!("a hand panicked"))?.next();
                        let Some(ready) = next else { return Ok(times) };
                        let from = Instant::now();
                        let mut answer = Answer::default();
                        for request in &ready.requests {
                            answer = wire.ask(request)?;
                        }
                        ensure!(answer.status == 303 && answer.location.starts_with("/receipt/"), "{} {}", answer.status, answer.location);
                        times.push(from.elapsed());
                    }
                })
            })
            .collect();
        let mut times = Vec::new();
        for hand in hands {
            times.extend(hand.join().map_err(|_| anyhow::anyhow!("a hand panicked"))??);
        }
        Ok::<_, anyhow::Error>(times)
    })?;
    let receipts = since.elapsed();
    ensure!(times.len() == count, "{} receipts for {count} filings", times.len());
    court.cases(count)?;
    let (effect, used) = (since.elapsed(), server.processor_time()? - used);
    court.rest()?;
    let followed = since.elapsed();
    times.sort_unstable();
    let part = |share: usize| times[(times.len() * share / 100).min(times.len() - 1)].as_millis();
    let rate = |time: Duration| count as f64 / time.as_secs_f64();
    println!(
        "{count} filings, {connections} connections, attachment of {ATTACHMENT} bytes{}",
        if with_upload { ", uploaded inside of the time" } else { "" }
    );
    println!(
        "  portal receipts   {:>8.0} /s   ({:.2} s; median {} ms, 99 % within {} ms)",
        rate(receipts),
        receipts.as_secs_f64(),
        part(50),
        part(99)
    );
    println!(
        "  and court effect  {:>8.0} /s   ({:.2} s; {:.2} ms of processor time each)",
        rate(effect),
        effect.as_secs_f64(),
        used * 1000.0 / count as f64
    );
    println!("  and all that follows: views, ledger, messages  {:.0} /s   ({:.2} s)", rate(followed), followed.as_secs_f64());
    Ok(())
}

/// Drafts up to the review page, made by several people at once.
fn prepare(server: &Server, count: usize, with_upload: bool) -> Result<Vec<Ready>> {
    let fonts = crate::installation::fonts(None)?;
    let shares: Vec<(u8, usize)> =
        (0..ACCOUNTS).map(|n| (n, count / usize::from(ACCOUNTS) + usize::from(usize::from(n) < count % usize::from(ACCOUNTS)))).collect();
    std::thread::scope(|scope| {
        let hands: Vec<_> = shares
            .into_iter()
            .map(|(number, share)| {
                let fonts = &fonts;
                scope.spawn(move || -> Result<Vec<Ready>> {
                    let mut tale = Tale::invented(number, BEGIN, fonts)?;
                    tale.files.truncate(1);
                    let mut story = Story::new(&server.portal, &server.court, tale, BEGIN, None);
                    filing::sign_up(&mut story)?;
                    (0..share).map(|n| one(&mut story, usize::from(number) * count + n, with_upload)).collect()
                })
            })
            .collect();
        let mut ready = Vec::new();
        for hand in hands {
            ready.extend(hand.join().map_err(|_| anyhow::anyhow!("a hand panicked"))??);
        }
        Ok(ready)
    })
}

fn one(story: &mut Story, number: usize, with_upload: bool) -> Result<Ready> {
    story.handed_in.clear();
    filing::fill_in(story)?;
    let browser = &story.plaintiff.browser;
    let draft = story.draft.clone();
    let page = browser.get(&format!("/file/{draft}/evidence"))?.good()?;
    let mut upload = page.form_with("files")?;
    upload.set("kind", "evidence").set("name", "转账凭证").file("files", "transfer.jpg", "image/jpeg", &attachment(number));
    let mut requests = Vec::new();
    if with_upload {
        requests.push(request(browser, &upload));
    } else {
        browser.submit(&upload)?.good()?;
    }
    let page = browser.get(&format!("/file/{draft}/review"))?.good()?;
    let mut form = page.form_to("/submit")?;
    form.choose_all();
    // The same eight people sue the same person again and again, and say so when they are asked (R-FIL-15).
    form.set("again", "yes");
    if with_upload {
        // The upload makes a newer version of the draft: one more than the page knew.
        let version: u64 = form.value("version").context("a version")?.parse()?;
        form.set("version", &(version + UPLOAD_VERSIONS).to_string());
    }
    requests.push(request(browser, &form));
    Ok(Ready { requests })
}

/// Versions of a draft that an upload with its description makes.
const UPLOAD_VERSIONS: u64 = 2;

fn request(browser: &Browser, form: &Form) -> Vec<u8> {
    let (media, body) = form.body();
    let mut bytes = format!(
        "POST {} HTTP/1.1\r\nhost: {}\r\ncookie: {}\r\naccept: text/html\r\ncontent-type: {media}\r\ncontent-length: {}\r\n\r\n",
        form.action,
        browser.host(),
        browser.cookies(),
        body.len()
    )
    .into_bytes();
    bytes.extend(body);
    bytes
}

/// A photograph of its own: the sample with a comment segment (JPEG COM) that fills it up.
fn attachment(number: usize) -> Vec<u8> {
    let photo = include_bytes!("../../../intake/samples/loan/iou.jpg");
    let mut bytes = photo[..2].to_vec();
    let filler = ATTACHMENT - photo.len() - 4;
    bytes.extend([0xff, 0xfe]);
    bytes.extend(u16::try_from(filler + 2).unwrap_or(u16::MAX).to_be_bytes());
    let mut state = number as u64 | 1 << 40;
    for _ in 0..filler {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        bytes.push((state >> 56) as u8);
    }
    bytes.extend(&photo[2..]);
    bytes
}

/// The court's tables, looked at from outside while it works.
struct CourtTables {
    db: storage::Db,
    courts: Vec<String>,
}

impl CourtTables {
    fn open(start: &Start) -> Result<Self> {
        let installation = Installation::open(&start.data)?;
        let db = installation.court_db(start.court_db.as_deref())?;
        Ok(Self { db, courts: installation.settings.courts })
    }

    /// Waits until so many cases stand.
    fn cases(&self, wanted: usize) -> Result<()> {
        self.wait("cases that stand", |tx, court| Ok(court::store::case_ids(tx, court)?.len()), |found| found >= wanted)
    }

    /// Waits until no work and no envelope is left.
    fn rest(&self) -> Result<()> {
        let left = |tx: &mut storage::Tx, court: &str| {
            Ok(usize::try_from(storage::jobs::counts(tx, court)?.waiting).unwrap_or(usize::MAX) + storage::outbox::waiting(tx, court, 1)?.len())
        };
        self.wait("jobs and envelopes that wait", left, |left| left == 0)
    }

    /// Counts over all courts until it is enough.
    fn wait(
        &self,
        what: &str,
        count: impl Fn(&mut storage::Tx, &str) -> Result<usize, court::Error> + Clone + Send + 'static,
        enough: impl Fn(usize) -> bool,
    ) -> Result<()> {
        let since = Instant::now();
        loop {
            let (courts, count) = (self.courts.clone(), count.clone());
            let counts = self.db.read_blocking(move |tx| courts.iter().map(|court| count(tx, court)).collect::<Result<Vec<_>, _>>())?;
            let found = counts.iter().sum();
            if enough(found) {
                return Ok(());
            }
            ensure!(since.elapsed() < PATIENCE, "the court does not catch up: {found} {what}");
            std::thread::sleep(LOOK);
        }
    }
}

fn pages(server: &Server, house: &Path, seconds: u64, connections: usize, plain: bool) -> Result<()> {
    let fonts = crate::installation::fonts(None)?;
    let mut story = Story::new(&server.portal, &server.court, Tale::invented(1, BEGIN, &fonts)?, BEGIN, None);
    // Up to the payment of the fee: a case with a number, papers and something to do.
    for phase in phases().take(9) {
        let day = story.day_of(phase);
        if day > BEGIN {
            story.filing_clerk.day(day)?;
        }
        (phase.act)(&mut story).with_context(|| phase.what.to_owned())?;
    }
    ensure!(house.exists());
    let browser = &story.plaintiff.browser;
    let packing = if plain { "identity" } else { "gzip" };
    let request = format!(
        "GET /cases HTTP/1.1\r\nhost: {}\r\ncookie: {}\r\naccept: text/html\r\naccept-encoding: {packing}\r\n\r\n",
        browser.host(),
        browser.cookies()
    );
    let address = server.portal.trim_start_matches("http://").to_owned();
    let over = AtomicBool::new(false);
    let (count, bytes, time, used) = std::thread::scope(|scope| {
        let hands: Vec<_> = (0..connections)
            .map(|_| {
                scope.spawn(|| -> Result<(u64, usize)> {
                    let mut wire = Wire::open(&address)?;
                    let (mut count, mut bytes) = (0, 0);
                    while !over.load(Ordering::Relaxed) {
                        let answer = wire.ask(request.as_bytes())?;
                        ensure!(answer.status == 200, "status {}", answer.status);
                        count += 1;
                        bytes = answer.bytes;
                    }
                    Ok((count, bytes))
                })
            })
            .collect();
        let (since, used) = (Instant::now(), server.processor_time()?);
        std::thread::sleep(Duration::from_secs(seconds));
        over.store(true, Ordering::Relaxed);
        let (mut count, mut bytes) = (0, 0);
        for hand in hands {
            let (own, size) = hand.join().map_err(|_| anyhow::anyhow!("a hand panicked"))??;
            count += own;
            bytes = size;
        }
        Ok::<_, anyhow::Error>((count, bytes, since.elapsed(), server.processor_time()? - used))
    })?;
    println!(
        "我的案件 (/cases), {connections} connections, {packing}: {:.0} pages/s, {bytes} bytes a page, {:.0} µs of processor time each",
        count as f64 / time.as_secs_f64(),
        used * 1e6 / count as f64
    );
    Ok(())
}

/// A connection that is kept open.
struct Wire {
    stream: BufReader<TcpStream>,
}

/// What a request got.
#[derive(Debug, Default)]
struct Answer {
    status: u16,
    location: String,
    /// Length of the body as it was sent.
    bytes: usize,
}

impl Wire {
    fn open(address: &str) -> Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(60)))?;
        Ok(Self { stream: BufReader::with_capacity(64 << 10, stream) })
    }

    fn ask(&mut self, request: &[u8]) -> Result<Answer> {
        self.stream.get_mut().write_all(request)?;
        let status = self.line()?;
        let status = status.split(' ').nth(1).and_then(|code| code.parse().ok()).with_context(|| format!("not an answer: {status}"))?;
        let (mut answer, mut length) = (Answer { status, ..Answer::default() }, None);
        loop {
            let line = self.line()?;
            let Some((name, value)) = line.split_once(':') else { break };
            match name.to_ascii_lowercase().as_str() {
                "content-length" => length = Some(value.trim().parse()?),
                "location" => value.trim().clone_into(&mut answer.location),
                _ => {}
            }
        }
        answer.bytes = match length {
            Some(length) => self.skip(length)?,
            None => self.chunks()?,
        };
        Ok(answer)
    }

    fn line(&mut self) -> Result<String> {
        let mut line = String::new();
        if self.stream.read_line(&mut line)? == 0 {
            bail!("the server closed the connection");
        }
        Ok(line.trim_end().to_owned())
    }

    fn skip(&mut self, length: usize) -> Result<usize> {
        let copied = std::io::copy(&mut (&mut self.stream).take(length as u64), &mut std::io::sink())?;
        ensure!(copied == length as u64, "the answer is cut off");
        Ok(length)
    }

    fn chunks(&mut self) -> Result<usize> {
        let mut all = 0;
        loop {
            let size = usize::from_str_radix(self.line()?.trim(), 16).context("the length of a chunk")?;
            all += self.skip(size)?;
            self.line()?;
            if size == 0 {
                return Ok(all);
            }
        }
    }
}

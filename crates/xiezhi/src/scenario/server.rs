//! 服务进程: the server that the scenario speaks with, as a child process, killed and started again by the drill.
use super::browser;
use super::checks::at_rest;
use anyhow::{Context, Result, bail, ensure};
use std::fs::{File, OpenOptions};
use std::net::TcpListener;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// How a server is started.
#[derive(Debug, Clone)]
pub struct Start {
    pub data: PathBuf,
    pub court_db: Option<String>,
    pub portal_db: Option<String>,
    /// Two processes that meet over HTTP.
    pub two_zones: bool,
    /// First day of the clock.
    pub from: jiff::civil::Date,
}

/// The signal that cannot be caught, and the one that asks.
const SIGKILL: i32 = 9;
const SIGTERM: i32 = 15;

/// When the drill kills, reckoned from the beginning of a phase.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kill {
    /// Right after so many durable writes of a process.
    Writes(u64),
    /// After so many milliseconds.
    Millis(u64),
}

/// One moment of the drill: in which phase of the story, from 1, and when in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Moment {
    phase: usize,
    kill: Kill,
}

/// The kill drill: how often, and from which seed the moments are drawn.
#[derive(Debug, Clone, Copy)]
pub struct Drill {
    pub moments: u32,
    pub seed: u64,
}

struct Shared {
    step: Mutex<String>,
    /// Phases begun so far.
    phase: AtomicUsize,
    children: Mutex<Vec<Child>>,
    stop: AtomicBool,
    /// Somebody asked for a kill and a new start that the drill does not count.
    restart: AtomicBool,
    kills: AtomicU32,
    /// Of these, right after a commit of a step whose work was not finished.
    between: AtomicU32,
}

/// The running server with whoever watches it.
pub struct Server {
    pub portal: String,
    pub court: String,
    shared: Arc<Shared>,
    watcher: Option<JoinHandle<Result<()>>>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Two neighbouring free ports on loopback.
fn free_ports() -> Result<u16> {
    for _ in 0..100 {
        let first = TcpListener::bind("127.0.0.1:0")?;
        let port = first.local_addr()?.port();
        if port < u16::MAX && TcpListener::bind(("127.0.0.1", port + 1)).is_ok() {
            return Ok(port);
        }
    }
    bail!("no two free ports beside each other")
}

impl Server {
    /// Starts a server over an empty directory and waits until it answers.
    pub fn start(start: &Start, drill: Option<Drill>) -> Result<Self> {
        let (portal, court) = (free_ports()?, free_ports()?);
        let shared = Arc::new(Shared {
            step: Mutex::new("set-up".into()),
            phase: AtomicUsize::new(0),
            children: Mutex::default(),
            stop: AtomicBool::new(false),
            restart: AtomicBool::new(false),
            kills: AtomicU32::new(0),
            between: AtomicU32::new(0),
        });
        let runner = Runner { start: start.clone(), portal, court, shared: Arc::clone(&shared) };
        let addresses = (format!("http://127.0.0.1:{portal}"), format!("http://127.0.0.1:{court}"));
        // The set-up itself runs to its end once: keys that were never used are nobody's loss.
        runner.spawn()?;
        wait_for(&addresses, &shared)?;
        let mut moments = drill.map(|drill| Moments::new(drill, super::phases().count()));
        let watch = move || runner.watch(moments.as_mut()).inspect_err(|_| browser::give_up());
        let watcher = std::thread::Builder::new().name("watcher".into()).spawn(watch)?;
        Ok(Self { portal: addresses.0, court: addresses.1, shared, watcher: Some(watcher) })
    }

    /// A phase of the story begins: the drill's moments are reckoned from here, and its report names it.
    pub fn step(&self, name: &str) {
        name.clone_into(&mut lock(&self.shared.step));
        self.shared.phase.fetch_add(1, Ordering::SeqCst);
    }

    /// Processor time that the server's processes have used, in seconds.
    pub fn processor_time(&self) -> Result<f64> {
        let mut ticks = 0;
        for child in lock(&self.shared.children).iter() {
            let path = format!("/proc/{}/stat", child.id());
            let stat = std::fs::read_to_string(&path).with_context(|| path.clone())?;
            // Behind the name in parentheses: state first, user and system time as fields 12 and 13 from there.
            let fields: Vec<&str> = stat.rsplit_once(')').map_or("", |(_, rest)| rest).split_whitespace().collect();
            for at in [11, 12] {
                ticks += fields.get(at).and_then(|field| field.parse::<u64>().ok()).with_context(|| format!("{path}: {stat}"))?;
            }
        }
        // USER_HZ is 100 on every Linux that this runs on.
        Ok(ticks as f64 / 100.0)
    }

    /// How often it was killed, and how often of these right between two durable writes.
    pub fn kills(&self) -> (u32, u32) {
        (self.shared.kills.load(Ordering::SeqCst), self.shared.between.load(Ordering::SeqCst))
    }

    /// Kills the server (SIGKILL) when it is called, to be started again at once.
    pub fn restarter(&self) -> impl Fn() + Send + Sync + 'static {
        let shared = Arc::clone(&self.shared);
        move || shared.restart.store(true, Ordering::SeqCst)
    }

    /// Stops the server in good order.
    pub fn stop(mut self) -> Result<()> {
        self.end()
    }

    fn end(&mut self) -> Result<()> {
        self.shared.stop.store(true, Ordering::SeqCst);
        let watched = match self.watcher.take() {
            Some(watcher) => watcher.join().map_err(|_| anyhow::anyhow!("the watcher panicked"))?,
            None => Ok(()),
        };
        let ended = end_in_order(&self.shared);
        watched.and(ended)
    }
}

/// Ends the processes as an administrator does.
fn end_in_order(shared: &Shared) -> Result<()> {
    let mut children = lock(&shared.children);
    for child in children.iter_mut() {
        Command::new("kill").args(["-TERM", &child.id().to_string()]).status().context("kill")?;
        let status = child.wait()?;
        // One that was asked before it listened to anybody ends by the signal itself.
        let obeyed = status.success() || status.signal() == Some(SIGTERM);
        ensure!(obeyed, "asked to stop, the server ended with {status}; its words are in server.log");
    }
    children.clear();
    Ok(())
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Err(error) = self.end() {
            tracing::error!(%error, "the server did not stop in good order");
        }
    }
}

fn wait_for(addresses: &(String, String), shared: &Shared) -> Result<()> {
    let since = Instant::now();
    for base in [&addresses.0, &addresses.1] {
        let address = base.trim_start_matches("http://");
        while std::net::TcpStream::connect(address).is_err() {
            if let Some(status) = lock(&shared.children).iter_mut().find_map(|child| child.try_wait().ok().flatten()) {
                bail!("the server ended with {status}; its words are in server.log");
            }
            if since.elapsed() > Duration::from_secs(60) {
                bail!("the server does not answer at {base}; its words are in server.log");
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }
    Ok(())
}

struct Runner {
    start: Start,
    portal: u16,
    court: u16,
    shared: Arc<Shared>,
}

impl Runner {
    fn log(&self) -> Result<File> {
        let path = self.start.data.join("../server.log");
        OpenOptions::new().create(true).append(true).open(&path).with_context(|| path.display().to_string())
    }

    fn spawn(&self) -> Result<()> {
        let mut children = lock(&self.shared.children);
        for zone in self.zones() {
            let exe = std::env::current_exe().context("own path")?;
            let mut command = Command::new(exe);
            command.args(["serve", "--demo", "--empty"]).arg("--data").arg(&self.start.data).args(*zone);
            command.args(["--from", &self.start.from.to_string()]);
            command.args(["--portal-port", &self.portal.to_string(), "--court-port", &self.court.to_string()]);
            for (option, url) in [("--court-db", &self.start.court_db), ("--portal-db", &self.start.portal_db)] {
                if let Some(url) = url {
                    command.args([option, url]);
                }
            }
            let order = self.order(zone);
            // An order that this life's forerunner did not read any more.
            order.try_exists()?.then(|| std::fs::remove_file(&order)).transpose()?;
            command.env("XIEZHI_DRILL_ORDER", order);
            let child = command.stdin(Stdio::null()).stdout(self.log()?).stderr(self.log()?).spawn().context("starting the server")?;
            children.push(child);
            // The court zone makes the installation; the portal's process finds it there.
            if self.start.two_zones && zone.contains(&"court") {
                wait_for_file(&self.start.data.join("house.toml"))?;
            }
        }
        Ok(())
    }

    /// Arguments of each process.
    fn zones(&self) -> &'static [&'static [&'static str]] {
        if self.start.two_zones { &[&["--zone", "court"], &["--zone", "portal"]] } else { &[&[]] }
    }

    /// Where a process finds the order to die after so many writes.
    fn order(&self, zone: &[&str]) -> std::path::PathBuf {
        self.start.data.join(format!("../drill-order-{}", zone.last().unwrap_or(&"both")))
    }

    /// Tells every process after how many of its writes it dies; the first that comes to it takes the others along.
    fn arm(&self, kill: Kill) -> Result<()> {
        let Kill::Writes(writes) = kill else { return Ok(()) };
        for zone in self.zones() {
            let order = self.order(zone);
            let unfinished = order.with_extension("part");
            std::fs::write(&unfinished, writes.to_string())?;
            std::fs::rename(&unfinished, &order)?;
        }
        Ok(())
    }

    /// Kills at the drawn moments and starts again. A server that ends in any other way is an error with its last words.
    fn watch(&self, mut moments: Option<&mut Moments>) -> Result<()> {
        let mut next = moments.as_deref_mut().and_then(|moments| moments.next(0, 0));
        // Since when the moment's phase runs, in this life of the server.
        let mut armed: Option<Instant> = None;
        while !self.shared.stop.load(Ordering::SeqCst) {
            std::thread::sleep(Duration::from_millis(2));
            if let Some(moment) = next.filter(|moment| armed.is_none() && self.shared.phase.load(Ordering::SeqCst) >= moment.phase) {
                self.arm(moment.kill)?;
                armed = Some(Instant::now());
            }
            let due = next.map(|moment| moment.kill).filter(|_| armed.is_some());
            if let Some(status) = self.ended()? {
                let Some(kill @ Kill::Writes(_)) = due.filter(|_| killed(status)) else { return Err(self.fell(status)) };
                self.died(kill)?;
            } else {
                let late = |after: u64| armed.is_some_and(|since| since.elapsed() >= Duration::from_millis(after));
                let due = due.filter(|kill| matches!(kill, Kill::Millis(after) if late(*after)));
                let asked = due.is_none() && self.shared.restart.swap(false, Ordering::SeqCst);
                if due.is_none() && !asked {
                    continue;
                }
                self.kill()?;
                let Some(kill) = due else {
                    // Not the drill's: its own moment is still to come.
                    self.spawn()?;
                    armed = None;
                    continue;
                };
                self.died(kill)?;
            }
            let (kills, between) = (self.shared.kills.load(Ordering::SeqCst), self.shared.between.load(Ordering::SeqCst));
            next = moments.as_deref_mut().and_then(|moments| moments.next(kills, between));
            self.spawn()?;
            armed = None;
        }
        Ok(())
    }

    /// Counts a kill and tells of it. It fell between two durable writes of one step if it came right after a commit and the
    /// step was not finished: an answer was still owed to somebody, or jobs or envelopes waited.
    fn died(&self, moment: Kill) -> Result<()> {
        let count = self.shared.kills.fetch_add(1, Ordering::SeqCst) + 1;
        let how = match moment {
            Kill::Writes(writes) => {
                let why = if browser::waiting() {
                    "before its request was answered"
                } else if at_rest(&self.start)? {
                    "nothing was left to do"
                } else {
                    "with jobs or envelopes waiting"
                };
                self.shared.between.fetch_add(u32::from(why != "nothing was left to do"), Ordering::SeqCst);
                format!("right after durable write {writes} from the beginning of a phase, {why}")
            }
            Kill::Millis(after) => format!("{after} ms after the beginning of a phase"),
        };
        println!("    kill -9 no. {count}, {how}, during: {}", lock(&self.shared.step));
        Ok(())
    }

    /// Kills every process of this life; one that had ended otherwise before is an error.
    fn kill(&self) -> Result<()> {
        let mut children = lock(&self.shared.children);
        for child in children.iter_mut() {
            child.kill()?;
            let status = child.wait()?;
            if !killed(status) {
                return Err(self.fell(status));
            }
        }
        children.clear();
        Ok(())
    }

    /// How a process ended, if one did; the others of this life go with it.
    fn ended(&self) -> Result<Option<ExitStatus>> {
        let mut children = lock(&self.shared.children);
        let mut first = None;
        for child in children.iter_mut() {
            // Of several, one that was not killed tells what happened.
            first = match (first, child.try_wait()?) {
                (Some(before), Some(now)) if killed(before) => Some(now),
                (None, found) => found,
                (before, _) => before,
            };
        }
        if first.is_some() {
            for child in children.iter_mut() {
                child.kill()?;
                child.wait()?;
            }
            children.clear();
        }
        Ok(first)
    }

    /// The server ended by itself: how, and its last words.
    fn fell(&self, status: ExitStatus) -> anyhow::Error {
        const LINES: usize = 20;
        let words = std::fs::read_to_string(self.start.data.join("../server.log")).unwrap_or_else(|error| format!("server.log: {error}"));
        let lines: Vec<&str> = words.lines().collect();
        anyhow::anyhow!("the server ended by itself with {status}; its last words:\n{}", lines[lines.len().saturating_sub(LINES)..].join("\n"))
    }
}

fn killed(status: ExitStatus) -> bool {
    status.signal() == Some(SIGKILL)
}

fn wait_for_file(path: &Path) -> Result<()> {
    let since = Instant::now();
    while !path.exists() {
        if since.elapsed() > Duration::from_secs(60) {
            bail!("{} does not appear", path.display());
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    Ok(())
}

/// The moments of a drill, in order, drawn from its seed and spread over the whole story.
struct Moments {
    drawn: usize,
    all: usize,
    /// Phases in which a moment may come: in the last there may be too little left to write.
    phases: usize,
    state: u64,
}

impl Moments {
    fn new(drill: Drill, phases: usize) -> Self {
        let state = drill.seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        Self { drawn: 0, all: usize::try_from(drill.moments).unwrap_or(usize::MAX), phases: phases.saturating_sub(1), state }
    }

    /// xorshift64*: the same seed gives the same moments.
    fn draw(&mut self, below: u64) -> u64 {
        self.state ^= self.state >> 12;
        self.state ^= self.state << 25;
        self.state ^= self.state >> 27;
        (self.state.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) % below.max(1)
    }

    /// The next moment, after so many kills of which so many fell between two durable writes: right after a write until more
    /// than half did, then one by the clock. Each comes in its own part of the story.
    fn next(&mut self, kills: u32, between: u32) -> Option<Moment> {
        if self.drawn == self.all {
            return None;
        }
        let from = self.drawn * self.phases / self.all;
        let to = ((self.drawn + 1) * self.phases / self.all).max(from + 1);
        self.drawn += 1;
        let phase = from + usize::try_from(self.draw((to - from) as u64)).unwrap_or_default() + 1;
        let kill = if 2 * between <= kills { Kill::Writes(1 + self.draw(5)) } else { Kill::Millis(20 + self.draw(180)) };
        Some(Moment { phase, kill })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Draws all moments of a drill whose kills after a write fall between two writes as told.
    fn drilled(moments: u32, mut falls: impl FnMut(u32) -> bool) -> (u32, u32, Vec<Moment>) {
        let mut drawn = Moments::new(Drill { moments, seed: 1 }, 21);
        let (mut kills, mut between, mut all) = (0, 0, vec![]);
        while let Some(moment) = drawn.next(kills, between) {
            between += u32::from(matches!(moment.kill, Kill::Writes(_)) && falls(kills));
            kills += 1;
            all.push(moment);
        }
        (kills, between, all)
    }

    #[test]
    fn of_three_kills_two_fall_between_writes_and_a_miss_is_made_up_for() {
        let (kills, between, all) = drilled(3, |_| true);
        let how: Vec<_> = all.iter().map(|moment| moment.kill).collect();
        assert!((kills, between) == (3, 2) && matches!(how[..], [Kill::Writes(_), Kill::Millis(_), Kill::Writes(_)]), "{all:?}");
        assert_eq!(drilled(20, |_| true).1, 10);
        assert!(drilled(20, |n| n % 4 != 0).1 >= 10, "after a miss comes another write");
        assert_eq!(drilled(20, |_| true).2, drilled(20, |_| true).2, "the same seed, the same moments");
    }

    #[test]
    fn the_moments_are_spread_over_the_whole_story() {
        let phases = |moments| drilled(moments, |_| true).2.iter().map(|moment| moment.phase).collect::<Vec<_>>();
        assert_eq!(phases(20), (1..=20).collect::<Vec<_>>());
        assert!(phases(3).iter().zip([1..=6, 7..=13, 14..=20]).all(|(phase, part)| part.contains(phase)), "{:?}", phases(3));
        assert!(phases(40).is_sorted() && phases(40).ends_with(&[20, 20]));
    }

    #[test]
    fn only_sigkill_is_a_kill() {
        assert!(killed(ExitStatus::from_raw(SIGKILL)));
        for other in [0, 11, 15, 1 << 8, 134 << 8, 137 << 8] {
            assert!(!killed(ExitStatus::from_raw(other)), "{other}");
        }
    }
}

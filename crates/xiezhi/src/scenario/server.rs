//! 服务进程: the server that the scenario speaks with, as a child process, killed and started again by the drill.
use anyhow::{Context, Result, bail};
use std::fs::{File, OpenOptions};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
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

/// When the drill kills.
#[derive(Debug, Clone, Copy)]
enum Kill {
    /// Right after so many durable writes of the process.
    Writes(u64),
    /// After so many milliseconds.
    Millis(u64),
}

/// The kill drill: how often, and from which seed the moments are drawn.
#[derive(Debug, Clone, Copy)]
pub struct Drill {
    pub moments: u32,
    pub seed: u64,
}

struct Shared {
    step: Mutex<String>,
    children: Mutex<Vec<Child>>,
    stop: AtomicBool,
    /// Somebody asked for a kill and a new start that the drill does not count.
    restart: AtomicBool,
    kills: AtomicU32,
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
            children: Mutex::default(),
            stop: AtomicBool::new(false),
            restart: AtomicBool::new(false),
            kills: AtomicU32::new(0),
            between: AtomicU32::new(0),
        });
        let runner = Runner { start: start.clone(), portal, court, shared: Arc::clone(&shared) };
        let mut moments = drill.map(Moments::new);
        // The set-up itself runs to its end once: keys that were never used are nobody's loss.
        runner.spawn(None)?;
        let addresses = (format!("http://127.0.0.1:{portal}"), format!("http://127.0.0.1:{court}"));
        wait_for(&addresses, &shared)?;
        let watcher = std::thread::Builder::new().name("watcher".into()).spawn(move || runner.watch(moments.as_mut()))?;
        Ok(Self { portal: addresses.0, court: addresses.1, shared, watcher: Some(watcher) })
    }

    /// Names the step of the story that runs, for the drill's report.
    pub fn step(&self, name: &str) {
        name.clone_into(&mut lock(&self.shared.step));
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
        for child in lock(&self.shared.children).iter_mut() {
            Command::new("kill").args(["-TERM", &child.id().to_string()]).status().context("kill")?;
            child.wait()?;
        }
        lock(&self.shared.children).clear();
        watched
    }
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

    fn spawn(&self, kill: Option<Kill>) -> Result<()> {
        let mut children = lock(&self.shared.children);
        let zones: &[&[&str]] = if self.start.two_zones { &[&["--zone", "court"], &["--zone", "portal"]] } else { &[&[]] };
        for zone in zones {
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
            if let Some(Kill::Writes(writes)) = kill {
                command.env("XIEZHI_DRILL_KILL_AFTER", writes.to_string());
            }
            let child = command.stdin(Stdio::null()).stdout(self.log()?).stderr(self.log()?).spawn().context("starting the server")?;
            children.push(child);
            // The court zone makes the installation; the portal's process finds it there.
            if self.start.two_zones && zone.contains(&"court") {
                wait_for_file(&self.start.data.join("house.toml"))?;
            }
        }
        Ok(())
    }

    /// Kills at the drawn moments and starts again; a server that ends otherwise is an error.
    fn watch(&self, mut moments: Option<&mut Moments>) -> Result<()> {
        let mut kill = None;
        if let Some(moments) = moments.as_deref_mut() {
            // The first life so far had no moment; it gets one by the clock.
            kill = moments.next().map(|_| Kill::Millis(moments.millis()));
        }
        let (mut since, mut asked) = (Instant::now(), false);
        while !self.shared.stop.load(Ordering::SeqCst) {
            std::thread::sleep(Duration::from_millis(5));
            asked |= self.shared.restart.swap(false, Ordering::SeqCst);
            let due = matches!(kill, Some(Kill::Millis(after)) if since.elapsed() >= Duration::from_millis(after));
            if asked || due {
                lock(&self.shared.children).iter_mut().try_for_each(Child::kill)?;
            }
            if !self.ended()? {
                continue;
            }
            if std::mem::take(&mut asked) {
                self.spawn(kill)?;
                since = Instant::now();
                continue;
            }
            let Some(moment) = kill else { bail!("the server ended by itself; its words are in server.log") };
            let count = self.shared.kills.fetch_add(1, Ordering::SeqCst) + 1;
            let how = match moment {
                Kill::Writes(writes) => {
                    self.shared.between.fetch_add(1, Ordering::SeqCst);
                    format!("right after durable write {writes} of its life")
                }
                Kill::Millis(after) => format!("{after} ms after its start"),
            };
            println!("    kill -9 no. {count}, {how}, during: {}", lock(&self.shared.step));
            kill = moments.as_deref_mut().and_then(Moments::next);
            self.spawn(kill)?;
            since = Instant::now();
        }
        Ok(())
    }

    /// Did a process end? Then the others of this life go with it.
    fn ended(&self) -> Result<bool> {
        let mut children = lock(&self.shared.children);
        let mut ended = false;
        for child in children.iter_mut() {
            ended |= child.try_wait()?.is_some();
        }
        if ended {
            for child in children.iter_mut() {
                child.kill()?;
                child.wait()?;
            }
            children.clear();
        }
        Ok(ended)
    }
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

/// The moments of a drill, in order, drawn from its seed: every other one right after a durable write.
struct Moments {
    left: u32,
    state: u64,
}

impl Moments {
    fn new(drill: Drill) -> Self {
        Self { left: drill.moments, state: drill.seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1 }
    }

    /// xorshift64*: the same seed gives the same moments.
    fn draw(&mut self, below: u64) -> u64 {
        self.state ^= self.state >> 12;
        self.state ^= self.state << 25;
        self.state ^= self.state >> 27;
        (self.state.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) % below.max(1)
    }

    fn millis(&mut self) -> u64 {
        100 + self.draw(500)
    }

    fn next(&mut self) -> Option<Kill> {
        self.left = self.left.checked_sub(1)?;
        Some(if self.left % 2 == 0 { Kill::Writes(2 + self.draw(30)) } else { Kill::Millis(self.millis()) })
    }
}

//! 服务: runs one zone or both, with the bridge between them and the workers behind them.
//!
//! Both zones in one process: the bridge is a loop-back. `--zone portal` and `--zone court`: two processes, each with its
//! end of the bridge on an address of its own, which the internet must not reach.
use crate::installation::{self, Installation, fonts};
use crate::tls::{self, Certificates, TlsListener};
use anyhow::{Context, Result};
use axum::body::Bytes;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Router, extract::DefaultBodyLimit};
use court::Court;
use exchange::{Bridge, Peer, Receiver};
use jiff::Timestamp;
use portal::Portal;
use std::fs::File;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use tokio::net::TcpListener;

/// What of the house runs here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Zone {
    /// 在线服务, the internet zone.
    Portal,
    /// 办案平台, the court zone.
    Court,
}

/// Where and over which tables.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Options {
    /// The court zone's tables instead of those in house.toml: `postgres://…` or `sqlite:PATH`.
    #[arg(long)]
    pub court_db: Option<String>,
    /// The portal's tables instead of those in house.toml.
    #[arg(long)]
    pub portal_db: Option<String>,
    /// The directory that scripts/fonts fills.
    #[arg(long)]
    pub fonts: Option<PathBuf>,
}

/// Idle workers look again after this time.
const IDLE: Duration = Duration::from_millis(20);
/// How often clocks that ran out are looked for.
const TICK: Duration = Duration::from_millis(500);
/// An error of the tables (disk full, server away) is waited out.
const TROUBLE: Duration = Duration::from_secs(1);
/// Bytes of one envelope on the wire.
const ENVELOPE: usize = 66 << 20;

/// The zones that run in this process.
pub struct House {
    pub court: Option<Court>,
    pub portal: Option<Portal>,
    stop: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
    servers: Vec<(Listening, Router)>,
    /// Where the pages of each zone listen.
    pub addresses: Vec<(Zone, SocketAddr)>,
    _held: Vec<File>,
}

/// An address that was taken.
enum Listening {
    /// In the clear: on this machine, for a proxy or for the other zone.
    Open(TcpListener),
    Tls(TlsListener),
}

impl House {
    /// Opens the zones, starts their workers and takes their addresses.
    pub async fn open(installation: &Installation, zone: Option<Zone>, options: &Options) -> Result<Self> {
        let mut house = Self {
            court: None,
            portal: None,
            stop: Arc::new(AtomicBool::new(false)),
            threads: vec![],
            servers: vec![],
            addresses: vec![],
            _held: vec![],
        };
        let settings = &installation.settings;
        let mut clock = None;
        if zone != Some(Zone::Portal) {
            house._held.push(installation.hold("court")?);
            let db = installation.court_db(options.court_db.as_deref())?;
            let own = installation.clock(&db)?;
            clock = Some(own.clone());
            let messenger = crate::mail::carriers(installation, "court", &settings.court)?;
            let court = installation.open_court(db, own, &fonts(options.fonts.as_deref())?, messenger)?;
            let secure = settings.court.url.starts_with("https://");
            crate::keep::log_matches(court.db(), &settings.courts, court.log_size())?;
            let router = workbench::router(court.clone(), workbench::Options { secure });
            house.listen_for(Zone::Court, &settings.court, router).await?;
            house.court = Some(court);
        }
        if zone != Some(Zone::Court) {
            house._held.push(installation.hold("portal")?);
            let db = installation.portal_db(options.portal_db.as_deref())?;
            let own = match clock {
                Some(shared) => shared,
                None => installation.clock(&db)?,
            };
            let messenger = crate::mail::carriers(installation, "portal", &settings.portal)?;
            let portal = installation.open_portal(db, own, messenger)?;
            house.listen_for(Zone::Portal, &settings.portal, portal.router()).await?;
            house.portal = Some(portal);
        }
        house.connect(installation, zone).await?;
        installation.keep_tables(options.court_db.as_deref(), options.portal_db.as_deref())?;
        Ok(house)
    }

    /// Takes a zone's address, over TLS where the zone has a certificate.
    async fn listen_for(&mut self, zone: Zone, settings: &installation::Zone, router: Router) -> Result<()> {
        let certified = match &settings.tls {
            Some(files) => Some((files, tls::load(files, &settings.url, Timestamp::now())?)),
            None => None,
        };
        let listener = bind(&settings.listen).await?;
        self.addresses.push((zone, listener.local_addr()?));
        let listening = match certified {
            None => Listening::Open(listener),
            Some((files, certified)) => {
                let days = certified.days_left(Timestamp::now());
                if days < tls::RENEW_BEFORE {
                    tracing::warn!(?zone, days, "the TLS certificate is about to expire; renew it");
                }
                Listening::Tls(TlsListener::over(listener, Certificates::new(files.clone(), &settings.url, certified))?)
            }
        };
        self.servers.push((listening, router));
        Ok(())
    }

    async fn listen(&mut self, address: &str, router: Router) -> Result<()> {
        self.servers.push((Listening::Open(bind(address).await?), router));
        Ok(())
    }

    /// The bridge: each zone sends to the other's receiver, in this process or over HTTP.
    async fn connect(&mut self, installation: &Installation, zone: Option<Zone>) -> Result<()> {
        let settings = &installation.settings;
        let http = |address: &str| Peer::Http(format!("http://{address}"));
        if let Some(court) = self.court.clone() {
            let keys = installation.bridge("court", "portal")?;
            let peer = match &self.portal {
                Some(portal) => Peer::Local(Arc::new(portal_receiver(installation, portal.clone())?)),
                None => http(&settings.portal.bridge),
            };
            self.court_workers(court, Bridge::new(keys, peer), &installation.dir)?;
        }
        if let Some(portal) = self.portal.clone() {
            let keys = installation.bridge("portal", "court")?;
            let peer = match &self.court {
                Some(court) => Peer::Local(Arc::new(court_receiver(installation, court.clone())?)),
                None => http(&settings.court.bridge),
            };
            self.portal_workers(portal, Bridge::new(keys, peer), &installation.dir)?;
        }
        match zone {
            None => Ok(()),
            Some(Zone::Court) => {
                let receiver = court_receiver(installation, self.court.clone().context("the court zone")?)?;
                self.listen(&settings.court.bridge, endpoint(receiver)).await
            }
            Some(Zone::Portal) => {
                let receiver = portal_receiver(installation, self.portal.clone().context("the portal zone")?)?;
                self.listen(&settings.portal.bridge, endpoint(receiver)).await
            }
        }
    }

    fn court_workers(&mut self, court: Court, bridge: Bridge, dir: &Path) -> Result<()> {
        let worker = court.clone();
        // What an earlier process had claimed when it died is claimed anew.
        worker.db().write_blocking(storage::jobs::release_all)?;
        self.repeat("court-work", move || {
            let now = worker.now();
            let due = worker.db().read_blocking(storage::jobs::next_due)?.is_some_and(|at| at <= now);
            if due { Ok(worker.work()?) } else { Ok(0) }
        })?;
        let crossing = Crossing::open(dir, "court")?;
        let sender = court.clone();
        self.repeat("court-bridge", move || crossing.over(|| Ok(sender.deliver(&|id, bytes| stamp_of(bridge.deliver(id, bytes)))?)))?;
        let (messages, mut next) = (court.clone(), Instant::now());
        self.repeat("court-messages", move || {
            if Instant::now() < next {
                return Ok(0);
            }
            next = Instant::now() + TICK;
            messages.tell_staff()?;
            Ok(messages.send_messages()?)
        })?;
        let mut next = Instant::now();
        self.repeat("court-clocks", move || {
            if Instant::now() >= next {
                next = Instant::now() + TICK;
                return Ok(court.tick()?);
            }
            Ok(0)
        })
    }

    fn portal_workers(&mut self, portal: Portal, bridge: Bridge, dir: &Path) -> Result<()> {
        let crossing = Crossing::open(dir, "portal")?;
        let (codes, notices, cashier) = (portal.clone(), portal.clone(), portal.clone());
        self.repeat("portal-bridge", move || crossing.over(|| Ok(portal.deliver_once(&bridge)?)))?;
        // Somebody waits for a code: it has a worker of its own, and a mailbox that takes nothing stops neither codes nor bridge.
        self.repeat("portal-codes", move || Ok(codes.send_message(true)?))?;
        self.repeat("portal-notices", move || Ok(notices.send_message(false)?))?;
        self.repeat("portal-payments", move || Ok(cashier.look_at_payments()?))
    }

    /// A thread that works until there is nothing to do, rests, and looks again, until the house stops.
    fn repeat(&mut self, name: &str, mut work: impl FnMut() -> Result<usize> + Send + 'static) -> Result<()> {
        let stop = Arc::clone(&self.stop);
        let named = name.to_owned();
        let thread = std::thread::Builder::new().name(name.to_owned()).spawn(move || {
            while !stop.load(Ordering::SeqCst) {
                match work() {
                    Ok(0) => std::thread::sleep(IDLE),
                    Ok(_) => {}
                    Err(error) => {
                        tracing::error!(worker = named, error = format!("{error:#}"), "worker failed, it goes on");
                        std::thread::sleep(TROUBLE);
                    }
                }
            }
        });
        self.threads.push(thread.context("starting a worker")?);
        Ok(())
    }

    /// Serves until `until` comes true; then finishes what runs and stops the workers.
    pub async fn serve(mut self, until: impl Future<Output = ()> + Send + 'static) -> Result<()> {
        let (stop, stopped) = tokio::sync::watch::channel(false);
        let mut servers = tokio::task::JoinSet::new();
        for (listening, router) in std::mem::take(&mut self.servers) {
            let stopped = stopped.clone();
            match listening {
                Listening::Open(listener) => servers.spawn(run(listener, router, stopped)),
                Listening::Tls(listener) => servers.spawn(run(listener, router, stopped)),
            };
        }
        tokio::spawn(async move {
            until.await;
            stop.send_replace(true);
        });
        while let Some(done) = servers.join_next().await {
            done.context("a server")?.context("a server")?;
        }
        Ok(())
    }
}

async fn bind(address: &str) -> Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| {
        format!("{address} cannot be taken; is another server running there? A demo takes other ports with --portal-port and --court-port")
    })
}

/// Serves until the house stops; what runs then is finished.
async fn run<L>(listener: L, router: Router, mut stopped: tokio::sync::watch::Receiver<bool>) -> std::io::Result<()>
where
    L: axum::serve::Listener<Addr = SocketAddr>,
{
    axum::serve(listener, router)
        .with_graceful_shutdown(async move {
            // The sender is gone only when everything ends.
            let _ = stopped.wait_for(|stopped| *stopped).await;
        })
        .await
}

impl Drop for House {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        for thread in std::mem::take(&mut self.threads) {
            if thread.join().is_err() {
                tracing::error!("a worker ended in a panic");
            }
        }
    }
}

/// What crosses the bridge crosses under a shared lock on a file; `xiezhi backup` takes it alone, so that both zones'
/// copies are of one moment of the bridge.
struct Crossing(File);

/// The file of [`Crossing`], in the zone's directory.
pub fn crossing_file(dir: &Path, zone: &str) -> Result<File> {
    let path = dir.join(zone).join("bridge.lock");
    File::options().create(true).write(true).truncate(false).open(&path).with_context(|| path.display().to_string())
}

impl Crossing {
    fn open(dir: &Path, zone: &str) -> Result<Self> {
        crossing_file(dir, zone).map(Self)
    }

    fn over<T>(&self, work: impl FnOnce() -> Result<T>) -> Result<T> {
        self.0.lock_shared()?;
        let done = work();
        self.0.unlock()?;
        done
    }
}

/// The portal acknowledges with the moment at which the envelope reached it.
fn stamp_of(ack: Result<exchange::Ack, exchange::Error>) -> Result<Timestamp, court::Undelivered> {
    let ack = ack.map_err(|error| error.to_string())?;
    match ack.outcome {
        exchange::Outcome::Done => Ok(serde_json::from_slice(&ack.answer).map_err(|error| format!("acknowledged without a time: {error}"))?),
        exchange::Outcome::Refused { reason } => Err(court::Undelivered { reason, for_good: true }),
    }
}

fn portal_receiver(installation: &Installation, portal: Portal) -> Result<Receiver> {
    let clock = portal.clone();
    Ok(Receiver::new(installation.bridge("portal", "court")?, exchange::TO_PORTAL, move || clock.now(), move |opened| portal.handle(opened)))
}

fn court_receiver(installation: &Installation, court: Court) -> Result<Receiver> {
    let clock = court.clone();
    let handle = move |opened: exchange::Opened| {
        let of = opened.id;
        match court.receive(opened) {
            Ok(answered) => Ok(exchange::Ack { of, outcome: exchange::Outcome::Done, answer: answered.at.to_string().into_bytes() }),
            Err(court::Error::Json(reason)) => {
                Ok(exchange::Ack { of, outcome: exchange::Outcome::Refused { reason: format!("not a message: {reason}") }, answer: vec![] })
            }
            Err(error) => Err(exchange::Busy(error.to_string())),
        }
    };
    Ok(Receiver::new(installation.bridge("court", "portal")?, exchange::TO_COURT, move || clock.now(), handle))
}

/// `POST /exchange`, the receiving end as HTTP.
fn endpoint(receiver: Receiver) -> Router {
    let receiver = Arc::new(receiver);
    let take = move |body: Bytes| {
        let receiver = Arc::clone(&receiver);
        async move {
            match tokio::task::spawn_blocking(move || receiver.respond(&body)).await {
                Ok(answer) => {
                    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
                    (status, [(header::CONTENT_TYPE, exchange::bridge::CONTENT_TYPE)], answer.body).into_response()
                }
                Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response() as Response,
            }
        }
    };
    Router::new().route(exchange::bridge::PATH, post(take)).layer(DefaultBodyLimit::max(ENVELOPE))
}

/// Comes true when the process is asked to stop.
pub async fn asked_to_stop() {
    let mut terminate = match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(signal) => signal,
        Err(error) => {
            tracing::error!(%error, "no signal can be waited for");
            return std::future::pending().await;
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
}

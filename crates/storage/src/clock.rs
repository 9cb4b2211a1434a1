//! 时钟: the one clock of the house. Rules get their time from here, as a parameter.
use crate::{Db, Error, Tx};
use jiff::Timestamp;
use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

const LAST: &str = "SELECT number, ahead FROM clock_moves WHERE court = $1 ORDER BY number DESC LIMIT 1";
const RECORD: &str = "INSERT INTO clock_moves (court, number, moved, actor, stood, set_to, ahead) VALUES ($1, $2, $3, $4, $5, $6, $7)";
const MOVES: &str = "SELECT moved, actor, stood, set_to FROM clock_moves WHERE court = $1 ORDER BY number";

pub(crate) const SQL: &[&str] = &[LAST, RECORD, MOVES];

/// The clock is one for all courts of an installation; its rows stand under this key.
const ALL_COURTS: &str = "*";

/// The injected clock. Whole milliseconds, as the tables keep them; never backwards within a process, whatever the
/// machine's clock does. Cloning shares it.
#[derive(Debug, Clone)]
pub struct Clock(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    /// Milliseconds that the demo runs ahead of real time.
    ahead: AtomicI64,
    /// The latest moment given.
    latest: AtomicI64,
    /// Where moves are recorded; None: the clock cannot be moved.
    demo: Option<Db>,
}

/// One move of the demo clock, as recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Move {
    /// Real time of the move.
    pub moved: Timestamp,
    pub actor: String,
    /// Where the clock stood.
    pub stood: Timestamp,
    pub set_to: Timestamp,
}

fn last(tx: &mut Tx<'_>) -> Result<(i64, i64), Error> {
    tx.query_opt(LAST, &[ALL_COURTS.into()])?.map_or(Ok((0, 0)), |row| Ok((row.int(0)?, row.int(1)?)))
}

impl Clock {
    fn new(ahead: i64, demo: Option<Db>) -> Self {
        Self(Arc::new(Inner { ahead: AtomicI64::new(ahead), latest: AtomicI64::new(i64::MIN), demo }))
    }

    /// The machine's clock, which nobody moves.
    pub fn system() -> Self {
        Self::new(0, None)
    }

    /// A clock that may be moved forward, on record in this store; goes on where the last run left it. Blocks.
    pub fn demo(db: &Db) -> Result<Self, Error> {
        let (_, ahead) = db.read_blocking(last)?;
        Ok(Self::new(ahead, Some(db.clone())))
    }

    /// [`Clock::demo`] for an installation whose story begins on a day of its own, which may lie in the past: set once,
    /// on record, before the first event; a store whose clock was moved already goes on where it stands. Blocks.
    pub fn demo_from(db: &Db, start: Timestamp) -> Result<Self, Error> {
        db.write_blocking(move |tx| {
            if tx.query_opt(LAST, &[ALL_COURTS.into()])?.is_some() {
                return Ok(());
            }
            let real = Self::real_now();
            let ahead = start.as_millisecond() - real.as_millisecond();
            let values = [ALL_COURTS.into(), 1.into(), real.into(), "set-up".into(), real.into(), start.into(), ahead.into()];
            tx.execute(RECORD, &values).map(drop)
        })?;
        Self::demo(db)
    }

    /// Real time, whatever the demo plays: for sessions, one-time passwords, leases.
    pub fn real_now() -> Timestamp {
        Timestamp::now()
    }

    /// The time of this house.
    pub fn now(&self) -> Timestamp {
        let wanted = Self::real_now().as_millisecond().saturating_add(self.0.ahead.load(Ordering::SeqCst));
        let latest = self.0.latest.fetch_max(wanted, Ordering::SeqCst).max(wanted);
        // `advance` keeps the sum within what a timestamp holds.
        Timestamp::from_millisecond(latest).unwrap_or(Timestamp::MAX)
    }

    /// May this clock be moved?
    pub fn is_demo(&self) -> bool {
        self.0.demo.is_some()
    }

    /// Moves the demo clock forward to `to` and records who did it; the time afterwards. [`Error::NotDemo`] outside of
    /// demo mode, [`Error::Backwards`] for a moment that has passed.
    pub async fn advance(&self, to: Timestamp, actor: &str) -> Result<Timestamp, Error> {
        let db = self.0.demo.clone().ok_or(Error::NotDemo)?;
        let ahead = db.write(self.recording(to, actor)).await?;
        Ok(self.set(ahead))
    }

    /// [`Clock::advance`] for code without a runtime.
    pub fn advance_blocking(&self, to: Timestamp, actor: &str) -> Result<Timestamp, Error> {
        let db = self.0.demo.clone().ok_or(Error::NotDemo)?;
        let ahead = db.write_blocking(self.recording(to, actor))?;
        Ok(self.set(ahead))
    }

    fn set(&self, ahead: i64) -> Timestamp {
        self.0.ahead.fetch_max(ahead, Ordering::SeqCst);
        self.now()
    }

    /// The move is on the disk before anyone sees the new time.
    fn recording(&self, to: Timestamp, actor: &str) -> impl FnMut(&mut Tx<'_>) -> Result<i64, Error> + Send + 'static {
        let (clock, actor) = (self.clone(), actor.to_owned());
        move |tx| {
            let now = clock.now();
            if to < now {
                return Err(Error::Backwards { now, to });
            }
            let (number, _) = last(tx)?;
            let real = Self::real_now();
            let ahead = to.as_millisecond() - real.as_millisecond();
            let values = [ALL_COURTS.into(), (number + 1).into(), real.into(), (&actor).into(), now.into(), to.into(), ahead.into()];
            tx.execute(RECORD, &values)?;
            Ok(ahead)
        }
    }
}

/// Every move of the demo clock, in order: shown wherever its time is shown.
pub fn moves(tx: &mut Tx<'_>) -> Result<Vec<Move>, Error> {
    let rows = tx.query(MOVES, &[ALL_COURTS.into()])?;
    rows.iter().map(|row| Ok(Move { moved: row.time(0)?, actor: row.text(1)?, stood: row.time(2)?, set_to: row.time(3)? })).collect()
}

//! Group commit: writes that wait at the same moment share one transaction and one flush to the disk.
//!
//! Each member runs in a savepoint of its own and is undone alone when it errs. All are answered after the COMMIT;
//! when that fails, all get its error, for nothing of the group was kept.
use crate::{
    Engine, Error, Tx, drill,
    session::{Fault, Session, Target},
};
use std::{
    any::Any,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{PoisonError, RwLock},
    thread,
    time::Duration,
};

/// Tries of one group before its members are told to come again.
const TRIES: u32 = 20;
/// From this try on a group runs alone in this process, so that it cannot collide with its neighbours again.
const ALONE_FROM: u32 = 3;

/// A queued write.
pub(crate) trait Member: Send {
    /// Runs the closure (perhaps again). True: keep its work.
    fn run(&mut self, tx: &mut Tx<'_>) -> bool;
    /// Gives the answer, after the commit or its failure.
    fn answer(self: Box<Self>, committed: Result<(), Error>);
}

/// A closure with the way back to whoever asked.
pub(crate) struct Write<T, E, F, R> {
    pub work: F,
    pub result: Option<Result<T, E>>,
    pub reply: R,
}

impl<T, E, F, R> Member for Write<T, E, F, R>
where
    F: FnMut(&mut Tx<'_>) -> Result<T, E> + Send,
    R: FnOnce(Result<T, E>) + Send,
    T: Send,
    E: From<Error> + Send,
{
    fn run(&mut self, tx: &mut Tx<'_>) -> bool {
        let result = guarded(tx, |tx| (self.work)(tx));
        let kept = result.is_ok();
        self.result = Some(result);
        kept
    }

    fn answer(self: Box<Self>, committed: Result<(), Error>) {
        let Self { result, reply, .. } = *self;
        // A member's own error too is replaced: it may rest on what another member of the lost group had written.
        reply(match (committed, result) {
            (Err(error), _) => Err(error.into()),
            (Ok(()), Some(result)) => result,
            (Ok(()), None) => Err(Error::Closed.into()),
        });
    }
}

/// Runs a closure so that a panic or a swallowed error is an error of this closure alone.
pub(crate) fn guarded<T, E: From<Error>>(tx: &mut Tx<'_>, work: impl FnOnce(&mut Tx<'_>) -> Result<T, E>) -> Result<T, E> {
    match catch_unwind(AssertUnwindSafe(|| work(tx))) {
        Ok(Ok(_)) if tx.fault().is_some() => Err(Error::Aborted.into()),
        Ok(result) => result,
        Err(panic) => Err(panicked(&*panic).into()),
    }
}

/// Apart from [`guarded`], which is generated for every closure.
fn panicked(panic: &(dyn Any + Send)) -> Error {
    let message = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let message = message.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "no message".to_owned());
    tracing::error!(%message, "panic inside a store closure; its work was undone");
    Error::Panicked(message)
}

/// Why a group was not committed.
enum Trouble {
    /// Nothing was kept; the same may work now.
    Retry(Error),
    /// The connection is gone; nothing was kept.
    Lost(Error),
    /// Nothing was kept, or nobody knows; the members are told.
    Final(Error),
}

/// A writer's connection and the gate it shares with the other writers of this process.
pub(crate) struct Writer<'a> {
    pub target: &'a Target,
    pub session: Option<Session>,
    pub gate: &'a RwLock<()>,
}

impl Writer<'_> {
    /// Members at most: PostgreSQL keeps 64 subtransactions at hand and is slower beyond.
    pub fn most(engine: Engine) -> usize {
        match engine {
            Engine::Sqlite => 128,
            Engine::Postgres => 60,
        }
    }

    /// Runs, commits and answers one group.
    pub fn commit(&mut self, mut group: Vec<Box<dyn Member>>) {
        let outcome = self.attempt(&mut group);
        for member in group {
            member.answer(outcome.clone());
        }
    }

    fn attempt(&mut self, group: &mut [Box<dyn Member>]) -> Result<(), Error> {
        let mut tries = 0;
        loop {
            tries += 1;
            let trouble = match self.once(group, tries >= ALONE_FROM) {
                Ok(()) => return Ok(()),
                Err(trouble) => trouble,
            };
            match trouble {
                Trouble::Final(error) => return Err(error),
                Trouble::Retry(error) if tries >= TRIES => {
                    return Err(Error::Contention { tries, reason: error.to_string() });
                }
                Trouble::Lost(error) if tries >= TRIES => {
                    return Err(Error::Lost { reason: error.to_string() });
                }
                Trouble::Retry(error) => {
                    tracing::debug!(tries, %error, members = group.len(), "write collided, trying again")
                }
                Trouble::Lost(error) => {
                    tracing::warn!(tries, %error, "connection to the store lost, connecting again");
                    self.session = None;
                }
            }
            thread::sleep(pause(tries));
        }
    }

    fn once(&mut self, group: &mut [Box<dyn Member>], alone: bool) -> Result<(), Trouble> {
        // One of the two guards is held, never both.
        let _shared = (!alone).then(|| self.gate.read().unwrap_or_else(PoisonError::into_inner));
        let _exclusive = alone.then(|| self.gate.write().unwrap_or_else(PoisonError::into_inner));
        let session = match &mut self.session {
            Some(session) => session,
            empty => empty.insert(self.target.connect(true).map_err(Trouble::Lost)?),
        };
        let done = transact(session, group);
        if done.is_err() && session.in_transaction() {
            // A failed rollback means a connection that is of no use any more.
            if session.control("ROLLBACK").is_err() {
                self.session = None;
            }
        }
        done
    }
}

/// 5 ms, doubling to 640 ms, with some unevenness so that two losers do not meet again.
fn pause(tries: u32) -> Duration {
    let base = 5u64 << tries.min(8).saturating_sub(1);
    let uneven = jiff::Timestamp::now().subsec_nanosecond().unsigned_abs() as u64 % base;
    Duration::from_millis(base / 2 + uneven / 2)
}

fn transact(session: &mut Session, group: &mut [Box<dyn Member>]) -> Result<(), Trouble> {
    let several = group.len() > 1;
    session.begin_write().map_err(trouble)?;
    if several {
        session.control("SAVEPOINT member").map_err(trouble)?;
    }
    let last = group.len().saturating_sub(1);
    let mut changed = false;
    for (index, member) in group.iter_mut().enumerate() {
        let mut tx = Tx::new(session);
        let kept = member.run(&mut tx);
        let fault = tx.fault();
        changed |= kept && tx.changed();
        let reason = tx.reason().cloned().unwrap_or(Error::Aborted);
        match fault {
            Some(Fault::Retry) => return Err(Trouble::Retry(reason)),
            Some(Fault::Lost) => return Err(Trouble::Lost(reason)),
            Some(Fault::Local | Fault::Statement) | None => {}
        }
        if !session.in_transaction() {
            return Err(Trouble::Final(Error::Commit { reason: reason.to_string() }));
        }
        match (several, kept) {
            (true, true) if index == last => session.control("RELEASE SAVEPOINT member").map_err(trouble)?,
            (true, true) => session.control("RELEASE SAVEPOINT member; SAVEPOINT member").map_err(trouble)?,
            (true, false) => session.control("ROLLBACK TO SAVEPOINT member").map_err(trouble)?,
            (false, true) => {}
            (false, false) => return session.control("ROLLBACK").map_err(trouble),
        }
    }
    session.control("COMMIT").map_err(|(error, fault)| match fault {
        Fault::Retry => Trouble::Retry(error),
        // The server may have committed before the line broke: running again could do the work twice.
        Fault::Lost => Trouble::Final(Error::CommitUnknown { reason: error.to_string() }),
        Fault::Local | Fault::Statement => Trouble::Final(Error::Commit { reason: error.to_string() }),
    })?;
    if changed {
        drill::committed();
    }
    Ok(())
}

fn trouble((error, fault): (Error, Fault)) -> Trouble {
    match fault {
        Fault::Retry => Trouble::Retry(error),
        Fault::Lost => Trouble::Lost(error),
        Fault::Local | Fault::Statement => Trouble::Final(error),
    }
}

//! 存储: the store as the zones hold it.
use crate::{
    Engine, Error, Migration, Tx,
    group::{Member, Write, Writer, guarded},
    migrate,
    queue::Queue,
    schema,
    session::{Fault, Session, Target},
};
use std::{
    path::Path,
    pin::pin,
    sync::{Arc, Mutex, PoisonError, RwLock},
    task::{Context, Poll, Wake, Waker},
    thread::{self, JoinHandle, Thread},
};
use tokio::{sync::oneshot, task::unconstrained};

const WRITERS: usize = 4;
const READERS: usize = 4;

type Read = Box<dyn FnOnce(Result<&mut Session, Error>) + Send>;

/// A store: connections on threads of their own, asked from async and from plain code. Cloning shares it; when the last
/// clone goes, what is queued is done and the connections are closed.
#[derive(Clone)]
pub struct Db(Arc<Inner>);

struct Inner {
    target: Target,
    writes: Arc<Queue<Box<dyn Member>>>,
    reads: Arc<Queue<Read>>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

impl std::fmt::Debug for Db {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Db").field(&self.engine()).finish()
    }
}

impl Db {
    /// Opens `sqlite:PATH` (made when missing, in a directory that exists) or `postgres://…`, runs the store's own
    /// migrations, then these sets in order. Blocks; call it when starting.
    ///
    /// PostgreSQL is spoken to without TLS: over loopback, a Unix socket or a network of its own.
    pub fn open(url: &str, migrations: &[&[Migration]]) -> Result<Self, Error> {
        let target = Target::parse(url)?;
        let sets: Vec<&[Migration]> = [schema::MIGRATIONS].into_iter().chain(migrations.iter().copied()).collect();
        // On a thread of its own: the PostgreSQL client blocks, which a thread of an async runtime must not.
        let migrated = thread::scope(|scope| {
            let target = &target;
            let run = move || target.connect(true).and_then(|mut session| migrate::run(&mut session, target.engine(), &sets));
            scope.spawn(run).join()
        });
        migrated.map_err(|_| Error::Panicked("while migrating".to_owned()))??;
        Self::start(target)
    }

    fn start(target: Target) -> Result<Self, Error> {
        let (writes, reads) = (Arc::new(Queue::new()), Arc::new(Queue::new()));
        let gate = Arc::new(RwLock::new(()));
        let writers = match target.engine() {
            Engine::Sqlite => 1, // the file has one write lock; one thread that groups beats several that wait for it
            Engine::Postgres => WRITERS,
        };
        let mut threads = Vec::new();
        let mut spawn = |name: String, work: Box<dyn FnOnce() + Send>| -> Result<(), Error> {
            let spawned = thread::Builder::new().name(name).spawn(work);
            threads.push(spawned.map_err(|error| Error::File { what: "starting a thread".to_owned(), reason: error.to_string() })?);
            Ok(())
        };
        for index in 0..writers {
            let (target, writes, gate) = (target.clone(), Arc::clone(&writes), Arc::clone(&gate));
            spawn(format!("store-write-{index}"), Box::new(move || write_loop(&target, &writes, &gate)))?;
        }
        for index in 0..READERS {
            let (target, reads) = (target.clone(), Arc::clone(&reads));
            spawn(format!("store-read-{index}"), Box::new(move || read_loop(&target, &reads)))?;
        }
        Ok(Self(Arc::new(Inner { target, writes, reads, threads: Mutex::new(threads) })))
    }

    /// The engine below.
    pub fn engine(&self) -> Engine {
        self.0.target.engine()
    }

    /// Runs `f` in a transaction that is on the disk when this returns `Ok`.
    ///
    /// `f` may run again (collision, lost connection): it must not do anything outside of the transaction. When it errs
    /// or panics, nothing of it is kept. It holds up the writes behind it: compute outside, write inside. A caller that
    /// stops waiting does not stop the write.
    pub async fn write<T, E>(&self, f: impl FnMut(&mut Tx<'_>) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        self.queue_write(f, move |result| drop(reply.send(result)));
        answer.await.unwrap_or_else(|_| Err(Error::Closed.into()))
    }

    /// [`Db::write`] for code without a runtime.
    pub fn write_blocking<T, E>(&self, f: impl FnMut(&mut Tx<'_>) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        self.queue_write(f, move |result| drop(reply.send(result)));
        wait(unconstrained(answer)).unwrap_or_else(|_| Err(Error::Closed.into()))
    }

    fn queue_write<T, E>(&self, work: impl FnMut(&mut Tx<'_>) -> Result<T, E> + Send + 'static, reply: impl FnOnce(Result<T, E>) + Send + 'static)
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let member: Box<dyn Member> = Box::new(Write { work, result: None, reply });
        if let Err(member) = self.0.writes.put(member) {
            member.answer(Err(Error::Closed));
        }
    }

    /// Runs `f` over one unchanging state of the store. Writing there is an error.
    pub async fn read<T, E>(&self, f: impl FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        self.queue_read(f, move |result| drop(reply.send(result)));
        answer.await.unwrap_or_else(|_| Err(Error::Closed.into()))
    }

    /// [`Db::read`] for code without a runtime.
    pub fn read_blocking<T, E>(&self, f: impl FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        self.queue_read(f, move |result| drop(reply.send(result)));
        wait(unconstrained(answer)).unwrap_or_else(|_| Err(Error::Closed.into()))
    }

    fn queue_read<T, E>(&self, f: impl FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static, reply: impl FnOnce(Result<T, E>) + Send + 'static)
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let read: Read = Box::new(move |session| {
            reply(session.map_err(E::from).and_then(|session| guarded(&mut Tx::new(session), f)));
        });
        if let Err(read) = self.0.reads.put(read) {
            read(Err(Error::Closed));
        }
    }

    /// 备份: a copy of the whole SQLite store as of one moment, while writes go on. The copy appears under its name only
    /// when it is whole and on the disk. Blocks. PostgreSQL has its own tools (`pg_basebackup`, `pg_dump`).
    pub fn backup(&self, to: &Path) -> Result<(), Error> {
        match &self.0.target {
            Target::Sqlite(from) => crate::backup::copy(from, to),
            Target::Postgres(_) => Err(Error::Unsupported("backup: use pg_basebackup or pg_dump for PostgreSQL")),
        }
    }
}

/// Blocks this thread until the future is there: for code without a runtime. It may run on a thread of a runtime, whose budget
/// of polls the future must not count against: nobody would wake it.
fn wait<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut context = Context::from_waker(&waker);
    loop {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(output) => return output,
            Poll::Pending => thread::park(),
        }
    }
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.writes.close();
        self.reads.close();
        let threads = std::mem::take(&mut *self.threads.lock().unwrap_or_else(PoisonError::into_inner));
        for thread in threads {
            // A closure may hold the last clone; its thread cannot wait for itself.
            if thread.thread().id() != thread::current().id() && thread.join().is_err() {
                tracing::error!("a store thread ended in a panic");
            }
        }
    }
}

fn write_loop(target: &Target, queue: &Queue<Box<dyn Member>>, gate: &RwLock<()>) {
    let mut writer = Writer { target, session: None, gate };
    while let Some(group) = queue.take(Writer::most(target.engine())) {
        writer.commit(group);
    }
}

fn read_loop(target: &Target, queue: &Queue<Read>) {
    let mut session = None;
    while let Some(reads) = queue.take(1) {
        for read in reads {
            match begin(target, &mut session) {
                Ok(open) => {
                    read(Ok(open));
                    // Nothing was written; a connection that cannot even end its transaction is given up.
                    if open.control("ROLLBACK").is_err() {
                        session = None;
                    }
                }
                Err(error) => read(Err(error)),
            }
        }
    }
}

/// A connection with a reading transaction open; connects again once when the old one has died meanwhile.
fn begin<'s>(target: &Target, slot: &'s mut Option<Session>) -> Result<&'s mut Session, Error> {
    if let Some(session) = slot {
        match session.begin_read() {
            Ok(()) => {}
            Err((_, Fault::Lost)) => *slot = None,
            Err((error, _)) => return Err(error),
        }
    }
    match slot {
        Some(session) => Ok(session),
        empty => {
            let session = empty.insert(target.connect(false)?);
            session.begin_read().map_err(|(error, _)| error)?;
            Ok(session)
        }
    }
}

//! What a write and a read promise, on both engines.
use crate::common::{Place, Store, TABLES, on_both};
use proptest::{prelude::*, test_runner::TestRunner};
use std::{
    sync::{
        Arc, Barrier,
        atomic::{AtomicU32, Ordering},
        mpsc,
    },
    thread,
};
use storage::{Db, Engine, Error, Migration, Value};

on_both! {
    values_come_back_as_they_went_in
    sums_are_integers
    what_only_one_engine_takes_is_refused
    a_failing_member_is_undone_alone
    a_failed_commit_is_the_answer_of_the_whole_group
    a_read_sees_one_state_and_cannot_write
    rules_that_read_before_they_write_hold
    many_threads_ask_at_once
    migrations_run_once_and_are_not_edited
    two_processes_may_start_together
    async_callers_are_answered
    what_is_queued_is_done_before_closing
}

const PUT: &str = "INSERT INTO item (court, id, n, t, b) VALUES ($1, $2, $3, $4, $5)";
const GET: &str = "SELECT n, t, b FROM item WHERE court = $1 AND id = $2";
const COUNT: &str = "SELECT COUNT(*) FROM item WHERE court = $1";
const IDS: &str = "SELECT id FROM item WHERE court = $1 ORDER BY id";
const PARENT: &str = "INSERT INTO parent (id) VALUES ($1)";
const CHILD: &str = "INSERT INTO child (id, parent) VALUES ($1, $2)";
const PARENTS: &str = "SELECT COUNT(*) FROM parent";
const FAILS: &str = "SELECT n FROM item WHERE court = $1 AND id = 1 || $2 || CAST('x' AS BIGINT)";

fn put(db: &Db, id: &str) -> Result<(), Error> {
    let id = id.to_owned();
    db.write_blocking(move |tx| tx.execute(PUT, &["c".into(), (&id).into(), Value::Null, Value::Null, Value::Null]).map(drop))
}

fn ids(db: &Db) -> Vec<String> {
    db.read_blocking(|tx| tx.query(IDS, &["c".into()])?.iter().map(|row| row.text(0)).collect::<Result<Vec<_>, Error>>()).expect("ids")
}

fn values_come_back_as_they_went_in(store: &mut Store) {
    let db = store.db().clone();
    let number = AtomicU32::new(0);
    let values = (any::<Option<i64>>(), any::<Option<String>>(), any::<Option<Vec<u8>>>());
    let mut runner = TestRunner::new(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() });
    let outcome = runner.run(&values, |(n, t, b)| {
        let t = t.map(|text| text.replace('\0', "零"));
        let id = format!("v{}", number.fetch_add(1, Ordering::SeqCst));
        let row = {
            let (id, n, t, b) = (id.clone(), n, t.clone(), b.clone());
            db.write_blocking(move |tx| {
                tx.execute(PUT, &["c".into(), (&id).into(), n.into(), t.clone().into(), b.clone().into()])?;
                tx.query_one(GET, &["c".into(), (&id).into()])
            })
        };
        let row = row.map_err(|error| TestCaseError::fail(error.to_string()))?;
        prop_assert_eq!((row.opt_int(0), row.opt_text(1), row.opt_blob(2)), (Ok(n), Ok(t), Ok(b)));
        Ok(())
    });
    outcome.expect("every value");
    let row = db.read_blocking(|tx| tx.query_one("SELECT $1", &["text".into()])).expect("a row");
    assert_eq!(row.int(0), Err(Error::Column { index: 0, wanted: "integer", found: "text" }));
    assert_eq!(row.text(1), Err(Error::Column { index: 1, wanted: "a column", found: "none" }));
}

fn sums_are_integers(store: &mut Store) {
    let sum = store.db().write_blocking(|tx| {
        for (id, n) in [("a", i64::MAX - 20_000), ("b", 19_999), ("c", -5)] {
            tx.execute(PUT, &["c".into(), id.into(), n.into(), Value::Null, Value::Null])?;
        }
        tx.query_one("SELECT SUM(n) FROM item WHERE court = $1", &["c".into()])?.int(0)
    });
    assert_eq!(sum, Ok::<_, Error>(i64::MAX - 6));
}

fn what_only_one_engine_takes_is_refused(store: &mut Store) {
    let refused = |value: Value| {
        store
            .db()
            .write_blocking(move |tx| tx.execute("INSERT INTO item (court, id, t, n) VALUES ('c', 'x', $1, NULL)", std::slice::from_ref(&value)))
    };
    assert_eq!(refused("a\0b".into()), Err(Error::NulInText));
    assert_eq!(refused(Value::from(u64::MAX)), Err(Error::TooLarge(u64::MAX)));
    let short = store.db().write_blocking(|tx| tx.execute(PUT, &["c".into()]));
    assert!(matches!(short, Err(Error::Statement { .. })), "{short:?}");
    assert_eq!(ids(store.db()), [""; 0]);
}

/// Holds up every writer thread, queues the work, lets go: so that the work forms groups.
fn grouped(db: &Db, work: impl FnOnce()) {
    let threads = if db.engine() == Engine::Sqlite { 1 } else { 4 };
    let (entered, holds) = mpsc::channel();
    let releases: Vec<_> = (0..threads)
        .map(|_| {
            let (release, wait) = mpsc::channel::<()>();
            let (db, entered) = (db.clone(), entered.clone());
            let wait = std::sync::Mutex::new(wait);
            let held = thread::spawn(move || {
                db.write_blocking(move |tx| {
                    tx.query("SELECT 1", &[])?;
                    entered.send(()).ok();
                    wait.lock().expect("not poisoned").recv().ok();
                    Ok::<_, Error>(())
                })
            });
            holds.recv().expect("a writer holds");
            (release, held)
        })
        .collect();
    work();
    for (release, held) in releases {
        drop(release);
        held.join().expect("joined").expect("held");
    }
}

/// Queues a write without waiting, in the order of the calls.
fn queue<T: Send + 'static>(
    runtime: &tokio::runtime::Runtime,
    db: &Db,
    work: impl FnMut(&mut storage::Tx<'_>) -> Result<T, Error> + Send + 'static,
) -> tokio::task::JoinHandle<Result<T, Error>> {
    let db = db.clone();
    let (queued, wait) = mpsc::channel();
    let task = runtime.spawn(async move {
        let mut writing = Box::pin(db.write(work));
        // The first poll puts the work into the queue.
        let first = std::future::poll_fn(|context| std::task::Poll::Ready(writing.as_mut().poll(context))).await;
        queued.send(()).ok();
        match first {
            std::task::Poll::Ready(done) => done,
            std::task::Poll::Pending => writing.await,
        }
    });
    wait.recv().expect("queued");
    task
}

fn a_failing_member_is_undone_alone(store: &mut Store) {
    let db = store.db().clone();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).build().expect("a runtime");
    let mut tasks = Vec::new();
    grouped(&db, || {
        for (index, how) in ["keep", "err", "keep", "panic", "swallow", "keep", "statement", "keep"].into_iter().enumerate() {
            tasks.push((
                how,
                queue(&runtime, &db, move |tx| {
                    tx.execute(PUT, &["c".into(), format!("{index}-{how}").into(), Value::Null, Value::Null, Value::Null])?;
                    match how {
                        "err" => Err(Error::Unsupported("this")),
                        "panic" => panic!("on purpose"),
                        "swallow" => {
                            tx.query(FAILS, &["c".into(), "y".into()]).ok();
                            assert_eq!(tx.query(COUNT, &["c".into()]), Err(Error::Aborted));
                            Ok(())
                        }
                        "statement" => tx.execute("INSERT INTO item (court, id) VALUES ('c', $1)", &[format!("{index}-{how}").into()]).map(drop),
                        _ => Ok(()),
                    }
                }),
            ));
        }
    });
    for (how, task) in tasks {
        let answer = runtime.block_on(task).expect("joined");
        match how {
            "keep" => assert_eq!(answer, Ok(())),
            "err" => assert_eq!(answer, Err(Error::Unsupported("this"))),
            "panic" => assert_eq!(answer, Err(Error::Panicked("on purpose".to_owned()))),
            "swallow" if db.engine() == Engine::Postgres => assert_eq!(answer, Err(Error::Aborted)),
            "swallow" => assert!(answer.is_err(), "{answer:?}"),
            _ => assert!(matches!(answer, Err(Error::Unique { .. })), "{answer:?}"),
        }
    }
    let kept: Vec<String> = ids(&db).into_iter().filter(|id| !id.ends_with("keep")).collect();
    assert_eq!(kept, [""; 0], "work of failed members was kept");
    assert_eq!(ids(&db).len(), 4);
}

fn a_failed_commit_is_the_answer_of_the_whole_group(store: &mut Store) {
    let db = store.db().clone();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).build().expect("a runtime");
    let mut tasks = Vec::new();
    grouped(&db, || {
        for index in 0..5i64 {
            tasks.push(queue(&runtime, &db, move |tx| {
                if index == 2 {
                    tx.execute(CHILD, &[1.into(), 99.into()]).map(drop) // no such parent: found out at COMMIT
                } else {
                    tx.execute(PARENT, &[index.into()]).map(drop)
                }
            }));
        }
    });
    let answers: Vec<_> = tasks.into_iter().map(|task| runtime.block_on(task).expect("joined")).collect();
    let lost = answers.iter().filter(|answer| matches!(answer, Err(Error::Commit { .. }))).count() as i64;
    let kept = db.read_blocking(|tx| tx.query_one(PARENTS, &[])?.int(0)).expect("count");
    assert!(matches!(answers[2], Err(Error::Commit { .. })), "{answers:?}");
    assert_eq!(kept, 5 - lost, "answers and tables differ: {answers:?}");
    if db.engine() == Engine::Sqlite {
        assert_eq!((lost, kept), (5, 0), "one writer, one group: {answers:?}");
    }
    // The writers go on.
    db.write_blocking(|tx| tx.execute(PARENT, &[7.into()])).expect("a later write");
}

fn a_read_sees_one_state_and_cannot_write(store: &mut Store) {
    let db = store.db().clone();
    put(&db, "1").expect("first");
    let writer = db.clone();
    let counts = db.read_blocking(move |tx| {
        let before = tx.query_one(COUNT, &["c".into()])?.int(0)?;
        put(&writer, "2")?;
        Ok::<_, Error>((before, tx.query_one(COUNT, &["c".into()])?.int(0)?))
    });
    assert_eq!(counts, Ok((1, 1)));
    let wrote = db.read_blocking(|tx| tx.execute("DELETE FROM item", &[]));
    assert!(matches!(wrote, Err(Error::Statement { .. })), "{wrote:?}");
    let panicked = db.read_blocking(|_| -> Result<(), Error> { panic!("in a read") });
    assert_eq!(panicked, Err(Error::Panicked("in a read".to_owned())));
    assert_eq!(ids(&db), ["1", "2"]);
    let mut several = db.read_blocking(|tx| tx.query_one(IDS, &["c".into()]));
    assert!(matches!(several, Err(Error::RowCount { found: 2, .. })), "{several:?}");
    several = db.read_blocking(|tx| tx.query_one(GET, &["c".into(), "9".into()]));
    assert!(matches!(several, Err(Error::RowCount { found: 0, .. })), "{several:?}");
}

/// "At most three" as a rule that reads: without serialisable transactions, writers that do not see each other break it.
fn rules_that_read_before_they_write_hold(store: &mut Store) {
    let db = store.db().clone();
    let barrier = Arc::new(Barrier::new(16));
    let threads: Vec<_> = (0..16)
        .map(|index| {
            let (db, barrier) = (db.clone(), Arc::clone(&barrier));
            thread::spawn(move || {
                barrier.wait();
                db.write_blocking(move |tx| {
                    if tx.query_one(COUNT, &["c".into()])?.int(0)? >= 3 {
                        return Ok::<_, Error>(false);
                    }
                    tx.execute(PUT, &["c".into(), format!("{index}").into(), Value::Null, Value::Null, Value::Null])?;
                    Ok(true)
                })
            })
        })
        .collect();
    let taken = threads.into_iter().map(|thread| thread.join().expect("joined").expect("answered")).filter(|taken| *taken).count();
    assert_eq!((taken, ids(&db).len()), (3, 3));
}

fn many_threads_ask_at_once(store: &mut Store) {
    let db = store.db().clone();
    thread::scope(|scope| {
        for thread in 0..32 {
            let db = &db;
            scope.spawn(move || {
                for index in 0..8 {
                    put(db, &format!("{thread}-{index}")).expect("kept");
                    assert!(ids(db).contains(&format!("{thread}-{index}")), "answered before it could be read");
                }
            });
        }
    });
    store.reopen();
    assert_eq!(ids(store.db()).len(), 256);
}

fn migrations_run_once_and_are_not_edited(store: &mut Store) {
    put(store.db(), "kept").expect("kept");
    store.reopen();
    assert_eq!(ids(store.db()), ["kept"]);
    const EDITED: &[Migration] = &[Migration { name: "test-0001", sql: "CREATE TABLE other (id BIGINT)" }];
    let edited = Db::open(&store.url, &[EDITED]).map(drop);
    assert_eq!(edited, Err(Error::MigrationChanged { name: "test-0001".to_owned() }));
    const BROKEN: &[Migration] = &[Migration { name: "test-0002", sql: "CREATE TABLE half (id BIGINT); INSERT INTO nowhere (id) VALUES (1)" }];
    let broken = Db::open(&store.url, &[TABLES, BROKEN]).map(drop);
    assert!(matches!(broken, Err(Error::Migration { .. })), "{broken:?}");
    let half = store.db().read_blocking(|tx| tx.query("SELECT id FROM half", &[]));
    assert!(matches!(half, Err(Error::Statement { .. })), "half a migration was kept: {half:?}");
    let twice = Db::open(&store.url, &[TABLES, TABLES]).map(drop);
    assert!(matches!(twice, Err(Error::Migration { .. })), "{twice:?}");
}

fn two_processes_may_start_together(store: &mut Store) {
    const LATER: &[Migration] = &[Migration { name: "test-0003", sql: "CREATE TABLE later (id BIGINT)" }];
    let url = &store.url;
    thread::scope(|scope| {
        let opened: Vec<_> = (0..4).map(|_| scope.spawn(move || Db::open(url, &[TABLES, LATER]).map(drop))).collect();
        for one in opened {
            assert_eq!(one.join().expect("joined"), Ok(()));
        }
    });
}

fn async_callers_are_answered(store: &mut Store) {
    let db = store.db().clone();
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let count = runtime.block_on(async {
        for index in 0..5 {
            db.write(move |tx| tx.execute(PUT, &["c".into(), format!("{index}").into(), Value::Null, Value::Null, Value::Null])).await?;
        }
        db.read(|tx| tx.query_one(COUNT, &["c".into()])?.int(0)).await
    });
    assert_eq!(count, Ok::<_, Error>(5));
    // The last clone goes inside of a closure, on a thread of the store itself.
    let directory = tempfile::TempDir::new().expect("a directory");
    let held = Db::open(&format!("sqlite:{}", directory.path().join("store.db").display()), &[]).expect("a store");
    let answer = runtime.block_on(async {
        let db = held.clone();
        db.write(move |_| Ok::<_, Error>(held.engine())).await
    });
    assert_eq!(answer, Ok(Engine::Sqlite));
}

fn what_is_queued_is_done_before_closing(store: &mut Store) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).build().expect("a runtime");
    let db = store.db().clone();
    let tasks: Vec<_> = (0..50)
        .map(|index| queue(&runtime, &db, move |tx| tx.execute(PUT, &["c".into(), format!("{index}").into(), Value::Null, Value::Null, Value::Null])))
        .collect();
    for task in &tasks {
        task.abort(); // whoever asked is gone; the writes are not
    }
    drop(db);
    drop(runtime);
    store.reopen();
    assert_eq!(ids(store.db()).len(), 50);
}

#[test]
fn addresses() {
    for bad in ["", "store.db", "sqlite:", "sqlite::memory:", "mysql://x", "postgres:/x"] {
        assert!(matches!(Db::open(bad, &[]), Err(Error::Address(_))), "{bad}");
    }
    let secret = Db::open("postgres://user:geheim@127.0.0.1:1/x", &[]).expect_err("nobody listens there");
    assert!(!format!("{secret} {secret:?}").contains("geheim"), "{secret}");
    let missing = Db::open("sqlite:/nonexistent/directory/store.db", &[]).expect_err("no directory");
    assert!(matches!(missing, Error::Open { .. }), "{missing}");
}

/// Statement-level SQLITE_FULL undoes the whole transaction, so the whole group must hear of it.
#[test]
fn a_full_disk_loses_nothing_that_was_answered() {
    let store = Store::sqlite();
    let db = store.db();
    put(db, "before").expect("before");
    db.write_blocking(|tx| tx.query("PRAGMA max_page_count = 1", &[])).expect("a limit");
    let full = db.write_blocking(|tx| tx.execute(PUT, &["c".into(), "big".into(), Value::Null, Value::Null, vec![7u8; 1 << 20].into()]));
    assert!(full.is_err(), "{full:?}");
    assert_eq!(ids(db), ["before"]);
    db.write_blocking(|tx| tx.query("PRAGMA max_page_count = 1000000", &[])).expect("room again");
    put(db, "after").expect("after");
    assert_eq!(ids(db), ["after", "before"]);
}

#[test]
fn a_lost_connection_is_made_again_and_nothing_is_done_twice() {
    let Some(store) = Store::postgres() else {
        return;
    };
    let db = store.db();
    let cut = || {
        let mut client = postgres::Client::connect(&store.url, postgres::NoTls).expect("a connection");
        client
            .batch_execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                WHERE datname = current_database() AND pid <> pg_backend_pid()",
            )
            .expect("cut");
    };
    put(db, "1").expect("kept");
    cut();
    put(db, "2").expect("connected again");
    assert_eq!(ids(db), ["1", "2"]);
    let runs = Arc::new(AtomicU32::new(0));
    let (counted, url) = (Arc::clone(&runs), store.url.clone());
    db.write_blocking(move |tx| {
        tx.execute(PUT, &["c".into(), "3".into(), Value::Null, Value::Null, Value::Null])?;
        if counted.fetch_add(1, Ordering::SeqCst) == 0 {
            let mut client = postgres::Client::connect(&url, postgres::NoTls).expect("a connection");
            client
                .batch_execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                    WHERE datname = current_database() AND pid <> pg_backend_pid()",
                )
                .expect("cut");
        }
        tx.execute(PUT, &["c".into(), "4".into(), Value::Null, Value::Null, Value::Null])
    })
    .expect("run again");
    assert_eq!(runs.load(Ordering::SeqCst), 2);
    assert_eq!(ids(db), ["1", "2", "3", "4"]);
    assert!(matches!(store.place, Place::Postgres { .. }));
}

#[test]
fn a_backup_is_one_state_while_writes_go_on() {
    let store = Store::sqlite();
    let db = store.db();
    let copy = tempfile::TempDir::new().expect("a directory");
    let path = copy.path().join("copy.db");
    let acknowledged = thread::scope(|scope| {
        let (tell, told) = mpsc::channel();
        let writer = scope.spawn(move || {
            for index in 0..300 {
                put(db, &format!("{index:04}")).expect("kept");
                tell.send(index).ok();
            }
        });
        while told.recv().expect("a write") < 50 {}
        db.backup(&path).expect("a backup");
        writer.join().expect("joined");
        51
    });
    let copied = Db::open(&format!("sqlite:{}", path.display()), &[TABLES]).expect("the copy");
    let found = ids(&copied);
    assert!(found.len() >= acknowledged, "{} in the copy", found.len());
    let expected: Vec<String> = (0..found.len()).map(|index| format!("{index:04}")).collect();
    assert_eq!(found, expected, "the copy is not one state");
    db.backup(&path).expect("over the old copy");
    if let Some(other) = Store::postgres() {
        assert!(matches!(other.db().backup(&path), Err(Error::Unsupported(_))));
    }
}

#[cfg(unix)]
#[test]
fn the_file_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let store = Store::sqlite();
    let path = store.url.strip_prefix("sqlite:").expect("a path");
    assert_eq!(std::fs::metadata(path).expect("the file").permissions().mode() & 0o777, 0o600);
}

//! Commits a second for 1, 16 and 128 writers at once, on both engines.
//!
//!   cargo run --release -p storage --example commits [SECONDS] [sqlite:PATH | postgres://…]…
//!
//! Each commit is what a filing costs the store: an envelope accepted once, an event appended, a job asked for. Without an
//! address: a SQLite file in the current directory's `target/`, and XIEZHI_TEST_POSTGRES when it is set (tables stay there).
use std::{
    sync::atomic::{AtomicBool, AtomicU64, Ordering},
    time::{Duration, Instant},
};
use storage::{Db, Error, events, inbox, jobs};
use uuid::Uuid;

fn commit(db: &Db) -> Result<(), Error> {
    let id = Uuid::now_v7();
    db.write_blocking(move |tx| {
        inbox::accept(tx, "bench", id)?;
        let at = jiff::Timestamp::now();
        let body = format!("{{\"案由\":\"民间借贷纠纷\",\"id\":\"{id}\"}}");
        events::append(tx, "bench", id, 0, &[events::NewEvent { kind: "Filed".to_owned(), body, at, actor: "u1".to_owned() }])?;
        jobs::enqueue(tx, "bench", "index", &id.to_string(), "{}", at).map(drop)
    })
}

fn measure(db: &Db, writers: usize, length: Duration) -> Result<(f64, Duration), Error> {
    let (stop, count, slowest) = (AtomicBool::new(false), AtomicU64::new(0), AtomicU64::new(0));
    let begun = Instant::now();
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..writers)
            .map(|_| {
                scope.spawn(|| {
                    while !stop.load(Ordering::Relaxed) {
                        let begun = Instant::now();
                        commit(db)?;
                        slowest.fetch_max(u64::try_from(begun.elapsed().as_micros()).unwrap_or(u64::MAX), Ordering::Relaxed);
                        count.fetch_add(1, Ordering::Relaxed);
                    }
                    Ok::<_, Error>(())
                })
            })
            .collect();
        std::thread::sleep(length);
        stop.store(true, Ordering::Relaxed);
        threads.into_iter().try_for_each(|thread| thread.join().unwrap_or(Err(Error::Closed)))
    })?;
    let rate = count.load(Ordering::Relaxed) as f64 / begun.elapsed().as_secs_f64();
    Ok((rate, Duration::from_micros(slowest.load(Ordering::Relaxed))))
}

fn main() -> Result<(), Error> {
    let mut arguments = std::env::args().skip(1).peekable();
    let seconds = arguments.next_if(|text| text.parse::<u64>().is_ok()).and_then(|text| text.parse().ok()).unwrap_or(3);
    let mut urls: Vec<String> = arguments.collect();
    if urls.is_empty() {
        let path = format!("target/bench-{}.db", std::process::id());
        urls.push(format!("sqlite:{path}"));
        urls.extend(std::env::var("XIEZHI_TEST_POSTGRES"));
    }
    println!("{:<12}{:>10}{:>14}{:>16}", "engine", "writers", "commits/s", "slowest ms");
    for url in &urls {
        let db = Db::open(url, &[])?;
        for writers in [1, 16, 128] {
            let (rate, slowest) = measure(&db, writers, Duration::from_secs(seconds))?;
            println!("{:<12}{writers:>10}{rate:>14.0}{:>16.1}", format!("{:?}", db.engine()), slowest.as_secs_f64() * 1e3);
        }
        drop(db);
        if let Some(path) = url.strip_prefix("sqlite:").filter(|path| path.starts_with("target/bench-")) {
            std::fs::remove_file(path).ok();
        }
    }
    Ok(())
}

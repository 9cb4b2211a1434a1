//! `kill -9` while writing: what was answered is there, once (invariant 2, Acknowledged = durable).
use crate::common::{COURT, Store, TABLES};
use std::{
    io::{BufRead, BufReader, Write},
    process::{Command, Stdio},
};
use storage::{Db, Error, counters, events, inbox};
use uuid::Uuid;

const URL: &str = "XIEZHI_STORAGE_KILL_URL";
const EFFECTS: &str = "SELECT COUNT(*) FROM inbox WHERE court = $1";

/// The process that is killed: delivers envelopes 0, 1, 2 … and tells each on its output once it is answered.
#[test]
#[ignore = "a child of the other tests here"]
fn child() {
    let Ok(url) = std::env::var(URL) else { return };
    let db = Db::open(&url, &[TABLES]).expect("a store");
    std::thread::scope(|scope| {
        for thread in 0..8u128 {
            let db = &db;
            scope.spawn(move || {
                for index in 0.. {
                    let id = Uuid::from_u128(thread << 64 | index);
                    deliver(db, id).expect("delivered");
                    let line = format!("answered {id}\n");
                    std::io::stdout().lock().write_all(line.as_bytes()).expect("told");
                }
            });
        }
    });
}

fn deliver(db: &Db, id: Uuid) -> Result<(), Error> {
    db.write_blocking(move |tx| {
        if inbox::accept(tx, COURT, id)? {
            let number = counters::next(tx, COURT, "effects")?;
            let body = format!("{{\"number\":{number}}}");
            let new = events::NewEvent { kind: "Effect".to_owned(), body, at: jiff::Timestamp::UNIX_EPOCH, actor: "x".to_owned() };
            events::append(tx, COURT, id, 0, &[new])?;
        }
        Ok(())
    })
}

fn killed(store: &mut Store) {
    let mut answered = Vec::new();
    for round in 1..=3 {
        let mut child = Command::new(std::env::current_exe().expect("this test"))
            .args(["--exact", "kill::child", "--ignored", "--nocapture"])
            .env(URL, &store.url)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("a child");
        let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
        let mut seen = 0;
        while seen < 150 * round {
            let line = lines.next().expect("more output").expect("a line");
            // The first line follows the harness's own words.
            if let Some((_, id)) = line.split_once("answered ") {
                answered.push(id.parse::<Uuid>().expect("an id"));
                seen += 1;
            }
        }
        child.kill().expect("killed");
        child.wait().expect("gone");
        // Told before the kill, read after it. The last line may be cut.
        answered.extend(lines.map_while(Result::ok).filter_map(|line| line.split_once("answered ").and_then(|(_, id)| id.parse::<Uuid>().ok())));
        store.reopen();
        let ids = answered.clone();
        let (effects, last) = store
            .db()
            .read_blocking(move |tx| {
                for id in ids {
                    assert_eq!(events::version(tx, COURT, id)?, 1, "{id} was answered and is lost");
                    events::check_chain(tx, COURT, id)?;
                }
                Ok::<_, Error>((tx.query_one(EFFECTS, &[COURT.into()])?.int(0)?, counters::current(tx, COURT, "effects")?))
            })
            .expect("read");
        assert_eq!(effects, last, "an effect without its envelope, or the other way round");
        assert!(usize::try_from(effects).expect("a count") >= answered.iter().collect::<std::collections::HashSet<_>>().len());
    }
}

#[test]
fn nothing_answered_is_lost_sqlite() {
    killed(&mut Store::sqlite());
}

#[test]
fn nothing_answered_is_lost_postgres() {
    if let Some(mut store) = Store::postgres() {
        killed(&mut store);
    }
}

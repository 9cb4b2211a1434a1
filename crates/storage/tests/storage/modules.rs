//! The modules on top of transactions, on both engines.
use crate::common::{COURT, Store, on_both};
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest as _, Sha256};
use std::thread;
use storage::{
    Clock, Db, Digest, Error, Tx, blobs, clock, counters,
    events::{self, NewEvent},
    inbox, jobs, outbox, uploads,
};
use uuid::Uuid;

on_both! {
    every_statement_is_known_to_the_engine
    streams_are_chained_and_guarded
    a_tampered_stream_is_found
    one_of_many_appends_wins
    counters_have_no_gaps
    contents_are_kept_by_digest
    uploads_resume
    jobs_run_once_for_many_workers
    jobs_are_put_aside_after_ten_tries
    a_job_belongs_to_the_latest_claim
    envelopes_leave_and_arrive_once
    the_demo_clock_moves_forward_on_record
}

fn write<T: Send + 'static>(db: &Db, f: impl FnMut(&mut Tx<'_>) -> Result<T, Error> + Send + 'static) -> Result<T, Error> {
    db.write_blocking(f)
}

fn at(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

fn event(kind: &str, body: &str) -> NewEvent {
    NewEvent { kind: kind.to_owned(), body: body.to_owned(), at: at("2026-03-02T09:30:00.125Z"), actor: "立案庭 王某".to_owned() }
}

fn every_statement_is_known_to_the_engine(store: &mut Store) {
    let statements = storage::schema::statements();
    assert!(statements.len() > 50, "{} statements", statements.len());
    for sql in statements {
        write(store.db(), move |tx| tx.prepare(sql)).unwrap_or_else(|error| panic!("{error}\n{sql}"));
    }
    let unknown = write(store.db(), |tx| tx.prepare("SELECT nothing FROM nowhere"));
    assert!(matches!(unknown, Err(Error::Statement { .. })), "{unknown:?}");
}

fn streams_are_chained_and_guarded(store: &mut Store) {
    let (db, stream) = (store.db(), Uuid::now_v7());
    let new = [event("Filed", r#"{"案由":"民间借贷纠纷"}"#), event("Accepted", "{ }")];
    let again = new.clone();
    assert_eq!(write(db, move |tx| events::append(tx, COURT, stream, 0, &again)), Ok(2));
    let stale = write(db, move |tx| events::append(tx, COURT, stream, 1, &[event("Late", "1")]));
    assert_eq!(stale, Err(Error::Stale { expected: 1, actual: 2 }));
    assert_eq!(write(db, move |tx| events::append(tx, COURT, stream, 2, &[event("Closed", "null")])), Ok(3));
    let loaded = write(db, move |tx| events::load(tx, COURT, stream, 1)).expect("loaded");
    assert_eq!(
        loaded.iter().map(|one| (one.seq, one.kind.as_str(), one.body.as_str())).collect::<Vec<_>>(),
        [(2, "Accepted", "{ }"), (3, "Closed", "null")]
    );
    assert_eq!(loaded[0].at, new[1].at);
    // The digest as anyone would compute it from the description alone.
    let line = format!(r#"["A01","{stream}",1,"Filed",1772443800125,"立案庭 王某","{{\"案由\":\"民间借贷纠纷\"}}"]"#);
    let first = Sha256::new().chain_update([0; 32]).chain_update(&line).finalize();
    let stored = write(db, move |tx| events::load(tx, COURT, stream, 0)).expect("loaded");
    assert_eq!(stored[0].digest, Digest(first.into()), "{line}");
    let second = Sha256::new().chain_update(first).chain_update(events::canonical_line(COURT, stream, 2, &new[1])).finalize();
    assert_eq!(stored[1].digest, Digest(second.into()));
    assert_eq!(write(db, move |tx| events::check_chain(tx, COURT, stream)), Ok((3, stored[2].digest)));
    // Another court has no such stream.
    assert_eq!(write(db, move |tx| events::version(tx, "B02", stream)), Ok(0));
    assert_eq!(write(db, move |tx| events::streams(tx, COURT, Uuid::nil(), 10)), Ok(vec![stream]));
    let text = write(db, move |tx| events::append(tx, COURT, stream, 3, &[event("Bad", "{not json")]));
    assert!(matches!(text, Err(Error::NotJson { .. })), "{text:?}");
}

fn a_tampered_stream_is_found(store: &mut Store) {
    const CHANGES: [&str; 5] = [
        "UPDATE events SET body = '{\"fen\":2}' WHERE court = $1 AND seq = 2",
        "UPDATE events SET at = at + 1 WHERE court = $1 AND seq = 2",
        "UPDATE events SET actor = 'x' WHERE court = $1 AND seq = 2",
        "UPDATE events SET kind = 'x' WHERE court = $1 AND seq = 2",
        "DELETE FROM events WHERE court = $1 AND seq = 2",
    ];
    for (index, change) in CHANGES.into_iter().enumerate() {
        let (court, stream) = (format!("T{index}"), Uuid::now_v7());
        let found = write(store.db(), move |tx| {
            let new = [event("A", "{\"fen\":1}"), event("B", "{\"fen\":1}"), event("C", "{\"fen\":1}")];
            events::append(tx, &court, stream, 0, &new)?;
            events::check_chain(tx, &court, stream)?;
            assert_eq!(tx.execute(change, &[(&court).into()])?, 1, "{change}");
            Ok(events::check_chain(tx, &court, stream))
        });
        assert_eq!(found, Ok(Err(Error::ChainBroken { stream, seq: 2 })), "{change}");
    }
}

fn one_of_many_appends_wins(store: &mut Store) {
    let (db, stream) = (store.db(), Uuid::now_v7());
    for round in 0..5u64 {
        let answers: Vec<_> = thread::scope(|scope| {
            let threads: Vec<_> =
                (0..16).map(|_| scope.spawn(move || write(db, move |tx| events::append(tx, COURT, stream, round, &[event("Act", "{}")])))).collect();
            threads.into_iter().map(|thread| thread.join().expect("joined")).collect()
        });
        assert_eq!(answers.iter().filter(|answer| **answer == Ok(round + 1)).count(), 1, "{answers:?}");
        let stale = Err(Error::Stale { expected: round, actual: round + 1 });
        assert_eq!(answers.iter().filter(|answer| **answer == stale).count(), 15, "{answers:?}");
    }
    assert_eq!(write(db, move |tx| events::check_chain(tx, COURT, stream)).map(|(seq, _)| seq), Ok(5));
}

fn counters_have_no_gaps(store: &mut Store) {
    let db = store.db();
    let mut given: Vec<i64> = thread::scope(|scope| {
        let threads: Vec<_> = (0..32)
            .map(|thread| {
                scope.spawn(move || {
                    let next = |index: i32| {
                        write(db, move |tx| {
                            let number = counters::next(tx, COURT, "2026民初")?;
                            // Every third writer changes its mind after it has the number.
                            if (thread + index) % 3 == 0 { Err(Error::Unsupported("on purpose")) } else { Ok(number) }
                        })
                    };
                    (0..10)
                        .filter_map(|index| next(index).map_err(|error| assert_eq!(error, Error::Unsupported("on purpose"))).ok())
                        .collect::<Vec<_>>()
                })
            })
            .collect();
        threads.into_iter().flat_map(|thread| thread.join().expect("joined")).collect()
    });
    given.sort_unstable();
    let expected: Vec<i64> = (1..=given.len() as i64).collect();
    assert_eq!(given, expected);
    assert!(given.len() > 200, "{}", given.len());
    let last = given.len() as i64;
    assert_eq!(write(db, |tx| counters::current(tx, COURT, "2026民初")), Ok(last));
    assert_eq!(write(db, |tx| counters::next(tx, "B02", "2026民初")), Ok(1));
    for (raise, then) in [(500, 501), (20, 502)] {
        let next = write(db, move |tx| {
            counters::raise(tx, COURT, "2026民初", raise)?;
            counters::next(tx, COURT, "2026民初")
        });
        assert_eq!(next, Ok(then));
    }
}

fn pattern(length: usize) -> Vec<u8> {
    (0..length).map(|index| (index % 251) as u8).collect()
}

fn contents_are_kept_by_digest(store: &mut Store) {
    let db = store.db();
    let mib = 1 << 20;
    for length in [0, 1, mib - 1, mib, mib + 1, 3 * mib + 17] {
        let bytes = pattern(length);
        let put = bytes.clone();
        let digest = write(db, move |tx| {
            let digest = blobs::put(tx, COURT, &put)?;
            assert_eq!(blobs::put(tx, COURT, &put)?, digest, "the same again");
            Ok(digest)
        });
        let digest = digest.expect("kept");
        assert_eq!(digest.to_string(), hex::encode(Sha256::digest(&bytes)));
        db.read_blocking(move |tx| {
            assert_eq!(blobs::get(tx, COURT, &digest)?, bytes);
            assert_eq!(blobs::size(tx, COURT, &digest)?, Some(length as u64));
            for (from, count) in [(0, 10), (mib - 5, 10), (mib, mib), (length, 5), (length.saturating_sub(3), 100), (5, 2 * mib), (length + 9, 1)] {
                let slice = &bytes[from.min(length)..(from + count).min(length).max(from.min(length))];
                assert_eq!(blobs::get_range(tx, COURT, &digest, from as u64, count as u64)?, slice, "{length}: {from}+{count}");
            }
            assert!(!blobs::exists(tx, "B02", &digest)?, "another court sees it");
            assert_eq!(blobs::get(tx, "B02", &digest), Err(Error::NoBlob(digest)));
            Ok::<_, Error>(())
        })
        .expect("read");
    }
    let damaged = write(db, |tx| {
        let digest = blobs::put(tx, COURT, b"original")?;
        tx.execute(
            "UPDATE blob_chunks SET bytes = $3 WHERE court = $1 AND digest = $2",
            &[COURT.into(), digest.into(), b"0riginal".as_slice().into()],
        )?;
        Ok(blobs::get(tx, COURT, &digest) == Err(Error::BlobDamaged(digest)))
    });
    assert_eq!(damaged, Ok(true));
    for text in ["", "ab", &"AB".repeat(32), &"g".repeat(64)] {
        assert!(text.parse::<Digest>().is_err(), "{text}");
    }
}

fn uploads_resume(store: &mut Store) {
    let bytes = pattern((5 << 20) / 2);
    let size = bytes.len() as u64;
    let id = write(store.db(), move |tx| uploads::begin(tx, COURT, "u1", "起诉状.pdf", size)).expect("begun");
    let send = |store: &Store, from: usize, to: usize| {
        let piece = bytes[from..to].to_vec();
        write(store.db(), move |tx| uploads::write_chunk(tx, COURT, id, from as u64, &piece))
    };
    assert_eq!(send(store, 0, 1_500_000), Ok(1_500_000));
    store.reopen();
    assert_eq!(write(store.db(), move |tx| uploads::offset(tx, COURT, id)), Ok(1_500_000));
    assert_eq!(send(store, 0, 1_500_000), Ok(1_500_000), "sent again");
    assert_eq!(send(store, 1_400_000, 2_000_000), Ok(2_000_000), "half of it is new");
    assert_eq!(send(store, 2_100_000, 2_200_000), Err(Error::UploadGap { id, offset: 2_100_000, received: 2_000_000 }));
    let early = write(store.db(), move |tx| uploads::finish(tx, COURT, id));
    assert_eq!(early, Err(Error::UploadSize { id, declared: size, received: 2_000_000 }));
    let other = write(store.db(), move |tx| uploads::write_chunk(tx, COURT, id, 1_000_000, &[9; 100]));
    assert_eq!(other, Err(Error::UploadDiffers { id, offset: 1_000_000 }));
    assert_eq!(send(store, 2_000_000, bytes.len()), Ok(size));
    let beyond = write(store.db(), move |tx| uploads::write_chunk(tx, COURT, id, size, b"x"));
    assert_eq!(beyond, Err(Error::UploadSize { id, declared: size, received: size + 1 }));
    let digest = write(store.db(), move |tx| uploads::finish(tx, COURT, id)).expect("finished");
    assert_eq!(digest, Digest::of(&bytes));
    assert_eq!(write(store.db(), move |tx| uploads::finish(tx, COURT, id)), Ok(digest), "again");
    assert_eq!(send(store, 0, 1_000), Ok(size), "a late piece");
    let expected = bytes.clone();
    assert_eq!(store.db().read_blocking(move |tx| blobs::get(tx, COURT, &digest)), Ok(expected));
    assert_eq!(write(store.db(), move |tx| uploads::find(tx, "B02", id)), Err(Error::NoUpload(id)));
    // The same content by a second upload; an empty one; one that nobody goes on with.
    let later = bytes.clone();
    let rest = write(store.db(), move |tx| {
        let id = uploads::begin(tx, COURT, "u2", "副本.pdf", size)?;
        uploads::write_chunk(tx, COURT, id, 0, &later)?;
        assert_eq!(uploads::finish(tx, COURT, id)?, digest);
        let empty = uploads::begin(tx, COURT, "u2", "空.txt", 0)?;
        assert_eq!(uploads::finish(tx, COURT, empty)?, Digest::of(b""));
        let idle = uploads::begin(tx, COURT, "u2", "未完.pdf", 10)?;
        uploads::write_chunk(tx, COURT, idle, 0, b"12345")?;
        assert_eq!(uploads::clear_abandoned(tx, COURT, at("2020-01-01T00:00:00Z"))?, 0);
        assert_eq!(uploads::clear_abandoned(tx, COURT, at("9000-01-01T00:00:00Z"))?, 1);
        assert_eq!(uploads::find(tx, COURT, idle), Err(Error::NoUpload(idle)));
        Ok(())
    });
    assert_eq!(rest, Ok(()));
}

fn jobs_run_once_for_many_workers(store: &mut Store) {
    let db = store.db();
    let now = at("2026-03-02T10:00:00Z");
    write(db, move |tx| {
        for index in 0..100 {
            assert!(jobs::enqueue(tx, COURT, "serve", &format!("p{index}"), "{}", now)?);
            assert!(!jobs::enqueue(tx, COURT, "serve", &format!("p{index}"), "{}", now)?, "the same job twice");
        }
        jobs::enqueue(tx, COURT, "serve", "tomorrow", "{}", now + SignedDuration::from_hours(24))
    })
    .expect("asked for");
    let mut done: Vec<String> = thread::scope(|scope| {
        let workers: Vec<_> = (0..8)
            .map(|_| {
                scope.spawn(move || {
                    let mut mine = Vec::new();
                    loop {
                        let claimed = write(db, move |tx| jobs::due(tx, now, 7)).expect("claimed");
                        if claimed.is_empty() {
                            return mine;
                        }
                        for job in claimed {
                            mine.push(job.key.clone());
                            write(db, move |tx| jobs::done(tx, &job)).expect("done");
                        }
                    }
                })
            })
            .collect();
        workers.into_iter().flat_map(|worker| worker.join().expect("joined")).collect()
    });
    done.sort();
    let before = done.len();
    done.dedup();
    assert_eq!((before, done.len()), (100, 100));
    let counts = write(db, |tx| jobs::counts(tx, COURT)).expect("counts");
    assert_eq!(counts, jobs::Counts { waiting: 1, done: 100, dead: 0 });
    assert_eq!(write(db, jobs::next_due), Ok(Some(now + SignedDuration::from_hours(24))));
    assert_eq!(write(db, move |tx| jobs::enqueue(tx, COURT, "serve", "p1", "{}", now)), Ok(false), "done stays done");
    assert!(matches!(write(db, move |tx| jobs::enqueue(tx, COURT, "serve", "x", "no", now)), Err(Error::NotJson { .. })));
}

fn jobs_are_put_aside_after_ten_tries(store: &mut Store) {
    let db = store.db();
    let mut now = at("2026-03-02T10:00:00Z");
    write(db, move |tx| jobs::enqueue(tx, COURT, "mail", "m1", "{}", now)).expect("asked for");
    for attempt in 1..=jobs::ATTEMPTS {
        let claimed = write(db, move |tx| jobs::due(tx, now, 5)).expect("claimed");
        assert_eq!(claimed.iter().map(|job| job.attempts).collect::<Vec<_>>(), [attempt]);
        assert_eq!(write(db, move |tx| jobs::due(tx, now, 5)), Ok(vec![]), "claimed twice");
        let retry = now + jobs::backoff(attempt);
        let put_aside = write(db, move |tx| jobs::failed(tx, &claimed[0], "对方服务器拒绝", retry)).expect("failed");
        assert_eq!(put_aside, attempt == jobs::ATTEMPTS);
        assert_eq!(write(db, move |tx| jobs::due(tx, now, 5)), Ok(vec![]), "before its time");
        now = retry;
    }
    let dead = write(db, |tx| jobs::dead(tx, COURT, 10)).expect("listed");
    assert_eq!((dead.len(), dead[0].last_error.as_deref()), (1, Some("对方服务器拒绝")));
    assert_eq!(write(db, move |tx| jobs::revive(tx, COURT, "mail", "m1", now)), Ok(true));
    assert_eq!(write(db, move |tx| jobs::due(tx, now, 5)).expect("claimed")[0].attempts, 1);
    assert_eq!(jobs::backoff(1), SignedDuration::from_mins(1));
    assert_eq!(jobs::backoff(u64::MAX), SignedDuration::from_hours(24));
}

fn a_job_belongs_to_the_latest_claim(store: &mut Store) {
    let now = at("2026-03-02T10:00:00Z");
    write(store.db(), move |tx| jobs::enqueue(tx, COURT, "k", "1", "{}", now)).expect("asked for");
    let first = write(store.db(), move |tx| jobs::due(tx, now, 1)).expect("claimed").remove(0);
    let held = first.clone();
    write(store.db(), move |tx| jobs::extend(tx, &held)).expect("extended");
    store.reopen(); // the process died; it is the only one
    assert_eq!(write(store.db(), move |tx| jobs::due(tx, now, 1)), Ok(vec![]), "the claim holds");
    assert_eq!(write(store.db(), jobs::release_all), Ok(1));
    let second = write(store.db(), move |tx| jobs::due(tx, now, 1)).expect("claimed").remove(0);
    let late = write(store.db(), move |tx| {
        counters::next(tx, COURT, "effect")?;
        jobs::done(tx, &first)
    });
    assert_eq!(late, Err(Error::JobLost { kind: "k".to_owned(), key: "1".to_owned() }));
    assert_eq!(write(store.db(), |tx| counters::current(tx, COURT, "effect")), Ok(0), "the late effect was kept");
    write(store.db(), move |tx| jobs::done(tx, &second)).expect("done");
    // A job that kills its worker each time is put aside as well.
    write(store.db(), move |tx| jobs::enqueue(tx, COURT, "k", "poison", "{}", now)).expect("asked for");
    for _ in 0..jobs::ATTEMPTS {
        assert_eq!(write(store.db(), move |tx| jobs::due(tx, now, 1)).expect("claimed").len(), 1);
        write(store.db(), jobs::release_all).expect("released");
    }
    assert_eq!(write(store.db(), move |tx| jobs::due(tx, now, 1)), Ok(vec![]));
    assert_eq!(write(store.db(), |tx| jobs::dead(tx, COURT, 5)).expect("listed")[0].key, "poison");
}

fn envelopes_leave_and_arrive_once(store: &mut Store) {
    let db = store.db();
    let (id, now) = (Uuid::now_v7(), at("2026-03-02T10:00:00Z"));
    let later = now + SignedDuration::from_mins(5);
    assert_eq!(write(db, move |tx| outbox::put(tx, COURT, id, "court", b"sealed", now)), Ok(true));
    assert_eq!(write(db, move |tx| outbox::put(tx, COURT, id, "court", b"sealed", now)), Ok(false));
    let due = write(db, move |tx| outbox::due(tx, now, 10)).expect("due");
    assert_eq!((due.len(), due[0].id, due[0].to.as_str()), (1, id, "court"));
    assert_eq!(write(db, move |tx| outbox::body(tx, COURT, id)), Ok(b"sealed".to_vec()));
    assert_eq!(write(db, move |tx| outbox::failed(tx, COURT, id, "refused", Some(later))), Ok(true));
    assert_eq!(write(db, move |tx| outbox::due(tx, now, 10)), Ok(vec![]));
    let waiting = write(db, |tx| outbox::waiting(tx, COURT, 10)).expect("waiting");
    assert_eq!((waiting[0].attempts, waiting[0].last_error.as_deref(), waiting[0].next_try), (1, Some("refused"), Some(later)));
    assert_eq!(write(db, move |tx| outbox::sent(tx, COURT, id, later, b"ack")), Ok(true));
    assert_eq!(write(db, move |tx| outbox::sent(tx, COURT, id, later, b"other")), Ok(false));
    assert_eq!(write(db, move |tx| outbox::failed(tx, COURT, id, "late", None)), Ok(false), "sent stays sent");
    assert_eq!(write(db, move |tx| outbox::answer(tx, COURT, id)), Ok(Some(b"ack".to_vec())));
    assert_eq!(write(db, |tx| outbox::waiting(tx, COURT, 10)), Ok(vec![]));
    let stuck = Uuid::now_v7();
    write(db, move |tx| {
        outbox::put(tx, COURT, stuck, "court", b"x", now)?;
        outbox::failed(tx, COURT, stuck, "refused for good", None)
    })
    .expect("given up");
    assert_eq!(write(db, move |tx| outbox::due(tx, later, 10)), Ok(vec![]));
    assert_eq!(write(db, |tx| outbox::waiting(tx, COURT, 10)).expect("waiting").len(), 1, "given up, but on the list");

    // Sixteen deliveries of one envelope take effect once.
    let effects: Vec<bool> = thread::scope(|scope| {
        let deliver = || {
            write(db, move |tx| {
                let new = inbox::accept(tx, COURT, id)?;
                if new {
                    counters::next(tx, COURT, "effect")?;
                    inbox::set_answer(tx, COURT, id, b"done")?;
                }
                assert_eq!(inbox::answer(tx, COURT, id)?, Some(b"done".to_vec()));
                Ok(new)
            })
        };
        let threads: Vec<_> = (0..16).map(|_| scope.spawn(deliver)).collect();
        threads.into_iter().map(|thread| thread.join().expect("joined").expect("delivered")).collect()
    });
    assert_eq!(effects.iter().filter(|new| **new).count(), 1);
    assert_eq!(write(db, |tx| counters::current(tx, COURT, "effect")), Ok(1));
    let unknown = Uuid::now_v7();
    assert_eq!(write(db, move |tx| inbox::answer(tx, COURT, unknown)), Err(Error::NoEnvelope(unknown)));
    assert_eq!(write(db, move |tx| outbox::body(tx, COURT, unknown)), Err(Error::NoEnvelope(unknown)));
}

fn the_demo_clock_moves_forward_on_record(store: &mut Store) {
    let fixed = Clock::system();
    let far = Clock::real_now() + SignedDuration::from_hours(24 * 30);
    assert_eq!(fixed.advance_blocking(far, "演示"), Err(Error::NotDemo));
    assert!(fixed.now() < far);
    let demo = Clock::demo(store.db()).expect("a clock");
    assert!(demo.advance_blocking(far, "演示").expect("moved") >= Timestamp::from_millisecond(far.as_millisecond()).expect("a time"));
    let back = demo.advance_blocking(Clock::real_now(), "演示");
    assert!(matches!(back, Err(Error::Backwards { .. })), "{back:?}");
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let further = far + SignedDuration::from_hours(1);
    runtime.block_on(demo.advance(further, "演示二")).expect("moved");
    assert!(Clock::real_now() < far, "real time moved");
    let recorded = write(store.db(), clock::moves).expect("moves");
    assert_eq!(recorded.iter().map(|one| one.actor.as_str()).collect::<Vec<_>>(), ["演示", "演示二"]);
    assert_eq!(recorded[1].set_to.as_millisecond(), further.as_millisecond());
    drop(demo);
    store.reopen();
    let again = Clock::demo(store.db()).expect("a clock");
    assert!(again.is_demo() && again.now().as_millisecond() >= further.as_millisecond(), "the next run fell back");
    let (mut before, ticking) = (again.now(), again.clone());
    for _ in 0..1_000 {
        let now = ticking.now();
        assert!(now >= before);
        before = now;
    }
}

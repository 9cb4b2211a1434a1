//! Figures of the log and its signatures on this machine: `cargo run --release -p ledger --example bench -- DIR [RECORDS]`.

use std::path::PathBuf;
use std::time::Instant;

use ledger::{Kind, Log, Purpose, Record, Result, Salt, SigningKey, Stamp, Suite};

const BATCH: usize = 10_000;

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let dir = PathBuf::from(arguments.next().expect("a directory to write in"));
    let records: usize = arguments.next().map_or(500_000, |n| n.parse().expect("a number of records"));
    let now = Stamp::parse("2026-03-02T09:15:00+08:00")?;
    for suite in [Suite::Sm, Suite::Intl] {
        let dir = dir.join(suite.hash_name());
        std::fs::create_dir_all(&dir).map_err(|source| ledger::Error::Io { op: "create", path: dir.display().to_string(), source })?;
        let key = SigningKey::generate(suite, "log.example", Purpose::Note)?;
        let mut log = Log::create(&dir, key.clone(), &now)?;
        let (mut seconds, mut slowest, mut bytes) = (0.0f64, 0.0f64, 0);
        for first in (0..records).step_by(BATCH) {
            let line = |n: usize| {
                let record = Record::commit(suite, Kind::ServiceEvent, &now, "3301", &Salt([7; 16]), &n.to_be_bytes())?;
                Ok(record.to_line())
            };
            let batch = (first..(first + BATCH).min(records)).map(line).collect::<Result<Vec<_>>>()?;
            bytes += batch.iter().map(String::len).sum::<usize>();
            let start = Instant::now();
            log.append(&batch, &now)?;
            let taken = start.elapsed().as_secs_f64();
            (seconds, slowest) = (seconds + taken, slowest.max(taken));
        }
        let name = suite.hash_name();
        println!("{name}: {records} records of {} bytes, {:.0}/s durable, slowest batch {slowest:.3} s", bytes / records, records as f64 / seconds);
        drop(log);
        let start = Instant::now();
        let mut log = Log::open(&dir, key.clone(), None)?;
        println!("{name}: opened in {:.3} s", start.elapsed().as_secs_f64());
        let start = Instant::now();
        for n in 0..1000u64 {
            log.prove(n * 7919 % records as u64)?;
        }
        println!("{name}: a proof in {:.3} ms", start.elapsed().as_secs_f64());
        let start = Instant::now();
        for n in 0..50 {
            log.append(&[format!("single {n}")], &now)?;
        }
        println!("{name}: a single record durable in {:.2} ms", start.elapsed().as_secs_f64() * 20.0);
        let text = log.head().text();
        let start = Instant::now();
        let signatures = (0..1000).map(|n| key.sign(&format!("{n}\n{text}"))).collect::<Result<Vec<_>>>()?;
        let signing = start.elapsed().as_secs_f64();
        let start = Instant::now();
        for (n, signature) in signatures.iter().enumerate() {
            key.verifying_key().verify(&format!("{n}\n{text}"), signature)?;
        }
        let verifying = start.elapsed().as_secs_f64();
        println!("{}: {:.0} signed/s, {:.0} verified/s", suite.signature_name(), 1000.0 / signing, 1000.0 / verifying);
    }
    Ok(())
}

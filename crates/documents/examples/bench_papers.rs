//! `bench FONTS SAMPLES [SECONDS]`: papers a second, each with data of its own. See `bench/papers`.

use std::path::Path;
use std::time::{Duration, Instant};

use documents::{Paper, Papers, Seal};

/// The server's, which makes these papers.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const NOTICES: [&str; 7] = ["acceptance-notice", "fee-notice", "answer-notice", "evidence-notice", "panel-notice", "panel-notice-sole", "summons"];
const NAMES: [&str; 8] = ["陈堃", "林𬱖", "苏㛃", "黄喆", "何䶮", "吴赟", "郑安宁", "欧阳明远"];

/// The sample with another case number, addressee and verification mark.
fn vary(sample: &serde_json::Value, n: usize) -> Result<Paper, Box<dyn std::error::Error>> {
    let mut value = sample.clone();
    let data = &mut value["data"];
    let number = format!("（2026）粤4001民初{}号", 1000 + n);
    if !data["to"].is_null() {
        data["to"] = NAMES[n % NAMES.len()].into();
    }
    if std::env::var_os("NOQR").is_some() {
        data["verify"] = serde_json::Value::Null;
    }
    if !data["verify"].is_null() {
        let mark = documents::verify_mark(&format!("https://court.example/v/{n}"), &(n as u64 * 7919).to_be_bytes())?;
        data["verify"] = serde_json::to_value(mark)?;
    }
    data["number"] = number.into();
    Ok(serde_json::from_value(value)?)
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(fonts), Some(samples)) = (arguments.next(), arguments.next()) else {
        return Err("usage: bench FONTS SAMPLES [SECONDS]".into());
    };
    let seconds: u64 = arguments.next().map_or(Ok(5), |s| s.parse())?;
    let start = Instant::now();
    let papers = Papers::open(Path::new(&fonts))?;
    println!("fonts opened in {:?}", start.elapsed());
    let load = |name: &str| -> Result<serde_json::Value, Box<dyn std::error::Error>> {
        let path = Path::new(&samples).join(format!("{name}.json"));
        Ok(serde_json::from_str(&std::fs::read_to_string(path)?)?)
    };
    let notices = NOTICES.iter().map(|n| load(n)).collect::<Result<Vec<_>, _>>()?;
    let judgment = vec![load("judgment")?];
    let keys = std::env::temp_dir().join(format!("xiezhi-bench-{}", std::process::id()));
    let from: jiff::Timestamp = "2026-01-01T00:00:00+08:00".parse()?;
    let signer = documents::KeyStore::open_or_create(&keys, from, 10)?.signer("bench", "演示法院", from, 10)?;
    std::fs::remove_dir_all(&keys)?;
    let at: jiff::Timestamp = "2026-05-20T16:00:00+08:00".parse()?;

    for (name, set, signed) in [
        ("notices", &notices, false),
        ("signed notices", &notices, true),
        ("judgments of 8 pages", &judgment, false),
        ("signed judgments of 8 pages", &judgment, true),
    ] {
        for warm in 0..32 {
            documents::render(&papers, &vary(&set[warm % set.len()], warm)?, Seal::Signature)?;
        }
        let work = (0..100_000).map(|n| vary(&set[n % set.len()], 100 + n));
        let (mut count, mut bytes, mut busy) = (0usize, 0usize, Duration::ZERO);
        let mut cpu = 0.0;
        for paper in work {
            if busy >= Duration::from_secs(seconds) {
                break;
            }
            let paper = paper?;
            let (start, cpu_before) = (Instant::now(), cpu_seconds());
            bytes += if signed {
                documents::issue(&papers, &paper, &signer, at)?.len()
            } else {
                documents::render(&papers, &paper, Seal::Signature)?.pdf.len()
            };
            busy += start.elapsed();
            cpu += cpu_seconds() - cpu_before;
            count += 1;
        }
        println!(
            "{name}: {:.0} per CPU second ({:.2} ms each), {:.0}/s on this busy machine; {} kB mean, {count} papers, memory {} MB",
            count as f64 / cpu,
            1000.0 * cpu / count as f64,
            count as f64 / busy.as_secs_f64(),
            bytes / count / 1000,
            resident()
        );
    }
    Ok(())
}

/// CPU time of all threads of this process: what a core spends, whoever else is using it.
fn cpu_seconds() -> f64 {
    let nanoseconds = |path: String| -> Option<f64> {
        let text = std::fs::read_to_string(path).ok()?;
        text.split_whitespace().next()?.parse::<f64>().ok()
    };
    let threads = std::fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
    threads.filter_map(|t| nanoseconds(t.path().join("schedstat").display().to_string())).sum::<f64>() / 1e9
}

/// Resident memory of this process in MB, as the kernel says.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|l| l.strip_prefix("VmRSS:"));
    line.and_then(|l| l.split_whitespace().next()?.parse::<u64>().ok()).map_or(0, |kb| kb / 1000)
}

//! 断电演练: kills this process right after a chosen durable write, before anybody is told of it. The worst moment there
//! is: what was committed must be found again, what was not acknowledged may be retried.
//!
//! Armed by the demo's kill drill alone; without [`kill_after`] this counts and does nothing else.
use std::process::Command;
use std::sync::atomic::{AtomicU64, Ordering};

static WRITES: AtomicU64 = AtomicU64::new(0);
static KILL_AT: AtomicU64 = AtomicU64::new(u64::MAX);

/// Durable writes of this process so far: commits that changed something.
pub fn writes() -> u64 {
    WRITES.load(Ordering::SeqCst)
}

/// From now on: after so many durable writes the process gets SIGKILL.
pub fn kill_after(writes: u64) {
    KILL_AT.store(WRITES.load(Ordering::SeqCst).saturating_add(writes), Ordering::SeqCst);
}

/// A transaction that changed something is on the disk.
pub(crate) fn committed() {
    let count = WRITES.fetch_add(1, Ordering::SeqCst) + 1;
    if count < KILL_AT.load(Ordering::SeqCst) {
        return;
    }
    eprintln!("drill: SIGKILL after durable write {count} of this process");
    let own = std::process::id().to_string();
    if let Err(error) = Command::new("kill").args(["-KILL", &own]).status() {
        eprintln!("drill: kill cannot be run: {error}");
        std::process::abort();
    }
    // The signal is on its way; nothing more may happen here.
    loop {
        std::thread::park();
    }
}

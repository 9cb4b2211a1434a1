//! 并行: pieces of work that end in a write of their own, side by side, so that their commits share one flush to the disk.
use std::collections::{HashSet, VecDeque};
use std::hash::Hash;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// For how long more work is asked for, so that the caller may look around now and then: is the house to stop?
const ASKS: Duration = Duration::from_secs(1);
/// Pieces a hand that may wait, those of a lane that is busy included: what is claimed is not to lie for long.
const BACKLOG: usize = 8;

/// Does `work` on up to `hands` threads for all that `more` gives, and asks it again as soon as less than a piece for each
/// hand waits: one slow piece does not keep the others idle. Items of one lane keep their order and never run at the same
/// time. Ends when `more` gives nothing, or after a while; the count of pieces of which `work` said true.
///
/// One item alone runs on the thread of the caller, and `more` is asked once. After an error nothing is asked for any more,
/// what was given is still done, and the last error is returned. A panic of `work` is passed on when the others are done.
pub fn in_lanes<T: Send, K: Eq + Hash + Clone + Send, E: Send>(
    hands: usize,
    mut more: impl FnMut() -> Result<Vec<T>, E> + Send,
    lane: impl Fn(&T) -> K + Sync,
    work: impl Fn(T) -> Result<bool, E> + Sync,
) -> Result<usize, E> {
    let (begun, lane) = (Instant::now(), &lane);
    let first = more()?;
    let hands = if first.len() <= 1 { 1 } else { hands };
    let state = State {
        waiting: first.into_iter().map(|item| (lane(&item), item)).collect(),
        busy: HashSet::new(),
        ended: hands == 1,
        asking: false,
        done: 0,
        error: None,
    };
    let floor = Floor { state: Mutex::new(state), changed: Condvar::new(), hands, begun };
    let more = Mutex::new(move || Ok::<Vec<_>, E>(more()?.into_iter().map(|item| (lane(&item), item)).collect()));
    let hand = || {
        while let Some((key, item)) = floor.next(&more) {
            let held = Held { floor: &floor, key };
            let result = work(item);
            let mut state = floor.lock();
            match result {
                Ok(done) => state.done += usize::from(done),
                Err(error) => (state.ended, state.error) = (true, Some(error)),
            }
            drop((state, held));
        }
    };
    if hands <= 1 {
        hand();
    } else {
        thread::scope(|scope| (0..hands).for_each(|_| drop(scope.spawn(hand))));
    }
    let state = floor.state.into_inner().unwrap_or_else(PoisonError::into_inner);
    state.error.map_or(Ok(state.done), Err)
}

struct State<T, K, E> {
    waiting: VecDeque<(K, T)>,
    /// Lanes of which a piece is under way.
    busy: HashSet<K>,
    /// Nothing more is asked for.
    ended: bool,
    asking: bool,
    done: usize,
    error: Option<E>,
}

impl<T, K: Eq + Hash, E> State<T, K, E> {
    /// Would a hand soon find nothing to do?
    fn runs_low(&self, hands: usize) -> bool {
        let free = self.waiting.iter().filter(|(key, _)| !self.busy.contains(key)).count();
        !self.ended && !self.asking && free < hands && self.waiting.len() < hands * BACKLOG
    }
}

/// Where the hands meet.
struct Floor<T, K, E> {
    state: Mutex<State<T, K, E>>,
    changed: Condvar,
    hands: usize,
    begun: Instant,
}

impl<T, K: Eq + Hash + Clone, E> Floor<T, K, E> {
    fn lock(&self) -> MutexGuard<'_, State<T, K, E>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next piece whose lane is free, now marked as busy; waits for one. None: all is given out and nothing more comes.
    fn next(&self, more: &Mutex<impl FnMut() -> Result<Vec<(K, T)>, E>>) -> Option<(K, T)> {
        let mut state = self.lock();
        loop {
            if state.runs_low(self.hands) && self.begun.elapsed() < ASKS {
                state.asking = true;
                drop(state);
                let asking = Asking(self);
                let got = more.lock().unwrap_or_else(PoisonError::into_inner)();
                state = self.lock();
                match got {
                    Ok(items) if items.is_empty() => state.ended = true,
                    Ok(items) => state.waiting.extend(items),
                    Err(error) => (state.ended, state.error) = (true, Some(error)),
                }
                drop((state, asking));
                state = self.lock();
            } else if let Some(at) = state.waiting.iter().position(|(key, _)| !state.busy.contains(key)) {
                let (key, item) = state.waiting.remove(at)?;
                state.busy.insert(key.clone());
                return Some((key, item));
            } else if state.waiting.is_empty() && !state.asking {
                return None;
            } else {
                state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
            }
        }
    }
}

/// A lane while its piece is under way; frees it even after a panic.
struct Held<'f, T, K: Eq + Hash + Clone, E> {
    floor: &'f Floor<T, K, E>,
    key: K,
}

impl<T, K: Eq + Hash + Clone, E> Drop for Held<'_, T, K, E> {
    fn drop(&mut self) {
        self.floor.lock().busy.remove(&self.key);
        self.floor.changed.notify_all();
    }
}

/// While one hand asks for more.
struct Asking<'f, T, K: Eq + Hash + Clone, E>(&'f Floor<T, K, E>);

impl<T, K: Eq + Hash + Clone, E> Drop for Asking<'_, T, K, E> {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        state.asking = false;
        state.ended |= thread::panicking();
        drop(state);
        self.0.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::sync::mpsc;

    fn once<T>(items: Vec<T>) -> impl FnMut() -> Result<Vec<T>, String> {
        let mut items = Some(items);
        move || Ok(items.take().unwrap_or_default())
    }

    #[test]
    fn every_item_is_done_once_and_a_lane_keeps_its_order() {
        let seen = Mutex::new(HashMap::<u32, Vec<u32>>::new());
        let mut parts = (0..10).map(|part| (part * 100..part * 100 + 100).collect());
        let note = |n: u32| {
            seen.lock().expect("no panic").entry(n % 7).or_default().push(n);
            Ok::<_, String>(n.is_multiple_of(2))
        };
        let done = in_lanes(4, || Ok(parts.next().unwrap_or_default()), |n| n % 7, note);
        assert_eq!(done, Ok(500), "those of which the work said true");
        let seen = seen.into_inner().expect("no panic");
        assert_eq!(seen.values().map(Vec::len).sum::<usize>(), 1000);
        assert!(seen.values().all(|lane| lane.is_sorted()));
        assert_eq!(in_lanes(4, once(Vec::<u32>::new()), |n| *n, |_| panic!("nothing to do")), Ok(0));
    }

    #[test]
    fn a_slow_piece_does_not_keep_later_ones_waiting() {
        // Piece 0 ends only when a piece of the second round was done, though the first round had but two.
        let (go, wait) = mpsc::channel();
        let (go, wait) = (Mutex::new(go), Mutex::new(wait));
        let mut rounds = vec![vec![0, 1], vec![2]].into_iter();
        let work = |n: u32| {
            match n {
                0 => wait.lock().expect("no panic").recv_timeout(std::time::Duration::from_secs(20)).map_err(|_| "waited in vain")?,
                2 => go.lock().expect("no panic").send(()).map_err(|_| "nobody waits")?,
                _ => {}
            }
            Ok::<_, &str>(true)
        };
        assert_eq!(in_lanes(2, || Ok(rounds.next().unwrap_or_default()), |n| *n, work), Ok(3));
    }

    #[test]
    fn errors_and_panics_come_out_when_the_others_are_done() {
        let done = Mutex::new(0);
        let work = |n: u32| match n {
            3 => Err("three"),
            _ => {
                *done.lock().expect("no panic") += 1;
                Ok(true)
            }
        };
        let mut rounds = vec![(0..8).collect()].into_iter();
        assert_eq!(in_lanes(3, || Ok(rounds.next().unwrap_or_default()), |n| n % 2, work), Err("three"));
        assert_eq!(*done.lock().expect("no panic"), 7);
        let mut asked = 0;
        let more = || {
            asked += 1;
            if asked == 1 { Ok(vec![1, 2]) } else { Err("the store is gone") }
        };
        assert_eq!(in_lanes(2, more, |n: &u32| *n, |_| Ok(true)), Err("the store is gone"));
        let after = Mutex::new(0);
        let work = |n: u32| {
            assert!(n != 0, "piece 0 panics");
            *after.lock().expect("no panic") += 1;
            Ok::<_, String>(true)
        };
        let panicked = catch_unwind(AssertUnwindSafe(|| in_lanes(2, once((0..10).collect()), |n| n % 2, work)));
        assert!(panicked.is_err(), "the panic is passed on");
        assert_eq!(after.into_inner().expect("no panic"), 9, "its lane went on too");
    }
}

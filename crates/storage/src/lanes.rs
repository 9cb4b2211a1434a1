//! 并行: pieces of work that end in a write of their own, side by side, so that their commits share one flush to the disk.
use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::thread;

/// Does `work` for every item on up to `hands` threads. Items of one lane keep their order and never run at the same time.
///
/// One item alone runs on the thread of the caller. A panic of `work` is passed on when the others are done.
pub fn in_lanes<T: Send, K: Eq + Hash>(hands: usize, items: Vec<T>, lane: impl Fn(&T) -> K, work: impl Fn(T) + Sync) {
    let mut lanes: Vec<Vec<T>> = Vec::new();
    let mut places: HashMap<K, usize> = HashMap::new();
    for item in items {
        let place = *places.entry(lane(&item)).or_insert_with(|| {
            lanes.push(Vec::new());
            lanes.len() - 1
        });
        lanes[place].push(item);
    }
    let hands = hands.min(lanes.len());
    if hands <= 1 {
        lanes.into_iter().flatten().for_each(work);
        return;
    }
    let waiting = Mutex::new(lanes.into_iter());
    let next = || waiting.lock().unwrap_or_else(PoisonError::into_inner).next();
    thread::scope(|scope| {
        for _ in 0..hands {
            scope.spawn(|| {
                while let Some(lane) = next() {
                    lane.into_iter().for_each(&work);
                }
            });
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_item_is_done_once_and_a_lane_keeps_its_order() {
        let seen = Mutex::new(HashMap::<u32, Vec<u32>>::new());
        in_lanes(4, (0..1000).collect(), |n| n % 7, |n: u32| seen.lock().expect("no panic").entry(n % 7).or_default().push(n));
        let seen = seen.into_inner().expect("no panic");
        assert_eq!(seen.values().map(Vec::len).sum::<usize>(), 1000);
        assert!(seen.values().all(|lane| lane.is_sorted()));
        in_lanes(4, Vec::<u32>::new(), |n| *n, |_| panic!("nothing to do"));
    }
}

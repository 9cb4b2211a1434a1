//! 余地: how much may be held in memory at one time by all hands together.
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// So many bytes; whoever wants to hold some waits until there is room. Many hands are for many small pieces: a few large ones
/// must not fill the memory.
#[derive(Debug)]
pub struct Room {
    most: u64,
    held: Mutex<u64>,
    freed: Condvar,
}

/// A part of a [`Room`]; dropping it gives it back.
#[derive(Debug)]
#[must_use = "dropping it gives the room back"]
pub struct Held<'r> {
    room: &'r Room,
    bytes: u64,
}

impl Room {
    /// Room for so many bytes.
    pub const fn new(most: u64) -> Self {
        Self { most, held: Mutex::new(0), freed: Condvar::new() }
    }

    /// Waits for room. What is larger than all of it goes alone. A hand takes once and then waits for nobody who takes, so that
    /// nobody waits for ever.
    pub fn take(&self, bytes: u64) -> Held<'_> {
        let bytes = bytes.min(self.most);
        let mut held = self.lock();
        while self.most - *held < bytes {
            held = self.freed.wait(held).unwrap_or_else(PoisonError::into_inner);
        }
        *held += bytes;
        Held { room: self, bytes }
    }

    fn lock(&self) -> MutexGuard<'_, u64> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        *self.room.lock() -= self.bytes;
        self.room.freed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU64, Ordering};
    use std::thread;

    #[test]
    fn no_more_is_held_than_there_is_room_for_and_everybody_gets_in() {
        let (room, now, most) = (Room::new(100), AtomicU64::new(0), AtomicU64::new(0));
        thread::scope(|scope| {
            for hand in 0..8 {
                let (room, now, most) = (&room, &now, &most);
                scope.spawn(move || {
                    for piece in 0..50 {
                        // Some are larger than the whole room.
                        let bytes = (hand * 31 + piece * 17) % 130;
                        let _held = room.take(bytes);
                        let here = now.fetch_add(bytes.min(100), Ordering::SeqCst) + bytes.min(100);
                        most.fetch_max(here, Ordering::SeqCst);
                        thread::yield_now();
                        now.fetch_sub(bytes.min(100), Ordering::SeqCst);
                    }
                });
            }
        });
        assert!((1..=100).contains(&most.load(Ordering::SeqCst)));
        assert_eq!(*room.lock(), 0, "all of it was given back");
    }

    #[test]
    fn who_is_too_large_waits_until_nobody_else_is_there() {
        let room = Room::new(10);
        let small = room.take(1);
        let (tell, told) = std::sync::mpsc::channel();
        thread::scope(|scope| {
            scope.spawn(|| {
                let _held = room.take(u64::MAX);
                tell.send(()).expect("somebody listens");
            });
            assert!(told.recv_timeout(std::time::Duration::from_millis(30)).is_err(), "it waits");
            drop(small);
            told.recv().expect("it got in");
        });
    }
}

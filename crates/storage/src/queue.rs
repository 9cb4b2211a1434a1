//! Work on its way to the threads that own a connection.
use std::{
    collections::VecDeque,
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
};

struct State<T> {
    waiting: VecDeque<T>,
    open: bool,
}

/// A queue from which a thread takes as much as it can commit together.
pub(crate) struct Queue<T> {
    state: Mutex<State<T>>,
    arrived: Condvar,
}

impl<T> Queue<T> {
    pub fn new() -> Self {
        Self { state: Mutex::new(State { waiting: VecDeque::new(), open: true }), arrived: Condvar::new() }
    }

    fn lock(&self) -> MutexGuard<'_, State<T>> {
        // No code of ours panics while it holds this lock.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Gives the work back when the queue is closed.
    pub fn put(&self, work: T) -> Result<(), T> {
        let mut state = self.lock();
        if !state.open {
            return Err(work);
        }
        state.waiting.push_back(work);
        drop(state);
        self.arrived.notify_one();
        Ok(())
    }

    /// Waits for work and takes up to `most`. None: closed, and all is done.
    pub fn take(&self, most: usize) -> Option<Vec<T>> {
        let mut state = self.lock();
        while state.waiting.is_empty() {
            if !state.open {
                return None;
            }
            state = self.arrived.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        let count = state.waiting.len().min(most);
        Some(state.waiting.drain(..count).collect())
    }

    /// What is queued will still be done.
    pub fn close(&self) {
        self.lock().open = false;
        self.arrived.notify_all();
    }
}

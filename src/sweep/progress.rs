//! Progress of long sweeps: throttled lines on stdout, none while a sweep is short.

use crate::progress;
use std::io::Write;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed};
use std::time::Instant;

/// Silent for this long, and this long between lines, in seconds.
const INTERVAL: u64 = 5;

pub(super) struct Progress {
    started: Instant,
    count: usize,
    done: AtomicUsize,
    /// The second from which on a line is due.
    due: AtomicU64,
    wanted: bool,
}

impl Progress {
    pub fn new(count: usize) -> Self {
        let (done, due) = (AtomicUsize::new(0), AtomicU64::new(INTERVAL));
        Self { started: Instant::now(), count, done, due, wanted: progress::wanted() }
    }

    /// Counts one item more; the first thread to find a line due prints it.
    pub fn tick(&self) {
        let done = self.done.fetch_add(1, Relaxed) + 1;
        let (seconds, due) = (self.started.elapsed().as_secs_f64(), self.due.load(Relaxed));
        let next = seconds as u64 + INTERVAL;
        if !self.wanted
            || done == self.count
            || seconds < due as f64
            || self.due.compare_exchange(due, next, Relaxed, Relaxed).is_err()
        {
            return;
        }
        let left = seconds / done as f64 * (self.count - done) as f64;
        // A reader that went away is no reason to stop the sweep.
        let _ = writeln!(std::io::stdout(), "sweep: {done} of {}, about {left:.0} s left", self.count);
    }
}

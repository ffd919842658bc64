//! Progress of long runs: throttled lines on stdout, none while a run is short.

use std::time::Instant;

/// Silent for this long, and this long between lines, in seconds.
const INTERVAL: f64 = 5.0;
/// Steps between two looks at the clock.
const STRIDE: u64 = 256;

pub(crate) struct Progress {
    what: &'static str,
    started: Instant,
    next_line: f64,
}

impl Progress {
    pub fn new(what: &'static str) -> Self {
        Self { what, started: Instant::now(), next_line: INTERVAL }
    }

    pub fn seconds(&self) -> f64 {
        self.started.elapsed().as_secs_f64()
    }

    /// Looks at the clock after every kept row and now and then; prints a line when one is due. True when `limit` seconds
    /// have passed.
    #[inline]
    pub fn tick(&mut self, kept: bool, done: u64, of: u64, limit: f64) -> bool {
        (kept || done.is_multiple_of(STRIDE)) && self.look(done, of, limit)
    }

    #[cold]
    fn look(&mut self, done: u64, of: u64, limit: f64) -> bool {
        let seconds = self.seconds();
        if seconds >= self.next_line {
            self.next_line = seconds + INTERVAL;
            let rate = done as f64 / seconds;
            let left = if of < u64::MAX {
                format!(" of {of}, at most {:.0} s left", (of - done) as f64 / rate)
            } else {
                String::new()
            };
            println!("{}: step {done}{left}, {rate:.2e} steps/s", self.what);
        }
        seconds >= limit
    }
}

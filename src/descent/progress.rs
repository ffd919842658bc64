//! Progress of long runs: throttled lines on stdout, none while a run is short; and the ends that only the clock knows.

use super::Stopped;
use crate::{asking, progress};
use std::io::Write;
use std::time::Instant;

/// Silent for this long, and this long between lines, in seconds.
const INTERVAL: f64 = 5.0;
/// Seconds between two looks at the clock where steps are long.
const PAUSE: f64 = 0.2;
/// Steps between two looks at the clock where they are short.
const STRIDE: u64 = 256;

/// Rows closer than this many steps say by their number how long they take.
const DENSE: u64 = 16;

pub(crate) struct Progress {
    what: &'static str,
    started: Instant,
    next_line: f64,
    /// The step at which the clock is looked at next.
    next_look: u64,
    /// The last step that was kept.
    last_kept: u64,
}

impl Progress {
    pub fn new(what: &'static str) -> Self {
        asking::begin();
        Self { what, started: Instant::now(), next_line: INTERVAL, next_look: 0, last_kept: 0 }
    }

    pub fn seconds(&self) -> f64 {
        self.started.elapsed().as_secs_f64()
    }

    /// Looks at the clock now and then, and after kept rows that stand alone, since their probes may take long; prints a line when one is due. [`Stopped::Seconds`] when
    /// `limit` seconds have passed, [`Stopped::Asked`] when somebody asked.
    #[inline]
    pub fn tick(&mut self, kept: bool, done: u64, of: u64, limit: f64) -> Option<Stopped> {
        let alone = kept && done - self.last_kept > DENSE;
        if kept {
            self.last_kept = done;
        }
        if alone || done >= self.next_look { self.look_at_clock(done, of, limit) } else { None }
    }

    #[cold]
    fn look_at_clock(&mut self, done: u64, of: u64, limit: f64) -> Option<Stopped> {
        let elapsed = self.started.elapsed();
        let seconds = elapsed.as_secs_f64();
        let rate = done as f64 / seconds;
        self.next_look = done.saturating_add(((rate * PAUSE) as u64).clamp(1, STRIDE));
        if seconds >= self.next_line {
            self.next_line = seconds + INTERVAL;
            if progress::wanted() {
                self.print(done, of, rate);
            }
        }
        if seconds >= limit {
            return Some(Stopped::Seconds);
        }
        // Who runs again and again until something is reached gets there, a step at a time.
        if done > 0 && asking::asked(self.started + elapsed) {
            asking::heed();
            return Some(Stopped::Asked);
        }
        None
    }

    fn print(&self, done: u64, of: u64, rate: f64) {
        let left = if of < u64::MAX {
            format!(" of {of}, at most {:.0} s left", (of - done) as f64 / rate)
        } else {
            String::new()
        };
        // A reader that went away is no reason to stop the run.
        let _ = writeln!(std::io::stdout(), "{}: step {done}{left}, {rate:.2e} steps/s", self.what);
    }
}

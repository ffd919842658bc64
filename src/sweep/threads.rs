//! Work handed to threads item by item.

use super::progress::Progress;
use crate::error::{Error, Result};
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use std::thread::{self, Builder};

const VARIABLE: &str = "IMPLICIT_BIAS_THREADS";

/// As many threads as the environment asks for, else one a core.
pub(super) fn wanted() -> Result<usize> {
    let Some(text) = std::env::var_os(VARIABLE) else {
        return Ok(thread::available_parallelism().map_or(1, usize::from));
    };
    let count = text.to_str().and_then(|text| text.trim().parse().ok()).filter(|count| *count > 0);
    count.ok_or_else(|| Error::argument(VARIABLE, "a number of threads from 1", format_args!("{text:?}")))
}

thread_local! {
    /// Whether this thread works for a sweep of several threads.
    static SWEEPING: Cell<bool> = const { Cell::new(false) };
}

/// Threads that one computation may use: all that are wanted, or one inside a sweep, which has taken them.
pub(crate) fn free_threads() -> Result<usize> {
    if SWEEPING.get() { Ok(1) } else { wanted() }
}

/// `run(0)` … `run(count − 1)` in this order, computed by at most `threads` threads of which the caller's is one.
///
/// Numbers are handed out in ascending order and what was begun is finished. So the first failure in the order of the
/// numbers, an error or a panic, is always among those seen, and it is the one that comes out.
pub(super) fn side_by_side<T: Send>(
    count: usize,
    threads: usize,
    run: impl Fn(usize) -> Result<T> + Sync,
) -> Result<Vec<T>> {
    let (next, failed, progress) = (AtomicUsize::new(0), AtomicBool::new(false), Progress::new(count));
    let several = threads.min(count) > 1;
    let work = || {
        let outside = SWEEPING.replace(SWEEPING.get() || several);
        let mut outcomes = Vec::new();
        while !failed.load(Relaxed) {
            let k = next.fetch_add(1, Relaxed);
            if k >= count {
                break;
            }
            let outcome = catch_unwind(AssertUnwindSafe(|| run(k)));
            if !matches!(outcome, Ok(Ok(_))) {
                failed.store(true, Relaxed);
            }
            outcomes.push((k, outcome));
            progress.tick();
        }
        SWEEPING.set(outside);
        outcomes
    };
    let mut outcomes = thread::scope(|scope| {
        // Where the system grants no more threads, those there are do the work.
        let helpers: Vec<_> =
            (1..threads.min(count)).map_while(|_| Builder::new().spawn_scoped(scope, work).ok()).collect();
        let own = work();
        let others = helpers.into_iter().flat_map(|helper| helper.join().unwrap_or_else(|panic| resume_unwind(panic)));
        own.into_iter().chain(others).collect::<Vec<_>>()
    });
    outcomes.sort_unstable_by_key(|(k, _)| *k);
    outcomes.into_iter().map(|(_, outcome)| outcome.unwrap_or_else(|panic| resume_unwind(panic))).collect()
}

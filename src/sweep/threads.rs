//! Work handed to threads item by item.

use super::progress::Progress;
use crate::asking;
use crate::error::{Error, Result};
use crate::threads::taking;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use std::thread::{self, Builder};
use std::time::Instant;

/// `run(0)` … `run(count − 1)` in this order, computed by at most `threads` threads of which the caller's is one.
///
/// Numbers are handed out in ascending order and what was begun is finished. So the first failure in the order of the
/// numbers, an error or a panic, is always among those seen, and it is the one that comes out. Asked to stop, it hands out no
/// more; what ran while some run heeded that may have been cut short, and is no result, nor a failure.
pub(super) fn side_by_side<T: Send>(
    count: usize,
    threads: usize,
    run: impl Fn(usize) -> Result<T> + Sync,
) -> Result<Vec<T>> {
    asking::begin();
    let (next, over, progress) = (AtomicUsize::new(0), AtomicBool::new(false), Progress::new(count));
    let several = threads.min(count) > 1;
    let share = || {
        let mut outcomes = Vec::new();
        while !over.load(Relaxed) && !asking::asked(Instant::now()) {
            let k = next.fetch_add(1, Relaxed);
            if k >= count {
                break;
            }
            let heeded = asking::heeded();
            let outcome = catch_unwind(AssertUnwindSafe(|| run(k)));
            let cut = asking::heeded() != heeded;
            if cut || !matches!(outcome, Ok(Ok(_))) {
                over.store(true, Relaxed);
            }
            if cut {
                break;
            }
            outcomes.push((k, outcome));
            progress.tick();
        }
        outcomes
    };
    let work = || taking(several, share);
    let mut outcomes = thread::scope(|scope| {
        // Where the system grants no more threads, those there are do the work.
        let helpers: Vec<_> =
            (1..threads.min(count)).map_while(|_| Builder::new().spawn_scoped(scope, work).ok()).collect();
        let own = work();
        let others = helpers.into_iter().flat_map(|helper| helper.join().unwrap_or_else(|panic| resume_unwind(panic)));
        own.into_iter().chain(others).collect::<Vec<_>>()
    });
    outcomes.sort_unstable_by_key(|(k, _)| *k);
    let results = outcomes.into_iter().map(|(_, outcome)| outcome.unwrap_or_else(|panic| resume_unwind(panic)));
    let results: Vec<T> = results.collect::<Result<_>>()?;
    if results.len() < count {
        // The sweep around this one has to know.
        asking::heed();
        return Err(Error::Asked { done: results.len(), count });
    }
    Ok(results)
}

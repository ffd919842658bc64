//! How many threads a computation may use, and whether it belongs to a sweep.

use crate::error::{Error, Result};
use std::cell::Cell;

/// The crate's own variable, then that of a Slurm task, which must not take the cores of its neighbours.
const VARIABLES: [&str; 2] = ["IMPLICIT_BIAS_THREADS", "SLURM_CPUS_PER_TASK"];

thread_local! {
    /// Whether this thread works for a sweep.
    static SWEEPING: Cell<bool> = const { Cell::new(false) };
    /// Whether this thread works for a sweep that has taken all threads.
    static TAKEN: Cell<bool> = const { Cell::new(false) };
}

/// As many threads as the environment asks for, else one a core; one inside a sweep of several threads.
pub(crate) fn free_threads() -> Result<usize> {
    if TAKEN.get() {
        return Ok(1);
    }
    let found = VARIABLES.iter().find_map(|variable| Some((variable, std::env::var_os(variable)?)));
    let Some((variable, text)) = found else {
        return Ok(std::thread::available_parallelism().map_or(1, usize::from));
    };
    let count = text.to_str().and_then(|text| text.trim().parse().ok()).filter(|count| *count > 0);
    count.ok_or_else(|| Error::argument(variable, "a number of threads from 1", format_args!("{text:?}")))
}

/// Whether this thread works for a sweep.
pub(crate) fn in_sweep() -> bool {
    SWEEPING.get()
}

/// A sweep's `work`, during which [`free_threads`] says 1 on this thread if all are `taken`.
pub(crate) fn taking<T>(taken: bool, work: impl FnOnce() -> T) -> T {
    let outside = (SWEEPING.replace(true), TAKEN.replace(TAKEN.get() || taken));
    let result = work();
    SWEEPING.set(outside.0);
    TAKEN.set(outside.1);
    result
}

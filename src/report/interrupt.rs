//! One runner at a time, and an end that leaves nothing half done.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::kernel::worker::end_group_of;
use super::progress::complain;
use crate::error::{Error, Result};

/// Set by Ctrl-C: whoever notices that a process died lets the handler have the last word.
static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// The groups of processes in which kernels run at the moment.
pub(crate) type Running = Arc<Mutex<BTreeSet<u32>>>;

/// The only runner in `folder`: two kernels there would overwrite each other's code.
pub(crate) fn alone(folder: &Path) -> Result<std::fs::File> {
    let path = folder.join(".lock");
    let file = std::fs::File::create(&path).map_err(|error| Error::io(&path, error))?;
    if file.try_lock().is_err() {
        complain(&format!("another `cargo notebooks` works in {}; waiting for it to end", folder.display()));
        file.lock().map_err(|error| Error::io(&path, error))?;
    }
    Ok(file)
}

/// Ctrl-C ends the processes that run the cells, then the runner; what is written is whole.
pub(crate) fn end_with_ctrl_c(running: &Running) -> Result<()> {
    let running = Arc::clone(running);
    let handler = move || {
        INTERRUPTED.store(true, Ordering::Release);
        for group in running.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            end_group_of(Some(*group));
        }
        complain("\ninterrupted; the reports finished so far are whole");
        std::process::exit(130);
    };
    ctrlc::set_handler(handler).map_err(|error| Error::argument("Ctrl-C", "a signal handler", error))
}

/// A cell that fails because of Ctrl-C is no failure: the handler is about to end the program.
pub(crate) fn leave_to_ctrl_c() {
    // The handler may be at its first line while the process that it ends is already missed.
    std::thread::sleep(std::time::Duration::from_millis(150));
    while INTERRUPTED.load(Ordering::Acquire) {
        std::thread::park();
    }
}

//! Whether somebody asked the runs of this cell, or of this program, to stop: a file tells, which appears or is touched.

use std::borrow::Cow;
use std::fs;
use std::path::Path;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::time::{Instant, SystemTime};

const VARIABLE: &str = "IMPLICIT_BIAS_STOP";
const FILE: &str = "stop";
/// Milliseconds between two looks at the file.
const INTERVAL: u64 = 500;

/// What the first run found, and what became of it.
struct Watch {
    /// Borrowed as a rule, since a run allocates nothing of its own.
    file: Cow<'static, Path>,
    /// When a file that was there already had been touched: it was meant for others.
    old: Option<SystemTime>,
    began: Instant,
    /// The millisecond from which on a look is due.
    due: AtomicU64,
    asked: AtomicBool,
    heeded: AtomicU64,
}

/// evcxr compiles each cell with statics of its own. So the runs of a cell, be they a loop of a hundred, have one beginning, and
/// the next cell is not stopped by the file that this one found.
fn watch() -> &'static Watch {
    static WATCH: OnceLock<Watch> = OnceLock::new();
    WATCH.get_or_init(|| {
        let file = std::env::var_os(VARIABLE).map_or(Cow::Borrowed(Path::new(FILE)), |path| Cow::Owned(path.into()));
        let (old, began) = (touched(&file), Instant::now());
        let (due, asked, heeded) = (AtomicU64::new(INTERVAL), AtomicBool::new(false), AtomicU64::new(0));
        Watch { file, old, began, due, asked, heeded }
    })
}

/// When the file was touched last; times are compared with one another only, since a file server's clock is not ours.
fn touched(file: &Path) -> Option<SystemTime> {
    let about = fs::metadata(file).ok()?;
    about.is_file().then(|| about.modified().ok())?
}

/// Takes note of a file that is there before anything runs.
pub(crate) fn begin() {
    watch();
}

/// Whether to stop; looks at the file at most twice a second, whoever calls.
pub(crate) fn asked(now: Instant) -> bool {
    let watch = watch();
    let millis = now.saturating_duration_since(watch.began).as_millis() as u64;
    let due = watch.due.load(Relaxed);
    if millis >= due && watch.due.compare_exchange(due, millis + INTERVAL, Relaxed, Relaxed).is_ok() {
        let touched = touched(&watch.file);
        watch.asked.store(touched.is_some() && touched != watch.old, Relaxed);
    }
    watch.asked.load(Relaxed)
}

/// Counts a run or sweep that ends before its end because it was asked to.
pub(crate) fn heed() {
    watch().heeded.fetch_add(1, Relaxed);
}

/// How many were counted so far, on all threads: what ran while this number grew may have been cut short.
pub(crate) fn heeded() -> u64 {
    watch().heeded.load(Relaxed)
}

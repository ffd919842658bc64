//! What stays the same during a run.

use std::path::PathBuf;
use std::time::Duration;

use super::home::Homes;
use super::interrupt::Running;
use super::progress::Board;
use super::project::Project;

/// Everything that stays the same during a run.
pub(crate) struct Session {
    pub project: Project,
    /// Where reports go.
    pub out: PathBuf,
    /// The compiler's version line.
    pub rustc: String,
    /// Compare, write nothing.
    pub check: bool,
    /// How many notebooks run side by side.
    pub jobs: usize,
    pub cell_limit: Option<Duration>,
    pub limit: Option<Duration>,
    pub homes: Homes,
    pub board: Board,
    pub running: Running,
}

/// Memory that a kernel takes, the cells' process and the compiler included.
const KERNEL_BYTES: u64 = 2_500_000_000;

/// One notebook a core, as far as memory allows.
pub(crate) fn default_jobs() -> usize {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let fitting = free_memory().map_or(cores, |bytes| usize::try_from(bytes / KERNEL_BYTES).unwrap_or(cores));
    cores.min(fitting).max(1)
}

/// Bytes that processes can still get, where the system tells.
fn free_memory() -> Option<u64> {
    let text = std::fs::read_to_string("/proc/meminfo").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok().map(|kilobytes| 1024 * kilobytes)
}

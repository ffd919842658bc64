//! Where kernels keep what they compile: a folder each, because two in one would overwrite each other's code.
//!
//! Dependencies are built once, by the first kernel's first cell with a `:dep` line. The other folders are filled with copies,
//! which cargo takes for its own work as long as the files keep their times.

use std::fs::{self, File, FileTimes};
use std::path::{Path, PathBuf};
use std::sync::{Condvar, Mutex, PoisonError};

use super::files;
use crate::error::{Error, Result};

/// The file that says of which state of the crate a folder is a copy.
const STAMP: &str = "copied-for";

/// The folders of a run's kernels.
pub(crate) struct Homes {
    root: PathBuf,
    count: usize,
    /// Changes with what the kernels build.
    state: String,
    /// Whether the others may start.
    filled: Mutex<bool>,
    signal: Condvar,
}

impl Homes {
    /// `count` folders below `root`.
    pub(crate) fn new(root: PathBuf, count: usize, state: String) -> Result<Self> {
        // The layout of an earlier version: a kernel's folder at the place of all.
        if root.join("Cargo.toml").exists() {
            for old in ["Cargo.toml", "Cargo.lock", ".evcxr-execution-so"] {
                let _ = fs::remove_file(root.join(old));
            }
            for old in ["src", "target", ".cargo"] {
                let _ = fs::remove_dir_all(root.join(old));
            }
        }
        for index in 0..count {
            let home = root.join(index.to_string());
            fs::create_dir_all(&home).map_err(|error| Error::io(&home, error))?;
        }
        Ok(Self { root, count, state, filled: Mutex::new(false), signal: Condvar::new() })
    }

    /// The folder of the kernel with this number, from 0.
    pub(crate) fn of(&self, index: usize) -> PathBuf {
        self.root.join(index.to_string())
    }

    /// Called when the first kernel has built what the notebooks depend on, and is at rest: fills the other folders, once.
    pub(crate) fn fill(&self) -> Result<()> {
        let mut filled = self.filled.lock().unwrap_or_else(PoisonError::into_inner);
        if *filled {
            return Ok(());
        }
        *filled = true;
        let copied = (1..self.count).filter(|index| !self.current(*index)).try_for_each(|index| self.copy(index));
        self.signal.notify_all();
        copied
    }

    /// Lets the others start with what they have. A folder that is not filled costs time, nothing else.
    pub(crate) fn release(&self) {
        *self.filled.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.signal.notify_all();
    }

    /// Waits until the folder with this number has its dependencies.
    pub(crate) fn wait(&self, index: usize) {
        let mut filled = self.filled.lock().unwrap_or_else(PoisonError::into_inner);
        while index > 0 && !*filled && !self.current(index) {
            filled = self.signal.wait(filled).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn current(&self, index: usize) -> bool {
        fs::read_to_string(self.of(index).join(STAMP)).is_ok_and(|stamp| stamp == self.state)
    }

    fn copy(&self, index: usize) -> Result<()> {
        let (from, to) = (self.of(0), self.of(index));
        fs::remove_dir_all(&to).map_err(|error| Error::io(&to, error))?;
        copy_folder(&from, &to)?;
        files::write_whole(&to.join(STAMP), self.state.as_bytes())
    }
}

/// Copies all files and folders with their times.
fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    let failed = |error: std::io::Error| Error::io(to, error);
    fs::create_dir_all(to).map_err(failed)?;
    for entry in fs::read_dir(from).map_err(|error| Error::io(from, error))? {
        let entry = entry.map_err(failed)?;
        let (source, target) = (entry.path(), to.join(entry.file_name()));
        let about = entry.metadata().map_err(failed)?;
        if about.is_dir() {
            copy_folder(&source, &target)?;
        } else if about.is_file() {
            fs::copy(&source, &target).map_err(failed)?;
            let times = FileTimes::new().set_modified(about.modified().map_err(failed)?);
            File::options().append(true).open(&target).and_then(|file| file.set_times(times)).map_err(failed)?;
        }
    }
    Ok(())
}

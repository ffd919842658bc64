//! A journal belongs to one process at a time.

use crate::error::{Error, Result};
use std::fs::{File, OpenOptions, TryLockError};
use std::io::ErrorKind;
use std::path::Path;
use std::time::{Duration, Instant};

/// Opens the file to read and to append, for this process alone; it is made where there is none. Where another process has
/// it, waits as long as `patience`.
pub(super) fn lock(path: &Path, patience: Duration) -> Result<File> {
    let (started, pause) = (Instant::now(), Duration::from_millis(100));
    loop {
        let file = OpenOptions::new().read(true).append(true).create(true).open(path);
        let file = file.map_err(|error| Error::io(path, error))?;
        match file.try_lock() {
            Ok(()) if still_there(&file, path) => return Ok(file),
            Ok(()) => {}
            Err(TryLockError::WouldBlock) if started.elapsed() < patience => std::thread::sleep(pause),
            Err(error) => return Err(refused(path, error)),
        }
    }
}

/// Opens the file, if there is one, so that nobody can have it alone meanwhile.
pub(super) fn lock_shared(path: &Path) -> Result<Option<File>> {
    match File::open(path) {
        Ok(file) => file.try_lock_shared().map(|()| Some(file)).map_err(|error| refused(path, error)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::io(path, error)),
    }
}

fn refused(path: &Path, error: TryLockError) -> Error {
    match error {
        TryLockError::WouldBlock => Error::io(path, "another process is recording into this file: wait for its end"),
        TryLockError::Error(error) => {
            Error::io(path, format_args!("a file system that locks files is needed: {error}"))
        }
    }
}

/// Whether the path still leads to the opened file: who had the lock before may have finished and removed it.
#[cfg(unix)]
fn still_there(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let id = |metadata: &std::fs::Metadata| (metadata.dev(), metadata.ino());
    matches!((file.metadata(), path.metadata()), (Ok(own), Ok(found)) if id(&own) == id(&found))
}

/// Here an open file cannot be removed.
#[cfg(not(unix))]
fn still_there(_: &File, _: &Path) -> bool {
    true
}

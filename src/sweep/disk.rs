//! Files that a loss of power leaves whole.

use super::share::folder;
use crate::error::{Error, Result};
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

/// Puts `text` in the place of the record, which is at any moment the old one or the new one and whole.
pub(super) fn replace(record: &str, text: &[u8]) -> Result<()> {
    let new = PathBuf::from(format!("{record}.new"));
    let written = File::create(&new).and_then(|mut file| file.write_all(text).and_then(|()| file.sync_all()));
    let written = written.map_err(|error| Error::io(&new, error));
    let renamed = written.and_then(|()| fs::rename(&new, record).map_err(|error| Error::io(record, error)));
    match renamed {
        Ok(()) => sync_folder(Path::new(record)),
        // The journal has the rows; half a record is of no use.
        Err(_) => drop(fs::remove_file(&new)),
    }
    renamed
}

/// Has the names in the file's folder written to the disk, so that a loss of power does not take a new one back. Some file
/// systems know no such order, and a name that is lost costs no more than the work since.
pub(super) fn sync_folder(path: &Path) {
    let _ = File::open(folder(path)).and_then(|folder| folder.sync_all());
}

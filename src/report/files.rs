//! Files that are either whole or not there.

use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};

/// Writes beside `path`, then renames: a reader, or an interrupt, never meets half a file.
pub(crate) fn write_whole(path: &Path, content: &[u8]) -> Result<()> {
    let part = part_of(path);
    let written = File::create(&part).and_then(|mut file| {
        file.write_all(content)?;
        file.sync_all()
    });
    written.and_then(|()| fs::rename(&part, path)).map_err(|error| {
        // The half-written file is worth nothing, and on a full disk it is in the way.
        let _ = fs::remove_file(&part);
        Error::io(path, error)
    })
}

/// Makes `folder` and finds out, before hours of work, whether `bytes` can be written there.
pub(crate) fn probe(folder: &Path, bytes: usize) -> Result<()> {
    fs::create_dir_all(folder).map_err(|error| Error::io(folder, error))?;
    let file = folder.join(".probe");
    let tried = File::create(&file).and_then(|mut file| {
        file.write_all(&vec![1; bytes])?;
        file.sync_all()
    });
    let _ = fs::remove_file(&file);
    tried.map_err(|error| Error::io(folder, format!("{} MB cannot be written here: {error}", bytes / 1_000_000)))
}

/// Every file below `root` (or `root` itself), sorted by path.
pub(crate) fn below(root: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![root.to_owned()];
    while let Some(path) = open.pop() {
        // A link may lead anywhere, round in a circle too.
        if path.is_symlink() && path.is_dir() && path != root {
            continue;
        }
        match fs::read_dir(&path) {
            Ok(entries) => open.extend(entries.flatten().map(|entry| entry.path())),
            Err(_) if path.is_file() => found.push(path),
            Err(_) => {}
        }
    }
    found.sort();
    found
}

/// The content of a file, empty when it cannot be read: used where absence is an answer.
pub(crate) fn bytes_or_empty(path: &Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    if let Ok(mut file) = File::open(path) {
        let _ = file.read_to_end(&mut bytes);
    }
    bytes
}

fn part_of(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.part"))
}

//! One of N shares of a study's items, and the journal that belongs to it.

use crate::error::{Error, Result};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::path::{Path, PathBuf};

/// Share `number` of `of`, at least two: the items `number`, `number + of`, …, all counted from 1.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Share {
    pub of: usize,
    pub number: usize,
}

impl Share {
    /// `3/8` as a share; none for `1/1`, which is the whole.
    pub fn parse(what: &str, text: &str) -> Result<Option<Self>> {
        let numbers = text.trim().split_once('/').and_then(|(i, n)| Some((i.parse().ok()?, n.parse().ok()?)));
        match numbers {
            Some((1, 1)) => Ok(None),
            Some((number, of)) if 1 <= number && number <= of => Ok(Some(Self { of, number })),
            _ => Err(Error::argument(what, "i/N with i from 1 to N, as 3/8", format_args!("{text:?}"))),
        }
    }

    /// The share of `of` that item `number` falls to.
    pub fn that_has(number: usize, of: usize) -> Self {
        Self { of, number: (number - 1) % of + 1 }
    }

    pub fn has(self, number: usize) -> bool {
        Self::that_has(number, self.of) == self
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {}", self.number, self.of)
    }
}

/// The journal of a share, or that of the whole, beside the record.
pub(super) fn journal_path(record: &Path, share: Option<Share>) -> PathBuf {
    let middle = share.map(|Share { number, of }| format!(".{number}-of-{of}")).unwrap_or_default();
    PathBuf::from(format!("{}{middle}.part", record.display()))
}

/// The journals that stand beside the record: that of the whole first, then the shares in their order.
pub(super) fn journals(record: &Path) -> Result<Vec<(Option<Share>, PathBuf)>> {
    let folder = folder(record);
    let io = |error| Error::io(folder, error);
    let mut found = Vec::new();
    for entry in folder.read_dir().map_err(io)? {
        let name = entry.map_err(io)?.file_name();
        if let Some(share) = name.to_str().and_then(|name| share_of(record, name)) {
            found.push((share, journal_path(record, share)));
        }
    }
    found.sort_unstable();
    Ok(found)
}

/// The folder in which a file stands.
pub(super) fn folder(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Whose journal a file of this name is; the outer none where it is none of this record.
fn share_of(record: &Path, name: &str) -> Option<Option<Share>> {
    let middle = name.strip_prefix(record.file_name()?.to_str()?)?.strip_suffix(".part")?;
    if middle.is_empty() {
        return Some(None);
    }
    let (number, of) = middle.strip_prefix('.')?.split_once("-of-")?;
    let share = Share { of: of.parse().ok()?, number: number.parse().ok()? };
    // Only names that journal_path gives: `03-of-8` is somebody else's file.
    journal_path(record, Some(share)).file_name()?.to_str().filter(|own| *own == name).map(|_| Some(share))
}

//! The rows of a study that is not finished: a head, then a line an item, each on the disk before the next item begins.

use super::disk::sync_folder;
use super::entry::Row;
use super::head::Head;
use super::line::{damaged, line, value, whole};
use super::lock::lock;
use crate::dataset::csv::parse_error;
use crate::error::{Error, Result};
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// What a journal says.
pub(super) struct Contents {
    pub path: PathBuf,
    /// None where the process that began the journal did not come to the end of its first line.
    pub head: Option<Head>,
    pub rows: Vec<Row>,
    /// The bytes up to the end of the last whole line.
    whole: usize,
}

impl Contents {
    /// Another process may be writing: its last line is then passed over as one that was cut off.
    pub fn read(path: &Path) -> Result<Self> {
        let bytes = fs::read(path).map_err(|error| Error::io(path, error))?;
        let (lines, whole) = whole(path, &bytes)?;
        let head: Option<Head> = lines.first().map(|json| value(path, 0, json)).transpose()?;
        let row = |(k, json): (usize, &&[u8])| {
            let row: Row = value(path, k, json)?;
            let fits = head.as_ref().is_some_and(|head| {
                (1..=head.items).contains(&row.number)
                    && head.share.is_none_or(|share| share.has(row.number))
                    && row.numbers().is_some_and(|numbers| numbers.len() == head.columns.len())
            });
            if fits { Ok(row) } else { Err(damaged(path, k)) }
        };
        let rows = lines.iter().enumerate().skip(1).map(row).collect::<Result<_>>()?;
        Ok(Self { path: path.into(), head, rows, whole })
    }

    /// Refuses rows of something else than `head`.
    pub fn must_be_of(&self, head: &Head) -> Result<()> {
        match self.head.as_ref().and_then(|found| head.difference(found)) {
            Some(message) if !self.rows.is_empty() => {
                let path = self.path.display();
                let remedy = format!("rows are never mixed: finish with the version that began them, or delete {path}");
                Err(parse_error(&self.path, 1, None, format!("{message}; {remedy}")))
            }
            _ => Ok(()),
        }
    }
}

/// A journal that this process alone may write.
pub(super) struct Journal {
    path: PathBuf,
    /// With the length of what is whole.
    file: Mutex<(File, u64)>,
}

impl Journal {
    /// Begins the journal or goes on with it; what it holds already.
    pub fn open(path: PathBuf, head: &Head, patience: Duration) -> Result<(Self, Contents)> {
        let file = lock(&path, patience)?;
        let mut contents = Contents::read(&path)?;
        contents.must_be_of(head)?;
        // A head without rows is no more than a beginning, and it may be that of another study.
        let (kept, text) = match contents.rows[..] {
            [] => {
                contents.head = Some(head.clone());
                (0, line(&path, head)?)
            }
            _ => (contents.whole as u64, String::new()),
        };
        let journal = Self { path, file: Mutex::new((file, kept)) };
        journal.write(&text)?;
        sync_folder(&journal.path);
        Ok((journal, contents))
    }

    /// Adds the rows; they are on the disk when this returns.
    pub fn append(&self, rows: &[Row]) -> Result<()> {
        let lines = rows.iter().map(|row| line(&self.path, row)).collect::<Result<String>>()?;
        self.write(&lines)
    }

    /// One write, so that a process that dies leaves whole lines and at most one that has no end.
    fn write(&self, text: &str) -> Result<()> {
        let mut guard = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        let (file, length) = &mut *guard;
        // Half a line may stand there, if the disk was full for another thread: nothing must be written behind it.
        let cut = file.set_len(*length);
        let written = cut.and_then(|()| file.write_all(text.as_bytes())).and_then(|()| file.sync_data());
        written.map_err(|error| Error::io(&self.path, error))?;
        *length += text.len() as u64;
        Ok(())
    }

    pub fn remove(self) -> Result<()> {
        fs::remove_file(&self.path).map_err(|error| Error::io(&self.path, error))
    }
}

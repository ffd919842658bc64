//! How far a recorded study is, told from its files alone.

use super::gather::Gathered;
use super::journal::Contents;
use super::missing::Missing;
use super::share::journals;
use crate::error::{Error, Result};
use std::fmt;
use std::path::Path;

/// How far the recording of a study is; `Display` tells it.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Status {
    /// The record that the journals belong to.
    pub record: String,
    /// So many items the study has; 0 where no journal tells.
    pub items: usize,
    /// So many of them have a row in a journal.
    pub done: usize,
    /// So many journals there are.
    pub journals: usize,
    /// The shares with missing items as `sbatch --array` takes them, such as `3,7-9`; empty where nothing is missing or the
    /// items are not shared out.
    pub array: String,
    /// What is missing in words, `shares 3,7-9 of 8` or `items 12-20`; empty where nothing is.
    pub missing: String,
}

/// How far the recording of the study with this record is; processes that record may be at work.
///
/// The journals beside the record tell: `NAME.csv.part`, and `NAME.csv.3-of-8.part` for a share. A finished record has none.
///
/// ```no_run
/// use implicit_bias::sweep::status;
/// let status = status("../data/report-4-sizes.csv")?;
/// println!("{status}");
/// # Ok::<(), implicit_bias::error::Error>(())
/// ```
///
/// # Errors
/// Neither a record nor a journal; journals that are damaged, contradict each other or are of different studies, versions or
/// numbers of shares.
pub fn status(record: &str) -> Result<Status> {
    let contents = read_all(record)?;
    if contents.is_empty() && !Path::new(record).is_file() {
        return Err(Error::io(record, "there is neither a record nor a journal of one that is being made"));
    }
    let gathered = Gathered::of(&contents)?;
    let places = gathered.missing();
    let missing = Missing::of(&places, gathered.of);
    Ok(Status {
        record: record.into(),
        items: gathered.head.map_or(0, |head| head.items),
        done: gathered.rows.len(),
        journals: contents.len(),
        array: missing.array(),
        missing: if places.is_empty() { String::new() } else { missing.to_string() },
    })
}

/// What the journals beside the record say.
pub(super) fn read_all(record: &str) -> Result<Vec<Contents>> {
    journals(Path::new(record))?.iter().map(|(_, path)| Contents::read(path)).collect()
}

/// So many journals in words.
pub(super) fn counted(journals: usize) -> String {
    if journals == 1 { "1 journal".into() } else { format!("{journals} journals") }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { record, items, done, journals, array, missing } = self;
        if *journals == 0 {
            return write!(f, "{record}: finished");
        }
        write!(f, "{record}: {done} of {items} items in {}", counted(*journals))?;
        match (missing.is_empty(), array.is_empty()) {
            (true, _) if done == items && *items > 0 => write!(f, "\nall there, to be merged"),
            (true, _) => write!(f, "\nnothing yet"),
            (false, true) => write!(f, "\nmissing: {missing}"),
            (false, false) => write!(f, "\nmissing: {missing}\nto run again: --array={array}"),
        }
    }
}

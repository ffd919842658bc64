//! The record from the shares of its items.

use super::gather::Gathered;
use super::status::{counted, read_all};
use super::whole::Whole;
use crate::error::{Error, Result};
use std::fmt;
use std::time::Duration;

/// What [`merge`] did; `Display` tells it.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Merged {
    /// The record that was written.
    pub record: String,
    /// So many items it has.
    pub items: usize,
    /// From so many journals.
    pub journals: usize,
}

/// Writes the record from its journals, once they have the rows of all items, and removes them.
///
/// The file has the same bytes as one that was made without shares. Nothing is run: the next reading of the study checks a
/// sample as always. An interrupted merge is called again.
///
/// ```no_run
/// use implicit_bias::sweep::merge;
/// println!("{}", merge("../data/report-4-sizes.csv")?);
/// # Ok::<(), implicit_bias::error::Error>(())
/// ```
///
/// # Errors
/// [`Error::Incomplete`] with what is missing. No journals; journals that another process is writing, that are damaged, of
/// different studies, versions or numbers of shares, or that contradict each other: named, and left as they are. A disk that
/// is full or cannot be written to.
pub fn merge(record: &str) -> Result<Merged> {
    let contents = read_all(record)?;
    if contents.is_empty() {
        return Err(Error::io(
            record,
            "expected journals of its shares beside it, found none: there is nothing to merge",
        ));
    }
    let head = Gathered::of(&contents)?.complete(record)?.with_share(None);
    Whole::open(record, &head, Duration::ZERO)?.finish()?;
    Ok(Merged { record: record.into(), items: head.items, journals: contents.len() })
}

impl fmt::Display for Merged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { record, items, journals } = self;
        write!(f, "{record}: {items} items from {}", counted(*journals))
    }
}

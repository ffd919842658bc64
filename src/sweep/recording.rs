//! A study that is being recorded: what is done is kept, what is missing is run.

use super::agree::Place;
use super::entry::Row;
use super::file::RecordFile;
use super::gather::Gathered;
use super::journal::{Contents, Journal};
use super::lock::lock_shared;
use super::share::{Share, journal_path, journals};
use super::whole::Whole;
use crate::error::{Error, Result};
use std::path::Path;
use std::time::Duration;

/// Runs the chosen items and hands the values of each, as soon as it is done, to the second argument; the values of all.
pub(super) type Run<'a> = &'a dyn Fn(&[usize], Keep) -> Result<Vec<Vec<f64>>>;
pub(super) type Keep<'a> = &'a (dyn Fn(usize, &[f64]) -> Result<()> + Sync);
/// Items that were run, counted from 0, and their values.
pub(super) type Found = Vec<(usize, Vec<f64>)>;

/// A node that is lost holds its locks until its lease on the file server ends, 90 seconds with NFS.
const PATIENCE: Duration = Duration::from_secs(120);

pub(super) struct Recording<'a> {
    pub file: &'a RecordFile<'a>,
    pub names: &'a [String],
    pub run: Run<'a>,
}

impl Recording<'_> {
    /// Runs what no journal has and writes the record; the items that were run.
    pub fn whole(&self) -> Result<Found> {
        // A task that Slurm starts again may find the lock of its first process, on a node that is lost.
        let patience = if std::env::var_os("SLURM_JOB_ID").is_some() { PATIENCE } else { Duration::ZERO };
        let whole = Whole::open(self.file.path, &self.file.head(self.names, None), patience)?;
        let missing = Gathered::of(&whole.contents)?.missing();
        let mut found = self.again(&whole.contents)?;
        found.extend(self.missing(&missing, &whole.journal)?);
        whole.finish()?;
        Ok(found)
    }

    /// Runs what is missing of the share; ends with [`Error::Share`] when all of it is there.
    pub fn share(&self, share: Share) -> Result<Found> {
        let (record, head) = (Path::new(self.file.path), self.file.head(self.names, Some(share)));
        let whole = journal_path(record, None);
        // Held to the end, so that nobody begins to record the whole meanwhile.
        let held = lock_shared(&whole)?;
        let path = journal_path(record, Some(share));
        for (other, path) in journals(record)? {
            if let Some(other) = other.filter(|other| other.of != share.of) {
                let expected = format!("a share of {} beside {}, or that file deleted", other.of, path.display());
                return Err(Error::argument("IMPLICIT_BIAS_SHARE", expected, format_args!("share {share}")));
            }
        }
        let (journal, own) = Journal::open(path.clone(), &head, PATIENCE)?;
        if held.is_none() && whole.exists() {
            // One that began to record the whole meanwhile may have seen no journal of this share.
            drop(journal);
            return self.share(share);
        }
        let mut contents = vec![own];
        if held.is_some() {
            let known = Contents::read(&whole)?;
            known.must_be_of(&head.with_share(None))?;
            contents.push(known);
        }
        let mut missing = Gathered::of(&contents)?.missing();
        missing.retain(|&number| share.has(number));
        if !missing.is_empty() {
            self.again(&contents)?;
            self.missing(&missing, &journal)?;
        }
        let items = (1..=self.names.len()).filter(|&number| share.has(number)).count();
        let (path, journal) = (self.file.path.into(), path.display().to_string());
        Err(Error::Share { path, share: share.to_string(), items, journal })
    }

    fn missing(&self, numbers: &[usize], journal: &Journal) -> Result<Found> {
        let chosen: Vec<usize> = numbers.iter().map(|number| number - 1).collect();
        let keep = |index: usize, values: &[f64]| journal.append(&[Row::of(index + 1, &self.names[index], values)]);
        let found = (self.run)(&chosen, &keep)?;
        Ok(chosen.into_iter().zip(found).collect())
    }

    /// Runs one item of each journal again before any other, lest rows of two versions of the experiment come together.
    fn again(&self, journals: &[Contents]) -> Result<Found> {
        let mut rows: Vec<_> = journals.iter().filter_map(|journal| Some((one_of(&journal.rows)?, journal))).collect();
        rows.sort_unstable_by_key(|(row, _)| row.number);
        let chosen: Vec<usize> = rows.iter().map(|(row, _)| row.number - 1).collect();
        let found = (self.run)(&chosen, &|_, _| Ok(()))?;
        for ((row, journal), found) in rows.iter().zip(&found) {
            let path = journal.path.display().to_string();
            let remedy =
                format!("rows of two versions are never mixed: finish with the one that began, or delete {path}");
            let place = Place { path, columns: self.file.columns, remedy };
            place.compare(&row.item, &row.numbers().unwrap_or_default(), found)?;
        }
        Ok(chosen.into_iter().zip(found).collect())
    }
}

/// Another row at each number of rows, so that a journal which is taken up often is checked all over.
fn one_of(rows: &[Row]) -> Option<&Row> {
    let golden = 0.5 * (5_f64.sqrt() - 1.0);
    rows.get(((rows.len() as f64 * golden).fract() * rows.len() as f64) as usize)
}

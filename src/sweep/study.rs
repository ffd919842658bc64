//! A sweep whose rows are kept in a file and checked at each reading.

use super::agree::Place;
use super::file::RecordFile;
use super::recorded::Recorded;
use super::recording::{Keep, Recording, Run};
use super::row::Recordable;
use super::wanted::{RECORD, Wanted};
use crate::error::{Error, Result};
use std::fmt::Debug;

/// A long sweep that was run once by a command, its rows kept in a CSV file.
///
/// The experiment stays in the notebook. [`Study::run`] reads the rows, runs a sample of the items again and compares, so
/// that a record which the code no longer gives is an error and not a figure.
///
/// ```no_run
/// use implicit_bias::prelude::*;
/// #[derive(Clone, Debug)]
/// struct Outcome { size: f64, seed: f64, log_risk: f64 }
/// impl Recordable for Outcome { columns! { size, seed, log_risk } }
/// # fn outcome(size: f64, seed: u64) -> Result<Outcome> { Ok(Outcome { size, seed: seed as f64, log_risk: -1.0 }) }
///
/// let study: Recorded<Outcome> = Study {
///     record: "../data/report-4-sizes.csv",
///     about: "two layers of two, 1e6 steps of JiTelgarsky from Gaussian starts of four sizes, seeds 1 to 300",
///     notebook: "report-4-remarks",
///     sample: 24,
/// }
/// .run(grid([0.1, 0.2, 0.4, 0.8], 1..=300), |(size, seed)| outcome(size, seed))?;
/// let risks: Vec<f64> = study.rows.iter().map(|row| row.log_risk).collect();
/// # Ok::<(), Error>(())
/// ```
///
/// The record is made, or made again, by `IMPLICIT_BIAS_RECORD=1 cargo notebooks --force report-4-remarks`. It says so
/// itself: above its header stand `about`, this command and the version of the crate. Then comes a row an item: the item as
/// `Debug` prints it, and the row's columns. Whole numbers keep all digits, others seven. The same items give the same file.
///
/// While the record is made, each row goes to a journal beside it, `report-4-sizes.csv.part`, as soon as it is done. Whatever
/// ends the process costs the items in flight, and the next such run goes on. It runs one item of the journal again first:
/// rows of another experiment, as those with another `about`, other columns or items, or of another version of the crate,
/// are refused. The record is put in its place when all rows are there, and the journal removed.
///
/// `IMPLICIT_BIAS_RECORD=report-4-sizes` makes that record alone, and the notebook's other studies are read without running
/// anything. Then the items can be shared out over processes; see [`cluster`](super::cluster).
#[derive(Clone, Copy, Debug)]
pub struct Study<'a> {
    /// The CSV file, relative to the notebook's folder.
    pub record: &'a str,
    /// One line: what is run, with its settings. It must be the record's own.
    pub about: &'a str,
    /// The notebook to name in the command that makes the record.
    pub notebook: &'a str,
    /// So many items, spread over all, are run again at each reading.
    pub sample: usize,
}

impl Study<'_> {
    /// The record's rows for these items, after a sample of them was run again; with `IMPLICIT_BIAS_RECORD` in the
    /// environment all items that no journal has are run and the record is written first.
    ///
    /// A number may deviate from the record's by 1e-5 of the larger of the two, and by 1e-12. NaN equals NaN, ∞ equals ∞.
    /// Quantities that become tiny are therefore recorded as logarithms.
    ///
    /// # Errors
    /// No record (with the command that makes it) or one of something else: another `about`, other columns, items or numbers
    /// of rows, a text where a number belongs, with line and column. [`Error::Deviation`] where an item does not give what
    /// the record says, or a journal. [`Error::Share`] when a share of the items was asked for and is complete. A journal that
    /// another process writes, that is damaged or another study's; a share that makes no sense; a file that cannot be written.
    /// No items, a `sample` of 0, texts that are not one line; as [`sweep`](super::sweep()).
    pub fn run<I, R, F>(&self, items: I, experiment: F) -> Result<Recorded<R>>
    where
        I: IntoIterator<Item: Clone + Debug + Sync>,
        R: Recordable,
        F: Fn(I::Item) -> Result<R> + Sync,
    {
        let items: Vec<I::Item> = items.into_iter().collect();
        let names: Vec<String> = items.iter().map(|item| format!("{item:?}")).collect();
        let columns = R::columns();
        let values = |item| {
            let values = experiment(item)?.values();
            let shape = |n| format!("{n} values");
            if values.len() == columns.len() {
                return Ok(values);
            }
            Err(Error::shape("Recordable::values", shape(columns.len()), shape(values.len())))
        };
        let run = |chosen: &[usize], keep: Keep| {
            super::of_chosen(&items, chosen, values, |index, values| keep(index, values))
        };
        let Recorded { rows, checked, deviation, origin } = self.numbers(&columns, &names, &run)?;
        let row = |values: &Vec<f64>| {
            let expected = || format!("the row of {} values that Recordable::columns names", values.len());
            R::from_values(values).ok_or_else(|| Error::argument("Recordable::from_values", expected(), "none"))
        };
        Ok(Recorded { rows: rows.iter().map(row).collect::<Result<_>>()?, checked, deviation, origin })
    }

    /// The record's numbers and what came of their check; apart from [`Study::run`] so that no cell compiles it again.
    fn numbers(&self, columns: &[String], names: &[String], run: Run) -> Result<Recorded<Vec<f64>>> {
        self.check(names.len())?;
        let command = format!("{RECORD}=1 cargo notebooks --force {}", self.notebook);
        let file = RecordFile { path: self.record, about: self.about, command: &command, columns };
        let recording = Recording { file: &file, names, run };
        let wanted = Wanted::of(self.record)?;
        let mut found = match wanted {
            Wanted::Record(None) => recording.whole()?,
            Wanted::Record(Some(share)) => recording.share(share)?,
            Wanted::Sample | Wanted::Rows => vec![],
        };
        let (rows, version) = file.read(names)?;
        if matches!(wanted, Wanted::Sample) {
            let sample = spread(names.len(), self.sample);
            let values = run(&sample, &|_, _| Ok(()))?;
            found = sample.into_iter().zip(values).collect();
        }
        let remedy = format!("if the code changed for a reason, make the record again with `{command}`");
        let place = Place { path: self.record.into(), columns, remedy };
        let deviations = found.iter().map(|(i, found)| place.compare(&names[*i], &rows[*i], found));
        let deviation = deviations.collect::<Result<Vec<_>>>()?.into_iter().fold(0.0, f64::max);
        let origin = format!("{} (made with {version} by `{command}`)", self.record);
        Ok(Recorded { rows, checked: found.len(), deviation, origin })
    }

    fn check(&self, items: usize) -> Result<()> {
        let texts = [("Study.record", self.record), ("Study.about", self.about), ("Study.notebook", self.notebook)];
        for (what, text) in texts {
            if text.trim() != text || text.is_empty() || text.contains(char::is_control) {
                return Err(Error::argument(
                    what,
                    "one line of text without spaces around it",
                    format_args!("{text:?}"),
                ));
            }
        }
        if self.sample == 0 {
            return Err(Error::argument("Study.sample", "at least 1 item to run again", 0));
        }
        if items == 0 {
            return Err(Error::argument("Study::run(items)", "at least one item", "none"));
        }
        Ok(())
    }
}

/// `sample` of the numbers below `n`, ascending, one in each of as many equal parts. Where in its part moves on by the
/// golden ratio, lest a grid be met at the same column again and again.
fn spread(n: usize, sample: usize) -> Vec<usize> {
    let parts = sample.min(n);
    let golden = 0.5 * (5_f64.sqrt() - 1.0);
    let one = |k: usize| {
        let (from, to) = (k * n / parts, (k + 1) * n / parts);
        from + ((to - from) as f64 * (golden * k as f64).fract()) as usize
    };
    (0..parts).map(one).collect()
}

//! A sweep whose rows are kept in a file and checked at each reading.

use super::file::{Part, RecordFile, rounded};
use super::recorded::Recorded;
use super::row::Recordable;
use crate::error::{Error, Result};
use std::fmt::Debug;

const VARIABLE: &str = "IMPLICIT_BIAS_RECORD";

/// Relative deviation up to which a number counts as come out again.
const TOLERANCE: f64 = 1e-5;
/// Smaller numbers are compared as if they had this size: rounding may turn a 0 into 1e-16. Thus 1e-12 passes for 0.
const FLOOR: f64 = 1e-7;

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

/// Runs the chosen items; the values of each.
type Run<'a> = &'a dyn Fn(&[usize]) -> Result<Vec<Vec<f64>>>;

impl Study<'_> {
    /// The record's rows for these items, after a sample of them was run again; with `IMPLICIT_BIAS_RECORD=1` in the
    /// environment all items are run and the record is written first.
    ///
    /// A number may deviate from the record's by 1e-5 of the larger of the two, and by 1e-12. NaN equals NaN, ∞ equals ∞.
    /// Quantities that become tiny are therefore recorded as logarithms.
    ///
    /// # Errors
    /// No record (with the command that makes it) or one of something else: another `about`, other columns, items or numbers
    /// of rows, a text where a number belongs, with line and column. [`Error::Deviation`] where an item does not give what
    /// the record says. No items, a `sample` of 0, texts that are not one line; as [`sweep`](super::sweep).
    pub fn run<I, R, F>(&self, items: I, experiment: F) -> Result<Recorded<R>>
    where
        I: IntoIterator<Item: Clone + Debug + Sync>,
        R: Recordable,
        F: Fn(I::Item) -> Result<R> + Sync,
    {
        let items: Vec<I::Item> = items.into_iter().collect();
        let names: Vec<String> = items.iter().map(|item| format!("{item:?}")).collect();
        let run = |chosen: &[usize]| super::of_chosen(&items, chosen, |item| Ok(experiment(item)?.values()));
        let Recorded { rows, checked, deviation, origin } = self.numbers(&R::columns(), &names, &run)?;
        let row = |values: &Vec<f64>| {
            let expected = || format!("the row of {} values that Recordable::columns names", values.len());
            R::from_values(values).ok_or_else(|| Error::argument("Recordable::from_values", expected(), "none"))
        };
        Ok(Recorded { rows: rows.iter().map(row).collect::<Result<_>>()?, checked, deviation, origin })
    }

    /// The record's numbers and what came of their check; apart from [`Study::run`] so that no cell compiles it again.
    fn numbers(&self, columns: &[String], names: &[String], run: Run) -> Result<Recorded<Vec<f64>>> {
        self.check(names.len())?;
        let command = format!("{VARIABLE}=1 cargo notebooks --force {}", self.notebook);
        let file = RecordFile { path: self.record, about: self.about, command: &command, columns };
        let (chosen, found, (rows, version)) = if recording()? {
            let part = Part::create(self.record)?;
            let all: Vec<usize> = (0..names.len()).collect();
            let found = run(&all)?;
            part.commit(file.text(names, &found)?)?;
            (all, found, file.read(names)?)
        } else {
            let record = file.read(names)?;
            let sample = spread(names.len(), self.sample);
            let found = run(&sample)?;
            (sample, found, record)
        };
        let mut largest = 0.0_f64;
        for (&i, found) in chosen.iter().zip(&found) {
            for ((column, &recorded), &found) in columns.iter().zip(&rows[i]).zip(found) {
                let found = rounded(found);
                let deviation = deviation(recorded, found);
                if deviation > TOLERANCE {
                    let (path, item, column) = (self.record.into(), names[i].clone(), column.clone());
                    return Err(Error::Deviation { path, item, column, recorded, found, command });
                }
                largest = largest.max(deviation);
            }
        }
        let origin = format!("{} (made with {version} by `{command}`)", self.record);
        Ok(Recorded { rows, checked: chosen.len(), deviation: largest, origin })
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

/// Whether the environment asks for a new record.
fn recording() -> Result<bool> {
    match std::env::var_os(VARIABLE) {
        None => Ok(false),
        Some(value) if value == "1" => Ok(true),
        Some(value) => Err(Error::argument(VARIABLE, "1 or no such variable", format_args!("{value:?}"))),
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

/// |a − b| / max(|a|, |b|, floor); 0 for equal infinities and two NaN, ∞ where only one of the two is such.
fn deviation(a: f64, b: f64) -> f64 {
    if a == b || (a.is_nan() && b.is_nan()) {
        0.0
    } else if a.is_finite() && b.is_finite() {
        (a - b).abs() / a.abs().max(b.abs()).max(FLOOR)
    } else {
        f64::INFINITY
    }
}

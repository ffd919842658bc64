//! What a run leaves: the rows of its probe and why it stopped.

use super::divergence::Divergence;
use super::stop::Stopped;
use crate::show::{Bundle, escape, table};
use std::fmt;

/// The rows that a probe returned, in the order of their steps, and how the run ended.
///
/// The first and the last state are always among the rows.
#[derive(Clone)]
pub struct Run<Row> {
    /// One row for each kept step; never empty as a run returns it.
    pub rows: Vec<Row>,
    /// Why the run stopped.
    pub stopped: Stopped,
    /// How it diverged, if it did: the step, η and the bound that was broken.
    pub diverged: Option<Divergence>,
    /// Steps taken in this call.
    pub steps: u64,
    /// Marks that were asked for ([`Record::At`](super::Record::At), [`SaveAt::At`](crate::flow::SaveAt::At)) and lie past the end.
    pub missed: usize,
    /// Wall time of this call in seconds.
    pub seconds: f64,
}

impl<Row> Run<Row> {
    /// The row of the first state.
    ///
    /// # Panics
    /// When `rows` was emptied by hand.
    pub fn first(&self) -> &Row {
        &self.rows[0]
    }

    /// The row of the last state.
    ///
    /// # Panics
    /// When `rows` was emptied by hand.
    pub fn last(&self) -> &Row {
        &self.rows[self.rows.len() - 1]
    }

    /// This run with its continuation: the rows of `more` but for its first, which repeats our last.
    pub fn then(mut self, more: Self) -> Self {
        self.rows.extend(more.rows.into_iter().skip(1));
        Self {
            rows: self.rows,
            stopped: more.stopped,
            diverged: more.diverged,
            steps: self.steps + more.steps,
            missed: more.missed,
            seconds: self.seconds + more.seconds,
        }
    }

    /// One number of every row.
    pub fn column(&self, value: impl Fn(&Row) -> f64) -> Vec<f64> {
        self.rows.iter().map(value).collect()
    }
}

impl<'a, Row> IntoIterator for &'a Run<Row> {
    type Item = &'a Row;
    type IntoIter = std::slice::Iter<'a, Row>;

    /// The rows, in the order of their steps.
    fn into_iter(self) -> Self::IntoIter {
        self.rows.iter()
    }
}

impl<Row: fmt::Debug> Run<Row> {
    /// Called by the evcxr kernel: the first rows, the last one, and why the run stopped.
    pub fn evcxr_display(&self) {
        self.display(&format!("{self:?}"));
    }

    /// Shows a sentence about the run, the first rows and the last.
    pub(crate) fn display(&self, about: &str) {
        const HEAD: usize = 4;
        let n = self.rows.len();
        let shown = (0..n).filter(|i| *i < HEAD || i + 1 == n);
        let rows = shown.map(|i| [format!("{i}"), format!("{:?}", self.rows[i])]);
        let html = format!("<p>{}</p>{}", escape(about), table(["", "row"], rows));
        Bundle::new().html(html).plain(about).print();
    }
}

impl<Row> fmt::Debug for Run<Row> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Run: {} rows, {} steps, stopped: {:?}", self.rows.len(), self.steps, self.stopped)?;
        if self.missed > 0 {
            write!(f, ", {} marks past the end", self.missed)?;
        }
        self.diverged.map_or(Ok(()), |divergence| write!(f, ": {divergence}"))
    }
}

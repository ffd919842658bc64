//! What a recorded study gives, and how it shows itself.

use super::row::Recordable;
use crate::show::{Bundle, escape, number, table};
use std::fmt;

/// The rows of a [`Study`](super::Study), as the record has them, after the check that some of them come out again.
#[derive(Clone)]
pub struct Recorded<R> {
    /// One row for each item, in the order of the items; numbers that are not whole have seven significant digits.
    pub rows: Vec<R>,
    /// So many items were run in this call; of a record that was being made, those that no journal had, and a check.
    pub checked: usize,
    /// The largest relative deviation of what they gave from the record; 0 means the same seven digits everywhere.
    pub deviation: f64,
    /// Where the record is and how it was made.
    pub(super) origin: String,
}

impl<'a, R> IntoIterator for &'a Recorded<R> {
    type Item = &'a R;
    type IntoIter = std::slice::Iter<'a, R>;

    /// The rows, in the order of the items.
    fn into_iter(self) -> Self::IntoIter {
        self.rows.iter()
    }
}

impl<R: Recordable> Recorded<R> {
    /// Called by the evcxr kernel: where the rows come from and what was checked, the first rows and the last.
    pub fn evcxr_display(&self) {
        const HEAD: usize = 4;
        let n = self.rows.len();
        let shown = self.rows.iter().enumerate().filter(|(i, _)| *i < HEAD || i + 1 == n);
        let lines = shown
            .map(|(i, row)| std::iter::once(i.to_string()).chain(row.values().into_iter().map(number)).collect())
            .collect::<Vec<Vec<_>>>();
        let head = std::iter::once(String::new()).chain(R::columns());
        let html = format!("<p>{}</p>{}", escape(format_args!("{self:?}")), table(head, lines));
        Bundle::new().html(html).plain(format_args!("{self:?}")).print();
    }
}

impl<R> fmt::Debug for Recorded<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let which = match self.checked {
            0 => "none".to_owned(),
            all if all == self.rows.len() => "all".to_owned(),
            some => some.to_string(),
        };
        let (n, origin, deviation) = (self.rows.len(), &self.origin, number(self.deviation));
        write!(f, "{n} rows from {origin}; {which} of them run now: largest relative deviation {deviation}")
    }
}

//! A small table that a cell can show.

use crate::error::{Error, Result};
use crate::show::{Bundle, table};
use std::fmt;

/// A table of texts with a head; it shows itself in a cell and prints aligned.
///
/// ```
/// use implicit_bias::prelude::*;
/// let table = Table::new(["rule", "steps"], [["constant".to_string(), 1200.to_string()]])?;
/// assert_eq!(table.to_string(), "rule      steps\nconstant   1200\n");
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone)]
pub struct Table {
    head: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table of `rows` below `head`.
    ///
    /// # Errors
    /// An empty head, or a row whose length is not the head's.
    pub fn new<S: Into<String>, C: Into<String>>(
        head: impl IntoIterator<Item = S>,
        rows: impl IntoIterator<Item: IntoIterator<Item = C>>,
    ) -> Result<Self> {
        let head: Vec<String> = head.into_iter().map(Into::into).collect();
        let rows: Vec<Vec<String>> = rows.into_iter().map(|row| row.into_iter().map(Into::into).collect()).collect();
        if head.is_empty() {
            return Err(Error::argument("Table head", "at least one column", "none"));
        }
        if let Some((i, row)) = rows.iter().enumerate().find(|(_, row)| row.len() != head.len()) {
            return Err(Error::shape(format_args!("Table row {i}"), format!("{} cells", head.len()), row.len()));
        }
        Ok(Self { head, rows })
    }

    /// Called by the evcxr kernel to show the table.
    pub fn evcxr_display(&self) {
        Bundle::new().html(table(&self.head, &self.rows)).plain(self).print();
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines = || std::iter::once(&self.head).chain(&self.rows);
        let width = |j: usize| lines().map(|line| line[j].chars().count()).max().unwrap_or(0);
        let widths: Vec<usize> = (0..self.head.len()).map(width).collect();
        for line in lines() {
            for (j, (cell, width)) in line.iter().zip(&widths).enumerate() {
                if j == 0 { write!(f, "{cell:<width$}")? } else { write!(f, "  {cell:>width$}")? }
            }
            writeln!(f)?;
        }
        Ok(())
    }
}

impl fmt::Debug for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

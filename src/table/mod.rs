//! Tables of rows: a name and a closure make a column, and numbers are set as numbers.
//!
//! ```
//! use implicit_bias::prelude::*;
//! struct Trial { depth: usize, gap: f64, dead: bool }
//! let trials = [(2, 0.125, false), (2, 3e-7, false), (4, f64::NAN, true)];
//! let trials = trials.map(|(depth, gap, dead)| Trial { depth, gap, dead });
//!
//! let table = Table::of(&trials).column("depth", |t| t.depth).column("gap", |t| t.gap);
//! assert_eq!(table.to_string(), "depth       gap\n    2     0.125\n    2  3 × 10⁻⁷\n    4         –\n");
//!
//! let dead = Table::of(group_by(&trials, |t| t.depth))
//!     .column("depth", |(depth, _)| *depth)
//!     .column("dead", |(_, trials)| Share::among(trials, |t| t.dead));
//! assert_eq!(dead.to_string(), "depth               dead\n    2    0 of 2 (0–66 %)\n    4  1 of 1 (21–100 %)\n");
//! # Ok::<(), Error>(())
//! ```

mod column;
mod value;

pub use value::Value;

use crate::error::{Error, Result};
use crate::show::{Bundle, aligned_table};
use column::{Column, Digits, Format};
use std::fmt;

/// Rows, and what is shown of each: see the [module](self). A cell shows it, and it prints aligned.
///
/// A column holds whatever turns into a [`Value`]. What [`digits`](Self::digits) and its like say is meant for the column
/// that stands before them; before the first column they speak for all.
#[derive(Clone)]
pub struct Table<R = ()> {
    rows: Vec<R>,
    columns: Vec<Column>,
    /// The first column of the last call.
    last: usize,
    format: Format,
}

impl Table {
    /// A table of texts: `rows` below `head`.
    ///
    /// ```
    /// use implicit_bias::prelude::*;
    /// let table = Table::new(["rule", "steps"], [["constant".to_string(), 1200.to_string()]])?;
    /// assert_eq!(table.to_string(), "rule      steps\nconstant   1200\n");
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// An empty head, or a row whose length is not the head's.
    pub fn new<S: Into<String>, C: Into<String>>(
        head: impl IntoIterator<Item = S>,
        rows: impl IntoIterator<Item: IntoIterator<Item = C>>,
    ) -> Result<Self> {
        let mut table = Self::of([]);
        table.columns.extend(head.into_iter().map(|name| Column::new(name.into(), vec![], Format::default())));
        let width = table.columns.len();
        if width == 0 {
            return Err(Error::argument("Table head", "at least one column", "none"));
        }
        for (i, row) in rows.into_iter().enumerate() {
            let row: Vec<String> = row.into_iter().map(Into::into).collect();
            if row.len() != width {
                return Err(Error::shape(format_args!("Table row {i}"), format!("{width} cells"), row.len()));
            }
            for (column, text) in table.columns.iter_mut().zip(row) {
                column.cells.push(text.into());
            }
            table.rows.push(());
        }
        Ok(table)
    }
}

impl<R> Table<R> {
    /// A table of these rows, without columns as yet. Rows are a slice, a [`Run`](crate::descent::Run), the groups of
    /// [`group_by`](crate::summary::group_by), tuples, whatever can be gone through.
    pub fn of(rows: impl IntoIterator<Item = R>) -> Self {
        Self { rows: rows.into_iter().collect(), columns: vec![], last: 0, format: Format::default() }
    }

    /// One more column: its name and its value in each row.
    ///
    /// ```
    /// use implicit_bias::prelude::*;
    /// let table = Table::of([("constant", 1e-9), ("line search", 0.25)]);
    /// let table = table.column("rule", |r| r.0).column("risk", |r| r.1);
    /// assert_eq!(table.to_string(), "rule             risk\nconstant     1 × 10⁻⁹\nline search      0.25\n");
    /// ```
    pub fn column<V: Into<Value>>(self, name: impl Into<String>, value: impl Fn(&R) -> V) -> Self {
        self.columns([name], |row| [value(row)])
    }

    /// One more column whose value may fail, such as a [`median`](crate::summary::median).
    ///
    /// ```
    /// use implicit_bias::prelude::*;
    /// let table = Table::of([vec![3.0, 1.0, 2.0], vec![5.0]]).try_column("median", |v| median(v))?;
    /// assert_eq!(table.to_string(), "median\n     2\n     5\n");
    /// assert!(Table::of([vec![0.0; 0]]).try_column("median", |v| median(v)).is_err());
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// The first that a value gives, in the order of the rows.
    pub fn try_column<V: Into<Value>>(
        mut self,
        name: impl Into<String>,
        value: impl Fn(&R) -> Result<V>,
    ) -> Result<Self> {
        let cells = self.rows.iter().map(|row| value(row).map(Into::into)).collect::<Result<_>>()?;
        self.last = self.columns.len();
        self.columns.push(Column::new(name.into(), cells, self.format));
        Ok(self)
    }

    /// As many columns as there are names, one for each member of an array, such as one for each layer.
    ///
    /// ```
    /// use implicit_bias::prelude::*;
    /// let table = Table::of([[0.5, 1.0], [0.25, 1.0]]).columns(["layer 1", "layer 2"], |r| *r);
    /// assert_eq!(table.to_string(), "layer 1  layer 2\n   0.50        1\n   0.25        1\n");
    /// ```
    pub fn columns<S: Into<String>, V: Into<Value>, const N: usize>(
        mut self,
        names: [S; N],
        values: impl Fn(&R) -> [V; N],
    ) -> Self {
        self.last = self.columns.len();
        let format = self.format;
        self.columns.extend(names.map(|name| Column::new(name.into(), vec![], format)));
        for row in &self.rows {
            for (column, value) in self.columns[self.last..].iter_mut().zip(values(row)) {
                column.cells.push(value.into());
            }
        }
        self
    }

    /// So many significant digits, zeros at the end too: `0.500`, `3.10 × 10⁻⁵`. Without it there are up to four, two
    /// beside a power of ten, and whole numbers are whole.
    pub fn digits(self, digits: usize) -> Self {
        self.set(|format| format.digits = Digits::Significant(digits.max(1)))
    }

    /// So many digits after the point.
    pub fn decimals(self, decimals: usize) -> Self {
        self.set(|format| format.digits = Digits::Decimals(decimals))
    }

    /// Parts of one as per cent: 0.25 is shown as `25 %`.
    pub fn percent(self) -> Self {
        self.set(|format| (format.scale, format.unit) = (100.0, " %"))
    }

    /// What follows each number, such as `"°"` or `" s"`.
    pub fn unit(self, unit: &'static str) -> Self {
        self.set(|format| format.unit = unit)
    }

    fn set(mut self, change: impl Fn(&mut Format)) -> Self {
        if self.columns.is_empty() {
            change(&mut self.format);
        }
        self.columns[self.last..].iter_mut().for_each(|column| change(&mut column.format));
        self
    }

    /// An HTML table, with words at the left and numbers at the right.
    pub fn to_html(&self) -> String {
        let names = self.columns.iter().map(|column| &column.name);
        let left: Vec<bool> = self.columns.iter().map(Column::worded).collect();
        aligned_table(names, self.lines(), &left)
    }

    /// Called by the evcxr kernel to show the table.
    pub fn evcxr_display(&self) {
        Bundle::new().html(self.to_html()).plain(self).print();
    }

    /// The texts row by row.
    fn lines(&self) -> Vec<Vec<String>> {
        let columns: Vec<Vec<String>> = self.columns.iter().map(Column::texts).collect();
        (0..self.rows.len()).map(|i| columns.iter().map(|column| column[i].clone()).collect()).collect()
    }
}

impl<R> fmt::Display for Table<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut lines = vec![self.columns.iter().map(|column| column.name.clone()).collect()];
        lines.extend(self.lines());
        let width = |j: usize| lines.iter().map(|line: &Vec<String>| line[j].chars().count()).max().unwrap_or(0);
        let widths: Vec<usize> = (0..self.columns.len()).map(width).collect();
        for line in &lines {
            let mut text = String::new();
            for ((cell, column), &width) in line.iter().zip(&self.columns).zip(&widths) {
                let cell = if column.worded() { format!("{cell:<width$}") } else { format!("{cell:>width$}") };
                text += &format!("{cell}  ");
            }
            writeln!(f, "{}", text.trim_end())?;
        }
        Ok(())
    }
}

impl<R> fmt::Debug for Table<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

//! Data with real targets, for the squared loss.

use super::csv::{Table, read};
use crate::error::{Error, Result, finite};
use ndarray::{Array1, Array2, ArrayView2, Axis};
use std::fmt;
use std::path::Path;

/// n points with real targets: inputs `x` of shape `(n, d)` and targets `y` of shape `(n, d')`.
///
/// Rows are points here; the slides write X and Y with points as columns.
///
/// ```
/// use implicit_bias::prelude::*;
/// let data = Regression::new(array![[1.0, 2.0, 0.0], [0.0, 1.0, 1.0]], array![3.0, -1.0])?;
/// assert_eq!((data.n(), data.d(), data.outputs()), (2, 3, 1));
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, PartialEq)]
pub struct Regression {
    x: Array2<f64>,
    y: Array2<f64>,
}

impl Regression {
    /// Checks and keeps `x` of shape `(n, d)` and one target a point, `y` of length n.
    ///
    /// # Errors
    /// No rows or no columns, lengths that differ, an entry that is NaN or infinite.
    pub fn new(x: Array2<f64>, y: Array1<f64>) -> Result<Self> {
        Self::with_outputs(x, y.insert_axis(Axis(1)))
    }

    /// Checks and keeps `x` of shape `(n, d)` and several targets a point, `y` of shape `(n, d')`.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn with_outputs(x: Array2<f64>, y: Array2<f64>) -> Result<Self> {
        let (n, d) = x.dim();
        if n == 0 || d == 0 {
            return Err(Error::shape("Regression x", "(n ≥ 1, d ≥ 1)", format!("({n}, {d})")));
        }
        if y.nrows() != n || y.ncols() == 0 {
            let expected = format!("({n}, d' ≥ 1) to match the rows of x");
            return Err(Error::shape("Regression y", expected, format!("{:?}", y.dim())));
        }
        for (name, values) in [("x", &x), ("y", &y)] {
            for ((i, j), &v) in values.indexed_iter() {
                finite(format_args!("Regression {name}[{i}, {j}]"), v)?;
            }
        }
        let own = |a: Array2<f64>| a.as_standard_layout().into_owned();
        Ok(Self { x: own(x), y: own(y) })
    }

    /// Reads a CSV file whose first line names the columns and whose last column is `y`, any finite number.
    ///
    /// The other names are free. Blank lines and spaces around values are passed over.
    ///
    /// # Errors
    /// A file that cannot be opened; with line and column: no header, no rows, a row of another length, a value that is
    /// not a finite number.
    pub fn read_csv(path: impl AsRef<Path>) -> Result<Self> {
        let Table { x, y } = read(path.as_ref(), |_| Ok(()))?;
        Self::new(x, y)
    }

    /// Inputs, shape `(n, d)`, row-major.
    pub fn x(&self) -> ArrayView2<'_, f64> {
        self.x.view()
    }

    /// Targets, shape `(n, d')`, row-major.
    pub fn y(&self) -> ArrayView2<'_, f64> {
        self.y.view()
    }

    /// Number of points.
    pub fn n(&self) -> usize {
        self.x.nrows()
    }

    /// Number of input coordinates.
    pub fn d(&self) -> usize {
        self.x.ncols()
    }

    /// Number of targets a point, d'.
    pub fn outputs(&self) -> usize {
        self.y.ncols()
    }

    /// The points of these `rows`, in that order: what a held-out set or a bootstrap sample is made of.
    ///
    /// # Errors
    /// No rows, or one that is not there.
    ///
    /// ```
    /// use implicit_bias::prelude::*;
    /// let data = Regression::new(array![[1.0], [2.0], [3.0]], array![1.0, 4.0, 9.0])?;
    /// assert_eq!(data.rows(&[2, 0])?.y(), array![[9.0], [1.0]]);
    /// # Ok::<(), Error>(())
    /// ```
    pub fn rows(&self, rows: &[usize]) -> Result<Self> {
        if let Some(row) = rows.iter().find(|row| **row >= self.n()) {
            return Err(Error::argument("Regression::rows(rows)", format_args!("rows in 0 … {}", self.n() - 1), row));
        }
        Self::with_outputs(self.x.select(Axis(0), rows), self.y.select(Axis(0), rows))
    }
}

impl fmt::Debug for Regression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let points = if self.n() == 1 { "point" } else { "points" };
        let targets = if self.outputs() == 1 { "a real target".into() } else { format!("{} targets", self.outputs()) };
        write!(f, "Regression: {} {points} in R^{}, each with {targets}", self.n(), self.d())
    }
}

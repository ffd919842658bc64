//! Series from rows, and lines from many runs.

use super::{Figure, Series};
use crate::descent::Run;
use crate::error::Result;
use crate::monitor::{Sighting, Watched};
use std::borrow::Borrow;

impl Series {
    /// Two numbers of every row. Rows are a slice, a [`Run`](crate::descent::Run), whatever can be gone through.
    ///
    /// ```
    /// use implicit_bias::prelude::*;
    /// let cases = [(1.0, 3.0), (10.0, 5.0)];
    /// assert_eq!(Series::of(&cases, |c| c.0, |c| c.1)?.y(), [3.0, 5.0]);
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// No rows.
    pub fn of<T>(rows: impl IntoIterator<Item = T>, x: impl Fn(&T) -> f64, y: impl Fn(&T) -> f64) -> Result<Self> {
        let (x, y): (Vec<f64>, Vec<f64>) = rows.into_iter().map(|row| (x(&row), y(&row))).unzip();
        Self::new(x, y)
    }

    /// The curve y(x) over the abscissas `x`, of a function that may fail.
    ///
    /// ```
    /// use implicit_bias::prelude::*;
    /// let ridge = Filter::Ridge { lambda: 0.1 };
    /// let gain = Series::curve(Array1::logspace(10_f64, -3.0, 0.0, 31), |mu| ridge.gain(mu))?;
    /// assert!((gain.y()[30] - 1.0 / 1.1).abs() < 1e-15);
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// The first that `y` gives; no abscissas.
    pub fn curve(x: impl IntoIterator<Item: Borrow<f64>>, mut y: impl FnMut(f64) -> Result<f64>) -> Result<Self> {
        let x: Vec<f64> = x.into_iter().map(|x| *x.borrow()).collect();
        let y: Vec<f64> = x.iter().map(|&x| y(x)).collect::<Result<_>>()?;
        Self::new(x, y)
    }
}

impl Figure {
    /// Adds the series of each item, such as one line for each run.
    ///
    /// ```
    /// use implicit_bias::prelude::*;
    /// let powers = [1, 2, 3];
    /// let curve = |power| Series::of([0.0, 0.5, 1.0], |x| *x, |x| x.powi(power));
    /// let figure = Figure::new("x", "y").lines_of(powers, |p| Ok([curve(p)?.named(format!("power {p}"))]))?;
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// The first that an item gives.
    pub fn lines_of<T, S: IntoIterator<Item = Series>>(
        self,
        items: impl IntoIterator<Item = T>,
        mut series: impl FnMut(T) -> Result<S>,
    ) -> Result<Self> {
        items.into_iter().try_fold(self, |figure, item| Ok(figure.lines(series(item)?)))
    }
}

impl<Row> Run<Row> {
    /// Two numbers of every row as a line for a figure.
    ///
    /// # Errors
    /// As [`Series::new`].
    pub fn series(&self, x: impl Fn(&Row) -> f64, y: impl Fn(&Row) -> f64) -> Result<Series> {
        Series::new(self.column(x), self.column(y))
    }
}

impl Watched {
    /// Two numbers of every kept state as a line for a figure.
    ///
    /// # Errors
    /// As [`Series::new`].
    pub fn series(&self, x: impl Fn(&Sighting) -> f64, y: impl Fn(&Sighting) -> f64) -> Result<Series> {
        Series::new(self.kept.iter().map(x).collect::<Vec<f64>>(), self.kept.iter().map(y).collect::<Vec<f64>>())
    }
}

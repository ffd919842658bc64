//! Labelled data `{x: (n, d), y: n}`, validated once, at construction.

use crate::error::{Error, Result, finite};
use ndarray::{Array1, Array2, ArrayView1, ArrayView2};

/// n labelled points: inputs `x` of shape `(n, d)` and labels `y ∈ {−1, +1}ⁿ`.
///
/// ```
/// use implicit_bias::prelude::*;
/// let data = Dataset::new(array![[1.0, 2.0], [-1.0, 0.5]], array![1.0, -1.0])?;
/// assert_eq!((data.n(), data.d()), (2, 2));
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, PartialEq)]
pub struct Dataset {
    x: Array2<f64>,
    y: Array1<f64>,
}

impl Dataset {
    /// Checks and keeps `x` of shape `(n, d)` and labels `y` of length n. One class alone is allowed: through the
    /// origin (x, +1) and (−x, −1) say the same.
    ///
    /// # Errors
    /// No rows or no columns, lengths that differ, an entry that is NaN or infinite, a label other than ±1.
    pub fn new(x: Array2<f64>, y: Array1<f64>) -> Result<Self> {
        let (n, d) = x.dim();
        if n == 0 || d == 0 {
            return Err(Error::shape("Dataset x", "(n ≥ 1, d ≥ 1)", format!("({n}, {d})")));
        }
        if y.len() != n {
            return Err(Error::shape("Dataset y", format!("({n}) to match the rows of x"), format!("({})", y.len())));
        }
        for ((i, j), &v) in x.indexed_iter() {
            finite(format_args!("Dataset x[{i}, {j}]"), v)?;
        }
        if let Some((i, v)) = y.iter().enumerate().find(|(_, v)| v.abs() != 1.0) {
            return Err(Error::argument(format_args!("Dataset y[{i}]"), "a label −1 or +1", v));
        }
        Ok(Self { x: x.as_standard_layout().into_owned(), y })
    }

    /// Inputs, shape `(n, d)`, row-major.
    pub fn x(&self) -> ArrayView2<'_, f64> {
        self.x.view()
    }

    /// Labels −1 or +1, length n.
    pub fn y(&self) -> ArrayView1<'_, f64> {
        self.y.view()
    }

    /// Number of points.
    pub fn n(&self) -> usize {
        self.x.nrows()
    }

    /// Number of coordinates.
    pub fn d(&self) -> usize {
        self.x.ncols()
    }

    /// The mirrored points zᵢ = yᵢxᵢ, shape `(n, d)`: a classifier through the origin is right on i iff ⟨w, zᵢ⟩ > 0.
    pub fn mirrored(&self) -> Array2<f64> {
        &self.x * &self.y.view().insert_axis(ndarray::Axis(1))
    }
}

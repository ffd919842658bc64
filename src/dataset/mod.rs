//! Labelled data `{x: (n, d), y: n}` and regression data `{x: (n, d), y: (n, d')}`, validated once, at construction; seeded
//! generators; the order in which points are visited; CSV files.
//!
//! A generator is a struct literal with a method `sample(seed)`. All draw from the ChaCha8 stream of the seed, so a seed
//! names the same numbers for ever; see each generator for its order of rows.

use crate::error::{Error, Result, finite, room};
use ndarray::{Array1, Array2, ArrayView1, ArrayView2, Axis};
use std::fmt;

mod clouds;
pub(crate) mod csv;
mod gaussian;
mod moons;
mod regression;
mod separable;
mod soudry;
mod visits;
pub use clouds::GaussianClouds;
pub use gaussian::gaussian_matrix;
pub use moons::TwoMoons;
pub use regression::Regression;
pub use separable::Separable;
pub use soudry::SoudryFour;
pub use visits::Order;
pub(crate) use visits::Visits;

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

    /// The points of these `rows`, in that order: what a held-out set or a bootstrap sample is made of.
    ///
    /// # Errors
    /// No rows, or one that is not there.
    ///
    /// ```
    /// use implicit_bias::prelude::*;
    /// let data = Dataset::new(array![[1.0], [2.0], [3.0]], array![1.0, -1.0, 1.0])?;
    /// assert_eq!(data.rows(&[1, 0])?.y(), array![-1.0, 1.0]);
    /// # Ok::<(), Error>(())
    /// ```
    pub fn rows(&self, rows: &[usize]) -> Result<Self> {
        if let Some(row) = rows.iter().find(|row| **row >= self.n()) {
            return Err(Error::argument("Dataset::rows(rows)", format_args!("rows in 0 … {}", self.n() - 1), row));
        }
        Self::new(self.x.select(Axis(0), rows), self.y.select(Axis(0), rows))
    }

    /// The mirrored points zᵢ = yᵢxᵢ, shape `(n, d)`: a classifier through the origin is right on i iff ⟨w, zᵢ⟩ > 0.
    pub fn mirrored(&self) -> Array2<f64> {
        &self.x * &self.y.view().insert_axis(Axis(1))
    }

    /// The same points divided by max‖xᵢ‖, so that the longest has norm 1 to rounding (Ji & Telgarsky assume ‖x‖ ≤ 1).
    ///
    /// Entries near 1e308 or 1e−308 are as good as any other; data whose max‖xᵢ‖ is exactly 1 comes back unchanged.
    ///
    /// ```
    /// use implicit_bias::prelude::*;
    /// let data = Dataset::new(array![[3.0, 4.0], [0.0, 1.0]], array![1.0, -1.0])?;
    /// assert_eq!(data.scaled_to_unit()?.x(), array![[0.6, 0.8], [0.0, 0.2]]);
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// Every x is zero.
    pub fn scaled_to_unit(&self) -> Result<Self> {
        let largest = self.x.fold(0.0_f64, |m, v| m.max(v.abs()));
        if largest == 0.0 {
            return Err(Error::argument("Dataset::scaled_to_unit", "at least one x other than zero", "only zeros"));
        }
        // A power of two first: it rounds nothing, and afterwards no square over- or underflows.
        let (_, exponent) = libm::frexp(largest);
        let x = self.x.mapv(|v| libm::ldexp(v, -exponent));
        let norm = x.rows().into_iter().map(|r| r.dot(&r).sqrt()).fold(0.0, f64::max);
        Self::new(x / norm, self.y.clone())
    }

    /// `Ok` where max‖xᵢ‖ ≤ 1 to rounding, which the bounds β(R) and ε(R) of the theory take for granted.
    pub(crate) fn check_unit(&self, what: impl fmt::Display) -> Result<()> {
        let norm = |r: ArrayView1<f64>| r.iter().fold(0.0_f64, |s, v| s.hypot(*v));
        let longest = self.x.rows().into_iter().map(norm).fold(0.0, f64::max);
        if longest <= 1.0 + 1e-9 {
            return Ok(());
        }
        let expected = "data with max ‖x‖ ≤ 1 (scale it with Dataset::scaled_to_unit)";
        Err(Error::argument(what, expected, format!("max ‖x‖ = {longest}")))
    }

    /// The same points with one more coordinate, `c` everywhere: shape `(n, d + 1)`. A classifier through the origin of
    /// the larger space has an intercept in the smaller one.
    ///
    /// # Errors
    /// `c` is NaN or infinite.
    pub fn with_constant(&self, c: f64) -> Result<Self> {
        finite("Dataset::with_constant(c)", c)?;
        let mut x = Array2::from_elem((self.n(), self.d() + 1), c);
        x.slice_mut(ndarray::s![.., ..self.d()]).assign(&self.x);
        Self::new(x, self.y.clone())
    }
}

impl fmt::Debug for Dataset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let positive = self.y.iter().filter(|&&y| y > 0.0).count();
        let points = if self.n() == 1 { "point" } else { "points" };
        let negative = self.n() - positive;
        write!(f, "Dataset: {} {points} in R^{}, {positive} of +1, {negative} of −1", self.n(), self.d())
    }
}

/// Zeros of shape `(n, d)` for a generator to fill.
fn blank(generator: &str, n: usize, d: usize) -> Result<Array2<f64>> {
    if n == 0 || d == 0 {
        let found = format_args!("n = {n}, d = {d}");
        return Err(Error::argument(format_args!("{generator} n, d"), "n ≥ 1 and d ≥ 1", found));
    }
    let len = n.checked_mul(d);
    let mut numbers = room(format_args!("{generator} n · d"), len)?;
    numbers.resize(n * d, 0.0);
    Ok(Array2::from_shape_vec((n, d), numbers).expect("n · d numbers were made"))
}

/// Labels +1, −1, +1, … of length n: balanced, and mixed without being shuffled.
fn alternating(n: usize) -> Array1<f64> {
    Array1::from_shape_fn(n, |i| if i % 2 == 0 { 1.0 } else { -1.0 })
}

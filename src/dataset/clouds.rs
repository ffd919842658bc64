//! Two round Gaussian clouds.

use super::{Dataset, alternating, blank};
use crate::error::{Error, Result, positive};
use crate::random::{Purpose, rng};
use ndarray::{Array2, Axis};
use ndarray_rand::RandomExt;
use ndarray_rand::rand_distr::StandardNormal;

/// n points in d dimensions, x ~ N(yμ, std²·I) with the mean vector μ = `distance`·(1, …, 1)/√d.
///
/// The clouds may overlap: nothing makes the sample separable. Labels alternate, +1 first.
///
/// ```
/// use implicit_bias::prelude::*;
/// let data = GaussianClouds { n: 100, d: 2, distance: 1.0, std: 0.5 }.sample(3)?;
/// assert_eq!(format!("{data:?}"), "Dataset: 100 points in R^2, 50 of +1, 50 of −1");
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GaussianClouds {
    /// Number of points, n ≥ 1.
    pub n: usize,
    /// Number of coordinates, d ≥ 1.
    pub d: usize,
    /// ‖μ‖ ≥ 0: how far from the origin each cloud's mean is.
    pub distance: f64,
    /// Standard deviation of every coordinate, > 0.
    pub std: f64,
}

impl GaussianClouds {
    /// Draws the points.
    ///
    /// # Errors
    /// n or d zero, a negative or non-finite `distance`, a `std` not above zero, values so large that a point overflows.
    pub fn sample(&self, seed: u64) -> Result<Dataset> {
        let Self { n, d, distance, std } = *self;
        if !(distance >= 0.0 && distance.is_finite()) {
            return Err(Error::argument("GaussianClouds.distance", "a finite number ≥ 0", distance));
        }
        positive("GaussianClouds.std", std)?;
        let mut x = blank("GaussianClouds", n, d)?;
        let y = alternating(n);
        x.assign(&Array2::random_using((n, d), StandardNormal, &mut rng(Purpose::Data, seed)));
        let mean = distance / (d as f64).sqrt();
        for (mut point, label) in x.axis_iter_mut(Axis(0)).zip(&y) {
            point.mapv_inplace(|v| std * v + label * mean);
        }
        Dataset::new(x, y)
    }
}

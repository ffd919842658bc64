//! The data behind Soudry et al., Figure 1.

use super::{Dataset, alternating, blank};
use crate::error::{Error, Result};
use crate::random::{Purpose, rng};
use ndarray_rand::rand::Rng;
use ndarray_rand::rand_distr::Standard;

/// The planar set of Soudry, Hoffer, Nacson, Gunasekar & Srebro (JMLR 19, 2018), Figure 1: four support vectors and others.
///
/// The support vectors are rows 0 to 3: (½, 3⁄2) and (3⁄2, ½) of label +1, their negatives of label −1. So ŵ = (½, ½)
/// solves min ‖w‖² with yᵢ⟨w, xᵢ⟩ ≥ 1, and the margin is 1/‖ŵ‖ = √2. The figure has twelve more points, six of each class,
/// off the margin: n = 16. Where they lie is not given in print; here yx = (a + b, a − b) with a uniform in `[2, 3)` and b in
/// `[−1, 1)`, so that their margins are between 2 and 3 times √2. Their labels alternate, +1 first.
///
/// ```
/// use implicit_bias::prelude::*;
/// let data = SoudryFour { n: 16 }.sample(1)?;
/// assert_eq!(data.mirrored().dot(&array![0.5, 0.5]).iter().filter(|&&m| m == 1.0).count(), 4);
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SoudryFour {
    /// Number of points, n ≥ 4; the figure has 16.
    pub n: usize,
}

impl SoudryFour {
    /// Draws the points off the margin and returns all.
    ///
    /// # Errors
    /// n < 4.
    pub fn sample(&self, seed: u64) -> Result<Dataset> {
        if self.n < 4 {
            return Err(Error::argument("SoudryFour.n", "n ≥ 4, as there are four support vectors", self.n));
        }
        let mut x = blank("SoudryFour", self.n, 2)?;
        let mut y = alternating(self.n);
        let mut rng = rng(Purpose::Data, seed);
        let support = [([0.5, 1.5], 1.0), ([1.5, 0.5], 1.0), ([0.5, 1.5], -1.0), ([1.5, 0.5], -1.0)];
        for i in 0..self.n {
            let z = if let Some((z, label)) = support.get(i) {
                y[i] = *label;
                *z
            } else {
                let a = 2.0 + rng.sample::<f64, _>(Standard);
                let b = 2.0 * rng.sample::<f64, _>(Standard) - 1.0;
                [a + b, a - b]
            };
            x[[i, 0]] = y[i] * z[0];
            x[[i, 1]] = y[i] * z[1];
        }
        Dataset::new(x, y)
    }
}

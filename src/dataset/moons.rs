//! Two interleaved half circles.

use super::{Dataset, blank};
use crate::error::{Error, Result, finite};
use crate::random::{Purpose, rng};
use ndarray::{Array1, Array2, array};
use ndarray_rand::RandomExt;
use ndarray_rand::rand_distr::StandardNormal;
use std::f64::consts::PI;

/// Two moons, in the geometry of scikit-learn's `make_moons(n, shuffle=False)`.
///
/// ⌊n/2⌋ points (cos t, sin t) of label −1 (scikit-learn's class 0), then the others (1 − cos t, ½ − sin t) of label +1; in
/// each half circle t takes equally spaced values from 0 to π, both ends included. `noise` is the standard deviation of what
/// is added to both coordinates; the noise itself is this crate's, not scikit-learn's.
///
/// A network without biases cannot fit the moons, as its output is homogeneous in x: `constant` gives it a third input.
///
/// ```
/// use implicit_bias::prelude::*;
/// let data = TwoMoons { n: 200, noise: 0.1, constant: Some(1.0) }.sample(0)?;
/// assert_eq!((data.n(), data.d(), data.x()[[17, 2]]), (200, 3, 1.0));
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TwoMoons {
    /// Number of points, n ≥ 1.
    pub n: usize,
    /// Standard deviation of the noise, ≥ 0.
    pub noise: f64,
    /// The value of a constant third input, if there is to be one.
    pub constant: Option<f64>,
}

impl TwoMoons {
    /// Draws the noise and returns the points.
    ///
    /// # Errors
    /// n = 0, a negative or non-finite `noise`, a non-finite `constant`.
    pub fn sample(&self, seed: u64) -> Result<Dataset> {
        let Self { n, noise, constant } = *self;
        if !(noise >= 0.0 && noise.is_finite()) {
            return Err(Error::argument("TwoMoons.noise", "a finite number ≥ 0", noise));
        }
        if let Some(c) = constant {
            finite("TwoMoons.constant", c)?;
        }
        let mut x = blank("TwoMoons", n, 2)?;
        let outer = n / 2;
        for (i, mut point) in x.rows_mut().into_iter().enumerate() {
            // libm's sine and cosine: the platform's own may differ in the last bit.
            let place = if i < outer {
                let t = angle(i, outer);
                array![libm::cos(t), libm::sin(t)]
            } else {
                let t = angle(i - outer, n - outer);
                array![1.0 - libm::cos(t), 0.5 - libm::sin(t)]
            };
            point.assign(&place);
        }
        if noise > 0.0 {
            x.scaled_add(noise, &Array2::random_using((n, 2), StandardNormal, &mut rng(Purpose::Data, seed)));
        }
        let moons = Dataset::new(x, Array1::from_shape_fn(n, |i| if i < outer { -1.0 } else { 1.0 }))?;
        constant.map_or(Ok(moons.clone()), |c| moons.with_constant(c))
    }
}

/// Point i of `count` equally spaced ones from 0 to π, rounded as NumPy's `linspace` does.
fn angle(i: usize, count: usize) -> f64 {
    match count {
        1 => 0.0,
        _ if i == count - 1 => PI,
        _ => i as f64 * (PI / (count - 1) as f64),
    }
}

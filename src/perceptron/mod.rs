//! The perceptron, with a record of every update, so that both inequalities of its convergence proof can be watched.

mod run;

pub use run::{Ending, PerceptronRun, Update};

use crate::asking;
use crate::dataset::{Dataset, Order, Visits};
use crate::error::{Error, Result, room};
use crate::reference::MaxMargin;
use ndarray::Array2;
use std::time::Instant;

/// Radii whose squares, and the squares of long sums of points, are ordinary numbers.
const RADII: std::ops::RangeInclusive<f64> = 1e-140..=1e140;
/// Visits between two looks at the clock, at least.
const STRIDE: usize = 4096;

/// Rosenblatt's perceptron: from ŵ₀ = 0, whenever a visited point has yᵢ⟨ŵ, x̂ᵢ⟩ ≤ 0, add yᵢx̂ᵢ to ŵ.
///
/// It is stochastic gradient descent with batches of one point and step 1 on Σᵢ max(0, −yᵢ⟨ŵ, x̂ᵢ⟩), with yᵢx̂ᵢ as the
/// subgradient's negative at the kink: with "< 0" instead of "≤ 0" it would stay at zero for ever. Without a bias
/// x̂ = x; with one x̂ = (x, R) and ŵ = (w, b/R), R = max‖xᵢ‖, as in Cristianini & Shawe-Taylor (2000), Theorem 2.3.
///
/// Block (1962) and Novikoff (1962): on separable data the number of updates is at most (R/γ)² without a bias and
/// (2R/γ)² with it ([`PerceptronRun::bound`]), in whatever order the points come.
///
/// ```
/// use implicit_bias::prelude::*;
/// let data = Dataset::new(array![[1.0, 0.0], [0.0, 1.0]], array![1.0, 1.0])?;
/// let run = Perceptron { bias: false, order: Order::Cyclic, limit: 100 }.fit(&data)?;
/// assert_eq!((run.updates().len(), run.weights()), (2, array![1.0, 1.0].view()));
/// assert!((run.bound(&MaxMargin::fit(&data)?)? - 2.0).abs() < 1e-12);              // attained
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Perceptron {
    /// Whether the hyperplane has an intercept b.
    pub bias: bool,
    /// In which order the points are visited.
    pub order: Order,
    /// The most updates to make.
    pub limit: usize,
}

impl Perceptron {
    /// Visits the points until a pass over all of them makes no mistake, or the limit is reached. Then, where the data is
    /// not separable, the run's [`Ending`] holds the proof of it. Asked to stop (see [`descent`](crate::descent#long-runs)), it ends
    /// with [`Ending::Asked`] between two passes and keeps its updates.
    ///
    /// One visit costs a scalar product; nothing is allocated between updates but the record, 16 bytes each.
    ///
    /// # Errors
    /// No update allowed; R = max‖xᵢ‖ outside `[1e-140, 1e140]`, where squares would over- or underflow; data beyond memory.
    pub fn fit(&self, data: &Dataset) -> Result<PerceptronRun> {
        if self.limit == 0 {
            return Err(Error::argument("Perceptron.limit", "at least one update", 0));
        }
        let radius =
            data.x().rows().into_iter().map(|r| r.iter().fold(0.0_f64, |s, v| s.hypot(*v))).fold(0.0, f64::max);
        if !RADII.contains(&radius) {
            let expected = "data with max ‖x‖ in [1e-140, 1e140] (scale it with Dataset::scaled_to_unit)";
            return Err(Error::argument("Perceptron data", expected, format_args!("max ‖x‖ = {radius:e}")));
        }
        let points = self.mirrored(data, radius)?;
        let mut run = PerceptronRun::new(self.bias, radius, points);
        let mut visits = Visits::new(data.n(), self.order);
        let mut unwatched = STRIDE;
        asking::begin();
        loop {
            unwatched = unwatched.saturating_add(data.n());
            if unwatched >= STRIDE {
                unwatched = 0;
                if asking::asked(Instant::now()) {
                    asking::heed();
                    run.ending = Ending::Asked;
                    return Ok(run);
                }
            }
            let before = run.updates().len();
            run.passes += 1;
            for &i in visits.take(data.n()) {
                if run.visit(i) && run.updates().len() == self.limit {
                    return Ok(self.stopped(run, data));
                }
            }
            // Independent draws may have missed a point.
            if run.updates().len() == before && run.separates() {
                run.ending = Ending::Separated;
                return Ok(run);
            }
        }
    }

    /// yᵢx̂ᵢ, shape `(n, d)` or `(n, d + 1)`.
    fn mirrored(&self, data: &Dataset, radius: f64) -> Result<Array2<f64>> {
        let (n, d) = data.x().dim();
        let width = d + usize::from(self.bias);
        let mut points = room("Perceptron data", n.checked_mul(width))?;
        for (x, &y) in data.x().outer_iter().zip(data.y()) {
            points.extend(x.iter().map(|v| y * v));
            points.extend(self.bias.then_some(y * radius));
        }
        Ok(Array2::from_shape_vec((n, width), points).expect("n rows of this width were written"))
    }

    /// The run at its limit: separated after all, or not there yet, or never to be.
    fn stopped(&self, mut run: PerceptronRun, data: &Dataset) -> PerceptronRun {
        if run.separates() {
            run.ending = Ending::Separated;
            return run;
        }
        let svm = if self.bias { MaxMargin::fit_with_intercept(data) } else { MaxMargin::fit(data) };
        if let Err(error @ Error::NotSeparable { .. }) = svm {
            run.ending = Ending::Inseparable(error);
        }
        run
    }
}

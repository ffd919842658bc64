//! Which points a step of stochastic gradient descent looks at.

use crate::dataset::Order;
use crate::error::{Error, Result};

/// Mini-batches: each step looks at `size` points, in this `order`. The last batch of an epoch may be smaller; with
/// [`Order::Drawn`] all have the same size.
///
/// ```
/// use implicit_bias::prelude::*;
/// let sgd = Batches { size: 1, order: Order::Shuffled(7) };
/// # let _ = sgd;
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Batches {
    /// Points a step, 1 … n; n in `Cyclic` order takes the steps of full-batch descent.
    pub size: usize,
    /// The order of the points.
    pub order: Order,
}

impl Batches {
    pub(crate) fn check(&self, n: usize) -> Result<()> {
        if (1..=n).contains(&self.size) {
            return Ok(());
        }
        Err(Error::argument("Batches.size", format_args!("a number in 1 … {n}, the points of the data"), self.size))
    }
}

//! What a function may require of a network, and the error where it is not so.

use super::{Activation, Network};
use crate::error::{Error, Result};

impl Network {
    /// The error of `what`, which is made for linear networks, where this is none.
    pub(crate) fn check_linear(&self, what: &str) -> Result<()> {
        if self.is_linear() {
            return Ok(());
        }
        let expected = "a linear network (slope 1, power 1, no biases, neither scaled nor centred)";
        Err(Error::argument(what, expected, format!("{self:?}")))
    }

    /// The error of `what`, which is made for f(z) = max(mz, z) with a slope a layer, where one is a power.
    pub(crate) fn check_rectified(&self, what: &str) -> Result<()> {
        if !self.architecture.iter().any(|layer| matches!(layer.then, Activation::Power(_))) {
            return Ok(());
        }
        Err(Error::argument(what, "a linear or rectified network", format!("{self:?}")))
    }

    /// The error of `what`, which needs f(cW_k) = c f(W_k) for c > 0 and each layer k, where biases, powers or a
    /// centre break it.
    pub(crate) fn check_homogeneous(&self, what: &str) -> Result<()> {
        self.check_rectified(what)?;
        if !self.has_biases() && !self.is_centred() {
            return Ok(());
        }
        let expected = "a network without biases and not centred, homogeneous in each layer";
        Err(Error::argument(what, expected, format!("{self:?}")))
    }

    /// `Ok(k)` for a layer that exists.
    pub(crate) fn check_layer(&self, what: &str, k: usize) -> Result<usize> {
        let depth = self.depth();
        if (1..=depth).contains(&k) {
            return Ok(k);
        }
        Err(Error::argument(what, format_args!("a layer in 1 … {depth}"), k))
    }
}

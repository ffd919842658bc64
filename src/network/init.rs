//! How weights are drawn.

use super::Network;
use crate::error::Result;

/// How a network's weights are drawn (more kinds to come).
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Init {
    /// Independent N(0, std²) entries.
    Gaussian(f64),
}

impl Init {
    pub(super) fn fill(self, _net: &mut Network, _seed: u64) -> Result<()> {
        todo!()
    }
}

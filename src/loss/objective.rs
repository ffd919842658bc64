//! What is minimised: the data together with their loss.

use super::Loss;
use crate::dataset::{Dataset, Regression};
use crate::error::{Error, Result};
use std::fmt;

/// A loss and the data it is made for.
#[derive(Clone)]
pub(crate) enum Objective {
    /// (1/n) Σ ℓ(yᵢf(xᵢ)), labels ±1.
    Margins(Loss, Dataset),
    /// (1/2n) Σ ‖f(xᵢ) − yᵢ‖², real targets.
    Squares(Regression),
}

impl Objective {
    pub fn n(&self) -> usize {
        match self {
            Self::Margins(_, data) => data.n(),
            Self::Squares(data) => data.n(),
        }
    }

    /// Widths of the first and the last layer of a network that fits.
    pub fn ends(&self) -> (usize, usize) {
        match self {
            Self::Margins(_, data) => (data.d(), 1),
            Self::Squares(data) => (data.d(), data.outputs()),
        }
    }

    /// The margin loss.
    pub fn loss(&self) -> Option<Loss> {
        match self {
            Self::Margins(loss, _) => Some(*loss),
            Self::Squares(_) => None,
        }
    }

    /// The same loss on the first `k` points, 1 ≤ k ≤ n.
    pub fn first(&self, k: usize) -> Result<Self> {
        let rows = ndarray::s![..k, ..];
        Ok(match self {
            Self::Margins(loss, data) => {
                let y = data.y().slice(ndarray::s![..k]).to_owned();
                Self::Margins(*loss, Dataset::new(data.x().slice(rows).to_owned(), y)?)
            }
            Self::Squares(data) => {
                let y = data.y().slice(rows).to_owned();
                Self::Squares(Regression::with_outputs(data.x().slice(rows).to_owned(), y)?)
            }
        })
    }

    /// The labelled points.
    pub fn labelled(&self) -> Result<&Dataset> {
        match self {
            Self::Margins(_, data) => Ok(data),
            Self::Squares(data) => {
                Err(Error::argument("At::data", "labelled points (see At::regression)", format!("{data:?}")))
            }
        }
    }

    /// The points with real targets.
    pub fn regression(&self) -> Result<&Regression> {
        match self {
            Self::Squares(data) => Ok(data),
            Self::Margins(_, data) => {
                Err(Error::argument("At::regression", "real targets (see At::data)", format!("{data:?}")))
            }
        }
    }
}

impl fmt::Debug for Objective {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Margins(loss, _) => write!(f, "{loss:?} loss"),
            Self::Squares(_) => write!(f, "squared loss"),
        }
    }
}

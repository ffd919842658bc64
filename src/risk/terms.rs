//! What is minimised: a loss and the data it is made for.

use crate::dataset::{Dataset, Regression};
use crate::error::{Error, Result};
use crate::loss::Loss;
use std::fmt;

/// A loss and the data it is made for.
pub(crate) enum Terms {
    /// (1/n) Σ ℓ(yᵢf(xᵢ)), labels ±1.
    Margins(Loss, Dataset),
    /// (1/2n) Σ ‖f(xᵢ) − yᵢ‖², real targets.
    Squares(Regression),
}

impl Terms {
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

    /// The labelled points, for `what`.
    pub fn labelled(&self, what: &str) -> Result<&Dataset> {
        match self {
            Self::Margins(_, data) => Ok(data),
            Self::Squares(data) => Err(Error::argument(what, "labelled points and a margin loss", format!("{data:?}"))),
        }
    }

    /// The points with real targets, for `what`.
    pub fn regression(&self, what: &str) -> Result<&Regression> {
        match self {
            Self::Squares(data) => Ok(data),
            Self::Margins(_, data) => {
                Err(Error::argument(what, "real targets and the squared loss", format!("{data:?}")))
            }
        }
    }
}

impl fmt::Debug for Terms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Margins(loss, _) => write!(f, "{loss:?} loss"),
            Self::Squares(_) => write!(f, "squared loss"),
        }
    }
}

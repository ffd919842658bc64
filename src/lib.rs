//! Stub of the index.
pub mod dataset;
pub mod descent;
pub mod diagnose;
pub mod error;
pub mod figure;
pub mod loss;
pub mod network;
mod random;
pub mod reference;
pub(crate) mod show;
#[cfg(feature = "notebooks")]
pub mod report;
mod simd;
pub mod table;
pub mod theory;
pub mod verdict;

/// What a notebook imports.
pub mod prelude {
    pub use crate::dataset::{Dataset, GaussianClouds, Separable, SoudryFour, TwoMoons};
    pub use crate::descent::{At, Descent, Record, Run, StepRule, Stop, Stopped};
    pub use crate::diagnose::*;
    pub use crate::error::{Error, Result};
    pub use crate::figure::{Band, Figure, Panels, Series};
    pub use crate::loss::Loss;
    pub use crate::network::{Evaluation, Init, Network};
    pub use crate::reference::MaxMargin;
    pub use crate::table::Table;
    pub use crate::theory::*;
    pub use crate::verdict::{Verdict, Verdicts, claims, wilson};
    pub use ndarray::{Array1, Array2, ArrayView1, ArrayView2, array};
}

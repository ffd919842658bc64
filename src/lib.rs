//! Stub of the index.
pub mod dataset;
pub mod descent;
pub mod error;
pub mod loss;
pub mod network;
mod simd;

/// What a notebook imports.
pub mod prelude {
    pub use crate::dataset::Dataset;
    pub use crate::descent::{At, Descent, Record, Run, StepRule, Stop, Stopped};
    pub use crate::error::{Error, Result};
    pub use crate::loss::Loss;
    pub use crate::network::{Evaluation, Init, Network};
    pub use ndarray::{Array1, Array2, ArrayView1, ArrayView2, array};
}

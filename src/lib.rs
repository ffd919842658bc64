//! Stub of the index.
pub mod dataset;
pub mod diagnose;
pub mod error;
pub mod loss;
pub mod network;
pub mod theory;

/// What a notebook imports.
pub mod prelude {
    pub use crate::dataset::Dataset;
    pub use crate::diagnose::*;
    pub use crate::error::{Error, Result};
    pub use crate::loss::Loss;
    pub use crate::network::{Init, Network};
    pub use crate::theory::*;
    pub use ndarray::{Array1, Array2, ArrayView1, ArrayView2, array};
}

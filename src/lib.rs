//! Stub of the index.
pub mod dataset;
pub mod error;
pub mod loss;
pub mod network;
pub mod reference;

/// What a notebook imports.
pub mod prelude {
    pub use crate::dataset::Dataset;
    pub use crate::error::{Error, Result};
    pub use crate::loss::Loss;
    pub use crate::network::{Init, Network};
    pub use crate::reference::MaxMargin;
    pub use ndarray::{Array1, Array2, ArrayView1, ArrayView2, array};
}

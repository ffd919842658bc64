//! Reference solutions to hold a training run against, each with its certificate.
//!
//! - [`MaxMargin`]: the hard-margin SVM, of data or of a layer's features;
//! - [`MinNorm`]: the least-squares solution of least norm; [`Ridge`]: ridge regression;
//! - [`Filter`]: what descent, flow and ridge regression let through of an eigendirection.

mod active_set;
mod certificate;
mod display;
mod filter;
mod hull;
mod max_margin;
mod min_norm;
mod ridge;
mod start;
mod witness;

pub use filter::Filter;
pub use max_margin::MaxMargin;
pub use min_norm::MinNorm;
pub use ridge::Ridge;

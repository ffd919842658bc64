//! The sources' assumptions, constants and predictions as functions, each with its theorem number.
//!
//! - [`assumption_2_2`]: may training start here? [`admissible_start`]: the first draw where it may;
//! - [`smoothness_bound`]: β(R), Lemma 5, on which the paper's step stands;
//! - [`imbalance_constant`]: D, Lemma 2, which bounds the distance to rank one for all time;
//! - [`late_norm`], [`late_gap`]: what the layers look like once the risk is small.

mod assumptions;
mod constants;
mod rates;

pub use assumptions::{StartCheck, admissible_start, assumption_2_2};
pub use constants::{imbalance_constant, smoothness_bound};
pub use rates::{late_gap, late_norm};

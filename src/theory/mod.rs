//! The sources' assumptions, constants and predictions as functions, each with its theorem number.
//!
//! - [`assumption_2_2`]: may training start here? [`admissible_start`]: the first draw where it may;
//! - [`lemma_1_log_epsilon`]: the gradient that Lemma 1 promises inside a ball, made explicit;
//! - [`imbalance_constant`]: D, Lemma 2, which bounds the distance to rank one for all time;
//! - [`lemma_3_alpha`], [`lemma_4_threshold`]: α of the support vectors, and beyond which ‖w_⊥‖ the risk pulls back;
//! - [`smoothness_bound`]: β(R), Lemma 5, on which the paper's step stands; [`log_curvature_bound`]: what falls with the risk;
//! - [`risk_smoothness`]: L of depth 1, from σ_max(X), hence the stable steps;
//! - [`late_norm`], [`late_gap`], [`late_tails`], [`late_angles`]: what the layers look like once the risk is small;
//! - [`late_offset`]: where w_prod ends up aside of ū; [`LateLaw`]: for one layer the whole of it, ŵ ln t + w̃;
//! - [`two_layer_gradient`], [`two_layer_hessian`]: of ½‖W₂W₁X − Y‖², as the slides write them, corrected;
//! - [`SpectralModel`]: bias, variance and risk of early stopping and ridge regression, as filters on the spectrum
//!   ([`Filter`](crate::reference::Filter)), in closed form; [`worst_bias`], [`worst_bias_bound`]: the worst case over a source ball.

mod alpha;
mod assumptions;
mod balance;
mod constants;
mod late;
mod late_angles;
mod law;
mod lemmas;
mod rates;
mod side;
mod smoothness;
mod spectral;
mod two_layer;

pub use alpha::lemma_3_alpha;
pub use assumptions::{StartCheck, admissible_start, assumption_2_2};
pub use constants::{imbalance_constant, log_curvature_bound, smoothness_bound};
pub use late::{late_offset, late_tails};
pub use late_angles::late_angles;
pub use law::LateLaw;
pub use lemmas::{lemma_1_log_epsilon, lemma_4_threshold};
pub use rates::{late_gap, late_norm};
pub use smoothness::risk_smoothness;
pub(crate) use smoothness::step_bound;
pub use spectral::{Norm, SpectralModel, worst_bias, worst_bias_bound};
pub use two_layer::{two_layer_gradient, two_layer_hessian};

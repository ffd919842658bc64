//! What a state looks like: free functions of plain arrays or of a [`Network`], cheap enough for every step of a run.
//!
//! - spectrum: [`spectral_norm`], [`frobenius_norm`], [`singular_values`], [`top_singular`], and how far a matrix is
//!   from rank one, [`spectral_ratio`], [`rank_one_gap`] and [`spectral_tails`]; the plural names give one number a layer;
//! - rank: [`effective_rank`], [`stable_rank`];
//! - alignment: [`adjacent_alignment`], [`adjacent_angles`], [`product_alignment`], [`alignment_with`], [`normalized_predictor`],
//!   [`angle`];
//! - balance: [`imbalance`], [`imbalance_norms`], [`frobenius_differences`], [`balance_drift`];
//! - margin: [`margin`], [`normalized_margin`], [`network_margin`], [`homogeneous_margin`], [`training_error`],
//!   [`network_error`];
//! - optimality: [`kkt`] residuals of the hard-margin SVM, and its [`recovered_multipliers`] out of a gradient;
//! - rectified networks: [`activation_pattern`], [`dead_units`], [`is_dead`], [`fate`], [`layer_features`];
//! - curvature: [`hessian_vector`], [`sharpness`], [`log_sharpness`]; derivatives without a formula: [`central_differences`].
//!
//! A matrix argument is anything that views as one: `&w` of an `Array2`, or `net.layer(k)`. Layers are counted from 1.
//! NaN and infinite weights are errors that name the entry, as `W_2[0, 1]`.

use crate::algebra::matrix::Name;
use crate::error::Result;
use crate::network::Network;
use ndarray::ArrayView2;

mod activity;
mod alignment;
mod angle;
mod balance;
mod differences;
mod features;
mod hessian;
mod kkt;
mod layer;
mod margin;
mod rank;
mod sharpness;
mod spectrum;
mod tails;

pub use activity::{Fate, activation_pattern, dead_units, fate, is_dead};
pub use alignment::{adjacent_alignment, adjacent_angles, alignment_with, normalized_predictor, product_alignment};
pub use angle::angle;
pub use balance::{balance_drift, frobenius_differences, imbalance, imbalance_norms};
pub use differences::central_differences;
pub use features::layer_features;
pub(crate) use hessian::SecondOrder;
pub use hessian::hessian_vector;
pub use kkt::{Kkt, kkt, recovered_multipliers};
pub use margin::{homogeneous_margin, margin, network_error, network_margin, normalized_margin, training_error};
pub use rank::{effective_rank, effective_ranks, stable_rank, stable_ranks};
pub use sharpness::{log_sharpness, sharpness};
pub use spectrum::{
    TopSingular, frobenius_norm, frobenius_norms, rank_one_gap, rank_one_gaps, singular_values, spectral_norm,
    spectral_norms, spectral_ratio, spectral_ratios, top_singular,
};
pub use tails::spectral_tails;

pub(crate) use layer::write_top;

/// `f` of W₁, …, W_L, each under its own name for errors.
fn each_layer<T>(net: &Network, f: impl Fn(Name, ArrayView2<'_, f64>) -> Result<T>) -> Result<Vec<T>> {
    let mut values = Vec::with_capacity(net.depth());
    for (i, w) in net.layers().enumerate() {
        values.push(f(Name::Layer(i + 1), w)?);
    }
    Ok(values)
}

//! The constants of the lemmas.

use crate::diagnose::{frobenius_norms, imbalance_norms};
use crate::error::{Error, Result, finite};
use crate::loss::Loss;
use crate::network::Network;

/// β(R) = 2L²R^{2L−2}(β + G): the risk of a depth-L network is β(R)-smooth where every ‖W_k‖_F ≤ R, for data with
/// ‖x‖ ≤ 1. The paper's step is min(1/β(R), 1).
///
/// Source: Ji & Telgarsky, Lemma 5; the report's Assumption 2.4.
///
/// # Errors
/// A loss without β and G (the exponential), depth 0, R < 1 or not finite, a bound beyond 1.8e308.
///
/// ```
/// # use implicit_bias::prelude::*;
/// assert_eq!(smoothness_bound(Loss::Logistic, 4, 2.0)?, 2.0 * 16.0 * 64.0 * 1.25);
/// # Ok::<(), Error>(())
/// ```
pub fn smoothness_bound(loss: Loss, depth: usize, radius: f64) -> Result<f64> {
    let (Some(beta), Some(g)) = (loss.smoothness(), loss.lipschitz()) else {
        return Err(Error::argument(
            "smoothness_bound(loss)",
            "a loss with bounded and Lipschitz ℓ′ (Assumption 4)",
            format_args!("{loss:?}"),
        ));
    };
    if depth == 0 {
        return Err(Error::argument("smoothness_bound(depth)", "a depth ≥ 1", depth));
    }
    if !(radius.is_finite() && radius >= 1.0) {
        return Err(Error::argument("smoothness_bound(radius)", "a finite R ≥ 1", radius));
    }
    let l = depth as f64;
    finite("β(R)", 2.0 * l * l * radius.powf(2.0 * l - 2.0) * (beta + g))
}

/// D = max_k ‖W_k‖_F² − ‖W_L‖_F² + Σ_{k<L} ‖W_kW_kᵀ − W_{k+1}ᵀW_{k+1}‖₂ of the start.
///
/// Along gradient flow ‖W_k‖_F² − ‖W_k‖₂² ≤ D at every time: with F = ‖W_k‖_F the rank-one gap is at most
/// D/(F(F + σ₁)). For gradient descent under the paper's step D + 2R(W(0)) takes its place (Lemma 8).
///
/// Source: Ji & Telgarsky, Lemma 2.
///
/// # Errors
/// A NaN or infinite weight, or one whose square is beyond 1.8e308.
///
/// ```
/// # use implicit_bias::prelude::*;
/// let balanced = Network::from_layers(&[array![[2.0], [0.0]], array![[2.0, 0.0]]])?;
/// assert_eq!(imbalance_constant(&balanced)?, 0.0);
/// # Ok::<(), Error>(())
/// ```
pub fn imbalance_constant(start: &Network) -> Result<f64> {
    let norms = frobenius_norms(start)?;
    let largest = norms.iter().copied().fold(0.0, f64::max);
    let last = norms[norms.len() - 1];
    let pairs: f64 = imbalance_norms(start)?.iter().sum();
    finite("D of Lemma 2", (largest - last) * (largest + last) + pairs)
}

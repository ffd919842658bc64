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

/// ln of a bound on the curvature at one state: λ_max(∇²R(W)) ≤ (L M^{2L−2} + (L−1) M^{L−2}) R(W), M = max_k ‖W_k‖_F, for a
/// linear network of depth L, data with ‖x‖ ≤ 1 and either loss. `log_risk` is ln R(W).
///
/// Where [`smoothness_bound`] holds in a whole ball and knows nothing of the risk, this one falls with it. For both losses
/// ℓ″ ≤ |ℓ′| ≤ ℓ, and ∇²R = 1/n Σ (ℓ″(qᵢ) ∇qᵢ∇qᵢᵀ + ℓ′(qᵢ) ∇²qᵢ) with ‖∇qᵢ‖² ≤ L M^{2L−2} and ‖∇²qᵢ‖ ≤ (L−1) M^{L−2}. One unit
/// vector, wrongly classified by scalar layers of equal size, reaches it under the exponential loss.
///
/// The step η = 1/(4L(M+1)^{2L−2}R(W)) that follows from it satisfies Ji & Telgarsky's eq. (4): ‖∂R/∂W_k‖ ≤ M^{L−1}R, so that
/// on the way M grows by less than 1 and each margin moves by at most 1/4, and there η λ_max < 1.
///
/// # Errors
/// A network that is not linear, a NaN or infinite weight, a `log_risk` that is NaN or infinite.
///
/// ```
/// # use implicit_bias::prelude::*;
/// let net = Network::from_layers(&[array![[-2.0]], array![[2.0]]])?;                      // R = e⁴ at x = 1
/// assert!((log_curvature_bound(&net, 4.0)? - (9.0_f64.ln() + 4.0)).abs() < 1e-14);
/// # Ok::<(), Error>(())
/// ```
pub fn log_curvature_bound(net: &Network, log_risk: f64) -> Result<f64> {
    net.check_linear("log_curvature_bound(net)")?;
    let log_risk = finite("log_curvature_bound(log_risk)", log_risk)?;
    let largest = frobenius_norms(net)?.into_iter().fold(0.0, f64::max).ln();
    // ln(c M^e), −∞ where c = 0 and 0 where M⁰ is all there is.
    let term = |c: usize, e: usize| (c as f64).ln() + if c == 0 || e == 0 { 0.0 } else { e as f64 * largest };
    let l = net.depth();
    let (first, second) = (term(l, 2 * l - 2), term(l - 1, l.saturating_sub(2)));
    let (more, less) = (first.max(second), first.min(second));
    // Two zero terms: the Hessian of three or more layers vanishes at the origin.
    let sum = if more == f64::NEG_INFINITY { more } else { more + (less - more).exp().ln_1p() };
    Ok(sum + log_risk)
}

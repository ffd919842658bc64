//! The explicit constants of Lemmas 1 and 4.

use crate::error::{Error, Result, finite, positive};
use crate::loss::Loss;

/// ln ε(R): ‖∂R/∂W₁‖_F ≥ ε(R) at every state of a linear network inside B(R) = {max_k ‖W_k‖_F ≤ R} whose risk is at most
/// that of an earlier state W(t₁), `log_risk` = ln R(W(t₁)) < ln ℓ(0). For data with ‖x‖ ≤ 1 and maximum `margin` γ.
///
/// The paper proves that some ε(R) > 0 exists; this one is explicit: ε(R) = |ℓ′(R^L)| γ δ/R with
/// δ = (ℓ(0) − R(W(t₁)))/|ℓ′(0)|. Because the risk is convex in w = w_prod, ℓ(0) − |ℓ′(0)|‖w‖ ≤ R(w) ≤ R(W(t₁)), so
/// ‖w‖ ≥ δ and ‖W_L⋯W₂‖ ≥ ‖w‖/‖W₁‖ ≥ δ/R; and ‖∇R(w)‖ ≥ −⟨∇R(w), ū⟩ ≥ γ minᵢ|ℓ′(qᵢ)| ≥ γ|ℓ′(R^L)|, as qᵢ ≤ ‖w‖ ≤ R^L.
/// A single unit vector and scalar layers reach it as they go to zero.
///
/// Gradient flow therefore spends no more than R(W(t₁))/ε(R)² of its time t after t₁ inside B(R).
///
/// Source: Ji & Telgarsky, Lemma 1; Lemmas 6 and 7 use it for gradient descent.
///
/// # Errors
/// `log_risk` that is not below ln ℓ(0) (the premise: Assumption 2 and a first decrease), depth 0, a radius that is not
/// finite and > 0, a margin outside (0, 1], ln ε beyond −1.8e308.
///
/// ```
/// # use implicit_bias::prelude::*;
/// let epsilon = lemma_1_log_epsilon(Loss::Exponential, 2, 10.0, 0.2, 0.5_f64.ln())?;
/// assert!((epsilon - (-100.0 + (0.2 * 0.5 / 10.0_f64).ln())).abs() < 1e-12);
/// # Ok::<(), Error>(())
/// ```
pub fn lemma_1_log_epsilon(loss: Loss, depth: usize, radius: f64, margin: f64, log_risk: f64) -> Result<f64> {
    let at_zero = loss.log_value_at_zero();
    if depth == 0 {
        return Err(Error::argument("lemma_1_log_epsilon(depth)", "a depth ≥ 1", depth));
    }
    let radius = positive("lemma_1_log_epsilon(radius)", radius)?;
    if !(margin > 0.0 && margin <= 1.0) {
        let expected = "0 < γ ≤ 1, as data with ‖x‖ ≤ 1 has it";
        return Err(Error::argument("lemma_1_log_epsilon(margin)", expected, margin));
    }
    if !(log_risk.is_finite() && log_risk < at_zero) {
        let expected = format_args!("a finite ln R(W(t₁)) below ln ℓ(0) = {at_zero} (Lemma 1's premise)");
        return Err(Error::argument("lemma_1_log_epsilon(log_risk)", expected, log_risk));
    }
    let log_delta = at_zero + (-(log_risk - at_zero).exp_m1()).ln() - loss.log_slope(0.0);
    let steepest = loss.log_slope(radius.powf(depth as f64));
    finite("ln ε(R) of Lemma 1", steepest + margin.ln() + log_delta - radius.ln())
}

/// The threshold K of Lemma 4: ⟨w_⊥, ∇R(w)⟩ ≥ 0 for every w with ⟨w, ū⟩ ≥ 0 and ‖w_⊥‖ ≥ K, w_⊥ being the part of w that is
/// perpendicular to ū. Exponential loss: K = (1 + ln n)/α; logistic loss: K = 2n/(eα).
///
/// `n` is the number of points, `alpha` the constant of [`lemma_3_alpha`](super::lemma_3_alpha). In units of ‖w‖, for x in
/// any unit.
///
/// Source: Ji & Telgarsky, Lemma 4.
///
/// # Errors
/// n = 0, an α that is not finite and > 0, K beyond 1.8e308.
///
/// ```
/// # use implicit_bias::prelude::*;
/// assert_eq!(lemma_4_threshold(Loss::Exponential, 1, 0.5)?, 2.0);
/// # Ok::<(), Error>(())
/// ```
pub fn lemma_4_threshold(loss: Loss, n: usize, alpha: f64) -> Result<f64> {
    if n == 0 {
        return Err(Error::argument("lemma_4_threshold(n)", "at least one point", n));
    }
    let alpha = positive("lemma_4_threshold(alpha)", alpha)?;
    let n = n as f64;
    let times_alpha = match loss {
        Loss::Exponential => 1.0 + n.ln(),
        Loss::Logistic => 2.0 * n / std::f64::consts::E,
    };
    finite("K of Lemma 4", times_alpha / alpha)
}

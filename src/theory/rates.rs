//! What to expect of a long run, before it is run.

use crate::error::{Error, Result, positive};

/// The Frobenius norm of every layer once R is small: ‖W_k‖_F ≈ (ln(1/R)/γ)^{1/L}, from `log_risk` = ln R < 0, the
/// maximum `margin` γ > 0 and the depth L.
///
/// Follows from R ≈ e^{−γ∏‖W_k‖_F} with aligned layers of equal norm (Ji & Telgarsky, Theorems 2 and 4); the number of
/// support vectors and the norms' fixed differences change it by less and less.
///
/// # Errors
/// `log_risk` that is not below 0, a margin that is not above 0, depth 0, or values that are not finite.
///
/// ```
/// # use implicit_bias::prelude::*;
/// assert_eq!(late_norm(-80.0, 0.2, 2)?, 20.0);
/// # Ok::<(), Error>(())
/// ```
pub fn late_norm(log_risk: f64, margin: f64, depth: usize) -> Result<f64> {
    if !(log_risk.is_finite() && log_risk < 0.0) {
        return Err(Error::argument("late_norm(log_risk)", "a finite ln R < 0", log_risk));
    }
    if depth == 0 {
        return Err(Error::argument("late_norm(depth)", "a depth ≥ 1", depth));
    }
    let margin = positive("late_norm(margin)", margin)?;
    positive("late_norm", (-log_risk / margin).powf(1.0 / depth as f64))
}

/// The rank-one gap once ‖W‖_F is large: 1 − ‖W‖₂/‖W‖_F ≈ σ₂²/(2‖W‖_F²), σ₂ being the second singular value, which
/// stays bounded (Ji & Telgarsky, Lemma 2: σ₂² ≤ D).
///
/// # Errors
/// A σ₂ that is negative or not finite, a norm that is not above 0 or below σ₂.
///
/// ```
/// # use implicit_bias::prelude::*;
/// assert_eq!(late_gap(1.0, 16.0)?, 1.0 / 512.0);
/// # Ok::<(), Error>(())
/// ```
pub fn late_gap(second_singular_value: f64, frobenius_norm: f64) -> Result<f64> {
    let f = positive("late_gap(frobenius_norm)", frobenius_norm)?;
    if !(0.0..=f).contains(&second_singular_value) {
        return Err(Error::argument(
            "late_gap(second_singular_value)",
            format_args!("a number from 0 to ‖W‖_F = {f}"),
            second_singular_value,
        ));
    }
    let part = second_singular_value / f;
    Ok(0.5 * part * part)
}

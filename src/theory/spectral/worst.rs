//! The worst bias over all targets of one smoothness.

use super::model::{Norm, check_spectrum};
use crate::error::{Error, Result, finite};
use crate::reference::Filter;

/// sup over ‖h‖ ≤ 1 of ‖f̂ − L^r h‖ without noise: maxᵢ |residual(μᵢ)| μᵢˢ, with s = r in the ρ-norm and r − 1/2 in the K-norm.
///
/// # Errors
/// An empty spectrum, an eigenvalue that is not a finite number above zero, r ≤ 0 (r ≤ 1/2 in the K-norm), and as
/// [`Filter::residual`].
pub fn worst_bias(filter: Filter, spectrum: &[f64], r: f64, norm: Norm) -> Result<f64> {
    let s = norm.smoothness("worst_bias(r)", r)?;
    if spectrum.is_empty() {
        return Err(Error::shape("worst_bias(spectrum)", "(k ≥ 1)", "(0)"));
    }
    check_spectrum("worst_bias(spectrum)", spectrum)?;
    let mut worst = 0.0_f64;
    for &mu in spectrum {
        worst = worst.max(filter.residual(mu)?.abs() * mu.powf(s));
    }
    finite("worst_bias", worst)
}

/// [`worst_bias`] over all spectra in (0, 1], that is sup over 0 < μ ≤ 1 of |residual(μ)| μˢ, s = r or r − 1/2.
///
/// The flow has (s/(et))ˢ once t ≥ s, attained at μ = s/t; descent (t/(t+s))ᵗ (s/(η(t+s)))ˢ ≤ (s/(eηt))ˢ, or |1−η|ᵗ at μ = 1 if
/// that is more; ridge λˢ sˢ (1−s)^{1−s} for s < 1, at μ = λs/(1−s), but λ/(1+λ), at μ = 1, for every s ≥ 1: this is
/// its saturation. (Where the maximiser lies beyond 1, the value at μ = 1 holds.)
///
/// Source: Yao, Rosasco & Caponetto (2007), proof of Theorem 2.9, for descent; Minh's appendix to Smale & Zhou, Learning theory
/// estimates via integral operators and their approximations, Constr. Approx. 26 (2007), for ridge.
///
/// ```
/// use implicit_bias::theory::worst_bias_bound;
/// use implicit_bias::prelude::*;
/// let bound = worst_bias_bound(Filter::Ridge { lambda: 0.25 }, 3.0, Norm::Rho)?;
/// assert_eq!(bound, 0.2); // at r = 1 and far beyond
/// # Ok::<(), Error>(())
/// ```
///
/// # Errors
/// r ≤ 0 (r ≤ 1/2 in the K-norm), and as [`Filter::residual`] at μ = 1.
pub fn worst_bias_bound(filter: Filter, r: f64, norm: Norm) -> Result<f64> {
    let s = norm.smoothness("worst_bias_bound(r)", r)?;
    let at_one = filter.residual(1.0)?.abs();
    let peak = match filter {
        Filter::Flow { time } => s / time,
        Filter::Descent { step, steps } => s / (step * (steps as f64 + s)),
        Filter::Ridge { lambda } if s < 1.0 => lambda * s / (1.0 - s),
        Filter::Ridge { .. } => f64::INFINITY,
    };
    let inside = if peak < 1.0 { filter.residual(peak)?.abs() * peak.powf(s) } else { 0.0 };
    Ok(inside.max(at_one))
}

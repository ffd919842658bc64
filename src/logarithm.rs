//! Arithmetic on logarithms, where the numbers themselves leave the range of f64.

/// ln(eᵃ + eᵇ).
#[inline]
pub(crate) fn log_add(a: f64, b: f64) -> f64 {
    let larger = a.max(b);
    if larger == f64::NEG_INFINITY { larger } else { larger + (-(a - b).abs()).exp().ln_1p() }
}

/// ln(1 + e^q).
#[inline]
pub(crate) fn softplus(q: f64) -> f64 {
    q.max(0.0) + (-q.abs()).exp().ln_1p()
}

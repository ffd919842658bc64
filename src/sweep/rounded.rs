//! Numbers as a record keeps them.

/// What the record keeps of a number: whole numbers entirely, of others seven significant digits.
pub(super) fn rounded(value: f64) -> f64 {
    const WHOLE: f64 = 9_007_199_254_740_992.0; // 2⁵³
    if value.fract() == 0.0 && value.abs() <= WHOLE { value } else { format!("{value:.6e}").parse().unwrap_or(value) }
}

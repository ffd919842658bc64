//! An interval for a share.

use crate::error::{Error, Result};

/// Φ⁻¹(0.975): half a standard normal 95 % interval.
const Z: f64 = 1.959_963_984_540_054;

/// The 95 % Wilson score interval for a share of which k of n trials are seen:
///
/// (p + z²/2n ± z √(p(1−p)/n + z²/4n²)) / (1 + z²/n),  p = k/n, z = 1.96.
///
/// Unlike p ± z √(p(1−p)/n) it has width at k = 0 and k = n, where its one end is exactly 0 or 1.
/// Source: E. B. Wilson, Journal of the American Statistical Association 22 (1927).
///
/// ```
/// let (low, high) = implicit_bias::verdict::wilson(10, 10)?;
/// assert!((low - 0.7225).abs() < 1e-4 && high == 1.0);
/// # Ok::<(), implicit_bias::error::Error>(())
/// ```
///
/// # Errors
/// n = 0, or k > n.
pub fn wilson(k: usize, n: usize) -> Result<(f64, f64)> {
    if n == 0 {
        return Err(Error::argument("wilson(n)", "at least one trial", 0));
    }
    if k > n {
        return Err(Error::argument("wilson(k)", format_args!("at most n = {n}"), k));
    }
    let (trials, share) = (n as f64, k as f64 / n as f64);
    let z2 = Z * Z / trials;
    let centre = (share + z2 / 2.0) / (1.0 + z2);
    let half = Z / (1.0 + z2) * (share * (1.0 - share) / trials + z2 / trials / 4.0).sqrt();
    let low = if k == 0 { 0.0 } else { centre - half };
    let high = if k == n { 1.0 } else { centre + half };
    Ok((low, high))
}

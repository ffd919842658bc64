//! Quantiles.

use super::{defined, numbers};
use crate::error::{Error, Result};
use std::borrow::Borrow;

/// The median: the number in the middle, or the mean of the two in the middle.
///
/// ```
/// use implicit_bias::prelude::*;
/// assert_eq!(median([3.0, 1.0, 2.0])?, 2.0);
/// assert_eq!(median([4.0, 1.0, 2.0, f64::INFINITY])?, 3.0);
/// # Ok::<(), Error>(())
/// ```
///
/// # Errors
/// No numbers; a NaN; −∞ and ∞ in the middle.
pub fn median(values: impl IntoIterator<Item: Borrow<f64>>) -> Result<f64> {
    between("median(values)", numbers("median(values)", values)?, 0.5)
}

/// The number below which a part q of the numbers lies: with x₀ ≤ … ≤ x_{n−1} and h = (n − 1)q it is
///
/// x_{⌊h⌋} + (h − ⌊h⌋)(x_{⌊h⌋+1} − x_{⌊h⌋}).
///
/// It is NumPy's default, type 7 of R. Source: R. J. Hyndman and Y. Fan, The American Statistician 50 (1996).
///
/// ```
/// use implicit_bias::prelude::*;
/// let values = [0.0, 1.0, 2.0, 3.0, 4.0];
/// assert_eq!([quantile(values, 0.0)?, quantile(values, 0.25)?, quantile(values, 0.875)?], [0.0, 1.0, 3.5]);
/// # Ok::<(), Error>(())
/// ```
///
/// # Errors
/// No numbers; a NaN; q outside [0, 1]; a place between −∞ and ∞.
pub fn quantile(values: impl IntoIterator<Item: Borrow<f64>>, q: f64) -> Result<f64> {
    if !(0.0..=1.0).contains(&q) {
        return Err(Error::argument("quantile(q)", "a part in [0, 1]", q));
    }
    between("quantile(values)", numbers("quantile(values)", values)?, q)
}

fn between(what: &str, mut values: Vec<f64>, q: f64) -> Result<f64> {
    values.sort_by(f64::total_cmp);
    let place = (values.len() - 1) as f64 * q;
    let (low, part) = (values[place.floor() as usize], place.fract());
    let high = values[place.ceil() as usize];
    // Two equal infinities, or one that has no weight, have no difference that is a number.
    if low == high || part == 0.0 {
        return Ok(low);
    }
    let width = high - low;
    // A part of each where the difference overflows.
    let whole = part != 0.5 && (width.is_finite() || low.is_infinite() || high.is_infinite());
    defined(what, if whole { low + part * width } else { (1.0 - part) * low + part * high })
}

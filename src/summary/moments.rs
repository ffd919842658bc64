//! Ends and mean.

use super::{defined, numbers};
use crate::error::Result;
use std::borrow::Borrow;

/// The largest of the numbers; NumPy's `max`.
///
/// ```
/// use implicit_bias::prelude::*;
/// let net = Network::linear(&[3, 4, 1], Init::Gaussian(0.5), 1)?;
/// let worst = largest(rank_one_gaps(&net)?)?;
/// # assert_eq!(worst, rank_one_gaps(&net)?[0]);
/// assert!(largest([0.5, f64::NAN]).is_err());
/// # Ok::<(), Error>(())
/// ```
///
/// # Errors
/// No numbers; a NaN.
pub fn largest(values: impl IntoIterator<Item: Borrow<f64>>) -> Result<f64> {
    Ok(numbers("largest(values)", values)?.into_iter().fold(f64::NEG_INFINITY, f64::max))
}

/// The smallest of the numbers; NumPy's `min`.
///
/// ```
/// use implicit_bias::prelude::*;
/// assert_eq!(smallest(&array![[2.0, -1.0], [0.5, 3.0]])?, -1.0);
/// # Ok::<(), Error>(())
/// ```
///
/// # Errors
/// No numbers; a NaN.
pub fn smallest(values: impl IntoIterator<Item: Borrow<f64>>) -> Result<f64> {
    Ok(numbers("smallest(values)", values)?.into_iter().fold(f64::INFINITY, f64::min))
}

/// Σᵢ xᵢ / n.
///
/// ```
/// use implicit_bias::prelude::*;
/// assert_eq!(mean((1..=4).map(f64::from))?, 2.5);
/// # Ok::<(), Error>(())
/// ```
///
/// # Errors
/// No numbers; a NaN; both ∞ and −∞.
pub fn mean(values: impl IntoIterator<Item: Borrow<f64>>) -> Result<f64> {
    let values = numbers("mean(values)", values)?;
    let (sum, n) = (values.iter().sum::<f64>(), values.len() as f64);
    if sum.is_finite() || values.iter().any(|x| x.is_infinite()) {
        return defined("mean(values)", sum / n);
    }
    Ok(values.iter().map(|x| x / n).sum())
}

//! Rank correlation.

use super::numbers;
use crate::error::{Error, Result};
use std::borrow::Borrow;

/// Spearman's rank correlation of the pairs (xᵢ, yᵢ), in [−1, 1]: Pearson's correlation of their ranks,
///
/// ρ = Σᵢ (rᵢ − r̄)(sᵢ − s̄) / √(Σᵢ (rᵢ − r̄)² Σᵢ (sᵢ − s̄)²),
///
/// where equal numbers share the mean of their ranks. Source: C. Spearman, The American Journal of Psychology 15 (1904).
///
/// ```
/// use implicit_bias::prelude::*;
/// let x = [0.1, 0.2, 0.4, 0.8];
/// assert_eq!(spearman(x, x.map(|x: f64| x.ln()))?, 1.0);
/// assert_eq!(spearman(x, [4.0, 3.0, 2.0, 1.0])?, -1.0);
/// # Ok::<(), Error>(())
/// ```
///
/// # Errors
/// Fewer than two pairs, lengths that differ, a NaN, or numbers that are all the same: their order says nothing.
pub fn spearman(x: impl IntoIterator<Item: Borrow<f64>>, y: impl IntoIterator<Item: Borrow<f64>>) -> Result<f64> {
    let (x, y) = (numbers("spearman(x)", x)?, numbers("spearman(y)", y)?);
    if x.len() != y.len() {
        return Err(Error::shape("spearman(y)", format!("({})", x.len()), format!("({})", y.len())));
    }
    let (r, s) = (centred_ranks(&x), centred_ranks(&y));
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    for (what, ranks) in [("spearman(x)", &r), ("spearman(y)", &s)] {
        if dot(ranks, ranks) == 0.0 {
            return Err(Error::argument(what, "two different numbers", "all the same"));
        }
    }
    Ok(dot(&r, &s) / (dot(&r, &r) * dot(&s, &s)).sqrt())
}

/// Ranks less their mean; all are multiples of ½, so that sums of their products are exact.
fn centred_ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&i, &j| values[i].total_cmp(&values[j]));
    let mut ranks = vec![0.0; values.len()];
    let mut before = 0;
    for equal in order.chunk_by(|&i, &j| values[i] == values[j]) {
        // Ranks before, …, before + k − 1 have this mean; that of all is (n − 1)/2.
        let rank = before as f64 + 0.5 * (equal.len() as f64 - values.len() as f64);
        equal.iter().for_each(|&i| ranks[i] = rank);
        before += equal.len();
    }
    ranks
}

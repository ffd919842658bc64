//! Intervals for a share.

use crate::error::{Error, Result};
use std::collections::BTreeMap;

/// Φ⁻¹(0.975): half a standard normal 95 % interval.
const Z: f64 = 1.959_963_984_540_054;

/// The 95 % Wilson score interval for a share of which k of n trials are seen:
///
/// (p + z²/2n ± z √(p(1−p)/n + z²/4n²)) / (1 + z²/n),  p = k/n, z = 1.96.
///
/// Unlike p ± z √(p(1−p)/n) it has width at k = 0 and k = n, where its one end is exactly 0 or 1. The trials must not
/// depend on each other; for runs that share data or starts there is [`wilson_clustered`].
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
    Ok(score(k as f64 / n as f64, n as f64))
}

/// The 95 % interval for a share of runs that come in clusters, as the runs on one data set or from one start do: the
/// [`wilson`] interval at
///
/// p = (1/G) Σ_g k_g/n_g  on G trials, one for each cluster,
///
/// where k_g of the n_g runs of cluster g passed. It counts the clusters, not the runs, and so it is wide enough however
/// much the runs of a cluster depend on each other: k_g/n_g lies in [0, 1], hence its variance is at most p(1−p), that of
/// one trial (R. Bhatia & C. Davis, American Mathematical Monthly 107, 2000). With one run in each cluster it is
/// `wilson(k, n)`; where all runs of each cluster agree, the interval for the clusters.
///
/// A design effect estimated from the data (J. N. K. Rao & A. J. Scott, Biometrics 48, 1992) gives narrower intervals, but
/// asks for many clusters, and where all runs pass there is nothing to estimate it from: one failure would then narrow the
/// interval.
///
/// ```
/// use implicit_bias::verdict::{wilson, wilson_clustered};
/// let passed = [true, true, true, true, false, false]; // two runs on each of three data sets
/// assert_eq!(wilson_clustered(&passed, &[1, 1, 2, 2, 3, 3])?, wilson(2, 3)?);
/// # Ok::<(), implicit_bias::error::Error>(())
/// ```
///
/// # Errors
/// No run, or not one cluster for each.
pub fn wilson_clustered(passed: &[bool], clusters: &[u64]) -> Result<(f64, f64)> {
    if passed.is_empty() {
        return Err(Error::argument("wilson_clustered(passed)", "at least one run", "none"));
    }
    if clusters.len() != passed.len() {
        let expected = format_args!("({}) to match passed", passed.len());
        return Err(Error::shape("wilson_clustered(clusters)", expected, format_args!("({})", clusters.len())));
    }
    let (share, count) = mean_share(passed, clusters);
    Ok(score(share, count as f64))
}

/// The mean of the clusters' own shares, and how many clusters there are.
pub(crate) fn mean_share(passed: &[bool], clusters: &[u64]) -> (f64, usize) {
    let mut counts: BTreeMap<u64, (usize, usize)> = BTreeMap::new();
    for (passed, cluster) in passed.iter().zip(clusters) {
        let (k, n) = counts.entry(*cluster).or_default();
        (*k, *n) = (*k + usize::from(*passed), *n + 1);
    }
    let sum: f64 = counts.values().map(|(k, n)| *k as f64 / *n as f64).sum();
    (sum / counts.len() as f64, counts.len())
}

/// Both ends p of (share − p)² ≤ z² p(1−p)/trials.
fn score(share: f64, trials: f64) -> (f64, f64) {
    let z2 = Z * Z / trials;
    let centre = (share + z2 / 2.0) / (1.0 + z2);
    let half = Z / (1.0 + z2) * (share * (1.0 - share) / trials + z2 / trials / 4.0).sqrt();
    let low = if share == 0.0 { 0.0 } else { centre - half };
    let high = if share == 1.0 { 1.0 } else { centre + half };
    (low, high)
}

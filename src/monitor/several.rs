//! What one monitor has found in several runs.

use super::{Monitor, Monitors};
use crate::error::Result;

/// The least slack of `monitor` in each of several `runs`, in their order; what a verdict over seeds compares with a threshold.
///
/// Runs that never met its premise are left out: they say nothing, and how many do is the length of the list.
///
/// # Errors
/// Monitors without this one.
///
/// ```
/// use implicit_bias::prelude::*;
/// let watched = sweep(1..=3, |seed| {
///     let data = Separable { n: 20, d: 2, margin: 0.2, next_margin: 0.4 }.sample(seed)?;
///     let (risk, svm) = (Loss::Logistic.on(&data), MaxMargin::fit(&data)?);
///     let start = admissible_start(&risk, seed, |draw| Network::linear(&[2, 2, 1], Init::Gaussian(0.4), draw))?;
///     let mut watch = Monitors::new(&[Monitor::Eq4], &risk, &start, &svm)?;
///     Descent::new(&risk, &start, StepRule::JiTelgarsky)?.run_watched(100, Record::Ends, &mut watch, |_| Ok(()))?;
///     Ok(watch)
/// })?;
/// assert!(least_slacks(&watched, Monitor::Eq4)?.iter().all(|slack| *slack > 0.0));
/// # Ok::<(), Error>(())
/// ```
pub fn least_slacks<'a>(runs: impl IntoIterator<Item = &'a Monitors>, monitor: Monitor) -> Result<Vec<f64>> {
    let found = runs.into_iter().map(|watch| watch.get(monitor)).collect::<Result<Vec<_>>>()?;
    Ok(found.into_iter().filter_map(|watched| watched.worst).map(|worst| worst.slack).collect())
}

//! What one monitor has found so far.

use super::kind::Monitor;
use crate::error::{Error, Result};
use std::fmt;

/// Both sides of an inequality at one state, left ≤ right being what is claimed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sighting {
    /// The step.
    pub step: u64,
    /// ln t, −∞ at the start.
    pub log_time: f64,
    /// The left side.
    pub left: f64,
    /// The right side.
    pub right: f64,
    /// (right − left)/scale.
    pub slack: f64,
}

/// What one [`Monitor`] has found along a run so far.
#[derive(Clone, PartialEq)]
pub struct Watched {
    /// Which one.
    pub monitor: Monitor,
    /// States seen.
    pub seen: u64,
    /// States at which its premise was met, so that it was evaluated.
    pub applied: u64,
    /// States at which it was violated: slack below −tolerance, or no number.
    pub violations: u64,
    /// The first violation.
    pub first: Option<Sighting>,
    /// The least slack; a NaN counts as least of all.
    pub worst: Option<Sighting>,
    /// Both sides at every state that was kept and met the premise: all that [`see`](super::Monitors::see) saw, and those of a watched
    /// descent at which its record was due.
    pub kept: Vec<Sighting>,
}

impl Watched {
    pub(super) fn new(monitor: Monitor) -> Self {
        Self { monitor, seen: 0, applied: 0, violations: 0, first: None, worst: None, kept: vec![] }
    }

    /// Whether it was never violated; true for one that never applied, which [`least_slack`](Self::least_slack) refuses.
    pub fn holds(&self) -> bool {
        self.violations == 0
    }

    /// The slack of the worst state: what a verdict compares with a threshold.
    ///
    /// # Errors
    /// A monitor whose premise was never met: it says nothing about the run.
    pub fn least_slack(&self) -> Result<f64> {
        match &self.worst {
            Some(worst) => Ok(worst.slack),
            None => Err(Error::argument(
                format_args!("Watched::least_slack of {}", self.monitor),
                "a state that met its premise",
                format_args!("none among {} seen", self.seen),
            )),
        }
    }

    /// Whether both sides at `slack` are news: the least so far, or the first violation.
    #[inline]
    pub(super) fn count(&mut self, slack: f64, tolerance: f64) -> bool {
        self.applied += 1;
        // A NaN fails every comparison: it must count as violation and as worst.
        let violated = slack.is_nan() || slack < -tolerance;
        self.violations += u64::from(violated);
        let worse = self.worst.is_none_or(|w| slack < w.slack || (slack.is_nan() && !w.slack.is_nan()));
        worse || (violated && self.first.is_none())
    }

    #[cold]
    #[inline(never)]
    pub(super) fn keep(&mut self, sighting: Sighting, tolerance: f64) {
        let slack = sighting.slack;
        if self.first.is_none() && (slack.is_nan() || slack < -tolerance) {
            self.first = Some(sighting);
        }
        if self.worst.is_none_or(|w| slack < w.slack || (slack.is_nan() && !w.slack.is_nan())) {
            self.worst = Some(sighting);
        }
    }
}

impl fmt::Debug for Watched {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { monitor, seen, applied, violations, worst, .. } = self;
        write!(f, "{monitor}: {seen} states seen, {applied} met its premise, {violations} violate it")?;
        match worst {
            Some(worst) => write!(f, "; least slack {} at step {}", worst.slack, worst.step),
            None => Ok(()),
        }
    }
}

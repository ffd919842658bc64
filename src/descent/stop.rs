//! When to stop, and why a run did.

use crate::error::{Error, Result};

/// When to stop: the first condition met ends the run. A plain number of steps converts into one.
///
/// ```
/// use implicit_bias::prelude::*;
/// let stop = Stop { risk: 1e-3, seconds: 10.0, ..Stop::steps(1_000_000) };
/// # let _ = stop;
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stop {
    /// Steps to take in this call; of a flow, steps of its solver.
    pub steps: u64,
    /// Stop at t ≥ this: Σ η of a descent, the time of a flow.
    pub time: f64,
    /// Stop at ln t ≥ this: the same condition where t is no f64.
    pub log_time: f64,
    /// Stop at R ≤ this.
    pub risk: f64,
    /// Stop at ln R ≤ this: the same condition where R is no f64.
    pub log_risk: f64,
    /// Stop at ‖∇R‖ ≤ this.
    pub grad_norm: f64,
    /// Wall time of this call in seconds. It makes a run irreproducible: leave it to exploration.
    pub seconds: f64,
}

impl Stop {
    /// Stop after so many steps; the other conditions are off.
    pub const fn steps(steps: u64) -> Self {
        Self {
            steps,
            time: f64::INFINITY,
            log_time: f64::INFINITY,
            risk: 0.0,
            log_risk: f64::NEG_INFINITY,
            grad_norm: 0.0,
            seconds: f64::INFINITY,
        }
    }

    /// Stop at the time t, or after a million steps.
    pub const fn time(time: f64) -> Self {
        Self { time, ..Self::steps(1_000_000) }
    }

    /// Stop at this ln t, or after a million steps.
    pub const fn log_time(log_time: f64) -> Self {
        Self { log_time, ..Self::steps(1_000_000) }
    }

    /// Stop at this ln R, or after a million steps.
    pub const fn log_risk(log_risk: f64) -> Self {
        Self { log_risk, ..Self::steps(1_000_000) }
    }

    /// ln of the risk to stop at.
    pub(crate) fn lowest_log_risk(&self) -> f64 {
        self.risk.ln().max(self.log_risk)
    }

    pub(crate) fn check(&self) -> Result<()> {
        let nonnegative = [
            ("Stop.time", self.time),
            ("Stop.risk", self.risk),
            ("Stop.grad_norm", self.grad_norm),
            ("Stop.seconds", self.seconds),
        ];
        for (what, value) in nonnegative {
            if value.is_nan() || value < 0.0 {
                return Err(Error::argument(what, "a number ≥ 0", value));
            }
        }
        if self.log_risk.is_nan() {
            return Err(Error::argument("Stop.log_risk", "a number, or −∞ for never", self.log_risk));
        }
        if self.log_time.is_nan() {
            return Err(Error::argument("Stop.log_time", "a number, or ∞ for never", self.log_time));
        }
        Ok(())
    }
}

impl From<u64> for Stop {
    fn from(steps: u64) -> Self {
        Self::steps(steps)
    }
}

/// Why a run stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Stopped {
    /// The number of steps was reached.
    Steps,
    /// The risk fell to its bound.
    Risk,
    /// The gradient's norm fell to its bound.
    Gradient,
    /// The condition on the row came true.
    Row,
    /// The time t was reached.
    Time,
    /// The wall time was used up.
    Seconds,
    /// Somebody asked, by the file `stop`; see [`descent`](crate::descent#long-runs).
    Asked,
    /// The gradient is zero: descent never moves again. A flow says so where the points' pulls cancel within its tolerance, as at
    /// the finite minimiser of data that is not separable.
    Stationary,
    /// The gradient is exactly zero because the network is dead: some hidden layer of ReLUs has no active unit at any point.
    Dead,
    /// The step is below what the weights can resolve: no weight changed, or no trial lowered the risk. Of a flow: below what its
    /// clock resolves, as at a kink of a rectified network's risk, or near a saddle in λ = −ln R (take the clock `Time` there).
    Underflow,
    /// The next step left the finite numbers; the last finite state was kept. Try smaller steps.
    Diverged,
}

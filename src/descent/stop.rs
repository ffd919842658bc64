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
    /// Steps to take in this call.
    pub steps: u64,
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
        Self { steps, risk: 0.0, log_risk: f64::NEG_INFINITY, grad_norm: 0.0, seconds: f64::INFINITY }
    }

    /// ln of the risk to stop at.
    pub(super) fn lowest_log_risk(&self) -> f64 {
        self.risk.ln().max(self.log_risk)
    }

    pub(super) fn check(&self) -> Result<()> {
        let nonnegative =
            [("Stop.risk", self.risk), ("Stop.grad_norm", self.grad_norm), ("Stop.seconds", self.seconds)];
        for (what, value) in nonnegative {
            if value.is_nan() || value < 0.0 {
                return Err(Error::argument(what, "a number ≥ 0", value));
            }
        }
        if self.log_risk.is_nan() {
            return Err(Error::argument("Stop.log_risk", "a number, or −∞ for never", self.log_risk));
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
    /// The wall time was used up.
    Time,
    /// The gradient is exactly zero: descent never moves again.
    Stationary,
    /// The gradient is exactly zero because the network is dead: some hidden layer of ReLUs has no active unit at any point.
    Dead,
    /// The step is below what the weights can resolve: no weight changed, or no trial lowered the risk.
    Underflow,
    /// The next step left the finite numbers; the last finite state was kept. Try smaller steps.
    Diverged,
}

//! Step sizes, and time t = Σ η, which outgrows f64 when they follow 1/R: past 1e300 only its logarithm is kept.

use crate::logarithm::log_add;

/// A step size η, also where it is beyond f64; equal to another where both were made of the same number in the same way: what a [`StepRule::Custom`](super::StepRule::Custom) returns, made from a number or
/// from its logarithm.
///
/// ```
/// use implicit_bias::prelude::*;
/// assert_eq!((StepSize::from(0.5).ln(), StepSize::from_ln(1e4).ln()), (0.5_f64.ln(), 1e4));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StepSize {
    /// η = `mantissa` · e^`shift`.
    pub(crate) mantissa: f64,
    pub(crate) shift: f64,
}

impl From<f64> for StepSize {
    fn from(eta: f64) -> Self {
        Self::plain(eta)
    }
}

impl StepSize {
    pub(crate) const fn plain(eta: f64) -> Self {
        Self { mantissa: eta, shift: 0.0 }
    }

    /// η = e^`log_eta`.
    pub const fn from_ln(log_eta: f64) -> Self {
        Self { mantissa: 1.0, shift: log_eta }
    }

    /// ln η.
    pub fn ln(self) -> f64 {
        self.mantissa.ln() + self.shift
    }

    /// η; zero or infinite where it is no f64.
    pub fn value(self) -> f64 {
        if self.shift == 0.0 { self.mantissa } else { self.ln().exp() }
    }
}

/// t while it fits, ln t beyond.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Elapsed {
    time: f64,
    /// ln t once t itself left the range.
    log_time: Option<f64>,
}

impl Elapsed {
    /// Read at a time whose logarithm is known.
    pub fn at(time: f64, log_time: f64) -> Self {
        Self { time, log_time: Some(log_time) }
    }

    #[inline]
    pub fn advance(&mut self, eta: StepSize) {
        let next = self.time + eta.value();
        if self.log_time.is_none() && next < 1e300 {
            self.time = next;
            return;
        }
        self.log_time = Some(log_add(self.log_time(), eta.ln()));
        self.time = f64::INFINITY;
    }

    /// Whether both tell of the same moment.
    #[inline]
    pub fn is(&self, other: &Self) -> bool {
        self.time == other.time && (self.time.is_finite() || self.log_time() == other.log_time())
    }

    pub fn time(&self) -> f64 {
        self.time
    }

    pub fn log_time(&self) -> f64 {
        self.log_time.unwrap_or_else(|| self.time.ln())
    }
}

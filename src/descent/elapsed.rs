//! Time t = Σ η, which outgrows f64 when step sizes follow 1/R: past 1e300 only its logarithm is kept.

use crate::logarithm::log_add;

/// A step size η = `mantissa` · e^`shift`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct StepSize {
    pub mantissa: f64,
    pub shift: f64,
}

impl StepSize {
    pub fn plain(eta: f64) -> Self {
        Self { mantissa: eta, shift: 0.0 }
    }

    pub fn ln(self) -> f64 {
        self.mantissa.ln() + self.shift
    }

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

    pub fn time(&self) -> f64 {
        self.time
    }

    pub fn log_time(&self) -> f64 {
        self.log_time.unwrap_or_else(|| self.time.ln())
    }
}

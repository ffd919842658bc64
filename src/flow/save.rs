//! Where along a flow rows are kept.

use super::clock::{Clock, log_time, log1p_time};
use crate::error::{Error, Result, positive};

/// Where along a flow to keep a row, in the variable of its [`Clock`]. Between steps the method's own polynomial gives the
/// weights (dense output), so that asking for rows does not change the steps. The first and the last state are always kept.
#[derive(Clone, Debug, PartialEq)]
pub enum SaveAt {
    /// After every step of the solver.
    Steps,
    /// At the multiples of this distance in t, ln(1 + t) or λ.
    Every(f64),
    /// So many a decade of t, or of λ for [`Clock::LogRisk`], from 1e-3 on.
    LogSpaced(u32),
    /// At these t, ln(1 + t) or λ.
    At(Vec<f64>),
}

impl SaveAt {
    pub(super) fn check(&self) -> Result<()> {
        match self {
            Self::Steps => Ok(()),
            Self::Every(distance) => positive("SaveAt::Every(distance)", *distance).map(drop),
            Self::LogSpaced(k) if !(1..=10_000).contains(k) => {
                Err(Error::argument("SaveAt::LogSpaced(per decade)", "a number in 1 … 10,000", k))
            }
            Self::LogSpaced(_) => Ok(()),
            Self::At(marks) => match marks.iter().find(|x| !x.is_finite()) {
                Some(x) => Err(Error::argument("SaveAt::At(marks)", "finite numbers", x)),
                None => Ok(()),
            },
        }
    }

    /// The first mark past x, if there is one.
    pub(super) fn next_after(&self, clock: Clock, x: f64) -> f64 {
        match self {
            Self::Steps => f64::INFINITY,
            Self::Every(distance) => {
                let mut k = (x / distance).floor() + 1.0;
                while k * distance <= x {
                    k += 1.0;
                }
                k * distance
            }
            Self::LogSpaced(per_decade) => {
                let step = std::f64::consts::LN_10 / f64::from(*per_decade);
                // Marks are counted in ln t or ln λ; the clock's own variable follows from that.
                let (log, back): (f64, fn(f64) -> f64) = match clock {
                    Clock::Time | Clock::LogRisk => (x.max(0.0).ln(), f64::exp),
                    Clock::LogTime => (log_time(x), log1p_time),
                };
                let first = (-3.0 * f64::from(*per_decade)).max((log / step).floor());
                let mut k = first;
                while back(k * step) <= x {
                    k += 1.0;
                }
                back(k * step)
            }
            Self::At(marks) => marks.iter().copied().filter(|mark| *mark > x).fold(f64::INFINITY, f64::min),
        }
    }
}

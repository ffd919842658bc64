//! Where along a flow rows are kept.

use super::clock::{Clock, log_time};
use crate::error::{Error, Result, positive};
use crate::logarithm::softplus;

/// Where along a flow to keep a row, in the variable of its [`Clock`]. Between steps the method's own polynomial gives the
/// weights (dense output), so that asking for rows does not change the steps. The first and the last state are always kept; marks that make
/// more than a million rows are refused.
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
}

/// The marks of a run, one after the other.
pub(super) struct Marks {
    save: SaveAt,
    clock: Clock,
    /// The next one; ∞ when there is none.
    pub next: f64,
}

impl Marks {
    /// The marks past x.
    pub fn new(save: SaveAt, clock: Clock, x: f64) -> Self {
        let mut marks = Self { save, clock, next: f64::NAN };
        marks.pass(x);
        marks
    }

    /// Goes on to the first mark past x.
    pub fn pass(&mut self, x: f64) {
        self.next = match &self.save {
            SaveAt::Steps => f64::INFINITY,
            SaveAt::Every(distance) => {
                let k = (x / distance).floor() + 1.0;
                let mark = k * distance;
                // Rounding may have put it at x; a distance that x does not resolve gives every number there is.
                if mark > x { mark } else { ((k + 1.0) * distance).max(x.next_up()) }
            }
            SaveAt::LogSpaced(per_decade) => {
                let n = f64::from(*per_decade);
                let decades = match self.clock {
                    Clock::Time | Clock::LogRisk => x.max(0.0).log10(),
                    Clock::LogTime => log_time(x) / std::f64::consts::LN_10,
                };
                let mut k = (-3.0 * n).max((decades * n).floor());
                while self.place(k / n) <= x {
                    k += 1.0;
                }
                self.place(k / n)
            }
            SaveAt::At(marks) => marks.iter().copied().filter(|mark| *mark > x).fold(f64::INFINITY, f64::min),
        };
    }

    /// How many of the marks that were named lie ahead.
    pub fn left(&self) -> usize {
        if let SaveAt::At(marks) = &self.save { marks.iter().filter(|mark| **mark >= self.next).count() } else { 0 }
    }

    /// x where log₁₀ of t, or of λ, is `decades`.
    fn place(&self, decades: f64) -> f64 {
        match self.clock {
            Clock::LogTime => softplus(decades * std::f64::consts::LN_10),
            Clock::Time | Clock::LogRisk => 10_f64.powf(decades),
        }
    }

    /// The same marks on the way from t to ln(1 + t), at x of the new clock. Multiples of a distance in t end there.
    pub fn in_log_time(&mut self, x: f64) {
        let save = match std::mem::replace(&mut self.save, SaveAt::Steps) {
            SaveAt::Every(_) => SaveAt::At(vec![]),
            SaveAt::At(marks) => SaveAt::At(marks.into_iter().map(f64::ln_1p).collect()),
            other => other,
        };
        *self = Self::new(save, Clock::LogTime, x);
    }
}

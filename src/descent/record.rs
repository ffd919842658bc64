//! At which steps a run keeps a row.

use crate::error::{Error, Result};

/// At which steps to keep a row. The first and the last step of a run are always kept.
///
/// Steps are counted from the start of the descent, not of the run: a run that goes on where another one ended keeps the rows
/// that one long run would have kept.
#[derive(Clone, Debug, PartialEq)]
pub enum Record {
    /// The first and the last step of the run, none between them.
    Ends,
    /// Every k-th step.
    Every(u64),
    /// So many steps a decade, evenly on a logarithmic axis, every step while they are closer than one.
    LogSpaced(u32),
    /// At these steps, counted from the start of the descent. Those past the end of a run are counted in
    /// [`Run::missed`](super::Run::missed).
    At(Vec<u64>),
}

impl Record {
    pub(super) fn check(&self) -> Result<()> {
        match self {
            Self::Every(0) => Err(Error::argument("Record::Every(k)", "k ≥ 1", 0)),
            Self::LogSpaced(k) if !(1..=10_000).contains(k) => {
                Err(Error::argument("Record::LogSpaced(per decade)", "a number in 1 … 10,000", k))
            }
            _ => Ok(()),
        }
    }

    /// The first step after `step` at which a row is due.
    pub(super) fn next_after(&self, step: u64) -> u64 {
        match self {
            Self::Ends => u64::MAX,
            Self::Every(k) => (step / k + 1).saturating_mul(*k),
            Self::LogSpaced(per_decade) => {
                let per_decade = f64::from(*per_decade);
                let mut k = (step.max(1) as f64).log10() * per_decade;
                loop {
                    k = k.floor() + 1.0;
                    let due = 10_f64.powf(k / per_decade).round() as u64;
                    if due > step || step == 0 {
                        return if step == 0 { 1 } else { due };
                    }
                }
            }
            Self::At(steps) => steps.iter().copied().filter(|s| *s > step).min().unwrap_or(u64::MAX),
        }
    }

    /// How many steps that were asked for lie past `step`.
    pub(super) fn past(&self, step: u64) -> usize {
        if let Self::At(steps) = self { steps.iter().filter(|s| **s > step).count() } else { 0 }
    }
}

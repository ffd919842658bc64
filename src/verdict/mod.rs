//! Verdicts: a claim of a source, a measured number, a threshold written down before the run, and what follows.
//!
//! ```
//! use implicit_bias::verdict::Verdict;
//! let risks = [2e-4, 5e-4, 3e-4]; // three seeds
//! let verdict = Verdict::of("R1")?.below("risk after 1e5 steps", risks, 1e-3)?;
//! assert!(verdict.to_string().starts_with("R1 HOLDS"));
//! # Ok::<(), implicit_bias::error::Error>(())
//! ```
//!
//! A verdict HOLDS when all its comparisons hold, FAILS when any fails, and is OPEN otherwise.

mod claims;
mod comparison;
mod display;
mod ledger;
mod line;
mod measured;
mod wilson;

pub use claims::{Claim, claims};
pub use comparison::{Comparison, Relation, Threshold};
#[cfg(feature = "notebooks")]
pub(crate) use display::MIME;
pub use display::Verdicts;
pub use ledger::{LedgerEntry, recorded};
pub use line::{Line, fit_line};
pub use measured::Measured;
pub use wilson::wilson;

use crate::error::{Error, Result, finite};
use serde::{Deserialize, Serialize};
use std::fmt;

/// What follows from the evidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Outcome {
    /// Every comparison came out as claimed.
    Holds,
    /// At least one comparison came out against the claim.
    Fails,
    /// The evidence does not decide.
    Open,
}

/// One claim with its evidence, for the end of a notebook section.
#[derive(Clone)]
pub struct Verdict {
    claim: &'static Claim,
    evidence: Vec<Comparison>,
    seeds: Option<usize>,
    note: Option<String>,
}

impl Verdict {
    /// Begins the verdict on the claim of that id, see [`claims`].
    ///
    /// # Errors
    /// No such claim; the error lists the ids there are.
    pub fn of(id: &str) -> Result<Self> {
        Ok(Self { claim: claims::find(id)?, evidence: vec![], seeds: None, note: None })
    }

    /// Holds if every value is < `threshold`.
    ///
    /// # Errors
    /// No value, a value or threshold that is NaN or infinite: a number that is none never becomes a verdict.
    pub fn below(self, quantity: impl Into<String>, value: impl Into<Measured>, threshold: f64) -> Result<Self> {
        self.bound(
            quantity.into(),
            value.into(),
            Relation::Below,
            Threshold::One(threshold),
            |v| v - threshold,
            |v| v < threshold,
        )
    }

    /// Holds if every value is > `threshold`.
    ///
    /// # Errors
    /// As [`Verdict::below`].
    pub fn above(self, quantity: impl Into<String>, value: impl Into<Measured>, threshold: f64) -> Result<Self> {
        self.bound(
            quantity.into(),
            value.into(),
            Relation::Above,
            Threshold::One(threshold),
            |v| threshold - v,
            |v| v > threshold,
        )
    }

    /// Holds if every value lies in [`low`, `high`], ends included.
    ///
    /// # Errors
    /// As [`Verdict::below`], or low > high.
    pub fn within(self, quantity: impl Into<String>, value: impl Into<Measured>, low: f64, high: f64) -> Result<Self> {
        if low > high {
            return Err(Error::argument("Verdict::within", "low ≤ high", format_args!("{low} and {high}")));
        }
        let excess = |v: f64| (low - v).max(v - high);
        self.bound(quantity.into(), value.into(), Relation::Within, Threshold::Ends(low, high), excess, |v| {
            (low..=high).contains(&v)
        })
    }

    /// For a share of runs: k of n values are < `limit`, with 95 % interval [`wilson`]`(k, n)`. Holds if the interval's
    /// lower end is ≥ `at_least`, fails if its upper end is below, and is open in between.
    ///
    /// # Errors
    /// As [`Verdict::below`], or `at_least` outside (0, 1].
    pub fn share_below(
        self,
        quantity: impl Into<String>,
        values: impl Into<Measured>,
        limit: f64,
        at_least: f64,
    ) -> Result<Self> {
        self.share(quantity.into(), values.into(), Relation::ShareBelow, limit, at_least)
    }

    /// As [`Verdict::share_below`] for values > `limit`.
    ///
    /// # Errors
    /// As [`Verdict::share_below`].
    pub fn share_above(
        self,
        quantity: impl Into<String>,
        values: impl Into<Measured>,
        limit: f64,
        at_least: f64,
    ) -> Result<Self> {
        self.share(quantity.into(), values.into(), Relation::ShareAbove, limit, at_least)
    }

    /// Says how many runs stand behind single numbers; lists of values count themselves.
    pub fn seeds(mut self, n: usize) -> Self {
        self.seeds = Some(n);
        self
    }

    /// A sentence beside the verdict: a limit, a surprise.
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }

    /// The claim.
    pub fn claim(&self) -> &'static Claim {
        self.claim
    }

    /// The comparisons, in the order they were made.
    pub fn evidence(&self) -> &[Comparison] {
        &self.evidence
    }

    /// FAILS if any comparison fails, HOLDS if there is one and all hold, OPEN otherwise.
    pub fn outcome(&self) -> Outcome {
        self.deciding().map_or(Outcome::Open, |c| c.outcome)
    }

    /// The comparison that decides: the first that fails, else the first that is open, else the first.
    pub fn deciding(&self) -> Option<&Comparison> {
        let first = |outcome| self.evidence.iter().find(|c| c.outcome == outcome);
        first(Outcome::Fails).or_else(|| first(Outcome::Open)).or(self.evidence.first())
    }

    /// One comparison in which every value must pass. `excess` orders the values from best to worst.
    fn bound(
        mut self,
        quantity: String,
        measured: Measured,
        relation: Relation,
        threshold: Threshold,
        excess: impl Fn(f64) -> f64,
        passes: impl Fn(f64) -> bool,
    ) -> Result<Self> {
        let ends = match threshold {
            Threshold::One(t) => [t, t],
            Threshold::Ends(low, high) => [low, high],
        };
        for end in ends {
            finite(format_args!("verdict on {quantity:?}, threshold"), end)?;
        }
        let (values, runs) = measured.checked(&quantity)?;
        let worst = values.iter().copied().fold(values[0], |a, b| if excess(b) > excess(a) { b } else { a });
        let outcome = if values.iter().all(|&v| passes(v)) { Outcome::Holds } else { Outcome::Fails };
        let comparison = Comparison {
            quantity,
            relation,
            value: worst,
            threshold,
            limit: None,
            passed: None,
            seeds: runs,
            interval: None,
            outcome,
        };
        self.evidence.push(comparison);
        Ok(self)
    }

    fn share(
        mut self,
        quantity: String,
        measured: Measured,
        relation: Relation,
        limit: f64,
        at_least: f64,
    ) -> Result<Self> {
        finite(format_args!("verdict on {quantity:?}, limit"), limit)?;
        if !(at_least > 0.0 && at_least <= 1.0) {
            return Err(Error::argument(
                format_args!("verdict on {quantity:?}, at_least"),
                "a share in (0, 1]",
                at_least,
            ));
        }
        let (values, _) = measured.checked(&quantity)?;
        let n = values.len();
        let passes = |v: &&f64| if relation == Relation::ShareBelow { **v < limit } else { **v > limit };
        let k = values.iter().filter(passes).count();
        let (low, high) = wilson(k, n)?;
        let outcome = if low >= at_least {
            Outcome::Holds
        } else if high < at_least {
            Outcome::Fails
        } else {
            Outcome::Open
        };
        self.evidence.push(Comparison {
            quantity,
            relation,
            value: k as f64 / n as f64,
            threshold: Threshold::One(at_least),
            limit: Some(limit),
            passed: Some(k),
            seeds: Some(n),
            interval: Some((low, high)),
            outcome,
        });
        Ok(self)
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Holds => "HOLDS",
            Self::Fails => "FAILS",
            Self::Open => "OPEN",
        })
    }
}

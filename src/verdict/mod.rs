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
//! A verdict HOLDS when all its comparisons hold, FAILS when any fails, and is OPEN otherwise. Controls stand beside the
//! evidence and do not count as such: where one does not come out as it must, the measurement means nothing, and the verdict is
//! OPEN whatever the evidence says.
//!
//! A claim that says several things has parts in the catalogue, such as `S5a` and `S5b` of `S5`, each with its own sentence and
//! verdict; [`standing`] says what follows for the claim. A [`Verdict`] is the same type in a cell, in the recorded ledger and
//! on the page: serde writes it and reads it back.

mod claims;
mod comparison;
mod display;
mod ledger;
mod line;
mod measured;

pub use crate::summary::{wilson, wilson_clustered};
#[cfg(feature = "notebooks")]
pub(crate) use claims::parts;
pub use claims::{Claim, claims};
pub use comparison::{Comparison, Relation, Threshold};
#[cfg(feature = "notebooks")]
pub(crate) use display::MIME;
pub use display::Verdicts;
#[cfg(feature = "notebooks")]
pub(crate) use ledger::is_decided;
pub use ledger::{recorded, standing};
pub use line::{Line, fit_line};
pub use measured::Measured;

use crate::error::{Error, Result};
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

/// One claim, or one part of a claim, with its evidence, for the end of a notebook section.
///
/// Its JSON has the fields `id`, `source`, `statement` and `verdict` (HOLDS, FAILS, OPEN), in the ledger `notebook` and `cell`,
/// then `seeds` and `note` where there are any, and all comparisons as `evidence`, controls among them.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    /// The claim, such as `R1`, or the part of a claim, such as `S5a`.
    pub id: String,
    /// Where the source makes it.
    pub source: String,
    /// The claim in one sentence.
    pub statement: String,
    #[serde(rename = "verdict")]
    outcome: Outcome,
    /// In a recorded verdict the notebook's name, without `.ipynb`; otherwise empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub notebook: String,
    /// In a recorded verdict the id of the cell that reached it, which is also its anchor on the notebook's page.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub cell: String,
    /// How many runs stand behind single numbers, where that was said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seeds: Option<usize>,
    /// The sentence beside the verdict, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    #[serde(default)]
    evidence: Vec<Comparison>,
}

impl Verdict {
    /// Begins the verdict on the claim, or part of a claim, of that id, see [`claims`].
    ///
    /// # Errors
    /// No such claim; the error lists the ids there are.
    pub fn of(id: &str) -> Result<Self> {
        let claim = claims::find(id)?;
        Ok(Self {
            id: claim.id.to_owned(),
            source: claim.source.to_owned(),
            statement: claim.statement.to_owned(),
            outcome: Outcome::Open,
            notebook: String::new(),
            cell: String::new(),
            seeds: None,
            note: None,
            evidence: Vec::new(),
        })
    }

    /// Holds if every value is < `threshold`.
    ///
    /// # Errors
    /// No value, a value or threshold that is NaN or infinite: a number that is none never becomes a verdict.
    pub fn below(self, quantity: impl Into<String>, value: impl Into<Measured>, threshold: f64) -> Result<Self> {
        self.with(Comparison::bound(quantity.into(), value.into(), Relation::Below, Threshold::One(threshold)))
    }

    /// Holds if every value is > `threshold`.
    ///
    /// # Errors
    /// As [`Verdict::below`].
    pub fn above(self, quantity: impl Into<String>, value: impl Into<Measured>, threshold: f64) -> Result<Self> {
        self.with(Comparison::bound(quantity.into(), value.into(), Relation::Above, Threshold::One(threshold)))
    }

    /// Holds if every value lies in [`low`, `high`], ends included.
    ///
    /// # Errors
    /// As [`Verdict::below`], or low > high.
    pub fn within(self, quantity: impl Into<String>, value: impl Into<Measured>, low: f64, high: f64) -> Result<Self> {
        if low > high {
            return Err(Error::argument("Verdict::within", "low ≤ high", format_args!("{low} and {high}")));
        }
        self.with(Comparison::bound(quantity.into(), value.into(), Relation::Within, Threshold::Ends(low, high)))
    }

    /// For a share of runs: k of n values are < `limit`, with the 95 % interval [`wilson`]`(k, n)`, or [`wilson_clustered`] for
    /// [`Measured::clustered`] runs. Holds if the interval's lower end is ≥ `at_least`, fails if its upper end is below, and is
    /// open in between.
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
        self.with(Comparison::share(quantity.into(), values.into(), Relation::ShareBelow, limit, at_least))
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
        self.with(Comparison::share(quantity.into(), values.into(), Relation::ShareAbove, limit, at_least))
    }

    /// Says of the last comparison that its threshold was settled after trials; unless this is said, a threshold was written
    /// before the run.
    ///
    /// # Errors
    /// There is no comparison yet.
    ///
    /// ```
    /// use implicit_bias::verdict::Verdict;
    /// let verdict = Verdict::of("R3")?.above("d ln gap / d ln norm", 1.8, 1.0)?.settled_after_trials()?;
    /// assert!(verdict.to_string().ends_with("threshold settled after trials"));
    /// # Ok::<(), implicit_bias::error::Error>(())
    /// ```
    pub fn settled_after_trials(mut self) -> Result<Self> {
        self.last("Verdict::settled_after_trials")?.settled_after_trials = true;
        Ok(self)
    }

    /// Makes the last comparison a control: it must hold for the others to mean anything. Of a negative control write what it
    /// must show, as in "the drift at a loose tolerance is above 1e-11". A control is no evidence; where it does not hold,
    /// be its comparison failed or open, the verdict is OPEN.
    ///
    /// # Errors
    /// There is no comparison yet.
    ///
    /// ```
    /// use implicit_bias::verdict::{Outcome, Verdict};
    /// let tight = Verdict::of("P7")?.below("drift", 3e-14, 1e-12)?;
    /// let blind = tight.above("drift at a loose tolerance", 2e-14, 1e-11)?.control()?;
    /// assert_eq!(blind.outcome(), Outcome::Open); // what cannot see a drift has not seen that there is none
    /// # Ok::<(), implicit_bias::error::Error>(())
    /// ```
    pub fn control(mut self) -> Result<Self> {
        self.last("Verdict::control")?.control = true;
        self.outcome = self.follows();
        Ok(self)
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

    /// Whether the verdict is on the claim of that id or on a part of it.
    pub fn is_on(&self, id: &str) -> bool {
        self.id == id || claims::has_part(id, &self.id)
    }

    /// The comparisons that decide, in the order they were made.
    pub fn evidence(&self) -> impl Iterator<Item = &Comparison> + Clone {
        self.evidence.iter().filter(|c| !c.control)
    }

    /// The controls, in the order they were made.
    pub fn controls(&self) -> impl Iterator<Item = &Comparison> + Clone {
        self.evidence.iter().filter(|c| c.control)
    }

    /// OPEN if a control does not hold; otherwise FAILS if any comparison fails, HOLDS if there is one and all hold, and OPEN.
    pub fn outcome(&self) -> Outcome {
        self.outcome
    }

    /// The comparison that decides: the first control that does not hold, else the first of the evidence that fails, else the
    /// first that is open, else the first.
    pub fn deciding(&self) -> Option<&Comparison> {
        let first = |outcome| self.evidence().find(|c| c.outcome == outcome);
        let broken = self.controls().find(|c| c.outcome != Outcome::Holds);
        broken.or_else(|| first(Outcome::Fails)).or_else(|| first(Outcome::Open)).or_else(|| self.evidence().next())
    }

    fn with(mut self, comparison: Result<Comparison>) -> Result<Self> {
        self.evidence.push(comparison?);
        self.outcome = self.follows();
        Ok(self)
    }

    fn last(&mut self, what: &str) -> Result<&mut Comparison> {
        self.evidence.last_mut().ok_or_else(|| Error::argument(what, "a comparison before it", "none"))
    }

    /// What follows from the comparisons.
    fn follows(&self) -> Outcome {
        self.deciding().map_or(Outcome::Open, |c| if c.control { Outcome::Open } else { c.outcome })
    }

    /// Itself, as it was read at `place`, if every outcome follows from the numbers.
    pub(crate) fn checked(self, place: impl fmt::Display) -> Result<Self> {
        if let Some(odd) = self.evidence.iter().find(|c| c.follows() != Some(c.outcome)) {
            let due = odd.follows().map_or("numbers that fit the relation".to_owned(), |outcome| outcome.to_string());
            return Err(Error::argument(format_args!("{place}, verdict on {:?}", odd.quantity), due, odd.outcome));
        }
        if self.follows() != self.outcome {
            let due = format_args!("{}, as its comparisons say", self.follows());
            return Err(Error::argument(format_args!("{place}, verdict on {}", self.id), due, self.outcome));
        }
        Ok(self)
    }
}

impl Outcome {
    /// In the order in which they are counted.
    pub const ALL: [Self; 3] = [Self::Holds, Self::Fails, Self::Open];
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

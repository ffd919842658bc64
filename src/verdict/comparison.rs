//! One measured number against one threshold.

use super::Outcome;
use super::measured::Measured;
use crate::error::{Error, Result, finite};
use crate::show::{exact, number};
use crate::summary::{mean_share, wilson, wilson_clustered};
use serde::{Deserialize, Serialize};
use std::fmt;

/// How value and threshold are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Relation {
    /// value < threshold.
    Below,
    /// value > threshold.
    Above,
    /// threshold₁ ≤ value ≤ threshold₂.
    Within,
    /// The share of runs whose value is below a limit is at least the threshold.
    #[serde(rename = "share below")]
    ShareBelow,
    /// The share of runs whose value is above a limit is at least the threshold.
    #[serde(rename = "share above")]
    ShareAbove,
}

/// What a value is held against.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Threshold {
    /// One number.
    One(f64),
    /// Both ends of an interval.
    Ends(f64, f64),
}

/// One comparison of a verdict with its own outcome. Its JSON is one entry of the verdict's `evidence`, without the fields
/// that are none or false.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// What was measured.
    pub quantity: String,
    /// How it is compared.
    pub relation: Relation,
    /// The number: of several runs the one closest to failing or furthest beyond; of a share, k/n, and where runs come in
    /// clusters the mean of the clusters' own shares.
    pub value: f64,
    /// What it is held against.
    pub threshold: Threshold,
    /// For a share: the limit for each run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<f64>,
    /// For a share: how many runs are on the right side.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passed: Option<usize>,
    /// How many runs the number stands for, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seeds: Option<usize>,
    /// In how many clusters these runs come, where they share data or starts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clusters: Option<usize>,
    /// For a share: its 95 % interval, [`wilson`] or [`wilson_clustered`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interval: Option<(f64, f64)>,
    /// The threshold was settled after trials; otherwise it was written before the run.
    #[serde(default, skip_serializing_if = "is_false")]
    pub settled_after_trials: bool,
    /// A control: without it the verdict's other comparisons mean nothing, see [`Verdict::control`](super::Verdict::control).
    #[serde(default, skip_serializing_if = "is_false")]
    pub control: bool,
    /// Whether this comparison holds.
    #[serde(rename = "verdict")]
    pub outcome: Outcome,
}

impl Comparison {
    /// Every value must pass: the worst decides.
    pub(super) fn bound(
        quantity: String,
        measured: Measured,
        relation: Relation,
        threshold: Threshold,
    ) -> Result<Self> {
        let (low, high) = match threshold {
            Threshold::One(t) => (t, t),
            Threshold::Ends(low, high) => (low, high),
        };
        for end in [low, high] {
            finite(format_args!("verdict on {quantity:?}, threshold"), end)?;
        }
        let measured = measured.checked(&quantity)?;
        // From the best value to the worst: positive, or zero where the threshold itself fails.
        let excess = |v: f64| match relation {
            Relation::Below | Relation::ShareBelow => v - high,
            Relation::Above | Relation::ShareAbove => low - v,
            Relation::Within => (low - v).max(v - high),
        };
        let values = &measured.values;
        let worst = values.iter().copied().fold(values[0], |a, b| if excess(b) > excess(a) { b } else { a });
        Ok(Self::of(quantity, &measured, relation, worst, threshold).judged())
    }

    /// A share of the runs must pass.
    pub(super) fn share(
        quantity: String,
        measured: Measured,
        relation: Relation,
        limit: f64,
        at_least: f64,
    ) -> Result<Self> {
        finite(format_args!("verdict on {quantity:?}, limit"), limit)?;
        if !(at_least > 0.0 && at_least <= 1.0) {
            let what = format_args!("verdict on {quantity:?}, at_least");
            return Err(Error::argument(what, "a share in (0, 1]", at_least));
        }
        let measured = measured.checked(&quantity)?;
        let passes = |v: &f64| if relation == Relation::ShareBelow { *v < limit } else { *v > limit };
        let passed: Vec<bool> = measured.values.iter().map(passes).collect();
        let (k, n) = (passed.iter().filter(|p| **p).count(), passed.len());
        let (value, interval) = match &measured.clusters {
            Some(clusters) => (mean_share(&passed, clusters).0, wilson_clustered(&passed, clusters)?),
            None => (k as f64 / n as f64, wilson(k, n)?),
        };
        let comparison = Self::of(quantity, &measured, relation, value, Threshold::One(at_least));
        let limit = Some(limit);
        Ok(Self { limit, passed: Some(k), seeds: Some(n), interval: Some(interval), ..comparison }.judged())
    }

    fn of(quantity: String, measured: &Measured, relation: Relation, value: f64, threshold: Threshold) -> Self {
        Self {
            quantity,
            relation,
            value,
            threshold,
            limit: None,
            passed: None,
            seeds: measured.runs,
            clusters: measured.cluster_count(),
            interval: None,
            settled_after_trials: false,
            control: false,
            outcome: Outcome::Open,
        }
    }

    fn judged(mut self) -> Self {
        self.outcome = self.follows().expect("relation, threshold and interval were made for each other");
        self
    }

    /// What follows from the numbers; none where they do not fit the relation.
    pub(super) fn follows(&self) -> Option<Outcome> {
        let holds = match (self.relation, self.threshold, self.interval) {
            (Relation::Below, Threshold::One(t), None) => self.value < t,
            (Relation::Above, Threshold::One(t), None) => self.value > t,
            (Relation::Within, Threshold::Ends(low, high), None) => (low..=high).contains(&self.value),
            (Relation::ShareBelow | Relation::ShareAbove, Threshold::One(least), Some((low, high))) => {
                // An interval around the threshold decides nothing.
                if low < least && high >= least {
                    return Some(Outcome::Open);
                }
                low >= least
            }
            _ => return None,
        };
        Some(if holds { Outcome::Holds } else { Outcome::Fails })
    }

    /// What was measured and asked, without what was found out about the threshold.
    fn sentence(&self) -> String {
        let what = &self.quantity;
        if let (Some(limit), Some(passed), Some(n), Some((low, high)), Threshold::One(least)) =
            (self.limit, self.passed, self.seeds, self.interval, self.threshold)
        {
            let side = if self.relation == Relation::ShareBelow { '<' } else { '>' };
            let (limit, least) = (exact(limit), percent(least));
            let (share, over) = match self.clusters {
                Some(count) => (
                    format!(", {} of a cluster's on average", percent(self.value)),
                    format!(" over {}", clusters(count)),
                ),
                None => Default::default(),
            };
            let interval = format!("95 % interval{over} {} to {}", percent(low), percent(high));
            return format!(
                "{what} {side} {limit} in {passed} of {n} runs{share} ({interval}; asked: at least {least})"
            );
        }
        let asked = match (self.threshold, self.relation) {
            (Threshold::One(t), Relation::Below) => format!("< {}", exact(t)),
            (Threshold::One(t), _) => format!("> {}", exact(t)),
            (Threshold::Ends(a, b), _) => format!("in [{}, {}]", exact(a), exact(b)),
        };
        // A value that would round to its threshold keeps all its digits.
        let short = number(self.value);
        let value = if asked.contains(&short) { exact(self.value) } else { short };
        let not = if self.outcome == Outcome::Holds { " " } else { ", not " };
        let runs = match (self.seeds, self.clusters) {
            (Some(n), Some(count)) if n > 1 => format!(" (worst of {n} runs in {})", clusters(count)),
            (Some(n), None) if n > 1 => format!(" (worst of {n} runs)"),
            _ => String::new(),
        };
        format!("{what} = {value}{not}{asked}{runs}")
    }
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let settled = if self.settled_after_trials { "; threshold settled after trials" } else { "" };
        write!(f, "{}{settled}", self.sentence())
    }
}

fn is_false(flag: &bool) -> bool {
    !flag
}

fn clusters(count: usize) -> String {
    if count == 1 { "1 cluster".to_owned() } else { format!("{count} clusters") }
}

/// A share as per cent, with one decimal where it needs one.
fn percent(share: f64) -> String {
    let text = format!("{:.1}", share * 100.0);
    format!("{} %", text.trim_end_matches(".0"))
}

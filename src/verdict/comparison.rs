//! One measured number against one threshold.

use super::Outcome;
use crate::show::{exact, number};
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

/// One comparison of a verdict with its own outcome. Its JSON is one entry of the verdict's `evidence`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// What was measured.
    pub quantity: String,
    /// How it is compared.
    pub relation: Relation,
    /// The number: of several runs the one closest to failing or furthest beyond; of a share, k/n.
    pub value: f64,
    /// What it is held against.
    pub threshold: Threshold,
    /// For a share: the limit for each run.
    pub limit: Option<f64>,
    /// For a share: how many runs are on the right side.
    pub passed: Option<usize>,
    /// How many runs the number stands for, where that is known.
    pub seeds: Option<usize>,
    /// For a share: its 95 % Wilson interval.
    pub interval: Option<(f64, f64)>,
    /// Whether this comparison holds.
    #[serde(rename = "verdict")]
    pub outcome: Outcome,
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = &self.quantity;
        if let (Some(limit), Some(passed), Some(n), Some((low, high)), Threshold::One(least)) =
            (self.limit, self.passed, self.seeds, self.interval, self.threshold)
        {
            let side = if self.relation == Relation::ShareBelow { '<' } else { '>' };
            let (limit, least) = (exact(limit), percent(least));
            let interval = format!("95 % interval {} to {}", percent(low), percent(high));
            return write!(f, "{what} {side} {limit} in {passed} of {n} runs ({interval}; asked: at least {least})");
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
        write!(f, "{what} = {value}{not}{asked}")?;
        match self.seeds {
            Some(n) if n > 1 => write!(f, " (worst of {n} runs)"),
            _ => Ok(()),
        }
    }
}

/// A share as per cent, with one decimal where it needs one.
fn percent(share: f64) -> String {
    let text = format!("{:.1}", share * 100.0);
    format!("{} %", text.trim_end_matches(".0"))
}

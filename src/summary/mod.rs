//! Many numbers as one, and many rows as a few groups.
//!
//! ```
//! use implicit_bias::prelude::*;
//! struct Trial { depth: usize, gap: f64 }
//! let trials = [(2, 0.3), (2, 0.1), (4, 0.2)].map(|(depth, gap)| Trial { depth, gap });
//!
//! assert_eq!(largest(column(&trials, |t| t.gap))?, 0.3);
//! for (depth, trials) in group_by(&trials, |t| t.depth) {
//!     println!("depth {depth}: {}", Share::among(trials, |t| t.gap < 0.25));
//! }
//! # Ok::<(), Error>(())
//! ```
//!
//! Numbers come as anything that can be gone through: a vector, a slice, an array of ndarray, an iterator, of `f64` or of
//! `&f64`. A NaN is an error that says where it stands, and so is having no numbers; infinities are numbers, so that a run
//! that never arrives may count as ∞.

mod group;
mod moments;
mod quantile;
mod share;
mod spearman;
mod wilson;

pub use group::{column, group_by};
pub use moments::{largest, mean, smallest};
pub use quantile::{median, quantile};
pub use share::Share;
pub use spearman::spearman;
pub(crate) use wilson::mean_share;
pub use wilson::{wilson, wilson_clustered};

use crate::error::{Error, Result};
use std::borrow::Borrow;
use std::fmt::Display;

/// The numbers that `what` is asked of, at least one and none of them NaN.
fn numbers(what: impl Display, values: impl IntoIterator<Item: Borrow<f64>>) -> Result<Vec<f64>> {
    let values: Vec<f64> = values.into_iter().map(|value| *value.borrow()).collect();
    if values.is_empty() {
        return Err(Error::argument(what, "at least one number", "none"));
    }
    match values.iter().position(|value| value.is_nan()) {
        Some(i) => Err(Error::argument(format_args!("{what}[{i}]"), "a number", "NaN")),
        None => Ok(values),
    }
}

/// A result that infinities of both signs have not undone.
fn defined(what: impl Display, value: f64) -> Result<f64> {
    if value.is_nan() { Err(Error::argument(what, "infinities of one sign", "∞ and −∞")) } else { Ok(value) }
}

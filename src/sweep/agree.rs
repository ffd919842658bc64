//! Whether an item comes out as it was recorded.

use crate::error::{Error, Result};

/// Relative deviation up to which a number counts as come out again.
const TOLERANCE: f64 = 1e-5;
/// Smaller numbers are compared as if they had this size: rounding may turn a 0 into 1e-16. Thus 1e-12 passes for 0.
const FLOOR: f64 = 1e-7;

/// Where an item's numbers were recorded, and what to do where they do not come out again.
pub(super) struct Place<'a> {
    pub path: String,
    pub columns: &'a [String],
    pub remedy: String,
}

impl Place<'_> {
    /// The largest relative deviation of what the item gave, rounded as a record's numbers, from what was recorded.
    pub fn compare(&self, item: &str, recorded: &[f64], found: &[f64]) -> Result<f64> {
        let mut largest = 0.0_f64;
        for ((column, &recorded), &found) in self.columns.iter().zip(recorded).zip(found) {
            let found = super::entry::rounded(found);
            let deviation = deviation(recorded, found);
            if deviation > TOLERANCE {
                let (path, item, column) = (self.path.clone(), item.to_owned(), column.clone());
                return Err(Error::Deviation { path, item, column, recorded, found, remedy: self.remedy.clone() });
            }
            largest = largest.max(deviation);
        }
        Ok(largest)
    }
}

/// |a − b| / max(|a|, |b|, floor); 0 for equal infinities and two NaN, ∞ where only one of the two is such.
fn deviation(a: f64, b: f64) -> f64 {
    if a == b || (a.is_nan() && b.is_nan()) {
        0.0
    } else if a.is_finite() && b.is_finite() {
        (a - b).abs() / a.abs().max(b.abs()).max(FLOOR)
    } else {
        f64::INFINITY
    }
}

//! What a record keeps of one item.

use crate::show::exact;
use serde::{Deserialize, Serialize};

/// A row as the record will have it.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Row {
    /// The item's place, counted from 1.
    pub number: usize,
    pub item: String,
    pub values: Vec<String>,
}

impl Row {
    pub fn of(number: usize, item: &str, values: &[f64]) -> Self {
        let values = values.iter().map(|&value| exact(rounded(value))).collect();
        Self { number, item: item.into(), values }
    }

    pub fn numbers(&self) -> Option<Vec<f64>> {
        self.values.iter().map(|text| text.parse().ok()).collect()
    }
}

/// What the record keeps of a number: whole numbers entirely, of others seven significant digits.
pub(super) fn rounded(value: f64) -> f64 {
    const WHOLE: f64 = 9_007_199_254_740_992.0; // 2⁵³
    if value.fract() == 0.0 && value.abs() <= WHOLE { value } else { format!("{value:.6e}").parse().unwrap_or(value) }
}

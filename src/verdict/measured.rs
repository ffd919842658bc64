//! What a verdict compares: one number, or one for each run.

use crate::error::{Error, Result, finite};

/// One measured number, or one for each run (seed). Made from `f64`, arrays, slices and vectors.
#[derive(Debug, Clone)]
pub struct Measured {
    values: Vec<f64>,
    runs: Option<usize>,
}

impl From<f64> for Measured {
    fn from(value: f64) -> Self {
        Self { values: vec![value], runs: None }
    }
}

impl From<Vec<f64>> for Measured {
    fn from(values: Vec<f64>) -> Self {
        Self { runs: Some(values.len()), values }
    }
}

impl From<&[f64]> for Measured {
    fn from(values: &[f64]) -> Self {
        values.to_vec().into()
    }
}

impl From<&Vec<f64>> for Measured {
    fn from(values: &Vec<f64>) -> Self {
        values.clone().into()
    }
}

impl<const N: usize> From<[f64; N]> for Measured {
    fn from(values: [f64; N]) -> Self {
        values.to_vec().into()
    }
}

impl<const N: usize> From<&[f64; N]> for Measured {
    fn from(values: &[f64; N]) -> Self {
        values.to_vec().into()
    }
}

impl Measured {
    /// The values, all finite, at least one, and how many runs they are if that is known.
    pub(super) fn checked(self, quantity: &str) -> Result<(Vec<f64>, Option<usize>)> {
        if self.values.is_empty() {
            return Err(Error::argument(format_args!("verdict on {quantity:?}"), "at least one value", "none"));
        }
        for (i, &v) in self.values.iter().enumerate() {
            finite(format_args!("verdict on {quantity:?}, value {i}"), v)?;
        }
        Ok((self.values, self.runs))
    }
}

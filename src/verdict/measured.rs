//! What a verdict compares: one number, or one for each run.

use crate::error::{Error, Result, finite};

/// One measured number, or one for each run (seed). Made from `f64`, arrays, slices and vectors, and of runs that share data
/// or starts by [`Measured::clustered`].
#[derive(Debug, Clone)]
pub struct Measured {
    pub(super) values: Vec<f64>,
    pub(super) runs: Option<usize>,
    pub(super) clusters: Option<Vec<u64>>,
}

impl From<f64> for Measured {
    fn from(value: f64) -> Self {
        Self { values: vec![value], runs: None, clusters: None }
    }
}

impl From<Vec<f64>> for Measured {
    fn from(values: Vec<f64>) -> Self {
        Self { runs: Some(values.len()), values, clusters: None }
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
    /// One value for each run, and the cluster of that run: the seed of its data or of its start, whatever several runs
    /// have in common. A share's interval then counts the clusters, see [`wilson_clustered`](super::wilson_clustered).
    ///
    /// ```
    /// use implicit_bias::verdict::{Measured, Verdict};
    /// let gaps = Measured::clustered(vec![0.02, 0.03, 0.01, 0.2], &[7, 7, 8, 8]); // two rules from each of two starts
    /// let verdict = Verdict::of("R2")?.share_above("gap", gaps, 0.1, 0.9)?;
    /// assert_eq!(verdict.deciding().unwrap().clusters, Some(2));
    /// # Ok::<(), implicit_bias::error::Error>(())
    /// ```
    pub fn clustered(values: impl Into<Self>, clusters: &[u64]) -> Self {
        Self { clusters: Some(clusters.to_vec()), ..values.into() }
    }

    /// Itself, once the values are all finite and at least one, and each has its cluster where there are clusters.
    pub(super) fn checked(self, quantity: &str) -> Result<Self> {
        if self.values.is_empty() {
            return Err(Error::argument(format_args!("verdict on {quantity:?}"), "at least one value", "none"));
        }
        for (i, &v) in self.values.iter().enumerate() {
            finite(format_args!("verdict on {quantity:?}, value {i}"), v)?;
        }
        if let Some(clusters) = self.clusters.as_ref().filter(|clusters| clusters.len() != self.values.len()) {
            let expected = format_args!("({}), one for each run", self.values.len());
            let what = format_args!("verdict on {quantity:?}, clusters");
            return Err(Error::shape(what, expected, format_args!("({})", clusters.len())));
        }
        Ok(self)
    }

    /// How many different clusters there are, where there are any.
    pub(super) fn cluster_count(&self) -> Option<usize> {
        let clusters = self.clusters.as_ref()?;
        Some(clusters.iter().collect::<std::collections::BTreeSet<_>>().len())
    }
}

//! What the perceptron did, update by update, and what its convergence theorem says about it.

use crate::error::{Error, Result};
use crate::reference::MaxMargin;
use ndarray::{Array1, Array2, ArrayView1, s};
use std::fmt;

/// One update of a [`Perceptron`](super::Perceptron).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Update {
    /// The row of the data that was added.
    pub point: usize,
    /// ‖ŵ_k‖² after it, in the data's units squared.
    pub norm_squared: f64,
}

/// Why a perceptron stopped.
#[derive(Clone, Debug)]
pub enum Ending {
    /// No point of the data is on the wrong side or on the hyperplane.
    Separated,
    /// Somebody asked, by the file `stop`; see [`descent`](crate::descent#long-runs).
    Asked,
    /// The limit was reached; the data is separable, as far as double precision can tell.
    Limit,
    /// The limit was reached, and no hyperplane of this kind separates the data: an [`Error::NotSeparable`] with its
    /// witness. No limit would have been enough.
    Inseparable(Error),
}

/// The record of a [`Perceptron`](super::Perceptron): its hyperplane and every update k = 1 … K.
#[derive(Clone)]
pub struct PerceptronRun {
    bias: bool,
    radius: f64,
    /// yᵢx̂ᵢ, a row each.
    points: Array2<f64>,
    /// ŵ.
    weights: Array1<f64>,
    updates: Vec<Update>,
    pub(super) passes: usize,
    pub(super) ending: Ending,
}

impl PerceptronRun {
    pub(super) fn new(bias: bool, radius: f64, points: Array2<f64>) -> Self {
        let weights = Array1::zeros(points.ncols());
        Self { bias, radius, points, weights, updates: vec![], passes: 0, ending: Ending::Limit }
    }

    /// Looks at point i; true where it was a mistake.
    pub(super) fn visit(&mut self, i: usize) -> bool {
        let point = self.points.row(i);
        let mistake = point.dot(&self.weights) <= 0.0;
        if mistake {
            self.weights += &point;
            self.updates.push(Update { point: i, norm_squared: self.weights.dot(&self.weights) });
        }
        mistake
    }

    /// Whether every point lies on its side.
    pub(super) fn separates(&self) -> bool {
        self.points.outer_iter().all(|point| point.dot(&self.weights) > 0.0)
    }

    /// w, length d.
    pub fn weights(&self) -> ArrayView1<'_, f64> {
        self.weights.slice(s![..self.weights.len() - usize::from(self.bias)])
    }

    /// b; 0 for a perceptron without a bias.
    pub fn intercept(&self) -> f64 {
        if self.bias { self.weights[self.weights.len() - 1] * self.radius } else { 0.0 }
    }

    /// R = max‖xᵢ‖, of the points without their constant coordinate.
    pub fn radius(&self) -> f64 {
        self.radius
    }

    /// The updates in order; as many as mistakes were made.
    pub fn updates(&self) -> &[Update] {
        &self.updates
    }

    /// Passes of n visits begun: the last one is the clean one, or the one that the limit cut short.
    pub fn passes(&self) -> usize {
        self.passes
    }

    /// Why it stopped.
    pub fn ending(&self) -> &Ending {
        &self.ending
    }

    /// ⟨ŵ_opt, ŵ_k⟩ for k = 1 … K, with ŵ_opt = (ū, b/R) of the maximum margin: the theorem's proof shows ≥ kγ.
    ///
    /// # Errors
    /// As [`bound`](Self::bound).
    pub fn overlaps(&self, svm: &MaxMargin) -> Result<Array1<f64>> {
        let optimum = self.optimum(svm)?;
        let steps = self.points.dot(&optimum);
        let sum = |sum: &mut f64, update: &Update| {
            *sum += steps[update.point];
            Some(*sum)
        };
        Ok(self.updates.iter().scan(0.0, sum).collect())
    }

    /// The upper bound for ‖ŵ_k‖² in the proof, k = 1 … K: kR² without a bias, 2kR² with it.
    pub fn norm_bounds(&self) -> Array1<f64> {
        let each = self.radius * self.radius * if self.bias { 2.0 } else { 1.0 };
        (1..=self.updates.len()).map(|k| k as f64 * each).collect()
    }

    /// The bound on the number of updates of Block and Novikoff: (R/γ)² without a bias, (2R/γ)² with it, γ the maximum
    /// margin (functional margin at ‖w_opt‖ = 1) of the same kind: `MaxMargin::fit` or `MaxMargin::fit_with_intercept`.
    ///
    /// # Errors
    /// A reference for another number of coordinates; one with an intercept for a run without a bias.
    pub fn bound(&self, svm: &MaxMargin) -> Result<f64> {
        self.optimum(svm)?;
        let ratio = self.radius / svm.margin() * if self.bias { 2.0 } else { 1.0 };
        Ok(ratio * ratio)
    }

    /// ŵ_opt, as long as ŵ.
    fn optimum(&self, svm: &MaxMargin) -> Result<Array1<f64>> {
        let (d, found) = (self.weights().len(), svm.direction().len());
        if d != found {
            return Err(Error::shape("PerceptronRun svm", format_args!("({d})"), format_args!("({found})")));
        }
        if !self.bias && svm.intercept() != 0.0 {
            let expected = "MaxMargin::fit, through the origin, for a perceptron without a bias";
            return Err(Error::argument("PerceptronRun svm", expected, format_args!("b = {}", svm.intercept())));
        }
        let constant = self.bias.then(|| svm.intercept() / self.radius);
        Ok(svm.direction().iter().copied().chain(constant).collect())
    }
}

impl fmt::Debug for PerceptronRun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ending = match self.ending {
            Ending::Separated => "separated",
            Ending::Asked => "asked to stop",
            Ending::Limit => "stopped at its limit",
            Ending::Inseparable(_) => "the data is not separable",
        };
        write!(f, "PerceptronRun: {} updates in {} passes, {ending}", self.updates.len(), self.passes)
    }
}

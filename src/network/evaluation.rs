//! One evaluation of a linear network on data: everything that step rules, stop rules and probes read.
//!
//! With B_k = W_L ⋯ W_{k+1} (a row) and h_k = W_k ⋯ W₁ ∇R(w_prod) (a column), the gradient of layer k is the rank-one
//! matrix ∂R/∂W_k = B_kᵀ h_{k−1}ᵀ (Ji & Telgarsky, §2.1). Hence one evaluation costs 2L products of a matrix and a vector
//! and one pass over the points, whatever the number of points is.

use super::Network;
use super::linear::{Shape, descend, evaluate};
use crate::dataset::Dataset;
use crate::error::{Error, Result};
use crate::loss::Loss;
use crate::loss::batch::{Batch, Points};
use ndarray::Array2;
use std::fmt;

/// Risk, gradient, margins and predictor of a linear network at one point of weight space.
///
/// All of it carries one common factor e^−shift, so that nothing over- or underflows.
///
/// ```
/// use implicit_bias::prelude::*;
/// let data = Dataset::new(array![[1.0, 0.0]], array![1.0])?;
/// let net = Network::from_layers(&[array![[2000.0, 1.0]]])?;
/// let at = Evaluation::of(&net, &data, Loss::Exponential)?;
/// assert_eq!((at.risk(), at.log_risk()), (0.0, -2000.0)); // R = e^−2000 is no f64, its logarithm is
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone)]
pub struct Evaluation {
    n: usize,
    batch: Batch,
    shape: Shape,
    back: Vec<f64>,
    fore: Vec<f64>,
    /// (‖∇R‖ e^shift)², plain sum of squares.
    grad_squared: f64,
}

impl Evaluation {
    /// Evaluates `network` on `data` under `loss`.
    ///
    /// # Errors
    /// Widths that do not fit the data (d₀ = d, d_L = 1), or a result beyond the range of double precision.
    pub fn of(network: &Network, data: &Dataset, loss: Loss) -> Result<Self> {
        let points = Points::new(data);
        let mut at = Self::new(network, &points)?;
        if at.update(network, &points, loss, true) {
            return Ok(at);
        }
        Err(at.out_of_range("network on this data"))
    }

    /// Room for evaluations of networks shaped like `network`.
    pub(crate) fn new(network: &Network, points: &Points) -> Result<Self> {
        let widths = network.widths();
        if widths[0] != points.d || widths[network.depth()] != 1 {
            let found = format!("{} → {}", widths[0], widths[network.depth()]);
            return Err(Error::shape("network widths for this data", format!("{} → 1", points.d), found));
        }
        let total = widths.iter().sum();
        let (back, fore) = (vec![0.0; total], vec![0.0; total]);
        Ok(Self {
            n: points.n,
            batch: Batch::new(points),
            shape: Shape::new(widths),
            back,
            fore,
            grad_squared: f64::NAN,
        })
    }

    /// Evaluates in place; false when something left the finite numbers.
    #[inline]
    pub(crate) fn update(&mut self, network: &Network, points: &Points, loss: Loss, risk: bool) -> bool {
        let (back, fore) = (&mut self.back, &mut self.fore);
        let (in_range, grad_squared) =
            evaluate(points.unit, &self.shape, network.params(), points, loss, risk, &mut self.batch, back, fore);
        self.grad_squared = grad_squared;
        in_range && grad_squared.is_finite() && (!risk || self.mean_loss().is_finite())
    }

    /// The error for an evaluation that left the finite numbers.
    pub(crate) fn out_of_range(&self, what: &str) -> Error {
        let worst = self.margins().iter().fold(0.0_f64, |m, q| if q.abs() <= m { m } else { q.abs() });
        let expected =
            "margins, mean loss and squared gradient within the range of f64 (scale the data or the weights)";
        let found = format!("largest |margin| {worst:e}, scaled squared gradient {:e}", self.grad_squared);
        Error::argument(what, expected, found)
    }

    /// −`coefficient` · gradient · e^shift added to `from`, written to `to`.
    #[inline]
    pub(crate) fn descend(&self, points: &Points, network: &Network, coefficient: f64, to: &mut [f64]) {
        descend(points.unit, &self.shape, network.params(), &self.back, &self.fore, coefficient, to);
    }

    /// s in ∇R = e^−s ∇̂: every number of this evaluation is finite and of ordinary size once e^−s is taken out.
    pub fn shift(&self) -> f64 {
        self.batch.shift
    }

    /// e^−s; zero where that underflows.
    pub(crate) fn decay(&self) -> f64 {
        self.batch.decay
    }

    /// R e^s.
    pub(crate) fn mean_loss(&self) -> f64 {
        self.batch.mean_loss
    }

    /// ln R, R = (1/n) Σ ℓ(qᵢ); accurate to 1e-15 relative wherever R is.
    pub fn log_risk(&self) -> f64 {
        self.batch.mean_loss.ln() - self.batch.shift
    }

    /// R = (1/n) Σ ℓ(qᵢ), zero below 1e-308 where only [`Self::log_risk`] can tell it.
    pub fn risk(&self) -> f64 {
        self.batch.mean_loss * (-self.batch.shift).exp()
    }

    /// ‖∇R‖ e^s: Euclidean norm over all weights, free of under- and overflow.
    pub(crate) fn scaled_grad_norm(&self) -> f64 {
        if self.grad_squared > 1e-280 {
            return self.grad_squared.sqrt();
        }
        let norm = |v: &[f64]| {
            let m = v.iter().fold(0.0_f64, |m, x| m.max(x.abs()));
            if m == 0.0 { 0.0 } else { m * v.iter().map(|x| (x / m) * (x / m)).sum::<f64>().sqrt() }
        };
        // hypot scales by itself, so the sum over layers neither underflows nor allocates.
        (1..=self.shape.depth()).map(|k| norm(self.back(k)) * norm(self.fore(k - 1))).fold(0.0, f64::hypot)
    }

    /// Whether every entry of the gradient is zero.
    #[inline]
    pub(crate) fn is_stationary(&self) -> bool {
        self.grad_squared == 0.0 && self.scaled_grad_norm() == 0.0
    }

    /// ‖∇R(W)‖, the Euclidean norm over all weights.
    pub fn grad_norm(&self) -> f64 {
        self.log_grad_norm().exp()
    }

    /// ln ‖∇R(W)‖; −∞ at a stationary point.
    pub fn log_grad_norm(&self) -> f64 {
        self.scaled_grad_norm().ln() - self.batch.shift
    }

    /// ∂R/∂W_k · e^s, shape `(d_k, d_{k−1})`, a matrix of rank one.
    ///
    /// # Errors
    /// k outside 1 … L.
    pub fn scaled_gradient(&self, k: usize) -> Result<Array2<f64>> {
        let depth = self.shape.depth();
        if !(1..=depth).contains(&k) {
            return Err(Error::argument("Evaluation::scaled_gradient(k)", format!("a layer in 1 … {depth}"), k));
        }
        let (b, h) = (self.back(k), self.fore(k - 1));
        Ok(Array2::from_shape_fn((b.len(), h.len()), |(i, j)| b[i] * h[j]))
    }

    /// Margins qᵢ = yᵢ f(xᵢ), length n.
    pub fn margins(&self) -> &[f64] {
        self.batch.margins(self.n)
    }

    /// Slopes |ℓ′(qᵢ)| e^s, length n: the weights of the points in the gradient, up to their sum.
    pub fn scaled_slopes(&self) -> &[f64] {
        self.batch.slopes(self.n)
    }

    /// The linear predictor w_prod = (W_L ⋯ W₁)ᵀ, length d.
    pub fn predictor(&self) -> &[f64] {
        self.back(0)
    }

    fn back(&self, k: usize) -> &[f64] {
        &self.back[self.shape.at(k)]
    }

    fn fore(&self, k: usize) -> &[f64] {
        &self.fore[self.shape.at(k)]
    }
}

impl fmt::Debug for Evaluation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Evaluation: ln R = {}, ln ‖∇R‖ = {}, {} margins", self.log_risk(), self.log_grad_norm(), self.n)
    }
}

//! One evaluation of a network on data: everything that step rules, stop rules and probes read.

use super::Network;
use super::linear::Linear;
use super::rectified::Rectified;
use crate::dataset::Dataset;
use crate::error::{Error, Result};
use crate::loss::Loss;
use crate::loss::batch::Batch;
use crate::simd::Unit;
use ndarray::{Array1, Array2, ArrayView2};
use std::fmt;

/// Risk, gradient and margins of a network at one point of weight space; of a linear one, its predictor as well.
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
    work: Work,
    /// (rows, columns, first weight) of each layer.
    layers: Vec<(usize, usize, usize)>,
    /// (‖∇R‖ e^shift)², plain sum of squares.
    grad_squared: f64,
}

/// The data in the layout of the kernel, and the kernel's own storage.
#[derive(Clone)]
enum Work {
    Linear(Linear),
    Rectified(Box<Rectified>),
}

impl Evaluation {
    /// Evaluates `network` on `data` under `loss`.
    ///
    /// # Errors
    /// Widths that do not fit the data (d₀ = d, d_L = 1), a result beyond the range of double precision, or, for a wide
    /// rectified network, an `IMPLICIT_BIAS_THREADS` that is no number from 1.
    pub fn of(network: &Network, data: &Dataset, loss: Loss) -> Result<Self> {
        let mut at = Self::new(network, data)?;
        if at.update(network, loss, true) {
            return Ok(at);
        }
        Err(at.out_of_range("network on this data"))
    }

    /// Room for evaluations on `data` of networks shaped like `network`.
    pub(crate) fn new(network: &Network, data: &Dataset) -> Result<Self> {
        let widths = network.widths();
        if widths[0] != data.d() || widths[network.depth()] != 1 {
            let found = format!("{} → {}", widths[0], widths[network.depth()]);
            return Err(Error::shape("network widths for this data", format!("{} → 1", data.d()), found));
        }
        let work = if network.is_linear() {
            Work::Linear(Linear::new(widths, data))
        } else {
            Work::Rectified(Box::new(Rectified::new(network, data)?))
        };
        let layers = (1..=network.depth()).map(|k| (widths[k], widths[k - 1], network.offsets[k - 1])).collect();
        Ok(Self { n: data.n(), batch: Batch::new(data.n()), work, layers, grad_squared: f64::NAN })
    }

    /// Descends only the layers that `trained` says, W₁ first: the others' gradient counts as zero.
    pub(crate) fn train(&mut self, trained: &[bool]) {
        match &mut self.work {
            Work::Linear(linear) => linear.train(trained),
            Work::Rectified(rectified) => rectified.train(trained),
        }
    }

    /// The vector unit in use.
    pub(crate) fn unit(&self) -> Unit {
        match &self.work {
            Work::Linear(linear) => linear.unit(),
            Work::Rectified(rectified) => rectified.unit(),
        }
    }

    /// Threads that share an evaluation.
    pub(crate) fn threads(&self) -> usize {
        match &self.work {
            Work::Linear(_) => 1,
            Work::Rectified(rectified) => rectified.threads(),
        }
    }

    /// Evaluates in place; false when something left the finite numbers.
    #[inline]
    pub(crate) fn update(&mut self, network: &Network, loss: Loss, risk: bool) -> bool {
        let (in_range, grad_squared) = match &mut self.work {
            Work::Linear(linear) => linear.update(network.params(), loss, risk, &mut self.batch),
            Work::Rectified(rectified) => rectified.update(network.params(), loss, risk, &mut self.batch),
        };
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

    /// −`coefficient` · gradient · e^shift added to the weights of `network`, written to `to`.
    #[inline]
    pub(crate) fn descend(&self, network: &Network, coefficient: f64, to: &mut [f64]) {
        match &self.work {
            Work::Linear(linear) => linear.descend(network.params(), coefficient, to),
            Work::Rectified(rectified) => rectified.descend(network.params(), coefficient, to),
        }
    }

    /// One byte for every hidden unit and eight points, a bit for each point at which the unit is active (z > 0); empty for a
    /// linear network.
    pub(crate) fn active(&self) -> &[u8] {
        match &self.work {
            Work::Linear(_) => &[],
            Work::Rectified(rectified) => rectified.active(),
        }
    }

    /// Whether some hidden layer of ReLUs has no active unit at any point, so that f is constant on the data.
    pub(crate) fn is_dead(&self) -> bool {
        matches!(&self.work, Work::Rectified(rectified) if rectified.is_dead())
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

    /// ‖∇R‖ e^s: Euclidean norm over the weights that are trained, free of under- and overflow.
    pub(crate) fn scaled_grad_norm(&self) -> f64 {
        if self.grad_squared > 1e-280 {
            return self.grad_squared.sqrt();
        }
        let norm = |v: &[f64]| {
            let m = v.iter().fold(0.0_f64, |m, x| m.max(x.abs()));
            if m == 0.0 { 0.0 } else { m * v.iter().map(|x| (x / m) * (x / m)).sum::<f64>().sqrt() }
        };
        match &self.work {
            // hypot scales by itself, so the sum over layers neither underflows nor allocates.
            Work::Linear(at) => at.trained().map(|k| norm(at.back(k)) * norm(at.fore(k - 1))).fold(0.0, f64::hypot),
            Work::Rectified(at) => norm(at.gradient()),
        }
    }

    /// Whether every entry of the gradient is zero.
    #[inline]
    pub(crate) fn is_stationary(&self) -> bool {
        self.grad_squared == 0.0 && self.scaled_grad_norm() == 0.0
    }

    /// ‖∇R(W)‖, the Euclidean norm over the weights that are trained: all, unless descent was told otherwise.
    pub fn grad_norm(&self) -> f64 {
        self.log_grad_norm().exp()
    }

    /// ln ‖∇R(W)‖; −∞ at a stationary point.
    pub fn log_grad_norm(&self) -> f64 {
        self.scaled_grad_norm().ln() - self.batch.shift
    }

    /// ∂R/∂W_k · e^s, shape `(d_k, d_{k−1})`; of rank one for a linear network, zero for a layer that descent does not train.
    ///
    /// # Errors
    /// k outside 1 … L.
    pub fn scaled_gradient(&self, k: usize) -> Result<Array2<f64>> {
        let (rows, cols, first) = self.layer("Evaluation::scaled_gradient(k)", k)?;
        Ok(match &self.work {
            Work::Linear(at) if at.trained().any(|t| t == k) => {
                let (b, h) = (at.back(k), at.fore(k - 1));
                Array2::from_shape_fn((rows, cols), |(i, j)| b[i] * h[j])
            }
            Work::Linear(_) => Array2::zeros((rows, cols)),
            Work::Rectified(at) => {
                let weights = &at.gradient()[first..first + rows * cols];
                ArrayView2::from_shape((rows, cols), weights).expect("rows · cols weights").to_owned()
            }
        })
    }

    /// ∂R/∂b_k · e^s, length d_k.
    ///
    /// # Errors
    /// k outside 1 … L, or a network without biases.
    pub fn scaled_bias_gradient(&self, k: usize) -> Result<Array1<f64>> {
        let what = "Evaluation::scaled_bias_gradient(k)";
        let (rows, cols, first) = self.layer(what, k)?;
        match &self.work {
            Work::Rectified(at) if at.has_biases() => {
                Ok(Array1::from(at.gradient()[first + rows * cols..][..rows].to_vec()))
            }
            _ => Err(Error::argument(what, "a network with biases", "one without")),
        }
    }

    fn layer(&self, what: &str, k: usize) -> Result<(usize, usize, usize)> {
        let layer = k.checked_sub(1).and_then(|i| self.layers.get(i));
        layer.copied().ok_or_else(|| Error::argument(what, format_args!("a layer in 1 … {}", self.layers.len()), k))
    }

    /// (‖∇R‖ e^s)², zero where the square underflows.
    pub(crate) fn scaled_grad_squared(&self) -> f64 {
        self.grad_squared
    }

    /// Of a linear network: B₀, …, B_L one after the other, and h₀, …, h_{L−1} likewise, with ∂R/∂W_k e^s = B_kᵀh_{k−1}ᵀ.
    pub(crate) fn factors(&self) -> Option<(&[f64], &[f64])> {
        match &self.work {
            Work::Linear(at) => Some(at.factors()),
            Work::Rectified(_) => None,
        }
    }

    /// Whether descent moves layer k of a linear network.
    pub(crate) fn is_trained(&self, k: usize) -> bool {
        matches!(&self.work, Work::Linear(at) if at.is_trained(k))
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
    ///
    /// # Errors
    /// A network that is not linear.
    pub fn predictor(&self) -> Result<&[f64]> {
        match &self.work {
            Work::Linear(at) => Ok(at.back(0)),
            Work::Rectified(at) => {
                let found = format!("slope {}{}", at.slope(), if at.has_biases() { ", with biases" } else { "" });
                Err(Error::argument("Evaluation::predictor", "a linear network (slope 1, no biases)", found))
            }
        }
    }
}

impl fmt::Debug for Evaluation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Evaluation: ln R = {}, ln ‖∇R‖ = {}, {} margins", self.log_risk(), self.log_grad_norm(), self.n)
    }
}

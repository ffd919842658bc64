//! One evaluation of a network on data: everything that step rules, stop rules and probes read.

mod read;

use super::Network;
use super::layered::Layered;
use super::linear::Linear;
use crate::dataset::{Dataset, Regression};
use crate::error::{Error, Result};
use crate::loss::Loss;
use crate::loss::batch::Batch;
use crate::loss::objective::Objective;
use crate::simd::Unit;
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
    /// Points with a label: n, or 0 for the squared loss.
    labels: usize,
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
    Layered(Box<Layered>),
}

impl Evaluation {
    /// Evaluates `network` on `data` under `loss`.
    ///
    /// # Errors
    /// Widths that do not fit the data (d₀ = d, d_L = 1), a result beyond the range of double precision, or, for a wide
    /// rectified network, an `IMPLICIT_BIAS_THREADS` that is no number from 1.
    pub fn of(network: &Network, data: &Dataset, loss: Loss) -> Result<Self> {
        Self::at(network, &Objective::Margins(loss, data.clone()))
    }

    /// Evaluates `network` on `data` under the squared loss, R = (1/2n) Σ ‖f(xᵢ) − yᵢ‖².
    ///
    /// # Errors
    /// As [`of`](Self::of), with widths d₀ = d and d_L = d'.
    ///
    /// ```
    /// use implicit_bias::prelude::*;
    /// let data = Regression::new(array![[1.0, 0.0]], array![3.0])?;
    /// let at = Evaluation::least_squares(&Network::from_layers(&[array![[1.0, 5.0]]])?, &data)?;
    /// assert_eq!((at.risk(), at.residuals()?, at.scaled_gradient(1)?), (2.0, array![[-2.0]], array![[-2.0, 0.0]]));
    /// # Ok::<(), Error>(())
    /// ```
    pub fn least_squares(network: &Network, data: &Regression) -> Result<Self> {
        Self::at(network, &Objective::Squares(data.clone()))
    }

    fn at(network: &Network, objective: &Objective) -> Result<Self> {
        let mut at = Self::new(network, objective)?;
        if at.update(network, true) {
            return Ok(at);
        }
        Err(at.out_of_range("network on this data"))
    }

    /// Room for evaluations of networks shaped like `network`.
    pub(crate) fn new(network: &Network, objective: &Objective) -> Result<Self> {
        let widths = network.widths();
        let ends = (widths[0], widths[network.depth()]);
        let (inputs, outputs) = objective.ends();
        if ends != (inputs, outputs) {
            let (expected, found) = (format!("{inputs} → {outputs}"), format!("{} → {}", ends.0, ends.1));
            return Err(Error::shape("network widths for this data", expected, found));
        }
        let (work, labels) = match objective {
            Objective::Margins(loss, data) if network.is_linear() => {
                (Work::Linear(Linear::new(widths, *loss, data)), data.n())
            }
            Objective::Margins(_, data) => (Work::Layered(Box::new(Layered::new(network, objective)?)), data.n()),
            Objective::Squares(_) => (Work::Layered(Box::new(Layered::new(network, objective)?)), 0),
        };
        let layers = (1..=network.depth()).map(|k| (widths[k], widths[k - 1], network.offsets[k - 1])).collect();
        Ok(Self { labels, batch: Batch::new(labels), work, layers, grad_squared: f64::NAN })
    }

    /// Takes these `rows` of the points of `from`, as many as there is room for exactly: a mini-batch.
    pub(crate) fn gather(&mut self, from: &Self, rows: &[usize]) {
        match (&mut self.work, &from.work) {
            (Work::Linear(own), Work::Linear(from)) => own.gather(from, rows),
            (Work::Layered(own), Work::Layered(from)) => own.gather(from, rows),
            _ => unreachable!("a batch has the kernel of its data"),
        }
    }

    /// Descends only the layers that `trained` says, W₁ first: the others' gradient counts as zero.
    pub(crate) fn train(&mut self, trained: &[bool]) {
        match &mut self.work {
            Work::Linear(linear) => linear.train(trained),
            Work::Layered(layered) => layered.train(trained),
        }
    }

    /// The vector unit in use.
    pub(crate) fn unit(&self) -> Unit {
        match &self.work {
            Work::Linear(linear) => linear.unit(),
            Work::Layered(layered) => layered.unit(),
        }
    }

    /// Threads that share an evaluation.
    pub(crate) fn threads(&self) -> usize {
        match &self.work {
            Work::Linear(_) => 1,
            Work::Layered(layered) => layered.threads(),
        }
    }

    /// Evaluates in place; false when something left the finite numbers.
    #[inline]
    pub(crate) fn update(&mut self, network: &Network, risk: bool) -> bool {
        let (in_range, grad_squared) = match &mut self.work {
            Work::Linear(linear) => linear.update(network.params(), risk, &mut self.batch),
            Work::Layered(layered) => layered.update(network.params(), risk, &mut self.batch),
        };
        self.grad_squared = grad_squared;
        in_range && grad_squared.is_finite() && (!risk || self.mean_loss().is_finite())
    }

    /// The error for an evaluation that left the finite numbers.
    pub(crate) fn out_of_range(&self, what: &str) -> Error {
        if self.labels == 0 {
            let expected = "mean square and squared gradient within the range of f64 (scale the data or the weights)";
            let found = format!("R = {:e}, squared gradient {:e}", self.batch.mean_loss, self.grad_squared);
            return Error::argument(what, expected, found);
        }
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
            Work::Layered(layered) => layered.descend(network.params(), coefficient, to),
        }
    }

    /// As [`descend`](Self::descend) with a `velocity` added, keeping in `carry` what rounding lost: for the squared loss, which
    /// is evaluated layer by layer. Whether anything changed.
    pub(crate) fn descend_carrying(
        &self,
        net: &Network,
        coefficient: f64,
        velocity: &[f64],
        carry: &mut [f64],
        to: &mut [f64],
    ) -> bool {
        let Work::Layered(layered) = &self.work else { unreachable!("the squared loss has no other kernel") };
        layered.descend_carrying(net.params(), coefficient, velocity, carry, to)
    }

    /// One byte for every hidden unit and eight points, a bit for each point at which the unit is active (z > 0); empty for a
    /// linear network.
    pub(crate) fn active(&self) -> &[u8] {
        match &self.work {
            Work::Linear(_) => &[],
            Work::Layered(layered) => layered.active(),
        }
    }

    /// Whether some hidden layer of ReLUs has no active unit at any point, so that f is constant on the data.
    pub(crate) fn is_dead(&self) -> bool {
        matches!(&self.work, Work::Layered(layered) if layered.is_dead())
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
            Work::Layered(at) => norm(at.gradient()),
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

    /// (‖∇R‖ e^s)², zero where the square underflows.
    pub(crate) fn scaled_grad_squared(&self) -> f64 {
        self.grad_squared
    }

    /// Of a linear network: B₀, …, B_L one after the other, and h₀, …, h_{L−1} likewise, with ∂R/∂W_k e^s = B_kᵀh_{k−1}ᵀ.
    pub(crate) fn factors(&self) -> Option<(&[f64], &[f64])> {
        match &self.work {
            Work::Linear(at) => Some(at.factors()),
            Work::Layered(_) => None,
        }
    }

    /// Whether descent moves layer k of a linear network.
    pub(crate) fn is_trained(&self, k: usize) -> bool {
        matches!(&self.work, Work::Linear(at) if at.is_trained(k))
    }
}

impl fmt::Debug for Evaluation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Evaluation: ln R = {}, ln ‖∇R‖ = {}, {} margins", self.log_risk(), self.log_grad_norm(), self.labels)
    }
}

//! One evaluation of a network on data: everything that step rules, stop rules and probes read.

use super::kernel::{Kernel, Pass};
use super::{Risk, Terms};
use crate::error::{Error, Result};
use crate::network::Network;
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
/// let at = Loss::Exponential.on(&data).at(&net)?;
/// assert_eq!((at.risk(), at.log_risk()), (0.0, -2000.0)); // R = e^−2000 is no f64, its logarithm is
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone)]
pub struct Evaluation {
    /// Points with a label: n, or 0 for the squared loss.
    pub(super) labels: usize,
    pub(super) pass: Pass,
    pub(super) kernel: Kernel,
    /// (rows, columns, first weight) of each layer.
    pub(super) layers: Vec<(usize, usize, usize)>,
    /// (‖∇R‖ e^shift)², plain sum of squares.
    grad_squared: f64,
}

impl Evaluation {
    pub(super) fn of(network: &Network, risk: &Risk) -> Result<Self> {
        let mut at = Self::new(network, risk)?;
        if at.update(network, true) {
            return Ok(at);
        }
        Err(at.out_of_range("network on this data"))
    }

    /// Room for evaluations of networks shaped like `network`.
    pub(crate) fn new(network: &Network, risk: &Risk) -> Result<Self> {
        let widths = network.widths();
        let ends = (widths[0], widths[network.depth()]);
        let (inputs, outputs) = risk.terms().ends();
        if ends != (inputs, outputs) {
            let (expected, found) = (format!("{inputs} → {outputs}"), format!("{} → {}", ends.0, ends.1));
            return Err(Error::shape("network widths for this data", expected, found));
        }
        Ok(Self::with(network, Kernel::new(network, risk)?, risk.terms(), risk.n()))
    }

    /// Room for evaluations on mini-batches of `size` points.
    pub(crate) fn batch(network: &Network, risk: &Risk, size: usize) -> Result<Self> {
        Ok(Self::with(network, Kernel::batch(network, risk, size)?, risk.terms(), size))
    }

    fn with(network: &Network, kernel: Kernel, terms: &Terms, n: usize) -> Self {
        let labels = if terms.loss().is_some() { n } else { 0 };
        let widths = network.widths();
        let layers = (1..=network.depth()).map(|k| (widths[k], widths[k - 1], network.offset(k))).collect();
        Self { labels, pass: Pass::new(labels), kernel, layers, grad_squared: f64::NAN }
    }

    /// Takes these `rows` of the points of `from`, as many as there is room for exactly.
    pub(crate) fn pick(&mut self, from: &Self, rows: &[usize]) {
        self.kernel.pick(&from.kernel, rows);
    }

    /// Descends only the layers that `trained` says, W₁ first: the others' gradient counts as zero.
    pub(crate) fn train(&mut self, trained: &[bool]) {
        self.kernel.train(trained);
    }

    /// The vector unit in use.
    pub(crate) fn unit(&self) -> Unit {
        self.kernel.unit()
    }

    /// Threads that share an evaluation.
    pub(crate) fn threads(&self) -> usize {
        self.kernel.threads()
    }

    /// Evaluates in place; false when something left the finite numbers.
    #[inline]
    pub(crate) fn update(&mut self, network: &Network, risk: bool) -> bool {
        let (in_range, grad_squared) = self.kernel.update(network.params(), risk, &mut self.pass);
        self.grad_squared = grad_squared;
        in_range && grad_squared.is_finite() && (!risk || self.mean_loss().is_finite())
    }

    /// The error for an evaluation that left the finite numbers.
    pub(crate) fn out_of_range(&self, what: &str) -> Error {
        if self.labels == 0 {
            let expected = "mean square and squared gradient within the range of f64 (scale the data or the weights)";
            let found = format!("R = {:e}, squared gradient {:e}", self.pass.mean_loss, self.grad_squared);
            return Error::argument(what, expected, found);
        }
        let worst = self.margins().iter().fold(0.0_f64, |m, q| if q.abs() <= m { m } else { q.abs() });
        let expected =
            "margins, mean loss and squared gradient within the range of f64 (scale the data or the weights)";
        let found = format!("largest |margin| {worst:e}, scaled squared gradient {:e}", self.grad_squared);
        Error::argument(what, expected, found)
    }

    /// What left the finite numbers, of an evaluation that did.
    #[cold]
    pub(crate) fn overflowed(&self) -> &'static str {
        if self.labels > 0 && !self.margins().iter().all(|q| q.is_finite()) {
            "a margin"
        } else if self.labels == 0 && !self.mean_loss().is_finite() {
            "the mean square"
        } else if !self.grad_squared.is_finite() {
            "the squared gradient"
        } else {
            "the mean loss"
        }
    }

    /// −`coefficient` · gradient · e^shift added to the weights of `network`, written to `to`.
    #[inline]
    pub(crate) fn descend(&self, network: &Network, coefficient: f64, to: &mut [f64]) {
        self.kernel.descend(network.params(), coefficient, to);
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
        let Kernel::Layered(layered) = &self.kernel else { unreachable!("the squared loss has no other kernel") };
        layered.descend_carrying(net.params(), coefficient, velocity, carry, to)
    }

    /// One byte for every hidden unit and eight points, a bit for each point at which the unit is active (z > 0); empty for a
    /// linear network.
    pub(crate) fn active(&self) -> &[u8] {
        match &self.kernel {
            Kernel::Product(_) => &[],
            Kernel::Layered(layered) => layered.active(),
        }
    }

    /// Whether some hidden layer of ReLUs has no active unit at any point, so that f is constant on the data.
    pub(crate) fn is_dead(&self) -> bool {
        matches!(&self.kernel, Kernel::Layered(layered) if layered.is_dead())
    }

    /// s in ∇R = e^−s ∇̂: every number of this evaluation is finite and of ordinary size once e^−s is taken out.
    pub fn shift(&self) -> f64 {
        self.pass.shift
    }

    /// e^−s; zero where that underflows.
    pub(crate) fn decay(&self) -> f64 {
        self.pass.decay
    }

    /// R e^s.
    pub(crate) fn mean_loss(&self) -> f64 {
        self.pass.mean_loss
    }

    /// ln R, R = (1/n) Σ ℓ(qᵢ); accurate to 1e-15 relative wherever R is.
    pub fn log_risk(&self) -> f64 {
        self.pass.mean_loss.ln() - self.pass.shift
    }

    /// R = (1/n) Σ ℓ(qᵢ), zero below 1e-308 where only [`Self::log_risk`] can tell it.
    pub fn risk(&self) -> f64 {
        self.pass.mean_loss * (-self.pass.shift).exp()
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
        match &self.kernel {
            // hypot scales by itself, so the sum over layers neither underflows nor allocates.
            Kernel::Product(at) => at.trained().map(|k| norm(at.back(k)) * norm(at.fore(k - 1))).fold(0.0, f64::hypot),
            Kernel::Layered(at) => norm(at.gradient()),
        }
    }

    /// Σᵢ |∂ℓᵢ/∂fᵢ · fᵢ| e^s: how hard the points pull on the outputs, each for itself.
    pub(crate) fn scaled_pull(&self) -> f64 {
        match &self.kernel {
            Kernel::Layered(at) if self.labels == 0 => at.pull(),
            _ => self.scaled_slopes().iter().zip(self.margins()).map(|(p, q)| (p * q).abs()).sum(),
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
        self.scaled_grad_norm().ln() - self.pass.shift
    }

    /// (‖∇R‖ e^s)², zero where the square underflows.
    pub(crate) fn scaled_grad_squared(&self) -> f64 {
        self.grad_squared
    }

    /// Of a linear network: B₀, …, B_L one after the other, and h₀, …, h_{L−1} likewise, with ∂R/∂W_k e^s = B_kᵀh_{k−1}ᵀ.
    pub(crate) fn factors(&self) -> Option<(&[f64], &[f64])> {
        match &self.kernel {
            Kernel::Product(at) => Some(at.factors()),
            Kernel::Layered(_) => None,
        }
    }

    /// Whether descent moves layer k of a linear network.
    pub(crate) fn is_trained(&self, k: usize) -> bool {
        matches!(&self.kernel, Kernel::Product(at) if at.is_trained(k))
    }
}

impl fmt::Debug for Evaluation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Evaluation: ln R = {}, ln ‖∇R‖ = {}, {} margins", self.log_risk(), self.log_grad_norm(), self.labels)
    }
}

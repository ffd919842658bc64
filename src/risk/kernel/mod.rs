//! How an evaluation is computed: one kernel or another, chosen by the shape of the network and by the loss.
//!
//! | kernel | for | cost of a step |
//! |---|---|---|
//! | [`product`] | linear networks under a margin loss | one pass over the points, whatever the depth |
//! | [`layered`], narrow | up to eight units a layer, no powers under a margin loss | eight points at a time through all layers |
//! | [`layered`], wide | all others | layer by layer, as products of matrices, a strip of points at a time |
//!
//! `layered::shape` draws the line between the last two and says how many points make a strip.

mod lanes;
mod layered;
mod losses;
mod pass;
mod product;
mod slopes;

pub(super) use layered::{Inputs, Layered};
pub(super) use pass::{Pass, Points};
pub(super) use product::Product;

use super::{Risk, Terms};
use crate::error::Result;
use crate::network::Network;
use crate::simd::Unit;

/// The data in the layout of the kernel, and the kernel's own storage.
#[derive(Clone)]
pub(super) enum Kernel {
    Product(Product),
    Layered(Box<Layered>),
}

impl Kernel {
    /// The kernel for networks shaped like `network`, with all points of `risk`.
    pub fn new(network: &Network, risk: &Risk) -> Result<Self> {
        Ok(match risk.terms() {
            Terms::Margins(loss, _) if network.is_linear() => {
                Self::Product(Product::new(network.widths(), *loss, risk.points().clone()))
            }
            terms => Self::Layered(Box::new(Layered::new(network, terms, risk.inputs().clone())?)),
        })
    }

    /// The same kernel with room for `size` points, as yet none of this one's: a mini-batch.
    pub fn batch(network: &Network, risk: &Risk, size: usize) -> Result<Self> {
        Ok(match risk.terms() {
            Terms::Margins(loss, _) if network.is_linear() => {
                Self::Product(Product::new(network.widths(), *loss, risk.points().room(size).into()))
            }
            terms => Self::Layered(Box::new(Layered::new(network, terms, risk.inputs().room(size).into())?)),
        })
    }

    /// Takes these `rows` of the points of `from`, as many as there is room for exactly.
    pub fn pick(&mut self, from: &Self, rows: &[usize]) {
        match (self, from) {
            (Self::Product(own), Self::Product(from)) => own.pick(from, rows),
            (Self::Layered(own), Self::Layered(from)) => own.pick(from, rows),
            _ => unreachable!("a batch has the kernel of its data"),
        }
    }

    /// Descends only the layers that `trained` says, W₁ first: the others' gradient counts as zero.
    pub fn train(&mut self, trained: &[bool]) {
        match self {
            Self::Product(product) => product.train(trained),
            Self::Layered(layered) => layered.train(trained),
        }
    }

    /// The vector unit in use.
    pub fn unit(&self) -> Unit {
        match self {
            Self::Product(product) => product.unit(),
            Self::Layered(layered) => layered.unit(),
        }
    }

    /// Threads that share an evaluation.
    pub fn threads(&self) -> usize {
        match self {
            Self::Product(_) => 1,
            Self::Layered(layered) => layered.threads(),
        }
    }

    /// Evaluates in place, with the risk if that is asked for: whether the outputs are in range, and (‖∇R‖ e^shift)².
    #[inline]
    pub fn update(&mut self, w: &[f64], risk: bool, pass: &mut Pass) -> (bool, f64) {
        match self {
            Self::Product(product) => product.update(w, risk, pass),
            Self::Layered(layered) => layered.update(w, risk, pass),
        }
    }

    /// w − `coefficient` · gradient · e^shift, written to `to`; whether a weight changed.
    #[inline]
    pub fn descend(&self, w: &[f64], coefficient: f64, to: &mut [f64]) -> bool {
        match self {
            Self::Product(product) => product.descend(w, coefficient, to),
            Self::Layered(layered) => layered.descend(w, coefficient, to),
        }
    }
}

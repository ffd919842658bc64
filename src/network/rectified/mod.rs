//! The kernels of a rectified network, f(z) = max(mz, z): forward through all layers, one pass of the loss over the
//! margins, backward to the gradient.
//!
//! Numbers stand feature by feature, the points of one feature side by side in blocks of eight. Narrow networks go through
//! all layers block by block, wide ones layer by layer as products of matrices; the shape alone decides which.

mod narrow;
mod team;
mod wide;

use super::Network;
use crate::dataset::Dataset;
use crate::error::Result;
use crate::loss::Loss;
use crate::loss::batch::Batch;
use crate::matmul::{Scratch, stride};
use crate::simd::{Block, Lanes, Unit};
use crate::threads::free_threads;
use std::ops::Range;
use std::sync::Arc;
use team::Team;

/// Inputs and labels in blocks of eight points.
struct Inputs {
    n: usize,
    /// Blocks of one feature.
    blocks: usize,
    /// x feature by feature, `stride` blocks each; zero past n.
    x: Vec<Block>,
    /// Labels; zero past n.
    y: Vec<Block>,
    /// 0 in the lanes of the last block that hold a point, +∞ in those past n.
    beyond: Block,
    /// The bits of the last block's lanes that hold a point.
    valid: u8,
}

/// One layer's place in the flat weights and in the rows of activations.
#[derive(Clone)]
struct Layer {
    rows: usize,
    cols: usize,
    weights: Range<usize>,
    /// Empty where there are no biases.
    bias: Range<usize>,
    /// First block of this layer's activations in `h` and `g`.
    start: usize,
    /// Units in the layers below: where this layer's bits begin in the pattern, in units.
    unit: usize,
    trained: bool,
}

/// A rectified network's evaluation.
#[derive(Clone)]
pub(super) struct Rectified {
    unit: Unit,
    slope: f64,
    inputs: Arc<Inputs>,
    /// Blocks from one feature to the next.
    stride: usize,
    layers: Vec<Layer>,
    /// φ_k of the hidden layers, then the output f(x).
    h: Vec<Block>,
    /// ∂R/∂z_k · e^shift of all layers, laid out as `h`.
    g: Vec<Block>,
    /// Bits of the units that are active (z > 0), one byte a unit and block: the activation pattern.
    active: Vec<u8>,
    /// ∂R/∂(weights and biases) · e^shift, laid out as the network's parameters; zero for layers that are not trained.
    gradient: Vec<f64>,
    /// The lowest layer that is trained, from 0: nothing below it needs a gradient.
    lowest: usize,
    /// Where the next forward pass begins: what lies below stands still and is known already.
    resume: usize,
    /// Lane-wise partial sums of the narrow kernel's gradient; none for a wide network.
    sums: Vec<Block>,
    /// One a member.
    scratch: Vec<Scratch>,
    team: Arc<Team>,
}

/// Multiply-adds of a step from which a team pays: some 0.3 ms on one thread.
const TEAMWORK: usize = 10_000_000;
/// Above this many units in a layer, products of matrices are faster than going block by block.
const NARROW: usize = 8;

impl Rectified {
    pub fn new(network: &Network, data: &Dataset) -> Result<Self> {
        let unit = Unit::detect();
        let (n, d) = (data.n(), data.d());
        let blocks = n.div_ceil(Block::LEN);
        let stride = stride(n);
        let mut x = vec![Block::ZERO; d * stride];
        let mut y = vec![Block::ZERO; blocks];
        for (i, row) in data.x().rows().into_iter().enumerate() {
            for (j, v) in row.iter().enumerate() {
                x[j * stride + i / Block::LEN].0[i % Block::LEN] = *v;
            }
            y[i / Block::LEN].0[i % Block::LEN] = data.y()[i];
        }
        let mut beyond = Block::ZERO;
        let used = n - (blocks - 1) * Block::LEN;
        beyond.0[used..].fill(f64::INFINITY);
        let valid = 0xff >> (Block::LEN - used);
        let (mut start, mut units) = (0, 0);
        let layers: Vec<Layer> = (1..=network.depth())
            .map(|k| {
                let (rows, cols) = (network.widths()[k], network.widths()[k - 1]);
                let first = network.offsets[k - 1];
                let weights = first..first + rows * cols;
                let bias = weights.end..network.offsets[k];
                let layer = Layer { rows, cols, weights, bias, start, unit: units, trained: true };
                (start, units) = (start + rows * stride, units + rows);
                layer
            })
            .collect();
        let h = vec![Block::ZERO; start];
        let (hidden, parameters) = (layers[layers.len() - 1].unit, network.parameter_count());
        let team = Team::new(if 3 * n * parameters < TEAMWORK { 1 } else { free_threads()? });
        let narrow = network.widths().iter().all(|w| *w <= NARROW);
        Ok(Self {
            unit,
            slope: network.slope(),
            inputs: Arc::new(Inputs { n, blocks, x, y, beyond, valid }),
            stride,
            layers,
            g: h.clone(),
            h,
            active: vec![0; hidden * blocks],
            gradient: vec![0.0; parameters],
            lowest: 0,
            resume: 0,
            sums: vec![Block::ZERO; if narrow { parameters } else { 0 }],
            scratch: (0..team.members()).map(|_| Scratch::new()).collect(),
            team: Arc::new(team),
        })
    }

    pub fn unit(&self) -> Unit {
        self.unit
    }

    pub fn threads(&self) -> usize {
        self.team.members()
    }

    /// Descends only the layers that `trained` says, W₁ first.
    pub fn train(&mut self, trained: &[bool]) {
        for (layer, trained) in self.layers.iter_mut().zip(trained) {
            layer.trained = *trained;
        }
        self.gradient.fill(0.0);
        self.lowest = trained.iter().position(|t| *t).unwrap_or(0);
        self.resume = 0;
    }

    /// Whether the margins are in range, and (‖∇R‖ e^shift)².
    pub fn update(&mut self, w: &[f64], loss: Loss, risk: bool, batch: &mut Batch) -> (bool, f64) {
        if self.sums.is_empty() {
            wide::evaluate(self, w, loss, risk, batch)
        } else {
            narrow::evaluate(self.unit, self, w, loss, risk, batch)
        }
    }

    /// w − `coefficient` · gradient, written to `to`.
    pub fn descend(&self, w: &[f64], coefficient: f64, to: &mut [f64]) {
        wide::descend(self.unit, w, &self.gradient, coefficient, to);
    }

    pub fn slope(&self) -> f64 {
        self.slope
    }

    pub fn has_biases(&self) -> bool {
        !self.layers[0].bias.is_empty()
    }

    /// ∂R/∂(weights and biases) · e^shift.
    pub fn gradient(&self) -> &[f64] {
        &self.gradient
    }

    /// One byte a hidden unit and block of eight points.
    pub fn active(&self) -> &[u8] {
        &self.active
    }

    /// Whether some hidden layer has no active unit at any point, with slope 0.
    pub fn is_dead(&self) -> bool {
        let blocks = self.inputs.blocks;
        let closed = |l: &Layer| self.active[l.unit * blocks..(l.unit + l.rows) * blocks].iter().all(|bits| *bits == 0);
        self.slope == 0.0 && self.layers[..self.layers.len() - 1].iter().any(closed)
    }
}

/// Keeps the margins of block b, of which +∞ takes the lanes past n out of the minimum; their label is 0.
#[inline(always)]
fn past_n<L: Lanes>(net: &Rectified, b: usize, margin: L, batch: &mut Batch) -> L {
    let margin = if b + 1 == net.inputs.blocks { margin.add(L::load(&net.inputs.beyond)) } else { margin };
    margin.store(&mut batch.q[b]);
    margin
}

/// ∂R/∂f · e^shift of block b: −yᵢpᵢ/n.
#[inline(always)]
fn top_gradient<L: Lanes>(net: &mut Rectified, b: usize, batch: &Batch) {
    let scale = L::splat(-1.0 / net.inputs.n as f64);
    let top = net.layers[net.layers.len() - 1].start;
    L::load(&batch.p[b]).mul(L::load(&net.inputs.y[b])).mul(scale).store(&mut net.g[top + b]);
}

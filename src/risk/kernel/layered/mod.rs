//! The kernels of networks that are evaluated layer by layer: forward through all layers, one pass of the loss over the
//! outputs, backward to the gradient.
//!
//! Numbers stand feature by feature, the points of one feature side by side in blocks of eight. Narrow rectified networks go
//! through all layers block by block, other ones layer by layer as products of matrices; shape and loss alone decide which.

mod inputs;
mod narrow;
mod squares;
mod wide;

use crate::error::Result;
use crate::loss::Loss;
use crate::matmul::Scratch;
use crate::network::Network;
use crate::risk::Terms;
use crate::risk::kernel::pass::Pass;
use crate::simd::{Block, Lanes, Unit};
use crate::team::Team;
use crate::threads::free_threads;
pub(crate) use inputs::Inputs;
use ndarray::Array2;
use std::ops::Range;
use std::sync::Arc;

/// What the outputs are compared with.
#[derive(Clone, Copy, PartialEq)]
enum Top {
    Margins(Loss),
    Squares,
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

/// The evaluation of a network layer by layer.
#[derive(Clone)]
pub(crate) struct Layered {
    unit: Unit,
    top: Top,
    slope: f64,
    /// p of f(z) = zᵖ; 1 for the rectified and the linear network.
    power: i32,
    inputs: Arc<Inputs>,
    /// Blocks from one feature to the next.
    stride: usize,
    layers: Vec<Layer>,
    /// φ_k of the hidden layers, then the output f(x).
    h: Vec<Block>,
    /// z_k of the hidden layers of a power network, laid out as `h`; else none.
    z: Vec<Block>,
    /// ∂R/∂z_k · e^shift of all layers, laid out as `h`.
    g: Vec<Block>,
    /// Bits of the units that are active (z > 0), one byte a unit and block: the activation pattern of a network that bends.
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

impl Layered {
    pub fn new(network: &Network, terms: &Terms, inputs: Arc<Inputs>) -> Result<Self> {
        let unit = Unit::detect();
        let (n, blocks, stride) = (inputs.n, inputs.blocks, inputs.stride);
        let top = match terms {
            Terms::Margins(loss, _) => Top::Margins(*loss),
            Terms::Squares(_) => Top::Squares,
        };
        let narrow = top != Top::Squares && network.degree() == 1 && network.widths().iter().all(|w| *w <= NARROW);
        let bends = narrow || network.degree() == 1 && network.slope() < 1.0;
        let (mut start, mut units) = (0, 0);
        let layers: Vec<Layer> = (1..=network.depth())
            .map(|k| {
                let (rows, cols) = (network.widths()[k], network.widths()[k - 1]);
                let first = network.offset(k);
                let weights = first..first + rows * cols;
                let bias = weights.end..weights.end + if network.has_biases() { rows } else { 0 };
                let layer = Layer { rows, cols, weights, bias, start, unit: units, trained: true };
                (start, units) = (start + rows * stride, units + if bends { rows } else { 0 });
                layer
            })
            .collect();
        let h = vec![Block::ZERO; start];
        let last = &layers[layers.len() - 1];
        let (hidden, parameters) = (last.unit, network.parameter_count());
        let z = vec![Block::ZERO; if network.degree() > 1 { last.start } else { 0 }];
        let team = Team::new(if 3 * n * parameters < TEAMWORK { 1 } else { free_threads()? });
        Ok(Self {
            unit,
            top,
            slope: network.slope(),
            power: network.degree() as i32,
            inputs,
            stride,
            layers,
            g: h.clone(),
            h,
            z,
            active: vec![0; hidden * blocks],
            gradient: vec![0.0; parameters],
            lowest: 0,
            resume: 0,
            sums: vec![Block::ZERO; if narrow { parameters } else { 0 }],
            scratch: (0..team.members()).map(|_| Scratch::new()).collect(),
            team: Arc::new(team),
        })
    }

    /// Takes these `rows` of the points of `from`, as many as there is room for exactly.
    pub fn pick(&mut self, from: &Self, rows: &[usize]) {
        Arc::make_mut(&mut self.inputs).pick(&from.inputs, rows);
        self.resume = 0;
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
    pub fn update(&mut self, w: &[f64], risk: bool, pass: &mut Pass) -> (bool, f64) {
        match self.top {
            Top::Margins(loss) if !self.sums.is_empty() => narrow::evaluate(self.unit, self, w, loss, risk, pass),
            _ => wide::evaluate(self, w, risk, pass),
        }
    }

    /// w − `coefficient` · gradient, written to `to`.
    pub fn descend(&self, w: &[f64], coefficient: f64, to: &mut [f64]) {
        wide::descend(self.unit, w, &self.gradient, coefficient, to);
    }

    /// As [`descend`](Self::descend), with a `velocity` added and what rounding loses kept in `carry` for the next step; whether
    /// a weight or what is carried changed.
    pub fn descend_carrying(
        &self,
        w: &[f64],
        coefficient: f64,
        velocity: &[f64],
        carry: &mut [f64],
        to: &mut [f64],
    ) -> bool {
        squares::descend_carrying(self.unit, w, &self.gradient, coefficient, velocity, carry, to)
    }

    /// f(xᵢ) − yᵢ, shape `(n, d')`; none for margin losses.
    pub fn residuals(&self) -> Option<Array2<f64>> {
        let (n, last) = (self.inputs.n, &self.layers[self.layers.len() - 1]);
        let at = |i: usize, j: usize| {
            let place = |start: usize| Block::LEN * (start + j * self.stride) + i;
            Block::numbers(&self.h)[place(last.start)] - Block::numbers(&self.inputs.y)[place(0)]
        };
        (self.top == Top::Squares).then(|| Array2::from_shape_fn((n, last.rows), |(i, j)| at(i, j)))
    }

    /// What kind of network and loss this is.
    pub fn kind(&self) -> String {
        let loss = if self.top == Top::Squares { ", squared loss" } else { "" };
        let biases = if self.has_biases() { ", with biases" } else { "" };
        if self.power > 1 {
            return format!("power {}{biases}{loss}", self.power);
        }
        format!("slope {}{biases}{loss}", self.slope)
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
        self.slope == 0.0 && !self.active.is_empty() && self.layers[..self.layers.len() - 1].iter().any(closed)
    }
}

/// Keeps the margins of block b, of which +∞ takes the lanes past n out of the minimum; their label is 0.
#[inline(always)]
fn past_n<L: Lanes>(net: &Layered, b: usize, margin: L, pass: &mut Pass) -> L {
    let margin = if b + 1 == net.inputs.blocks { margin.add(L::load(&net.inputs.beyond)) } else { margin };
    margin.store(&mut pass.q[b]);
    margin
}

/// ∂R/∂f · e^shift of block b: −yᵢpᵢ/n.
#[inline(always)]
fn top_gradient<L: Lanes>(net: &mut Layered, b: usize, pass: &Pass) {
    let scale = L::splat(-1.0 / net.inputs.n as f64);
    let top = net.layers[net.layers.len() - 1].start;
    L::load(&pass.p[b]).mul(L::load(&net.inputs.y[b])).mul(scale).store(&mut net.g[top + b]);
}

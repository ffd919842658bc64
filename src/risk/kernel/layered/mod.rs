//! The kernels of networks that are evaluated layer by layer: forward through all layers, one pass of the loss over the
//! outputs, backward to the gradient.
//!
//! Numbers stand feature by feature, the points of one feature side by side in blocks of eight. Narrow networks go through all
//! layers block by block, other ones layer by layer as products of matrices, with as many points at a time as memory allows.

mod gradient;
mod inputs;
mod narrow;
mod shape;
mod squares;
mod top;
mod wide;

use crate::error::Result;
use crate::loss::Loss;
use crate::matmul::{Scratch, stride};
use crate::network::{Activation, Network};
use crate::risk::Terms;
use crate::risk::kernel::pass::Pass;
use crate::simd::{Block, Unit};
use crate::team::Team;
use crate::threads::free_threads;
pub(crate) use inputs::Inputs;
use ndarray::Array2;
use shape::{Shape, Strip};
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
    /// The function behind it.
    then: Activation,
    /// First block of this layer's activations in `h` and `g`.
    start: usize,
    /// Units that bend in the layers below: where this layer's bits begin in the pattern, in units.
    unit: usize,
    trained: bool,
}

impl Layer {
    /// m of f(z) = max(mz, z).
    #[inline(always)]
    fn slope(&self) -> f64 {
        match self.then {
            Activation::Rectified(slope) => slope,
            _ => 1.0,
        }
    }

    /// Whether f has a kink, so that the signs of z make a pattern.
    #[inline(always)]
    fn bends(&self) -> bool {
        matches!(self.then, Activation::Rectified(_))
    }
}

/// The evaluation of a network layer by layer.
#[derive(Clone)]
pub(crate) struct Layered {
    unit: Unit,
    top: Top,
    narrow: bool,
    /// The network and the loss in words.
    kind: Arc<str>,
    inputs: Arc<Inputs>,
    /// s of f(x) = s(N(x) − N_{W₀}(x)).
    scale: f64,
    /// N_{W₀}(x) of a centred network, laid out as the targets; else none.
    centre: Vec<Block>,
    /// Most blocks of points that go through the layers together.
    strip: usize,
    /// Blocks from one feature to the next in `h`, `z`, `g` and `x`.
    stride: usize,
    layers: Vec<Layer>,
    /// The inputs of the present strip; none where all points are one strip.
    x: Vec<Block>,
    /// φ_k of the hidden layers, then the output N(x).
    h: Vec<Block>,
    /// z_k of the hidden layers, laid out as `h`, where there is a power; else none.
    z: Vec<Block>,
    /// ∂R/∂z_k · e^shift of all layers, laid out as `h`.
    g: Vec<Block>,
    /// f(xᵢ) − yᵢ of the squared loss, laid out as the targets; else none.
    residuals: Vec<Block>,
    /// Bits of the units that are active (z > 0), one byte a unit and block: the activation pattern of the layers that bend.
    active: Vec<u8>,
    /// ∂R/∂(weights and biases) · e^shift, laid out as the network's parameters; zero for layers that are not trained.
    gradient: Vec<f64>,
    /// The lowest layer that is trained, from 0: nothing below it needs a gradient.
    lowest: usize,
    /// Where the next forward pass begins: what lies below stands still and is known already.
    resume: usize,
    /// Sums lane by lane that a gradient begins with: the narrow kernel's of every parameter, the wide one's of every bias.
    sums: Vec<Block>,
    /// Sums of the first layer's gradient and what they lost, from strip to strip; none where all points are one strip.
    exact: Vec<Block>,
    /// One a member.
    scratch: Vec<Scratch>,
    team: Arc<Team>,
}

/// Multiply-adds of a step from which a team pays: some 0.3 ms on one thread.
const TEAMWORK: usize = 10_000_000;

impl Layered {
    pub fn new(network: &Network, terms: &Terms, inputs: Arc<Inputs>) -> Result<Self> {
        let top = match terms {
            Terms::Margins(loss, _) => Top::Margins(*loss),
            Terms::Squares(_) => Top::Squares,
        };
        let shape = Shape::of(network, inputs.blocks, top == Top::Squares);
        let stride = stride(shape.strip * Block::LEN);
        let (mut start, mut units) = (0, 0);
        let layers: Vec<Layer> = (1..=network.depth())
            .map(|k| {
                let (rows, cols) = (network.widths()[k], network.widths()[k - 1]);
                let first = network.offset(k);
                let weights = first..first + rows * cols;
                let bias = weights.end..weights.end + network.bias(k).map_or(0, |b| b.len());
                let then = network.activation(k);
                let layer = Layer { rows, cols, weights, bias, then, start, unit: units, trained: true };
                (start, units) = (start + rows * stride, units + if layer.bends() { rows } else { 0 });
                layer
            })
            .collect();
        let parameters = network.parameter_count();
        let several = shape.strip < inputs.blocks;
        let last = &layers[layers.len() - 1];
        let room = |blocks: usize, wanted: bool| vec![Block::ZERO; if wanted { blocks } else { 0 }];
        let (first, powers) = (&layers[0], layers.iter().any(|l| matches!(l.then, Activation::Power(_))));
        let team = Team::new(if 3 * inputs.n * parameters < TEAMWORK { 1 } else { free_threads()? });
        let biases = layers.iter().map(|l| l.bias.len()).sum();
        let exact = 2 * first.rows * first.cols.div_ceil(Block::LEN);
        let loss = if top == Top::Squares { ", squared loss" } else { "" };
        let mut net = Self {
            unit: Unit::detect(),
            top,
            narrow: shape.narrow,
            kind: format!("{network:?}{loss}").into(),
            scale: network.scale(),
            centre: vec![],
            strip: shape.strip,
            stride,
            x: room(first.cols * stride, several),
            g: room(start, true),
            h: room(start, true),
            z: room(last.start, powers),
            residuals: room(inputs.y.len(), top == Top::Squares),
            active: vec![0; units * inputs.blocks],
            gradient: vec![0.0; parameters],
            lowest: 0,
            resume: 0,
            sums: room(if shape.narrow && top != Top::Squares { parameters } else { biases }, true),
            exact: room(exact, several && top == Top::Squares),
            scratch: (0..team.members()).map(|_| Scratch::new()).collect(),
            team: Arc::new(team),
            inputs,
            layers,
        };
        if let Some(centre) = network.centre() {
            net.centre = wide::outputs(&mut net, centre);
        }
        Ok(net)
    }

    /// Takes these `rows` of the points of `from`, as many as there is room for exactly.
    pub fn pick(&mut self, from: &Self, rows: &[usize]) {
        let inputs = Arc::make_mut(&mut self.inputs);
        inputs.pick(&from.inputs, rows);
        inputs::pick(&mut self.centre, inputs.stride, &from.centre, from.inputs.stride, rows);
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
            Top::Margins(loss) if self.narrow => narrow::evaluate(self.unit, self, w, loss, risk, pass),
            _ => wide::evaluate(self, w, risk, pass),
        }
    }

    /// w − `coefficient` · gradient, written to `to`.
    pub fn descend(&self, w: &[f64], coefficient: f64, to: &mut [f64]) {
        gradient::descend(self.unit, w, &self.gradient, coefficient, to);
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
        let (shape, stride) = ((self.inputs.n, self.last().rows), self.inputs.stride * Block::LEN);
        let residuals = Block::numbers(&self.residuals);
        (self.top == Top::Squares).then(|| Array2::from_shape_fn(shape, |(i, j)| residuals[j * stride + i]))
    }

    /// Σᵢ |⟨f(xᵢ) − yᵢ, f(xᵢ)⟩|, target by target; 0 for margin losses.
    pub fn pull(&self) -> f64 {
        let pairs = self.residuals.iter().zip(&self.inputs.y).flat_map(|(r, y)| r.0.into_iter().zip(y.0));
        pairs.map(|(r, y)| (r * (r + y)).abs()).sum()
    }

    /// What kind of network and loss this is.
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// Where b_k stands in the parameters, k from 1; empty where there is none.
    pub fn bias(&self, k: usize) -> Range<usize> {
        self.layers[k - 1].bias.clone()
    }

    /// ∂R/∂(weights and biases) · e^shift.
    pub fn gradient(&self) -> &[f64] {
        &self.gradient
    }

    /// One byte for each hidden unit that bends and each block of eight points.
    pub fn active(&self) -> &[u8] {
        &self.active
    }

    /// Whether some hidden layer of ReLUs, slope 0, has no active unit at any point.
    pub fn is_dead(&self) -> bool {
        let blocks = self.inputs.blocks;
        let bits = |l: &Layer| &self.active[l.unit * blocks..(l.unit + l.rows) * blocks];
        let relu = |l: &&Layer| l.then == Activation::Rectified(0.0);
        self.layers.iter().filter(relu).any(|l| bits(l).iter().all(|bits| *bits == 0))
    }

    fn last(&self) -> &Layer {
        &self.layers[self.layers.len() - 1]
    }

    /// The strips that cover all points.
    fn strips(&self) -> impl Iterator<Item = Strip> + use<> {
        Strip::all(self.inputs.blocks, self.strip)
    }
}

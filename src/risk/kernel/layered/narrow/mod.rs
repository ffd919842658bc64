//! Narrow networks: a few blocks of eight points at a time through all layers, forward and back.

mod passes;

use super::gradient::{squares_on, sum_rows_on};
use super::squares::accurate_gradient_on;
use super::top::{output, past_n, top_gradient, weigh_squares_on};
use super::{Layered, Strip};
use crate::loss::Loss;
use crate::matmul::Dense;
use crate::risk::kernel::pass::Pass;
use crate::simd::{Block, Lanes, dispatch};
use passes::{backward, forward, go_down};

/// Runs `$body` for all `$blocks`, three at a time and then one by one, `$B` being how many from `$b` on: the multipliers have three
/// sums to work on while each waits for its last product.
macro_rules! few {
    ($blocks:expr, |$b:ident, $B:ident| $body:expr) => {
        let mut $b = 0;
        while $blocks - $b >= 3 {
            const $B: usize = 3;
            $body;
            $b += $B;
        }
        while $b < $blocks {
            const $B: usize = 1;
            $body;
            $b += $B;
        }
    };
}

dispatch! {
    /// Fills activations, pattern, `pass` and gradient. Returns whether the margins are in range, and (‖∇R‖ e^shift)².
    fn evaluate = evaluate_on(net: &mut Layered, w: &[f64], loss: Loss, risk: bool, pass: &mut Pass) -> (bool, f64)
}

#[inline(always)]
fn evaluate_on<L: Lanes>(net: &mut Layered, w: &[f64], loss: Loss, risk: bool, pass: &mut Pass) -> (bool, f64) {
    // Two units in every hidden layer, as in most of the sources' experiments: loops of a length known to the compiler. The
    // order of operations is the same.
    if L::VECTOR && net.layers[..net.layers.len() - 1].iter().all(|l| l.rows == 2) {
        evaluate_in::<L, 2>(net, w, loss, risk, pass)
    } else {
        evaluate_in::<L, 0>(net, w, loss, risk, pass)
    }
}

/// `D` is the width of all hidden layers where it is known to the compiler, else 0.
#[inline(always)]
fn evaluate_in<L: Lanes, const D: usize>(
    net: &mut Layered,
    w: &[f64],
    loss: Loss,
    risk: bool,
    pass: &mut Pass,
) -> (bool, f64) {
    let blocks = net.inputs.blocks;
    let (mut lowest, mut highest) = (L::splat(f64::INFINITY), L::splat(0.0));
    let top = net.last().start;
    few!(blocks, |b, B| {
        forward::<L, D, B>(net, w, b);
        for b in b..b + B {
            let margin = output::<L>(net, 0, b, top + b).mul(L::load(&net.inputs.y[b]));
            highest = margin.max(highest);
            lowest = past_n::<L>(net, b, margin, pass).min(lowest);
        }
    });
    net.resume = net.lowest;
    let finite = L::splat(0.0).sub(highest).smallest() > f64::NEG_INFINITY;
    let in_range = finite && pass.weigh_margins::<L>(net.inputs.n, loss, risk, lowest.smallest(), 0..blocks);
    few!(blocks, |b, B| {
        for b in b..b + B {
            top_gradient::<L>(net, b, top + b, pass);
        }
        backward::<L, D, B>(net, w, b);
    });
    (in_range, sum_lanes::<L>(net))
}

dispatch! {
    /// The same under the squared loss, to the bits of the wide kernel: its sums over points go through the same chains.
    fn evaluate_squares = evaluate_squares_on(net: &mut Layered, w: &[f64], pass: &mut Pass) -> (bool, f64)
}

#[inline(always)]
fn evaluate_squares_on<L: Lanes>(net: &mut Layered, w: &[f64], pass: &mut Pass) -> (bool, f64) {
    let (blocks, stride, n) = (net.inputs.blocks, net.stride, net.inputs.n);
    let strip = Strip::whole(blocks);
    few!(blocks, |b, B| forward::<L, 0, B>(net, w, b));
    net.resume = net.lowest;
    let mut total = Block::ZERO;
    weigh_squares_on::<L>(net, &strip, &mut total);
    pass.mean_loss = 0.5 * L::load(&total).sum() / n as f64;
    few!(blocks, |b, B| {
        for k in (net.lowest + 1..net.layers.len()).rev() {
            go_down::<L, 0, B>(net, w, k, b);
        }
    });
    for (k, layer) in net.layers.iter().enumerate() {
        let (own, weights) = (&net.g[layer.start..], &mut net.gradient[layer.weights.clone()]);
        if layer.trained && k == 0 {
            let squares = &mut net.squares[layer.units()];
            let points = &net.inputs.points;
            accurate_gradient_on::<L>(own, stride, points, layer.cols, &strip, &mut net.exact, weights, squares);
        } else if layer.trained {
            let (unit, below) = (net.unit, &net.h[net.layers[k - 1].start..]);
            let dense = Dense { unit, rows: layer.rows, cols: layer.cols, stride };
            let squares = &mut net.squares[layer.units()];
            dense.weight_gradient(own, below, n, false, weights, squares, &mut net.scratch[0]);
        }
        if layer.trained && !layer.bias.is_empty() {
            sum_rows_on::<L>(own, stride, &strip, &mut net.sums[layer.units()], &mut net.gradient[layer.bias.clone()]);
        }
    }
    (pass.mean_loss.is_finite(), squares_on::<L>(net))
}

/// Sums the lanes; returns the square of the gradient's norm.
#[inline(always)]
fn sum_lanes<L: Lanes>(net: &mut Layered) -> f64 {
    let mut squares = 0.0_f64;
    for layer in net.layers.iter().filter(|l| l.trained) {
        for i in layer.weights.start..layer.bias.end {
            let sum = L::load(&net.sums[i]).sum();
            net.gradient[i] = sum;
            squares = sum.mul_add(sum, squares);
        }
    }
    squares
}

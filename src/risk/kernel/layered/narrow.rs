//! Narrow networks: eight points at a time through all layers, forward and back.

use super::gradient::{squares_on, sum_rows_on};
use super::squares::{accurate_gradient_on, integer_power, mask_power_on};
use super::top::{output, past_n, top_gradient, weigh_squares_on};
use super::{Layer, Layered, Strip};
use crate::loss::Loss;
use crate::matmul::Dense;
use crate::network::Activation;
use crate::risk::kernel::pass::Pass;
use crate::simd::{Block, Lanes, dispatch};

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
    for b in 0..blocks {
        forward::<L, D>(net, w, b);
        let top = net.last().start;
        let margin = output::<L>(net, 0, b, top + b).mul(L::load(&net.inputs.y[b]));
        highest = margin.max(highest);
        lowest = past_n::<L>(net, b, margin, pass).min(lowest);
    }
    net.resume = net.lowest;
    let finite = L::splat(0.0).sub(highest).smallest() > f64::NEG_INFINITY;
    let in_range = finite && pass.weigh_margins::<L>(net.inputs.n, loss, risk, lowest.smallest(), 0..blocks);
    for b in 0..blocks {
        backward::<L, D>(net, w, b, pass);
    }
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
    for b in 0..blocks {
        forward::<L, 0>(net, w, b);
    }
    net.resume = net.lowest;
    let mut total = Block::ZERO;
    weigh_squares_on::<L>(net, &strip, &mut total);
    pass.mean_loss = 0.5 * L::load(&total).sum() / n as f64;
    for b in 0..blocks {
        for k in (net.lowest + 1..net.layers.len()).rev() {
            go_down::<L, 0>(net, w, k, b);
        }
    }
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

/// Activations and pattern of one block.
#[inline(always)]
fn forward<L: Lanes, const D: usize>(net: &mut Layered, w: &[f64], b: usize) {
    let (stride, blocks, depth) = (net.stride, net.inputs.blocks, net.layers.len());
    let valid = if b + 1 == blocks { net.inputs.valid } else { 0xff };
    for k in net.resume..depth {
        let layer = &net.layers[k];
        let (below, own) = net.h.split_at_mut(layer.start);
        let input = if k == 0 { &net.inputs.x[b..] } else { &below[net.layers[k - 1].start + b..] };
        let own = &mut own[b..];
        if k + 1 == depth {
            // The output itself, without f.
            if D > 0 && k > 0 {
                sums::<L, 1, D>(layer, w, input, own, stride)
            } else {
                sums::<L, 0, 0>(layer, w, input, own, stride)
            }
            break;
        }
        match (D > 0, k > 0) {
            (true, true) => sums::<L, D, D>(layer, w, input, own, stride),
            (true, false) => sums::<L, D, 0>(layer, w, input, own, stride),
            (false, _) => sums::<L, 0, 0>(layer, w, input, own, stride),
        }
        let rows = if D > 0 { D } else { layer.rows };
        match layer.then {
            Activation::Rectified(slope) => {
                let (slope, active) = (L::splat(slope), &mut net.active[layer.unit * blocks + b..]);
                for u in 0..rows {
                    let z = L::load(&own[u * stride]);
                    let z = slope.mul(z).max(z);
                    active[u * blocks] = z.positive() & valid;
                    z.store(&mut own[u * stride]);
                }
            }
            Activation::Power(power) => {
                for u in 0..rows {
                    net.z[layer.start + u * stride + b] = own[u * stride];
                    integer_power(L::load(&own[u * stride]), power).store(&mut own[u * stride]);
                }
            }
            _ => {}
        }
    }
}

/// z = W x + bias of one block; `R` rows and `C` columns where they are known to the compiler, else 0.
#[inline(always)]
fn sums<L: Lanes, const R: usize, const C: usize>(
    layer: &Layer,
    w: &[f64],
    x: &[Block],
    z: &mut [Block],
    stride: usize,
) {
    let (rows, cols) = (if R > 0 { R } else { layer.rows }, if C > 0 { C } else { layer.cols });
    let (weights, bias) = (&w[layer.weights.clone()][..rows * cols], &w[layer.bias.clone()]);
    for u in 0..rows {
        let mut sum = L::splat(if bias.is_empty() { 0.0 } else { bias[u] });
        for s in 0..cols {
            sum = L::splat(weights[u * cols + s]).fma(L::load(&x[s * stride]), sum);
        }
        sum.store(&mut z[u * stride]);
    }
}

/// ∂R/∂z of one block, and its part of the gradient.
#[inline(always)]
fn backward<L: Lanes, const D: usize>(net: &mut Layered, w: &[f64], b: usize, pass: &Pass) {
    let (stride, depth) = (net.stride, net.layers.len());
    top_gradient::<L>(net, b, net.layers[depth - 1].start + b, pass);
    for k in (net.lowest..depth).rev() {
        let layer = &net.layers[k];
        if layer.trained {
            let own = &net.g[layer.start + b..];
            let input = match k {
                0 => &net.inputs.x[b..],
                _ => &net.h[net.layers[k - 1].start + b..],
            };
            let parts = &mut net.sums[layer.weights.start..layer.bias.end];
            match (D > 0, k > 0, k + 1 < depth) {
                (true, true, true) => products::<L, D, D>(layer, own, input, parts, stride, b == 0),
                (true, true, false) => products::<L, 1, D>(layer, own, input, parts, stride, b == 0),
                (true, false, true) => products::<L, D, 0>(layer, own, input, parts, stride, b == 0),
                _ => products::<L, 0, 0>(layer, own, input, parts, stride, b == 0),
            }
        }
        if k == net.lowest {
            return;
        }
        go_down::<L, D>(net, w, k, b);
    }
}

/// ∂R/∂z of one block in the layer below layer k.
#[inline(always)]
fn go_down<L: Lanes, const D: usize>(net: &mut Layered, w: &[f64], k: usize, b: usize) {
    let (stride, layer, under) = (net.stride, &net.layers[k], &net.layers[k - 1]);
    let (below, own) = net.g.split_at_mut(layer.start);
    let (own, phi, below) = (&own[b..], &net.h[under.start + b..], &mut below[under.start + b..]);
    let slope = L::splat(under.slope());
    match (D > 0, k + 1 < net.layers.len()) {
        (true, true) => below_sums::<L, D, D>(layer, w, own, phi, below, stride, slope),
        (true, false) => below_sums::<L, 1, D>(layer, w, own, phi, below, stride, slope),
        _ => below_sums::<L, 0, 0>(layer, w, own, phi, below, stride, slope),
    }
    if let Activation::Power(power) = under.then {
        for u in 0..under.rows {
            let at = u * stride;
            mask_power_on::<L>(power, &net.z[under.start + b + at..][..1], &mut below[at..=at]);
        }
    }
}

/// Adds g xᵀ of one block to the sums, lane by lane; the `first` block begins them.
#[inline(always)]
fn products<L: Lanes, const R: usize, const C: usize>(
    layer: &Layer,
    g: &[Block],
    x: &[Block],
    parts: &mut [Block],
    stride: usize,
    first: bool,
) {
    let (rows, cols) = (if R > 0 { R } else { layer.rows }, if C > 0 { C } else { layer.cols });
    let (weights, bias) = parts.split_at_mut(rows * cols);
    for u in 0..rows {
        let g = L::load(&g[u * stride]);
        for s in 0..cols {
            let part = &mut weights[u * cols + s];
            let before = if first { L::splat(0.0) } else { L::load(part) };
            g.fma(L::load(&x[s * stride]), before).store(part);
        }
        if !bias.is_empty() {
            let before = if first { L::splat(0.0) } else { L::load(&bias[u]) };
            g.add(before).store(&mut bias[u]);
        }
    }
}

/// ∂R/∂z of the layer below: (Wᵀ g) f′(z), f′ being 1 where z > 0, that is where φ > 0, and m elsewhere.
#[inline(always)]
fn below_sums<L: Lanes, const R: usize, const C: usize>(
    layer: &Layer,
    w: &[f64],
    g: &[Block],
    phi: &[Block],
    below: &mut [Block],
    stride: usize,
    slope: L,
) {
    let (rows, cols) = (if R > 0 { R } else { layer.rows }, if C > 0 { C } else { layer.cols });
    let weights = &w[layer.weights.clone()][..rows * cols];
    for s in 0..cols {
        let mut d = L::splat(0.0);
        for u in 0..rows {
            d = L::splat(weights[u * cols + s]).fma(L::load(&g[u * stride]), d);
        }
        let inactive = L::splat(0.0).sub(L::load(&phi[s * stride]));
        inactive.select_nonnegative(d.mul(slope), d).store(&mut below[s * stride]);
    }
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

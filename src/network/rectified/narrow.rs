//! Narrow networks: eight points at a time through all layers, forward and back.

use super::Rectified;
use crate::loss::Loss;
use crate::loss::batch::Batch;
use crate::simd::{Lanes, dispatch};

dispatch! {
    /// Fills activations, pattern, `batch` and gradient. Returns whether the margins are in range, and (‖∇R‖ e^shift)².
    fn evaluate = evaluate_on(net: &mut Rectified, w: &[f64], loss: Loss, risk: bool, batch: &mut Batch) -> (bool, f64)
}

#[inline(always)]
fn evaluate_on<L: Lanes>(net: &mut Rectified, w: &[f64], loss: Loss, risk: bool, batch: &mut Batch) -> (bool, f64) {
    let blocks = net.inputs.blocks;
    let mut lowest = L::splat(f64::INFINITY);
    for b in 0..blocks {
        lowest = forward::<L>(net, w, b, batch).min(lowest);
    }
    let in_range = batch.weigh_margins::<L>(net.inputs.n, loss, risk, lowest.smallest());
    for b in 0..blocks {
        backward::<L>(net, w, b, batch);
    }
    net.resume = net.lowest;
    (in_range, gather::<L>(net))
}

/// Activations, pattern and margins of one block; returns the margins.
#[inline(always)]
fn forward<L: Lanes>(net: &mut Rectified, w: &[f64], b: usize, batch: &mut Batch) -> L {
    let (stride, blocks, depth) = (net.stride, net.inputs.blocks, net.layers.len());
    let (slope, last) = (L::splat(net.slope), b + 1 == blocks);
    let valid = if last { net.inputs.valid } else { 0xff };
    let mut output = L::splat(0.0);
    for k in net.resume..depth {
        let layer = &net.layers[k];
        let (below, own) = net.h.split_at_mut(layer.start);
        let input = if k == 0 { &net.inputs.x[b..] } else { &below[net.layers[k - 1].start + b..] };
        let (weights, bias) = (&w[layer.weights.clone()], &w[layer.bias.clone()]);
        for u in 0..layer.rows {
            let row = &weights[u * layer.cols..(u + 1) * layer.cols];
            let mut z = L::splat(if bias.is_empty() { 0.0 } else { bias[u] });
            for (s, v) in row.iter().enumerate() {
                z = L::splat(*v).fma(L::load(&input[s * stride]), z);
            }
            if k + 1 < depth {
                z = slope.mul(z).max(z);
                net.active[(layer.unit + u) * blocks + b] = z.positive() & valid;
            } else {
                output = z;
            }
            z.store(&mut own[u * stride + b]);
        }
    }
    // Past n the label is 0, and +∞ takes the lane out of the minimum.
    let mut margin = output.mul(L::load(&net.inputs.y[b]));
    if last {
        margin = margin.add(L::load(&net.inputs.beyond));
    }
    margin.store(&mut batch.q[b]);
    margin
}

/// ∂R/∂z of one block, and its part of the gradient.
#[inline(always)]
fn backward<L: Lanes>(net: &mut Rectified, w: &[f64], b: usize, batch: &Batch) {
    let (stride, depth) = (net.stride, net.layers.len());
    let (slope, zero) = (L::splat(net.slope), L::splat(0.0));
    let scale = L::splat(-1.0 / net.inputs.n as f64);
    let top = L::load(&batch.p[b]).mul(L::load(&net.inputs.y[b])).mul(scale);
    top.store(&mut net.g[net.layers[depth - 1].start + b]);
    for k in (net.lowest..depth).rev() {
        let layer = &net.layers[k];
        let (below, own) = net.g.split_at_mut(layer.start);
        let input = if k == 0 { &net.inputs.x[b..] } else { &net.h[net.layers[k - 1].start + b..] };
        if layer.trained {
            for u in 0..layer.rows {
                let g = L::load(&own[u * stride + b]);
                let sums = &mut net.sums[layer.weights.start + u * layer.cols..][..layer.cols];
                for (s, sum) in sums.iter_mut().enumerate() {
                    let before = if b == 0 { zero } else { L::load(sum) };
                    g.fma(L::load(&input[s * stride]), before).store(sum);
                }
                if !layer.bias.is_empty() {
                    let sum = &mut net.sums[layer.bias.start + u];
                    (if b == 0 { g } else { g.add(L::load(sum)) }).store(sum);
                }
            }
        }
        if k == net.lowest {
            return;
        }
        let weights = &w[layer.weights.clone()];
        let below = &mut below[net.layers[k - 1].start + b..];
        for s in 0..layer.cols {
            let mut d = zero;
            for u in 0..layer.rows {
                d = L::splat(weights[u * layer.cols + s]).fma(L::load(&own[u * stride + b]), d);
            }
            // f′ is 1 where z > 0, that is where φ > 0, and m elsewhere.
            let inactive = zero.sub(L::load(&input[s * stride]));
            inactive.select_nonnegative(d.mul(slope), d).store(&mut below[s * stride]);
        }
    }
}

/// Sums the lanes; returns the square of the gradient's norm.
#[inline(always)]
fn gather<L: Lanes>(net: &mut Rectified) -> f64 {
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

//! The way of a few blocks through all layers, forward and back.

use crate::network::Activation;
use crate::risk::kernel::layered::squares::{mask_power_on, raise_on};
use crate::risk::kernel::layered::{Layer, Layered};
use crate::simd::{Block, Lanes};

/// Activations and pattern of B blocks from b on. `D` is the width of all hidden layers where it is known to the compiler, else 0.
#[inline(always)]
#[allow(clippy::needless_range_loop, reason = "iterators over lanes lose the vector unit")]
pub(super) fn forward<L: Lanes, const D: usize, const B: usize>(net: &mut Layered, w: &[f64], b: usize) {
    let (stride, blocks, depth) = (net.stride, net.inputs.blocks, net.layers.len());
    let valid = if b + B == blocks { net.inputs.valid } else { 0xff };
    for k in net.resume..depth {
        let layer = &net.layers[k];
        let (below, own) = net.h.split_at_mut(layer.start);
        let input = if k == 0 { &net.inputs.x[b..] } else { &below[net.layers[k - 1].start + b..] };
        let own = &mut own[b..];
        if k + 1 == depth {
            // The output itself, without f.
            if D > 0 && k > 0 {
                sums::<L, 1, D, B>(layer, w, input, own, stride)
            } else {
                sums::<L, 0, 0, B>(layer, w, input, own, stride)
            }
            break;
        }
        match (D > 0, k > 0) {
            (true, true) => sums::<L, D, D, B>(layer, w, input, own, stride),
            (true, false) => sums::<L, D, 0, B>(layer, w, input, own, stride),
            (false, _) => sums::<L, 0, 0, B>(layer, w, input, own, stride),
        }
        let rows = if D > 0 { D } else { layer.rows };
        match layer.then {
            Activation::Rectified(slope) => {
                let (slope, active) = (L::splat(slope), &mut net.active[layer.unit * blocks + b..]);
                for u in 0..rows {
                    let (own, bits) = (&mut own[u * stride..][..B], &mut active[u * blocks..][..B]);
                    for i in 0..B {
                        let z = L::load(&own[i]);
                        let z = slope.mul(z).max(z);
                        bits[i] = z.positive();
                        z.store(&mut own[i]);
                    }
                    bits[B - 1] &= valid;
                }
            }
            Activation::Power(power) => {
                for u in 0..rows {
                    let z = &mut net.z[layer.start + u * stride + b..][..B];
                    raise_on::<L>(power, &mut own[u * stride..][..B], z);
                }
            }
            Activation::Identity => {}
        }
    }
}

/// z = W x + bias of B blocks; `R` rows and `C` columns where they are known to the compiler, else 0.
#[inline(always)]
#[allow(clippy::needless_range_loop, reason = "iterators over lanes lose the vector unit")]
fn sums<L: Lanes, const R: usize, const C: usize, const B: usize>(
    layer: &Layer,
    w: &[f64],
    x: &[Block],
    z: &mut [Block],
    stride: usize,
) {
    let (rows, cols) = (if R > 0 { R } else { layer.rows }, if C > 0 { C } else { layer.cols });
    let (weights, bias) = (&w[layer.weights.clone()][..rows * cols], &w[layer.bias.clone()]);
    for u in 0..rows {
        let mut sums = [L::splat(if bias.is_empty() { 0.0 } else { bias[u] }); B];
        for s in 0..cols {
            let (w, x) = (L::splat(weights[u * cols + s]), &x[s * stride..][..B]);
            for i in 0..B {
                sums[i] = w.fma(L::load(&x[i]), sums[i]);
            }
        }
        let z = &mut z[u * stride..][..B];
        for i in 0..B {
            sums[i].store(&mut z[i]);
        }
    }
}

/// ∂R/∂z of B blocks below the output's, and their part of the gradient.
#[inline(always)]
#[allow(clippy::needless_range_loop, reason = "iterators over lanes lose the vector unit")]
pub(super) fn backward<L: Lanes, const D: usize, const B: usize>(net: &mut Layered, w: &[f64], b: usize) {
    let (stride, depth) = (net.stride, net.layers.len());
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
                (true, true, true) => products::<L, D, D, B>(layer, own, input, parts, stride, b == 0),
                (true, true, false) => products::<L, 1, D, B>(layer, own, input, parts, stride, b == 0),
                (true, false, true) => products::<L, D, 0, B>(layer, own, input, parts, stride, b == 0),
                _ => products::<L, 0, 0, B>(layer, own, input, parts, stride, b == 0),
            }
        }
        if k == net.lowest {
            return;
        }
        go_down::<L, D, B>(net, w, k, b);
    }
}

/// ∂R/∂z of B blocks in the layer below layer k.
#[inline(always)]
#[allow(clippy::needless_range_loop, reason = "iterators over lanes lose the vector unit")]
pub(super) fn go_down<L: Lanes, const D: usize, const B: usize>(net: &mut Layered, w: &[f64], k: usize, b: usize) {
    let (stride, layer, under) = (net.stride, &net.layers[k], &net.layers[k - 1]);
    let (below, own) = net.g.split_at_mut(layer.start);
    let (own, phi, below) = (&own[b..], &net.h[under.start + b..], &mut below[under.start + b..]);
    let slope = L::splat(under.slope());
    match (D > 0, k + 1 < net.layers.len()) {
        (true, true) => below_sums::<L, D, D, B>(layer, w, own, phi, below, stride, slope),
        (true, false) => below_sums::<L, 1, D, B>(layer, w, own, phi, below, stride, slope),
        _ => below_sums::<L, 0, 0, B>(layer, w, own, phi, below, stride, slope),
    }
    if let Activation::Power(power) = under.then {
        for u in 0..under.rows {
            let at = u * stride;
            mask_power_on::<L>(power, &net.z[under.start + b + at..][..B], &mut below[at..][..B]);
        }
    }
}

/// Adds g xᵀ of B blocks to the sums, lane by lane and block after block; the `first` blocks begin them.
#[inline(always)]
#[allow(clippy::needless_range_loop, reason = "iterators over lanes lose the vector unit")]
fn products<L: Lanes, const R: usize, const C: usize, const B: usize>(
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
        let g = &g[u * stride..][..B];
        for s in 0..cols {
            let (part, x) = (&mut weights[u * cols + s], &x[s * stride..][..B]);
            let mut sum = if first { L::splat(0.0) } else { L::load(part) };
            for i in 0..B {
                sum = L::load(&g[i]).fma(L::load(&x[i]), sum);
            }
            sum.store(part);
        }
        if !bias.is_empty() {
            let mut sum = if first { L::splat(0.0) } else { L::load(&bias[u]) };
            for i in 0..B {
                sum = L::load(&g[i]).add(sum);
            }
            sum.store(&mut bias[u]);
        }
    }
}

/// ∂R/∂z of the layer below: (Wᵀ g) f′(z), f′ being 1 where z > 0, that is where φ > 0, and m elsewhere.
#[inline(always)]
#[allow(clippy::needless_range_loop, reason = "iterators over lanes lose the vector unit")]
fn below_sums<L: Lanes, const R: usize, const C: usize, const B: usize>(
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
        let mut d = [L::splat(0.0); B];
        for u in 0..rows {
            let (w, g) = (L::splat(weights[u * cols + s]), &g[u * stride..][..B]);
            for i in 0..B {
                d[i] = w.fma(L::load(&g[i]), d[i]);
            }
        }
        let (phi, below) = (&phi[s * stride..][..B], &mut below[s * stride..][..B]);
        for i in 0..B {
            let inactive = L::splat(0.0).sub(L::load(&phi[i]));
            inactive.select_nonnegative(d[i].mul(slope), d[i]).store(&mut below[i]);
        }
    }
}

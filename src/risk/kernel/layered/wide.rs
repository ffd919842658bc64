//! Wide networks: layer by layer, all points at once, as products of matrices, the units of a layer shared by a team.

use super::squares::{accurate_gradient, mask_power, raise, weigh_squares};
use super::{Layered, Top, past_n, top_gradient};
use crate::loss::Loss;
use crate::matmul::Dense;
use crate::risk::kernel::pass::Pass;
use crate::simd::{Block, Lanes, dispatch};
use crate::team::{Parts, share};

/// Fills activations, pattern, `pass` and gradient. Returns whether the margins are in range, and (‖∇R‖ e^shift)².
pub(super) fn evaluate(net: &mut Layered, w: &[f64], risk: bool, pass: &mut Pass) -> (bool, f64) {
    for k in net.resume..net.layers.len() {
        forward(net, w, k);
    }
    net.resume = net.lowest;
    let in_range = match net.top {
        Top::Margins(loss) => weigh(net.unit, net, loss, risk, pass),
        Top::Squares => weigh_squares(net.unit, net, pass),
    };
    for k in (net.lowest..net.layers.len()).rev() {
        backward(net, w, k);
    }
    (in_range, squares(net.unit, net))
}

/// φ_k from φ_{k−1}, and its pattern; each member of the team takes some units.
fn forward(net: &mut Layered, w: &[f64], k: usize) {
    let (layer, stride, blocks) = (&net.layers[k], net.stride, net.inputs.blocks);
    let (unit, slope, valid, hidden) = (net.unit, net.slope, net.inputs.valid, k + 1 < net.layers.len());
    let (power, bends) = (net.power, !net.active.is_empty());
    let (below, own) = net.h.split_at_mut(layer.start);
    let input = if k == 0 { &net.inputs.x } else { &below[net.layers[k - 1].start..] };
    let (own, active) = (Parts::new(own), Parts::new(&mut net.active));
    let z = Parts::new(if hidden && power > 1 { &mut net.z[layer.start..] } else { &mut [] });
    let (team, scratch) = (&net.team, Parts::new(&mut net.scratch));
    team.run(&|member| {
        let rows = share(layer.rows, member, team.members());
        let dense = Dense { unit, rows: rows.len(), cols: layer.cols, stride };
        let weights = &w[layer.weights.clone()][rows.start * layer.cols..rows.end * layer.cols];
        let bias = (!layer.bias.is_empty()).then(|| &w[layer.bias.clone()][rows.clone()]);
        // SAFETY: the shares of two members do not overlap, nor do their rows here and below.
        let (out, scratch) =
            unsafe { (own.of(rows.start * stride..rows.end * stride), &mut scratch.of(member..member + 1)[0]) };
        dense.forward(weights, bias, input, out, 0..blocks, scratch);
        if !hidden || rows.is_empty() {
            return;
        }
        if power > 1 {
            // SAFETY: as above.
            raise(unit, power, out, unsafe { z.of(rows.start * stride..rows.end * stride) });
        } else if bends {
            let units = (layer.unit + rows.start) * blocks..(layer.unit + rows.end) * blocks;
            // SAFETY: as above.
            activate(unit, slope, valid, out, stride, unsafe { active.of(units) });
        }
    });
}

/// The gradient of layer k, and ∂R/∂z of the layer below.
fn backward(net: &mut Layered, w: &[f64], k: usize) {
    let (layer, stride, blocks, n) = (&net.layers[k], net.stride, net.inputs.blocks, net.inputs.n);
    let (unit, slope, goes_on) = (net.unit, net.slope, k > net.lowest);
    let (power, bends) = (net.power, !net.active.is_empty());
    let (below, own) = net.g.split_at_mut(layer.start);
    let start = if k == 0 { 0 } else { net.layers[k - 1].start };
    let input = if k == 0 { &net.inputs.x } else { &net.h[start..] };
    let (below, gradient) = (Parts::new(&mut below[start..]), Parts::new(&mut net.gradient));
    let (own, z, points) = (&*own, &net.z, &net.inputs.points);
    let (team, scratch) = (&net.team, Parts::new(&mut net.scratch));
    team.run(&|member| {
        // SAFETY: the shares of two members do not overlap, nor do their rows here and below.
        let scratch = unsafe { &mut scratch.of(member..member + 1)[0] };
        if layer.trained {
            let rows = share(layer.rows, member, team.members());
            let dense = Dense { unit, rows: rows.len(), cols: layer.cols, stride };
            let first = layer.weights.start;
            let weights = first + rows.start * layer.cols..first + rows.end * layer.cols;
            let upper = &own[rows.start * stride..];
            // SAFETY: as above.
            let out = unsafe { gradient.of(weights) };
            if k == 0 && !points.is_empty() {
                accurate_gradient(unit, upper, stride, points, layer.cols, out);
            } else {
                dense.weight_gradient(upper, input, n, out, scratch);
            }
            if !layer.bias.is_empty() {
                let bias = layer.bias.start + rows.start..layer.bias.start + rows.end;
                // SAFETY: as above.
                sum_rows(unit, &own[rows.start * stride..], stride, blocks, unsafe { gradient.of(bias) });
            }
        }
        if goes_on {
            let columns = share(layer.cols, member, team.members());
            let rows = columns.start * stride..columns.end * stride;
            // SAFETY: as above.
            let out = unsafe { below.of(rows.clone()) };
            let dense = Dense { unit, rows: layer.rows, cols: layer.cols, stride };
            dense.backward(&w[layer.weights.clone()], columns, own, out, 0..blocks, scratch);
            if power > 1 {
                mask_power(unit, power, &z[start..][rows], out);
            } else if bends {
                mask(unit, slope, &input[rows], out);
            }
        }
    });
}

dispatch! {
    /// z becomes f(z), and the pattern of z > 0 is kept; `valid` tells the lanes of the last block that hold a point.
    fn activate = activate_on(slope: f64, valid: u8, z: &mut [Block], stride: usize, active: &mut [u8])
}

#[inline(always)]
fn activate_on<L: Lanes>(slope: f64, valid: u8, z: &mut [Block], stride: usize, active: &mut [u8]) {
    let (slope, rows) = (L::splat(slope), z.len() / stride);
    let blocks = active.len() / rows;
    for (row, active) in z.chunks_exact_mut(stride).zip(active.chunks_exact_mut(blocks)) {
        for (z, bits) in row.iter_mut().zip(active.iter_mut()) {
            let v = L::load(z);
            let h = slope.mul(v).max(v);
            h.store(z);
            *bits = h.positive();
        }
        active[blocks - 1] &= valid;
    }
}

dispatch! {
    /// g becomes f′(z)·g: 1 where φ > 0, which is where z > 0, and the slope elsewhere.
    fn mask = mask_on(slope: f64, phi: &[Block], g: &mut [Block])
}

#[inline(always)]
fn mask_on<L: Lanes>(slope: f64, phi: &[Block], g: &mut [Block]) {
    let (zero, slope) = (L::splat(0.0), L::splat(slope));
    for (g, phi) in g.iter_mut().zip(phi) {
        let d = L::load(g);
        zero.sub(L::load(phi)).select_nonnegative(d.mul(slope), d).store(g);
    }
}

dispatch! {
    /// Margins from the outputs, their slopes and risk, and ∂R/∂f · e^shift. False when a margin is infinite.
    fn weigh = weigh_on(net: &mut Layered, loss: Loss, risk: bool, pass: &mut Pass) -> bool
}

#[inline(always)]
fn weigh_on<L: Lanes>(net: &mut Layered, loss: Loss, risk: bool, pass: &mut Pass) -> bool {
    let (blocks, top) = (net.inputs.blocks, net.layers[net.layers.len() - 1].start);
    let (mut lowest, mut highest) = (L::splat(f64::INFINITY), L::splat(0.0));
    for b in 0..blocks {
        let margin = L::load(&net.h[top + b]).mul(L::load(&net.inputs.y[b]));
        highest = margin.max(highest);
        lowest = past_n::<L>(net, b, margin, pass).min(lowest);
    }
    let finite = L::splat(0.0).sub(highest).smallest() > f64::NEG_INFINITY;
    let in_range = finite && pass.weigh_margins::<L>(net.inputs.n, loss, risk, lowest.smallest());
    for b in 0..blocks {
        top_gradient::<L>(net, b, pass);
    }
    in_range
}

dispatch! {
    /// The sum over all points of each row.
    fn sum_rows = sum_rows_on(rows: &[Block], stride: usize, blocks: usize, sums: &mut [f64])
}

#[inline(always)]
fn sum_rows_on<L: Lanes>(rows: &[Block], stride: usize, blocks: usize, sums: &mut [f64]) {
    for (row, out) in rows.chunks_exact(stride).zip(sums) {
        let mut sum = L::splat(0.0);
        for b in &row[..blocks] {
            sum = sum.add(L::load(b));
        }
        *out = sum.sum();
    }
}

dispatch! {
    /// The sum of squares of the gradient, lane by lane.
    fn squares = squares_on(net: &Layered) -> f64
}

#[inline(always)]
fn squares_on<L: Lanes>(net: &Layered) -> f64 {
    let mut total = 0.0;
    for layer in net.layers.iter().filter(|l| l.trained) {
        let (blocks, rest) = net.gradient[layer.weights.start..layer.bias.end].as_chunks::<8>();
        let mut sums = [L::splat(0.0); 4];
        for (i, v) in blocks.iter().enumerate() {
            let v = L::load_from(v);
            sums[i % 4] = v.fma(v, sums[i % 4]);
        }
        total += sums[0].add(sums[1]).add(sums[2].add(sums[3])).sum();
        for v in rest {
            total = v.mul_add(*v, total);
        }
    }
    total
}

dispatch! {
    /// Writes w − `coefficient` · `gradient` to `to`.
    fn descend = descend_on(w: &[f64], gradient: &[f64], coefficient: f64, to: &mut [f64])
}

#[inline(always)]
fn descend_on<L: Lanes>(w: &[f64], gradient: &[f64], coefficient: f64, to: &mut [f64]) {
    let c = L::splat(-coefficient);
    let ((w8, w), (g8, g), (to8, to)) = (w.as_chunks::<8>(), gradient.as_chunks::<8>(), to.as_chunks_mut::<8>());
    for ((to, w), g) in to8.iter_mut().zip(w8).zip(g8) {
        c.fma(L::load_from(g), L::load_from(w)).store_to(to);
    }
    for ((to, w), g) in to.iter_mut().zip(w).zip(g) {
        *to = (-coefficient).mul_add(*g, *w);
    }
}

//! Wide networks: layer by layer, a strip of points at a time, as products of matrices, the units of a layer shared by a team.
//!
//! Sums over points go on from strip to strip in the same order, so that the strips do not show in the gradient's bits. Only the factor e^shift
//! of margin losses is not known before the last strip: the gradient so far is brought down whenever a smaller margin comes. To go
//! through all points twice instead would cost a third more.

use super::gradient::{self, sum, sum_rows};
use super::squares::{accurate_gradient, mask_power, raise};
use super::top::{Weighed, weigh, weigh_all, weigh_squares};
use super::{Layered, Strip, Top};
use crate::matmul::Dense;
use crate::network::Activation;
use crate::risk::kernel::pass::Pass;
use crate::simd::{Block, Lanes, dispatch};
use crate::team::{Parts, share};

/// Fills activations, pattern, `pass` and gradient. Returns whether the margins are in range, and (‖∇R‖ e^shift)².
pub(super) fn evaluate(net: &mut Layered, w: &[f64], risk: bool, pass: &mut Pass) -> (bool, f64) {
    let mut weighed = Weighed { lowest: f64::INFINITY, in_range: true };
    let mut total = Block::ZERO;
    let alone = net.strip == net.inputs.blocks;
    for strip in net.strips() {
        load(net, &strip);
        for k in net.resume..net.layers.len() {
            forward(net, w, k, &strip);
        }
        match net.top {
            Top::Margins(loss) => {
                let shift = pass.shift;
                weighed = weigh(net.unit, net, loss, risk && alone, &strip, weighed, pass);
                if !strip.first && pass.shift < shift {
                    bring_down(net, libm::exp(pass.shift - shift));
                }
            }
            Top::Squares => weigh_squares(net.unit, net, &strip, &mut total),
        }
        for k in (net.lowest..net.layers.len()).rev() {
            backward(net, w, k, &strip);
        }
    }
    // Where there are several strips, the features of the last alone are there.
    net.resume = if alone { net.lowest } else { 0 };
    match net.top {
        Top::Margins(loss) if !alone => weigh_all(net.unit, net, loss, risk, weighed.lowest, pass),
        Top::Margins(_) => {}
        Top::Squares => {
            pass.mean_loss = 0.5 * sum(net.unit, &total) / net.inputs.n as f64;
            weighed.in_range = pass.mean_loss.is_finite();
        }
    }
    (weighed.in_range, gradient::squares(net.unit, net))
}

/// The last layer's sums at weights `w`, laid out as the targets.
pub(super) fn outputs(net: &mut Layered, w: &[f64]) -> Vec<Block> {
    let mut out = vec![Block::ZERO; net.inputs.y.len()];
    for strip in net.strips() {
        load(net, &strip);
        for k in 0..net.layers.len() {
            forward(net, w, k, &strip);
        }
        let own = net.h[net.last().start..].chunks_exact(net.stride);
        for (out, own) in out.chunks_exact_mut(net.inputs.stride).zip(own) {
            out[strip.blocks.clone()].copy_from_slice(&own[..strip.len()]);
        }
    }
    out
}

/// The strip's inputs side by side, where there are several strips.
fn load(net: &mut Layered, strip: &Strip) {
    if net.x.is_empty() {
        return;
    }
    let all = net.inputs.x.chunks_exact(net.inputs.stride);
    for (own, all) in net.x.chunks_exact_mut(net.stride).zip(all) {
        own[..strip.len()].copy_from_slice(&all[strip.blocks.clone()]);
    }
}

/// Multiplies what the strips before have added by `factor`.
fn bring_down(net: &mut Layered, factor: f64) {
    net.gradient.iter_mut().for_each(|g| *g *= factor);
    Block::numbers_mut(&mut net.sums).iter_mut().for_each(|g| *g *= factor);
}

/// φ_k from φ_{k−1}, and its pattern; each member of the team takes some units.
fn forward(net: &mut Layered, w: &[f64], k: usize, strip: &Strip) {
    let (layer, stride, all) = (&net.layers[k], net.stride, net.inputs.blocks);
    let (unit, valid, last) = (net.unit, if strip.last { net.inputs.valid } else { 0xff }, k + 1 == net.layers.len());
    let (below, own) = net.h.split_at_mut(layer.start);
    let input = match k {
        0 if net.x.is_empty() => &net.inputs.x,
        0 => &net.x,
        _ => &below[net.layers[k - 1].start..],
    };
    let (own, active) = (Parts::new(own), Parts::new(&mut net.active));
    let z = Parts::new(if last || net.z.is_empty() { &mut [] } else { &mut net.z[layer.start..] });
    let (team, scratch) = (&net.team, Parts::new(&mut net.scratch));
    team.run(&|member| {
        let rows = share(layer.rows, member, team.members());
        let dense = Dense { unit, rows: rows.len(), cols: layer.cols, stride };
        let weights = &w[layer.weights.clone()][rows.start * layer.cols..rows.end * layer.cols];
        let bias = (!layer.bias.is_empty()).then(|| &w[layer.bias.clone()][rows.clone()]);
        // SAFETY: the shares of two members do not overlap, nor do their rows here and below.
        let (out, scratch) =
            unsafe { (own.of(rows.start * stride..rows.end * stride), &mut scratch.of(member..member + 1)[0]) };
        dense.forward(weights, bias, input, out, 0..strip.len(), scratch);
        if rows.is_empty() {
            return;
        }
        match layer.then {
            Activation::Identity => {}
            // SAFETY: as above.
            Activation::Power(power) => {
                raise(unit, power, out, unsafe { z.of(rows.start * stride..rows.end * stride) });
            }
            Activation::Rectified(slope) => {
                let units = (layer.unit + rows.start) * all..(layer.unit + rows.end) * all;
                // SAFETY: as above.
                activate(unit, slope, valid, out, stride, strip, unsafe { active.of(units) });
            }
        }
    });
}

/// The gradient of layer k, and ∂R/∂z of the layer below.
fn backward(net: &mut Layered, w: &[f64], k: usize, strip: &Strip) {
    let (layer, stride, points) = (&net.layers[k], net.stride, strip.points(net.inputs.n));
    let (unit, goes_on) = (net.unit, k > net.lowest);
    let (below, own) = net.g.split_at_mut(layer.start);
    let start = if k == 0 { 0 } else { net.layers[k - 1].start };
    let input = match k {
        0 if net.x.is_empty() => &net.inputs.x,
        0 => &net.x,
        _ => &net.h[start..],
    };
    let then = if k == 0 { Activation::Identity } else { net.layers[k - 1].then };
    let width = net.inputs.points.len() / net.inputs.n;
    let (below, gradient) = (Parts::new(&mut below[start..]), Parts::new(&mut net.gradient));
    let (sums, exact) = (Parts::new(&mut net.sums), Parts::new(&mut net.exact));
    let squares = Parts::new(&mut net.squares);
    let (own, z, by_point) = (&*own, &net.z, &net.inputs.points);
    let (team, scratch, exact_len) =
        (&net.team, Parts::new(&mut net.scratch), if net.x.is_empty() { 0 } else { 2 * width });
    team.run(&|member| {
        // SAFETY: the shares of two members do not overlap, nor do their rows here and below.
        let scratch = unsafe { &mut scratch.of(member..member + 1)[0] };
        if layer.trained {
            let rows = share(layer.rows, member, team.members());
            let dense = Dense { unit, rows: rows.len(), cols: layer.cols, stride };
            let first = layer.weights.start;
            let weights = first + rows.start * layer.cols..first + rows.end * layer.cols;
            let (upper, units) = (&own[rows.start * stride..], layer.below + rows.start..layer.below + rows.end);
            // SAFETY: as above.
            let (out, squares) = unsafe { (gradient.of(weights), squares.of(units.clone())) };
            if k == 0 && width > 0 {
                // SAFETY: as above.
                let exact = unsafe { exact.of(rows.start * exact_len..rows.end * exact_len) };
                let by_point = &by_point[points.start * width..points.end * width];
                accurate_gradient(unit, upper, stride, by_point, layer.cols, strip, exact, out, squares);
            } else {
                dense.weight_gradient(upper, input, points.len(), !strip.first, out, squares, scratch);
            }
            if !layer.bias.is_empty() {
                let bias = layer.bias.start + rows.start..layer.bias.start + rows.end;
                // SAFETY: as above.
                let (out, sums) = unsafe { (gradient.of(bias), sums.of(units)) };
                sum_rows(unit, upper, stride, strip, sums, out);
            }
        }
        if goes_on {
            let columns = share(layer.cols, member, team.members());
            let rows = columns.start * stride..columns.end * stride;
            // SAFETY: as above.
            let out = unsafe { below.of(rows.clone()) };
            let dense = Dense { unit, rows: layer.rows, cols: layer.cols, stride };
            dense.backward(&w[layer.weights.clone()], columns, own, out, 0..strip.len(), scratch);
            match then {
                Activation::Identity => {}
                Activation::Power(power) => mask_power(unit, power, &z[start..][rows], out),
                Activation::Rectified(slope) => mask(unit, slope, &input[rows], out),
            }
        }
    });
}

dispatch! {
    /// z becomes f(z), and the pattern of z > 0 is kept; `valid` tells the lanes of the strip's last block that hold a point.
    fn activate = activate_on(slope: f64, valid: u8, z: &mut [Block], stride: usize, strip: &Strip, active: &mut [u8])
}

#[inline(always)]
fn activate_on<L: Lanes>(slope: f64, valid: u8, z: &mut [Block], stride: usize, strip: &Strip, active: &mut [u8]) {
    let (slope, rows) = (L::splat(slope), z.len() / stride);
    let blocks = active.len() / rows;
    for (row, active) in z.chunks_exact_mut(stride).zip(active.chunks_exact_mut(blocks)) {
        let active = &mut active[strip.blocks.clone()];
        for (z, bits) in row.iter_mut().zip(active.iter_mut()) {
            let v = L::load(z);
            let h = slope.mul(v).max(v);
            h.store(z);
            *bits = h.positive();
        }
        active[strip.len() - 1] &= valid;
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

//! Where the network ends and the loss begins: outputs, margins, and the gradient that goes back.

use super::{Layered, Strip};
use crate::loss::Loss;
use crate::risk::kernel::pass::Pass;
use crate::simd::{Block, Lanes, dispatch};

/// f(x) = s(N(x) − N_{W₀}(x)) of output j at block b of all, which is block `at` of `h`.
#[inline(always)]
pub(super) fn output<L: Lanes>(net: &Layered, j: usize, b: usize, at: usize) -> L {
    let mut out = L::load(&net.h[at]);
    if !net.centre.is_empty() {
        out = out.sub(L::load(&net.centre[j * net.inputs.stride + b]));
    }
    if net.scale == 1.0 { out } else { out.mul(L::splat(net.scale)) }
}

/// Keeps the margins of block b, of which +∞ takes the lanes past n out of the minimum; their label is 0.
#[inline(always)]
pub(super) fn past_n<L: Lanes>(net: &Layered, b: usize, margin: L, pass: &mut Pass) -> L {
    let margin = if b + 1 == net.inputs.blocks { margin.add(L::load(&net.inputs.beyond)) } else { margin };
    margin.store(&mut pass.q[b]);
    margin
}

/// ∂R/∂N · e^shift of block b, which is block `at` of `g`: −s yᵢpᵢ/n.
#[inline(always)]
pub(super) fn top_gradient<L: Lanes>(net: &mut Layered, b: usize, at: usize, pass: &Pass) {
    let scale = L::splat(-net.scale / net.inputs.n as f64);
    L::load(&pass.p[b]).mul(L::load(&net.inputs.y[b])).mul(scale).store(&mut net.g[at]);
}

/// The shift so far, and whether the margins are in range.
#[derive(Clone, Copy)]
pub(super) struct Weighed {
    pub lowest: f64,
    pub in_range: bool,
}

dispatch! {
    /// Margins of a strip from its outputs, their slopes and risk, and ∂R/∂N · e^shift, the shift being that of the smallest margin
    /// of this strip and those before.
    fn weigh = weigh_on(net: &mut Layered, loss: Loss, risk: bool, strip: &Strip, before: Weighed, pass: &mut Pass) -> Weighed
}

#[inline(always)]
fn weigh_on<L: Lanes>(
    net: &mut Layered,
    loss: Loss,
    risk: bool,
    strip: &Strip,
    before: Weighed,
    pass: &mut Pass,
) -> Weighed {
    let (first, top) = (strip.blocks.start, net.last().start);
    let (mut lowest, mut highest) = (L::splat(before.lowest), L::splat(0.0));
    for b in strip.blocks.clone() {
        let margin = output::<L>(net, 0, b, top + b - first).mul(L::load(&net.inputs.y[b]));
        highest = margin.max(highest);
        lowest = past_n::<L>(net, b, margin, pass).min(lowest);
    }
    let lowest = lowest.smallest();
    let finite = L::splat(0.0).sub(highest).smallest() > f64::NEG_INFINITY;
    // The sums of several strips are taken at the end, when the smallest margin of all is known.
    let in_range = finite && pass.weigh_margins::<L>(net.inputs.n, loss, risk, lowest, strip.blocks.clone());
    for b in strip.blocks.clone() {
        top_gradient::<L>(net, b, top + b - first, pass);
    }
    Weighed { lowest, in_range: before.in_range && in_range }
}

dispatch! {
    /// Slopes and risk of all margins at the shift of the smallest one.
    fn weigh_all = weigh_all_on(net: &Layered, loss: Loss, risk: bool, lowest: f64, pass: &mut Pass)
}

#[inline(always)]
fn weigh_all_on<L: Lanes>(net: &Layered, loss: Loss, risk: bool, lowest: f64, pass: &mut Pass) {
    pass.weigh_margins::<L>(net.inputs.n, loss, risk, lowest, 0..net.inputs.blocks);
}

dispatch! {
    /// Residuals of a strip over n to the top of `g`; adds Σ ‖f(xᵢ) − yᵢ‖² to `total`, lane by lane.
    fn weigh_squares = weigh_squares_on(net: &mut Layered, strip: &Strip, total: &mut Block)
}

#[inline(always)]
pub(super) fn weigh_squares_on<L: Lanes>(net: &mut Layered, strip: &Strip, total: &mut Block) {
    let (first, last) = (strip.blocks.start, net.inputs.blocks - 1);
    let (rows, start) = (net.last().rows, net.last().start);
    let (scale, inside) = (L::splat(net.scale / net.inputs.n as f64), L::load(&net.inputs.inside));
    let mut sum = L::load(total);
    for j in 0..rows {
        for b in strip.blocks.clone() {
            let (at, all) = (start + j * net.stride + b - first, j * net.inputs.stride + b);
            let residual = output::<L>(net, j, b, at).sub(L::load(&net.inputs.y[all]));
            // Past n a bias may stand where no point is.
            let residual = if b == last { residual.mul(inside) } else { residual };
            sum = residual.fma(residual, sum);
            residual.store(&mut net.residuals[all]);
            residual.mul(scale).store(&mut net.g[at]);
        }
    }
    sum.store(total);
}

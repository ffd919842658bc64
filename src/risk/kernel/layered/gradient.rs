//! What is done with a gradient as a flat vector, and the sums of biases.

use super::{Layered, Strip};
use crate::simd::{Block, Lanes, dispatch};

dispatch! {
    /// The sum over the points of each row, which goes on in `lanes` from strip to strip.
    fn sum_rows = sum_rows_on(rows: &[Block], stride: usize, strip: &Strip, lanes: &mut [Block], sums: &mut [f64])
}

#[inline(always)]
pub(super) fn sum_rows_on<L: Lanes>(
    rows: &[Block],
    stride: usize,
    strip: &Strip,
    lanes: &mut [Block],
    sums: &mut [f64],
) {
    for ((row, lanes), out) in rows.chunks(stride).zip(lanes).zip(sums) {
        let mut sum = if strip.first { L::splat(0.0) } else { L::load(lanes) };
        for b in &row[..strip.len()] {
            sum = sum.add(L::load(b));
        }
        sum.store(lanes);
        *out = sum.sum();
    }
}

dispatch! {
    /// The sum of the lanes.
    fn sum = sum_on(lanes: &Block) -> f64
}

#[inline(always)]
fn sum_on<L: Lanes>(lanes: &Block) -> f64 {
    L::load(lanes).sum()
}

dispatch! {
    /// The sum of squares of the gradient, from those of its rows.
    fn squares = squares_on(net: &Layered) -> f64
}

#[inline(always)]
pub(super) fn squares_on<L: Lanes>(net: &Layered) -> f64 {
    let mut total = 0.0;
    for layer in net.layers.iter().filter(|l| l.trained) {
        let mut lanes = L::splat(0.0);
        for row in &net.squares[layer.units()] {
            lanes = lanes.add(L::load(row));
        }
        total += lanes.sum();
        for v in &net.gradient[layer.bias.clone()] {
            total = v.mul_add(*v, total);
        }
    }
    total
}

dispatch! {
    /// Writes w − `coefficient` · `gradient` to `to`; whether that is another number anywhere.
    fn descend = descend_on(w: &[f64], gradient: &[f64], coefficient: f64, to: &mut [f64]) -> bool
}

#[inline(always)]
fn descend_on<L: Lanes>(w: &[f64], gradient: &[f64], coefficient: f64, to: &mut [f64]) -> bool {
    let mut changed = 0;
    let c = L::splat(-coefficient);
    let ((w8, w), (g8, g), (to8, to)) = (w.as_chunks::<8>(), gradient.as_chunks::<8>(), to.as_chunks_mut::<8>());
    for ((to, w), g) in to8.iter_mut().zip(w8).zip(g8) {
        let w = L::load_from(w);
        let next = c.fma(L::load_from(g), w);
        changed |= next.differs(w);
        next.store_to(to);
    }
    for ((to, w), g) in to.iter_mut().zip(w).zip(g) {
        *to = (-coefficient).mul_add(*g, *w);
        changed |= u8::from(to != w);
    }
    changed != 0
}

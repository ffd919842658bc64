//! What the squared loss and powers put in the place of plain sums and kinks.

use super::Strip;
use crate::simd::{Block, Lanes, dispatch};

dispatch! {
    /// `z` takes what stands in `h`, and h becomes zᵖ.
    fn raise = raise_on(power: u32, h: &mut [Block], z: &mut [Block])
}

#[inline(always)]
fn raise_on<L: Lanes>(power: u32, h: &mut [Block], z: &mut [Block]) {
    for (h, z) in h.iter_mut().zip(z) {
        *z = *h;
        integer_power(L::load(h), power).store(h);
    }
}

dispatch! {
    /// g becomes f′(z)·g = p zᵖ⁻¹ g.
    fn mask_power = mask_power_on(power: u32, z: &[Block], g: &mut [Block])
}

#[inline(always)]
fn mask_power_on<L: Lanes>(power: u32, z: &[Block], g: &mut [Block]) {
    let factor = L::splat(f64::from(power));
    for (g, z) in g.iter_mut().zip(z) {
        L::load(g).mul(factor.mul(integer_power(L::load(z), power - 1))).store(g);
    }
}

/// xᵖ for p ≥ 0, by repeated squaring.
#[inline(always)]
fn integer_power<L: Lanes>(x: L, power: u32) -> L {
    let (mut result, mut square, mut rest) = (L::splat(1.0), x, power);
    while rest > 0 {
        if rest & 1 == 1 {
            result = result.mul(square);
        }
        rest >>= 1;
        if rest > 0 {
            square = square.mul(square);
        }
    }
    result
}

dispatch! {
    /// dw = g X over the points, as if summed with twice the digits: `g` has a row a unit, `stride` blocks apart, `points` a row a
    /// point, `dw` is (units, cols). Where there are several strips, `exact` keeps sums and losses from one to the next.
    ///
    /// Near a minimum that does not fit the targets, g X is a small sum of large terms. Its plain rounding errors point out of the
    /// span of the points, the same at every step, and would add up there; these are as small as the sum itself.
    fn accurate_gradient = accurate_gradient_on(
        g: &[Block], stride: usize, points: &[Block], cols: usize, strip: &Strip, exact: &mut [Block], dw: &mut [f64],
    )
}

/// Source: Ogita, Rump & Oishi, Accurate sum and dot product, SIAM J. Sci. Comput. 26 (2005), Dot2.
#[inline(always)]
fn accurate_gradient_on<L: Lanes>(
    g: &[Block],
    stride: usize,
    points: &[Block],
    cols: usize,
    strip: &Strip,
    exact: &mut [Block],
    dw: &mut [f64],
) {
    let width = cols.div_ceil(Block::LEN);
    let zero = L::splat(0.0);
    let mut kept = exact.chunks_exact_mut(2);
    for (dw, g) in dw.chunks_exact_mut(cols).zip(g.chunks(stride)) {
        let g = Block::numbers(g);
        for (b, dw) in dw.chunks_mut(Block::LEN).enumerate() {
            let mut kept = kept.next();
            let (mut sum, mut lost) = match &kept {
                Some(kept) if !strip.first => (L::load(&kept[0]), L::load(&kept[1])),
                _ => (zero, zero),
            };
            for (x, g) in points.chunks_exact(width).zip(g) {
                let (g, x) = (L::splat(*g), L::load(&x[b]));
                let product = g.mul(x);
                let next = sum.add(product);
                let part = next.sub(sum);
                let rounding = sum.sub(next.sub(part)).add(product.sub(part));
                lost = lost.add(rounding.add(g.fma(x, zero.sub(product))));
                sum = next;
            }
            if let Some(kept) = &mut kept {
                sum.store(&mut kept[0]);
                lost.store(&mut kept[1]);
            }
            dw.copy_from_slice(&sum.add(lost).array()[..dw.len()]);
        }
    }
}

dispatch! {
    /// Writes w − `coefficient` · `gradient` + `velocity` + `carry` to `to`, and keeps in `carry` what the rounding of that sum
    /// lost. Whether a weight or its carry changed.
    fn descend_carrying = descend_carrying_on(
        w: &[f64], gradient: &[f64], coefficient: f64, velocity: &[f64], carry: &mut [f64], to: &mut [f64],
    ) -> bool
}

#[inline(always)]
fn descend_carrying_on<L: Lanes>(
    w: &[f64],
    gradient: &[f64],
    coefficient: f64,
    velocity: &[f64],
    carry: &mut [f64],
    to: &mut [f64],
) -> bool {
    let mut changed = false;
    let steps = gradient.iter().zip(velocity).zip(carry);
    for ((to, w), ((g, velocity), carry)) in to.iter_mut().zip(w).zip(steps) {
        let add = (-coefficient).mul_add(*g, *carry) + velocity;
        let next = w + add;
        // Knuth's two-sum: exact whatever the order of the magnitudes.
        let part = next - w;
        let lost = (w - (next - part)) + (add - part);
        changed |= next != *w || lost != *carry;
        (*to, *carry) = (next, lost);
    }
    changed
}

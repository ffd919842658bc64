//! What the squared loss and the power network put in the place of margins and kinks.

use super::Layered;
use crate::risk::kernel::pass::Pass;
use crate::simd::{Block, Lanes, dispatch};

dispatch! {
    /// Residuals over n to the top of `g`, R = (1/2n) Σ ‖f(xᵢ) − yᵢ‖² to `pass`. False when R is not finite.
    fn weigh_squares = weigh_squares_on(net: &mut Layered, pass: &mut Pass) -> bool
}

#[inline(always)]
fn weigh_squares_on<L: Lanes>(net: &mut Layered, pass: &mut Pass) -> bool {
    let (blocks, stride, n) = (net.inputs.blocks, net.stride, net.inputs.n as f64);
    let last = &net.layers[net.layers.len() - 1];
    let (scale, inside) = (L::splat(1.0 / n), L::load(&net.inputs.inside));
    let mut total = L::splat(0.0);
    for j in 0..last.rows {
        for b in 0..blocks {
            let at = last.start + j * stride + b;
            let residual = L::load(&net.h[at]).sub(L::load(&net.inputs.y[j * stride + b]));
            // Past n a bias may stand where no point is.
            let residual = if b + 1 == blocks { residual.mul(inside) } else { residual };
            total = residual.fma(residual, total);
            residual.mul(scale).store(&mut net.g[at]);
        }
    }
    pass.mean_loss = 0.5 * total.sum() / n;
    pass.mean_loss.is_finite()
}

dispatch! {
    /// `z` takes what stands in `h`, and h becomes zᵖ.
    fn raise = raise_on(power: i32, h: &mut [Block], z: &mut [Block])
}

#[inline(always)]
fn raise_on<L: Lanes>(power: i32, h: &mut [Block], z: &mut [Block]) {
    for (h, z) in h.iter_mut().zip(z) {
        *z = *h;
        integer_power(L::load(h), power).store(h);
    }
}

dispatch! {
    /// g becomes f′(z)·g = p zᵖ⁻¹ g.
    fn mask_power = mask_power_on(power: i32, z: &[Block], g: &mut [Block])
}

#[inline(always)]
fn mask_power_on<L: Lanes>(power: i32, z: &[Block], g: &mut [Block]) {
    let factor = L::splat(f64::from(power));
    for (g, z) in g.iter_mut().zip(z) {
        L::load(g).mul(factor.mul(integer_power(L::load(z), power - 1))).store(g);
    }
}

/// xᵖ for p ≥ 0, by repeated squaring.
#[inline(always)]
fn integer_power<L: Lanes>(x: L, power: i32) -> L {
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
    /// point, `dw` is (units, cols).
    ///
    /// Near a minimum that does not fit the targets, g X is a small sum of large terms. Its plain rounding errors point out of the
    /// span of the points, the same at every step, and would add up there; these are as small as the sum itself.
    fn accurate_gradient = accurate_gradient_on(g: &[Block], stride: usize, points: &[Block], cols: usize, dw: &mut [f64])
}

/// Source: Ogita, Rump & Oishi, Accurate sum and dot product, SIAM J. Sci. Comput. 26 (2005), Dot2.
#[inline(always)]
fn accurate_gradient_on<L: Lanes>(g: &[Block], stride: usize, points: &[Block], cols: usize, dw: &mut [f64]) {
    let width = cols.div_ceil(Block::LEN);
    let zero = L::splat(0.0);
    for (dw, g) in dw.chunks_exact_mut(cols).zip(g.chunks(stride)) {
        let g = Block::numbers(g);
        for (b, dw) in dw.chunks_mut(Block::LEN).enumerate() {
            let (mut sum, mut lost) = (zero, zero);
            for (x, g) in points.chunks_exact(width).zip(g) {
                let (g, x) = (L::splat(*g), L::load(&x[b]));
                let product = g.mul(x);
                let next = sum.add(product);
                let part = next.sub(sum);
                let rounding = sum.sub(next.sub(part)).add(product.sub(part));
                lost = lost.add(rounding.add(g.fma(x, zero.sub(product))));
                sum = next;
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

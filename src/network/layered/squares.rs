//! What the squared loss and the power network put in the place of margins and kinks.

use super::Layered;
use crate::loss::batch::Batch;
use crate::simd::{Block, Lanes, dispatch};

dispatch! {
    /// Residuals over n to the top of `g`, R = (1/2n) Σ ‖f(xᵢ) − yᵢ‖² to `batch`. False when R is not finite.
    fn weigh_squares = weigh_squares_on(net: &mut Layered, batch: &mut Batch) -> bool
}

#[inline(always)]
fn weigh_squares_on<L: Lanes>(net: &mut Layered, batch: &mut Batch) -> bool {
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
    batch.mean_loss = 0.5 * total.sum() / n;
    batch.mean_loss.is_finite()
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

//! e^x on eight lanes, to one or two units in the last place.

use crate::simd::Lanes;

/// Where e^x stops falling: beside a largest weight of 1 it has no bit left, and neither its square nor its products with
/// weights and activations are subnormal. At e^−708 they were: every matrix product behind a far point took ten times as long.
pub(super) const LOWEST: f64 = -300.0;
const LN2_HI: f64 = 0.6931471803691238;
const LN2_LO: f64 = 1.9082149292705877e-10;
/// 1.5 · 2⁵² + 1023: adding it rounds to an integer and leaves the biased exponent in the low bits.
const MAGIC: f64 = 6755399441055744.0 + 1023.0;
/// (e^r − 1 − r)/r² on |r| ≤ ln(2)/2, interpolated at Chebyshev points: relative error of e^r 1.6e-17.
const EXP: [f64; 10] = [
    0.5000000000000001,
    0.16666666666666669,
    0.041666666666623824,
    0.008333333333330039,
    0.0013888888917367081,
    0.00019841269863171557,
    2.4801521057868204e-05,
    2.7557268276905696e-06,
    2.7620201591031547e-07,
    2.5100472505694996e-08,
];
/// e^x for x ≤ 0 and NaN for NaN; below −300 it stays at e^−300.
#[inline(always)]
pub(super) fn exp_nonpositive<L: Lanes>(x: L) -> L {
    let inside = L::splat(LOWEST).max(x);
    let biased = inside.fma(L::splat(std::f64::consts::LOG2_E), L::splat(MAGIC));
    let n = biased.sub(L::splat(MAGIC));
    let r = n.fma(L::splat(-LN2_LO), n.fma(L::splat(-LN2_HI), inside));
    r.mul(r).fma(horner(&EXP, r), r).add(L::splat(1.0)).mul(biased.exponent())
}

#[inline(always)]
fn horner<L: Lanes>(c: &[f64; 10], x: L) -> L {
    let mut p = L::splat(c[9]);
    for k in (0..9).rev() {
        p = p.fma(x, L::splat(c[k]));
    }
    p
}

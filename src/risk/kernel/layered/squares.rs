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
pub(super) fn mask_power_on<L: Lanes>(power: u32, z: &[Block], g: &mut [Block]) {
    let factor = L::splat(f64::from(power));
    for (g, z) in g.iter_mut().zip(z) {
        L::load(g).mul(factor.mul(integer_power(L::load(z), power - 1))).store(g);
    }
}

/// xᵖ for p ≥ 0, by repeated squaring.
#[inline(always)]
pub(super) fn integer_power<L: Lanes>(x: L, power: u32) -> L {
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
    /// point, `dw` is (units, cols). Where there are several strips, `exact` keeps sums and losses from one to the next. `squares` takes
    /// the sum of squares of each row, lane by lane.
    ///
    /// Near a minimum that does not fit the targets, g X is a small sum of large terms. Its plain rounding errors point out of the
    /// span of the points, the same at every step, and would add up there; these are as small as the sum itself.
    fn accurate_gradient = accurate_gradient_on(
        g: &[Block], stride: usize, points: &[Block], cols: usize, strip: &Strip, exact: &mut [Block], dw: &mut [f64],
        squares: &mut [Block],
    )
}

/// Source: Ogita, Rump & Oishi, Accurate sum and dot product, SIAM J. Sci. Comput. 26 (2005), Dot2.
#[inline(always)]
pub(super) fn accurate_gradient_on<L: Lanes>(
    g: &[Block],
    stride: usize,
    points: &[Block],
    cols: usize,
    strip: &Strip,
    exact: &mut [Block],
    dw: &mut [f64],
    squares: &mut [Block],
) {
    let width = cols.div_ceil(Block::LEN);
    // Fewer inputs than units: eight units side by side waste no lanes. Each sum goes through the same chain.
    if L::VECTOR && exact.is_empty() && cols < squares.len() {
        match cols {
            1 => return accurate_columns::<L, 1>(g, stride, points, dw, squares),
            2 => return accurate_columns::<L, 2>(g, stride, points, dw, squares),
            3 => return accurate_columns::<L, 3>(g, stride, points, dw, squares),
            _ => {}
        }
    }
    let zero = L::splat(0.0);
    let mut kept = exact.chunks_exact_mut(2);
    for ((dw, g), squares) in dw.chunks_exact_mut(cols).zip(g.chunks(stride)).zip(squares) {
        let (g, mut square) = (Block::numbers(g), zero);
        for (b, dw) in dw.chunks_mut(Block::LEN).enumerate() {
            let mut kept = kept.next();
            let (mut sum, mut lost) = match &kept {
                Some(kept) if !strip.first => (L::load(&kept[0]), L::load(&kept[1])),
                _ => (zero, zero),
            };
            for (x, g) in points.chunks_exact(width).zip(g) {
                (sum, lost) = add_product(sum, lost, L::splat(*g), L::load(&x[b]));
            }
            if let Some(kept) = &mut kept {
                sum.store(&mut kept[0]);
                lost.store(&mut kept[1]);
            }
            let all = sum.add(lost);
            square = all.fma(all, square);
            dw.copy_from_slice(&all.array()[..dw.len()]);
        }
        square.store(squares);
    }
}

/// The same for C inputs, eight units at a time.
#[inline(always)]
#[allow(clippy::needless_range_loop, reason = "iterators over lanes lose the vector unit")]
fn accurate_columns<L: Lanes, const C: usize>(
    g: &[Block],
    stride: usize,
    points: &[Block],
    dw: &mut [f64],
    squares: &mut [Block],
) {
    let rows = squares.len();
    for first in (0..rows).step_by(Block::LEN) {
        let few = (rows - first).min(Block::LEN);
        let (mut sums, mut lost) = ([L::splat(0.0); C], [L::splat(0.0); C]);
        for (i, points) in points.chunks(Block::LEN).enumerate() {
            let mut units = [L::splat(0.0); Block::LEN];
            for r in 0..few {
                units[r] = L::load(&g[(first + r) * stride + i]);
            }
            let units = L::transpose(units);
            for (p, x) in points.iter().enumerate() {
                for c in 0..C {
                    (sums[c], lost[c]) = add_product(sums[c], lost[c], units[p], L::splat(x.0[c]));
                }
            }
        }
        for c in 0..C {
            let column = sums[c].add(lost[c]).array();
            for r in 0..few {
                dw[(first + r) * C + c] = column[r];
                squares[first + r].0[c] = column[r] * column[r];
            }
        }
    }
}

/// The next product added to a sum, and its rounding errors to what was lost.
#[inline(always)]
fn add_product<L: Lanes>(sum: L, lost: L, g: L, x: L) -> (L, L) {
    let product = g.mul(x);
    let next = sum.add(product);
    let part = next.sub(sum);
    let rounding = sum.sub(next.sub(part)).add(product.sub(part));
    (next, lost.add(rounding.add(g.fma(x, L::splat(0.0).sub(product)))))
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

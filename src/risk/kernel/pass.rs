//! One pass of the loss over all points: margins, slope weights, their weighted sum, the mean loss.

use super::lanes::{LOWEST, exp_nonpositive};
use super::losses::Losses;
use super::slopes::{by_kind, slopes};
use crate::dataset::Dataset;
use crate::loss::Loss;
use crate::simd::{Block, Lanes, Unit};
use std::ops::Range;

/// The mirrored points zᵢ = yᵢxᵢ in blocks of eight: block b holds d rows, row j the j-th coordinate of points 8b … 8b+7.
#[derive(Clone)]
pub(crate) struct Points {
    pub n: usize,
    pub d: usize,
    pub unit: Unit,
    z: Vec<Block>,
    /// 0 in the lanes of the last block that hold a point, +∞ in those past n.
    beyond: Block,
}

impl Points {
    pub fn new(data: &Dataset) -> Self {
        let (n, d) = (data.n(), data.d());
        let mut z = vec![Block::ZERO; n.div_ceil(Block::LEN) * d];
        for ((i, j), v) in data.mirrored().indexed_iter() {
            z[i / Block::LEN * d + j].0[i % Block::LEN] = *v;
        }
        Self { n, d, unit: Unit::detect(), z, beyond: past(n) }
    }

    /// Room for `n` points of the same size.
    pub fn room(&self, n: usize) -> Self {
        Self { n, d: self.d, unit: self.unit, z: vec![Block::ZERO; n.div_ceil(Block::LEN) * self.d], beyond: past(n) }
    }

    /// Takes these `rows` of `from`, as many as there is room for exactly.
    pub fn pick(&mut self, from: &Self, rows: &[usize]) {
        debug_assert_eq!(rows.len(), self.n);
        for (i, row) in rows.iter().enumerate() {
            let (own, other) = (&mut self.z[i / Block::LEN * self.d..], &from.z[row / Block::LEN * self.d..]);
            for (own, other) in own[..self.d].iter_mut().zip(&other[..self.d]) {
                own.0[i % Block::LEN] = other.0[row % Block::LEN];
            }
        }
    }
}

/// 0 in the lanes of the last block that hold one of n points, +∞ in those past n.
fn past(n: usize) -> Block {
    let mut beyond = Block::ZERO;
    if !n.is_multiple_of(Block::LEN) {
        beyond.0[n % Block::LEN..].fill(f64::INFINITY);
    }
    beyond
}

/// Below this smallest margin a linear network's pass takes no factor out: its numbers are far from underflow, and the
/// exponentials need not wait for the smallest margin, which would be a third of the time of a step on few points.
const NEAR: f64 = 100.0;

/// What one pass leaves behind. With s the shift, |ℓ′(qᵢ)| = e^−s pᵢ and R = e^−s · `mean_loss`.
#[derive(Clone)]
pub(crate) struct Pass {
    /// Margins qᵢ = yᵢf(xᵢ); the lanes past n hold +∞.
    pub q: Vec<Block>,
    /// Scaled slopes pᵢ ∈ `[0, 1]`; the lanes past n mean nothing.
    pub p: Vec<Block>,
    /// s: 0 while the smallest margin is below a threshold, otherwise that margin (always, for the exponential loss).
    pub shift: f64,
    /// e^−s, which underflows to zero where s does not fit.
    pub decay: f64,
    /// R e^s; NaN until a pass was asked for the risk.
    pub mean_loss: f64,
}

impl Pass {
    /// Room for n points.
    pub fn new(n: usize) -> Self {
        let blocks = vec![Block::ZERO; n.div_ceil(Block::LEN)];
        Self { q: blocks.clone(), p: blocks, shift: 0.0, decay: 1.0, mean_loss: f64::NAN }
    }

    /// Chooses the shift s for margins of which `lowest` is the smallest, 0 for a logistic loss `below` that; returns e^−s in
    /// all lanes, from where the next operations take it.
    #[inline(always)]
    fn choose_shift<L: Lanes>(&mut self, loss: Loss, lowest: f64, below: f64) -> L {
        self.shift = match loss {
            Loss::Logistic if lowest < below => 0.0,
            _ => lowest,
        };
        let decay = if self.shift == 0.0 {
            L::splat(1.0)
        } else if (0.0..-LOWEST).contains(&self.shift) {
            exp_nonpositive(L::splat(-self.shift))
        } else {
            L::splat(libm::exp(-self.shift))
        };
        self.decay = decay.first();
        decay
    }

    /// The same pass for margins that were computed elsewhere: reads these `blocks` of `q`, of which `lowest` is the smallest so far
    /// and whose lanes past n hold +∞, and fills `p`. False when a margin is −∞.
    #[inline(always)]
    pub fn weigh_margins<L: Lanes>(
        &mut self,
        n: usize,
        loss: Loss,
        risk: bool,
        lowest: f64,
        blocks: Range<usize>,
    ) -> bool {
        let decay = self.choose_shift::<L>(loss, lowest, 0.0);
        let total =
            by_kind!(loss, self.shift > 0.0, risk, |KIND, RISK| self.weigh_alone::<L, KIND, RISK>(decay, blocks));
        self.mean_loss = total / n as f64;
        lowest > f64::NEG_INFINITY
    }

    /// Slopes without their weighted sum; returns as [`weigh`].
    #[inline(always)]
    fn weigh_alone<L: Lanes, const KIND: u8, const RISK: bool>(&mut self, decay: L, blocks: Range<usize>) -> f64 {
        let shift = L::splat(self.shift);
        let mut losses = Losses::new();
        let (pairs, single) = self.q[blocks.clone()].as_chunks::<2>();
        let (slope_pairs, slope_single) = self.p[blocks].as_chunks_mut::<2>();
        for (q, p) in pairs.iter().zip(slope_pairs) {
            let q = [L::load(&q[0]), L::load(&q[1])];
            let (slopes, e) = slopes::<L, 2, KIND>(q, shift, decay);
            for b in 0..2 {
                slopes[b].store(&mut p[b]);
            }
            if RISK {
                losses.add::<2, KIND>(q, e, decay);
            }
        }
        if let ([q], [p]) = (single, slope_single) {
            let q = [L::load(q)];
            let (slopes, e) = slopes::<L, 1, KIND>(q, shift, decay);
            slopes[0].store(p);
            if RISK {
                losses.add::<1, KIND>(q, e, decay);
            }
        }
        if RISK { losses.total::<KIND>(decay) } else { f64::NAN }
    }

    pub fn margins(&self, n: usize) -> &[f64] {
        &Block::numbers(&self.q)[..n]
    }

    pub fn slopes(&self, n: usize) -> &[f64] {
        &Block::numbers(&self.p)[..n]
    }
}

/// Fills `pass` for the predictor `w` and writes −Σᵢ pᵢ zᵢ / n, the scaled gradient of R at w, to `g`.
/// False when a margin is −∞.
#[inline(always)]
pub(crate) fn pass_on<L: Lanes>(
    points: &Points,
    loss: Loss,
    risk: bool,
    w: &[f64],
    pass: &mut Pass,
    g: &mut [f64],
) -> bool {
    match points.d {
        2 if L::VECTOR => pass_in::<L, 2>(points, loss, risk, w, pass, g),
        3 if L::VECTOR => pass_in::<L, 3>(points, loss, risk, w, pass, g),
        _ => pass_in::<L, 0>(points, loss, risk, w, pass, g),
    }
}

/// `D` is the number of coordinates where it is known to the compiler, else 0.
#[inline(always)]
fn pass_in<L: Lanes, const D: usize>(
    points: &Points,
    loss: Loss,
    risk: bool,
    w: &[f64],
    pass: &mut Pass,
    g: &mut [f64],
) -> bool {
    let d = if D > 0 { D } else { points.d };
    let lowest = margins::<L, D>(points, d, &w[..d], &mut pass.q);
    let decay = pass.choose_shift::<L>(loss, lowest, NEAR);
    let total =
        by_kind!(loss, pass.shift > 0.0, risk, |KIND, RISK| weigh::<L, D, KIND, RISK>(points, d, decay, pass, g));
    pass.mean_loss = total / points.n as f64;
    lowest > f64::NEG_INFINITY
}

/// Margins of all points; returns the smallest one.
#[inline(always)]
fn margins<L: Lanes, const D: usize>(points: &Points, d: usize, w: &[f64], q: &mut [Block]) -> f64 {
    let mut weights = [L::splat(0.0); D];
    for (lanes, w) in weights.iter_mut().zip(w) {
        *lanes = L::splat(*w);
    }
    let (full, last) = points.z.split_at(points.z.len() - d);
    let (most, rest) = q.split_at_mut(full.len() / d);
    // The lanes past n hold ⟨w, 0⟩ = 0; a margin of +∞ takes them out of the minimum, and z = 0 out of every sum.
    let mut lowest = margin::<L, D>(w, &weights, last).add(L::load(&points.beyond));
    lowest.store(&mut rest[0]);
    for (q, z) in most.iter_mut().zip(full.chunks_exact(d)) {
        let margin = margin::<L, D>(w, &weights, z);
        margin.store(q);
        lowest = margin.min(lowest);
    }
    lowest.smallest()
}

/// ⟨w, zᵢ⟩ of one block. Plain loops here and below: a closure would not be compiled for the vector unit.
#[inline(always)]
fn margin<L: Lanes, const D: usize>(w: &[f64], weights: &[L; D], z: &[Block]) -> L {
    if D == 0 {
        let mut sum = L::splat(w[0]).mul(L::load(&z[0]));
        for (w, z) in w[1..].iter().zip(&z[1..]) {
            sum = L::splat(*w).fma(L::load(z), sum);
        }
        return sum;
    }
    let mut sum = weights[0].mul(L::load(&z[0]));
    for j in 1..D {
        sum = weights[j].fma(L::load(&z[j]), sum);
    }
    sum
}

/// Scaled slopes and their sums; returns Σ ℓ(qᵢ) e^s, or NaN when the risk is not asked for.
#[inline(always)]
fn weigh<L: Lanes, const D: usize, const KIND: u8, const RISK: bool>(
    points: &Points,
    d: usize,
    decay: L,
    pass: &mut Pass,
    g: &mut [f64],
) -> f64 {
    let scale = -1.0 / points.n as f64;
    let shift = L::splat(pass.shift);
    let mut sums = [L::splat(0.0); D];
    let mut losses = Losses::new();
    // Two blocks at a time, because they can share a division.
    let (pairs, single) = pass.q.as_chunks::<2>();
    let (slope_pairs, slope_single) = pass.p.as_chunks_mut::<2>();
    let (z_pairs, z_single) = points.z.split_at(pairs.len() * 2 * d);
    for ((q, p), z) in pairs.iter().zip(slope_pairs).zip(z_pairs.chunks_exact(2 * d)) {
        let q = [L::load(&q[0]), L::load(&q[1])];
        let (slopes, e) = slopes::<L, 2, KIND>(q, shift, decay);
        if RISK {
            losses.add::<2, KIND>(q, e, decay);
        }
        for b in 0..2 {
            slopes[b].store(&mut p[b]);
            for (sum, z) in sums.iter_mut().zip(&z[b * d..]) {
                *sum = slopes[b].fma(L::load(z), *sum);
            }
        }
    }
    if let ([q], [p]) = (single, slope_single) {
        let q = [L::load(q)];
        let ([slope], e) = slopes::<L, 1, KIND>(q, shift, decay);
        if RISK {
            losses.add::<1, KIND>(q, e, decay);
        }
        slope.store(p);
        for (sum, z) in sums.iter_mut().zip(z_single) {
            *sum = slope.fma(L::load(z), *sum);
        }
    }
    if D > 0 {
        for (g, sum) in g.iter_mut().zip(&sums) {
            *g = sum.sum() * scale;
        }
    } else {
        weighted_sum::<L>(points, d, &pass.p, scale, g);
    }
    if RISK { losses.total::<KIND>(decay) } else { f64::NAN }
}

/// g = scale · Σᵢ pᵢ zᵢ, four coordinates at a time.
#[inline(always)]
fn weighted_sum<L: Lanes>(points: &Points, d: usize, p: &[Block], scale: f64, g: &mut [f64]) {
    for (strip, g) in g[..d].chunks_mut(4).enumerate() {
        let mut sums = [L::splat(0.0); 4];
        for (p, z) in p.iter().zip(points.z.chunks_exact(d)) {
            let p = L::load(p);
            for (sum, z) in sums.iter_mut().zip(&z[4 * strip..]) {
                *sum = p.fma(L::load(z), *sum);
            }
        }
        for (g, sum) in g.iter_mut().zip(&sums) {
            *g = sum.sum() * scale;
        }
    }
}

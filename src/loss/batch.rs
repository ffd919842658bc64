//! One pass of the loss over all points: margins, slope weights, their weighted sum, the mean loss.

use super::Loss;
use super::lanes::{exp_nonpositive, ln_1p_over};
use crate::dataset::Dataset;
use crate::simd::{Block, Lanes, Unit};

/// The mirrored points zᵢ = yᵢxᵢ in blocks of eight: block b holds d rows, row j the j-th coordinate of points 8b … 8b+7.
#[derive(Clone)]
pub(crate) struct Points {
    pub n: usize,
    pub d: usize,
    pub unit: Unit,
    z: Vec<Block>,
}

impl Points {
    pub fn new(data: &Dataset) -> Self {
        let (n, d) = (data.n(), data.d());
        let mut z = vec![Block::ZERO; n.div_ceil(Block::LEN) * d];
        for ((i, j), v) in data.mirrored().indexed_iter() {
            z[i / Block::LEN * d + j].0[i % Block::LEN] = *v;
        }
        Self { n, d, unit: Unit::detect(), z }
    }

    fn blocks(&self) -> usize {
        self.n.div_ceil(Block::LEN)
    }
}

/// What one pass leaves behind. With s the shift, |ℓ′(qᵢ)| = e^−s pᵢ and R = e^−s · `mean_loss`.
#[derive(Clone)]
pub(crate) struct Batch {
    /// Margins qᵢ = ⟨w, zᵢ⟩; the lanes past n hold +∞.
    q: Vec<Block>,
    /// Scaled slopes pᵢ ∈ [0, 1]; the lanes past n hold 0.
    p: Vec<Block>,
    /// s: 0 while some margin is not positive, otherwise the smallest margin (always, for the exponential loss).
    pub shift: f64,
    /// e^−s, which underflows to zero where s does not fit.
    pub decay: f64,
    /// R e^s; NaN until a pass was asked for the risk.
    pub mean_loss: f64,
}

impl Batch {
    pub fn new(points: &Points) -> Self {
        let blocks = vec![Block::ZERO; points.blocks()];
        Self { q: blocks.clone(), p: blocks, shift: 0.0, decay: 1.0, mean_loss: f64::NAN }
    }

    pub fn margins(&self, n: usize) -> &[f64] {
        &flat(&self.q)[..n]
    }

    pub fn slopes(&self, n: usize) -> &[f64] {
        &flat(&self.p)[..n]
    }
}

fn flat(blocks: &[Block]) -> &[f64] {
    // SAFETY: a Block is exactly eight f64, `repr(C)`.
    unsafe { std::slice::from_raw_parts(blocks.as_ptr().cast(), blocks.len() * Block::LEN) }
}

/// Fills `batch` for the predictor `w` and writes −Σᵢ pᵢ zᵢ / n, the scaled gradient of R at w, to `g`.
/// False when a margin is −∞.
#[inline(always)]
pub(crate) fn pass_on<L: Lanes>(
    points: &Points,
    loss: Loss,
    risk: bool,
    w: &[f64],
    batch: &mut Batch,
    g: &mut [f64],
) -> bool {
    match points.d {
        2 => pass_in::<L, 2>(points, loss, risk, w, batch, g),
        3 => pass_in::<L, 3>(points, loss, risk, w, batch, g),
        _ => pass_in::<L, 0>(points, loss, risk, w, batch, g),
    }
}

/// `D` is the number of coordinates where it is known to the compiler, else 0.
#[inline(always)]
fn pass_in<L: Lanes, const D: usize>(
    points: &Points,
    loss: Loss,
    risk: bool,
    w: &[f64],
    batch: &mut Batch,
    g: &mut [f64],
) -> bool {
    let d = if D > 0 { D } else { points.d };
    let lowest = margins::<L, D>(points, d, &w[..d], &mut batch.q);
    batch.shift = match loss {
        Loss::Logistic => lowest.max(0.0),
        Loss::Exponential => lowest,
    };
    batch.decay = if batch.shift > 0.0 {
        exp_nonpositive(L::splat(-batch.shift)).array()[0]
    } else if batch.shift == 0.0 {
        1.0
    } else {
        (-batch.shift).exp()
    };
    let total = match (loss, risk) {
        (Loss::Logistic, false) => weigh::<L, D, true, false>(points, d, batch, g),
        (Loss::Logistic, true) => weigh::<L, D, true, true>(points, d, batch, g),
        (Loss::Exponential, false) => weigh::<L, D, false, false>(points, d, batch, g),
        (Loss::Exponential, true) => weigh::<L, D, false, true>(points, d, batch, g),
    };
    batch.mean_loss = total / points.n as f64;
    lowest > f64::NEG_INFINITY
}

/// Margins of all points; returns the smallest one.
#[inline(always)]
fn margins<L: Lanes, const D: usize>(points: &Points, d: usize, w: &[f64], q: &mut [Block]) -> f64 {
    let mut weights = [L::splat(0.0); D];
    for (lanes, w) in weights.iter_mut().zip(w) {
        *lanes = L::splat(*w);
    }
    let mut lowest = L::splat(f64::INFINITY);
    for (q, z) in q.iter_mut().zip(points.z.chunks_exact(d)) {
        let sum = if D > 0 {
            let first = weights[0].mul(L::load(&z[0]));
            weights[1..].iter().zip(&z[1..]).fold(first, |sum, (w, z)| w.fma(L::load(z), sum))
        } else {
            let first = L::splat(w[0]).mul(L::load(&z[0]));
            w[1..].iter().zip(&z[1..]).fold(first, |sum, (w, z)| L::splat(*w).fma(L::load(z), sum))
        };
        sum.store(q);
        lowest = sum.min(lowest);
    }
    let filled = points.n % Block::LEN;
    if filled == 0 {
        return lowest.smallest();
    }
    // The lanes past n hold ⟨w, 0⟩ = 0: take them out of the minimum and give them slope 0.
    let last = q.len() - 1;
    q[last].0[filled..].fill(f64::INFINITY);
    let mut lowest = L::load(&q[last]);
    for q in &q[..last] {
        lowest = L::load(q).min(lowest);
    }
    lowest.smallest()
}

/// Scaled slopes and their sums; returns Σ ℓ(qᵢ) e^s, or NaN when the risk is not asked for.
#[inline(always)]
fn weigh<L: Lanes, const D: usize, const LOGISTIC: bool, const RISK: bool>(
    points: &Points,
    d: usize,
    batch: &mut Batch,
    g: &mut [f64],
) -> f64 {
    let (zero, one, shift, decay) = (L::splat(0.0), L::splat(1.0), L::splat(batch.shift), L::splat(batch.decay));
    let mut sums = [zero; D];
    let mut total = zero;
    let mut lane_sums = [Block::ZERO; 64];
    if D == 0 {
        g[..d].fill(0.0);
    }
    // Past 64 coordinates the sums go strip by strip over the slopes, after this loop.
    let strip = if D == 0 { d.min(lane_sums.len()) } else { 0 };
    for ((q, p), z) in batch.q.iter().zip(&mut batch.p).zip(points.z.chunks_exact(d)) {
        let q = L::load(q);
        let slope = if LOGISTIC {
            let e = exp_nonpositive(shift.sub(q.abs()));
            let slope = q.select_nonnegative(e, one).div(e.fma(decay, one));
            if RISK {
                total = total.add(e.fma(ln_1p_over(e.mul(decay)), zero.max(zero.sub(q))));
            }
            slope
        } else {
            let e = exp_nonpositive(shift.sub(q));
            if RISK {
                total = total.add(e);
            }
            e
        };
        slope.store(p);
        for (sum, z) in sums.iter_mut().zip(z) {
            *sum = slope.fma(L::load(z), *sum);
        }
        for (sum, z) in lane_sums[..strip].iter_mut().zip(z) {
            slope.fma(L::load(z), L::load(sum)).store(sum);
        }
    }
    let scale = -1.0 / points.n as f64;
    for (g, sum) in g.iter_mut().zip(&sums) {
        *g = sum.sum() * scale;
    }
    for (g, sum) in g.iter_mut().zip(&lane_sums[..strip]) {
        *g = L::load(sum).sum() * scale;
    }
    for j in strip.max(D)..d {
        let mut sum = zero;
        for (p, z) in batch.p.iter().zip(points.z.chunks_exact(d)) {
            sum = L::load(p).fma(L::load(&z[j]), sum);
        }
        g[j] = sum.sum() * scale;
    }
    if RISK { total.sum() } else { f64::NAN }
}

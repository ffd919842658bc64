//! The largest singular value with its vectors: closed form when a side is ≤ 2, Lanczos on the shorter side otherwise.

use super::lanczos::{generic_vector, top_eigenpair};
use super::matrix::{Matrix, Short, add_scaled, dot, norm, normalize};
use crate::error::Result;
use smallvec::{SmallVec, smallvec};

/// σ₁ (in the scaled unit) and unit u₁, v₁ of a non-zero matrix.
pub(super) struct Top {
    pub value: f64,
    pub left: Short,
    pub right: Short,
}

impl Top {
    pub fn of(m: &Matrix) -> Result<Self> {
        let wide = m.rows <= m.cols;
        let short = match m.rows.min(m.cols) {
            1 => smallvec![1.0],
            2 => SmallVec::from_slice(&two_sided(gram(m)).1),
            _ => by_lanczos(m, wide)?,
        };
        let mut long: Short = smallvec![0.0; m.rows.max(m.cols)];
        if wide {
            m.transpose_times(&short, &mut long)
        } else {
            m.times(&short, &mut long)
        }
        let value = normalize(&mut long);
        let (left, right) = if wide { (short, long) } else { (long, short) };
        Ok(Self { value, left, right })
    }
}

/// σ₁ alone, in the scaled unit.
pub(super) fn top_value(m: &Matrix) -> Result<f64> {
    match m.rows.min(m.cols) {
        1 => Ok(m.frobenius()),
        2 => Ok(two_sided(gram(m)).0.sqrt()),
        _ => Ok(Top::of(m)?.value),
    }
}

/// The Gram matrix [g₁₁, g₁₂, g₂₂] of the shorter side, which has length 2.
fn gram(m: &Matrix) -> [f64; 3] {
    if m.rows == 2 {
        let (a, b) = m.entries.split_at(m.cols);
        return [dot(a, a), dot(a, b), dot(b, b)];
    }
    m.entries.chunks_exact(2).fold([0.0; 3], |g, r| [g[0] + r[0] * r[0], g[1] + r[0] * r[1], g[2] + r[1] * r[1]])
}

/// Larger eigenvalue and unit eigenvector of a symmetric 2×2 matrix; no step of it cancels.
fn two_sided([a, b, c]: [f64; 3]) -> (f64, [f64; 2]) {
    let half = 0.5 * (a - c);
    let radius = (half * half + b * b).sqrt();
    let mut vector = match () {
        () if radius == 0.0 => [1.0, 0.0],
        () if half >= 0.0 => [radius + half, b],
        () => [b, radius - half],
    };
    // By the larger entry first: both can be as small as the square root of the smallest number.
    let size = vector[0].abs().max(vector[1].abs());
    vector = vector.map(|v| v / size);
    normalize(&mut vector);
    (0.5 * (a + c) + radius, vector)
}

/// The first singular vector of the shorter side, the top eigenvector of WWᵀ (`wide`) or WᵀW.
fn by_lanczos(m: &Matrix, wide: bool) -> Result<Short> {
    let (short, long) = (m.rows.min(m.cols), m.rows.max(m.cols));
    let mut middle = vec![0.0; long];
    // Near rank one the largest row is nearly v₁; the generic part keeps the start from being some other vector.
    let best = (0..m.rows).max_by(|&i, &j| norm(m.row(i)).total_cmp(&norm(m.row(j)))).unwrap_or(0);
    let mut start = m.row(best).to_vec();
    if wide {
        start = (0..m.rows).map(|i| dot(m.row(i), m.row(best))).collect();
    }
    normalize(&mut start);
    let mut noise = generic_vector(short);
    normalize(&mut noise);
    add_scaled(&mut start, 0.1, &noise);
    let (_, vector) = top_eigenpair(start, 1e-14, |x, out| {
        if wide {
            m.transpose_times(x, &mut middle);
            m.times(&middle, out);
        } else {
            m.times(x, &mut middle);
            m.transpose_times(&middle, out);
        }
    })?;
    Ok(SmallVec::from_vec(vector))
}

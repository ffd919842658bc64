//! The largest singular value with its vectors: closed form when a side is ≤ 2, Lanczos on the shorter side otherwise.

use super::lanczos::{generic_vector, top_eigenpair};
use super::matrix::{Matrix, Short};
use super::vector::{add_scaled, dot, norm, normalize};
use crate::error::Result;
use smallvec::{SmallVec, smallvec};

/// σ₁ (in the scaled unit) and unit u₁, v₁ of a non-zero matrix.
pub(crate) struct Top {
    pub value: f64,
    pub left: Short,
    pub right: Short,
}

impl Top {
    pub fn of(m: &Matrix) -> Result<Self> {
        Self::within(m, 1e-14)
    }

    /// With vectors off by `tolerance`·σ₁²/(σ₁² − σ₂²) where Lanczos is needed.
    fn within(m: &Matrix, tolerance: f64) -> Result<Self> {
        if let (2, [a, b, c, d]) = (m.rows, &m.entries[..]) {
            let (value, left, right) = top_two_by_two([*a, *b, *c, *d]);
            return Ok(Self { value, left: SmallVec::from_slice(&left), right: SmallVec::from_slice(&right) });
        }
        let wide = m.rows <= m.cols;
        let short = match m.rows.min(m.cols) {
            1 => smallvec![1.0],
            2 => SmallVec::from_slice(&top_of_symmetric(gram(m))),
            _ if wide => by_lanczos(&m.transposed(), tolerance)?,
            _ => by_lanczos(m, tolerance)?,
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

/// σ₁, u₁ and v₁ of `[[a, b], [c, d]]`, not zero.
#[inline]
pub(crate) fn top_two_by_two([a, b, c, d]: [f64; 4]) -> (f64, [f64; 2], [f64; 2]) {
    let left = top_of_symmetric([a * a + b * b, a * c + b * d, c * c + d * d]);
    let right = [left[0] * a + left[1] * c, left[0] * b + left[1] * d];
    let value = (right[0] * right[0] + right[1] * right[1]).sqrt();
    (value, left, [right[0] / value, right[1] / value])
}

/// σ₁ alone, in the scaled unit. Its error is the square of a vector's, so that Lanczos may stop early.
pub(crate) fn top_value(m: &Matrix) -> Result<f64> {
    match m.rows.min(m.cols) {
        1 => Ok(m.square().sqrt()),
        2 => Ok(top_of_gram(gram(m))),
        _ => Ok(Top::within(m, 1e-9)?.value),
    }
}

/// The Gram matrix `[g₁₁, g₁₂, g₂₂]` of the shorter side, which has length 2.
fn gram(m: &Matrix) -> [f64; 3] {
    if m.cols == 2 {
        return m
            .entries
            .chunks_exact(2)
            .fold([0.0; 3], |[a, b, c], r| [a + r[0] * r[0], b + r[0] * r[1], c + r[1] * r[1]]);
    }
    let (a, b) = m.entries.split_at(m.cols);
    [dot(a, a), dot(a, b), dot(b, b)]
}

/// σ₁ from the Gram matrix `[g₁₁, g₁₂, g₂₂]`: the root of its larger eigenvalue, without cancellation.
pub(crate) fn top_of_gram([a, b, c]: [f64; 3]) -> f64 {
    let half = 0.5 * (a - c);
    (0.5 * (a + c) + (half * half + b * b).sqrt()).sqrt()
}

/// Unit eigenvector of the larger eigenvalue of `[[a, b], [b, c]]`.
fn top_of_symmetric([a, b, c]: [f64; 3]) -> [f64; 2] {
    let half = 0.5 * (a - c);
    let radius = (half * half + b * b).sqrt();
    let [x, y] = match () {
        () if radius == 0.0 => [1.0, 0.0],
        () if half >= 0.0 => [radius + half, b],
        () => [b, radius - half],
    };
    // By the larger entry first: both can be as small as the square root of the smallest number.
    let size = x.abs().max(y.abs());
    let (x, y) = (x / size, y / size);
    let length = (x * x + y * y).sqrt();
    [x / length, y / length]
}

/// v₁ of a matrix with at least as many rows as columns, the top eigenvector of WᵀW.
fn by_lanczos(m: &Matrix, tolerance: f64) -> Result<Short> {
    // Near rank one the largest row is nearly v₁; the generic part keeps the start from being some other vector.
    let rows = || m.entries.chunks_exact(m.cols);
    let mut start = rows().max_by(|a, b| norm(a).total_cmp(&norm(b))).unwrap_or_default().to_vec();
    normalize(&mut start);
    let mut noise = generic_vector(m.cols);
    normalize(&mut noise);
    add_scaled(&mut start, 0.1, &noise);
    let (_, vector) = top_eigenpair(start, tolerance, |x, out| m.normal_times(x, out))?;
    Ok(SmallVec::from_vec(vector))
}

//! What is left of a matrix without its first singular pair, with high relative accuracy however little is left.

use super::matrix::Matrix;
use super::top::{Top, top_of_gram, top_value};
use super::vector::{ORDINARY, add_scaled, difference_of_products, dot, largest_index};
use crate::error::Result;
use ndarray::ArrayView2;

/// A non-zero matrix's energies in the scaled unit: all that its distance to rank one is made of.
#[derive(Clone, Copy)]
pub(crate) struct Energies {
    /// ‖W‖_F² = Σ σᵢ².
    pub square: f64,
    /// σ₁.
    pub top: f64,
    /// Σ_{i≥2} σᵢ².
    pub tail: f64,
}

impl Energies {
    /// In closed form, unscaled, for an ordinary vector or 2×2 matrix: what probes meet most.
    pub(crate) fn closed_form(w: &ArrayView2<'_, f64>) -> Option<Self> {
        let energies = match w.dim() {
            (2, 2) => Self::two_by_two([w[[0, 0]], w[[0, 1]], w[[1, 0]], w[[1, 1]]]),
            (1, _) | (_, 1) => {
                let square: f64 = w.iter().map(|v| v * v).sum();
                Self { square, top: square.sqrt(), tail: 0.0 }
            }
            _ => return None,
        };
        ORDINARY.contains(&energies.square).then_some(energies)
    }

    pub(crate) fn of(m: &Matrix) -> Result<Self> {
        let square = m.square();
        if let (2, [a, b, c, d]) = (m.rows, &m.entries[..]) {
            return Ok(Self::two_by_two([*a, *b, *c, *d]));
        }
        let top = top_value(m)?;
        if m.rows.min(m.cols) == 1 {
            return Ok(Self { square, top, tail: 0.0 });
        }
        let tail = square - top * top;
        if tail > 0.01 * square {
            return Ok(Self { square, top, tail });
        }
        Ok(Self::beyond(m, &Top::of(m)?))
    }

    /// From the first singular pair.
    pub(crate) fn beyond(m: &Matrix, top: &Top) -> Self {
        let square = m.square();
        let tail = match square - top.value * top.value {
            _ if m.rows.min(m.cols) == 1 => 0.0,
            tail if tail > 0.01 * square => tail,
            _ => {
                let rest = remainder(m, top);
                dot(&rest, &rest)
            }
        };
        Self { square, top: top.value, tail }
    }

    /// `[[a, b], [c, d]]`: σ₂ = |det|/σ₁.
    #[inline]
    pub(crate) fn two_by_two([a, b, c, d]: [f64; 4]) -> Self {
        let (p, q) = (a * a + b * b, c * c + d * d);
        let top = top_of_gram([p, a * c + b * d, q]);
        let second = difference_of_products(a, d, b, c).abs() / top;
        Self { square: p + q, top, tail: second * second }
    }
}

/// W − σ₁u₁v₁ᵀ, row-major.
///
/// Subtracting would leave noise of size ε‖W‖. Eliminating with the pivot a = W_pq leaves the 2×2 minors
/// E_ij = (a W_ij − W_iq W_pj)/a, each accurate to the last bits, and
/// W − σ₁u₁v₁ᵀ = P E Q + κ (P E v₁)(Q Eᵀ u₁)ᵀ, P = I − u₁u₁ᵀ, Q = I − v₁v₁ᵀ, κ = a/(σ₁² u₁ₚ v₁_q):
/// no large number is left to cancel.
pub(crate) fn remainder(m: &Matrix, Top { value, left: u, right: v }: &Top) -> Vec<f64> {
    let (p, q) = (largest_index(u), largest_index(v));
    let (pivot, expected) = (m.row(p)[q], value * u[p] * v[q]);
    // Far from rank one the pivot may vanish; there is then enough left for the plain projection P W Q.
    let eliminate = pivot.abs() >= 0.5 * expected.abs();
    let mut e = m.entries.to_vec();
    if eliminate {
        for (i, row) in e.chunks_exact_mut(m.cols).enumerate() {
            let first = m.row(i)[q];
            for (x, &across) in row.iter_mut().zip(m.row(p)) {
                *x = difference_of_products(pivot, *x, first, across) / pivot;
            }
        }
    }
    let kappa = if eliminate { pivot / (value * expected) } else { 0.0 };

    let mut left: Vec<f64> = e.chunks_exact(m.cols).map(|row| dot(row, v)).collect();
    let mut right = vec![0.0; m.cols];
    for (row, &ui) in e.chunks_exact(m.cols).zip(u) {
        add_scaled(&mut right, ui, row);
    }
    let both = dot(u, &left);
    add_scaled(&mut left, -both, u);
    for (i, row) in e.chunks_exact_mut(m.cols).enumerate() {
        for (j, x) in row.iter_mut().enumerate() {
            *x += kappa * left[i] * (right[j] - both * v[j]) - u[i] * right[j] - left[i] * v[j];
        }
    }
    e
}

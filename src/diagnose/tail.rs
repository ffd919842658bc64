//! What is left of a matrix without its first singular pair, with high relative accuracy however little is left.

use super::matrix::{Matrix, add_scaled, difference_of_products, dot, largest_index};
use super::top::{Top, top_value};
use crate::error::Result;

/// Σ_{i≥2} σᵢ² of a non-zero matrix and its σ₁, in the scaled unit.
pub(super) fn tail_energy(m: &Matrix) -> Result<(f64, f64)> {
    if m.rows.min(m.cols) == 1 {
        return Ok((0.0, m.frobenius()));
    }
    if let [a, b, c, d] = m.entries[..] {
        let top = top_value(m)?;
        let second = difference_of_products(a, d, b, c).abs() / top;
        return Ok((second * second, top));
    }
    let top = Top::of(m)?;
    let rest = remainder(m, &top);
    Ok((dot(&rest, &rest), top.value))
}

/// W − σ₁u₁v₁ᵀ, row-major.
///
/// Subtracting would leave noise of size ε‖W‖. Eliminating with the pivot a = W_pq leaves the 2×2 minors
/// E_ij = (a W_ij − W_iq W_pj)/a, each accurate to the last bits, and
/// W − σ₁u₁v₁ᵀ = P E Q + κ (P E v₁)(Q Eᵀ u₁)ᵀ, P = I − u₁u₁ᵀ, Q = I − v₁v₁ᵀ, κ = a/(σ₁² u₁ₚ v₁_q):
/// no large number is left to cancel.
pub(super) fn remainder(m: &Matrix, Top { value, left: u, right: v }: &Top) -> Vec<f64> {
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

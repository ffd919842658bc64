//! Proof that zero lies in the hull, so that no direction has a positive margin.

use super::hull::{Hull, Vertex};
use crate::algebra::double_double::{DoubleDouble, is_exactly_zero};
use crate::algebra::qr::Qr;

/// Convex weights of the points that combine them to zero exactly, or within rounding of such weights that exist;
/// none where that is not proved by the weights found in floating point.
pub(super) fn of_zero(hull: &Hull, vertices: &[Vertex], weights: &[DoubleDouble], factor: &Qr) -> Option<Vec<f64>> {
    let found: Vec<f64> = weights.iter().map(|w| w.to_f64()).collect();
    let proof = vanishing(hull, vertices, &found)
        .or_else(|| surrounds_zero(hull, vertices, weights, factor).then_some(found))?;
    let total: f64 = proof.iter().sum();
    let mut points = vec![0.0; hull.n];
    for (vertex, weight) in vertices.iter().zip(proof) {
        points[vertex.i] += 0.5 * weight / total;
        points[vertex.j] += 0.5 * weight / total;
    }
    Some(points)
}

/// The largest integer tried for the least weight: such as stand in determinants of small integers; some tenths of a millisecond.
const MULTIPLES: u32 = 100_000;

/// Small integers in the ratio of the weights that combine the vertices to zero without any rounding.
fn vanishing(hull: &Hull, vertices: &[Vertex], weights: &[f64]) -> Option<Vec<f64>> {
    let largest = weights.iter().copied().fold(0.0, f64::max);
    let taking_part = weights.iter().copied().filter(|w| *w > 1e-12 * largest);
    let least = taking_part.fold(f64::INFINITY, f64::min);
    // Entries that scaling has rounded prove nothing exactly.
    if !hull.exact {
        return None;
    }
    let zero =
        |integers: &Vec<f64>| {
            (0..hull.d).all(|k| {
                is_exactly_zero(vertices.iter().zip(integers).flat_map(|(vertex, &integer)| {
                    [(integer, hull.row(vertex.i)[k]), (integer, hull.row(vertex.j)[k])]
                }))
            })
        };
    (1..=MULTIPLES).find_map(|multiple| {
        let ratios = || weights.iter().map(|w| w / least * f64::from(multiple));
        let close = ratios().all(|ratio| ratio < 2f64.powi(40) && (ratio - ratio.round()).abs() <= 1e-6);
        // What is close by chance is no zero.
        if close { Some(ratios().map(f64::round).collect()).filter(zero) } else { None }
    })
}

/// Whether the vertices are a simplex of full dimension with zero inside it, by more than all rounding: with E the
/// lifted vertices, C ≈ E⁻¹ and ρ = f − Ev, the exact weights are v + E⁻¹ρ, and ‖E⁻¹‖ ≤ ‖C‖/(1 − ‖I − CE‖).
fn surrounds_zero(hull: &Hull, vertices: &[Vertex], weights: &[DoubleDouble], factor: &Qr) -> bool {
    let k = vertices.len();
    // Coordinates in which every vertex is zero do not count, unless scaling may have made them so.
    let used = (0..hull.d)
        .filter(|&l| !hull.exact || vertices.iter().any(|v| hull.row(v.i)[l] != 0.0 || hull.row(v.j)[l] != 0.0))
        .count();
    if k != used + 1 {
        return false;
    }
    let inverse = factor.pseudo_inverse_columns();
    let columns: Vec<Vec<f64>> = vertices.iter().map(|v| hull.lifted(*v)).collect();
    let (mut norm, mut distance) = (0.0_f64, 0.0_f64);
    for row in 0..k {
        norm = norm.max(inverse.iter().map(|c| c[row].abs()).sum());
        let off = |t: usize| {
            let product: f64 = inverse.iter().zip(&columns[t]).map(|(c, e)| c[row] * e).sum();
            (product - if t == row { 1.0 } else { 0.0 }).abs()
        };
        distance = distance.max((0..k).map(off).sum());
    }
    // Entries of E are at most 1 and rounded once, the products once more for each of their terms.
    distance += norm * (k * (hull.d + 4)) as f64 * f64::EPSILON;
    let point = hull.combine(&hull.point_weights(vertices, weights));
    let total = weights.iter().fold(DoubleDouble::ZERO, |s, w| s + *w);
    let rho = point.iter().fold((DoubleDouble::ONE - total).to_f64().abs(), |m, p| m.max(p.to_f64().abs()));
    let rounding = (2 * k + 64) as f64 * 2f64.powi(-103);
    let least = weights.iter().map(|w| w.to_f64()).fold(f64::INFINITY, f64::min);
    distance <= 0.25 && least > 2.0 * norm * (rho + rounding)
}

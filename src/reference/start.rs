//! A first guess of the support vectors by linfa-svm.

use super::hull::{Hull, Vertex};
use linfa::traits::Fit;
use linfa_svm::Svm;
use ndarray::{Array1, Array2};

/// Soft-margin penalty for data scaled to max‖z‖ ≤ 1: hard for margins above about a tenth. A larger one costs SMO many
/// steps on narrow margins, where the active set is quicker.
const C: f64 = 100.0;
/// SMO's threshold on the violated constraints y⟨w, x⟩ ≥ 1.
const EPS: f64 = 1e-2;
/// The kernel matrix of the mirrored data has (2·256)² entries at most.
const MOST: usize = 256;

/// Vertices with positive weights, the heaviest first: the support vectors of the soft-margin SVM.
///
/// Only the candidates nearest to the mean classifier's boundary are given to SMO, whose cost is quadratic in their
/// number; d + 1 of them suffice for a solution, and the active set repairs whatever is missing.
pub(super) fn start(hull: &Hull) -> Vec<(Vertex, f64)> {
    let rows = candidates(hull);
    let mut weights: Vec<(usize, f64)> = rows.iter().copied().zip(support_weights(hull, &rows)).collect();
    weights.retain(|(_, weight)| *weight > 0.0 && weight.is_finite());
    weights.sort_by(|a, b| b.1.total_cmp(&a.1));
    let mut vertices = if hull.with_intercept {
        match_classes(hull, &weights)
    } else {
        weights.iter().map(|&(i, weight)| (Vertex { i, j: i }, weight)).collect()
    };
    vertices.truncate(hull.d + 1);
    if vertices.is_empty() {
        vertices.push((hull.lowest(&hull.products_f64(&mean(hull)), |a, b| a - b), 1.0));
    }
    let total: f64 = vertices.iter().map(|(_, weight)| weight).sum();
    vertices.iter_mut().for_each(|(_, weight)| *weight /= total);
    vertices
}

/// The mean of the scaled zᵢ.
fn mean(hull: &Hull) -> Vec<f64> {
    let mut mean = vec![0.0; hull.d];
    for i in 0..hull.n {
        mean.iter_mut().zip(hull.row(i)).for_each(|(m, v)| *m += v / hull.n as f64);
    }
    mean
}

/// The rows nearest to the mean classifier's boundary; with an intercept, of each class alike.
fn candidates(hull: &Hull) -> Vec<usize> {
    let most = (16 + 4 * hull.d).min(MOST);
    let products = hull.products_f64(&mean(hull));
    let nearest = |mut rows: Vec<usize>, most: usize| {
        rows.sort_by(|&a, &b| products[a].total_cmp(&products[b]).then(a.cmp(&b)));
        rows.truncate(most);
        rows
    };
    if hull.with_intercept {
        let (positive, negative) = (0..hull.n).partition(|&i| hull.positive[i]);
        [nearest(positive, most / 2), nearest(negative, most / 2)].concat()
    } else {
        nearest((0..hull.n).collect(), most)
    }
}

/// linfa-svm's dual weights of the rows, empty where it fails. Through the origin, every (zᵢ, +1) is joined by
/// (−zᵢ, −1), which by symmetry makes the intercept vanish.
fn support_weights(hull: &Hull, rows: &[usize]) -> Vec<f64> {
    let m = rows.len();
    let copies = if hull.with_intercept { m } else { 2 * m };
    let positive = |t: usize| if hull.with_intercept { hull.positive[rows[t]] } else { t < m };
    let x = Array2::from_shape_fn((copies, hull.d), |(t, k)| {
        let z = hull.row(rows[t % m])[k];
        if positive(t) { z } else { -z }
    });
    let data = linfa::Dataset::new(x, Array1::from_shape_fn(copies, positive));
    // A failure, which linfa-svm reports as an error or hides in an Ok, costs time only: the active set mends it.
    let Ok(svm) = Svm::<f64, bool>::params().pos_neg_weights(C, C).eps(EPS).fit(&data) else { return Vec::new() };
    (0..m).map(|t| (t..copies).step_by(m).map(|copy| svm.alpha[copy].abs()).sum()).collect()
}

/// Splits weights of equal totals in both classes into pairs (north-west corner rule), so that the pairs are few.
fn match_classes(hull: &Hull, weights: &[(usize, f64)]) -> Vec<(Vertex, f64)> {
    let (mut plus, mut minus): (Vec<_>, Vec<_>) = weights.iter().partition(|(i, _)| hull.positive[*i]);
    let mut pairs = Vec::new();
    // The lightest last, so that the heaviest are matched first from the front.
    plus.reverse();
    minus.reverse();
    while let (Some((i, a)), Some((j, b))) = (plus.last_mut(), minus.last_mut()) {
        let moved = a.min(*b);
        pairs.push((Vertex { i: *i, j: *j }, moved));
        (*a, *b) = (*a - moved, *b - moved);
        let (plus_done, minus_done) = (*a <= 0.0, *b <= 0.0);
        if plus_done {
            plus.pop();
        }
        if minus_done {
            minus.pop();
        }
    }
    pairs
}

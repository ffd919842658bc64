//! Where the pulls of exponential losses cancel.

use crate::algebra::qr::Qr;
use crate::algebra::vector::dot_in_turn as dot;

/// Newton steps before the minimiser counts as being at infinity; each changes some exponent by about ln 2 or more.
const MOST_STEPS: usize = 5000;

/// The minimiser v of Σᵢ cᵢ e^{−⟨v, pᵢ⟩} over ℝ^`dim`, for points that span it and weights given as ln cᵢ: the pulls cᵢe^{−⟨v, pᵢ⟩}pᵢ
/// add up to zero there. None where it is at infinity, because zero is not in the interior of the points' hull.
///
/// Newton's method with the safe step of Sun & Tran-Dinh (Math. Program. 178, 2019).
pub(super) fn balance_point(points: &[Vec<f64>], log_weights: &[f64], dim: usize) -> Option<Vec<f64>> {
    let mut v = vec![0.0; dim];
    for _ in 0..MOST_STEPS {
        let step = newton_step(points, log_weights, &v)?;
        let largest = points.iter().map(|p| dot(p, &step).abs()).fold(0.0_f64, f64::max);
        let length = if largest > 0.0 { largest.ln_1p() / largest } else { 1.0 };
        v.iter_mut().zip(&step).for_each(|(v, s)| *v += length * s);
        // The error after a step is about the square of the step.
        if largest < 1e-8 {
            return Some(v);
        }
    }
    None
}

/// Newton's step s: Σ aᵢpᵢpᵢᵀ s = Σ aᵢpᵢ, which is the least-squares solution of √aᵢ⟨pᵢ, s⟩ ≈ √aᵢ; none where the weights
/// a ∝ c e^{−⟨v, pᵢ⟩} have left too few points.
fn newton_step(points: &[Vec<f64>], log_weights: &[f64], v: &[f64]) -> Option<Vec<f64>> {
    let heights = || points.iter().zip(log_weights).map(|(p, c)| dot(p, v) - c);
    let least = heights().fold(f64::INFINITY, f64::min);
    let root: Vec<f64> = heights().map(|q| (0.5 * (least - q)).exp()).collect();
    let mut factor = Qr::default();
    for j in 0..v.len() {
        let column = root.iter().zip(points).map(|(a, p)| a * p[j]).collect();
        if !factor.push(column) {
            return None;
        }
    }
    Some(factor.solve(&root, &vec![0.0; v.len()]).1)
}

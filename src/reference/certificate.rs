//! Proof of how good a solution is, whatever found it: bounds on the margin from both sides.

use super::hull::{Hull, Vertex};
use crate::algebra::double_double::DoubleDouble;

/// Bounds in scaled units, all evaluated in double-double.
pub(super) struct Certificate {
    /// w = Σ cᵢzᵢ, the nearest point found times `total`.
    pub w: Vec<DoubleDouble>,
    /// Convex weights cᵢ/Σc of the points, length n.
    pub weights: Vec<f64>,
    /// ⟨w, zᵢ⟩/‖w‖ for all i.
    pub margins: Vec<DoubleDouble>,
    /// The lowest vertex along w: the margin attained by w/‖w‖.
    pub primal: DoubleDouble,
    /// ‖Σ cᵢzᵢ‖/Σc: no direction has a larger margin.
    pub dual: DoubleDouble,
    /// What rounding can have taken from or added to either.
    pub slack: f64,
    /// (m₋ − m₊)/2, which makes the least margins m± of the two classes equal; zero through the origin.
    pub intercept: DoubleDouble,
}

impl Certificate {
    /// Of the point Σ vₜ·vertexₜ / Σ v.
    ///
    /// A sum of k double-double products errs by less than (k + 8)·2⁻¹⁰⁴ of the sum of their sizes, and ‖zᵢ‖ ≤ 1; what
    /// underflows stays below 2⁻⁹⁰⁰.
    pub(super) fn new(hull: &Hull, vertices: &[Vertex], weights: &[DoubleDouble]) -> Self {
        let points = hull.point_weights(vertices, weights);
        let total = points.iter().fold(DoubleDouble::ZERO, |s, c| s + *c);
        let w = hull.combine(&points);
        let norm = w.iter().fold(DoubleDouble::ZERO, |s, w| s + *w * *w).sqrt();
        let margin = |i| if norm.to_f64() > 0.0 { hull.product(&w, i) / norm } else { DoubleDouble::ZERO };
        let margins: Vec<DoubleDouble> = (0..hull.n).map(margin).collect();
        let lowest = hull.lowest(&margins, |a, b| (a - b).to_f64());
        let primal = (margins[lowest.i] + margins[lowest.j]) * 0.5;
        let intercept = (margins[lowest.j] - margins[lowest.i]) * 0.5;
        let slack = (2 * vertices.len() + hull.d + 64) as f64 * 2f64.powi(-103) + 2f64.powi(-900);
        let weights = points.iter().map(|c| (*c / total).to_f64()).collect();
        Self { weights, margins, primal, dual: norm / total, slack, intercept, w }
    }

    /// Upper minus lower bound of the margin, rounding included.
    pub(super) fn gap(&self) -> f64 {
        (self.dual - self.primal).to_f64().max(0.0) * (1.0 + f64::EPSILON) + 2.0 * self.slack
    }

    /// A certain lower bound of the margin, as an f64 rounded down.
    pub(super) fn lower(&self) -> f64 {
        (self.primal - self.slack.into()).to_f64().next_down()
    }

    /// A certain upper bound of the margin, as an f64 rounded up.
    pub(super) fn upper(&self) -> f64 {
        (self.dual + self.slack.into()).to_f64().next_up()
    }

    /// Bound on the angle between w rounded to f64 and the true direction, in radians; for a positive lower bound.
    ///
    /// The nearest point w* of the hull has ⟨u, w*⟩ ≥ γ_lo for every unit u whose margin is γ_lo, and ‖w*‖ = γ ≤ γ_hi;
    /// so cos ∠(u, w*) ≥ γ_lo/γ_hi, that is sin²(∠/2) ≤ (γ_hi − γ_lo)/2γ_hi. Rounding the entries of u adds 2⁻⁵² at most.
    pub(super) fn angle_bound(&self) -> f64 {
        2.0 * (0.5 * self.gap() / self.lower()).sqrt().min(1.0).asin() + 1.5 * f64::EPSILON
    }

    /// The largest relative violation of the KKT conditions zᵢ·u ≥ γ and cᵢ(zᵢ·u − γ) = 0, with γ the dual value; u is
    /// parallel to Σ cᵢzᵢ and the weights are non-negative by construction.
    pub(super) fn kkt_residual(&self, hull: &Hull) -> f64 {
        // With an intercept both classes are measured from the boundary.
        let shifted = |i: usize| self.margins[i] + if hull.positive[i] { self.intercept } else { -self.intercept };
        let residual = |i: usize| {
            let excess = ((shifted(i) - self.dual) / self.dual).to_f64();
            (-excess).max(self.weights[i] * excess.abs())
        };
        (0..hull.n).map(residual).fold(0.0, f64::max)
    }
}

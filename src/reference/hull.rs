//! The convex hull whose distance from zero is the margin.

use crate::algebra::double_double::DoubleDouble;
use crate::algebra::vector::dot_unrolled as dot;
use crate::dataset::Dataset;
use crate::error::{Error, Result};

/// A vertex of the hull, ½(zᵢ + zⱼ): i = j through the origin; with an intercept i is of class +1 and j of class −1, so
/// that the vertex is half the difference of two inputs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Vertex {
    pub i: usize,
    pub j: usize,
}

/// The mirrored points zᵢ = yᵢxᵢ, divided by a power of two so that max‖z‖ lies in (¼, 1].
pub(super) struct Hull {
    /// Scaled mirrored points, row-major.
    z: Vec<f64>,
    /// Whether the label is +1.
    pub positive: Vec<bool>,
    pub n: usize,
    pub d: usize,
    /// The data is the scaled data times 2^exponent.
    exponent: i32,
    /// Whether scaling lost no bit.
    pub exact: bool,
    pub with_intercept: bool,
}

impl Hull {
    pub(super) fn new(data: &Dataset, with_intercept: bool) -> Result<Self> {
        let positive: Vec<bool> = data.y().iter().map(|&y| y > 0.0).collect();
        if with_intercept && positive.iter().all(|&p| p == positive[0]) {
            let found = format!("only {}", if positive[0] { "+1" } else { "−1" });
            return Err(Error::argument("MaxMargin::fit_with_intercept(data.y)", "both classes −1 and +1", found));
        }
        let (n, d) = (data.n(), data.d());
        let raw = data.mirrored();
        let largest = raw.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
        // In two steps, so that the squares inside the norms stay in range.
        let first = if largest > 0.0 { libm::frexp(largest).1 } else { 0 };
        let norms = raw.rows().into_iter().map(|r| r.iter().map(|v| libm::ldexp(*v, -first).powi(2)).sum::<f64>());
        let norm = norms.fold(0.0, f64::max).sqrt();
        let exponent = if norm > 0.0 { first + libm::frexp(norm).1 } else { 0 };
        let z: Vec<f64> = raw.iter().map(|v| libm::ldexp(*v, -exponent)).collect();
        let exact = raw.iter().zip(&z).all(|(v, s)| libm::ldexp(*s, exponent) == *v);
        Ok(Self { z, positive, n, d, exponent, exact, with_intercept })
    }

    /// The scaled zᵢ.
    pub(super) fn row(&self, i: usize) -> &[f64] {
        &self.z[i * self.d..(i + 1) * self.d]
    }

    /// A scaled length in the data's units.
    pub(super) fn unscale(&self, length: f64) -> f64 {
        libm::ldexp(length, self.exponent)
    }

    /// max ‖x‖ in the data's units.
    pub(super) fn largest_norm(&self) -> f64 {
        let norm = |i| self.row(i).iter().map(|v| v * v).sum::<f64>().sqrt();
        self.unscale((0..self.n).map(norm).fold(0.0, f64::max))
    }

    /// "through the origin" or "with an intercept", as the errors say it.
    pub(super) fn kind(&self) -> &'static str {
        if self.with_intercept { "with an intercept" } else { "through the origin" }
    }

    /// The vertex with a 1 below it, length d + 1, rounded to f64.
    pub(super) fn lifted(&self, vertex: Vertex) -> Vec<f64> {
        let pairs = self.row(vertex.i).iter().zip(self.row(vertex.j));
        pairs.map(|(a, b)| 0.5 * a + 0.5 * b).chain([1.0]).collect()
    }

    /// Weights of the points from weights of vertices, length n: half to each end.
    pub(super) fn point_weights(&self, vertices: &[Vertex], weights: &[DoubleDouble]) -> Vec<DoubleDouble> {
        let mut points = vec![DoubleDouble::ZERO; self.n];
        for (vertex, weight) in vertices.iter().zip(weights) {
            points[vertex.i] = points[vertex.i] + *weight * 0.5;
            points[vertex.j] = points[vertex.j] + *weight * 0.5;
        }
        points
    }

    /// Σ cᵢ zᵢ, length d.
    pub(super) fn combine(&self, points: &[DoubleDouble]) -> Vec<DoubleDouble> {
        let mut sum = vec![DoubleDouble::ZERO; self.d];
        for (i, c) in points.iter().enumerate().filter(|(_, c)| **c != DoubleDouble::ZERO) {
            for (s, v) in sum.iter_mut().zip(self.row(i)) {
                *s = *s + *c * *v;
            }
        }
        sum
    }

    /// ⟨w, zᵢ⟩.
    pub(super) fn product(&self, w: &[DoubleDouble], i: usize) -> DoubleDouble {
        w.iter().zip(self.row(i)).fold(DoubleDouble::ZERO, |sum, (w, v)| sum + *w * *v)
    }

    /// ⟨w, zᵢ⟩ for all i in f64.
    pub(super) fn products_f64(&self, w: &[f64]) -> Vec<f64> {
        (0..self.n).map(|i| dot(w, self.row(i))).collect()
    }

    /// The vertex lowest along a direction whose products with the points are given.
    pub(super) fn lowest<T: Copy>(&self, products: &[T], value: impl Fn(T, T) -> f64) -> Vertex {
        let least = |of_class: &dyn Fn(usize) -> bool| {
            let mut rows = (0..self.n).filter(|&i| of_class(i));
            let first = rows.next().expect("a dataset has a row, and both classes where an intercept is fitted");
            rows.fold(first, |best, i| if value(products[i], products[best]) < 0.0 { i } else { best })
        };
        if self.with_intercept {
            Vertex { i: least(&|i| self.positive[i]), j: least(&|i| !self.positive[i]) }
        } else {
            let i = least(&|_| true);
            Vertex { i, j: i }
        }
    }
}

//! Least-distance programming by non-negative least squares: the point of the hull nearest to zero.
//!
//! With E = `[vertices; 1 … 1]` and f = (0, …, 0, 1), the v ≥ 0 that minimises ‖Ev − f‖ holds, divided by its sum, the
//! weights of the nearest point. Source: Lawson & Hanson, "Solving Least Squares Problems" (1974), chapter 23.

use super::hull::{Hull, Vertex};
use crate::algebra::double_double::DoubleDouble;
use crate::algebra::qr::Qr;

/// Below this the squared distance of a hull in the unit ball is rounding noise, in f64 and in double-double.
const NOISE: [f64; 2] = [1e-13, 1e-33];
/// A vertex counts as nearer only beyond this part of the squared distance.
const SLACK: [f64; 2] = [1e-10, 1e-27];
/// Steps of iterative refinement: none for finding the vertices, then until it stalls.
const REFINEMENTS: [usize; 2] = [1, 20];

pub(super) struct ActiveSet<'a> {
    hull: &'a Hull,
    vertices: Vec<Vertex>,
    weights: Vec<DoubleDouble>,
    factor: Qr,
    /// f − Ev, length d + 1; minus its first d entries point along the margin's direction.
    residual: Vec<DoubleDouble>,
}

impl<'a> ActiveSet<'a> {
    /// Starts at the given vertices with positive weights; those that depend on earlier ones are left out.
    pub(super) fn start(hull: &'a Hull, start: &[(Vertex, f64)]) -> Self {
        let mut set =
            Self { hull, vertices: Vec::new(), weights: Vec::new(), factor: Qr::default(), residual: Vec::new() };
        for &(vertex, weight) in start {
            if set.factor.push(hull.lifted(vertex)) {
                set.vertices.push(vertex);
                set.weights.push(weight.into());
            }
        }
        set
    }

    /// Runs to the nearest point: once in f64, then on with refined solutions.
    pub(super) fn run(&mut self) {
        let most = 50 * (self.hull.n + self.hull.d);
        for phase in [0, 1] {
            self.settle(REFINEMENTS[phase]);
            for _ in 0..most {
                let distance = self.squared_distance();
                if distance.to_f64() <= NOISE[phase] {
                    break;
                }
                let (vertex, violation) = self.most_violated(phase);
                if violation <= SLACK[phase] * distance.to_f64() || self.vertices.contains(&vertex) {
                    break;
                }
                if !self.factor.push(self.hull.lifted(vertex)) {
                    break;
                }
                self.vertices.push(vertex);
                self.weights.push(DoubleDouble::ZERO);
                self.settle(REFINEMENTS[phase]);
                // Every step comes nearer in exact arithmetic; one that does not has met rounding.
                if (self.squared_distance() - distance).to_f64() >= 0.0 {
                    break;
                }
            }
        }
    }

    /// ‖f − Ev‖² = γ²/(1 + γ²), which is the residual's last entry because the residual is orthogonal to E.
    fn squared_distance(&self) -> DoubleDouble {
        self.residual[self.hull.d]
    }

    /// The vertex with the largest ⟨E_j, f − Ev⟩, and that product.
    fn most_violated(&self, phase: usize) -> (Vertex, f64) {
        let (d, hull) = (self.hull.d, self.hull);
        let last = self.residual[d];
        if phase == 0 {
            let w: Vec<f64> = self.residual[..d].iter().map(|r| -r.to_f64()).collect();
            let products = hull.products_f64(&w);
            let vertex = hull.lowest(&products, |a, b| a - b);
            (vertex, last.to_f64() - 0.5 * (products[vertex.i] + products[vertex.j]))
        } else {
            let w: Vec<DoubleDouble> = self.residual[..d].iter().map(|r| -*r).collect();
            let products: Vec<DoubleDouble> = (0..hull.n).map(|i| hull.product(&w, i)).collect();
            let vertex = hull.lowest(&products, |a, b| (a - b).to_f64());
            (vertex, (last - (products[vertex.i] + products[vertex.j]) * 0.5).to_f64())
        }
    }

    /// Goes to the least-squares solution on the active vertices, dropping those whose weight would turn negative.
    fn settle(&mut self, refinements: usize) {
        loop {
            let (target, residual) = self.least_squares(refinements);
            let mut step = 1.0_f64;
            for (from, to) in self.weights.iter().zip(&target) {
                if to.to_f64() <= 0.0 {
                    step = step.min(from.to_f64() / (from.to_f64() - to.to_f64()));
                }
            }
            if target.iter().all(|t| t.to_f64() > 0.0) {
                self.weights = target;
                self.residual = residual;
                return;
            }
            let moved: Vec<f64> = self
                .weights
                .iter()
                .zip(&target)
                .map(|(from, to)| (1.0 - step) * from.to_f64() + step * to.to_f64())
                .collect();
            // The one that blocks the step goes, and with it whatever arrives at zero or below together with it.
            let least = (0..moved.len())
                .filter(|&t| target[t].to_f64() <= 0.0)
                .min_by(|&a, &b| moved[a].total_cmp(&moved[b]))
                .expect("some target is not positive");
            for t in (0..moved.len()).rev() {
                if t == least || moved[t] <= 0.0 {
                    self.vertices.remove(t);
                    self.weights.remove(t);
                    self.factor.remove(t);
                } else {
                    self.weights[t] = moved[t].into();
                }
            }
        }
    }

    /// (v, f − Ev) for the v that minimises ‖Ev − f‖ without the signs, refined with residuals in double-double.
    fn least_squares(&self, refinements: usize) -> (Vec<DoubleDouble>, Vec<DoubleDouble>) {
        let mut v = vec![DoubleDouble::ZERO; self.vertices.len()];
        let mut r = vec![DoubleDouble::ZERO; self.hull.d + 1];
        let mut last = f64::INFINITY;
        for _ in 0..refinements {
            let (f, g) = self.defects(&v, &r);
            let (dr, dv) = self.factor.solve(&f, &g);
            let size = dr.iter().chain(&dv).fold(0.0_f64, |m, x| m.max(x.abs()));
            if size > 0.5 * last {
                break;
            }
            last = size;
            v.iter_mut().zip(dv).for_each(|(v, x)| *v = *v + x.into());
            r.iter_mut().zip(dr).for_each(|(r, x)| *r = *r + x.into());
        }
        (v, r)
    }

    /// f − r − Ev and −Eᵀr.
    fn defects(&self, v: &[DoubleDouble], r: &[DoubleDouble]) -> (Vec<f64>, Vec<f64>) {
        let (d, hull) = (self.hull.d, self.hull);
        let point = hull.combine(&hull.point_weights(&self.vertices, v));
        let total = v.iter().fold(DoubleDouble::ZERO, |s, v| s + *v);
        let mut f: Vec<f64> = r[..d].iter().zip(&point).map(|(r, p)| (-(*r + *p)).to_f64()).collect();
        f.push((DoubleDouble::ONE - r[d] - total).to_f64());
        let along = |vertex: &Vertex| {
            let sum = hull.product(&r[..d], vertex.i) + hull.product(&r[..d], vertex.j);
            (-(sum * 0.5 + r[d])).to_f64()
        };
        (f, self.vertices.iter().map(along).collect())
    }

    /// Active vertices, their positive weights and the factorisation of their lifted columns.
    pub(super) fn into_parts(self) -> (Vec<Vertex>, Vec<DoubleDouble>, Qr) {
        (self.vertices, self.weights, self.factor)
    }
}

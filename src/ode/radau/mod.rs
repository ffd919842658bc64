//! The implicit method: Radau IIA with three stages, of order 5, L-stable and stiffly accurate, with dense output of order 3.

mod newton;
mod tableau;

use super::{Attempt, System, Tolerance, Track, first_step};
use crate::algebra::lu::Lu;
use newton::{ITERATIONS, Newton};
use num_complex::Complex;
use std::ops::{Deref, DerefMut};
use tableau::{COMPLEX, DENSE, ERROR, REAL};

/// The state of an implicit integration.
///
/// Source: Hairer & Wanner, Solving Ordinary Differential Equations II, 2nd edition, §IV.8, and their program RADAU5.
#[derive(Clone, Debug)]
pub struct Radau {
    track: Track,
    slope: Vec<f64>,
    jacobian: Vec<f64>,
    /// Whether `jacobian` belongs to y.
    fresh: bool,
    /// The step size for which the factors stand.
    factored: f64,
    real: Lu<f64>,
    complex: Lu<Complex<f64>>,
    /// The stages' distances from y, and the same after T⁻¹.
    z: [Vec<f64>; 3],
    w: [Vec<f64>; 3],
    f: [Vec<f64>; 3],
    stage: Vec<f64>,
    right: Vec<f64>,
    right_complex: Vec<Complex<f64>>,
    /// Error and length of the last accepted step, for the predictive controller.
    before: Option<(f64, f64)>,
    /// y(x) = y_old + q₀s + q₁s² + q₂s³ on the last step.
    dense: [Vec<f64>; 3],
    new: Vec<f64>,
}

impl Radau {
    /// For n components of y. Steps below 1e-15 of x, or of `resolution` where that is larger, are too small.
    pub fn new(n: usize, tolerance: Tolerance, resolution: f64) -> Self {
        let zeros = || vec![0.0; n];
        let three = || [zeros(), zeros(), zeros()];
        Self {
            track: Track::new(n, tolerance, resolution),
            slope: zeros(),
            jacobian: vec![0.0; n * n],
            fresh: false,
            factored: f64::NAN,
            real: Lu::new(n),
            complex: Lu::new(n),
            z: three(),
            w: three(),
            f: three(),
            stage: zeros(),
            right: vec![0.0; 2 * n],
            right_complex: vec![Complex::default(); n],
            before: None,
            dense: three(),
            new: zeros(),
        }
    }

    /// Begins at (x, y) on the way to `end`; false when slope or Jacobian there are not finite.
    pub fn begin(&mut self, system: &mut impl System, x: f64, y: &[f64], end: f64) -> bool {
        self.track.begin(x, y);
        (self.factored, self.before) = (f64::NAN, None);
        self.track.cost.slopes += 2;
        if !system.slope(x, y, &mut self.slope) {
            return false;
        }
        self.track.h = first_step(system, self.track.tolerance, 3, (x, end), y, &self.slope, &mut self.right);
        self.differentiate(system)
    }

    fn differentiate(&mut self, system: &mut impl System) -> bool {
        self.track.cost.jacobians += 1;
        self.fresh = system.jacobian(self.track.x, &self.track.y, &mut self.jacobian);
        self.factored = f64::NAN;
        self.fresh
    }

    /// Goes on to `end` with the step size it has.
    pub fn step(&mut self, system: &mut impl System, end: f64) -> Attempt {
        let mut rejected = false;
        loop {
            let Some((h, to_end)) = self.track.next(end) else { return Attempt::TooSmall };
            let newton = if self.factorise(h) { self.newton(system, h) } else { Newton::Failed };
            let Newton::Converged { iterations, rate } = newton else {
                self.track.cost.rejected += 1;
                if self.fresh || !self.differentiate(system) {
                    self.track.h = 0.5 * h;
                    rejected = true;
                }
                continue;
            };
            for ((new, y), z) in self.new.iter_mut().zip(&self.track.y).zip(&self.z[2]) {
                *new = y + z;
            }
            let error = self.error(system, h, rejected);
            let safety = 0.9 * f64::from(2 * ITERATIONS + 1) / f64::from(2 * ITERATIONS + iterations);
            let mut change = safety * error.powf(-0.25);
            let next = if to_end { end } else { self.track.x + h };
            if error <= 1.0 && self.accept(system, next, h) {
                // Gustafsson's controller also looks at how the error changed since the last step.
                if let Some((before, length)) = self.before {
                    change = change.min(change * (h / length) * (before / error).powf(0.25));
                }
                self.before = Some((error, h));
                let grown = change.clamp(0.2, if rejected { 1.0 } else { 8.0 });
                let stale = iterations > 2 && rate > 1e-3;
                self.fresh = false;
                if stale {
                    self.differentiate(system);
                }
                // Factors are kept where a new step size would bring little.
                let kept = !stale && (1.0..1.2).contains(&grown);
                let proposed = if kept { h } else { h * grown };
                self.track.accept(proposed, to_end && !rejected);
                return Attempt::Accepted;
            }
            self.track.h = h * if error > 1.0 { change.max(0.2) } else { 0.25 };
            rejected = true;
            self.track.cost.rejected += 1;
        }
    }

    fn factorise(&mut self, h: f64) -> bool {
        if self.factored == h {
            return true;
        }
        self.track.cost.factorisations += 1;
        let n = self.track.y.len();
        for ((r, c), j) in self.real.entries.iter_mut().zip(&mut self.complex.entries).zip(&self.jacobian) {
            // Times h, so that slopes of any size leave the factors of ordinary size.
            (*r, *c) = (-h * j, Complex::new(-h * j, 0.0));
        }
        for i in 0..n {
            self.real.entries[i * n + i] += REAL;
            self.complex.entries[i * n + i] += COMPLEX;
        }
        let done = self.real.factorise() && self.complex.factorise();
        self.factored = if done { h } else { f64::NAN };
        done
    }

    /// The error against an embedded formula of order 3, filtered by the real factors so that it stays bounded for stiff parts.
    fn error(&mut self, system: &mut impl System, h: f64, rejected: bool) -> f64 {
        let n = self.track.y.len();
        let (right, part) = self.right.split_at_mut(n);
        for i in 0..n {
            part[i] = ERROR[0] * self.z[0][i] + ERROR[1] * self.z[1][i] + ERROR[2] * self.z[2][i];
            right[i] = h * self.slope[i] + part[i];
        }
        self.real.solve(right);
        let error = self.track.tolerance.norm(right, &self.track.y, &self.new);
        if error <= 1.0 || !(rejected || self.track.last.1 == 0.0) {
            return error;
        }
        for (s, (y, e)) in self.stage.iter_mut().zip(self.track.y.iter().zip(&*right)) {
            *s = y + e;
        }
        self.track.cost.slopes += 1;
        if !system.slope(self.track.x, &self.stage, &mut self.f[0]) {
            return error;
        }
        for ((r, f), p) in right.iter_mut().zip(&self.f[0]).zip(part) {
            *r = h * f + *p;
        }
        self.real.solve(right);
        self.track.tolerance.norm(right, &self.track.y, &self.new)
    }

    /// Moves to the new point, unless its slope is not finite.
    fn accept(&mut self, system: &mut impl System, next: f64, h: f64) -> bool {
        self.track.cost.slopes += 1;
        if !system.slope(next, &self.new, &mut self.f[0]) {
            return false;
        }
        std::mem::swap(&mut self.slope, &mut self.f[0]);
        for i in 0..self.track.y.len() {
            let z = [self.z[0][i], self.z[1][i], self.z[2][i]];
            for (j, q) in self.dense.iter_mut().enumerate() {
                q[i] = DENSE[0][j] * z[0] + DENSE[1][j] * z[1] + DENSE[2][j] * z[2];
            }
        }
        self.track.advance(next, h, &self.new);
        true
    }

    /// y at some x within the last step.
    pub fn interpolate(&self, x: f64, out: &mut [f64]) {
        let (from, h) = self.track.last;
        if h == 0.0 || x >= self.track.x {
            out.copy_from_slice(&self.track.y);
            return;
        }
        let s = ((x - from) / h).max(0.0);
        for (i, o) in out.iter_mut().enumerate() {
            let [a, b, c] = [0, 1, 2].map(|j| self.dense[j][i]);
            *o = self.track.y_old[i] + s * (a + s * (b + s * c));
        }
    }

    /// |dy/dx|² of the collocation polynomial at some x within the last step.
    pub fn squared_speed(&self, x: f64) -> f64 {
        let (from, h) = self.track.last;
        let s = (x - from) / h;
        let [a, b, c] = &self.dense;
        let parts = a.iter().zip(b).zip(c).map(|((a, b), c)| ((a + s * (2.0 * b + s * 3.0 * c)) / h).powi(2));
        parts.sum()
    }
}

impl Deref for Radau {
    type Target = Track;

    fn deref(&self) -> &Track {
        &self.track
    }
}

impl DerefMut for Radau {
    fn deref_mut(&mut self) -> &mut Track {
        &mut self.track
    }
}

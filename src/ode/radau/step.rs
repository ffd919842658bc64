//! One step: the collocation equations, the error of their solution, and the size of the step to try next.

use super::super::Attempt;
use super::newton::{ITERATIONS, Newton};
use super::tableau::{COMPLEX, DENSE, ERROR, REAL};
use super::{Radau, System};
use num_complex::Complex;

impl Radau {
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
}

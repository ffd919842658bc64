//! The implicit method: Radau IIA with three stages, of order 5, L-stable and stiffly accurate, with dense output of order 3.

use super::lu::Lu;
use super::{Attempt, Cost, System, Tolerance, first_step};
use num_complex::Complex;

/// The state of an implicit integration.
///
/// Source: Hairer & Wanner, Solving Ordinary Differential Equations II, 2nd edition, §IV.8, and their program RADAU5.
#[derive(Clone, Debug)]
pub struct Radau {
    tolerance: Tolerance,
    resolution: f64,
    pub x: f64,
    pub y: Vec<f64>,
    pub cost: Cost,
    h: f64,
    last: (f64, f64),
    y_old: Vec<f64>,
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

const S6: f64 = 2.449_489_742_783_178;
const NODES: [f64; 3] = [(4.0 - S6) / 10.0, (4.0 + S6) / 10.0, 1.0];
const ERROR: [f64; 3] = [(-13.0 - 7.0 * S6) / 3.0, (-13.0 + 7.0 * S6) / 3.0, -1.0 / 3.0];
/// Eigenvalues of the inverse of the Runge-Kutta matrix: 3 + 3^⅔ − 3^⅓, and 3 + ½(3^⅓ − 3^⅔) − ½i(3^⅚ + 3^(7/6)).
const REAL: f64 = 3.637_834_252_744_496;
const COMPLEX: Complex<f64> = Complex { re: 2.681_082_873_627_752, im: -3.050_430_199_247_41 };
const T: [[f64; 3]; 3] = [
    [0.094_438_762_488_975_24, -0.141_255_295_020_954_21, 0.030_029_194_105_147_42],
    [0.250_213_122_965_333_32, 0.204_129_352_293_799_94, -0.382_942_112_757_261_92],
    [1.0, 1.0, 0.0],
];
const T_INVERSE: [[f64; 3]; 3] = [
    [4.178_718_591_551_904_28, 0.327_682_820_761_062_37, 0.523_376_445_499_449_51],
    [-4.178_718_591_551_904_28, -0.327_682_820_761_062_37, 0.476_623_554_500_550_44],
    [0.502_872_634_945_786_82, -2.571_926_949_855_605_22, 0.596_039_204_828_224_92],
];
/// From the stages' distances to the coefficients of the collocation polynomial.
const DENSE: [[f64; 3]; 3] = [
    [13.0 / 3.0 + 7.0 * S6 / 3.0, -23.0 / 3.0 - 22.0 * S6 / 3.0, 10.0 / 3.0 + 5.0 * S6],
    [13.0 / 3.0 - 7.0 * S6 / 3.0, -23.0 / 3.0 + 22.0 * S6 / 3.0, 10.0 / 3.0 - 5.0 * S6],
    [1.0 / 3.0, -8.0 / 3.0, 10.0 / 3.0],
];
/// Newton iterations before a step counts as too long.
const ITERATIONS: u32 = 7;

/// How Newton's iteration ended.
enum Newton {
    Converged { iterations: u32, rate: f64 },
    Failed,
}

impl Radau {
    /// For n components of y. Steps below 1e-15 of x, or of `resolution` where that is larger, are too small.
    pub fn new(n: usize, tolerance: Tolerance, resolution: f64) -> Self {
        let zeros = || vec![0.0; n];
        let three = || [zeros(), zeros(), zeros()];
        Self {
            tolerance,
            resolution,
            x: 0.0,
            y: zeros(),
            cost: Cost::default(),
            h: 0.0,
            last: (0.0, 0.0),
            y_old: zeros(),
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
        (self.x, self.last, self.factored, self.before) = (x, (x, 0.0), f64::NAN, None);
        self.y.copy_from_slice(y);
        self.cost.slopes += 2;
        if !system.slope(x, y, &mut self.slope) {
            return false;
        }
        self.h = first_step(system, self.tolerance, 3, (x, end), y, &self.slope, &mut self.right);
        self.differentiate(system)
    }

    fn differentiate(&mut self, system: &mut impl System) -> bool {
        self.cost.jacobians += 1;
        self.fresh = system.jacobian(self.x, &self.y, &mut self.jacobian);
        self.factored = f64::NAN;
        self.fresh
    }

    /// Goes on to `end` with the step size it has.
    pub fn step(&mut self, system: &mut impl System, end: f64) -> Attempt {
        let mut rejected = false;
        loop {
            let to_end = self.x + 1.01 * self.h >= end;
            let h = if to_end { end - self.x } else { self.h };
            if h < 1e-15 * self.x.abs().max(self.resolution) {
                return Attempt::TooSmall;
            }
            let newton = if self.factorise(h) { self.newton(system, h) } else { Newton::Failed };
            let Newton::Converged { iterations, rate } = newton else {
                self.cost.rejected += 1;
                if self.fresh || !self.differentiate(system) {
                    self.h = 0.5 * h;
                    rejected = true;
                }
                continue;
            };
            for ((new, y), z) in self.new.iter_mut().zip(&self.y).zip(&self.z[2]) {
                *new = y + z;
            }
            let error = self.error(system, h, rejected);
            let safety = 0.9 * f64::from(2 * ITERATIONS + 1) / f64::from(2 * ITERATIONS + iterations);
            let mut change = safety * error.powf(-0.25);
            let next = if to_end { end } else { self.x + h };
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
                self.h = if to_end && !rejected { proposed.max(self.h) } else { proposed };
                self.cost.accepted += 1;
                return Attempt::Accepted;
            }
            self.h = h * if error > 1.0 { change.max(0.2) } else { 0.25 };
            rejected = true;
            self.cost.rejected += 1;
        }
    }

    fn factorise(&mut self, h: f64) -> bool {
        if self.factored == h {
            return true;
        }
        self.cost.factorisations += 1;
        let n = self.y.len();
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

    /// Solves the collocation equations by simplified Newton iterations, from the last step's polynomial.
    fn newton(&mut self, system: &mut impl System, h: f64) -> Newton {
        let n = self.y.len();
        let enough = (10.0 * f64::EPSILON / self.tolerance.relative).max(self.tolerance.relative.sqrt().min(0.03));
        let (from, length) = self.last;
        for (node, z) in NODES.iter().zip(&mut self.z) {
            if length == 0.0 {
                z.fill(0.0);
                continue;
            }
            let s = (self.x + node * h - from) / length;
            for (i, z) in z.iter_mut().enumerate() {
                let [a, b, c] = [0, 1, 2].map(|j| self.dense[j][i]);
                *z = (self.y_old[i] - self.y[i]) + s * (a + s * (b + s * c));
            }
        }
        transform(&T_INVERSE, &self.z, &mut self.w);
        let mut last_size = f64::NAN;
        let mut rate = 0.0_f64;
        for iteration in 1..=ITERATIONS {
            for ((node, z), f) in NODES.iter().zip(&self.z).zip(&mut self.f) {
                for ((s, y), z) in self.stage.iter_mut().zip(&self.y).zip(z) {
                    *s = y + z;
                }
                self.cost.slopes += 1;
                if !system.slope(self.x + node * h, &self.stage, f) {
                    return Newton::Failed;
                }
            }
            let right = &mut self.right[..n];
            for i in 0..n {
                let f = [h * self.f[0][i], h * self.f[1][i], h * self.f[2][i]];
                let [a, b, c] = T_INVERSE.map(|row| row[0] * f[0] + row[1] * f[1] + row[2] * f[2]);
                right[i] = a - REAL * self.w[0][i];
                self.right_complex[i] = Complex::new(b, c) - COMPLEX * Complex::new(self.w[1][i], self.w[2][i]);
            }
            self.real.solve(right);
            self.complex.solve(&mut self.right_complex);
            let mut squares = 0.0;
            for i in 0..n {
                let c = self.right_complex[i];
                let unit = self.tolerance.scale(self.y[i], 0.0);
                squares += (right[i] / unit).powi(2) + (c.re / unit).powi(2) + (c.im / unit).powi(2);
                self.w[0][i] += right[i];
                self.w[1][i] += c.re;
                self.w[2][i] += c.im;
            }
            let size = (squares / (3 * n) as f64).sqrt();
            transform(&T, &self.w, &mut self.z);
            if size.is_nan() {
                return Newton::Failed;
            }
            if size == 0.0 {
                return Newton::Converged { iterations: iteration, rate };
            }
            if iteration > 1 {
                rate = size / last_size;
                let ahead = rate.powi((ITERATIONS - iteration) as i32) / (1.0 - rate) * size;
                if rate >= 1.0 || ahead > enough {
                    return Newton::Failed;
                }
                if rate / (1.0 - rate) * size < enough {
                    return Newton::Converged { iterations: iteration, rate };
                }
            }
            last_size = size;
        }
        Newton::Failed
    }

    /// The error against an embedded formula of order 3, filtered by the real factors so that it stays bounded for stiff parts.
    fn error(&mut self, system: &mut impl System, h: f64, rejected: bool) -> f64 {
        let n = self.y.len();
        let (right, part) = self.right.split_at_mut(n);
        for i in 0..n {
            part[i] = ERROR[0] * self.z[0][i] + ERROR[1] * self.z[1][i] + ERROR[2] * self.z[2][i];
            right[i] = h * self.slope[i] + part[i];
        }
        self.real.solve(right);
        let error = self.tolerance.norm(right, &self.y, &self.new);
        if error <= 1.0 || !(rejected || self.last.1 == 0.0) {
            return error;
        }
        for (s, (y, e)) in self.stage.iter_mut().zip(self.y.iter().zip(&*right)) {
            *s = y + e;
        }
        self.cost.slopes += 1;
        if !system.slope(self.x, &self.stage, &mut self.f[0]) {
            return error;
        }
        for ((r, f), p) in right.iter_mut().zip(&self.f[0]).zip(part) {
            *r = h * f + *p;
        }
        self.real.solve(right);
        self.tolerance.norm(right, &self.y, &self.new)
    }

    /// Moves to the new point, unless its slope is not finite.
    fn accept(&mut self, system: &mut impl System, next: f64, h: f64) -> bool {
        self.cost.slopes += 1;
        if !system.slope(next, &self.new, &mut self.f[0]) {
            return false;
        }
        std::mem::swap(&mut self.slope, &mut self.f[0]);
        for i in 0..self.y.len() {
            let z = [self.z[0][i], self.z[1][i], self.z[2][i]];
            for (j, q) in self.dense.iter_mut().enumerate() {
                q[i] = DENSE[0][j] * z[0] + DENSE[1][j] * z[1] + DENSE[2][j] * z[2];
            }
        }
        std::mem::swap(&mut self.y_old, &mut self.y);
        self.y.copy_from_slice(&self.new);
        (self.x, self.last) = (next, (self.x, h));
        true
    }

    /// Length of the last step.
    pub fn last_step(&self) -> f64 {
        self.last.1
    }

    /// y at some x within the last step.
    pub fn interpolate(&self, x: f64, out: &mut [f64]) {
        let (from, h) = self.last;
        if h == 0.0 || x >= self.x {
            out.copy_from_slice(&self.y);
            return;
        }
        let s = ((x - from) / h).max(0.0);
        for (i, o) in out.iter_mut().enumerate() {
            let [a, b, c] = [0, 1, 2].map(|j| self.dense[j][i]);
            *o = self.y_old[i] + s * (a + s * (b + s * c));
        }
    }

    /// |dy/dx|² of the collocation polynomial at some x within the last step.
    pub fn squared_speed(&self, x: f64) -> f64 {
        let (from, h) = self.last;
        let s = (x - from) / h;
        let [a, b, c] = &self.dense;
        let parts = a.iter().zip(b).zip(c).map(|((a, b), c)| ((a + s * (2.0 * b + s * 3.0 * c)) / h).powi(2));
        parts.sum()
    }
}

fn transform(m: &[[f64; 3]; 3], from: &[Vec<f64>; 3], to: &mut [Vec<f64>; 3]) {
    for (row, to) in m.iter().zip(to) {
        for (i, t) in to.iter_mut().enumerate() {
            *t = row[0] * from[0][i] + row[1] * from[1][i] + row[2] * from[2][i];
        }
    }
}

//! The collocation equations of a step, by simplified Newton iterations in the eigenvectors of the method's matrix.

use super::tableau::{COMPLEX, NODES, REAL, T, T_INVERSE};
use super::{Radau, System};
use num_complex::Complex;

/// Newton iterations before a step counts as too long.
pub const ITERATIONS: u32 = 7;

/// How Newton's iteration ended.
pub enum Newton {
    Converged { iterations: u32, rate: f64 },
    Failed,
}

impl Radau {
    /// Solves the collocation equations, from the last step's polynomial.
    pub fn newton(&mut self, system: &mut impl System, h: f64) -> Newton {
        let enough =
            (10.0 * f64::EPSILON / self.track.tolerance.relative).max(self.track.tolerance.relative.sqrt().min(0.03));
        self.predict(h);
        let (mut last_size, mut rate) = (f64::NAN, 0.0_f64);
        for iterations in 1..=ITERATIONS {
            if !self.stage_slopes(system, h) {
                return Newton::Failed;
            }
            let size = self.correct(h);
            if size.is_nan() {
                return Newton::Failed;
            }
            if size == 0.0 {
                return Newton::Converged { iterations, rate };
            }
            if iterations > 1 {
                rate = size / last_size;
                let left = (ITERATIONS - iterations) as i32;
                if rate >= 1.0 || rate.powi(left) / (1.0 - rate) * size > enough {
                    return Newton::Failed;
                }
                if rate / (1.0 - rate) * size < enough {
                    return Newton::Converged { iterations, rate };
                }
            }
            last_size = size;
        }
        Newton::Failed
    }

    /// The stages where the last step's polynomial goes on to.
    fn predict(&mut self, h: f64) {
        let (from, length) = self.track.last;
        for (node, z) in NODES.iter().zip(&mut self.z) {
            if length == 0.0 {
                z.fill(0.0);
                continue;
            }
            let s = (self.track.x + node * h - from) / length;
            for (i, z) in z.iter_mut().enumerate() {
                let [a, b, c] = [0, 1, 2].map(|j| self.dense[j][i]);
                *z = (self.track.y_old[i] - self.track.y[i]) + s * (a + s * (b + s * c));
            }
        }
        transform(&T_INVERSE, &self.z, &mut self.w);
    }

    /// f at the stages; false where it is not finite.
    fn stage_slopes(&mut self, system: &mut impl System, h: f64) -> bool {
        for ((node, z), f) in NODES.iter().zip(&self.z).zip(&mut self.f) {
            for ((s, y), z) in self.stage.iter_mut().zip(&self.track.y).zip(z) {
                *s = y + z;
            }
            self.track.cost.slopes += 1;
            if !system.slope(self.track.x + node * h, &self.stage, f) {
                return false;
            }
        }
        true
    }

    /// One correction of the stages; its size in units of what is allowed.
    fn correct(&mut self, h: f64) -> f64 {
        let n = self.track.y.len();
        let right = &mut self.right[..n];
        let (f, w) = (&self.f, &mut self.w);
        for (i, (real, complex)) in right.iter_mut().zip(&mut self.right_complex).enumerate() {
            let [a, b, c] = T_INVERSE.map(|t| h * (t[0] * f[0][i] + t[1] * f[1][i] + t[2] * f[2][i]));
            *real = a - REAL * w[0][i];
            *complex = Complex::new(b, c) - COMPLEX * Complex::new(w[1][i], w[2][i]);
        }
        self.real.solve(right);
        self.complex.solve(&mut self.right_complex);
        let mut squares = 0.0;
        for (i, (real, complex)) in right.iter().zip(&self.right_complex).enumerate() {
            let unit = self.track.tolerance.scale(self.track.y[i], 0.0);
            squares += (real / unit).powi(2) + (complex.re / unit).powi(2) + (complex.im / unit).powi(2);
            w[0][i] += real;
            w[1][i] += complex.re;
            w[2][i] += complex.im;
        }
        transform(&T, &self.w, &mut self.z);
        (squares / (3 * n) as f64).sqrt()
    }
}

fn transform(m: &[[f64; 3]; 3], from: &[Vec<f64>; 3], to: &mut [Vec<f64>; 3]) {
    for (row, to) in m.iter().zip(to) {
        for (i, t) in to.iter_mut().enumerate() {
            *t = row[0] * from[0][i] + row[1] * from[1][i] + row[2] * from[2][i];
        }
    }
}

//! The implicit method: Radau IIA with three stages, of order 5, L-stable and stiffly accurate, with dense output of order 3.

mod newton;
mod step;
mod tableau;

use super::{System, Tolerance, Track, first_step};
use crate::algebra::lu::Lu;
use num_complex::Complex;
use std::ops::{Deref, DerefMut};

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

    /// The Jacobian at y; false where it is not finite.
    fn differentiate(&mut self, system: &mut impl System) -> bool {
        self.track.cost.jacobians += 1;
        self.fresh = system.jacobian(self.track.x, &self.track.y, &mut self.jacobian);
        self.factored = f64::NAN;
        self.fresh
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

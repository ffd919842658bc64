//! The explicit method: Dormand & Prince's pair 8(5,3), with dense output of order 7.

use super::tableau::{A, A_DENSE, B, C, D, E3, E5, Row, STAGES};
use super::{Attempt, Cost, System, Tolerance, first_step};

/// The state of an explicit integration. Source: Hairer, Nørsett & Wanner, Solving Ordinary Differential Equations I, §II.10.
#[derive(Clone, Debug)]
pub struct Explicit {
    tolerance: Tolerance,
    resolution: f64,
    pub x: f64,
    pub y: Vec<f64>,
    pub cost: Cost,
    /// The step to try next.
    h: f64,
    /// Begin and length of the last step, for dense output.
    last: (f64, f64),
    y_old: Vec<f64>,
    /// k₀ … k₁₅, one after the other; k₁₂ is the slope at y.
    k: Vec<f64>,
    stage: Vec<f64>,
    error: [Vec<f64>; 2],
    /// The interpolating polynomial of the last step, once it was asked for.
    dense: Vec<f64>,
    is_dense: bool,
    stiff: Stiffness,
}

/// Counts steps at which stability, not accuracy, bounds the step.
#[derive(Clone, Copy, Debug, Default)]
struct Stiffness {
    hits: u32,
    misses: u32,
}

/// h|λ| at the border of the method's stability region.
const BORDER: f64 = 6.1;

impl Explicit {
    /// For n components of y. Steps below 1e-15 of x, or of `resolution` where that is larger, are too small.
    pub fn new(n: usize, tolerance: Tolerance, resolution: f64) -> Self {
        let zeros = vec![0.0; n];
        Self {
            tolerance,
            resolution,
            x: 0.0,
            y: zeros.clone(),
            cost: Cost::default(),
            h: 0.0,
            last: (0.0, 0.0),
            y_old: zeros.clone(),
            k: vec![0.0; 16 * n],
            stage: zeros.clone(),
            error: [zeros.clone(), zeros],
            dense: vec![0.0; 7 * n],
            is_dense: false,
            stiff: Stiffness::default(),
        }
    }

    /// Begins at (x, y) on the way to `end`; false when the slope there is not finite.
    pub fn begin(&mut self, system: &mut impl System, x: f64, y: &[f64], end: f64) -> bool {
        let n = y.len();
        (self.x, self.last, self.stiff) = (x, (x, 0.0), Stiffness::default());
        self.y.copy_from_slice(y);
        self.cost.slopes += 2;
        let (slope, room) = self.k[12 * n..].split_at_mut(n);
        if !system.slope(x, y, slope) {
            return false;
        }
        self.h = first_step(system, self.tolerance, 8, (x, end), y, slope, room);
        true
    }

    /// Goes on to `end` with the step size it has.
    #[inline]
    pub fn step(&mut self, system: &mut impl System, end: f64) -> Attempt {
        let n = self.y.len();
        let mut rejected = false;
        self.k.copy_within(12 * n..13 * n, 0);
        loop {
            let to_end = self.x + 1.01 * self.h >= end;
            let h = if to_end { end - self.x } else { self.h };
            if h.is_nan() || h <= 1e-15 * self.x.abs().max(self.resolution) {
                self.k.copy_within(0..n, 12 * n);
                return Attempt::TooSmall;
            }
            let error = self.attempt(system, h);
            let change = 0.9 * error.powf(-0.125);
            if error <= 1.0 {
                let (next, from) = (if to_end { end } else { self.x + h }, self.x);
                self.cost.slopes += 1;
                let slope = &mut self.k[12 * n..13 * n];
                if system.slope(next, &self.error[0], slope) {
                    std::mem::swap(&mut self.y_old, &mut self.y);
                    self.y.copy_from_slice(&self.error[0]);
                    (self.x, self.last, self.is_dense) = (next, (from, h), false);
                    let grown = h * change.clamp(1.0 / 3.0, if rejected { 1.0 } else { 6.0 });
                    // A step that was cut short to meet the end says nothing against the longer one.
                    self.h = if to_end && !rejected { grown.max(self.h) } else { grown };
                    self.cost.accepted += 1;
                    self.note_stiffness();
                    return Attempt::Accepted;
                }
            }
            // An error that is no number comes from stages beyond the finite numbers.
            self.h = h * if error > 1.0 { change.max(1.0 / 3.0) } else { 0.25 };
            rejected = true;
            self.cost.rejected += 1;
        }
    }

    /// Computes the stages and leaves the new point in `error[0]`; the error in units of what is allowed, NaN where a stage
    /// leaves the finite numbers.
    #[inline]
    fn attempt(&mut self, system: &mut impl System, h: f64) -> f64 {
        let n = self.y.len();
        for (i, row) in A.iter().enumerate() {
            combine(&mut self.stage, row, &self.k, Some((&self.y, h)));
            self.cost.slopes += 1;
            if !system.slope(self.x + C[i + 1] * h, &self.stage, &mut self.k[(i + 1) * n..(i + 2) * n]) {
                return f64::NAN;
            }
        }
        let [new, error] = &mut self.error;
        combine(new, B, &self.k, Some((&self.y, h)));
        // In units of y from the start: slopes may be too small to be squared.
        let [fifth, third] = [E5, E3].map(|row| {
            combine(error, row, &self.k, None);
            error.iter_mut().for_each(|e| *e *= h);
            self.tolerance.norm(error, &self.y, new)
        });
        if fifth == 0.0 && third == 0.0 {
            return 0.0;
        }
        fifth * (fifth / fifth.hypot(0.1 * third))
    }

    /// Compares the slopes at the last stage and at the new point, which share x: their quotient estimates |λ|.
    #[inline]
    fn note_stiffness(&mut self) {
        let n = self.y.len();
        let h = self.last.1;
        let (mut above, mut below) = (0.0, 0.0);
        for i in 0..n {
            above += (h * (self.k[12 * n + i] - self.k[11 * n + i])).powi(2);
            below += (self.y[i] - self.stage[i]).powi(2);
        }
        if below > 0.0 && above > BORDER * BORDER * below {
            (self.stiff.hits, self.stiff.misses) = (self.stiff.hits + 1, 0);
        } else {
            self.stiff.misses += 1;
            if self.stiff.misses == 6 {
                self.stiff.hits = 0;
            }
        }
    }

    /// Whether stability has bounded the step for some time.
    pub fn is_stiff(&self) -> bool {
        self.stiff.hits >= 15
    }

    /// Calls the present place x: for slopes that do not depend on x, known better from y than from the steps.
    pub fn rename(&mut self, x: f64) {
        self.last.0 += x - self.x;
        self.x = x;
    }

    /// Length of the last step.
    pub fn last_step(&self) -> f64 {
        self.last.1
    }

    /// y at some x within the last step; false when the extra stages leave the finite numbers.
    pub fn interpolate(&mut self, system: &mut impl System, x: f64, out: &mut [f64]) -> bool {
        let (from, h) = self.last;
        if h == 0.0 || x >= self.x {
            out.copy_from_slice(&self.y);
            return true;
        }
        if !self.prepare_dense(system) {
            return false;
        }
        let n = self.y.len();
        let s = ((x - from) / h).max(0.0);
        out.fill(0.0);
        for (i, c) in self.dense.chunks_exact(n).rev().enumerate() {
            let factor = if i % 2 == 0 { s } else { 1.0 - s };
            for (o, c) in out.iter_mut().zip(c) {
                *o = (*o + c) * factor;
            }
        }
        for (o, y) in out.iter_mut().zip(&self.y_old) {
            *o += y;
        }
        true
    }

    /// ∫ e^{x−x₁} |dy/dx|² dx over the last step, which ends at x₁, by the method's own weights: to 1e-9 where the step is at
    /// most 1 long, for which e^x is as smooth as y.
    pub fn decayed_squared_speed(&self) -> f64 {
        let (n, h) = (self.y.len(), self.last.1);
        let square = |i: usize| self.k[i * n..(i + 1) * n].iter().map(|k| k * k).sum::<f64>();
        h * B.iter().map(|(i, b)| b * ((C[*i] - 1.0) * h).exp() * square(*i)).sum::<f64>()
    }

    /// |dy/dx|² of the interpolating polynomial at some x within the last step; NaN where [`interpolate`](Self::interpolate)
    /// would fail.
    pub fn squared_speed(&mut self, system: &mut impl System, x: f64) -> f64 {
        if !self.prepare_dense(system) {
            return f64::NAN;
        }
        let n = self.y.len();
        let (from, h) = self.last;
        let s = (x - from) / h;
        let mut sum = 0.0;
        for i in 0..n {
            let (mut value, mut slope) = (0.0, 0.0);
            for (j, c) in self.dense.iter().skip(i).step_by(n).rev().enumerate() {
                let (factor, sign) = if j % 2 == 0 { (s, 1.0) } else { (1.0 - s, -1.0) };
                slope = slope * factor + sign * (value + c);
                value = (value + c) * factor;
            }
            sum += (slope / h).powi(2);
        }
        sum
    }

    /// The polynomial of the last step, unless it is there.
    fn prepare_dense(&mut self, system: &mut impl System) -> bool {
        if self.is_dense {
            return true;
        }
        let n = self.y.len();
        let (from, h) = self.last;
        for (i, row) in A_DENSE.iter().enumerate() {
            combine(&mut self.error[1], row, &self.k, Some((&self.y_old, h)));
            self.cost.slopes += 1;
            let slope = &mut self.k[(13 + i) * n..(14 + i) * n];
            if !system.slope(from + C[13 + i] * h, &self.error[1], slope) {
                return false;
            }
        }
        for i in 0..n {
            let delta = self.y[i] - self.y_old[i];
            let (first, last) = (h * self.k[i], h * self.k[12 * n + i]);
            self.dense[i] = delta;
            self.dense[n + i] = first - delta;
            self.dense[2 * n + i] = 2.0 * delta - last - first;
        }
        for (row, out) in D.iter().zip(self.dense[3 * n..].chunks_exact_mut(n)) {
            combine(out, row, &self.k, None);
            out.iter_mut().for_each(|o| *o *= h);
        }
        self.is_dense = true;
        true
    }
}

/// Σ cⱼkⱼ, or y + h Σ cⱼkⱼ.
#[inline]
fn combine(out: &mut [f64], row: Row, k: &[f64], onto: Option<(&[f64], f64)>) {
    let n = out.len();
    for (at, (j, c)) in row.iter().enumerate() {
        let k = &k[j * n..(j + 1) * n];
        for (o, k) in out.iter_mut().zip(k) {
            *o = if at == 0 { c * k } else { *o + c * k };
        }
    }
    if let Some((y, h)) = onto {
        for (o, y) in out.iter_mut().zip(y) {
            *o = y + h * *o;
        }
    }
}

// The slopes of the last step are k₀ … k₁₁; the tableau must not grow past them unnoticed.
const _: () = assert!(STAGES == A.len() + 1);

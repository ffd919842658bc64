//! The explicit method: Dormand & Prince's pair 8(5,3), with dense output of order 7.

use super::tableau::{A, A_DENSE, B, C, D, E3, E5, Row, STAGES};
use super::{Attempt, System, Tolerance, Track, first_step};
use std::ops::{Deref, DerefMut};

/// The state of an explicit integration. Source: Hairer, Nørsett & Wanner, Solving Ordinary Differential Equations I, §II.10.
#[derive(Clone, Debug)]
pub struct Explicit {
    track: Track,
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
            track: Track::new(n, tolerance, resolution),
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
        self.track.begin(x, y);
        self.stiff = Stiffness::default();
        self.track.cost.slopes += 2;
        let (slope, room) = self.k[12 * n..].split_at_mut(n);
        if !system.slope(x, y, slope) {
            return false;
        }
        self.track.h = first_step(system, self.track.tolerance, 8, (x, end), y, slope, room);
        true
    }

    /// Goes on to `end` with the step size it has.
    #[inline]
    pub fn step(&mut self, system: &mut impl System, end: f64) -> Attempt {
        let n = self.track.y.len();
        let mut rejected = false;
        self.k.copy_within(12 * n..13 * n, 0);
        loop {
            let Some((h, to_end)) = self.track.next(end) else {
                self.k.copy_within(0..n, 12 * n);
                return Attempt::TooSmall;
            };
            let error = self.attempt(system, h);
            let change = 0.9 * error.powf(-0.125);
            if error <= 1.0 {
                let next = if to_end { end } else { self.track.x + h };
                self.track.cost.slopes += 1;
                let slope = &mut self.k[12 * n..13 * n];
                if system.slope(next, &self.error[0], slope) {
                    self.track.advance(next, h, &self.error[0]);
                    self.is_dense = false;
                    let grown = h * change.clamp(1.0 / 3.0, if rejected { 1.0 } else { 6.0 });
                    self.track.accept(grown, to_end && !rejected);
                    self.note_stiffness();
                    return Attempt::Accepted;
                }
            }
            // An error that is no number comes from stages beyond the finite numbers.
            self.track.h = h * if error > 1.0 { change.max(1.0 / 3.0) } else { 0.25 };
            rejected = true;
            self.track.cost.rejected += 1;
        }
    }

    /// Computes the stages and leaves the new point in `error[0]`; the error in units of what is allowed, NaN where a stage
    /// leaves the finite numbers.
    #[inline]
    fn attempt(&mut self, system: &mut impl System, h: f64) -> f64 {
        let n = self.track.y.len();
        for (i, row) in A.iter().enumerate() {
            combine(&mut self.stage, row, &self.k, Some((&self.track.y, h)));
            self.track.cost.slopes += 1;
            if !system.slope(self.track.x + C[i + 1] * h, &self.stage, &mut self.k[(i + 1) * n..(i + 2) * n]) {
                return f64::NAN;
            }
        }
        let [new, error] = &mut self.error;
        combine(new, B, &self.k, Some((&self.track.y, h)));
        // In units of y from the start: slopes may be too small to be squared.
        let [fifth, third] = [E5, E3].map(|row| {
            combine(error, row, &self.k, None);
            error.iter_mut().for_each(|e| *e *= h);
            self.track.tolerance.norm(error, &self.track.y, new)
        });
        if fifth == 0.0 && third == 0.0 {
            return 0.0;
        }
        fifth * (fifth / fifth.hypot(0.1 * third))
    }

    /// Compares the slopes at the last stage and at the new point, which share x: their quotient estimates |λ|.
    #[inline]
    fn note_stiffness(&mut self) {
        let n = self.track.y.len();
        let h = self.track.last.1;
        let (mut above, mut below) = (0.0, 0.0);
        for i in 0..n {
            above += (h * (self.k[12 * n + i] - self.k[11 * n + i])).powi(2);
            below += (self.track.y[i] - self.stage[i]).powi(2);
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

    /// y at some x within the last step; false when the extra stages leave the finite numbers.
    pub fn interpolate(&mut self, system: &mut impl System, x: f64, out: &mut [f64]) -> bool {
        let (from, h) = self.track.last;
        if h == 0.0 || x >= self.track.x {
            out.copy_from_slice(&self.track.y);
            return true;
        }
        if !self.prepare_dense(system) {
            return false;
        }
        let n = self.track.y.len();
        let s = ((x - from) / h).max(0.0);
        out.fill(0.0);
        for (i, c) in self.dense.chunks_exact(n).rev().enumerate() {
            let factor = if i % 2 == 0 { s } else { 1.0 - s };
            for (o, c) in out.iter_mut().zip(c) {
                *o = (*o + c) * factor;
            }
        }
        for (o, y) in out.iter_mut().zip(&self.track.y_old) {
            *o += y;
        }
        true
    }

    /// ∫ e^{x−x₁} |dy/dx|² dx over the last step, which ends at x₁, by the method's own weights: to 1e-9 where the step is at
    /// most 1 long, for which e^x is as smooth as y.
    pub fn decayed_squared_speed(&self) -> f64 {
        let (n, h) = (self.track.y.len(), self.track.last.1);
        let square = |i: usize| self.k[i * n..(i + 1) * n].iter().map(|k| k * k).sum::<f64>();
        h * B.iter().map(|(i, b)| b * ((C[*i] - 1.0) * h).exp() * square(*i)).sum::<f64>()
    }

    /// |dy/dx|² of the interpolating polynomial at some x within the last step; NaN where [`interpolate`](Self::interpolate)
    /// would fail.
    pub fn squared_speed(&mut self, system: &mut impl System, x: f64) -> f64 {
        if !self.prepare_dense(system) {
            return f64::NAN;
        }
        let n = self.track.y.len();
        let (from, h) = self.track.last;
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
        let n = self.track.y.len();
        let (from, h) = self.track.last;
        for (i, row) in A_DENSE.iter().enumerate() {
            combine(&mut self.error[1], row, &self.k, Some((&self.track.y_old, h)));
            self.track.cost.slopes += 1;
            let slope = &mut self.k[(13 + i) * n..(14 + i) * n];
            if !system.slope(from + C[13 + i] * h, &self.error[1], slope) {
                return false;
            }
        }
        for i in 0..n {
            let delta = self.track.y[i] - self.track.y_old[i];
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

impl Deref for Explicit {
    type Target = Track;

    fn deref(&self) -> &Track {
        &self.track
    }
}

impl DerefMut for Explicit {
    fn deref_mut(&mut self) -> &mut Track {
        &mut self.track
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

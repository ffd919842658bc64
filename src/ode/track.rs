//! Where an integration stands: what both methods keep.

use super::{Cost, Tolerance};

#[derive(Clone, Debug)]
pub struct Track {
    pub tolerance: Tolerance,
    /// Steps below 1e-15 of x, or of this where it is larger, are too small.
    resolution: f64,
    pub x: f64,
    pub y: Vec<f64>,
    /// y where the last step began.
    pub y_old: Vec<f64>,
    pub cost: Cost,
    /// The step to try next.
    pub h: f64,
    /// Begin and length of the last step, for dense output.
    pub last: (f64, f64),
}

impl Track {
    pub fn new(n: usize, tolerance: Tolerance, resolution: f64) -> Self {
        let zeros = || vec![0.0; n];
        let (y, y_old) = (zeros(), zeros());
        Self { tolerance, resolution, x: 0.0, y, y_old, cost: Cost::default(), h: 0.0, last: (0.0, 0.0) }
    }

    /// Begins at (x, y).
    pub fn begin(&mut self, x: f64, y: &[f64]) {
        (self.x, self.last) = (x, (x, 0.0));
        self.y.copy_from_slice(y);
    }

    /// The step to try on the way to `end`, and whether it meets the end; none when x does not resolve it.
    #[inline]
    pub fn next(&self, end: f64) -> Option<(f64, bool)> {
        let to_end = self.x + 1.01 * self.h >= end;
        let h = if to_end { end - self.x } else { self.h };
        let small = h.is_nan() || h <= 1e-15 * self.x.abs().max(self.resolution);
        (!small).then_some((h, to_end))
    }

    /// Moves on to `new` at x.
    #[inline]
    pub fn advance(&mut self, x: f64, h: f64, new: &[f64]) {
        std::mem::swap(&mut self.y_old, &mut self.y);
        self.y.copy_from_slice(new);
        (self.x, self.last) = (x, (self.x, h));
    }

    /// Counts a step, of which `proposed` is to be tried next. One that was cut short to meet the end says nothing against the
    /// longer one.
    #[inline]
    pub fn accept(&mut self, proposed: f64, cut: bool) {
        self.h = if cut { proposed.max(self.h) } else { proposed };
        self.cost.accepted += 1;
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
}

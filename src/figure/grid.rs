//! Values of a function over the plane.

use super::axis::LARGEST;
use crate::error::Result;

/// Grid points a side; the boundary is interpolated between them.
const SIDE: usize = 101;

/// Values of a function on a grid over the figure's ranges, `z[j][i]` at (xᵢ, yⱼ).
#[derive(Clone)]
pub(super) struct Grid {
    pub(super) x: Vec<f64>,
    pub(super) y: Vec<f64>,
    pub(super) z: Vec<Vec<f64>>,
}

/// A function's surface: the name of the third axis, and the values.
#[derive(Clone)]
pub(super) struct Height {
    pub(super) name: String,
    pub(super) grid: Grid,
}

impl Grid {
    /// f on the grid over the ranges of x and y.
    pub(super) fn of(x: (f64, f64), y: (f64, f64), mut f: impl FnMut(f64, f64) -> Result<f64>) -> Result<Self> {
        let axis = |(low, high): (f64, f64)| -> Vec<f64> {
            (0..SIDE).map(|i| low + (high - low) * i as f64 / (SIDE - 1) as f64).collect()
        };
        let (x, y) = (axis(x), axis(y));
        let z = y.iter().map(|&b| x.iter().map(|&a| f(a, b)).collect()).collect::<Result<_>>()?;
        Ok(Self { x, y, z })
    }

    /// The smallest and the largest finite value.
    pub(super) fn ends(&self) -> Option<(f64, f64)> {
        let finite = || self.z.iter().flatten().copied().filter(|v| v.is_finite());
        let (low, high) = (finite().fold(f64::INFINITY, f64::min), finite().fold(f64::NEG_INFINITY, f64::max));
        (low <= high).then_some((low, high))
    }

    /// The value at (x, y), bilinear between grid points; none outside or beside a hole.
    pub(super) fn at(&self, x: f64, y: f64) -> Option<f64> {
        let cell = |axis: &[f64], v: f64| {
            let last = axis.len() - 1;
            let s = (v - axis[0]) / (axis[last] - axis[0]) * last as f64;
            // A point on the border may stand a rounding error outside.
            let s = if s.is_nan() || s < -1e-9 || s > last as f64 + 1e-9 { return None } else { s.max(0.0) };
            let i = (s as usize).min(last - 1);
            Some((i, (s - i as f64).min(1.0)))
        };
        let ((i, s), (j, t)) = (cell(&self.x, x)?, cell(&self.y, y)?);
        let row = |j: usize| self.z[j][i] * (1.0 - s) + self.z[j][i + 1] * s;
        Some(row(j) * (1.0 - t) + row(j + 1) * t).filter(|v| v.is_finite())
    }

    /// The part of a segment over the grid, in steps of at most a cell; a gap where it misses the grid.
    pub(super) fn walk(&self, from: (f64, f64), to: (f64, f64)) -> Vec<Option<(f64, f64)>> {
        let span = |axis: &[f64]| (axis[0], axis[axis.len() - 1]);
        let (over, up) = (span(&self.x), span(&self.y));
        let turned = |ends: [(f64, f64); 2]| ends.map(|(a, b)| (b, a));
        let inside = [from.0, from.1, to.0, to.1].iter().all(|v| v.abs() <= LARGEST);
        let clipped = inside.then(|| clip([from, to], up)).flatten().and_then(|ends| clip(turned(ends), over));
        let Some([a, b]) = clipped.map(turned) else { return vec![None] };
        let cells = |a: f64, b: f64, (low, high): (f64, f64)| (b - a).abs() / (high - low) * (SIDE - 1) as f64;
        let n = cells(a.0, b.0, over).max(cells(a.1, b.1, up)).ceil().clamp(1.0, SIDE as f64) as usize;
        let share = |i: usize| i as f64 / n as f64;
        let on = |i: usize| (a.0 + (b.0 - a.0) * share(i), a.1 + (b.1 - a.1) * share(i));
        // A segment that enters the grid from outside must not be joined to what was before.
        let gap = (a != from).then_some(None);
        gap.into_iter().chain((0..=n).map(|i| Some(on(i)))).collect()
    }
}

/// The part of the segment between two points (s, t) with low ≤ t ≤ high.
pub(super) fn clip(ends: [(f64, f64); 2], (low, high): (f64, f64)) -> Option<[(f64, f64); 2]> {
    let [(s0, t0), (s1, t1)] = ends;
    if t0.max(t1) < low || t0.min(t1) > high {
        return None;
    }
    // A share first: the product of two differences may overflow.
    let at = |t: f64| s0 + (s1 - s0) * ((t - t0) / (t1 - t0));
    let cut = |(s, t): (f64, f64)| match t {
        t if t < low => (at(low), low),
        t if t > high => (at(high), high),
        t => (s, t),
    };
    Some([cut((s0, t0)), cut((s1, t1))])
}

//! Data in the plane: labelled points, decision regions, boundaries.

use super::spec::value;
use super::style;
use super::text::label;
use super::traces::{LARGEST, Shared, of};
use super::{Drawn, Figure, Series};
use crate::dataset::Dataset;
use crate::error::{Error, Result, finite};
use ndarray::ArrayView1;
use plotly::common::{ColorScale, ColorScaleElement, HoverInfo, Line, Marker, Mode};
use plotly::contour::{Coloring, Contours};
use plotly::{Contour, Scatter};
use serde_json::Value;

/// Grid points a side; the boundary is interpolated between them.
const SIDE: usize = 101;

/// Values of a function on a grid over the figure's ranges, `z[j][i]` at (xᵢ, yⱼ).
#[derive(Clone)]
pub(super) struct Grid {
    pub(super) x: Vec<f64>,
    pub(super) y: Vec<f64>,
    pub(super) z: Vec<Vec<f64>>,
}

impl Figure {
    /// The first two coordinates of the data, by class and to scale: blue circles for y = +1, orange diamonds for
    /// y = −1. Regions and boundaries go on top.
    ///
    /// ```
    /// use implicit_bias::{figure::Figure, prelude::*};
    /// let data = Dataset::new(array![[1.0, 2.0], [-1.0, 0.5]], array![1.0, -1.0])?;
    /// let plane = Figure::plane(&data)?.hyperplane("w = (1, 0)", &[1.0, 0.0], 0.0)?;
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// Data of fewer than two coordinates, or so far apart (10³⁰⁷) that no axis holds them.
    pub fn plane(data: &Dataset) -> Result<Self> {
        if data.d() < 2 {
            return Err(Error::shape(
                "Figure::plane data x",
                "(n, d ≥ 2)",
                format_args!("({}, {})", data.n(), data.d()),
            ));
        }
        let span = |j: usize| {
            let column = data.x().column(j).to_owned();
            let low = column.iter().copied().fold(f64::INFINITY, f64::min);
            let high = column.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            (low, high)
        };
        let ((a, b), (c, d)) = (span(0), span(1));
        // An eighth of the larger side all around; one point alone gets room by its own size, or 1 at the origin.
        let (side, size) = ((b - a).max(d - c), a.abs().max(c.abs()));
        let pad = match (side > 0.0, size > 0.0) {
            (true, _) => side / 8.0,
            (false, true) => size,
            (false, false) => 1.0,
        };
        let mut figure = Self::new("x₁", "x₂").square().x_range(a - pad, b + pad)?.y_range(c - pad, d + pad)?;
        let x = data.x().outer_iter().map(|row| [row[0], row[1]]).collect();
        figure.drawn.push(Drawn::Classes { x, y: data.y().to_vec() });
        Ok(figure)
    }

    /// Fills the plane by the sign of f(x₁, x₂): pale blue where f > 0, pale orange where f < 0.
    ///
    /// # Errors
    /// A figure without ranges (see [`Figure::x_range`]; [`Figure::plane`] has them), or an error of f.
    pub fn regions(mut self, f: impl FnMut(f64, f64) -> Result<f64>) -> Result<Self> {
        let grid = self.evaluate("Figure::regions", f)?;
        self.drawn.push(Drawn::Regions(grid));
        Ok(self)
    }

    /// Draws the curve f(x₁, x₂) = 0.
    ///
    /// # Errors
    /// As [`Figure::regions`].
    pub fn boundary(mut self, name: impl Into<String>, f: impl FnMut(f64, f64) -> Result<f64>) -> Result<Self> {
        let grid = self.evaluate("Figure::boundary", f)?;
        self.drawn.push(Drawn::Boundary { name: name.into(), grid });
        Ok(self)
    }

    /// Draws the line w₁x₁ + w₂x₂ + b = 0 across the figure's ranges.
    ///
    /// # Errors
    /// A figure without ranges, w not of length 2 or zero or not finite, or a line that misses the ranges.
    pub fn hyperplane<'a>(self, name: impl Into<String>, w: impl Into<ArrayView1<'a, f64>>, b: f64) -> Result<Self> {
        let (w, name) = (w.into(), name.into());
        let ((x0, x1), (y0, y1)) = self.ranges("Figure::hyperplane")?;
        let &[w1, w2] = w.to_vec().as_slice() else {
            return Err(Error::shape("Figure::hyperplane w", "(2)", format_args!("({})", w.len())));
        };
        for v in [w1, w2, b] {
            finite("Figure::hyperplane w or b", v)?;
        }
        // Scaled to largest entry 1: neither 1e308 nor 1e-308 may over- or underflow below.
        let scale = w1.abs().max(w2.abs());
        if scale == 0.0 {
            return Err(Error::argument("Figure::hyperplane w", "a nonzero vector", "(0, 0)"));
        }
        let (w1, w2, b) = (w1 / scale, w2 / scale, b / scale);
        // Solved for the coordinate of the larger weight, so that no division is by a small number.
        let ends = if w2.abs() >= w1.abs() {
            clip([x0, x1].map(|x| (x, -(w1 * x + b) / w2)), (y0, y1))
        } else {
            clip([y0, y1].map(|y| (y, -(w2 * y + b) / w1)), (x0, x1)).map(|ends| ends.map(|(y, x)| (x, y)))
        };
        let Some([(a, c), (d, e)]) = ends else {
            let expected = format!("a line through [{x0}, {x1}] × [{y0}, {y1}]");
            return Err(Error::argument(format_args!("Figure::hyperplane {name:?}"), expected, "one outside"));
        };
        Ok(self.lines([Series::new([a, d], [c, e])?.named(name)]))
    }

    /// Both ranges, or an error that says how to give them.
    fn ranges(&self, what: &str) -> Result<((f64, f64), (f64, f64))> {
        match (self.x.range, self.y.range) {
            (Some(x), Some(y)) => Ok((x, y)),
            _ => Err(Error::argument(what, "a figure with x_range and y_range, such as Figure::plane's", "none")),
        }
    }

    /// f on the grid over the ranges.
    pub(super) fn evaluate(&self, what: &str, mut f: impl FnMut(f64, f64) -> Result<f64>) -> Result<Grid> {
        let (x, y) = self.ranges(what)?;
        let axis = |(low, high): (f64, f64)| -> Vec<f64> {
            (0..SIDE).map(|i| low + (high - low) * i as f64 / (SIDE - 1) as f64).collect()
        };
        let (x, y) = (axis(x), axis(y));
        let z = y.iter().map(|&b| x.iter().map(|&a| f(a, b)).collect()).collect::<Result<_>>()?;
        Ok(Grid { x, y, z })
    }
}

impl Grid {
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
fn clip(ends: [(f64, f64); 2], (low, high): (f64, f64)) -> Option<[(f64, f64); 2]> {
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

/// The points of one class, if there are any.
pub(super) fn classes(
    points: &[[f64; 2]],
    labels: &[f64],
    positive: bool,
    (x, y): (&str, &str),
    shared: &mut Shared,
) -> Option<Value> {
    let (xs, ys): (Vec<f64>, Vec<f64>) =
        points.iter().zip(labels).filter(|(_, l)| (**l > 0.0) == positive).map(|(&[a, b], _)| (a, b)).unzip();
    if xs.is_empty() {
        return None;
    }
    let name = if positive { "y = +1" } else { "y = −1" };
    let class = style::class(positive);
    let marker =
        Marker::new().color(class.color).symbol(class.symbol).size(8).line(Line::new().color("#ffffff").width(1.0));
    let listed = shared.lists(name);
    let trace = Scatter::new(xs, ys).mode(Mode::Markers).marker(marker).name(name).legend_group(name);
    Some(value(trace.show_legend(listed).x_axis(x).y_axis(y)))
}

/// A contour trace with its one level at zero.
fn zero_level(grid: &Grid, coloring: Coloring, (x, y): (&str, &str)) -> Box<Contour<Vec<Option<f64>>>> {
    // Four digits place the curve to a thousandth of a grid cell.
    let short = |v: f64| format!("{v:.3e}").parse().ok().filter(|v: &f64| v.is_finite());
    let z = grid.z.iter().map(|row| row.iter().map(|&v| short(v)).collect()).collect();
    let lines = matches!(coloring, Coloring::None);
    Contour::new(grid.x.clone(), grid.y.clone(), z)
        .auto_contour(false)
        .contours(Contours::new().start(0.0).end(0.0).size(1.0).coloring(coloring).show_lines(lines))
        .show_scale(false)
        .hover_info(HoverInfo::Skip)
        .x_axis(x)
        .y_axis(y)
}

/// The two half-planes' pale fills.
pub(super) fn regions(grid: &Grid, axes: (&str, &str), shared: &mut Shared) -> Value {
    shared.holes("the regions", grid, |v| !v.is_finite());
    let fill = |at: f64, positive: bool| ColorScaleElement(at, style::class(positive).fill.to_owned());
    let scale = ColorScale::Vector(vec![fill(0.0, false), fill(1.0, true)]);
    value(zero_level(grid, Coloring::Fill, axes).color_scale(scale).show_legend(false))
}

/// The curve where the function changes sign.
pub(super) fn boundary(name: &str, grid: &Grid, axes: (&str, &str), shared: &mut Shared) -> Value {
    shared.holes(&format!("the boundary{}", of(name)), grid, |v| !v.is_finite());
    let mut values = grid.z.iter().flatten().filter(|v| !v.is_nan());
    if values.clone().all(|&v| v > 0.0) || values.all(|&v| v < 0.0) {
        shared.note(format!("the boundary{} does not cross this view", of(name)));
    }
    let look = shared.looks.of(name);
    let line = Line::new().color(look.color).width(2.0).dash(look.dash);
    let trace = zero_level(grid, Coloring::None, axes).line(line).show_legend(shared.lists(name));
    value(if name.is_empty() { trace } else { trace.name(&label(name, 44)).legend_group(name) })
}

impl Shared {
    /// Notes how many grid values cannot be drawn.
    pub(super) fn holes(&mut self, what: &str, grid: &Grid, lost: fn(f64) -> bool) {
        let holes = grid.z.iter().flatten().filter(|&&v| lost(v)).count();
        if holes > 0 {
            let n = grid.x.len() * grid.y.len();
            self.note(format!("{what}: {holes} of {n} values not finite"));
        }
    }
}

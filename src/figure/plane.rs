//! Data in the plane: labelled points, decision regions, boundaries.

use super::drawing::{Drawn, Figure};
use super::grid::{Grid, clip};
use super::json::value;
use super::series::Series;
use super::shared::{Shared, of};
use super::style;
use super::text::label;
use crate::dataset::Dataset;
use crate::error::{Error, Result, finite};
use ndarray::ArrayView1;
use plotly::common::{ColorScale, ColorScaleElement, HoverInfo, Line, Marker, Mode};
use plotly::contour::{Coloring, Contours};
use plotly::{Contour, Scatter};
use serde_json::Value;

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

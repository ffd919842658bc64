//! Level lines of a function over the plane, with fills and a colour bar.

use super::drawing::{Drawn, Figure};
use super::grid::Grid;
use super::json::value;
use super::levels::Levels;
use super::shared::{Shared, of};
use super::text::hover_label;
use crate::error::Result;
use crate::show::number;
use plotly::Contour;
use plotly::common::Line;
use plotly::contour::{Coloring, Contours};
use serde_json::{Value, json};

impl Figure {
    /// Level lines f(x, y) = levelsᵢ, pale fills between them (the darker, the higher) and a colour bar called `name`.
    ///
    /// A second call replaces the first. Levels above zero are taken by their logarithms, so powers of ten from 1e-6 to 1e3 stand evenly on the bar.
    /// An infinite f lies beyond all levels; a NaN leaves a hole that is noted.
    ///
    /// ```
    /// use implicit_bias::figure::{Figure, Series};
    /// let risk = |a: f64, b: f64| Ok((-a - b).exp() + (a - 2.0 * b).exp());
    /// let ray = Series::new([0.0, 3.0], [0.0, 9.0])?.named("ray").dashed();
    /// let plane = Figure::new("w₁", "w₂").square().x_range(-1.0, 3.0)?.y_range(-1.0, 3.0)?.lines([ray]);
    /// let flat = plane.clone().contours("risk R", [1e-3, 1e-2, 0.1, 1.0, 10.0], risk)?;
    /// let space = plane.surface("ln R", |a, b| Ok(risk(a, b)?.ln()))?;
    /// let both = Figure::row([flat, space])?;
    /// # Ok::<(), implicit_bias::error::Error>(())
    /// ```
    ///
    /// # Errors
    /// A figure without ranges, levels that do not rise or are not finite, none or more than 100 of them, or an
    /// error of f.
    pub fn contours(
        mut self,
        name: impl Into<String>,
        levels: impl Into<Vec<f64>>,
        f: impl FnMut(f64, f64) -> Result<f64>,
    ) -> Result<Self> {
        let levels = Levels::new(levels.into())?;
        let grid = self.evaluate("Figure::contours", f)?;
        self.drawn.retain(|d| !matches!(d, Drawn::Contours { .. }));
        self.drawn.push(Drawn::Contours { name: name.into(), levels, grid });
        Ok(self)
    }
}

/// The level lines and fills over the axes x, y, coloured by the colour axis `color`.
pub(super) fn contours(
    name: &str,
    levels: &Levels,
    grid: &Grid,
    (x, y): (&str, &str),
    color: &str,
    shared: &mut Shared,
) -> Value {
    shared.holes(&format!("the level lines{}", of(name)), grid, |v| v.is_nan());
    let rows = |f: &dyn Fn(f64) -> Value| -> Vec<Vec<Value>> {
        grid.z.iter().map(|row| row.iter().map(|&v| f(v)).collect()).collect()
    };
    // Three decimals place a line to a thousandth of the distance between two levels.
    let places = rows(&|v| if v.is_nan() { Value::Null } else { json!((levels.place(v) * 1e3).round() / 1e3) });
    let contours = Contours::new().start(0.0).end((levels.0.len() - 1) as f64).size(1.0).coloring(Coloring::Fill);
    let mut trace = value(
        Contour::new(grid.x.clone(), grid.y.clone(), places)
            .auto_contour(false)
            .contours(contours)
            .line(Line::new().color("rgba(87,96,106,0.55)").width(0.7))
            .show_legend(false)
            .x_axis(x)
            .y_axis(y),
    );
    trace["coloraxis"] = json!(color);
    trace["text"] = json!(rows(&|v| json!(number(v))));
    trace["hovertemplate"] = json!(format!("{} = %{{text}}<extra></extra>", hover_label(name)));
    trace
}

//! A function over the plane as a surface in space, with paths laid on it.

use super::drawing::{Drawn, Figure};
use super::grid::{Grid, Height};
use super::levels::Levels;
use super::series::{Mark, Series};
use super::shared::{Shared, of};
use super::style;
use super::text::{hover_label, label};
use crate::error::{Error, Result};
use serde_json::{Value, json};

impl Figure {
    /// Raises the figure into space: the surface z = f(x, y) over its ranges, with all its series laid on the surface.
    /// Dragging turns it. Where a page cannot draw in space (no WebGL), the level lines of f stand in its place.
    ///
    /// The axis takes z as it comes: for a risk over many decades let f give its logarithm. A second surface replaces
    /// the first. Only series go up; anything else in the figure is left out with a note. See [`Figure::contours`].
    ///
    /// # Errors
    /// A figure without ranges, one with a log axis, an f without a finite value, or an error of f.
    pub fn surface(mut self, z: impl Into<String>, f: impl FnMut(f64, f64) -> Result<f64>) -> Result<Self> {
        if self.x.log || self.y.log {
            return Err(Error::argument("Figure::surface", "linear axes x and y", "a log axis"));
        }
        let grid = self.evaluate("Figure::surface", f)?;
        if grid.ends().is_none() {
            return Err(Error::argument("Figure::surface(f)", "a finite value somewhere in the ranges", "none"));
        }
        self.height = Some(Height { name: z.into(), grid });
        Ok(self)
    }

    /// The figure as level lines, for pages without WebGL.
    pub(super) fn flat(&self) -> Self {
        let mut flat = self.clone();
        if let Some(Height { name, grid }) = flat.height.take() {
            let levels = grid.ends().map_or(vec![0.0], round_levels);
            flat.drawn.push(Drawn::Contours { name, levels: Levels(levels), grid });
        }
        flat
    }
}

/// The surface and what lies on it, in the scene `scene`.
pub(super) fn surface(figure: &Figure, height: &Height, scene: &str, shared: &mut Shared) -> Vec<Value> {
    let grid = &height.grid;
    shared.holes(&format!("the surface{}", of(&height.name)), grid, |v| !v.is_finite());
    let short = |v: f64| format!("{v:.4e}").parse().ok().filter(|v: &f64| v.is_finite());
    let z: Vec<Vec<Option<f64>>> = grid.z.iter().map(|row| row.iter().map(|&v| short(v)).collect()).collect();
    let levels = grid.ends().map_or(vec![0.0], round_levels);
    let mut traces = vec![json!({
        "type": "surface", "x": grid.x, "y": grid.y, "z": z, "scene": scene,
        "colorscale": style::SCALE, "showscale": false, "showlegend": false,
        "lighting": {"ambient": 0.85, "diffuse": 0.3, "specular": 0.02},
        "contours": {
            "x": {"highlight": false}, "y": {"highlight": false},
            "z": {
                "show": true, "highlight": false, "color": style::GREY, "width": 1,
                "start": levels[0], "end": levels[levels.len() - 1], "size": spacing(&levels),
            },
        },
        "hovertemplate": format!(
            "{} = %{{x:.4~g}}<br>{} = %{{y:.4~g}}<br>{} = %{{z:.4~g}}<extra></extra>",
            hover_label(&figure.x.name),
            hover_label(&figure.y.name),
            hover_label(&height.name),
        ),
    })];
    let mut others = 0;
    for item in &figure.drawn {
        match item {
            Drawn::Series(s) => traces.push(lifted(s, grid, scene, shared)),
            _ => others += 1,
        }
    }
    if others > 0 {
        shared.note(format!("{others} other parts of the figure left out: only series lie on a surface"));
    }
    traces
}

/// A series laid on the surface. Lines follow it from cell to cell, a hair above, so that they are not cut by it.
fn lifted(s: &Series, grid: &Grid, scene: &str, shared: &mut Shared) -> Value {
    let hair = grid.ends().map_or(0.0, |(low, high)| 0.008 * (high - low));
    let on = |(x, y): (f64, f64)| grid.at(x, y).map(|z| (x, y, z + hair));
    let line = s.mark == Mark::Line && s.x.len() > 1;
    let points: Vec<Option<(f64, f64, f64)>> = if line {
        let ends = s.x.windows(2).zip(s.y.windows(2));
        let legs = ends.flat_map(|(x, y)| grid.walk((x[0], y[0]), (x[1], y[1])));
        legs.map(|p| p.and_then(on)).collect()
    } else {
        s.x.iter().zip(&s.y).map(|(&x, &y)| on((x, y))).collect()
    };
    let lost = s.x.iter().zip(&s.y).filter(|(x, y)| !x.is_finite() || !y.is_finite()).count();
    if lost > 0 {
        shared.note(format!("{lost} of {} points{} left out: not finite", s.x.len(), of(&s.name)));
    }
    let outside = s.x.iter().zip(&s.y).filter(|&(&x, &y)| grid.at(x, y).is_none()).count() - lost;
    // A line may leave the view, as on flat axes.
    if outside > 0 && !line {
        shared.note(format!("{outside} of {} points{} left out: outside the surface", s.x.len(), of(&s.name)));
    }
    let look = shared.looks.of(&s.name);
    let axis = |f: fn(&(f64, f64, f64)) -> f64| -> Vec<_> { points.iter().map(|p| p.as_ref().map(f)).collect() };
    let dash = if s.dashed { json!("longdash") } else { json!(look.dash) };
    let symbol = if s.mark == Mark::Rings { "circle-open" } else { "circle" };
    json!({
        "type": "scatter3d", "scene": scene, "mode": if line { "lines" } else { "markers" },
        "x": axis(|p| p.0), "y": axis(|p| p.1), "z": axis(|p| p.2),
        "line": {"color": look.color, "width": if s.thin { 2 } else { 6 }, "dash": dash},
        "marker": {"color": look.color, "symbol": symbol, "size": if s.thin { 2 } else { 5 }},
        "name": label(&s.name, 44), "legendgroup": s.name, "showlegend": shared.lists(&s.name),
        "hoverinfo": if s.name.is_empty() { "x+y+z" } else { "x+y+z+name" },
    })
}

/// The scene's axes and camera; where it stands is a matter of the page.
pub(super) fn scene(figure: &Figure, height: &Height) -> Value {
    let axis = |name: &str, range: Option<(f64, f64)>| {
        let mut axis = json!({
            "title": {"text": label(name, 34), "font": {"size": 13}}, "tickfont": {"size": 11}, "nticks": 6,
            "exponentformat": "power", "gridcolor": style::GRID, "zeroline": false, "showspikes": false,
            "linecolor": style::GREY, "showbackground": false,
        });
        if let Some((low, high)) = range {
            axis["range"] = json!([low, high]);
        }
        axis
    };
    // A square figure keeps its floor to scale, as far as a box stays a box.
    let ratio = match (figure.square, figure.x.range, figure.y.range) {
        (true, Some((a, b)), Some((c, d))) => ((d - c) / (b - a)).clamp(0.25, 4.0),
        _ => 1.0,
    };
    let side = |share: f64| 2.0 * share / (1.0 + ratio);
    json!({
        "xaxis": axis(&figure.x.name, figure.x.range),
        "yaxis": axis(&figure.y.name, figure.y.range),
        "zaxis": axis(&height.name, None),
        "aspectmode": "manual",
        "aspectratio": {"x": side(1.0), "y": side(ratio), "z": 0.75},
        "camera": {"center": {"x": 0.0, "y": 0.0, "z": -0.12}},
    })
}

/// The camera above the lowest corner, so that no wall hides a valley: the narrower the drawing area (`shape` is its
/// width over its height), the farther away.
pub(super) fn eye(height: &Height, shape: f64) -> Value {
    let z = &height.grid.z;
    let (last, end) = (z.len() - 1, z[0].len() - 1);
    let corners = [(-1.0, -1.0, z[0][0]), (1.0, -1.0, z[0][end]), (-1.0, 1.0, z[last][0]), (1.0, 1.0, z[last][end])];
    // The first of equal ones; a hole is no corner to look from.
    let (x, y, _) = corners
        .into_iter()
        .filter(|c| c.2.is_finite())
        .reduce(|a, b| if b.2 < a.2 { b } else { a })
        .unwrap_or(corners[0]);
    let far = (1.1 / shape).clamp(0.92, 2.5);
    json!({"x": 1.15 * x * far, "y": 1.55 * y * far, "z": 0.95 * far})
}

/// About ten round numbers between the ends.
fn round_levels((low, high): (f64, f64)) -> Vec<f64> {
    let step = (high / 10.0 - low / 10.0).max(f64::MIN_POSITIVE);
    let power = 10f64.powf(step.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].into_iter().map(|m| m * power).find(|&s| s >= step * 0.999).unwrap_or(step);
    let first = (low / step).ceil();
    let levels: Vec<f64> = (0..12).map(|i| (first + f64::from(i)) * step).take_while(|&l| l <= high).collect();
    // A flat function, or ends beyond what steps can count, has one level.
    if levels.windows(2).all(|w| w[0] < w[1]) && !levels.is_empty() { levels } else { vec![low] }
}

/// The distance of neighbouring levels.
fn spacing(levels: &[f64]) -> f64 {
    if let [first, second, ..] = levels { second - first } else { 1.0 }
}

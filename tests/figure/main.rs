//! Figures: the plotly JSON holds what was asked, nothing is dropped silently, hostile text stays text.

mod axes;
mod display;
mod hostile;
mod levels;
mod marks;
mod panels;
mod plane;
mod surface;
mod text;

use implicit_bias::prelude::*;
use serde_json::Value;

fn series(x: &[f64], y: &[f64]) -> Series {
    Series::new(x, y).unwrap()
}

fn numbers(v: &Value) -> Vec<f64> {
    v.as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect()
}

fn title(json: &Value) -> &str {
    json["layout"]["title"]["text"].as_str().unwrap()
}

fn square() -> Dataset {
    Dataset::new(array![[1.0, 2.0], [3.0, 1.0], [-1.0, -2.0]], array![1.0, 1.0, -1.0]).unwrap()
}

/// A bowl over a view to scale, with a path that leaves the view.
fn bowl() -> Figure {
    let path = series(&[-1.0, 0.0, 5.0], &[0.5, 0.0, 1.0]).named("path");
    let view = Figure::new("a", "b").square().x_range(-2.0, 2.0).unwrap().y_range(-1.0, 1.0).unwrap();
    view.lines([path, series(&[0.0], &[0.5]).named("start").points()])
}

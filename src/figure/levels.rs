//! Level lines of a function over the plane, with fills and a colour bar.

use super::plane::Grid;
use super::spec::value;
use super::text::{hover_label, label};
use super::traces::{Shared, of};
use super::{Drawn, Figure, style};
use crate::error::{Error, Result, finite};
use crate::show::number;
use plotly::Contour;
use plotly::common::Line;
use plotly::contour::{Coloring, Contours};
use serde_json::{Value, json};

/// More level lines than this are a fill, and plotly takes seconds for them.
const MOST_LEVELS: usize = 100;

/// The levels z₀ < z₁ < …, numbered 0, 1, … so that neighbours lie one apart whatever their distance.
#[derive(Clone)]
pub(super) struct Levels(pub(super) Vec<f64>);

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

impl Levels {
    fn new(levels: Vec<f64>) -> Result<Self> {
        if levels.is_empty() || levels.len() > MOST_LEVELS {
            let expected = format!("1 to {MOST_LEVELS} levels");
            return Err(Error::argument("Figure::contours(levels)", expected, levels.len()));
        }
        for (i, &level) in levels.iter().enumerate() {
            finite(format_args!("Figure::contours levels[{i}]"), level)?;
        }
        if let Some(i) = (1..levels.len()).find(|&i| levels[i] <= levels[i - 1]) {
            let found = format!("{} after {}", levels[i], levels[i - 1]);
            return Err(Error::argument(format_args!("Figure::contours levels[{i}]"), "rising levels", found));
        }
        Ok(Self(levels))
    }

    /// Where `z` stands among the levels: i on level i, in between by interpolation (of logarithms where all levels
    /// are above zero), outside by extrapolation.
    fn place(&self, z: f64) -> f64 {
        let levels = &self.0;
        let log = levels[0] > 0.0;
        let t = |z: f64| if log { z.max(0.0).ln() } else { z };
        let i = levels.partition_point(|&l| l <= z).clamp(1, levels.len().max(2) - 1);
        let (low, high) = match levels.get(i) {
            Some(&high) => (t(levels[i - 1]), t(high)),
            None => (t(levels[0]), t(levels[0]) + 1.0),
        };
        // Far outside, only the side matters; differences are halved so that 1e308 − (−1e308) stays finite.
        let share = (t(z) / 2.0 - low / 2.0) / (high / 2.0 - low / 2.0);
        // Levels whose logarithms agree to the last bit are one line.
        let share = if share.is_nan() { 0.0 } else { share };
        ((i - 1) as f64 + share).clamp(-1e3, 1e3)
    }

    /// The colour axis: its ends half a step beyond the levels, as plotly colours the fills.
    pub(super) fn axis(&self, name: &str) -> Value {
        let n = self.0.len();
        // A panel's height holds about fifteen labels.
        let every = n.div_ceil(15);
        let kept = (0..n).step_by(every);
        json!({
            "cmin": -0.5, "cmax": n as f64 - 0.5, "colorscale": style::SCALE,
            "colorbar": {
                "title": {"text": label(name, 34), "side": "right", "font": {"size": 13}},
                "tickmode": "array",
                "tickvals": kept.clone().collect::<Vec<_>>(),
                "ticktext": kept.map(|i| tick(self.0[i])).collect::<Vec<_>>(),
                "tickfont": {"size": 11}, "ticks": "outside", "ticklen": 3, "tickcolor": style::GREY,
                "thickness": 12, "outlinewidth": 0, "xanchor": "left", "yanchor": "top", "xpad": 6, "ypad": 0,
            },
        })
    }

    pub(super) fn words(&self) -> String {
        self.0.iter().map(|&l| number(l)).collect::<Vec<_>>().join(", ")
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

/// A level on the colour bar: powers of ten as such, where plain digits run long.
fn tick(level: f64) -> String {
    let text = number(level);
    match text.split_once('e') {
        Some(("1", power)) => format!("10<sup>{}</sup>", power.replace('-', "−")),
        Some((digits, power)) => {
            format!("{}·10<sup>{}</sup>", digits.replace('-', "−"), power.replace('-', "−"))
        }
        // 0.001, 0.01 and 1000 read best among other powers of ten.
        None if level > 0.0 && level != 0.1 && !(0.1..=100.0).contains(&level) && level.log10().fract() == 0.0 => {
            format!("10<sup>{}</sup>", format!("{}", level.log10()).replace('-', "−"))
        }
        None => text.replace('-', "−"),
    }
}

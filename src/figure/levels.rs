//! The levels of level lines, and their colour bar.

use super::style;
use super::text::label;
use crate::error::{Error, Result, finite};
use crate::show::number;
use serde_json::{Value, json};

/// More level lines than this are a fill, and plotly takes seconds for them.
const MOST_LEVELS: usize = 100;

/// The levels z₀ < z₁ < …, numbered 0, 1, … so that neighbours lie one apart whatever their distance.
#[derive(Clone)]
pub(super) struct Levels(pub(super) Vec<f64>);

impl Levels {
    pub(super) fn new(levels: Vec<f64>) -> Result<Self> {
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
    pub(super) fn place(&self, z: f64) -> f64 {
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

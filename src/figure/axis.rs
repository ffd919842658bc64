//! One axis of a figure: what has a place on it, and how plotly is told.

use super::json::value;
use super::style;
use super::text::label;
use crate::error::{Error, Result, finite};
use plotly::common::{ExponentFormat, Font, Title};
use plotly::layout::{AxisConstrain, AxisType, TicksDirection};
use serde_json::{Value, json};

/// Beyond this plotly leaves values on linear axes out of its ranges.
pub(super) const LARGEST: f64 = 1e304;
/// One axis: its name with unit, its scale, its range in data units.
#[derive(Clone)]
pub(super) struct Axis {
    pub(super) name: String,
    pub(super) log: bool,
    pub(super) range: Option<(f64, f64)>,
}

impl Axis {
    /// `v`, unless the axis has no place for it.
    pub(super) fn place(&self, v: f64) -> Option<f64> {
        let fits = if self.log { v > 0.0 && v.is_finite() } else { v.abs() <= LARGEST };
        fits.then_some(v)
    }

    /// What a note says about values without a place.
    pub(super) fn refusal(&self) -> &'static str {
        if self.log { "≤ 0 or not finite on a log axis" } else { "not finite or beyond ±1e304" }
    }

    /// Annotations take the logarithm on a log axis, everything else plain values.
    pub(super) fn annotated(&self, v: f64) -> f64 {
        if self.log { v.log10() } else { v }
    }

    /// The axis in plotly's terms, standing at the axis `other`.
    pub(super) fn json(&self, extent: Extent, other: &str) -> Value {
        let axis = plotly::layout::Axis::new()
            .title(Title::with_text(label(&self.name, 46)))
            .type_(if self.log { AxisType::Log } else { AxisType::Linear })
            .anchor(other)
            .auto_margin(true)
            .constrain(AxisConstrain::Domain)
            .show_line(true)
            .line_color(style::GREY)
            .grid_color(style::GRID)
            .zero_line(false)
            .ticks(TicksDirection::Outside)
            .tick_color(style::GREY)
            .tick_length(4)
            .tick_font(Font::new().size(12))
            .hover_format(".5~g");
        let largest = extent.low.abs().max(extent.high.abs());
        // Powers of ten on log axes and where plain digits run long; never SI letters.
        let powers = self.log || (extent.low <= extent.high && largest != 0.0 && !(1e-3..1e6).contains(&largest));
        let axis = if powers {
            axis.exponent_format(ExponentFormat::Power)
        } else {
            axis.exponent_format(ExponentFormat::None).separate_thousands(true)
        };
        let axis = match self.range {
            Some((a, b)) if self.log && a > 0.0 => axis.range(vec![a.log10(), b.log10()]),
            Some((a, b)) if !self.log => axis.range(vec![a, b]),
            _ => axis,
        };
        let mut axis = value(axis);
        axis["title"]["standoff"] = json!(8);
        if self.log {
            // Over several decades only powers of ten carry labels, which plotly enlarges by a quarter; ticks in between
            // are bare. Within one decade plotly labels too many.
            let (low, high) = self.range.unwrap_or((extent.low, extent.high));
            if high / low >= 1e3 {
                axis["nticks"] = json!(7);
                axis["tickfont"]["size"] = json!(10);
            } else if high / low < 10.0 {
                axis["nticks"] = json!(4);
            }
            axis["minor"] = json!({"ticks": "outside", "ticklen": 2, "tickcolor": style::GREY});
        }
        axis
    }
}

/// The smallest and the largest drawn value of an axis.
#[derive(Clone, Copy)]
pub(super) struct Extent {
    pub(super) low: f64,
    pub(super) high: f64,
}

impl Extent {
    pub(super) const NONE: Self = Self { low: f64::INFINITY, high: f64::NEG_INFINITY };

    pub(super) fn add(&mut self, v: f64) {
        self.low = self.low.min(v);
        self.high = self.high.max(v);
    }
}

/// Checks an axis range.
pub(super) fn range(what: &str, low: f64, high: f64, log: bool) -> Result<(f64, f64)> {
    finite(format_args!("{what}(low)"), low)?;
    finite(format_args!("{what}(high)"), high)?;
    if low >= high || !(high - low).is_finite() {
        return Err(Error::argument(what, "low < high, a finite distance apart", format_args!("{low} and {high}")));
    }
    if log && low <= 0.0 {
        return Err(Error::argument(format_args!("{what}(low)"), "> 0 on a log axis", low));
    }
    Ok((low, high))
}

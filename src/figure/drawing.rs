//! A figure as it is built: two axes, and what is drawn over them.

use super::axis::{Axis, range};
use super::grid::{Grid, Height};
use super::levels::Levels;
use super::series::{Band, Series};
use crate::error::{Error, Result};
use std::fmt;

/// One drawing over two named axes.
///
/// What cannot be drawn (a NaN, a value ≤ 0 on a log axis) is left out and counted in a note under the title.
#[derive(Clone)]
pub struct Figure {
    pub(super) title: String,
    pub(super) x: Axis,
    pub(super) y: Axis,
    pub(super) square: bool,
    pub(super) drawn: Vec<Drawn>,
    /// The surface that makes the figure one in space.
    pub(super) height: Option<Height>,
}

/// What a figure holds, in the order it was added.
#[derive(Clone)]
pub(super) enum Drawn {
    Series(Series),
    Band(Band),
    Classes { x: Vec<[f64; 2]>, y: Vec<f64> },
    Regions(Grid),
    Boundary { name: String, grid: Grid },
    Contours { name: String, levels: Levels, grid: Grid },
    Horizontal { y: f64, label: String },
    Vertical { x: f64, label: String },
    Text { x: f64, y: f64, text: String },
}

impl Figure {
    /// An empty figure; the axes' names carry their units, as in `"time t (s)"`, or the symbol where there is no unit.
    /// In all texts of a figure `_{F}` and `^{2}` are set below and above the line: `"‖W_{1}‖_{F}"`.
    pub fn new(x: impl Into<String>, y: impl Into<String>) -> Self {
        let axis = |name| Axis { name, log: false, range: None };
        Self { title: String::new(), x: axis(x.into()), y: axis(y.into()), square: false, drawn: vec![], height: None }
    }

    /// The line above the figure.
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = title.into();
        self
    }

    /// A logarithmic x axis with ticks at powers of ten.
    pub fn log_x(mut self) -> Self {
        self.x.log = true;
        self
    }

    /// A logarithmic y axis with ticks at powers of ten.
    pub fn log_y(mut self) -> Self {
        self.y.log = true;
        self
    }

    /// The x axis from `low` to `high`, in data units on a log axis too.
    ///
    /// # Errors
    /// An end that is not finite, or low ≥ high. Ask for a log axis first, so that ends ≤ 0 are refused.
    pub fn x_range(mut self, low: f64, high: f64) -> Result<Self> {
        self.x.range = Some(range("Figure::x_range", low, high, self.x.log)?);
        Ok(self)
    }

    /// The y axis from `low` to `high`, in data units on a log axis too.
    ///
    /// # Errors
    /// As [`Figure::x_range`].
    pub fn y_range(mut self, low: f64, high: f64) -> Result<Self> {
        self.y.range = Some(range("Figure::y_range", low, high, self.y.log)?);
        Ok(self)
    }

    /// One unit of x as long as one unit of y, as in a picture of data.
    pub fn square(mut self) -> Self {
        self.square = true;
        self
    }

    /// Adds series, each in its own style: a line unless it says [`Series::points`] or
    /// [`Series::rings`].
    pub fn lines(mut self, series: impl IntoIterator<Item = Series>) -> Self {
        self.drawn.extend(series.into_iter().map(Drawn::Series));
        self
    }

    /// Adds series as separate points.
    pub fn points(self, series: impl IntoIterator<Item = Series>) -> Self {
        self.lines(series.into_iter().map(Series::points))
    }

    /// Adds bands, drawn beneath all lines.
    pub fn bands(mut self, bands: impl IntoIterator<Item = Band>) -> Self {
        self.drawn.extend(bands.into_iter().map(Drawn::Band));
        self
    }

    /// A labelled reference line at height `y`.
    pub fn hline(mut self, y: f64, label: impl Into<String>) -> Self {
        self.drawn.push(Drawn::Horizontal { y, label: label.into() });
        self
    }

    /// A labelled reference line at `x`.
    pub fn vline(mut self, x: f64, label: impl Into<String>) -> Self {
        self.drawn.push(Drawn::Vertical { x, label: label.into() });
        self
    }

    /// A text with an arrow to the point (x, y).
    pub fn annotate(mut self, x: f64, y: f64, text: impl Into<String>) -> Self {
        self.drawn.push(Drawn::Text { x, y, text: text.into() });
        self
    }

    /// Both ranges, or an error that says how to give them.
    pub(super) fn ranges(&self, what: &str) -> Result<((f64, f64), (f64, f64))> {
        match (self.x.range, self.y.range) {
            (Some(x), Some(y)) => Ok((x, y)),
            _ => Err(Error::argument(what, "a figure with x_range and y_range, such as Figure::plane's", "none")),
        }
    }

    /// f on the grid over the ranges.
    pub(super) fn evaluate(&self, what: &str, f: impl FnMut(f64, f64) -> Result<f64>) -> Result<Grid> {
        let (x, y) = self.ranges(what)?;
        Grid::of(x, y, f)
    }
}

impl fmt::Debug for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Figure({:?} over {:?}, {} drawn)", self.y.name, self.x.name, self.drawn.len())
    }
}

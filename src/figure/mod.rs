//! Figures: named axes, series, bands, data planes, level lines and surfaces, several panels with one legend.
//!
//! A figure is built by value in one chain and is the last line of its cell:
//!
//! ```
//! use implicit_bias::figure::{Figure, Series};
//! let risk = Series::new([1.0, 10.0, 100.0], [0.6, 0.1, 0.01])?.named("constant step 0.01");
//! let ratio = Series::new([1.0, 10.0, 100.0], [0.8, 0.9, 0.99])?.named("constant step 0.01");
//! let left = Figure::new("step t", "risk R").log_x().log_y().lines([risk]);
//! let right = Figure::new("step t", "‖W_{1}‖_{2} / ‖W_{1}‖_{F}").log_x().lines([ratio]).hline(1.0, "rank one");
//! let both = Figure::row([left, right])?.title("Risk and alignment go together");
//! assert!(both.to_string().contains("risk R"));
//! # Ok::<(), implicit_bias::error::Error>(())
//! ```
//!
//! Drawing is done by plotly.js, which the first figure shown in a notebook carries along; nothing is fetched.

mod arrange;
mod display;
mod levels;
pub(crate) mod library;
mod panels;
mod plane;
mod rows;
mod series;
mod spec;
mod style;
mod surface;
mod text;
mod traces;

pub use panels::Panels;
pub use series::{Band, Series};

use crate::error::{Error, Result, finite};
use std::fmt;

/// One drawing over two named axes.
///
/// What cannot be drawn (a NaN, a value ≤ 0 on a log axis) is left out and counted in a note under the title.
#[derive(Clone)]
pub struct Figure {
    title: String,
    x: Axis,
    y: Axis,
    square: bool,
    drawn: Vec<Drawn>,
    /// The surface that makes the figure one in space.
    height: Option<surface::Height>,
}

/// One axis: its name with unit, its scale, its range in data units.
#[derive(Clone)]
struct Axis {
    name: String,
    log: bool,
    range: Option<(f64, f64)>,
}

/// What a figure holds, in the order it was added.
#[derive(Clone)]
enum Drawn {
    Series(Series),
    Band(Band),
    Classes { x: Vec<[f64; 2]>, y: Vec<f64> },
    Regions(plane::Grid),
    Boundary { name: String, grid: plane::Grid },
    Contours { name: String, levels: levels::Levels, grid: plane::Grid },
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

    /// Figures side by side with one legend; on a narrow page they stand one below the other.
    ///
    /// # Errors
    /// No figure.
    pub fn row(figures: impl IntoIterator<Item = Self>) -> Result<Panels> {
        let figures: Vec<_> = figures.into_iter().collect();
        let columns = figures.len();
        Self::grid(columns, figures)
    }

    /// Figures one below the other with one legend.
    ///
    /// # Errors
    /// No figure.
    pub fn column(figures: impl IntoIterator<Item = Self>) -> Result<Panels> {
        Self::grid(1, figures)
    }

    /// Figures in rows of `columns` with one legend.
    ///
    /// # Errors
    /// No figure, or no columns.
    pub fn grid(columns: usize, figures: impl IntoIterator<Item = Self>) -> Result<Panels> {
        let figures: Vec<_> = figures.into_iter().collect();
        if figures.is_empty() {
            return Err(Error::argument("panels of a figure", "at least one figure", "none"));
        }
        if columns == 0 {
            return Err(Error::argument("Figure::grid(columns)", "at least 1", 0));
        }
        Ok(Panels::new(columns.min(figures.len()), figures))
    }
}

impl fmt::Debug for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Figure({:?} over {:?}, {} drawn)", self.y.name, self.x.name, self.drawn.len())
    }
}

/// Checks an axis range.
fn range(what: &str, low: f64, high: f64, log: bool) -> Result<(f64, f64)> {
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

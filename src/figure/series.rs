//! What a figure draws over an x axis: a series of points and a band between two curves.

use crate::error::{Error, Result};
use std::fmt;

/// How a [`Series`] is drawn.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Mark {
    Line,
    Points,
    Rings,
}

/// The points (xᵢ, yᵢ), i = 1…n, with the name that the legend shows.
///
/// Infinite and NaN entries are allowed, since a diverging run has them; the figure leaves them out and says so.
/// Series of one name share one colour, one dash and one legend entry, also across the panels of a [`super::Panels`].
///
/// ```
/// use implicit_bias::figure::Series;
/// let risk = Series::new(vec![1.0, 10.0, 100.0], vec![0.7, 0.1, 0.01])?.named("constant step").dashed();
/// assert!(Series::new(vec![1.0], vec![]).is_err());
/// # Ok::<(), implicit_bias::error::Error>(())
/// ```
#[derive(Clone)]
pub struct Series {
    pub(super) x: Vec<f64>,
    pub(super) y: Vec<f64>,
    pub(super) name: String,
    pub(super) hover: Vec<String>,
    pub(super) mark: Mark,
    pub(super) dashed: bool,
    pub(super) thin: bool,
}

impl Series {
    /// Pairs `x` and `y`, both of length n ≥ 1, drawn as a line unless told otherwise.
    ///
    /// # Errors
    /// No points, or lengths that differ.
    pub fn new(x: impl Into<Vec<f64>>, y: impl Into<Vec<f64>>) -> Result<Self> {
        let (x, y) = (x.into(), y.into());
        same_length("Series y", x.len(), y.len())?;
        if x.is_empty() {
            return Err(Error::shape("Series x", "(n ≥ 1)", "(0)"));
        }
        Ok(Self { x, y, name: String::new(), hover: vec![], mark: Mark::Line, dashed: false, thin: false })
    }

    /// The name in the legend. A series without a name has no legend entry.
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// Drawn as separate points instead of a line.
    pub fn points(mut self) -> Self {
        self.mark = Mark::Points;
        self
    }

    /// Drawn as rings around the points of something else, such as support vectors.
    pub fn rings(mut self) -> Self {
        self.mark = Mark::Rings;
        self
    }

    /// Dashed, such as a bound or a prediction beside a measurement.
    pub fn dashed(mut self) -> Self {
        self.dashed = true;
        self
    }

    /// Thin and pale, such as one seed among many.
    pub fn thin(mut self) -> Self {
        self.thin = true;
        self
    }

    /// A text for each point, shown when the reader points at it.
    ///
    /// # Errors
    /// Another number of texts than of points.
    pub fn hover(mut self, texts: impl IntoIterator<Item = impl Into<String>>) -> Result<Self> {
        self.hover = texts.into_iter().map(Into::into).collect();
        same_length("Series hover texts", self.x.len(), self.hover.len())?;
        Ok(self)
    }

    /// The abscissas, length n.
    pub fn x(&self) -> &[f64] {
        &self.x
    }

    /// The ordinates, length n.
    pub fn y(&self) -> &[f64] {
        &self.y
    }
}

impl fmt::Debug for Series {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Series({:?}, {} points)", self.name, self.x.len())
    }
}

/// The region lowerᵢ ≤ y ≤ upperᵢ over xᵢ, such as the envelope of several seeds.
///
/// A band with the name of a series takes that series' colour.
#[derive(Clone)]
pub struct Band {
    pub(super) x: Vec<f64>,
    pub(super) lower: Vec<f64>,
    pub(super) upper: Vec<f64>,
    pub(super) name: String,
}

impl Band {
    /// A band from its two curves, all three of length n ≥ 1.
    ///
    /// # Errors
    /// No points, lengths that differ, or lowerᵢ > upperᵢ somewhere.
    pub fn new(x: impl Into<Vec<f64>>, lower: impl Into<Vec<f64>>, upper: impl Into<Vec<f64>>) -> Result<Self> {
        let (x, lower, upper) = (x.into(), lower.into(), upper.into());
        same_length("Band lower", x.len(), lower.len())?;
        same_length("Band upper", x.len(), upper.len())?;
        if x.is_empty() {
            return Err(Error::shape("Band x", "(n ≥ 1)", "(0)"));
        }
        if let Some(i) = (0..x.len()).find(|&i| lower[i] > upper[i]) {
            let found = format!("{} > {}", lower[i], upper[i]);
            return Err(Error::argument(format_args!("Band at index {i}"), "lower ≤ upper", found));
        }
        Ok(Self { x, lower, upper, name: String::new() })
    }

    /// The pointwise envelope minₛ yₛ(x) … maxₛ yₛ(x) of several series over the same x, named after the first.
    ///
    /// ```
    /// use implicit_bias::figure::{Band, Series};
    /// let seed = |c: f64| Series::new([1.0, 2.0], [c, c / 2.0]);
    /// let band = Band::envelope(&[seed(1.0)?, seed(3.0)?])?.named("2 seeds");
    /// # Ok::<(), implicit_bias::error::Error>(())
    /// ```
    ///
    /// # Errors
    /// No series, abscissas that differ, or a NaN.
    pub fn envelope(series: &[Series]) -> Result<Self> {
        let first = series.first().ok_or_else(|| Error::shape("Band::envelope", "at least one series", "none"))?;
        let (mut lower, mut upper) = (first.y.clone(), first.y.clone());
        for (s, other) in series.iter().enumerate() {
            if other.x != first.x {
                let what = format!("Band::envelope series {s}");
                return Err(Error::argument(what, "the abscissas of series 0", "others"));
            }
            for (i, &y) in other.y.iter().enumerate() {
                if y.is_nan() {
                    return Err(Error::NotFinite { what: format!("Band::envelope series {s}, y[{i}]"), found: y });
                }
                lower[i] = lower[i].min(y);
                upper[i] = upper[i].max(y);
            }
        }
        Ok(Self::new(first.x.clone(), lower, upper)?.named(first.name.clone()))
    }

    /// The name in the legend.
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }
}

impl fmt::Debug for Band {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Band({:?}, {} points)", self.name, self.x.len())
    }
}

/// Checks one length against the length of x.
fn same_length(what: &str, expected: usize, found: usize) -> Result<()> {
    if expected == found {
        return Ok(());
    }
    Err(Error::shape(what, format_args!("({expected}) to match x"), format_args!("({found})")))
}

//! Several figures as one, for a cell shows one thing.

use super::Figure;
use crate::error::{Error, Result};
use std::fmt;

/// Figures in a grid with one legend: a name looks the same in every panel.
///
/// Made by [`Figure::row`], [`Figure::column`] and [`Figure::grid`], or by [`Panels::over`] with a figure for each item.
/// Each figure's title becomes its panel's.
#[derive(Clone)]
pub struct Panels {
    pub(super) title: String,
    pub(super) columns: usize,
    pub(super) figures: Vec<Figure>,
}

impl Panels {
    /// Both numbers are at least 1: [`Figure::grid`] has checked.
    pub(super) fn new(columns: usize, figures: Vec<Figure>) -> Self {
        Self { title: String::new(), columns, figures }
    }

    /// A panel for each item: a depth, a setting, a group of rows. Up to three stand side by side, four in two rows, more
    /// in rows of three; [`Panels::columns`] arranges them otherwise.
    ///
    /// ```
    /// use implicit_bias::prelude::*;
    /// let panels = Panels::over([1, 2, 3], |power| {
    ///     let curve = Series::of(0..=10, |x| f64::from(*x), |x| f64::from(*x).powi(power))?;
    ///     Ok(Figure::new("x", "y").lines([curve]).title(format!("power {power}")))
    /// })?;
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// The first that a figure gives; no items.
    pub fn over<T>(items: impl IntoIterator<Item = T>, figure: impl FnMut(T) -> Result<Figure>) -> Result<Self> {
        let figures = items.into_iter().map(figure).collect::<Result<Vec<_>>>()?;
        let columns = if figures.len() == 4 { 2 } else { 3 };
        Figure::grid(columns, figures)
    }

    /// Rows of so many panels.
    ///
    /// # Errors
    /// 0.
    pub fn columns(mut self, columns: usize) -> Result<Self> {
        if columns == 0 {
            return Err(Error::argument("Panels::columns(columns)", "at least 1", 0));
        }
        self.columns = columns.min(self.figures.len());
        Ok(self)
    }

    /// The line above all panels.
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = title.into();
        self
    }
}

impl fmt::Debug for Panels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.figures).finish()
    }
}

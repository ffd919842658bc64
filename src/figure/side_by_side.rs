//! Figures that stand together.

use super::drawing::Figure;
use super::panels::Panels;
use crate::error::{Error, Result};

impl Figure {
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

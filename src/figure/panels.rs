//! Several figures as one, for a cell shows one thing.

use super::Figure;
use std::fmt;

/// Figures in a grid with one legend: a name looks the same in every panel.
///
/// Made by [`Figure::row`], [`Figure::column`] and [`Figure::grid`]. Each figure's title becomes its panel's.
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

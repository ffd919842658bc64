//! A figure or several panels, as what draws them sees them.

use super::axis::LARGEST;
use super::drawing::{Drawn, Figure};
use super::panels::Panels;
use super::shared::Shared;
use super::style::Looks;
use std::collections::BTreeSet;

/// A figure or several panels, as the display sees them.
pub(super) struct Subplots<'a> {
    pub(super) title: &'a str,
    pub(super) columns: usize,
    pub(super) figures: &'a [Figure],
    /// Whether the one figure's title is the whole title.
    pub(super) alone: bool,
}

impl Subplots<'_> {
    /// The state in which drawing begins.
    pub(super) fn shared(&self) -> Shared {
        let drawn = || self.figures.iter().flat_map(|f| &f.drawn);
        let classes = drawn().any(|d| matches!(d, Drawn::Classes { .. } | Drawn::Contours { .. }))
            || self.figures.iter().any(|f| f.height.is_some());
        let curves = drawn().filter_map(|d| match d {
            Drawn::Series(s) => Some(s.name.clone()),
            _ => None,
        });
        let mut notes = vec![];
        for figure in self.figures {
            for (axis, which) in [(&figure.x, "x"), (&figure.y, "y")] {
                if axis.name.trim().is_empty() {
                    notes.push(format!("the {which} axis has no name"));
                }
                if let Some((low, _)) = axis.range.filter(|r| axis.log && r.0 <= 0.0) {
                    notes.push(format!("the {which} range from {low} has no place on a log axis"));
                }
                if let Some((low, high)) = axis.range.filter(|r| !axis.log && r.0.abs().max(r.1.abs()) > LARGEST) {
                    notes.push(format!(
                        "the {which} range from {low:e} to {high:e} goes beyond ±1e304 and is not drawn"
                    ));
                }
            }
        }
        Shared { looks: Looks::new(classes), listed: BTreeSet::new(), curves: curves.collect(), notes }
    }
}

impl Figure {
    pub(super) fn view(&self) -> Subplots<'_> {
        Subplots { title: &self.title, columns: 1, figures: std::slice::from_ref(self), alone: true }
    }
}

impl Panels {
    pub(super) fn view(&self) -> Subplots<'_> {
        Subplots { title: &self.title, columns: self.columns, figures: &self.figures, alone: false }
    }
}

/// plotly's axis ids: x, x2, x3, …
pub(super) fn suffix(panel: usize) -> String {
    if panel == 0 { String::new() } else { (panel + 1).to_string() }
}

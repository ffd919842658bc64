//! What all panels of a figure share while it is drawn: looks, legend entries, notes.

use super::grid::Grid;
use super::style::Looks;
use std::collections::BTreeSet;

/// What all panels of a figure share while it is drawn.
pub(super) struct Shared {
    pub(super) looks: Looks,
    /// Names that already have their legend entry.
    pub(super) listed: BTreeSet<String>,
    /// Names of curves: a band of such a name needs no legend entry of its own.
    pub(super) curves: BTreeSet<String>,
    pub(super) notes: Vec<String>,
}

impl Shared {
    /// Adds a note; curves of one name that share it (one of them a seed, say) say it once.
    pub(super) fn note(&mut self, note: String) {
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }

    /// Whether a mark of this name is the first one, which carries the legend entry.
    pub(super) fn lists(&mut self, name: &str) -> bool {
        !name.is_empty() && self.listed.insert(name.to_owned())
    }

    /// Notes how many grid values cannot be drawn.
    pub(super) fn holes(&mut self, what: &str, grid: &Grid, lost: fn(f64) -> bool) {
        let holes = grid.z.iter().flatten().filter(|&&v| lost(v)).count();
        if holes > 0 {
            let n = grid.x.len() * grid.y.len();
            self.note(format!("{what}: {holes} of {n} values not finite"));
        }
    }
}

/// ` of “name”`, or nothing where there is no name.
pub(super) fn of(name: &str) -> String {
    if name.is_empty() { String::new() } else { format!(" of “{name}”") }
}

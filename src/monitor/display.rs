//! How monitors show what they found.

use super::{Monitors, Watched};
use crate::show::{Bundle, number, table};
use crate::table::Table;
use std::fmt;

const HEAD: [&str; 9] =
    ["monitor", "place", "seen", "applied", "worst step", "left side", "right side", "slack", "verdict"];

impl Monitors {
    /// Called by the evcxr kernel: one row a monitor.
    pub fn evcxr_display(&self) {
        Bundle::new().html(table(HEAD, self.rows())).plain(self).print();
    }

    fn rows(&self) -> Vec<[String; 9]> {
        self.watched().iter().map(row).collect()
    }
}

fn row(watched: &Watched) -> [String; 9] {
    let worst = |value: fn(&super::Sighting) -> String| watched.worst.as_ref().map_or("–".into(), value);
    [
        watched.monitor.to_string(),
        watched.monitor.place().into(),
        watched.seen.to_string(),
        watched.applied.to_string(),
        worst(|w| w.step.to_string()),
        worst(|w| number(w.left)),
        worst(|w| number(w.right)),
        worst(|w| number(w.slack)),
        verdict(watched),
    ]
}

fn verdict(watched: &Watched) -> String {
    match (&watched.first, &watched.worst) {
        (Some(first), Some(worst)) => format!(
            "violated at step {}, by {}; at {} of {} states",
            first.step,
            number(-worst.slack),
            watched.violations,
            watched.applied
        ),
        (None, Some(_)) => "holds".into(),
        _ => "never applied".into(),
    }
}

impl fmt::Display for Monitors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match Table::new(HEAD, self.rows()) {
            Ok(table) => write!(f, "{table}"),
            Err(_) => Err(fmt::Error),
        }
    }
}

impl fmt::Debug for Monitors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

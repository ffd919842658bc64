//! The whole figure in words.

use super::axis::{Axis, Extent};
use super::drawing::Drawn;
use super::subplots::{Subplots, suffix};
use crate::show::number;
use std::fmt;

impl fmt::Display for Subplots<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let title = if self.alone { &self.figures[0].title } else { self.title };
        writeln!(f, "{}", if title.is_empty() { "Figure" } else { title })?;
        for figure in self.figures {
            if !self.alone && !figure.title.is_empty() {
                writeln!(f, "{}", figure.title)?;
            }
            let log = |axis: &Axis| if axis.log { " (log axis)" } else { "" };
            let (x, y) = figure.extents();
            let ends = |e: Extent| format!("{} … {}", number(e.low), number(e.high));
            let (over, up) = if x.low <= x.high { (ends(x), ends(y)) } else { ("no data".into(), "no data".into()) };
            writeln!(f, "  x: {}{}, {over}", figure.x.name, log(&figure.x))?;
            writeln!(f, "  y: {}{}, {up}", figure.y.name, log(&figure.y))?;
            if let Some(height) = &figure.height {
                let (low, high) = height.grid.ends().unwrap_or_default();
                writeln!(f, "  z: {}, {} … {} (a surface)", height.name, number(low), number(high))?;
            }
            for item in &figure.drawn {
                match item {
                    Drawn::Series(s) => writeln!(f, "  “{}”: {} points", s.name, s.x.len())?,
                    Drawn::Band(b) => writeln!(f, "  “{}”: band over {} points", b.name, b.x.len())?,
                    Drawn::Classes { y, .. } => {
                        let plus = y.iter().filter(|l| **l > 0.0).count();
                        writeln!(f, "  data: {plus} points of y = +1, {} of y = −1", y.len() - plus)?;
                    }
                    Drawn::Regions(_) => writeln!(f, "  decision regions")?,
                    Drawn::Boundary { name, .. } => writeln!(f, "  “{name}”: boundary")?,
                    Drawn::Contours { name, levels, .. } => {
                        writeln!(f, "  “{name}”: level lines at {}", levels.words())?
                    }
                    Drawn::Horizontal { y, label } => writeln!(f, "  “{label}”: y = {}", number(*y))?,
                    Drawn::Vertical { x, label } => writeln!(f, "  “{label}”: x = {}", number(*x))?,
                    Drawn::Text { x, y, text } => writeln!(f, "  “{text}” at ({}, {})", number(*x), number(*y))?,
                }
            }
        }
        let mut shared = self.shared();
        for (i, figure) in self.figures.iter().enumerate() {
            figure.panel(&suffix(i), &mut shared);
        }
        shared.notes.iter().try_for_each(|note| writeln!(f, "  note: {note}"))
    }
}

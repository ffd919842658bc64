//! Texts: labels as plotly reads them, and the whole figure in words.

use super::spec::{View, suffix};
use super::traces::Extent;
use super::{Axis, Drawn};
use crate::show::number;
use std::fmt;

/// Text for plotly, which reads tags in its labels: escaped, broken between words after `width` characters, with
/// `_{…}` set below and `^{…}` above the line.
pub(super) fn label(text: &str, width: usize) -> String {
    let (mut out, mut column) = (String::new(), 0);
    for word in text.split_whitespace() {
        let length = word.chars().count();
        if column > 0 {
            let fits = column + 1 + length <= width;
            out += if fits { " " } else { "<br>" };
            column = if fits { column + 1 } else { 0 };
        }
        let escaped = word.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        out += &raised(&raised(&escaped, "_{", "sub"), "^{", "sup");
        column += length;
    }
    out
}

/// [`label`] within a hover template, where plotly takes `%{…}` for its variables.
pub(super) fn hover_label(text: &str) -> String {
    label(text, 34).replace("%{", "&#37;{")
}

/// Puts what stands between `open` and the next brace into a tag.
fn raised(word: &str, open: &str, tag: &str) -> String {
    match word.split_once(open).and_then(|(before, rest)| Some((before, rest.split_once('}')?))) {
        Some((before, (inside, after))) => {
            format!("{before}<{tag}>{inside}</{tag}>{}", raised(after, open, tag))
        }
        None => word.to_owned(),
    }
}

/// Rows that a horizontal legend takes: an entry is its sample and its text, about 7 px a character.
pub(super) fn legend_lines(names: &[&str], width: usize) -> usize {
    let (mut lines, mut used) = (usize::from(!names.is_empty()), 0);
    for name in names {
        let entry = 55 + 7 * name.chars().count().min(44);
        if used > 0 && used + entry > width {
            lines += 1;
            used = 0;
        }
        used += entry;
    }
    lines
}

impl fmt::Display for View<'_> {
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

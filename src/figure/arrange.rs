//! Where things stand on a page: domains, heights, legend rows, titles, for a wide page and for a narrow one.

use super::drawing::{Drawn, Figure};
use super::json::value;
use super::levels::Levels;
use super::subplots::{Subplots, suffix};
use super::text::{label, legend_lines};
use super::{style, surface};
use plotly::common::{Anchor, Font};
use plotly::layout::Annotation;
use serde_json::{Value, json};

/// Where things go for one page width, in pixels.
pub(super) struct Arrangement {
    pub(super) columns: usize,
    /// Width that texts may fill.
    pub(super) width: usize,
}

pub(super) const WIDE: usize = 860;
pub(super) const NARROW: usize = 370;
/// Height of a panel's drawing area, and the room between two rows for ticks, axis name and panel title.
const PANEL: usize = 300;
const BETWEEN: usize = 96;
/// Left and right of all panels together, and the room of a colour bar with its labels and name.
const MARGINS: usize = 62 + 14;
const BAR: usize = 84;

impl Subplots<'_> {
    /// The parts of the layout that depend on the page's width, as a relayout with dotted paths.
    pub(super) fn arrange(&self, page: &Arrangement, names: &[&str], notes: &[String]) -> Value {
        let rows = self.figures.len().div_ceil(page.columns);
        let title = if self.alone { &self.figures[0].title } else { self.title };
        // Room is left for the two buttons in the corner.
        let mut text = label(title, (page.width - 60) / 9);
        let title_lines = if title.is_empty() { 0 } else { 1 + text.matches("<br>").count() };
        let mut note_lines = 0;
        for note in notes {
            let note = label(note, page.width / 7);
            note_lines += 1 + note.matches("<br>").count();
            text += if text.is_empty() { "" } else { "<br>" };
            text += &format!("<span style=\"font-size:12px;color:{}\">{note}</span>", style::GREY);
        }
        let legend_lines = legend_lines(names, page.width);
        let panel_titles = !self.alone && self.figures.iter().any(|f| !f.title.is_empty());
        let tall = self.figures.iter().any(|f| f.square || f.height.is_some());
        let panel = match (tall && page.columns == 1, self.figures.iter().all(|f| f.height.is_some())) {
            (true, true) if page.width == WIDE => PANEL + 160,
            (true, _) => PANEL + 60,
            _ => PANEL,
        };
        let top = 16 + 23 * title_lines + 21 * note_lines + if panel_titles { 26 } else { 8 };
        let bottom = 62 + 21 * legend_lines;
        let inner = rows * panel + (rows - 1) * BETWEEN;

        let mut out = json!({
            "height": top + inner + bottom,
            "margin.t": top, "margin.b": bottom, "margin.l": 62, "margin.r": 14,
            "title.text": text, "title.font.size": 16,
        });
        let mut titles = self.surface_titles().enumerate().peekable();
        for (i, figure) in self.figures.iter().enumerate() {
            let (row, column) = (i / page.columns, i % page.columns);
            let gap = if page.columns == 1 { 0.0 } else { 0.12 };
            let width = (1.0 - gap * (page.columns - 1) as f64) / page.columns as f64;
            let left = column as f64 * (width + gap);
            let over = (row * (panel + BETWEEN)) as f64 / inner as f64;
            let height = panel as f64 / inner as f64;
            let id = suffix(i);
            let (bottom, top) = ((1.0 - over - height).max(0.0), 1.0 - over);
            let right = (left + figure.share(width, panel, page)).min(1.0);
            if let Some(surface) = &figure.height {
                out[format!("scene{id}.domain.x")] = json!([left, right]);
                out[format!("scene{id}.domain.y")] = json!([bottom, top]);
                let shape = width * (page.width - MARGINS) as f64 / panel as f64;
                out[format!("scene{id}.camera.eye")] = surface::eye(surface, shape);
                if let Some((k, _)) = titles.next_if(|&(_, (panel, _))| panel == i) {
                    out[format!("annotations[{k}].x")] = json!(left);
                    out[format!("annotations[{k}].y")] = json!(top);
                }
                continue;
            }
            out[format!("xaxis{id}.domain")] = json!([left, right]);
            out[format!("yaxis{id}.domain")] = json!([bottom, top]);
            if figure.levels().is_some() {
                out[format!("coloraxis{id}.colorbar.x")] = json!(right);
                out[format!("coloraxis{id}.colorbar.y")] = json!(top);
                let drawn = figure.filled(right - left, panel, page);
                out[format!("coloraxis{id}.colorbar.len")] = json!((top - bottom) * drawn);
            }
        }
        out
    }

    /// The panels in space that have a title, with their numbers.
    pub(super) fn surface_titles(&self) -> impl Iterator<Item = (usize, &Figure)> {
        let titled = |f: &Figure| f.height.is_some() && !f.title.is_empty() && !self.alone;
        self.figures.iter().enumerate().filter(move |(_, f)| titled(f))
    }
}

impl Figure {
    /// The share of the page's width that the drawing area takes of `width`: a colour bar takes room beside it, and a
    /// square figure with one no more than it can fill, so that the bar stands at its side.
    fn share(&self, width: f64, panel: usize, page: &Arrangement) -> f64 {
        if self.levels().is_none() {
            return width;
        }
        let inner = (page.width - MARGINS) as f64;
        let free = width - BAR as f64 / inner;
        self.aspect().map_or(free, |aspect| free.min(panel as f64 * aspect / inner))
    }

    /// The share of a panel's height that the drawing fills when it is `width` of the page wide.
    fn filled(&self, width: f64, panel: usize, page: &Arrangement) -> f64 {
        let wide = width * (page.width - MARGINS) as f64;
        self.aspect().map_or(1.0, |aspect| (wide / aspect / panel as f64).min(1.0))
    }

    /// Width over height of a square figure with ranges.
    fn aspect(&self) -> Option<f64> {
        let ((a, b), (c, d)) = (self.x.range?, self.y.range?);
        self.square.then_some((b - a) / (d - c))
    }

    /// The level lines' name and levels.
    pub(super) fn levels(&self) -> Option<(&str, &Levels)> {
        self.drawn.iter().find_map(|d| match d {
            Drawn::Contours { name, levels, .. } if self.height.is_none() => Some((name.as_str(), levels)),
            _ => None,
        })
    }

    /// The title above the drawing area, wherever that stands.
    pub(super) fn panel_title(&self, id: &str) -> Value {
        let title = self.titled().x_ref(format!("x{id} domain")).x(0.0).y_ref(format!("y{id} domain")).y(1.0);
        value(title.x_anchor(Anchor::Left).y_anchor(Anchor::Bottom).y_shift(3.0))
    }

    /// The title of a panel in space, which has no axes to stand on: the arrangement places it on the page.
    pub(super) fn surface_title(&self) -> Value {
        let title = self.titled().x_ref("paper").y_ref("paper");
        value(title.x_anchor(Anchor::Left).y_anchor(Anchor::Bottom).y_shift(3.0))
    }

    fn titled(&self) -> Annotation {
        let text = format!("<b>{}</b>", label(&self.title, 44));
        Annotation::new().text(text).show_arrow(false).font(Font::new().size(13).color(style::INK))
    }
}

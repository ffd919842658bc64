//! The whole figure as plotly JSON: domains, axes, legend, title, and the second arrangement for narrow pages.

use super::style::{self, Looks};
use super::text::{label, legend_lines};
use super::traces::{Extent, Panel, Shared};
use super::{Axis, Drawn, Figure};
use plotly::common::{Anchor, ExponentFormat, Font, Label, Orientation, Reference, Title};
use plotly::layout::{Annotation, AxisConstrain, AxisType, HoverMode, Legend, TicksDirection};
use plotly::{Configuration, Layout};
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// A figure or several panels, as the display sees them.
pub(super) struct View<'a> {
    pub(super) title: &'a str,
    pub(super) columns: usize,
    pub(super) figures: &'a [Figure],
    /// Whether the one figure's title is the whole title.
    pub(super) alone: bool,
}

/// Where things go for one page width, in pixels.
struct Arrangement {
    columns: usize,
    /// Width that texts may fill.
    width: usize,
}

const WIDE: usize = 860;
const NARROW: usize = 370;
/// Height of a panel's drawing area, and the room between two rows for ticks, axis name and panel title.
const PANEL: usize = 300;
const BETWEEN: usize = 96;

impl View<'_> {
    /// `data`, `layout`, `config`.
    pub(super) fn json(&self) -> Value {
        let mut shared = self.shared();
        let panels: Vec<Panel> =
            self.figures.iter().enumerate().map(|(i, f)| f.panel(&suffix(i), &mut shared)).collect();
        let names: Vec<&str> = shared.listed.iter().map(String::as_str).collect();
        let wide = self.arrange(&Arrangement { columns: self.columns, width: WIDE }, &names, &shared.notes);
        let narrow = self.arrange(&Arrangement { columns: 1, width: NARROW }, &names, &shared.notes);

        let mut layout = value(
            Layout::new()
                .font(Font::new().family(style::FONT).size(13).color(style::INK))
                .paper_background_color("#ffffff")
                .plot_background_color("#ffffff")
                .hover_mode(HoverMode::Closest)
                .hover_label(Label::new().name_length(-1).font(Font::new().family(style::FONT).size(12)))
                .auto_size(true)
                .show_legend(!names.is_empty())
                .legend(
                    Legend::new()
                        .orientation(Orientation::Horizontal)
                        .x(0.0)
                        .x_anchor(Anchor::Left)
                        .y(0.0)
                        .y_anchor(Anchor::Bottom)
                        .trace_group_gap(0),
                )
                .title(
                    Title::new()
                        .x(0.0)
                        .x_anchor(Anchor::Left)
                        .y(1.0)
                        .y_anchor(Anchor::Top)
                        .x_ref(Reference::Container)
                        .y_ref(Reference::Container),
                ),
        );
        // What plotly.js knows and the plotly crate does not.
        layout["legend"]["xref"] = json!("container");
        layout["legend"]["yref"] = json!("container");
        layout["title"]["pad"] = json!({"t": 12, "l": 12});
        let (mut shapes, mut annotations) = (vec![], vec![]);
        let mut traces = vec![];
        for (i, (figure, panel)) in self.figures.iter().zip(panels).enumerate() {
            let id = suffix(i);
            let mut x = figure.x.json(panel.x, &format!("y{id}"));
            let mut y = figure.y.json(panel.y, &format!("x{id}"));
            if figure.square {
                // Panels of one row keep their upper edges in line.
                y["constraintoward"] = json!("top");
                x["scaleanchor"] = json!(format!("y{id}"));
            }
            layout[format!("xaxis{id}")] = x;
            layout[format!("yaxis{id}")] = y;
            traces.extend(panel.traces);
            shapes.extend(panel.shapes);
            annotations.extend(panel.annotations);
            if !self.alone && !figure.title.is_empty() {
                annotations.push(panel_title(&figure.title, &id));
            }
        }
        layout["shapes"] = json!(shapes);
        layout["annotations"] = json!(annotations);
        for (path, v) in wide.as_object().into_iter().flatten() {
            put(&mut layout, path, v.clone());
        }
        layout["meta"] = json!({"wide": wide, "narrow": narrow});
        let mut config = value(Configuration::new().responsive(true).display_logo(false).typeset_math(false));
        // Dragging zooms and a double click resets: of the buttons only the picture and the way back remain.
        config["modeBarButtons"] = json!([["toImage", "resetScale2d"]]);
        json!({"data": traces, "layout": layout, "config": config})
    }

    /// The state in which drawing begins.
    pub(super) fn shared(&self) -> Shared {
        let drawn = || self.figures.iter().flat_map(|f| &f.drawn);
        let classes = drawn().any(|d| matches!(d, Drawn::Classes { .. }));
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
            }
        }
        Shared { looks: Looks::new(classes), listed: BTreeSet::new(), curves: curves.collect(), notes }
    }

    /// The parts of the layout that depend on the page's width, as a relayout with dotted paths.
    fn arrange(&self, page: &Arrangement, names: &[&str], notes: &[String]) -> Value {
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
        let square = self.figures.iter().any(|f| f.square);
        let panel = if square && page.columns == 1 { PANEL + 60 } else { PANEL };
        let top = 16 + 23 * title_lines + 21 * note_lines + if panel_titles { 26 } else { 8 };
        let bottom = 62 + 21 * legend_lines;
        let inner = rows * panel + (rows - 1) * BETWEEN;

        let mut out = json!({
            "height": top + inner + bottom,
            "margin.t": top, "margin.b": bottom, "margin.l": 62, "margin.r": 14,
            "title.text": text, "title.font.size": 16,
        });
        for i in 0..self.figures.len() {
            let (row, column) = (i / page.columns, i % page.columns);
            let gap = if page.columns == 1 { 0.0 } else { 0.12 };
            let width = (1.0 - gap * (page.columns - 1) as f64) / page.columns as f64;
            let left = column as f64 * (width + gap);
            let over = (row * (panel + BETWEEN)) as f64 / inner as f64;
            let height = panel as f64 / inner as f64;
            out[format!("xaxis{}.domain", suffix(i))] = json!([left, (left + width).min(1.0)]);
            out[format!("yaxis{}.domain", suffix(i))] = json!([(1.0 - over - height).max(0.0), 1.0 - over]);
        }
        out
    }
}

/// A panel's title above its drawing area, wherever that stands.
fn panel_title(title: &str, id: &str) -> Value {
    value(
        Annotation::new()
            .text(format!("<b>{}</b>", label(title, 44)))
            .show_arrow(false)
            .x_ref(format!("x{id} domain"))
            .x(0.0)
            .x_anchor(Anchor::Left)
            .y_ref(format!("y{id} domain"))
            .y(1.0)
            .y_anchor(Anchor::Bottom)
            .y_shift(3.0)
            .font(Font::new().size(13).color(style::INK)),
    )
}

impl Axis {
    /// The axis in plotly's terms, standing at the axis `other`.
    fn json(&self, extent: Extent, other: &str) -> Value {
        let axis = plotly::layout::Axis::new()
            .title(Title::with_text(label(&self.name, 46)))
            .type_(if self.log { AxisType::Log } else { AxisType::Linear })
            .anchor(other)
            .auto_margin(true)
            .constrain(AxisConstrain::Domain)
            .show_line(true)
            .line_color(style::GREY)
            .grid_color(style::GRID)
            .zero_line(false)
            .ticks(TicksDirection::Outside)
            .tick_color(style::GREY)
            .tick_length(4)
            .tick_font(Font::new().size(12))
            .hover_format(".5~g");
        let largest = extent.low.abs().max(extent.high.abs());
        // Powers of ten on log axes and where plain digits run long; never SI letters.
        let powers = self.log || (extent.low <= extent.high && largest != 0.0 && !(1e-3..1e6).contains(&largest));
        let axis = if powers {
            axis.exponent_format(ExponentFormat::Power)
        } else {
            axis.exponent_format(ExponentFormat::None).separate_thousands(true)
        };
        let axis = match self.range {
            Some((a, b)) if self.log && a > 0.0 => axis.range(vec![a.log10(), b.log10()]),
            Some((a, b)) if !self.log => axis.range(vec![a, b]),
            _ => axis,
        };
        let mut axis = value(axis);
        axis["title"]["standoff"] = json!(8);
        if self.log {
            // Over several decades only powers of ten carry labels, which plotly enlarges by a quarter; ticks in between
            // are bare. Within one decade plotly labels too many.
            let (low, high) = self.range.unwrap_or((extent.low, extent.high));
            if high / low >= 1e3 {
                axis["nticks"] = json!(7);
                axis["tickfont"]["size"] = json!(10);
            } else if high / low < 10.0 {
                axis["nticks"] = json!(4);
            }
            axis["minor"] = json!({"ticks": "outside", "ticklen": 2, "tickcolor": style::GREY});
        }
        axis
    }
}

/// plotly's axis ids: x, x2, x3, …
pub(super) fn suffix(panel: usize) -> String {
    if panel == 0 { String::new() } else { (panel + 1).to_string() }
}

/// Sets `a.b` in nested objects.
fn put(layout: &mut Value, path: &str, v: Value) {
    let mut place = layout;
    for key in path.split('.') {
        place = &mut place[key];
    }
    *place = v;
}

/// A part of the figure as JSON.
pub(super) fn value(part: impl Serialize) -> Value {
    // Strings, numbers and lists under string keys always serialise; NaN and infinities become null.
    serde_json::to_value(part).expect("plotly's own types serialise")
}

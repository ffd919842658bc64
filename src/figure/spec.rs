//! The whole figure as plotly JSON: domains, axes, legend, title, and the second arrangement for narrow pages.

use super::arrange::{Arrangement, NARROW, WIDE};
use super::style::{self, Looks};
use super::text::label;
use super::traces::{Extent, LARGEST, Panel, Shared};
use super::{Axis, Drawn, Figure, surface};
use plotly::common::{Anchor, ExponentFormat, Font, Label, Orientation, Reference, Title};
use plotly::layout::{AxisConstrain, AxisType, HoverMode, Legend, TicksDirection};
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
        // A relayout finds the titles of surfaces by their number: they come first.
        let mut annotations: Vec<Value> = self.surface_titles().map(|(_, figure)| figure.surface_title()).collect();
        let (mut shapes, mut traces) = (vec![], vec![]);
        for (i, (figure, panel)) in self.figures.iter().zip(panels).enumerate() {
            let id = suffix(i);
            traces.extend(panel.traces);
            if let Some(height) = &figure.height {
                layout[format!("scene{id}")] = surface::scene(figure, height);
                continue;
            }
            let mut x = figure.x.json(panel.x, &format!("y{id}"));
            let mut y = figure.y.json(panel.y, &format!("x{id}"));
            if figure.square {
                // Panels of one row keep their upper edges in line.
                y["constraintoward"] = json!("top");
                x["scaleanchor"] = json!(format!("y{id}"));
            }
            if let Some((name, levels)) = figure.levels() {
                layout[format!("coloraxis{id}")] = levels.axis(name);
                // The colour bar stands at the right edge.
                x["constraintoward"] = json!("right");
            }
            layout[format!("xaxis{id}")] = x;
            layout[format!("yaxis{id}")] = y;
            shapes.extend(panel.shapes);
            annotations.extend(panel.annotations);
            if !self.alone && !figure.title.is_empty() {
                annotations.push(figure.panel_title(&id));
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
        let space = self.figures.iter().any(|f| f.height.is_some());
        let home = if space { "resetCameraDefault3d" } else { "resetScale2d" };
        config["modeBarButtons"] = json!([["toImage", home]]);
        if space {
            // A wheel over the figure scrolls the page, as everywhere else.
            config["scrollZoom"] = json!(false);
            let figures: Vec<Figure> = self.figures.iter().map(Figure::flat).collect();
            let flat = View { title: self.title, columns: self.columns, figures: &figures, alone: self.alone }.json();
            layout["meta"]["flat"] = json!({"data": flat["data"], "layout": flat["layout"]});
        }
        json!({"data": traces, "layout": layout, "config": config})
    }

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

/// Sets `a.b[2].c` in nested objects.
fn put(layout: &mut Value, path: &str, v: Value) {
    let mut place = layout;
    for key in path.split('.') {
        // `annotations[2]` is a place in a list.
        place = match key.strip_suffix(']').and_then(|key| key.split_once('[')) {
            Some((list, i)) => &mut place[list][i.parse::<usize>().unwrap_or_default()],
            None => &mut place[key],
        };
    }
    *place = v;
}

/// A part of the figure as JSON.
pub(super) fn value(part: impl Serialize) -> Value {
    // Strings, numbers and lists under string keys always serialise; NaN and infinities become null.
    serde_json::to_value(part).expect("plotly's own types serialise")
}

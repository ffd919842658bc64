//! The whole figure as plotly JSON: domains, axes, legend, title, and the second arrangement for narrow pages.

use super::arrange::{Arrangement, NARROW, WIDE};
use super::drawing::Figure;
use super::json::{put, value};
use super::subplots::{Subplots, suffix};
use super::traces::Panel;
use super::{style, surface};
use plotly::common::{Anchor, Font, Label, Orientation, Reference, Title};
use plotly::layout::{HoverMode, Legend};
use plotly::{Configuration, Layout};
use serde_json::{Value, json};

impl Subplots<'_> {
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
            let flat =
                Subplots { title: self.title, columns: self.columns, figures: &figures, alone: self.alone }.json();
            layout["meta"]["flat"] = json!({"data": flat["data"], "layout": flat["layout"]});
        }
        json!({"data": traces, "layout": layout, "config": config})
    }
}

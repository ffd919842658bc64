//! From what a figure holds to plotly's traces, shapes and annotations, leaving out what cannot be drawn and saying so.

use super::axis::Extent;
use super::drawing::{Drawn, Figure};
use super::json::value;
use super::series::{Band, Mark, Series};
use super::shared::{Shared, of};
use super::style;
use super::text::label;
use super::{contours, plane, surface};
use plotly::Scatter;
use plotly::common::{Anchor, DashType, Fill, Font, HoverInfo, Line, Marker, MarkerSymbol, Mode};
use plotly::layout::{Annotation, Shape, ShapeLayer, ShapeLine, ShapeType};
use serde_json::Value;

/// More points than this are thinned: a page of many megabytes serves nobody.
const MOST: usize = 100_000;

/// One panel in plotly's terms. `suffix` is "" for the first panel, then "2", "3", …
pub(super) struct Panel {
    pub(super) traces: Vec<Value>,
    pub(super) shapes: Vec<Value>,
    pub(super) annotations: Vec<Value>,
    pub(super) x: Extent,
    pub(super) y: Extent,
}

impl Figure {
    /// Everything in the figure for the axes x`suffix`, y`suffix`.
    pub(super) fn panel(&self, suffix: &str, shared: &mut Shared) -> Panel {
        let (x, y) = (format!("x{suffix}"), format!("y{suffix}"));
        let mut panel = Panel { traces: vec![], shapes: vec![], annotations: vec![], x: Extent::NONE, y: Extent::NONE };
        if let Some(height) = &self.height {
            panel.traces = surface::surface(self, height, &format!("scene{suffix}"), shared);
            return panel;
        }
        // Regions lie beneath bands, bands beneath all curves; curves keep their order.
        let layer = |d: &Drawn| match d {
            Drawn::Regions(_) | Drawn::Contours { .. } => 0,
            Drawn::Band(_) => 1,
            _ => 2,
        };
        let mut drawn: Vec<_> = self.drawn.iter().collect();
        drawn.sort_by_key(|d| layer(d));
        for item in drawn {
            match item {
                Drawn::Series(s) => panel.traces.push(self.series(s, (&x, &y), shared)),
                Drawn::Band(b) => panel.traces.push(self.band(b, (&x, &y), shared)),
                Drawn::Classes { x: points, y: labels } => {
                    for positive in [true, false] {
                        panel.traces.extend(plane::classes(points, labels, positive, (&x, &y), shared));
                    }
                }
                Drawn::Regions(grid) => panel.traces.push(plane::regions(grid, (&x, &y), shared)),
                Drawn::Boundary { name, grid } => panel.traces.push(plane::boundary(name, grid, (&x, &y), shared)),
                Drawn::Contours { name, levels, grid } => {
                    let color = format!("coloraxis{suffix}");
                    panel.traces.push(contours::contours(name, levels, grid, (&x, &y), &color, shared));
                }
                Drawn::Horizontal { y: at, label } => self.reference(true, *at, label, (&x, &y), &mut panel, shared),
                Drawn::Vertical { x: at, label } => self.reference(false, *at, label, (&x, &y), &mut panel, shared),
                Drawn::Text { x: a, y: b, text } => match (self.x.place(*a), self.y.place(*b)) {
                    (Some(a), Some(b)) => panel.annotations.push(value(
                        Annotation::new()
                            .text(label(text, 40))
                            .x_ref(&x)
                            .x(self.x.annotated(a))
                            .y_ref(&y)
                            .y(self.y.annotated(b))
                            .show_arrow(true)
                            .arrow_head(2)
                            .arrow_color(style::GREY)
                            .background_color("rgba(255,255,255,0.8)")
                            .font(Font::new().size(12).color(style::INK)),
                    )),
                    _ => shared.note(format!("“{text}” at ({a}, {b}) has no place on the axes")),
                },
            }
        }
        (panel.x, panel.y) = self.extents();
        panel
    }

    /// The drawn values' ends on both axes.
    pub(super) fn extents(&self) -> (Extent, Extent) {
        let (mut x, mut y) = (Extent::NONE, Extent::NONE);
        let mut add = |a: f64, b: f64| {
            if let (Some(a), Some(b)) = (self.x.place(a), self.y.place(b)) {
                x.add(a);
                y.add(b);
            }
        };
        for item in &self.drawn {
            match item {
                Drawn::Series(s) => s.x.iter().zip(&s.y).for_each(|(&a, &b)| add(a, b)),
                Drawn::Band(s) => s.x.iter().zip(s.lower.iter().zip(&s.upper)).for_each(|(&a, (&b, &c))| {
                    add(a, b);
                    add(a, c);
                }),
                Drawn::Classes { x, .. } => x.iter().for_each(|&[a, b]| add(a, b)),
                Drawn::Contours { grid, .. } => {
                    add(grid.x[0], grid.y[0]);
                    add(grid.x[grid.x.len() - 1], grid.y[grid.y.len() - 1]);
                }
                _ => {}
            }
        }
        (x, y)
    }

    fn series(&self, s: &Series, (x, y): (&str, &str), shared: &mut Shared) -> Value {
        let place = |i: usize| Some((self.x.place(s.x[i])?, self.y.place(s.y[i])?));
        let n = s.x.len();
        let lost = (0..n).filter(|&i| place(i).is_none()).count();
        if lost > 0 {
            let why = if self.x.log { self.x.refusal() } else { self.y.refusal() };
            shared.note(format!("{lost} of {n} points{} left out: {why}", of(&s.name)));
        }
        let every = n.div_ceil(MOST);
        if every > 1 {
            shared.note(format!("one in {every} of the {n} points{} drawn", of(&s.name)));
        }
        let kept = |i: &usize| i.is_multiple_of(every) || *i == n - 1;
        let points: Vec<_> = (0..n).filter(kept).map(place).collect();
        let look = shared.looks.of(&s.name);
        // A handful of points shows as points: a bare line would claim more than was measured. Two are a straight line.
        let mode = match s.mark {
            Mark::Points | Mark::Rings => Mode::Markers,
            Mark::Line if matches!(n - lost, 1 | 3..=12) => Mode::LinesMarkers,
            Mark::Line => Mode::Lines,
        };
        let dash = if s.dashed { DashType::Dash } else { look.dash };
        let (symbol, size) = match s.mark {
            Mark::Rings => (MarkerSymbol::CircleOpen, 15),
            _ => (look.symbol, if s.thin { 4 } else { 7 }),
        };
        let mut trace = Scatter::new(
            points.iter().map(|p| p.map(|p| p.0)).collect(),
            points.iter().map(|p| p.map(|p| p.1)).collect(),
        )
        .mode(mode)
        .line(Line::new().color(look.color).width(if s.thin { 1.0 } else { 2.0 }).dash(dash))
        .marker(Marker::new().color(look.color).symbol(symbol).size(size))
        .opacity(if s.thin { 0.45 } else { 1.0 })
        .show_legend(shared.lists(&s.name))
        .x_axis(x)
        .y_axis(y);
        if !s.name.is_empty() {
            trace = trace.name(label(&s.name, 44)).legend_group(&s.name);
        }
        if !s.hover.is_empty() {
            trace = trace.hover_text_array((0..n).filter(kept).map(|i| label(&s.hover[i], 60)).collect());
        }
        value(trace)
    }

    fn band(&self, b: &Band, (x, y): (&str, &str), shared: &mut Shared) -> Value {
        let place = |i: usize| Some((self.x.place(b.x[i])?, self.y.place(b.lower[i])?, self.y.place(b.upper[i])?));
        let points: Vec<_> = (0..b.x.len()).filter_map(place).collect();
        if points.len() < b.x.len() {
            let (lost, n) = (b.x.len() - points.len(), b.x.len());
            let why = if self.x.log { self.x.refusal() } else { self.y.refusal() };
            shared.note(format!("{lost} of {n} points of the band{} left out: {why}", of(&b.name)));
        }
        // Along the lower curve and back along the upper one.
        let around = points.iter().map(|p| (p.0, p.1)).chain(points.iter().rev().map(|p| (p.0, p.2)));
        let (xs, ys) = around.unzip();
        let look = shared.looks.of(&b.name);
        let listed = !shared.curves.contains(&b.name) && shared.lists(&b.name);
        let mut trace = Scatter::<f64, f64>::new(xs, ys)
            .mode(Mode::Lines)
            .line(Line::new().color(look.color).width(0.0))
            .fill(Fill::ToSelf)
            .fill_color(look.pale)
            .hover_info(HoverInfo::Skip)
            .show_legend(listed)
            .x_axis(x)
            .y_axis(y);
        if !b.name.is_empty() {
            trace = trace.name(label(&b.name, 44)).legend_group(&b.name);
        }
        value(trace)
    }

    /// A horizontal (`level`) or vertical reference line with its label at the right or upper end.
    fn reference(
        &self,
        level: bool,
        at: f64,
        text: &str,
        (x, y): (&str, &str),
        panel: &mut Panel,
        shared: &mut Shared,
    ) {
        let axis = if level { &self.y } else { &self.x };
        if axis.place(at).is_none() {
            shared.note(format!("reference line{} at {at} left out: {}", of(text), axis.refusal()));
            return;
        }
        // From one side of the drawing area to the other.
        let (x_ref, y_ref) =
            if level { (format!("{x} domain"), y.to_owned()) } else { (x.to_owned(), format!("{y} domain")) };
        let ([x0, x1], [y0, y1]) = if level { ([0.0, 1.0], [at; 2]) } else { ([at; 2], [0.0, 1.0]) };
        let line = ShapeLine::new().color(style::GREY).width(1.2).dash(DashType::Dot);
        panel.shapes.push(value(
            Shape::new()
                .shape_type(ShapeType::Line)
                .layer(ShapeLayer::Below)
                .x_ref(&x_ref)
                .x0(x0)
                .x1(x1)
                .y_ref(&y_ref)
                .y0(y0)
                .y1(y1)
                .line(line),
        ));
        let annotation = Annotation::new()
            .text(label(text, 40))
            .show_arrow(false)
            .x_ref(&x_ref)
            .y_ref(&y_ref)
            .font(Font::new().size(12).color(style::GREY))
            .background_color("rgba(255,255,255,0.7)");
        let annotation = if level {
            annotation.x(1.0).x_anchor(Anchor::Right).y(axis.annotated(at)).y_anchor(Anchor::Bottom)
        } else {
            annotation.x(axis.annotated(at)).x_anchor(Anchor::Left).x_shift(3.0).y(1.0).y_anchor(Anchor::Top)
        };
        panel.annotations.push(value(annotation));
    }
}

//! One look for all figures: Okabe and Ito's colours, which colour-blind readers tell apart, varied together with dash
//! and marker so that no distinction rests on colour alone.

use plotly::common::{DashType, MarkerSymbol};
use std::collections::BTreeMap;

/// Text.
pub(super) const INK: &str = "#24292f";
/// Notes, reference lines.
pub(super) const GREY: &str = "#57606a";
/// Grid lines.
pub(super) const GRID: &str = "#e6e9ed";
/// Names of the reader's own interface font first.
pub(super) const FONT: &str =
    "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'DejaVu Sans', sans-serif";

/// Heights from low to high: pale enough that every curve's colour stands out, darker the higher also in print.
pub(super) const SCALE: [(f64, &str); 4] = [(0.0, "#fbfcfe"), (0.35, "#dbe7f2"), (0.7, "#b0c9df"), (1.0, "#7fa3c4")];

/// A class of labelled points: colour, pale fill of its region, marker.
pub(super) struct Class {
    pub(super) color: &'static str,
    pub(super) fill: &'static str,
    pub(super) symbol: MarkerSymbol,
}

/// The class of a label, +1 or −1.
pub(super) fn class(positive: bool) -> Class {
    if positive {
        Class { color: "#0072B2", fill: "#dcebf5", symbol: MarkerSymbol::Circle }
    } else {
        Class { color: "#D55E00", fill: "#fae6d8", symbol: MarkerSymbol::Diamond }
    }
}

/// Colours of curves; the two classes' colours come last where classes are drawn.
const CURVES: [(&str, [u8; 3]); 7] = [
    ("#0072B2", [0, 114, 178]),
    ("#D55E00", [213, 94, 0]),
    ("#009E73", [0, 158, 115]),
    ("#CC79A7", [204, 121, 167]),
    ("#E69F00", [230, 159, 0]),
    ("#000000", [0, 0, 0]),
    ("#56B4E9", [86, 180, 233]),
];
const BESIDE_CLASSES: [usize; 7] = [5, 2, 3, 4, 6, 0, 1];

/// How one name looks.
#[derive(Clone)]
pub(super) struct Look {
    pub(super) color: &'static str,
    /// The colour, a fifth of it.
    pub(super) pale: String,
    pub(super) dash: DashType,
    pub(super) symbol: MarkerSymbol,
}

/// Gives each name its look in the order of first appearance.
pub(super) struct Looks {
    seen: BTreeMap<String, usize>,
    nameless: usize,
    beside_classes: bool,
}

impl Looks {
    pub(super) fn new(beside_classes: bool) -> Self {
        Self { seen: BTreeMap::new(), nameless: 0, beside_classes }
    }

    /// The look of `name`; each nameless mark has its own.
    pub(super) fn of(&mut self, name: &str) -> Look {
        let next = self.seen.len() + self.nameless;
        let i = if name.is_empty() {
            self.nameless += 1;
            next
        } else {
            *self.seen.entry(name.to_owned()).or_insert(next)
        };
        let (color, [r, g, b]) = CURVES[if self.beside_classes { BESIDE_CLASSES[i % 7] } else { i % 7 }];
        // Four dashes against seven colours: 28 names before a pair repeats. Longer dashes do not fit into a legend.
        let dash = [DashType::Solid, DashType::Dash, DashType::DashDot, DashType::Dot];
        let symbol = [
            MarkerSymbol::Circle,
            MarkerSymbol::Square,
            MarkerSymbol::TriangleUp,
            MarkerSymbol::Diamond,
            MarkerSymbol::Cross,
        ];
        Look { color, pale: format!("rgba({r},{g},{b},0.2)"), dash: dash[i % 4].clone(), symbol: symbol[i % 5].clone() }
    }
}

//! How a figure shows itself: plotly JSON, HTML that works without network, and text.

use super::drawing::Figure;
use super::library;
use super::panels::Panels;
use super::subplots::Subplots;
use crate::show::{Bundle, escape};
use serde_json::Value;
use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};

/// Stands in the place of the plot until it is drawn.
const WAITING: &str = "A figure stands here that this page does not draw. In JupyterLab: where the notebook is not yours, trust it \
                       (View, Activate Command Palette, Trust Notebook); else Kernel, Restart Kernel and Run All Cells. Elsewhere: \
                       allow scripts.";

impl Subplots<'_> {
    /// The figure: a place, a line that says what to do where it stays empty, the script that draws, plotly.js.
    fn html(&self) -> String {
        // "<" cannot close the script element when it is written as an escape.
        let spec = self.json().to_string().replace('<', "\\u003c");
        let mut hasher = DefaultHasher::new();
        spec.hash(&mut hasher);
        format!(
            "<figure data-plotly=\"{mark:016x}\" role=\"img\" aria-label=\"{}\" style=\"margin:.5em 0;max-width:960px\">\
             <div></div><p style=\"opacity:.75\">{WAITING}</p></figure>\n\
             <script>(() => {{\nconst mark = \"{mark:016x}\", spec = {spec};\nconst packed = \"{packed}\";\n{}}})();</script>",
            escape(self.to_string().lines().next().unwrap_or_default()),
            include_str!("figure.js"),
            mark = hasher.finish(),
            packed = library::packed(),
        )
    }

    /// One bundle, which needs no other.
    fn show(&self) {
        let json = self.json().to_string();
        Bundle::new().block("application/vnd.plotly.v1+json", json).html(self.html()).plain(self).print();
    }
}

macro_rules! shown {
    ($($type:ty),*) => {$(
        impl $type {
            /// The plotly figure: an object with `data`, `layout` and `config`. `layout.meta.narrow` is the relayout
            /// for a page narrower than 600 px, `layout.meta.wide` the way back.
            pub fn to_json(&self) -> Value {
                self.view().json()
            }

            /// HTML that draws the figure anywhere without network: plotly.js (1.9 MB) comes with it.
            pub fn to_html(&self) -> String {
                self.view().html()
            }

            /// What evcxr calls when the figure is the value of a cell.
            pub fn evcxr_display(&self) {
                self.view().show();
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.view().fmt(f)
            }
        }
    )*};
}
shown!(Figure, Panels);

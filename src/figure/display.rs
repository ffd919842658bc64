//! How a figure shows itself: plotly JSON, HTML that works without network, and text.

use super::spec::View;
use super::{Figure, Panels};
use crate::show::{Bundle, escape};
use serde_json::Value;
use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};

/// Names the figure that carried plotly.js in this process, as `pid:figure`. An environment variable, because evcxr
/// compiles each cell into a library with statics of its own, and the environment is what they all share.
const CARRIER: &str = "IMPLICIT_BIAS_PLOTLY";

/// Stands in the place of the plot until plotly.js is there.
const WAITING: &str = "This figure is drawn by plotly.js, which travels with the first figure of the notebook: \
                       run the notebook from its first cell to see it.";

impl View<'_> {
    /// The figure without plotly.js: a place, a line that says what is missing, the script that draws.
    fn html(&self) -> (String, String) {
        // "<" cannot close the script element when it is written as an escape.
        let spec = self.json().to_string().replace('<', "\\u003c");
        let mut hasher = DefaultHasher::new();
        spec.hash(&mut hasher);
        let mark = format!("{:016x}", hasher.finish());
        let html = format!(
            "<figure data-plotly=\"{mark}\" role=\"img\" aria-label=\"{}\" style=\"margin:.5em 0;max-width:960px\">\
             <div></div><p style=\"color:#57606a\">{WAITING}</p></figure>\n\
             <script>(() => {{\nconst mark = \"{mark}\", spec = {spec};\n{}}})();</script>",
            escape(self.to_string().lines().next().unwrap_or_default()),
            include_str!("figure.js"),
        );
        (mark, html)
    }

    /// One bundle; the first figure of the process carries plotly.js, and carries it again when it is shown again.
    fn show(&self) {
        let (mark, html) = self.html();
        let carrier = format!("{}:{mark}", std::process::id());
        let process = format!("{}:", std::process::id());
        let carried = std::env::var(CARRIER).ok().filter(|c| c.starts_with(&process));
        let first = carried.as_ref().is_none_or(|c| *c == carrier);
        if carried.is_none() {
            // SAFETY: Rust code reads the environment under std's lock; a notebook cell runs no foreign thread that
            // calls getenv.
            unsafe { std::env::set_var(CARRIER, carrier) };
        }
        let html = if first { library() + &html } else { html };
        Bundle::new().block("application/vnd.plotly.v1+json", self.json().to_string()).html(html).plain(self).print();
    }
}

/// plotly.js in a script element. A page with require.js (nbconvert's) defines `define`, which is hidden meanwhile:
/// otherwise the library may register there instead of as `window.Plotly`.
fn library() -> String {
    let scripts = plotly::Plot::offline_js_sources();
    // The crate's second script is MathJax, for which these figures have no use.
    let end = scripts.find("</script>").map_or(scripts.len(), |i| i + "</script>".len());
    format!(
        "<script>window.hiddenDefine = window.define; window.define = undefined;</script>\n{}\n\
         <script>window.define = window.hiddenDefine; delete window.hiddenDefine;</script>\n",
        scripts[..end].trim()
    )
}

macro_rules! shown {
    ($($type:ty),*) => {$(
        impl $type {
            /// The plotly figure: an object with `data`, `layout` and `config`. `layout.meta.narrow` is the relayout
            /// for a page narrower than 600 px, `layout.meta.wide` the way back.
            pub fn to_json(&self) -> Value {
                self.view().json()
            }

            /// HTML that draws the figure anywhere without network: plotly.js (4.6 MB) comes with it.
            pub fn to_html(&self) -> String {
                library() + &self.view().html().1
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

impl Figure {
    fn view(&self) -> View<'_> {
        View { title: &self.title, columns: 1, figures: std::slice::from_ref(self), alone: true }
    }
}

impl Panels {
    fn view(&self) -> View<'_> {
        View { title: &self.title, columns: self.columns, figures: &self.figures, alone: false }
    }
}

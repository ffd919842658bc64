//! Formulas as MathML.

use std::panic::{AssertUnwindSafe, catch_unwind};

use math_core::{LatexToMathML, MathDisplay};

use super::anchors::Anchors;
use super::formulas::Formula;
use crate::show::escape;

/// Nobody writes a longer formula, and what nests deeper than this is long comes to the end of the stack.
const LONGEST: usize = 10_000;
/// Enough for `LONGEST` bytes that nest with each.
pub(super) const STACK: usize = 256 << 20;

/// Sets formulas; the numbers of equations and the labels go on from cell to cell.
#[derive(Debug, Default)]
pub(crate) struct Setter {
    converter: LatexToMathML,
}

impl Setter {
    /// The formula's HTML; as it was written, with a problem noted, where it cannot be set.
    pub fn set(&mut self, formula: &Formula, anchors: &mut Anchors, problems: &mut Vec<String>) -> String {
        let shown = match self.mathml(formula, anchors) {
            Ok(mathml) => mathml,
            Err(reason) => {
                problems.push(format!("the formula `{}` was not understood: {reason}", formula.tex.trim()));
                format!("<code class=\"math-error\" title=\"{}\">{}</code>", escape(reason), escape(&formula.source))
            }
        };
        if formula.display { format!("<span class=\"formula\">{shown}</span>") } else { shown }
    }

    fn mathml(&mut self, formula: &Formula, anchors: &mut Anchors) -> Result<String, String> {
        if formula.tex.len() > LONGEST {
            return Err(format!("it is longer than {LONGEST} bytes"));
        }
        let display = if formula.display { MathDisplay::Block } else { MathDisplay::Inline };
        // What the parser of formulas stumbles over must not end the page.
        let set = catch_unwind(AssertUnwindSafe(|| self.converter.convert_with_global_state(&formula.tex, display)));
        let mathml = set.map_err(|_| "the converter broke down".to_owned())?.map_err(|error| error.to_string())?.mathml;
        anchored(&checked(mathml)?, anchors)
    }
}

/// `\href` may lead to the web and within the page only. In MathML a quote is a tag's, never a text's.
fn checked(mathml: String) -> Result<String, String> {
    for target in mathml.split("<a href=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
        if !["#", "https://", "http://", "mailto:"].iter().any(|scheme| target.starts_with(scheme)) {
            return Err(format!("a link to `{target}` is not followed"));
        }
    }
    Ok(mathml)
}

/// Labels of equations in a namespace of their own, each given once.
fn anchored(mathml: &str, anchors: &mut Anchors) -> Result<String, String> {
    let mut pieces = mathml.split(" id=\"");
    let mut anchored = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let label = piece.split('"').next().unwrap_or_default();
        if !anchors.take(&format!("eq:{label}")) {
            return Err(format!("the label `{label}` is given twice"));
        }
        anchored.push_str(" id=\"eq:");
        anchored.push_str(piece);
    }
    Ok(anchored.replace("<a href=\"#", "<a href=\"#eq:"))
}

//! Formulas as MathML.

use std::borrow::Cow;
use std::panic::{AssertUnwindSafe, catch_unwind};

use math_core::{LatexToMathML, MathDisplay};

use super::anchors::Anchors;
use super::formulas::Formula;
use super::sound::is_sound;
use crate::show::escape;

/// What reads a formula goes one call deeper with every brace: enough for one of ten thousand bytes, the longest that is found.
pub(super) const STACK: usize = 64 << 20;

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
        let display = if formula.display { MathDisplay::Block } else { MathDisplay::Inline };
        // What the parser of formulas stumbles over must not end the page.
        let tex = words_closed(&formula.tex);
        let set = catch_unwind(AssertUnwindSafe(|| self.converter.convert_with_global_state(&tex, display)));
        let mathml = set.map_err(|_| "the converter broke down".to_owned())?.map_err(|error| error.to_string())?.mathml;
        if !is_sound(&mathml) {
            return Err("its text is taken for HTML".to_owned());
        }
        anchored(&mathml, anchors)
    }
}

/// Formulas within words stand beside them: `\text{if $x$}` as `{\text{if }x\text{}}`, which the converter knows.
fn words_closed(tex: &str) -> Cow<'_, str> {
    let (mut closed, mut at) = (String::new(), 0);
    // For every open brace: the command before it, where that begins, and how many dollars there were.
    let mut open: Vec<(&str, usize, usize)> = Vec::new();
    let (mut command, mut start) = ("", 0);
    while let Some(c) = tex[at..].chars().next().filter(|_| tex.contains('$')) {
        let letters = tex[at + c.len_utf8()..].bytes().take_while(u8::is_ascii_alphabetic).count();
        let other = tex[at + c.len_utf8()..].chars().next().map_or(0, char::len_utf8);
        let length = c.len_utf8() + if c == '\\' { if letters > 0 { letters } else { other } } else { 0 };
        let piece = &tex[at..at + length];
        at += length;
        match (c, open.last_mut()) {
            ('$', Some((words, _, dollars))) if words.starts_with("\\text") || *words == "\\mbox" => {
                *dollars += 1;
                closed.push_str(&if *dollars % 2 == 1 { "}".to_owned() } else { format!("{words}{{") });
                continue;
            }
            ('{', _) => open.push((command, start, 0)),
            ('}', _) => {
                if let Some((_, start, _)) = open.pop().filter(|(.., dollars)| *dollars > 0) {
                    closed.insert(start, '{');
                    closed.push('}');
                }
            }
            _ => {}
        }
        (command, start) = if letters > 0 && c == '\\' { (piece, closed.len()) } else { ("", closed.len()) };
        closed.push_str(piece);
    }
    if closed.is_empty() { Cow::Borrowed(tex) } else { Cow::Owned(closed) }
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

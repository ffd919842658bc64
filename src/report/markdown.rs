//! Markdown cells as HTML: formulas become MathML, Rust is highlighted, raw HTML is sanitised, images are inlined.

use std::path::Path;
use std::thread;

use serde_json::Value;

use super::anchors::Anchors;
use super::events::{self, Heading};
use super::formulas::{Formula, Formulas};
use super::images::Images;
use super::mathml::{STACK, Setter};
use super::sanitize::{self, Attributes};
use crate::show::escape;

/// A Markdown cell made ready for the page.
#[derive(Clone, Debug, Default)]
pub struct Prose {
    /// Sanitised HTML.
    pub html: String,
    /// The headings in it.
    pub headings: Vec<Heading>,
    /// Formulas and images that could not be shown, each with its reason.
    pub problems: Vec<String>,
}

/// What a page hands to its cells one after the other: which ids are taken, how far equations and outputs are numbered.
#[derive(Debug, Default)]
pub struct Prepare {
    pub(crate) anchors: Anchors,
    setter: Setter,
    outputs: usize,
}

impl Prepare {
    /// The cell's HTML; `attachments` are the cell's own images, other relative images are read from `folder`.
    ///
    /// ```
    /// let prose = implicit_bias::report::Prepare::default().prose("# A *title*", None, ".".as_ref());
    /// assert_eq!(prose.html.trim(), r#"<h1 id="a-title">A <em>title</em></h1>"#);
    /// assert_eq!(prose.headings[0].text, "A title");
    /// ```
    pub fn prose(&mut self, source: &str, attachments: Option<&Value>, folder: &Path) -> Prose {
        let (text, formulas) = Formulas::of_markdown(source, &events::code(source));
        let (html, mut headings) = events::html(&text, &formulas, &mut self.anchors);
        let images = Images { attachments: attachments.cloned().unwrap_or_default(), folder: folder.to_owned() };
        let mut attributes = self.attributes(images, formulas);
        let clean = sanitize::prose(&html, &mut attributes);
        let (mut formulas, mut problems) = self.back(attributes);
        let clean = clean.unwrap_or_else(|reason| {
            problems.push(format!("a cell is shown as it was written: {reason}"));
            headings.clear();
            format!("<pre>{}</pre>", escape(source))
        });
        let words = headings.iter().map(|heading| sanitize::words(&heading.html));
        let mut filled =
            self.fill(std::iter::once(clean).chain(words).collect(), &mut formulas, &mut problems).into_iter();
        let html = filled.next().unwrap_or_default();
        for (heading, html) in headings.iter_mut().zip(filled) {
            // The anchors and links of a numbered equation stay with the heading.
            let linked = html.contains(" id=\"") || html.contains("<a ");
            heading.html = if linked { escape(&heading.text) } else { html };
        }
        Prose { html, headings, problems }
    }

    /// HTML that a cell printed.
    ///
    /// # Errors
    /// The reason why it is not shown.
    pub(crate) fn output(&mut self, html: &str, folder: &Path, problems: &mut Vec<String>) -> Result<String, String> {
        let images = Images { attachments: Value::Null, folder: folder.to_owned() };
        let mut attributes = self.attributes(images, Formulas::default());
        self.outputs += 1;
        attributes.prefix = format!("o{}:", self.outputs);
        let clean = sanitize::output(html, &mut attributes);
        problems.extend(self.back(attributes).1);
        clean
    }

    /// A text of LaTeX with its formulas set.
    pub(crate) fn latex(&mut self, text: &str, problems: &mut Vec<String>) -> String {
        let (text, mut formulas) = Formulas::of_latex(text);
        self.fill(vec![escape(text)], &mut formulas, problems).concat()
    }

    fn attributes(&mut self, images: Images, formulas: Formulas) -> Attributes {
        Attributes { anchors: std::mem::take(&mut self.anchors), images, formulas, ..Attributes::default() }
    }

    fn back(&mut self, attributes: Attributes) -> (Formulas, Vec<String>) {
        self.anchors = attributes.anchors;
        (attributes.formulas, attributes.problems)
    }

    /// Puts the formulas back into all of `texts`.
    fn fill(&mut self, texts: Vec<String>, formulas: &mut Formulas, problems: &mut Vec<String>) -> Vec<String> {
        if formulas.is_empty() {
            return texts;
        }
        let mut fill = || {
            let mut set = |formula: &Formula| self.setter.set(formula, &mut self.anchors, problems);
            texts.iter().map(|text| formulas.fill(text, &mut set)).collect()
        };
        // Formulas nest, and so does what reads them: on a stack that holds the deepest one that is read.
        let filled = thread::scope(|scope| {
            let thread = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, &mut fill).ok()?;
            thread.join().ok()
        });
        filled.unwrap_or_else(|| {
            problems.push("the formulas of a cell could not be set and are shown as they were written".to_owned());
            texts.iter().map(|text| formulas.fill(text, |formula| escape(&formula.source))).collect()
        })
    }
}

/// The claims and parts of claims that a heading names: `Claim R1`, `Claims P1, P2 and P3`, `Claim S5a`.
///
/// ```
/// use implicit_bias::report::claims_in;
/// assert_eq!(claims_in("Claim R1: a constant step suffices"), ["R1"]);
/// assert_eq!(claims_in("Claims P1, P2 and S5a"), ["P1", "P2", "S5a"]);
/// assert!(claims_in("What R1 claims").is_empty());
/// ```
pub fn claims_in(heading: &str) -> Vec<String> {
    let mut claims = Vec::new();
    let mut open = false;
    for word in heading.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        let rest = word.strip_prefix(['P', 'R', 'S', 'T']).unwrap_or_default();
        let number = rest.strip_suffix(|c: char| c.is_ascii_lowercase()).unwrap_or(rest);
        let is_id = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
        if open && is_id {
            claims.push(word.to_owned());
        } else {
            open = matches!(word, "Claim" | "Claims") || (open && word == "and");
        }
    }
    claims
}

//! A cell's outputs as HTML.

use std::path::Path;

use serde_json::{Map, Value};

use super::markdown::Prepare;
use super::notebook::{Output, text_of};
use super::terminal;
use crate::show::escape;

/// plotly's MIME type.
const PLOTLY: &str = "application/vnd.plotly.v1+json";
/// What of HTML can be seen without a word in it.
const VISIBLE: &[&str] = &["<img", "<svg", "<hr", "<td", "<th"];
/// Elements that a page leaves out whole, because they act or fetch.
const ACTIVE: &[&str] =
    &["script", "iframe", "video", "audio", "canvas", "object", "embed", "form", "button", "select"];

/// What a page hands to the outputs of its cells one after the other.
pub(crate) struct Shown<'a> {
    /// What it hands to all its texts.
    pub prepare: Prepare,
    /// The notebook's folder.
    pub folder: &'a Path,
    /// How many figures it has so far.
    pub figures: usize,
    /// What could not be shown so far.
    pub problems: Vec<String>,
}

impl Shown<'_> {
    /// The output as HTML, the richest kind first; nothing for `()`.
    pub(crate) fn output(&mut self, output: &Output) -> Option<String> {
        match output {
            Output::Stream { name, text } => {
                let (class, label) = match name.as_str() {
                    "stderr" => ("stream stderr", "<p class=\"label\">standard error</p>"),
                    _ => ("stream", ""),
                };
                Some(format!("<div class=\"{class}\">{label}<pre>{}</pre></div>", escape(terminal::shown(text))))
            }
            Output::Error { ename, evalue, traceback } => {
                let detail = traceback.join("\n");
                let detail = if detail.trim() == evalue.trim() { String::new() } else { preformatted(&detail) };
                let (name, message) = (escape(ename), escape(terminal::shown(evalue)));
                Some(format!(
                    "<div class=\"fault\" role=\"alert\"><p><strong>{name}</strong> {message}</p>{detail}</div>"
                ))
            }
            other => match other.bundle() {
                Some(bundle) => self.bundle(bundle),
                None => Some(left_out(&format!("an output of kind {} is not shown here", kind(other)))),
            },
        }
    }

    fn bundle(&mut self, data: &Map<String, Value>) -> Option<String> {
        let text = |mime: &str| data.get(mime).and_then(text_of);
        if let Some(figure) = data.get(PLOTLY).filter(|figure| figure.get("data").is_some_and(Value::is_array)) {
            self.figures += 1;
            let id = self.prepare.anchors.claim(&format!("figure-{}", self.figures));
            return Some(plot(figure, &text("text/plain").unwrap_or_default(), &id));
        }
        // What HTML had to say may have been a script's to say: then another kind says it, or a note.
        let html = ["text/html", "image/svg+xml"].into_iter().filter_map(text);
        let html = html.filter(|html| !html.trim().is_empty()).map(|html| self.html(&html)).find_map(Result::ok);
        if html.is_some() {
            return html;
        }
        if let Some(markdown) = text("text/markdown") {
            let prose = self.prepare.prose(&markdown, None, self.folder);
            self.problems.extend(prose.problems);
            return Some(format!("<div class=\"rich prose\">{}</div>", prose.html));
        }
        if let Some(latex) = text("text/latex") {
            return Some(format!("<div class=\"rich\">{}</div>", self.prepare.latex(&latex, &mut self.problems)));
        }
        for mime in ["image/png", "image/jpeg", "image/gif", "image/webp"] {
            if let Some(data) = text(mime) {
                let data = escape(data.split_whitespace().collect::<String>());
                return Some(format!("<div class=\"rich\"><img alt=\"\" src=\"data:{mime};base64,{data}\"></div>"));
            }
        }
        if let Some(json) = data.get("application/json") {
            let json = serde_json::to_string_pretty(json).unwrap_or_else(|_| json.to_string());
            return Some(format!("<div class=\"result\">{}</div>", preformatted(&json)));
        }
        let is_text =
            |mime: &&String| mime.starts_with("text/") && !matches!(mime.as_str(), "text/plain" | "text/html");
        let others = data.keys().filter(is_text).map(String::as_str);
        match std::iter::once("text/plain")
            .chain(others)
            .filter_map(text)
            .find(|text| !matches!(text.trim(), "" | "()"))
        {
            Some(text) => Some(format!("<div class=\"result\">{}</div>", preformatted(&text))),
            None => {
                let kinds: Vec<&str> = data.keys().map(String::as_str).filter(|mime| *mime != "text/plain").collect();
                (!kinds.is_empty())
                    .then(|| left_out(&format!("an output of kind {} is not shown here", kinds.join(", "))))
            }
        }
    }

    /// Sanitised HTML with a note on what of it is missing.
    ///
    /// # Errors
    /// When nothing of it can be seen.
    fn html(&mut self, html: &str) -> Result<String, ()> {
        let clean = self.prepare.output(html, self.folder, &mut self.problems).map_err(|reason| {
            self.problems.push(format!("HTML of a cell is not shown: {reason}"));
        })?;
        let mut words = clean.split('<').flat_map(|tag| tag.split_once('>').map_or(tag, |(_, text)| text).chars());
        if !words.any(|c| !c.is_whitespace()) && !VISIBLE.iter().any(|tag| clean.contains(tag)) {
            return Err(());
        }
        let lower = html.to_ascii_lowercase();
        let lost: Vec<&str> = ACTIVE.iter().copied().filter(|tag| lower.contains(&format!("<{tag}"))).collect();
        let note = if lost.is_empty() {
            String::new()
        } else {
            left_out(&format!("parts of this output are not shown here: {}", lost.join(", ")))
        };
        Ok(format!("<div class=\"rich\">{clean}</div>{note}"))
    }
}

fn preformatted(text: &str) -> String {
    format!("<pre>{}</pre>", escape(terminal::shown(text)))
}

/// A line in the place of what a page does not show.
fn left_out(what: &str) -> String {
    format!("<p class=\"left-out\">{}</p>", escape(what))
}

/// What an output calls itself.
fn kind(output: &Output) -> &str {
    match output {
        Output::Other(value) => value["output_type"].as_str().unwrap_or("unknown"),
        _ => "unknown",
    }
}

/// A place for plotly to draw in, and what to draw; the words are for readers without JavaScript.
fn plot(figure: &Value, words: &str, id: &str) -> String {
    // No "<" may stand in a script element, and JSON can say it otherwise.
    let json = figure.to_string().replace('<', "\\u003c");
    let words = escape(words.trim());
    let label = words.lines().next().unwrap_or_default();
    format!(
        "<figure class=\"plot\" id=\"{id}\"><div class=\"canvas\" role=\"img\" aria-label=\"{label}\"></div>\
         <script type=\"application/json\">{json}</script><noscript><pre>{words}</pre></noscript></figure>"
    )
}

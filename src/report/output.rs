//! A cell's outputs as HTML.

use serde_json::{Map, Value};

use super::notebook::{Output, text_of};
use super::sanitize;
use crate::show::escape;

/// plotly's MIME type.
const PLOTLY: &str = "application/vnd.plotly.v1+json";

/// The output as HTML, the richest kind first; nothing for `()`. `figures` counts the page's figures.
pub(crate) fn show(output: &Output, figures: &mut usize) -> Option<String> {
    match output {
        Output::Stream { name, text } => {
            let (class, label) = if name == "stderr" { ("stream stderr", "standard error") } else { ("stream", "") };
            let label = if label.is_empty() { String::new() } else { format!("<p class=\"label\">{label}</p>") };
            Some(format!("<div class=\"{class}\">{label}<pre>{}</pre></div>", escape(plain(text))))
        }
        Output::Error { ename, evalue, traceback } => {
            let detail = traceback.join("\n");
            let detail = if detail.trim() == evalue.trim() {
                String::new()
            } else {
                format!("<pre>{}</pre>", escape(plain(&detail)))
            };
            let message = escape(plain(evalue));
            Some(format!(
                "<div class=\"fault\" role=\"alert\"><p><strong>{}</strong> {message}</p>{detail}</div>",
                escape(ename)
            ))
        }
        Output::ExecuteResult { data, .. } | Output::DisplayData { data, .. } => bundle(data, figures),
    }
}

fn bundle(data: &Map<String, Value>, figures: &mut usize) -> Option<String> {
    let text = |mime: &str| data.get(mime).and_then(text_of);
    if let Some(figure) = data.get(PLOTLY).filter(|figure| figure.get("data").is_some_and(Value::is_array)) {
        *figures += 1;
        return Some(plot(figure, &text("text/plain").unwrap_or_default(), *figures));
    }
    if let Some(html) = text("text/html") {
        return Some(format!("<div class=\"rich\">{}</div>", sanitize::output(&html)));
    }
    for mime in ["image/png", "image/jpeg", "image/gif"] {
        if let Some(data) = text(mime) {
            let data: String = data.split_whitespace().collect();
            return Some(format!(
                "<div class=\"rich\"><img alt=\"\" src=\"data:{mime};base64,{}\"></div>",
                escape(&data)
            ));
        }
    }
    if let Some(svg) = text("image/svg+xml") {
        return Some(format!("<div class=\"rich\">{}</div>", sanitize::output(&svg)));
    }
    let text = text("text/plain").filter(|text| !matches!(text.trim(), "" | "()"))?;
    Some(format!("<div class=\"result\"><pre>{}</pre></div>", escape(plain(&text))))
}

/// A place for plotly to draw in, and what to draw; the words are for readers without JavaScript.
fn plot(figure: &Value, words: &str, number: usize) -> String {
    // No "<" may stand in a script element, and JSON can say it otherwise.
    let json = figure.to_string().replace('<', "\\u003c");
    let words = escape(words.trim());
    let label = words.lines().next().unwrap_or_default();
    format!(
        "<figure class=\"plot\" id=\"figure-{number}\"><div class=\"canvas\" role=\"img\" aria-label=\"{label}\"></div>\
         <script type=\"application/json\">{json}</script><noscript><pre>{words}</pre></noscript></figure>"
    )
}

/// Text without the escape sequences that colour a terminal.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        if character != '\u{1b}' {
            plain.push(character);
        } else if characters.next() == Some('[') {
            // A control sequence ends with a character between @ and ~.
            let _ = characters.find(|c| matches!(c, '@'..='~'));
        }
    }
    plain
}

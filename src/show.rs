//! How the crate's types show themselves in a notebook cell.
//!
//! evcxr prints a cell's last value by calling its `evcxr_display(&self)`, which writes blocks of the form
//! `EVCXR_BEGIN_CONTENT mime`, content, `EVCXR_END_CONTENT` to stdout. All blocks of a cell travel as one bundle, of
//! which the reader's program picks the richest kind it knows. A program without a kernel, which sets
//! `IMPLICIT_BIAS_SHOW=text`, gets the text alone.

use std::fmt::Display;
use std::io::Write;

/// Says how values show themselves: see above.
const SHOW: &str = "IMPLICIT_BIAS_SHOW";

/// The blocks one value prints. A cell keeps one block a kind: the last one wins.
#[derive(Default)]
pub(crate) struct Bundle {
    blocks: Vec<(&'static str, String)>,
}

impl Bundle {
    /// Nothing yet.
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Adds a block of any kind.
    pub(crate) fn block(mut self, mime: &'static str, content: impl Into<String>) -> Self {
        self.blocks.push((mime, content.into()));
        self
    }

    /// Adds `text/html`; what comes from outside must have gone through [`escape`].
    pub(crate) fn html(self, content: impl Into<String>) -> Self {
        self.block("text/html", content)
    }

    /// Adds `text/plain`.
    pub(crate) fn plain(self, content: impl Display) -> Self {
        self.block("text/plain", content.to_string())
    }

    /// The blocks as evcxr reads them.
    fn text(&self) -> String {
        let mut out = String::new();
        for (mime, content) in &self.blocks {
            out += &format!("EVCXR_BEGIN_CONTENT {mime}\n");
            for line in content.lines() {
                // evcxr takes such a line for its own signal; one blank keeps it content.
                if line.starts_with("EVCXR_") {
                    out.push(' ');
                }
                out += line;
                out.push('\n');
            }
            out += "EVCXR_END_CONTENT\n";
        }
        out
    }

    /// The text alone.
    fn plain_text(&self) -> String {
        let texts = self.blocks.iter().filter(|(mime, _)| *mime == "text/plain");
        texts.map(|(_, text)| format!("{}\n", text.trim_end_matches('\n'))).collect()
    }

    /// Prints the bundle in one piece, so that another thread's line cannot fall into it.
    pub(crate) fn print(&self) {
        let alone = std::env::var_os(SHOW).is_some_and(|how| how == "text");
        let text = if alone { self.plain_text() } else { self.text() };
        let mut out = std::io::stdout().lock();
        // A display has nobody to hand an error to: a reader that went away is no reason to panic.
        let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    }
}

/// Text as HTML: `& < > " '` become entities, so that a hostile name stays a name.
pub(crate) fn escape(text: impl Display) -> String {
    let mut out = String::new();
    for c in text.to_string().chars() {
        match c {
            '&' => out += "&amp;",
            '<' => out += "&lt;",
            '>' => out += "&gt;",
            '"' => out += "&quot;",
            '\'' => out += "&#39;",
            _ => out.push(c),
        }
    }
    out
}

/// A line that is thin on white paper and on a dark theme alike.
const LINE: &str = "rgb(127 140 155/.22)";

/// Whether a text is words, which stand at the left, and not a number, which stands at the right.
pub(crate) fn is_word(text: &str) -> bool {
    let numeric = |c: char| c.is_ascii_digit() || "+-−–.∞".contains(c);
    !text.is_empty() && !text.starts_with(numeric) && text.parse::<f64>().is_err()
}

/// An HTML table of escaped cells, scrolling by itself where the page is narrow; columns of words stand at the left.
pub(crate) fn table<H: Display, C: Display>(
    head: impl IntoIterator<Item = H>,
    rows: impl IntoIterator<Item: IntoIterator<Item = C>>,
) -> String {
    let rows: Vec<Vec<String>> = rows.into_iter().map(|row| row.into_iter().map(|c| c.to_string()).collect()).collect();
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let left: Vec<bool> =
        (0..columns).map(|j| rows.iter().filter_map(|row| row.get(j)).any(|text| is_word(text))).collect();
    aligned_table(head, rows, &left)
}

/// As [`table`]; the columns at the `left` are told.
pub(crate) fn aligned_table<H: Display, C: Display>(
    head: impl IntoIterator<Item = H>,
    rows: impl IntoIterator<Item: IntoIterator<Item = C>>,
    left: &[bool],
) -> String {
    let cell = |tag: &str, j: usize, text: &dyn Display| {
        // A number is not broken at its spaces.
        let side = if left.get(j) == Some(&true) { "left" } else { "right;white-space:nowrap" };
        let style = format!("padding:.2em .8em;text-align:{side};border-bottom:1px solid {LINE}");
        format!("<{tag} style=\"{style}\">{}</{tag}>", escape(text))
    };
    let head: String = head.into_iter().enumerate().map(|(j, text)| cell("th", j, &text)).collect();
    let line = |row: Vec<C>| row.iter().enumerate().map(|(j, text)| cell("td", j, text)).collect::<String>();
    let body: String = rows.into_iter().map(|row| format!("<tr>{}</tr>", line(row.into_iter().collect()))).collect();
    format!(
        "<div style=\"overflow-x:auto\"><table style=\"border-collapse:collapse\"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )
}

/// A measured number for reading: four significant digits, with a power of ten below 10⁻³ and from 10⁶ on.
pub(crate) fn number(value: f64) -> String {
    let rounded = format!("{value:.3e}").parse().unwrap_or(value);
    exact(rounded)
}

/// A given number such as a threshold, with all its digits and no more.
pub(crate) fn exact(value: f64) -> String {
    let size = value.abs();
    if size == 0.0 || (1e-3..1e6).contains(&size) { format!("{value}") } else { format!("{value:e}") }
}

/// A number that Rust wrote, as a book sets it: a true minus, ∞, – for NaN, powers of ten, thousands apart.
pub(crate) fn typeset(number: &str) -> String {
    let (sign, digits) = number.strip_prefix('-').map_or(("", number), |digits| ("−", digits));
    match digits {
        "NaN" => return "–".into(),
        "inf" => return format!("{sign}∞"),
        _ => {}
    }
    let (mantissa, exponent) = digits.split_once('e').unwrap_or((digits, ""));
    let (whole, part) = mantissa.split_at(mantissa.find('.').unwrap_or(mantissa.len()));
    let mantissa = format!("{sign}{}{part}", grouped(whole));
    if exponent.is_empty() { mantissa } else { format!("{mantissa} × 10{}", raised(exponent)) }
}

/// Groups of three digits where there are more than four.
fn grouped(digits: &str) -> String {
    let n = digits.len();
    let gap = |i: usize| if n > 4 && i > 0 && (n - i).is_multiple_of(3) { "\u{202f}" } else { "" };
    digits.chars().enumerate().map(|(i, digit)| format!("{}{digit}", gap(i))).collect()
}

/// An exponent above the line.
fn raised(exponent: &str) -> String {
    const DIGITS: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    exponent.chars().map(|c| c.to_digit(10).map_or('⁻', |digit| DIGITS[digit as usize])).collect()
}

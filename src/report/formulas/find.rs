//! Where the formulas of a text are.

use std::collections::HashMap;
use std::ops::Range;

/// A formula ends within this many bytes; a lone `$` in a long text is no formula's beginning.
const LONGEST: usize = 10_000;

/// A formula's place.
pub(super) struct Found {
    /// With its delimiters.
    pub whole: Range<usize>,
    /// Between its delimiters, or all of it where an environment is the formula.
    pub tex: Range<usize>,
    pub display: bool,
}

/// The formulas of `text` in order: `$…$`, `$$…$$`, `\begin{…}…\end{…}` and, with as many backslashes as `slash` has,
/// `\(…\)` and `\[…\]`. None begins or ends in a range of `code`, and none goes past a blank line.
pub(super) fn formulas(text: &str, code: &[Range<usize>], slash: &str) -> Vec<Found> {
    let mut search = Search { text, code, slash, hopeless: HashMap::new() };
    let mut found = Vec::new();
    let mut at = 0;
    while at < text.len() {
        if let Some(range) = search.code_at(at) {
            at = range.end;
            continue;
        }
        let (length, formula) = search.formula(at);
        at += length;
        found.extend(formula);
    }
    found
}

/// TeX without the `>` that quoted lines begin with, where the formula that begins at `start` stands in a quotation.
pub(super) fn unquoted(text: &str, start: usize, tex: &str) -> String {
    let line = text[..start].rsplit('\n').next().unwrap_or_default();
    let depth = line.chars().take_while(|c| matches!(c, '>' | ' ')).filter(|c| *c == '>').count();
    let strip = |line: &str| {
        let mut rest = line;
        for _ in 0..depth {
            rest = rest.trim_start_matches(' ').strip_prefix('>').unwrap_or(rest);
        }
        rest.to_owned()
    };
    let mut lines = tex.split('\n');
    let first = lines.next().unwrap_or_default().to_owned();
    std::iter::once(first).chain(lines.map(strip)).collect::<Vec<_>>().join("\n")
}

struct Search<'a> {
    text: &'a str,
    code: &'a [Range<usize>],
    slash: &'a str,
    /// Up to where an end was already looked for in vain, so that no text is searched again and again.
    hopeless: HashMap<String, usize>,
}

impl Search<'_> {
    /// The code that covers the place `at`.
    fn code_at(&self, at: usize) -> Option<Range<usize>> {
        let next = self.code.partition_point(|range| range.end <= at);
        self.code.get(next).filter(|range| range.start <= at).cloned()
    }

    /// The formula that begins at `at`, and how many bytes the text is read on.
    fn formula(&mut self, at: usize) -> (usize, Option<Found>) {
        let rest = &self.text[at..];
        if rest.starts_with("$$") {
            return self.delimited(at, "$$", "$$", true);
        }
        if rest.starts_with('$') {
            return self.delimited(at, "$", "$", false);
        }
        if let Some(after) = rest.strip_prefix(self.slash) {
            for (open, close, display) in [('(', ')', false), ('[', ']', true)] {
                if after.starts_with(open) {
                    let [open, close] = [open, close].map(|bracket| format!("{}{bracket}", self.slash));
                    return self.delimited(at, &open, &close, display);
                }
            }
        }
        if let Some(name) = rest.strip_prefix("\\begin{").and_then(environment) {
            let [open, close] = ["begin", "end"].map(|word| format!("\\{word}{{{name}}}"));
            let (length, found) = self.delimited(at, &open, &close, true);
            return (length, found.map(|found| Found { tex: found.whole.clone(), ..found }));
        }
        // A backslash takes the meaning from what follows it.
        let escaped = rest.starts_with('\\').then(|| rest[1..].chars().next().map_or(0, char::len_utf8));
        (rest.chars().next().map_or(1, char::len_utf8) + escaped.unwrap_or(0), None)
    }

    fn delimited(&mut self, at: usize, open: &str, close: &str, display: bool) -> (usize, Option<Found>) {
        let start = at + open.len();
        let found = self.end(start, close).filter(|&end| {
            let inner = &self.text[start..end];
            !inner.trim().is_empty() && (open != "$" || self.is_no_price(at, inner))
        });
        match found {
            Some(end) => {
                let whole = at..end + close.len();
                (whole.len(), Some(Found { whole, tex: start..end, display }))
            }
            None => (open.len(), None),
        }
    }

    /// Where `close` stands outside of braces; inside of them if there is none outside.
    fn end(&mut self, start: usize, close: &str) -> Option<usize> {
        let searched = self.hopeless.get(close).copied().unwrap_or(0);
        let (mut at, mut depth, mut inside) = (start.max(searched), 0_usize, None);
        let bytes = self.text.as_bytes();
        while at < bytes.len() && at < start + LONGEST {
            if let Some(range) = self.code_at(at) {
                // Of code only a span within a line may stand in a formula.
                if self.text[range.clone()].contains('\n') {
                    break;
                }
                at = range.end;
                continue;
            }
            if bytes[at..].starts_with(close.as_bytes()) {
                if depth == 0 {
                    return Some(at);
                }
                inside = Some(at);
                at += close.len();
                continue;
            }
            match bytes[at] {
                b'\\' => at += 1,
                b'{' => depth += 1,
                b'}' => depth = depth.saturating_sub(1),
                b'\n' if is_blank_after(&bytes[at + 1..]) => break,
                _ => {}
            }
            at += 1;
        }
        if inside.is_none() {
            self.hopeless.insert(close.to_owned(), at);
        }
        inside
    }

    /// `$` is a currency too: 5$ and 6$, $5 and $6, $5-$10.
    fn is_no_price(&self, at: usize, inner: &str) -> bool {
        let before = self.text[..at].chars().next_back();
        let after = self.text[at + inner.len() + 2..].chars().next();
        let touches = |outside: Option<char>| outside.is_some_and(char::is_alphanumeric);
        let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
        !(inner.starts_with(char::is_whitespace) && touches(before)
            || inner.ends_with(char::is_whitespace) && touches(after)
            || digit(inner.chars().next()) && digit(after))
    }
}

/// The name of letters, and perhaps a star, before the brace that ends it.
fn environment(text: &str) -> Option<&str> {
    let letters = text.find(|c: char| !c.is_ascii_alphabetic())?;
    let length = letters + usize::from(text[letters..].starts_with('*'));
    (letters > 0 && text[length..].starts_with('}')).then(|| &text[..length])
}

/// Whether the line that begins here is blank.
fn is_blank_after(bytes: &[u8]) -> bool {
    let first = bytes.iter().find(|byte| !matches!(byte, b' ' | b'\t' | b'\r'));
    matches!(first, None | Some(b'\n'))
}

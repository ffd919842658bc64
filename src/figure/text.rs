//! Texts as plotly reads them.

/// Text for plotly, which reads tags in its labels: escaped, broken between words after `width` characters, with
/// `_{…}` set below and `^{…}` above the line.
pub(super) fn label(text: &str, width: usize) -> String {
    let (mut out, mut column) = (String::new(), 0);
    for word in text.split_whitespace() {
        let length = word.chars().count();
        if column > 0 {
            let fits = column + 1 + length <= width;
            out += if fits { " " } else { "<br>" };
            column = if fits { column + 1 } else { 0 };
        }
        let escaped = word.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        out += &raised(&raised(&escaped, "_{", "sub"), "^{", "sup");
        column += length;
    }
    out
}

/// [`label`] within a hover template, where plotly takes `%{…}` for its variables.
pub(super) fn hover_label(text: &str) -> String {
    label(text, 34).replace("%{", "&#37;{")
}

/// Puts what stands between `open` and the next brace into a tag.
fn raised(word: &str, open: &str, tag: &str) -> String {
    match word.split_once(open).and_then(|(before, rest)| Some((before, rest.split_once('}')?))) {
        Some((before, (inside, after))) => {
            format!("{before}<{tag}>{inside}</{tag}>{}", raised(after, open, tag))
        }
        None => word.to_owned(),
    }
}

/// Rows that a horizontal legend takes: an entry is its sample and its text, about 7 px a character.
pub(super) fn legend_lines(names: &[&str], width: usize) -> usize {
    let (mut lines, mut used) = (usize::from(!names.is_empty()), 0);
    for name in names {
        let entry = 55 + 7 * name.chars().count().min(44);
        if used > 0 && used + entry > width {
            lines += 1;
            used = 0;
        }
        used += entry;
    }
    lines
}

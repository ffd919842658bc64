//! Whether HTML is of a shape that a parser reads in one go: every parser of HTML takes quadratic time for elements nested
//! without end and for tags of thousands of attributes.

/// No author nests deeper, and browsers give up at 512.
const DEEPEST: usize = 256;
const MOST_ATTRIBUTES: usize = 256;

/// Elements that have no end, or that the next of their kind ends.
const FLAT: &[&str] = &[
    "area", "base", "br", "col", "dd", "dt", "embed", "frame", "hr", "image", "img", "input", "keygen", "li", "link",
    "meta", "optgroup", "option", "p", "param", "rb", "rp", "rt", "rtc", "source", "tbody", "td", "tfoot", "th",
    "thead", "tr", "track", "wbr",
];
/// Elements that go on behind the end of what they stand in.
const FORMATTING: &[&str] =
    &["a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"];
/// Elements whose content is text.
const RAW: &[&str] = &["iframe", "noembed", "noframes", "script", "style", "textarea", "title", "xmp"];

/// Why `html` is not read, if so.
pub(crate) fn objection(html: &str) -> Option<String> {
    let (mut open, mut formatting): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        if let Some(comment) = rest.strip_prefix("!--") {
            // `<!-->` is a whole comment.
            let end = comment.strip_prefix('>').or_else(|| comment.strip_prefix("->"));
            rest = end.unwrap_or_else(|| comment.split_once("-->").map_or("", |(_, after)| after));
            continue;
        }
        let (ends, tag) = rest.strip_prefix('/').map_or((false, rest), |tag| (true, tag));
        if !tag.starts_with(|c: char| c.is_ascii_alphabetic()) {
            continue;
        }
        let length = tag.find(|c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>')).unwrap_or(tag.len());
        let name = tag[..length].to_ascii_lowercase();
        let (attributes, after) = attributes(&tag[length..]);
        if attributes > MOST_ATTRIBUTES {
            return Some(format!("a tag has more than {MOST_ATTRIBUTES} attributes"));
        }
        rest = after;
        let formats = FORMATTING.contains(&name.as_str());
        let foreign = || open.iter().any(|other| other == "svg" || other == "math");
        if !ends && RAW.contains(&name.as_str()) && !foreign() {
            rest = after_raw(rest, &name);
            continue;
        }
        let list = if formats { &mut formatting } else { &mut open };
        if ends {
            match list.iter().rposition(|other| *other == name) {
                Some(place) if formats => drop(list.remove(place)),
                Some(place) => list.truncate(place),
                None => {}
            }
        } else if !FLAT.contains(&name.as_str()) {
            list.push(name);
            if open.len() + formatting.len() > DEEPEST {
                return Some(format!("its elements are nested more than {DEEPEST} deep"));
            }
        }
    }
    None
}

/// About how many attributes a tag has, and what comes after it.
fn attributes(tag: &str) -> (usize, &str) {
    let (mut count, mut quote, mut before) = (0, None, ' ');
    let parts = |c: char| c.is_ascii_whitespace() || c == '/';
    for (at, c) in tag.char_indices() {
        match (quote, c) {
            (None, '>') => return (count, &tag[at + 1..]),
            (None, '"' | '\'') if before == '=' => quote = Some(c),
            (None, c) if parts(before) && !parts(c) => count += 1,
            (Some(open), c) if c == open => {
                // Another attribute may follow without a blank.
                (quote, before) = (None, ' ');
                continue;
            }
            _ => {}
        }
        // Blanks may stand between the sign and the quote.
        if before != '=' || !c.is_ascii_whitespace() {
            before = c;
        }
    }
    (count, "")
}

/// What comes after `</name`, where the content of `name` is text.
fn after_raw<'a>(html: &'a str, name: &str) -> &'a str {
    let mut rest = html;
    while let Some(at) = rest.find("</") {
        rest = &rest[at + 2..];
        if rest.get(..name.len()).is_some_and(|end| end.eq_ignore_ascii_case(name)) {
            return rest;
        }
    }
    ""
}

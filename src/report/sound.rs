//! Whether MathML is nothing but MathML. The converter is trusted with formulas, not with what an author hides in one: it
//! writes the name within `\operatorname{…}` as it comes.

const ELEMENTS: &[&str] = &[
    "a",
    "math",
    "menclose",
    "merror",
    "mfrac",
    "mi",
    "mmultiscripts",
    "mn",
    "mo",
    "mover",
    "mpadded",
    "mphantom",
    "mprescripts",
    "mroot",
    "mrow",
    "mspace",
    "msqrt",
    "mstyle",
    "msub",
    "msubsup",
    "msup",
    "mtable",
    "mtd",
    "mtext",
    "mtr",
    "munder",
    "munderover",
    "none",
    "span",
];

/// Whether every tag is known, closed in order, and has attributes that neither act nor lead away.
pub(crate) fn is_sound(mathml: &str) -> bool {
    let mut open = Vec::new();
    for piece in mathml.split('<').skip(1) {
        let Some((tag, _)) = piece.split_once('>') else { return false };
        if let Some(name) = tag.strip_prefix('/') {
            if open.pop() != Some(name) {
                return false;
            }
            continue;
        }
        let (tag, closed) = tag.strip_suffix('/').map_or((tag, false), |tag| (tag, true));
        let (name, attributes) = tag.split_once(' ').unwrap_or((tag, ""));
        if !ELEMENTS.contains(&name) || !are_sound(attributes) {
            return false;
        }
        if !closed {
            open.push(name);
        }
    }
    open.is_empty()
}

fn are_sound(mut attributes: &str) -> bool {
    loop {
        attributes = attributes.trim_start();
        if attributes.is_empty() {
            return true;
        }
        let Some((name, (value, rest))) =
            attributes.split_once("=\"").and_then(|(name, rest)| Some((name, rest.split_once('"')?)))
        else {
            return false;
        };
        let sound = match name {
            "href" => value.starts_with('#'),
            "style" => {
                value.chars().all(|c| c.is_ascii_alphanumeric() || " #%()+,-.:;".contains(c)) && !value.contains("url")
            }
            _ => name.bytes().all(|byte| byte.is_ascii_lowercase()) && !name.starts_with("on") && name != "src",
        };
        if !sound || value.contains("position") {
            return false;
        }
        attributes = rest;
    }
}

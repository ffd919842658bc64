//! What is wrong with a page, read from the page by the rules of HTML and by no part of the crate.

use std::collections::HashSet;

struct Tag {
    name: String,
    attributes: Vec<(String, String)>,
    /// What stands between a script's tags.
    text: String,
}

/// The start tags of a page as HTML's own rules read them: quotes, comments, and elements whose content is text.
fn tags(html: &str) -> Vec<Tag> {
    let (mut tags, mut rest) = (Vec::new(), html);
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        if let Some(comment) = rest.strip_prefix("!--") {
            rest = comment.split_once("-->").map_or("", |(_, after)| after);
            continue;
        }
        if !rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
            continue;
        }
        let mut tag = Tag { name: String::new(), attributes: Vec::new(), text: String::new() };
        let end = rest.find(|c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>')).unwrap_or(rest.len());
        tag.name = rest[..end].to_ascii_lowercase();
        rest = &rest[end..];
        loop {
            rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
            if let Some(after) = rest.strip_prefix('>') {
                rest = after;
                break;
            }
            if rest.is_empty() {
                break;
            }
            let end = 1 + rest[rest.chars().next().unwrap().len_utf8()..]
                .find(|c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>' | '='))
                .map_or(rest.len() - 1, |end| end + rest.chars().next().unwrap().len_utf8() - 1);
            let name = rest[..end].to_ascii_lowercase();
            rest = rest[end..].trim_start();
            let mut value = String::new();
            if let Some(after) = rest.strip_prefix('=') {
                let after = after.trim_start();
                let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''));
                let (found, left) = match quote {
                    Some(quote) => after[1..].split_once(quote).unwrap_or((&after[1..], "")),
                    None => {
                        after.split_at(after.find(|c: char| c.is_ascii_whitespace() || c == '>').unwrap_or(after.len()))
                    }
                };
                (value, rest) = (decoded(found), left);
            }
            tag.attributes.push((name, value));
        }
        // SVG has a title of its own, which is no text to HTML.
        if matches!(tag.name.as_str(), "script" | "style") || tag.name == "title" && tags.len() < 10 {
            let end = rest.to_ascii_lowercase().find(&format!("</{}", tag.name)).unwrap_or(rest.len());
            tag.text = rest[..end].to_owned();
            rest = &rest[end..];
        }
        tags.push(tag);
    }
    tags
}

fn decoded(value: &str) -> String {
    let value = value.replace("&quot;", "\"").replace("&lt;", "<").replace("&gt;", ">").replace("&nbsp;", "\u{a0}");
    value.replace("&#39;", "'").replace("&#106;", "j").replace("&amp;", "&")
}

/// What is wrong with a page, by what is in it.
pub(super) fn faults(html: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let mut ids = HashSet::new();
    let policy = html.split("script-src 'nonce-").nth(1).and_then(|rest| rest.split('\'').next()).unwrap_or_default();
    if policy.len() != 16 || !html.contains("content=\"default-src 'none'; script-src 'nonce-") {
        faults.push("no policy".to_owned());
    }
    let count = |name: &str, most: usize, tags: &[Tag]| {
        let found = tags.iter().filter(|tag| tag.name == name).count();
        (found > most).then(|| format!("{found} <{name}>"))
    };
    let tags = tags(html);
    for (name, most) in [
        ("meta", 4),
        ("style", 1),
        ("button", 1),
        ("title", usize::MAX),
        ("iframe", 0),
        ("object", 0),
        ("embed", 0),
        ("base", 0),
        ("link", 0),
        ("form", 0),
        ("frameset", 0),
        ("template", 0),
        ("foreignobject", 0),
        ("animate", 0),
        ("set", 0),
        ("plaintext", 0),
        ("video", 0),
        ("source", 0),
        ("noscript", 1_000),
        ("body", 1),
        ("textarea", 0),
        ("select", 0),
    ] {
        faults.extend(count(name, most, &tags));
    }
    for tag in &tags {
        let value =
            |name: &str| tag.attributes.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str());
        if tag.name == "script" {
            let data = value("type") == Some("application/json") && !tag.text.contains('<');
            if !(data || value("nonce") == Some(policy)) || value("src").is_some() {
                faults.push(format!("a script: {:?}", tag.attributes));
            }
        }
        for (name, value) in &tag.attributes {
            let bare: String =
                value.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect::<String>().to_lowercase();
            let scheme = bare
                .split_once(':')
                .map(|(scheme, _)| scheme)
                .filter(|s| s.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c)));
            let ok = match (tag.name.as_str(), name.as_str()) {
                (_, name) if name.starts_with("on") => false,
                ("a", "href") => !matches!(scheme, Some("javascript" | "vbscript" | "data" | "attachment")),
                ("img", _) if name == "src" => scheme == Some("data"),
                ("image", "href" | "xlink:href") => scheme == Some("data"),
                (_, "href" | "xlink:href") => bare.starts_with('#'),
                (
                    _,
                    "src" | "srcset" | "data" | "action" | "formaction" | "poster" | "background" | "ping" | "srcdoc"
                    | "values" | "to",
                ) => false,
                (_, "style" | "fill" | "stroke" | "clip-path" | "mask" | "marker-end") => {
                    !bare.contains('\\')
                        && bare.split("url(").skip(1).all(|url| url.trim_start_matches(['"', '\'']).starts_with('#'))
                        && !bare.contains("image")
                }
                (_, "id") => ids.insert(value.clone()),
                _ => true,
            };
            if !ok {
                faults.push(format!("<{} {name}={value:?}>", tag.name));
            }
        }
    }
    faults
}

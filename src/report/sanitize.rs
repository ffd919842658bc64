//! HTML that came from a cell, cut down to what can only be looked at.
//!
//! Two walls stand between a cell's output and the reader: only the elements, attributes and style properties listed in
//! `allowed` survive, and the page's Content-Security-Policy runs no script without the page's own nonce and loads nothing
//! from a network.

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use ammonia::Builder;

use super::allowed::{STYLE, SVG, SVG_ATTRIBUTES};
use super::anchors::Anchors;
use super::formulas::Formulas;
use super::images::Images;
use super::nesting;

/// Attributes that may refer to a part of the picture.
const PAINT: &[&str] = &["clip-path", "fill", "marker-end", "marker-mid", "marker-start", "mask", "stroke"];

/// What a cell's attributes are read with, and what was wrong with them.
#[derive(Debug, Default)]
pub(crate) struct Attributes {
    /// The ids of the page so far.
    pub anchors: Anchors,
    pub images: Images,
    pub formulas: Formulas,
    /// What an output's own ids and references begin with, for several outputs may draw with a gradient `a`.
    pub prefix: String,
    /// Images that cannot be shown.
    pub problems: Vec<String>,
}

/// HTML written by an author in Markdown: headings keep their anchors, tasks their boxes.
///
/// # Errors
/// The reason why the HTML is not read at all.
pub(crate) fn prose(html: &str, attributes: &mut Attributes) -> Result<String, String> {
    let mut builder = calm();
    builder
        .add_generic_attributes(["id"])
        .add_url_schemes(["attachment"])
        .add_tags(["input"])
        .add_tag_attributes("input", ["type", "checked", "disabled"])
        .set_tag_attribute_value("input", "disabled", "")
        .set_tag_attribute_value("input", "type", "checkbox");
    cleaned(builder, html, attributes)
}

/// HTML that a cell printed: tables, badges, pictures; ids within pictures only, for all others belong to the page.
///
/// # Errors
/// The reason why the HTML is not read at all.
pub(crate) fn output(html: &str, attributes: &mut Attributes) -> Result<String, String> {
    let mut builder = calm();
    builder.add_tags(SVG);
    for tag in SVG {
        builder.add_tag_attributes(tag, SVG_ATTRIBUTES);
    }
    cleaned(builder, html, attributes)
}

/// A heading's words for the table of contents: emphasis and code, no links.
pub(crate) fn words(html: &str) -> String {
    static WORDS: LazyLock<Builder<'static>> = LazyLock::new(|| {
        let mut builder = Builder::default();
        builder.tags(["b", "code", "em", "i", "strong", "sub", "sup"].into()).generic_attributes(HashSet::new());
        builder
    });
    if nesting::objection(html).is_some() { String::new() } else { WORDS.clean(html).to_string() }
}

fn calm() -> Builder<'static> {
    let mut builder = Builder::default();
    builder
        .add_generic_attributes(["class", "style"])
        .filter_style_properties(STYLE.iter().copied().collect::<HashSet<_>>())
        .add_url_schemes(["data"])
        .link_rel(Some("noopener noreferrer"));
    builder
}

fn cleaned(mut builder: Builder<'_>, html: &str, attributes: &mut Attributes) -> Result<String, String> {
    if let Some(objection) = nesting::objection(html) {
        return Err(objection);
    }
    let shared = Arc::new(Mutex::new(std::mem::take(attributes)));
    let judge = Arc::clone(&shared);
    builder.attribute_filter(move |element, attribute, value| {
        judge.lock().unwrap_or_else(PoisonError::into_inner).judge(element, attribute, value).map(Cow::Owned)
    });
    let clean = builder.clean(html).to_string();
    *attributes = std::mem::take(&mut shared.lock().unwrap_or_else(PoisonError::into_inner));
    // An address that the sanitiser refused never came to the judge.
    let lost =
        clean.split("<img").skip(1).filter(|rest| !rest.split('>').next().is_some_and(|tag| tag.contains(" src=\"")));
    let noted = attributes.problems.len();
    if lost.count() > noted {
        attributes.problems.push("an image whose address is none of a file or of the page is left out".to_owned());
    }
    Ok(clean)
}

impl Attributes {
    /// What stands for an attribute's value, if it may stay.
    fn judge(&mut self, element: &str, attribute: &str, value: &str) -> Option<String> {
        if attribute == "id" {
            return self.id(value);
        }
        let value = self.formulas.restored(value).into_owned();
        match (element, attribute) {
            ("img", "src") => self.images.inline(&value).map_err(|reason| self.problems.push(reason)).ok(),
            ("image", "href") => value.starts_with("data:image/").then_some(value),
            // Whoever follows a link leaves for a page, not for data.
            ("a", "href") => {
                (!["data:", "attachment:"].iter().any(|scheme| value.to_ascii_lowercase().starts_with(scheme)))
                    .then(|| to_report(&value))
            }
            (_, "href") => value.strip_prefix('#').map(|id| format!("#{}{id}", self.prefix)),
            (_, "style") => {
                let kept: Vec<String> = value.split(';').filter_map(|one| self.painted(one)).collect();
                Some(kept.join(";"))
            }
            (_, paint) if PAINT.contains(&paint) => self.painted(&value),
            _ => Some(value),
        }
    }

    fn id(&mut self, value: &str) -> Option<String> {
        if let Some(own) = value.strip_prefix(&own_id(&self.formulas, "")) {
            return Some(own.to_owned());
        }
        let id = format!("{}{}", self.prefix, self.formulas.restored(value));
        self.anchors.take(&id).then_some(id)
    }

    /// A value whose paint, clip or marker, if it has one, is of the same picture.
    fn painted(&self, value: &str) -> Option<String> {
        let lower = value.to_ascii_lowercase();
        // By a backslash a style sheet can say anything in other letters.
        if !["url", "image", "src(", "\\"].iter().any(|word| lower.contains(word)) {
            return Some(value.to_owned());
        }
        let (before, rest) = value.split_once("url(")?;
        let (target, after) = rest.split_once(')')?;
        let id = target.trim().trim_matches(['"', '\'']).strip_prefix('#')?;
        let plain = |text: &str| text.chars().all(|c| c.is_alphanumeric() || " -_.:#".contains(c));
        (plain(id) && plain(before) && plain(after) && !after.contains("url"))
            .then(|| format!("{before}url(#{}{id}){after}", self.prefix))
    }
}

/// How the page's own ids come to the sanitiser: with the word that no author knows, as they were given already.
pub(crate) fn own_id(formulas: &Formulas, id: &str) -> String {
    format!("{}id:{id}", formulas.mark())
}

/// Links from notebook to notebook lead from report to report.
fn to_report(url: &str) -> String {
    let (path, fragment) = url.find('#').map_or((url, ""), |at| url.split_at(at));
    match path.strip_suffix(".ipynb") {
        Some(stem) if !path.contains("://") => format!("{stem}.html{fragment}"),
        _ => url.to_owned(),
    }
}

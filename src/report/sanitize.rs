//! HTML that came from a cell, cut down to what can only be looked at.
//!
//! Two walls stand between a cell's output and the reader: only the elements, attributes and style properties listed here
//! survive, and the page's Content-Security-Policy runs no script without the page's own nonce and loads nothing from a network.

use std::collections::HashSet;
use std::sync::LazyLock;

use ammonia::Builder;

/// Style properties that colour and space things but cannot move them over the rest of the page.
const STYLE: &[&str] = &[
    "background",
    "background-color",
    "border",
    "border-bottom",
    "border-collapse",
    "border-color",
    "border-left",
    "border-radius",
    "border-right",
    "border-spacing",
    "border-top",
    "color",
    "display",
    "fill",
    "font-family",
    "font-size",
    "font-style",
    "font-variant-numeric",
    "font-weight",
    "gap",
    "height",
    "letter-spacing",
    "line-height",
    "margin",
    "margin-bottom",
    "margin-left",
    "margin-right",
    "margin-top",
    "max-width",
    "min-width",
    "opacity",
    "overflow-x",
    "padding",
    "padding-bottom",
    "padding-left",
    "padding-right",
    "padding-top",
    "stroke",
    "stroke-width",
    "text-align",
    "text-anchor",
    "vertical-align",
    "white-space",
    "width",
];

/// Elements of a small picture.
const SVG: &[&str] =
    &["circle", "ellipse", "g", "line", "path", "polygon", "polyline", "rect", "svg", "text", "title", "tspan"];

/// Their attributes.
const SVG_ATTRIBUTES: &[&str] = &[
    "cx",
    "cy",
    "d",
    "dx",
    "dy",
    "fill",
    "fill-opacity",
    "font-size",
    "height",
    "opacity",
    "points",
    "preserveAspectRatio",
    "r",
    "rx",
    "ry",
    "stroke",
    "stroke-dasharray",
    "stroke-linecap",
    "stroke-linejoin",
    "stroke-opacity",
    "stroke-width",
    "text-anchor",
    "transform",
    "viewBox",
    "width",
    "x",
    "x1",
    "x2",
    "y",
    "y1",
    "y2",
];

fn calm() -> Builder<'static> {
    let mut builder = Builder::default();
    builder
        .add_generic_attributes(["class", "style"])
        .filter_style_properties(STYLE.iter().copied().collect::<HashSet<_>>())
        .add_url_schemes(["data"])
        // A picture that is not on the page would be fetched from somewhere.
        .attribute_filter(|element, attribute, value| {
            let away = element == "img" && attribute == "src" && !value.starts_with("data:");
            (!away).then(|| value.into())
        })
        .link_rel(Some("noopener noreferrer"));
    builder
}

/// HTML written by an author in Markdown: headings keep their anchors, tasks their boxes.
pub(crate) fn prose(html: &str) -> String {
    static PROSE: LazyLock<Builder<'static>> = LazyLock::new(|| {
        let mut builder = calm();
        builder
            .add_generic_attributes(["id"])
            .add_tags(["input"])
            .add_tag_attributes("input", ["type", "checked", "disabled"])
            .set_tag_attribute_value("input", "disabled", "")
            .set_tag_attribute_value("input", "type", "checkbox");
        builder
    });
    PROSE.clean(html).to_string()
}

/// HTML that a cell printed: tables, badges, small pictures; no ids, which belong to the page.
pub(crate) fn output(html: &str) -> String {
    static OUTPUT: LazyLock<Builder<'static>> = LazyLock::new(|| {
        let mut builder = calm();
        builder.add_tags(SVG);
        for tag in SVG {
            builder.add_tag_attributes(tag, SVG_ATTRIBUTES);
        }
        builder
    });
    OUTPUT.clean(html).to_string()
}

/// A heading's words for the table of contents: emphasis and code, no links.
pub(crate) fn words(html: &str) -> String {
    static WORDS: LazyLock<Builder<'static>> = LazyLock::new(|| {
        let mut builder = Builder::default();
        builder.tags(["b", "code", "em", "i", "strong", "sub", "sup"].into());
        builder
    });
    WORDS.clean(html).to_string()
}

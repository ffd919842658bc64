//! Markdown cells as HTML: formulas become MathML, Rust is highlighted, raw HTML is sanitised, images are inlined.

use std::collections::HashMap;
use std::path::Path;
use std::sync::LazyLock;

use base64::Engine as _;
use math_core::{LatexToMathML, MathCoreConfig, MathDisplay};
use pulldown_cmark::{CodeBlockKind, CowStr, Event, Options, Parser, Tag, TagEnd, html};
use serde_json::Value;

use super::highlight::highlight;
use super::sanitize;
use crate::show::escape;

static FORMULAS: LazyLock<LatexToMathML> = LazyLock::new(|| {
    // The default configuration defines no macros, and only macros can be refused.
    LatexToMathML::new(MathCoreConfig::default()).expect("the default configuration is valid")
});

/// A heading of the notebook, for the table of contents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// 1 to 6.
    pub level: u8,
    /// The anchor on the page.
    pub id: String,
    /// Its words, without formulas.
    pub text: String,
    /// Its HTML, formulas included.
    pub html: String,
}

/// A Markdown cell made ready for the page.
#[derive(Clone, Debug, Default)]
pub struct Prose {
    /// Sanitised HTML.
    pub html: String,
    /// The headings in it.
    pub headings: Vec<Heading>,
    /// Formulas and images that could not be shown, each with its reason.
    pub problems: Vec<String>,
}

/// What a page hands to its Markdown cells one after the other.
#[derive(Debug, Default)]
pub struct Prepare {
    slugs: HashMap<String, usize>,
}

impl Prepare {
    /// The cell's HTML; `attachments` are the cell's own images, other relative images are read from `folder`.
    ///
    /// ```
    /// let prose = implicit_bias::report::Prepare::default().prose("# A *title*", None, ".".as_ref());
    /// assert_eq!(prose.html.trim(), r#"<h1 id="a-title">A <em>title</em></h1>"#);
    /// assert_eq!(prose.headings[0].text, "A title");
    /// ```
    pub fn prose(&mut self, source: &str, attachments: Option<&Value>, folder: &Path) -> Prose {
        let mut prose = Prose::default();
        let mut formulas = Vec::new();
        // Placeholders hold the formulas' place while the rest is sanitised, so nobody else may write them.
        let source = source.replace(['\u{E000}', '\u{E001}'], "");
        let extensions = Options::ENABLE_MATH
            | Options::ENABLE_TABLES
            | Options::ENABLE_FOOTNOTES
            | Options::ENABLE_STRIKETHROUGH
            | Options::ENABLE_TASKLISTS;
        let mut events = Vec::new();
        let mut code: Option<(String, String)> = None;
        let mut heading: Option<(usize, String)> = None;
        for event in Parser::new_ext(&source, extensions) {
            match event {
                Event::InlineMath(tex) => {
                    events.push(formula(&tex, MathDisplay::Inline, &mut formulas, &mut prose.problems))
                }
                Event::DisplayMath(tex) => {
                    events.push(formula(&tex, MathDisplay::Block, &mut formulas, &mut prose.problems))
                }
                Event::Start(Tag::CodeBlock(kind)) => {
                    let language = match kind {
                        CodeBlockKind::Fenced(language) => language.to_string(),
                        CodeBlockKind::Indented => String::new(),
                    };
                    code = Some((language, String::new()));
                }
                Event::End(TagEnd::CodeBlock) => {
                    let (language, text) = code.take().unwrap_or_default();
                    let text = if language.starts_with("rust") { highlight(&text) } else { escape(&text) };
                    events.push(Event::Html(format!("<pre><code>{text}</code></pre>\n").into()));
                }
                Event::Text(text) if code.is_some() => {
                    if let Some((_, block)) = &mut code {
                        block.push_str(&text);
                    }
                }
                Event::Start(Tag::Heading { level, classes, attrs, .. }) => {
                    heading = Some((events.len(), String::new()));
                    events.push(Event::Start(Tag::Heading { level, id: None, classes, attrs }));
                }
                Event::End(TagEnd::Heading(level)) => {
                    if let Some((start, text)) = heading.take() {
                        let mut inner = String::new();
                        html::push_html(&mut inner, events[start + 1..].iter().cloned());
                        let id = self.slug(&text);
                        if let Some(Event::Start(Tag::Heading { id: place, .. })) = events.get_mut(start) {
                            *place = Some(CowStr::from(id.clone()));
                        }
                        prose.headings.push(Heading {
                            level: level as u8,
                            id,
                            text: text.trim().to_owned(),
                            html: inner,
                        });
                    }
                    events.push(Event::End(TagEnd::Heading(level)));
                }
                Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
                    let dest_url = to_report(&dest_url).into();
                    events.push(Event::Start(Tag::Link { link_type, dest_url, title, id }));
                }
                Event::Start(Tag::Image { link_type, dest_url, title, id }) => {
                    let dest_url = match inline_image(&dest_url, attachments, folder) {
                        Ok(url) => url.into(),
                        Err(reason) => {
                            prose.problems.push(reason);
                            dest_url
                        }
                    };
                    events.push(Event::Start(Tag::Image { link_type, dest_url, title, id }));
                }
                other => {
                    if let (Some((_, text)), Event::Text(words) | Event::Code(words)) = (&mut heading, &other) {
                        text.push_str(words);
                    }
                    events.push(other);
                }
            }
        }
        html::push_html(&mut prose.html, events.into_iter());
        prose.html = fill_in(&sanitize::prose(&prose.html), &formulas);
        for heading in &mut prose.headings {
            heading.html = fill_in(&sanitize::words(&heading.html), &formulas);
        }
        prose
    }

    /// An anchor made of the heading's letters and digits, unique on the page.
    fn slug(&mut self, text: &str) -> String {
        let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        let mut slug = words.map(str::to_lowercase).collect::<Vec<_>>().join("-");
        if slug.is_empty() {
            slug.push_str("section");
        }
        let count = self.slugs.entry(slug.clone()).or_default();
        *count += 1;
        if *count > 1 { format!("{slug}-{count}") } else { slug }
    }
}

/// Converts a formula, keeps it aside, and leaves its placeholder.
fn formula<'a>(tex: &str, display: MathDisplay, formulas: &mut Vec<String>, problems: &mut Vec<String>) -> Event<'a> {
    let block = matches!(display, MathDisplay::Block);
    let shown = match FORMULAS.convert_with_local_state(tex, display) {
        Ok(result) => result.mathml,
        Err(error) => {
            problems.push(format!("the formula `{}` was not understood: {error}", tex.trim()));
            format!("<code class=\"math-error\" title=\"{}\">{}</code>", escape(error.to_string()), escape(tex))
        }
    };
    formulas.push(if block { format!("<span class=\"formula\">{shown}</span>") } else { shown });
    Event::InlineHtml(format!("\u{E000}{}\u{E001}", formulas.len() - 1).into())
}

fn fill_in(html: &str, formulas: &[String]) -> String {
    let mut filled = String::with_capacity(html.len());
    let mut pieces = html.split('\u{E000}');
    filled.push_str(pieces.next().unwrap_or_default());
    for piece in pieces {
        let (index, rest) = piece.split_once('\u{E001}').unwrap_or(("", piece));
        filled.push_str(index.parse().ok().and_then(|index: usize| formulas.get(index)).map_or("", String::as_str));
        filled.push_str(rest);
    }
    filled
}

/// Links from notebook to notebook lead from report to report.
fn to_report(url: &str) -> String {
    let (path, fragment) = url.find('#').map_or((url, ""), |at| url.split_at(at));
    match path.strip_suffix(".ipynb") {
        Some(stem) if !path.contains("://") => format!("{stem}.html{fragment}"),
        _ => url.to_owned(),
    }
}

/// The image as a `data:` address, so that the page stays one file.
fn inline_image(url: &str, attachments: Option<&Value>, folder: &Path) -> Result<String, String> {
    if url.starts_with("data:") {
        return Ok(url.to_owned());
    }
    if let Some(name) = url.strip_prefix("attachment:") {
        let bundle = attachments.and_then(|all| all.get(name)).and_then(Value::as_object);
        let (mime, data) = bundle
            .and_then(|bundle| bundle.iter().next())
            .ok_or_else(|| format!("the image `{url}` is not attached to its cell"))?;
        let data = super::notebook::text_of(data).ok_or_else(|| format!("the attachment `{name}` is not text"))?;
        return Ok(format!("data:{mime};base64,{}", data.trim()));
    }
    if url.contains("://") {
        return Err(format!("the image `{url}` lies on the network and is left out"));
    }
    let mime = match url.rsplit('.').next().unwrap_or_default().to_ascii_lowercase().as_str() {
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "svg" => "image/svg+xml",
        "webp" => "image/webp",
        _ => return Err(format!("the image `{url}` is of no known kind (png, jpg, gif, svg, webp)")),
    };
    let bytes = std::fs::read(folder.join(url)).map_err(|error| format!("the image `{url}`: {error}"))?;
    Ok(format!("data:{mime};base64,{}", base64::engine::general_purpose::STANDARD.encode(bytes)))
}

/// The claims that a heading names: `Claim R1`, `Claims P1, P2 and P3`.
///
/// ```
/// use implicit_bias::report::claims_in;
/// assert_eq!(claims_in("Claim R1: a constant step suffices"), ["R1"]);
/// assert_eq!(claims_in("Claims P1, P2 and T10"), ["P1", "P2", "T10"]);
/// assert!(claims_in("What R1 claims").is_empty());
/// ```
pub fn claims_in(heading: &str) -> Vec<String> {
    let mut claims = Vec::new();
    let mut open = false;
    for word in heading.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        let number = word.strip_prefix(['P', 'R', 'S', 'T']).unwrap_or_default();
        let is_id = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
        if open && is_id {
            claims.push(word.to_owned());
        } else {
            open = matches!(word, "Claim" | "Claims") || (open && word == "and");
        }
    }
    claims
}

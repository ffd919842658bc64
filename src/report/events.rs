//! Markdown as HTML that is still to be sanitised and to get its formulas.

use std::collections::HashMap;
use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, CowStr, Event, Options, Parser, Tag, TagEnd, html};

use super::anchors::Anchors;
use super::formulas::Formulas;
use super::highlight::highlight;
use super::sanitize::own_id;
use crate::show::escape;

const EXTENSIONS: Options = Options::ENABLE_TABLES
    .union(Options::ENABLE_FOOTNOTES)
    .union(Options::ENABLE_STRIKETHROUGH)
    .union(Options::ENABLE_TASKLISTS);

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

/// Where code stands in Markdown, in order.
pub(super) fn code(source: &str) -> Vec<Range<usize>> {
    let places = Parser::new_ext(source, EXTENSIONS).into_offset_iter();
    let is_code = |event: &Event<'_>| matches!(event, Event::Code(_) | Event::Start(Tag::CodeBlock(_)));
    let mut code: Vec<_> = places.filter(|(event, _)| is_code(event)).map(|(_, range)| range).collect();
    code.sort_by_key(|range| range.start);
    code
}

/// The HTML and the headings of Markdown whose formulas were taken out.
pub(super) fn html(text: &str, formulas: &Formulas, anchors: &mut Anchors) -> (String, Vec<Heading>) {
    let mut writer = Writer {
        formulas,
        anchors,
        events: Vec::new(),
        code: None,
        heading: None,
        headings: Vec::new(),
        footnotes: HashMap::new(),
    };
    Parser::new_ext(text, EXTENSIONS).for_each(|event| writer.take(event));
    let mut html = String::new();
    html::push_html(&mut html, writer.events.into_iter());
    (html, writer.headings)
}

struct Footnote {
    number: usize,
    id: String,
    defined: bool,
}

struct Writer<'a> {
    formulas: &'a Formulas,
    anchors: &'a mut Anchors,
    events: Vec<Event<'a>>,
    /// Language and text of the block that is being read.
    code: Option<(String, String)>,
    /// Where the heading that is being read began, and its words.
    heading: Option<(usize, String)>,
    headings: Vec<Heading>,
    footnotes: HashMap<String, Footnote>,
}

impl<'a> Writer<'a> {
    fn take(&mut self, event: Event<'a>) {
        let restored = |url: CowStr<'a>| CowStr::from(self.formulas.restored(&url).into_owned());
        match event {
            Event::Start(Tag::CodeBlock(kind)) => {
                let language = match kind {
                    CodeBlockKind::Fenced(language) => language.to_string(),
                    CodeBlockKind::Indented => String::new(),
                };
                self.code = Some((language, String::new()));
            }
            Event::End(TagEnd::CodeBlock) => {
                let (language, text) = self.code.take().unwrap_or_default();
                let text = self.formulas.restored(&text);
                let text = if language.starts_with("rust") { highlight(&text) } else { escape(text) };
                self.events.push(Event::Html(format!("<pre><code>{text}</code></pre>\n").into()));
            }
            Event::Text(text) if self.code.is_some() => {
                if let Some((_, block)) = &mut self.code {
                    block.push_str(&text);
                }
            }
            Event::Start(Tag::Heading { level, classes, attrs, .. }) => {
                self.heading = Some((self.events.len(), String::new()));
                self.events.push(Event::Start(Tag::Heading { level, id: None, classes, attrs }));
            }
            Event::End(TagEnd::Heading(level)) => {
                self.end_heading(level as u8);
                self.events.push(Event::End(TagEnd::Heading(level)));
            }
            Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
                let dest_url = restored(dest_url);
                self.events.push(Event::Start(Tag::Link { link_type, dest_url, title, id }));
            }
            Event::Start(Tag::Image { link_type, dest_url, title, id }) => {
                let dest_url = restored(dest_url);
                self.events.push(Event::Start(Tag::Image { link_type, dest_url, title, id }));
            }
            Event::FootnoteReference(name) => {
                let Footnote { number, id, .. } = self.footnote(&name);
                let link = format!("<sup class=\"footnote-reference\"><a href=\"#{id}\">{number}</a></sup>");
                self.events.push(Event::InlineHtml(link.into()));
            }
            Event::Start(Tag::FootnoteDefinition(name)) => {
                let formulas = self.formulas;
                let Footnote { number, id, defined } = self.footnote(&name);
                let anchor = if std::mem::replace(defined, true) { String::new() } else { own_id(formulas, id) };
                let start = format!(
                    "<div class=\"footnote-definition\" id=\"{anchor}\"><sup class=\"footnote-definition-label\">{number}</sup>"
                );
                self.events.push(Event::Html(start.into()));
            }
            Event::End(TagEnd::FootnoteDefinition) => self.events.push(Event::Html("</div>\n".into())),
            other => {
                if let (Some((_, words)), Event::Text(text) | Event::Code(text)) = (&mut self.heading, &other) {
                    let code = matches!(other, Event::Code(_));
                    words.push_str(&if code {
                        self.formulas.restored(text).into()
                    } else {
                        self.formulas.without(text)
                    });
                }
                self.events.push(other);
            }
        }
    }

    /// Gives the heading that ends here its anchor.
    fn end_heading(&mut self, level: u8) {
        let Some((start, text)) = self.heading.take() else { return };
        let mut html = String::new();
        html::push_html(&mut html, self.events[start + 1..].iter().cloned());
        let id = self.anchors.claim(&slug(&text));
        if let Some(Event::Start(Tag::Heading { id: place, .. })) = self.events.get_mut(start) {
            *place = Some(own_id(self.formulas, &id).into());
        }
        self.headings.push(Heading { level, id, text: text.trim().to_owned(), html });
    }

    /// Footnotes are numbered within their cell, but the page has one `#footnote-1` only.
    fn footnote(&mut self, name: &str) -> &mut Footnote {
        let number = self.footnotes.len() + 1;
        let anchors = &mut self.anchors;
        let new = || Footnote { number, id: anchors.claim(&format!("footnote-{number}")), defined: false };
        self.footnotes.entry(name.to_owned()).or_insert_with(new)
    }
}

/// The heading's letters and digits.
fn slug(text: &str) -> String {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let slug = words.map(str::to_lowercase).collect::<Vec<_>>().join("-");
    if slug.is_empty() { "section".to_owned() } else { slug }
}

//! Formulas leave the text before Markdown is read and come back afterwards, as in Jupyter: what stands inside of a formula
//! is TeX, whatever Markdown or HTML would make of it.

mod find;

use std::borrow::Cow;
use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher as _, Hasher as _};
use std::ops::Range;

use crate::show::escape;

/// One formula that was taken out.
#[derive(Debug)]
pub(crate) struct Formula {
    /// As it was written, with its delimiters.
    pub source: String,
    /// What stands between the delimiters.
    pub tex: String,
    /// Whether it stands on lines of its own.
    pub display: bool,
    /// Its HTML, once it is set.
    pub shown: Option<String>,
}

/// The formulas of one text, for each of which the text has a placeholder.
#[derive(Debug, Default)]
pub(crate) struct Formulas {
    /// What a placeholder begins with: private characters around a word that nobody can foresee, so that no author writes one.
    mark: String,
    kept: Vec<Formula>,
}

impl Formulas {
    /// Takes the formulas out of Markdown; what stands in the ranges `code` is none. `\\(` and `\\[` are delimiters because
    /// Markdown makes one backslash of two.
    pub fn of_markdown(source: &str, code: &[Range<usize>]) -> (String, Self) {
        Self::take(source, code, r"\\")
    }

    /// Takes the formulas out of a text of LaTeX.
    pub fn of_latex(source: &str) -> (String, Self) {
        Self::take(source, &[], r"\")
    }

    fn take(source: &str, code: &[Range<usize>], slash: &str) -> (String, Self) {
        let word = RandomState::new().build_hasher().finish();
        let mut formulas = Self { mark: format!("\u{E000}{word:016x}-"), kept: Vec::new() };
        let mut text = String::with_capacity(source.len());
        let mut end = 0;
        for found in find::formulas(source, code, slash) {
            text.push_str(&source[end..found.whole.start]);
            text.push_str(&format!("{}{}\u{E001}", formulas.mark, formulas.kept.len()));
            end = found.whole.end;
            formulas.kept.push(Formula {
                source: source[found.whole.clone()].to_owned(),
                tex: find::unquoted(source, found.whole.start, &source[found.tex]),
                display: found.display,
                shown: None,
            });
        }
        text.push_str(&source[end..]);
        (text, formulas)
    }

    /// The word that only this text's placeholders have.
    pub fn mark(&self) -> &str {
        &self.mark
    }

    pub fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    /// `text` with every formula as it was written.
    pub fn restored<'a>(&self, text: &'a str) -> Cow<'a, str> {
        if !text.contains(&self.mark) {
            return Cow::Borrowed(text);
        }
        Cow::Owned(self.replaced(text, |index, _| self.kept.get(index).map_or("", |formula| &formula.source)))
    }

    /// `text` without its formulas.
    pub fn without(&self, text: &str) -> String {
        self.replaced(text, |_, _| "")
    }

    /// Sanitised HTML with its formulas put back: as `set` makes them, as they were written within code.
    pub fn fill(&mut self, html: &str, mut set: impl FnMut(&Formula) -> String) -> String {
        let mut kept = std::mem::take(&mut self.kept);
        let mut depth = 0;
        let filled = self.replaced(html, |index, before| {
            // In sanitised HTML every `<` begins a tag.
            let count = |tag: &str| before.matches(tag).count();
            depth = (depth + count("<code") + count("<pre")).saturating_sub(count("</code") + count("</pre"));
            match kept.get_mut(index) {
                Some(formula) if depth > 0 => escape(&formula.source),
                Some(formula) => {
                    let shown = formula.shown.take().unwrap_or_else(|| set(formula));
                    formula.shown.insert(shown).clone()
                }
                None => String::new(),
            }
        });
        self.kept = kept;
        filled
    }

    /// Replaces the placeholders by what `with` says of a formula's number and of the text since the one before.
    fn replaced<S: AsRef<str>>(&self, text: &str, mut with: impl FnMut(usize, &str) -> S) -> String {
        let mut pieces = text.split(self.mark.as_str());
        let mut before = pieces.next().unwrap_or_default();
        let mut replaced = before.to_owned();
        for piece in pieces {
            let (index, rest) = piece.split_once('\u{E001}').unwrap_or(("", piece));
            replaced.push_str(with(index.parse().unwrap_or(usize::MAX), before).as_ref());
            replaced.push_str(rest);
            before = rest;
        }
        replaced
    }
}

//! The report of one notebook: one HTML file that needs nothing else.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher as _, Hasher as _};
use std::path::Path;

use askama::Template;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::duration::duration;
use super::events::Heading;
use super::highlight::highlight;
use super::markdown::Prepare;
use super::notebook::{CellType, Notebook};
use super::output::Shown;
use super::parameters::Change;
use crate::error::{Error, Result};
use crate::figure::library;

/// The key in a notebook's and a cell's metadata under which the runner keeps its notes.
pub(crate) const NOTES: &str = "implicit_bias";

/// What the runner noted about a run; it travels in the executed notebook's metadata.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct RunNotes {
    /// Changes with everything the run depended on.
    pub fingerprint: String,
    /// Wall time in seconds.
    pub seconds: f64,
    /// When it ended, UTC.
    pub finished: String,
    /// `rustc --version`.
    pub rustc: String,
    /// What stopped it or is wrong with it; empty after a good run.
    pub faults: Vec<Stop>,
    /// The constants that were set for this run.
    pub changes: Vec<Change>,
}

/// One thing that makes a run a failure.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Stop {
    /// The code cell's number, counted from 1; 0 when the notebook as a whole is meant.
    pub number: usize,
    /// The cell's id.
    pub cell: String,
    /// What went wrong, in one line.
    pub message: String,
}

impl RunNotes {
    /// The notes in an executed notebook; none in one that the runner never ran.
    pub fn of(notebook: &Notebook) -> Option<Self> {
        notebook.metadata.get(NOTES).and_then(|notes| serde_json::from_value(notes.clone()).ok())
    }
}

struct CellView {
    id: String,
    /// The code cell's number, 0 for prose.
    number: usize,
    html: String,
    lines: usize,
    seconds: Option<String>,
    outputs: Vec<String>,
    state: &'static str,
}

#[derive(Template)]
#[template(path = "page.html", config = "src/report/askama.toml")]
struct Page<'a> {
    title: &'a str,
    name: &'a str,
    notes: &'a RunNotes,
    time: String,
    contents: Vec<Heading>,
    cells: Vec<CellView>,
    problems: &'a [String],
    style: &'static str,
    script: &'static str,
    plotly: &'a str,
    nonce: String,
}

/// A rendered report.
#[derive(Clone, Debug)]
pub struct Report {
    /// The page.
    pub html: String,
    /// The first heading, or the name when there is none.
    pub title: String,
    /// Formulas and images that could not be shown.
    pub problems: Vec<String>,
}

/// Renders the executed notebook called `name`; images are looked up from `folder`.
///
/// # Errors
/// [`Error::Argument`] if the template cannot be filled in.
///
/// ```
/// use implicit_bias::report::{Notebook, render};
/// let text = r##"{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [
///     {"cell_type": "markdown", "id": "a", "metadata": {}, "source": "# Margins\n$\\bar u$"}]}"##;
/// let report = render("margins", &Notebook::parse(text, "margins.ipynb".as_ref())?, ".".as_ref())?;
/// assert_eq!(report.title, "Margins");
/// assert!(report.html.contains("<math>"));
/// # Ok::<(), implicit_bias::error::Error>(())
/// ```
pub fn render(name: &str, notebook: &Notebook, folder: &Path) -> Result<Report> {
    let notes = RunNotes::of(notebook).unwrap_or_default();
    let stopped = notes.faults.iter().find(|stop| stop.number > 0).map_or(usize::MAX, |stop| stop.number);
    let mut shown = Shown { prepare: Prepare::default(), folder, figures: 0, problems: Vec::new() };
    shown.prepare.anchors.take("code-toggle");
    // The start page links to cells by their ids, so that headings must make do with what is left.
    for cell in &notebook.cells {
        shown.prepare.anchors.take(&cell.id);
    }
    let (mut cells, mut contents, mut number) = (Vec::new(), Vec::new(), 0);
    for cell in &notebook.cells {
        let mut view = CellView {
            id: crate::show::escape(&cell.id),
            number: 0,
            html: String::new(),
            lines: cell.source.lines().count(),
            seconds: None,
            outputs: Vec::new(),
            state: "",
        };
        match cell.cell_type {
            CellType::Raw => continue,
            CellType::Markdown => {
                let prose = shown.prepare.prose(&cell.source, cell.other.get("attachments"), folder);
                view.html = prose.html;
                contents.extend(prose.headings);
                shown.problems.extend(prose.problems);
            }
            CellType::Code => {
                number += 1;
                view.number = number;
                view.html = highlight(cell.source.trim_end());
                view.outputs = cell.outputs.iter().flatten().filter_map(|output| shown.output(output)).collect();
                view.seconds = cell.metadata.get(NOTES).and_then(|notes| notes["seconds"].as_f64()).map(duration);
                view.state = match number.cmp(&stopped) {
                    std::cmp::Ordering::Less => "",
                    std::cmp::Ordering::Equal => "failed",
                    std::cmp::Ordering::Greater => "skipped",
                };
                if cell.source.trim().is_empty() {
                    continue;
                }
            }
        }
        cells.push(view);
    }
    let title = title(name, notebook);
    let page = Page {
        title: &title,
        name,
        time: duration(notes.seconds),
        notes: &notes,
        contents: contents.into_iter().filter(|heading| (2..=3).contains(&heading.level)).collect(),
        cells,
        problems: &shown.problems,
        style: include_str!("style.css"),
        script: include_str!("page.js"),
        plotly: &if shown.figures > 0 { library::source() } else { String::new() },
        nonce: nonce(),
    };
    let html = page.render().map_err(|error| Error::argument(name, "a notebook that fits the template", error))?;
    Ok(Report { html, title, problems: shown.problems })
}

/// The first heading of the first level, or `name`.
pub(crate) fn title(name: &str, notebook: &Notebook) -> String {
    let prose = notebook.cells.iter().filter(|cell| cell.cell_type == CellType::Markdown);
    let mut headings = prose.flat_map(|cell| Prepare::default().prose(&cell.source, None, Path::new(".")).headings);
    headings.find(|heading| heading.level == 1).map_or_else(|| name.to_owned(), |heading| heading.text)
}

/// A word that nobody can foresee, which marks the page's own scripts.
pub(crate) fn nonce() -> String {
    format!("{:016x}", RandomState::new().build_hasher().finish())
}

/// Notes as JSON for a metadata map.
pub(crate) fn as_json(notes: &impl Serialize) -> Value {
    serde_json::to_value(notes).unwrap_or(Value::Null)
}

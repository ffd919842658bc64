//! Reading and writing `.ipynb` (nbformat 4); what this crate does not know is kept as it came.

mod output;
mod text;

use std::collections::HashSet;
use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::anchors::Anchors;
use crate::error::{Error, Result};

pub use output::Output;
pub(crate) use text::text_of;

/// A Jupyter notebook, format 4.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Notebook {
    /// The cells from top to bottom.
    pub cells: Vec<Cell>,
    /// Kernel, language, and whatever else the writer noted.
    #[serde(default)]
    pub metadata: Map<String, Value>,
    /// The format's major version: 4.
    pub nbformat: u32,
    /// The format's minor version; from 5 on every cell has an id.
    #[serde(default)]
    pub nbformat_minor: u32,
}

/// One cell.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Cell {
    /// Code, Markdown or raw.
    pub cell_type: CellType,
    /// The cell's name within the notebook; given by [`Notebook::parse`] where it was missing or not the only one.
    #[serde(default, deserialize_with = "id")]
    pub id: String,
    /// Tags and the like.
    #[serde(default)]
    pub metadata: Map<String, Value>,
    /// What the author wrote.
    #[serde(serialize_with = "text::as_lines", deserialize_with = "text::joined")]
    pub source: String,
    /// What a code cell printed and showed.
    #[serde(default, deserialize_with = "output::lenient", skip_serializing_if = "Option::is_none")]
    pub outputs: Option<Vec<Output>>,
    /// Attached images and everything else that belongs to the cell.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// The three kinds of cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CellType {
    /// Rust, run by the kernel.
    Code,
    /// Prose.
    Markdown,
    /// Kept, not shown.
    Raw,
}

impl Notebook {
    /// Reads the notebook at `path`.
    ///
    /// # Errors
    /// [`Error::Io`] when the file cannot be read, [`Error::Parse`] with line and column when it is not a notebook of format 4.
    pub fn read(path: &Path) -> Result<Self> {
        let bytes = std::fs::read(path).map_err(|error| Error::io(path, error))?;
        let text = str::from_utf8(&bytes).map_err(|error| Error::Parse {
            path: path.display().to_string(),
            line: 1 + bytes[..error.valid_up_to()].iter().filter(|byte| **byte == b'\n').count() as u64,
            column: None,
            message: "not a Jupyter notebook: expected UTF-8 text, found other bytes".to_owned(),
        })?;
        Self::parse(text, path)
    }

    /// Reads a notebook from the text of the file at `path`, which is named in errors only.
    ///
    /// # Errors
    /// [`Error::Parse`] with line and column when the text is not a notebook of format 4.
    ///
    /// ```
    /// use implicit_bias::report::Notebook;
    /// let text = r#"{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}"#;
    /// assert!(Notebook::parse(text, "a.ipynb".as_ref())?.cells.is_empty());
    /// assert!(Notebook::parse("{", "a.ipynb".as_ref()).is_err());
    /// # Ok::<(), implicit_bias::error::Error>(())
    /// ```
    pub fn parse(text: &str, path: &Path) -> Result<Self> {
        let fail = |line: usize, column: Option<usize>, message: String| Error::Parse {
            path: path.display().to_string(),
            line: line as u64,
            column: column.map(|c| c.to_string()),
            message,
        };
        // Some editors put a mark before the first character, which JSON does not know.
        let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
        let parsed = serde_json::from_str::<Self>(text);
        if let Some(message) = other_format(text, path) {
            return Err(fail(1, None, message));
        }
        let mut notebook = parsed.map_err(|error| {
            let reason = error.to_string();
            let reason = reason.split(" at line ").next().unwrap_or(&reason);
            fail(error.line(), Some(error.column()), format!("not a Jupyter notebook: {reason}"))
        })?;
        name_cells(&mut notebook.cells);
        notebook.nbformat_minor = notebook.nbformat_minor.max(5);
        Ok(notebook)
    }

    /// The file's text as Jupyter itself writes it: keys sorted, one space of indent.
    ///
    /// # Errors
    /// [`Error::Io`] if a number cannot be written as JSON.
    pub fn to_json(&self) -> Result<String> {
        let mut bytes = Vec::new();
        let style = serde_json::ser::PrettyFormatter::with_indent(b" ");
        // Through a Value, whose maps are sorted.
        serde_json::to_value(self)
            .and_then(|value| value.serialize(&mut serde_json::Serializer::with_formatter(&mut bytes, style)))
            .map_err(|error| Error::io("notebook", error))?;
        bytes.push(b'\n');
        String::from_utf8(bytes).map_err(|error| Error::io("notebook", error))
    }

    /// The code cells with their number, counted from 1.
    pub fn code_cells(&self) -> impl Iterator<Item = (usize, &Cell)> {
        self.cells.iter().filter(|cell| cell.cell_type == CellType::Code).enumerate().map(|(i, cell)| (i + 1, cell))
    }
}

impl Cell {
    /// The cell's tags, as Jupyter's property inspector sets them.
    ///
    /// ```
    /// use implicit_bias::report::Notebook;
    /// let text = r#"{"nbformat": 4, "cells": [{"cell_type": "code", "source": "1", "metadata": {"tags": ["parameters"]}}]}"#;
    /// let notebook = Notebook::parse(text, "a.ipynb".as_ref())?;
    /// assert!(notebook.cells[0].tags().eq(["parameters"]));
    /// assert!(!notebook.cells[0].has_tag("raises-exception"));
    /// # Ok::<(), implicit_bias::error::Error>(())
    /// ```
    pub fn tags(&self) -> impl Iterator<Item = &str> {
        self.metadata.get("tags").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
    }

    /// Whether `tag` is among the cell's tags.
    pub fn has_tag(&self, tag: &str) -> bool {
        self.tags().any(|other| other == tag)
    }
}

/// What to say of a file whose format is not 4; nothing of one that has no format at all.
fn other_format(text: &str, path: &Path) -> Option<String> {
    #[derive(Deserialize)]
    struct Format {
        nbformat: u32,
    }
    let Format { nbformat } = serde_json::from_str(text).ok()?;
    let found = format!("expected a notebook of format 4, found format {nbformat}");
    match nbformat {
        4 => None,
        0..4 => {
            Some(format!("{found}; convert it with `jupyter nbconvert --to notebook --inplace {}`", path.display()))
        }
        _ => Some(found),
    }
}

/// An id that is no text counts as missing.
fn id<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Ok(Value::deserialize(deserializer)?.as_str().unwrap_or_default().to_owned())
}

/// Names the cells without an id and renames those whose id an earlier cell has, as Jupyter does.
fn name_cells(cells: &mut [Cell]) {
    let mut ids = Anchors::default();
    for cell in cells.iter().filter(|cell| !cell.id.is_empty()) {
        ids.take(&cell.id);
    }
    let mut seen = HashSet::new();
    for (index, cell) in cells.iter_mut().enumerate() {
        if cell.id.is_empty() {
            cell.id = ids.claim(&format!("cell-{}", index + 1));
        } else if !seen.insert(cell.id.clone()) {
            cell.id = ids.claim(&cell.id);
        }
    }
}

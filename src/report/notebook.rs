//! Reading and writing `.ipynb` (nbformat 4); what this crate does not know is kept as it came.

use std::path::Path;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

use crate::error::{Error, Result};

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
    /// The cell's name within the notebook; filled in by [`Notebook::parse`] where it was missing.
    #[serde(default)]
    pub id: String,
    /// Tags and the like.
    #[serde(default)]
    pub metadata: Map<String, Value>,
    /// What the author wrote.
    #[serde(serialize_with = "as_lines", deserialize_with = "joined")]
    pub source: String,
    /// What a code cell printed and showed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
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

/// One output of a code cell.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "output_type", rename_all = "snake_case")]
pub enum Output {
    /// Lines of standard output or standard error.
    Stream {
        /// `stdout` or `stderr`.
        name: String,
        /// The lines.
        #[serde(serialize_with = "as_lines", deserialize_with = "joined")]
        text: String,
    },
    /// The value of the cell's last expression, in one or more MIME types.
    ExecuteResult {
        /// The cell's number.
        execution_count: Option<u64>,
        /// MIME type to content.
        data: Map<String, Value>,
        /// Notes for the front end.
        #[serde(default)]
        metadata: Map<String, Value>,
    },
    /// The same without being the cell's value.
    DisplayData {
        /// MIME type to content.
        data: Map<String, Value>,
        /// Notes for the front end.
        #[serde(default)]
        metadata: Map<String, Value>,
    },
    /// What stopped the cell.
    Error {
        /// Its kind.
        ename: String,
        /// Its message.
        evalue: String,
        /// The full text, line by line.
        #[serde(default)]
        traceback: Vec<String>,
    },
}

impl Notebook {
    /// Reads the notebook at `path`.
    ///
    /// # Errors
    /// [`Error::Io`] when the file cannot be read, [`Error::Parse`] with line and column when it is not a notebook of format 4.
    pub fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path).map_err(|error| Error::io(path, error))?;
        Self::parse(&text, path)
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
        let mut notebook: Self = serde_json::from_str(text).map_err(|error| {
            let reason = error.to_string();
            let reason = reason.split(" at line ").next().unwrap_or(&reason);
            fail(error.line(), Some(error.column()), format!("not a Jupyter notebook: {reason}"))
        })?;
        if notebook.nbformat != 4 {
            return Err(fail(1, None, format!("expected a notebook of format 4, found format {}", notebook.nbformat)));
        }
        let mut seen = std::collections::HashSet::new();
        for (index, cell) in notebook.cells.iter_mut().enumerate() {
            if cell.id.is_empty() {
                cell.id = format!("cell-{}", index + 1);
            }
            if !seen.insert(cell.id.clone()) {
                let id = &cell.id;
                return Err(fail(1, None, format!("cell {} has the id `{id}` of an earlier cell", index + 1)));
            }
        }
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
    /// The cell's tags, as Jupyter keeps them in its metadata.
    pub fn tags(&self) -> impl Iterator<Item = &str> {
        self.metadata.get("tags").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
    }

    /// Whether the cell has this tag.
    pub fn has_tag(&self, tag: &str) -> bool {
        self.tags().any(|other| other == tag)
    }
}

impl Output {
    /// The MIME bundle, if this output is one.
    pub fn bundle(&self) -> Option<&Map<String, Value>> {
        match self {
            Self::ExecuteResult { data, .. } | Self::DisplayData { data, .. } => Some(data),
            Self::Stream { .. } | Self::Error { .. } => None,
        }
    }
}

/// nbformat lets any text be a string or a list of lines.
#[derive(Deserialize)]
#[serde(untagged)]
enum Text {
    One(String),
    Lines(Vec<String>),
}

fn joined<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Text::deserialize(deserializer)
        .map(|text| match text {
            Text::One(text) => text,
            Text::Lines(lines) => lines.concat(),
        })
        .map_err(|_| serde::de::Error::custom("expected text: a string or a list of strings"))
}

fn as_lines<S: Serializer>(text: &str, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(text.split_inclusive('\n'))
}

/// The text of a MIME entry, which may be a string or a list of lines.
pub(crate) fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Array(lines) => lines.iter().map(Value::as_str).collect(),
        _ => None,
    }
}

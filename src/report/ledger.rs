//! The claims ledger: which notebook decided which claim, and how.

use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::notebook::{CellType, Notebook};
use crate::error::{Error, Result};

/// The MIME type under which a verdict travels.
pub(crate) use crate::verdict::MIME;

/// One verdict and the cell that reached it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// The claim, such as `R1`.
    pub id: String,
    /// Where the claim stands in its source.
    #[serde(default)]
    pub source: String,
    /// The claim in one sentence.
    #[serde(default)]
    pub statement: String,
    /// `HOLDS`, `FAILS` or `OPEN`.
    pub verdict: String,
    /// The measured number; none where it was not finite.
    #[serde(default)]
    pub value: Option<f64>,
    /// The number it was compared with, or the two ends of a range.
    #[serde(default)]
    pub threshold: Value,
    /// How many seeds stand behind it.
    #[serde(default)]
    pub seeds: Option<u64>,
    /// The notebook's name, without `.ipynb`.
    #[serde(default)]
    pub notebook: String,
    /// The cell's id, which is also its anchor on the page.
    #[serde(default)]
    pub cell: String,
    /// What else the verdict says: quantity, relation, note.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

impl Entry {
    /// The text of a further field, such as `relation`.
    pub fn text(&self, field: &str) -> &str {
        self.other.get(field).and_then(Value::as_str).unwrap_or_default()
    }
}

/// The verdicts in a notebook's outputs, in order.
///
/// # Errors
/// [`Error::Argument`] naming the cell whose verdict lacks `id` or whose `verdict` is not HOLDS, FAILS or OPEN.
pub fn verdicts(name: &str, notebook: &Notebook) -> Result<Vec<Entry>> {
    let mut entries = Vec::new();
    for (number, cell) in notebook.code_cells() {
        let bundles = cell.outputs.iter().flatten().filter_map(super::notebook::Output::bundle);
        for value in bundles.filter_map(|bundle| bundle.get(MIME)) {
            let list = match value {
                Value::Array(list) => list.clone(),
                one => vec![one.clone()],
            };
            for value in list {
                let what = format!("{name}, cell {number}, verdict");
                let mut entry: Entry =
                    serde_json::from_value(value).map_err(|e| Error::argument(&what, "id, verdict, value, ...", e))?;
                if !matches!(entry.verdict.as_str(), "HOLDS" | "FAILS" | "OPEN") {
                    return Err(Error::argument(&what, "HOLDS, FAILS or OPEN", &entry.verdict));
                }
                entry.notebook = name.to_owned();
                entry.cell.clone_from(&cell.id);
                entries.push(entry);
            }
        }
    }
    Ok(entries)
}

/// The claims that a notebook's headings name.
pub fn named(notebook: &Notebook) -> Vec<String> {
    let mut claims: Vec<String> = Vec::new();
    let prose = notebook.cells.iter().filter(|cell| cell.cell_type == CellType::Markdown);
    for cell in prose {
        let headings = super::markdown::Prepare::default().prose(&cell.source, None, Path::new(".")).headings;
        for claim in headings.iter().flat_map(|heading| super::markdown::claims_in(&heading.text)) {
            if !claims.contains(&claim) {
                claims.push(claim);
            }
        }
    }
    claims
}

/// The ledger at `path`; empty when there is none yet.
///
/// # Errors
/// [`Error::Io`] or [`Error::Parse`] when it is there and cannot be read.
pub fn read(path: &Path) -> Result<Vec<Entry>> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(Error::io(path, error)),
    };
    serde_json::from_str(&text).map_err(|error| Error::Parse {
        path: path.display().to_string(),
        line: error.line() as u64,
        column: Some(error.column().to_string()),
        message: format!("not a claims ledger: {error}"),
    })
}

/// Writes the ledger, one object a claim, in the order of the claims.
///
/// # Errors
/// [`Error::Io`] when the file cannot be written.
pub fn write(path: &Path, entries: &[Entry]) -> Result<()> {
    let mut entries = entries.to_vec();
    entries.sort_by_key(|entry| claim_order(&entry.id));
    let mut text = serde_json::to_string_pretty(&entries).map_err(|error| Error::io(path, error))?;
    text.push('\n');
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|error| Error::io(folder, error))?;
    }
    super::files::write_whole(path, text.as_bytes())
}

/// R before P before S before T, as the sources are read; then by number.
pub(crate) fn claim_order(id: &str) -> (usize, u64, String) {
    let letter = id.chars().next().unwrap_or(' ');
    let number = id.get(1..).and_then(|digits| digits.parse().ok()).unwrap_or(u64::MAX);
    ("RPST".find(letter).unwrap_or(usize::MAX), number, id.to_owned())
}

//! The claims ledger: which notebook decided which claim, and how.

use std::path::Path;

use serde_json::Value;

use super::notebook::{CellType, Notebook};
use crate::error::{Error, Result};
use crate::verdict::{MIME, Verdict, recorded};

/// The verdicts in a notebook's outputs, in order, each with its notebook and cell.
///
/// # Errors
/// [`Error::Argument`] naming the cell whose verdict lacks a field or does not follow from its numbers.
pub fn verdicts(name: &str, notebook: &Notebook) -> Result<Vec<Verdict>> {
    let mut verdicts = Vec::new();
    for (number, cell) in notebook.code_cells() {
        let bundles = cell.outputs.iter().flatten().filter_map(super::notebook::Output::bundle);
        for value in bundles.filter_map(|bundle| bundle.get(MIME)) {
            let list = match value {
                Value::Array(list) => list.clone(),
                one => vec![one.clone()],
            };
            for value in list {
                let place = format!("{name}, cell {number}");
                let verdict: Verdict = serde_json::from_value(value)
                    .map_err(|e| Error::argument(format_args!("{place}, verdict"), "id, verdict, evidence, ...", e))?;
                let mut verdict = verdict.checked(place)?;
                verdict.notebook = name.to_owned();
                verdict.cell.clone_from(&cell.id);
                verdicts.push(verdict);
            }
        }
    }
    Ok(verdicts)
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
/// As [`recorded`] where it is there.
pub fn read(path: &Path) -> Result<Vec<Verdict>> {
    let is_missing = std::fs::metadata(path).is_err_and(|error| error.kind() == std::io::ErrorKind::NotFound);
    if is_missing { Ok(Vec::new()) } else { recorded(path) }
}

/// Writes the ledger, one object a verdict, in the order of the claims.
///
/// # Errors
/// [`Error::Io`] when the file cannot be written.
pub fn write(path: &Path, verdicts: &[Verdict]) -> Result<()> {
    let mut verdicts = verdicts.to_vec();
    verdicts.sort_by_key(|verdict| claim_order(&verdict.id));
    let mut text = serde_json::to_string_pretty(&verdicts).map_err(|error| Error::io(path, error))?;
    text.push('\n');
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|error| Error::io(folder, error))?;
    }
    super::files::write_whole(path, text.as_bytes())
}

/// R before P before S before T, as the sources are read; then by number, a claim before its parts.
pub(crate) fn claim_order(id: &str) -> (usize, u64, String) {
    let letter = id.chars().next().unwrap_or(' ');
    let digits = id.get(1..).map(|rest| rest.trim_end_matches(|c: char| c.is_ascii_lowercase()));
    let number = digits.and_then(|digits| digits.parse().ok()).unwrap_or(u64::MAX);
    ("RPST".find(letter).unwrap_or(usize::MAX), number, id.to_owned())
}

//! Which studies a notebook may record.

use std::collections::BTreeSet;

use super::notebook::Notebook;
use crate::error::{Error, Result};

/// Names the one study to record; 1 for all.
pub(crate) const RECORD: &str = "IMPLICIT_BIAS_RECORD";

/// The CSV files that the code names, without their folder and `.csv`: a study is called after its record. None where a name is put
/// together at run time, so that any may be meant.
pub(crate) fn named_in(notebook: &Notebook) -> Option<BTreeSet<String>> {
    let mut names = BTreeSet::new();
    for (_, cell) in notebook.code_cells() {
        if cell.source.contains("Study") && !cell.source.contains(".csv\"") {
            return None;
        }
        for (end, _) in cell.source.match_indices(".csv\"") {
            let before = &cell.source[..end];
            let start = before.rfind(['"', '/', '\\']).map_or(0, |at| at + 1);
            names.insert(before[start..].to_owned());
        }
    }
    names.iter().all(|name| !name.is_empty() && !name.contains(['{', '}'])).then_some(names)
}

/// Refuses a study that none of the notebooks has: nothing would be recorded, and nobody told.
///
/// # Errors
/// [`Error::Argument`] with the names there are.
pub(crate) fn check<'a>(notebooks: impl Iterator<Item = &'a Notebook>) -> Result<()> {
    let Some(wanted) = std::env::var_os(RECORD).filter(|wanted| wanted != "1") else { return Ok(()) };
    let Some(names) = notebooks.map(named_in).collect::<Option<Vec<_>>>() else { return Ok(()) };
    let names: BTreeSet<String> = names.into_iter().flatten().collect();
    if wanted.to_str().is_some_and(|wanted| names.contains(wanted)) {
        return Ok(());
    }
    let names: Vec<String> = names.into_iter().collect();
    let there = if names.is_empty() { "none in these notebooks".to_owned() } else { names.join(", ") };
    let expected = format!("1 or the name of a record without its .csv ({there})");
    Err(Error::argument(RECORD, expected, format_args!("{wanted:?}")))
}

//! The recorded ledger, for a notebook that draws conclusions from what others have decided.

use super::{Comparison, Outcome};
use crate::error::{Error, Result};
use serde::Deserialize;
use std::fmt;
use std::path::Path;

/// One recorded verdict: what a notebook found about a claim.
#[derive(Clone, PartialEq, Deserialize)]
pub struct LedgerEntry {
    /// The claim, such as `R1`.
    pub id: String,
    /// What followed.
    #[serde(rename = "verdict")]
    pub outcome: Outcome,
    /// The comparisons, in the order they were made.
    #[serde(default)]
    pub evidence: Vec<Comparison>,
    /// The sentence beside the verdict, where there is one.
    #[serde(default)]
    pub note: Option<String>,
    /// The notebook's name, without `.ipynb`.
    pub notebook: String,
    /// The id of the cell that reached the verdict, which is also its anchor on the notebook's page.
    pub cell: String,
}

/// The verdicts in the ledger at `path`, which `cargo notebooks --record` writes, in the order of the claims. A claim that
/// two notebooks decide is there twice.
///
/// # Errors
/// [`Error::Io`] when the file cannot be read, [`Error::Parse`] with line and column when it is no ledger.
///
/// ```no_run
/// use implicit_bias::verdict::{Outcome, recorded};
/// let ledger = recorded("../data/claims.json")?;                            // relative to the notebook's folder
/// let failed: Vec<_> = ledger.iter().filter(|entry| entry.outcome == Outcome::Fails).collect();
/// # Ok::<(), implicit_bias::error::Error>(())
/// ```
pub fn recorded(path: impl AsRef<Path>) -> Result<Vec<LedgerEntry>> {
    let path = path.as_ref();
    let text = std::fs::read_to_string(path).map_err(|error| Error::io(path, error))?;
    serde_json::from_str(&text).map_err(|error| Error::Parse {
        path: path.display().to_string(),
        line: error.line() as u64,
        column: Some(error.column().to_string()),
        message: format!("not a claims ledger: {error}"),
    })
}

impl fmt::Debug for LedgerEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} in {} ({} comparisons)", self.id, self.outcome, self.notebook, self.evidence.len())
    }
}

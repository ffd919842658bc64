//! The recorded ledger, for a notebook that draws conclusions from what others have decided.

use super::claims::parts;
use super::{Outcome, Verdict};
use crate::error::{Error, Result};
use std::path::Path;

/// The verdicts in the ledger at `path`, which `cargo notebooks --record` writes, in the order of the claims. A claim that
/// two notebooks decide is there twice.
///
/// # Errors
/// [`Error::Io`] when the file cannot be read, [`Error::Parse`] with line and column when it is no ledger,
/// [`Error::Argument`] when a verdict in it does not follow from its numbers.
///
/// ```no_run
/// use implicit_bias::verdict::{Outcome, recorded};
/// let ledger = recorded("../data/claims.json")?;                            // relative to the notebook's folder
/// let failed: Vec<_> = ledger.iter().filter(|verdict| verdict.outcome() == Outcome::Fails).collect();
/// # Ok::<(), implicit_bias::error::Error>(())
/// ```
pub fn recorded(path: impl AsRef<Path>) -> Result<Vec<Verdict>> {
    let path = path.as_ref();
    let text = std::fs::read_to_string(path).map_err(|error| Error::io(path, error))?;
    let verdicts: Vec<Verdict> = serde_json::from_str(&text).map_err(|error| Error::Parse {
        path: path.display().to_string(),
        line: error.line() as u64,
        column: Some(error.column().to_string()),
        message: format!("not a claims ledger: {error}"),
    })?;
    verdicts.into_iter().map(|verdict| verdict.checked(path.display())).collect()
}

/// How a claim stands after all these verdicts, those on its parts included; none where there is no verdict on it.
///
/// FAILS if any of them fails. Otherwise OPEN if any is open, or if some part has no verdict and no verdict is on the claim
/// as a whole, which speaks for all parts. Otherwise HOLDS.
///
/// ```
/// use implicit_bias::verdict::{Outcome, Verdict, standing};
/// let printed = Verdict::of("S5a")?.below("error of the printed gradient", 1e-9, 1e-6)?;
/// assert_eq!(standing(&[printed.clone()], "S5"), Some(Outcome::Open)); // the other part is not decided
/// let corrected = Verdict::of("S5b")?.below("error of the corrected gradient", 1e-9, 1e-6)?;
/// assert_eq!(standing(&[printed, corrected], "S5"), Some(Outcome::Holds));
/// # Ok::<(), implicit_bias::error::Error>(())
/// ```
pub fn standing(verdicts: &[Verdict], id: &str) -> Option<Outcome> {
    let found: Vec<Outcome> = verdicts.iter().filter(|verdict| verdict.is_on(id)).map(Verdict::outcome).collect();
    if found.is_empty() {
        return None;
    }
    let any = |outcome| found.contains(&outcome);
    Some(if any(Outcome::Fails) {
        Outcome::Fails
    } else if any(Outcome::Open) || !is_decided(verdicts, id) {
        Outcome::Open
    } else {
        Outcome::Holds
    })
}

/// Whether the verdicts leave out nothing of the claim: one is on the claim itself, or each of its parts has one.
pub(crate) fn is_decided(verdicts: &[Verdict], id: &str) -> bool {
    let has = |id: &str| verdicts.iter().any(|verdict| verdict.id == id);
    has(id) || (parts(id).next().is_some() && parts(id).all(|part| has(part.id)))
}

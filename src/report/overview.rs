//! All notebooks at a glance: those of this run, and those that earlier runs left in the folder.

use std::path::{Path, PathBuf};

use super::duration::duration;
use super::files;
use super::index::{self, Row};
use super::ledger;
use super::notebook::Notebook;
use super::page::{self, RunNotes};
use super::project::name_of;
use super::session::Session;
use crate::error::Result;
use crate::verdict::Verdict;

/// What the start page and the ledger keep of a notebook.
#[derive(Clone)]
pub(crate) struct Outcome {
    pub row: Row,
    pub entries: Vec<Verdict>,
}

impl Session {
    /// The project's notebooks in order, and those named by path: as earlier runs left them.
    pub(crate) fn earlier(&self, chosen: &[PathBuf]) -> Result<Vec<Outcome>> {
        let mut paths = self.project.notebooks()?;
        for path in chosen {
            if !paths.iter().any(|other| name_of(other) == name_of(path)) {
                paths.push(path.clone());
            }
        }
        Ok(paths.iter().map(|path| self.earlier_outcome(path)).collect())
    }

    /// What an earlier run left of one notebook.
    fn earlier_outcome(&self, path: &Path) -> Outcome {
        let name = name_of(path);
        let kept = Notebook::read(&self.out.join(format!("{name}.ipynb"))).ok();
        let Some((notebook, notes)) = kept.and_then(|kept| RunNotes::of(&kept).map(|notes| (kept, notes))) else {
            return Outcome {
                row: Row { title: name.clone(), name, state: "not run", ..Row::default() },
                entries: Vec::new(),
            };
        };
        let source = Notebook::read(path).ok();
        let fresh =
            source.is_some_and(|source| self.project.fingerprint(&source, path, &self.rustc) == notes.fingerprint);
        self.outcome(&name, &notebook, &notes, if fresh { "ran to its end" } else { "from before the last change" })
    }

    /// What the start page says of a notebook that was run.
    pub(crate) fn outcome(&self, name: &str, notebook: &Notebook, notes: &RunNotes, state: &'static str) -> Outcome {
        let state = if notes.changes.is_empty() { state } else { "under changed parameters" };
        let row = Row {
            name: name.to_owned(),
            title: page::title(name, notebook),
            state,
            stops: notes.faults.clone(),
            time: if notes.seconds > 0.0 { duration(notes.seconds) } else { String::new() },
            claims: ledger::named(notebook).join(", "),
            has_report: true,
        };
        // A verdict that cannot be read is among the notes' faults; one under changed parameters is nobody's record.
        let entries = ledger::verdicts(name, notebook).unwrap_or_default();
        Outcome { row, entries: if notes.changes.is_empty() { entries } else { Vec::new() } }
    }

    /// The start page and the ledger over all reports in the folder, those of earlier runs included.
    pub(crate) fn write_index(&self, overview: &[Outcome]) -> Result<()> {
        let rows: Vec<Row> = overview.iter().map(|outcome| outcome.row.clone()).collect();
        let entries: Vec<Verdict> = overview.iter().flat_map(|outcome| outcome.entries.iter().cloned()).collect();
        ledger::write(&self.out.join("claims.json"), &entries)?;
        files::write_whole(&self.out.join("index.html"), index::render(&rows, &entries)?.as_bytes())
    }
}

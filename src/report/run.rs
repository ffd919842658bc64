//! From arguments to reports.

use std::path::{Path, PathBuf};

use super::cli::Arguments;
use super::execute::{Job, Seat};
use super::home::Homes;
use super::interrupt::{Running, alone, end_with_ctrl_c};
use super::ledger;
use super::notebook::Notebook;
use super::overview::Outcome;
use super::page::{RunNotes, Stop};
use super::parameters::Change;
use super::progress::{Board, complain, say};
use super::project::{Project, name_of};
use super::session::{Session, default_jobs};
use super::{files, page, parameters, records, toolchain};
use crate::error::{Error, Result};
use crate::verdict::{self, Verdict};

/// Executes what `arguments` ask for; `true` when every notebook ran to its end (and, with `--check`, as recorded).
///
/// # Errors
/// When nothing could be run: no notebook, no toolchain, no place to write.
pub fn run(arguments: &Arguments) -> Result<bool> {
    let here = std::env::current_dir().map_err(|error| Error::io(".", error))?;
    let project = Project::find(&here)?;
    let paths = project.select(&arguments.notebooks, &here)?;
    let out = arguments.out.as_ref().map_or_else(|| project.root.join("target/report"), |out| here.join(out));
    // What cannot be read is said before hours of work, not after them.
    let mut failures = Vec::new();
    let (mut read, mut notebooks) = (Vec::new(), Vec::new());
    for path in &paths {
        match Notebook::read(path) {
            Ok(notebook) => {
                read.push(path.clone());
                notebooks.push((name_of(path), notebook));
            }
            Err(error) => {
                complain(&error.to_string());
                failures.push((name_of(path), error.to_string()));
            }
        }
    }
    records::check(notebooks.iter().map(|(_, notebook)| notebook))?;
    let changes = parameters::apply(&mut notebooks, &arguments.parameters)?;
    let recorded = if arguments.check { ledger::read(&project.ledger())? } else { Vec::new() };
    if !arguments.check {
        files::probe(&out, 16_000_000)?;
    }
    files::probe(&project.kernel_folder(), 64_000_000)?;
    let rustc = toolchain::check()?;
    let _lock = alone(&project.kernel_folder())?;
    let running = Running::default();
    end_with_ctrl_c(&running)?;

    let notebooks = read.into_iter().zip(notebooks).zip(changes);
    let (jobs, unchanged) = sort_out(notebooks, &project, &rustc, &out, arguments);
    let seats = arguments.jobs.unwrap_or_else(default_jobs).min(jobs.len()).max(1);
    let homes = Homes::new(project.kernel_folder(), seats, project.built(&rustc))?;
    let board = Board::new(jobs.len() + unchanged.len(), jobs.iter().map(|job| job.judged).sum(), seats);
    let (check, cell_limit, limit) = (arguments.check, arguments.cell_limit, arguments.limit);
    let session = Session { project, out, rustc, check, jobs: seats, cell_limit, limit, homes, board, running };

    let mut overview = if session.check { Vec::new() } else { session.earlier(&paths)? };
    let mut done: Vec<Outcome> = Vec::new();
    let mut finish = |outcome: Outcome| -> Result<()> {
        if let Some(place) = overview.iter_mut().find(|other| other.row.name == outcome.row.name) {
            *place = outcome.clone();
            session.write_index(&overview)?;
        }
        done.push(outcome);
        Ok(())
    };
    let finished = unchanged
        .into_iter()
        .try_for_each(|(path, notebook, notes)| {
            session.board.end(None, &name_of(&path), 0.0, "unchanged");
            finish(session.keep(&path, &notebook, &notes)?)
        })
        .and_then(|()| session.run_all(jobs, &mut finish));

    // Notebooks end in any order; what is said of them at the end has the order in which they are read.
    let order = |name: &str| paths.iter().position(|path| name_of(path) == name);
    done.sort_by_key(|outcome| order(&outcome.row.name));
    let stops = |outcome: &Outcome| {
        let name = outcome.row.name.clone();
        outcome.row.stops.iter().map(move |stop| (name.clone(), sentence(&name, stop))).collect::<Vec<_>>()
    };
    failures.extend(done.iter().flat_map(stops));
    failures.sort_by_key(|(name, _)| order(name));
    let mut failures: Vec<String> = failures.into_iter().map(|(_, failure)| failure).collect();
    if let Err(error) = finished {
        // A full disk ends the run: say what is known before the error itself.
        failures.iter().for_each(|failure| complain(&format!("failed: {failure}")));
        complain(&format!("failed: {} of {} notebooks were not finished", paths.len() - done.len(), paths.len()));
        return Err(error);
    }
    let entries: Vec<Verdict> = done.iter().flat_map(|outcome| outcome.entries.iter().cloned()).collect();
    let everything = arguments.notebooks.is_empty();
    let ran = |entry: &&Verdict| done.iter().any(|outcome| outcome.row.name == entry.notebook);
    if session.check {
        let recorded: Vec<Verdict> = recorded.iter().filter(|entry| everything || ran(entry)).cloned().collect();
        failures.extend(super::differences(&recorded, &entries));
    }
    if arguments.record && failures.is_empty() {
        let kept = ledger::read(&session.project.ledger())?;
        let mut ledger: Vec<Verdict> = kept.into_iter().filter(|entry| !everything && !ran(&entry)).collect();
        ledger.extend(entries.iter().cloned());
        ledger::write(&session.project.ledger(), &ledger)?;
        say(&format!("recorded {} verdicts in {}\n", entries.len(), session.project.ledger().display()));
    }
    let count = |outcome| entries.iter().filter(|entry| entry.outcome() == outcome).count();
    let tally = verdict::Outcome::ALL.map(|outcome| format!("{} {outcome}", count(outcome))).join(", ");
    say(&format!("{} notebooks, {} verdicts: {tally}\n", done.len(), entries.len()));
    if !session.check {
        say(&format!("{}\n", session.out.join("index.html").display()));
    }
    if arguments.record && !failures.is_empty() {
        complain("nothing was recorded, because of:");
    }
    for failure in &failures {
        complain(&format!("failed: {failure}"));
    }
    Ok(failures.is_empty())
}

fn sentence(name: &str, stop: &Stop) -> String {
    if stop.number > 0 {
        format!("{name}, cell {}: {}", stop.number, stop.message)
    } else {
        format!("{name}: {}", stop.message)
    }
}

/// Notebooks of earlier runs that nothing has changed since, with what was noted of the run.
type Unchanged = Vec<(PathBuf, Notebook, RunNotes)>;

/// What is to be run, and what an earlier run has done already.
fn sort_out(
    notebooks: impl Iterator<Item = ((PathBuf, (String, Notebook)), Vec<Change>)>,
    project: &Project,
    rustc: &str,
    out: &Path,
    arguments: &Arguments,
) -> (Vec<Job>, Unchanged) {
    let (mut jobs, mut unchanged) = (Vec::new(), Vec::new());
    let recording = std::env::var_os(records::RECORD).is_some();
    for ((path, (name, notebook)), changes) in notebooks {
        let fingerprint = project.fingerprint(&notebook, &path, rustc);
        let kept = Notebook::read(&out.join(format!("{name}.ipynb"))).ok();
        let earlier = kept.and_then(|kept| RunNotes::of(&kept).map(|notes| (kept, notes)));
        match earlier {
            Some((kept, notes))
                if notes.fingerprint == fingerprint
                    && notes.faults.is_empty()
                    && !(arguments.force || arguments.check || recording) =>
            {
                unchanged.push((path, kept, notes));
            }
            earlier => {
                // A notebook that has never been run takes a second a cell and some to begin with, more or less.
                let guess = 15.0 + notebook.code_cells().count() as f64;
                let judged = earlier.map(|(_, notes)| notes.seconds).filter(|s| *s > 0.0).unwrap_or(guess);
                jobs.push(Job { name, path, notebook, fingerprint, changes, judged });
            }
        }
    }
    (jobs, unchanged)
}

impl Session {
    /// Executes one notebook and writes its report.
    pub(crate) fn notebook(&self, job: Job, seat: &mut Seat) -> Result<Outcome> {
        let path = job.path.clone();
        let (notebook, notes) = self.execute(job, seat);
        self.keep(&path, &notebook, &notes)
    }

    /// Writes an executed notebook and its page, except with `--check`.
    fn keep(&self, path: &Path, notebook: &Notebook, notes: &RunNotes) -> Result<Outcome> {
        let name = name_of(path);
        if !self.check {
            let report = page::render(&name, notebook, path.parent().unwrap_or(Path::new(".")))?;
            for problem in &report.problems {
                complain(&format!("{name}: {problem}"));
            }
            files::write_whole(&self.out.join(format!("{name}.ipynb")), notebook.to_json()?.as_bytes())?;
            files::write_whole(&self.out.join(format!("{name}.html")), report.html.as_bytes())?;
        }
        Ok(self.outcome(&name, notebook, notes, "ran to its end"))
    }
}

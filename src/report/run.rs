//! From arguments to reports.

use std::path::{Path, PathBuf};
use std::sync::PoisonError;
use std::time::Instant;

use super::cli::Arguments;
use super::interrupt::{Running, alone, end_with_ctrl_c, leave_to_ctrl_c};
use super::kernel::Kernel;
use super::ledger::{self, Entry};
use super::notebook::{CellType, Notebook, Output};
use super::overview::Outcome;
use super::page::{NOTES, RunNotes, Stop, as_json, duration};
use super::progress::{Progress, say};
use super::project::{Project, name_of};
use super::{files, page, toolchain};
use crate::error::{Error, Result};

/// Everything that stays the same during a run.
pub(crate) struct Session {
    pub project: Project,
    pub out: PathBuf,
    pub rustc: String,
    pub check: bool,
    pub force: bool,
    pub running: Running,
}

/// Executes what `arguments` ask for; `true` when every notebook ran to its end (and, with `--check`, as recorded).
///
/// # Errors
/// When nothing could be run: no notebook, no toolchain, no place to write.
pub fn run(arguments: &Arguments) -> Result<bool> {
    let here = std::env::current_dir().map_err(|error| Error::io(".", error))?;
    let project = Project::find(&here)?;
    let paths = project.select(&arguments.notebooks, &here)?;
    let out = arguments.out.as_ref().map_or_else(|| project.root.join("target/report"), |out| here.join(out));
    let recorded = if arguments.check { ledger::read(&project.ledger())? } else { Vec::new() };
    if !arguments.check {
        files::probe(&out, 16_000_000)?;
    }
    files::probe(&project.kernel_folder(), 64_000_000)?;
    let rustc = toolchain::check()?;
    let _lock = alone(&project.kernel_folder())?;
    // SAFETY: no other thread runs yet.
    unsafe {
        // A set-up of the user's own would make the notebooks run differently from one machine to the next.
        std::env::set_var("EVCXR_CONFIG_DIR", project.kernel_folder());
        std::env::set_var("EVCXR_TMPDIR", project.kernel_folder());
    }
    let running = Running::default();
    end_with_ctrl_c(&running)?;
    let session = Session { project, out, rustc, check: arguments.check, force: arguments.force, running };

    let parsed: Vec<(PathBuf, Result<Notebook>)> =
        paths.into_iter().map(|path| (path.clone(), Notebook::read(&path))).collect();
    let mut kernel = None;
    let mut overview = if session.check { Vec::new() } else { session.earlier(&parsed)? };
    let mut done: Vec<String> = Vec::new();
    let mut entries: Vec<Entry> = Vec::new();
    let mut failures: Vec<String> = Vec::new();
    // What cannot be read is said before hours of work, not after them.
    for (_, notebook) in &parsed {
        if let Err(error) = notebook {
            eprintln!("{error}");
            failures.push(error.to_string());
        }
    }
    let count = parsed.len();
    for (index, (path, notebook)) in parsed.into_iter().enumerate() {
        let Ok(notebook) = notebook else { continue };
        let outcome = session.notebook(&path, notebook, (index + 1, count), &mut kernel).inspect_err(|_| {
            // A full disk ends the run: say what is known before the error itself.
            failures.iter().for_each(|failure| eprintln!("failed: {failure}"));
            eprintln!("failed: {} was not finished", path.display());
        })?;
        failures.extend(outcome.row.stops.iter().map(|stop| sentence(&outcome.row.name, stop)));
        done.push(outcome.row.name.clone());
        entries.extend(outcome.entries.iter().cloned());
        if let Some(place) = overview.iter_mut().find(|other| other.row.name == outcome.row.name) {
            *place = outcome;
            session.write_index(&overview)?;
        }
    }
    drop(kernel);
    let ran = |entry: &&Entry| done.contains(&entry.notebook);
    if session.check {
        let everything = arguments.notebooks.is_empty();
        let recorded: Vec<Entry> = recorded.iter().filter(|entry| everything || ran(entry)).cloned().collect();
        failures.extend(super::differences(&recorded, &entries));
    }
    if arguments.record && failures.is_empty() {
        let kept = ledger::read(&session.project.ledger())?;
        let everything = arguments.notebooks.is_empty();
        let mut ledger: Vec<Entry> = kept.into_iter().filter(|entry| !everything && !ran(&entry)).collect();
        ledger.extend(entries.iter().cloned());
        ledger::write(&session.project.ledger(), &ledger)?;
        say(&format!("recorded {} verdicts in {}\n", entries.len(), session.project.ledger().display()));
    }
    let tally =
        ["HOLDS", "FAILS", "OPEN"].map(|verdict| (entries.iter().filter(|e| e.verdict == verdict).count(), verdict));
    let tally = tally.map(|(count, verdict)| format!("{count} {verdict}")).join(", ");
    say(&format!("{} notebooks, {} verdicts: {tally}\n", done.len(), entries.len()));
    if !session.check {
        say(&format!("{}\n", session.out.join("index.html").display()));
    }
    if arguments.record && !failures.is_empty() {
        eprintln!("nothing was recorded, because of:");
    }
    for failure in &failures {
        eprintln!("failed: {failure}");
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

impl Session {
    /// Executes one notebook and writes its report, or takes the earlier run when nothing changed since.
    fn notebook(
        &self,
        path: &Path,
        source: Notebook,
        place: (usize, usize),
        kernel: &mut Option<Kernel>,
    ) -> Result<Outcome> {
        let name = name_of(path);
        let progress = Progress::begin(place.0, place.1, &name);
        let fingerprint = self.project.fingerprint(&source, path, &self.rustc);
        let kept = self.out.join(format!("{name}.ipynb"));
        let earlier =
            Notebook::read(&kept).ok().and_then(|notebook| RunNotes::of(&notebook).map(|notes| (notebook, notes)));
        let fresh = earlier.filter(|(_, notes)| notes.fingerprint == fingerprint && notes.faults.is_empty());
        let (notebook, notes, unchanged) = match fresh {
            Some((notebook, notes)) if !self.force && !self.check => (notebook, notes, true),
            _ => {
                let (notebook, notes) = self.execute(path, source, fingerprint, progress, kernel);
                (notebook, notes, false)
            }
        };
        if !self.check {
            let folder = path.parent().unwrap_or(Path::new("."));
            let report = page::render(&name, &notebook, folder)?;
            for problem in &report.problems {
                eprintln!("{name}: {problem}");
            }
            files::write_whole(&kept, notebook.to_json()?.as_bytes())?;
            files::write_whole(&self.out.join(format!("{name}.html")), report.html.as_bytes())?;
        }
        if unchanged {
            Progress::begin(place.0, place.1, &name).end("unchanged");
        }
        Ok(self.outcome(&name, &notebook, &notes, "ran to its end"))
    }

    /// Runs the cells until one fails.
    fn execute(
        &self,
        path: &Path,
        mut notebook: Notebook,
        fingerprint: String,
        mut progress: Progress,
        kernel: &mut Option<Kernel>,
    ) -> (Notebook, RunNotes) {
        let start = Instant::now();
        let name = name_of(path);
        let mut faults = Vec::new();
        let folder = path.parent().unwrap_or(Path::new("."));
        let is_code = |cell: &&mut super::Cell| cell.cell_type == CellType::Code;
        for cell in notebook.cells.iter_mut().filter(is_code) {
            cell.outputs = Some(Vec::new());
            cell.other.insert("execution_count".into(), serde_json::Value::Null);
            cell.metadata.remove(NOTES);
        }
        match self.kernel(folder, kernel.take()) {
            Ok(ready) => *kernel = Some(ready),
            Err(error) => faults.push(Stop { number: 0, cell: String::new(), message: error.to_string() }),
        }
        let count = notebook.code_cells().count();
        for (index, cell) in notebook.cells.iter_mut().filter(is_code).enumerate() {
            let Some(ready) = kernel.as_mut().filter(|_| faults.is_empty()) else { break };
            if cell.source.trim().is_empty() {
                continue;
            }
            let number = index + 1;
            let stop = |message: String| Stop { number, cell: cell.id.clone(), message };
            let mut line = String::new();
            let mut watch = |printed: Option<&str>| {
                if let Some(printed) = printed {
                    line = printed.to_owned();
                }
                progress.at(number, count, &line);
            };
            match ready.run(number, &cell.source, &mut watch) {
                Ok(run) => {
                    let stderr =
                        run.outputs.iter().any(|out| matches!(out, Output::Stream { name, .. } if name == "stderr"));
                    if let Some(fault) = &run.fault {
                        leave_to_ctrl_c();
                        faults.push(stop(format!("{}: {}", fault.kind, fault.message)));
                    } else if stderr && self.check {
                        faults.push(stop("wrote to standard error".to_owned()));
                    }
                    cell.other.insert("execution_count".into(), number.into());
                    cell.metadata.insert(NOTES.into(), serde_json::json!({ "seconds": run.time.as_secs_f64() }));
                    cell.outputs = Some(run.outputs);
                }
                Err(error) => {
                    leave_to_ctrl_c();
                    faults.push(stop(error.to_string()));
                    *kernel = None;
                }
            }
        }
        if faults.is_empty() {
            let whole = |message: String| Stop { number: 0, cell: String::new(), message };
            match ledger::verdicts(&name, &notebook) {
                Err(error) => faults.push(whole(error.to_string())),
                Ok(entries) => {
                    let missing =
                        ledger::named(&notebook).into_iter().filter(|id| !entries.iter().any(|e| e.id == *id));
                    faults.extend(
                        missing.map(|id| whole(format!("a heading names claim {id}, but no cell reaches its verdict"))),
                    );
                }
            }
        }
        let seconds = start.elapsed().as_secs_f64();
        let outcome = match faults.first() {
            None => format!("done, {}", duration(seconds)),
            Some(stop) if stop.number > 0 => format!("FAILED at cell {}: {}", stop.number, stop.message),
            Some(stop) => format!("FAILED: {}", stop.message),
        };
        progress.end(&outcome);
        let notes = RunNotes { fingerprint, seconds, finished: now(), rustc: self.rustc.clone(), faults };
        notebook.metadata.insert(NOTES.into(), as_json(&notes));
        (notebook, notes)
    }

    /// A fresh kernel: the old one cleared, or a new one.
    fn kernel(&self, folder: &Path, old: Option<Kernel>) -> Result<Kernel> {
        let kernel = match old.map(|kernel| kernel.restart(folder)) {
            Some(Ok(kernel)) => kernel,
            Some(Err(_)) | None => Kernel::start(folder, &self.project.kernel_folder())?,
        };
        *self.running.lock().unwrap_or_else(PoisonError::into_inner) = Some(kernel.process());
        Ok(kernel)
    }
}

/// The time of day, UTC: `2026-01-31 13:05`.
fn now() -> String {
    let now = time::OffsetDateTime::now_utc();
    let (year, month, day) = (now.year(), u8::from(now.month()), now.day());
    format!("{year}-{month:02}-{day:02} {:02}:{:02} UTC", now.hour(), now.minute())
}

//! One notebook, cell by cell, until one fails.

use std::path::{Path, PathBuf};
use std::time::Instant;

use super::duration::duration;
use super::fault::Fault;
use super::interrupt::leave_to_ctrl_c;
use super::kernel::CellRun;
use super::kernel::worker::{Gone, Worker};
use super::ledger;
use super::notebook::{Cell, CellType, Notebook, Output};
use super::page::{NOTES, RunNotes, Stop, as_json};
use super::parameters::Change;
use super::progress::complain;
use super::session::Session;
use crate::error::Result;
use crate::verdict::is_decided;

/// A cell with this tag may fail, as in Jupyter: what stopped it is shown, and the notebook goes on.
const MAY_FAIL: &str = "raises-exception";

/// A notebook to be run.
pub(crate) struct Job {
    pub name: String,
    pub path: PathBuf,
    pub notebook: Notebook,
    pub fingerprint: String,
    /// The constants that were set.
    pub changes: Vec<Change>,
    /// Seconds that it may take, judged by its last run or by its cells.
    pub judged: f64,
}

/// A place for a kernel, which serves one notebook after the other.
pub(crate) struct Seat {
    pub index: usize,
    pub worker: Option<Worker>,
}

impl Session {
    /// Runs the cells of `job` until one fails.
    pub(crate) fn execute(&self, job: Job, seat: &mut Seat) -> (Notebook, RunNotes) {
        let Job { name, path, mut notebook, fingerprint, changes, judged } = job;
        let start = Instant::now();
        self.board.begin(seat.index, &name);
        notebook.cells.iter_mut().filter(is_code).for_each(clear);
        let mut faults = Vec::new();
        if let Err(error) = self.kernel(path.parent().unwrap_or(Path::new(".")), seat) {
            faults.push(Stop { number: 0, cell: String::new(), message: error.to_string() });
        }
        let count = notebook.code_cells().count();
        for (index, cell) in notebook.cells.iter_mut().filter(is_code).enumerate() {
            if !faults.is_empty() {
                break;
            }
            if cell.source.trim().is_empty() {
                continue;
            }
            faults.extend(self.cell(cell, (index + 1, count), start, seat));
            if builds(cell) && faults.is_empty() {
                self.share_what_is_built(seat);
            }
        }
        if seat.index == 0 {
            // Of a notebook that builds nothing, or fails to, the others have nothing to wait for.
            self.homes.release();
        }
        faults.extend(missing(&name, &notebook));
        let seconds = start.elapsed().as_secs_f64();
        let outcome = match faults.first() {
            None => format!("done, {}", duration(seconds)),
            Some(stop) if stop.number > 0 => format!("FAILED at cell {}: {}", stop.number, stop.message),
            Some(stop) => format!("FAILED: {}", stop.message),
        };
        self.board.end(Some(seat.index), &name, judged, &outcome);
        let notes = RunNotes { fingerprint, seconds, finished: now(), rustc: self.rustc.clone(), faults, changes };
        notebook.metadata.insert(NOTES.into(), as_json(&notes));
        (notebook, notes)
    }

    /// After a cell of the first kernel that builds what the notebooks depend on.
    fn share_what_is_built(&self, seat: &Seat) {
        if seat.index > 0 {
            return;
        }
        if let Err(error) = self.homes.fill() {
            complain(&format!("{error}; the kernel concerned builds its dependencies itself"));
        }
        self.board.built();
    }

    /// A kernel as fresh as a new one: the seat's own, or another where that is of no use any more.
    fn kernel(&self, folder: &Path, seat: &mut Seat) -> Result<()> {
        if seat.worker.as_mut().is_some_and(|worker| worker.open(folder, self.limit).is_ok()) {
            return Ok(());
        }
        self.dismiss(seat);
        let worker = Worker::start(&self.homes.of(seat.index), &self.rustc, seat.index > 0)?;
        self.running.lock().unwrap_or_else(std::sync::PoisonError::into_inner).insert(worker.group());
        seat.worker.insert(worker).open(folder, self.limit)
    }

    /// Ends the seat's kernel.
    pub(crate) fn dismiss(&self, seat: &mut Seat) {
        if let Some(worker) = seat.worker.take() {
            self.running.lock().unwrap_or_else(std::sync::PoisonError::into_inner).remove(&worker.group());
        }
    }

    /// Runs a cell; what stopped the notebook there, if anything.
    fn cell(&self, cell: &mut Cell, place: (usize, usize), start: Instant, seat: &mut Seat) -> Option<Stop> {
        let (number, count) = place;
        let index = seat.index;
        let worker = seat.worker.as_mut()?;
        let building = builds(cell).then(|| worker.building());
        let (mut printed, mut line) = (String::new(), String::new());
        let mut watch = |text: Option<&str>| {
            if let Some(text) = text {
                line = text.to_owned();
                printed.push_str(text);
                printed.push('\n');
            }
            let built = || building.as_ref().filter(|_| line.is_empty()).and_then(|building| building());
            self.board.at(index, number, count, || built().unwrap_or_else(|| line.clone()));
        };
        let limits = [(Instant::now(), self.cell_limit), (start, self.limit)];
        let deadlines = limits.into_iter().filter_map(|(from, limit)| Some((from.checked_add(limit?)?, limit?)));
        let deadline = deadlines.min_by_key(|(at, _)| *at);
        let run = worker.run(number, &cell.source, deadline.map(|(at, _)| at), &mut watch);
        let lost = run.is_err();
        let run = run.unwrap_or_else(|gone| {
            let limit = deadline.map(|(_, limit)| duration(limit.as_secs_f64())).unwrap_or_default();
            without_kernel(gone, printed, &limit, &worker.last_words())
        });
        if run.fault.is_some() {
            leave_to_ctrl_c();
        }
        if lost {
            self.dismiss(seat);
        }
        let stop = self.stop(&run, cell, number, lost);
        cell.other.insert("execution_count".into(), number.into());
        cell.metadata.insert(NOTES.into(), serde_json::json!({ "seconds": run.time.as_secs_f64() }));
        cell.outputs = Some(run.outputs);
        stop
    }

    /// Why the notebook cannot go on or, with `--check`, does not count as whole.
    fn stop(&self, run: &CellRun, cell: &Cell, number: usize, lost: bool) -> Option<Stop> {
        let stop = |message: String| Stop { number, cell: cell.id.clone(), message };
        let died = lost || run.fault.as_ref().is_some_and(|fault| fault.kind == "died");
        if cell.has_tag(MAY_FAIL) && !died {
            return None;
        }
        let is_stderr = |output: &Output| matches!(output, Output::Stream { name, .. } if name == "stderr");
        match &run.fault {
            Some(fault) => Some(stop(format!("{}: {}", fault.kind, fault.message))),
            None if self.check && run.outputs.iter().any(is_stderr) => Some(stop("wrote to standard error".to_owned())),
            None => None,
        }
    }
}

/// What a cell leaves whose kernel is gone.
fn without_kernel(gone: Gone, printed: String, limit: &str, last_words: &str) -> CellRun {
    let (kind, message) = match gone {
        Gone::Ended(status) => ("died", format!("the kernel's process ended ({status}), as `:quit` in a cell ends it")),
        Gone::Broken(error) => ("kernel", error),
        Gone::Late => ("time", format!("took longer than the limit of {limit}")),
    };
    let detail = if kind == "kernel" { format!("{message}\n{last_words}") } else { message.clone() };
    let fault = Fault { kind: kind.into(), detail, message };
    let printed = (!printed.is_empty()).then(|| Output::Stream { name: "stdout".into(), text: printed });
    let outputs = printed.into_iter().chain([fault.output()]).collect();
    CellRun { outputs, fault: Some(fault), time: std::time::Duration::ZERO }
}

/// Verdicts that cannot be read, and claims that headings name and no cell decides.
fn missing(name: &str, notebook: &Notebook) -> Option<Stop> {
    let message = match ledger::verdicts(name, notebook) {
        Err(error) => error.to_string(),
        Ok(verdicts) => {
            let named = ledger::named(notebook);
            let missing: Vec<String> = named.into_iter().filter(|id| !is_decided(&verdicts, id)).collect();
            match missing.as_slice() {
                [] => return None,
                [one] => format!("a heading names claim {one}, but no cell reached its verdict"),
                many => format!("headings name claims {}, but no cell reached their verdicts", many.join(", ")),
            }
        }
    };
    Some(Stop { number: 0, cell: String::new(), message })
}

fn is_code(cell: &&mut Cell) -> bool {
    cell.cell_type == CellType::Code
}

/// Whether the cell adds to what its kernel builds.
fn builds(cell: &Cell) -> bool {
    cell.source.lines().any(|line| line.trim_start().starts_with(":dep"))
}

/// Takes away what an earlier run left.
fn clear(cell: &mut Cell) {
    cell.outputs = Some(Vec::new());
    cell.other.insert("execution_count".into(), serde_json::Value::Null);
    cell.metadata.remove(NOTES);
}

/// The time of day, UTC: `2026-01-31 13:05 UTC`.
fn now() -> String {
    let now = time::OffsetDateTime::now_utc();
    let (year, month, day) = (now.year(), u8::from(now.month()), now.day());
    format!("{year}-{month:02}-{day:02} {:02}:{:02} UTC", now.hour(), now.minute())
}

//! evcxr, embedded: runs cells and tells how each one ended.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::Child;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use evcxr::{CommandContext, EvalContextOutputs, EvalOutputs};
use serde_json::{Map, Value};

use super::notebook::Output;
use crate::error::{Error, Result};

/// Declared before a cell's first line of Rust. evcxr drops a cell's own variables when the cell panics or leaves through `?`,
/// and reports neither; so the variable is there afterwards exactly when the cell ran to its end.
const WITNESS: &str = "evcxr_cell_ran_to_its_end";

/// How long standard error must be quiet after a cell: its lines travel on a pipe of their own and come a little late.
const QUIET: Duration = Duration::from_millis(15);

/// What stopped a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// `compile error`, `Err`, `panic`, `died` or `kernel`.
    pub kind: String,
    /// One line.
    pub message: String,
    /// All of it.
    pub detail: String,
}

/// What came of one cell.
#[derive(Debug)]
pub struct CellRun {
    /// What it printed and showed, the fault last.
    pub outputs: Vec<Output>,
    /// What stopped it, if anything.
    pub fault: Option<Fault>,
    /// Wall time.
    pub time: Duration,
}

/// A kernel at work in one folder.
pub struct Kernel {
    context: CommandContext,
    lines: EvalContextOutputs,
    folder: PathBuf,
}

/// A line that a running cell printed, or none after a while without one.
pub type Watch<'a> = &'a mut (dyn FnMut(Option<&str>) + Send);

impl Kernel {
    /// Starts evcxr in `folder`, as Jupyter would: `evcxr.toml` there sets it up, and relative paths start there.
    pub fn start(folder: &Path) -> Result<Self> {
        std::env::set_current_dir(folder).map_err(|error| Error::io(folder, error))?;
        let started = catch_unwind(CommandContext::new).map_err(|_| broken("panicked at its start"))?;
        let (context, lines) = started.map_err(|error| broken(&format!("could not start: {error}")))?;
        let mut kernel = Self { context, lines, folder: folder.to_owned() };
        kernel.load_config()?;
        Ok(kernel)
    }

    /// A context as fresh as a new one; only compiled dependencies and the analysis of the standard library stay.
    pub fn restart(mut self, folder: &Path) -> Result<Self> {
        if self.folder != folder {
            drop(self);
            return Self::start(folder);
        }
        self.context.execute(":clear").map_err(|error| broken(&format!("could not be cleared: {error}")))?;
        self.context.reset_config();
        self.load_config()?;
        Ok(self)
    }

    /// The process in which cells run, so that Ctrl-C can end it.
    pub fn process(&self) -> Arc<Mutex<Child>> {
        self.context.process_handle()
    }

    fn load_config(&mut self) -> Result<()> {
        self.context
            .execute(":load_config --quiet")
            .map(drop)
            .map_err(|error| broken(&format!("did not accept {}: {error}", self.folder.join("evcxr.toml").display())))
    }

    /// Runs one cell. `watch` gets every line of standard output as it comes, and nothing ten times a second.
    ///
    /// # Errors
    /// Only when evcxr itself broke down and must be started anew; what goes wrong in the cell is a [`Fault`].
    pub fn run(&mut self, number: usize, source: &str, watch: Watch) -> Result<CellRun> {
        let start = Instant::now();
        let head = head(source);
        let cell = match head {
            Some((_, at)) => format!("{}let {WITNESS} = ();\n{}", &source[..at], &source[at..]),
            None => source.to_owned(),
        };
        let done = AtomicBool::new(false);
        let (context, lines) = (&mut self.context, &self.lines);
        let (result, mut outputs) = thread::scope(|scope| {
            let collector = scope.spawn(|| collect(lines, &done, watch));
            let result = catch_unwind(AssertUnwindSafe(|| context.execute(&cell)));
            done.store(true, Ordering::Release);
            (result, collector.join().unwrap_or_default())
        });
        let result = result.map_err(|_| broken("panicked"))?;
        let fault = match result {
            Ok(shown) => {
                push_result(shown, number, &mut outputs);
                if head.is_some() { self.unfinished(&mut outputs) } else { None }
            }
            Err(error) => Some(super::fault::from_evcxr(&error, source, head.map_or(0, |(lines, _)| lines))),
        };
        if let Some(fault) = &fault {
            outputs.push(Output::Error {
                ename: fault.kind.clone(),
                evalue: fault.message.clone(),
                traceback: fault.detail.lines().map(str::to_owned).collect(),
            });
        }
        Ok(CellRun { outputs, fault, time: start.elapsed() })
    }

    /// The panic or `Err` that ended a cell before its end, taken from its standard error.
    fn unfinished(&self, outputs: &mut Vec<Output>) -> Option<Fault> {
        if self.context.variables_and_types().any(|(name, _)| name == WITNESS) {
            return None;
        }
        // The message is on its way if it is not here yet.
        if let Ok(line) = self.lines.stderr.recv_timeout(Duration::from_secs(2)) {
            push_line("stderr", &line, outputs);
            while let Ok(line) = self.lines.stderr.recv_timeout(QUIET) {
                push_line("stderr", &line, outputs);
            }
        }
        let text = match outputs
            .iter()
            .rposition(|output| matches!(output, Output::Stream { name, .. } if name == "stderr"))
        {
            Some(index) => match outputs.remove(index) {
                Output::Stream { text, .. } => text,
                _ => String::new(),
            },
            None => String::new(),
        };
        Some(super::fault::from_stderr(&text))
    }
}

/// Lines and bytes before the first line of Rust: commands such as `:dep` must come first, comments and blanks may.
/// None for a cell of such lines only.
fn head(source: &str) -> Option<(usize, usize)> {
    let mut at = 0;
    for (index, line) in source.split_inclusive('\n').enumerate() {
        let text = line.trim_start_matches(' ');
        let before_rust =
            text.starts_with(':') || line.starts_with('!') || line.starts_with("//") || text.trim().is_empty();
        if !before_rust {
            return Some((index, at));
        }
        at += line.len();
    }
    None
}

fn broken(what: &str) -> Error {
    Error::argument("evcxr", "a working kernel", what)
}

/// Gathers what the cell prints until it is done and both pipes are silent.
fn collect(lines: &EvalContextOutputs, done: &AtomicBool, watch: Watch) -> Vec<Output> {
    let mut outputs = Vec::new();
    let mut last_line = Instant::now();
    loop {
        let finished = done.load(Ordering::Acquire);
        let mut heard = false;
        while let Ok(line) = lines.stderr.try_recv() {
            push_line("stderr", &line, &mut outputs);
            heard = true;
        }
        let patience = if finished { Duration::from_millis(1) } else { Duration::from_millis(20) };
        if let Ok(line) = lines.stdout.recv_timeout(patience) {
            push_line("stdout", &line, &mut outputs);
            watch(Some(&line));
            heard = true;
        } else {
            watch(None);
        }
        if heard || !finished {
            last_line = Instant::now();
        } else if last_line.elapsed() > QUIET {
            return outputs;
        }
    }
}

/// Adds a line to the last output when that is the same stream.
fn push_line(stream: &str, line: &str, outputs: &mut Vec<Output>) {
    match outputs.last_mut() {
        Some(Output::Stream { name, text }) if name == stream => {
            text.push_str(line);
            text.push('\n');
        }
        _ => outputs.push(Output::Stream { name: stream.to_owned(), text: format!("{line}\n") }),
    }
}

/// The MIME bundle as the kernel for Jupyter sends it: JSON types as JSON, everything else as text.
fn push_result(shown: EvalOutputs, number: usize, outputs: &mut Vec<Output>) {
    let mut data = Map::new();
    for (mime, content) in shown.content_by_mime_type {
        let value = if mime.contains("json") { serde_json::from_str(&content).ok() } else { None };
        data.insert(mime, value.unwrap_or(Value::String(content)));
    }
    if !data.is_empty() {
        outputs.push(Output::ExecuteResult { execution_count: Some(number as u64), data, metadata: Map::new() });
    }
}

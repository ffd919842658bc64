//! evcxr, embedded: runs cells and tells how each one ended.
//!
//! The runner does not hold a [`Kernel`] itself: each lives in a process of its own, a [`worker`], so that several work
//! side by side and nothing a cell does can end the runner.

pub(crate) mod cells;
mod collect;
pub(super) mod marks;
mod relay;
pub(crate) mod worker;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use evcxr::{CommandContext, EvalContext, EvalContextOutputs, EvalOutputs};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use self::collect::{Collected, Watch, collect};
use self::marks::PANIC;
use super::fault::{self, Fault};
use super::notebook::Output;
use crate::error::{Error, Result};

/// What came of one cell.
#[derive(Debug, Serialize, Deserialize)]
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
    /// The environment at the start, which `:env` in a cell changes.
    environment: BTreeMap<OsString, OsString>,
    lines: EvalContextOutputs,
}

impl Kernel {
    /// Starts evcxr with its compiled files in `home`; `rustc` is the compiler's version.
    ///
    /// `evcxr.toml` in a notebook's folder names another home, that of Jupyter's kernels: two kernels in one home would
    /// overwrite each other's code. So evcxr is born where there is no such file, and reads its prelude afterwards.
    pub fn start(home: &Path, rustc: &str) -> Result<Self> {
        std::env::set_current_dir(home).map_err(|error| Error::io(home, error))?;
        let starting = cells::Starting::new(home)?;
        let started = EvalContext::with_subprocess_command(cells::command(home, rustc, &starting)?);
        drop(starting);
        let (context, lines) = started.map_err(|error| broken(&format!("could not start: {error}")))?;
        let environment = std::env::vars_os().collect();
        Ok(Self { context: CommandContext::with_eval_context(context), environment, lines })
    }

    /// Makes the context as fresh as a new one and moves to `folder`, where relative paths start as in Jupyter; only compiled
    /// dependencies and the analysis of the standard library stay.
    pub fn open(&mut self, folder: &Path) -> Result<()> {
        std::env::set_current_dir(folder).map_err(|error| Error::io(folder, error))?;
        self.restore_environment();
        let cleared = self.execute(":clear", &mut |_| {}).0;
        cleared.map_err(|error| broken(&format!("could not be cleared: {error}")))?;
        self.context.reset_config();
        let (config, printed) = self.execute(":load_config --quiet", &mut |_| {});
        let refuse =
            |found: String| broken(&format!("did not accept {}: {found}", folder.join("evcxr.toml").display()));
        config.map_err(|error| refuse(error.to_string()))?;
        if printed.ended_by.is_some() { Err(refuse("its prelude ended early".into())) } else { Ok(()) }
    }

    /// Runs one cell. `watch` gets every line of standard output as it comes, and nothing ten times a second.
    ///
    /// # Errors
    /// Only when evcxr itself broke down and must be started anew; what goes wrong in the cell is a [`Fault`].
    pub fn run(&mut self, number: usize, source: &str, watch: Watch) -> Result<CellRun> {
        let start = Instant::now();
        let (result, collected) =
            catch_unwind(AssertUnwindSafe(|| self.execute(source, watch))).map_err(|_| broken("panicked"))?;
        let Collected { mut outputs, ended_by } = collected;
        let fault = match result {
            Ok(told) => {
                push_value(told, number, &mut outputs);
                ended_by.map(|signal| {
                    let (all, last) = collect::take_stderr(&mut outputs);
                    if signal == PANIC { fault::from_panic(&all) } else { fault::from_error(&all, &last) }
                })
            }
            Err(error) => Some(fault::from_evcxr(&error, source)),
        };
        outputs.extend(fault.as_ref().map(Fault::output));
        Ok(CellRun { outputs, fault, time: start.elapsed() })
    }

    /// Takes back what `:env` in cells has done.
    fn restore_environment(&self) {
        let changed: Vec<OsString> =
            std::env::vars_os().map(|(name, _)| name).filter(|name| !self.environment.contains_key(name)).collect();
        // SAFETY: no cell runs, and evcxr's other threads read no environment while nothing is analysed.
        unsafe {
            changed.iter().for_each(|name| std::env::remove_var(name));
            self.environment.iter().for_each(|(name, value)| std::env::set_var(name, value));
        }
    }

    /// Lets evcxr have `source`, and gathers what it prints meanwhile: evcxr waits until somebody has.
    fn execute(&mut self, source: &str, watch: Watch) -> (Result<EvalOutputs, evcxr::Error>, Collected) {
        let done = AtomicBool::new(false);
        let (context, lines) = (&mut self.context, &self.lines);
        thread::scope(|scope| {
            let collector = scope.spawn(|| collect(lines, &done, watch));
            let ended = Done(&done);
            let result = context.execute(source);
            drop(ended);
            (result, collector.join().unwrap_or_default())
        })
    }
}

/// Says so when evcxr is done, be it by a panic: whoever collects would wait for ever.
struct Done<'a>(&'a AtomicBool);

impl Drop for Done<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Release);
    }
}

fn broken(what: &str) -> Error {
    Error::argument("evcxr", "a working kernel", what)
}

/// The cell's value, numbered as Jupyter numbers it: what it showed last, or what a command such as `:vars` tells.
fn push_value(told: EvalOutputs, number: usize, outputs: &mut Vec<Output>) {
    let told: Map<String, Value> =
        told.content_by_mime_type.into_iter().map(|(kind, content)| (kind, Value::String(content))).collect();
    if !told.is_empty() {
        outputs.push(Output::DisplayData { data: told, metadata: Map::new() });
    }
    let last = outputs.iter_mut().rfind(|output| output.bundle().is_some());
    if let Some(last) = last
        && let Output::DisplayData { data, metadata } = last
    {
        let (data, metadata) = (std::mem::take(data), std::mem::take(metadata));
        *last = Output::ExecuteResult { execution_count: Some(number as u64), data, metadata };
    }
}

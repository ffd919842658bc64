//! What every program runs on: its options, its folder, what its cells show, what went wrong.

use std::ffi::OsString;
use std::fmt::Debug;
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

#[path = "studies.rs"]
mod studies;

/// The cell that runs.
static CELL: AtomicUsize = AtomicUsize::new(0);

/// A cell begins: what goes wrong from here on is its own.
pub fn at(cell: usize) {
    CELL.store(cell, Relaxed);
}

/// How a value is shown whose type has no `evcxr_display` of its own, which comes first, being no trait's.
pub trait Show {
    /// Prints what the kernel would show as text.
    fn evcxr_display(&self);
}

impl<T: Debug + ?Sized> Show for T {
    fn evcxr_display(&self) {
        let text = format!("{self:?}");
        if text != "()" {
            println!("{text}");
        }
    }
}

/// An error that a cell passes to its top with `?`: as under the kernel, it needs `Debug` only (and may not borrow).
pub struct Failed {
    text: String,
    share_is_done: bool,
}

impl<E: Debug + 'static> From<E> for Failed {
    fn from(error: E) -> Self {
        Self { text: format!("{error:?}"), share_is_done: studies::share_is_done(&error) }
    }
}

const OPTIONS: &str = "\
Options:
  --folder DIR     work in DIR, from where the notebook's relative paths start
  --threads N      threads of its sweeps (IMPLICIT_BIAS_THREADS)
  --study STUDY    run the study whose record is STUDY.csv instead of reading it; all studies with 1 (IMPLICIT_BIAS_RECORD)
  --share I/N      of that study only the I-th of N shares (IMPLICIT_BIAS_SHARE)
  --status RECORD  say what is recorded in the file RECORD and what is missing, run nothing
  --merge RECORD   make RECORD of its shares, run nothing
  -h, --help       print this
Exit status: 0 when every cell ran or the share is done, 1 when a cell ended in an error, 101 when one panicked, 2 when an
option was wrong; with --status and --merge 1 when the record cannot be told of or made.";

/// The whole of a program, whose cells may record the studies called `records`; of any name where there is no list.
pub fn main(name: &str, folder: &str, records: Option<&[&str]>, notebook: fn() -> Result<(), Failed>) -> ExitCode {
    match asked(folder, records) {
        Ok(Asked::Help) => println!("The cells of {name}.ipynb, one after the other, in {folder}.\n\n{OPTIONS}"),
        Ok(Asked::Told(Ok(words))) => println!("{words}"),
        Ok(Asked::Told(Err(words))) => {
            eprintln!("{words}");
            return ExitCode::FAILURE;
        }
        Ok(Asked::Run(folder)) => return run(name, folder, notebook),
        Err(message) => {
            eprintln!("{name}: {message}");
            return ExitCode::from(2);
        }
    }
    ExitCode::SUCCESS
}

enum Asked {
    Help,
    Told(Result<String, String>),
    Run(OsString),
}

fn asked(folder: &str, records: Option<&[&str]>) -> Result<Asked, String> {
    let mut folder = OsString::from(folder);
    let mut arguments = std::env::args_os().skip(1);
    while let Some(option) = arguments.next() {
        let option = option.to_string_lossy().into_owned();
        let mut value = || arguments.next().ok_or_else(|| format!("{option}: expected a value, found none"));
        let variable = match option.as_str() {
            "-h" | "--help" => return Ok(Asked::Help),
            "--status" => return Ok(Asked::Told(studies::status(&value()?.to_string_lossy()))),
            "--merge" => return Ok(Asked::Told(studies::merge(&value()?.to_string_lossy()))),
            "--folder" => {
                folder = value()?;
                continue;
            }
            "--threads" => "IMPLICIT_BIAS_THREADS",
            "--study" => "IMPLICIT_BIAS_RECORD",
            "--share" => "IMPLICIT_BIAS_SHARE",
            _ => return Err(format!("expected the options that --help lists, found {option}")),
        };
        // SAFETY: no other thread runs yet.
        unsafe { std::env::set_var(variable, value()?) };
    }
    match std::env::var("IMPLICIT_BIAS_RECORD") {
        // Nothing would be recorded, and nobody told.
        Ok(study) if study != "1" && records.is_some_and(|records| !records.contains(&&*study)) => {
            let names = records.unwrap_or_default().join(", ");
            Err(format!("--study: expected 1 or one of {names}, found {study}"))
        }
        _ => Ok(Asked::Run(folder)),
    }
}

fn run(name: &str, folder: OsString, notebook: fn() -> Result<(), Failed>) -> ExitCode {
    if let Err(error) = std::env::set_current_dir(&folder) {
        eprintln!("{name}: {}: {error}", folder.display());
        return ExitCode::from(2);
    }
    // SAFETY: no other thread runs yet.
    unsafe { std::env::set_var("IMPLICIT_BIAS_SHOW", "text") };
    // All variables of all cells stand on one stack.
    let ended = std::thread::Builder::new().name(name.to_owned()).stack_size(256 << 20).spawn(notebook);
    let ended = ended.map(|thread| thread.join());
    let cell = CELL.load(Relaxed);
    match ended {
        Ok(Ok(Ok(()))) => ExitCode::SUCCESS,
        Ok(Ok(Err(failed))) if failed.share_is_done => {
            println!("{}", failed.text);
            ExitCode::SUCCESS
        }
        Ok(Ok(Err(failed))) => {
            eprintln!("{name}, cell {cell}: {}", failed.text);
            ExitCode::FAILURE
        }
        Ok(Err(_)) => {
            eprintln!("{name}, cell {cell}: panicked, see above");
            ExitCode::from(101)
        }
        Err(error) => {
            eprintln!("{name}: expected a thread for the cells, found none: {error}");
            ExitCode::from(2)
        }
    }
}

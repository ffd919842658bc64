//! The process in which cells run, in the place of evcxr's own.
//!
//! It differs in three ways. Standard input is at its end, so that a cell which reads it goes on. Text printed without a
//! newline is flushed after its cell, and goes through a [`relay`](super::relay) that tells it from evcxr's signals. The
//! path of a compiled cell may hold spaces.

use std::ffi::{OsStr, c_void};
use std::fs::File;
use std::io::{BufRead as _, BufReader, Write as _};
use std::os::fd::{AsFd, OwnedFd};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use libloading::Library;

use super::marks::{COMPLETE, END};
use crate::error::{Error, Result};

/// Set by evcxr for the process in which cells run.
const RUNTIME: &str = "EVCXR_IS_RUNTIME";
/// Names the library that flushes the cells' standard output.
const FLUSH: &str = "IMPLICIT_BIAS_FLUSH";
/// Names the file that is there while evcxr starts.
const STARTING: &str = "IMPLICIT_BIAS_STARTING";
/// Set for a relay.
const RELAY: &str = "IMPLICIT_BIAS_RELAY";

/// Does not return in a process that evcxr or this module started to run cells or to pass on what they print.
pub(crate) fn hook() {
    if std::env::var_os(RELAY).is_some() {
        super::relay::run(Path::new(&std::env::var_os(STARTING).unwrap_or_default()));
        std::process::exit(0);
    }
    if std::env::var_os(RUNTIME).is_some() {
        if let Err(error) = serve() {
            eprintln!("the process that runs the cells: {error}");
            std::process::exit(99);
        }
        std::process::exit(0);
    }
}

/// While it lives, evcxr hears nothing of the runner's own: it runs a cell at its start, before anybody can hear, and waits until all
/// has been heard.
pub(super) struct Starting(PathBuf);

impl Starting {
    pub(super) fn new(home: &Path) -> Result<Self> {
        let file = home.join("starting");
        std::fs::write(&file, "").map_err(|error| Error::io(&file, error))?;
        Ok(Self(file))
    }
}

impl Drop for Starting {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// The command that evcxr starts to run cells; `home` keeps the library that flushes.
pub(super) fn command(home: &Path, rustc: &str, starting: &Starting) -> Result<Command> {
    let mut command = Command::new(program().map_err(|error| Error::io("the runner's own file", error))?);
    command.env(FLUSH, flusher(home, rustc)?).env(STARTING, &starting.0);
    Ok(command)
}

/// This program's file; where it was built anew meanwhile, the one that took its place.
pub(super) fn program() -> std::io::Result<PathBuf> {
    let path = std::env::current_exe()?;
    Ok(path.to_str().and_then(|path| path.strip_suffix(" (deleted)")).map_or(path.clone(), PathBuf::from))
}

/// A library of one function that flushes standard output. Cells are linked against the toolchain's shared standard library and
/// this program is not: only a library linked as they are reaches their buffer.
fn flusher(home: &Path, rustc: &str) -> Result<PathBuf> {
    const SOURCE: &str = "#[unsafe(no_mangle)] pub extern \"C\" fn flush() { \
                          let _ = std::io::Write::flush(&mut std::io::stdout()); }";
    let version: String = rustc.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let library = home.join(format!("flush-{version}{}", std::env::consts::DLL_SUFFIX));
    if library.exists() {
        return Ok(library);
    }
    let source = home.join("flush.rs");
    std::fs::write(&source, SOURCE).map_err(|error| Error::io(&source, error))?;
    let part = library.with_extension("part");
    let mut command = Command::new("rustc");
    command.args(["--edition=2024", "--crate-type=cdylib", "-Cprefer-dynamic", "-Crpath", "-Copt-level=2", "-o"]);
    let output = command.arg(&part).arg(&source).current_dir(home).output();
    let output = output.map_err(|error| Error::argument("rustc", "a compiler that can be run", error))?;
    if !output.status.success() {
        let found = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        return Err(Error::argument("rustc", "a compiler that links a shared library", found));
    }
    std::fs::rename(&part, &library).map_err(|error| Error::io(&library, error))?;
    Ok(library)
}

/// Loads and runs what standard input names, a line a cell, until it ends.
fn serve() -> std::io::Result<()> {
    let commands = private_input()?;
    let output = through_relay(std::io::stdout().as_fd().try_clone_to_owned()?)?;
    rustix::stdio::dup2_stdout(&output)?;
    let errors = through_relay(std::io::stderr().as_fd().try_clone_to_owned()?)?;
    rustix::stdio::dup2_stderr(&errors)?;
    let flush = std::env::var_os(FLUSH).ok_or_else(|| std::io::Error::other(format!("{FLUSH} is not set")))?;
    // SAFETY: the library is the one that `flusher` wrote.
    let flush = unsafe { load(&flush)? };
    let starting = PathBuf::from(std::env::var_os(STARTING).unwrap_or_default());
    let (mut output, mut errors) = (File::from(output), File::from(errors));
    let mut store = std::ptr::null_mut();
    for line in BufReader::new(commands).lines() {
        let line = line?;
        let cell = line.strip_prefix("LOAD_AND_RUN ").and_then(|rest| rest.rsplit_once(' '));
        let Some((path, function)) = cell else { continue };
        // SAFETY: evcxr compiled the library and this function of it; the store comes from the cell before.
        unsafe {
            let cell = load(OsStr::new(path))?;
            store = call(cell, function, store)?;
            if let Ok(flush) = flush.get::<extern "C" fn()>(b"flush") {
                flush();
            }
        }
        if !starting.exists() {
            writeln!(errors, "{END}")?;
            writeln!(output, "{END}")?;
        }
        writeln!(output, "{COMPLETE}")?;
    }
    Ok(())
}

/// Loads a library for good: unloading one whose thread-local values have destructors would crash at the end.
///
/// # Safety
/// As [`Library::new`].
unsafe fn load(path: &OsStr) -> std::io::Result<&'static Library> {
    // SAFETY: promised by the caller.
    let library = unsafe { Library::new(path) }.map_err(std::io::Error::other)?;
    Ok(Box::leak(Box::new(library)))
}

/// # Safety
/// `function` must be one that evcxr compiled, `store` null or what such a function returned last.
unsafe fn call(cell: &Library, function: &str, store: *mut c_void) -> std::io::Result<*mut c_void> {
    // SAFETY: promised by the caller.
    let function = unsafe { cell.get::<extern "C" fn(*mut c_void) -> *mut c_void>(function.as_bytes()) };
    Ok(function.map_err(std::io::Error::other)?(store))
}

/// Standard input for this program alone; for everybody else it is at its end from now on.
pub(super) fn private_input() -> std::io::Result<File> {
    let private = std::io::stdin().as_fd().try_clone_to_owned()?;
    rustix::stdio::dup2_stdin(File::open("/dev/null")?)?;
    Ok(private.into())
}

/// A pipe whose lines reach `target` through a process of their own.
fn through_relay(target: OwnedFd) -> std::io::Result<OwnedFd> {
    let mut relay = Command::new(program()?);
    relay.env_remove(RUNTIME).env(RELAY, "1").stdin(Stdio::piped()).stdout(target).stderr(Stdio::null());
    let input = relay.spawn()?.stdin.take();
    input.map(OwnedFd::from).ok_or_else(|| std::io::Error::other("the relay has no input"))
}

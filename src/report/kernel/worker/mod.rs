//! A kernel in a process of its own, and the handle by which the runner holds it.
//!
//! They speak JSON, a line a message: requests on the worker's standard input, replies on its standard output. Whatever ends the
//! worker, a `:quit` in a cell included, the runner sees its replies end.

mod handle;
mod serve;

pub(crate) use handle::{Gone, Worker, end_group_of};
pub(crate) use serve::hook;

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::CellRun;

/// Set for a worker: the folder in which its kernel keeps what it compiles.
const HOME: &str = "IMPLICIT_BIAS_KERNEL";
/// The version line of the compiler.
const RUSTC: &str = "IMPLICIT_BIAS_RUSTC";

#[derive(Debug, Serialize, Deserialize)]
enum Request {
    /// Be as fresh as a new kernel, in this folder.
    Open(PathBuf),
    /// Run a cell.
    Cell { number: usize, source: String },
}

#[derive(Debug, Serialize, Deserialize)]
enum Reply {
    /// Ready for cells.
    Opened,
    /// The cell at work printed this line; none after a while without one.
    Line(Option<String>),
    /// The cell is done.
    Ran(CellRun),
    /// evcxr broke down; this worker is of no use any more.
    Broken(String),
}

//! The runner behind `cargo notebooks`: executes notebooks with evcxr, writes HTML reports, keeps the claims ledger.
//!
//! No Python takes part. A notebook goes through these hands: [`Notebook`] reads it, a kernel (evcxr, embedded in a process of
//! its own) runs its cells one by one, [`render`] makes one HTML file of it, [`verdicts`] collects what it decided. Several
//! notebooks run side by side.
//!
//! What comes from a cell is never trusted on the page: text is escaped, HTML is sanitised (tables, badges and small
//! pictures survive, scripts do not), and the page's Content-Security-Policy runs the page's own scripts only and
//! loads nothing from a network. Figures are drawn from plotly's JSON, not from the HTML that travels beside it.
//!
//! A cell counts as failed when it does not compile, panics, passes an `Err` to its top, takes longer than its limit, or ends
//! its process or the kernel's. Then the rest of that notebook is not run, and the others go on.
//!
//! [`write_programs`] makes plain cargo programs of notebooks, which need no kernel; [`parameters()`] are the constants of a
//! notebook that the command line may set.

mod allowed;
mod anchors;
mod cli;
mod crew;
mod differences;
mod duration;
mod events;
mod execute;
mod fault;
mod files;
mod formulas;
mod highlight;
mod home;
mod images;
mod index;
mod inputs;
mod interrupt;
mod kernel;
mod ledger;
mod markdown;
mod mathml;
mod nesting;
mod notebook;
mod output;
mod overview;
mod page;
mod parameters;
mod program;
mod progress;
mod project;
mod records;
mod run;
mod sanitize;
mod session;
mod sound;
mod syntax;
mod terminal;
mod toolchain;
mod value;

pub use cli::{Arguments, HELP, Task};
pub use differences::{diff, differences};
pub use events::Heading;
pub use highlight::highlight;
pub use ledger::{named, verdicts};
pub use markdown::{Prepare, Prose, claims_in};
pub use notebook::{Cell, CellType, Notebook, Output};
pub use page::{Report, RunNotes, Stop, render};
pub use parameters::{Change, Parameter, list_parameters, parameters, set_parameters};
pub use program::write_programs;
pub use run::run;

use std::process::ExitCode;

/// The whole of `cargo notebooks`; must be the first call in `main`, because the same program also serves as
/// the process of a kernel and as the one that runs its cells.
pub fn main() -> ExitCode {
    kernel::cells::hook();
    // The process that compiles for evcxr, where it keeps a cache.
    evcxr::runtime_hook();
    kernel::worker::hook();
    let outcome = Arguments::parse(std::env::args_os().skip(1)).and_then(|arguments| {
        match &arguments.task {
            Task::Help => progress::say(&format!("{HELP}\n")),
            Task::Parameters => list_parameters(&arguments)?,
            Task::Program => return write_programs(&arguments),
            Task::Diff(recorded, new) => return diff(recorded, new),
            Task::Run => return run(&arguments),
        }
        Ok(true)
    });
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            progress::complain(&error.to_string());
            ExitCode::from(2)
        }
    }
}

//! The command line of `cargo notebooks`.

use std::path::PathBuf;
use std::time::Duration;

use crate::error::{Error, Result};

/// What `--help` prints.
pub const HELP: &str = "\
Executes the notebooks and writes one self-contained HTML report for each.

Usage: cargo notebooks [OPTIONS] [NOTEBOOK]...

  NOTEBOOK       a path, or a name such as report-4-remarks; all of notebooks/ when none is given

Options:
  --check        execute, compare verdicts and numbers with data/claims.json, write nothing
  --record       write the verdicts of this run to data/claims.json as well
  --force        execute again even if neither the notebook nor the crate changed
  --out DIR      write to DIR instead of target/report
  --jobs N       N notebooks side by side; without it one a core, as far as memory allows
  -p NAME=VALUE  set a constant of the cell tagged `parameters`, for this run; may be repeated
  --cell-limit S, --limit S
                 end a cell, or a notebook, that takes more than S seconds; the first build counts
Instead of running:
  --parameters NOTEBOOK  list the constants that -p can set, with their types and values
  --program              write each notebook as a cargo program, to target/programs, and have rustc check them all
  --program NOTEBOOK...  write these alone, and build them
  --diff A B     compare two ledgers
  -h, --help     print this

Under target/report: index.html with the claims ledger, NOTEBOOK.html, NOTEBOOK.ipynb with its outputs, claims.json.
What the kernels compile stays in target/evcxr; the first run fills it and takes some minutes, later ones do not.

Exit status: 0 when every notebook ran to its end and reached the verdicts its headings name (`Claim R1`), 1 when not
(or, with --check, when a verdict or a number differs from the recorded one or a cell wrote to standard error; with
--program, when rustc refuses one; with --diff, when the two differ), 2 when nothing could be run. Ctrl-C leaves finished reports whole.";

/// What is to be done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Task {
    /// Execute notebooks.
    #[default]
    Run,
    /// List what `-p` can set.
    Parameters,
    /// Write notebooks as programs.
    Program,
    /// Compare two ledgers.
    Diff(PathBuf, PathBuf),
    /// Print [`HELP`].
    Help,
}

/// The arguments, parsed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Arguments {
    /// What is to be done.
    pub task: Task,
    /// Paths or names; all notebooks when empty.
    pub notebooks: Vec<String>,
    /// Execute and compare, write nothing.
    pub check: bool,
    /// Copy the new ledger over the recorded one.
    pub record: bool,
    /// Execute what did not change, too.
    pub force: bool,
    /// Where reports go.
    pub out: Option<PathBuf>,
    /// How many notebooks run side by side.
    pub jobs: Option<usize>,
    /// Names and values for the cells tagged `parameters`.
    pub parameters: Vec<(String, String)>,
    /// The longest time for a cell.
    pub cell_limit: Option<Duration>,
    /// The longest time for a notebook.
    pub limit: Option<Duration>,
}

impl Arguments {
    /// Parses what follows the program's name.
    ///
    /// # Errors
    /// [`Error::Argument`] naming an option that does not exist, lacks its value, or contradicts another.
    ///
    /// ```
    /// use implicit_bias::report::Arguments;
    /// let arguments = Arguments::parse(["--check", "report-4-remarks", "-p", "SEEDS=100"])?;
    /// assert!(arguments.check && arguments.notebooks == ["report-4-remarks"]);
    /// assert_eq!(arguments.parameters, [("SEEDS".to_owned(), "100".to_owned())]);
    /// assert!(Arguments::parse(["--chekc"]).is_err());
    /// # Ok::<(), implicit_bias::error::Error>(())
    /// ```
    pub fn parse<I: IntoIterator<Item: Into<std::ffi::OsString>>>(arguments: I) -> Result<Self> {
        use lexopt::Arg;
        let mut parsed = Self::default();
        let mut parser = lexopt::Parser::from_args(arguments);
        while let Some(argument) = parser.next().map_err(refused)? {
            match argument {
                Arg::Long("check") => parsed.check = true,
                Arg::Long("record") => parsed.record = true,
                Arg::Long("force") => parsed.force = true,
                Arg::Long("out") => parsed.out = Some(parser.value().map_err(refused)?.into()),
                Arg::Long("jobs") => parsed.jobs = Some(jobs(&text(&mut parser)?)?),
                Arg::Long("cell-limit") => parsed.cell_limit = Some(seconds(&text(&mut parser)?)?),
                Arg::Long("limit") => parsed.limit = Some(seconds(&text(&mut parser)?)?),
                Arg::Short('p') => parsed.parameters.push(parameter(&text(&mut parser)?)?),
                Arg::Long("parameters") => parsed.ask(Task::Parameters)?,
                Arg::Long("program") => parsed.ask(Task::Program)?,
                Arg::Long("diff") => {
                    let (a, b) = (parser.value().map_err(refused)?, parser.value().map_err(refused)?);
                    parsed.ask(Task::Diff(a.into(), b.into()))?;
                }
                Arg::Short('h') | Arg::Long("help") => parsed.task = Task::Help,
                Arg::Value(name) => parsed.notebooks.push(name.to_string_lossy().into_owned()),
                other => return Err(refused(other.unexpected())),
            }
        }
        parsed.consistent()
    }

    /// One task at a time.
    fn ask(&mut self, task: Task) -> Result<()> {
        if self.task != Task::Run && self.task != task {
            return Err(refused("two of --parameters, --program and --diff: one at a time"));
        }
        self.task = task;
        Ok(())
    }

    fn consistent(self) -> Result<Self> {
        if self.check && self.record {
            return Err(refused("--check with --record: one compares with the ledger, the other replaces it"));
        }
        if self.check && self.out.is_some() {
            return Err(refused("--check with --out: it writes no report"));
        }
        if (self.record || self.check) && !self.parameters.is_empty() {
            return Err(refused(
                "-p with --record or --check: the ledger keeps what the notebooks' own constants give",
            ));
        }
        if self.task == Task::Parameters && self.notebooks.is_empty() {
            return Err(refused("--parameters without a notebook's name"));
        }
        Ok(self)
    }
}

fn refused(found: impl std::fmt::Display) -> Error {
    Error::argument("cargo notebooks", "the options that --help lists", found)
}

fn text(parser: &mut lexopt::Parser) -> Result<String> {
    Ok(parser.value().map_err(refused)?.to_string_lossy().into_owned())
}

fn jobs(text: &str) -> Result<usize> {
    let count = text.parse().ok().filter(|count| *count > 0);
    count.ok_or_else(|| Error::argument("--jobs", "a number of notebooks from 1", format_args!("{text:?}")))
}

fn seconds(text: &str) -> Result<Duration> {
    let seconds = text.parse().ok().filter(|seconds| *seconds > 0.0);
    let limit = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    limit.ok_or_else(|| Error::argument("a time limit", "a number of seconds above 0", format_args!("{text:?}")))
}

fn parameter(text: &str) -> Result<(String, String)> {
    let pair = text.split_once('=').map(|(name, value)| (name.trim(), value.trim()));
    let pair = pair.filter(|(name, value)| !name.is_empty() && !value.is_empty());
    let pair = pair.ok_or_else(|| Error::argument("-p", "NAME=VALUE", format_args!("{text:?}")))?;
    Ok((pair.0.to_owned(), pair.1.to_owned()))
}

//! The command line of `cargo notebooks`.

use std::path::PathBuf;

use crate::error::{Error, Result};

/// What `--help` prints.
pub const HELP: &str = "\
Executes the notebooks and writes one self-contained HTML report for each.

Usage: cargo notebooks [OPTIONS] [NOTEBOOK]...

  NOTEBOOK       a path, or a name such as report-4-remarks; all of notebooks/ when none is given

Options:
  --check        execute, compare the verdicts with data/claims.json, write nothing
  --record       write the verdicts of this run to data/claims.json as well
  --force        execute again even if neither the notebook nor the crate changed
  --out DIR      write to DIR instead of target/report
  -h, --help     print this

Under target/report: index.html with the claims ledger, NOTEBOOK.html, NOTEBOOK.ipynb with its outputs, claims.json.
What the kernel compiles stays in target/evcxr; the first run fills it and takes some minutes, later ones do not.

Exit status: 0 when every notebook ran to its end and reached the verdicts its headings name (`Claim R1`), 1 when not
(or, with --check, when a verdict differs from the recorded one or a cell wrote to standard error), 2 when nothing
could be run. Ctrl-C leaves finished reports whole.";

/// The arguments, parsed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Arguments {
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
    /// Print [`HELP`].
    pub help: bool,
}

impl Arguments {
    /// Parses what follows the program's name.
    ///
    /// # Errors
    /// [`Error::Argument`] naming an option that does not exist, lacks its value, or contradicts another.
    ///
    /// ```
    /// use implicit_bias::report::Arguments;
    /// let arguments = Arguments::parse(["--check", "report-4-remarks"])?;
    /// assert!(arguments.check && arguments.notebooks == ["report-4-remarks"]);
    /// assert!(Arguments::parse(["--chekc"]).is_err());
    /// # Ok::<(), implicit_bias::error::Error>(())
    /// ```
    pub fn parse<I: IntoIterator<Item: Into<std::ffi::OsString>>>(arguments: I) -> Result<Self> {
        use lexopt::Arg;
        let refuse = |found: String| Error::argument("cargo notebooks", "the options that --help lists", found);
        let mut parsed = Self::default();
        let mut parser = lexopt::Parser::from_args(arguments);
        while let Some(argument) = parser.next().map_err(|error| refuse(error.to_string()))? {
            match argument {
                Arg::Long("check") => parsed.check = true,
                Arg::Long("record") => parsed.record = true,
                Arg::Long("force") => parsed.force = true,
                Arg::Long("out") => {
                    let folder = parser.value().map_err(|error| refuse(error.to_string()))?;
                    parsed.out = Some(folder.into());
                }
                Arg::Short('h') | Arg::Long("help") => parsed.help = true,
                Arg::Value(name) => parsed.notebooks.push(name.to_string_lossy().into_owned()),
                other => return Err(refuse(other.unexpected().to_string())),
            }
        }
        if parsed.check && parsed.record {
            return Err(refuse("--check with --record: one compares with the ledger, the other replaces it".into()));
        }
        if parsed.check && parsed.out.is_some() {
            return Err(refuse("--check with --out: it writes no report".into()));
        }
        Ok(parsed)
    }
}

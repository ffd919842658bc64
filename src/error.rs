//! What went wrong: what was expected, what came, and where.

use std::fmt;

/// The crate's result; the second parameter keeps `Result<T, Other>` usable in cells that import the prelude.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Everything a public function of this crate can refuse, with what was expected, what came and where.
///
/// `Debug` prints the same sentence as `Display`, because that is what a notebook cell shows.
#[derive(Clone, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// An argument outside its range.
    #[error("{what}: expected {expected}, found {found}")]
    Argument {
        /// The argument, as `Type.field` or `function(argument)`.
        what: String,
        /// The values that are allowed.
        expected: String,
        /// The value that came.
        found: String,
    },
    /// Two things that must fit together do not.
    #[error("{what}: expected shape {expected}, found {found}")]
    Shape {
        /// What has the wrong shape.
        what: String,
        /// The shape that fits.
        expected: String,
        /// The shape that came.
        found: String,
    },
    /// A NaN or an infinity where a number is needed.
    #[error("{what}: expected a finite number, found {found}")]
    NotFinite {
        /// Where it stands, such as `x[3, 1]`.
        what: String,
        /// NaN, inf or -inf.
        found: f64,
    },
    /// A file that could not be read as expected.
    #[error("{path}, line {line}{}: {message}", column.as_ref().map(|c| format!(", column {c}")).unwrap_or_default())]
    Parse {
        /// The file.
        path: String,
        /// The line, counted from 1.
        line: u64,
        /// The column, counted from 1, with its name where the file has one.
        column: Option<String>,
        /// What was expected and what came.
        message: String,
    },
    /// The operating system refused a file.
    #[error("{path}: {message}")]
    Io {
        /// The file.
        path: String,
        /// The system's reason.
        message: String,
    },
    /// No hyperplane (of the kind asked for) separates the classes; the witness proves it.
    #[error(
        "the data is not linearly separable {kind}: the convex combination of {} mirrored points (rows {rows:?}, weights {weights:?}) has norm {norm:e}",
        rows.len()
    )]
    NotSeparable {
        /// "through the origin" or "with an intercept".
        kind: &'static str,
        /// Rows of the data that take part.
        rows: Vec<usize>,
        /// Their convex weights, summing to 1.
        weights: Vec<f64>,
        /// Norm of the combination: an upper bound for the margin.
        norm: f64,
    },
    /// What a layer of a network sees of the data is not linearly separable, so there is no maximum margin to compare with.
    #[error(
        "the features of layer {layer} are not linearly separable through the origin in double precision: expected some weights that err nowhere, found {errors} errors of the network on {n} points (train it further, or widen it)"
    )]
    FeaturesNotSeparable {
        /// The layer.
        layer: usize,
        /// Points with yᵢf(xᵢ) ≤ 0.
        errors: usize,
        /// Number of points.
        n: usize,
    },
    /// A ReLU network with a hidden layer in which no unit is active at any point of the data.
    #[error(
        "the network is dead on this data: expected an active unit in every hidden layer, to see what layer {layer} does, found a hidden layer with none at any of {n} points (take another seed, a wider network or a slope above 0)"
    )]
    DeadNetwork {
        /// The layer whose features were asked for.
        layer: usize,
        /// Number of points.
        n: usize,
    },
    /// Separable or not cannot be told in double precision.
    #[error(
        "the data is too close to inseparable to tell {kind}: the margin lies in [{lower:e}, {upper:e}] at a data norm of {scale:e}"
    )]
    TooClose {
        /// "through the origin" or "with an intercept".
        kind: &'static str,
        /// Certified lower end for the margin.
        lower: f64,
        /// Certified upper end for the margin.
        upper: f64,
        /// max ‖x‖, the yardstick.
        scale: f64,
    },
    /// An iteration left the finite numbers; the last finite state is kept by its owner.
    #[error("{what} diverged at step {step}: {message}")]
    Diverged {
        /// The iteration.
        what: String,
        /// The step at which it was noticed.
        step: u64,
        /// What was noticed, and what to try.
        message: String,
    },
    /// Stability, not accuracy, bounds the steps of an explicit method, and it would not arrive.
    #[error(
        "gradient flow is stiff at {at}: expected to arrive within the steps that Stop allows, found steps of {step:.1e}, {forecast:.1e} more of them to go; take {remedy} (the state is kept: set_solver goes on from it) or allow more steps"
    )]
    Stiff {
        /// Where the flow stands, in the variable of its clock.
        at: String,
        /// The length of its last step in that variable.
        step: f64,
        /// The steps that it would still need; infinite where the stop is not on its clock.
        forecast: f64,
        /// The solver that is made for it.
        remedy: String,
    },
    /// An iteration did not reach its tolerance.
    #[error("{what} did not converge: expected {expected}, reached {reached}")]
    NotConverged {
        /// The iteration.
        what: String,
        /// The tolerance.
        expected: String,
        /// What was reached.
        reached: String,
    },
    /// A sweep was asked to stop; see [`descent`](crate::descent#long-runs).
    #[error(
        "sweep: expected all {count} items, found {done} done when it was asked to stop, by its file of that name or by IMPLICIT_BIAS_STOP's"
    )]
    Asked {
        /// Items done; those in flight do not count.
        done: usize,
        /// Items of the sweep.
        count: usize,
    },
    /// One item of a sweep failed.
    #[error("items[{index}] = {item}: {error}")]
    Item {
        /// Its place among the items, counted from 0.
        index: usize,
        /// The item, as `Debug` prints it.
        item: String,
        /// What went wrong with it.
        error: Box<Error>,
    },
    /// A recorded study does not come out again.
    #[error("{path}: item {item}, {column}: expected the recorded {recorded:?}, found {found:?}; {remedy}")]
    Deviation {
        /// The record.
        path: String,
        /// The item, as `Debug` prints it.
        item: String,
        /// The column.
        column: String,
        /// The number in the record.
        recorded: f64,
        /// The number that the item gave now, rounded as a record's.
        found: f64,
        /// What to do if the code changed for a reason.
        remedy: String,
    },
    /// A study ends here because this process was to do a share of its items only, and did it. No fault: a program that gets
    /// it says so and ends well.
    #[error(
        "{path}: share {share} is complete, {items} items in {journal}; when all shares are, merge them (sweep::merge, or --merge {path} of a notebook's program)"
    )]
    Share {
        /// The record of which this is a share.
        path: String,
        /// Which share, as `3 of 8`.
        share: String,
        /// So many items belong to it.
        items: usize,
        /// The file that has their rows.
        journal: String,
    },
    /// Journals of a recorded study that do not have the rows of all its items yet.
    #[error("{path}: expected the rows of all {items} items, found those of {found}; missing: {missing}")]
    Incomplete {
        /// The record that was to be written.
        path: String,
        /// So many items the study has.
        items: usize,
        /// So many of them were found.
        found: usize,
        /// Which are missing, as shares or items.
        missing: String,
    },
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl Error {
    /// An [`Error::Argument`] from anything that displays.
    pub(crate) fn argument(what: impl fmt::Display, expected: impl fmt::Display, found: impl fmt::Display) -> Self {
        Self::Argument { what: what.to_string(), expected: expected.to_string(), found: found.to_string() }
    }

    /// An [`Error::Shape`] from anything that displays.
    pub(crate) fn shape(what: impl fmt::Display, expected: impl fmt::Display, found: impl fmt::Display) -> Self {
        Self::Shape { what: what.to_string(), expected: expected.to_string(), found: found.to_string() }
    }

    /// An [`Error::Io`] naming the file.
    pub(crate) fn io(path: impl AsRef<std::path::Path>, error: impl fmt::Display) -> Self {
        Self::Io { path: path.as_ref().display().to_string(), message: error.to_string() }
    }
}

/// `Ok(value)` when finite, otherwise an error that names `what`.
pub(crate) fn finite(what: impl fmt::Display, value: f64) -> Result<f64> {
    if value.is_finite() { Ok(value) } else { Err(Error::NotFinite { what: what.to_string(), found: value }) }
}

/// `Ok(value)` when finite and above zero, otherwise an error that names `what`.
pub(crate) fn positive(what: impl fmt::Display, value: f64) -> Result<f64> {
    if value.is_finite() && value > 0.0 { Ok(value) } else { Err(Error::argument(what, "a finite number > 0", value)) }
}

/// An empty vector with room for `len` numbers; an error where the allocator would end the process instead.
pub(crate) fn room(what: impl fmt::Display, len: Option<usize>) -> Result<Vec<f64>> {
    let mut numbers = Vec::new();
    match len {
        Some(len) if numbers.try_reserve_exact(len).is_ok() => Ok(numbers),
        Some(len) => Err(Error::argument(what, "a size that fits in memory", format_args!("{len} numbers"))),
        None => Err(Error::argument(what, "a size that fits in memory", "more numbers than an address can count")),
    }
}

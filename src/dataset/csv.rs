//! Datasets as CSV files: a header `x1,…,xd,y`, then a row a point.

use super::Dataset;
use crate::error::{Error, Result};
use ::csv::{ErrorKind, Position, ReaderBuilder, StringRecord, Trim, Writer};
use ndarray::{Array1, Array2};
use std::path::Path;

impl Dataset {
    /// Reads a CSV file whose first line names the columns and whose last column is `y`, −1 or +1.
    ///
    /// The other names are free. Blank lines and spaces around values are passed over.
    ///
    /// # Errors
    /// A file that cannot be opened; with line and column: no header, no rows, a row of another length, a value that is
    /// not a finite number, a label other than ±1.
    pub fn read_csv(path: impl AsRef<Path>) -> Result<Self> {
        let Table { x, y } = read(path.as_ref(), |label| {
            if label.abs() == 1.0 {
                return Ok(());
            }
            let hint = if label == 0.0 { " (files labelled 0 and 1 need −1 for 0)" } else { "" };
            Err(("a label −1 or +1", hint))
        })?;
        Self::new(x, y)
    }

    /// Writes the points under a header `x1,…,xd,y`; [`read_csv`](Self::read_csv) gives them back to the bit.
    ///
    /// ```
    /// use implicit_bias::prelude::*;
    /// let (data, path) = (SoudryFour { n: 16 }.sample(1)?, std::env::temp_dir().join("soudry.csv"));
    /// data.write_csv(&path)?;
    /// assert!(Dataset::read_csv(&path)? == data);
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// A file that cannot be written.
    pub fn write_csv(&self, path: impl AsRef<Path>) -> Result<()> {
        let path = path.as_ref();
        let mut writer = Writer::from_path(path).map_err(|e| Error::io(path, e))?;
        let names = (1..=self.d()).map(|j| format!("x{j}")).chain(["y".to_owned()]);
        writer.write_record(names).map_err(|e| Error::io(path, e))?;
        for (point, label) in self.x.rows().into_iter().zip(&self.y) {
            // Debug prints the shortest digits that read back as the same f64, with an exponent where that is shorter.
            let fields = point.iter().map(|v| format!("{v:?}")).chain([label.to_string()]);
            writer.write_record(fields).map_err(|e| Error::io(path, e))?;
        }
        writer.flush().map_err(|e| Error::io(path, e))
    }
}

/// What a file holds: inputs `(n, d)` and the last column, length n.
pub(super) struct Table {
    pub x: Array2<f64>,
    pub y: Array1<f64>,
}

/// Reads inputs and the last column, of which `check` tells what it expected, and a hint, where it refuses a number.
pub(super) fn read(path: &Path, check: impl Fn(f64) -> Result<(), (&'static str, &'static str)>) -> Result<Table> {
    let text = with_line_feeds(std::fs::read(path).map_err(|e| Error::io(path, e))?);
    // A line of blanks is a record of one value for the reader, so lengths are compared here.
    let mut reader = ReaderBuilder::new().trim(Trim::All).flexible(true).from_reader(&text[..]);
    let header = reader.headers().map_err(|e| csv_error(path, &text, &e))?.clone();
    let d = inputs_named_by(&header, path)?;
    let (mut x, mut y) = (Vec::new(), Vec::new());
    for record in reader.records() {
        let record = record.map_err(|e| csv_error(path, &text, &e))?;
        if record.len() == 1 && record[0].is_empty() {
            continue;
        }
        if record.len() != header.len() {
            let message = format!("expected {} values as in the header, found {}", header.len(), record.len());
            return Err(parse_error(path, line_of(&text, record.position()), None, message));
        }
        let refuse = |column: usize, message: String| {
            let column = Some(format!("{} ({})", column + 1, &header[column]));
            parse_error(path, line_of(&text, record.position()), column, message)
        };
        for column in 0..d {
            x.push(number(&record[column]).map_err(|message| refuse(column, message))?);
        }
        let last = number(&record[d]).map_err(|message| refuse(d, message))?;
        check(last)
            .map_err(|(expected, hint)| refuse(d, format!("expected {expected}, found {}{hint}", &record[d])))?;
        y.push(last);
    }
    if y.is_empty() {
        return Err(parse_error(path, 2, None, "expected at least one row below the header, found none".into()));
    }
    Ok(Table { x: Array2::from_shape_vec((y.len(), d), x).expect("every row gave d numbers"), y: Array1::from(y) })
}

/// `\n` for every `\r` that ends a line by itself, because the reader does not count those.
fn with_line_feeds(mut text: Vec<u8>) -> Vec<u8> {
    for at in 0..text.len() {
        if text[at] == b'\r' && text.get(at + 1) != Some(&b'\n') {
            text[at] = b'\n';
        }
    }
    text
}

/// d, from a header of d inputs and y.
fn inputs_named_by(header: &StringRecord, path: &Path) -> Result<usize> {
    let refuse = |column, found: &str| {
        let message = format!("expected a header x1,…,xd,y with y last, found {found}");
        Err(parse_error(path, 1, column, message))
    };
    match header.iter().next_back() {
        None => refuse(None, "an empty file"),
        Some("y") if header.len() == 1 => refuse(None, "y alone"),
        Some("y") => Ok(header.len() - 1),
        Some(other) => refuse(Some(header.len().to_string()), &format!("{other:?}")),
    }
}

fn number(text: &str) -> Result<f64, String> {
    let value = text.parse().ok().filter(|v: &f64| v.is_finite());
    value.ok_or_else(|| format!("expected a finite number, found {text:?}"))
}

/// The line, from 1, on which a record stands: the reader's position lies before the line ends it passes over.
pub(crate) fn line_of(text: &[u8], position: Option<&Position>) -> u64 {
    let Some(position) = position else { return 1 };
    let start = usize::try_from(position.byte()).map_or(text.len(), |byte| byte.min(text.len()));
    let skipped = text[start..].iter().take_while(|byte| b"\r\n".contains(byte));
    position.line() + skipped.filter(|&&byte| byte == b'\n').count() as u64
}

pub(crate) fn parse_error(path: &Path, line: u64, column: Option<String>, message: String) -> Error {
    Error::Parse { path: path.display().to_string(), line, column, message }
}

/// The reader's errors, with their place.
pub(crate) fn csv_error(path: &Path, text: &[u8], error: &::csv::Error) -> Error {
    let line = line_of(text, error.position());
    match error.kind() {
        ErrorKind::UnequalLengths { expected_len, len, .. } => {
            parse_error(path, line, None, format!("expected {expected_len} values as in the header, found {len}"))
        }
        ErrorKind::Utf8 { err, .. } => {
            let column = Some((err.field() + 1).to_string());
            parse_error(path, line, column, "expected UTF-8 text, found other bytes".into())
        }
        _ => parse_error(path, line, None, error.to_string()),
    }
}

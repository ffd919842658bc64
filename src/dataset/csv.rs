//! Datasets as CSV files: a header `x1,…,xd,y`, then a row a point.

use super::Dataset;
use crate::error::{Error, Result};
use ::csv::{ErrorKind, ReaderBuilder, StringRecord, Trim, Writer};
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
        let path = path.as_ref();
        let mut reader = ReaderBuilder::new().trim(Trim::All).from_path(path).map_err(|e| csv_error(path, &e))?;
        let header = reader.headers().map_err(|e| csv_error(path, &e))?.clone();
        let d = inputs_named_by(&header, path)?;
        let (mut x, mut y) = (Vec::new(), Vec::new());
        for record in reader.records() {
            let record = record.map_err(|e| csv_error(path, &e))?;
            for column in 0..d {
                x.push(number(&record, column, &header, path)?);
            }
            let label = number(&record, d, &header, path)?;
            if label.abs() != 1.0 {
                let hint = if label == 0.0 { "; a file labelled 0 and 1 needs −1 in the place of 0" } else { "" };
                let message = format!("expected a label −1 or +1, found {}{hint}", &record[d]);
                return Err(parse_error(path, line_of(&record), Some((d, &header)), message));
            }
            y.push(label);
        }
        if y.is_empty() {
            return Err(parse_error(path, 2, None, "expected at least one row below the header, found none".into()));
        }
        Self::new(Array2::from_shape_vec((y.len(), d), x).expect("every row gave d numbers"), Array1::from(y))
    }

    /// Writes the points under a header `x1,…,xd,y`; [`read_csv`](Self::read_csv) gives them back to the bit.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub fn write_csv(&self, path: impl AsRef<Path>) -> Result<()> {
        let path = path.as_ref();
        let mut writer = Writer::from_path(path).map_err(|e| csv_error(path, &e))?;
        let names = (1..=self.d()).map(|j| format!("x{j}")).chain(["y".to_owned()]);
        writer.write_record(names).map_err(|e| csv_error(path, &e))?;
        for (point, label) in self.x.rows().into_iter().zip(&self.y) {
            // Debug prints the shortest digits that read back as the same f64, with an exponent where that is shorter.
            let fields = point.iter().map(|v| format!("{v:?}")).chain([label.to_string()]);
            writer.write_record(fields).map_err(|e| csv_error(path, &e))?;
        }
        writer.flush().map_err(|e| Error::io(path, e))
    }
}

/// d, from a header of d inputs and y.
fn inputs_named_by(header: &StringRecord, path: &Path) -> Result<usize> {
    let expected = "expected a header x1,…,xd,y with the label last";
    match header.iter().next_back() {
        None => Err(parse_error(path, 1, None, format!("{expected}, found an empty file"))),
        Some("y") if header.len() == 1 => Err(parse_error(path, 1, None, format!("{expected}, found y alone"))),
        Some("y") => Ok(header.len() - 1),
        Some(other) => {
            let message = format!("{expected}, found {other:?}");
            Err(parse_error(path, 1, Some((header.len() - 1, header)), message))
        }
    }
}

fn number(record: &StringRecord, column: usize, header: &StringRecord, path: &Path) -> Result<f64> {
    let text = &record[column];
    text.parse().ok().filter(|v: &f64| v.is_finite()).ok_or_else(|| {
        let message = format!("expected a finite number, found {text:?}");
        parse_error(path, line_of(record), Some((column, header)), message)
    })
}

fn line_of(record: &StringRecord) -> u64 {
    record.position().map_or(1, ::csv::Position::line)
}

fn parse_error(path: &Path, line: u64, column: Option<(usize, &StringRecord)>, message: String) -> Error {
    let column = column.map(|(j, header)| format!("{} ({})", j + 1, &header[j]));
    Error::Parse { path: path.display().to_string(), line, column, message }
}

/// The csv crate's errors, with their place where they have one.
fn csv_error(path: &Path, error: &::csv::Error) -> Error {
    let line = error.position().map_or(1, ::csv::Position::line);
    match error.kind() {
        ErrorKind::Io(e) => Error::io(path, e),
        ErrorKind::UnequalLengths { expected_len, len, .. } => {
            parse_error(path, line, None, format!("expected {expected_len} values as in the header, found {len}"))
        }
        ErrorKind::Utf8 { err, .. } => {
            let (path, column) = (path.display().to_string(), Some((err.field() + 1).to_string()));
            Error::Parse { path, line, column, message: "expected UTF-8 text, found other bytes".into() }
        }
        _ => parse_error(path, line, None, error.to_string()),
    }
}

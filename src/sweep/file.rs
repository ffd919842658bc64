//! The file of a recorded study: three lines of comment, a header, a row an item.

use super::entry::Row;
use super::head::{Head, VERSION};
use super::line::fingerprint;
use super::share::Share;
use crate::dataset::csv::{csv_error, line_of, parse_error};
use crate::error::{Error, Result};
use ::csv::{ReaderBuilder, StringRecord, WriterBuilder};
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

/// What the file must be about.
pub(super) struct RecordFile<'a> {
    pub path: &'a str,
    pub about: &'a str,
    pub command: &'a str,
    pub columns: &'a [String],
}

impl RecordFile<'_> {
    /// What a journal of the items `names` says of itself.
    pub fn head(&self, names: &[String], share: Option<Share>) -> Head {
        // No name contains this byte, so that no two lists of names are one text.
        let text: Vec<u8> = names.iter().flat_map(|name| name.bytes().chain([0xff])).collect();
        Head {
            about: self.about.into(),
            made_by: self.command.into(),
            with: VERSION.into(),
            columns: self.columns.to_vec(),
            items: names.len(),
            names: format!("{:016x}", fingerprint(&text)),
            share,
        }
    }

    /// The numbers of each item and the version of the crate that made them.
    pub fn read(&self, names: &[String]) -> Result<(Vec<Vec<f64>>, String)> {
        let path = Path::new(self.path);
        let bytes = fs::read(path).map_err(|error| match error.kind() {
            ErrorKind::NotFound => {
                Error::io(path, format_args!("there is no record yet: make it with `{}`", self.command))
            }
            _ => Error::io(path, error),
        })?;
        let text = str::from_utf8(&bytes).map_err(|error| {
            let line = 1 + bytes[..error.valid_up_to()].iter().filter(|byte| **byte == b'\n').count();
            parse_error(path, line as u64, None, "expected UTF-8 text, found other bytes".into())
        })?;
        let version = self.comments(text)?;
        let mut reader = ReaderBuilder::new().comment(Some(b'#')).from_reader(&bytes[..]);
        let header = reader.headers().map_err(|error| csv_error(path, &bytes, &error))?;
        self.header(header, 1 + text.lines().take_while(|line| line.starts_with('#')).count() as u64)?;
        let mut rows = Vec::new();
        for record in reader.records() {
            let record = record.map_err(|error| csv_error(path, &bytes, &error))?;
            let line = line_of(&bytes, record.position());
            let Some(name) = names.get(rows.len()) else {
                let expected = format!("expected {} rows, one for each item, found more", names.len());
                return Err(self.other(line, None, expected));
            };
            if &record[0] != name {
                let message = format!("expected {name}, found {}", &record[0]);
                return Err(self.other(line, Some("1 (item)".into()), message));
            }
            let number = |(column, text): (usize, &str)| {
                let place = || Some(format!("{} ({})", column + 2, self.columns[column]));
                text.parse().map_err(|_| parse_error(path, line, place(), format!("expected a number, found {text:?}")))
            };
            rows.push(record.iter().skip(1).enumerate().map(number).collect::<Result<Vec<f64>>>()?);
        }
        if rows.len() < names.len() {
            let message = format!("expected {} rows, one for each item, found {}", names.len(), rows.len());
            return Err(self.other(text.lines().count() as u64, None, message));
        }
        Ok((rows, version))
    }

    /// Checks what the file says about itself; the version of the crate.
    fn comments(&self, text: &str) -> Result<String> {
        let mut lines = text.lines();
        let mut comment = |number: u64, key: &str| {
            let found = lines.next().unwrap_or_default();
            let refuse =
                || parse_error(Path::new(self.path), number, None, format!("expected `{key}…`, found {found:?}"));
            found.strip_prefix(key).ok_or_else(refuse)
        };
        let about = comment(1, "# about: ")?;
        if about != self.about {
            let message = format!("expected a record about {:?}, found one about {about:?}", self.about);
            return Err(self.other(1, None, message));
        }
        comment(2, "# made by: ")?;
        Ok(comment(3, "# with: ")?.to_owned())
    }

    fn header(&self, header: &StringRecord, line: u64) -> Result<()> {
        let expected = || std::iter::once("item").chain(self.columns.iter().map(String::as_str));
        if header.iter().eq(expected()) {
            return Ok(());
        }
        let column = header.iter().zip(expected()).position(|(found, wanted)| found != wanted);
        let found = header.iter().collect::<Vec<_>>().join(",");
        let message = format!("expected the columns {}, found {found}", expected().collect::<Vec<_>>().join(","));
        Err(self.other(line, column.map(|j| format!("{} ({})", j + 1, &header[j])), message))
    }

    /// The record is that of another study.
    fn other(&self, line: u64, column: Option<String>, message: String) -> Error {
        let message = format!("{message}; if the study changed, make the record again with `{}`", self.command);
        parse_error(Path::new(self.path), line, column, message)
    }
}

/// The whole record: `rows` are those of all items, in their order.
pub(super) fn text<'a>(head: &Head, rows: impl Iterator<Item = &'a Row>) -> Result<Vec<u8>> {
    let comments = format!("# about: {}\n# made by: {}\n# with: {}\n", head.about, head.made_by, head.with);
    // An item that begins like a comment gets quotes.
    let mut writer = WriterBuilder::new().comment(Some(b'#')).from_writer(comments.into_bytes());
    let io = |error: ::csv::Error| Error::io("record", error);
    writer.write_record(std::iter::once("item").chain(head.columns.iter().map(String::as_str))).map_err(io)?;
    for row in rows {
        writer.write_record(std::iter::once(&row.item).chain(&row.values)).map_err(io)?;
    }
    writer.into_inner().map_err(|error| Error::io("record", error))
}

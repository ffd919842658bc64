//! The file of a recorded study, written.

use super::head::Head;
use super::journal::Row;
use crate::error::{Error, Result};
use ::csv::WriterBuilder;

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

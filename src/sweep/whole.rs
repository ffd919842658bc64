//! All journals of a record in one hand, to be finished as one.

use super::disk::replace;
use super::entry::Row;
use super::file::text;
use super::gather::Gathered;
use super::head::Head;
use super::journal::{Contents, Journal};
use super::share::{journal_path, journals};
use crate::error::Result;
use std::collections::HashSet;
use std::path::Path;
use std::time::Duration;

/// The journal of the whole and those of all shares, which no other process can write meanwhile.
pub(super) struct Whole<'a> {
    record: &'a str,
    pub journal: Journal,
    shares: Vec<Journal>,
    /// What they held when they were opened.
    pub contents: Vec<Contents>,
}

impl<'a> Whole<'a> {
    pub fn open(record: &'a str, head: &Head, patience: Duration) -> Result<Self> {
        let path = Path::new(record);
        let (journal, contents) = Journal::open(journal_path(path, None), head, patience)?;
        let mut whole = Self { record, journal, shares: Vec::new(), contents: vec![contents] };
        for (share, path) in journals(path)?.into_iter().filter(|(share, _)| share.is_some()) {
            let (journal, contents) = Journal::open(path, &head.with_share(share), patience)?;
            whole.shares.push(journal);
            whole.contents.push(contents);
        }
        Ok(whole)
    }

    /// Writes the record and removes the journals.
    pub fn finish(self) -> Result<()> {
        let all: Vec<&Path> = self.contents.iter().map(|contents| &*contents.path).collect();
        let contents = all.into_iter().map(Contents::read).collect::<Result<Vec<_>>>()?;
        let gathered = Gathered::of(&contents)?;
        let head = gathered.complete(self.record)?;
        // From here on one file has all rows: an end in the midst of what follows leaves nothing missing.
        let own: HashSet<usize> = contents[0].rows.iter().map(|row| row.number).collect();
        let others = gathered.rows.values().filter(|row| !own.contains(&row.number));
        let others: Vec<Row> = others.map(|row| (*row).clone()).collect();
        self.journal.append(&others)?;
        replace(self.record, &text(head, gathered.rows.values().copied())?)?;
        self.shares.into_iter().try_for_each(Journal::remove)?;
        self.journal.remove()
    }
}

//! What several journals of one record hold together.

use super::entry::Row;
use super::head::Head;
use super::journal::Contents;
use super::missing::Missing;
use super::share::Share;
use crate::dataset::csv::parse_error;
use crate::error::{Error, Result};
use std::collections::BTreeMap;

/// The rows of all journals, each item once.
pub(super) struct Gathered<'a> {
    /// The head that they share; none where no journal has one.
    pub head: Option<&'a Head>,
    /// In how many shares the items are dealt out; none where there are no shares.
    pub of: Option<usize>,
    /// By the item's place, counted from 1.
    pub rows: BTreeMap<usize, &'a Row>,
}

impl<'a> Gathered<'a> {
    /// Refuses journals of different studies, versions or numbers of shares, and an item with two different rows.
    pub fn of(journals: &'a [Contents]) -> Result<Self> {
        let mut seen: BTreeMap<usize, (&Row, &Contents)> = BTreeMap::new();
        // A head without rows is no more than a beginning: it counts where there is no other.
        let begun = || journals.iter().filter(|journal| !journal.rows.is_empty());
        let first = begun().chain(journals).find(|journal| journal.head.is_some());
        let head = first.and_then(|journal| journal.head.as_ref());
        let share = |journal: &Contents| journal.head.as_ref().and_then(|head| head.share);
        let of = begun().chain(journals).find_map(share).map(|share| share.of);
        for journal in begun() {
            if let Some(head) = head {
                journal.must_be_of(&head.with_share(share(journal)))?;
            }
            if let Some(share) = share(journal).filter(|share| Some(share.of) != of) {
                return Err(other_number(journal, of, share));
            }
            for row in &journal.rows {
                let (known, at) = *seen.entry(row.number).or_insert((row, journal));
                if known != row {
                    return Err(contradiction(journal, row, at, known));
                }
            }
        }
        Ok(Self { head, of, rows: seen.into_iter().map(|(number, (row, _))| (number, row)).collect() })
    }

    /// The items that are missing, counted from 1.
    pub fn missing(&self) -> Vec<usize> {
        let items = self.head.map_or(0, |head| head.items);
        (1..=items).filter(|number| !self.rows.contains_key(number)).collect()
    }

    /// The head of journals that have the rows of all items.
    pub fn complete(&self, record: &str) -> Result<&'a Head> {
        let head =
            self.head.ok_or_else(|| Error::io(record, "expected journals with rows, found none that has begun"))?;
        if self.rows.len() == head.items {
            return Ok(head);
        }
        let missing = Missing::of(&self.missing(), self.of).to_string();
        Err(Error::Incomplete { path: record.into(), items: head.items, found: self.rows.len(), missing })
    }
}

fn other_number(journal: &Contents, of: Option<usize>, found: Share) -> Error {
    let of = of.unwrap_or(1);
    let message = format!("expected a share of {of} as in the journals beside it, found share {found}");
    let remedy =
        "delete the journals of the one or the other, or finish them one after the other in folders of their own";
    parse_error(&journal.path, 1, None, format!("{message}; {remedy}"))
}

fn contradiction(journal: &Contents, row: &Row, at: &Contents, known: &Row) -> Error {
    let text = |row: &Row| row.values.join(",");
    let line = |contents: &Contents, row| 2 + contents.rows.iter().position(|own| own == row).unwrap_or(0) as u64;
    let (there, here) = (line(at, known), line(journal, row));
    let expected = format!("expected {} as in {}, line {there}", text(known), at.path.display());
    let message = format!("item {}: {expected}, found {}; delete the file that is wrong", row.item, text(row));
    parse_error(&journal.path, here, None, message)
}

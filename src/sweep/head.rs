//! What a journal says of itself: whose rows it holds.

use super::file::{RecordFile, VERSION};
use super::line::fingerprint;
use super::share::Share;
use serde::{Deserialize, Serialize};

/// The first line of a journal. Rows stand together only where all but the share is the same.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Head {
    pub about: String,
    pub made_by: String,
    pub with: String,
    pub columns: Vec<String>,
    pub items: usize,
    /// A fingerprint of the names of all items, in their order.
    names: String,
    /// None where the journal may hold any item.
    pub share: Option<Share>,
}

impl Head {
    pub fn of(file: &RecordFile, names: &[String], share: Option<Share>) -> Self {
        // No name contains this byte, so that no two lists of names are one text.
        let text: Vec<u8> = names.iter().flat_map(|name| name.bytes().chain([0xff])).collect();
        Self {
            about: file.about.into(),
            made_by: file.command.into(),
            with: VERSION.into(),
            columns: file.columns.to_vec(),
            items: names.len(),
            names: format!("{:016x}", fingerprint(&text)),
            share,
        }
    }

    /// The same study, another share.
    pub fn with_share(&self, share: Option<Share>) -> Self {
        Self { share, ..self.clone() }
    }

    /// What was expected and what was found where the two first differ.
    pub fn difference(&self, found: &Self) -> Option<String> {
        let said = |head: &Self| {
            [
                format!("rows about {:?}", head.about),
                format!("rows made by `{}`", head.made_by),
                format!("rows made with {}", head.with),
                format!("the columns {}", head.columns.join(",")),
                format!("{} items", head.items),
                format!("items of the fingerprint {}", head.names),
                head.share.map_or("rows of the whole".into(), |share| format!("rows of share {share}")),
            ]
        };
        let (wanted, found) = (said(self), said(found));
        let pair = wanted.into_iter().zip(found).find(|(wanted, found)| wanted != found)?;
        Some(format!("expected {}, found {}", pair.0, pair.1))
    }
}

//! What a journal says of itself: whose rows it holds.

use super::share::Share;
use serde::{Deserialize, Serialize};

pub(super) const VERSION: &str = concat!("implicit-bias ", env!("CARGO_PKG_VERSION"));

/// The first line of a journal. Rows stand together only where all but the share is the same.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Head {
    pub about: String,
    pub made_by: String,
    pub with: String,
    pub columns: Vec<String>,
    pub items: usize,
    /// A fingerprint of the names of all items, in their order.
    pub names: String,
    /// None where the journal may hold any item.
    pub share: Option<Share>,
}

impl Head {
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

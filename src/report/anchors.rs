//! The ids of a page, each given once.

use std::collections::{HashMap, HashSet};

/// The ids that are taken, by cells, headings, footnotes and the authors of HTML.
#[derive(Debug, Default)]
pub(crate) struct Anchors {
    taken: HashSet<String>,
    /// The number to try next, so that a thousand equal headings are not counted through a thousand times.
    next: HashMap<String, usize>,
}

impl Anchors {
    /// `stem`, or `stem-2`, `stem-3`, … where that is taken.
    pub fn claim(&mut self, stem: &str) -> String {
        let next = self.next.entry(stem.to_owned()).or_insert(1);
        loop {
            let id = if *next == 1 { stem.to_owned() } else { format!("{stem}-{next}") };
            *next += 1;
            if self.taken.insert(id.clone()) {
                return id;
            }
        }
    }

    /// Takes exactly this id; `false` when somebody has it.
    pub fn take(&mut self, id: &str) -> bool {
        self.taken.insert(id.to_owned())
    }
}

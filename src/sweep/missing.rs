//! What is missing of a study, in few words.

use super::share::Share;
use std::collections::BTreeSet;
use std::fmt;

/// The missing items, or the shares that have them.
pub(super) struct Missing {
    items: Vec<usize>,
    shares: Vec<usize>,
    of: Option<usize>,
}

impl Missing {
    /// From the places of the missing items and the number of shares, if there are shares.
    pub fn of(items: &[usize], of: Option<usize>) -> Self {
        let share = |of: usize| move |&number: &usize| Share::that_has(number, of).number;
        let shares: BTreeSet<usize> = of.iter().flat_map(|&of| items.iter().map(share(of))).collect();
        Self { items: items.to_vec(), shares: shares.into_iter().collect(), of }
    }

    /// The shares as `sbatch --array` takes them; empty where there are none.
    pub fn array(&self) -> String {
        list(&self.shares)
    }
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.of {
            Some(of) => write!(f, "shares {} of {of}", list(&self.shares)),
            None => write!(f, "items {}", list(&self.items)),
        }
    }
}

/// Ascending numbers with their runs drawn together: `3,7-9`.
fn list(numbers: &[usize]) -> String {
    let runs = numbers.chunk_by(|a, b| a + 1 == *b);
    let text = |run: &[usize]| match *run {
        [first, .., last] => format!("{first}-{last}"),
        _ => run.iter().map(usize::to_string).collect(),
    };
    runs.map(text).collect::<Vec<_>>().join(",")
}

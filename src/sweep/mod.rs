//! Many small runs side by side, and studies whose rows are kept in a file.
//!
//! [`sweep`] is `map` on all cores. A [`Study`] is a sweep that takes too long for a notebook: its rows were recorded once,
//! and each reading runs some of its items again and compares. The recording may be interrupted, and shared out over the nodes
//! of a [`cluster`].
//!
//! ```
//! use implicit_bias::prelude::*;
//! fn risk(size: f64, seed: u64) -> Result<f64> {
//!     let data = SoudryFour { n: 16 }.sample(seed)?.scaled_to_unit()?;
//!     let start = Network::linear(&[2, 2, 1], Init::Gaussian(size), seed)?;
//!     let mut descent = Descent::new(&Loss::Logistic.on(&data), &start, StepRule::Constant(0.1))?;
//!     Ok(descent.run(100, Record::Ends, |at| Ok(at.risk()))?.rows[1])
//! }
//! let risks = sweep(grid([0.1, 0.3], 1..=5), |(size, seed)| risk(size, seed))?;
//! assert_eq!(risks.len(), 10);
//! assert_eq!(risks[7], risk(0.3, 3)?);
//! # Ok::<(), Error>(())
//! ```
//!
//! `IMPLICIT_BIAS_THREADS` sets the number of threads; without it there are as many as Slurm gives the task
//! (`SLURM_CPUS_PER_TASK`), else one a core. The descent of a wide network shares its steps among as many, unless it runs inside a
//! sweep that keeps them busy already. `IMPLICIT_BIAS_PROGRESS=0` keeps the lines of progress away; runs inside a sweep print none.

mod agree;
pub mod cluster;
mod disk;
mod entry;
mod file;
mod gather;
mod head;
mod journal;
mod line;
mod lock;
mod merge;
mod missing;
mod progress;
mod recorded;
mod recording;
mod row;
mod share;
mod slurm;
mod status;
mod study;
mod threads;
mod wanted;
mod whole;

pub use merge::{Merged, merge};
pub use recorded::Recorded;
pub use row::{Field, Recordable, names};
pub use status::{Status, status};
pub use study::Study;

use crate::error::{Error, Result};
use crate::threads::free_threads;
use std::fmt::Debug;

/// `experiment` of every item, on all cores; the results in the order of the items.
///
/// Where the result of an item depends on that item alone, the results have the same bits on any number of threads. Items
/// are handed out one at a time, so short runs and long ones may stand in any order; sweeps longer than five seconds print
/// how far they are. A panic of the experiment goes through to the caller.
///
/// ```
/// use implicit_bias::prelude::*;
/// let bounds = sweep([1.0, 2.0, 4.0], |radius| smoothness_bound(Loss::Logistic, 4, radius))?;
/// assert!(bounds[0] < bounds[1] && bounds[1] < bounds[2]);
/// # Ok::<(), Error>(())
/// ```
///
/// # Errors
/// [`Error::Item`] with the first item, in their order, whose experiment fails; later items are not begun any more. An
/// `IMPLICIT_BIAS_THREADS` that is not a number from 1. [`Error::Asked`] when it was asked to stop
/// ([`descent`](crate::descent#long-runs) tells how): the results are lost, those of a [`Study`] are not.
pub fn sweep<I, T, F>(items: I, experiment: F) -> Result<Vec<T>>
where
    I: IntoIterator<Item: Clone + Debug + Sync>,
    T: Send,
    F: Fn(I::Item) -> Result<T> + Sync,
{
    let items: Vec<I::Item> = items.into_iter().collect();
    let all: Vec<usize> = (0..items.len()).collect();
    of_chosen(&items, &all, experiment, |_, _| Ok(()))
}

/// All pairs: the first of `a` with every one of `b`, then the second, and so on.
///
/// ```
/// use implicit_bias::prelude::*;
/// assert_eq!(grid([0.0, 0.5], 1..=2), [(0.0, 1), (0.0, 2), (0.5, 1), (0.5, 2)]);
/// ```
pub fn grid<A: Clone, B>(a: impl IntoIterator<Item = A>, b: impl IntoIterator<Item = B> + Clone) -> Vec<(A, B)> {
    a.into_iter().flat_map(|x| b.clone().into_iter().map(move |y| (x.clone(), y))).collect()
}

/// A sweep over `items[i]` for the i of `chosen`, which ascend; what each gives is handed to `keep` as soon as it is there.
fn of_chosen<Item, T, F, K>(items: &[Item], chosen: &[usize], experiment: F, keep: K) -> Result<Vec<T>>
where
    Item: Clone + Debug + Sync,
    T: Send,
    F: Fn(Item) -> Result<T> + Sync,
    K: Fn(usize, &T) -> Result<()> + Sync,
{
    threads::side_by_side(chosen.len(), free_threads()?, |k| {
        let (index, item) = (chosen[k], &items[chosen[k]]);
        let named = |error| Error::Item { index, item: format!("{item:?}"), error: Box::new(error) };
        let heeded = crate::asking::heeded();
        let result = experiment(item.clone()).map_err(named)?;
        // What a run that was asked to stop leaves is no result.
        if crate::asking::heeded() == heeded {
            keep(index, &result)?;
        }
        Ok(result)
    })
}

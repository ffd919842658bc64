//! Who looks at a run while it goes on.

use super::At;
use crate::error::Result;

/// Sees every state of a run, kept or not, as [`Monitors`](crate::monitor::Monitors) do. Neither the run nor its rows depend
/// on it.
///
/// ```
/// use implicit_bias::descent::Observer;
/// use implicit_bias::prelude::*;
/// struct Longest(f64);
/// impl Observer for Longest {
///     fn see(&mut self, at: &At, _kept: bool) -> Result<()> {
///         self.0 = self.0.max(at.grad_norm());
///         Ok(())
///     }
/// }
/// let data = Dataset::new(array![[1.0, 0.0]], array![1.0])?;
/// let start = Network::linear(&[2, 1], Init::Zeros, 0)?;
/// let mut longest = Longest(0.0);
/// let mut descent = Descent::new(&Loss::Logistic.on(&data), &start, StepRule::Constant(0.1))?;
/// descent.run_watched(100, Record::Ends, &mut longest, |_| Ok(()))?;
/// assert_eq!(longest.0, 0.5);
/// # Ok::<(), Error>(())
/// ```
pub trait Observer {
    /// Called at each state, the first and the last included; `kept` where the record asks for a row.
    ///
    /// # Errors
    /// Whatever should end the run.
    fn see(&mut self, at: &At<'_>, kept: bool) -> Result<()>;

    /// Whether it reads the risk at every state. Where it does not, `at` may know the gradient alone, its risk being NaN: a step that
    /// needs no risk is cheaper without.
    fn needs_risk(&self) -> bool {
        true
    }
}

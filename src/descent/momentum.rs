//! Heavy-ball momentum.

use super::{Descent, StepRule};
use crate::error::{Error, Result};

impl Descent {
    /// From here on W_{t+1} = W_t − η_t ∇R(W_t) + β (W_t − W_{t−1}) with β = `momentum` (Polyak's heavy ball); the first step
    /// has no velocity yet. 0 is plain descent. Works with mini-batches and every rule but Armijo's.
    ///
    /// On a quadratic it is stable for η < 2(1 + β)/λ_max; on a slowly changing gradient it moves as plain descent with the
    /// step η/(1 − β). [`At::time`](super::At::time) goes on counting Σ η.
    ///
    /// Source: Polyak, Some methods of speeding up the convergence of iteration methods, USSR Comp. Math. 4 (1964).
    ///
    /// # Errors
    /// β outside `[0, 1)`, or a line search, whose decrease a velocity would spoil; nothing changes then.
    ///
    /// ```
    /// use implicit_bias::prelude::*;
    /// let data = Dataset::new(array![[1.0]], array![1.0])?;
    /// let start = Network::linear(&[1, 1], Init::Zeros, 0)?;
    /// let mut descent = Descent::new(&Loss::Exponential.on(&data), &start, StepRule::Constant(0.1))?;
    /// descent.set_momentum(0.5)?;
    /// descent.step()?;                                                   // w = 0.1
    /// descent.step()?;                                                   // w = 0.1 + 0.1 e^−0.1 + 0.5 · 0.1
    /// assert!((descent.network().params()[0] - (0.15 + 0.1 * (-0.1_f64).exp())).abs() < 1e-15);
    /// # Ok::<(), Error>(())
    /// ```
    pub fn set_momentum(&mut self, momentum: f64) -> Result<()> {
        if !(0.0..1.0).contains(&momentum) {
            return Err(Error::argument("Descent::set_momentum(β)", "a number in [0, 1)", momentum));
        }
        check_momentum(&self.rule, momentum)?;
        self.momentum = momentum;
        self.velocity.resize(self.network.parameter_count(), 0.0);
        self.stopped = None;
        self.rest();
        Ok(())
    }

    /// Takes the velocity out, and what is carried of earlier roundings.
    pub(super) fn rest(&mut self) {
        self.other.copy_from_slice(self.network.params());
        self.carry.fill(0.0);
    }

    /// β (W_t − W_{t−1}), in place.
    #[inline]
    pub(super) fn push(&mut self) {
        let now = self.network.params().iter().zip(&self.other);
        for (v, (now, before)) in self.velocity.iter_mut().zip(now) {
            *v = self.momentum * (now - before);
        }
    }

    /// Whether a velocity is left that moves the weights where the gradient does not.
    pub(super) fn is_moving(&self) -> bool {
        self.momentum > 0.0 && self.other != self.network.params()
    }
}

/// Refuses a line search with momentum.
pub(super) fn check_momentum(rule: &StepRule, momentum: f64) -> Result<()> {
    if momentum == 0.0 || !matches!(rule, StepRule::Armijo { .. }) {
        return Ok(());
    }
    let expected = "a rule without a line search, such as StepRule::Constant";
    Err(Error::argument("the step rule of a descent with momentum", expected, format!("{rule:?}")))
}

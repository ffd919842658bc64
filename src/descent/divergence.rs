//! How a descent diverged, and the largest stable step.

use super::state::Known;
use super::{Descent, StepSize, Stopped};
use crate::error::{Error, Result};
use crate::theory::step_bound;
use std::fmt;

/// How a descent left the finite numbers; the state before that step was kept.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Divergence {
    /// The step whose result was no longer finite, counted from 1.
    pub step: u64,
    /// What is no longer finite.
    pub quantity: &'static str,
    /// η of that step.
    pub step_size: f64,
    /// The stability bound on η, where one is known: see [`Descent::step_bound`].
    pub bound: Option<f64>,
}

/// The step that left the finite numbers, and what did.
#[derive(Clone, Copy)]
pub(super) struct Overflow {
    pub step: u64,
    pub size: StepSize,
    pub quantity: &'static str,
}

impl fmt::Display for Divergence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { step, quantity, step_size, bound } = self;
        write!(f, "{quantity} is no longer finite at step {step} with η = {step_size:e}")?;
        match bound {
            Some(bound) if step_size >= bound => write!(f, ", which is not below the stability bound {bound:e}"),
            Some(bound) => write!(f, ", although that is below the stability bound {bound:e}"),
            None => write!(f, "; no stability bound is known for this network and loss"),
        }?;
        write!(f, "; the state before the step is kept")
    }
}

impl Descent {
    /// The bound below which every constant step is stable: 2/L where ∇R is L-Lipschitz in all of weight space, and 2(1 + β)/L with
    /// momentum β where R is quadratic besides. L is known at depth 1: σ_max(X)²/n under the squared loss, σ_max(X)²/(4n) under the
    /// logistic one. None for deeper networks, the exponential loss and mini-batches, for which no such L is known.
    ///
    /// Under the squared loss steps beyond it diverge from almost every start; under the logistic one they may converge all the same.
    /// With momentum the logistic one is that of the steepest quadratic which fits the risk, no theorem.
    ///
    /// Source: Polyak, Introduction to Optimization (1987), §1.4 and §3.2; Soudry et al., JMLR 19 (2018), Theorem 3, whose sum
    /// loss has n times this L.
    ///
    /// # Errors
    /// Data so large that σ_max² is beyond 1.8e308, or all zero.
    ///
    /// ```
    /// use implicit_bias::prelude::*;
    /// let data = Regression::new(array![[3.0, 0.0], [0.0, 4.0]], array![1.0, 1.0])?;
    /// let start = Network::linear(&[2, 1], Init::Zeros, 0)?;
    /// let descent = Descent::new(&Risk::squares(&data), &start, StepRule::Constant(0.1))?;
    /// assert_eq!(descent.step_bound()?, Some(2.0 / (16.0 / 2.0)));
    /// # Ok::<(), Error>(())
    /// ```
    pub fn step_bound(&self) -> Result<Option<f64>> {
        if self.network.depth() > 1 || !self.network.is_linear() || self.stochastic.is_some() {
            return Ok(None);
        }
        step_bound(&self.risk, self.momentum)
    }

    /// What the last call found, if it diverged.
    pub(super) fn divergence(&self) -> Option<Divergence> {
        let Overflow { step, size, quantity } = self.diverged?;
        // A bound that cannot be computed does not hide the divergence.
        let bound = self.step_bound().ok().flatten();
        Some(Divergence { step, quantity, step_size: size.value(), bound })
    }

    /// The error of a step that left the finite numbers.
    pub(super) fn error_if_diverged(&self) -> Result<()> {
        if self.stopped != Some(Stopped::Diverged) {
            return Ok(());
        }
        let message = self.divergence().map(|d| d.to_string()).unwrap_or_default() + ", try smaller steps";
        Err(Error::Diverged { what: "descent".into(), step: self.step + 1, message })
    }

    /// Evaluates the present state with its risk, for a change of settings: if only that finds it beyond the finite numbers, the
    /// step that led there is taken back, and this says so.
    pub(super) fn know_risk(&mut self) -> Result<()> {
        self.stopped = None;
        self.evaluate(Known::Risk);
        self.error_if_diverged()
    }
}

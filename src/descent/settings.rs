//! What can be changed between two runs: the rule, its first trial, the layers that descend.

use super::momentum::check_momentum;
use super::state::Known;
use super::stochastic::check_batches;
use super::{Descent, StepRule, StepSize};
use crate::error::{Error, Result};

impl Descent {
    /// Goes on with another rule from the present state. A line search that follows a line search begins with twice its last step,
    /// see [`set_trial`](Self::set_trial).
    ///
    /// # Errors
    /// As [`Descent::new`].
    pub fn set_rule(&mut self, rule: StepRule) -> Result<()> {
        rule.check(&self.risk)?;
        check_momentum(&rule, self.momentum)?;
        if self.stochastic.is_some() {
            check_batches(&rule)?;
        }
        self.trial = matches!(rule, StepRule::Armijo { .. }).then(|| self.now.clone());
        (self.memory, self.rule, self.stopped) = (self.memory.under(self.rule, rule), rule, None);
        Ok(())
    }

    /// The next line search begins with this trial, at most the rule's cap, instead of twice its last step.
    ///
    /// # Errors
    /// A rule without a line search, a trial that is not a finite number > 0; nothing changes then.
    ///
    /// ```
    /// use implicit_bias::prelude::*;
    /// let data = Dataset::new(array![[1.0, 0.0]], array![1.0])?;
    /// let start = Network::linear(&[2, 1], Init::Zeros, 0)?;
    /// let mut descent = Descent::new(&Loss::Logistic.on(&data), &start, StepRule::Armijo { cap: f64::INFINITY })?;
    /// descent.set_trial(0.25)?;
    /// descent.step()?;
    /// assert_eq!((descent.at().step_size(), descent.trial()), (0.25, Some(0.5)));
    /// # Ok::<(), Error>(())
    /// ```
    pub fn set_trial(&mut self, trial: impl Into<StepSize>) -> Result<()> {
        let (what, trial) = ("Descent::set_trial(η)", trial.into());
        let StepRule::Armijo { cap } = self.rule else {
            return Err(Error::argument(what, "a descent by StepRule::Armijo", format!("{:?}", self.rule)));
        };
        if !(trial.mantissa > 0.0 && trial.ln().is_finite()) {
            return Err(Error::argument(what, "a finite number > 0", trial.value()));
        }
        self.memory.begin_with(trial, cap);
        self.stopped = None;
        Ok(())
    }

    /// The first trial of the next line search; none under another rule.
    pub fn trial(&self) -> Option<f64> {
        self.trial.as_ref().map(|_| self.memory.trial.value())
    }

    /// Descends only these `layers` from here on; the others keep their weights, and ‖∇R‖ is the norm over what is trained.
    ///
    /// # Errors
    /// No layers, one outside 1 … L, or a gradient of these layers beyond the range of f64; nothing changes then.
    ///
    /// ```
    /// use implicit_bias::prelude::*;
    /// let data = TwoMoons { n: 40, noise: 0.1, constant: Some(1.0) }.sample(0)?;
    /// let start = Network::rectified(&[3, 16, 1], 0.0, Init::He, 1)?;
    /// let mut descent = Descent::new(&Loss::Logistic.on(&data), &start, StepRule::Constant(0.1))?;
    /// descent.train_only(&[2])?;
    /// descent.step()?;
    /// assert!(descent.network().layer(1) == start.layer(1) && descent.network().layer(2) != start.layer(2));
    /// # Ok::<(), Error>(())
    /// ```
    pub fn train_only(&mut self, layers: &[usize]) -> Result<()> {
        let what = "Descent::train_only(layers)";
        if layers.is_empty() {
            return Err(Error::argument(what, "at least one layer", "none"));
        }
        let mut trained = vec![false; self.network.depth()];
        for &k in layers {
            trained[self.network.check_layer(what, k)? - 1] = true;
        }
        self.know_risk()?;
        let mut now = self.now.clone();
        now.train(&trained);
        if !now.update(&self.network, true) {
            return Err(now.out_of_range(what));
        }
        if let Some(stochastic) = &mut self.stochastic {
            stochastic.train(&trained);
        }
        // A layer that stands still has no velocity.
        self.rest();
        self.trained = trained;
        self.trial = self.trial.is_some().then(|| now.clone());
        (self.now, self.known, self.stopped) = (now, Known::Risk, None);
        Ok(())
    }
}

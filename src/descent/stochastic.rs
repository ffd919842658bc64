//! Stochastic gradient descent: the gradient of a mini-batch in the place of ∇R.

use super::batches::Batches;
use super::{Descent, StepRule};
use crate::dataset::Visits;
use crate::error::{Error, Result};
use crate::network::Network;
use crate::risk::{Evaluation, Risk};

/// A step that leads to a squared gradient of a batch beyond this, and a million millions above that of the whole data at first,
/// counts as divergence: a few points may be finite still where the whole risk no longer is, and the state that is kept must
/// have one.
const FAR: f64 = 1e200;

/// The mini-batches of a descent, and room to evaluate them.
pub(super) struct Stochastic {
    size: usize,
    /// The largest squared gradient of a batch that a step may lead to.
    pub limit: f64,
    visits: Visits,
    whole: Evaluation,
    /// For the last batch of an epoch, where n is no multiple of the size.
    rest: Option<Evaluation>,
}

impl Stochastic {
    fn new(batches: Batches, network: &Network, risk: &Risk, grad_squared: f64) -> Result<Self> {
        let Batches { size, order } = batches;
        let room = |size: usize| Evaluation::batch(network, risk, size);
        let over = risk.n() % size;
        let rest = if over > 0 { Some(room(over)?) } else { None };
        let limit = FAR.max(1e12 * grad_squared);
        Ok(Self { size, limit, visits: Visits::new(risk.n(), order), whole: room(size)?, rest })
    }

    /// Evaluates the next mini-batch; none where it left the finite numbers. `all` holds all points.
    pub fn next(&mut self, network: &Network, all: &Evaluation) -> Option<&Evaluation> {
        let rows = self.visits.take(self.size);
        let batch = match &mut self.rest {
            Some(rest) if rows.len() < self.size => rest,
            _ => &mut self.whole,
        };
        batch.pick(all, rows);
        batch.update(network, false).then_some(batch)
    }

    /// Descends only the layers that `trained` says.
    pub fn train(&mut self, trained: &[bool]) {
        self.whole.train(trained);
        if let Some(rest) = &mut self.rest {
            rest.train(trained);
        }
    }
}

impl Descent {
    /// From here on each step takes the gradient of the mean loss over the next mini-batch: W ← W − η ∇R_B(W). The whole data is
    /// evaluated only where something asks for it: at kept rows, by a stop in R or ‖∇R‖, by [`StepRule::Custom`], and by
    /// [`step`](Self::step), which tells at once where a step diverged.
    ///
    /// With mini-batches a step without effect ends nothing, since the next batch may move the weights, and nobody watches
    /// activation patterns. The order begins anew with each call of this function.
    ///
    /// # Errors
    /// A size outside 1 … n; a step rule that measures the whole risk (Armijo, LossScaled, Normalized); nothing changes then.
    ///
    /// ```
    /// use implicit_bias::prelude::*;
    /// let data = Regression::new(array![[1.0, 0.0, 1.0], [0.0, 1.0, 1.0]], array![1.0, 2.0])?;
    /// let start = Network::linear(&[3, 1], Init::Zeros, 0)?;
    /// let mut sgd = Descent::new(&Risk::squares(&data), &start, StepRule::Constant(0.3))?;
    /// sgd.set_batches(Batches { size: 1, order: Order::Shuffled(7) })?;
    /// sgd.run(500, Record::LogSpaced(5), |_| Ok(()))?;
    /// let least_norm = array![0.0, 1.0, 1.0];
    /// assert!((&sgd.network().predictor()? - &least_norm).iter().all(|e| e.abs() < 1e-15));
    /// # Ok::<(), Error>(())
    /// ```
    pub fn set_batches(&mut self, batches: Batches) -> Result<()> {
        batches.check(self.risk.n())?;
        check_batches(&self.rule)?;
        self.know_risk()?;
        let grad_squared = self.now.scaled_grad_squared();
        let mut stochastic = Stochastic::new(batches, &self.network, &self.risk, grad_squared)?;
        stochastic.train(&self.trained);
        (self.stochastic, self.stopped, self.last_switch) = (Some(stochastic), None, None);
        Ok(())
    }
}

/// Refuses rules that measure the whole risk at each step.
pub(super) fn check_batches(rule: &StepRule) -> Result<()> {
    match rule {
        StepRule::Armijo { .. } | StepRule::LossScaled(_) | StepRule::Normalized { .. } => {
            let expected = "a rule that does not measure the risk, such as StepRule::Constant";
            Err(Error::argument("the step rule of mini-batches", expected, format!("{rule:?}")))
        }
        _ => Ok(()),
    }
}

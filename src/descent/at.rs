//! What one evaluation knows, read by probes, observers and step rules alike.

use super::elapsed::{Elapsed, StepSize};
use super::rule::{RuleState, StepRule};
use crate::dataset::{Dataset, Regression};
use crate::error::Result;
use crate::network::Network;
use crate::risk::{Evaluation, Risk};
use std::fmt;
use std::ops::Deref;

/// A run at one step: risk, gradient, time and the network itself, evaluated once for all readers.
///
/// It lives only inside the call. Everything an [`Evaluation`] offers is asked of it as well: `at.risk()`, `at.log_grad_norm()`,
/// `at.margins()`, `at.predictor()?`. Logarithms, roots and copies are made when asked; the risk is there wherever a row is
/// kept, and NaN only for an [`Observer`](super::Observer) that said it does not need it.
pub struct At<'a> {
    /// Steps taken since the descent or the flow was made; a flow's, of the solver, count the one that leads past this point.
    pub step: u64,
    /// The network at this step.
    pub network: &'a Network,
    pub(crate) elapsed: Elapsed,
    /// η of the step that led here; NaN at the start and along a flow.
    pub(crate) last_size: StepSize,
    pub(crate) last_switch: Option<u64>,
    pub(crate) risk: &'a Risk,
    pub(crate) evaluation: &'a Evaluation,
    /// The rule of a descent and what it remembers; none along a flow.
    pub(crate) rule: Option<(StepRule, RuleState)>,
    /// Whether it is plain full-batch descent that led here, or a flow.
    pub(crate) is_plain: bool,
}

impl<'a> At<'a> {
    /// t = Σ η over the steps taken, or the time of the flow; infinite past 1e300, where [`log_time`](Self::log_time) goes on.
    pub fn time(&self) -> f64 {
        self.elapsed.time()
    }

    /// ln t; −∞ at the start.
    pub fn log_time(&self) -> f64 {
        self.elapsed.log_time()
    }

    /// η of the last step taken; NaN at the start and along a flow.
    pub fn step_size(&self) -> f64 {
        self.last_size.value()
    }

    /// η of the step that would be taken from here, momentum or not; infinite where it is beyond f64; none for a line search, which finds it by trials, for a rule of one's own, and
    /// along a flow.
    pub fn next_step_size(&self) -> Option<f64> {
        let (rule, mut memory) = self.rule?;
        match rule {
            StepRule::Armijo { .. } | StepRule::Custom(_) => None,
            rule => Some(rule.size(self.risk.loss(), self.network, self.evaluation, &mut memory).value()),
        }
    }

    /// R_t of the paper's rule at this step, the radius whose β(R_t) sets the step: Ji & Telgarsky, Assumption 5. None under
    /// other rules.
    pub fn radius(&self) -> Option<f64> {
        let (rule, memory) = self.rule?;
        rule.radius(self.network, memory)
    }

    /// The last step that changed an activation pattern; `None` when none did so far, as in a linear network,
    /// and along a flow or with mini-batches, where nobody looks.
    pub fn last_switch(&self) -> Option<u64> {
        self.last_switch
    }

    /// The labelled points.
    ///
    /// # Errors
    /// A run of the squared loss.
    pub fn data(&self) -> Result<&'a Dataset> {
        self.risk.terms().labelled("At::data")
    }

    /// The points with real targets.
    ///
    /// # Errors
    /// A run of a margin loss.
    pub fn regression(&self) -> Result<&'a Regression> {
        self.risk.terms().regression("At::regression")
    }
}

impl Deref for At<'_> {
    type Target = Evaluation;

    fn deref(&self) -> &Evaluation {
        self.evaluation
    }
}

impl fmt::Debug for At<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (time, log_risk, log_grad_norm) = (self.time(), self.log_risk(), self.log_grad_norm());
        write!(f, "At step {}: t = {time}, ln R = {log_risk}, ln ‖∇R‖ = {log_grad_norm}", self.step)
    }
}

//! What one evaluation knows, read by probes and step rules alike.

use crate::dataset::{Dataset, Regression};
use crate::error::Result;
use crate::loss::objective::Objective;
use crate::network::{Evaluation, Network};
use std::fmt;
use std::ops::Deref;

/// A run at one step: risk, gradient, time and the network itself, evaluated once for all readers.
///
/// It lives only inside the call. Everything an [`Evaluation`] offers can be asked of it as well: `at.margins()`,
/// `at.predictor()?`, `at.scaled_slopes()`.
pub struct At<'a> {
    /// Steps taken since the descent or the flow was made; a flow's, of the solver, count the one that leads past this point.
    pub step: u64,
    /// t = Σ η over the steps taken, or the time of the flow; infinite past 1e300, where `log_time` goes on.
    pub time: f64,
    /// ln t; −∞ at the start.
    pub log_time: f64,
    /// η of the last step taken; NaN at the start and along a flow.
    pub step_size: f64,
    /// R(W); zero below 1e-308, where `log_risk` goes on.
    pub risk: f64,
    /// ln R(W).
    pub log_risk: f64,
    /// ‖∇R(W)‖ over the weights that are trained; zero below 1e-308.
    pub grad_norm: f64,
    /// ln ‖∇R(W)‖.
    pub log_grad_norm: f64,
    /// The last step that changed an activation pattern; `None` when none did so far, as in a linear network,
    /// and along a flow or with mini-batches, where nobody looks.
    pub last_switch: Option<u64>,
    /// The network at this step.
    pub network: &'a Network,
    objective: &'a Objective,
    evaluation: &'a Evaluation,
}

/// When an [`At`] is.
pub(crate) struct Moment {
    pub step: u64,
    pub time: f64,
    pub log_time: f64,
    pub step_size: f64,
    pub last_switch: Option<u64>,
}

impl<'a> At<'a> {
    pub(crate) fn new(
        moment: Moment,
        network: &'a Network,
        objective: &'a Objective,
        evaluation: &'a Evaluation,
    ) -> Self {
        let Moment { step, time, log_time, step_size, last_switch } = moment;
        let (log_risk, log_grad_norm) = (evaluation.log_risk(), evaluation.log_grad_norm());
        Self {
            step,
            time,
            log_time,
            step_size,
            risk: evaluation.risk(),
            log_risk,
            grad_norm: log_grad_norm.exp(),
            log_grad_norm,
            last_switch,
            network,
            objective,
            evaluation,
        }
    }

    /// The labelled points.
    ///
    /// # Errors
    /// A descent of the squared loss.
    pub fn data(&self) -> Result<&'a Dataset> {
        self.objective.labelled()
    }

    /// The points with real targets.
    ///
    /// # Errors
    /// A descent of a margin loss.
    pub fn regression(&self) -> Result<&'a Regression> {
        self.objective.regression()
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
        write!(
            f,
            "At step {}: t = {}, ln R = {}, ln ‖∇R‖ = {}",
            self.step, self.time, self.log_risk, self.log_grad_norm
        )
    }
}

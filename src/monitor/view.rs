//! All that the inequalities read at one state, and which of them is which.

use super::facts::Facts;
use super::kind::Monitor;
use super::memory::{Epsilon, Memory, Step};
use super::sides::Sides;
use super::snapshot::Snapshot;
use crate::descent::At;

pub(super) struct View<'a> {
    pub facts: &'a Facts,
    pub at: &'a At<'a>,
    pub now: &'a Snapshot,
    pub before: &'a Snapshot,
    pub memory: &'a Memory,
    /// The step that led here, where a descent is seen step by step.
    pub step: Option<Step>,
    /// Whether this is the first state seen.
    pub first: bool,
}

impl View<'_> {
    /// Both sides of `monitor`; none where its premise is not met.
    #[inline]
    pub fn sides(&self, monitor: Monitor) -> Option<Sides> {
        match monitor {
            Monitor::Assumption2 => Some(self.start_and_risk()),
            Monitor::Assumption3 => self.first.then(|| self.support_spans()),
            Monitor::Assumption4 => Some(self.loss_constants()),
            Monitor::Assumption5 => self.step.map(|step| self.paper_step(&step)),
            Monitor::RiskFalls => (!self.first).then(|| Sides::logs(self.now.log_risk, self.before.log_risk)),
            Monitor::Eq2 => self.balance_kept(),
            Monitor::Eq3 => self.traces_kept(),
            Monitor::Lemma1 => self.first_layer_moves(),
            Monitor::Lemma2Rank => Some(self.rank(0.0)),
            Monitor::Lemma2Alignment => self.alignment(0.0),
            Monitor::Lemma2Product => self.product(0.0, 0.0),
            Monitor::Lemma4 => self.pulled_back(),
            Monitor::Eq4 => self.step.map(|step| self.decrease(&step)),
            Monitor::Lemma5 => self.step.map(|_| self.smooth()),
            Monitor::Lemma6 => self.step.and_then(|_| self.escape()),
            Monitor::Lemma7Time => self.time_needed(),
            Monitor::Lemma7Ball => self.step.and_then(|_| self.time_in_ball()),
            Monitor::Lemma7Growth => self.step.map(|_| self.growth()),
            Monitor::Lemma8Rank => Some(self.rank(2.0 * self.facts.risk)),
            Monitor::Lemma8Alignment => self.alignment(3.0 * self.facts.risk),
            Monitor::Lemma8Product => self.product(2.0 * self.facts.risk, 3.0 * self.facts.risk),
            Monitor::Lemma8Identity => self.balance_moved(),
            Monitor::Lemma8Traces => self.step.map(|_| self.traces_bounded()),
            Monitor::Eq37 => self.norms_stay_close(),
        }
    }

    /// `then` of ln ε(R) for a given ln R; where there is no ε, that is what is violated.
    #[inline]
    pub fn with_epsilon(&self, log_radius: f64, then: impl FnOnce(f64) -> Sides) -> Option<Sides> {
        match self.memory.epsilon {
            Epsilon::Unknown => None,
            Epsilon::Broken(log_risk) => Some(Sides::strictly(log_risk, self.facts.log_risk_at_zero)),
            Epsilon::Known(constant) => {
                let depth = self.facts.start.depth() as f64;
                Some(then(constant + self.facts.loss.log_slope((depth * log_radius).exp()) - log_radius))
            }
        }
    }
}
